//! Databases of every schema that was ever released open, and hold what they held: `tests/vectors/db/`.

use std::path::Path;

use vault_store::{Access, Profile, VaultStore};

use crate::dump::dump;

/// Where the vectors lie.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/db");
/// Before the lines that a store must hold.
const EXPECT: &str = "-- expect: ";

#[test]
fn old_databases_open_and_hold_what_they_held() {
    let mut n_vectors = 0;
    for file in std::fs::read_dir(FOLDER).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            check(&path);
            n_vectors += 1;
        }
    }
    assert!(n_vectors > 0);
}

fn check(vector: &Path) {
    let sql = std::fs::read_to_string(vector).unwrap();
    let expected: Vec<_> = sql.lines().filter_map(|line| line.strip_prefix(EXPECT)).collect();
    assert!(!expected.is_empty(), "{vector:?} expects nothing");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch(&sql).unwrap();
    let (store, _) = VaultStore::open(&path, Profile::Native).unwrap();
    assert_eq!(store.access(), Access::Write);
    assert_eq!(dump(&store, &["root"]), expected, "{vector:?}");
}
