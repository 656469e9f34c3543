//! Vaults, their control logs, deletion and the record of "address + password".

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use vault_protocol::{Hash, VaultId, api::Receipt};

use super::{
    blobs,
    convert::{array, blob, hash, key, vault},
};
use crate::store::{Appended, BootstrapRow, ControlRow, DELETED_TABLES, DUE_AT_ONCE, Registration, Room, StoreResult, VaultRow};

const COLUMNS: &str =
    "vault, instance, did, genesis, registered_ms, n_entries, n_control, stored_bytes, control_bytes, last_push_ms, deletion_due_ms";

/// A vault's columns from `at` on.
pub(super) fn vault_row(row: &Row<'_>, at: usize) -> rusqlite::Result<VaultRow> {
    Ok(VaultRow {
        vault: vault(row, at)?,
        instance: array(row, at + 1)?,
        did: key(row, at + 2)?,
        genesis: hash(row, at + 3)?,
        registered_ms: row.get(at + 4)?,
        n_entries: row.get(at + 5)?,
        n_control: row.get(at + 6)?,
        stored_bytes: row.get(at + 7)?,
        control_bytes: row.get(at + 8)?,
        last_push_ms: row.get(at + 9)?,
        deletion_due_ms: row.get(at + 10)?,
    })
}

pub(super) fn secret(db: &Connection, name: &str, candidate: [u8; 32]) -> StoreResult<[u8; 32]> {
    db.execute("INSERT INTO server (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![name, blob(&candidate)])?;
    Ok(db.query_row("SELECT value FROM server WHERE name = ?1", [name], |row| array(row, 0))?)
}

pub(super) fn find(db: &Connection, vault: VaultId) -> StoreResult<Option<VaultRow>> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM vaults WHERE vault = ?1"))?;
    Ok(statement.query_row([blob(&vault.0)], |row| vault_row(row, 0)).optional()?)
}

pub(super) fn page(db: &Connection, after: VaultId, limit: u32) -> StoreResult<Vec<VaultRow>> {
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} FROM vaults WHERE vault > ?1 ORDER BY vault LIMIT ?2"))?;
    let rows = statement.query_map(params![blob(&after.0), limit], |row| vault_row(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn register(db: &Connection, row: &VaultRow, genesis: &[u8]) -> StoreResult<Registration> {
    if let Some(known) = find(db, row.vault)? {
        return Ok(Registration::Known { genesis: known.genesis });
    }
    db.execute(
        &format!("INSERT INTO vaults ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
        params![
            blob(&row.vault.0),
            blob(&row.instance),
            blob(&row.did.0),
            blob(&row.genesis.0),
            row.registered_ms,
            row.n_entries,
            row.n_control,
            row.stored_bytes,
            row.control_bytes,
            row.last_push_ms,
            row.deletion_due_ms,
        ],
    )?;
    insert_control(db, row.vault, 1, &row.genesis, genesis)?;
    Ok(Registration::Created)
}

pub(super) fn control(db: &Connection, vault: VaultId, after: u64, max_bytes: u64) -> StoreResult<Vec<Vec<u8>>> {
    let mut statement = db.prepare_cached("SELECT wire FROM control WHERE vault = ?1 AND place > ?2 ORDER BY place")?;
    let mut rows = statement.query(params![blob(&vault.0), after])?;
    let mut entries: Vec<Vec<u8>> = Vec::new();
    let mut n_bytes = 0;
    while let Some(row) = rows.next()? {
        let wire: Vec<u8> = row.get(0)?;
        n_bytes += wire.len() as u64;
        if !entries.is_empty() && n_bytes > max_bytes {
            break;
        }
        entries.push(wire);
    }
    Ok(entries)
}

pub(super) fn append_control(
    db: &Connection,
    vault: VaultId,
    instance: [u8; 16],
    n_control: u64,
    entries: &[ControlRow],
    room: Room,
) -> StoreResult<Appended> {
    let Some(row) = find(db, vault)?.filter(|row| row.instance == instance && row.n_control == n_control) else {
        return Ok(Appended::Moved);
    };
    let n_bytes: u64 = entries.iter().map(|entry| entry.wire.len() as u64).sum();
    if !room.has_room(&row, n_bytes) {
        return Ok(Appended::Full);
    }
    for (place, entry) in (n_control + 1..).zip(entries) {
        insert_control(db, vault, place, &entry.hash, &entry.wire)?;
    }
    db.execute(
        "UPDATE vaults SET n_control = n_control + ?2, stored_bytes = stored_bytes + ?3, control_bytes = control_bytes + ?3 WHERE vault = ?1",
        params![blob(&vault.0), entries.len() as u64, n_bytes],
    )?;
    Ok(Appended::Done)
}

fn insert_control(db: &Connection, vault: VaultId, place: u64, hash: &Hash, wire: &[u8]) -> StoreResult<()> {
    let mut statement = db.prepare_cached("INSERT INTO control (vault, place, hash, wire) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![blob(&vault.0), place, blob(&hash.0), blob(wire)])?;
    Ok(())
}

pub(super) fn set_deletion(db: &Connection, vault: VaultId, due_ms: Option<u64>) -> StoreResult<()> {
    db.execute("UPDATE vaults SET deletion_due_ms = ?2 WHERE vault = ?1", params![blob(&vault.0), due_ms])?;
    Ok(())
}

pub(super) fn delete(db: &Connection, vault: VaultId, receipt: Hash, now_ms: u64) -> StoreResult<Option<Receipt>> {
    let Some(row) = find(db, vault)? else { return Ok(None) };
    let usage = blobs::usage(db, vault)?;
    blobs::give_up_all(db, vault, now_ms)?;
    for table in DELETED_TABLES {
        db.execute(&format!("DELETE FROM {table} WHERE vault = ?1"), [blob(&vault.0)])?;
    }
    let VaultRow { n_entries, n_control, stored_bytes, .. } = row;
    db.execute(
        "INSERT INTO receipts (vault, receipt, deleted_ms, n_entries, n_control, stored_bytes, n_blobs, blob_bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![blob(&vault.0), blob(&receipt.0), now_ms, n_entries, n_control, stored_bytes, usage.n_blobs, usage.stored_bytes],
    )?;
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

pub(super) fn receipts(db: &Connection, vault: VaultId) -> StoreResult<Vec<Receipt>> {
    let mut statement =
        db.prepare("SELECT receipt, deleted_ms, n_entries, n_control, stored_bytes, n_blobs, blob_bytes FROM receipts WHERE vault = ?1 ORDER BY deleted_ms")?;
    let receipt = |row: &Row<'_>| {
        Ok(Receipt {
            vault,
            receipt: hash(row, 0)?,
            deleted_ms: row.get(1)?,
            n_entries: row.get(2)?,
            n_control: row.get(3)?,
            stored_bytes: row.get(4)?,
            n_blobs: row.get(5)?,
            blob_bytes: row.get(6)?,
        })
    };
    Ok(statement.query_map([blob(&vault.0)], receipt)?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn due(db: &Connection, now_ms: u64) -> StoreResult<Vec<VaultId>> {
    let mut statement = db.prepare("SELECT vault FROM vaults WHERE deletion_due_ms <= ?1 LIMIT ?2")?;
    Ok(statement.query_map(params![now_ms, DUE_AT_ONCE], |row| vault(row, 0))?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn bootstrap(db: &Connection, vault: VaultId) -> StoreResult<Option<BootstrapRow>> {
    let read = |row: &Row<'_>| Ok(BootstrapRow { hash: hash(row, 0)?, record: row.get(1)? });
    Ok(db.query_row("SELECT hash, record FROM bootstraps WHERE vault = ?1", [blob(&vault.0)], read).optional()?)
}

pub(super) fn put_bootstrap(db: &Connection, vault: VaultId, row: Option<&BootstrapRow>) -> StoreResult<()> {
    match row {
        Some(row) => db.execute(
            // Only where the vault still is: nothing may be left behind by a deletion.
            "INSERT INTO bootstraps (vault, hash, record) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM vaults WHERE vault = ?1)
             ON CONFLICT (vault) DO UPDATE SET hash = excluded.hash, record = excluded.record",
            params![blob(&vault.0), blob(&row.hash.0), blob(&row.record)],
        )?,
        None => db.execute("DELETE FROM bootstraps WHERE vault = ?1", [blob(&vault.0)])?,
    };
    Ok(())
}
