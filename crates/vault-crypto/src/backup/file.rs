//! What a backup says without keys, and which keys open it.

use sha2::{Digest, Sha256};
use vault_protocol::control::{ControlEntry, ControlLog, KdfCost, SlotHeader, SlotRecord};
use vault_protocol::header::HEADER_LEN;
use vault_protocol::limits::{MAX_CONTROL_BYTES, MAX_CONTROL_ENTRIES};
use vault_protocol::{EpochId, FORMAT_1, Kind, LogId, ObjectId, SUITE_1, Salt, SealedHeader, VaultId};

use super::{BACKUP_MAGIC, BackupError, BackupReader, MAX_CONTROL_LOG_BYTES, stream::ChunkReader};
use crate::bytes::ReadAt;
use crate::hazmat::{expand::Prk, stream::Stream};
use crate::message;
use crate::padding::STEP_BYTES;
use crate::secret::{BackupKey, PasswordKey};
use crate::slot::{self, Factors, SlotPlace};
use crate::vault::Opened;

/// Bytes of the message that holds BK: 32 bytes take one step.
const KEY_MESSAGE_LEN: usize = HEADER_LEN + message::OVERHEAD_BYTES + STEP_BYTES;

/// A backup whose control log has been verified and whose stream has not been opened.
pub struct BackupFile {
    control: ControlLog,
    place: SealedHeader,
    key_message: Vec<u8>,
    slot: Option<(SlotHeader, Vec<u8>)>,
    /// SHA-256 of everything before the salt.
    prologue: Sha256,
    outer: blake3::Hasher,
    salt_at: u64,
}

impl BackupFile {
    /// Reads everything before the stream. Takes memory for the control log only, and no more than the file has bytes.
    ///
    /// # Errors
    ///
    /// [`BackupError::NotABackup`], [`BackupError::Format`], [`BackupError::Truncated`], [`BackupError::TooLong`], [`BackupError::Control`],
    /// [`BackupError::NotAuthentic`] for any other shape, [`BackupError::Io`].
    pub fn read(source: &mut dyn ReadAt) -> Result<Self, BackupError> {
        let mut front = Front { source, at: 0, prologue: Sha256::new(), outer: blake3::Hasher::new() };
        if front.array::<4>().map_err(|error| if matches!(error, BackupError::Truncated) { BackupError::NotABackup } else { error })?
            != BACKUP_MAGIC
        {
            return Err(BackupError::NotABackup);
        }
        let [format, suite] = front.array()?;
        if (format, suite) != (FORMAT_1, SUITE_1) {
            return Err(BackupError::Format { format, suite });
        }
        let control = front.control_log()?;
        let key_message = front.bytes(KEY_MESSAGE_LEN)?;
        let place = SealedHeader::parse(&key_message).map_err(|_| BackupError::NotAuthentic)?;
        let expected =
            SealedHeader { object: place.object, log: place.log, ..SealedHeader::new(Kind::BackupKey, control.vault(), place.epoch) };
        if place != expected {
            return Err(if place.vault == control.vault() { BackupError::NotAuthentic } else { BackupError::OtherVault });
        }
        let slot = match front.array()? {
            [0] => None,
            [1] => {
                let message = front.bytes(SlotRecord::MESSAGE_LEN)?;
                let sealed = SealedHeader::parse(&message).map_err(|_| BackupError::NotAuthentic)?;
                let header = SlotHeader::from_sealed(&sealed).map_err(|_| BackupError::NotAuthentic)?;
                Some((header, message))
            }
            _ => return Err(BackupError::NotAuthentic),
        };
        let Front { at: salt_at, prologue, outer, .. } = front;
        Ok(Self { control, place, key_message, slot, prologue, outer, salt_at })
    }

    /// The verified control log: which vault this is, and what opens it.
    pub fn control(&self) -> &ControlLog {
        &self.control
    }

    /// The vault.
    pub fn vault(&self) -> VaultId {
        self.place.vault
    }

    /// The epoch under which it was made.
    pub fn epoch(&self) -> EpochId {
        self.place.epoch
    }

    /// Its own random name.
    pub fn backup(&self) -> ObjectId {
        self.place.object
    }

    /// The log whose key signed the trailer.
    pub fn log(&self) -> LogId {
        self.place.log
    }

    /// Salt and cost of its passphrase, if it has one.
    pub fn passphrase(&self) -> Option<(Salt, KdfCost)> {
        self.slot.as_ref().map(|(header, _)| (header.salt, header.cost))
    }

    /// Gets BK by an open vault: this one, or the one opened from the file's own control log.
    ///
    /// # Errors
    ///
    /// [`BackupError::OtherVault`], [`BackupError::OtherEpoch`], [`BackupError::NotAuthentic`].
    pub fn unseal(&self, opened: &Opened) -> Result<BackupKey, BackupError> {
        if opened.vault() != self.place.vault {
            return Err(BackupError::OtherVault);
        }
        let key = opened.kind_key(Kind::BackupKey, self.place.epoch).ok_or(BackupError::OtherEpoch)?;
        let body = message::open(&key, &self.place, &self.key_message).map_err(|_| BackupError::NotAuthentic)?;
        BackupKey::from_slice(&body).ok_or(BackupError::NotAuthentic)
    }

    /// Gets BK by the backup's passphrase, derived with [`Self::passphrase`].
    ///
    /// # Errors
    ///
    /// [`BackupError::NoPassphrase`], [`BackupError::NotAuthentic`].
    pub fn unseal_with_passphrase(&self, key: &PasswordKey) -> Result<BackupKey, BackupError> {
        let (header, message) = self.slot.as_ref().ok_or(BackupError::NoPassphrase)?;
        let SealedHeader { vault, epoch, .. } = self.place;
        let place = SlotPlace { kind: Kind::SlotBackup, vault, epoch, salt: header.salt, cost: header.cost };
        let factors = Factors { password: Some(key), ..Factors::default() };
        let body = slot::open(&place, factors, message).map_err(|_| BackupError::NotAuthentic)?;
        BackupKey::from_slice(&body).ok_or(BackupError::NotAuthentic)
    }

    /// Starts reading the records from the beginning. May be called again, for a second pass.
    ///
    /// # Errors
    ///
    /// [`BackupError::Truncated`], [`BackupError::NotAuthentic`], [`BackupError::Io`].
    pub fn reader<R: ReadAt>(&self, key: &BackupKey, mut source: R) -> Result<BackupReader<R>, BackupError> {
        let mut front = Front { source: &mut source, at: self.salt_at, prologue: self.prologue.clone(), outer: self.outer.clone() };
        let before_salt = front.prologue.clone().finalize();
        let salt: [u8; 32] = front.array()?;
        let commit: [u8; 32] = front.array()?;
        let pair = Prk::from_key(key.expose()).expand_pair(&[b"nt2 backup v1", &before_salt, &salt]);
        if !pair.commits_to(&commit) {
            return Err(BackupError::NotAuthentic);
        }
        let Front { at, prologue, outer, .. } = front;
        let state = self.control.state();
        let signer = state.log_key(self.place.log).filter(|_| state.is_open_log(self.place.log)).ok_or(BackupError::NotAuthentic)?;
        let chunks = ChunkReader::new(source, Stream::new(pair.key()), at, outer)?;
        BackupReader::start(chunks, self.place.log, signer, prologue.finalize().into())
    }
}

/// Reads and hashes the front of the file.
struct Front<'a> {
    source: &'a mut dyn ReadAt,
    at: u64,
    prologue: Sha256,
    outer: blake3::Hasher,
}

impl Front<'_> {
    fn bytes(&mut self, len: usize) -> Result<Vec<u8>, BackupError> {
        if (self.source.len_bytes() - self.at.min(self.source.len_bytes())) < len as u64 {
            return Err(BackupError::Truncated);
        }
        let mut out = vec![0; len];
        self.source.read_at(self.at, &mut out)?;
        self.at += len as u64;
        self.prologue.update(&out);
        self.outer.update(&out);
        Ok(out)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BackupError> {
        Ok(self.bytes(N)?.try_into().expect("as many as asked for"))
    }

    fn number(&mut self) -> Result<usize, BackupError> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| BackupError::TooLong)
    }

    fn control_log(&mut self) -> Result<ControlLog, BackupError> {
        let n_entries = self.number()?;
        if n_entries > MAX_CONTROL_ENTRIES {
            return Err(BackupError::TooLong);
        }
        let mut log: Option<ControlLog> = None;
        for _ in 0..n_entries {
            let len = self.number()?;
            if len > MAX_CONTROL_BYTES || self.at > MAX_CONTROL_LOG_BYTES as u64 {
                return Err(BackupError::TooLong);
            }
            let entry = ControlEntry::parse(&self.bytes(len)?).map_err(BackupError::Control)?;
            match &mut log {
                None => log = Some(ControlLog::new(entry.vault, entry).map_err(BackupError::Control)?),
                Some(log) => log.append(entry).map_err(BackupError::Control)?,
            }
        }
        log.ok_or(BackupError::NotAuthentic)
    }
}
