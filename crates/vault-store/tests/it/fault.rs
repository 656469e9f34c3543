//! A writer whose disk fails, at any call and in any way: what was acknowledged is there, nothing is torn. See `tests/fault/README.md`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use vault_protocol::{BlobId, Hash, Head, LogId, ObjectId};
use vault_store::blobs::{BlobHandle, BlobStore, FsBlobs, sweep_orphans};
use vault_store::{
    Applied, AttachmentRecord, AttachmentState, BlobRecord, BlobState, Check, EntryRecord, LogStatus, Profile, Pushed, RowRecord,
    StoreError, VaultStore, folder,
};

/// Tells the child where to write.
const CHILD_FOLDER: &str = "NT2_FAULT_CHILD_FOLDER";
/// Which profile the child opens the store with.
const CHILD_PROFILE: &str = "NT2_FAULT_CHILD_PROFILE";
/// Exit code of a program that the shim has ended.
const ENDED: i32 = 86;
/// Transactions the child makes.
const N_WRITES: u64 = 6;
/// Attempts at each before the child gives up.
const N_ATTEMPTS: u8 = 3;
/// Every so many calls one is made to fail, unless `NT2_FAULT_STRIDE` says otherwise.
const STRIDE: usize = 17;
const VAULT_FOLDER: &str = "vault";
const LOG: LogId = LogId([1; 16]);
/// The row that every write replaces.
const COUNTER: ObjectId = ObjectId([0xcc; 16]);
const BLOB_BYTES: usize = 70_000;

/// What the shim does from the chosen call on.
struct Fault {
    mode: &'static str,
    /// For how many calls; 0: for all.
    times: usize,
    /// What a power cut keeps.
    seed: usize,
}

const FAULTS: [Fault; 11] = [
    Fault { mode: "enospc", times: 1, seed: 0 },
    Fault { mode: "enospc", times: 0, seed: 0 },
    Fault { mode: "eio", times: 1, seed: 0 },
    Fault { mode: "tear", times: 1, seed: 0 },
    Fault { mode: "short", times: 1, seed: 0 },
    Fault { mode: "exit", times: 1, seed: 0 },
    Fault { mode: "exit-after", times: 1, seed: 0 },
    Fault { mode: "tear-exit", times: 1, seed: 0 },
    Fault { mode: "power-cut", times: 1, seed: 0 },
    Fault { mode: "power-cut", times: 1, seed: 1 },
    Fault { mode: "power-cut", times: 1, seed: 2 },
];

#[test]
fn every_acknowledged_write_survives_every_fault() {
    check_profile(Profile::Native);
}

#[test]
fn every_acknowledged_write_survives_every_fault_without_a_write_ahead_log() {
    check_profile(Profile::Opfs);
}

fn check_profile(profile: Profile) {
    let shim = Shim::build();
    let calls = shim.calls(profile);
    let stride = std::env::var("NT2_FAULT_STRIDE").map_or(STRIDE, |stride| stride.parse().unwrap());
    let mut n_ended = 0;
    for (fault_idx, Fault { mode, times, seed }) in FAULTS.iter().enumerate() {
        // Each fault starts elsewhere, so that together they meet every call.
        for at in (1 + fault_idx..=calls.len()).step_by(stride) {
            let data = scratch();
            // Another seed for each call: what is kept should not repeat itself.
            let seed = if *seed == 0 { 0 } else { seed * 1000 + at };
            let settings = [("MODE", mode.to_string()), ("AT", at.to_string()), ("TIMES", times.to_string()), ("SEED", seed.to_string())];
            let output = shim.run(data.path(), profile, &settings);
            let case = format!("{profile:?} {mode} x{times} at {at}, seed {seed}, {}", calls[at - 1]);
            let ended = output.status.code() == Some(ENDED);
            assert!(ended || output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
            n_ended += usize::from(ended);
            let last_ack = last_ack(&output);
            // One fault does not keep the store from working on.
            assert!(ended || *times == 0 || last_ack == N_WRITES, "{case}: stopped after {last_ack}");
            check_left_behind(data.path(), profile, last_ack, &case);
        }
    }
    assert!(n_ended > 0);
}

/// What is on disk is what was acknowledged, and at most the one write more whose acknowledgement was cut off.
fn check_left_behind(data: &Path, profile: Profile, last_ack: u64, case: &str) {
    let path = folder::database(data, VAULT_FOLDER);
    let (store, _) = VaultStore::open(&path, profile).unwrap_or_else(|error| panic!("{case}: {error:?}"));
    let mut blobs = FsBlobs::new(&folder::attachments(data, VAULT_FOLDER));
    let read = store.read();
    let n_writes = read.log_head(LOG).unwrap().map_or(0, |head| head.seq);
    assert!((last_ack..=last_ack + 1).contains(&n_writes), "{case}: {last_ack} acknowledged, {n_writes} there");
    assert_eq!(read.vector().unwrap().seq(LOG), n_writes, "{case}");
    assert_eq!(read.meta("count").unwrap(), (n_writes > 0).then(|| n_writes.to_be_bytes().to_vec()), "{case}");
    assert_eq!(read.row(COUNTER).unwrap(), (n_writes > 0).then(|| pattern(n_writes, 900)), "{case}");
    let entries: Vec<_> = (1..=n_writes).map(|n| read.entry(LOG, n).unwrap().unwrap().1).collect();
    assert_eq!(entries, (1..=n_writes).map(|n| pattern(n, 400)).collect::<Vec<_>>(), "{case}");
    let mut recorded = Vec::new();
    read.attachments::<StoreError>(COUNTER, |attachment| {
        recorded.push(attachment.blob);
        Ok(())
    })
    .unwrap();
    assert_eq!(recorded.len() as u64, n_writes, "{case}");
    for n in 1..=n_writes {
        let mut bytes = vec![0; BLOB_BYTES];
        let read_at = |mut handle: Box<dyn BlobHandle>| handle.read_at(0, &mut bytes);
        blobs.open(recorded[n as usize - 1]).and_then(read_at).unwrap_or_else(|error| panic!("{case}: blob {n}: {error}"));
        assert!(bytes == pattern(n, BLOB_BYTES), "{case}: blob {n}");
        assert_eq!(read.history_page(COUNTER, n as u32 - 1).unwrap(), Some(pattern(n, 300)), "{case}");
    }
    sweep_orphans(&store, &mut blobs).unwrap();
    let report = Check::new(&store).unwrap().run(&store, &mut blobs).unwrap();
    assert!(report.is_sound() && report.orphans.is_empty(), "{case}: {report:?}");
    store.close().unwrap();

    let recorded: BTreeSet<_> = recorded.iter().map(|blob| format!("{blob}.bin")).collect();
    let mut found = BTreeSet::new();
    let attachments = folder::attachments(data, VAULT_FOLDER);
    for file in std::fs::read_dir(&attachments).into_iter().flatten() {
        found.insert(file.unwrap().file_name().into_string().unwrap());
    }
    assert_eq!(found, recorded, "{case}");
    for file in std::fs::read_dir(folder::vault(data, VAULT_FOLDER)).unwrap() {
        let file = file.unwrap();
        // The browser's profile keeps its rollback journal, emptied: the name, not the length, is what costs there.
        let journal = profile == Profile::Opfs && file.file_name() == "vault.sqlite-journal";
        assert!(journal || file.metadata().unwrap().len() > 0, "{case}: {:?} is empty", file.file_name());
    }
}

#[test]
fn a_blob_is_flushed_with_its_name_before_its_row_is_written() {
    let calls = Shim::build().calls(Profile::Native);
    for n in 1..=N_WRITES {
        let last = |what: &str, file: &str| calls.iter().rposition(|call| call.starts_with(what) && call.ends_with(file));
        let name = format!("/attachments/{}.bin", blob(n, 0));
        let written = last("write", &name).unwrap();
        let flushed = last("fsync", &name).unwrap();
        let named = flushed + calls[flushed..].iter().position(|call| call.starts_with("fsync") && call.ends_with("/attachments")).unwrap();
        let recorded = named + calls[named..].iter().position(|call| call.ends_with("vault.sqlite-wal")).unwrap();
        assert!(written < flushed && flushed < named && named < recorded);
        assert!(calls[written..named].iter().all(|call| !call.ends_with("vault.sqlite-wal")), "nothing is recorded meanwhile");
    }
}

#[test]
fn a_commit_is_flushed_once_and_last() {
    let calls = Shim::build().calls(Profile::Native);
    // The first commit also flushes the new log's header.
    for n in 2..N_WRITES {
        let after_blob = calls.iter().rposition(|call| call.ends_with(&format!("{}.bin", blob(n, 0)))).unwrap();
        let before_next = calls.iter().position(|call| call.ends_with(&format!("{}.bin", blob(n + 1, 0)))).unwrap();
        let commit: Vec<_> = calls[after_blob..before_next].iter().filter(|call| call.ends_with("vault.sqlite-wal")).collect();
        assert_eq!(commit.iter().filter(|call| call.contains("sync")).count(), 1, "{commit:#?}");
        assert!(commit.last().unwrap().contains("sync"), "{commit:#?}");
    }
}

/// Not a test of its own: the writer that the others start, with the shim loaded. Without its folder it has nothing to do.
#[test]
fn writer() {
    let Some(data) = std::env::var_os(CHILD_FOLDER) else { return };
    let data = PathBuf::from(data);
    let profile = if std::env::var_os(CHILD_PROFILE).is_some_and(|profile| profile == "Opfs") { Profile::Opfs } else { Profile::Native };
    let attempt = |what: &mut dyn FnMut(u8) -> bool| (0..N_ATTEMPTS).any(what);
    let mut store = None;
    let opened = attempt(&mut |_| {
        folder::make(&data, VAULT_FOLDER, Profile::Native).ok();
        store = VaultStore::open(&folder::database(&data, VAULT_FOLDER), profile).ok();
        store.is_some()
    });
    let (true, Some((mut store, _))) = (opened, store) else { return };
    let mut blobs = FsBlobs::new(&folder::attachments(&data, VAULT_FOLDER));
    for n in 1..=N_WRITES {
        // Each attempt takes a fresh blob: the last one's records may have reached the disk although the commit failed.
        let done = attempt(&mut |attempt| {
            let blob = blob(n, attempt);
            store.read().log_head(LOG).is_ok_and(|head| head.is_some_and(|head| head.seq == n))
                || write_blob(&mut blobs, n, blob).is_ok() && write_records(&mut store, n, blob).is_ok()
        });
        if !done {
            return;
        }
        let mut stdout = std::io::stdout();
        stdout.write_all(format!("acknowledged {n}\n").as_bytes()).unwrap();
        stdout.flush().unwrap();
    }
}

fn write_blob(blobs: &mut FsBlobs, n: u64, blob: BlobId) -> std::io::Result<()> {
    let mut writer = blobs.create(blob)?;
    pattern(n, BLOB_BYTES).chunks(40_000).try_for_each(|chunk| writer.write_all(chunk))?;
    writer.finish()
}

fn write_records(store: &mut VaultStore, n: u64, blob: BlobId) -> Result<(), StoreError> {
    store.write(|tx| {
        let head = Head { seq: n, hash: Hash([n as u8; 32]) };
        tx.append_entry(EntryRecord { log: LOG, seq: n, hash: head.hash, bytes: &pattern(n, 400) }, Pushed::No)?;
        tx.put_applied(Applied { log: LOG, head, status: LogStatus::Open })?;
        tx.put_row(RowRecord { object: COUNTER, term: [n as u8; 32], sealed: &pattern(n, 900) })?;
        tx.put_history(COUNTER, n as u32 - 1, &pattern(n, 300))?;
        tx.put_blob(BlobRecord { blob, len_bytes: BLOB_BYTES as u64, n_chunks: 2, state: BlobState::Present, held: false })?;
        let (attachment, state) = ([n as u8; 16], AttachmentState::Current);
        tx.put_attachment(AttachmentRecord { object: COUNTER, attachment, blob, size_class: 16, state, sealed: b"sealed" })?;
        tx.put_meta("count", &n.to_be_bytes())
    })
}

fn blob(n: u64, attempt: u8) -> BlobId {
    let mut id = [n as u8; 16];
    id[15] = attempt;
    BlobId(id)
}

/// Bytes that no two writes share.
fn pattern(n: u64, len: usize) -> Vec<u8> {
    (0..len).map(|position| (position as u8).wrapping_mul(31).wrapping_add(n as u8)).collect()
}

fn last_ack(output: &Output) -> u64 {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.split_once("acknowledged ")).map(|(_, n)| n.parse().unwrap()).max().unwrap_or(0)
}

/// In memory where there is such a folder: hundreds of runs, and the shim decides what reaches the disk.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// The compiled shim.
struct Shim {
    folder: tempfile::TempDir,
}

impl Shim {
    fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fault/shim.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(folder.path().join("shim.so"))
            .args([source, "-ldl"])
            .status()
            .unwrap();
        assert!(status.success());
        Self { folder }
    }

    /// Runs the writer on `data`; `settings` are the shim's, without their prefix.
    fn run(&self, data: &Path, profile: Profile, settings: &[(&str, String)]) -> Output {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "fault::writer", "--nocapture", "--test-threads=1"])
            .env(CHILD_FOLDER, data)
            .env(CHILD_PROFILE, format!("{profile:?}"))
            .env("LD_PRELOAD", self.folder.path().join("shim.so"))
            .env("NT2_FAULT_PATH_CONTAINS", data.join("vaults"));
        for (name, value) in settings {
            command.env(format!("NT2_FAULT_{name}"), value);
        }
        command.output().unwrap()
    }

    /// The writer's calls when nothing fails: `<call> <path>`.
    fn calls(&self, profile: Profile) -> Vec<String> {
        let data = scratch();
        let log = data.path().join("calls");
        let output = self.run(data.path(), profile, &[("LOG", log.to_str().unwrap().to_owned())]);
        assert_eq!(last_ack(&output), N_WRITES, "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(log).unwrap();
        text.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
    }
}
