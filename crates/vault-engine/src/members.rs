//! Who belongs to the open vault, as a person governs it: names of devices, their removal, and what follows from two devices that decided
//! apart.
//!
//! Every decision is taken from the verified local control log, never from a server's word (MS24), and every change of keys is made by a
//! device into which the master password has just been typed.

mod enrol_again;
mod exposure;
mod fork;
mod join_epochs;
mod previous_keys;
mod remove;
mod rename;
mod retire_log;

use serde::{Deserialize, Serialize};
use vault_protocol::{DeviceId, ObjectId};

pub use fork::ForkSide;
pub(crate) use previous_keys::previous_key_name;

/// What the removal of a device means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalPlan {
    /// Which device.
    pub device: DeviceId,
    /// A new master password has to be set in the same step: without it the old one, which the removed device knows, would be all that
    /// protects this disk (LD04).
    pub needs_new_password: bool,
    /// The recovery kit in force was made on that device, so that it is replaced, too.
    pub replaces_kit: bool,
    /// Items that only this device has had so far: the other one could never read them. It could read all others (LD03).
    pub unseen: Vec<ObjectId>,
}
