//! Attachments as files of the origin-private file system, read and written synchronously.

use std::io;

use vault_protocol::BlobId;
use vault_store::blobs::{BlobHandle, BlobStore, BlobWriter};
use web_sys::{File, FileReaderSync, FileSystemReadWriteOptions};

use super::{
    js,
    opfs::{self, Opfs, Spare},
};

/// What is read ahead: a call into the browser costs as much as many chunks.
const AHEAD_BYTES: u64 = 1 << 20;

/// The attachments of one vault.
pub(super) struct WebBlobs {
    opfs: Opfs,
    folder: String,
}

impl WebBlobs {
    /// Those in the vault's folder of that name.
    pub(super) fn new(opfs: Opfs, folder: &str) -> Self {
        opfs.keep_ready(folder);
        Self { opfs, folder: folder.to_owned() }
    }
}

impl BlobStore for WebBlobs {
    fn create(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobWriter>> {
        if self.opfs.file(&self.folder, blob).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let spare = Some(self.opfs.take_spare(&self.folder)?);
        Ok(Box::new(Writer { opfs: self.opfs.clone(), folder: self.folder.clone(), blob, spare, len_bytes: 0 }))
    }

    fn open(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobHandle>> {
        let file = self.opfs.file(&self.folder, blob).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Ahead::new(file)?))
    }

    fn delete(&mut self, blob: BlobId) -> io::Result<()> {
        self.opfs.delete(&self.folder, blob);
        Ok(())
    }

    fn list(&mut self) -> io::Result<Vec<(BlobId, u64)>> {
        Ok(self.opfs.list(&self.folder))
    }
}

struct Writer {
    opfs: Opfs,
    folder: String,
    blob: BlobId,
    /// `None` once finished.
    spare: Option<Spare>,
    len_bytes: u64,
}

impl BlobWriter for Writer {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let spare = self.spare.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        let options = FileSystemReadWriteOptions::new();
        options.set_at(self.len_bytes as f64);
        let n = spare.access.write_with_u8_array_and_options(bytes, &options).map_err(|error| js::io_error(&error))?;
        // Some browsers write less than asked for when the quota ends, instead of an error.
        if n as usize != bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.len_bytes += bytes.len() as u64;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let spare = self.spare.as_ref().ok_or(io::ErrorKind::BrokenPipe)?;
        spare.access.flush().map_err(|error| js::io_error(&error))?;
        spare.access.close();
        if let Some(spare) = self.spare.take() {
            self.opfs.name(&self.folder, &spare, self.blob);
        }
        Ok(())
    }

    fn abort(self: Box<Self>) {}
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(spare) = self.spare.take() {
            self.opfs.discard(&self.folder, &spare);
        }
    }
}

/// A file read forward in large pieces, or anywhere.
pub(super) struct Ahead {
    file: File,
    reader: FileReaderSync,
    len_bytes: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Ahead {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|error| js::io_error(&error))?;
        Ok(Self { len_bytes: file.size() as u64, file, reader, start: 0, bytes: Vec::new() })
    }

    pub(super) fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    pub(super) fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(out.len() as u64).filter(|end| *end <= self.len_bytes).ok_or(io::ErrorKind::UnexpectedEof)?;
        if out.len() as u64 >= AHEAD_BYTES {
            return opfs::read_at(&self.reader, &self.file, offset, out);
        }
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            self.bytes.resize(AHEAD_BYTES.min(self.len_bytes - offset) as usize, 0);
            opfs::read_at(&self.reader, &self.file, offset, &mut self.bytes).inspect_err(|_| self.bytes.clear())?;
            self.start = offset;
        }
        let at = (offset - self.start) as usize;
        out.copy_from_slice(&self.bytes[at..at + out.len()]);
        Ok(())
    }
}

impl BlobHandle for Ahead {
    fn len_bytes(&self) -> u64 {
        self.len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.read_at(offset, out)
    }
}
