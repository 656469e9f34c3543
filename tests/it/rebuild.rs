//! The list of vaults is damaged or gone, and the vaults are there.

use std::{collections::BTreeMap, path::Path};

use vault_engine::{
    Command, Event, Failure,
    command::{BackupKeyInput, RestoreInto},
    effect::KeyName,
    event::{Notice, VaultEntry},
};
use vault_protocol::VaultId;
use vault_store::{Profile, VaultStore, folder};
use vault_testkit::TestDevice;

use crate::story::*;

type Keys = BTreeMap<(bool, KeyName), [u8; 32]>;

/// Locks and ends a device; gives its keys.
fn end(mut device: TestDevice) -> Keys {
    device.ok(Command::Lock);
    device.keys.clone()
}

/// The device started again, with what it says of its vaults at first.
fn start(data: &Path, keys: Keys) -> (TestDevice, Vec<VaultEntry>, Vec<Notice>) {
    let mut device = TestDevice::open(data, 9);
    device.keys = keys;
    device.now_ms += 3_600_000;
    let (vaults, notices) = list(&mut device);
    (device, vaults, notices)
}

fn list(device: &mut TestDevice) -> (Vec<VaultEntry>, Vec<Notice>) {
    let (mut vaults, mut notices) = (Vec::new(), Vec::new());
    for event in device.ok(Command::ListVaults) {
        match event {
            Event::Vaults(found) => vaults = found,
            Event::Notice(notice) => notices.push(notice),
            _ => {}
        }
    }
    (vaults, notices)
}

fn forget_sides(data: &Path) {
    for side in ["device.sqlite-wal", "device.sqlite-shm"] {
        std::fs::remove_file(data.join(side)).ok();
    }
}

/// Overwrites a part of the index.
fn damage_index(data: &Path, at: usize, len: usize) {
    forget_sides(data);
    let path = folder::device_index(data);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[at..at + len].fill(0xa5);
    std::fs::write(path, bytes).unwrap();
}

fn lose_index(data: &Path) {
    forget_sides(data);
    std::fs::remove_file(folder::device_index(data)).unwrap();
}

/// Takes the folder's own word of its place away, as in a folder that an earlier version has written.
fn forget_place(data: &Path, folder: &str) {
    let (mut store, _) = VaultStore::open(&folder::database(data, folder), Profile::Native).unwrap();
    store.write(|tx| tx.delete_meta("device.place").and_then(|()| tx.delete_local("name"))).unwrap();
}

#[test]
fn a_damaged_list_is_made_anew_told_once_and_kept_aside_and_the_vault_opens() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("GitHub", "mara", "Xk7#pQ-long-enough"));
    let keys = end(device);
    damage_index(data.path(), 0, 100);

    let (mut device, vaults, notices) = start(data.path(), keys);
    assert_eq!(vaults.iter().map(|entry| entry.vault).collect::<Vec<_>>(), [vault]);
    assert_eq!(vaults[0].name, format!("Vault {}", &vault.to_string()[..4]));
    assert_eq!(notices, [Notice::ListRebuilt(1)]);
    assert_eq!(list(&mut device).1, [], "told once");
    let aside = data.path().join("device.sqlite.damaged-2026-02-02");
    assert_eq!(std::fs::read(aside).unwrap()[..100], [0xa5; 100]);

    let events = unlock(&mut device, vault, PASSWORD);
    assert_eq!(opened(&events).unwrap().name, "Personal", "the name comes back from the folder");
    assert_eq!(opened(&events).unwrap().read_only, None);
    assert_eq!(reveal(&mut device, item, "password"), "Xk7#pQ-long-enough");
    save(&mut device, credential("Written after", "b", "c"));
    let keys = end(device);
    let (_, vaults, notices) = start(data.path(), keys);
    assert_eq!((vaults[0].name.as_str(), notices.as_slice()), ("Personal", [].as_slice()));
}

#[test]
fn a_missing_or_empty_list_is_made_anew() {
    for is_empty in [false, true] {
        let data = tempfile::tempdir().unwrap();
        let mut device = TestDevice::open(data.path(), 1);
        let first = create(&mut device, Some(PASSWORD));
        device.ok(Command::Lock);
        let second = create(&mut device, Some(PASSWORD));
        let keys = end(device);
        lose_index(data.path());
        if is_empty {
            std::fs::write(folder::device_index(data.path()), b"").unwrap();
        }
        let (mut device, vaults, notices) = start(data.path(), keys);
        assert_eq!((vaults.len(), notices.as_slice()), (2, [Notice::ListRebuilt(2)].as_slice()));
        unlock(&mut device, first, PASSWORD);
        unlock(&mut device, second, PASSWORD);
    }
}

#[test]
fn what_can_still_be_read_of_a_damaged_list_is_taken_over() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.ok(Command::Lock);
    for _ in 0..4 {
        device.fails(Command::Unlock { vault, password: "no".into() });
        device.now_ms += 3_600_000;
    }
    let keys = end(device);
    // The mark of its kind: SQLite reads the file, and it is not ours.
    damage_index(data.path(), 68, 4);
    let (_, vaults, notices) = start(data.path(), keys);
    assert_eq!((vaults[0].name.as_str(), vaults[0].failed_attempts), ("Personal", 4));
    assert_eq!(notices, [Notice::ListRebuilt(1)]);
}

#[test]
fn ld08_a_lost_list_gives_no_free_attempts_back() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let keys = end(device);
    lose_index(data.path());
    let (mut device, ..) = start(data.path(), keys);
    let Failure::WrongPassword { wait_ms } = device.fails(Command::Unlock { vault, password: "no".into() }) else { panic!() };
    assert!(wait_ms >= 1000, "{wait_ms} ms");
    device.now_ms += wait_ms;
    unlock(&mut device, vault, PASSWORD);
}

/// A vault whose folder a restore has replaced: the restored state has one item more than the first folder.
fn restored(data: &Path) -> (VaultId, Keys) {
    let mut device = TestDevice::open(data, 1);
    let vault = create(&mut device, Some(PASSWORD));
    save(&mut device, credential("First", "b", "c"));
    let sink = device.host().make_sink();
    device.ok(Command::Backup { sink, passphrase: Some("seven words of a backup passphrase here".into()) });
    let bytes = device.host().written(sink).unwrap();
    let source = device.host().put_source(bytes);
    let into = RestoreInto::Vault { name: "Back".into(), new_password: None };
    device.ok(Command::Restore { source, key: BackupKeyInput::PasswordAndDevice(PASSWORD.into()), into });
    save(&mut device, credential("After the restore", "b", "c"));
    (vault, end(device))
}

#[test]
fn the_restored_folder_stays_the_live_one() {
    for is_of_an_earlier_version in [false, true] {
        let data = tempfile::tempdir().unwrap();
        let (vault, keys) = restored(data.path());
        if is_of_an_earlier_version {
            forget_place(data.path(), &folder::name(vault, 0));
            forget_place(data.path(), &folder::name(vault, 1));
        }
        lose_index(data.path());
        let (mut device, vaults, _) = start(data.path(), keys);
        assert_eq!(vaults.len(), 1);
        let events = unlock(&mut device, vault, PASSWORD);
        assert_eq!(rows(&events).len(), 2);
        device.ok(Command::DeleteVault { vault, password: PASSWORD.into() });
        assert_eq!(folder::list(data.path()), Vec::<String>::new(), "no folder of it is left");
    }
}

#[test]
fn a_restore_that_was_cut_short_does_not_become_the_live_folder() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let keys = end(device);
    let half = folder::name(vault, 1);
    folder::make(data.path(), &half, Profile::Native).unwrap();
    {
        let (live, _) = VaultStore::open(&folder::database(data.path(), &folder::name(vault, 0)), Profile::Native).unwrap();
        let (mut store, _) = VaultStore::open(&folder::database(data.path(), &half), Profile::Native).unwrap();
        live.read().each_control(|record| store.write(|tx| tx.put_control(record).map(drop))).unwrap();
    }
    lose_index(data.path());
    let (mut device, vaults, _) = start(data.path(), keys);
    assert_eq!(vaults.len(), 1);
    unlock(&mut device, vault, PASSWORD);
}

#[test]
fn a_vault_whose_database_is_damaged_too_is_listed_and_says_so() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let sound = create(&mut device, Some(PASSWORD));
    device.ok(Command::Lock);
    let broken = create(&mut device, Some(PASSWORD));
    let keys = end(device);
    lose_index(data.path());
    std::fs::write(folder::database(data.path(), &folder::name(broken, 0)), vec![0xa5; 8192]).unwrap();
    let (mut device, vaults, _) = start(data.path(), keys);
    assert_eq!(vaults.len(), 2);
    assert_eq!(device.fails(Command::Unlock { vault: broken, password: PASSWORD.into() }), Failure::Damaged);
    unlock(&mut device, sound, PASSWORD);
}

#[test]
fn a_deleted_vault_does_not_come_back() {
    let data = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(data.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.ok(Command::DeleteVault { vault, password: PASSWORD.into() });
    let keys = end(device);
    let (_, vaults, notices) = start(data.path(), keys);
    assert_eq!((vaults.len(), notices.len()), (0, 0));
}
