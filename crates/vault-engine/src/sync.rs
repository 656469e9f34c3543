//! Sync with a blind server: the same vault on several devices, nothing lost, nothing forged.
//!
//! A state machine without I/O. What it stands on (taking others' control entries and entries in) knows no server and serves every carrier.

mod call;
mod commands;
mod control;
mod flow;
pub(crate) mod join;
mod pair;
pub(crate) mod pair_guest;
pub(crate) mod pair_host;
mod pull;
mod push;
mod record;
mod renew;
mod session;
mod status;
mod take;
mod view;

pub(crate) use flow::Stop;
pub(crate) use session::SyncSession;
pub use status::{
    Agreement, MergeSummary, NetFailure, PairingFailure, PairingStep, SyncAlarm, SyncDevice, SyncStage, SyncState, SyncStatus,
};
