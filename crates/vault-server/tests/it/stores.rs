//! Every story runs on every store.

use vault_protocol::{
    BlobId,
    api::{FindBlobs, PutBlob, ReadHeads, ReadServer},
};
use vault_server::{
    block_on,
    store::{SqliteStore, StoreError},
};

use crate::{
    client::{Server, chain, naming},
    world::{A, vault},
};

/// Declares each story as a test on each store.
macro_rules! on_every_store {
    ($($story:ident),+ $(,)?) => {
        mod sqlite_in_memory {
            $(#[test] fn $story() { super::$story(crate::stores::in_memory()); })+
        }
        mod sqlite_file {
            $(#[test] fn $story() {
                let (folder, store) = crate::stores::in_file();
                super::$story(store);
                drop(folder);
            })+
        }
        mod postgres {
            $(#[test] fn $story() {
                let _runtime = crate::postgres::runtime().enter();
                super::$story(crate::postgres::store());
            })+
        }
    };
}

pub(crate) use on_every_store;

pub(crate) fn in_memory() -> SqliteStore {
    SqliteStore::in_memory().unwrap()
}

pub(crate) fn in_file() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("nt2.sqlite"), 2).unwrap();
    (folder, store)
}

#[test]
fn writers_that_meet_in_one_file_are_put_in_order() {
    let (_folder, store) = in_file();
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 8);
    std::thread::scope(|scope| {
        let push = || server.push(&log, &token, &entries).unwrap().n_stored;
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(push)).collect();
        assert_eq!(threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>(), 8);
    });
    assert_eq!(server.n_entries(&token), 8);
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Server::new(SqliteStore::open(&folder.path().join("nt2.sqlite"), 1).unwrap());
    let first = open();
    let (log, token) = first.with_vault();
    first.push(&log, &token, &chain(A, 3)).unwrap();
    drop(first);
    let second = open();
    assert_eq!(second.call(&ReadHeads { vault: vault() }, Some(&token)).unwrap().position.n_entries, 3);
    assert!(second.call(&ReadServer, None).is_ok());
}

#[test]
fn a_database_of_before_there_were_blobs_is_brought_up_to_date_and_knows_what_its_entries_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nt2.sqlite");
    let blob = BlobId([9; 16]);
    let server = Server::new(SqliteStore::open(&path, 1).unwrap());
    let (log, token) = server.with_vault();
    server.push(&log, &token, &[naming(A, &[blob])]).unwrap();
    drop(server);
    // What the step adds, taken away again.
    let database = rusqlite::Connection::open(&path).unwrap();
    let undo = "DROP TABLE blobs; DROP TABLE blob_parts; DROP TABLE blob_names; DROP TABLE blob_usage; DROP TABLE blob_waste;
                ALTER TABLE receipts DROP COLUMN n_blobs; ALTER TABLE receipts DROP COLUMN blob_bytes; PRAGMA user_version = 1;";
    database.execute_batch(undo).unwrap();
    drop(database);
    let mut server = Server::new(SqliteStore::open(&path, 1).unwrap());
    assert_eq!(server.n_entries(&token), 1);
    server.call(&PutBlob { vault: vault(), blob, bytes: vec![1; 9] }, Some(&token)).unwrap();
    server.now_ms += 40 * 86_400_000;
    block_on(server.service.sweep(server.now_ms)).unwrap();
    let token = server.member(A);
    let found = server.call(&FindBlobs { vault: vault(), blobs: vec![blob] }, Some(&token)).unwrap();
    assert_eq!(found.blobs.len(), 1);
    let schema = |path: &std::path::Path| -> Vec<String> {
        let database = rusqlite::Connection::open(path).unwrap();
        let sql =
            "SELECT t.name || '.' || c.name || ' ' || c.type || c.\"notnull\" || c.pk FROM sqlite_schema t, pragma_table_info(t.name) c
                   WHERE t.type = 'table' ORDER BY 1";
        let mut columns = database.prepare(sql).unwrap();
        columns.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let fresh = folder.path().join("fresh.sqlite");
    drop(SqliteStore::open(&fresh, 1).unwrap());
    assert_eq!(schema(&path), schema(&fresh));
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nt2.sqlite");
    drop(SqliteStore::open(&path, 1).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(SqliteStore::open(&path, 1), Err(StoreError::Newer)));
}

#[test]
fn ms29_a_stores_tables_have_no_column_for_anything_but_ids_numbers_keys_and_ciphertext() {
    let known = [
        "vault",
        "instance",
        "did",
        "genesis",
        "registered_ms",
        "n_entries",
        "n_control",
        "stored_bytes",
        "control_bytes",
        "last_push_ms",
        "deletion_due_ms",
        "place",
        "hash",
        "wire",
        "log",
        "seq",
        "entry_ms",
        "token_hash",
        "key",
        "purpose",
        "created_ms",
        "used_ms",
        "nonce",
        "expires_ms",
        "seen_ms",
        "record",
        "receipt",
        "deleted_ms",
        "source",
        "until_ms",
        "updated_ms",
        "code_hash",
        "days",
        "blob",
        "object",
        "upload",
        "len_bytes",
        "part_bytes",
        "begun_ms",
        "completed_ms",
        "named",
        "part",
        "tag",
        "n_blobs",
        "blob_bytes",
        "due_ms",
        "again",
        "n_left",
        "channel",
        "side",
        "number",
        "message",
        "name",
        "value",
    ];
    let (folder, store) = in_file();
    let database = rusqlite::Connection::open(folder.path().join("nt2.sqlite")).unwrap();
    let mut columns =
        database.prepare("SELECT DISTINCT c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'").unwrap();
    for column in columns.query_map([], |row| row.get::<_, String>(0)).unwrap() {
        let column = column.unwrap();
        assert!(known.contains(&column.as_str()), "{column}");
    }
    drop(store);
}
