//! The window, driven by role and name like a person with a keyboard or a screen reader.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is the report of a test")]

mod gate;
mod list;
mod overlays;
mod pictures;
mod raster;
mod support;
mod tree;
