//! Every story runs on every store.

use vault_server::store::SqliteStore;

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
