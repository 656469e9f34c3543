//! The crate from outside: formats, refusals, and THREATS lines by name.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod backup;
mod blob;
mod format;
mod kdf;
mod kit;
mod message;
mod support;
mod vault;
