//! What the service keeps, and nothing about how.
//!
//! Every table is keyed by vault, no operation reads two vaults, and every operation is one transaction: so a store may be a file beside the
//! server or a database spread over many machines. What is decided by comparing with what is stored (is this the next entry?) is decided
//! here; who may do it is decided in [`crate::Service`].

pub(crate) mod blobs;
mod postgres;
mod sqlite;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use vault_protocol::{
    BlobId, Hash, LogId, SigningPublicKey, VaultId, VersionVector, api::Purpose, api::Receipt, api::RelayChannel, api::RelaySide,
};

pub use blobs::{BlobRow, BlobTables, Claimed, NewBlob, ObjectName, PartRow, Waste, WasteStep};
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;

/// Why a store did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too much to do: try again soon.
    #[error("the store is busy")]
    Busy,
    /// The database does not answer, or answers what it should not.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored is none of ours.
    #[error("what is stored can't be read")]
    Corrupt,
    /// The database was written by a newer version of this program.
    #[error("the database was written by a newer version of this program")]
    Newer,
}

/// A result of a store.
pub type StoreResult<T> = Result<T, StoreError>;

/// A vault as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultRow {
    /// The vault.
    pub vault: VaultId,
    /// Drawn at registration: tells a vault from the same one registered again.
    pub instance: [u8; 16],
    /// Its name.
    pub did: SigningPublicKey,
    /// Hash of its genesis.
    pub genesis: Hash,
    /// Unix milliseconds.
    pub registered_ms: u64,
    /// Entries of all logs.
    pub n_entries: u64,
    /// Control entries.
    pub n_control: u64,
    /// Bytes of both.
    pub stored_bytes: u64,
    /// Bytes of the control entries alone.
    pub control_bytes: u64,
    /// When entries last came in, Unix milliseconds.
    pub last_push_ms: Option<u64>,
    /// When it will be deleted, Unix milliseconds.
    pub deletion_due_ms: Option<u64>,
}

/// What a vault may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes of control entries.
    pub control_bytes: u64,
    /// Bytes of everything.
    pub bytes: u64,
}

impl Room {
    /// Whether so many bytes of control entries more would fit.
    pub(crate) fn has_room(self, row: &VaultRow, n_bytes: u64) -> bool {
        row.control_bytes + n_bytes <= self.control_bytes && row.stored_bytes + n_bytes <= self.bytes
    }
}

/// One control entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRow {
    /// Its hash.
    pub hash: Hash,
    /// Its wire form.
    pub wire: Vec<u8>,
}

/// One entry on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The log.
    pub log: LogId,
    /// Its number.
    pub seq: u64,
    /// Hash of its predecessor.
    pub prev: Hash,
    /// Its hash.
    pub hash: Hash,
    /// Blobs that it names.
    pub blobs: Vec<BlobId>,
    /// Its wire form.
    pub wire: Vec<u8>,
}

/// What came of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// The vault is new.
    Created,
    /// It was there, with this genesis.
    Known {
        /// Hash of the genesis that is stored.
        genesis: Hash,
    },
}

/// What came of appending to the control log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Stored.
    Done,
    /// The log has another number of entries than the caller believed, or the vault is gone.
    Moved,
    /// Over the vault's room.
    Full,
}

/// What the service already checked about a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushTerms {
    /// The vault.
    pub vault: VaultId,
    /// Which registration of it.
    pub instance: [u8; 16],
    /// The number of control entries at which the authors were checked.
    pub n_control: u64,
    /// Room of the vault in bytes.
    pub max_bytes: u64,
    /// Now, in Unix milliseconds.
    pub now_ms: u64,
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// All are stored.
    Done {
        /// How many were new.
        n_stored: u64,
        /// How many the vault has.
        n_entries: u64,
    },
    /// Another entry stands in a place.
    Conflict {
        /// The log.
        log: LogId,
        /// The place.
        seq: u64,
        /// What stands there.
        hash: Hash,
    },
    /// Entries are missing.
    Gap {
        /// The log.
        log: LogId,
        /// What must come next.
        expected_seq: u64,
    },
    /// The control log moved on in between, or the vault is gone.
    Moved,
    /// Over the vault's room.
    Full,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPage {
    /// Every head of the vault.
    pub heads: VersionVector,
    /// How many entries the vault has.
    pub n_entries: u64,
    /// Wire forms in the order of their arrival.
    pub entries: Vec<Vec<u8>>,
    /// Whether there is more.
    pub more: bool,
}

/// One log's head, and when it moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The log.
    pub log: LogId,
    /// Its last number.
    pub seq: u64,
    /// When its last entry came in, Unix milliseconds.
    pub entry_ms: u64,
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token.
    pub token_hash: Hash,
    /// The key that logged in.
    pub key: SigningPublicKey,
    /// What for.
    pub purpose: Purpose,
    /// Unix milliseconds.
    pub created_ms: u64,
    /// When it was last used, to within [`SessionRow::TOUCH_MS`]; Unix milliseconds.
    pub used_ms: u64,
}

impl SessionRow {
    /// How much later a use must be to be noted: a session is not worth a write for each request.
    pub const TOUCH_MS: u64 = 60_000;
}

/// Which sessions are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTerms {
    /// Those last used before; Unix milliseconds.
    pub idle_before_ms: u64,
    /// Those opened before; Unix milliseconds.
    pub born_before_ms: u64,
    /// And the longest unused beyond this many of one vault.
    pub max_sessions: u32,
}

/// A nonce on its way to being used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedNonce {
    /// The nonce.
    pub nonce: [u8; 32],
    /// When it may be forgotten, Unix milliseconds.
    pub expires_ms: u64,
}

/// The record of "address + password".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapRow {
    /// SHA-256 of the record.
    pub hash: Hash,
    /// The record.
    pub record: Vec<u8>,
}

/// What a vault is entitled to from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Such as `subscription:123` or `promo:…`: one grant for each.
    pub source: String,
    /// Its end, Unix milliseconds; `None` = never.
    pub until_ms: Option<u64>,
    /// When its source last changed it, by the source's clock, Unix milliseconds.
    pub updated_ms: u64,
}

/// A promo code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromoRow {
    /// SHA-256 of the code.
    pub code_hash: Hash,
    /// Days that it gives.
    pub days: u32,
    /// How many vaults may still use it.
    pub n_left: u32,
    /// When it ends, Unix milliseconds.
    pub expires_ms: u64,
}

/// What came of a relay message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relayed {
    /// Stored, or there already.
    Done,
    /// Another message stands there, one before it is missing, or the channel is full.
    Conflict,
}

/// A place of a relay message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayPlace {
    /// The channel.
    pub channel: RelayChannel,
    /// The sender.
    pub side: RelaySide,
    /// The number, from 1.
    pub number: u32,
}

/// A database of the service. Clocks are passed in.
pub trait Store: BlobTables {
    /// The server's secret of this name; `candidate` if there is none yet. The same for all servers on one database.
    fn secret(&self, name: &'static str, candidate: [u8; 32]) -> impl Future<Output = StoreResult<[u8; 32]>> + Send;

    /// Whether the database answers.
    fn ping(&self) -> impl Future<Output = StoreResult<()>> + Send;

    /// Registers a vault with its genesis, unless it is there. `row` counts the genesis.
    fn register(&self, row: VaultRow, genesis: Vec<u8>) -> impl Future<Output = StoreResult<Registration>> + Send;

    /// A vault.
    fn vault(&self, vault: VaultId) -> impl Future<Output = StoreResult<Option<VaultRow>>> + Send;

    /// Control entries behind the first `after`, in order of arrival: at least one if there is one, and no more than `max_bytes` beyond it.
    fn control(&self, vault: VaultId, after: u64, max_bytes: u64) -> impl Future<Output = StoreResult<Vec<Vec<u8>>>> + Send;

    /// Appends control entries where the log of this registration has exactly `n_control`.
    fn append_control(
        &self,
        vault: VaultId,
        instance: [u8; 16],
        n_control: u64,
        entries: Vec<ControlRow>,
        room: Room,
    ) -> impl Future<Output = StoreResult<Appended>> + Send;

    /// Stores entries, all or none.
    fn push(&self, terms: PushTerms, entries: Vec<NewEntry>) -> impl Future<Output = StoreResult<PushOutcome>> + Send;

    /// Entries that `known` does not cover.
    fn pull(&self, vault: VaultId, known: VersionVector, max_bytes: u64) -> impl Future<Output = StoreResult<EntryPage>> + Send;

    /// Every head.
    fn heads(&self, vault: VaultId) -> impl Future<Output = StoreResult<VersionVector>> + Send;

    /// When each log moved.
    fn logs(&self, vault: VaultId) -> impl Future<Output = StoreResult<Vec<LogRow>>> + Send;

    /// When each key was last seen, Unix milliseconds.
    fn seen(&self, vault: VaultId) -> impl Future<Output = StoreResult<Vec<(SigningPublicKey, u64)>>> + Send;

    /// Uses a nonce up and opens a session, and ends those of the vault that are over by `terms`; false if the nonce was used before.
    fn open_session(
        &self,
        vault: VaultId,
        nonce: UsedNonce,
        session: SessionRow,
        terms: SessionTerms,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// A session with its vault.
    fn session(&self, vault: VaultId, token_hash: Hash) -> impl Future<Output = StoreResult<Option<(SessionRow, VaultRow)>>> + Send;

    /// Notes that a session and its key were used.
    fn touch_session(&self, vault: VaultId, session: SessionRow, now_ms: u64) -> impl Future<Output = StoreResult<()>> + Send;

    /// Ends one session.
    fn end_session(&self, vault: VaultId, token_hash: Hash) -> impl Future<Output = StoreResult<()>> + Send;

    /// Ends every session of a key.
    fn end_sessions_of(&self, vault: VaultId, key: SigningPublicKey) -> impl Future<Output = StoreResult<()>> + Send;

    /// Sets or clears the time of deletion.
    fn set_deletion(&self, vault: VaultId, due_ms: Option<u64>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Deletes everything of the vault but its grants, and keeps the receipt. `None` if it is not there.
    fn delete(&self, vault: VaultId, receipt: Hash, now_ms: u64) -> impl Future<Output = StoreResult<Option<Receipt>>> + Send;

    /// Receipts of the vault.
    fn receipts(&self, vault: VaultId) -> impl Future<Output = StoreResult<Vec<Receipt>>> + Send;

    /// Vaults whose deletion is due, some of them if there are many.
    fn due(&self, now_ms: u64) -> impl Future<Output = StoreResult<Vec<VaultId>>> + Send;

    /// Forgets nonces, sessions and relay channels whose time is over.
    fn sweep(&self, now_ms: u64, terms: SessionTerms) -> impl Future<Output = StoreResult<()>> + Send;

    /// The record of "address + password".
    fn bootstrap(&self, vault: VaultId) -> impl Future<Output = StoreResult<Option<BootstrapRow>>> + Send;

    /// Replaces or removes it.
    fn put_bootstrap(&self, vault: VaultId, row: Option<BootstrapRow>) -> impl Future<Output = StoreResult<()>> + Send;

    /// Every grant of a vault, whether it is registered or not.
    fn grants(&self, vault: VaultId) -> impl Future<Output = StoreResult<Vec<Grant>>> + Send;

    /// Sets a grant, unless the stored one of the same source was updated later, or then and runs as long; whether it did.
    fn put_grant(&self, vault: VaultId, grant: Grant) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Makes a code.
    fn make_promo(&self, promo: PromoRow) -> impl Future<Output = StoreResult<()>> + Send;

    /// Every code.
    fn promos(&self) -> impl Future<Output = StoreResult<Vec<PromoRow>>> + Send;

    /// Uses a code up once: the grant runs from the end of those that there are, or from now. False if the code is unknown, over, used up, or
    /// was used by this vault.
    fn redeem(&self, vault: VaultId, code_hash: Hash, now_ms: u64) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Puts a message on a channel that ends at `expires_ms` if this is its first.
    fn relay_send(
        &self,
        place: RelayPlace,
        message: Vec<u8>,
        now_ms: u64,
        expires_ms: u64,
    ) -> impl Future<Output = StoreResult<Relayed>> + Send;

    /// A message.
    fn relay_receive(&self, place: RelayPlace, now_ms: u64) -> impl Future<Output = StoreResult<Option<Vec<u8>>>> + Send;

    /// Forgets a channel.
    fn relay_close(&self, channel: RelayChannel) -> impl Future<Output = StoreResult<()>> + Send;

    /// Vaults in order of their ids, behind `after`: for administration.
    fn vaults(&self, after: VaultId, limit: u32) -> impl Future<Output = StoreResult<Vec<VaultRow>>> + Send;
}

/// Vaults that one round of deletions takes.
pub(crate) const DUE_AT_ONCE: u32 = 64;

/// Tables that a deletion empties of the vault. Grants stay: they were paid for, and may serve the vault when it is registered again.
pub(crate) const DELETED_TABLES: [&str; 12] = [
    "entries",
    "logs",
    "control",
    "sessions",
    "nonces",
    "keys_seen",
    "bootstraps",
    "blobs",
    "blob_parts",
    "blob_names",
    "blob_usage",
    "vaults",
];

/// The logs that a push names, each once.
pub(crate) fn named_logs(entries: &[NewEntry]) -> BTreeSet<LogId> {
    entries.iter().map(|entry| entry.log).collect()
}

/// What redeeming a code gives: its days behind the last end of the grants that there are, or behind now, and no end where one of them has
/// none. `None` if the code is unknown, over, used up, or was used by this vault.
pub(crate) fn promo_grant(promo: Option<PromoRow>, grants: &[Grant], now_ms: u64) -> Option<Grant> {
    const DAY_MS: u64 = 86_400_000;
    let promo = promo.filter(|promo| promo.n_left > 0 && now_ms < promo.expires_ms)?;
    let source = format!("promo:{}", promo.code_hash);
    if grants.iter().any(|grant| grant.source == source) {
        return None;
    }
    let last = grants.iter().map(|grant| grant.until_ms).try_fold(now_ms, |last, until| until.map(|until| last.max(until)));
    let until_ms = last.map(|last| last.saturating_add(u64::from(promo.days) * DAY_MS));
    Some(Grant { source, until_ms, updated_ms: now_ms })
}

/// Decides a push against the heads of the logs: which entries are new, in order. The hash stored in a place is asked for only where a push
/// repeats it.
///
/// The same for every database, so that no two of them accept different histories.
pub(crate) struct PushPlan {
    heads: BTreeMap<LogId, (u64, Hash)>,
    fresh: BTreeMap<(LogId, u64), Hash>,
}

/// What to do with one entry of a push.
pub(crate) enum Step {
    /// It is the next one.
    Store,
    /// It came earlier in the same push.
    Skip,
    /// A place that is taken: the same hash must be stored there.
    Compare,
    /// It can't be taken.
    Refuse(PushOutcome),
}

impl PushPlan {
    pub(crate) fn new(heads: impl IntoIterator<Item = (LogId, u64, Hash)>) -> Self {
        Self { heads: heads.into_iter().map(|(log, seq, hash)| (log, (seq, hash))).collect(), fresh: BTreeMap::new() }
    }

    pub(crate) fn step(&mut self, entry: &NewEntry) -> Step {
        let head = self.heads.entry(entry.log).or_insert((0, Hash::ZERO));
        if entry.seq <= head.0 {
            match self.fresh.get(&(entry.log, entry.seq)) {
                None => Step::Compare,
                Some(hash) if *hash == entry.hash => Step::Skip,
                Some(hash) => Step::Refuse(PushOutcome::Conflict { log: entry.log, seq: entry.seq, hash: *hash }),
            }
        } else if entry.seq > head.0 + 1 {
            Step::Refuse(PushOutcome::Gap { log: entry.log, expected_seq: head.0 + 1 })
        } else if entry.prev != head.1 {
            // It continues another history: what differs is the place before it, which is taken.
            Step::Refuse(PushOutcome::Conflict { log: entry.log, seq: head.0, hash: head.1 })
        } else {
            *head = (entry.seq, entry.hash);
            self.fresh.insert((entry.log, entry.seq), entry.hash);
            Step::Store
        }
    }

    /// The heads that moved, as they are afterwards.
    pub(crate) fn moved(&self) -> impl Iterator<Item = (LogId, u64, Hash)> + '_ {
        let moved = |log: &LogId, seq: u64| self.fresh.contains_key(&(*log, seq));
        self.heads.iter().filter(move |(log, (seq, _))| moved(log, *seq)).map(|(log, (seq, hash))| (*log, *seq, *hash))
    }
}
