//! Sync with a blind server: the same vault on several devices, nothing lost, nothing forged.
//!
//! A state machine without I/O. What it stands on (taking others' control entries and entries in) knows no server and serves every carrier.

mod address;
pub(crate) mod call;
mod commands;
mod control;
mod ending;
mod flow;
pub(crate) mod join;
mod join_password;
mod login;
mod outside;
mod pair;
pub(crate) mod pair_guest;
pub(crate) mod pair_host;
mod premium;
mod pull;
mod push;
mod record;
mod renew;
mod session;
mod status;
mod take;
mod timing;
mod view;
mod watch;

pub(crate) use address::derive_login;
pub use address::{PasswordLogin, address};
pub(crate) use flow::Stop;
pub(crate) use outside::entries_beyond;
pub use premium::Plan;
pub(crate) use renew::{MoveError, NewPlace};
pub(crate) use session::SyncSession;
pub use status::{
    Agreement, MergeSummary, NetFailure, PairingFailure, PairingStep, SyncAlarm, SyncDevice, SyncStage, SyncState, SyncStatus,
};
