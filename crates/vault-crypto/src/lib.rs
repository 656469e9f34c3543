//! The keyed half of NT² Vault: keys, key derivation, slots, sealed messages and blobs, and the files that carry them.
//!
//! It knows formats and keys, and nothing of what is inside a body. It has no I/O, no logging, no clock and no generator of its own:
//! randomness comes in as [`Entropy`], files as [`bytes::ReadAt`] and [`bytes::Append`]. Primitives stay private in `hazmat`.
//! `FORMAT.md` beside this crate's manifest tables every byte.
//!
//! ```
//! use vault_crypto::{Entropy, EntropyError, message, secret::RootKey};
//! use vault_protocol::{EpochId, Kind, SealedHeader, VaultId};
//!
//! struct Generator;
//! impl Entropy for Generator {
//!     fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
//!         getrandom::fill(out).map_err(|_| EntropyError)
//!     }
//! }
//!
//! let (vault, epoch) = (VaultId([1; 16]), EpochId([2; 16]));
//! let key = RootKey::make(&mut Generator)?.kind_key(Kind::Row, vault, epoch);
//! let place = SealedHeader::new(Kind::Row, vault, epoch);
//! let message = message::seal(&key, &place, b"body", &mut Generator)?;
//! assert_eq!(*message::open(&key, &place, &message)?, b"body");
//!
//! // Asked for at another place, it does not open, and no more is said.
//! assert!(message::open(&key, &SealedHeader { seq: 1, ..place }, &message).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that cannot set its scene has failed"))]

pub mod backup;
pub mod blob;
pub mod bootstrap;
pub mod bytes;
pub mod compose;
pub mod entropy;
pub mod hands;
pub mod kdf;
pub mod keyring;
pub mod kit;
pub mod message;
pub mod padding;
pub mod secret;
pub mod slot;
pub mod vault;

mod hazmat;

#[cfg(test)]
mod vectors;

pub use entropy::{Entropy, EntropyError};
