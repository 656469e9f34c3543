//! Writing a backup in one pass.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use vault_protocol::control::{ControlLog, KdfCost};
use vault_protocol::{FORMAT_1, Kind, LogId, ObjectId, SUITE_1, Salt, SealedHeader, Signer, VersionVector};

use super::{
    BACKUP_MAGIC, BackupError, BackupFacts, FIRST_RECORD_KIND, HEAD, MAX_CONTROL_LOG_BYTES, MAX_RECORD_BYTES, TRAILER,
    facts::{Trailer, encode_head},
    stream::ChunkWriter,
};
use crate::bytes::Append;
use crate::entropy::{Entropy, make_bytes};
use crate::hazmat::{expand::Prk, stream::Stream};
use crate::message::{self, SealError};
use crate::secret::{BackupKey, LogSigningKey, PasswordKey};
use crate::slot::{self, FactorHalves, SlotError, SlotPlace};
use crate::vault::Opened;

/// What a backup begins with.
pub struct NewBackup<'a> {
    /// The whole control log goes into the file.
    pub control: &'a ControlLog,
    /// The open vault.
    pub opened: &'a Opened,
    /// The log whose key will sign the trailer.
    pub log: LogId,
    /// The vector that a delta follows; `None` for a full backup.
    pub base: Option<&'a VersionVector>,
    /// A passphrase of its own: required until a kit is saved, never the master password.
    pub passphrase: Option<BackupPassphrase<'a>>,
}

/// A backup's own passphrase.
#[derive(Clone, Copy)]
pub struct BackupPassphrase<'a> {
    /// Derived from it with `salt` and `cost`.
    pub key: &'a PasswordKey,
    /// Drawn for this backup.
    pub salt: Salt,
    /// Cost of the derivation.
    pub cost: KdfCost,
}

/// Writes records in order: `start`, any number of `record`, `finish`. A file without its finish is no backup.
pub struct BackupWriter {
    chunks: ChunkWriter,
    /// Over everything in the stream before the trailer.
    content: blake3::Hasher,
    /// SHA-256 of everything before the chunks.
    prologue: [u8; 32],
    counts: BTreeMap<u8, u64>,
    log: LogId,
    log_key: vault_protocol::SigningPublicKey,
}

impl BackupWriter {
    /// Writes everything before the first record.
    ///
    /// # Errors
    ///
    /// [`BackupError::NotMember`] if `log` is not an open log, [`BackupError::TooLong`], [`BackupError::Slot`], [`BackupError::Entropy`],
    /// [`BackupError::Io`].
    pub fn start(new: &NewBackup<'_>, entropy: &mut dyn Entropy, out: &mut dyn Append) -> Result<Self, BackupError> {
        let NewBackup { control, opened, log, base, passphrase } = new;
        let state = control.state();
        let log_key = state.log_key(*log).filter(|_| state.is_open_log(*log)).ok_or(BackupError::NotMember)?;
        let backup_key = BackupKey::make(entropy)?;

        let mut prologue = control_part(control)?;
        let epoch = opened.epoch();
        let place =
            SealedHeader { object: ObjectId(make_bytes(entropy)?), log: *log, ..SealedHeader::new(Kind::BackupKey, opened.vault(), epoch) };
        let kind_key = opened.kind_key(Kind::BackupKey, epoch).expect("the newest opened epoch is open");
        prologue.extend(message::seal(&kind_key, &place, backup_key.expose(), entropy).map_err(|error| match error {
            SealError::Entropy(error) => BackupError::Entropy(error),
            SealError::TooLong => BackupError::TooLong,
        })?);
        match passphrase {
            None => prologue.push(0),
            Some(BackupPassphrase { key, salt, cost }) => {
                let place = SlotPlace { kind: Kind::SlotBackup, vault: opened.vault(), epoch, salt: *salt, cost: *cost };
                let halves = FactorHalves { password: Some(key), ..FactorHalves::default() };
                let slot = slot::seal(&place, halves, backup_key.expose(), entropy).map_err(|error| match error {
                    SlotError::Entropy(error) => BackupError::Entropy(error),
                    SlotError::WrongFactors | SlotError::SmallOrder | SlotError::Cost => BackupError::Slot(error),
                })?;
                prologue.push(1);
                prologue.extend(slot.message);
            }
        }

        let salt: [u8; 32] = make_bytes(entropy)?;
        let pair = Prk::from_key(backup_key.expose()).expand_pair(&[b"nt2 backup v1", &Sha256::digest(&prologue), &salt]);
        prologue.extend_from_slice(&salt);
        prologue.extend_from_slice(pair.commit());
        out.append(&prologue)?;
        let mut outer = blake3::Hasher::new();
        outer.update(&prologue);
        let mut writer = Self {
            chunks: ChunkWriter::new(Stream::new(pair.key()), outer),
            content: blake3::Hasher::new(),
            prologue: Sha256::digest(&prologue).into(),
            counts: BTreeMap::new(),
            log: *log,
            log_key,
        };
        writer.put(HEAD, &encode_head(*base), out)?;
        Ok(writer)
    }

    /// Writes one record of the engine's.
    ///
    /// # Errors
    ///
    /// [`BackupError::ReservedKind`] under [`FIRST_RECORD_KIND`], [`BackupError::TooLong`] over [`MAX_RECORD_BYTES`], [`BackupError::Io`].
    pub fn record(&mut self, kind: u8, body: &[u8], out: &mut dyn Append) -> Result<(), BackupError> {
        if kind < FIRST_RECORD_KIND {
            return Err(BackupError::ReservedKind);
        }
        *self.counts.entry(kind).or_default() += 1;
        self.put(kind, body, out)
    }

    /// Signs and writes the trailer, padding and the hash of the file.
    ///
    /// # Errors
    ///
    /// [`BackupError::NotMember`] if `key` is not that of the log named at the start, [`BackupError::TooLong`], [`BackupError::Io`].
    pub fn finish(mut self, facts: BackupFacts, key: &LogSigningKey, out: &mut dyn Append) -> Result<(), BackupError> {
        if key.public_key() != self.log_key {
            return Err(BackupError::NotMember);
        }
        let mut trailer = Trailer { counts: std::mem::take(&mut self.counts), facts }.encode();
        let signature = key.sign(&signed_message(self.log, &self.prologue, &self.content, &trailer));
        trailer.extend_from_slice(&signature.0);
        self.put(TRAILER, &trailer, out)?;
        self.chunks.finish(out)
    }

    fn put(&mut self, kind: u8, body: &[u8], out: &mut dyn Append) -> Result<(), BackupError> {
        let len = u32::try_from(body.len()).ok().filter(|_| body.len() <= MAX_RECORD_BYTES).ok_or(BackupError::TooLong)?;
        let frame = frame(kind, len);
        self.content.update(&frame);
        self.content.update(body);
        self.chunks.write(&frame, out)?;
        self.chunks.write(body, out)
    }
}

/// What stands before a record's body.
pub(super) fn frame(kind: u8, len: u32) -> [u8; 5] {
    let [a, b, c, d] = len.to_be_bytes();
    [kind, a, b, c, d]
}

/// What the trailer's signature covers: `"nt2 backup trailer v1" ‖ log ‖ SHA-256(all before the chunks) ‖ BLAKE3(records before the trailer) ‖
/// trailer`.
pub(super) fn signed_message(log: LogId, prologue: &[u8; 32], content: &blake3::Hasher, trailer: &[u8]) -> Vec<u8> {
    [b"nt2 backup trailer v1".as_slice(), &log.0, prologue, content.finalize().as_bytes(), trailer].concat()
}

fn control_part(control: &ControlLog) -> Result<Vec<u8>, BackupError> {
    let mut part = BACKUP_MAGIC.to_vec();
    part.extend_from_slice(&[FORMAT_1, SUITE_1]);
    part.extend_from_slice(&u32::try_from(control.n_entries()).map_err(|_| BackupError::TooLong)?.to_be_bytes());
    for (_, entry) in control.entries() {
        let entry = entry.encode();
        part.extend_from_slice(&(entry.len() as u32).to_be_bytes());
        part.extend_from_slice(&entry);
        if part.len() > MAX_CONTROL_LOG_BYTES {
            return Err(BackupError::TooLong);
        }
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::backup::BackupFile;
    use crate::compose::{GenesisMade, NewVault, make_genesis};
    use crate::entropy::EntropyError;

    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
            for byte in out {
                self.0 = self.0.wrapping_mul(5).wrapping_add(17);
                *byte = self.0;
            }
            Ok(())
        }
    }

    /// A file by an author who has every key and writes what `hostile` does; read to its end.
    fn read_after(hostile: impl FnOnce(&mut BackupWriter, &mut Vec<u8>)) -> Result<(), BackupError> {
        let mut entropy = Counting(3);
        let new = NewVault { password: None, salt: Salt([1; 32]), cost: KdfCost::FLOOR, rules: 1 };
        let GenesisMade { entry, opened, log, log_key, .. } = make_genesis(&new, &mut entropy).unwrap();
        let control = ControlLog::new(entry.vault, entry).unwrap();
        let new = NewBackup { control: &control, opened: &opened, log, base: None, passphrase: None };
        let mut out = Vec::new();
        let mut writer = BackupWriter::start(&new, &mut entropy, &mut out).unwrap();
        hostile(&mut writer, &mut out);
        let facts = BackupFacts { vector: VersionVector::default(), root: [0; 32], rules: 1 };
        writer.finish(facts, &log_key, &mut out).unwrap();
        let file = BackupFile::read(&mut out.as_slice()).unwrap();
        let mut reader = file.reader(&file.unseal(&opened).unwrap(), out.as_slice())?;
        let mut body = Zeroizing::new(Vec::new());
        while reader.next_record(&mut body)?.is_some() {}
        Ok(())
    }

    #[test]
    fn an_honest_author_is_read() {
        read_after(|writer, out| writer.record(16, b"item", out).unwrap()).unwrap();
    }

    #[test]
    fn mf04_hostile_lengths_inside_the_stream_allocate_nothing() {
        for len in [u32::MAX, MAX_RECORD_BYTES as u32 + 1, 1 << 20] {
            let result = read_after(|writer, out| writer.chunks.write(&frame(16, len), out).unwrap());
            assert!(matches!(result, Err(BackupError::TooLong)), "{len}");
        }
    }

    #[test]
    fn mf04_counts_that_do_not_match_are_refused() {
        for claimed in [0, 2, u64::MAX] {
            let result = read_after(|writer, out| {
                writer.record(16, b"item", out).unwrap();
                writer.counts.insert(16, claimed);
            });
            assert!(matches!(result, Err(BackupError::NotAuthentic)), "{claimed}");
        }
    }

    #[test]
    fn a_reserved_kind_or_a_second_head_is_refused() {
        for kind in [0, HEAD, 3, FIRST_RECORD_KIND - 1] {
            let result = read_after(|writer, out| writer.put(kind, &encode_head(None), out).unwrap());
            assert!(matches!(result, Err(BackupError::NotAuthentic)), "{kind}");
        }
    }

    #[test]
    fn a_trailer_of_other_contents_is_refused() {
        let result = read_after(|writer, out| {
            // The same bytes in the file, but not in what the trailer signs.
            let content = writer.content.clone();
            writer.record(16, b"item", out).unwrap();
            writer.content = content;
        });
        assert!(matches!(result, Err(BackupError::NotAuthentic)));
    }
}
