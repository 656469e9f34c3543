//! Sync as a person meets it: the page, the status bar, the overview, the toast, and a vault that comes from a server.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event, Failure, SourceId,
    command::KitInput,
    event::{PastValue, VaultStatus},
    sync::{
        Agreement, MergeSummary, NetFailure, PairingFailure, PairingStep, PasswordLogin, Plan, SyncAlarm, SyncDevice, SyncStage, SyncState,
        SyncStatus,
    },
};
use vault_model::{FieldClass, FieldKey, SecretText};
use vault_protocol::{DeviceId, Dot, LogId, ObjectId};
use vault_ui::{
    Ask, DeviceSettings, ShellEvent,
    l10n::Language,
    outbox::{FileUse, Go, PickedFile, SettingsPage},
    platform::{BrowserEngine, Persistence, StandingBackup},
    theme::ThemeChoice,
};

use crate::{
    browser::{browser, storage},
    stage::{Window, go, send, shell, take, take_asks, tree},
    support::{DAY_MS, NOW_MS, entry, item, open, options, rows, settings, settle, status, window, window_with, world},
    touch::check,
};

const SIZE: [f32; 2] = [1040.0, 760.0];
const TALL: [f32; 2] = [1040.0, 1280.0];
const PHONE: [f32; 2] = [390.0, 844.0];
/// So high that nothing has to be scrolled to.
const LONG: [f32; 2] = [390.0, 2080.0];

const SERVER: &str = "https://vault.example.org";

pub(crate) fn device(n: u8, name: &str, ago_ms: u64) -> SyncDevice {
    let last_seen_ms = NOW_MS - ago_ms;
    let is_silent = ago_ms > 30 * DAY_MS;
    SyncDevice { device: DeviceId([n; 16]), name: name.to_owned(), is_this: n == 1, last_seen_ms, is_silent, n_behind: 0 }
}

/// Three devices of which one is behind, all else in order.
pub(crate) fn sync(state: SyncState) -> Box<SyncStatus> {
    Box::new(SyncStatus {
        enabled: state != SyncState::Off,
        state,
        server: SERVER.to_owned(),
        registered: true,
        last_sync_ms: NOW_MS - 2 * 60_000,
        plan: Plan::Unknown,
        password_login: PasswordLogin::Off,
        n_unpushed: 0,
        n_remote: 1_204,
        n_items: 28,
        devices: vec![device(1, "Laptop", 0), device(2, "Phone", 120_000), device(3, "Tablet", 3 * 3_600_000)],
        agreement: Agreement { n_devices: 3, n_agreed: 1_204, n_changes: 1_204 },
        fork: Vec::new(),
        unopened: Vec::new(),
        fingerprint: ["harvest", "lunar", "copper", "velvet", "anchor", "mosaic"].map(str::to_owned).to_vec(),
    })
}

/// Never switched on.
fn off() -> Box<SyncStatus> {
    let alone = Agreement { n_devices: 1, n_agreed: 12, n_changes: 12 };
    let devices = vec![device(1, "Laptop", 0)];
    Box::new(SyncStatus {
        server: String::new(),
        registered: false,
        last_sync_ms: 0,
        n_remote: 0,
        agreement: alone,
        devices,
        ..*sync(SyncState::Off)
    })
}

fn offline() -> Box<SyncStatus> {
    Box::new(SyncStatus { n_unpushed: 3, ..*sync(SyncState::Offline { retry_ms: NOW_MS + 240_000, why: NetFailure::Unreachable }) })
}

fn rollback() -> Box<SyncStatus> {
    sync(SyncState::Alarm(SyncAlarm::Rollback { device: "Phone".to_owned(), had: 412, has: 397 }))
}

pub(crate) fn vault_with(size: [f32; 2], settings: DeviceSettings, status: VaultStatus, sync: Box<SyncStatus>) -> Window {
    let touch = size[0] < 600.0;
    let mut h = window_with(size, settings, move |app| {
        if touch {
            app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
        }
        open(app, status, rows());
        app.apply(Event::SyncChanged(sync));
    });
    world(&mut h).answer_search();
    settle(&mut h);
    h
}

pub(crate) fn page_with(size: [f32; 2], settings: DeviceSettings, status: VaultStatus, sync: Box<SyncStatus>) -> Window {
    let mut h = vault_with(size, settings, status, sync);
    go(&mut h, Go::Settings(SettingsPage::Sync));
    world(&mut h).sent.clear();
    h
}

pub(crate) fn page(sync: Box<SyncStatus>) -> Window {
    page_with(TALL, settings(), status(true), sync)
}

pub(crate) fn with(theme: ThemeChoice, language: Language) -> DeviceSettings {
    DeviceSettings { theme, language: Some(language), ..settings() }
}

pub(crate) fn press(h: &mut Window, label: &str) {
    h.get_by_role_and_label(Role::Button, label).click();
    settle(h);
}

pub(crate) fn type_into(h: &mut Window, role: Role, label: &str, text: &str) {
    h.get_by_role_and_label(role, label).focus();
    settle(h);
    h.get_by_role_and_label(role, label).type_text(text);
    settle(h);
}

fn enabled_with(h: &mut Window) -> Option<String> {
    let sent = take(h, |command| match command {
        Command::SyncEnable { server } => Some(server.clone()),
        _ => None,
    });
    sent.map(|(_, server)| server)
}

pub(crate) fn kit_file(purpose: FileUse) -> ShellEvent {
    let file = PickedFile { source: SourceId(3), name: "Personal.nt2recovery".to_owned(), len_bytes: 9, media_type: String::new() };
    ShellEvent::FilesPicked { purpose, files: vec![file] }
}

#[test]
fn sync_is_turned_on_with_a_bare_name_and_taken_back_with_cancel() {
    let mut h = page(off());
    assert!(h.get_by_role_and_label(Role::Button, "Turn on sync").accesskit_node().is_disabled());
    type_into(&mut h, Role::TextInput, "Server address", "vault.example.org/");
    press(&mut h, "Turn on sync");
    let request = world(&mut h).request("enable sync");
    assert_eq!(enabled_with(&mut h).as_deref(), Some(SERVER));
    let running = SyncState::Running { stage: SyncStage::Pushing, done: 120, total: 1_204 };
    send(&mut h, Event::SyncChanged(Box::new(SyncStatus { registered: false, ..*sync(running) })));
    h.get_by_label("Sending changes · 120 of 1\u{202f}204");
    h.get_by_role(Role::ProgressIndicator);
    press(&mut h, "Cancel");
    assert_eq!(world(&mut h).count("disable sync"), 1);
    send(&mut h, Event::Failed(request, Failure::Cancelled));
    send(&mut h, Event::SyncChanged(off()));
    h.get_by_role_and_label(Role::Button, "Turn on sync");
}

#[test]
fn a_wrong_address_is_said_below_it_and_stays() {
    let mut h = page(off());
    type_into(&mut h, Role::TextInput, "Server address", "ftp://somewhere");
    press(&mut h, "Turn on sync");
    let request = world(&mut h).request("enable sync");
    send(&mut h, Event::Failed(request, Failure::BadServer));
    h.get_by_label("That is not the address of a server. It looks like https://vault.example.org");
    assert!(tree(&h).contains("ftp://somewhere"));
}

#[test]
fn password_and_kit_come_first() {
    let mut h = page_with(TALL, settings(), status(false), off());
    type_into(&mut h, Role::TextInput, "Server address", "vault.example.org");
    assert!(h.get_by_role_and_label(Role::Button, "Turn on sync").accesskit_node().is_disabled());
    press(&mut h, "Save kit");
    h.get_by_role_and_label(Role::PasswordInput, "Passphrase of the new kit");
    let mut h = page_with(TALL, settings(), status(false), off());
    press(&mut h, "Set password");
    h.get_by_role_and_label(Role::PasswordInput, "New master password");
}

#[test]
fn the_page_says_that_all_agree_and_who_is_silent() {
    let mut status = sync(SyncState::UpToDate);
    status.devices[2] = device(3, "Tablet", 45 * DAY_MS);
    let mut h = page(status);
    h.get_by_label("All 3 devices agree up to change 1\u{202f}204");
    h.get_by_label("Six words: harvest lunar copper velvet anchor mosaic");
    h.get_by_label("Silent");
    press(&mut h, "Copy words");
    assert!(take_asks(&mut h).contains(&Ask::CopyPublic("harvest lunar copper velvet anchor mosaic".to_owned())));
    press(&mut h, "Sync now");
    assert_eq!(world(&mut h).count("sync now"), 1);
}

#[test]
fn every_state_names_itself_on_the_page() {
    let mut h = page(sync(SyncState::UpToDate));
    for (state, title) in [
        (SyncState::Busy { retry_ms: NOW_MS + 5_000 }, "vault.example.org asks for patience"),
        (SyncState::PaymentRequired, "vault.example.org takes no new changes without a subscription"),
        (SyncState::NotAccepted, "vault.example.org does not accept this device"),
        (SyncState::SettleNeeded, "Two devices removed each other"),
        (SyncState::NeedsUpdate, "This version is too old for sync"),
        (SyncState::CannotFill, "This device can't be the first to fill the server"),
        (SyncState::Failed(Failure::DiskFull), "Sync has stopped on this device"),
    ] {
        send(&mut h, Event::SyncChanged(sync(state)));
        h.get_by_label(title);
    }
    send(&mut h, Event::SyncChanged(sync(SyncState::PasswordNeeded)));
    press(&mut h, "Join…");
    h.get_by_role_and_label(Role::PasswordInput, "Master password on this device");
}

#[test]
fn a_vault_that_the_server_lost_can_be_handed_over_again() {
    let gone = SyncStatus { enabled: false, registered: false, ..*sync(SyncState::NotRegistered) };
    let mut h = page(Box::new(gone));
    assert!(tree(&h).contains("vault.example.org does not have this vault"));
    press(&mut h, "Turn on sync");
    assert_eq!(enabled_with(&mut h).as_deref(), Some(SERVER), "the address is still there");
}

#[test]
fn turning_off_asks_and_says_that_the_server_keeps_its_copy() {
    let mut h = page(sync(SyncState::UpToDate));
    press(&mut h, "Turn off…");
    assert!(tree(&h).contains("vault.example.org keeps its copy"));
    press(&mut h, "Keep it on");
    assert_eq!(world(&mut h).count("disable sync"), 0);
    press(&mut h, "Turn off…");
    press(&mut h, "Turn off");
    assert_eq!(world(&mut h).count("disable sync"), 1);
}

#[test]
fn the_servers_copy_goes_only_with_the_kit() {
    let mut h = page(sync(SyncState::UpToDate));
    press(&mut h, "Delete…");
    assert!(h.get_by_role_and_label(Role::Button, "Delete the copy").accesskit_node().is_disabled());
    shell(&mut h, kit_file(FileUse::DeleteKit));
    type_into(&mut h, Role::PasswordInput, "Passphrase of the kit", "kit sentence");
    press(&mut h, "Delete the copy");
    let request = world(&mut h).request("delete cloud replica");
    let kit = take(&mut h, |command| match command {
        Command::DeleteReplica { kit: KitInput::File { source, passphrase } } => {
            Some((*source, passphrase.as_ref().map(|text| text.expose().to_owned())))
        }
        _ => None,
    });
    assert_eq!(kit.map(|(_, kit)| kit), Some((SourceId(3), Some("kit sentence".to_owned()))));
    send(&mut h, Event::Failed(request, Failure::KitReplaced));
    h.get_by_label("This recovery kit was replaced by a newer one.");
    assert!(!tree(&h).contains("kit sentence"));
    type_into(&mut h, Role::PasswordInput, "Passphrase of the kit", "kit sentence");
    press(&mut h, "Delete the copy");
    let request = world(&mut h).request("delete cloud replica");
    send(&mut h, Event::SyncChanged(off()));
    send(&mut h, Event::Done(request));
    assert!(h.query_by_label("Delete the copy").is_none());
    assert!(world(&mut h).app.toasts.shows("has deleted its copy"));
}

#[test]
fn an_alarm_says_what_the_server_did_and_offers_three_ways() {
    let mut h = page(rollback());
    let text = tree(&h);
    assert!(text.contains("of Phone it had change 412 and now ends at 397. Nothing of it was applied."), "{text}");
    press(&mut h, "Ask again");
    assert_eq!(world(&mut h).count("sync now"), 1);
    press(&mut h, "Other server…");
    type_into(&mut h, Role::TextInput, "Server address", "https://other.example");
    press(&mut h, "Use this server");
    assert_eq!(enabled_with(&mut h).as_deref(), Some("https://other.example"));
    let request = world(&mut h).app.state.requests.keys().next_back().copied().unwrap();
    send(&mut h, Event::Failed(request, Failure::Cancelled));
    press(&mut h, "Begin anew…");
    press(&mut h, "Leave it stopped");
    assert_eq!(enabled_with(&mut h), None);
    press(&mut h, "Begin anew…");
    press(&mut h, "Begin anew");
    assert_eq!(enabled_with(&mut h).as_deref(), Some(SERVER));
}

#[test]
fn what_is_signed_wrong_can_not_be_taken_as_a_beginning() {
    for alarm in [SyncAlarm::Altered, SyncAlarm::Fork { device: "Phone".to_owned(), change: 9 }, SyncAlarm::OtherVault, SyncAlarm::Nonsense]
    {
        let h = page(sync(SyncState::Alarm(alarm)));
        assert!(h.query_by_label("Begin anew…").is_none());
        h.get_by_label("Use another server");
    }
}

#[test]
fn an_alarm_stands_above_every_other_pane_too() {
    let mut h = vault_with(SIZE, settings(), status(true), rollback());
    let github = rows().remove(0);
    go(&mut h, Go::Item(github.id));
    send(&mut h, Event::Item(item(&github)));
    h.get_by_role_and_label(Role::Alert, "Sync has stopped: the server does not show what it should");
    press(&mut h, "Look");
    h.get_by_label("Compare the six words");
}

#[test]
fn the_status_bar_says_how_old_the_last_exchange_is_and_leads_to_the_page() {
    let mut h = vault_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    h.get_by_role_and_label(Role::Button, "Synced 2 minutes ago");
    world(&mut h).now_ms = NOW_MS + 60_000;
    settle(&mut h);
    h.get_by_role_and_label(Role::Button, "Synced 3 minutes ago");
    send(&mut h, Event::SyncChanged(offline()));
    press(&mut h, "Offline · 3 changes wait");
    h.get_by_label("vault.example.org can't be reached");
}

#[test]
fn without_sync_the_status_bar_says_nothing_of_it() {
    let h = vault_with(SIZE, settings(), status(true), off());
    assert!(h.query_by_role_and_label(Role::Button, "Sync is off").is_none());
}

#[test]
fn a_merge_is_said_without_taking_the_keyboard_and_leads_to_what_needs_a_decision() {
    let mut h = vault_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    go(&mut h, Go::New("credential".to_owned()));
    type_into(&mut h, Role::TextInput, "Title", "Allot");
    let focused = h.ctx.memory(|memory| memory.focused());
    let conflicts = vec![rows()[0].id, rows()[1].id];
    send(&mut h, Event::SyncMerged(MergeSummary { n_changed: 12, n_gone: 0, conflicts }));
    h.get_by_label("12 items changed on other devices. 2 need your decision.");
    assert_eq!(h.ctx.memory(|memory| memory.focused()), focused, "typing goes on");
    h.event(egui::Event::Text("ment".to_owned()));
    settle(&mut h);
    assert!(tree(&h).contains("Allotment"));
    press(&mut h, "Show");
    assert_eq!(world(&mut h).app.forms.list.scope, vault_engine::command::Scope::Conflicts);
    assert!(tree(&h).contains("Allotment"), "the editor stays as it is");
}

#[test]
fn nothing_new_is_no_news() {
    let mut h = vault_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    send(&mut h, Event::SyncMerged(MergeSummary::default()));
    assert!(h.query_by_role(Role::Status).is_none());
}

#[test]
fn a_vault_is_fetched_with_a_kit_file() {
    let mut h = window([1040.0, 1200.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    press(&mut h, "I have this vault on another device");
    h.get_by_role_and_label(Role::RadioButton, "Recovery kit").click();
    settle(&mut h);
    type_into(&mut h, Role::TextInput, "Server address", "vault.example.org");
    shell(&mut h, kit_file(FileUse::JoinKit));
    type_into(&mut h, Role::PasswordInput, "Passphrase of the kit", "kit sentence");
    assert!(h.get_by_role_and_label(Role::Button, "Bring vault here").accesskit_node().is_disabled());
    type_into(&mut h, Role::PasswordInput, "Master password", "a long sentence of mine");
    press(&mut h, "Bring vault here");
    let request = world(&mut h).request("join with kit");
    let sent = take(&mut h, |command| match command {
        Command::JoinWithKit { server, did: None, name, kit: KitInput::File { .. }, password } => {
            Some((server.clone(), name.clone(), password.expose().to_owned()))
        }
        _ => None,
    });
    let wanted = (SERVER.to_owned(), "Personal".to_owned(), "a long sentence of mine".to_owned());
    assert_eq!(sent.map(|(_, sent)| sent), Some(wanted));
    send(&mut h, Event::Failed(request, Failure::NotAccepted));
    h.get_by_label("This server has no such vault, or the kit was replaced since. Check the address and take the newest kit.");
}

#[test]
fn with_words_the_public_name_is_asked_for() {
    let mut h = window([1040.0, 1200.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Work", true)])));
    h.get_by_label("Other vault").click();
    settle(&mut h);
    press(&mut h, "From another device");
    h.get_by_role_and_label(Role::RadioButton, "Recovery kit").click();
    settle(&mut h);
    type_into(&mut h, Role::TextInput, "Server address", SERVER);
    h.get_by_role_and_label(Role::RadioButton, "24 words").click();
    settle(&mut h);
    let words = vec!["zoo"; 24].join(" ");
    type_into(&mut h, Role::PasswordInput, "Words of the kit", &words);
    type_into(&mut h, Role::PasswordInput, "Master password", "a long sentence of mine");
    assert!(h.get_by_role_and_label(Role::Button, "Bring vault here").accesskit_node().is_disabled());
    type_into(&mut h, Role::TextInput, "Public name of the vault", "did:key:z6Mk");
    press(&mut h, "Bring vault here");
    let did = take(&mut h, |command| match command {
        Command::JoinWithKit { did, kit: KitInput::Words(words), .. } => Some((did.clone(), words.expose().split(' ').count())),
        _ => None,
    });
    assert_eq!(did.map(|(_, did)| did), Some((Some("did:key:z6Mk".to_owned()), 24)));
    world(&mut h).now_ms = NOW_MS + 400;
    settle(&mut h);
    press(&mut h, "Cancel");
    assert_eq!(world(&mut h).count("cancel"), 1);
}

#[test]
fn the_screens_have_addresses() {
    let mut h = page(off());
    assert_eq!(world(&mut h).app.route(), "#/settings/vault/sync");
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    shell(&mut h, ShellEvent::Route("#/join".to_owned()));
    h.get_by_label("Bring your vault here");
    assert_eq!(world(&mut h).app.route(), "#/join");
}

fn code() -> PairingStep {
    PairingStep::Code { code: SecretText::new("K7QF-2M9X-ADT4-WPRE".to_owned()), server: SERVER.to_owned(), expires_ms: NOW_MS + 270_000 }
}

fn compare(device: &str) -> PairingStep {
    PairingStep::Compare { code: "4KX7".to_owned(), device: device.to_owned() }
}

/// The dialog that adds a device, with its code; the request that made it.
fn adding(h: &mut Window) -> vault_engine::RequestId {
    press(h, "Add…");
    let request = world(h).request("pair: make a code");
    send(h, Event::Pairing(request, code()));
    request
}

#[test]
fn a_device_is_added_by_a_code_four_characters_and_the_password() {
    let mut h = page(sync(SyncState::UpToDate));
    let host = adding(&mut h);
    h.get_by_label("Code: K7QF-2M9X-ADT4-WPRE");
    h.get_by_label("Good for one device and for 5 min. Read it out or show it; do not send it.");
    send(&mut h, Event::Pairing(host, compare("Phone")));
    h.get_by_label("Four characters: 4KX7");
    assert!(!tree(&h).contains("K7QF"), "the code is gone");
    type_into(&mut h, Role::PasswordInput, "Master password", "wrong");
    press(&mut h, "They are equal, let it in");
    let request = world(&mut h).request("pair: confirm");
    send(&mut h, Event::Failed(request, Failure::WrongPassword { wait_ms: 0 }));
    h.get_by_label("That password does not open this vault.");
    type_into(&mut h, Role::PasswordInput, "Master password", "a long sentence of mine");
    press(&mut h, "They are equal, let it in");
    let (request, password) = take(&mut h, |command| match command {
        Command::PairConfirm { password } => Some(password.expose().to_owned()),
        _ => None,
    })
    .unwrap();
    assert_eq!(password, "a long sentence of mine");
    send(&mut h, Event::Pairing(host, PairingStep::Done { device: "Phone".to_owned() }));
    send(&mut h, Event::Done(host));
    send(&mut h, Event::Done(request));
    assert!(world(&mut h).app.toasts.shows("Phone is now one of your devices."));
    assert!(h.query_by_label("Four characters: 4KX7").is_none());
}

#[test]
fn a_code_that_is_not_wanted_any_more_is_void() {
    let mut h = page(sync(SyncState::UpToDate));
    let host = adding(&mut h);
    press(&mut h, "Cancel");
    let cancelled = take(&mut h, |command| matches!(command, Command::Cancel(request) if *request == host).then_some(()));
    assert!(cancelled.is_some());
    let host = adding(&mut h);
    send(&mut h, Event::Pairing(host, compare("")));
    press(&mut h, "They differ, stop");
    let cancelled = take(&mut h, |command| matches!(command, Command::Cancel(request) if *request == host).then_some(()));
    assert!(cancelled.is_some());
}

#[test]
fn after_a_code_ran_out_a_new_one_is_a_press_away() {
    let mut h = page(sync(SyncState::UpToDate));
    let host = adding(&mut h);
    send(&mut h, Event::Failed(host, Failure::Pairing(PairingFailure::TimedOut)));
    h.get_by_label("The other device did not answer in time, and the code is void. Make a new one.");
    press(&mut h, "New code");
    assert_eq!(world(&mut h).count("pair: make a code"), 2);
}

#[test]
fn the_new_device_types_the_code_compares_and_opens() {
    let mut h = window([1040.0, 1000.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    press(&mut h, "I have this vault on another device");
    type_into(&mut h, Role::TextInput, "Server address", "vault.example.org");
    type_into(&mut h, Role::PasswordInput, "Code", "k7qf2m9xadt4wpre");
    assert!(!tree(&h).contains("k7qf"), "what is typed stays out of the tree");
    press(&mut h, "Continue");
    let join = world(&mut h).request("pair: join");
    let sent = take(&mut h, |command| match command {
        Command::PairJoin { server, code, name } => Some((server.clone(), code.expose().to_owned(), name.clone())),
        _ => None,
    });
    assert_eq!(sent.map(|(_, sent)| sent), Some((SERVER.to_owned(), "k7qf2m9xadt4wpre".to_owned(), "Personal".to_owned())));
    send(&mut h, Event::Pairing(join, compare("")));
    h.get_by_label("Four characters: 4KX7");
    send(&mut h, Event::Pairing(join, PairingStep::PasswordNeeded));
    type_into(&mut h, Role::PasswordInput, "Master password", "wrong");
    press(&mut h, "Open vault");
    let finish = world(&mut h).request("pair: finish");
    send(&mut h, Event::Failed(finish, Failure::WrongPassword { wait_ms: 0 }));
    h.get_by_label("That password does not open this vault.");
    type_into(&mut h, Role::PasswordInput, "Master password", "a long sentence of mine");
    press(&mut h, "Open vault");
    let finish = world(&mut h).request("pair: finish");
    send(&mut h, Event::Done(join));
    h.get_by_label("This device is let in");
    world(&mut h).now_ms = NOW_MS + 400;
    settle(&mut h);
    h.get_by_role(Role::ProgressIndicator);
    open(&mut world(&mut h).app, status(true), rows());
    send(&mut h, Event::Done(finish));
    h.get_by_label("In good order");
}

/// The command with which the new device joins.
fn joins_with(h: &mut Window) -> Option<(String, String)> {
    let sent = take(h, |command| match command {
        Command::PairJoin { server, code, .. } => Some((server.clone(), code.expose().to_owned())),
        _ => None,
    });
    sent.map(|(_, sent)| sent)
}

#[test]
fn mf10_a_scanned_link_fills_the_form_and_does_nothing_more() {
    let mut h = window([1040.0, 1000.0], ThemeChoice::Light, |app| {
        app.apply_shell(ShellEvent::ServerOffered(SERVER.to_owned()));
        app.apply_shell(ShellEvent::Route("#/join/K7QF-2M9X-ADT4-WPRE".to_owned()));
        app.apply(Event::Vaults(Vec::new()));
    });
    settle(&mut h);
    assert_eq!(world(&mut h).app.route(), "#/join", "the code does not stay in the address");
    assert_eq!(world(&mut h).count("pair: join"), 0, "nothing happens by itself");
    press(&mut h, "Continue");
    assert_eq!(joins_with(&mut h), Some((SERVER.to_owned(), "K7QF-2M9X-ADT4-WPRE".to_owned())));
}

#[test]
fn a_pasted_link_becomes_address_and_code() {
    let mut h = window([1040.0, 1000.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    press(&mut h, "I have this vault on another device");
    type_into(&mut h, Role::PasswordInput, "Code", "https://vault.example.org/#/join/K7QF-2M9X-ADT4-WPRE");
    press(&mut h, "Continue");
    assert_eq!(joins_with(&mut h), Some((SERVER.to_owned(), "K7QF-2M9X-ADT4-WPRE".to_owned())));
}

#[test]
fn a_wrong_code_is_said_where_it_was_typed() {
    let mut h = window([1040.0, 1000.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    shell(&mut h, ShellEvent::Route("#/join".to_owned()));
    type_into(&mut h, Role::TextInput, "Server address", "vault.example.org");
    type_into(&mut h, Role::PasswordInput, "Code", "nonsense");
    press(&mut h, "Continue");
    let join = world(&mut h).request("pair: join");
    send(&mut h, Event::Failed(join, Failure::Pairing(PairingFailure::NotACode)));
    h.get_by_label("That is not a code: it has sixteen letters and digits.");
}

/// An item that two devices changed in two parts, and the values of the first.
fn conflicting(settings: DeviceSettings) -> (Window, Vec<Dot>) {
    let [name, url] = ["username", "url"].map(|id| FieldKey::element(FieldClass::Field, id.as_bytes()));
    let mut h = vault_with(SIZE, settings, status(true), sync(SyncState::UpToDate));
    let github = rows().remove(0);
    let mut view = item(&github);
    view.conflicts = vec![name.clone(), url];
    go(&mut h, Go::Item(github.id));
    world(&mut h).sent.clear();
    send(&mut h, Event::Item(view));
    let request = world(&mut h).request("history");
    let dots: Vec<Dot> = (1..=2).map(|seq| Dot { log: LogId([1; 16]), seq, op: 0 }).collect();
    let value = |at: usize, device: &str, shown: &str| PastValue {
        dot: dots[at],
        key: name.clone(),
        wall_ms: NOW_MS - 60_000 * (at as u64 + 1),
        device: device.to_owned(),
        shown: Some(shown.to_owned()),
        current: true,
        absent: false,
    };
    send(&mut h, Event::History(request, vec![value(0, "Phone", "mara"), value(1, "Laptop", "mara.lind")]));
    press(&mut h, "Choose");
    (h, dots)
}

#[test]
fn a_choice_can_be_changed_from_its_toast_and_the_next_part_follows() {
    let (mut h, dots) = conflicting(settings());
    h.get_by_label("1 of 2");
    h.get_all_by_label("Use this value").next().unwrap().click();
    settle(&mut h);
    assert!(h.get_all_by_label("Use this value").all(|node| node.accesskit_node().is_disabled()), "once is enough");
    h.get_by_label("User name of GitHub is now the one from Phone. The rest is in the history.");
    let github = rows().remove(0);
    let mut view = item(&github);
    view.conflicts = vec![FieldKey::element(FieldClass::Field, "url".as_bytes())];
    send(&mut h, Event::Item(view));
    h.get_by_label("2 of 2");
    press(&mut h, "Decide later");
    press(&mut h, "Take the other");
    let taken = take(&mut h, |command| match command {
        Command::RestorePast { dot, .. } => Some(*dot),
        _ => None,
    });
    assert_eq!(taken.map(|(_, dot)| dot), Some(dots[1]));
}

#[test]
fn fingers_hit_everything_of_sync() {
    for language in Language::ALL {
        let chosen = || with(ThemeChoice::Light, language);
        for (name, sync) in [("on", sync(SyncState::UpToDate)), ("off", off()), ("offline", offline()), ("alarm", rollback())] {
            let h = page_with(LONG, chosen(), status(name != "off"), sync);
            check(&h, name);
        }
        let mut h = page_with(LONG, chosen(), status(true), sync(SyncState::UpToDate));
        go(&mut h, Go::Overview);
        check(&h, "overview with sync");
        go(&mut h, Go::Settings(SettingsPage::Sync));
        let add = if language == Language::De { "Hinzufügen …" } else { "Add…" };
        press(&mut h, add);
        let host = world(&mut h).request("pair: make a code");
        send(&mut h, Event::Pairing(host, code()));
        check(&h, "code");
        send(&mut h, Event::Pairing(host, compare("Phone")));
        check(&h, "compare");
        let mut h = window_with(LONG, chosen(), |app| {
            app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
            app.apply(Event::Vaults(Vec::new()));
        });
        shell(&mut h, ShellEvent::Route("#/join".to_owned()));
        check(&h, "join by code");
        let kit = if language == Language::De { "Notfallkit" } else { "Recovery kit" };
        h.get_by_role_and_label(Role::RadioButton, kit).click();
        settle(&mut h);
        check(&h, "join by kit");
    }
}

#[test]
fn tab_alone_reaches_every_control_of_the_page() {
    let mut h = page(rollback());
    let mut wanted: Vec<&str> = vec!["Ask again", "Other server…", "Begin anew…", "Copy words", "Turn off…", "Delete…"];
    for _ in 0..120 {
        h.key_press(egui::Key::Tab);
        h.run_steps(1);
        let focused = h.ctx.memory(|memory| memory.focused());
        if focused.is_none() {
            continue;
        }
        wanted.retain(|label| !h.get_by_role_and_label(Role::Button, label).accesskit_node().is_focused());
    }
    assert!(wanted.is_empty(), "out of reach: {wanted:?}");
}

#[test]
fn where_the_status_bar_is_narrow_what_is_in_order_shrinks_and_what_is_not_stays() {
    let words = |h: &Window, label: &str| h.get_by_role_and_label(Role::Button, label).rect();
    let german = with(ThemeChoice::Light, Language::De);
    let mut h = vault_with([620.0, 640.0], german, status(true), rollback());
    shell(&mut h, ShellEvent::Platform(browser(BrowserEngine::Firefox, false)));
    shell(&mut h, ShellEvent::Storage(storage(Persistence::Refused, StandingBackup::Unavailable)));
    let (alarm, backup) = (words(&h, "Abgleich: Alarm"), words(&h, "Gesichert vor 3 Tagen, seither 12 Änderungen"));
    let timer = words(&h, "Sperrt in 5 min");
    assert!(alarm.width() > 80.0 && backup.width() < 24.0, "{alarm:?} {backup:?}");
    assert!(backup.right() < timer.left());
    h.snapshot_options("status-narrow-de-light", &options());
}

// ---- pictures

#[test]
fn picture_conflict() {
    let (mut h, _) = conflicting(with(ThemeChoice::Dark, Language::En));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-conflict-dark", &options());
}

#[test]
fn picture_code() {
    let mut h = page_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    h.get_by_label("Add…").scroll_to_me();
    settle(&mut h);
    adding(&mut h);
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-code-light", &options());
}

#[test]
fn picture_phone_compare_german() {
    let mut h = page_with(PHONE, with(ThemeChoice::Dark, Language::De), status(true), sync(SyncState::UpToDate));
    h.get_by_label("Hinzufügen …").scroll_to_me();
    settle(&mut h);
    press(&mut h, "Hinzufügen …");
    let host = world(&mut h).request("pair: make a code");
    send(&mut h, Event::Pairing(host, compare("Telefon")));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("phone-sync-compare-de-dark", &options());
}

#[test]
fn picture_off() {
    let mut h = page_with(SIZE, settings(), status(true), off());
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-off-light", &options());
}

#[test]
fn picture_first() {
    let mut h = page_with([1040.0, 860.0], with(ThemeChoice::Dark, Language::De), status(false), off());
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-first-de-dark", &options());
}

#[test]
fn picture_on() {
    let mut some = sync(SyncState::UpToDate);
    some.devices[2] = device(3, "Tablet", 45 * DAY_MS);
    some.agreement.n_agreed = 1_180;
    some.devices[1].n_behind = 3;
    some.devices[2].n_behind = 24;
    let mut h = page_with(TALL, settings(), status(true), some);
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-on-light", &options());
}

#[test]
fn picture_running_german() {
    let running = SyncState::Running { stage: SyncStage::Pushing, done: 480, total: 1_204 };
    let mut h = page_with(TALL, with(ThemeChoice::Dark, Language::De), status(true), sync(running));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-running-de-dark", &options());
}

#[test]
fn picture_alarm() {
    let mut h = page_with([1040.0, 1480.0], with(ThemeChoice::Dark, Language::En), status(true), rollback());
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-alarm-dark", &options());
}

#[test]
fn picture_delete() {
    let mut h = page_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    h.get_by_label("Delete…").scroll_to_me();
    settle(&mut h);
    press(&mut h, "Delete…");
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("sync-delete-light", &options());
}

#[test]
fn picture_phone_offline_german() {
    let mut h = page_with([390.0, 1480.0], with(ThemeChoice::Light, Language::De), status(true), offline());
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("phone-sync-offline-de-light", &options());
}

#[test]
fn picture_phone_alarm() {
    let mut h = page_with(LONG, with(ThemeChoice::Dark, Language::De), status(true), rollback());
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("phone-sync-alarm-de-dark", &options());
}

#[test]
fn picture_overview() {
    let mut h = vault_with([1320.0, 760.0], settings(), status(true), sync(SyncState::UpToDate));
    send(&mut h, Event::SyncMerged(MergeSummary { n_changed: 12, n_gone: 0, conflicts: vec![ObjectId([1; 16])] }));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("overview-sync-light", &options());
}

#[test]
fn picture_join() {
    let mut h = window([1040.0, 900.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    shell(&mut h, ShellEvent::Route("#/join".to_owned()));
    h.snapshot_options("join-light", &options());
}

#[test]
fn picture_phone_join_german() {
    let mut h = window_with(PHONE, with(ThemeChoice::Dark, Language::De), |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
        app.apply(Event::Vaults(Vec::new()));
    });
    shell(&mut h, ShellEvent::Route("#/join".to_owned()));
    h.snapshot_options("phone-join-de-dark", &options());
}
