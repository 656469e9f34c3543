//! The program as a person or a script runs it: processes, exit codes, output, files.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod errors;
mod key_store;
mod leaving;
mod memory;
mod preview;
mod secrecy;
mod story;
mod support;
mod sync;
mod window;
