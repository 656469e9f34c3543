//! The encrypted body of a backup: STREAM in chunks of 64 KiB, both ways with one chunk in memory, and a BLAKE3 over the whole file.

use zeroize::Zeroize;

use super::BackupError;
use crate::blob::CHUNK_BYTES;
use crate::bytes::{Append, ReadAt};
use crate::hazmat::{
    aead::TAG_LEN,
    stream::{Place, Stream},
};
use crate::padding::blob_padded;

/// Bytes of the hash at the end of the file.
pub(super) const OUTER_LEN: u64 = 32;

/// Writes plaintext as chunks. The last one is known only at [`ChunkWriter::finish`], so a full chunk waits for the next byte.
pub(super) struct ChunkWriter {
    stream: Stream,
    chunk: Vec<u8>,
    position: u32,
    outer: blake3::Hasher,
    written_bytes: u64,
}

impl ChunkWriter {
    /// `before` is everything that already stands in the file.
    pub(super) fn new(stream: Stream, before: blake3::Hasher) -> Self {
        Self { stream, chunk: Vec::with_capacity(CHUNK_BYTES + TAG_LEN), position: 0, outer: before, written_bytes: 0 }
    }

    pub(super) fn write(&mut self, mut plaintext: &[u8], out: &mut dyn Append) -> Result<(), BackupError> {
        self.written_bytes += plaintext.len() as u64;
        while !plaintext.is_empty() {
            if self.chunk.len() == CHUNK_BYTES {
                self.seal_chunk(Place::Inner, out)?;
            }
            let (now, later) = plaintext.split_at(plaintext.len().min(CHUNK_BYTES - self.chunk.len()));
            self.chunk.extend_from_slice(now);
            plaintext = later;
        }
        Ok(())
    }

    /// Pads with zeros to the next step, writes the last chunk and the hash of the whole file.
    pub(super) fn finish(mut self, out: &mut dyn Append) -> Result<(), BackupError> {
        let zeros = [0; 4096];
        let mut missing = blob_padded(self.written_bytes) - self.written_bytes;
        while missing > 0 {
            let now = missing.min(zeros.len() as u64) as usize;
            self.write(&zeros[..now], out)?;
            missing -= now as u64;
        }
        self.seal_chunk(Place::Last, out)?;
        out.append(self.outer.finalize().as_bytes())?;
        Ok(())
    }

    fn seal_chunk(&mut self, place: Place, out: &mut dyn Append) -> Result<(), BackupError> {
        self.stream.seal_chunk(self.position, place, &mut self.chunk).map_err(|_| BackupError::TooLong)?;
        self.position = self.position.checked_add(1).ok_or(BackupError::TooLong)?;
        self.outer.update(&self.chunk);
        out.append(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

impl Drop for ChunkWriter {
    fn drop(&mut self) {
        self.chunk.zeroize();
    }
}

/// Reads the chunks back in order.
pub(super) struct ChunkReader<R> {
    source: R,
    stream: Stream,
    /// Where the next chunk stands in the file.
    next_at: u64,
    /// Where the chunks end and the hash begins.
    end: u64,
    position: u32,
    chunk: Vec<u8>,
    taken: usize,
    outer: blake3::Hasher,
}

impl<R: ReadAt> ChunkReader<R> {
    /// `start` is where the first chunk stands, `before` the hash of everything up to there.
    pub(super) fn new(source: R, stream: Stream, start: u64, before: blake3::Hasher) -> Result<Self, BackupError> {
        let end = source.len_bytes().checked_sub(OUTER_LEN).filter(|end| *end > start).ok_or(BackupError::Truncated)?;
        let chunk = Vec::with_capacity(CHUNK_BYTES + TAG_LEN);
        Ok(Self { source, stream, next_at: start, end, position: 0, chunk, taken: 0, outer: before })
    }

    /// Plaintext bytes not yet taken: an upper bound for every length that the plaintext claims.
    pub(super) fn left_bytes(&self) -> u64 {
        let sealed = self.end - self.next_at;
        let tags = sealed.div_ceil((CHUNK_BYTES + TAG_LEN) as u64) * TAG_LEN as u64;
        sealed.saturating_sub(tags) + (self.chunk.len() - self.taken) as u64
    }

    /// Fills `out` with the next plaintext.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<(), BackupError> {
        let mut out = out;
        while !out.is_empty() {
            let part = self.peek()?;
            let n = part.len().min(out.len());
            let (now, later) = out.split_at_mut(n);
            now.copy_from_slice(&part[..n]);
            out = later;
            self.taken += n;
        }
        Ok(())
    }

    /// Takes everything that is left, which must be zeros up to the step that `record_bytes` pads to, and compares the hash of the file.
    pub(super) fn finish(&mut self, record_bytes: u64) -> Result<(), BackupError> {
        if self.left_bytes() != blob_padded(record_bytes) - record_bytes {
            return Err(BackupError::NotAuthentic);
        }
        while self.left_bytes() > 0 {
            let part = self.peek()?;
            if part.iter().any(|byte| *byte != 0) {
                return Err(BackupError::NotAuthentic);
            }
            self.taken += part.len();
        }
        let mut outer = [0; OUTER_LEN as usize];
        self.source.read_at(self.end, &mut outer)?;
        if self.outer.finalize() != outer { Err(BackupError::NotAuthentic) } else { Ok(()) }
    }

    /// What is left of the current chunk, or the next one; never empty.
    fn peek(&mut self) -> Result<&[u8], BackupError> {
        if self.taken == self.chunk.len() {
            let len = (self.end - self.next_at).min((CHUNK_BYTES + TAG_LEN) as u64) as usize;
            if len <= TAG_LEN {
                return Err(BackupError::Truncated);
            }
            self.taken = 0;
            self.chunk.resize(len, 0);
            self.source.read_at(self.next_at, &mut self.chunk)?;
            self.outer.update(&self.chunk);
            self.next_at += len as u64;
            let place = if self.next_at == self.end { Place::Last } else { Place::Inner };
            if self.stream.open_chunk(self.position, place, &mut self.chunk).is_err() {
                self.chunk.clear();
                return Err(BackupError::NotAuthentic);
            }
            self.position = self.position.checked_add(1).ok_or(BackupError::TooLong)?;
        }
        Ok(&self.chunk[self.taken..])
    }
}

impl<R> Drop for ChunkReader<R> {
    fn drop(&mut self) {
        self.chunk.zeroize();
    }
}
