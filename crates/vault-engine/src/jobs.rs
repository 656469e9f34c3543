//! Long work in slices.

pub(crate) mod attach;
pub(crate) mod extract;
pub(crate) mod read;

/// Bytes that one slice moves: some milliseconds of sealing or hashing.
pub(crate) const SLICE_BYTES: usize = 1 << 20;
