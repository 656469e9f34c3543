//! Attachment bodies: `"nt2b" (4) ‖ format (1) ‖ suite (1) ‖ blob id (16) ‖ salt (32) ‖ commit (32) ‖ chunks`.
//!
//! `(key, commit) = HKDF-Expand(blob key, "nt2 blob v1" ‖ vault ‖ blob id ‖ salt ‖ chunk count (4), 64)`. The plaintext is padded with zeros to
//! [`blob_padded`] and cut into chunks of 64 KiB, the last one shorter, each followed by its 16-byte tag. What
//! belongs to the blob but is not in it lies in the sealed item: [`BlobDescriptor`].

mod open;
mod seal;

use vault_protocol::{BlobId, FORMAT_1, SUITE_1, VaultId};

use crate::entropy::EntropyError;
use crate::hazmat::{
    aead::TAG_LEN,
    expand::{KeyAndCommit, Prk},
};
use crate::padding::blob_padded;
use crate::secret::BlobKey;

pub use open::{BlobOpener, BlobReader, open_whole};
pub use seal::{BlobPlan, BlobSealer};

/// First bytes of a blob.
pub const BLOB_MAGIC: [u8; 4] = *b"nt2b";
/// Plaintext bytes of a chunk.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes before the first chunk.
pub const BLOB_HEADER_LEN: usize = 4 + 1 + 1 + BlobId::LEN + SALT_LEN + 32;
/// Longest attachment, in bytes (1 TiB): far below where the chunk counter ends, far above what a vault is for.
pub const MAX_BLOB_BYTES: u64 = 1 << 40;

const SALT_LEN: usize = 32;
/// Chunks that are sealed or opened at a time, by two hands where the platform has them: 1 MiB.
const RUN_CHUNKS: usize = 16;
const RUN_BYTES: usize = RUN_CHUNKS * CHUNK_BYTES;

/// How many of `n_chunks` the hand takes that also hashes: BLAKE3 costs about a third of XChaCha20-Poly1305.
fn share_beside_hashing(n_chunks: usize) -> usize {
    n_chunks / 3
}

/// What the sealed item says of an attachment body; with it, and only with it, the blob opens.
pub struct BlobDescriptor {
    /// Its name on every carrier.
    pub blob: BlobId,
    /// Its own random key.
    pub key: BlobKey,
    /// True length of the plaintext, in bytes.
    pub len_bytes: u64,
    /// Number of chunks.
    pub n_chunks: u32,
    /// BLAKE3 of the plaintext without padding.
    pub blake3: [u8; 32],
}

/// Why a blob was not sealed or not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// Not the blob that the item names, or altered (MS26): one variant, whatever was changed.
    #[error("the blob did not authenticate")]
    NotAuthentic,
    /// The stored length is not that of the item's blob: cut short, extended, or another one.
    #[error("the blob has {len} bytes and should have {expected}")]
    WrongLength {
        /// In bytes.
        len: u64,
        /// In bytes.
        expected: u64,
    },
    /// The descriptor contradicts itself: its chunk count or length is impossible.
    #[error("the blob's descriptor is not valid")]
    BadDescriptor,
    /// Longer than [`MAX_BLOB_BYTES`], or more or fewer bytes than announced were pushed.
    #[error("the attachment has another length than announced, or is too long")]
    BadLength,
    /// A read beyond the end of the plaintext.
    #[error("the range lies outside the attachment")]
    OutOfRange,
    /// The generator failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Reading or writing failed.
    #[error("the blob could not be read or written")]
    Io(#[from] std::io::Error),
}

/// Bytes that a blob of `len_bytes` plaintext takes on a carrier; `None` if it is longer than [`MAX_BLOB_BYTES`].
pub fn sealed_len_bytes(len_bytes: u64) -> Option<u64> {
    let n_chunks = n_chunks_of(len_bytes)?;
    Some(BLOB_HEADER_LEN as u64 + blob_padded(len_bytes) + u64::from(n_chunks) * TAG_LEN as u64)
}

/// Chunks of a blob of `len_bytes` plaintext: at least one, and no empty one.
fn n_chunks_of(len_bytes: u64) -> Option<u32> {
    if len_bytes > MAX_BLOB_BYTES {
        return None;
    }
    u32::try_from(blob_padded(len_bytes).div_ceil(CHUNK_BYTES as u64)).ok()
}

fn derive(key: &BlobKey, vault: VaultId, blob: BlobId, salt: &[u8; SALT_LEN], n_chunks: u32) -> KeyAndCommit {
    Prk::from_key(key.expose()).expand_pair(&[b"nt2 blob v1", &vault.0, &blob.0, salt, &n_chunks.to_be_bytes()])
}

/// The blob that a file says it is by the start of its header; nothing is verified yet. `None` if it is no blob of a known format.
pub fn claimed_id(header: &[u8; BLOB_HEADER_LEN]) -> Option<BlobId> {
    let (name, _) = header.split_at(22);
    let is_known = name[..4] == BLOB_MAGIC && name[4..6] == [FORMAT_1, SUITE_1];
    if is_known { BlobId::from_slice(&name[6..]) } else { None }
}

fn header(blob: BlobId, salt: &[u8; SALT_LEN], commit: &[u8; 32]) -> [u8; BLOB_HEADER_LEN] {
    let mut header = [0; BLOB_HEADER_LEN];
    header[..4].copy_from_slice(&BLOB_MAGIC);
    header[4] = FORMAT_1;
    header[5] = SUITE_1;
    header[6..22].copy_from_slice(&blob.0);
    header[22..54].copy_from_slice(salt);
    header[54..].copy_from_slice(commit);
    header
}
