//! What differs in a browser: durability, tabs, addresses, versions, keys, words.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event,
    event::{ClipboardEnd, LockReason},
};
use vault_ui::{
    Ask, DeviceSettings, Platform, ShellEvent,
    actions::Action,
    app::Pane,
    outbox::{Go, SettingsPage},
    platform::{Browser, BrowserEngine, Persistence, Place, StandingBackup, Storage},
    theme::ThemeChoice,
};

use crate::{
    stage::{Window, go, send, shell, take_asks},
    support::{DAY_MS, NOW_MS, entry, item, open, open_window, options, rows, settings, settle, status, window, window_with, world},
};

const SIZE: [f32; 2] = [1040.0, 760.0];
const MINUTE_MS: u64 = 60_000;

pub(crate) fn browser(engine: BrowserEngine, touch: bool) -> Platform {
    Platform::Browser(Browser { engine, touch, installed: false, file_pickers: engine == BrowserEngine::Chromium })
}

pub(crate) fn storage(persistence: Persistence, standing_backup: StandingBackup) -> Storage {
    Storage { persistence, usage_bytes: Some(12_400_000), quota_bytes: Some(2_100_000_000), standing_backup }
}

fn tab(settings: DeviceSettings, storage: Storage) -> Window {
    tab_of(SIZE, settings, storage)
}

fn tab_of(size: [f32; 2], settings: DeviceSettings, storage: Storage) -> Window {
    let mut h = window_with(size, settings, move |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Chromium, false)));
        app.apply_shell(ShellEvent::Storage(storage));
        open(app, status(true), rows());
    });
    world(&mut h).answer_search();
    settle(&mut h);
    h
}

fn plain_tab() -> Window {
    tab(settings(), storage(Persistence::Persisted, StandingBackup::Off))
}

#[test]
fn a_browser_that_may_delete_the_vault_says_so_and_a_backup_is_one_click_away() {
    let mut h = tab(settings(), storage(Persistence::Refused, StandingBackup::Off));
    assert!(h.query_by_label("This browser may delete this vault").is_some());
    h.get_by_label("Back up now").click();
    settle(&mut h);
    assert!(h.query_by_label("Passphrase of the backup").is_some(), "the dialog is open");
    assert!(matches!(world(&mut h).app.forms.pane, Pane::Settings(SettingsPage::Backup)));
}

#[test]
fn the_status_bar_has_a_word_for_it_and_a_desktop_has_none() {
    let h = tab(settings(), storage(Persistence::Refused, StandingBackup::Off));
    assert!(h.query_by_role_and_label(Role::Button, "Browser may delete it").is_some());
    let h = plain_tab();
    assert!(h.query_by_role_and_label(Role::Button, "Kept by the browser").is_some());
    let h = open_window(SIZE, settings(), rows());
    assert!(h.query_by_label("Kept by the browser").is_none() && h.query_by_label("Browser may delete it").is_none());
}

#[test]
fn the_browser_is_asked_to_keep_the_vault_once_there_is_something_to_lose() {
    let mut without_password = status(false);
    without_password.kit_saved = false;
    let mut h = window(SIZE, ThemeChoice::Light, move |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Chromium, false)));
        app.apply_shell(ShellEvent::Storage(storage(Persistence::NotAsked, StandingBackup::Off)));
        open(app, without_password, Vec::new());
    });
    assert!(!take_asks(&mut h).contains(&Ask::PersistStorage), "not at the first load");
    send(&mut h, Event::Saved(vault_engine::RequestId(99), rows()[0].id));
    let asked = take_asks(&mut h).into_iter().filter(|ask| *ask == Ask::PersistStorage).count();
    assert_eq!(asked, 1);
    send(&mut h, Event::Saved(vault_engine::RequestId(100), rows()[1].id));
    assert!(!take_asks(&mut h).contains(&Ask::PersistStorage), "once");
}

#[test]
fn a_refusal_can_be_asked_again_and_a_standing_backup_can_be_chosen_resumed_and_stopped() {
    let named = |make: fn(String) -> StandingBackup| make("vault.nt2backup".to_owned());
    let cases = [
        (StandingBackup::Off, "Ask again", Ask::PersistStorage),
        (StandingBackup::Off, "Choose a file…", Ask::ChooseStandingBackup),
        (named(|name| StandingBackup::NeedsPermission { name }), "Allow writing", Ask::ResumeStandingBackup),
        (named(|name| StandingBackup::Failed { name }), "Choose a file…", Ask::ChooseStandingBackup),
        (StandingBackup::On { name: "vault.nt2backup".to_owned(), last_ms: Some(NOW_MS - MINUTE_MS) }, "Stop", Ask::StopStandingBackup),
    ];
    for (standing_backup, verb, ask) in cases {
        let mut h = tab(settings(), storage(Persistence::Refused, standing_backup));
        go(&mut h, Go::Settings(SettingsPage::Backup));
        h.get_by_role_and_label(Role::Button, verb).scroll_to_me();
        settle(&mut h);
        h.get_by_role_and_label(Role::Button, verb).click();
        settle(&mut h);
        assert!(take_asks(&mut h).contains(&ask), "{verb}");
    }
}

#[test]
fn safari_states_its_seven_days_until_it_is_installed() {
    let shown = |installed| {
        let mut h = plain_tab();
        let safari = Browser { engine: BrowserEngine::Safari, touch: false, installed, file_pickers: false };
        shell(&mut h, ShellEvent::Platform(Platform::Browser(safari)));
        h.query_by_label("Safari deletes after seven days").is_some()
    };
    assert!(shown(false));
    assert!(!shown(true));
}

#[test]
fn a_tab_that_is_not_the_writer_offers_to_take_over_once() {
    let mut h = plain_tab();
    take_asks(&mut h);
    shell(&mut h, ShellEvent::OpenElsewhere);
    assert!(h.query_by_label("This vault is open in another tab").is_some());
    h.get_by_label("Use it here").click();
    settle(&mut h);
    assert_eq!(take_asks(&mut h), [Ask::TakeOver]);
    assert!(h.get_by_label("Use it here").accesskit_node().is_disabled());
    shell(&mut h, ShellEvent::HereAgain);
    assert!(h.query_by_label("Use it here").is_none());
    assert!(world(&mut h).count("list vaults") > 1, "the window begins anew");
}

#[test]
fn a_tab_that_was_taken_over_knows_nothing_any_more() {
    let mut h = plain_tab();
    send(&mut h, Event::Item(item(&rows()[0])));
    shell(&mut h, ShellEvent::TakenOver);
    let world = world(&mut h);
    let state = &world.app.state;
    assert!(state.vault.is_none() && state.vaults.is_none() && state.requests.is_empty());
    assert_eq!(state.place, Place::TakenOver);
    assert!(state.platform.is_browser(), "what concerns the browser stays");
    assert_eq!(world.app.window_title(), "NT² Vault");
    let tree = crate::stage::tree(&h);
    assert!(tree.contains("taken over by another tab"), "{tree}");
    assert!(!tree.contains("GitHub") && !tree.contains("Personal"), "{tree}");
}

#[test]
fn a_new_version_locks_first_and_is_started_when_the_vault_is_locked() {
    let mut h = plain_tab();
    shell(&mut h, ShellEvent::UpdateReady);
    world(&mut h).sent.clear();
    take_asks(&mut h);
    h.get_by_label("Reload").click();
    settle(&mut h);
    assert!(world(&mut h).sent.iter().any(|(_, command)| matches!(command, Command::Lock)));
    assert!(!take_asks(&mut h).contains(&Ask::Reload), "not while it is open");
    send(&mut h, Event::Locked(LockReason::Asked));
    assert_eq!(take_asks(&mut h), [Ask::Reload]);
}

fn type_half_a_title(h: &mut Window) {
    go(h, Go::New("credential".to_owned()));
    h.get_by_role_and_label(Role::TextInput, "Title").focus();
    settle(h);
    h.get_by_role_and_label(Role::TextInput, "Title").type_text("Half a title");
    settle(h);
}

#[test]
fn a_new_version_can_wait_and_says_that_a_draft_is_kept() {
    let mut h = plain_tab();
    type_half_a_title(&mut h);
    shell(&mut h, ShellEvent::UpdateReady);
    assert!(h.query_by_label_contains("kept as a draft").is_some());
    h.get_by_label("Dismiss").click();
    settle(&mut h);
    assert!(h.query_by_label("Reload").is_none());
    let app = &world(&mut h).app;
    assert!(app.can(Action::Update), "the palette still has it");
}

#[test]
fn the_address_follows_the_screens_and_leads_back_to_them() {
    let mut h = plain_tab();
    let item = rows()[0].id;
    let route = |h: &mut Window| world(h).app.route();
    assert_eq!(route(&mut h), "#/overview");
    go(&mut h, Go::Item(item));
    let of_item = route(&mut h);
    assert_eq!(of_item, format!("#/item/{item}"));
    go(&mut h, Go::Settings(SettingsPage::Security));
    assert_eq!(route(&mut h), "#/settings/security/lock");
    shell(&mut h, ShellEvent::Route(of_item.clone()));
    assert_eq!(route(&mut h), of_item);
    assert!(matches!(world(&mut h).app.forms.pane, Pane::Item));
    shell(&mut h, ShellEvent::Route("#/item/00000000000000000000000000000000".to_owned()));
    assert_eq!(route(&mut h), "#/overview", "an item that is gone");
    shell(&mut h, ShellEvent::Route("#/items/trash".to_owned()));
    assert_eq!(route(&mut h), "#/items/trash");
}

#[test]
fn an_address_from_before_unlock_is_remembered() {
    let item = rows()[3].id;
    let hash = format!("#/item/{item}");
    let first = hash.clone();
    let mut h = window(SIZE, ThemeChoice::Light, move |app| {
        app.apply_shell(ShellEvent::Route(first));
        app.apply(Event::Vaults(vec![entry("Personal", true)]));
    });
    assert_eq!(world(&mut h).app.route(), hash, "the address stays where it is");
    send(&mut h, Event::Opened { status: status(true), draft: None });
    assert_eq!(world(&mut h).app.route(), hash);
    send(&mut h, Event::Rows { rows: rows(), last: true });
    assert!(matches!(world(&mut h).app.forms.pane, Pane::Item));
    assert_eq!(world(&mut h).app.forms.list.selected, Some(item));
}

#[test]
fn back_closes_what_lies_over_the_screen_first() {
    let mut h = plain_tab();
    go(&mut h, Go::Generator);
    h.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut h);
    assert!(h.query_by_label_contains("Enter run").is_some());
    shell(&mut h, ShellEvent::Route("#/overview".to_owned()));
    assert!(h.query_by_label_contains("Enter run").is_none());
    assert_eq!(world(&mut h).app.route(), "#/generator");
    shell(&mut h, ShellEvent::Route("#/overview".to_owned()));
    assert_eq!(world(&mut h).app.route(), "#/overview");
}

#[test]
fn an_address_never_discards_what_is_being_typed() {
    let mut h = plain_tab();
    type_half_a_title(&mut h);
    shell(&mut h, ShellEvent::Route("#/generator".to_owned()));
    assert_eq!(world(&mut h).app.route(), "#/new/credential");
    assert!(h.query_by_label("Discard changes").is_some());
}

#[test]
fn a_tab_hidden_for_longer_than_allowed_locks_also_when_it_is_noticed_late() {
    let mut h = plain_tab();
    shell(&mut h, ShellEvent::Minimised);
    assert_eq!(world(&mut h).app.hidden_lock_in_ms(), Some(5 * MINUTE_MS));
    world(&mut h).now_ms += 4 * MINUTE_MS;
    settle(&mut h);
    assert_eq!(world(&mut h).count("lock"), 0);
    world(&mut h).now_ms += MINUTE_MS;
    settle(&mut h);
    assert_eq!(world(&mut h).count("lock"), 1);
}

#[test]
fn a_tab_that_shows_again_too_late_locks_although_its_timers_stood_still() {
    let mut h = plain_tab();
    shell(&mut h, ShellEvent::Minimised);
    world(&mut h).now_ms += 6 * MINUTE_MS;
    shell(&mut h, ShellEvent::Shown);
    assert_eq!(world(&mut h).count("lock"), 1);
}

#[test]
fn a_tab_that_shows_again_in_time_stays_open_and_zero_means_never() {
    let mut h = plain_tab();
    shell(&mut h, ShellEvent::Minimised);
    shell(&mut h, ShellEvent::Shown);
    world(&mut h).now_ms += 60 * MINUTE_MS;
    settle(&mut h);
    assert_eq!(world(&mut h).count("lock"), 0);
    let mut h = tab(DeviceSettings { lock_hidden_minutes: 0, ..settings() }, storage(Persistence::Persisted, StandingBackup::Off));
    shell(&mut h, ShellEvent::Minimised);
    world(&mut h).now_ms += DAY_MS;
    settle(&mut h);
    assert_eq!(world(&mut h).count("lock"), 0);
}

#[test]
fn the_time_hidden_is_set_in_a_browser_and_the_minimised_switch_on_a_desktop() {
    let mut h = plain_tab();
    go(&mut h, Go::Settings(SettingsPage::Security));
    assert!(h.query_by_role_and_label(Role::ComboBox, "Lock when the tab is hidden for").is_some());
    assert!(h.query_by_role_and_label(Role::Switch, "Lock when minimised").is_none());
    let mut h = open_window(SIZE, settings(), rows());
    go(&mut h, Go::Settings(SettingsPage::Security));
    assert!(h.query_by_role_and_label(Role::ComboBox, "Lock when the tab is hidden for").is_none());
    assert!(h.query_by_role_and_label(Role::Switch, "Lock when minimised").is_some());
}

#[test]
fn a_clipboard_that_could_not_be_cleared_is_said_honestly() {
    let mut h = plain_tab();
    send(&mut h, Event::ClipboardCleared(ClipboardEnd::Refused));
    assert!(world(&mut h).app.toasts.shows("The browser did not let us clear the clipboard"));
}

#[test]
fn a_page_speaks_of_its_browser_and_a_program_of_its_computer() {
    let text = |platform: Option<Platform>| {
        let h = window(SIZE, ThemeChoice::Light, move |app| {
            app.apply(Event::Vaults(Vec::new()));
            platform.into_iter().for_each(|platform| app.apply_shell(ShellEvent::Platform(platform)));
        });
        crate::stage::tree(&h)
    };
    assert!(text(None).contains("Nothing leaves this computer"));
    let page = text(Some(browser(BrowserEngine::Firefox, false)));
    assert!(page.contains("Nothing leaves this browser") && !page.contains("this computer"));
}

#[test]
fn a_new_item_has_keys_that_the_browser_does_not_keep() {
    let mut h = plain_tab();
    assert!(crate::stage::tree(&h).contains("New item"));
    h.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.overlay, vault_ui::app::Overlay::None));
    h.key_press_modifiers(Modifiers::ALT, Key::N);
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.overlay, vault_ui::app::Overlay::KindPicker));
}

#[test]
fn the_cheat_sheet_shows_the_keys_of_the_platform() {
    let mut h = plain_tab();
    h.key_press_modifiers(Modifiers::COMMAND, Key::Slash);
    settle(&mut h);
    assert!(h.query_by_label("New item: Alt+N").is_some());
    assert!(h.query_by_label_contains("Quit").is_none());
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::Slash);
    settle(&mut h);
    assert!(h.query_by_label("New item: Ctrl+N, Alt+N").is_some());
}

#[test]
fn the_durability_card_looks_as_it_should() {
    let chosen = DeviceSettings { theme: ThemeChoice::Dark, ..settings() };
    let standing_backup = StandingBackup::NeedsPermission { name: "vault.nt2backup".to_owned() };
    let mut h = tab_of([920.0, 560.0], chosen, storage(Persistence::Refused, standing_backup));
    shell(&mut h, ShellEvent::UpdateReady);
    h.snapshot_options("durability-dark", &options());
}
