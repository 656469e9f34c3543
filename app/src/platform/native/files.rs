//! Files registered for the engine: sources that are read, sinks that show nothing until they are finished.

use std::{
    collections::{HashMap, VecDeque},
    ffi::OsString,
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use vault_engine::{
    SinkId, SourceId,
    effect::{Finish, Sink, Source},
};

use super::os;

/// Sources that stay open after they were taken: a backup is looked at first and restored, or tried with another passphrase, later. The
/// oldest of them are closed, because a process may have about a thousand open files.
const MAX_TAKEN: usize = 16;

/// Sources and sinks that wait for the engine to take them. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Files(Arc<Mutex<Registered>>);

#[derive(Default)]
struct Registered {
    last_id: u64,
    sources: HashMap<SourceId, FileSource>,
    /// Those of `sources` that were taken, oldest first.
    taken: VecDeque<SourceId>,
    sinks: HashMap<SinkId, FileSink>,
}

/// What a sink does if there is already a file of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// The person was asked: replace it.
    Replace,
    /// Keep it and fail.
    Keep,
}

impl Files {
    /// Opens a regular file for the engine; gives its id and length in bytes.
    pub(crate) fn add_source(&self, path: &Path) -> io::Result<(SourceId, u64)> {
        let source = FileSource::open(path)?;
        let len_bytes = source.len_bytes;
        let mut files = self.registered();
        files.last_id += 1;
        let id = SourceId(files.last_id);
        files.sources.insert(id, source);
        Ok((id, len_bytes))
    }

    /// Prepares to write `path`.
    pub(crate) fn add_sink(&self, path: &Path, existing: Existing) -> io::Result<SinkId> {
        let sink = FileSink::create(path, existing)?;
        let mut files = self.registered();
        files.last_id += 1;
        let id = SinkId(files.last_id);
        files.sinks.insert(id, sink);
        Ok(id)
    }

    /// Hands a source out. It can be taken again as long as few others were taken since ([`MAX_TAKEN`]).
    pub(crate) fn take_source(&self, id: SourceId) -> Option<Box<dyn Source>> {
        let mut files = self.registered();
        // Fails only if the process has too many open files.
        let source = files.sources.get(&id)?.another().ok()?;
        if !files.taken.contains(&id) {
            files.taken.push_back(id);
        }
        if files.taken.len() > MAX_TAKEN
            && let Some(oldest) = files.taken.pop_front()
        {
            files.sources.remove(&oldest);
        }
        Some(Box::new(source))
    }

    /// Takes a sink out.
    pub(crate) fn take_sink(&self, id: SinkId) -> Option<Box<dyn Sink>> {
        self.registered().sinks.remove(&id).map(|sink| Box::new(sink) as _)
    }

    /// A panic elsewhere leaves nothing half done in here.
    fn registered(&self) -> std::sync::MutexGuard<'_, Registered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A regular file.
struct FileSource {
    file: File,
    len_bytes: u64,
}

impl FileSource {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(Self { file, len_bytes: metadata.len() })
    }

    /// The same file again. Both share a place in it, which each reading sets anew; one thread reads.
    fn another(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, len_bytes: self.len_bytes })
    }
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

/// A file that appears whole or not at all: written under another name in the same folder, flushed, then renamed.
struct FileSink {
    file: Option<File>,
    temporary: PathBuf,
    path: PathBuf,
    existing: Existing,
}

impl FileSink {
    fn create(path: &Path, existing: Existing) -> io::Result<Self> {
        if existing == Existing::Keep && path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut random = [0; 6];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{:012x}.part", u64::from_be_bytes([0, 0, random[0], random[1], random[2], random[3], random[4], random[5]])));
        let temporary = path.with_file_name(hidden);
        let file = os::private_options().write(true).create_new(true).open(&temporary)?;
        Ok(Self { file: Some(file), temporary, path: path.to_owned(), existing })
    }

    fn open_file(&mut self) -> io::Result<&mut File> {
        self.file.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn publish(&self) -> io::Result<()> {
        if self.existing == Existing::Keep {
            // A hard link fails if the name is taken, at the same instant; file systems without links get a look and a rename.
            match std::fs::hard_link(&self.temporary, &self.path) {
                Ok(()) => return std::fs::remove_file(&self.temporary),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if self.path.symlink_metadata().is_ok() => return Err(io::ErrorKind::AlreadyExists.into()),
                Err(_) => {}
            }
        }
        std::fs::rename(&self.temporary, &self.path)
    }
}

impl Sink for FileSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open_file()?.write_all(bytes)
    }

    fn finish(&mut self) -> io::Result<Finish> {
        self.open_file()?.sync_all()?;
        // Windows does not rename an open file.
        let file = self.file.take();
        drop(file);
        if let Err(error) = self.publish() {
            // What could not be shown is not left behind under its hidden name either; that it lingers changes nothing about the error.
            std::fs::remove_file(&self.temporary).ok();
            return Err(error);
        }
        os::sync_folder(folder_of(&self.path))?;
        Ok(Finish::Done)
    }
}

impl Drop for FileSink {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Nobody is left who could do something about it.
            std::fs::remove_file(&self.temporary).ok();
        }
    }
}

/// Writes a small file whole or not at all, for its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut sink = FileSink::create(path, Existing::Replace)?;
    sink.write(bytes)?;
    sink.finish().map(drop)
}

/// Whether files can be made in a folder.
pub(crate) fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".nt2-{}.probe", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).open(&probe).is_ok();
    if made {
        // It lingers at worst as an empty file.
        std::fs::remove_file(&probe).ok();
    }
    made
}

/// The folder a file is in; `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The media type that a file name suggests; empty if it suggests none.
pub(crate) fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "bmp" => "image/bmp",
        "csv" => "text/csv",
        "gif" => "image/gif",
        "htm" | "html" => "text/html",
        "jpeg" | "jpg" => "image/jpeg",
        "json" => "application/json",
        "md" => "text/markdown",
        "pdf" => "application/pdf",
        "pem" => "application/x-pem-file",
        "png" => "image/png",
        "txt" => "text/plain",
        "webp" => "image/webp",
        "xml" => "application/xml",
        "zip" => "application/zip",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_sink_shows_nothing_before_it_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let (files, path) = (Files::default(), folder.path().join("out.bin"));
        let id = files.add_sink(&path, Existing::Keep).unwrap();
        let mut sink = files.take_sink(id).unwrap();
        sink.write(b"hello").unwrap();
        assert!(!path.exists());
        sink.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"hello");
        assert_eq!(names(folder.path()), ["out.bin"]);
        assert!(files.take_sink(id).is_none());
    }

    #[test]
    fn a_dropped_sink_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::default();
        let id = files.add_sink(&folder.path().join("out.bin"), Existing::Keep).unwrap();
        let mut sink = files.take_sink(id).unwrap();
        sink.write(b"hello").unwrap();
        drop(sink);
        files.add_sink(&folder.path().join("never taken"), Existing::Keep).unwrap();
        drop(files);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (files, path) = (Files::default(), folder.path().join("out.bin"));
        let id = files.add_sink(&path, Existing::Keep).unwrap();
        std::fs::write(&path, b"theirs").unwrap();
        let mut sink = files.take_sink(id).unwrap();
        assert_eq!(sink.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(folder.path()), ["out.bin"]);
        assert_eq!(files.add_sink(&path, Existing::Keep).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn replacing_is_only_done_when_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.bin");
        std::fs::write(&path, b"old").unwrap();
        write_private(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_source_reads_anywhere_and_fails_past_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let (files, path) = (Files::default(), folder.path().join("in.bin"));
        std::fs::write(&path, b"0123456789").unwrap();
        let (id, len_bytes) = files.add_source(&path).unwrap();
        let mut source = files.take_source(id).unwrap();
        let mut out = [0; 3];
        source.read_at(7, &mut out).unwrap();
        assert_eq!((len_bytes, source.len_bytes(), &out), (10, 10, b"789"));
        source.read_at(0, &mut out).unwrap();
        assert_eq!(&out, b"012");
        assert!(source.read_at(8, &mut out).is_err());
    }

    #[test]
    fn a_source_is_looked_at_first_and_read_later() {
        let folder = tempfile::tempdir().unwrap();
        let (files, path) = (Files::default(), folder.path().join("in.bin"));
        std::fs::write(&path, b"0123456789").unwrap();
        let (id, _) = files.add_source(&path).unwrap();
        for _ in 0..3 {
            let mut out = [0; 2];
            files.take_source(id).unwrap().read_at(4, &mut out).unwrap();
            assert_eq!(&out, b"45");
        }
    }

    #[test]
    fn of_the_sources_that_were_taken_only_the_last_stay_open() {
        let folder = tempfile::tempdir().unwrap();
        let (files, path) = (Files::default(), folder.path().join("in.bin"));
        std::fs::write(&path, b"0123456789").unwrap();
        let ids: Vec<_> = (0..100).map(|_| files.add_source(&path).unwrap().0).collect();
        assert!(ids.iter().all(|id| files.take_source(*id).is_some()), "what waits is not closed");
        let again = ids.iter().filter(|id| files.registered().sources.contains_key(id)).count();
        assert_eq!(again, MAX_TAKEN);
    }

    #[test]
    fn a_folder_is_no_source() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Files::default().add_source(folder.path()).is_err());
    }
}
