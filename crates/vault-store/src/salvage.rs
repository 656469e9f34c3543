//! Reads what can be read of a damaged database into a sound one that is then opened for reading (MF12).

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, Params, Row};

use crate::connection::{self, Profile};
use crate::{StoreError, VaultStore};

/// What came out of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SalvagedTable {
    /// Its name in the schema.
    pub table: &'static str,
    /// Records read.
    pub n_read: u64,
    /// Records known to be there and not readable; there may be more that nothing names.
    pub n_lost: u64,
    /// Whether reading the table met damage.
    pub damaged: bool,
}

/// A table, its key as `ORDER BY` takes it, its columns, and the index that still lists its records when the table itself is damaged.
struct Source {
    table: &'static str,
    key: &'static str,
    columns: &'static str,
    index: Option<&'static str>,
}

const SOURCES: [Source; 14] = [
    Source { table: "meta", key: "key", columns: "key, value", index: None },
    Source { table: "local", key: "key", columns: "key, sealed", index: None },
    Source { table: "log_heads", key: "log", columns: "log, first_seq, seq, hash", index: None },
    Source { table: "vector", key: "log", columns: "log, seq, hash, status", index: None },
    Source { table: "retired", key: "object", columns: "object", index: None },
    Source { table: "blobs", key: "blob", columns: "blob, len_bytes, n_chunks, state, held", index: None },
    Source { table: "blob_copies", key: "blob", columns: "blob, remote, fetched_ms", index: None },
    Source { table: "released_blobs", key: "blob", columns: "blob", index: None },
    Source { table: "control", key: "id", columns: "id, hash, number, bytes", index: Some("control_by_number") },
    Source { table: "entries", key: "id", columns: "id, log, seq, hash, pushed, bytes", index: Some("sqlite_autoindex_entries_1") },
    Source { table: "rows", key: "id", columns: "id, object, term, sealed", index: Some("sqlite_autoindex_rows_1") },
    Source { table: "history", key: "id", columns: "id, object, page, sealed", index: Some("sqlite_autoindex_history_1") },
    Source {
        table: "asset_attachments",
        key: "id",
        columns: "id, object, attachment, blob, size_class, state, sealed",
        index: Some("sqlite_autoindex_asset_attachments_1"),
    },
    Source { table: "quarantine", key: "id", columns: "id, log, seq, hash, bytes", index: Some("sqlite_autoindex_quarantine_1") },
];

/// Copies every readable record of the database at `damaged`, which is only read, into a new one at `copy` (or `:memory:`), and
/// returns that, open for reading, with what came out of each table.
///
/// # Errors
///
/// [`StoreError::Damaged`] if not even the schema can be read; [`StoreError::NotOurs`] if `copy` holds anything already; what writing
/// `copy` gives.
pub fn salvage(damaged: &Path, copy: &Path, profile: Profile) -> Result<(VaultStore, Vec<SalvagedTable>), StoreError> {
    let from = connection::connect_read_only(damaged)?;
    let (store, _) = VaultStore::open(copy, profile)?;
    let to = store.connection();
    if store.read().n_rows()? + store.read().n_control()? > 0 {
        return Err(StoreError::NotOurs);
    }
    // What a lost record was referred to by is kept all the same.
    to.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")?;
    // A table that came with a later step is not in an older file.
    let is_there = |source: &&Source| from.table_exists(None, source.table).unwrap_or(true);
    let tables = SOURCES.iter().filter(is_there).map(|source| copy_table(&from, to, source)).collect::<Result<_, _>>()?;
    to.execute_batch("COMMIT; PRAGMA foreign_keys = ON; PRAGMA query_only = ON")?;
    Ok((store.into_salvage(), tables))
}

/// Reads upwards to the damage, then downwards to it, then singly what the index names in between.
fn copy_table(from: &Connection, to: &Connection, source: &Source) -> Result<SalvagedTable, StoreError> {
    let Source { table, key, columns, index } = source;
    let n_columns = columns.split(", ").count();
    let places = (1..=n_columns).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})");
    let mut copied = Copied { insert: to.prepare(&insert)?, n_columns, ids: BTreeSet::new(), n_read: 0 };
    let mut outcome = SalvagedTable { table, n_read: 0, n_lost: 0, damaged: false };

    for order in ["ASC", "DESC"] {
        let whole =
            read_all(from, &format!("SELECT {columns} FROM {table} NOT INDEXED ORDER BY {key} {order}"), [], |row| copied.take(row))?;
        outcome.damaged |= !whole;
        if whole {
            break;
        }
    }
    if let (true, Some(index)) = (outcome.damaged, index) {
        let mut listed = Vec::new();
        read_all(from, &format!("SELECT id FROM {table} INDEXED BY {index}"), [], |row| {
            listed.push(row.get::<_, i64>(0)?);
            Ok(())
        })?;
        let one = format!("SELECT {columns} FROM {table} NOT INDEXED WHERE id = ?1");
        for id in listed {
            if !copied.ids.contains(&id) {
                read_all(from, &one, [id], |row| copied.take(row))?;
                outcome.n_lost += u64::from(!copied.ids.contains(&id));
            }
        }
    }
    outcome.n_read = copied.n_read;
    Ok(outcome)
}

/// Where records go, and which of them have gone there.
struct Copied<'c> {
    insert: rusqlite::Statement<'c>,
    n_columns: usize,
    /// Keys of rowid tables; the first column of the others is no number and is told apart by the insertion.
    ids: BTreeSet<i64>,
    n_read: u64,
}

impl Copied<'_> {
    fn take(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let values = (0..self.n_columns).map(|column| row.get::<_, Value>(column)).collect::<Result<Vec<_>, _>>()?;
        if let Some(Value::Integer(id)) = values.first()
            && !self.ids.insert(*id)
        {
            return Ok(());
        }
        match self.insert.execute(rusqlite::params_from_iter(&values)) {
            Ok(n_new) => self.n_read += n_new as u64,
            // Garbage that the schema forbids: not a record.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// Visits what a query gives until its end (true) or damage (false).
fn read_all(
    from: &Connection,
    sql: &str,
    params: impl Params,
    mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    let read = || -> Result<(), StoreError> {
        let mut statement = from.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        Ok(())
    };
    match read() {
        Ok(()) => Ok(true),
        Err(StoreError::Damaged(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
