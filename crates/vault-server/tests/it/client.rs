//! A client of the service that speaks the wire contract and forgets nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sha2::{Digest as _, Sha256};
use vault_protocol::{
    BlobId, Hash, LogId, SealedHeader, Signer as _, VaultId,
    api::{
        ApiError, Call, Challenge, Challenged, HttpReply, HttpRequest, OpenSession, Origin, Purpose, Push, Pushed, ReadHeads, Register,
        Registered, ReplyError, SessionToken,
    },
    control::{ControlEntry, ControlLog},
    entry::WireEntry,
    header::SEAL_LEN,
};
use vault_server::{Entropy, EntropyError, Peer, Service, Settings, blobs::Blobs, block_on, store::Store};

use crate::world::{self, A, Key, Party};

pub(crate) const ORIGIN: &str = "https://sync.example.org";
pub(crate) const START_MS: u64 = 1_800_000_000_000;

/// Bytes that look random and are the same in each run.
#[derive(Default)]
pub(crate) struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&Sha256::digest(number.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

/// A server and the time.
pub(crate) struct Server<S> {
    pub(crate) service: Arc<Service<S>>,
    pub(crate) now_ms: u64,
    pub(crate) peer: Peer,
}

pub(crate) fn settings() -> Settings {
    Settings::for_origin(ORIGIN).unwrap()
}

impl<S: Store> Server<S> {
    pub(crate) fn new(store: S) -> Self {
        Self::with(store, settings())
    }

    pub(crate) fn with(store: S, settings: Settings) -> Self {
        let service = Arc::new(Service::with_entropy(store, settings, Box::new(Counted::default())));
        Self { service, now_ms: START_MS, peer: Peer::LOCAL }
    }

    /// With blobs that are kept there, under names that are new after each start.
    pub(crate) fn with_blobs(store: S, settings: Settings, blobs: Box<dyn Blobs>) -> Self {
        let service = Service::new(store, settings).with_blobs(blobs);
        Self { service: Arc::new(service), now_ms: START_MS, peer: Peer::LOCAL }
    }

    pub(crate) fn raw(&self, request: &HttpRequest) -> HttpReply {
        block_on(self.service.handle(request, self.peer, self.now_ms))
    }

    /// Makes a call; a reply that is none is a failure of the test.
    pub(crate) fn call<C: Call>(&self, call: &C, token: Option<&SessionToken>) -> Result<C::Reply, ApiError> {
        let reply = self.raw(&call.to_http(token));
        C::reply_from_http(&reply).map_err(|error| match error {
            ReplyError::Refused(error) => error,
            other => panic!("{other:?} {}", reply.status),
        })
    }

    pub(crate) fn challenge(&self, vault: VaultId, key: &Key) -> Challenged {
        self.call(&Challenge { vault, key: key.public_key() }, None).unwrap()
    }

    pub(crate) fn login(&self, key: &Key, purpose: Purpose) -> Result<SessionToken, ApiError> {
        let challenged = self.challenge(world::vault(), key);
        let session = OpenSession::sign(world::vault(), purpose, Origin::parse(ORIGIN).unwrap(), &challenged, key);
        self.call(&session, None).map(|opened| opened.token)
    }

    pub(crate) fn member(&self, party: Party) -> SessionToken {
        self.login(&party.key(), Purpose::Sync).unwrap()
    }

    pub(crate) fn register(&self, genesis: &ControlEntry) -> Result<Registered, ApiError> {
        self.call(&Register { genesis: genesis.encode(), create: true }, None)
    }

    /// A registered vault and a session of its first device.
    pub(crate) fn with_vault(&self) -> (ControlLog, SessionToken) {
        self.register(&world::genesis()).unwrap();
        (world::new_log(), self.member(A))
    }

    pub(crate) fn push(&self, log: &ControlLog, token: &SessionToken, entries: &[WireEntry]) -> Result<Pushed, ApiError> {
        let entries = entries.iter().map(|entry| entry.wire().to_vec()).collect();
        self.call(&Push { vault: world::vault(), control_heads: log.heads().to_vec(), entries }, Some(token))
    }

    pub(crate) fn n_entries(&self, token: &SessionToken) -> u64 {
        self.call(&ReadHeads { vault: world::vault() }, Some(token)).unwrap().position.n_entries
    }
}

/// The first entry of a party's log, which names blobs.
pub(crate) fn naming(party: Party, blobs: &[BlobId]) -> WireEntry {
    let mut sealed = SealedHeader::entry(world::vault(), world::epoch_id(0), party.log(), 1).encode();
    sealed.extend(std::iter::repeat_n(7, SEAL_LEN + 100));
    WireEntry::assemble(&sealed, Hash::ZERO, blobs, &party.key()).unwrap()
}

/// Entry `seq` of a party's log with a body of `len` bytes, after `prev`.
pub(crate) fn entry(party: Party, seq: u64, prev: Hash, len: usize) -> WireEntry {
    entry_of(world::vault(), party.log(), &party.key(), seq, prev, len)
}

pub(crate) fn entry_of(vault: VaultId, log: LogId, key: &Key, seq: u64, prev: Hash, len: usize) -> WireEntry {
    let mut sealed = SealedHeader::entry(vault, world::epoch_id(0), log, seq).encode();
    sealed.extend(std::iter::repeat_n(seq as u8 ^ len as u8, SEAL_LEN + len));
    WireEntry::assemble(&sealed, prev, &[], key).unwrap()
}

/// The first `n` entries of a party's log.
pub(crate) fn chain(party: Party, n: u64) -> Vec<WireEntry> {
    let mut prev = Hash::ZERO;
    let mut entries = Vec::new();
    for seq in 1..=n {
        let next = entry(party, seq, prev, 100);
        prev = next.hash();
        entries.push(next);
    }
    entries
}
