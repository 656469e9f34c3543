//! What vaults are entitled to, and codes.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use vault_protocol::{Hash, VaultId};

use super::convert::{blob, hash};
use crate::store::{Grant, PromoRow, StoreResult, promo_grant};

pub(super) fn all(db: &Connection, vault: VaultId) -> StoreResult<Vec<Grant>> {
    let mut all = db.prepare_cached("SELECT source, until_ms, updated_ms FROM grants WHERE vault = ?1")?;
    let grant = |row: &Row<'_>| Ok(Grant { source: row.get(0)?, until_ms: row.get(1)?, updated_ms: row.get(2)? });
    Ok(all.query_map([blob(&vault.0)], grant)?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put(db: &Connection, vault: VaultId, grant: &Grant) -> StoreResult<bool> {
    let n_changed = db.execute(
        "INSERT INTO grants (vault, source, until_ms, updated_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (vault, source) DO UPDATE SET until_ms = excluded.until_ms, updated_ms = excluded.updated_ms
         WHERE grants.updated_ms < excluded.updated_ms OR (grants.updated_ms = excluded.updated_ms
             AND coalesce(grants.until_ms, 9223372036854775807) < coalesce(excluded.until_ms, 9223372036854775807))",
        params![blob(&vault.0), grant.source, grant.until_ms, grant.updated_ms],
    )?;
    Ok(n_changed == 1)
}

fn promo_row(row: &Row<'_>) -> rusqlite::Result<PromoRow> {
    Ok(PromoRow { code_hash: hash(row, 0)?, days: row.get(1)?, n_left: row.get(2)?, expires_ms: row.get(3)? })
}

pub(super) fn make_promo(db: &Connection, promo: &PromoRow) -> StoreResult<()> {
    db.execute(
        "INSERT INTO promos (code_hash, days, n_left, expires_ms) VALUES (?1, ?2, ?3, ?4)",
        params![blob(&promo.code_hash.0), promo.days, promo.n_left, promo.expires_ms],
    )?;
    Ok(())
}

pub(super) fn promos(db: &Connection) -> StoreResult<Vec<PromoRow>> {
    let mut all = db.prepare("SELECT code_hash, days, n_left, expires_ms FROM promos ORDER BY expires_ms")?;
    Ok(all.query_map([], promo_row)?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn redeem(db: &Connection, vault: VaultId, code_hash: Hash, now_ms: u64) -> StoreResult<bool> {
    let find = "SELECT code_hash, days, n_left, expires_ms FROM promos WHERE code_hash = ?1";
    let promo = db.query_row(find, [blob(&code_hash.0)], promo_row).optional()?;
    let Some(grant) = promo_grant(promo, &all(db, vault)?, now_ms) else { return Ok(false) };
    put(db, vault, &grant)?;
    db.execute("UPDATE promos SET n_left = n_left - 1 WHERE code_hash = ?1", [blob(&code_hash.0)])?;
    Ok(true)
}
