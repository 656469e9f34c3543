//! Damaged databases.

use std::path::Path;

use vault_protocol::{Hash, LogId, ObjectId};
use vault_store::blobs::MemBlobs;
use vault_store::{Access, Check, EntryRecord, Profile, Pushed, ReadOnly, RowRecord, StoreError, VaultStore, salvage};

const N_ROWS: u16 = 300;
const PAGE_BYTES: usize = 4096;

fn object(n: u16) -> ObjectId {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    ObjectId(id)
}

fn sealed(n: u16) -> Vec<u8> {
    [0x5a].into_iter().chain(n.to_be_bytes()).cycle().take(700).collect()
}

/// A closed database of [`N_ROWS`] rows and as many entries.
fn make(path: &Path) {
    let (mut store, _) = VaultStore::open(path, Profile::Native).unwrap();
    store
        .write(|tx| {
            tx.put_local("draft", b"sealed draft")?;
            (1..=N_ROWS).try_for_each(|n| {
                tx.put_row(RowRecord { object: object(n), term: [1; 32], sealed: &sealed(n) })?;
                let entry = EntryRecord { log: LogId([1; 16]), seq: n.into(), hash: Hash([n as u8; 32]), bytes: &sealed(n) };
                tx.append_entry(entry, Pushed::Yes).map(drop)
            })
        })
        .unwrap();
    store.close().unwrap();
}

fn read_rows(store: &VaultStore) -> usize {
    let mut n_rows = 0;
    store
        .read()
        .each_row::<StoreError>(|row| {
            let n = u16::from_be_bytes([row.object.0[0], row.object.0[1]]);
            assert_eq!(row.sealed, sealed(n), "what is salvaged is what was written");
            n_rows += 1;
            Ok(())
        })
        .unwrap();
    n_rows
}

#[test]
fn mf12_every_damaged_page_costs_only_what_lies_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.sqlite");
    make(&path);
    let sound = std::fs::read(&path).unwrap();
    let n_pages = sound.len() / PAGE_BYTES;
    let mut n_noticed = 0;
    // Page 1 holds the schema. Two at a time, so that what lies between two damaged places is found too.
    for page in (1..n_pages).step_by(7) {
        let mut bytes = sound.clone();
        for page in [page, 1 + (page + 40) % (n_pages - 1)] {
            bytes[page * PAGE_BYTES..(page + 1) * PAGE_BYTES].fill(0xa5);
        }
        std::fs::write(&path, &bytes).unwrap();
        let (store, tables) = salvage(&path, ":memory:".as_ref(), Profile::Native).unwrap();
        assert_eq!(store.access(), Access::Read(ReadOnly::Salvage));
        let n_read = read_rows(&store);
        assert!(n_read >= usize::from(N_ROWS) - 12, "page {page}: {n_read} rows, {tables:?}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "the damaged file is only read");
        n_noticed += usize::from(tables.iter().any(|table| table.damaged));
    }
    assert!(n_noticed > n_pages / 7 / 2, "most pages belong to a table: {n_noticed} of {}", n_pages / 7);
}

#[test]
fn a_sound_database_is_salvaged_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.sqlite");
    make(&path);
    let (mut store, tables) = salvage(&path, &folder.path().join("copy.sqlite"), Profile::Native).unwrap();
    assert!(tables.iter().all(|table| !table.damaged && table.n_lost == 0));
    assert_eq!(read_rows(&store), usize::from(N_ROWS));
    assert_eq!(store.read().local("draft").unwrap().as_deref(), Some(&b"sealed draft"[..]));
    assert!(Check::new(&store).unwrap().run(&store, &mut MemBlobs::default()).unwrap().is_sound());
    assert!(matches!(store.write(|tx| tx.delete_local("draft")), Err(StoreError::ReadOnly(None))));
}

#[test]
fn a_check_names_the_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.sqlite");
    make(&path);
    let sound = std::fs::read(&path).unwrap();
    // A page of rows or entries, found by its content.
    let content = &sealed(150)[..9];
    let at = sound.windows(9).position(|window| window == content).unwrap();
    let mut bytes = sound.clone();
    bytes[at / PAGE_BYTES * PAGE_BYTES..][..PAGE_BYTES].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let (store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    let report = Check::new(&store).unwrap().run(&store, &mut MemBlobs::default()).unwrap();
    assert!(!report.damage.is_empty() && !report.is_sound());
    assert!(matches!(store.quick_check(), Err(StoreError::Damaged(_))));
}

#[test]
fn a_log_with_a_missing_entry_or_a_wrong_head_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (n, harm) in [
        "DELETE FROM entries WHERE seq = 150",
        "DELETE FROM entries WHERE seq = 300",
        "UPDATE log_heads SET hash = zeroblob(32)",
        "DELETE FROM entries WHERE seq = 1",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{n}.sqlite"));
        make(&path);
        rusqlite::Connection::open(&path).unwrap().execute_batch(harm).unwrap();
        let (store, _) = VaultStore::open(&path, Profile::Native).unwrap();
        let report = Check::new(&store).unwrap().run(&store, &mut MemBlobs::default()).unwrap();
        assert_eq!(report.broken_logs, [LogId([1; 16])], "{harm}");
    }
}

#[test]
fn a_file_that_is_no_database_or_another_programs_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.sqlite");
    std::fs::write(&garbage, [0xa5; 8192]).unwrap();
    assert!(matches!(VaultStore::open(&garbage, Profile::Native), Err(StoreError::Damaged(_))));
    assert!(matches!(salvage(&garbage, ":memory:".as_ref(), Profile::Native), Err(StoreError::Damaged(_))));
    let other = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    assert!(matches!(VaultStore::open(&other, Profile::Native), Err(StoreError::NotOurs)));
    assert!(matches!(VaultStore::open_read_only(&folder.path().join("none.sqlite")), Err(StoreError::Unavailable(_))));
}
