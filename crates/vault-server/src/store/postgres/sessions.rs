//! Sessions, used nonces, and when keys were seen.

use vault_protocol::{Hash, SigningPublicKey, VaultId, api::Purpose};

use super::{
    convert::{big, hash, key, number},
    pool::Db,
    vaults::vault_row,
};
use crate::store::{SessionRow, SessionTerms, StoreError, StoreResult, UsedNonce, VaultRow};

pub(super) async fn open(db: &Db<'_>, vault: VaultId, nonce: &UsedNonce, session: &SessionRow, terms: &SessionTerms) -> StoreResult<bool> {
    let (id, used) = (&vault.0[..], &nonce.nonce[..]);
    let sql = "INSERT INTO nonces (vault, nonce, expires_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    if db.execute(sql, &[&id, &used, &big(nonce.expires_ms)]).await? == 0 {
        return Ok(false);
    }
    let sql = "DELETE FROM sessions WHERE vault = $1 AND (used_ms < $2 OR created_ms < $3)";
    db.execute(sql, &[&id, &big(terms.idle_before_ms), &big(terms.born_before_ms)]).await?;
    let sql = "DELETE FROM sessions WHERE vault = $1 AND token_hash IN
               (SELECT token_hash FROM sessions WHERE vault = $1 ORDER BY used_ms DESC OFFSET $2)";
    db.execute(sql, &[&id, &i64::from(terms.max_sessions.saturating_sub(1))]).await?;
    let sql = "INSERT INTO sessions (vault, token_hash, key, purpose, created_ms, used_ms) VALUES ($1, $2, $3, $4, $5, $6)";
    let (token_hash, key) = (&session.token_hash.0[..], &session.key.0[..]);
    let (created_ms, used_ms) = (big(session.created_ms), big(session.used_ms));
    db.execute(sql, &[&id, &token_hash, &key, &session.purpose.name(), &created_ms, &used_ms]).await?;
    note_seen(db, vault, session.key, session.created_ms).await?;
    Ok(true)
}

async fn note_seen(db: &Db<'_>, vault: VaultId, key: SigningPublicKey, now_ms: u64) -> StoreResult<()> {
    let sql = "INSERT INTO keys_seen (vault, key, seen_ms) VALUES ($1, $2, $3)
               ON CONFLICT (vault, key) DO UPDATE SET seen_ms = excluded.seen_ms";
    db.execute(sql, &[&&vault.0[..], &&key.0[..], &big(now_ms)]).await.map(|_n| ())
}

pub(super) async fn find(db: &Db<'_>, vault: VaultId, token_hash: Hash) -> StoreResult<Option<(SessionRow, VaultRow)>> {
    let sql = "SELECT s.token_hash, s.key, s.purpose, s.created_ms, s.used_ms, v.vault, v.instance, v.did, v.genesis, v.registered_ms,
                      v.n_entries, v.n_control, v.stored_bytes, v.control_bytes, v.last_push_ms, v.deletion_due_ms
               FROM sessions s JOIN vaults v ON v.vault = s.vault WHERE s.vault = $1 AND s.token_hash = $2";
    let Some(row) = db.one(sql, &[&&vault.0[..], &&token_hash.0[..]]).await? else { return Ok(None) };
    let purpose = Purpose::parse(row.try_get(2)?).ok_or(StoreError::Corrupt)?;
    let session =
        SessionRow { token_hash: hash(&row, 0)?, key: key(&row, 1)?, purpose, created_ms: number(&row, 3)?, used_ms: number(&row, 4)? };
    Ok(Some((session, vault_row(&row, 5)?)))
}

pub(super) async fn touch(db: &Db<'_>, vault: VaultId, session: &SessionRow, now_ms: u64) -> StoreResult<()> {
    let sql = "UPDATE sessions SET used_ms = $3 WHERE vault = $1 AND token_hash = $2";
    if db.execute(sql, &[&&vault.0[..], &&session.token_hash.0[..], &big(now_ms)]).await? == 1 {
        note_seen(db, vault, session.key, now_ms).await?;
    }
    Ok(())
}

pub(super) async fn end(db: &Db<'_>, vault: VaultId, token_hash: Hash) -> StoreResult<()> {
    let sql = "DELETE FROM sessions WHERE vault = $1 AND token_hash = $2";
    db.execute(sql, &[&&vault.0[..], &&token_hash.0[..]]).await.map(|_n| ())
}

pub(super) async fn end_all_of(db: &Db<'_>, vault: VaultId, key: SigningPublicKey) -> StoreResult<()> {
    db.execute("DELETE FROM sessions WHERE vault = $1 AND key = $2", &[&&vault.0[..], &&key.0[..]]).await.map(|_n| ())
}

pub(super) async fn seen(db: &Db<'_>, vault: VaultId) -> StoreResult<Vec<(SigningPublicKey, u64)>> {
    let rows = db.all("SELECT key, seen_ms FROM keys_seen WHERE vault = $1", &[&&vault.0[..]]).await?;
    rows.iter().map(|row| Ok((key(row, 0)?, number(row, 1)?))).collect()
}

pub(super) async fn sweep(db: &Db<'_>, now_ms: u64, terms: &SessionTerms) -> StoreResult<()> {
    db.execute("DELETE FROM nonces WHERE expires_ms < $1", &[&big(now_ms)]).await?;
    let sql = "DELETE FROM sessions WHERE used_ms < $1 OR created_ms < $2";
    db.execute(sql, &[&big(terms.idle_before_ms), &big(terms.born_before_ms)]).await.map(|_n| ())
}
