//! The vault's database.

use std::cell::Cell;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use crate::connection::{self, Access, Profile, ReadOnly};
use crate::migration::VAULT;
use crate::read::Read;
use crate::write::Write;

/// Set in the first write transaction, taken away by an orderly close: found at opening, the last close was unclean.
const IN_USE: &str = "store.in_use";

/// One vault's database, opened by one owner: `vaults/<vault id>/vault.sqlite`.
pub struct VaultStore {
    connection: Connection,
    access: Access,
    /// Whether [`IN_USE`] is known to be in the file.
    marked: Cell<bool>,
}

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastClose {
    /// The store was closed in order, or is new.
    Clean,
    /// It was not; the quick check passed.
    Unclean,
}

impl VaultStore {
    /// Opens or makes the database at `path`, applies missing migrations (after a copy) and, after an unclean close, checks it quickly.
    ///
    /// A newer schema, or a file that can't be written, opens for reading only; see [`Self::access`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] (then [`salvage`](crate::salvage)), [`StoreError::Locked`], [`StoreError::NotOurs`],
    /// [`StoreError::Unavailable`], [`StoreError::DiskFull`], [`StoreError::ReadOnly`] if it can't even be read where it is: a
    /// write-ahead log waits beside it.
    pub fn open(path: &Path, profile: Profile) -> Result<(Self, LastClose), StoreError> {
        let (connection, access) = connection::open(path, profile, &VAULT)?;
        let store = Self { connection, access, marked: Cell::new(false) };
        // A newer schema may keep the mark elsewhere.
        let unclean = access == Access::Write && store.read().meta(IN_USE)?.is_some();
        if !unclean {
            return Ok((store, LastClose::Clean));
        }
        store.quick_check()?;
        store.marked.set(true);
        Ok((store, LastClose::Unclean))
    }

    /// Opens an existing database for reading and writes nothing, not even beside it: for media that can't be written.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let (connection, access) = connection::open_read_only(path, &VAULT)?;
        Ok(Self { connection, access, marked: Cell::new(false) })
    }

    /// Whether it takes writes, and if not, why.
    pub fn access(&self) -> Access {
        self.access
    }

    /// The queries.
    pub fn read(&self) -> Read<'_> {
        Read::new(&self.connection)
    }

    /// Runs `change` as exactly one durable transaction: when this returns `Ok`, all of it is on disk; after an error, nothing of it.
    /// (After [`StoreError::Disk`] from the commit itself it is all or nothing, and which of the two may show only at the next opening:
    /// read again before going on, and delete no blob that the change named.)
    ///
    /// # Errors
    ///
    /// Those of `change`, or of the commit; [`StoreError::TooNew`] or [`StoreError::ReadOnly`] if [`Self::access`] says so.
    pub fn write<T, E: From<StoreError>>(&mut self, change: impl FnOnce(&Write<'_>) -> Result<T, E>) -> Result<T, E> {
        if let Access::Read(why) = self.access {
            return Err(StoreError::from_read_only(why).into());
        }
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let write = Write::new(&tx);
        if !self.marked.get() {
            write.put_meta(IN_USE, &[])?;
        }
        let value = change(&write)?;
        tx.commit().map_err(StoreError::from)?;
        self.marked.set(true);
        Ok(value)
    }

    /// Empties the write-ahead log into the database, so that what was deleted (an old device key's slot, R's copy) is gone from disk too.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] if another process reads; [`StoreError::Disk`].
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let busy: i64 = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        match busy {
            0 => Ok(()),
            _ => Err(StoreError::Locked(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None))),
        }
    }

    /// Closes in order. Dropping does the same and tells nobody of a failure, which costs the next opening a quick check.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disk`]; every acknowledged write is safe all the same.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.unmark()
    }

    /// Whether pages, cells and lengths of the whole file make sense; reads all of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`].
    pub fn quick_check(&self) -> Result<(), StoreError> {
        connection::quick_check(&self.connection)
    }

    /// A store over what was salvaged.
    pub(crate) fn into_salvage(mut self) -> Self {
        self.access = Access::Read(ReadOnly::Salvage);
        self
    }

    /// The connection, for checks and salvage.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn unmark(&mut self) -> Result<(), StoreError> {
        if self.marked.replace(false) {
            self.connection.execute("DELETE FROM meta WHERE key = ?1", [IN_USE])?;
        }
        Ok(())
    }
}

impl Drop for VaultStore {
    fn drop(&mut self) {
        // The mark then stays, and the next opening checks the file.
        self.unmark().ok();
    }
}

#[cfg(test)]
mod tests;
