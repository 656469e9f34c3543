//! Blobs in and out: every story on every store of rows, with the bytes in memory and in a folder.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::body::Bytes;
use tempfile::TempDir;
use vault_protocol::{
    BlobId,
    api::{
        ApiError, BeginBlob, BlobBegun, Call as _, Delete, Deletion, Done, FindBlobs, FinishBlob, PartSet, PartSizes, Purpose, PutBlob,
        PutPart, ReadBlob, ReadBlobReply, ReadBlobs, ReleaseBlobs, SessionToken, Status,
    },
};
use vault_server::{
    Premium, Settings,
    blobs::{BlobFuture, Blobs, FolderBlobs, MemoryBlobs, ObjectName},
    block_on,
    store::{BlobTables as _, Grant, SqliteStore, Store},
};

use crate::{
    client::{Server, naming, settings},
    world::{A, owner, vault},
};

/// Small parts, so that small blobs have several.
const PART: u32 = 4096;
const DAY_MS: u64 = 86_400_000;

/// Where the bytes are in one run of a story.
pub(crate) enum Kept {
    Memory,
    Folder(TempDir),
}

impl Kept {
    fn open(&self) -> Box<dyn Blobs> {
        match self {
            Self::Memory => Box::new(MemoryBlobs::new().with_part_bytes(PART)),
            Self::Folder(folder) => open_folder(folder.path()),
        }
    }

    /// How many files there are, where they are files.
    fn n_files(&self) -> Option<usize> {
        match self {
            Self::Memory => None,
            Self::Folder(folder) => Some(files(folder.path()).len()),
        }
    }
}

fn open_folder(folder: &Path) -> Box<dyn Blobs> {
    Box::new(FolderBlobs::open(&folder.join("blobs")).unwrap().with_part_bytes(PART))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

macro_rules! on_every_pair {
    ($($story:ident),+ $(,)?) => {
        mod rows_in_memory_bytes_in_memory {
            $(#[test] fn $story() { super::$story(crate::stores::in_memory(), super::Kept::Memory); })+
        }
        mod rows_in_memory_bytes_in_a_folder {
            $(#[test] fn $story() { super::$story(crate::stores::in_memory(), super::Kept::Folder(tempfile::tempdir().unwrap())); })+
        }
        mod rows_in_a_file_bytes_in_a_folder {
            $(#[test] fn $story() {
                let (folder, store) = crate::stores::in_file();
                super::$story(store, super::Kept::Folder(tempfile::tempdir().unwrap()));
                drop(folder);
            })+
        }
        mod rows_in_a_file_bytes_in_memory {
            $(#[test] fn $story() {
                let (folder, store) = crate::stores::in_file();
                super::$story(store, super::Kept::Memory);
                drop(folder);
            })+
        }
        mod rows_in_postgres_bytes_in_a_folder {
            $(#[test] fn $story() {
                let _runtime = crate::postgres::runtime().enter();
                super::$story(crate::postgres::store(), super::Kept::Folder(tempfile::tempdir().unwrap()));
            })+
        }
        mod rows_in_postgres_bytes_in_memory {
            $(#[test] fn $story() {
                let _runtime = crate::postgres::runtime().enter();
                super::$story(crate::postgres::store(), super::Kept::Memory);
            })+
        }
    };
}

on_every_pair!(
    a_blob_goes_up_in_parts_in_any_order_and_as_often_as_it_takes_and_comes_down_as_it_was,
    a_small_blob_goes_up_at_once,
    nothing_is_given_out_of_a_blob_that_is_not_whole,
    a_blob_has_one_length,
    small_blobs_come_together_and_those_that_do_not_fit_are_asked_for_again,
    the_room_for_blobs_is_one_of_its_own_and_a_claim_counts_in_full,
    without_an_entitlement_nothing_goes_up_and_everything_comes_down,
    a_released_blob_is_gone_and_its_id_may_begin_anew,
    a_deleted_vault_takes_its_blobs_with_it,
    what_no_entry_named_in_thirty_days_is_given_up_and_nothing_else,
    a_blob_that_comes_again_under_a_name_that_was_pushed_before_stays,
    blobs_of_another_vaults_session_are_not_there,
    who_may_only_join_or_delete_gets_no_blob,
);

/// Bytes that are the same nowhere else in the blob.
pub(crate) fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at / 251) as u8 ^ (at % 251) as u8).collect()
}

pub(crate) fn id(n: u8) -> BlobId {
    BlobId([n; 16])
}

/// The calls of one client.
pub(crate) struct Client<'a, S> {
    pub(crate) server: &'a Server<S>,
    pub(crate) token: SessionToken,
}

impl<S: Store> Client<'_, S> {
    pub(crate) fn begin(&self, blob: BlobId, len: usize) -> Result<BlobBegun, ApiError> {
        let call = BeginBlob { vault: vault(), blob, len_bytes: len as u64, takes_direct: false };
        self.server.call(&call, Some(&self.token))
    }

    pub(crate) fn part(&self, blob: BlobId, part: u32, part_bytes: u32, bytes: &[u8]) -> Result<Done, ApiError> {
        let chunk = bytes.chunks(part_bytes as usize).nth(part as usize).unwrap_or_default();
        self.server.call(&PutPart { vault: vault(), blob, part, bytes: chunk.to_vec() }, Some(&self.token))
    }

    pub(crate) fn put(&self, blob: BlobId, bytes: &[u8]) -> Result<Done, ApiError> {
        self.server.call(&PutBlob { vault: vault(), blob, bytes: bytes.to_vec() }, Some(&self.token))
    }

    pub(crate) fn finish(&self, blob: BlobId) -> Result<u64, ApiError> {
        self.server.call(&FinishBlob { vault: vault(), blob }, Some(&self.token)).map(|finished| finished.len_bytes)
    }

    pub(crate) fn range(&self, blob: BlobId, from: u64, max_bytes: u32) -> Result<Vec<u8>, ApiError> {
        let call = ReadBlob { vault: vault(), blob, from, max_bytes, takes_direct: false };
        match self.server.call(&call, Some(&self.token))? {
            ReadBlobReply::Bytes { bytes, .. } => Ok(bytes),
            ReadBlobReply::Direct { .. } => panic!("nobody asked for that"),
        }
    }

    /// All of it, however many requests that takes.
    pub(crate) fn read(&self, blob: BlobId, len: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while all.len() < len {
            all.extend(self.range(blob, all.len() as u64, 1 << 22).unwrap());
        }
        all
    }

    pub(crate) fn find(&self, blobs: &[BlobId]) -> Vec<(BlobId, u64)> {
        let call = FindBlobs { vault: vault(), blobs: blobs.to_vec() };
        self.server.call(&call, Some(&self.token)).unwrap().blobs.iter().map(|found| (found.blob, found.len_bytes)).collect()
    }

    pub(crate) fn release(&self, blobs: &[BlobId]) -> u64 {
        self.server.call(&ReleaseBlobs { vault: vault(), blobs: blobs.to_vec() }, Some(&self.token)).unwrap().n_released
    }

    /// Blobs and their bytes as the status says.
    pub(crate) fn usage(&self) -> (u64, u64) {
        let usage = self.server.call(&Status { vault: vault() }, Some(&self.token)).unwrap().blobs.unwrap();
        (usage.n_blobs, usage.stored_bytes)
    }
}

fn server<S: Store>(store: S, kept: &Kept) -> Server<S> {
    server_with(store, kept, settings())
}

fn server_with<S: Store>(store: S, kept: &Kept, settings: Settings) -> Server<S> {
    let server = Server::with_blobs(store, settings, kept.open());
    server.with_vault();
    server
}

pub(crate) fn member<S: Store>(server: &Server<S>) -> Client<'_, S> {
    Client { server, token: server.member(A) }
}

fn sweep<S: Store>(server: &mut Server<S>, days: u64) {
    server.now_ms += days * DAY_MS;
    block_on(server.service.sweep(server.now_ms)).unwrap();
}

fn a_blob_goes_up_in_parts_in_any_order_and_as_often_as_it_takes_and_comes_down_as_it_was<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let (client, all) = (member(&server), bytes(3 * PART as usize + 7));
    let begun = client.begin(id(1), all.len()).unwrap();
    assert_eq!((begun.part_bytes, begun.complete, begun.direct), (PART, false, None));
    assert_eq!(begun.present, PartSet::none_of(4));
    for part in [3, 1, 1] {
        client.part(id(1), part, PART, &all).unwrap();
    }
    assert_eq!(client.begin(id(1), all.len()).unwrap().present.missing().collect::<Vec<_>>(), [0, 2]);
    assert_eq!(client.finish(id(1)), Err(ApiError::BlobIncomplete));
    for part in [2, 0, 2] {
        client.part(id(1), part, PART, &all).unwrap();
    }
    assert!(client.begin(id(1), all.len()).unwrap().present.is_full());
    for _ in 0..2 {
        assert_eq!(client.finish(id(1)), Ok(all.len() as u64));
        assert!(client.begin(id(1), all.len()).unwrap().complete);
        // The answer to the last part was lost, and it comes again.
        client.part(id(1), 2, PART, &all).unwrap();
    }
    assert_eq!(client.read(id(1), all.len()), all);
    assert_eq!(client.range(id(1), 4100, 4096).unwrap(), all[4100..8196]);
    assert_eq!(client.range(id(1), all.len() as u64 - 1, 4096).unwrap(), all[all.len() - 1..]);
    assert_eq!(client.range(id(1), all.len() as u64, 4096), Err(ApiError::BadRequest));
    assert_eq!(client.usage(), (1, all.len() as u64));
    assert!(kept.n_files().is_none_or(|n_files| n_files == 1));
}

fn a_small_blob_goes_up_at_once<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let (client, all) = (member(&server), bytes(5 * PART as usize));
    for _ in 0..2 {
        client.put(id(1), &all).unwrap();
        assert_eq!(client.read(id(1), all.len()), all);
    }
    assert_eq!(client.usage(), (1, all.len() as u64));
    // Begun in parts, then brought whole.
    client.begin(id(2), all.len()).unwrap();
    client.part(id(2), 1, PART, &all).unwrap();
    client.put(id(2), &all).unwrap();
    assert!(client.begin(id(2), all.len()).unwrap().complete);
    assert_eq!(client.read(id(2), all.len()), all);
    assert_eq!(client.finish(id(2)), Ok(all.len() as u64));
    assert!(kept.n_files().is_none_or(|n_files| n_files == 2));
}

fn nothing_is_given_out_of_a_blob_that_is_not_whole<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let (client, all) = (member(&server), bytes(2 * PART as usize));
    assert_eq!(client.finish(id(1)), Err(ApiError::NotFound));
    assert_eq!(client.part(id(1), 0, PART, &all), Err(ApiError::NotFound));
    assert_eq!(client.range(id(1), 0, 4096), Err(ApiError::NotFound));
    client.begin(id(1), all.len()).unwrap();
    client.part(id(1), 0, PART, &all).unwrap();
    assert_eq!(client.range(id(1), 0, 4096), Err(ApiError::NotFound));
    assert_eq!(client.find(&[id(1), id(2)]), []);
    let read = server.call(&ReadBlobs { vault: vault(), blobs: vec![id(1), id(2)] }, Some(&client.token)).unwrap();
    assert_eq!((read.blobs.len(), read.missing), (0, vec![id(1), id(2)]));
}

fn a_blob_has_one_length<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let (client, all) = (member(&server), bytes(2 * PART as usize + 1));
    client.begin(id(1), all.len()).unwrap();
    let conflict = ApiError::BlobConflict { len_bytes: all.len() as u64 };
    assert_eq!(client.begin(id(1), all.len() - 1).err(), Some(conflict.clone()));
    assert_eq!(client.put(id(1), &all[1..]).err(), Some(conflict.clone()));
    // A part has its length, and there is none behind the last.
    for (part, len) in [(0, PART - 1), (0, PART + 1), (2, 2), (3, 1)] {
        let call = PutPart { vault: vault(), blob: id(1), part, bytes: vec![1; len as usize] };
        assert_eq!(server.call(&call, Some(&client.token)), Err(ApiError::BadRequest), "{part} {len}");
    }
    (0..3).for_each(|part| {
        client.part(id(1), part, PART, &all).unwrap();
    });
    client.finish(id(1)).unwrap();
    assert_eq!(client.begin(id(1), 1).err(), Some(conflict.clone()));
    assert_eq!(client.put(id(1), &[1]).err(), Some(conflict));
    assert_eq!(client.read(id(1), all.len()), all);
}

fn small_blobs_come_together_and_those_that_do_not_fit_are_asked_for_again<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let client = member(&server);
    let all: Vec<Vec<u8>> = (0..5).map(|n| bytes(300_000 + n)).collect();
    all.iter().zip(1..).for_each(|(bytes, n)| {
        client.put(id(n), bytes).unwrap();
    });
    client.put(id(6), &bytes(4 << 20)).unwrap();
    let mut wanted: Vec<BlobId> = vec![id(6), id(9), id(1), id(2), id(3), id(4), id(5)];
    let (mut got, mut rounds) = (Vec::new(), 0);
    while !wanted.is_empty() {
        let read = server.call(&ReadBlobs { vault: vault(), blobs: wanted.clone() }, Some(&client.token)).unwrap();
        assert!(read.large.is_empty());
        wanted.retain(|id| !read.missing.contains(id) && !read.blobs.iter().any(|(blob, _)| blob == id));
        got.extend(read.blobs);
        rounds += 1;
    }
    assert_eq!((rounds, got[0].0, got[0].1.len()), (3, id(6), 4 << 20));
    for (n, (blob, bytes)) in got[1..].iter().enumerate() {
        assert_eq!((*blob, bytes), (id(n as u8 + 1), &all[n]));
    }
}

fn the_room_for_blobs_is_one_of_its_own_and_a_claim_counts_in_full<S: Store>(store: S, kept: Kept) {
    let server = server_with(store, &kept, Settings { max_blob_bytes: 10_000, ..settings() });
    let client = member(&server);
    client.begin(id(1), 6_000).unwrap();
    assert_eq!(client.begin(id(2), 4_001).err(), Some(ApiError::VaultFull));
    assert_eq!(client.put(id(2), &bytes(4_001)).err(), Some(ApiError::VaultFull));
    client.put(id(2), &bytes(4_000)).unwrap();
    assert_eq!(client.usage(), (2, 10_000));
    // What stands may go on.
    client.begin(id(1), 6_000).unwrap();
    assert_eq!(client.put(id(3), &[1]).err(), Some(ApiError::VaultFull));
    assert_eq!(client.release(&[id(1)]), 1);
    client.put(id(3), &[1]).unwrap();
    assert_eq!(client.usage(), (2, 4_001));
    let usage = server.call(&Status { vault: vault() }, Some(&client.token)).unwrap().blobs.unwrap();
    assert_eq!(usage.max_bytes, 10_000);
    // The tables are not for blobs of a byte: each counts for 4 KiB at least.
    assert_eq!(client.put(id(4), &[1]).err(), Some(ApiError::VaultFull));
}

fn without_an_entitlement_nothing_goes_up_and_everything_comes_down<S: Store>(store: S, kept: Kept) {
    let premium = Premium { required: true, ..Premium::default() };
    let mut server = server_with(store, &kept, Settings { premium, ..settings() });
    let until_ms = Some(server.now_ms + 1000);
    let grant = Grant { source: "operator".to_owned(), until_ms, updated_ms: server.now_ms };
    block_on(server.service.store().put_grant(vault(), grant)).unwrap();
    let all = bytes(2 * PART as usize);
    let client = member(&server);
    client.put(id(1), &all).unwrap();
    client.begin(id(2), all.len()).unwrap();
    (0..2).for_each(|part| {
        client.part(id(2), part, PART, &all).unwrap();
    });
    server.now_ms += 2000;
    let client = member(&server);
    assert_eq!(client.begin(id(3), 1).err(), Some(ApiError::PaymentRequired));
    assert_eq!(client.put(id(3), &[1]).err(), Some(ApiError::PaymentRequired));
    assert_eq!(client.part(id(2), 0, PART, &all).err(), Some(ApiError::PaymentRequired));
    // What was paid for may come to its end.
    assert_eq!(client.finish(id(2)), Ok(all.len() as u64));
    assert_eq!((client.read(id(1), all.len()), client.read(id(2), all.len())), (all.clone(), all.clone()));
    assert_eq!(client.find(&[id(1)]).len(), 1);
    assert_eq!(client.release(&[id(1), id(2)]), 2);
}

fn a_released_blob_is_gone_and_its_id_may_begin_anew<S: Store>(store: S, kept: Kept) {
    let mut server = server(store, &kept);
    let (client, all) = (member(&server), bytes(2 * PART as usize));
    client.put(id(1), &all).unwrap();
    client.begin(id(2), all.len()).unwrap();
    client.part(id(2), 0, PART, &all).unwrap();
    assert_eq!(client.release(&[id(1), id(2), id(3)]), 2);
    assert_eq!(client.release(&[id(1), id(2), id(3)]), 0);
    assert_eq!((client.usage(), client.find(&[id(1)]), client.range(id(1), 0, 4096)), ((0, 0), vec![], Err(ApiError::NotFound)));
    assert!(kept.n_files().is_none_or(|n_files| n_files == 0));
    // A part that was on its way when the blob was given up.
    assert_eq!(client.part(id(2), 1, PART, &all), Err(ApiError::NotFound));
    let other = bytes(PART as usize + 1);
    client.put(id(1), &other).unwrap();
    assert_eq!(client.read(id(1), other.len()), other);
    // The waste of the first is deleted once more, and nothing of the second.
    sweep(&mut server, 1);
    assert_eq!(block_on(server.service.store().due_waste(u64::MAX >> 1)).unwrap(), []);
    let client = member(&server);
    assert_eq!(client.read(id(1), other.len()), other);
}

fn a_deleted_vault_takes_its_blobs_with_it<S: Store>(store: S, kept: Kept) {
    let mut server = server(store, &kept);
    let (client, all) = (member(&server), bytes(2 * PART as usize));
    client.put(id(1), &all).unwrap();
    client.begin(id(2), all.len()).unwrap();
    client.part(id(2), 0, PART, &all).unwrap();
    let token = server.login(&owner(0), Purpose::Delete).unwrap();
    let Deletion::Deleted(receipt) = server.call(&Delete { vault: vault() }, Some(&token)).unwrap() else { panic!("at once") };
    assert_eq!((receipt.n_blobs, receipt.blob_bytes), (2, 2 * all.len() as u64));
    assert_eq!(block_on(server.service.store().receipts(vault())).unwrap(), [receipt]);
    assert!(kept.n_files().is_none_or(|n_files| n_files == 0));
    sweep(&mut server, 1);
    assert_eq!(block_on(server.service.store().due_waste(u64::MAX >> 1)).unwrap(), []);
    server.with_vault();
    let client = member(&server);
    assert_eq!((client.usage(), client.find(&[id(1), id(2)])), ((0, 0), vec![]));
}

fn what_no_entry_named_in_thirty_days_is_given_up_and_nothing_else<S: Store>(store: S, kept: Kept) {
    let mut server = server(store, &kept);
    let all = bytes(2 * PART as usize);
    let (log, _) = server.with_vault();
    let client = member(&server);
    for n in 1..=4 {
        client.put(id(n), &all).unwrap();
    }
    client.begin(id(5), all.len()).unwrap();
    client.part(id(5), 0, PART, &all).unwrap();
    server.push(&log, &client.token, &[naming(A, &[id(1), id(7)])]).unwrap();
    sweep(&mut server, 29);
    let client = member(&server);
    assert_eq!(client.find(&[id(1), id(2), id(3), id(4)]).len(), 4);
    // Its client still means to name it: so it says, and has thirty days from then on.
    assert!(client.begin(id(3), all.len()).unwrap().complete);
    // Released by a member, although an entry named it.
    let released = client.release(&[id(4)]);
    sweep(&mut server, 2);
    let client = member(&server);
    assert_eq!(released, 1);
    assert_eq!(client.find(&[id(1), id(2), id(3), id(4)]).iter().map(|found| found.0).collect::<Vec<_>>(), [id(1), id(3)]);
    assert_eq!(client.begin(id(5), all.len()).unwrap().present.n_present(), 0);
    sweep(&mut server, 400);
    let client = member(&server);
    assert_eq!(client.find(&[id(1), id(3)]), [(id(1), all.len() as u64)]);
    assert_eq!(client.read(id(1), all.len()), all);
    assert_eq!(client.usage(), (1, all.len() as u64));
    assert!(kept.n_files().is_none_or(|n_files| n_files == 1));
}

fn a_blob_that_comes_again_under_a_name_that_was_pushed_before_stays<S: Store>(store: S, kept: Kept) {
    let mut server = server(store, &kept);
    let (log, _) = server.with_vault();
    let client = member(&server);
    server.push(&log, &client.token, &[naming(A, &[id(1), id(2)])]).unwrap();
    client.put(id(1), &bytes(9)).unwrap();
    client.put(id(2), &bytes(9)).unwrap();
    client.release(&[id(1)]);
    client.put(id(1), &bytes(9)).unwrap();
    sweep(&mut server, 400);
    assert_eq!(member(&server).find(&[id(1), id(2)]).len(), 2);
}

fn blobs_of_another_vaults_session_are_not_there<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    let client = member(&server);
    client.put(id(1), &bytes(9)).unwrap();
    let other = vault_protocol::VaultId([0xee; 16]);
    let read = ReadBlob { vault: other, blob: id(1), from: 0, max_bytes: 4096, takes_direct: false };
    assert_eq!(server.call(&read, Some(&client.token)).err(), Some(ApiError::SessionExpired));
    let release = ReleaseBlobs { vault: other, blobs: vec![id(1)] };
    assert_eq!(server.call(&release, Some(&client.token)), Err(ApiError::SessionExpired));
    assert_eq!(server.call(&PutBlob { vault: vault(), blob: id(2), bytes: vec![1] }, None), Err(ApiError::SessionExpired));
    assert_eq!(client.find(&[id(1)]).len(), 1);
}

fn who_may_only_join_or_delete_gets_no_blob<S: Store>(store: S, kept: Kept) {
    let server = server(store, &kept);
    member(&server).put(id(1), &bytes(9)).unwrap();
    for (key, purpose) in [(owner(0), Purpose::Join), (owner(0), Purpose::Delete), (A.key(), Purpose::Delete)] {
        let client = Client { server: &server, token: server.login(&key, purpose).unwrap() };
        assert_eq!(client.begin(id(2), 1).err(), Some(ApiError::Forbidden));
        assert_eq!(client.put(id(2), &[1]).err(), Some(ApiError::Forbidden));
        assert_eq!(client.range(id(1), 0, 4096), Err(ApiError::Forbidden));
        assert_eq!(client.finish(id(1)), Err(ApiError::Forbidden));
        let release = ReleaseBlobs { vault: vault(), blobs: vec![id(1)] };
        assert_eq!(server.call(&release, Some(&client.token)), Err(ApiError::Forbidden));
    }
}

#[test]
fn an_upload_goes_on_after_the_server_was_started_anew() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let store = SqliteStore::open(&folder.path().join("nt2.sqlite"), 1).unwrap();
        Server::with_blobs(store, settings(), open_folder(folder.path()))
    };
    let all = bytes(20 * PART as usize - 1);
    let server = start();
    server.with_vault();
    member(&server).begin(id(1), all.len()).unwrap();
    drop(server);
    for part in 0..20 {
        let server = start();
        let client = member(&server);
        assert_eq!(client.begin(id(1), all.len()).unwrap().present.missing().next(), Some(part));
        client.part(id(1), part, PART, &all).unwrap();
    }
    assert_eq!(member(&start()).finish(id(1)), Ok(all.len() as u64));
    assert_eq!(member(&start()).read(id(1), all.len()), all);
}

#[test]
fn parts_that_meet_in_one_folder_all_count() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("nt2.sqlite"), 2).unwrap();
    let server = Server::with_blobs(store, settings(), open_folder(folder.path()));
    server.with_vault();
    let (token, all) = (server.member(A), bytes(64 * PART as usize));
    let client = || Client { server: &server, token: token.duplicate() };
    client().begin(id(1), all.len()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (client, all) = (client(), &all);
            // Each part comes twice, from two threads.
            let mine = (0..64).filter(move |part| part % 8 == thread || (part + 1) % 8 == thread);
            scope.spawn(move || {
                mine.for_each(|part| {
                    client.part(id(1), part, PART, all).unwrap();
                })
            });
        }
    });
    std::thread::scope(|scope| {
        let finish = || assert_eq!(client().finish(id(1)), Ok(all.len() as u64));
        (0..4).for_each(|_| drop(scope.spawn(finish)));
    });
    assert_eq!(client().read(id(1), all.len()), all);
}

#[test]
fn ms26_ms27_a_missing_or_shortened_object_is_not_here_or_busy_and_never_cut_short_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_blobs(crate::stores::in_memory(), settings(), open_folder(folder.path()));
    server.with_vault();
    let (client, all) = (member(&server), bytes(3 * PART as usize));
    client.put(id(1), &all).unwrap();
    let [file] = &files(folder.path())[..] else { panic!("one object") };
    std::fs::OpenOptions::new().write(true).open(file).unwrap().set_len(100).unwrap();
    assert_eq!(client.range(id(1), 0, 4096), Err(ApiError::Busy { retry_after_secs: 5 }));
    std::fs::remove_file(file).unwrap();
    assert_eq!(client.range(id(1), 0, 4096), Err(ApiError::NotFound));
    let read = server.call(&ReadBlobs { vault: vault(), blobs: vec![id(1)] }, Some(&client.token)).unwrap();
    assert_eq!(read.missing, [id(1)]);
}

#[test]
fn names_of_files_say_nothing_but_vault_and_random() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_blobs(crate::stores::in_memory(), settings(), open_folder(folder.path()));
    server.with_vault();
    member(&server).put(id(0xab), &bytes(9)).unwrap();
    let [file] = &files(folder.path())[..] else { panic!("one object") };
    let name = file.strip_prefix(folder.path().join("blobs")).unwrap().to_str().unwrap().to_owned();
    let (of, object) = name.split_once('/').unwrap();
    assert_eq!((of, object.len()), (vault().to_string().as_str(), 32));
    assert!(!object.contains("abab"));
}

/// A folder where something happens just after bytes were stored, and before that is noted.
struct Interrupted {
    inner: FolderBlobs,
    then: Arc<Mutex<Option<Interruption>>>,
}

type Interruption = Box<dyn FnOnce() + Send>;

impl Interrupted {
    fn interrupt(&self) {
        if let Some(then) = self.then.lock().unwrap().take() {
            then();
        }
    }
}

impl Blobs for Interrupted {
    fn part_bytes(&self, len_bytes: u64) -> u32 {
        self.inner.part_bytes(len_bytes)
    }

    fn begin<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, String> {
        self.inner.begin(object)
    }

    fn put_part<'a>(&'a self, object: &'a ObjectName, upload: &'a str, part: u32, from: u64, bytes: Bytes) -> BlobFuture<'a, String> {
        Box::pin(async move {
            let tag = self.inner.put_part(object, upload, part, from, bytes).await;
            self.interrupt();
            tag
        })
    }

    fn finish<'a>(&'a self, object: &'a ObjectName, upload: &'a str, sizes: PartSizes, tags: Vec<String>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            let done = self.inner.finish(object, upload, sizes, tags).await;
            self.interrupt();
            done
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectName, bytes: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            let done = self.inner.put(object, bytes).await;
            self.interrupt();
            done
        })
    }

    fn len<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, Option<u64>> {
        self.inner.len(object)
    }

    fn read<'a>(&'a self, object: &'a ObjectName, from: u64, len: u32, out: &'a mut Vec<u8>) -> BlobFuture<'a, ()> {
        self.inner.read(object, from, len, out)
    }

    fn abort<'a>(&'a self, object: &'a ObjectName, upload: &'a str) -> BlobFuture<'a, ()> {
        self.inner.abort(object, upload)
    }

    fn remove<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, ()> {
        self.inner.remove(object)
    }
}

#[test]
fn a_blob_that_is_given_up_while_its_bytes_come_in_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let then: Arc<Mutex<Option<Interruption>>> = Arc::default();
    let inner = FolderBlobs::open(&folder.path().join("blobs")).unwrap().with_part_bytes(PART);
    let mut server = Server::with_blobs(crate::stores::in_memory(), settings(), Box::new(Interrupted { inner, then: then.clone() }));
    server.with_vault();
    let all = bytes(2 * PART as usize);
    let (service, now_ms) = (server.service.clone(), server.now_ms);
    let give_up = move || {
        let service = service.clone();
        let release: Interruption = Box::new(move || {
            assert_eq!(block_on(service.store().release_blobs(vault(), vec![id(1)], now_ms)).unwrap().len(), 1);
        });
        *then.lock().unwrap() = Some(release);
    };
    let client = member(&server);
    // While a part comes in.
    client.begin(id(1), all.len()).unwrap();
    give_up();
    assert_eq!(client.part(id(1), 0, PART, &all), Err(ApiError::NotFound));
    // While the last step is done.
    client.begin(id(1), all.len()).unwrap();
    (0..2).for_each(|part| {
        client.part(id(1), part, PART, &all).unwrap();
    });
    give_up();
    assert_eq!(client.finish(id(1)), Err(ApiError::NotFound));
    // While the whole comes in.
    give_up();
    assert_eq!(client.put(id(1), &all), Err(ApiError::NotFound));
    assert_eq!((client.usage(), files(folder.path()).len()), ((0, 0), 0));
    // And begun anew it is as if nothing had been.
    client.put(id(1), &all).unwrap();
    assert_eq!(client.read(id(1), all.len()), all);
    // Each object is deleted, and once more an hour later.
    sweep(&mut server, 1);
    sweep(&mut server, 1);
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(block_on(server.service.store().due_waste(u64::MAX >> 1)).unwrap(), []);
}

#[test]
fn a_blob_is_given_out_only_after_it_was_noted_that_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let then: Arc<Mutex<Option<Interruption>>> = Arc::default();
    let inner = FolderBlobs::open(&folder.path().join("blobs")).unwrap().with_part_bytes(PART);
    let server = Server::with_blobs(crate::stores::in_memory(), settings(), Box::new(Interrupted { inner, then: then.clone() }));
    server.with_vault();
    let client = member(&server);
    let read = ReadBlob { vault: vault(), blob: id(1), from: 0, max_bytes: 4096, takes_direct: false }.to_http(Some(&client.token));
    let (service, now_ms, seen) = (server.service.clone(), server.now_ms, Arc::new(Mutex::new(None)));
    let seen_then = seen.clone();
    let look: Interruption = Box::new(move || {
        let reply = block_on(service.handle(&read, vault_server::Peer::LOCAL, now_ms));
        *seen_then.lock().unwrap() = Some(ApiError::from_http(&reply));
    });
    *then.lock().unwrap() = Some(look);
    client.put(id(1), &bytes(PART as usize)).unwrap();
    assert_eq!(*seen.lock().unwrap(), Some(ApiError::NotFound));
    assert_eq!(client.range(id(1), 0, 4096).unwrap().len(), 4096);
}

#[test]
fn a_part_and_a_last_step_that_come_late_do_not_replace_a_file_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FolderBlobs::open(folder.path()).unwrap().with_part_bytes(PART);
    let (object, all) = (ObjectName { vault: vault(), object: [7; 16] }, bytes(2 * PART as usize));
    let sizes = PartSizes::new(all.len() as u64, PART).unwrap();
    let part = |part: u32| {
        let from = (part * PART) as usize;
        let bytes = Bytes::copy_from_slice(&all[from..][..PART as usize]);
        block_on(blobs.put_part(&object, "", part, from as u64, bytes)).unwrap();
    };
    let finish = || block_on(blobs.finish(&object, "", sizes, Vec::new())).unwrap();
    (0..2).for_each(part);
    finish();
    // The last part alone makes a file of the whole's length, with a hole where the first was.
    part(1);
    finish();
    let mut read = Vec::new();
    block_on(blobs.read(&object, 0, 2 * PART, &mut read)).unwrap();
    assert!(read == all);
    assert_eq!(files(folder.path()).len(), 1);
}
