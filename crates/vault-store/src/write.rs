//! Changes, each part of one transaction.

use std::ops::Deref;

use rusqlite::{Connection, Params};
use vault_protocol::{BlobId, Head, LogId, ObjectId};

use crate::StoreError;
use crate::read::Read;
use crate::record::{Appended, Applied, AttachmentRecord, BlobRecord, BlobState, ControlRecord, EntryRecord, Pushed, RowRecord};

/// A transaction that runs; it reads through [`Read`]. Made by [`VaultStore::write`](crate::VaultStore::write).
pub struct Write<'c> {
    read: Read<'c>,
}

impl<'c> Deref for Write<'c> {
    type Target = Read<'c>;

    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

impl<'c> Write<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { read: Read::new(connection) }
    }

    /// Sets a value of the caller's own, in clear.
    ///
    /// # Errors
    ///
    /// As every change: [`StoreError::DiskFull`], [`StoreError::Damaged`], [`StoreError::Disk`], [`StoreError::OutOfMemory`], and
    /// [`StoreError::Rule`] for a caller's mistake. An error ends the transaction; let it out of the closure.
    pub fn put_meta(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.run("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", (key, value)).map(drop)
    }

    /// Takes a value away.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn delete_meta(&self, key: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM meta WHERE key = ?1", [key]).map(drop)
    }

    /// Sets a sealed object of this device alone.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_local(&self, key: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.run("INSERT INTO local (key, sealed) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET sealed = excluded.sealed", (key, sealed))
            .map(drop)
    }

    /// Takes a sealed object of this device away.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn delete_local(&self, key: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM local WHERE key = ?1", [key]).map(drop)
    }

    /// Adds a control entry; one that is there already stays as it is.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_control(&self, record: ControlRecord<'_>) -> Result<Appended, StoreError> {
        let sql = "INSERT INTO control (hash, number, bytes) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING";
        let n_new = self.run(sql, (record.hash.0, record.number, record.bytes))?;
        Ok(if n_new == 1 { Appended::New } else { Appended::Known })
    }

    /// Appends an entry to its log; the same entry again changes nothing. Chain and signature are the caller's to check.
    ///
    /// # Errors
    ///
    /// [`StoreError::Gap`] unless it follows the log's head; [`StoreError::Fork`] if another has its place; else as every change.
    pub fn append_entry(&self, record: EntryRecord<'_>, pushed: Pushed) -> Result<Appended, StoreError> {
        let EntryRecord { log, seq, hash, bytes } = record;
        let head = self.log_head(log)?.map_or(0, |head| head.seq);
        if seq <= head {
            // A truncated one can't be compared; the caller has it covered by a snapshot.
            return match self.entry(log, seq)? {
                Some((held, _)) if held != hash => Err(StoreError::Fork { seq }),
                _ => Ok(Appended::Known),
            };
        }
        if seq != head + 1 {
            return Err(StoreError::Gap { head, seq });
        }
        let sql = "INSERT INTO entries (log, seq, hash, pushed, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, (log.0, seq, hash.0, pushed == Pushed::Yes, bytes))?;
        let sql = "INSERT INTO log_heads (log, first_seq, seq, hash) VALUES (?1, ?2, ?2, ?3)
                   ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
        self.run(sql, (log.0, seq, hash.0))?;
        Ok(Appended::New)
    }

    /// Marks the entries of `log` up to `seq` as confirmed by a carrier.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn mark_pushed(&self, log: LogId, seq: u64) -> Result<(), StoreError> {
        self.run("UPDATE entries SET pushed = 1 WHERE log = ?1 AND seq <= ?2 AND pushed = 0", (log.0, seq)).map(drop)
    }

    /// Deletes the entries of `log` up to `seq`; its head stays.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn truncate_log(&self, log: LogId, seq: u64) -> Result<(), StoreError> {
        self.run("DELETE FROM entries WHERE log = ?1 AND seq <= ?2", (log.0, seq))?;
        let sql = "UPDATE log_heads SET first_seq = MAX(first_seq, MIN(?2, seq) + 1) WHERE log = ?1";
        self.run(sql, (log.0, seq)).map(drop)
    }

    /// Deletes the entries of `log` from `seq` on, with their head: fork, cut-off. Entry `seq - 1`, if any is left, must be held.
    ///
    /// # Errors
    ///
    /// [`StoreError::Gap`] if entry `seq - 1` is not held; else as every change.
    pub fn cut_log(&self, log: LogId, seq: u64) -> Result<(), StoreError> {
        let Some(head) = self.log_head(log)? else { return Ok(()) };
        if seq > head.seq {
            return Ok(());
        }
        self.run("DELETE FROM entries WHERE log = ?1 AND seq >= ?2", (log.0, seq))?;
        if seq <= 1 {
            return self.run("DELETE FROM log_heads WHERE log = ?1", [log.0]).map(drop);
        }
        let Some((hash, _)) = self.entry(log, seq - 1)? else { return Err(StoreError::Gap { head: head.seq, seq }) };
        self.run("UPDATE log_heads SET seq = ?2, hash = ?3 WHERE log = ?1", (log.0, seq - 1, hash.0)).map(drop)
    }

    /// Takes a log's head over from a snapshot: the entries up to it are not held here.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn adopt_log_head(&self, log: LogId, head: Head) -> Result<(), StoreError> {
        self.run("DELETE FROM entries WHERE log = ?1", [log.0])?;
        let sql = "INSERT INTO log_heads (log, first_seq, seq, hash) VALUES (?1, ?2 + 1, ?2, ?3)
                   ON CONFLICT DO UPDATE SET first_seq = excluded.first_seq, seq = excluded.seq, hash = excluded.hash";
        self.run(sql, (log.0, head.seq, head.hash.0)).map(drop)
    }

    /// Sets a log's last applied entry and status.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_applied(&self, applied: Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO vector (log, seq, hash, status) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET seq = excluded.seq, hash = excluded.hash, status = excluded.status";
        self.run(sql, (applied.log.0, applied.head.seq, applied.head.hash.0, applied.status as u8)).map(drop)
    }

    /// Writes an object's row, new or anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::Retired`] if the object was purged (MS13); else as every change.
    pub fn put_row(&self, record: RowRecord<'_>) -> Result<(), StoreError> {
        if self.is_retired(record.object)? {
            return Err(StoreError::Retired);
        }
        let sql = "INSERT INTO rows (object, term, sealed) VALUES (?1, ?2, ?3)
                   ON CONFLICT (object) DO UPDATE SET term = excluded.term, sealed = excluded.sealed";
        self.run(sql, (record.object.0, record.term, record.sealed)).map(drop)
    }

    /// Deletes an object's row with its history and descriptors, without retiring the id: a rebuild from the log.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn delete_row(&self, object: ObjectId) -> Result<(), StoreError> {
        self.run("DELETE FROM rows WHERE object = ?1", [object.0]).map(drop)
    }

    /// Purges an object: row, history and descriptors go, the id never returns. See [`Read::unused_blobs`] for what may follow.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn retire(&self, object: ObjectId) -> Result<(), StoreError> {
        self.delete_row(object)?;
        self.run("INSERT INTO retired (object) VALUES (?1) ON CONFLICT DO NOTHING", [object.0]).map(drop)
    }

    /// Writes a history page, new or anew. Its object's row must exist when the transaction ends.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_history(&self, object: ObjectId, page: u32, sealed: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO history (object, page, sealed) VALUES (?1, ?2, ?3) ON CONFLICT (object, page) DO UPDATE SET sealed = excluded.sealed";
        self.run(sql, (object.0, page, sealed)).map(drop)
    }

    /// Writes a descriptor, new or anew. Its object's row and its blob's record must exist when the transaction ends.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_attachment(&self, record: AttachmentRecord<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO asset_attachments (object, attachment, blob, size_class, state, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (object, attachment) DO UPDATE
                   SET blob = excluded.blob, size_class = excluded.size_class, state = excluded.state, sealed = excluded.sealed";
        let AttachmentRecord { object, attachment, blob, size_class, state, sealed } = record;
        self.run(sql, (object.0, attachment, blob.0, size_class, state as u8, sealed)).map(drop)
    }

    /// Takes a descriptor away that not even history names.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn delete_attachment(&self, object: ObjectId, attachment: [u8; 16]) -> Result<(), StoreError> {
        self.run("DELETE FROM asset_attachments WHERE object = ?1 AND attachment = ?2", (object.0, attachment)).map(drop)
    }

    /// Writes a blob's record, new or anew: after its file is finished, or as missing before it is fetched.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn put_blob(&self, record: BlobRecord) -> Result<(), StoreError> {
        let sql = "INSERT INTO blobs (blob, len_bytes, n_chunks, state, held) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE
                   SET len_bytes = excluded.len_bytes, n_chunks = excluded.n_chunks, state = excluded.state, held = excluded.held";
        let BlobRecord { blob, len_bytes, n_chunks, state, held } = record;
        self.run(sql, (blob.0, len_bytes, n_chunks, state as u8, held)).map(drop)
    }

    /// Notes whether a blob's file is here.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn set_blob_state(&self, blob: BlobId, state: BlobState) -> Result<(), StoreError> {
        self.run("UPDATE blobs SET state = ?2 WHERE blob = ?1", (blob.0, state as u8)).map(drop)
    }

    /// Deletes a blob's record; then, after the commit, its file. Fails if a descriptor names it.
    ///
    /// # Errors
    ///
    /// As every change; [`StoreError::Rule`] at the commit while a descriptor names it.
    pub fn delete_blob(&self, blob: BlobId) -> Result<(), StoreError> {
        self.run("DELETE FROM blobs WHERE blob = ?1", [blob.0]).map(drop)
    }

    /// Sets an entry aside.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn quarantine(&self, record: EntryRecord<'_>) -> Result<(), StoreError> {
        let sql = "INSERT INTO quarantine (log, seq, hash, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        self.run(sql, (record.log.0, record.seq, record.hash.0, record.bytes)).map(drop)
    }

    /// Empties the quarantine of one log: its entries were imported or dismissed.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn clear_quarantine(&self, log: LogId) -> Result<(), StoreError> {
        self.run("DELETE FROM quarantine WHERE log = ?1", [log.0]).map(drop)
    }

    /// Empties everything that is computed from the log (rows, history, descriptors, vector, retired ids), to build it anew.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn clear_view(&self) -> Result<(), StoreError> {
        ["DELETE FROM asset_attachments", "DELETE FROM history", "DELETE FROM rows", "DELETE FROM retired", "DELETE FROM vector"]
            .into_iter()
            .try_for_each(|sql| self.run(sql, []).map(drop))
    }

    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        Ok(self.prepare(sql)?.execute(params)?)
    }
}
