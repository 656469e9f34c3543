//! A host for tests.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use vault_crypto::{
    EntropyError,
    hands::{Hands, TwoHands},
};
use vault_engine::{
    SinkId, SourceId,
    effect::{Finish, Host, KeyName, LockError, Sink, Source},
};
use vault_store::{
    Profile,
    blobs::{BlobStore, FsBlobs},
    folder,
};

use crate::Rng;

/// Files on a temporary disk, sources and sinks in memory or on it, deterministic entropy.
pub struct TestHost {
    data: PathBuf,
    rng: Rng,
    seed: u64,
    sources: BTreeMap<SourceId, Box<dyn Source>>,
    sink_paths: BTreeMap<SinkId, PathBuf>,
    sinks: Arc<Mutex<BTreeMap<SinkId, Vec<u8>>>>,
    locked: Arc<Mutex<BTreeSet<PathBuf>>>,
    next_file: u64,
    /// What the person calls this device; `None` = by its seed.
    pub name: Option<String>,
    /// Whether the generator fails.
    pub entropy_fails: bool,
    /// Names of the device keys that are said to lie in files here.
    pub key_files: Vec<KeyName>,
}

impl TestHost {
    /// A host over `data`; two hosts with one seed draw the same bytes.
    pub fn new(data: &Path, seed: u64) -> Self {
        Self {
            data: data.to_owned(),
            rng: Rng::new(seed),
            seed,
            sources: BTreeMap::new(),
            sink_paths: BTreeMap::new(),
            sinks: Arc::default(),
            locked: Arc::default(),
            next_file: 0,
            name: None,
            entropy_fails: false,
            key_files: Vec::new(),
        }
    }

    /// Registers bytes as a file to read.
    pub fn put_source(&mut self, bytes: impl Into<Vec<u8>>) -> SourceId {
        self.insert_source(Box::new(MemSource(bytes.into())))
    }

    /// Registers a file on the disk to read.
    ///
    /// # Errors
    ///
    /// If it can't be opened.
    pub fn open_source(&mut self, path: &Path) -> io::Result<SourceId> {
        let file = File::open(path)?;
        let len_bytes = file.metadata()?.len();
        Ok(self.insert_source(Box::new(FileSource { file, len_bytes })))
    }

    fn insert_source(&mut self, source: Box<dyn Source>) -> SourceId {
        self.next_file += 1;
        self.sources.insert(SourceId(self.next_file), source);
        SourceId(self.next_file)
    }

    /// Registers a place to write to.
    pub fn make_sink(&mut self) -> SinkId {
        self.next_file += 1;
        SinkId(self.next_file)
    }

    /// Registers a file on the disk to write, flushed when it is finished.
    pub fn create_sink(&mut self, path: &Path) -> SinkId {
        let sink = self.make_sink();
        self.sink_paths.insert(sink, path.to_owned());
        sink
    }

    /// What was finished there.
    pub fn written(&self, sink: SinkId) -> Option<Vec<u8>> {
        self.sinks.lock().expect("no test panics while it holds this").get(&sink).cloned()
    }
}

impl Host for TestHost {
    fn data_dir(&self) -> &Path {
        &self.data
    }

    fn entropy(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        if self.entropy_fails {
            return Err(EntropyError);
        }
        self.rng.fill(out);
        Ok(())
    }

    fn profile(&self) -> Profile {
        Profile::Native
    }

    fn make_folder(&mut self, name: &str) -> io::Result<()> {
        std::fs::create_dir_all(folder::attachments(&self.data, name))
    }

    fn has_folder(&self, name: &str) -> bool {
        folder::vault(&self.data, name).exists()
    }

    fn delete_folder(&mut self, name: &str) -> io::Result<()> {
        match std::fs::remove_dir_all(folder::vault(&self.data, name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// A device of the tests keeps its keys in memory; their names are told all the same.
    fn key_files(&self) -> Vec<KeyName> {
        self.key_files.clone()
    }

    fn blobs(&mut self, name: &str) -> io::Result<Box<dyn BlobStore>> {
        Ok(Box::new(FsBlobs::new(&folder::attachments(&self.data, name))))
    }

    fn take_source(&mut self, source: SourceId) -> Option<Box<dyn Source>> {
        self.sources.remove(&source)
    }

    fn take_sink(&mut self, sink: SinkId) -> Option<Box<dyn Sink>> {
        if let Some(path) = self.sink_paths.remove(&sink) {
            return Some(Box::new(FileSink(File::create(path).ok()?)));
        }
        Some(Box::new(MemSink { id: sink, bytes: Vec::new(), done: Arc::clone(&self.sinks) }))
    }

    fn lock_folder(&mut self, name: &str) -> Result<Box<dyn Any>, LockError> {
        let path = folder::vault(&self.data, name);
        if !self.locked.lock().expect("no test panics while it holds this").insert(path.clone()) {
            return Err(LockError::InUse);
        }
        Ok(Box::new(Guard { path, locked: Arc::clone(&self.locked) }))
    }

    fn is_writable(&self) -> bool {
        true
    }

    fn hands(&self) -> &'static dyn Hands {
        &TwoHands
    }

    fn device_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("Device {}", self.seed))
    }
}

struct Guard {
    path: PathBuf,
    locked: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.locked.lock().expect("no test panics while it holds this").remove(&self.path);
    }
}

struct MemSource(Vec<u8>);

impl Source for MemSource {
    fn len_bytes(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let bytes = self.0.get(at..).and_then(|rest| rest.get(..out.len())).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }
}

struct MemSink {
    id: SinkId,
    bytes: Vec<u8>,
    done: Arc<Mutex<BTreeMap<SinkId, Vec<u8>>>>,
}

impl Sink for MemSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<Finish> {
        self.done.lock().expect("no test panics while it holds this").insert(self.id, std::mem::take(&mut self.bytes));
        Ok(Finish::Done)
    }
}

struct FileSource {
    file: File,
    len_bytes: u64,
}

impl Source for FileSource {
    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(out)
    }
}

struct FileSink(File);

impl Sink for FileSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn finish(&mut self) -> io::Result<Finish> {
        self.0.sync_all()?;
        Ok(Finish::Done)
    }
}
