//! The primitives, each behind the one narrow function this crate needs. Nothing here is public.
//!
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over it, HKDF-SHA-256 (RFC 5869),
//! X25519 (RFC 7748).

pub(crate) mod aead;
pub(crate) mod dh;
pub(crate) mod expand;
pub(crate) mod stream;

#[cfg(test)]
mod tests;
