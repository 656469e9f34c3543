//! The list of vaults.

use vault_protocol::{DeviceId, LogId, VaultId};
use vault_store::{Delay, DeviceIndex, Profile, StoreError, VaultEntry, folder};

fn entry(n: u8) -> VaultEntry {
    let vault = VaultId([n; 16]);
    VaultEntry {
        vault,
        folder: folder::name(vault, 0),
        replaced_folder: None,
        name: "Home".into(),
        device: DeviceId([n; 16]),
        log: LogId([n; 16]),
        created_ms: 1,
        last_opened_ms: 0,
        delay: Delay::default(),
        continuity: Vec::new(),
    }
}

#[test]
fn ld08_the_delay_survives_a_restart_and_ends_with_the_right_password() {
    let data = tempfile::tempdir().unwrap();
    let path = folder::device_index(data.path());
    let vault = entry(1).vault;
    let delay = Delay { failed_attempts: 5, not_before_ms: 90_000 };
    {
        let mut index = DeviceIndex::open(&path, Profile::Native).unwrap();
        index.add(&entry(1)).unwrap();
        index.set_delay(vault, delay).unwrap();
    }
    let mut index = DeviceIndex::open(&path, Profile::Native).unwrap();
    assert_eq!(index.vault(vault).unwrap().unwrap().delay, delay);
    index.opened(vault, 100_000).unwrap();
    let found = index.vault(vault).unwrap().unwrap();
    assert_eq!((found.delay, found.last_opened_ms), (Delay::default(), 100_000));
}

#[test]
fn the_last_opened_vault_comes_first() {
    let mut index = DeviceIndex::open(":memory:".as_ref(), Profile::Native).unwrap();
    for n in 1..=3 {
        index.add(&entry(n)).unwrap();
    }
    index.opened(entry(2).vault, 50).unwrap();
    index.rename(entry(3).vault, "Work").unwrap();
    index.remove(entry(1).vault).unwrap();
    let names: Vec<_> = index.vaults().unwrap().into_iter().map(|entry| (entry.vault, entry.name)).collect();
    assert_eq!(names, [(entry(2).vault, "Home".into()), (entry(3).vault, "Work".into())]);
}

#[test]
fn mf03_a_restored_folder_takes_the_old_ones_place_in_one_step() {
    let mut index = DeviceIndex::open(":memory:".as_ref(), Profile::Native).unwrap();
    let VaultEntry { vault, folder: old, .. } = entry(1);
    index.add(&entry(1)).unwrap();
    let new = folder::name(vault, 1);
    for _ in 0..2 {
        index.replace_folder(vault, &new).unwrap();
        let found = index.vault(vault).unwrap().unwrap();
        assert_eq!((found.folder.as_str(), found.replaced_folder.as_deref()), (new.as_str(), Some(old.as_str())), "twice is once");
    }
    index.forget_replaced(vault).unwrap();
    assert_eq!(index.vault(vault).unwrap().unwrap().replaced_folder, None);
    assert_eq!(
        (folder::generation(vault, &old), folder::generation(vault, &new), folder::generation(vault, "x")),
        (Some(0), Some(1), None)
    );
}

#[test]
fn a_vault_is_listed_once() {
    let mut index = DeviceIndex::open(":memory:".as_ref(), Profile::Native).unwrap();
    index.add(&entry(1)).unwrap();
    assert!(matches!(index.add(&entry(1)), Err(StoreError::Rule(_))));
}

#[test]
fn a_vault_that_is_not_listed_can_not_be_changed() {
    let mut index = DeviceIndex::open(":memory:".as_ref(), Profile::Native).unwrap();
    let vault = entry(1).vault;
    let outcomes =
        [index.set_delay(vault, Delay::default()), index.opened(vault, 1), index.set_continuity(vault, b"head"), index.remove(vault)];
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(StoreError::UnknownVault))));
}

#[test]
fn a_vault_is_not_opened_as_an_index() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("vault.sqlite");
    drop(vault_store::VaultStore::open(&path, Profile::Native).unwrap());
    assert!(matches!(DeviceIndex::open(&path, Profile::Native), Err(StoreError::NotOurs)));
}

#[test]
fn folders_are_made_and_removed() {
    let data = tempfile::tempdir().unwrap();
    let name = folder::name(VaultId([1; 16]), 2);
    folder::make(data.path(), &name, Profile::Native).unwrap();
    drop(vault_store::VaultStore::open(&folder::database(data.path(), &name), Profile::Native).unwrap());
    folder::remove(data.path(), &name, Profile::Native).unwrap();
    folder::remove(data.path(), &name, Profile::Native).unwrap();
    assert!(folder::vaults(data.path()).is_dir() && !folder::vault(data.path(), &name).exists());
}
