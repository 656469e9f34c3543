//! XChaCha20-Poly1305 over a buffer in place.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};

/// Bytes of a key.
pub(crate) const KEY_LEN: usize = 32;
/// Bytes of a nonce.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes of a tag.
pub(crate) const TAG_LEN: usize = 16;

/// The tag did not match, or the buffer is longer than the cipher's counter reaches (256 GiB).
#[derive(Debug)]
pub(crate) struct NotAuthentic;

/// Encrypts `buffer` in place and returns the tag.
pub(crate) fn seal_in_place(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    buffer: &mut [u8],
) -> Result<[u8; TAG_LEN], NotAuthentic> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let tag = cipher.encrypt_inout_detached(nonce.into(), aad, buffer.into()).map_err(|_| NotAuthentic)?;
    Ok(tag.into())
}

/// Checks the tag, then decrypts `buffer` in place. On failure `buffer` is untouched ciphertext.
pub(crate) fn open_in_place(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    buffer: &mut [u8],
    tag: &[u8; TAG_LEN],
) -> Result<(), NotAuthentic> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt_inout_detached(nonce.into(), aad, buffer.into(), tag.into()).map_err(|_| NotAuthentic)
}
