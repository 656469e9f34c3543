//! Media that can't be written: opened for reading, and left as they are.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use vault_protocol::ObjectId;
use vault_store::{Access, DeviceIndex, Profile, ReadOnly, RowRecord, StoreError, VaultStore};

/// Tells the child what to open.
const CHILD_FOLDER: &str = "NT2_READER_FOLDER";
/// An account that may write nowhere; the superuser, as which containers test, may write everywhere.
const NOBODY: u32 = 65_534;
const OBJECT: ObjectId = ObjectId([1; 16]);

#[test]
fn ld11_a_read_only_medium_opens_for_reading_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let (mut store, _) = VaultStore::open(&data.join("vault.sqlite"), Profile::Native).unwrap();
    store.write(|tx| tx.put_row(RowRecord { object: OBJECT, term: [0; 32], sealed: b"row" })).unwrap();
    store.close().unwrap();
    drop(DeviceIndex::open(&data.join("device.sqlite"), Profile::Native).unwrap());
    let before = listing(&data);

    let program = folder.path().join("reader");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    for file in before.iter().map(|(path, _)| path) {
        std::fs::set_permissions(file, Permissions::from_mode(0o444)).unwrap();
    }
    for folder in [data.as_path(), folder.path()] {
        std::fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    }
    let mut child = Command::new(&program);
    child.args(["--exact", "read_only::reader", "--nocapture"]).env(CHILD_FOLDER, &data);
    if folder.path().metadata().unwrap().uid() == 0 {
        child.uid(NOBODY);
    }
    let output = child.output().unwrap();
    for folder in [data.as_path(), folder.path()] {
        std::fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(listing(&data), before);
}

/// Not a test of its own: what the other starts where nothing can be written.
#[test]
fn reader() {
    let Some(data) = std::env::var_os(CHILD_FOLDER).map(PathBuf::from) else { return };
    assert!(std::fs::write(data.join("probe"), b"").is_err(), "the folder can be written");
    let (mut store, _) = VaultStore::open(&data.join("vault.sqlite"), Profile::Native).unwrap();
    assert_eq!(store.access(), Access::Read(ReadOnly::Medium));
    assert_eq!(store.read().row(OBJECT).unwrap().as_deref(), Some(&b"row"[..]));
    assert!(matches!(store.write(|tx| tx.retire(OBJECT)), Err(StoreError::ReadOnly(_))));
    let index = DeviceIndex::open(&data.join("device.sqlite"), Profile::Native).unwrap();
    assert_eq!(index.vaults().unwrap(), []);
}

/// Every file and its bytes.
fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}
