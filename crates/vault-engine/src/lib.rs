//! The one owner of keys and store: commands and replies in, events and effects out.
//!
//! No threads, clock, randomness, sockets or printing of its own: time is passed in, everything else comes through [`effect::Host`].

mod backups;
mod bytes;
mod check;
mod clipboard;
pub mod command;
mod context;
mod driver;
pub mod effect;
mod engine;
pub mod event;
mod factors;
mod failure;
pub mod files;
mod handlers;
mod ids_wire;
mod index;
mod jobs;
mod kits;
pub mod log;
pub mod members;
mod old_keys;
mod place;
mod rebuild;
mod rekey;
mod session;
pub mod sync;
mod vaults;

pub use command::{Command, RequestId, SinkId, SourceId};
pub use context::Output;
pub use driver::{Driver, Turn};
pub use engine::{Engine, Input, Progressed};
pub use event::{Event, Failure};
