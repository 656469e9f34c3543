//! The control log: who belongs to the vault, under which keys, and what opens it. Readable, and verified, without any secret.
//!
//! [`ControlEntry`] is the frame, [`ControlBody`] what it says, [`ControlLog`] the verified graph of entries, [`Membership`] its fold. The
//! byte tables and the rules of the fold are in this crate's `FORMAT.md`.

mod apply;
mod body;
mod cost;
mod entry;
mod error;
mod fold;
mod graph;
mod log;
mod membership;
mod slot;
mod slots;
mod verify;

pub use body::{Allow, ControlBody, Cut, Enrol, Epoch, Floor, Genesis, Incarnation, NewKit, Removed, Retire, Settle, Slots};
pub use cost::{CostError, KdfCost};
pub use entry::{CONTROL_MAGIC, ControlEntry};
pub use error::ControlError;
pub use log::ControlLog;
pub use membership::{Conflict, DeviceState, EpochState, LiveSlot, LogState, LogStatus, Membership};
pub use slot::{SlotHeader, SlotRecord};
