//! A store in one SQLite file: a single writer that commits what is waiting together, and some readers beside it (WAL).
//!
//! An acknowledged write is on the disk (`synchronous=FULL`); under load many requests share one flush. The operations themselves are in
//! submodules by subject and know nothing of threads.

mod blobs;
mod convert;
mod entries;
mod grants;
mod relay;
mod sessions;
mod threads;
mod vaults;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use vault_protocol::{BlobId, Hash, SigningPublicKey, VaultId, VersionVector, api::BlobUsage, api::Receipt, api::RelayChannel};

use super::{
    Appended, BlobRow, BlobTables, BootstrapRow, Claimed, ControlRow, EntryPage, Grant, LogRow, NewBlob, NewEntry, ObjectName, PartRow,
    PromoRow, PushOutcome, PushTerms, Registration, RelayPlace, Relayed, Room, SessionRow, SessionTerms, Store, StoreError, StoreResult,
    UsedNonce, VaultRow, Waste, WasteStep,
};
use threads::Threads;

/// Written to `user_version`.
const SCHEMA_VERSION: i64 = 2;
const SCHEMA: &str = include_str!("schema.sql");
/// From version 1.
const STEP_2: &str = include_str!("migrations/0002_blobs.sql");
/// How long another process, such as an administrator's command, may hold the file before a write fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// One SQLite database.
pub struct SqliteStore(Driver);

/// Who runs the operations.
enum Driver {
    /// The caller itself: for tests and simulations in one thread, which want neither threads nor files.
    Inline(Box<Mutex<Connection>>),
    /// Threads of their own.
    Threads(Threads),
}

impl SqliteStore {
    /// A database in memory. Its operations run within the first `poll`, so that any executor will do.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub fn in_memory() -> StoreResult<Self> {
        let connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        Ok(Self(Driver::Inline(Box::new(Mutex::new(connection)))))
    }

    /// Opens or makes the database at `path`, with `n_readers` beside the writer.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`], [`StoreError::Newer`].
    pub fn open(path: &Path, n_readers: usize) -> StoreResult<Self> {
        let connect = || -> StoreResult<Connection> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            Ok(connection)
        };
        let writer = connect()?;
        prepare(&writer)?;
        let readers = (0..n_readers.max(1))
            .map(|_| {
                let reader = connect()?;
                configure(&reader)?;
                reader.pragma_update(None, "query_only", true)?;
                Ok(reader)
            })
            .collect::<StoreResult<Vec<_>>>()?;
        Ok(Self(Driver::Threads(Threads::start(writer, readers)?)))
    }

    async fn read<T: Send + 'static>(&self, op: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
        match &self.0 {
            Driver::Inline(connection) => op(&connection.lock().unwrap_or_else(PoisonError::into_inner)),
            Driver::Threads(threads) => threads.read(op).await,
        }
    }

    async fn write<T: Send + 'static>(&self, op: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
        match &self.0 {
            Driver::Inline(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                let transaction = connection.unchecked_transaction()?;
                let value = op(&transaction)?;
                transaction.commit()?;
                Ok(value)
            }
            Driver::Threads(threads) => threads.write(op).await,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// What every connection keeps to.
fn configure(connection: &Connection) -> StoreResult<()> {
    for (name, value) in [("trusted_schema", false), ("cell_size_check", true), ("secure_delete", true)] {
        connection.pragma_update(None, name, value)?;
    }
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Makes the tables, brings older ones to this version, or checks that they are ours.
fn prepare(connection: &Connection) -> StoreResult<()> {
    configure(connection)?;
    let transaction = connection.unchecked_transaction()?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            transaction.execute_batch(SCHEMA)?;
        }
        1 => {
            transaction.execute_batch(STEP_2)?;
            blobs::name_what_was_pushed(&transaction)?;
        }
        SCHEMA_VERSION => return Ok(()),
        _ => return Err(StoreError::Newer),
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

impl Store for SqliteStore {
    async fn secret(&self, name: &'static str, candidate: [u8; 32]) -> StoreResult<[u8; 32]> {
        self.write(move |db| vaults::secret(db, name, candidate)).await
    }

    async fn ping(&self) -> StoreResult<()> {
        self.read(|db| Ok(db.query_row("SELECT 1", [], |_row| Ok(()))?)).await
    }

    async fn register(&self, row: VaultRow, genesis: Vec<u8>) -> StoreResult<Registration> {
        self.write(move |db| vaults::register(db, &row, &genesis)).await
    }

    async fn vault(&self, vault: VaultId) -> StoreResult<Option<VaultRow>> {
        self.read(move |db| vaults::find(db, vault)).await
    }

    async fn control(&self, vault: VaultId, after: u64, max_bytes: u64) -> StoreResult<Vec<Vec<u8>>> {
        self.read(move |db| vaults::control(db, vault, after, max_bytes)).await
    }

    async fn append_control(
        &self,
        vault: VaultId,
        instance: [u8; 16],
        n_control: u64,
        entries: Vec<ControlRow>,
        room: Room,
    ) -> StoreResult<Appended> {
        self.write(move |db| vaults::append_control(db, vault, instance, n_control, &entries, room)).await
    }

    async fn push(&self, terms: PushTerms, entries: Vec<NewEntry>) -> StoreResult<PushOutcome> {
        self.write(move |db| entries::push(db, &terms, &entries)).await
    }

    async fn pull(&self, vault: VaultId, known: VersionVector, max_bytes: u64) -> StoreResult<EntryPage> {
        self.read(move |db| entries::pull(db, vault, &known, max_bytes)).await
    }

    async fn heads(&self, vault: VaultId) -> StoreResult<VersionVector> {
        self.read(move |db| entries::heads(db, vault)).await
    }

    async fn logs(&self, vault: VaultId) -> StoreResult<Vec<LogRow>> {
        self.read(move |db| entries::logs(db, vault)).await
    }

    async fn seen(&self, vault: VaultId) -> StoreResult<Vec<(SigningPublicKey, u64)>> {
        self.read(move |db| sessions::seen(db, vault)).await
    }

    async fn open_session(&self, vault: VaultId, nonce: UsedNonce, session: SessionRow, terms: SessionTerms) -> StoreResult<bool> {
        self.write(move |db| sessions::open(db, vault, &nonce, &session, &terms)).await
    }

    async fn session(&self, vault: VaultId, token_hash: Hash) -> StoreResult<Option<(SessionRow, VaultRow)>> {
        self.read(move |db| sessions::find(db, vault, token_hash)).await
    }

    async fn touch_session(&self, vault: VaultId, session: SessionRow, now_ms: u64) -> StoreResult<()> {
        self.write(move |db| sessions::touch(db, vault, &session, now_ms)).await
    }

    async fn end_session(&self, vault: VaultId, token_hash: Hash) -> StoreResult<()> {
        self.write(move |db| sessions::end(db, vault, token_hash)).await
    }

    async fn end_sessions_of(&self, vault: VaultId, key: SigningPublicKey) -> StoreResult<()> {
        self.write(move |db| sessions::end_all_of(db, vault, key)).await
    }

    async fn set_deletion(&self, vault: VaultId, due_ms: Option<u64>) -> StoreResult<()> {
        self.write(move |db| vaults::set_deletion(db, vault, due_ms)).await
    }

    async fn delete(&self, vault: VaultId, receipt: Hash, now_ms: u64) -> StoreResult<Option<Receipt>> {
        self.write(move |db| vaults::delete(db, vault, receipt, now_ms)).await
    }

    async fn receipts(&self, vault: VaultId) -> StoreResult<Vec<Receipt>> {
        self.read(move |db| vaults::receipts(db, vault)).await
    }

    async fn due(&self, now_ms: u64) -> StoreResult<Vec<VaultId>> {
        self.read(move |db| vaults::due(db, now_ms)).await
    }

    async fn sweep(&self, now_ms: u64, terms: SessionTerms) -> StoreResult<()> {
        self.write(move |db| {
            sessions::sweep(db, now_ms, &terms)?;
            relay::sweep(db, now_ms)
        })
        .await
    }

    async fn bootstrap(&self, vault: VaultId) -> StoreResult<Option<BootstrapRow>> {
        self.read(move |db| vaults::bootstrap(db, vault)).await
    }

    async fn put_bootstrap(&self, vault: VaultId, row: Option<BootstrapRow>) -> StoreResult<()> {
        self.write(move |db| vaults::put_bootstrap(db, vault, row.as_ref())).await
    }

    async fn grants(&self, vault: VaultId) -> StoreResult<Vec<Grant>> {
        self.read(move |db| grants::all(db, vault)).await
    }

    async fn put_grant(&self, vault: VaultId, grant: Grant) -> StoreResult<bool> {
        self.write(move |db| grants::put(db, vault, &grant)).await
    }

    async fn make_promo(&self, promo: PromoRow) -> StoreResult<()> {
        self.write(move |db| grants::make_promo(db, &promo)).await
    }

    async fn promos(&self) -> StoreResult<Vec<PromoRow>> {
        self.read(grants::promos).await
    }

    async fn redeem(&self, vault: VaultId, code_hash: Hash, now_ms: u64) -> StoreResult<bool> {
        self.write(move |db| grants::redeem(db, vault, code_hash, now_ms)).await
    }

    async fn relay_send(&self, place: RelayPlace, message: Vec<u8>, now_ms: u64, expires_ms: u64) -> StoreResult<Relayed> {
        self.write(move |db| relay::send(db, place, &message, now_ms, expires_ms)).await
    }

    async fn relay_receive(&self, place: RelayPlace, now_ms: u64) -> StoreResult<Option<Vec<u8>>> {
        self.read(move |db| relay::receive(db, place, now_ms)).await
    }

    async fn relay_close(&self, channel: RelayChannel) -> StoreResult<()> {
        self.write(move |db| relay::close(db, channel)).await
    }

    async fn vaults(&self, after: VaultId, limit: u32) -> StoreResult<Vec<VaultRow>> {
        self.read(move |db| vaults::page(db, after, limit)).await
    }
}

impl BlobTables for SqliteStore {
    async fn claim_blob(&self, claim: NewBlob) -> StoreResult<Claimed> {
        self.write(move |db| blobs::claim(db, &claim)).await
    }

    async fn blob(&self, vault: VaultId, blob: BlobId) -> StoreResult<Option<BlobRow>> {
        self.read(move |db| blobs::find(db, vault, blob)).await
    }

    async fn whole_blobs(&self, vault: VaultId, blobs: Vec<BlobId>) -> StoreResult<Vec<BlobRow>> {
        self.read(move |db| blobs::whole(db, vault, &blobs)).await
    }

    async fn set_upload(&self, object: ObjectName, blob: BlobId, upload: String) -> StoreResult<Option<BlobRow>> {
        self.write(move |db| blobs::set_upload(db, object, blob, &upload)).await
    }

    async fn blob_parts(&self, object: ObjectName) -> StoreResult<Vec<PartRow>> {
        self.read(move |db| blobs::parts(db, object)).await
    }

    async fn note_parts(&self, object: ObjectName, blob: BlobId, parts: Vec<PartRow>) -> StoreResult<bool> {
        self.write(move |db| blobs::note_parts(db, object, blob, &parts)).await
    }

    async fn complete_blob(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
        self.write(move |db| blobs::complete(db, object, blob, now_ms)).await
    }

    async fn give_up_unfinished(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
        self.write(move |db| blobs::give_up_unfinished(db, object, blob, now_ms)).await
    }

    async fn release_blobs(&self, vault: VaultId, blobs: Vec<BlobId>, now_ms: u64) -> StoreResult<Vec<Waste>> {
        self.write(move |db| blobs::release(db, vault, &blobs, now_ms)).await
    }

    async fn give_up_blobs(&self, begun_before_ms: u64, now_ms: u64) -> StoreResult<u64> {
        self.write(move |db| blobs::give_up_unnamed(db, begun_before_ms, now_ms)).await
    }

    async fn due_waste(&self, now_ms: u64) -> StoreResult<Vec<Waste>> {
        self.read(move |db| blobs::due_waste(db, now_ms)).await
    }

    async fn waste_of(&self, vault: VaultId) -> StoreResult<Vec<Waste>> {
        self.read(move |db| blobs::waste_of(db, vault)).await
    }

    async fn put_waste(&self, object: ObjectName, step: WasteStep) -> StoreResult<()> {
        self.write(move |db| blobs::put_waste(db, object, step)).await
    }

    async fn blob_usage(&self, vault: VaultId) -> StoreResult<BlobUsage> {
        self.read(move |db| blobs::usage(db, vault)).await
    }
}
