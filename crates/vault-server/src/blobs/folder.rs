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
use tokio::runtime::Handle;
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

    fn file(&self, object: &ObjectName) -> ObjectFile {
        let whole = self.folder.join(object.path());
        ObjectFile { unfinished: whole.with_extension("part"), whole }
    }
}

/// The places of one object.
struct ObjectFile {
    whole: PathBuf,
    unfinished: PathBuf,
}

impl ObjectFile {
    fn open_unfinished(&self) -> io::Result<File> {
        if let Some(parent) = self.whole.parent() {
            make_private(parent)?;
        }
        OpenOptions::new().create(true).truncate(false).write(true).open(&self.unfinished)
    }

    /// Gives a finished file its name, unless one has it: whoever comes late with a part or with the last step changes nothing any more.
    fn keep(&self, file: &File) -> io::Result<()> {
        file.sync_all()?;
        match fs::hard_link(&self.unfinished, &self.whole) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists || self.whole.exists() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
            // A file system without second names.
            Err(_unsupported) => fs::rename(&self.unfinished, &self.whole)?,
            Ok(()) => {}
        }
        remove_if_there(&self.unfinished)?;
        self.whole.parent().map_or(Ok(()), flush_folder)
    }
}

/// Runs what may take a disk's time where other requests do not wait for it; at once where there is no runtime.
async fn on_disk<T: Send + 'static>(op: impl FnOnce() -> Result<T, BlobError> + Send + 'static) -> Result<T, BlobError> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(op).await.map_err(|error| BlobError::Failed(Box::new(error)))?,
        Err(_no_runtime) => op(),
    }
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
        let object = self.file(object);
        Box::pin(on_disk(move || {
            let mut file = object.open_unfinished()?;
            file.seek(SeekFrom::Start(from))?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            Ok(String::new())
        }))
    }

    fn finish<'a>(&'a self, object: &'a ObjectName, _upload: &'a str, sizes: PartSizes, _tags: Vec<String>) -> BlobFuture<'a, ()> {
        let object = self.file(object);
        Box::pin(on_disk(move || {
            let file = OpenOptions::new().write(true).open(&object.unfinished)?;
            if file.metadata()?.len() != sizes.len_bytes() {
                return Err(BlobError::OtherLength);
            }
            Ok(object.keep(&file)?)
        }))
    }

    fn put<'a>(&'a self, object: &'a ObjectName, bytes: Bytes) -> BlobFuture<'a, ()> {
        let object = self.file(object);
        Box::pin(on_disk(move || {
            let mut file = object.open_unfinished()?;
            // Never cut: whoever brings the same blob at the same time writes the same bytes into the same file.
            file.write_all(&bytes)?;
            Ok(object.keep(&file)?)
        }))
    }

    fn len<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, Option<u64>> {
        let object = self.file(object);
        Box::pin(on_disk(move || match fs::metadata(&object.whole) {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }))
    }

    fn read<'a>(&'a self, object: &'a ObjectName, from: u64, len: u32, out: &'a mut Vec<u8>) -> BlobFuture<'a, ()> {
        let object = self.file(object);
        Box::pin(async move {
            let mut bytes = std::mem::take(out);
            *out = on_disk(move || {
                let mut file = File::open(&object.whole)?;
                file.seek(SeekFrom::Start(from))?;
                let n_read = file.take(len.into()).read_to_end(&mut bytes)?;
                if n_read == len as usize { Ok(bytes) } else { Err(BlobError::OtherLength) }
            })
            .await?;
            Ok(())
        })
    }

    fn abort<'a>(&'a self, object: &'a ObjectName, _upload: &'a str) -> BlobFuture<'a, ()> {
        let object = self.file(object);
        Box::pin(on_disk(move || Ok(remove_if_there(&object.unfinished)?)))
    }

    fn remove<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, ()> {
        let object = self.file(object);
        Box::pin(on_disk(move || {
            remove_if_there(&object.unfinished)?;
            Ok(remove_if_there(&object.whole)?)
        }))
    }

    fn remove_vault<'a>(&'a self, vault: VaultId) -> BlobFuture<'a, ()> {
        let folder = self.folder.join(vault.to_string());
        Box::pin(on_disk(move || {
            // Not empty means that something is still to be deleted: then a later round does it.
            fs::remove_dir(folder).ok();
            Ok(())
        }))
    }
}
