//! Encrypted files beside the database. A blob is written under its final, random name, flushed, and only then recorded; a file
//! without a record is an orphan, which [`sweep_orphans`] deletes. Nothing is ever renamed, so nothing is ever half there under a
//! name that means something.

pub(crate) mod fs;
mod mem;

use std::io;

use vault_protocol::BlobId;

pub use fs::FsBlobs;
pub use mem::MemBlobs;

use crate::{StoreError, VaultStore};

/// Where a vault's blobs lie.
pub trait BlobStore {
    /// Starts a blob; at most one in a slice of work, because a browser can open files between slices only. A blob is never written twice: each attempt to add a file takes a fresh id, because the record of the last one may
    /// have reached the disk although its commit failed ([`StoreError::Disk`]). Fetching a missing blob again deletes what is left first.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if there is one; else whatever the platform says.
    fn create(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobWriter>>;

    /// Goes on with a blob that is being fetched: what is here of it, and a writer that appends to that and leaves it when it is dropped. Where
    /// a platform can't go on it starts anew. Counts as [`Self::create`]; only for a blob whose record says that it is missing.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn resume(&mut self, blob: BlobId) -> io::Result<(u64, Box<dyn BlobWriter>)> {
        self.delete(blob)?;
        Ok((0, self.create(blob)?))
    }

    /// Opens a blob for reading.
    ///
    /// # Errors
    ///
    /// `NotFound` if it is not here; else whatever the platform says.
    fn open(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobHandle>>;

    /// Deletes a blob; one that is not here is no error.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn delete(&mut self, blob: BlobId) -> io::Result<()>;

    /// Every blob here and its length in bytes, ascending; other files are passed over.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn list(&mut self) -> io::Result<Vec<(BlobId, u64)>>;
}

/// A blob opened for reading.
pub trait BlobHandle {
    /// Its length in bytes.
    fn len_bytes(&self) -> u64;

    /// Reads exactly `out.len()` bytes at `offset`.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` beyond the end; else whatever the platform says.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()>;
}

/// A blob that is being written. Dropped unfinished, it is taken away as by [`Self::abort`].
pub trait BlobWriter {
    /// Appends.
    ///
    /// # Errors
    ///
    /// Whatever the platform says; `StorageFull` when the disk is.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes it durable, its name included. Only then may it be recorded.
    ///
    /// # Errors
    ///
    /// Whatever the platform says; the file is then taken away, or left as an orphan.
    fn finish(self: Box<Self>) -> io::Result<()>;

    /// Takes it away.
    fn abort(self: Box<Self>);
}

/// Deletes the files that have no record in `store`; returns how many. Meant for a store just opened: not while an attachment is being
/// written, nor after [`StoreError::Disk`], when what is recorded shows only at the next opening.
///
/// # Errors
///
/// [`SweepError`].
pub fn sweep_orphans(store: &VaultStore, blobs: &mut dyn BlobStore) -> Result<u64, SweepError> {
    let mut n_deleted = 0;
    for (blob, _) in blobs.list()? {
        if store.read().blob(blob)?.is_none() {
            blobs.delete(blob)?;
            n_deleted += 1;
        }
    }
    Ok(n_deleted)
}

/// Why a walk over files and records ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files.
    #[error("the attachment folder can't be read or written")]
    Files(#[from] io::Error),
}
