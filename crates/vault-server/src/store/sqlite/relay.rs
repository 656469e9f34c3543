//! Mailboxes that live for minutes.

use rusqlite::{Connection, OptionalExtension as _, params};
use vault_protocol::api::{RelayChannel, bounds::MAX_RELAY_MESSAGES};

use super::convert::blob;
use crate::store::{RelayPlace, Relayed, StoreResult};

pub(super) fn send(db: &Connection, place: RelayPlace, message: &[u8], now_ms: u64, expires_ms: u64) -> StoreResult<Relayed> {
    let channel = place.channel.0;
    db.execute("DELETE FROM relay WHERE channel = ?1 AND expires_ms <= ?2", params![blob(&channel), now_ms])?;
    if let Some(stored) = receive(db, place, now_ms)? {
        return Ok(if stored == message { Relayed::Done } else { Relayed::Conflict });
    }
    let (n_all, n_own, end): (u64, u32, Option<u64>) = db.query_row(
        "SELECT count(*), count(*) FILTER (WHERE side = ?2), min(expires_ms) FROM relay WHERE channel = ?1",
        params![blob(&channel), place.side.name()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if n_all >= MAX_RELAY_MESSAGES as u64 || place.number != n_own + 1 {
        return Ok(Relayed::Conflict);
    }
    db.execute(
        "INSERT INTO relay (channel, side, number, message, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![blob(&channel), place.side.name(), place.number, blob(message), end.unwrap_or(expires_ms)],
    )?;
    Ok(Relayed::Done)
}

pub(super) fn receive(db: &Connection, place: RelayPlace, now_ms: u64) -> StoreResult<Option<Vec<u8>>> {
    let find = "SELECT message FROM relay WHERE channel = ?1 AND side = ?2 AND number = ?3 AND expires_ms > ?4";
    let place = params![blob(&place.channel.0), place.side.name(), place.number, now_ms];
    Ok(db.query_row(find, place, |row| row.get(0)).optional()?)
}

pub(super) fn close(db: &Connection, channel: RelayChannel) -> StoreResult<()> {
    db.execute("DELETE FROM relay WHERE channel = ?1", [blob(&channel.0)])?;
    Ok(())
}

pub(super) fn sweep(db: &Connection, now_ms: u64) -> StoreResult<()> {
    db.execute("DELETE FROM relay WHERE expires_ms <= ?1", [now_ms])?;
    Ok(())
}
