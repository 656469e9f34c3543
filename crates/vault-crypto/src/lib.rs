//! The keyed half of NT² Vault: keys, key derivation, slots, sealed messages and blobs, and the files that carry them.
//!
//! It knows formats and keys, and nothing of what is inside a body. It has no I/O, no logging, no clock and no generator of its own:
//! randomness comes in as [`Entropy`], files as [`bytes::ReadAt`] and [`bytes::Append`]. Primitives stay private in `hazmat`.
//! `FORMAT.md` beside this crate's manifest tables every byte.

pub mod backup;
pub mod blob;
pub mod bootstrap;
pub mod bytes;
pub mod compose;
pub mod entropy;
pub mod kdf;
pub mod keyring;
pub mod kit;
pub mod message;
pub mod padding;
pub mod secret;
pub mod slot;
pub mod vault;

mod hazmat;

pub use entropy::{Entropy, EntropyError};
