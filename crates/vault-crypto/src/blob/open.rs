//! Opening an attachment: any range by decrypting the chunks it touches, or all of it in order with every check.

use vault_protocol::VaultId;
use zeroize::{Zeroize, Zeroizing};

use super::{BLOB_HEADER_LEN, BlobDescriptor, BlobError, CHUNK_BYTES, claimed_id, derive, n_chunks_of, sealed_len_bytes};
use crate::bytes::{Append, ReadAt};
use crate::hazmat::{
    aead::TAG_LEN,
    stream::{Place, Stream},
};
use crate::padding::blob_padded;

/// An attachment whose name, length and key commitment have been checked against its descriptor.
pub struct BlobOpener<R> {
    source: R,
    stream: Stream,
    len_bytes: u64,
    n_chunks: u32,
    blake3: [u8; 32],
    /// The chunk last opened, without its tag.
    chunk: Vec<u8>,
    chunk_idx: Option<u32>,
}

impl<R: ReadAt> BlobOpener<R> {
    /// Checks what can be checked without reading a chunk.
    ///
    /// # Errors
    ///
    /// [`BlobError::BadDescriptor`], [`BlobError::WrongLength`], [`BlobError::NotAuthentic`] if it is another blob, another vault's or under
    /// another key, [`BlobError::Io`].
    pub fn new(vault: VaultId, descriptor: &BlobDescriptor, mut source: R) -> Result<Self, BlobError> {
        let BlobDescriptor { blob, key, len_bytes, n_chunks, blake3 } = descriptor;
        let expected = sealed_len_bytes(*len_bytes).filter(|_| n_chunks_of(*len_bytes) == Some(*n_chunks));
        let expected = expected.ok_or(BlobError::BadDescriptor)?;
        let len = source.len_bytes();
        if len != expected {
            return Err(BlobError::WrongLength { len, expected });
        }
        let mut header = [0; BLOB_HEADER_LEN];
        source.read_at(0, &mut header)?;
        if claimed_id(&header) != Some(*blob) {
            return Err(BlobError::NotAuthentic);
        }
        let (salt, commit) = header[22..].split_at(32);
        let pair = derive(key, vault, *blob, salt.try_into().expect("split at 32"), *n_chunks);
        if !pair.commits_to(commit) {
            return Err(BlobError::NotAuthentic);
        }
        let chunk = Vec::with_capacity(CHUNK_BYTES + TAG_LEN);
        Ok(Self {
            source,
            stream: Stream::new(pair.key()),
            len_bytes: *len_bytes,
            n_chunks: *n_chunks,
            blake3: *blake3,
            chunk,
            chunk_idx: None,
        })
    }

    /// True length of the plaintext, in bytes.
    pub fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    /// Fills `out` with the plaintext at `offset`. Every byte comes from an authentic chunk; whether the whole is complete, only
    /// [`BlobReader`] says.
    ///
    /// # Errors
    ///
    /// [`BlobError::OutOfRange`] if the range does not lie within the plaintext, [`BlobError::NotAuthentic`], [`BlobError::Io`].
    pub fn read_range(&mut self, offset: u64, out: &mut [u8]) -> Result<(), BlobError> {
        let end = offset.checked_add(out.len() as u64).filter(|end| *end <= self.len_bytes);
        end.ok_or(BlobError::OutOfRange)?;
        let (mut offset, mut out) = (offset, out);
        while !out.is_empty() {
            let chunk_idx = u32::try_from(offset / CHUNK_BYTES as u64).map_err(|_| BlobError::OutOfRange)?;
            let within = (offset % CHUNK_BYTES as u64) as usize;
            let chunk = self.open_chunk(chunk_idx)?;
            let part = chunk.get(within..).ok_or(BlobError::OutOfRange)?;
            let n = part.len().min(out.len());
            let (now, later) = out.split_at_mut(n);
            now.copy_from_slice(&part[..n]);
            out = later;
            offset += n as u64;
        }
        Ok(())
    }

    /// Reads all of it in order, with every check.
    pub fn into_reader(self) -> BlobReader<R> {
        BlobReader { opener: self, hasher: blake3::Hasher::new(), next_chunk: 0 }
    }

    /// The padded plaintext of a chunk.
    fn open_chunk(&mut self, chunk_idx: u32) -> Result<&[u8], BlobError> {
        if self.chunk_idx != Some(chunk_idx) {
            self.chunk_idx = None;
            let start = u64::from(chunk_idx) * CHUNK_BYTES as u64;
            let len = blob_padded(self.len_bytes).saturating_sub(start).min(CHUNK_BYTES as u64) as usize;
            self.chunk.resize(len + TAG_LEN, 0);
            let stored_at = BLOB_HEADER_LEN as u64 + start + u64::from(chunk_idx) * TAG_LEN as u64;
            self.source.read_at(stored_at, &mut self.chunk)?;
            let place = Place::of(chunk_idx, self.n_chunks);
            self.stream.open_chunk(chunk_idx, place, &mut self.chunk).map_err(|_| BlobError::NotAuthentic)?;
            self.chunk_idx = Some(chunk_idx);
        }
        Ok(&self.chunk)
    }
}

impl<R> Drop for BlobOpener<R> {
    fn drop(&mut self) {
        self.chunk.zeroize();
    }
}

/// Reads a whole attachment in order. It is complete only when [`BlobReader::next_chunk`] has answered `None`.
pub struct BlobReader<R> {
    opener: BlobOpener<R>,
    hasher: blake3::Hasher,
    next_chunk: u32,
}

impl<R: ReadAt> BlobReader<R> {
    /// The next piece of plaintext without padding (empty where a chunk is all padding), or `None` once the padding was found zero and the
    /// hash equal to the item's.
    ///
    /// # Errors
    ///
    /// [`BlobError::NotAuthentic`], [`BlobError::Io`]; what was read so far must then be thrown away.
    pub fn next_chunk(&mut self) -> Result<Option<&[u8]>, BlobError> {
        let BlobOpener { len_bytes, n_chunks, blake3, .. } = self.opener;
        if self.next_chunk == n_chunks {
            return if *self.hasher.finalize().as_bytes() == blake3 { Ok(None) } else { Err(BlobError::NotAuthentic) };
        }
        let left = len_bytes.saturating_sub(u64::from(self.next_chunk) * CHUNK_BYTES as u64);
        let chunk = self.opener.open_chunk(self.next_chunk)?;
        let (plaintext, padding) = chunk.split_at(chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
        if padding.iter().any(|byte| *byte != 0) {
            return Err(BlobError::NotAuthentic);
        }
        self.hasher.update(plaintext);
        self.next_chunk += 1;
        Ok(Some(plaintext))
    }

    /// Copies everything to `out`; `Ok` says that it is complete and is what the item names.
    ///
    /// # Errors
    ///
    /// As [`Self::next_chunk`]; `out` must then be thrown away.
    pub fn copy_to(mut self, out: &mut dyn Append) -> Result<(), BlobError> {
        while let Some(plaintext) = self.next_chunk()? {
            out.append(plaintext)?;
        }
        Ok(())
    }

    /// Starts again from the beginning.
    pub fn rewind(&mut self) {
        self.next_chunk = 0;
        self.hasher.reset();
    }
}

/// A small attachment as a whole, for previews and tests.
///
/// # Errors
///
/// As [`BlobReader::next_chunk`], and [`BlobError::BadLength`] over `max_bytes`.
pub fn open_whole<R: ReadAt>(opener: BlobOpener<R>, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, BlobError> {
    let len = usize::try_from(opener.len_bytes()).ok().filter(|len| *len <= max_bytes).ok_or(BlobError::BadLength)?;
    let mut out = Zeroizing::new(Vec::with_capacity(len));
    opener.into_reader().copy_to(&mut *out)?;
    Ok(out)
}
