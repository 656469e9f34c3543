//! The crate from outside.

#![allow(clippy::unwrap_used, missing_docs)]

mod drafts;
mod round_trip;
mod vectors;
