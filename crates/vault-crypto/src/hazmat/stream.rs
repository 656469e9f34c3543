//! STREAM over XChaCha20-Poly1305: chunk `i` has the nonce `0 (19) ‖ i (4, big endian) ‖ last (1)`, empty AAD.
//!
//! The prefix may be zero because every key is used for one stream only.

use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::XChaCha20Poly1305;

use super::aead::NotAuthentic;

/// One stream under one key; stateless, so chunks can be opened in any order.
pub(crate) struct Stream(Box<StreamBE32<XChaCha20Poly1305>>);

impl Stream {
    /// The stream under a single-use `key`.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Box::new(StreamBE32::new(key.into(), &Nonce::<XChaCha20Poly1305, StreamBE32<XChaCha20Poly1305>>::default())))
    }

    /// Encrypts the chunk in `buffer` in place and appends its tag.
    pub(crate) fn seal_chunk(&self, position: u32, place: Place, buffer: &mut Vec<u8>) -> Result<(), NotAuthentic> {
        self.0.encrypt_in_place(position, place.is_last(), b"", buffer).map_err(|_| NotAuthentic)
    }

    /// Checks and decrypts the chunk in `buffer` in place and removes its tag.
    pub(crate) fn open_chunk(&self, position: u32, place: Place, buffer: &mut Vec<u8>) -> Result<(), NotAuthentic> {
        self.0.decrypt_in_place(position, place.is_last(), b"", buffer).map_err(|_| NotAuthentic)
    }
}

/// Where a chunk stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// More follow.
    Inner,
    /// The stream ends here.
    Last,
}

impl Place {
    /// Of chunk `position` in a stream of `n_chunks`.
    pub(crate) fn of(position: u32, n_chunks: u32) -> Self {
        if position.saturating_add(1) == n_chunks { Self::Last } else { Self::Inner }
    }

    fn is_last(self) -> bool {
        self == Self::Last
    }
}
