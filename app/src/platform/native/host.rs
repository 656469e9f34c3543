//! The engine's synchronous half of the platform.

use std::{
    any::Any,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use vault_crypto::{
    EntropyError,
    hands::{Hands, TwoHands},
};
use vault_engine::{
    SinkId, SourceId,
    effect::{Host, KeyName, LockError, Sink, Source},
};
use vault_store::{
    Profile,
    blobs::{BlobStore, FsBlobs},
};

use super::{
    files::{self, Files},
    keys,
};

/// The data folder of this account, this device and this process.
pub(crate) struct NativeHost {
    data: PathBuf,
    files: Files,
    is_writable: bool,
}

impl NativeHost {
    /// For a data folder that exists.
    pub(crate) fn new(data: &Path, files: Files) -> Self {
        Self { data: data.to_owned(), files, is_writable: files::is_writable(data) }
    }
}

impl Host for NativeHost {
    fn data_dir(&self) -> &Path {
        &self.data
    }

    fn entropy(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }

    fn profile(&self) -> Profile {
        Profile::Native
    }

    fn make_folder(&mut self, folder: &str) -> io::Result<()> {
        vault_store::folder::make(&self.data, folder, Profile::Native)
    }

    fn has_folder(&self, folder: &str) -> bool {
        std::fs::read_dir(vault_store::folder::vault(&self.data, folder)).is_ok_and(|mut entries| entries.next().is_some())
    }

    fn delete_folder(&mut self, folder: &str) -> io::Result<()> {
        vault_store::folder::remove(&self.data, folder, Profile::Native)
    }

    fn blobs(&mut self, folder: &str) -> io::Result<Box<dyn BlobStore>> {
        Ok(Box::new(FsBlobs::new(&vault_store::folder::attachments(&self.data, folder))))
    }

    fn key_files(&self) -> Vec<KeyName> {
        keys::file_names(&self.data)
    }

    fn take_source(&mut self, source: SourceId) -> Option<Box<dyn Source>> {
        self.files.take_source(source)
    }

    fn take_sink(&mut self, sink: SinkId) -> Option<Box<dyn Sink>> {
        self.files.take_sink(sink)
    }

    /// A lock of the file system on a file beside the vaults, so that the folder itself can be deleted under it. The system gives it back
    /// when the process ends, however it ends.
    fn lock_folder(&mut self, name: &str) -> Result<Box<dyn Any>, LockError> {
        if !self.is_writable {
            // Nobody writes here, so there is nothing to keep out.
            return Ok(Box::new(()));
        }
        let folder = self.data.join("locks");
        std::fs::create_dir_all(&folder).map_err(|_| LockError::Io)?;
        let path = folder.join(format!("{name}.lock"));
        let file = File::options().write(true).create(true).truncate(false).open(path).map_err(|_| LockError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse),
            Err(TryLockError::Error(_)) => Err(LockError::Io),
        }
    }

    fn is_writable(&self) -> bool {
        self.is_writable
    }

    fn hands(&self) -> &'static dyn Hands {
        &TwoHands
    }

    fn device_name(&self) -> String {
        let name = gethostname::gethostname().to_string_lossy().into_owned();
        if name.is_empty() { "this computer".to_owned() } else { name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_is_locked_once_until_the_guard_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = NativeHost::new(folder.path(), Files::default());
        let mut second = NativeHost::new(folder.path(), Files::default());
        let guard = first.lock_folder("one").unwrap();
        assert_eq!(second.lock_folder("one").err(), Some(LockError::InUse));
        assert!(second.lock_folder("two").is_ok());
        drop(guard);
        assert!(second.lock_folder("one").is_ok());
    }

    #[test]
    fn asking_whether_a_folder_can_be_written_leaves_nothing_in_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(NativeHost::new(folder.path(), Files::default()).is_writable());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
