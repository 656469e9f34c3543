//! Opening an attachment: any range by decrypting the chunks it touches, or all of it in order with every check.

use vault_protocol::VaultId;
use zeroize::{Zeroize, Zeroizing};

use super::{
    BLOB_HEADER_LEN, BlobDescriptor, BlobError, CHUNK_BYTES, RUN_CHUNKS, claimed_id, derive, n_chunks_of, sealed_len_bytes,
    share_beside_hashing,
};
use crate::bytes::{Append, ReadAt};
use crate::hands::{Hands, OneHand};
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
        BlobReader {
            opener: self,
            hands: &OneHand,
            run_chunks: 1,
            hasher: blake3::Hasher::new(),
            run: Run::default(),
            hashed: Run::default(),
            next_chunk: 0,
        }
    }

    /// The padded plaintext of a chunk.
    fn open_chunk(&mut self, chunk_idx: u32) -> Result<&[u8], BlobError> {
        if self.chunk_idx != Some(chunk_idx) {
            self.chunk_idx = None;
            let mut chunk = std::mem::take(&mut self.chunk);
            let result =
                self.read_chunk(chunk_idx, &mut chunk).and_then(|()| decrypt_chunk(&self.stream, self.n_chunks, chunk_idx, &mut chunk));
            self.chunk = chunk;
            result?;
            self.chunk_idx = Some(chunk_idx);
        }
        Ok(&self.chunk)
    }

    /// The stored bytes of a chunk.
    fn read_chunk(&mut self, chunk_idx: u32, chunk: &mut Vec<u8>) -> Result<(), BlobError> {
        let start = u64::from(chunk_idx) * CHUNK_BYTES as u64;
        let len = blob_padded(self.len_bytes).saturating_sub(start).min(CHUNK_BYTES as u64) as usize;
        chunk.resize(len + TAG_LEN, 0);
        let stored_at = BLOB_HEADER_LEN as u64 + start + u64::from(chunk_idx) * TAG_LEN as u64;
        Ok(self.source.read_at(stored_at, chunk)?)
    }
}

fn decrypt_chunk(stream: &Stream, n_chunks: u32, chunk_idx: u32, chunk: &mut Vec<u8>) -> Result<(), BlobError> {
    stream.open_chunk(chunk_idx, Place::of(chunk_idx, n_chunks), chunk).map_err(|_| BlobError::NotAuthentic)
}

impl<R> Drop for BlobOpener<R> {
    fn drop(&mut self) {
        self.chunk.zeroize();
    }
}

/// Chunks in a row, opened.
#[derive(Default)]
struct Run {
    first: u32,
    n_chunks: usize,
    chunks: Vec<Vec<u8>>,
}

impl Run {
    /// The padded plaintext of a chunk, if it is one of these.
    fn chunk(&self, chunk_idx: u32) -> Option<&[u8]> {
        let at = chunk_idx.checked_sub(self.first)? as usize;
        self.chunks[..self.n_chunks].get(at).map(Vec::as_slice)
    }

    /// Hashes what is plaintext and not padding.
    fn hash(&self, len_bytes: u64, hasher: &mut blake3::Hasher) {
        for (chunk_idx, chunk) in (self.first..).zip(&self.chunks[..self.n_chunks]) {
            hasher.update(split_padding(chunk, chunk_idx, len_bytes).0);
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.chunks.iter_mut().for_each(Zeroize::zeroize);
    }
}

/// A chunk's plaintext, and the padding after it.
fn split_padding(chunk: &[u8], chunk_idx: u32, len_bytes: u64) -> (&[u8], &[u8]) {
    let left = len_bytes.saturating_sub(u64::from(chunk_idx) * CHUNK_BYTES as u64);
    chunk.split_at(chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX)))
}

/// Reads a whole attachment in order. It is complete only when [`BlobReader::next_chunk`] has answered `None`.
pub struct BlobReader<R> {
    opener: BlobOpener<R>,
    hands: &'static dyn Hands,
    run_chunks: u32,
    hasher: blake3::Hasher,
    /// Being given out; not hashed yet.
    run: Run,
    /// The one before, kept for its memory.
    hashed: Run,
    next_chunk: u32,
}

impl<R: ReadAt> BlobReader<R> {
    /// Reads up to 1 MiB ahead of what it gives out, and lets these do the work.
    pub fn with_hands(mut self, hands: &'static dyn Hands) -> Self {
        self.hands = hands;
        self.run_chunks = RUN_CHUNKS as u32;
        self
    }

    /// The next piece of plaintext without padding (empty where a chunk is all padding), or `None` once the padding was found zero and the
    /// hash equal to the item's.
    ///
    /// # Errors
    ///
    /// [`BlobError::NotAuthentic`], [`BlobError::Io`]; what was read so far must then be thrown away.
    pub fn next_chunk(&mut self) -> Result<Option<&[u8]>, BlobError> {
        let BlobOpener { len_bytes, n_chunks, blake3, .. } = self.opener;
        if self.run.chunk(self.next_chunk).is_none() {
            self.open_run()?;
        }
        let Some(chunk) = self.run.chunk(self.next_chunk) else {
            return if *self.hasher.finalize().as_bytes() == blake3 { Ok(None) } else { Err(BlobError::NotAuthentic) };
        };
        debug_assert!(self.next_chunk < n_chunks, "a run ends where the attachment ends");
        let (plaintext, padding) = split_padding(chunk, self.next_chunk, len_bytes);
        if padding.iter().any(|byte| *byte != 0) {
            return Err(BlobError::NotAuthentic);
        }
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
        self.run.n_chunks = 0;
        self.hasher.reset();
    }

    /// Hashes the run that was given out and opens the next one; an empty one at the end.
    fn open_run(&mut self) -> Result<(), BlobError> {
        std::mem::swap(&mut self.run, &mut self.hashed);
        let Self { opener, hasher, run, hashed, next_chunk: first, .. } = self;
        let n = (opener.n_chunks - *first).min(self.run_chunks) as usize;
        // Nothing is there to be given out before all of it is open.
        run.n_chunks = 0;
        run.first = *first;
        run.chunks.resize_with(n.max(run.chunks.len()), || Vec::with_capacity(CHUNK_BYTES + TAG_LEN));
        (*first..).zip(&mut run.chunks[..n]).try_for_each(|(chunk_idx, chunk)| opener.read_chunk(chunk_idx, chunk))?;
        let (stream, n_chunks, len_bytes) = (&opener.stream, opener.n_chunks, opener.len_bytes);
        let decrypt_all = |from: u32, chunks: &mut [Vec<u8>]| {
            (from..).zip(chunks).try_for_each(|(chunk_idx, chunk)| decrypt_chunk(stream, n_chunks, chunk_idx, chunk))
        };
        let n_of_one = share_beside_hashing(n);
        let (one, other) = run.chunks[..n].split_at_mut(n_of_one);
        let (mut of_one, mut of_other) = (Ok(()), Ok(()));
        let mut hash_and_decrypt = || {
            hashed.hash(len_bytes, hasher);
            of_one = decrypt_all(*first, one);
        };
        self.hands.both(&mut hash_and_decrypt, &mut || of_other = decrypt_all(*first + n_of_one as u32, other));
        hashed.n_chunks = 0;
        of_one.and(of_other)?;
        run.n_chunks = n;
        Ok(())
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
