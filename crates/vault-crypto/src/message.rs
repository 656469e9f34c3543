//! The sealed message: `H | nonce (24) | commit (32) | ciphertext (padded plaintext + 16-byte tag)`.
//!
//! `(key, commit) = HKDF-Expand(K(kind), "nt2 msg v1" ‖ nonce ‖ SHA-256(H), 64)`; the plaintext is `length (4) ‖ body ‖ zeros`, the AAD everything
//! before the ciphertext. `H` is `vault_protocol`'s [`SealedHeader`], so every message is bound to format, suite, kind, vault, epoch and
//! place (R03); the commitment binds it to one key (R05).

use sha2::{Digest, Sha256};
use vault_protocol::{Kind, SealedHeader};
use zeroize::{Zeroize, Zeroizing};

use crate::entropy::{Entropy, EntropyError};
use crate::hazmat::aead::{self, NONCE_LEN, TAG_LEN};
use crate::padding::message_padded;
use crate::secret::KindKey;

/// Bytes of the commitment.
const COMMIT_LEN: usize = 32;
/// Bytes of the length before the body.
const LENGTH_LEN: usize = 4;
/// Bytes that a message has beyond its header and padded plaintext.
pub const OVERHEAD_BYTES: usize = NONCE_LEN + COMMIT_LEN + TAG_LEN;
/// Longest body, in bytes: far above any entry (1 MiB) or row, and small enough to be held in memory (MF04).
pub const MAX_BODY_BYTES: usize = 16 << 20;

/// Why a message was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The generator failed; nothing was written (R09).
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Over [`MAX_BODY_BYTES`].
    #[error("the body is too long")]
    TooLong,
}

/// Why a message did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Wrong key, another place than the caller asked for, or altered bytes: one variant, because telling them apart helps only an attacker.
    #[error("the message did not authenticate")]
    NotAuthentic,
}

/// Seals `body` at the place that `header` names.
///
/// # Errors
///
/// [`SealError::Entropy`], [`SealError::TooLong`] over [`MAX_BODY_BYTES`].
pub fn seal(key: &KindKey, header: &SealedHeader, body: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(SealError::TooLong);
    }
    let plaintext_len = padded(header.kind, LENGTH_LEN + body.len());
    let header_len = header.encoded_len();
    let mut message = Vec::with_capacity(header_len + OVERHEAD_BYTES + plaintext_len);
    header.encode_into(&mut message);

    let mut nonce = [0; NONCE_LEN];
    entropy.fill(&mut nonce)?;
    let pair = key.0.expand_pair(&[b"nt2 msg v1", &nonce, &Sha256::digest(&message)]);
    message.extend_from_slice(&nonce);
    message.extend_from_slice(pair.commit());

    message.extend_from_slice(&(body.len() as u32).to_be_bytes());
    message.extend_from_slice(body);
    message.resize(header_len + NONCE_LEN + COMMIT_LEN + plaintext_len, 0);
    let (aad, plaintext) = message.split_at_mut(header_len + NONCE_LEN + COMMIT_LEN);
    let tag = aead::seal_in_place(pair.key(), &nonce, aad, plaintext).expect("a body is far shorter than the cipher's limit");
    message.extend_from_slice(&tag);
    Ok(message)
}

/// Opens `message`, which must be exactly the one that `expected` names.
///
/// A caller who has to learn the epoch first parses the header, decides whether it wants that message, and passes it here.
///
/// # Errors
///
/// [`OpenError::NotAuthentic`], whatever is wrong.
pub fn open(key: &KindKey, expected: &SealedHeader, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut body = Zeroizing::new(Vec::new());
    open_into(key, expected, message, &mut body)?;
    Ok(body)
}

/// As [`open`], into a buffer that is used again and again: for reading very many messages. On failure `body` is empty.
///
/// # Errors
///
/// As [`open`].
pub fn open_into(key: &KindKey, expected: &SealedHeader, message: &[u8], body: &mut Zeroizing<Vec<u8>>) -> Result<(), OpenError> {
    body.clear();
    let parts = Parts::split(expected.encoded_len(), message).ok_or(OpenError::NotAuthentic)?;
    if body.capacity() < parts.ciphertext.len() {
        // Growing would leave the last body behind in the freed buffer.
        body.zeroize();
        body.reserve_exact(parts.ciphertext.len());
    }
    expected.encode_into(body);
    let header_equal = body.as_slice() == parts.header;
    body.clear();
    if !header_equal {
        return Err(OpenError::NotAuthentic);
    }
    let pair = key.0.expand_pair(&[b"nt2 msg v1", parts.nonce, &Sha256::digest(parts.header)]);
    if !pair.commits_to(parts.commit) {
        return Err(OpenError::NotAuthentic);
    }
    body.extend_from_slice(parts.ciphertext);
    let opened = aead::open_in_place(pair.key(), parts.nonce, parts.aad, body, parts.tag).is_ok();
    if !opened || unpad(expected.kind, body).is_none() {
        body.zeroize();
        return Err(OpenError::NotAuthentic);
    }
    Ok(())
}

/// The parts of a message, all borrowed from it.
struct Parts<'a> {
    header: &'a [u8],
    nonce: &'a [u8; NONCE_LEN],
    commit: &'a [u8; COMMIT_LEN],
    aad: &'a [u8],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG_LEN],
}

impl<'a> Parts<'a> {
    fn split(header_len: usize, message: &'a [u8]) -> Option<Self> {
        let (header, rest) = message.split_at_checked(header_len)?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (commit, rest) = rest.split_first_chunk()?;
        let (ciphertext, tag) = rest.split_last_chunk()?;
        let aad = &message[..header_len + NONCE_LEN + COMMIT_LEN];
        let max = message_padded(LENGTH_LEN + MAX_BODY_BYTES);
        (LENGTH_LEN..=max).contains(&ciphertext.len()).then_some(Self { header, nonce, commit, aad, ciphertext, tag })
    }
}

/// Length of the padded plaintext for `len` bytes of length and body; slots are of one length anyway.
fn padded(kind: Kind, len: usize) -> usize {
    if kind.is_padded() { message_padded(len) } else { len }
}

/// Reduces `length ‖ body ‖ zeros` to the body; `None` unless the length is the only one that pads to this size and the padding is zero.
fn unpad(kind: Kind, plaintext: &mut Vec<u8>) -> Option<()> {
    let (length, rest) = plaintext.split_first_chunk::<LENGTH_LEN>()?;
    let body_len = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    if body_len > rest.len() || padded(kind, LENGTH_LEN + body_len) != plaintext.len() {
        return None;
    }
    if rest[body_len..].iter().any(|byte| *byte != 0) {
        return None;
    }
    plaintext.copy_within(LENGTH_LEN..LENGTH_LEN + body_len, 0);
    plaintext.truncate(body_len);
    Some(())
}
