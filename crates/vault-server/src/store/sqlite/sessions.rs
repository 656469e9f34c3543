//! Sessions, used nonces, and when keys were seen.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use vault_protocol::{Hash, SigningPublicKey, VaultId, api::Purpose};

use super::{
    convert::{blob, hash, key},
    vaults::vault_row,
};
use crate::store::{SessionRow, SessionTerms, StoreResult, UsedNonce, VaultRow};

fn purpose(row: &Row<'_>, column: usize) -> rusqlite::Result<Purpose> {
    let name: String = row.get(column)?;
    Purpose::parse(&name).ok_or(rusqlite::Error::InvalidQuery)
}

pub(super) fn open(db: &Connection, vault: VaultId, nonce: &UsedNonce, session: &SessionRow, terms: &SessionTerms) -> StoreResult<bool> {
    let insert = "INSERT INTO nonces (vault, nonce, expires_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    if db.execute(insert, params![blob(&vault.0), blob(&nonce.nonce), nonce.expires_ms])? == 0 {
        return Ok(false);
    }
    db.execute(
        "DELETE FROM sessions WHERE vault = ?1 AND (used_ms < ?2 OR created_ms < ?3)",
        params![blob(&vault.0), terms.idle_before_ms, terms.born_before_ms],
    )?;
    db.execute(
        "DELETE FROM sessions WHERE vault = ?1 AND token_hash IN
         (SELECT token_hash FROM sessions WHERE vault = ?1 ORDER BY used_ms DESC LIMIT -1 OFFSET ?2)",
        params![blob(&vault.0), terms.max_sessions.saturating_sub(1)],
    )?;
    db.execute(
        "INSERT INTO sessions (vault, token_hash, key, purpose, created_ms, used_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            blob(&vault.0),
            blob(&session.token_hash.0),
            blob(&session.key.0),
            session.purpose.name(),
            session.created_ms,
            session.used_ms
        ],
    )?;
    note_seen(db, vault, session.key, session.created_ms)?;
    Ok(true)
}

fn note_seen(db: &Connection, vault: VaultId, key: SigningPublicKey, now_ms: u64) -> StoreResult<()> {
    let mut note = db.prepare_cached(
        "INSERT INTO keys_seen (vault, key, seen_ms) VALUES (?1, ?2, ?3) ON CONFLICT (vault, key) DO UPDATE SET seen_ms = excluded.seen_ms",
    )?;
    note.execute(params![blob(&vault.0), blob(&key.0), now_ms])?;
    Ok(())
}

pub(super) fn find(db: &Connection, vault: VaultId, token_hash: Hash) -> StoreResult<Option<(SessionRow, VaultRow)>> {
    let mut both = db.prepare_cached(
        "SELECT s.token_hash, s.key, s.purpose, s.created_ms, s.used_ms, v.vault, v.instance, v.did, v.genesis, v.registered_ms, v.n_entries,
                v.n_control, v.stored_bytes, v.control_bytes, v.last_push_ms, v.deletion_due_ms
         FROM sessions s JOIN vaults v ON v.vault = s.vault WHERE s.vault = ?1 AND s.token_hash = ?2",
    )?;
    let read = |row: &Row<'_>| {
        let session = SessionRow {
            token_hash: hash(row, 0)?,
            key: key(row, 1)?,
            purpose: purpose(row, 2)?,
            created_ms: row.get(3)?,
            used_ms: row.get(4)?,
        };
        Ok((session, vault_row(row, 5)?))
    };
    Ok(both.query_row(params![blob(&vault.0), blob(&token_hash.0)], read).optional()?)
}

pub(super) fn touch(db: &Connection, vault: VaultId, session: &SessionRow, now_ms: u64) -> StoreResult<()> {
    let mut touch = db.prepare_cached("UPDATE sessions SET used_ms = ?3 WHERE vault = ?1 AND token_hash = ?2")?;
    if touch.execute(params![blob(&vault.0), blob(&session.token_hash.0), now_ms])? == 1 {
        note_seen(db, vault, session.key, now_ms)?;
    }
    Ok(())
}

pub(super) fn end(db: &Connection, vault: VaultId, token_hash: Hash) -> StoreResult<()> {
    db.execute("DELETE FROM sessions WHERE vault = ?1 AND token_hash = ?2", params![blob(&vault.0), blob(&token_hash.0)])?;
    Ok(())
}

pub(super) fn end_all_of(db: &Connection, vault: VaultId, key: SigningPublicKey) -> StoreResult<()> {
    db.execute("DELETE FROM sessions WHERE vault = ?1 AND key = ?2", params![blob(&vault.0), blob(&key.0)])?;
    Ok(())
}

pub(super) fn seen(db: &Connection, vault: VaultId) -> StoreResult<Vec<(SigningPublicKey, u64)>> {
    let mut all = db.prepare_cached("SELECT key, seen_ms FROM keys_seen WHERE vault = ?1")?;
    Ok(all.query_map([blob(&vault.0)], |row| Ok((key(row, 0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn sweep(db: &Connection, now_ms: u64, terms: &SessionTerms) -> StoreResult<()> {
    db.execute("DELETE FROM nonces WHERE expires_ms < ?1", [now_ms])?;
    db.execute("DELETE FROM sessions WHERE used_ms < ?1 OR created_ms < ?2", [terms.idle_before_ms, terms.born_before_ms])?;
    Ok(())
}
