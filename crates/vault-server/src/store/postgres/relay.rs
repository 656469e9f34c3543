//! Mailboxes that live for minutes.

use vault_protocol::api::{RelayChannel, bounds::MAX_RELAY_MESSAGES};

use super::{
    convert::{big, bytes, maybe_number, number},
    pool::Db,
};
use crate::store::{RelayPlace, Relayed, StoreError, StoreResult};

pub(super) async fn send(db: &Db<'_>, place: RelayPlace, message: &[u8], now_ms: u64, expires_ms: u64) -> StoreResult<Relayed> {
    let (channel, side) = (&place.channel.0[..], place.side.name());
    db.execute("DELETE FROM relay WHERE channel = $1 AND expires_ms <= $2", &[&channel, &big(now_ms)]).await?;
    if let Some(stored) = receive(db, place, now_ms).await? {
        return Ok(if stored == message { Relayed::Done } else { Relayed::Conflict });
    }
    let sql = "SELECT count(*), count(*) FILTER (WHERE side = $2), min(expires_ms) FROM relay WHERE channel = $1";
    let row = db.one(sql, &[&channel, &side]).await?.ok_or(StoreError::Corrupt)?;
    let (n_all, n_own, end) = (number(&row, 0)?, number(&row, 1)?, maybe_number(&row, 2)?);
    if n_all >= MAX_RELAY_MESSAGES as u64 || u64::from(place.number) != n_own + 1 {
        return Ok(Relayed::Conflict);
    }
    let sql = "INSERT INTO relay (channel, side, number, message, expires_ms) VALUES ($1, $2, $3, $4, $5)";
    db.execute(sql, &[&channel, &side, &i64::from(place.number), &message, &big(end.unwrap_or(expires_ms))]).await?;
    Ok(Relayed::Done)
}

pub(super) async fn receive(db: &Db<'_>, place: RelayPlace, now_ms: u64) -> StoreResult<Option<Vec<u8>>> {
    let sql = "SELECT message FROM relay WHERE channel = $1 AND side = $2 AND number = $3 AND expires_ms > $4";
    let (channel, side) = (&place.channel.0[..], place.side.name());
    let row = db.one(sql, &[&channel, &side, &i64::from(place.number), &big(now_ms)]).await?;
    row.map(|row| bytes(&row, 0).map(<[u8]>::to_vec)).transpose()
}

pub(super) async fn close(db: &Db<'_>, channel: RelayChannel) -> StoreResult<()> {
    db.execute("DELETE FROM relay WHERE channel = $1", &[&&channel.0[..]]).await.map(|_n| ())
}

pub(super) async fn sweep(db: &Db<'_>, now_ms: u64) -> StoreResult<()> {
    db.execute("DELETE FROM relay WHERE expires_ms <= $1", &[&big(now_ms)]).await.map(|_n| ())
}
