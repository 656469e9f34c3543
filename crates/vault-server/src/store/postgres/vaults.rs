//! Vaults, their control logs, deletion and the record of "address + password".

use tokio_postgres::Row;
use vault_protocol::{Hash, VaultId, api::Receipt};

use super::{
    blobs,
    convert::{array, big, bytes, hash, key, maybe_number, number, vault},
    pool::Db,
};
use crate::store::{
    Appended, BootstrapRow, ControlRow, DELETED_TABLES, DUE_AT_ONCE, Registration, Room, StoreError, StoreResult, VaultRow,
};

/// Rows of a control log fetched at once.
const CONTROL_ROWS: i32 = 64;
/// The tables of SQLite, of which only the types have other names here.
const SCHEMA: &str = include_str!("../schema.sql");
/// From version 1.
const STEP_2: &str = include_str!("../migrations/0002_blobs.sql");

/// Makes the tables, or brings older ones to this version; the version of those that are.
pub(super) async fn prepare(db: &Db<'_>, version: i64) -> StoreResult<i64> {
    let known = "SELECT 1 FROM information_schema.tables WHERE table_name = 'nt2_version' AND table_schema = current_schema()";
    if db.one(known, &[]).await?.is_none() {
        db.batch(&translated(SCHEMA)).await?;
        db.batch(&format!("CREATE TABLE nt2_version (version BIGINT PRIMARY KEY); INSERT INTO nt2_version VALUES ({version})")).await?;
        return Ok(version);
    }
    let row = db.one("SELECT version FROM nt2_version", &[]).await?.ok_or(StoreError::Corrupt)?;
    let found: i64 = row.try_get(0)?;
    if found != 1 {
        return Ok(found);
    }
    db.batch(&translated(STEP_2)).await?;
    blobs::name_what_was_pushed(db).await?;
    db.batch(&format!("UPDATE nt2_version SET version = {version}")).await?;
    Ok(version)
}

/// The same in the words of PostgreSQL.
fn translated(sql: &str) -> String {
    sql.replace(" BLOB", " BYTEA").replace(" INTEGER", " BIGINT").replace(" STRICT, WITHOUT ROWID", "").replace(" STRICT", "")
}

pub(super) async fn ping(db: &Db<'_>) -> StoreResult<()> {
    db.one("SELECT 1", &[]).await.map(|_row| ())
}

/// A vault's columns from `at` on.
pub(super) fn vault_row(row: &Row, at: usize) -> StoreResult<VaultRow> {
    Ok(VaultRow {
        vault: vault(row, at)?,
        instance: array(row, at + 1)?,
        did: key(row, at + 2)?,
        genesis: hash(row, at + 3)?,
        registered_ms: number(row, at + 4)?,
        n_entries: number(row, at + 5)?,
        n_control: number(row, at + 6)?,
        stored_bytes: number(row, at + 7)?,
        control_bytes: number(row, at + 8)?,
        last_push_ms: maybe_number(row, at + 9)?,
        deletion_due_ms: maybe_number(row, at + 10)?,
    })
}

pub(super) async fn secret(db: &Db<'_>, name: &str, candidate: &[u8; 32]) -> StoreResult<[u8; 32]> {
    db.execute("INSERT INTO server (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", &[&name, &&candidate[..]]).await?;
    let row = db.one("SELECT value FROM server WHERE name = $1", &[&name]).await?.ok_or(StoreError::Corrupt)?;
    array(&row, 0)
}

pub(super) async fn find(db: &Db<'_>, vault: VaultId) -> StoreResult<Option<VaultRow>> {
    let sql = "SELECT vault, instance, did, genesis, registered_ms, n_entries, n_control, stored_bytes, control_bytes, last_push_ms,
                      deletion_due_ms
               FROM vaults WHERE vault = $1";
    db.one(sql, &[&&vault.0[..]]).await?.map(|row| vault_row(&row, 0)).transpose()
}

pub(super) async fn page(db: &Db<'_>, after: VaultId, limit: u32) -> StoreResult<Vec<VaultRow>> {
    let sql = "SELECT vault, instance, did, genesis, registered_ms, n_entries, n_control, stored_bytes, control_bytes, last_push_ms,
                      deletion_due_ms
               FROM vaults WHERE vault > $1 ORDER BY vault LIMIT $2";
    db.all(sql, &[&&after.0[..], &i64::from(limit)]).await?.iter().map(|row| vault_row(row, 0)).collect()
}

pub(super) async fn register(db: &Db<'_>, row: &VaultRow, genesis: &[u8]) -> StoreResult<Registration> {
    if let Some(known) = find(db, row.vault).await? {
        return Ok(Registration::Known { genesis: known.genesis });
    }
    db.execute(
        "INSERT INTO vaults (vault, instance, did, genesis, registered_ms, n_entries, n_control, stored_bytes, control_bytes, last_push_ms,
                             deletion_due_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            &&row.vault.0[..],
            &&row.instance[..],
            &&row.did.0[..],
            &&row.genesis.0[..],
            &big(row.registered_ms),
            &big(row.n_entries),
            &big(row.n_control),
            &big(row.stored_bytes),
            &big(row.control_bytes),
            &row.last_push_ms.map(big),
            &row.deletion_due_ms.map(big),
        ],
    )
    .await?;
    insert_control(db, row.vault, 1, &row.genesis, genesis).await?;
    Ok(Registration::Created)
}

pub(super) async fn control(db: &Db<'_>, vault: VaultId, after: u64, max_bytes: u64) -> StoreResult<Vec<Vec<u8>>> {
    let sql = "SELECT wire FROM control WHERE vault = $1 AND place > $2 ORDER BY place";
    let portal = db.portal(sql, &[&&vault.0[..], &big(after)]).await?;
    let mut entries: Vec<Vec<u8>> = Vec::new();
    let mut n_bytes = 0;
    loop {
        let rows = db.next(&portal, CONTROL_ROWS).await?;
        if rows.is_empty() {
            return Ok(entries);
        }
        for row in rows {
            let wire = bytes(&row, 0)?;
            n_bytes += wire.len() as u64;
            if !entries.is_empty() && n_bytes > max_bytes {
                return Ok(entries);
            }
            entries.push(wire.to_vec());
        }
    }
}

pub(super) async fn append_control(
    db: &Db<'_>,
    vault: VaultId,
    instance: [u8; 16],
    n_control: u64,
    entries: &[ControlRow],
    room: Room,
) -> StoreResult<Appended> {
    let row = find(db, vault).await?.filter(|row| row.instance == instance && row.n_control == n_control);
    let Some(row) = row else { return Ok(Appended::Moved) };
    let n_bytes: u64 = entries.iter().map(|entry| entry.wire.len() as u64).sum();
    if !room.has_room(&row, n_bytes) {
        return Ok(Appended::Full);
    }
    for (place, entry) in (n_control + 1..).zip(entries) {
        insert_control(db, vault, place, &entry.hash, &entry.wire).await?;
    }
    let sql = "UPDATE vaults SET n_control = n_control + $2, stored_bytes = stored_bytes + $3, control_bytes = control_bytes + $3
               WHERE vault = $1";
    db.execute(sql, &[&&vault.0[..], &big(entries.len() as u64), &big(n_bytes)]).await?;
    Ok(Appended::Done)
}

async fn insert_control(db: &Db<'_>, vault: VaultId, place: u64, hash: &Hash, wire: &[u8]) -> StoreResult<()> {
    let sql = "INSERT INTO control (vault, place, hash, wire) VALUES ($1, $2, $3, $4)";
    db.execute(sql, &[&&vault.0[..], &big(place), &&hash.0[..], &wire]).await.map(|_n| ())
}

pub(super) async fn set_deletion(db: &Db<'_>, vault: VaultId, due_ms: Option<u64>) -> StoreResult<()> {
    let sql = "UPDATE vaults SET deletion_due_ms = $2 WHERE vault = $1";
    db.execute(sql, &[&&vault.0[..], &due_ms.map(big)]).await.map(|_n| ())
}

pub(super) async fn delete(db: &Db<'_>, vault: VaultId, receipt: Hash, now_ms: u64) -> StoreResult<Option<Receipt>> {
    let Some(row) = find(db, vault).await? else { return Ok(None) };
    let usage = blobs::usage(db, vault).await?;
    blobs::give_up_all(db, vault, now_ms).await?;
    for table in DELETED_TABLES {
        // The id is hexadecimal digits and the tables are ours: nothing of a client's is in this text.
        db.batch(&format!("DELETE FROM {table} WHERE vault = '\\x{vault}'::bytea")).await?;
    }
    let VaultRow { n_entries, n_control, stored_bytes, .. } = row;
    let sql = "INSERT INTO receipts (vault, receipt, deleted_ms, n_entries, n_control, stored_bytes, n_blobs, blob_bytes)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (vault_bytes, receipt_bytes) = (&vault.0[..], &receipt.0[..]);
    let (n_blobs, blob_bytes) = (big(usage.n_blobs), big(usage.stored_bytes));
    let sizes = [big(now_ms), big(n_entries), big(n_control), big(stored_bytes)];
    db.execute(sql, &[&vault_bytes, &receipt_bytes, &sizes[0], &sizes[1], &sizes[2], &sizes[3], &n_blobs, &blob_bytes]).await?;
    Ok(Some(Receipt {
        vault,
        receipt,
        deleted_ms: now_ms,
        n_entries,
        n_control,
        stored_bytes,
        n_blobs: usage.n_blobs,
        blob_bytes: usage.stored_bytes,
    }))
}

pub(super) async fn receipts(db: &Db<'_>, vault: VaultId) -> StoreResult<Vec<Receipt>> {
    let sql = "SELECT receipt, deleted_ms, n_entries, n_control, stored_bytes, n_blobs, blob_bytes FROM receipts WHERE vault = $1 ORDER BY deleted_ms";
    let receipt = |row: &Row| {
        Ok(Receipt {
            vault,
            receipt: hash(row, 0)?,
            deleted_ms: number(row, 1)?,
            n_entries: number(row, 2)?,
            n_control: number(row, 3)?,
            stored_bytes: number(row, 4)?,
            n_blobs: number(row, 5)?,
            blob_bytes: number(row, 6)?,
        })
    };
    db.all(sql, &[&&vault.0[..]]).await?.iter().map(receipt).collect()
}

pub(super) async fn due(db: &Db<'_>, now_ms: u64) -> StoreResult<Vec<VaultId>> {
    let sql = "SELECT vault FROM vaults WHERE deletion_due_ms <= $1 LIMIT $2";
    db.all(sql, &[&big(now_ms), &i64::from(DUE_AT_ONCE)]).await?.iter().map(|row| vault(row, 0)).collect()
}

pub(super) async fn bootstrap(db: &Db<'_>, vault: VaultId) -> StoreResult<Option<BootstrapRow>> {
    let row = db.one("SELECT hash, record FROM bootstraps WHERE vault = $1", &[&&vault.0[..]]).await?;
    row.map(|row| Ok(BootstrapRow { hash: hash(&row, 0)?, record: bytes(&row, 1)?.to_vec() })).transpose()
}

pub(super) async fn put_bootstrap(db: &Db<'_>, vault: VaultId, row: Option<&BootstrapRow>) -> StoreResult<()> {
    db.execute("DELETE FROM bootstraps WHERE vault = $1", &[&&vault.0[..]]).await?;
    // Only where the vault still is: nothing may be left behind by a deletion.
    if let Some(row) = row
        && find(db, vault).await?.is_some()
    {
        let sql = "INSERT INTO bootstraps (vault, hash, record) VALUES ($1, $2, $3)";
        db.execute(sql, &[&&vault.0[..], &&row.hash.0[..], &row.record]).await?;
    }
    Ok(())
}
