//! Entries and heads of logs.

use rusqlite::{Connection, OptionalExtension as _, params};
use vault_protocol::{Hash, Head, LogId, VaultId, VersionVector, api::bounds::MAX_FRAMES};

use super::{
    blobs,
    convert::{blob, hash, log},
    vaults,
};
use crate::store::{EntryPage, LogRow, NewEntry, PushOutcome, PushPlan, PushTerms, Step, StoreResult, VaultRow, named_logs};

pub(super) fn push(db: &Connection, terms: &PushTerms, entries: &[NewEntry]) -> StoreResult<PushOutcome> {
    let vault = terms.vault;
    let is_same = |row: &VaultRow| row.instance == terms.instance && row.n_control == terms.n_control;
    let Some(row) = vaults::find(db, vault)?.filter(is_same) else { return Ok(PushOutcome::Moved) };
    let mut plan = PushPlan::new(named_heads(db, vault, entries)?);
    let mut fresh = Vec::new();
    for entry in entries {
        match plan.step(entry) {
            Step::Store => fresh.push(entry),
            Step::Skip => {}
            Step::Compare => {
                if let Some(other) = hash_at(db, vault, entry)?.filter(|stored| *stored != entry.hash) {
                    return Ok(PushOutcome::Conflict { log: entry.log, seq: entry.seq, hash: other });
                }
            }
            Step::Refuse(outcome) => return Ok(outcome),
        }
    }
    let n_bytes: u64 = fresh.iter().map(|entry| entry.wire.len() as u64).sum();
    if row.stored_bytes + n_bytes > terms.max_bytes {
        return Ok(PushOutcome::Full);
    }
    let mut insert = db.prepare_cached("INSERT INTO entries (vault, place, log, seq, hash, wire) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (place, entry) in (row.n_entries + 1..).zip(&fresh) {
        insert.execute(params![blob(&vault.0), place, blob(&entry.log.0), entry.seq, blob(&entry.hash.0), blob(&entry.wire)])?;
    }
    blobs::name(db, vault, &fresh)?;
    let mut set_head = db.prepare_cached(
        "INSERT INTO logs (vault, log, seq, hash, entry_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (vault, log) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, entry_ms = excluded.entry_ms",
    )?;
    for (log, seq, hash) in plan.moved() {
        set_head.execute(params![blob(&vault.0), blob(&log.0), seq, blob(&hash.0), terms.now_ms])?;
    }
    let n_stored = fresh.len() as u64;
    if n_stored > 0 {
        let mut count = db.prepare_cached(
            "UPDATE vaults SET n_entries = n_entries + ?2, stored_bytes = stored_bytes + ?3, last_push_ms = ?4 WHERE vault = ?1",
        )?;
        count.execute(params![blob(&vault.0), n_stored, n_bytes, terms.now_ms])?;
    }
    Ok(PushOutcome::Done { n_stored, n_entries: row.n_entries + n_stored })
}

/// Heads of the logs that a push names.
fn named_heads(db: &Connection, vault: VaultId, entries: &[NewEntry]) -> StoreResult<Vec<(LogId, u64, Hash)>> {
    let mut find = db.prepare_cached("SELECT seq, hash FROM logs WHERE vault = ?1 AND log = ?2")?;
    let mut heads = Vec::new();
    for log in named_logs(entries) {
        let head = find.query_row(params![blob(&vault.0), blob(&log.0)], |row| Ok((log, row.get(0)?, hash(row, 1)?))).optional()?;
        heads.extend(head);
    }
    Ok(heads)
}

fn hash_at(db: &Connection, vault: VaultId, entry: &NewEntry) -> StoreResult<Option<Hash>> {
    let mut find = db.prepare_cached("SELECT hash FROM entries WHERE vault = ?1 AND log = ?2 AND seq = ?3")?;
    Ok(find.query_row(params![blob(&vault.0), blob(&entry.log.0), entry.seq], |row| hash(row, 0)).optional()?)
}

pub(super) fn heads(db: &Connection, vault: VaultId) -> StoreResult<VersionVector> {
    let mut all = db.prepare_cached("SELECT log, seq, hash FROM logs WHERE vault = ?1")?;
    let head = all.query_map([blob(&vault.0)], |row| Ok((log(row, 0)?, Head { seq: row.get(1)?, hash: hash(row, 2)? })))?;
    Ok(VersionVector(head.collect::<rusqlite::Result<_>>()?))
}

pub(super) fn logs(db: &Connection, vault: VaultId) -> StoreResult<Vec<LogRow>> {
    let mut all = db.prepare_cached("SELECT log, seq, entry_ms FROM logs WHERE vault = ?1")?;
    let rows = all.query_map([blob(&vault.0)], |row| Ok(LogRow { log: log(row, 0)?, seq: row.get(1)?, entry_ms: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn pull(db: &Connection, vault: VaultId, known: &VersionVector, max_bytes: u64) -> StoreResult<EntryPage> {
    let heads = heads(db, vault)?;
    let n_entries = vaults::find(db, vault)?.map_or(0, |row| row.n_entries);
    let mut page = EntryPage { heads, n_entries, entries: Vec::new(), more: false };
    // The first entry that is not known, of any log: everything before its place is.
    let mut place_of = db.prepare_cached("SELECT place FROM entries WHERE vault = ?1 AND log = ?2 AND seq = ?3")?;
    let mut first: Option<u64> = None;
    for (log, head) in &page.heads.0 {
        let next = known.seq(*log) + 1;
        if next <= head.seq {
            let place: u64 = place_of.query_row(params![blob(&vault.0), blob(&log.0), next], |row| row.get(0))?;
            first = Some(first.map_or(place, |first| first.min(place)));
        }
    }
    let Some(first) = first else { return Ok(page) };
    let mut from = db.prepare_cached("SELECT log, seq, wire FROM entries WHERE vault = ?1 AND place >= ?2 ORDER BY place")?;
    let mut rows = from.query(params![blob(&vault.0), first])?;
    let mut n_bytes = 0;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(1)?;
        if seq <= known.seq(log(row, 0)?) {
            continue;
        }
        let wire: Vec<u8> = row.get(2)?;
        n_bytes += wire.len() as u64;
        let is_full = n_bytes > max_bytes || page.entries.len() == MAX_FRAMES;
        if !page.entries.is_empty() && is_full {
            page.more = true;
            break;
        }
        page.entries.push(wire);
    }
    Ok(page)
}
