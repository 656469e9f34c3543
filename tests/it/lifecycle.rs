use vault_engine::{
    Command, Event, Failure,
    command::{KitInput, KitPartner, VaultSettings},
    event::{DeviceKeyPlace, KitVerdict, LockReason},
};
use vault_testkit::TestDevice;

use crate::story::*;

#[test]
fn a_vault_survives_lock_and_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("GitHub", "mara", "Xk7#pQ-long-enough"));
    device.ok(Command::Lock);
    let keys = device.keys.clone();
    drop(device);

    let mut device = TestDevice::open(dir.path(), 2);
    device.keys = keys;
    let events = unlock(&mut device, vault, PASSWORD);
    assert_eq!(rows(&events).iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["GitHub"]);
    assert_eq!(reveal(&mut device, item, "password"), "Xk7#pQ-long-enough");
}

#[test]
fn a_vault_without_a_password_opens_with_the_device_and_takes_a_password_later() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, None);
    save(&mut device, credential("A", "b", "c"));
    device.ok(Command::Lock);
    let events = unlock(&mut device, vault, "");
    assert!(!opened(&events).unwrap().has_password);

    device.ok(Command::ChangePassword { current: "".into(), new: PASSWORD.into() });
    device.ok(Command::Lock);
    assert!(matches!(device.fails(Command::Unlock { vault, password: "".into() }), Failure::WrongPassword { .. }));
    device.now_ms += 3_600_000;
    let events = unlock(&mut device, vault, PASSWORD);
    assert!(opened(&events).unwrap().has_password);
    assert_eq!(rows(&events).len(), 1);
}

#[test]
fn changing_the_password_ends_the_old_one_and_keeps_every_item() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "old epoch secret"));
    assert!(matches!(
        device.fails(Command::ChangePassword { current: "wrong wrong wrong".into(), new: "another good long phrase".into() }),
        Failure::WrongPassword { .. }
    ));
    device.now_ms += 3_600_000;
    device.ok(Command::ChangePassword { current: PASSWORD.into(), new: "another good long phrase".into() });
    device.ok(Command::Lock);
    assert!(matches!(device.fails(Command::Unlock { vault, password: PASSWORD.into() }), Failure::WrongPassword { .. }));
    device.now_ms += 3_600_000;
    unlock(&mut device, vault, "another good long phrase");
    assert_eq!(reveal(&mut device, item, "password"), "old epoch secret");
}

#[test]
fn a_device_key_that_a_crash_left_behind_is_collected_at_the_next_unlock() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let before = device.keys.clone();
    device.ok(Command::ChangePassword { current: PASSWORD.into(), new: "another good long phrase".into() });
    device.ok(Command::Lock);
    let after = device.keys.clone();
    assert!(before.keys().all(|name| !after.contains_key(name)), "the old key goes with its epoch");
    drop(device);

    // As if the program had died between the two.
    let mut device = TestDevice::open(dir.path(), 2);
    device.keys = before.into_iter().chain(after.clone()).collect();
    device.now_ms += 3_600_000;
    unlock(&mut device, vault, "another good long phrase");
    assert_eq!(device.keys, after, "file and key store alike");
    device.ok(Command::Lock);
    unlock(&mut device, vault, "another good long phrase");
}

#[test]
fn ld08_wrong_passwords_cause_growing_delay_that_survives_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.ok(Command::Lock);
    let mut last = 0;
    for _ in 0..6 {
        let Failure::WrongPassword { wait_ms } = device.fails(Command::Unlock { vault, password: "no".into() }) else {
            panic!("a wrong password is called wrong")
        };
        assert!(wait_ms >= last);
        last = wait_ms;
        device.now_ms += wait_ms;
    }
    assert!(last >= 1000, "six wrong passwords wait at least a second: {last} ms");
    let Failure::WrongPassword { wait_ms } = device.fails(Command::Unlock { vault, password: "no".into() }) else { panic!() };
    let (keys, now_ms) = (device.keys.clone(), device.now_ms);
    drop(device);

    let mut device = TestDevice::open(dir.path(), 2);
    device.keys = keys;
    device.now_ms = now_ms + wait_ms / 2;
    let n_derived = device.n_derived;
    assert!(matches!(device.fails(Command::Unlock { vault, password: PASSWORD.into() }), Failure::TooEarly { .. }));
    assert_eq!(device.n_derived, n_derived, "nothing is derived too early");
    device.now_ms = now_ms + wait_ms;
    unlock(&mut device, vault, PASSWORD);
}

#[test]
fn idle_time_locks_and_touch_restarts_the_clock() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    device.ok(Command::SetVaultSettings(VaultSettings { lock_after_secs: 60, ..VaultSettings::default() }));
    device.now_ms += 59_000;
    device.ok(Command::Touch);
    device.now_ms += 59_000;
    assert!(!device.run().iter().any(|event| matches!(event, Event::Locked(_))));
    device.now_ms += 1_000;
    assert!(device.run().iter().any(|event| matches!(event, Event::Locked(LockReason::Idle))));
    assert!(matches!(device.fails(Command::EmptyTrash), Failure::Locked));
}

#[test]
fn a_missing_key_store_is_told_and_nothing_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    save_and_check_kit(&mut device);
    device.ok(Command::Lock);
    device.os_store_works = false;
    let keys = device.keys.clone();
    assert_eq!(device.fails(Command::Unlock { vault, password: PASSWORD.into() }), Failure::KeyStoreGone);
    assert_eq!(device.keys, keys);
    device.os_store_works = true;
    unlock(&mut device, vault, PASSWORD);
}

#[test]
fn until_a_kit_is_checked_the_device_key_is_also_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let events = device.ok(Command::CreateVault { name: "P".into(), password: Some(PASSWORD.into()) });
    assert_eq!(opened(&events).unwrap().device_key, DeviceKeyPlace::SameDisk);
    assert!(device.keys.keys().any(|(os, _)| !os));
    save_and_check_kit(&mut device);
    assert!(device.keys.keys().all(|(os, _)| *os), "the file is gone once the kit is checked");
}

#[test]
fn ld12_kit_and_password_open_a_device_that_lost_its_key_and_the_old_kit_is_void() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "kept"));
    let kit = save_and_check_kit(&mut device);
    device.ok(Command::Lock);
    device.keys.clear();
    assert_eq!(device.fails(Command::Unlock { vault, password: PASSWORD.into() }), Failure::NoDeviceKey);
    let events = unlock_with_kit(&mut device, vault, &kit, KitPartner::Password(PASSWORD.into()));
    assert!(!opened(&events).unwrap().kit_saved, "kit use replaces the kit");
    assert_eq!(reveal(&mut device, item, "password"), "kept");
    device.ok(Command::Lock);
    unlock(&mut device, vault, PASSWORD);

    let source = device.host().put_source(kit.clone());
    let events = device.ok(Command::CheckKit { kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) } });
    assert!(events.iter().any(|event| matches!(event, Event::KitChecked(_, KitVerdict::Replaced))));
}

#[test]
fn kit_and_device_open_a_vault_whose_password_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "kept"));
    let kit = save_and_check_kit(&mut device);
    device.ok(Command::Lock);
    unlock_with_kit(&mut device, vault, &kit, KitPartner::Device { new_password: "a brand new long phrase".into() });
    assert_eq!(reveal(&mut device, item, "password"), "kept");
    device.ok(Command::Lock);
    unlock(&mut device, vault, "a brand new long phrase");
}

#[test]
fn a_kit_of_another_vault_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let kit = save_and_check_kit(&mut device);
    let other = create(&mut device, Some(PASSWORD));
    device.ok(Command::Lock);
    let source = device.host().put_source(kit);
    let failure = device.fails(Command::UnlockWithKit {
        vault: other,
        kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) },
        with: KitPartner::Password(PASSWORD.into()),
    });
    assert_eq!(failure, Failure::KitOfOtherVault);
}

#[test]
fn several_vaults_live_side_by_side_and_one_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let first = create(&mut device, Some(PASSWORD));
    save(&mut device, credential("In the first", "b", "c"));
    let second = create(&mut device, None);
    assert_ne!(first, second);
    let events = device.ok(Command::ListVaults);
    let Some(Event::Vaults(vaults)) = events.iter().find(|event| matches!(event, Event::Vaults(_))) else { panic!("vaults are listed") };
    assert_eq!(vaults.len(), 2);
    let events = unlock(&mut device, first, PASSWORD);
    assert!(events.iter().any(|event| matches!(event, Event::Locked(LockReason::Switched))));
    assert_eq!(rows(&events).len(), 1);
}

#[test]
fn deleting_a_vault_needs_its_password_and_takes_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    assert!(matches!(device.fails(Command::DeleteVault { vault, password: "no".into() }), Failure::WrongPassword { .. }));
    device.now_ms += 3_600_000;
    device.ok(Command::DeleteVault { vault, password: PASSWORD.into() });
    assert_eq!(std::fs::read_dir(dir.path().join("vaults")).unwrap().count(), 0);
    assert!(device.keys.is_empty());
}

#[test]
fn a_draft_survives_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.ok(Command::KeepDraft(Some(Box::new(credential("Half typed", "b", "half a secret")))));
    device.ok(Command::Lock);
    let events = unlock(&mut device, vault, PASSWORD);
    let draft = events.iter().find_map(|event| match event {
        Event::Opened { draft, .. } => draft.as_ref(),
        _ => None,
    });
    assert_eq!(draft.expect("the draft is offered").title, "Half typed");
}

#[test]
fn r09_a_failing_generator_stops_the_write() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    device.host().entropy_fails = true;
    assert_eq!(device.fails(Command::SaveItem(Box::new(credential("A", "b", "c")))), Failure::NoEntropy);
    device.host().entropy_fails = false;
    assert!(rows(&device.ok(Command::SaveItem(Box::new(credential("B", "b", "c"))))).iter().all(|row| row.title == "B"));
}

const KIT_PASSPHRASE: &str = "paper kit passphrase, not the password";

fn save_and_check_kit(device: &mut TestDevice) -> Vec<u8> {
    let sink = device.host().make_sink();
    device.ok(Command::SaveKit { sink, passphrase: Some(KIT_PASSPHRASE.into()) });
    let kit = device.host().written(sink).expect("a kit is written");
    let source = device.host().put_source(kit.clone());
    let events = device.ok(Command::CheckKit { kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) } });
    assert!(events.iter().any(|event| matches!(event, Event::KitChecked(_, KitVerdict::Good))));
    kit
}

fn unlock_with_kit(device: &mut TestDevice, vault: vault_protocol::VaultId, kit: &[u8], with: KitPartner) -> Vec<Event> {
    let source = device.host().put_source(kit);
    device.ok(Command::UnlockWithKit { vault, kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) }, with })
}

#[test]
fn ld07_an_old_copy_of_the_folder_is_noticed_and_work_goes_on_in_a_new_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    save(&mut device, credential("Before", "b", "c"));
    device.ok(Command::Lock);
    let folder = dir.path().join("vaults").join(vault.to_string());
    let copy = std::fs::read(folder.join("vault.sqlite")).unwrap();
    unlock(&mut device, vault, PASSWORD);
    save(&mut device, credential("After", "b", "c"));
    device.ok(Command::Lock);
    std::fs::write(folder.join("vault.sqlite"), copy).unwrap();
    for side in ["vault.sqlite-wal", "vault.sqlite-shm"] {
        std::fs::remove_file(folder.join(side)).ok();
    }
    let events = unlock(&mut device, vault, PASSWORD);
    assert!(events.iter().any(|event| matches!(event, Event::Notice(vault_engine::event::Notice::OldCopy))));
    save(&mut device, credential("In the new log", "b", "c"));
    device.ok(Command::Lock);
    let events = unlock(&mut device, vault, PASSWORD);
    assert!(!events.iter().any(|event| matches!(event, Event::Notice(_))), "noticed once");
    assert_eq!(opened(&events).unwrap().read_only, None);
    assert_eq!(rows(&events).len(), 2);
}

#[test]
fn mf12_a_damaged_database_opens_for_reading() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    for n in 0..200 {
        save(&mut device, credential(&format!("Item {n}"), "b", "c"));
    }
    device.ok(Command::Lock);
    let keys = device.keys.clone();
    drop(device);
    let path = dir.path().join("vaults").join(vault.to_string()).join("vault.sqlite");
    let mut bytes = std::fs::read(&path).unwrap();
    // Every tenth page, behind the schema and the control log: some are leaves of the table of rows.
    for page in (22..bytes.len() / 4096).step_by(10) {
        bytes[page * 4096..page * 4096 + 64].fill(0xff);
    }
    std::fs::write(&path, bytes).unwrap();

    let mut device = TestDevice::open(dir.path(), 2);
    device.keys = keys;
    let (_, events) = device.send(Command::Unlock { vault, password: PASSWORD.into() });
    let status = events.iter().rev().find_map(|event| match event {
        Event::VaultChanged(status) => Some(status),
        _ => None,
    });
    assert!(status.is_some_and(|status| status.read_only.is_some()), "it opens, and says that it is damaged");
    assert!(rows(&events).len() >= 100, "what is readable is shown: {}", rows(&events).len());
    assert_eq!(device.fails(Command::SaveItem(Box::new(credential("No", "b", "c")))), Failure::ReadOnly);
}

#[test]
fn what_was_saved_before_a_lock_is_saved() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.start(Command::SaveItem(Box::new(credential("Just in time", "b", "c"))));
    device.send(Command::Lock);
    assert_eq!(rows(&unlock(&mut device, vault, PASSWORD)).len(), 1);
}

#[test]
fn a_cancelled_unlock_leaves_the_vault_locked() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    for n in 0..1200 {
        save(&mut device, credential(&format!("Item {n}"), "b", "c"));
    }
    device.ok(Command::Lock);
    let request = device.start(Command::Unlock { vault, password: PASSWORD.into() });
    let mut n_turns = 0;
    while !device.turns(1).iter().any(|event| matches!(event, Event::Rows { .. })) {
        n_turns += 1;
        assert!(n_turns < 100, "rows come");
    }
    device.send(Command::Cancel(request));
    assert_eq!(device.fails(Command::EmptyTrash), Failure::Locked);
}

#[test]
fn a_key_file_with_other_bytes_does_not_hide_the_key_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    device.ok(Command::Lock);
    for ((os, _), key) in &mut device.keys {
        if !os {
            key[5] ^= 1;
        }
    }
    unlock(&mut device, vault, PASSWORD);
}
