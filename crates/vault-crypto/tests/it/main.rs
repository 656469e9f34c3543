//! The crate from outside: formats, refusals, and THREATS lines by name.

mod blob;
mod message;
mod support;
mod vault;
