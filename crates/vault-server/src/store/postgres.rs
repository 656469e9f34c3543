//! A store in PostgreSQL, or in a database that speaks its protocol: every transaction is serialisable and is tried again where the database
//! could not order it. No joins between vaults, no sequences, no notifications, no advisory locks.

mod blobs;
mod convert;
mod entries;
mod grants;
mod pool;
mod relay;
mod sessions;
mod vaults;

use std::path::Path;

use vault_protocol::{BlobId, Hash, SigningPublicKey, VaultId, VersionVector, api::BlobUsage, api::Receipt, api::RelayChannel};

use super::{
    Appended, BlobRow, BlobTables, BootstrapRow, Claimed, ControlRow, EntryPage, Grant, LogRow, NewBlob, NewEntry, ObjectName, PartRow,
    PromoRow, PushOutcome, PushTerms, Registration, RelayPlace, Relayed, Room, SessionRow, SessionTerms, Store, StoreError, StoreResult,
    UsedNonce, VaultRow, Waste, WasteStep,
};
use pool::{Access, Pool};

/// Kept in `nt2_version`.
const SCHEMA_VERSION: i64 = 2;

/// One PostgreSQL database.
pub struct PostgresStore(Pool);

/// Runs an expression in a transaction, again if the database says so.
macro_rules! transaction {
    ($store:ident, $access:expr, |$db:ident| $body:expr) => {{
        let mut attempt = 0;
        loop {
            let result = async {
                let mut connection = $store.0.take().await?;
                let result = async {
                    let $db = connection.begin($access).await?;
                    let value = $body.await?;
                    $db.commit().await?;
                    Ok(value)
                };
                let result: StoreResult<_> = result.await;
                $store.0.give_back(connection, result.is_ok());
                result
            };
            match result.await {
                Err(error) if pool::may_retry(&error) && attempt < pool::MAX_RETRIES => {
                    pool::back_off(attempt).await;
                    attempt += 1;
                }
                // Still in each other's way after all that: too much at once.
                Err(error) if pool::may_retry(&error) => break Err(StoreError::Busy),
                result => break result,
            }
        }
    }};
}

impl PostgresStore {
    /// Connects to `url` (`postgres://…`) with up to `n_connections`, and makes the tables if there are none. Certificates are checked against
    /// the public authorities, or against those in the file `ca` (PEM); whether TLS is wanted says `sslmode` in the address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`], [`StoreError::Newer`].
    pub async fn connect(url: &str, ca: Option<&Path>, n_connections: usize) -> StoreResult<Self> {
        let store = Self(Pool::new(url, ca, n_connections)?);
        let version = transaction!(store, Access::Write, |db| vaults::prepare(&db, SCHEMA_VERSION))?;
        if version == SCHEMA_VERSION { Ok(store) } else { Err(StoreError::Newer) }
    }
}

impl Store for PostgresStore {
    async fn secret(&self, name: &'static str, candidate: [u8; 32]) -> StoreResult<[u8; 32]> {
        transaction!(self, Access::Write, |db| vaults::secret(&db, name, &candidate))
    }

    async fn ping(&self) -> StoreResult<()> {
        transaction!(self, Access::Read, |db| vaults::ping(&db))
    }

    async fn register(&self, row: VaultRow, genesis: Vec<u8>) -> StoreResult<Registration> {
        transaction!(self, Access::Write, |db| vaults::register(&db, &row, &genesis))
    }

    async fn vault(&self, vault: VaultId) -> StoreResult<Option<VaultRow>> {
        transaction!(self, Access::Read, |db| vaults::find(&db, vault))
    }

    async fn control(&self, vault: VaultId, after: u64, max_bytes: u64) -> StoreResult<Vec<Vec<u8>>> {
        transaction!(self, Access::Read, |db| vaults::control(&db, vault, after, max_bytes))
    }

    async fn append_control(
        &self,
        vault: VaultId,
        instance: [u8; 16],
        n_control: u64,
        entries: Vec<ControlRow>,
        room: Room,
    ) -> StoreResult<Appended> {
        transaction!(self, Access::Write, |db| vaults::append_control(&db, vault, instance, n_control, &entries, room))
    }

    async fn push(&self, terms: PushTerms, entries: Vec<NewEntry>) -> StoreResult<PushOutcome> {
        transaction!(self, Access::Write, |db| entries::push(&db, &terms, &entries))
    }

    async fn pull(&self, vault: VaultId, known: VersionVector, max_bytes: u64) -> StoreResult<EntryPage> {
        transaction!(self, Access::Read, |db| entries::pull(&db, vault, &known, max_bytes))
    }

    async fn heads(&self, vault: VaultId) -> StoreResult<VersionVector> {
        transaction!(self, Access::Read, |db| entries::heads(&db, vault))
    }

    async fn logs(&self, vault: VaultId) -> StoreResult<Vec<LogRow>> {
        transaction!(self, Access::Read, |db| entries::logs(&db, vault))
    }

    async fn seen(&self, vault: VaultId) -> StoreResult<Vec<(SigningPublicKey, u64)>> {
        transaction!(self, Access::Read, |db| sessions::seen(&db, vault))
    }

    async fn open_session(&self, vault: VaultId, nonce: UsedNonce, session: SessionRow, terms: SessionTerms) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| sessions::open(&db, vault, &nonce, &session, &terms))
    }

    async fn session(&self, vault: VaultId, token_hash: Hash) -> StoreResult<Option<(SessionRow, VaultRow)>> {
        transaction!(self, Access::Read, |db| sessions::find(&db, vault, token_hash))
    }

    async fn touch_session(&self, vault: VaultId, session: SessionRow, now_ms: u64) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| sessions::touch(&db, vault, &session, now_ms))
    }

    async fn end_session(&self, vault: VaultId, token_hash: Hash) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| sessions::end(&db, vault, token_hash))
    }

    async fn end_sessions_of(&self, vault: VaultId, key: SigningPublicKey) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| sessions::end_all_of(&db, vault, key))
    }

    async fn set_deletion(&self, vault: VaultId, due_ms: Option<u64>) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| vaults::set_deletion(&db, vault, due_ms))
    }

    async fn delete(&self, vault: VaultId, receipt: Hash, now_ms: u64) -> StoreResult<Option<Receipt>> {
        transaction!(self, Access::Write, |db| vaults::delete(&db, vault, receipt, now_ms))
    }

    async fn receipts(&self, vault: VaultId) -> StoreResult<Vec<Receipt>> {
        transaction!(self, Access::Read, |db| vaults::receipts(&db, vault))
    }

    async fn due(&self, now_ms: u64) -> StoreResult<Vec<VaultId>> {
        transaction!(self, Access::Read, |db| vaults::due(&db, now_ms))
    }

    async fn sweep(&self, now_ms: u64, terms: SessionTerms) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| sessions::sweep(&db, now_ms, &terms))?;
        transaction!(self, Access::Write, |db| relay::sweep(&db, now_ms))
    }

    async fn bootstrap(&self, vault: VaultId) -> StoreResult<Option<BootstrapRow>> {
        transaction!(self, Access::Read, |db| vaults::bootstrap(&db, vault))
    }

    async fn put_bootstrap(&self, vault: VaultId, row: Option<BootstrapRow>) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| vaults::put_bootstrap(&db, vault, row.as_ref()))
    }

    async fn grants(&self, vault: VaultId) -> StoreResult<Vec<Grant>> {
        transaction!(self, Access::Read, |db| grants::all(&db, vault))
    }

    async fn put_grant(&self, vault: VaultId, grant: Grant) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| grants::put(&db, vault, &grant))
    }

    async fn make_promo(&self, promo: PromoRow) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| grants::make_promo(&db, &promo))
    }

    async fn promos(&self) -> StoreResult<Vec<PromoRow>> {
        transaction!(self, Access::Read, |db| grants::promos(&db))
    }

    async fn redeem(&self, vault: VaultId, code_hash: Hash, now_ms: u64) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| grants::redeem(&db, vault, code_hash, now_ms))
    }

    async fn relay_send(&self, place: RelayPlace, message: Vec<u8>, now_ms: u64, expires_ms: u64) -> StoreResult<Relayed> {
        transaction!(self, Access::Write, |db| relay::send(&db, place, &message, now_ms, expires_ms))
    }

    async fn relay_receive(&self, place: RelayPlace, now_ms: u64) -> StoreResult<Option<Vec<u8>>> {
        transaction!(self, Access::Read, |db| relay::receive(&db, place, now_ms))
    }

    async fn relay_close(&self, channel: RelayChannel) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| relay::close(&db, channel))
    }

    async fn vaults(&self, after: VaultId, limit: u32) -> StoreResult<Vec<VaultRow>> {
        transaction!(self, Access::Read, |db| vaults::page(&db, after, limit))
    }
}

impl BlobTables for PostgresStore {
    async fn claim_blob(&self, claim: NewBlob) -> StoreResult<Claimed> {
        transaction!(self, Access::Write, |db| blobs::claim(&db, &claim))
    }

    async fn blob(&self, vault: VaultId, blob: BlobId) -> StoreResult<Option<BlobRow>> {
        transaction!(self, Access::Read, |db| blobs::find(&db, vault, blob))
    }

    async fn whole_blobs(&self, vault: VaultId, blobs: Vec<BlobId>) -> StoreResult<Vec<BlobRow>> {
        transaction!(self, Access::Read, |db| blobs::whole(&db, vault, &blobs))
    }

    async fn set_upload(&self, object: ObjectName, blob: BlobId, upload: String) -> StoreResult<Option<BlobRow>> {
        transaction!(self, Access::Write, |db| blobs::set_upload(&db, object, blob, &upload))
    }

    async fn blob_parts(&self, object: ObjectName) -> StoreResult<Vec<PartRow>> {
        transaction!(self, Access::Read, |db| blobs::parts(&db, object))
    }

    async fn note_parts(&self, object: ObjectName, blob: BlobId, parts: Vec<PartRow>) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| blobs::note_parts(&db, object, blob, &parts))
    }

    async fn complete_blob(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| blobs::complete(&db, object, blob, now_ms))
    }

    async fn give_up_unfinished(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
        transaction!(self, Access::Write, |db| blobs::give_up_unfinished(&db, object, blob, now_ms))
    }

    async fn release_blobs(&self, vault: VaultId, blobs: Vec<BlobId>, now_ms: u64) -> StoreResult<Vec<Waste>> {
        transaction!(self, Access::Write, |db| blobs::release(&db, vault, &blobs, now_ms))
    }

    async fn give_up_blobs(&self, begun_before_ms: u64, now_ms: u64) -> StoreResult<u64> {
        transaction!(self, Access::Write, |db| blobs::give_up_unnamed(&db, begun_before_ms, now_ms))
    }

    async fn due_waste(&self, now_ms: u64) -> StoreResult<Vec<Waste>> {
        transaction!(self, Access::Read, |db| blobs::due_waste(&db, now_ms))
    }

    async fn waste_of(&self, vault: VaultId) -> StoreResult<Vec<Waste>> {
        transaction!(self, Access::Read, |db| blobs::waste_of(&db, vault))
    }

    async fn put_waste(&self, object: ObjectName, step: WasteStep) -> StoreResult<()> {
        transaction!(self, Access::Write, |db| blobs::put_waste(&db, object, step))
    }

    async fn blob_usage(&self, vault: VaultId) -> StoreResult<BlobUsage> {
        transaction!(self, Access::Read, |db| blobs::usage(&db, vault))
    }
}
