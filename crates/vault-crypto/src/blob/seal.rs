//! Sealing an attachment as it is read.

use vault_protocol::{BlobId, VaultId};
use zeroize::Zeroize;

use super::{BLOB_HEADER_LEN, BlobDescriptor, BlobError, CHUNK_BYTES, RUN_BYTES, derive, header, n_chunks_of, share_beside_hashing};
use crate::bytes::Append;
use crate::entropy::{Entropy, make_bytes};
use crate::hands::{Hands, OneHand};
use crate::hazmat::{
    aead::TAG_LEN,
    stream::{Place, Stream},
};
use crate::padding::blob_padded;
use crate::secret::BlobKey;

/// One blob to be: its name, key and chunk positions. Sealing a chunk needs only `&self`, so several threads may share it.
pub struct BlobPlan {
    blob: BlobId,
    key: BlobKey,
    stream: Stream,
    header: [u8; BLOB_HEADER_LEN],
    len_bytes: u64,
    n_chunks: u32,
}

impl BlobPlan {
    /// A fresh name, key and salt for an attachment of exactly `len_bytes`.
    ///
    /// # Errors
    ///
    /// [`BlobError::BadLength`] over [`MAX_BLOB_BYTES`](super::MAX_BLOB_BYTES), [`BlobError::Entropy`].
    pub fn make(vault: VaultId, len_bytes: u64, entropy: &mut dyn Entropy) -> Result<Self, BlobError> {
        let n_chunks = n_chunks_of(len_bytes).ok_or(BlobError::BadLength)?;
        let blob = BlobId(make_bytes(entropy)?);
        let key = BlobKey::make(entropy)?;
        let salt = make_bytes(entropy)?;
        let pair = derive(&key, vault, blob, &salt, n_chunks);
        Ok(Self { blob, key, stream: Stream::new(pair.key()), header: header(blob, &salt, pair.commit()), len_bytes, n_chunks })
    }

    /// Its name.
    pub fn blob(&self) -> BlobId {
        self.blob
    }

    /// The bytes before the first chunk.
    pub fn header(&self) -> &[u8; BLOB_HEADER_LEN] {
        &self.header
    }

    /// Number of chunks.
    pub fn n_chunks(&self) -> u32 {
        self.n_chunks
    }

    /// Seals chunk `chunk_idx`: `chunk` holds the part of the plaintext that falls into it (empty where all of it is padding) and becomes the
    /// ciphertext. Each chunk must be sealed once; sealing one twice with other contents would reuse its nonce.
    ///
    /// # Errors
    ///
    /// [`BlobError::BadLength`] if there is no such chunk or `chunk` has another length than that part.
    pub fn seal_chunk(&self, chunk_idx: u32, chunk: &mut Vec<u8>) -> Result<(), BlobError> {
        let start = u64::from(chunk_idx) * CHUNK_BYTES as u64;
        let part = |end: u64| end.saturating_sub(start).min(CHUNK_BYTES as u64) as usize;
        if chunk_idx >= self.n_chunks || chunk.len() != part(self.len_bytes) {
            return Err(BlobError::BadLength);
        }
        chunk.resize(part(blob_padded(self.len_bytes)), 0);
        self.stream.seal_chunk(chunk_idx, Place::of(chunk_idx, self.n_chunks), chunk).map_err(|_| BlobError::BadLength)
    }

    /// The descriptor, once every chunk is sealed; `blake3` is that of the whole plaintext.
    pub fn into_descriptor(self, blake3: [u8; 32]) -> BlobDescriptor {
        BlobDescriptor { blob: self.blob, key: self.key, len_bytes: self.len_bytes, n_chunks: self.n_chunks, blake3 }
    }
}

/// Seals an attachment in order: `start`, any number of `push`, `finish`.
pub struct BlobSealer {
    plan: BlobPlan,
    hands: &'static dyn Hands,
    hasher: blake3::Hasher,
    /// The chunk that is not full yet.
    chunk: Vec<u8>,
    /// Where whole chunks are sealed.
    run: Vec<Vec<u8>>,
    next_chunk: u32,
    pushed_bytes: u64,
}

impl BlobSealer {
    /// Starts a blob of exactly `len_bytes` and writes its header.
    ///
    /// # Errors
    ///
    /// As [`BlobPlan::make`], and [`BlobError::Io`].
    pub fn start(vault: VaultId, len_bytes: u64, entropy: &mut dyn Entropy, out: &mut dyn Append) -> Result<Self, BlobError> {
        let plan = BlobPlan::make(vault, len_bytes, entropy)?;
        out.append(plan.header())?;
        let chunk = Vec::with_capacity(CHUNK_BYTES + TAG_LEN);
        Ok(Self { plan, hands: &OneHand, hasher: blake3::Hasher::new(), chunk, run: Vec::new(), next_chunk: 0, pushed_bytes: 0 })
    }

    /// Lets these do the work; the bytes are the same.
    pub fn with_hands(mut self, hands: &'static dyn Hands) -> Self {
        self.hands = hands;
        self
    }

    /// Its name.
    pub fn blob(&self) -> BlobId {
        self.plan.blob
    }

    /// Takes the next piece of plaintext, of any length, and writes the chunks that it fills.
    ///
    /// # Errors
    ///
    /// [`BlobError::BadLength`] if more comes than was announced, [`BlobError::Io`].
    pub fn push(&mut self, mut plaintext: &[u8], out: &mut dyn Append) -> Result<(), BlobError> {
        self.pushed_bytes += plaintext.len() as u64;
        if self.pushed_bytes > self.plan.len_bytes {
            return Err(BlobError::BadLength);
        }
        while !plaintext.is_empty() {
            let is_aligned = self.chunk.is_empty() && plaintext.len() >= CHUNK_BYTES;
            let n = if is_aligned { RUN_BYTES.min(plaintext.len() / CHUNK_BYTES * CHUNK_BYTES) } else { CHUNK_BYTES - self.chunk.len() };
            let (now, later) = plaintext.split_at(n.min(plaintext.len()));
            plaintext = later;
            if is_aligned {
                self.write_run(now, out)?;
                continue;
            }
            self.hasher.update(now);
            self.chunk.extend_from_slice(now);
            if self.chunk.len() == CHUNK_BYTES {
                self.write_chunk(out)?;
            }
        }
        Ok(())
    }

    /// Writes padding and what is left, and yields the descriptor for the item.
    ///
    /// # Errors
    ///
    /// [`BlobError::BadLength`] if fewer bytes came than were announced, [`BlobError::Io`].
    pub fn finish(mut self, out: &mut dyn Append) -> Result<BlobDescriptor, BlobError> {
        if self.pushed_bytes != self.plan.len_bytes {
            return Err(BlobError::BadLength);
        }
        while self.next_chunk < self.plan.n_chunks {
            self.write_chunk(out)?;
        }
        self.chunk.zeroize();
        Ok(self.plan.into_descriptor(*self.hasher.finalize().as_bytes()))
    }

    fn write_chunk(&mut self, out: &mut dyn Append) -> Result<(), BlobError> {
        self.plan.seal_chunk(self.next_chunk, &mut self.chunk)?;
        out.append(&self.chunk)?;
        // The ciphertext has overwritten the plaintext; nothing to wipe.
        self.chunk.clear();
        self.next_chunk += 1;
        Ok(())
    }

    /// Hashes, seals and writes whole chunks, at most [`RUN_BYTES`].
    fn write_run(&mut self, plaintext: &[u8], out: &mut dyn Append) -> Result<(), BlobError> {
        let Self { plan, hasher, next_chunk: first, .. } = self;
        let n_chunks = plaintext.len() / CHUNK_BYTES;
        self.run.resize_with(n_chunks.max(self.run.len()), || Vec::with_capacity(CHUNK_BYTES + TAG_LEN));
        let run = &mut self.run[..n_chunks];
        let seal = |at: usize, chunk: &mut Vec<u8>| {
            chunk.clear();
            chunk.extend_from_slice(&plaintext[at * CHUNK_BYTES..][..CHUNK_BYTES]);
            plan.seal_chunk(*first + at as u32, chunk)
        };
        let seal_all =
            |from: usize, chunks: &mut [Vec<u8>]| chunks.iter_mut().enumerate().try_for_each(|(at, chunk)| seal(from + at, chunk));
        let n_of_one = share_beside_hashing(n_chunks);
        let (one, other) = run.split_at_mut(n_of_one);
        let (mut of_one, mut of_other) = (Ok(()), Ok(()));
        let mut hash_and_seal = || {
            hasher.update(plaintext);
            of_one = seal_all(0, one);
        };
        self.hands.both(&mut hash_and_seal, &mut || of_other = seal_all(n_of_one, other));
        of_one.and(of_other)?;
        run.iter().try_for_each(|chunk| out.append(chunk))?;
        self.next_chunk += n_chunks as u32;
        Ok(())
    }
}
