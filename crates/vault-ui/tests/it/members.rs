//! The devices of a vault as a person governs them: names, removal, and what two of them decided apart.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event, Failure,
    command::KitInput,
    members::{ForkSide, RemovalPlan},
    sync::{NetFailure, SyncState, SyncStatus},
};
use vault_protocol::{DeviceId, Hash};
use vault_ui::{
    l10n::Language,
    outbox::{FileUse, Go},
    theme::ThemeChoice,
};

use crate::{
    stage::{Window, go, send, shell, take, tree},
    support::{options, rows, settings, settle, status, world},
    sync::{kit_file, page, page_with, press, sync, type_into, vault_with, with},
};

const SIZE: [f32; 2] = [1040.0, 760.0];
const TALL: [f32; 2] = [1040.0, 1280.0];
const PHONE: [f32; 2] = [390.0, 844.0];
const PHONE_ID: DeviceId = DeviceId([2; 16]);
const PASSWORD: &str = "a long sentence of mine";

fn plan(needs_new_password: bool, replaces_kit: bool) -> RemovalPlan {
    RemovalPlan { device: PHONE_ID, needs_new_password, replaces_kit, unseen: Vec::new() }
}

/// Opens the menu of a device and takes one of its choices.
fn choose(h: &mut Window, device: &str, choice: &str) {
    h.get_by_label(&format!("More about {device}")).scroll_to_me();
    settle(h);
    press(h, &format!("More about {device}"));
    h.get_by_role_and_label(Role::MenuItem, choice).click();
    settle(h);
}

/// The dialog that removes the phone, asked for and planned.
fn removing(h: &mut Window, plan: RemovalPlan) {
    choose(h, "Phone", "Remove…");
    let pulled = world(h).request("sync now");
    send(h, Event::Done(pulled));
    let planned = world(h).request("plan removal");
    send(h, Event::RemovalPlanned(planned, plan));
    send(h, Event::Done(planned));
}

#[test]
fn a_device_is_renamed_from_its_menu() {
    let mut h = page(sync(SyncState::UpToDate));
    choose(&mut h, "Phone", "Rename…");
    assert!(h.get_by_role_and_label(Role::Button, "Rename").accesskit_node().is_disabled(), "nothing has changed yet");
    type_into(&mut h, Role::TextInput, "Name of the device", " of Mara");
    press(&mut h, "Rename");
    let sent = take(&mut h, |command| match command {
        Command::RenameDevice { device, name } => Some((*device, name.clone())),
        _ => None,
    });
    let (request, (device, name)) = sent.unwrap();
    assert_eq!((device, name.as_str()), (PHONE_ID, "Phone of Mara"));
    send(&mut h, Event::Failed(request, Failure::ReadOnly));
    h.get_by_label("This vault is open for reading only. Nothing was changed.");
    press(&mut h, "Rename");
    let request = world(&mut h).request("rename device");
    send(&mut h, Event::Done(request));
    assert!(h.query_by_label("Name of the device").is_none());
}

#[test]
fn this_device_can_not_be_removed_here() {
    let mut h = page(sync(SyncState::UpToDate));
    press(&mut h, "More about Laptop");
    h.get_by_role_and_label(Role::MenuItem, "Rename…");
    assert!(h.query_by_role_and_label(Role::MenuItem, "Remove…").is_none());
}

#[test]
fn a_removal_says_what_the_device_could_read_and_that_it_is_done() {
    let mut h = page(sync(SyncState::UpToDate));
    let mut planned = plan(false, false);
    planned.unseen = vec![rows()[0].id];
    removing(&mut h, planned);
    let text = tree(&h);
    assert!(text.contains("27 items, with their passwords and files") && text.contains("Backup server"), "{text}");
    assert!(h.get_by_role_and_label(Role::Button, "Remove").accesskit_node().is_disabled(), "the password comes first");
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Remove");
    let request = world(&mut h).request("remove device");
    send(&mut h, Event::Failed(request, Failure::WrongPassword { wait_ms: 0 }));
    h.get_by_label("That password does not open this vault.");
    press(&mut h, "Remove");
    let sent = take(&mut h, |command| match command {
        Command::RemoveDevice { device, password, new_password } => {
            Some((*device, password.expose().to_owned(), new_password.as_ref().map(|text| text.expose().to_owned())))
        }
        _ => None,
    });
    let (request, sent) = sent.unwrap();
    assert_eq!(sent, (PHONE_ID, PASSWORD.to_owned(), None));
    send(&mut h, Event::Done(request));
    let telling = world(&mut h).request("sync now");
    h.get_by_label("Telling the server.");
    send(&mut h, Event::Done(telling));
    h.get_by_label("Phone is removed");
    h.get_by_label("The server has heard of it. Nothing written from now on can be read by Phone.");
    assert!(!tree(&h).contains(PASSWORD));
    press(&mut h, "Close");
    assert!(h.query_by_label("Phone is removed").is_none());
}

#[test]
fn a_removal_without_network_holds_here_and_says_so() {
    let mut h = page(sync(SyncState::UpToDate));
    choose(&mut h, "Phone", "Remove…");
    let pulled = world(&mut h).request("sync now");
    send(&mut h, Event::Failed(pulled, Failure::Offline(NetFailure::Unreachable)));
    let planned = world(&mut h).request("plan removal");
    send(&mut h, Event::RemovalPlanned(planned, plan(false, true)));
    send(&mut h, Event::Done(planned));
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Remove");
    let request = world(&mut h).request("remove device");
    send(&mut h, Event::Done(request));
    let telling = world(&mut h).request("sync now");
    send(&mut h, Event::Failed(telling, Failure::Offline(NetFailure::Unreachable)));
    assert!(tree(&h).contains("It holds on this device. The server hears of it as soon as it can be reached"));
    press(&mut h, "Save kit");
    h.get_by_role_and_label(Role::PasswordInput, "Passphrase of the new kit");
}

#[test]
fn ld04_where_it_must_a_removal_asks_for_a_new_password() {
    let mut h = page(sync(SyncState::UpToDate));
    removing(&mut h, plan(true, false));
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    assert!(h.get_by_role_and_label(Role::Button, "Remove").accesskit_node().is_disabled());
    type_into(&mut h, Role::PasswordInput, "New master password", "another long sentence");
    type_into(&mut h, Role::PasswordInput, "New master password again", "another long sentence");
    press(&mut h, "Remove");
    let sent = take(&mut h, |command| match command {
        Command::RemoveDevice { new_password, .. } => Some(new_password.as_ref().map(|text| text.expose().to_owned())),
        _ => None,
    });
    assert_eq!(sent.unwrap().1.as_deref(), Some("another long sentence"));
}

fn apart() -> Box<SyncStatus> {
    Box::new(SyncStatus { unopened: vec!["Phone".to_owned()], ..*sync(SyncState::PasswordNeeded) })
}

fn fork() -> Box<SyncStatus> {
    let side = |n, by: &str, removes: &str| ForkSide {
        entry: Hash([n; 32]),
        by: vec![by.to_owned()],
        removes: vec![removes.to_owned()],
        keeps_this: n == 1,
    };
    let fork = vec![side(1, "Laptop", "Phone"), side(2, "Phone", "Laptop")];
    Box::new(SyncStatus { fork, ..*sync(SyncState::SettleNeeded) })
}

#[test]
fn a_banner_leads_to_the_dialog_that_joins_two_passwords() {
    let mut h = vault_with(SIZE, settings(), status(true), apart());
    go(&mut h, Go::Item(rows()[0].id));
    press(&mut h, "Join…");
    type_into(&mut h, Role::PasswordInput, "Master password on this device", PASSWORD);
    press(&mut h, "Join");
    let sent = take(&mut h, |command| match command {
        Command::JoinEpochs { password, other } => {
            Some((password.expose().to_owned(), other.as_ref().map(|text| text.expose().to_owned())))
        }
        _ => None,
    });
    let (request, sent) = sent.unwrap();
    assert_eq!(sent, (PASSWORD.to_owned(), None));
    send(&mut h, Event::Failed(request, Failure::OtherPasswordNeeded));
    h.get_by_label("The other device set another password. Type that one as well.");
    type_into(&mut h, Role::PasswordInput, "Master password that Phone set", "theirs");
    press(&mut h, "Join");
    let request = world(&mut h).request("join epochs");
    send(&mut h, Event::Done(request));
    assert_eq!(world(&mut h).count("sync now"), 1, "and they sync again");
    assert!(h.query_by_label("Master password that Phone set").is_none());
}

#[test]
fn ld06_the_kit_settles_for_the_side_that_was_chosen_by_name() {
    let mut h = page(fork());
    press(&mut h, "Settle…");
    shell(&mut h, kit_file(FileUse::SettleKit));
    type_into(&mut h, Role::PasswordInput, "Passphrase of the kit", "kit sentence");
    assert!(h.get_by_role_and_label(Role::Button, "Settle").accesskit_node().is_disabled(), "no side is chosen beforehand");
    h.get_by_role_and_label(Role::RadioButton, "Phone stays, and Laptop is removed").click();
    settle(&mut h);
    press(&mut h, "Settle");
    let sent = take(&mut h, |command| match command {
        Command::Settle { stands, kit: KitInput::File { source, .. } } => Some((*stands, source.0)),
        _ => None,
    });
    let (request, sent) = sent.unwrap();
    assert_eq!(sent, (Hash([2; 32]), 3));
    send(&mut h, Event::Failed(request, Failure::KitNotOfFork));
    h.get_by_label("This is not the recovery kit that was in force before the devices removed each other.");
}

#[test]
fn a_lost_place_is_taken_again_with_kit_and_password() {
    let mut h = page(sync(SyncState::PlaceLost));
    press(&mut h, "Take a new place…");
    shell(&mut h, kit_file(FileUse::PlaceKit));
    type_into(&mut h, Role::PasswordInput, "Passphrase of the kit", "kit sentence");
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Take a new place");
    let request = world(&mut h).request("enrol again");
    send(&mut h, Event::Done(request));
    assert!(h.query_by_role_and_label(Role::PasswordInput, "Master password").is_none());
}

#[test]
fn the_page_names_who_is_behind() {
    let mut some = sync(SyncState::UpToDate);
    some.agreement.n_agreed = 1_180;
    some.devices[2].n_behind = 24;
    let h = page(some);
    h.get_by_label("Tablet has not signed 24 changes yet.");
    assert!(h.query_by_label("Phone has not signed 24 changes yet.").is_none());
}

#[test]
fn picture_removal() {
    let mut h = page_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    removing(&mut h, plan(false, true));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("device-remove-light", &options());
}

#[test]
fn picture_removal_with_a_new_password_german() {
    let mut h = page_with(TALL, with(ThemeChoice::Dark, Language::De), status(true), sync(SyncState::UpToDate));
    press(&mut h, "Mehr zu Phone");
    h.get_by_role_and_label(Role::MenuItem, "Entfernen …").click();
    settle(&mut h);
    let pulled = world(&mut h).request("sync now");
    send(&mut h, Event::Done(pulled));
    let planned = world(&mut h).request("plan removal");
    send(&mut h, Event::RemovalPlanned(planned, plan(true, false)));
    send(&mut h, Event::Done(planned));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("device-remove-new-de-dark", &options());
}

#[test]
fn picture_phone_removed() {
    let mut h = page_with(PHONE, with(ThemeChoice::Light, Language::En), status(true), sync(SyncState::UpToDate));
    removing(&mut h, plan(false, true));
    h.get_by_role_and_label(Role::PasswordInput, "Master password").scroll_to_me();
    settle(&mut h);
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Remove");
    let request = world(&mut h).request("remove device");
    send(&mut h, Event::Done(request));
    let telling = world(&mut h).request("sync now");
    send(&mut h, Event::Done(telling));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("phone-device-removed-light", &options());
}

#[test]
fn picture_menu() {
    let mut h = page_with(TALL, settings(), status(true), sync(SyncState::UpToDate));
    press(&mut h, "More about Phone");
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("device-menu-light", &options());
}

#[test]
fn picture_settle() {
    let mut h = page_with(SIZE, with(ThemeChoice::Dark, Language::En), status(true), fork());
    press(&mut h, "Settle…");
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("settle-dark", &options());
}

#[test]
fn picture_join_epochs_german() {
    let mut h = page_with(SIZE, with(ThemeChoice::Light, Language::De), status(true), apart());
    press(&mut h, "Verbinden …");
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("join-epochs-de-light", &options());
}
