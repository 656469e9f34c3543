//! Claims, parts, names and waste of blobs.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use vault_protocol::{BlobId, VaultId, api::BlobUsage, entry::WireEntry};

use super::{
    convert::{array, blob, vault},
    vaults,
};
use crate::store::{
    BlobRow, Claimed, NewBlob, NewEntry, ObjectName, PartRow, StoreResult, Waste, WasteStep,
    blobs::{RENEW_MS, WASTE_AT_ONCE},
};

const COLUMNS: &str = "blob, object, upload, len_bytes, part_bytes, completed_ms";

fn blob_row(vault: VaultId, row: &Row<'_>) -> rusqlite::Result<BlobRow> {
    Ok(BlobRow {
        blob: BlobId(array(row, 0)?),
        object: ObjectName { vault, object: array(row, 1)? },
        upload: row.get(2)?,
        len_bytes: row.get(3)?,
        part_bytes: row.get(4)?,
        completed_ms: row.get(5)?,
    })
}

pub(super) fn find(db: &Connection, vault: VaultId, id: BlobId) -> StoreResult<Option<BlobRow>> {
    let mut one = db.prepare_cached(&format!("SELECT {COLUMNS} FROM blobs WHERE vault = ?1 AND blob = ?2"))?;
    Ok(one.query_row(params![blob(&vault.0), blob(&id.0)], |row| blob_row(vault, row)).optional()?)
}

/// The blob, if it is still the one that this object is for.
fn find_same(db: &Connection, object: ObjectName, id: BlobId) -> StoreResult<Option<BlobRow>> {
    Ok(find(db, object.vault, id)?.filter(|row| row.object == object))
}

pub(super) fn claim(db: &Connection, claim: &NewBlob) -> StoreResult<Claimed> {
    let vault = claim.object.vault;
    if vaults::find(db, vault)?.is_none_or(|row| row.instance != claim.instance) {
        return Ok(Claimed::Moved);
    }
    if let Some(row) = find(db, vault, claim.blob)? {
        let renewed = params![blob(&vault.0), blob(&claim.blob.0), claim.now_ms, claim.now_ms.saturating_sub(RENEW_MS)];
        db.execute("UPDATE blobs SET begun_ms = ?3 WHERE vault = ?1 AND blob = ?2 AND begun_ms < ?4", renewed)?;
        return Ok(Claimed::Row(row));
    }
    if !claim.has_room(&usage(db, vault)?) {
        return Ok(Claimed::Full);
    }
    let named =
        db.prepare_cached("SELECT 1 FROM blob_names WHERE vault = ?1 AND blob = ?2")?.exists([blob(&vault.0), blob(&claim.blob.0)])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO blobs (vault, blob, object, upload, len_bytes, part_bytes, begun_ms, completed_ms, named)
         VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6, NULL, ?7)",
    )?;
    let (id, object) = (blob(&claim.blob.0), blob(&claim.object.object));
    insert.execute(params![blob(&vault.0), id, object, claim.len_bytes, claim.part_bytes, claim.now_ms, named])?;
    let mut count = db.prepare_cached(
        "INSERT INTO blob_usage (vault, n_blobs, stored_bytes) VALUES (?1, 1, ?2)
         ON CONFLICT (vault) DO UPDATE SET n_blobs = n_blobs + 1, stored_bytes = stored_bytes + excluded.stored_bytes",
    )?;
    count.execute(params![blob(&vault.0), claim.len_bytes])?;
    let NewBlob { blob, object, len_bytes, part_bytes, .. } = *claim;
    Ok(Claimed::Row(BlobRow { blob, object, upload: None, len_bytes, part_bytes, completed_ms: None }))
}

pub(super) fn whole(db: &Connection, vault: VaultId, ids: &[BlobId]) -> StoreResult<Vec<BlobRow>> {
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(find(db, vault, *id)?.filter(|row| row.completed_ms.is_some()));
    }
    Ok(rows)
}

pub(super) fn set_upload(db: &Connection, object: ObjectName, id: BlobId, upload: &str) -> StoreResult<Option<BlobRow>> {
    let mut set = db.prepare_cached("UPDATE blobs SET upload = ?4 WHERE vault = ?1 AND blob = ?2 AND object = ?3 AND upload IS NULL")?;
    set.execute(params![blob(&object.vault.0), blob(&id.0), blob(&object.object), upload])?;
    find_same(db, object, id)
}

pub(super) fn parts(db: &Connection, object: ObjectName) -> StoreResult<Vec<PartRow>> {
    let mut all = db.prepare_cached("SELECT part, tag FROM blob_parts WHERE vault = ?1 AND object = ?2 ORDER BY part")?;
    let rows =
        all.query_map(params![blob(&object.vault.0), blob(&object.object)], |row| Ok(PartRow { part: row.get(0)?, tag: row.get(1)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn note_parts(db: &Connection, object: ObjectName, id: BlobId, parts: &[PartRow]) -> StoreResult<bool> {
    if find_same(db, object, id)?.is_none_or(|row| row.completed_ms.is_some()) {
        return Ok(false);
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO blob_parts (vault, object, part, tag) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (vault, object, part) DO UPDATE SET tag = excluded.tag",
    )?;
    for part in parts {
        insert.execute(params![blob(&object.vault.0), blob(&object.object), part.part, part.tag])?;
    }
    Ok(true)
}

pub(super) fn complete(db: &Connection, object: ObjectName, id: BlobId, now_ms: u64) -> StoreResult<bool> {
    let Some(row) = find_same(db, object, id)? else { return Ok(false) };
    if row.completed_ms.is_none() {
        let mut set = db.prepare_cached("UPDATE blobs SET completed_ms = ?3 WHERE vault = ?1 AND blob = ?2")?;
        set.execute(params![blob(&object.vault.0), blob(&id.0), now_ms])?;
        forget_parts(db, object)?;
    }
    Ok(true)
}

fn forget_parts(db: &Connection, object: ObjectName) -> StoreResult<()> {
    let mut forget = db.prepare_cached("DELETE FROM blob_parts WHERE vault = ?1 AND object = ?2")?;
    forget.execute(params![blob(&object.vault.0), blob(&object.object)])?;
    Ok(())
}

pub(super) fn give_up_unfinished(db: &Connection, object: ObjectName, id: BlobId, now_ms: u64) -> StoreResult<bool> {
    match find_same(db, object, id)? {
        Some(row) if row.completed_ms.is_some() => Ok(true),
        Some(row) => give_up(db, row, now_ms).map(|_waste| false),
        None => Ok(false),
    }
}

pub(super) fn release(db: &Connection, vault: VaultId, ids: &[BlobId], now_ms: u64) -> StoreResult<Vec<Waste>> {
    let mut waste = Vec::new();
    for id in ids {
        if let Some(row) = find(db, vault, *id)? {
            waste.push(give_up(db, row, now_ms)?);
        }
    }
    Ok(waste)
}

fn give_up(db: &Connection, row: BlobRow, now_ms: u64) -> StoreResult<Waste> {
    let vault = row.object.vault;
    db.prepare_cached("DELETE FROM blobs WHERE vault = ?1 AND blob = ?2")?.execute(params![blob(&vault.0), blob(&row.blob.0)])?;
    forget_parts(db, row.object)?;
    let mut count = db.prepare_cached("UPDATE blob_usage SET n_blobs = n_blobs - 1, stored_bytes = stored_bytes - ?2 WHERE vault = ?1")?;
    count.execute(params![blob(&vault.0), row.len_bytes])?;
    let mut insert = db.prepare_cached("INSERT INTO blob_waste (vault, object, upload, due_ms, again) VALUES (?1, ?2, ?3, ?4, 0)")?;
    insert.execute(params![blob(&vault.0), blob(&row.object.object), row.upload, now_ms])?;
    Ok(Waste { object: row.object, upload: row.upload, again: false })
}

pub(super) fn give_up_unnamed(db: &Connection, begun_before_ms: u64, now_ms: u64) -> StoreResult<u64> {
    let mut all = db.prepare_cached(&format!(
        "SELECT {COLUMNS}, vault FROM blobs WHERE named = 0 AND begun_ms < ?1 ORDER BY begun_ms LIMIT {WASTE_AT_ONCE}"
    ))?;
    let rows = all.query_map([begun_before_ms], |row| blob_row(vault(row, 6)?, row))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let n_rows = rows.len() as u64;
    for row in rows {
        give_up(db, row, now_ms)?;
    }
    Ok(n_rows)
}

/// All of a vault whose other tables are being emptied.
pub(super) fn give_up_all(db: &Connection, vault: VaultId, now_ms: u64) -> StoreResult<()> {
    let all =
        "INSERT INTO blob_waste (vault, object, upload, due_ms, again) SELECT vault, object, upload, ?2, 0 FROM blobs WHERE vault = ?1";
    db.execute(all, params![blob(&vault.0), now_ms])?;
    Ok(())
}

fn waste_row(row: &Row<'_>) -> rusqlite::Result<Waste> {
    let object = ObjectName { vault: vault(row, 0)?, object: array(row, 1)? };
    Ok(Waste { object, upload: row.get(2)?, again: row.get(3)? })
}

pub(super) fn due_waste(db: &Connection, now_ms: u64) -> StoreResult<Vec<Waste>> {
    let sql = format!("SELECT vault, object, upload, again FROM blob_waste WHERE due_ms <= ?1 ORDER BY due_ms LIMIT {WASTE_AT_ONCE}");
    Ok(db.prepare_cached(&sql)?.query_map([now_ms], waste_row)?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn waste_of(db: &Connection, vault: VaultId) -> StoreResult<Vec<Waste>> {
    let sql = format!("SELECT vault, object, upload, again FROM blob_waste WHERE vault = ?1 AND again = 0 LIMIT {WASTE_AT_ONCE}");
    Ok(db.prepare_cached(&sql)?.query_map([blob(&vault.0)], waste_row)?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_waste(db: &Connection, object: ObjectName, step: WasteStep) -> StoreResult<()> {
    let (vault, name) = (blob(&object.vault.0), blob(&object.object));
    match step {
        WasteStep::Retry(due_ms) => {
            db.execute("UPDATE blob_waste SET due_ms = ?3 WHERE vault = ?1 AND object = ?2", params![vault, name, due_ms])?
        }
        WasteStep::Again(due_ms) => {
            db.execute("UPDATE blob_waste SET due_ms = ?3, again = 1 WHERE vault = ?1 AND object = ?2", params![vault, name, due_ms])?
        }
        WasteStep::Forget => db.execute("DELETE FROM blob_waste WHERE vault = ?1 AND object = ?2", params![vault, name])?,
    };
    Ok(())
}

pub(super) fn usage(db: &Connection, vault: VaultId) -> StoreResult<BlobUsage> {
    let mut one = db.prepare_cached("SELECT n_blobs, stored_bytes FROM blob_usage WHERE vault = ?1")?;
    let read = |row: &Row<'_>| Ok(BlobUsage { n_blobs: row.get(0)?, stored_bytes: row.get(1)?, max_bytes: 0 });
    Ok(one.query_row([blob(&vault.0)], read).optional()?.unwrap_or_default())
}

/// Notes what new entries name.
pub(super) fn name(db: &Connection, vault: VaultId, entries: &[&NewEntry]) -> StoreResult<()> {
    for id in entries.iter().flat_map(|entry| &entry.blobs) {
        name_one(db, vault, *id)?;
    }
    Ok(())
}

fn name_one(db: &Connection, vault: VaultId, id: BlobId) -> StoreResult<()> {
    let mut insert = db.prepare_cached("INSERT INTO blob_names (vault, blob) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    insert.execute([blob(&vault.0), blob(&id.0)])?;
    let mut mark = db.prepare_cached("UPDATE blobs SET named = 1 WHERE vault = ?1 AND blob = ?2")?;
    mark.execute([blob(&vault.0), blob(&id.0)])?;
    Ok(())
}

/// Notes what all entries name that came before there were names.
pub(super) fn name_what_was_pushed(db: &Connection) -> StoreResult<()> {
    let mut all = db.prepare("SELECT vault, wire FROM entries")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let vault = vault(row, 0)?;
        let entry = WireEntry::parse(row.get(1)?).map_err(|_error| crate::store::StoreError::Corrupt)?;
        for id in entry.blobs() {
            name_one(db, vault, *id)?;
        }
    }
    Ok(())
}
