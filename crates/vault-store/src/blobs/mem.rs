//! Blobs in memory, for tests and previews of restores.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use vault_protocol::BlobId;

use super::{BlobHandle, BlobStore, BlobWriter};

/// Blobs in memory; clones share them.
#[derive(Clone, Default)]
pub struct MemBlobs {
    files: Rc<RefCell<BTreeMap<BlobId, Rc<[u8]>>>>,
}

impl BlobStore for MemBlobs {
    fn create(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobWriter>> {
        if self.files.borrow().contains_key(&blob) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(Box::new(Writer { blobs: self.clone(), blob, bytes: Vec::new(), keep: false }))
    }

    fn resume(&mut self, blob: BlobId) -> io::Result<(u64, Box<dyn BlobWriter>)> {
        let bytes = self.files.borrow().get(&blob).map(|bytes| bytes.to_vec()).unwrap_or_default();
        Ok((bytes.len() as u64, Box::new(Writer { blobs: self.clone(), blob, bytes, keep: true })))
    }

    fn open(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobHandle>> {
        let bytes = self.files.borrow().get(&blob).cloned().ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Handle { bytes }))
    }

    fn delete(&mut self, blob: BlobId) -> io::Result<()> {
        self.files.borrow_mut().remove(&blob);
        Ok(())
    }

    fn list(&mut self) -> io::Result<Vec<(BlobId, u64)>> {
        Ok(self.files.borrow().iter().map(|(blob, bytes)| (*blob, bytes.len() as u64)).collect())
    }
}

struct Handle {
    bytes: Rc<[u8]>,
}

impl BlobHandle for Handle {
    fn len_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_too_far| io::ErrorKind::UnexpectedEof)?;
        let end = start.checked_add(out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(self.bytes.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

struct Writer {
    blobs: MemBlobs,
    blob: BlobId,
    bytes: Vec<u8>,
    /// What was written stays when it is dropped: it is gone on with.
    keep: bool,
}

impl Writer {
    fn put(&mut self) {
        self.blobs.files.borrow_mut().insert(self.blob, std::mem::take(&mut self.bytes).into());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.keep {
            self.put();
        }
    }
}

impl BlobWriter for Writer {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.keep = false;
        self.put();
        Ok(())
    }

    fn abort(mut self: Box<Self>) {
        if std::mem::replace(&mut self.keep, false) {
            self.blobs.files.borrow_mut().remove(&self.blob);
        }
    }
}
