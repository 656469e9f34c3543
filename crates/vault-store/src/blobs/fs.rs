//! Blobs as files: `<folder>/<blob id in hexadecimal>.bin`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use vault_protocol::BlobId;

use super::{BlobHandle, BlobStore, BlobWriter};

/// Blobs in a folder of their own.
pub struct FsBlobs {
    folder: PathBuf,
}

impl FsBlobs {
    /// The blobs in `folder`, which is made with the first of them.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, blob: BlobId) -> PathBuf {
        self.folder.join(format!("{blob}.bin"))
    }
}

impl BlobStore for FsBlobs {
    fn create(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobWriter>> {
        make_folder(&self.folder)?;
        let path = self.path(blob);
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok(Box::new(FileWriter { file: Some(file), path, folder: self.folder.clone(), keep: false }))
    }

    fn resume(&mut self, blob: BlobId) -> io::Result<(u64, Box<dyn BlobWriter>)> {
        make_folder(&self.folder)?;
        let path = self.path(blob);
        let file = OpenOptions::new().append(true).create(true).open(&path)?;
        let len_bytes = file.metadata()?.len();
        Ok((len_bytes, Box::new(FileWriter { file: Some(file), path, folder: self.folder.clone(), keep: true })))
    }

    fn open(&mut self, blob: BlobId) -> io::Result<Box<dyn BlobHandle>> {
        let file = File::open(self.path(blob))?;
        let len_bytes = file.metadata()?.len();
        Ok(Box::new(FileHandle { file, len_bytes }))
    }

    fn delete(&mut self, blob: BlobId) -> io::Result<()> {
        match fs::remove_file(self.path(blob)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&mut self) -> io::Result<Vec<(BlobId, u64)>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(blob) = name.to_str().and_then(|name| name.strip_suffix(".bin")).and_then(BlobId::parse_hex) else { continue };
            let meta = entry.metadata()?;
            if meta.is_file() {
                found.push((blob, meta.len()));
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

struct FileHandle {
    file: File,
    len_bytes: u64,
}

impl BlobHandle for FileHandle {
    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(out)
    }
}

struct FileWriter {
    /// `None` once finished.
    file: Option<File>,
    path: PathBuf,
    folder: PathBuf,
    /// What was written stays when it is dropped: it is gone on with.
    keep: bool,
}

impl BlobWriter for FileWriter {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_mut().map_or_else(|| Err(io::ErrorKind::BrokenPipe.into()), |file| file.write_all(bytes))
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if let Some(file) = &self.file {
            file.sync_all()?;
        }
        sync_folder(&self.folder)?;
        self.file = None;
        Ok(())
    }

    fn abort(mut self: Box<Self>) {
        self.keep = false;
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        if self.file.take().is_some() && !self.keep {
            // What can't be deleted is an orphan and goes with the next sweep.
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Makes a folder and those above it, and their names durable.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
        fs::create_dir(folder)?;
        return sync_folder(parent);
    }
    fs::create_dir(folder)
}

/// Deletes a folder with all that is in it; one that is not there is no error.
pub(crate) fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes the names in a folder durable. Windows flushes them with the file and has no handle for folders.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOB: BlobId = BlobId([0xab; 16]);

    #[test]
    fn a_blob_that_is_not_finished_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut blobs = FsBlobs::new(&folder.path().join("attachments"));
        for end in [|writer: Box<dyn BlobWriter>| drop(writer), |writer: Box<dyn BlobWriter>| writer.abort()] {
            let mut writer = blobs.create(BLOB).unwrap();
            writer.write_all(b"part").unwrap();
            assert_eq!(blobs.list().unwrap(), [(BLOB, 4)]);
            end(writer);
            assert_eq!(blobs.list().unwrap(), []);
        }
    }

    #[test]
    fn a_blob_that_is_being_fetched_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let mut blobs = FsBlobs::new(folder.path());
        let (len_bytes, mut writer) = blobs.resume(BLOB).unwrap();
        assert_eq!(len_bytes, 0);
        writer.write_all(b"first ").unwrap();
        drop(writer);
        let (len_bytes, mut writer) = blobs.resume(BLOB).unwrap();
        assert_eq!(len_bytes, 6);
        writer.write_all(b"second").unwrap();
        writer.finish().unwrap();
        let mut handle = blobs.open(BLOB).unwrap();
        let mut bytes = vec![0; 12];
        handle.read_at(0, &mut bytes).unwrap();
        assert_eq!(bytes, b"first second");
        let (_, writer) = blobs.resume(BLOB).unwrap();
        writer.abort();
        assert!(blobs.list().unwrap().is_empty());
    }

    #[test]
    fn a_finished_blob_is_read_at_any_place_and_not_beyond_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut blobs = FsBlobs::new(folder.path());
        let mut writer = blobs.create(BLOB).unwrap();
        writer.write_all(b"0123456789").unwrap();
        writer.finish().unwrap();
        let mut handle = blobs.open(BLOB).unwrap();
        let mut out = [0; 3];
        handle.read_at(7, &mut out).unwrap();
        assert_eq!((handle.len_bytes(), &out), (10, b"789"));
        assert_eq!(handle.read_at(8, &mut out).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(blobs.create(BLOB).err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        blobs.delete(BLOB).unwrap();
        blobs.delete(BLOB).unwrap();
        assert_eq!(blobs.open(BLOB).err().unwrap().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn files_of_other_names_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["notes.txt", "abcd.bin", "zz.bin", &format!("{BLOB}.bin.part")] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        fs::create_dir(folder.path().join(format!("{BLOB}.bin"))).unwrap();
        assert_eq!(FsBlobs::new(folder.path()).list().unwrap(), []);
    }
}
