//! Claims, parts, names and waste of blobs.

use tokio_postgres::Row;
use vault_protocol::{BlobId, VaultId, api::BlobUsage, entry::WireEntry};

use super::{
    convert::{array, big, bytes, maybe_number, number, vault},
    pool::Db,
    vaults,
};
use crate::store::{
    BlobRow, Claimed, NewBlob, NewEntry, ObjectName, PartRow, StoreError, StoreResult, Waste, WasteStep,
    blobs::{RENEW_MS, WASTE_AT_ONCE},
};

/// Entries read at once when names are collected.
const ENTRY_ROWS: i32 = 64;

fn blob_row(vault: VaultId, row: &Row) -> StoreResult<BlobRow> {
    Ok(BlobRow {
        blob: BlobId(array(row, 0)?),
        object: ObjectName { vault, object: array(row, 1)? },
        upload: row.try_get(2)?,
        len_bytes: number(row, 3)?,
        part_bytes: u32::try_from(number(row, 4)?).map_err(|_too_great| StoreError::Corrupt)?,
        completed_ms: maybe_number(row, 5)?,
    })
}

pub(super) async fn find(db: &Db<'_>, vault: VaultId, blob: BlobId) -> StoreResult<Option<BlobRow>> {
    let sql = "SELECT blob, object, upload, len_bytes, part_bytes, completed_ms FROM blobs WHERE vault = $1 AND blob = $2";
    db.one(sql, &[&&vault.0[..], &&blob.0[..]]).await?.map(|row| blob_row(vault, &row)).transpose()
}

/// The blob, if it is still the one that this object is for.
async fn find_same(db: &Db<'_>, object: ObjectName, blob: BlobId) -> StoreResult<Option<BlobRow>> {
    Ok(find(db, object.vault, blob).await?.filter(|row| row.object == object))
}

pub(super) async fn claim(db: &Db<'_>, claim: &NewBlob) -> StoreResult<Claimed> {
    let vault = claim.object.vault;
    if vaults::find(db, vault).await?.is_none_or(|row| row.instance != claim.instance) {
        return Ok(Claimed::Moved);
    }
    let (id, blob) = (&vault.0[..], &claim.blob.0[..]);
    if let Some(row) = find(db, vault, claim.blob).await? {
        let sql = "UPDATE blobs SET begun_ms = $3 WHERE vault = $1 AND blob = $2 AND begun_ms < $4";
        db.execute(sql, &[&id, &blob, &big(claim.now_ms), &big(claim.now_ms.saturating_sub(RENEW_MS))]).await?;
        return Ok(Claimed::Row(row));
    }
    if !claim.has_room(&usage(db, vault).await?) {
        return Ok(Claimed::Full);
    }
    let named = db.one("SELECT 1 FROM blob_names WHERE vault = $1 AND blob = $2", &[&id, &blob]).await?.is_some();
    let sql = "INSERT INTO blobs (vault, blob, object, upload, len_bytes, part_bytes, begun_ms, completed_ms, named)
               VALUES ($1, $2, $3, NULL, $4, $5, $6, NULL, $7)";
    let (object, len, part) = (&claim.object.object[..], big(claim.len_bytes), i64::from(claim.part_bytes));
    db.execute(sql, &[&id, &blob, &object, &len, &part, &big(claim.now_ms), &i64::from(named)]).await?;
    let sql = "INSERT INTO blob_usage (vault, n_blobs, stored_bytes) VALUES ($1, 1, $2)
               ON CONFLICT (vault) DO UPDATE SET n_blobs = blob_usage.n_blobs + 1, stored_bytes = blob_usage.stored_bytes + $2";
    db.execute(sql, &[&id, &len]).await?;
    let NewBlob { blob, object, len_bytes, part_bytes, .. } = *claim;
    Ok(Claimed::Row(BlobRow { blob, object, upload: None, len_bytes, part_bytes, completed_ms: None }))
}

pub(super) async fn whole(db: &Db<'_>, vault: VaultId, blobs: &[BlobId]) -> StoreResult<Vec<BlobRow>> {
    let ids: Vec<&[u8]> = blobs.iter().map(|blob| &blob.0[..]).collect();
    let sql = "SELECT blob, object, upload, len_bytes, part_bytes, completed_ms FROM blobs
               WHERE vault = $1 AND blob = ANY($2) AND completed_ms IS NOT NULL";
    db.all(sql, &[&&vault.0[..], &ids]).await?.iter().map(|row| blob_row(vault, row)).collect()
}

pub(super) async fn set_upload(db: &Db<'_>, object: ObjectName, blob: BlobId, upload: &str) -> StoreResult<Option<BlobRow>> {
    let sql = "UPDATE blobs SET upload = $4 WHERE vault = $1 AND blob = $2 AND object = $3 AND upload IS NULL";
    db.execute(sql, &[&&object.vault.0[..], &&blob.0[..], &&object.object[..], &upload]).await?;
    find_same(db, object, blob).await
}

pub(super) async fn parts(db: &Db<'_>, object: ObjectName) -> StoreResult<Vec<PartRow>> {
    let sql = "SELECT part, tag FROM blob_parts WHERE vault = $1 AND object = $2 ORDER BY part";
    let part = |row: &Row| {
        let part = u32::try_from(number(row, 0)?).map_err(|_too_great| StoreError::Corrupt)?;
        Ok(PartRow { part, tag: row.try_get(1)? })
    };
    db.all(sql, &[&&object.vault.0[..], &&object.object[..]]).await?.iter().map(part).collect()
}

pub(super) async fn note_parts(db: &Db<'_>, object: ObjectName, blob: BlobId, parts: &[PartRow]) -> StoreResult<bool> {
    if find_same(db, object, blob).await?.is_none_or(|row| row.completed_ms.is_some()) {
        return Ok(false);
    }
    for part in parts {
        let sql = "INSERT INTO blob_parts (vault, object, part, tag) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (vault, object, part) DO UPDATE SET tag = excluded.tag";
        db.execute(sql, &[&&object.vault.0[..], &&object.object[..], &i64::from(part.part), &part.tag]).await?;
    }
    Ok(true)
}

pub(super) async fn complete(db: &Db<'_>, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
    let Some(row) = find_same(db, object, blob).await? else { return Ok(false) };
    if row.completed_ms.is_none() {
        let sql = "UPDATE blobs SET completed_ms = $3 WHERE vault = $1 AND blob = $2";
        db.execute(sql, &[&&object.vault.0[..], &&blob.0[..], &big(now_ms)]).await?;
        forget_parts(db, object).await?;
    }
    Ok(true)
}

async fn forget_parts(db: &Db<'_>, object: ObjectName) -> StoreResult<()> {
    let sql = "DELETE FROM blob_parts WHERE vault = $1 AND object = $2";
    db.execute(sql, &[&&object.vault.0[..], &&object.object[..]]).await.map(|_n| ())
}

pub(super) async fn give_up_unfinished(db: &Db<'_>, object: ObjectName, blob: BlobId, now_ms: u64) -> StoreResult<bool> {
    match find_same(db, object, blob).await? {
        Some(row) if row.completed_ms.is_some() => Ok(true),
        Some(row) => give_up(db, row, now_ms).await.map(|_waste| false),
        None => Ok(false),
    }
}

pub(super) async fn release(db: &Db<'_>, vault: VaultId, blobs: &[BlobId], now_ms: u64) -> StoreResult<Vec<Waste>> {
    let mut waste = Vec::new();
    for blob in blobs {
        if let Some(row) = find(db, vault, *blob).await? {
            waste.push(give_up(db, row, now_ms).await?);
        }
    }
    Ok(waste)
}

async fn give_up(db: &Db<'_>, row: BlobRow, now_ms: u64) -> StoreResult<Waste> {
    let (id, object) = (&row.object.vault.0[..], &row.object.object[..]);
    db.execute("DELETE FROM blobs WHERE vault = $1 AND blob = $2", &[&id, &&row.blob.0[..]]).await?;
    forget_parts(db, row.object).await?;
    let sql = "UPDATE blob_usage SET n_blobs = n_blobs - 1, stored_bytes = stored_bytes - $2 WHERE vault = $1";
    db.execute(sql, &[&id, &big(row.len_bytes)]).await?;
    let sql = "INSERT INTO blob_waste (vault, object, upload, due_ms, again) VALUES ($1, $2, $3, $4, 0)";
    db.execute(sql, &[&id, &object, &row.upload, &big(now_ms)]).await?;
    Ok(Waste { object: row.object, upload: row.upload.clone(), again: false })
}

pub(super) async fn give_up_unnamed(db: &Db<'_>, begun_before_ms: u64, now_ms: u64) -> StoreResult<u64> {
    let sql = "SELECT blob, object, upload, len_bytes, part_bytes, completed_ms, vault FROM blobs
               WHERE named = 0 AND begun_ms < $1 ORDER BY begun_ms LIMIT $2";
    let rows = db.all(sql, &[&big(begun_before_ms), &i64::from(WASTE_AT_ONCE)]).await?;
    for row in &rows {
        give_up(db, blob_row(vault(row, 6)?, row)?, now_ms).await?;
    }
    Ok(rows.len() as u64)
}

/// All of a vault whose other tables are being emptied.
pub(super) async fn give_up_all(db: &Db<'_>, vault: VaultId, now_ms: u64) -> StoreResult<()> {
    let sql =
        "INSERT INTO blob_waste (vault, object, upload, due_ms, again) SELECT vault, object, upload, $2, 0 FROM blobs WHERE vault = $1";
    db.execute(sql, &[&&vault.0[..], &big(now_ms)]).await.map(|_n| ())
}

fn waste_row(row: &Row) -> StoreResult<Waste> {
    let object = ObjectName { vault: vault(row, 0)?, object: array(row, 1)? };
    Ok(Waste { object, upload: row.try_get(2)?, again: number(row, 3)? != 0 })
}

pub(super) async fn due_waste(db: &Db<'_>, now_ms: u64) -> StoreResult<Vec<Waste>> {
    let sql = "SELECT vault, object, upload, again FROM blob_waste WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2";
    db.all(sql, &[&big(now_ms), &i64::from(WASTE_AT_ONCE)]).await?.iter().map(waste_row).collect()
}

pub(super) async fn waste_of(db: &Db<'_>, vault: VaultId) -> StoreResult<Vec<Waste>> {
    let sql = "SELECT vault, object, upload, again FROM blob_waste WHERE vault = $1 AND again = 0 LIMIT $2";
    db.all(sql, &[&&vault.0[..], &i64::from(WASTE_AT_ONCE)]).await?.iter().map(waste_row).collect()
}

pub(super) async fn put_waste(db: &Db<'_>, object: ObjectName, step: WasteStep) -> StoreResult<()> {
    let (id, name) = (&object.vault.0[..], &object.object[..]);
    let done = match step {
        WasteStep::Retry(due_ms) => {
            db.execute("UPDATE blob_waste SET due_ms = $3 WHERE vault = $1 AND object = $2", &[&id, &name, &big(due_ms)]).await
        }
        WasteStep::Again(due_ms) => {
            db.execute("UPDATE blob_waste SET due_ms = $3, again = 1 WHERE vault = $1 AND object = $2", &[&id, &name, &big(due_ms)]).await
        }
        WasteStep::Forget => db.execute("DELETE FROM blob_waste WHERE vault = $1 AND object = $2", &[&id, &name]).await,
    };
    done.map(|_n| ())
}

pub(super) async fn usage(db: &Db<'_>, vault: VaultId) -> StoreResult<BlobUsage> {
    let row = db.one("SELECT n_blobs, stored_bytes FROM blob_usage WHERE vault = $1", &[&&vault.0[..]]).await?;
    let read = |row: Row| Ok(BlobUsage { n_blobs: number(&row, 0)?, stored_bytes: number(&row, 1)?, max_bytes: 0 });
    row.map_or(Ok(BlobUsage::default()), read)
}

/// Notes what new entries name.
pub(super) async fn name(db: &Db<'_>, vault: VaultId, entries: &[&NewEntry]) -> StoreResult<()> {
    let ids: Vec<BlobId> = entries.iter().flat_map(|entry| entry.blobs.iter().copied()).collect();
    name_all(db, vault, &ids).await
}

async fn name_all(db: &Db<'_>, vault: VaultId, ids: &[BlobId]) -> StoreResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<&[u8]> = ids.iter().map(|id| &id.0[..]).collect();
    let sql = "INSERT INTO blob_names (vault, blob) SELECT DISTINCT $1::BYTEA, named.blob FROM unnest($2::BYTEA[]) AS named (blob)
               ON CONFLICT DO NOTHING";
    db.execute(sql, &[&&vault.0[..], &ids]).await?;
    db.execute("UPDATE blobs SET named = 1 WHERE vault = $1 AND blob = ANY($2)", &[&&vault.0[..], &ids]).await.map(|_n| ())
}

/// Notes what all entries name that came before there were names.
pub(super) async fn name_what_was_pushed(db: &Db<'_>) -> StoreResult<()> {
    let portal = db.portal("SELECT vault, wire FROM entries", &[]).await?;
    loop {
        let rows = db.next(&portal, ENTRY_ROWS).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let entry = WireEntry::parse(bytes(&row, 1)?.to_vec()).map_err(|_error| StoreError::Corrupt)?;
            name_all(db, vault(&row, 0)?, entry.blobs()).await?;
        }
    }
}
