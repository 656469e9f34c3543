//! The one owner of keys and store: commands and replies in, events and effects out.
//!
//! No threads, clock, randomness, sockets or printing of its own: time is passed in, everything else comes through [`effect::Host`].

pub mod command;
pub mod effect;
pub mod event;
pub mod log;

pub use command::{Command, RequestId, SinkId, SourceId};
pub use event::{Event, Failure};
