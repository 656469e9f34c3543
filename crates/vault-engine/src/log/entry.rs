//! An entry between its body and its wire form: sealed and signed, verified and opened.

use vault_crypto::{
    Entropy,
    message::{self, SealError},
    secret::KindKey,
};
use vault_protocol::{
    BlobId, EpochId, Hash, Head, LogId, SealedHeader, Signer, VaultId,
    entry::{EntryError, WireEntry},
};

use super::{body::EntryBody, cbor::BodyError, members::Membership};

/// What seals and signs the entries of this replica's log.
pub struct EntrySeal<'a> {
    /// The vault.
    pub vault: VaultId,
    /// The epoch that new entries are sealed under.
    pub epoch: EpochId,
    /// K(entry) of that epoch.
    pub key: &'a KindKey,
    /// The log's key.
    pub signer: &'a dyn Signer,
}

/// Keys for reading entries, those of past epochs included.
pub trait EntryKeys {
    /// K(entry) of `epoch`, if this replica has its root key.
    fn entry_key(&self, epoch: EpochId) -> Option<&KindKey>;
}

/// Why an entry was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealEntryError {
    /// The body was not sealed.
    #[error("the entry was not sealed")]
    Seal(#[source] SealError),
    /// The wire form is too long, or names too many blobs.
    #[error("the entry was not framed")]
    Frame(#[source] EntryError),
}

/// Why an entry from outside is neither shown nor counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenEntryError {
    /// Of another vault.
    #[error("the entry is of another vault")]
    OtherVault,
    /// Its log was never enrolled, as far as the control log is known here (MS17).
    #[error("the entry's log is not known")]
    UnknownLog(LogId),
    /// Not signed by its log's key.
    #[error("the entry is not signed by its log")]
    Signature(#[source] EntryError),
    /// The root key of its epoch is not here: the control log comes first.
    #[error("the entry's epoch is not known")]
    UnknownEpoch(EpochId),
    /// Signed, and not sealed for its place.
    #[error("the entry does not open")]
    NotAuthentic,
    /// Its author's program is newer: nothing more is applied until this one is updated.
    #[error("the entry follows rules version {found}")]
    NewerRules {
        /// The version that it follows.
        found: u64,
    },
}

/// An entry whose signature and seal are good. Whether it fits the logs, staging finds out.
#[derive(Debug)]
pub struct Opened {
    /// Its log.
    pub log: LogId,
    /// Its number there, from 1.
    pub seq: u64,
    /// Hash of the entry before it; zero for the first.
    pub prev: Hash,
    /// Its own hash.
    pub hash: Hash,
    /// Blobs that it names for the first time.
    pub blobs: Vec<BlobId>,
    /// Its wire form.
    pub wire: Vec<u8>,
    /// What it says; `None` if its author signed what is no body: its log stops here.
    pub body: Option<EntryBody>,
}

impl Opened {
    /// Its number and hash.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// Seals and signs `body` as the entry after `prev` of `log`.
///
/// # Errors
///
/// [`SealEntryError`].
pub fn seal_entry(
    seal: &EntrySeal<'_>,
    log: LogId,
    prev: Head,
    body: &EntryBody,
    blobs: &[BlobId],
    entropy: &mut dyn Entropy,
) -> Result<WireEntry, SealEntryError> {
    let header = SealedHeader::entry(seal.vault, seal.epoch, log, prev.seq + 1);
    let sealed = message::seal(seal.key, &header, &body.encode(), entropy).map_err(SealEntryError::Seal)?;
    WireEntry::assemble(&sealed, prev.hash, blobs, seal.signer).map_err(SealEntryError::Frame)
}

/// Verifies and opens an entry from outside. `members` are all logs known at our own control head.
///
/// # Errors
///
/// [`OpenEntryError`]. Only [`OpenEntryError::UnknownLog`] and [`OpenEntryError::UnknownEpoch`] may go away, when more of the control log is here.
pub fn open_entry(keys: &dyn EntryKeys, members: &Membership, vault: VaultId, wire: WireEntry) -> Result<Opened, OpenEntryError> {
    let header = wire.header();
    if header.vault != vault {
        return Err(OpenEntryError::OtherVault);
    }
    let member = members.0.get(&header.log).ok_or(OpenEntryError::UnknownLog(header.log))?;
    wire.verify(member.key).map_err(OpenEntryError::Signature)?;
    let key = keys.entry_key(header.epoch).ok_or(OpenEntryError::UnknownEpoch(header.epoch))?;
    let expected = SealedHeader::entry(vault, header.epoch, header.log, header.seq);
    let bytes = message::open(key, &expected, wire.sealed()).map_err(|_one_kind| OpenEntryError::NotAuthentic)?;
    let body = match EntryBody::decode(&bytes) {
        Ok(body) => Some(body),
        Err(BodyError::NewerRules { found }) => return Err(OpenEntryError::NewerRules { found }),
        Err(BodyError::Malformed | BodyError::NotCanonical | BodyError::TooLarge) => None,
    };
    let (log, seq, prev, hash, blobs) = (header.log, header.seq, wire.prev(), wire.hash(), wire.blobs().to_vec());
    Ok(Opened { log, seq, prev, hash, blobs, wire: wire.into_wire(), body })
}
