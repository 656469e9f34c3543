//! Entries and heads of logs.

use std::collections::HashMap;

use vault_protocol::{Hash, Head, LogId, VaultId, VersionVector, api::bounds::MAX_FRAMES};

use super::{
    blobs,
    convert::{big, bytes, hash, log, number},
    pool::Db,
    vaults,
};
use crate::store::{EntryPage, LogRow, NewEntry, PushOutcome, PushPlan, PushTerms, Step, StoreResult, VaultRow, named_logs};

/// Rows fetched at once: at most 64 MiB, mostly some ten KiB.
const PAGE_ROWS: i32 = 64;

pub(super) async fn push(db: &Db<'_>, terms: &PushTerms, entries: &[NewEntry]) -> StoreResult<PushOutcome> {
    let vault = &terms.vault.0[..];
    let is_same = |row: &VaultRow| row.instance == terms.instance && row.n_control == terms.n_control;
    let Some(row) = vaults::find(db, terms.vault).await?.filter(is_same) else { return Ok(PushOutcome::Moved) };
    let heads = named_heads(db, vault, entries).await?;
    let taken = taken_places(db, vault, entries, &heads).await?;
    let mut plan = PushPlan::new(heads.iter().map(|(log, (seq, hash))| (*log, *seq, *hash)));
    let mut fresh = Vec::new();
    for entry in entries {
        match plan.step(entry) {
            Step::Store => fresh.push(entry),
            Step::Skip => {}
            Step::Compare => {
                if let Some(other) = taken.get(&(entry.log, entry.seq)).filter(|stored| **stored != entry.hash) {
                    return Ok(PushOutcome::Conflict { log: entry.log, seq: entry.seq, hash: *other });
                }
            }
            Step::Refuse(outcome) => return Ok(outcome),
        }
    }
    let n_bytes: u64 = fresh.iter().map(|entry| entry.wire.len() as u64).sum();
    if row.stored_bytes + n_bytes > terms.max_bytes {
        return Ok(PushOutcome::Full);
    }
    let n_stored = fresh.len() as u64;
    if n_stored == 0 {
        return Ok(PushOutcome::Done { n_stored, n_entries: row.n_entries });
    }
    let places: Vec<i64> = (row.n_entries + 1..).take(fresh.len()).map(big).collect();
    let logs: Vec<&[u8]> = fresh.iter().map(|entry| &entry.log.0[..]).collect();
    let seqs: Vec<i64> = fresh.iter().map(|entry| big(entry.seq)).collect();
    let hashes: Vec<&[u8]> = fresh.iter().map(|entry| &entry.hash.0[..]).collect();
    let wires: Vec<&[u8]> = fresh.iter().map(|entry| &entry.wire[..]).collect();
    db.execute(
        "INSERT INTO entries (vault, place, log, seq, hash, wire)
         SELECT $1, place, log, seq, hash, wire
         FROM unnest($2::BIGINT[], $3::BYTEA[], $4::BIGINT[], $5::BYTEA[], $6::BYTEA[]) AS fresh (place, log, seq, hash, wire)",
        &[&vault, &places, &logs, &seqs, &hashes, &wires],
    )
    .await?;
    blobs::name(db, terms.vault, &fresh).await?;
    for (log, seq, hash) in plan.moved() {
        let sql = "INSERT INTO logs (vault, log, seq, hash, entry_ms) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (vault, log) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, entry_ms = excluded.entry_ms";
        db.execute(sql, &[&vault, &&log.0[..], &big(seq), &&hash.0[..], &big(terms.now_ms)]).await?;
    }
    let sql = "UPDATE vaults SET n_entries = n_entries + $2, stored_bytes = stored_bytes + $3, last_push_ms = $4 WHERE vault = $1";
    db.execute(sql, &[&vault, &big(n_stored), &big(n_bytes), &big(terms.now_ms)]).await?;
    Ok(PushOutcome::Done { n_stored, n_entries: row.n_entries + n_stored })
}

/// Heads of the logs that a push names.
async fn named_heads(db: &Db<'_>, vault: &[u8], entries: &[NewEntry]) -> StoreResult<HashMap<LogId, (u64, Hash)>> {
    let named = named_logs(entries);
    let logs: Vec<&[u8]> = named.iter().map(|log| &log.0[..]).collect();
    let rows = db.all("SELECT log, seq, hash FROM logs WHERE vault = $1 AND log = ANY($2)", &[&vault, &logs]).await?;
    rows.iter().map(|row| Ok((log(row, 0)?, (number(row, 1)?, hash(row, 2)?)))).collect()
}

/// What stands in the places that a push repeats.
async fn taken_places(
    db: &Db<'_>,
    vault: &[u8],
    entries: &[NewEntry],
    heads: &HashMap<LogId, (u64, Hash)>,
) -> StoreResult<HashMap<(LogId, u64), Hash>> {
    let repeated = entries.iter().filter(|entry| heads.get(&entry.log).is_some_and(|(seq, _)| entry.seq <= *seq));
    let (logs, seqs): (Vec<&[u8]>, Vec<i64>) = repeated.map(|entry| (&entry.log.0[..], big(entry.seq))).unzip();
    if logs.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = "SELECT e.log, e.seq, e.hash FROM unnest($2::BYTEA[], $3::BIGINT[]) AS named (log, seq)
               JOIN entries e ON e.vault = $1 AND e.log = named.log AND e.seq = named.seq";
    let rows = db.all(sql, &[&vault, &logs, &seqs]).await?;
    rows.iter().map(|row| Ok(((log(row, 0)?, number(row, 1)?), hash(row, 2)?))).collect()
}

pub(super) async fn heads(db: &Db<'_>, vault: VaultId) -> StoreResult<VersionVector> {
    let rows = db.all("SELECT log, seq, hash FROM logs WHERE vault = $1", &[&&vault.0[..]]).await?;
    let head = |row: &tokio_postgres::Row| Ok((log(row, 0)?, Head { seq: number(row, 1)?, hash: hash(row, 2)? }));
    Ok(VersionVector(rows.iter().map(head).collect::<StoreResult<_>>()?))
}

pub(super) async fn logs(db: &Db<'_>, vault: VaultId) -> StoreResult<Vec<LogRow>> {
    let rows = db.all("SELECT log, seq, entry_ms FROM logs WHERE vault = $1", &[&&vault.0[..]]).await?;
    rows.iter().map(|row| Ok(LogRow { log: log(row, 0)?, seq: number(row, 1)?, entry_ms: number(row, 2)? })).collect()
}

pub(super) async fn pull(db: &Db<'_>, vault: VaultId, known: &VersionVector, max_bytes: u64) -> StoreResult<EntryPage> {
    let heads = heads(db, vault).await?;
    let n_entries = vaults::find(db, vault).await?.map_or(0, |row| row.n_entries);
    let mut page = EntryPage { heads, n_entries, entries: Vec::new(), more: false };
    // The first entry that is not known, of any log: everything before its place is.
    let wanted = page.heads.0.iter().filter(|(log, head)| known.seq(**log) < head.seq);
    let (logs, seqs): (Vec<&[u8]>, Vec<i64>) = wanted.map(|(log, _)| (&log.0[..], big(known.seq(*log) + 1))).unzip();
    if logs.is_empty() {
        return Ok(page);
    }
    let vault = &vault.0[..];
    let sql = "SELECT min(e.place) FROM unnest($2::BYTEA[], $3::BIGINT[]) AS named (log, seq)
               JOIN entries e ON e.vault = $1 AND e.log = named.log AND e.seq = named.seq";
    let first: Option<i64> = match db.one(sql, &[&vault, &logs, &seqs]).await? {
        Some(row) => row.try_get(0)?,
        None => None,
    };
    let Some(first) = first else { return Ok(page) };
    let portal = db.portal("SELECT log, seq, wire FROM entries WHERE vault = $1 AND place >= $2 ORDER BY place", &[&vault, &first]).await?;
    let mut n_bytes = 0;
    loop {
        let rows = db.next(&portal, PAGE_ROWS).await?;
        if rows.is_empty() {
            return Ok(page);
        }
        for row in rows {
            if number(&row, 1)? <= known.seq(log(&row, 0)?) {
                continue;
            }
            let wire = bytes(&row, 2)?;
            n_bytes += wire.len() as u64;
            let is_full = n_bytes > max_bytes || page.entries.len() == MAX_FRAMES;
            if !page.entries.is_empty() && is_full {
                page.more = true;
                return Ok(page);
            }
            page.entries.push(wire.to_vec());
        }
    }
}
