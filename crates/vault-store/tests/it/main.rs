//! Stories over the whole store.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod device_index;
mod dump;
#[cfg(target_os = "linux")]
mod fault;
mod random_batches;
#[cfg(target_os = "linux")]
mod read_only;
mod salvage;
mod tables;
mod vectors;
