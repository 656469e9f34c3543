use std::path::PathBuf;

use vault_protocol::{Hash, Head, LogId, ObjectId};

use super::*;
use crate::{Applied, EntryRecord, LogStatus, Pushed, RowRecord};

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("vault.sqlite")
}

fn object(n: u32) -> ObjectId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b1).to_be_bytes());
    ObjectId(id)
}

fn put(tx: &Write<'_>, n: u32, sealed: &[u8]) -> Result<(), StoreError> {
    tx.put_row(RowRecord { object: object(n), term: [0; 32], sealed })
}

#[test]
fn a_full_disk_leaves_the_old_state_and_the_store_usable() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = VaultStore::open(&file(&folder), Profile::Native).unwrap();
    store.write(|tx| put(tx, 1, b"before")).unwrap();
    let n_pages: i64 = store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let limit = |store: &VaultStore, n: i64| store.connection.execute_batch(&format!("PRAGMA max_page_count = {n}")).unwrap();
    limit(&store, n_pages + 3);
    let result = store.write(|tx| {
        put(tx, 1, b"after")?;
        put(tx, 2, &[0; 100_000])
    });
    assert!(matches!(result, Err(StoreError::DiskFull(_))));
    assert_eq!(store.read().row(object(1)).unwrap().as_deref(), Some(&b"before"[..]));
    assert_eq!(store.read().row(object(2)).unwrap(), None);
    limit(&store, 1_000_000);
    store.write(|tx| put(tx, 2, b"fits")).unwrap();
    store.quick_check().unwrap();
}

#[test]
fn an_unclean_close_is_noticed_and_the_file_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (mut store, last_close) = VaultStore::open(&path, Profile::Native).unwrap();
    assert_eq!(last_close, LastClose::Clean);
    store.write(|tx| put(tx, 1, b"row")).unwrap();
    // As after a kill: the mark stays.
    store.marked.set(false);
    drop(store);
    let (store, last_close) = VaultStore::open(&path, Profile::Native).unwrap();
    assert_eq!(last_close, LastClose::Unclean);
    drop(store);
    assert_eq!(VaultStore::open(&path, Profile::Native).unwrap().1, LastClose::Clean);
}

#[test]
fn damage_after_an_unclean_close_is_found_at_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (mut store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    store.write(|tx| (0..200).try_for_each(|n| put(tx, n, &[7; 900]))).unwrap();
    store.marked.set(false);
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let len = bytes.len();
    bytes[len - 3 * 4096..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(VaultStore::open(&path, Profile::Native), Err(StoreError::Damaged(_))));
}

#[test]
fn the_pragmas_are_as_designed() {
    let folder = tempfile::tempdir().unwrap();
    let value = |store: &VaultStore, pragma: &str| -> String {
        let row =
            |row: &rusqlite::Row<'_>| Ok(row.get_ref(0)?.as_str().map_or_else(|_| row.get::<_, i64>(0).unwrap().to_string(), Into::into));
        store.connection.query_row(&format!("PRAGMA {pragma}"), [], row).unwrap()
    };
    for (profile, journal, locking) in [(Profile::Native, "wal", "normal"), (Profile::Opfs, "truncate", "exclusive")] {
        let (store, _) = VaultStore::open(&folder.path().join(journal), profile).unwrap();
        let expected = [
            ("journal_mode", journal),
            ("locking_mode", locking),
            ("synchronous", "2"),
            ("secure_delete", "1"),
            ("trusted_schema", "0"),
            ("cell_size_check", "1"),
            ("foreign_keys", "1"),
            ("temp_store", "2"),
            ("user_version", "2"),
        ];
        for (pragma, wanted) in expected {
            assert_eq!(value(&store, pragma), wanted, "{pragma}");
        }
    }
}

#[test]
fn a_trigger_planted_in_the_file_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    drop(VaultStore::open(&path, Profile::Native).unwrap());
    let trigger = "CREATE TRIGGER planted AFTER INSERT ON rows BEGIN DELETE FROM rows; END";
    Connection::open(&path).unwrap().execute_batch(trigger).unwrap();
    let (mut store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    store.write(|tx| put(tx, 1, b"row")).unwrap();
    assert_eq!(store.read().n_rows().unwrap(), 1);
}

#[test]
fn a_second_writer_is_told_that_the_database_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (mut store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    let (mut other, _) = VaultStore::open(&path, Profile::Native).unwrap();
    other.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    store
        .write(|tx| {
            put(tx, 1, b"row")?;
            assert!(matches!(other.write(|tx| put(tx, 2, b"row")), Err(StoreError::Locked(_))));
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn what_was_deleted_is_gone_from_the_disk_after_a_flush() {
    let canary = b"sealed bytes that must not stay on the disk";
    for profile in [Profile::Native, Profile::Opfs] {
        let folder = tempfile::tempdir().unwrap();
        let found = || {
            std::fs::read_dir(folder.path()).unwrap().any(|file| {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                bytes.windows(canary.len()).any(|window| window == canary)
            })
        };
        let (mut store, _) = VaultStore::open(&file(&folder), profile).unwrap();
        store.write(|tx| tx.put_local("kit", canary)).unwrap();
        assert!(found());
        store.write(|tx| tx.delete_local("kit")).unwrap();
        store.flush().unwrap();
        assert!(!found(), "{profile:?}");
    }
}

/// The budget is 2.5 bare commits (DESIGN §11); a commit's cost is its flush, of which there is one, and its pages.
#[test]
fn an_edit_in_a_large_vault_writes_few_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let (mut store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    store.write(|tx| (0..20_000).try_for_each(|n| put(tx, n, &[7; 600]))).unwrap();
    store.flush().unwrap();
    let log = LogId([1; 16]);
    for n in 1..=20 {
        store
            .write(|tx| {
                let head = Head { seq: n, hash: Hash([n as u8; 32]) };
                tx.append_entry(EntryRecord { log, seq: n, hash: head.hash, bytes: &[8; 600] }, Pushed::No)?;
                tx.put_applied(Applied { log, head, status: LogStatus::Open })?;
                tx.put_meta("root", &[n as u8; 32])?;
                put(tx, n as u32 * 900, &[9; 600])
            })
            .unwrap();
    }
    let wal = path.with_file_name("vault.sqlite-wal").metadata().unwrap().len();
    let pages_per_edit = wal / 4120 / 20;
    assert!(pages_per_edit <= 9, "{pages_per_edit} pages");
}
