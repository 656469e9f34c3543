//! Where the bytes of blobs are: in memory, in a folder, in an object store. What they belong to is the business of [`crate::store`].
//!
//! An object is written once, under a name drawn at random and claimed in the database before: so nothing here rests on a store that refuses
//! to overwrite, which several S3-compatible ones do not, whatever they are asked.

mod folder;
mod objects;
mod s3;

use std::{future::Future, pin::Pin};

use axum::body::Bytes;
use vault_protocol::api::PartSizes;

pub use crate::store::ObjectName;
pub use folder::FolderBlobs;
pub use objects::{MemoryBlobs, ObjectBlobs};
pub use s3::{S3Address, S3Secret, open as open_s3};

/// Why the bytes of a blob were not stored or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The database says that the object is there, and it is not.
    #[error("an object is missing")]
    Missing,
    /// There is no room left where objects are kept.
    #[error("there is no room left for objects")]
    NoRoom,
    /// The object has another length than was claimed.
    #[error("an object has another length than was claimed")]
    OtherLength,
    /// The folder or the object store does not answer, or answers what it should not.
    #[error("the store of objects failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is under way in a store of objects.
pub type BlobFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BlobError>> + Send + 'a>>;

/// A part that a client brought by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPart {
    /// Counted from 0.
    pub part: u32,
    /// In bytes.
    pub len_bytes: u64,
    /// What the store calls it.
    pub tag: String,
}

/// A store of objects. Each of its calls may be repeated, and may have been cut off before.
pub trait Blobs: Send + Sync + 'static {
    /// Bytes of every part but the last of a new blob of this length.
    fn part_bytes(&self, len_bytes: u64) -> u32;

    /// Begins an object that comes in parts: what the store calls the upload.
    fn begin<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, String>;

    /// Stores a part that begins at `from`: what the store calls it.
    fn put_part<'a>(&'a self, object: &'a ObjectName, upload: &'a str, part: u32, from: u64, bytes: Bytes) -> BlobFuture<'a, String>;

    /// Makes an object of its parts, given by what the store called them, all of them and in order. [`BlobError::Missing`] if there is no such
    /// upload, which may mean that it was finished before: [`Self::len`] tells.
    fn finish<'a>(&'a self, object: &'a ObjectName, upload: &'a str, sizes: PartSizes, tags: Vec<String>) -> BlobFuture<'a, ()>;

    /// Stores a whole object.
    fn put<'a>(&'a self, object: &'a ObjectName, bytes: Bytes) -> BlobFuture<'a, ()>;

    /// Bytes of a whole object; `None` if there is none.
    fn len<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, Option<u64>>;

    /// Appends `len` bytes from `from` on to `out`, which must be there.
    fn read<'a>(&'a self, object: &'a ObjectName, from: u64, len: u32, out: &'a mut Vec<u8>) -> BlobFuture<'a, ()>;

    /// Ends an upload, if one is named, and what there is of it.
    fn abort<'a>(&'a self, object: &'a ObjectName, upload: &'a str) -> BlobFuture<'a, ()>;

    /// Deletes an object if it is there.
    fn remove<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, ()>;

    /// Deletes what is kept of a vault beside its objects, once those are gone.
    fn remove_vault<'a>(&'a self, _vault: vault_protocol::VaultId) -> BlobFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Whether clients may bring and take bytes by themselves.
    fn is_direct(&self) -> bool {
        false
    }

    /// Where a client may bring a part, given by its number from 0 and its bytes, by itself for so many seconds from now on.
    fn part_url(&self, _object: &ObjectName, _upload: &str, _part: (u32, u32), _now_ms: u64, _life_secs: u32) -> Option<String> {
        None
    }

    /// Where a client may read an object by itself for so many seconds from now on.
    fn read_url(&self, _object: &ObjectName, _now_ms: u64, _life_secs: u32) -> Option<String> {
        None
    }

    /// Parts of an unfinished upload that are there; none if the store can't tell.
    fn list_parts<'a>(&'a self, _object: &'a ObjectName, _upload: &'a str, _now_ms: u64) -> BlobFuture<'a, Vec<ListedPart>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing,
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::NoRoom,
            _ => Self::Failed(Box::new(error)),
        }
    }
}
