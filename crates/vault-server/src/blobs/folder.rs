//! Objects as files: `<folder>/<vault>/<object>`, and `<object>.part` while its parts come in.
//!
//! A part is written at its place and flushed before it counts. The last step flushes the file, gives it its name and flushes the folder:
//! what was acknowledged is there after a power cut.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use tokio::runtime::{Handle, RuntimeFlavor};
use vault_protocol::{VaultId, api::PartSizes};

use super::{BlobError, BlobFuture, Blobs, ObjectName};

/// Bytes of a part: 64 GiB in as many parts as there may be.
const PART_BYTES: u32 = 4 << 20;

/// A folder of this machine.
#[derive(Debug)]
pub struct FolderBlobs {
    folder: PathBuf,
    part_bytes: u32,
}

impl FolderBlobs {
    /// Uses `folder`, which is made if it is not there, for its owner alone.
    ///
    /// # Errors
    ///
    /// [`BlobError::Failed`], [`BlobError::NoRoom`].
    pub fn open(folder: &Path) -> Result<Self, BlobError> {
        make_private(folder)?;
        Ok(Self { folder: folder.to_owned(), part_bytes: PART_BYTES })
    }

    /// The same with parts of another length, within [`vault_protocol::api::bounds`]: for tests with small files.
    pub fn with_part_bytes(self, part_bytes: u32) -> Self {
        Self { part_bytes, ..self }
    }

    fn path(&self, object: &ObjectName) -> PathBuf {
        self.folder.join(object.path())
    }

    fn unfinished(&self, object: &ObjectName) -> PathBuf {
        self.path(object).with_extension("part")
    }

    fn open_unfinished(&self, object: &ObjectName) -> io::Result<File> {
        if let Some(parent) = self.path(object).parent() {
            make_private(parent)?;
        }
        OpenOptions::new().create(true).truncate(false).write(true).open(self.unfinished(object))
    }

    /// Gives a finished file its name.
    fn keep(&self, object: &ObjectName, file: &File) -> io::Result<()> {
        file.sync_all()?;
        fs::rename(self.unfinished(object), self.path(object))?;
        match self.path(object).parent() {
            Some(parent) => flush_folder(parent),
            None => Ok(()),
        }
    }
}

/// Runs what may take a disk's time where other requests do not wait for it; at once where there is no runtime with threads.
fn on_disk<T>(op: impl FnOnce() -> Result<T, BlobError>) -> Result<T, BlobError> {
    let has_threads = Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if has_threads { tokio::task::block_in_place(op) } else { op() }
}

fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    #[cfg(not(unix))]
    fs::create_dir_all(folder)?;
    folder.parent().map_or(Ok(()), flush_folder)
}

/// Makes names in a folder last. Elsewhere than on Unix a folder can't be flushed, and the file system keeps names in order by itself.
fn flush_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Blobs for FolderBlobs {
    fn part_bytes(&self, _len_bytes: u64) -> u32 {
        self.part_bytes
    }

    fn begin<'a>(&'a self, _object: &'a ObjectName) -> BlobFuture<'a, String> {
        Box::pin(async { Ok(String::new()) })
    }

    fn put_part<'a>(&'a self, object: &'a ObjectName, _upload: &'a str, _part: u32, from: u64, bytes: Bytes) -> BlobFuture<'a, String> {
        Box::pin(async move {
            on_disk(|| {
                let mut file = self.open_unfinished(object)?;
                file.seek(SeekFrom::Start(from))?;
                file.write_all(&bytes)?;
                file.sync_data()?;
                Ok(String::new())
            })
        })
    }

    fn finish<'a>(&'a self, object: &'a ObjectName, _upload: &'a str, sizes: PartSizes, _tags: Vec<String>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            on_disk(|| {
                let check = |len_bytes| if len_bytes == sizes.len_bytes() { Ok(()) } else { Err(BlobError::OtherLength) };
                match OpenOptions::new().write(true).open(self.unfinished(object)) {
                    Ok(file) => {
                        check(file.metadata()?.len())?;
                        Ok(self.keep(object, &file)?)
                    }
                    // It came this far before, and was cut off then.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => check(fs::metadata(self.path(object))?.len()),
                    Err(error) => Err(error.into()),
                }
            })
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectName, bytes: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            on_disk(|| {
                let mut file = self.open_unfinished(object)?;
                // Never cut: whoever brings the same blob at the same time writes the same bytes into the same file.
                file.write_all(&bytes)?;
                Ok(self.keep(object, &file)?)
            })
        })
    }

    fn read<'a>(&'a self, object: &'a ObjectName, from: u64, len: u32, out: &'a mut Vec<u8>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            on_disk(|| {
                let mut file = File::open(self.path(object))?;
                file.seek(SeekFrom::Start(from))?;
                let n_read = file.take(len.into()).read_to_end(out)?;
                if n_read == len as usize { Ok(()) } else { Err(BlobError::OtherLength) }
            })
        })
    }

    fn abort<'a>(&'a self, object: &'a ObjectName, _upload: &'a str) -> BlobFuture<'a, ()> {
        Box::pin(async move { on_disk(|| Ok(remove_if_there(&self.unfinished(object))?)) })
    }

    fn remove<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            on_disk(|| {
                remove_if_there(&self.unfinished(object))?;
                Ok(remove_if_there(&self.path(object))?)
            })
        })
    }

    fn remove_vault<'a>(&'a self, vault: VaultId) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            on_disk(|| {
                // Not empty means that something is still to be deleted: then a later round does it.
                fs::remove_dir(self.folder.join(vault.to_string())).ok();
                Ok(())
            })
        })
    }
}
