//! One story over every table, and the rules that each keeps.

use vault_protocol::{BlobId, Hash, Head, LogId, ObjectId};
use vault_store::blobs::{BlobStore, MemBlobs, sweep_orphans};
use vault_store::{
    Access, Appended, Applied, AttachmentRecord, AttachmentState, BlobRecord, BlobState, Check, ControlRecord, Cursor, EntryRecord,
    LastClose, LogStatus, Profile, Pushed, RowRecord, StoreError, VaultStore, Write,
};

use crate::dump::dump;

const LOG: LogId = LogId([1; 16]);
const OBJECT: ObjectId = ObjectId([2; 16]);
const BLOB: BlobId = BlobId([3; 16]);

fn memory() -> VaultStore {
    VaultStore::open(":memory:".as_ref(), Profile::Native).unwrap().0
}

fn entry(seq: u64) -> EntryRecord<'static> {
    EntryRecord { log: LOG, seq, hash: Hash([seq as u8; 32]), bytes: b"entry" }
}

fn row(object: ObjectId) -> RowRecord<'static> {
    RowRecord { object, term: [9; 32], sealed: b"row" }
}

fn blob() -> BlobRecord {
    BlobRecord { blob: BLOB, len_bytes: 4, n_chunks: 1, state: BlobState::Present, held: false }
}

fn attachment(sealed: &[u8], state: AttachmentState) -> AttachmentRecord<'_> {
    AttachmentRecord { object: OBJECT, attachment: [4; 16], blob: BLOB, size_class: 12, state, sealed }
}

fn fill(tx: &Write<'_>) -> Result<(), StoreError> {
    tx.put_meta("root", &[1; 32])?;
    tx.put_local("draft", b"sealed draft")?;
    tx.put_control(ControlRecord { hash: Hash([5; 32]), number: 0, bytes: b"genesis" })?;
    tx.append_entry(entry(1), Pushed::No)?;
    tx.put_applied(Applied { log: LOG, head: Head { seq: 1, hash: Hash([1; 32]) }, status: LogStatus::Open })?;
    // History and descriptor before their row and blob: references count at the commit only.
    tx.put_history(OBJECT, 0, b"page")?;
    tx.put_attachment(attachment(b"descriptor", AttachmentState::Current))?;
    tx.put_row(row(OBJECT))?;
    tx.put_blob(blob())?;
    tx.quarantine(EntryRecord { log: LogId([6; 16]), seq: 7, hash: Hash([7; 32]), bytes: b"aside" })
}

#[test]
fn what_is_written_is_read_after_the_store_was_closed() {
    for profile in [Profile::Native, Profile::Opfs] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.sqlite");
        let (mut store, _) = VaultStore::open(&path, profile).unwrap();
        store.write(fill).unwrap();
        let before = dump(&store, &["root"]);
        assert_eq!(before.len(), 12, "{before:#?}");
        store.close().unwrap();

        let (store, last_close) = VaultStore::open(&path, profile).unwrap();
        assert_eq!(last_close, LastClose::Clean);
        assert_eq!(dump(&store, &["root"]), before);
        assert_eq!(store.read().vector().unwrap().seq(LOG), 1);
    }
}

#[test]
fn a_transaction_that_fails_leaves_nothing() {
    let mut store = memory();
    let result = store.write(|tx| {
        fill(tx)?;
        Err::<(), _>(StoreError::NotOurs)
    });
    assert!(matches!(result, Err(StoreError::NotOurs)));
    assert_eq!(dump(&store, &["root"]), Vec::<String>::new());
}

#[test]
fn ms13_a_retired_object_takes_no_row_again() {
    let mut store = memory();
    store.write(fill).unwrap();
    store.write(|tx| tx.retire(OBJECT)).unwrap();
    assert!(matches!(store.write(|tx| tx.put_row(row(OBJECT))), Err(StoreError::Retired)));
    let read = store.read();
    assert!(read.is_retired(OBJECT).unwrap());
    assert_eq!(read.row(OBJECT).unwrap(), None);
    assert_eq!(read.n_history(OBJECT).unwrap(), 0, "history goes with the row");
    assert_eq!(read.unused_blobs().unwrap(), [BLOB], "no descriptor names it any more");
}

#[test]
fn ms09_the_same_entry_again_changes_nothing() {
    let mut store = memory();
    store.write(fill).unwrap();
    let before = dump(&store, &["root"]);
    assert_eq!(store.write(|tx| tx.append_entry(entry(1), Pushed::Yes)).unwrap(), Appended::Known);
    assert_eq!(dump(&store, &["root"]), before);
}

#[test]
fn ms10_an_entry_that_leaves_a_gap_is_refused() {
    let mut store = memory();
    store.write(fill).unwrap();
    assert!(matches!(store.write(|tx| tx.append_entry(entry(3), Pushed::No)), Err(StoreError::Gap { head: 1, seq: 3 })));
}

#[test]
fn ms14_another_entry_at_the_same_place_is_refused() {
    let mut store = memory();
    store.write(fill).unwrap();
    let other = EntryRecord { hash: Hash([0xee; 32]), ..entry(1) };
    assert!(matches!(store.write(|tx| tx.append_entry(other, Pushed::No)), Err(StoreError::Fork { seq: 1 })));
}

#[test]
fn a_log_is_truncated_cut_and_adopted_with_a_right_head() {
    let mut store = memory();
    let append = |tx: &Write<'_>, seqs: std::ops::RangeInclusive<u64>| {
        seqs.into_iter().try_for_each(|seq| tx.append_entry(entry(seq), Pushed::No).map(drop))
    };
    store.write(|tx| append(tx, 1..=6)).unwrap();
    store.write(|tx| tx.mark_pushed(LOG, 2)).unwrap();
    assert_eq!(store.read().n_unpushed().unwrap(), 4);

    store.write(|tx| tx.truncate_log(LOG, 3)).unwrap();
    let extent = store.read().logs().unwrap()[0];
    assert_eq!((extent.first_seq, extent.head.seq), (4, 6));
    store.write(|tx| tx.cut_log(LOG, 6)).unwrap();
    assert_eq!(store.read().log_head(LOG).unwrap().unwrap(), Head { seq: 5, hash: Hash([5; 32]) });
    assert!(matches!(store.write(|tx| tx.cut_log(LOG, 3)), Err(StoreError::Gap { .. })), "entry 2 is gone: no head to fall back to");
    store.write(|tx| append(tx, 6..=7)).unwrap();

    store.write(|tx| tx.adopt_log_head(LOG, Head { seq: 20, hash: Hash([20; 32]) })).unwrap();
    store.write(|tx| append(tx, 21..=22)).unwrap();
    let mut seqs = Vec::new();
    store
        .read()
        .entries_after::<StoreError>(LOG, 0, 10, |entry| {
            seqs.push(entry.seq);
            Ok(())
        })
        .unwrap();
    assert_eq!(seqs, [21, 22]);
    let report = Check::new(&store).unwrap().run(&store, &mut MemBlobs::default()).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn rows_come_in_slices_that_go_on_where_the_last_ended() {
    let mut store = memory();
    let objects: Vec<_> = (0..10).map(|n| ObjectId([n; 16])).collect();
    store.write(|tx| objects.iter().try_for_each(|object| tx.put_row(row(*object)))).unwrap();
    let (mut seen, mut n_slices) = (Vec::new(), 0);
    let mut next = Some(Cursor::default());
    while let Some(cursor) = next {
        n_slices += 1;
        next = store
            .read()
            .rows_after::<StoreError>(cursor, 4, |row| {
                seen.push(row.object);
                Ok(())
            })
            .unwrap();
    }
    assert_eq!((seen, n_slices), (objects, 3));
}

#[test]
fn a_descriptor_without_a_blob_record_is_refused_at_the_commit() {
    let mut store = memory();
    let result = store.write(|tx| {
        tx.put_row(row(OBJECT))?;
        tx.put_attachment(attachment(b"descriptor", AttachmentState::Current))
    });
    assert!(matches!(result, Err(StoreError::Rule(_))));
    assert_eq!(store.read().n_rows().unwrap(), 0);
}

#[test]
fn a_blob_that_only_history_names_is_still_in_use() {
    let mut store = memory();
    store.write(fill).unwrap();
    store.write(|tx| tx.put_attachment(attachment(b"descriptor", AttachmentState::Past))).unwrap();
    assert_eq!(store.read().unused_blobs().unwrap(), []);
    assert!(matches!(store.write(|tx| tx.delete_blob(BLOB)), Err(StoreError::Rule(_))));
    store.write(|tx| tx.delete_attachment(OBJECT, [4; 16])).unwrap();
    assert_eq!(store.read().unused_blobs().unwrap(), [BLOB]);
    store.write(|tx| tx.delete_blob(BLOB)).unwrap();
}

#[test]
fn ms27_a_missing_or_cut_blob_is_reported_and_stays_recorded() {
    let mut store = memory();
    store.write(fill).unwrap();
    let mut blobs = MemBlobs::default();
    let check = |store: &VaultStore, blobs: &mut MemBlobs| Check::new(store).unwrap().run(store, blobs).unwrap();
    assert_eq!(check(&store, &mut blobs).missing_blobs, [BLOB]);

    write_blob(&mut blobs, BLOB, b"abc");
    assert_eq!(check(&store, &mut blobs).wrong_length, [BLOB]);
    assert_eq!(blobs.create(BLOB).err().unwrap().kind(), std::io::ErrorKind::AlreadyExists);
    blobs.delete(BLOB).unwrap();
    write_blob(&mut blobs, BLOB, b"abcd");
    assert!(check(&store, &mut blobs).is_sound());

    store.write(|tx| tx.set_blob_state(BLOB, BlobState::Missing)).unwrap();
    assert_eq!(store.read().blob(BLOB).unwrap().unwrap().state, BlobState::Missing);
    assert_eq!(store.read().n_blob_refs(BLOB).unwrap(), 1);
}

#[test]
fn only_files_without_a_record_are_swept() {
    let mut store = memory();
    store.write(fill).unwrap();
    let mut blobs = MemBlobs::default();
    let orphan = BlobId([0xaa; 16]);
    write_blob(&mut blobs, BLOB, b"abcd");
    write_blob(&mut blobs, orphan, b"left over");
    assert_eq!(Check::new(&store).unwrap().run(&store, &mut blobs).unwrap().orphans, [orphan]);
    assert_eq!(sweep_orphans(&store, &mut blobs).unwrap(), 1);
    assert_eq!(blobs.list().unwrap(), [(BLOB, 4)]);
}

#[test]
fn a_store_opened_for_reading_refuses_writes_and_leaves_the_folder_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b%?#.sqlite");
    let (mut store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    store.write(fill).unwrap();
    let before = dump(&store, &["root"]);
    store.close().unwrap();
    let mut store = VaultStore::open_read_only(&path).unwrap();
    assert!(matches!(store.access(), Access::Read(_)));
    assert_eq!(dump(&store, &["root"]), before);
    assert!(matches!(store.write(fill), Err(StoreError::ReadOnly(None))));
}

fn write_blob(blobs: &mut dyn BlobStore, blob: BlobId, bytes: &[u8]) {
    let mut writer = blobs.create(blob).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap();
}
