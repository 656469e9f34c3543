//! What vaults are entitled to, and codes.

use tokio_postgres::Row;
use vault_protocol::{Hash, VaultId};

use super::{
    convert::{big, hash, maybe_number, number},
    pool::Db,
};
use crate::store::{Grant, PromoRow, StoreError, StoreResult, promo_grant};

pub(super) async fn all(db: &Db<'_>, vault: VaultId) -> StoreResult<Vec<Grant>> {
    let rows = db.all("SELECT source, until_ms, updated_ms FROM grants WHERE vault = $1", &[&&vault.0[..]]).await?;
    let grant = |row: &Row| Ok(Grant { source: row.try_get(0)?, until_ms: maybe_number(row, 1)?, updated_ms: number(row, 2)? });
    rows.iter().map(grant).collect()
}

pub(super) async fn put(db: &Db<'_>, vault: VaultId, grant: &Grant) -> StoreResult<bool> {
    let sql = "INSERT INTO grants (vault, source, until_ms, updated_ms) VALUES ($1, $2, $3, $4)
               ON CONFLICT (vault, source) DO UPDATE SET until_ms = excluded.until_ms, updated_ms = excluded.updated_ms
               WHERE grants.updated_ms < excluded.updated_ms OR (grants.updated_ms = excluded.updated_ms
                   AND coalesce(grants.until_ms, 9223372036854775807) < coalesce(excluded.until_ms, 9223372036854775807))";
    let n_changed = db.execute(sql, &[&&vault.0[..], &grant.source, &grant.until_ms.map(big), &big(grant.updated_ms)]).await?;
    Ok(n_changed == 1)
}

fn promo_row(row: &Row) -> StoreResult<PromoRow> {
    let small = |column| number(row, column).and_then(|number| u32::try_from(number).map_err(|_large| StoreError::Corrupt));
    Ok(PromoRow { code_hash: hash(row, 0)?, days: small(1)?, n_left: small(2)?, expires_ms: number(row, 3)? })
}

pub(super) async fn make_promo(db: &Db<'_>, promo: &PromoRow) -> StoreResult<()> {
    let sql = "INSERT INTO promos (code_hash, days, n_left, expires_ms) VALUES ($1, $2, $3, $4)";
    let params = (&promo.code_hash.0[..], i64::from(promo.days), i64::from(promo.n_left), big(promo.expires_ms));
    db.execute(sql, &[&params.0, &params.1, &params.2, &params.3]).await.map(|_n| ())
}

pub(super) async fn promos(db: &Db<'_>) -> StoreResult<Vec<PromoRow>> {
    let rows = db.all("SELECT code_hash, days, n_left, expires_ms FROM promos ORDER BY expires_ms", &[]).await?;
    rows.iter().map(promo_row).collect()
}

pub(super) async fn redeem(db: &Db<'_>, vault: VaultId, code_hash: Hash, now_ms: u64) -> StoreResult<bool> {
    let hash = &code_hash.0[..];
    let promo = db.one("SELECT code_hash, days, n_left, expires_ms FROM promos WHERE code_hash = $1", &[&hash]).await?;
    let promo = promo.as_ref().map(promo_row).transpose()?;
    let Some(grant) = promo_grant(promo, &all(db, vault).await?, now_ms) else { return Ok(false) };
    put(db, vault, &grant).await?;
    db.execute("UPDATE promos SET n_left = n_left - 1 WHERE code_hash = $1", &[&hash]).await?;
    Ok(true)
}
