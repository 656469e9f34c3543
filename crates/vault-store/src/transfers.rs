//! Which blobs lie where: here, with the sync server, or both.

use rusqlite::Row;
use vault_protocol::{BlobId, ObjectId};

use crate::{
    StoreError,
    read::{Read, blob_of, known_state},
    record::{BlobCopy, BlobRecord, BlobTotals, BlobUse},
    write::Write,
};

impl Read<'_> {
    /// What is known of a blob beyond this device.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blob_copy(&self, blob: BlobId) -> Result<BlobCopy, StoreError> {
        let read = |row: &Row<'_>| Ok(BlobCopy { remote: row.get(0)?, fetched_ms: row.get(1)? });
        Ok(self.one("SELECT remote, fetched_ms FROM blob_copies WHERE blob = ?1", [blob.0], read)?.unwrap_or_default())
    }

    /// Blobs that are here, that an item names, and that the server has not confirmed, smallest first.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blobs_to_send(&self, limit: u32) -> Result<Vec<BlobRecord>, StoreError> {
        let sql = "SELECT blob, len_bytes, n_chunks, state, held FROM blobs
                   WHERE state = 0 AND NOT EXISTS (SELECT 1 FROM blob_copies c WHERE c.blob = blobs.blob AND c.remote = 1)
                   AND EXISTS (SELECT 1 FROM asset_attachments a WHERE a.blob = blobs.blob) ORDER BY len_bytes, blob LIMIT ?1";
        self.list(sql, [limit], blob_of)?.into_iter().map(known_state).collect()
    }

    /// Blobs that are not here, have at most so many bytes, and that an item names today, smallest first.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blobs_to_fetch(&self, max_bytes: u64, limit: u32) -> Result<Vec<BlobRecord>, StoreError> {
        let sql = "SELECT blob, len_bytes, n_chunks, state, held FROM blobs
                   WHERE state = 1 AND len_bytes <= ?1
                   AND EXISTS (SELECT 1 FROM asset_attachments a WHERE a.blob = blobs.blob AND a.state = 0)
                   ORDER BY len_bytes, blob LIMIT ?2";
        self.list(sql, (max_bytes.min(i64::MAX as u64), limit), blob_of)?.into_iter().map(known_state).collect()
    }

    /// Blobs that may leave this device: here and confirmed by the server; those fetched longest ago first.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blobs_to_evict(&self) -> Result<Vec<BlobRecord>, StoreError> {
        let sql = "SELECT blobs.blob, len_bytes, n_chunks, state, held FROM blobs JOIN blob_copies c ON c.blob = blobs.blob
                   WHERE state = 0 AND held = 0 AND c.remote = 1 ORDER BY c.fetched_ms, blobs.blob";
        self.list(sql, [], blob_of)?.into_iter().map(known_state).collect()
    }

    /// Bytes of the blobs here that came from a server.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn fetched_bytes(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COALESCE(SUM(len_bytes), 0) FROM blobs JOIN blob_copies c ON c.blob = blobs.blob
                   WHERE state = 0 AND c.fetched_ms > 0";
        Ok(self.one(sql, [], |row| row.get(0))?.unwrap_or_default())
    }

    /// How many blobs are here and not, and their bytes.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn blob_totals(&self) -> Result<BlobTotals, StoreError> {
        let sql = "SELECT COALESCE(SUM(state = 0), 0), COALESCE(SUM(len_bytes * (state = 0)), 0),
                   COALESCE(SUM(state = 1), 0), COALESCE(SUM(len_bytes * (state = 1)), 0),
                   COALESCE(SUM(state = 0 AND COALESCE(c.remote, 0) = 0), 0),
                   COALESCE(SUM(len_bytes * (state = 0 AND COALESCE(c.remote, 0) = 0)), 0),
                   COALESCE(SUM(len_bytes * (state = 0 AND held = 0 AND COALESCE(c.remote, 0) = 1)), 0)
                   FROM blobs LEFT JOIN blob_copies c ON c.blob = blobs.blob";
        let totals = self.one(sql, [], |row| {
            Ok(BlobTotals {
                n_here: row.get(0)?,
                here_bytes: row.get(1)?,
                n_missing: row.get(2)?,
                missing_bytes: row.get(3)?,
                n_to_send: row.get(4)?,
                to_send_bytes: row.get(5)?,
                remote_bytes: row.get(6)?,
            })
        })?;
        Ok(totals.unwrap_or_default())
    }

    /// The descriptors that name a blob, those of today before those of the past.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn attachments_of_blob(&self, blob: BlobId) -> Result<Vec<BlobUse>, StoreError> {
        let sql = "SELECT object, attachment, sealed FROM asset_attachments WHERE blob = ?1 ORDER BY state, id";
        self.list(sql, [blob.0], |row| Ok(BlobUse { object: ObjectId(row.get(0)?), attachment: row.get(1)?, sealed: row.get(2)? }))
    }

    /// Blobs that the server has not been told to delete yet.
    ///
    /// # Errors
    ///
    /// As every query.
    pub fn released_blobs(&self, limit: u32) -> Result<Vec<BlobId>, StoreError> {
        self.list("SELECT blob FROM released_blobs ORDER BY blob LIMIT ?1", [limit], |row| Ok(BlobId(row.get(0)?)))
    }
}

impl Write<'_> {
    /// Notes whether the server has all of a blob.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn set_blob_remote(&self, blob: BlobId, remote: bool) -> Result<(), StoreError> {
        let sql = "INSERT INTO blob_copies (blob, remote) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET remote = excluded.remote";
        self.run(sql, (blob.0, remote)).map(drop)
    }

    /// Notes that a blob has come from the server, at this time (Unix milliseconds).
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn set_blob_fetched(&self, blob: BlobId, now_ms: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO blob_copies (blob, remote, fetched_ms) VALUES (?1, 1, ?2)
                   ON CONFLICT DO UPDATE SET remote = 1, fetched_ms = excluded.fetched_ms";
        self.run(sql, (blob.0, now_ms)).map(drop)
    }

    /// Forgets what any server has: it is another one, or its copy was deleted.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn forget_remote(&self) -> Result<(), StoreError> {
        self.run("UPDATE blob_copies SET remote = 0", [])?;
        self.run("DELETE FROM released_blobs", []).map(drop)
    }

    /// Notes that the server is to delete a blob, or that it has been told to.
    ///
    /// # Errors
    ///
    /// As every change.
    pub fn set_blob_released(&self, blob: BlobId, is_due: bool) -> Result<(), StoreError> {
        let sql = match is_due {
            true => "INSERT INTO released_blobs (blob) VALUES (?1) ON CONFLICT DO NOTHING",
            false => "DELETE FROM released_blobs WHERE blob = ?1",
        };
        self.run(sql, [blob.0]).map(drop)
    }
}
