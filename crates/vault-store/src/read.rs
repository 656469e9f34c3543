//! Queries. Long lists come in slices, each record borrowed from SQLite while it is visited.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};
use vault_protocol::{BlobId, Hash, Head, LogId, ObjectId, VersionVector};

use crate::StoreError;
use crate::record::{
    Applied, AttachmentRecord, AttachmentState, BlobRecord, BlobState, ControlRecord, Cursor, EntryRecord, HistoryRecord, LogExtent,
    LogStatus, RowRecord,
};

/// The queries, over a store or within a transaction.
///
/// A `visit` closure gets each record in turn; its error ends the scan. Scans that take a limit visit at most so many records, so
/// that a caller keeps its slices short.
#[derive(Clone, Copy)]
pub struct Read<'c> {
    connection: &'c Connection,
}

impl<'c> Read<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// A value of the caller's own, in clear: the root, the control head, version numbers.
    ///
    /// # Errors
    ///
    /// As every query: [`StoreError::Damaged`], [`StoreError::Disk`], [`StoreError::Locked`], [`StoreError::OutOfMemory`].
    pub fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
    }

    /// A sealed object of this device alone.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn local(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("SELECT sealed FROM local WHERE key = ?1", [key], |row| row.get(0))
    }

    /// The keys in `local` that begin with `prefix`, ascending.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn local_keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT key FROM local WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key";
        self.list(sql, [prefix], |row| row.get(0))
    }

    /// The bytes of a control entry.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn control(&self, hash: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("SELECT bytes FROM control WHERE hash = ?1", [hash.0], |row| row.get(0))
    }

    /// How many control entries there are.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn n_control(&self) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM control", [])
    }

    /// All control entries in ascending (number, hash): parents before children.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn each_control<E: From<StoreError>>(&self, mut visit: impl FnMut(ControlRecord<'_>) -> Result<(), E>) -> Result<(), E> {
        self.scan("SELECT hash, number, bytes FROM control ORDER BY number, hash", [], |row| {
            visit(ControlRecord { hash: Hash(get(row, 0)?), number: get(row, 1)?, bytes: get_bytes(row, 2)? })
        })
    }

    /// One entry: its hash and bytes.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn entry(&self, log: LogId, seq: u64) -> Result<Option<(Hash, Vec<u8>)>, StoreError> {
        let sql = "SELECT hash, bytes FROM entries WHERE log = ?1 AND seq = ?2";
        self.one(sql, (log.0, seq), |row| Ok((Hash(row.get(0)?), row.get(1)?)))
    }

    /// Up to `limit` entries of `log` that follow entry `after` (0: from the first held), in order.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn entries_after<E: From<StoreError>>(
        &self,
        log: LogId,
        after: u64,
        limit: u32,
        mut visit: impl FnMut(EntryRecord<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT log, seq, hash, bytes FROM entries WHERE log = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        self.scan(sql, (log.0, after, limit), |row| visit(entry_of(row)?))
    }

    /// Up to `limit` entries of `log` that no carrier has confirmed, in order.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn unpushed<E: From<StoreError>>(
        &self,
        log: LogId,
        limit: u32,
        mut visit: impl FnMut(EntryRecord<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT log, seq, hash, bytes FROM entries WHERE log = ?1 AND pushed = 0 ORDER BY seq LIMIT ?2";
        self.scan(sql, (log.0, limit), |row| visit(entry_of(row)?))
    }

    /// How many entries, of any log, no carrier has confirmed.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn n_unpushed(&self) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM entries WHERE pushed = 0", [])
    }

    /// The last entry held of `log`, whether or not it is applied yet.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn log_head(&self, log: LogId) -> Result<Option<Head>, StoreError> {
        self.one("SELECT seq, hash FROM log_heads WHERE log = ?1", [log.0], |row| Ok(Head { seq: row.get(0)?, hash: Hash(row.get(1)?) }))
    }

    /// What is held of every log, by log id.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn logs(&self) -> Result<Vec<LogExtent>, StoreError> {
        self.list("SELECT log, first_seq, seq, hash FROM log_heads ORDER BY log", [], |row| {
            let head = Head { seq: row.get(2)?, hash: Hash(row.get(3)?) };
            Ok(LogExtent { log: LogId(row.get(0)?), first_seq: row.get(1)?, head })
        })
    }

    /// Every log's last applied entry and status, by log id.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn applied(&self) -> Result<Vec<Applied>, StoreError> {
        let found = self.list("SELECT log, seq, hash, status FROM vector ORDER BY log", [], |row| {
            let head = Head { seq: row.get(1)?, hash: Hash(row.get(2)?) };
            Ok((LogId(row.get(0)?), head, row.get::<_, i64>(3)?))
        })?;
        let applied = |(log, head, status)| Ok(Applied { log, head, status: log_status(status)? });
        found.into_iter().map(applied).collect()
    }

    /// The applied vector: logs of which at least one entry is applied.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn vector(&self) -> Result<VersionVector, StoreError> {
        Ok(VersionVector(
            self.applied()?.into_iter().filter(|applied| applied.head.seq > 0).map(|applied| (applied.log, applied.head)).collect(),
        ))
    }

    /// The sealed row of an object.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn row(&self, object: ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("SELECT sealed FROM rows WHERE object = ?1", [object.0], |row| row.get(0))
    }

    /// What an object's row adds to the root.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn row_term(&self, object: ObjectId) -> Result<Option<[u8; 32]>, StoreError> {
        self.one("SELECT term FROM rows WHERE object = ?1", [object.0], |row| row.get(0))
    }

    /// How many rows there are.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn n_rows(&self) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM rows", [])
    }

    /// Up to `limit` rows after `cursor`, in the order of storage. Returns where to go on, `None` at the end.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn rows_after<E: From<StoreError>>(
        &self,
        cursor: Cursor,
        limit: u32,
        mut visit: impl FnMut(RowRecord<'_>) -> Result<(), E>,
    ) -> Result<Option<Cursor>, E> {
        let sql = "SELECT id, object, term, sealed FROM rows WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.scan_on(sql, cursor, limit, |row| {
            visit(RowRecord { object: ObjectId(get(row, 1)?), term: get(row, 2)?, sealed: get_bytes(row, 3)? })
        })
    }

    /// All rows; prefer [`Self::rows_after`] where a slice must stay short.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn each_row<E: From<StoreError>>(&self, visit: impl FnMut(RowRecord<'_>) -> Result<(), E>) -> Result<(), E> {
        self.rows_after(Cursor::default(), u32::MAX, visit).map(|_end| ())
    }

    /// One history page of an object.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn history_page(&self, object: ObjectId, page: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("SELECT sealed FROM history WHERE object = ?1 AND page = ?2", (object.0, page), |row| row.get(0))
    }

    /// How many history pages an object has; they are numbered from 0 without gaps.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn n_history(&self, object: ObjectId) -> Result<u32, StoreError> {
        let sql = "SELECT page + 1 FROM history WHERE object = ?1 ORDER BY page DESC LIMIT 1";
        Ok(self.one(sql, [object.0], |row| row.get(0))?.unwrap_or(0))
    }

    /// Up to `limit` history pages of all objects after `cursor`, in the order of storage.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn history_after<E: From<StoreError>>(
        &self,
        cursor: Cursor,
        limit: u32,
        mut visit: impl FnMut(HistoryRecord<'_>) -> Result<(), E>,
    ) -> Result<Option<Cursor>, E> {
        let sql = "SELECT id, object, page, sealed FROM history WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.scan_on(sql, cursor, limit, |row| {
            visit(HistoryRecord { object: ObjectId(get(row, 1)?), page: get(row, 2)?, sealed: get_bytes(row, 3)? })
        })
    }

    /// Whether an object was purged.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn is_retired(&self, object: ObjectId) -> Result<bool, StoreError> {
        Ok(self.one("SELECT 1 FROM retired WHERE object = ?1", [object.0], |row| row.get::<_, i64>(0))?.is_some())
    }

    /// All purged objects, ascending.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn retired(&self) -> Result<Vec<ObjectId>, StoreError> {
        self.list("SELECT object FROM retired ORDER BY object", [], |row| Ok(ObjectId(row.get(0)?)))
    }

    /// All descriptors of an object, current and past, in the order in which they came.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn attachments<E: From<StoreError>>(
        &self,
        object: ObjectId,
        mut visit: impl FnMut(AttachmentRecord<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT object, attachment, blob, size_class, state, sealed FROM asset_attachments WHERE object = ?1 ORDER BY id";
        self.scan(sql, [object.0], |row| {
            visit(AttachmentRecord {
                object: ObjectId(get(row, 0)?),
                attachment: get(row, 1)?,
                blob: BlobId(get(row, 2)?),
                size_class: get(row, 3)?,
                state: match get::<i64>(row, 4)? {
                    0 => AttachmentState::Current,
                    1 => AttachmentState::Past,
                    _ => return Err(StoreError::Damaged(None).into()),
                },
                sealed: get_bytes(row, 5)?,
            })
        })
    }

    /// A blob's record.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blob(&self, blob: BlobId) -> Result<Option<BlobRecord>, StoreError> {
        let sql = "SELECT blob, len_bytes, n_chunks, state, held FROM blobs WHERE blob = ?1";
        self.one(sql, [blob.0], blob_of)?.map(known_state).transpose()
    }

    /// Up to `limit` blob records after `after` (`BlobId::ZERO`: from the first), ascending.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blobs_after(&self, after: BlobId, limit: u32) -> Result<Vec<BlobRecord>, StoreError> {
        let sql = "SELECT blob, len_bytes, n_chunks, state, held FROM blobs WHERE blob > ?1 ORDER BY blob LIMIT ?2";
        self.list(sql, (after.0, limit), blob_of)?.into_iter().map(known_state).collect()
    }

    /// How many descriptors, current and past, name a blob.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn n_blob_refs(&self, blob: BlobId) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM asset_attachments WHERE blob = ?1", [blob.0])
    }

    /// Blobs that no descriptor names and nothing holds: they may go.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn unused_blobs(&self) -> Result<Vec<BlobId>, StoreError> {
        let sql = "SELECT blob FROM blobs WHERE held = 0 AND NOT EXISTS (SELECT 1 FROM asset_attachments a WHERE a.blob = blobs.blob) ORDER BY blob";
        self.list(sql, [], |row| Ok(BlobId(row.get(0)?)))
    }

    /// Entries in quarantine, by log and number.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and of every query.
    pub fn each_quarantined<E: From<StoreError>>(&self, mut visit: impl FnMut(EntryRecord<'_>) -> Result<(), E>) -> Result<(), E> {
        self.scan("SELECT log, seq, hash, bytes FROM quarantine ORDER BY log, seq, hash", [], |row| visit(entry_of(row)?))
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.prepare(sql)?.query_row(params, read).optional()?)
    }

    fn count(&self, sql: &str, params: impl Params) -> Result<u64, StoreError> {
        Ok(self.prepare(sql)?.query_row(params, |row| row.get(0))?)
    }

    pub(crate) fn list<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        Ok(self.prepare(sql)?.query_map(params, read)?.collect::<Result<_, _>>()?)
    }

    fn scan<E: From<StoreError>>(&self, sql: &str, params: impl Params, mut visit: impl FnMut(&Row<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut statement = self.prepare(sql)?;
        let mut rows = statement.query(params).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            visit(row)?;
        }
        Ok(())
    }

    /// A scan whose first column is the cursor and whose parameters are cursor and limit.
    fn scan_on<E: From<StoreError>>(
        &self,
        sql: &str,
        cursor: Cursor,
        limit: u32,
        mut visit: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<Option<Cursor>, E> {
        let (mut last, mut n_seen) = (cursor, 0);
        self.scan(sql, (cursor.0, limit), |row| {
            last = Cursor(get(row, 0)?);
            n_seen += 1;
            visit(row)
        })?;
        Ok((n_seen == limit).then_some(last))
    }
}

fn entry_of<'r>(row: &'r Row<'_>) -> Result<EntryRecord<'r>, StoreError> {
    Ok(EntryRecord { log: LogId(get(row, 0)?), seq: get(row, 1)?, hash: Hash(get(row, 2)?), bytes: get_bytes(row, 3)? })
}

pub(crate) fn blob_of(row: &Row<'_>) -> rusqlite::Result<(BlobRecord, i64)> {
    let record = BlobRecord {
        blob: BlobId(row.get(0)?),
        len_bytes: row.get(1)?,
        n_chunks: row.get(2)?,
        state: BlobState::Missing,
        held: row.get(4)?,
    };
    Ok((record, row.get(3)?))
}

pub(crate) fn known_state((record, state): (BlobRecord, i64)) -> Result<BlobRecord, StoreError> {
    match state {
        0 => Ok(BlobRecord { state: BlobState::Present, ..record }),
        1 => Ok(record),
        _ => Err(StoreError::Damaged(None)),
    }
}

fn log_status(status: i64) -> Result<LogStatus, StoreError> {
    match status {
        0 => Ok(LogStatus::Open),
        1 => Ok(LogStatus::Retired),
        2 => Ok(LogStatus::Stopped),
        3 => Ok(LogStatus::CutOff),
        _ => Err(StoreError::Damaged(None)),
    }
}

fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    Ok(row.get(column)?)
}

fn get_bytes<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r [u8], StoreError> {
    row.get_ref(column)?.as_blob().map_err(|_wrong_type| StoreError::Damaged(None))
}
