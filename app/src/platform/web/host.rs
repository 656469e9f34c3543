//! The engine's synchronous half of the platform: the pool of databases, attachments, registered files.

use std::{any::Any, cell::Cell, io, path::Path, rc::Rc};

use rsqlite_vfs::{
    VfsFilesManager as _,
    transfer::{DbTransfer as _, ExportSource as _},
};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use vault_crypto::EntropyError;
use vault_engine::{
    SinkId, SourceId,
    effect::{Host, KeyName, LockError, Sink, Source},
    event::{DeviceKeyPlace, Notice},
};
use vault_store::{Profile, blobs::BlobStore, folder};

use wasm_bindgen::JsValue;

use super::{
    backoff::Backoff,
    blobs::WebBlobs,
    browser, keys, now_ms,
    opfs::Opfs,
    pool::{self, Mended},
    sinks::Registered,
};

/// Databases and journals that can be made between two turns: a restore makes one of each, a migration a copy.
const N_FREE_SLOTS: usize = 4;

/// What the engine calls.
#[derive(Clone)]
pub(super) struct WebHost {
    pool: OpfsSAHPoolUtil,
    opfs: Opfs,
    registered: Registered,
    /// Those that were there at the start.
    key_files: Vec<KeyName>,
    notices: Vec<Notice>,
    /// While the pool can't grow.
    backoff: Rc<Cell<Backoff>>,
}

impl WebHost {
    /// Takes hold of the databases, which only one worker at a time can.
    pub(super) async fn open(opfs: Opfs, registered: Registered) -> Result<Self, JsValue> {
        let Mended { n_mended, n_aside } = pool::mend(&opfs.root(), &opfs.names()).await?;
        let told = [Notice::StorageMended(n_mended), Notice::StorageSetAside(n_aside)];
        let notices = told.into_iter().zip([n_mended, n_aside]).filter(|(_, n)| *n > 0).map(|(notice, _)| notice).collect();
        let key_files = keys::file_names(&opfs.root()).await?;
        let options = OpfsSAHPoolCfgBuilder::new().directory(pool::FOLDER).build();
        let pool = install::<WasmOsCallback>(&options, true).await.map_err(|error| JsValue::from_str(&error.to_string()))?;
        let host = Self { pool, opfs, registered, key_files, notices, backoff: Rc::default() };
        host.settle().await;
        Ok(host)
    }

    /// The contents of a file of the pool that nobody has open.
    fn contents(&self, name: &str) -> Result<Vec<u8>, OpfsSAHError> {
        let mut source = self.pool.open_export(name)?;
        let mut bytes = vec![0; source.size() as usize];
        let n_read = source.read_at(0, &mut bytes)?;
        bytes.truncate(n_read);
        Ok(bytes)
    }

    /// Whether [`Self::settle`] has something to do.
    pub(super) fn is_unsettled(&self) -> bool {
        self.opfs.is_unsettled() || (self.backoff.get().is_over(now_ms()) && self.n_free_slots() < N_FREE_SLOTS)
    }

    /// Does between two turns what takes a promise.
    pub(super) async fn settle(&self) {
        self.opfs.settle().await;
        let n_free = self.n_free_slots();
        let mut backoff = self.backoff.get();
        if n_free < N_FREE_SLOTS && backoff.is_over(now_ms()) {
            // On a full disk the next database says so.
            match self.pool.add_capacity(N_FREE_SLOTS - n_free).await {
                Ok(_) => backoff.end(),
                Err(_) => backoff.failed(now_ms()),
            }
            self.backoff.set(backoff);
        }
    }

    fn n_free_slots(&self) -> usize {
        self.pool.capacity() - self.pool.len().unwrap_or(0).min(self.pool.capacity())
    }
}

impl Host for WebHost {
    /// The root of the pool.
    fn data_dir(&self) -> &Path {
        Path::new("")
    }

    fn entropy(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }

    fn profile(&self) -> Profile {
        Profile::Opfs
    }

    fn make_folder(&mut self, folder: &str) -> io::Result<()> {
        self.opfs.make_folder(folder);
        Ok(())
    }

    fn has_folder(&self, folder: &str) -> bool {
        let database = folder::database(self.data_dir(), folder);
        self.opfs.has_folder(folder) || self.pool.contains(&database.to_string_lossy()).unwrap_or(true)
    }

    fn delete_folder(&mut self, folder: &str) -> io::Result<()> {
        self.opfs.delete_folder(folder);
        let inside = format!("{}/", folder::vault(self.data_dir(), folder).display());
        // Database, journal, copies made before migrations.
        for name in self.pool.names().map_err(|_| io::ErrorKind::ResourceBusy)?.iter().filter(|name| name.starts_with(&inside)) {
            self.pool.remove(name).map_err(|_| io::ErrorKind::ResourceBusy)?;
        }
        Ok(())
    }

    fn folders(&self) -> Vec<String> {
        let inside = |name: &String| Some(name.strip_prefix("vaults/")?.strip_suffix("/vault.sqlite")?.to_owned());
        self.pool.names().unwrap_or_default().iter().filter_map(inside).collect()
    }

    /// Its bytes are copied between two turns; the pool can't give a file another name.
    fn set_index_aside(&mut self, suffix: &str) -> io::Result<()> {
        let name = folder::device_index(self.data_dir()).to_string_lossy().into_owned();
        let busy = |_| io::Error::from(io::ErrorKind::ResourceBusy);
        self.pool.remove(&format!("{name}-journal")).map_err(busy)?;
        let bytes = self.contents(&name).map_err(busy)?;
        self.opfs.keep_aside(&format!("{name}.{suffix}"), bytes);
        self.pool.remove(&name).map_err(busy).map(drop)
    }

    fn key_files(&self) -> Vec<KeyName> {
        self.key_files.clone()
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    fn blobs(&mut self, folder: &str) -> io::Result<Box<dyn BlobStore>> {
        Ok(Box::new(WebBlobs::new(self.opfs.clone(), folder)))
    }

    fn take_source(&mut self, source: SourceId) -> Option<Box<dyn Source>> {
        self.registered.take_source(source)
    }

    fn take_sink(&mut self, sink: SinkId) -> Option<Box<dyn Sink>> {
        self.registered.take_sink(sink)
    }

    /// The page holds one lock for all vaults before it starts this worker.
    fn lock_folder(&mut self, _: &str) -> Result<Box<dyn Any>, LockError> {
        Ok(Box::new(()))
    }

    fn is_writable(&self) -> bool {
        true
    }

    fn key_store_place(&self) -> DeviceKeyPlace {
        DeviceKeyPlace::SameDisk
    }

    fn device_name(&self) -> String {
        browser::device_name()
    }
}
