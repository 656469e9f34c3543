//! Sync as a person meets it: the page, the status bar, the overview, the toast, and a vault that comes from a server.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event, Failure, SourceId,
    command::KitInput,
    event::VaultStatus,
    sync::{Agreement, MergeSummary, NetFailure, SyncAlarm, SyncDevice, SyncStage, SyncState, SyncStatus},
};
use vault_protocol::{DeviceId, ObjectId};
use vault_ui::{
    Ask, DeviceSettings, ShellEvent,
    l10n::Language,
    outbox::{FileUse, Go, PickedFile, SettingsPage},
    platform::BrowserEngine,
    theme::ThemeChoice,
};

use crate::{
    browser::browser,
    stage::{Window, go, send, shell, take, take_asks, tree},
    support::{DAY_MS, NOW_MS, entry, item, open, options, rows, settings, settle, status, window, window_with, world},
};

const SIZE: [f32; 2] = [1040.0, 760.0];
const TALL: [f32; 2] = [1040.0, 1280.0];
const PHONE: [f32; 2] = [390.0, 844.0];
/// So high that nothing has to be scrolled to.
const LONG: [f32; 2] = [390.0, 2080.0];

const SERVER: &str = "https://vault.example.org";

fn device(n: u8, name: &str, ago_ms: u64) -> SyncDevice {
    let last_seen_ms = NOW_MS - ago_ms;
    SyncDevice { device: DeviceId([n; 16]), name: name.to_owned(), is_this: n == 1, last_seen_ms, is_silent: ago_ms > 30 * DAY_MS }
}

/// Three devices of which one is behind, all else in order.
pub(crate) fn sync(state: SyncState) -> Box<SyncStatus> {
    Box::new(SyncStatus {
        enabled: state != SyncState::Off,
        state,
        server: SERVER.to_owned(),
        registered: true,
        last_sync_ms: NOW_MS - 2 * 60_000,
        n_unpushed: 0,
        n_remote: 1_204,
        n_items: 28,
        devices: vec![device(1, "Laptop", 0), device(2, "Phone", 120_000), device(3, "Tablet", 3 * 3_600_000)],
        agreement: Agreement { n_devices: 3, n_agreed: 1_204, n_changes: 1_204 },
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

fn vault_with(size: [f32; 2], settings: DeviceSettings, status: VaultStatus, sync: Box<SyncStatus>) -> Window {
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

fn page_with(size: [f32; 2], settings: DeviceSettings, status: VaultStatus, sync: Box<SyncStatus>) -> Window {
    let mut h = vault_with(size, settings, status, sync);
    go(&mut h, Go::Settings(SettingsPage::Sync));
    world(&mut h).sent.clear();
    h
}

fn page(sync: Box<SyncStatus>) -> Window {
    page_with(TALL, settings(), status(true), sync)
}

fn with(theme: ThemeChoice, language: Language) -> DeviceSettings {
    DeviceSettings { theme, language: Some(language), ..settings() }
}

fn press(h: &mut Window, label: &str) {
    h.get_by_role_and_label(Role::Button, label).click();
    settle(h);
}

fn type_into(h: &mut Window, role: Role, label: &str, text: &str) {
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

fn kit_file(purpose: FileUse) -> ShellEvent {
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
    press(&mut h, "Set password");
    h.get_by_role_and_label(Role::PasswordInput, "New master password");
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

// ---- pictures

#[test]
fn picture_off() {
    let mut h = page_with(SIZE, settings(), status(true), off());
    h.remove_cursor();
    h.snapshot_options("sync-off-light", &options());
}

#[test]
fn picture_first() {
    let mut h = page_with([1040.0, 860.0], with(ThemeChoice::Dark, Language::De), status(false), off());
    h.remove_cursor();
    h.snapshot_options("sync-first-de-dark", &options());
}

#[test]
fn picture_on() {
    let mut some = sync(SyncState::UpToDate);
    some.devices[2] = device(3, "Tablet", 45 * DAY_MS);
    some.agreement.n_agreed = 1_180;
    let mut h = page_with(TALL, settings(), status(true), some);
    h.remove_cursor();
    h.snapshot_options("sync-on-light", &options());
}

#[test]
fn picture_running_german() {
    let running = SyncState::Running { stage: SyncStage::Pushing, done: 480, total: 1_204 };
    let mut h = page_with(TALL, with(ThemeChoice::Dark, Language::De), status(true), sync(running));
    h.remove_cursor();
    h.snapshot_options("sync-running-de-dark", &options());
}

#[test]
fn picture_alarm() {
    let mut h = page_with([1040.0, 1480.0], with(ThemeChoice::Dark, Language::En), status(true), rollback());
    h.remove_cursor();
    h.snapshot_options("sync-alarm-dark", &options());
}

#[test]
fn picture_delete() {
    let mut h = page_with(SIZE, settings(), status(true), sync(SyncState::UpToDate));
    h.get_by_label("Delete…").scroll_to_me();
    settle(&mut h);
    press(&mut h, "Delete…");
    h.remove_cursor();
    h.snapshot_options("sync-delete-light", &options());
}

#[test]
fn picture_phone_offline_german() {
    let mut h = page_with([390.0, 1480.0], with(ThemeChoice::Light, Language::De), status(true), offline());
    h.remove_cursor();
    h.snapshot_options("phone-sync-offline-de-light", &options());
}

#[test]
fn picture_phone_alarm() {
    let mut h = page_with(LONG, with(ThemeChoice::Dark, Language::De), status(true), rollback());
    h.remove_cursor();
    h.snapshot_options("phone-sync-alarm-de-dark", &options());
}

#[test]
fn picture_overview() {
    let mut h = vault_with([1320.0, 760.0], settings(), status(true), sync(SyncState::UpToDate));
    send(&mut h, Event::SyncMerged(MergeSummary { n_changed: 12, n_gone: 0, conflicts: vec![ObjectId([1; 16])] }));
    h.remove_cursor();
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
