//! Engine stories: commands in, events out, on a temporary disk.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod address;
mod attachments;
mod backup;
mod canary;
mod evil;
mod files;
mod items;
mod kill;
mod lifecycle;
mod members;
mod mishaps;
mod mutator;
mod pairing;
mod premium;
mod rebuild;
mod service;
mod simulation;
mod story;
mod sync;
mod watch;
