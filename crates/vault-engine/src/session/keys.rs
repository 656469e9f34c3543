//! The keys of an open vault, each derived once.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use vault_crypto::{
    Entropy,
    message::{self, OpenError},
    secret::{KindKey, StateTerms},
    vault::Opened,
};
use vault_protocol::{EpochId, Kind, ObjectId, SealedHeader};
use zeroize::Zeroizing;

use crate::event::Failure;

/// Kinds whose keys are kept ready.
const READY: [Kind; 6] = [Kind::Entry, Kind::Row, Kind::History, Kind::Local, Kind::KitCopy, Kind::BackupKey];

/// The keys that are used often, of every epoch that is open.
fn ready(opened: &Opened) -> BTreeMap<(EpochId, Kind), KindKey> {
    let all = opened.epochs().flat_map(|epoch| READY.map(|kind| (epoch, kind)));
    all.filter_map(|(epoch, kind)| Some(((epoch, kind), opened.kind_key(kind, epoch)?))).collect()
}

/// Opens what any epoch sealed; seals under the newest.
pub(crate) struct Keys {
    opened: Opened,
    kinds: BTreeMap<(EpochId, Kind), KindKey>,
    terms: StateTerms,
}

impl Keys {
    /// Derives all that is used often.
    pub(crate) fn new(opened: Opened) -> Self {
        Self { terms: opened.state().terms(), kinds: ready(&opened), opened }
    }

    /// Takes over what another pair of factors opened; what is written goes on under the same epoch.
    pub(crate) fn join(&mut self, other: Opened) {
        self.opened.join(other);
        self.kinds = ready(&self.opened);
    }

    /// As [`Self::join`], and what is written from now on is sealed under the newer keys' epoch.
    pub(crate) fn follow(&mut self, newer: Opened) {
        self.opened.follow(newer);
        self.kinds = ready(&self.opened);
    }

    /// The keys themselves, for new control entries.
    pub(crate) fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Gives the keys back.
    pub(crate) fn into_opened(self) -> Opened {
        self.opened
    }

    /// What the root is made with.
    pub(crate) fn terms(&self) -> &StateTerms {
        &self.terms
    }

    /// The key of one kind in one epoch, if that epoch is known.
    pub(crate) fn kind(&self, epoch: EpochId, kind: Kind) -> Option<&KindKey> {
        self.kinds.get(&(epoch, kind))
    }

    /// Seals a row of the view.
    pub(crate) fn seal_row(&self, object: ObjectId, body: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, Failure> {
        self.seal(SealedHeader { object, ..self.header(Kind::Row) }, body, entropy)
    }

    /// Opens a row of the view.
    pub(crate) fn open_row(&self, object: ObjectId, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.open(SealedHeader { object, ..self.header(Kind::Row) }, message)
    }

    /// As [`Self::open_row`], into a buffer that is used again and again.
    pub(crate) fn open_row_into(&self, object: ObjectId, message: &[u8], body: &mut Zeroizing<Vec<u8>>) -> Result<(), OpenError> {
        let (key, header) = self.place(SealedHeader { object, ..self.header(Kind::Row) }, message)?;
        message::open_into(key, &header, message, body)
    }

    /// Seals a page of past values.
    pub(crate) fn seal_page(&self, object: ObjectId, page: u32, body: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, Failure> {
        self.seal(SealedHeader { object, seq: page.into(), ..self.header(Kind::History) }, body, entropy)
    }

    /// Opens a page of past values.
    pub(crate) fn open_page(&self, object: ObjectId, page: u32, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.open(SealedHeader { object, seq: page.into(), ..self.header(Kind::History) }, message)
    }

    /// Seals a record of this device alone. The header names the record by the first 16 bytes of SHA-256 of its key.
    pub(crate) fn seal_local(&self, name: &str, body: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, Failure> {
        self.seal(self.local_header(name), body, entropy)
    }

    /// Opens a record of this device alone.
    pub(crate) fn open_local(&self, name: &str, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.open(self.local_header(name), message)
    }

    fn local_header(&self, name: &str) -> SealedHeader {
        let digest = Sha256::digest(name.as_bytes());
        SealedHeader { extra: digest[..16].to_vec(), ..self.header(Kind::Local) }
    }

    fn header(&self, kind: Kind) -> SealedHeader {
        SealedHeader::new(kind, self.opened.vault(), self.opened.epoch())
    }

    fn seal(&self, header: SealedHeader, body: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, Failure> {
        let key = self.kind(header.epoch, header.kind).ok_or(Failure::NotAuthentic)?;
        Ok(message::seal(key, &header, body, entropy)?)
    }

    fn open(&self, expected: SealedHeader, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (key, header) = self.place(expected, message)?;
        message::open(key, &header, message)
    }

    /// Where a message must be, and its key. Everything but the epoch is as the caller expects; the epoch is the message's own, if its key is
    /// known.
    fn place(&self, expected: SealedHeader, message: &[u8]) -> Result<(&KindKey, SealedHeader), OpenError> {
        let epoch = SealedHeader::parse(message).map_err(|_| OpenError::NotAuthentic)?.epoch;
        let key = self.kind(epoch, expected.kind).ok_or(OpenError::NotAuthentic)?;
        Ok((key, SealedHeader { epoch, ..expected }))
    }
}
