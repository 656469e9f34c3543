//! Who belongs to a vault: names, removals, and devices that decided apart. Against the real service.

use std::collections::BTreeSet;

use vault_engine::{
    Command, Event, Failure,
    command::{KitInput, Mark},
    event::{DeviceKeyPlace, LockReason, VaultStatus},
    members::{ForkSide, RemovalPlan},
    sync::{SyncDevice, SyncState},
};
use vault_model::SecretText;
use vault_protocol::{
    DeviceId, EpochId,
    control::{ControlBody, ControlLog},
    entry::WireEntry,
};
use vault_testkit::TestDevice;

use crate::{
    service::real,
    story::{PASSWORD, credential, save},
    sync::{KIT_PASSPHRASE, World, save_kit, status, sync, titles},
};

const NEW_PASSWORD: &str = "another horse battery staple";

/// Three devices that all know of each other; the recovery kit in force was made on the last one.
fn three(seed: u64) -> World {
    let (mut world, _) = real(seed);
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.join();
    world.join();
    world.assert_equal();
    world
}

fn devices(device: &mut TestDevice) -> Vec<SyncDevice> {
    status(device).devices
}

/// The id of device `n`.
fn id(world: &mut World, n: usize) -> DeviceId {
    devices(&mut world.devices[n]).into_iter().find(|device| device.is_this).expect("itself").device
}

fn names(device: &mut TestDevice) -> BTreeSet<String> {
    devices(device).into_iter().map(|device| device.name).collect()
}

fn plan(device: &mut TestDevice, of: DeviceId) -> RemovalPlan {
    let events = device.ok(Command::PlanRemoval { device: of });
    let plan = events.into_iter().find_map(|event| match event {
        Event::RemovalPlanned(_, plan) => Some(plan),
        _ => None,
    });
    plan.expect("a plan")
}

fn remove(of: DeviceId, new_password: Option<&str>) -> Command {
    Command::RemoveDevice { device: of, password: PASSWORD.into(), new_password: new_password.map(SecretText::from) }
}

fn last_status(events: &[Event]) -> &VaultStatus {
    let last = events.iter().rev().find_map(|event| match event {
        Event::VaultChanged(status) => Some(status),
        _ => None,
    });
    last.expect("the vault's status is told")
}

/// Syncs, and where a new epoch locks the vault opens it with `password` and syncs again.
fn sync_with(device: &mut TestDevice, world_vault: vault_protocol::VaultId, password: &str) {
    let (_, events) = device.send(Command::SyncNow);
    if events.iter().any(|event| matches!(event, Event::Locked(LockReason::NewEpoch))) {
        device.ok(Command::Unlock { vault: world_vault, password: password.into() });
        device.ok(Command::SyncNow);
    }
}

fn server_log(world: &World) -> ControlLog {
    world.server.borrow().control_log(world.vault)
}

/// The epoch of every entry that the server has, in the order in which they came.
fn epochs_on_server(world: &World) -> Vec<EpochId> {
    let entries = world.server.borrow().entries(world.vault);
    entries.into_iter().map(|wire| WireEntry::parse(wire).expect("an entry").header().epoch).collect()
}

#[test]
fn a_device_gets_a_name_and_all_others_show_it() {
    let mut world = three(41);
    let own = id(&mut world, 1);
    let other = id(&mut world, 2);
    world.devices[1].ok(Command::RenameDevice { device: own, name: "  Kitchen tablet ".into() });
    world.devices[1].ok(Command::RenameDevice { device: other, name: "Phone of Mara".into() });
    world.sync_all();
    for n in 0..3 {
        let names = names(&mut world.devices[n]);
        assert!(names.contains("Kitchen tablet") && names.contains("Phone of Mara"), "{names:?}");
    }
    world.assert_equal();
    // No server learns a name.
    for wire in world.server.borrow().entries(world.vault) {
        assert!(!wire.windows(7).any(|bytes| bytes == b"Kitchen"));
    }
}

#[test]
fn a_name_of_nothing_or_of_several_lines_is_refused() {
    let (mut world, _) = real(42);
    let own = id(&mut world, 0);
    for name in ["", "   ", "two\nlines", &"x".repeat(61)] {
        let failure = world.devices[0].fails(Command::RenameDevice { device: own, name: name.into() });
        assert_eq!(failure, Failure::Invalid(vault_engine::event::InvalidWhat::DeviceName));
    }
    let stranger = Command::RenameDevice { device: DeviceId([9; 16]), name: "Nobody".into() };
    assert_eq!(world.devices[0].fails(stranger), Failure::NotFound);
}

#[test]
fn ld03_a_removed_device_is_told_and_gets_nothing_written_later() {
    let mut world = three(43);
    let gone = id(&mut world, 1);
    // Written before the removal and not sent yet: nothing of it may reach the server under a key that the removed device has.
    save(&mut world.devices[0], credential("Unsent", "me", "x"));
    let n_before = epochs_on_server(&world).len();
    let kept = plan(&mut world.devices[0], gone);
    assert!(!kept.replaces_kit && !kept.needs_new_password && kept.unseen.len() == 1, "{kept:?}");
    world.devices[0].ok(remove(gone, None));
    assert_eq!(devices(&mut world.devices[0]).len(), 2);
    world.devices[0].ok(Command::SyncNow);
    save(&mut world.devices[0], credential("Written later", "me", "y"));
    world.devices[0].ok(Command::SyncNow);

    let log = server_log(&world);
    let newest = log.state().newest_epoch().expect("one newest epoch");
    assert!(epochs_on_server(&world)[n_before..].iter().all(|epoch| *epoch == newest), "nothing is sealed for the removed device");
    assert!(log.state().is_removed(gone));
    assert!(log.state().live_slots().iter().all(|slot| slot.record.device != gone), "it has no slot");

    // Told, and everything that it had stays readable.
    assert_eq!(world.devices[1].fails(Command::SyncNow), Failure::SyncStopped);
    assert_eq!(status(&mut world.devices[1]).state, SyncState::Removed);
    assert_eq!(titles(&mut world.devices[1]), ["Mail"]);
    let vault = world.vault;
    world.crash(1);
    world.devices[1].ok(Command::Unlock { vault, password: PASSWORD.into() });
    assert_eq!(status(&mut world.devices[1]).state, SyncState::Removed);
    assert_eq!(titles(&mut world.devices[1]), ["Mail"]);

    // The third was not there when it happened, and opens it later.
    let (_, events) = world.devices[2].send(Command::SyncNow);
    assert!(events.iter().any(|event| matches!(event, Event::Locked(LockReason::NewEpoch))));
    world.devices[2].ok(Command::Unlock { vault, password: PASSWORD.into() });
    world.devices[2].ok(Command::SyncNow);
    assert_eq!(titles(&mut world.devices[2]), ["Mail", "Unsent", "Written later"]);
    assert_eq!(devices(&mut world.devices[2]).len(), 2);
}

#[test]
fn ld04_where_the_password_stands_alone_a_removal_demands_a_new_one() {
    let mut world = three(44);
    let gone = id(&mut world, 1);
    // The kit of the last device was never saved: its key lies in a file beside the vault.
    let kept = plan(&mut world.devices[2], gone);
    assert!(kept.needs_new_password, "{kept:?}");
    assert_eq!(world.devices[2].fails(remove(gone, None)), Failure::NewPasswordNeeded);
    assert_eq!(world.devices[2].fails(remove(gone, Some(PASSWORD))), Failure::NewPasswordNeeded, "the old one is no new one");
    assert_eq!(world.devices[2].fails(remove(gone, Some("short"))), Failure::PasswordTooWeak { min_chars: 15 });
    assert_eq!(devices(&mut world.devices[2]).len(), 3, "nothing has happened yet");
    world.devices[2].ok(remove(gone, Some(NEW_PASSWORD)));
    world.devices[2].ok(Command::SyncNow);
    let vault = world.vault;
    world.devices[0].send(Command::SyncNow);
    let old = world.devices[0].fails(Command::Unlock { vault, password: PASSWORD.into() });
    assert!(matches!(old, Failure::WrongPassword { .. }), "{old:?}");
    world.devices[0].ok(Command::Unlock { vault, password: NEW_PASSWORD.into() });
    world.devices[0].ok(Command::SyncNow);
    assert_eq!(titles(&mut world.devices[0]), ["Mail"]);
}

#[test]
fn ld05_what_a_removed_device_wrote_counts_up_to_the_cut_off_or_as_far_as_a_survivor_had_signed_it() {
    let mut world = three(45);
    let vault = world.vault;
    let gone = id(&mut world, 1);
    let number = world.devices[0].number;
    world.server.borrow_mut().unreachable.insert(number);
    save(&mut world.devices[1], credential("Signed by a survivor", "me", "x"));
    sync(&mut world.devices[1], vault);
    sync(&mut world.devices[2], vault);
    save(&mut world.devices[2], credential("Signs it", "me", "y"));
    sync(&mut world.devices[2], vault);
    save(&mut world.devices[1], credential("Signed by nobody", "me", "z"));
    sync(&mut world.devices[1], vault);
    // The remover knows nothing of either.
    world.devices[0].ok(remove(gone, None));
    world.server.borrow_mut().unreachable.clear();
    save(&mut world.devices[1], credential("Never sent", "me", "z"));
    world.devices[0].ok(Command::SyncNow);
    assert_eq!(world.devices[1].fails(Command::SyncNow), Failure::SyncStopped);
    sync(&mut world.devices[2], vault);
    world.devices[0].ok(Command::SyncNow);
    for n in [0, 2] {
        assert_eq!(titles(&mut world.devices[n]), ["Mail", "Signed by a survivor", "Signs it"], "device {n}");
    }
    assert_eq!(status(&mut world.devices[0]).fingerprint, status(&mut world.devices[2]).fingerprint);
    assert_eq!(titles(&mut world.devices[1]).len(), 5, "what it wrote stays there");
}

#[test]
fn ld05_what_a_survivor_had_built_on_an_entry_that_counts_no_more_is_kept_with_it() {
    let mut world = three(48);
    let vault = world.vault;
    let gone = id(&mut world, 1);
    part(&mut world, &[0]);
    let item = save(&mut world.devices[1], credential("By the removed one", "me", "x"));
    sync(&mut world.devices[1], vault);
    sync(&mut world.devices[2], vault);
    // The third has it, builds on it, and has told nobody when it hears of the removal.
    part(&mut world, &[0, 2]);
    crate::sync::set_password(&mut world.devices[2], item, "changed by the survivor");
    world.devices[0].ok(remove(gone, None));
    part(&mut world, &[]);
    settle_down(&mut world, &[0, 2], PASSWORD);
    for n in [0, 2] {
        assert_eq!(titles(&mut world.devices[n]), ["By the removed one", "Mail"], "device {n}");
        assert_eq!(crate::story::reveal(&mut world.devices[n], item, "password"), "changed by the survivor");
        crate::sync::assert_sound(&mut world.devices[n]);
    }
}

#[test]
fn removing_the_device_that_made_the_kit_replaces_the_kit_too() {
    let mut world = three(46);
    let gone = id(&mut world, 2);
    let kit = save_kit(&mut world.devices[2]);
    let kept = plan(&mut world.devices[0], gone);
    assert!(kept.replaces_kit, "{kept:?}");
    let before = server_log(&world).state().kit();
    let events = world.devices[0].ok(remove(gone, None));
    let told = last_status(&events);
    assert!(!told.kit_saved && told.device_key == DeviceKeyPlace::SameDisk, "a new kit waits to be saved");
    world.devices[0].ok(Command::SyncNow);
    assert_ne!(server_log(&world).state().kit(), before);
    // The old kit brings the vault nowhere any more.
    let n = world.add_device();
    let join = crate::sync::join_command(&mut world.devices[n], kit);
    assert!(matches!(world.devices[n].fails(join), Failure::NotAccepted | Failure::KitReplaced));
    save_kit(&mut world.devices[0]);
}

#[test]
fn a_device_can_not_remove_itself_nor_who_is_not_there() {
    let mut world = three(47);
    let own = id(&mut world, 0);
    assert_eq!(world.devices[0].fails(remove(own, None)), Failure::RemovesItself);
    assert_eq!(world.devices[0].fails(remove(DeviceId([7; 16]), None)), Failure::NotFound);
    let other = id(&mut world, 1);
    let wrong = Command::RemoveDevice { device: other, password: "not the password".into(), new_password: None };
    assert!(matches!(world.devices[0].fails(wrong), Failure::WrongPassword { .. }));
    let log = server_log(&world);
    let removals = log.entries().filter(|(_, entry)| matches!(&entry.body, ControlBody::Epoch(body) if !body.removed.is_empty()));
    assert_eq!(removals.count(), 0);
}

/// Devices of the world that the server can't be reached from.
fn part(world: &mut World, parted: &[usize]) {
    let numbers = parted.iter().map(|n| world.devices[*n].number).collect();
    world.server.borrow_mut().unreachable = numbers;
}

fn kit_input(device: &mut TestDevice, kit: &[u8]) -> KitInput {
    let source = device.host().put_source(kit.to_vec());
    KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) }
}

/// All devices named sync, each opened with `password` where it has locked, until they agree.
fn settle_down(world: &mut World, devices: &[usize], password: &str) {
    let vault = world.vault;
    for _ in 0..3 {
        for n in devices {
            world.tick(10);
            sync_with(&mut world.devices[*n], vault, password);
        }
    }
    let words: BTreeSet<Vec<String>> = devices.iter().map(|n| status(&mut world.devices[*n]).fingerprint).collect();
    assert_eq!(words.len(), 1, "they hold the same");
}

#[test]
fn two_passwords_set_apart_are_joined_where_both_are_typed() {
    let mut world = three(51);
    let vault = world.vault;
    let (one, two) = ("the password of the first", "the password of the second");
    part(&mut world, &[0, 1]);
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: one.into() });
    world.devices[1].ok(Command::ChangePassword { current: PASSWORD.into(), new: two.into() });
    save(&mut world.devices[0], credential("By the first", "me", "x"));
    save(&mut world.devices[1], credential("By the second", "me", "x"));
    part(&mut world, &[]);
    world.devices[0].ok(Command::SyncNow);
    let (_, events) = world.devices[1].send(Command::SyncNow);
    assert!(events.iter().any(|event| matches!(event, Event::Locked(LockReason::NewEpoch))));
    world.devices[1].ok(Command::Unlock { vault, password: two.into() });
    assert_eq!(world.devices[1].fails(Command::SyncNow), Failure::SyncStopped);
    let stopped = status(&mut world.devices[1]);
    assert_eq!((stopped.state, stopped.unopened.len()), (SyncState::PasswordNeeded, 1));
    let n_sent = world.server.borrow().entries(vault).len();
    let join = |other: Option<&str>| Command::JoinEpochs { password: two.into(), other: other.map(SecretText::from) };
    assert_eq!(world.devices[1].fails(join(None)), Failure::OtherPasswordNeeded);
    assert_eq!(world.devices[1].fails(join(Some("neither of them"))), Failure::OtherPasswordWrong);
    assert_eq!(world.server.borrow().entries(vault).len(), n_sent, "until then it sends nothing");
    world.devices[1].ok(join(Some(one)));
    assert!(status(&mut world.devices[1]).unopened.is_empty());
    settle_down(&mut world, &[1, 0, 2], two);
    for n in 0..3 {
        assert_eq!(titles(&mut world.devices[n]), ["By the first", "By the second", "Mail"]);
    }
    assert_eq!(world.devices[1].fails(join(None)), Failure::NotFound, "there is nothing left to join");
    assert!(server_log(&world).state().newest_epoch().is_some());
}

#[test]
fn two_removals_made_apart_are_joined_with_the_one_password() {
    let mut world = three(52);
    let fourth = world.join();
    let gone = [id(&mut world, 2), id(&mut world, fourth)];
    part(&mut world, &[0, 1]);
    world.devices[0].ok(remove(gone[0], None));
    world.devices[1].ok(remove(gone[1], None));
    save(&mut world.devices[0], credential("By the first", "me", "x"));
    save(&mut world.devices[1], credential("By the second", "me", "x"));
    part(&mut world, &[]);
    let vault = world.vault;
    world.devices[0].ok(Command::SyncNow);
    sync_now_and_open(&mut world.devices[1], vault, PASSWORD);
    assert_eq!(status(&mut world.devices[1]).state, SyncState::PasswordNeeded);
    // However often it is tried, no log is begun anew before there is an epoch above both.
    let n_control = server_log(&world).n_entries();
    for _ in 0..3 {
        assert_eq!(world.devices[1].fails(Command::SyncNow), Failure::SyncStopped);
    }
    world.devices[1].ok(Command::JoinEpochs { password: PASSWORD.into(), other: None });
    settle_down(&mut world, &[1, 0], PASSWORD);
    let log = server_log(&world);
    assert!(gone.iter().all(|device| log.state().is_removed(*device)));
    assert!(log.n_entries() <= n_control + 3, "{} after {n_control}", log.n_entries());
    for n in 0..2 {
        assert_eq!(titles(&mut world.devices[n]), ["By the first", "By the second", "Mail"]);
    }
}

/// Syncs, opens the vault where that locked it, and syncs again; says nothing of how that ends.
fn sync_now_and_open(device: &mut TestDevice, vault: vault_protocol::VaultId, password: &str) {
    device.send(Command::SyncNow);
    if device.fails_with(Command::SyncStatus) == Some(Failure::Locked) {
        device.ok(Command::Unlock { vault, password: password.into() });
        device.send(Command::SyncNow);
    }
}

/// Devices 0 and 1 remove each other; the server has heard of the first. With the kit in force and one that was replaced.
fn mutual(seed: u64) -> (World, Vec<u8>, Vec<u8>) {
    let (mut world, _) = real(seed);
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let old_kit = save_kit(&mut world.devices[0]);
    world.devices[0].ok(Command::SyncNow);
    let second = world.add_device();
    crate::sync::join(&mut world.devices[second], old_kit.clone());
    world.sync_all();
    world.join();
    let kit = save_kit(&mut world.devices[2]);
    let ids = [id(&mut world, 0), id(&mut world, 1)];
    part(&mut world, &[0, 1]);
    world.devices[0].ok(remove(ids[1], None));
    world.devices[1].ok(remove(ids[0], None));
    save(&mut world.devices[0], credential("By the first", "me", "x"));
    save(&mut world.devices[1], credential("By the second", "me", "x"));
    part(&mut world, &[]);
    world.devices[0].ok(Command::SyncNow);
    let vault = world.vault;
    sync_now_and_open(&mut world.devices[1], vault, PASSWORD);
    (world, kit, old_kit)
}

fn side(device: &mut TestDevice, keeps_this: bool) -> ForkSide {
    let fork = status(device).fork;
    assert_eq!(fork.len(), 2, "{fork:?}");
    fork.into_iter().find(|side| side.keeps_this == keeps_this).expect("one side keeps this device")
}

#[test]
fn ld06_two_devices_that_removed_each_other_wait_for_the_kit_and_nothing_is_lost_meanwhile() {
    let (mut world, _, old_kit) = mutual(53);
    let vault = world.vault;
    assert_eq!(status(&mut world.devices[1]).state, SyncState::SettleNeeded);
    let [mine, theirs] = [side(&mut world.devices[1], true), side(&mut world.devices[1], false)];
    let name = |world: &mut World, n: usize| devices(&mut world.devices[n]).into_iter().find(|device| device.is_this).unwrap().name;
    let names = [name(&mut world, 0), name(&mut world, 1)];
    assert_eq!((&mine.by, &mine.removes), (&vec![names[1].clone()], &vec![names[0].clone()]));
    assert_eq!((&theirs.by, &theirs.removes), (&vec![names[0].clone()], &vec![names[1].clone()]));
    // Local work goes on, also after the vault was locked.
    save(&mut world.devices[1], credential("Written meanwhile", "me", "x"));
    world.crash(1);
    world.devices[1].ok(Command::Unlock { vault, password: PASSWORD.into() });
    assert_eq!(titles(&mut world.devices[1]), ["By the second", "Mail", "Written meanwhile"]);
    assert_eq!(world.devices[1].fails(Command::SyncNow), Failure::SyncStopped);
    assert_eq!(status(&mut world.devices[1]).state, SyncState::SettleNeeded);
    // A kit that was not in force before the fork settles nothing.
    let kit = kit_input(&mut world.devices[1], &old_kit);
    assert_eq!(world.devices[1].fails(Command::Settle { stands: mine.entry, kit }), Failure::KitNotOfFork);
    assert!(server_log(&world).state().conflict().is_none(), "the server has heard of one side only");
}

#[test]
fn ld06_settled_for_this_device_sync_goes_on_and_the_other_is_told() {
    let (mut world, kit, _) = mutual(54);
    let mine = side(&mut world.devices[1], true);
    let kit = kit_input(&mut world.devices[1], &kit);
    world.devices[1].ok(Command::Settle { stands: mine.entry, kit });
    settle_down(&mut world, &[1, 2], PASSWORD);
    assert_eq!(status(&mut world.devices[1]).state, SyncState::UpToDate);
    assert!(status(&mut world.devices[1]).fork.is_empty());
    assert_eq!(titles(&mut world.devices[2]), ["By the second", "Mail"]);
    assert_eq!(world.devices[0].fails(Command::SyncNow), Failure::SyncStopped);
    assert_eq!(status(&mut world.devices[0]).state, SyncState::Removed);
    assert_eq!(titles(&mut world.devices[0]), ["By the first", "Mail"], "its work stays there");
}

#[test]
fn ld06_settled_for_the_other_device_this_one_is_removed_and_keeps_its_work() {
    let (mut world, kit, _) = mutual(55);
    let vault = world.vault;
    let theirs = side(&mut world.devices[1], false);
    let kit = kit_input(&mut world.devices[1], &kit);
    world.devices[1].ok(Command::Settle { stands: theirs.entry, kit });
    assert_eq!(status(&mut world.devices[1]).state, SyncState::Removed);
    assert_eq!(titles(&mut world.devices[1]), ["By the second", "Mail"]);
    world.crash(1);
    world.devices[1].ok(Command::Unlock { vault, password: PASSWORD.into() });
    assert_eq!(titles(&mut world.devices[1]), ["By the second", "Mail"]);
    settle_down(&mut world, &[0, 2], PASSWORD);
    assert_eq!(titles(&mut world.devices[2]), ["By the first", "Mail"]);
}

#[test]
fn a_device_let_in_while_the_password_changed_takes_a_new_place_with_all_its_work() {
    let (mut world, _) = real(56);
    let vault = world.vault;
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let kit = save_kit(&mut world.devices[0]);
    world.devices[0].ok(Command::SyncNow);
    part(&mut world, &[0]);
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: NEW_PASSWORD.into() });
    let second = world.add_device();
    crate::sync::join(&mut world.devices[second], kit.clone());
    save(&mut world.devices[second], credential("Sent in vain", "me", "x"));
    world.devices[second].ok(Command::SyncNow);
    part(&mut world, &[]);
    world.devices[0].ok(Command::SyncNow);
    assert_eq!(devices(&mut world.devices[0]).len(), 1, "the new device's place does not count");
    let item = save(&mut world.devices[second], credential("Never sent", "me", "y"));
    let source = world.devices[second].host().put_source(vec![7_u8; 5000]);
    world.devices[second].ok(Command::Attach { item, source, name: "file.bin".into(), media_type: String::new() });
    assert_eq!(world.devices[second].fails(Command::SyncNow), Failure::SyncStopped);
    assert_eq!(status(&mut world.devices[second]).state, SyncState::PlaceLost);
    assert_eq!(titles(&mut world.devices[second]), ["Mail", "Never sent", "Sent in vain"]);
    let wrong = Command::EnrolAgain { kit: kit_input(&mut world.devices[second], &kit), password: PASSWORD.into() };
    assert!(matches!(world.devices[second].fails(wrong), Failure::WrongPassword { .. }), "the former password is no way in");
    let again = Command::EnrolAgain { kit: kit_input(&mut world.devices[second], &kit), password: NEW_PASSWORD.into() };
    world.devices[second].ok(again);
    settle_down(&mut world, &[second, 0], NEW_PASSWORD);
    for n in [0, second] {
        assert_eq!(titles(&mut world.devices[n]), ["Mail", "Never sent", "Sent in vain"]);
        assert_eq!(devices(&mut world.devices[n]).len(), 2);
    }
    crate::sync::assert_sound(&mut world.devices[second]);
    world.crash(second);
    world.devices[second].ok(Command::Unlock { vault, password: NEW_PASSWORD.into() });
    assert_eq!(titles(&mut world.devices[second]), ["Mail", "Never sent", "Sent in vain"]);
    crate::sync::assert_sound(&mut world.devices[second]);
}

/// Moves the clocks of all devices.
fn days(world: &mut World, n: u64) {
    world.tick(n * 24 * 60 * 60 * 1000);
}

#[test]
fn a_log_left_after_an_old_copy_is_retired_and_purges_go_through() {
    let mut world = three(57);
    let vault = world.vault;
    let gone = save(&mut world.devices[0], credential("Gone", "me", "x"));
    world.sync_all();
    world.devices[0].ok(Command::Lock);
    let copy = world.copy_folder(0);
    world.devices[0].ok(Command::Unlock { vault, password: PASSWORD.into() });
    save(&mut world.devices[0], credential("After the copy", "me", "x"));
    sync(&mut world.devices[0], vault);
    world.devices[0].ok(Command::Lock);
    world.put_folder_back(0, copy);
    world.devices[0].ok(Command::Unlock { vault, password: PASSWORD.into() });
    save(&mut world.devices[0], credential("In the new log", "me", "x"));
    world.sync_all();
    world.assert_equal();
    let n_open = |world: &World| server_log(world).state().open_logs().count();
    assert_eq!(n_open(&world), 4, "the log that was left may have a living writer");
    world.devices[1].ok(Command::MarkItems { items: vec![gone], mark: Mark::Trashed(true) });
    world.devices[1].ok(Command::PurgeItems { items: vec![gone] });
    for _ in 0..3 {
        world.sync_all();
        world.sign_what_was_seen();
    }
    assert!(is_there(&mut world.devices[1], gone), "nobody signs for the log that was left");
    days(&mut world, 8);
    for _ in 0..3 {
        world.sync_all();
        world.sign_what_was_seen();
    }
    world.sync_all();
    assert_eq!(n_open(&world), 3);
    for n in 0..3 {
        assert!(!is_there(&mut world.devices[n], gone), "device {n}");
        assert_eq!(titles(&mut world.devices[n]), ["After the copy", "In the new log", "Mail"]);
        crate::sync::assert_sound(&mut world.devices[n]);
    }
    world.assert_equal();
}

fn is_there(device: &mut TestDevice, item: vault_protocol::ObjectId) -> bool {
    device.fails_with(Command::OpenItem { item }).is_none()
}

#[test]
fn a_copy_that_still_writes_the_retired_log_goes_on_in_one_of_its_own() {
    let mut world = three(58);
    let vault = world.vault;
    world.devices[0].ok(Command::Lock);
    let folder = world.copy_folder(0);
    let copy = world.start_copy(0, folder);
    world.devices[0].ok(Command::Unlock { vault, password: PASSWORD.into() });
    save(&mut world.devices[0], credential("By the first", "me", "x"));
    sync(&mut world.devices[0], vault);
    world.devices[copy].ok(Command::Unlock { vault, password: PASSWORD.into() });
    save(&mut world.devices[copy], credential("By the copy", "me", "y"));
    world.sync_all();
    // The first one is switched off, and wrote something before.
    part(&mut world, &[0]);
    save(&mut world.devices[0], credential("Unsent", "me", "z"));
    days(&mut world, 8);
    for n in [copy, 1, 2] {
        sync(&mut world.devices[n], vault);
    }
    part(&mut world, &[]);
    settle_down(&mut world, &[0, copy, 1, 2], PASSWORD);
    for n in 0..4 {
        assert_eq!(titles(&mut world.devices[n]), ["By the copy", "By the first", "Mail", "Unsent"], "device {n}");
        crate::sync::assert_sound(&mut world.devices[n]);
    }
    let n_control = server_log(&world).n_entries();
    days(&mut world, 8);
    settle_down(&mut world, &[0, copy, 1, 2], PASSWORD);
    assert_eq!(server_log(&world).n_entries(), n_control, "two copies that write do not retire each other");
}
