//! Reading the records back.

use std::collections::BTreeMap;

use vault_protocol::{LogId, SigningPublicKey, VersionVector};
use zeroize::{Zeroize, Zeroizing};

use super::{
    BackupError, BackupFacts, FIRST_RECORD_KIND, HEAD, MAX_RECORD_BYTES, TRAILER,
    facts::{Trailer, parse_head},
    stream::ChunkReader,
    write::{frame, signed_message},
};
use crate::bytes::ReadAt;

/// Reads records in order. The backup is whole and genuine only when [`BackupReader::next_record`] has answered `None`; before that,
/// nothing of it may take the place of anything (MF03).
pub struct BackupReader<R> {
    chunks: ChunkReader<R>,
    content: blake3::Hasher,
    prologue: [u8; 32],
    counts: BTreeMap<u8, u64>,
    read_bytes: u64,
    log: LogId,
    signer: SigningPublicKey,
    base: Option<VersionVector>,
    facts: Option<BackupFacts>,
}

impl<R: ReadAt> BackupReader<R> {
    pub(super) fn start(chunks: ChunkReader<R>, log: LogId, signer: SigningPublicKey, prologue: [u8; 32]) -> Result<Self, BackupError> {
        let mut reader = Self {
            chunks,
            content: blake3::Hasher::new(),
            prologue,
            counts: BTreeMap::new(),
            read_bytes: 0,
            log,
            signer,
            base: None,
            facts: None,
        };
        let mut head = Zeroizing::new(Vec::new());
        if reader.take(&mut head)? != HEAD {
            return Err(BackupError::NotAuthentic);
        }
        reader.base = parse_head(&head).ok_or(BackupError::NotAuthentic)?;
        Ok(reader)
    }

    /// The vector that a delta follows; `None` for a full backup.
    pub fn base(&self) -> Option<&VersionVector> {
        self.base.as_ref()
    }

    /// Compares a delta with the state that it is to follow; a full backup follows none.
    ///
    /// # Errors
    ///
    /// [`BackupError::WrongBase`] unless both are exactly equal (MF06).
    pub fn check_base(&self, at_hand: Option<&VersionVector>) -> Result<(), BackupError> {
        if self.base.is_none() || self.base.as_ref() == at_hand { Ok(()) } else { Err(BackupError::WrongBase) }
    }

    /// The next record: its kind, and its body in `body`. `None` once the trailer's signature and counts, the padding and the hash of the
    /// file have all been found right.
    ///
    /// # Errors
    ///
    /// [`BackupError::NotAuthentic`], [`BackupError::Truncated`], [`BackupError::TooLong`], [`BackupError::Io`]; then nothing of this backup
    /// counts.
    pub fn next_record(&mut self, body: &mut Zeroizing<Vec<u8>>) -> Result<Option<u8>, BackupError> {
        body.clear();
        if self.facts.is_some() {
            return Ok(None);
        }
        let content = self.content.clone();
        let kind = self.take(body)?;
        if kind == TRAILER {
            self.finish(body, &content)?;
            body.zeroize();
            return Ok(None);
        }
        if kind < FIRST_RECORD_KIND {
            return Err(BackupError::NotAuthentic);
        }
        *self.counts.entry(kind).or_default() += 1;
        Ok(Some(kind))
    }

    /// What the trailer says, once everything has been read.
    pub fn facts(&self) -> Option<&BackupFacts> {
        self.facts.as_ref()
    }

    fn finish(&mut self, trailer: &[u8], content: &blake3::Hasher) -> Result<(), BackupError> {
        let (parsed, signature) = Trailer::parse(trailer).ok_or(BackupError::NotAuthentic)?;
        let signed = signed_message(self.log, &self.prologue, content, &trailer[..trailer.len() - signature.0.len()]);
        self.signer.verify_strict(&signed, &signature).map_err(|_| BackupError::NotAuthentic)?;
        if parsed.counts != self.counts {
            return Err(BackupError::NotAuthentic);
        }
        self.chunks.finish(self.read_bytes)?;
        self.facts = Some(parsed.facts);
        Ok(())
    }

    fn take(&mut self, body: &mut Zeroizing<Vec<u8>>) -> Result<u8, BackupError> {
        let mut head = [0; 5];
        self.chunks.read(&mut head)?;
        let [kind, a, b, c, d] = head;
        let len = u32::from_be_bytes([a, b, c, d]);
        // Nothing is allocated that the file does not have.
        if len as usize > MAX_RECORD_BYTES || u64::from(len) > self.chunks.left_bytes() {
            return Err(BackupError::TooLong);
        }
        if body.capacity() < len as usize {
            // Growing would leave the last body behind in the freed buffer.
            body.zeroize();
        }
        body.resize(len as usize, 0);
        self.chunks.read(body)?;
        self.content.update(&frame(kind, len));
        self.content.update(body);
        self.read_bytes += head.len() as u64 + u64::from(len);
        Ok(kind)
    }
}
