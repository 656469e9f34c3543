//! The window, driven by role and name like a person with a keyboard or a screen reader.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is the report of a test")]
#![allow(unreachable_pub, reason = "modules of a test binary share what they need")]

mod address;
mod attachments;
mod browser;
mod detail;
mod editor;
mod files;
mod gate;
mod generator;
mod idle;
mod keys;
mod list;
mod members;
mod overlays;
mod pictures;
mod plan;
mod raster;
mod settings;
mod stage;
mod support;
mod sync;
mod touch;
mod tree;
