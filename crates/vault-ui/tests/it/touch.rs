//! Fingers: everything that can be pressed is 44 by 44 points, on a phone and on a tablet, on every main screen.

use egui::accesskit::{Action as Can, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{Event, command::Scope, event::PastValue};
use vault_model::{AttachmentId, FieldClass, FieldKey};
use vault_protocol::{Dot, LogId};
use vault_ui::{
    DeviceSettings, ShellEvent,
    l10n::Language,
    outbox::{Go, SettingsPage},
    platform::{BrowserEngine, Persistence, StandingBackup},
    theme::{TOUCH, ThemeChoice},
};

use crate::{
    browser::{browser, storage},
    stage::{self, Window, go, send, shell},
    support::{NOW_MS, entry, item, open, options, rows, settings, settle, status, window_with, world},
};

const PHONE: [f32; 2] = [390.0, 844.0];
/// So high that nothing has to be scrolled to.
const LONG: [f32; 2] = [390.0, 3200.0];
const SMALL: [f32; 2] = [420.0, 480.0];
const TABLET: [f32; 2] = [1024.0, 768.0];

fn finger(size: [f32; 2]) -> Window {
    finger_with(size, settings())
}

fn finger_with(size: [f32; 2], settings: DeviceSettings) -> Window {
    let mut h = window_with(size, settings, |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
        app.apply_shell(ShellEvent::Storage(storage(Persistence::NotAsked, StandingBackup::Unavailable)));
        open(app, status(true), rows());
    });
    world(&mut h).answer_search();
    settle(&mut h);
    h
}

/// What may be smaller, with its reason.
fn is_excepted(role: Role, _name: &str) -> bool {
    match role {
        // A part of a text, not a target: the input around it is.
        Role::TextRun => true,
        // The thumb follows the finger over the whole list; nobody has to hit it.
        Role::ScrollBar => true,
        // The edge between two panes: a finger catches it from further away, and no task needs it.
        Role::Splitter => true,
        _ => false,
    }
}

/// Every node that can be pressed or typed into, and is on the screen, with its size in points.
fn small_targets(h: &Window) -> Vec<String> {
    let screen = h.ctx.content_rect();
    let mut found = Vec::new();
    let mut n_targets = 0;
    let mut nodes = vec![h.root()];
    while let Some(node) = nodes.pop() {
        nodes.extend(node.children());
        let inner = node.accesskit_node();
        let role = inner.role();
        let pressed = matches!(
            role,
            Role::Button
                | Role::Link
                | Role::Tab
                | Role::Switch
                | Role::CheckBox
                | Role::RadioButton
                | Role::MenuItem
                | Role::ListBoxOption
                | Role::ComboBox
                | Role::TextInput
                | Role::PasswordInput
                | Role::MultilineTextInput
                | Role::SearchInput
                | Role::Slider
                | Role::SpinButton
        ) || inner.data().supports_action(Can::Click);
        if !pressed || inner.is_disabled() || inner.is_hidden() {
            continue;
        }
        let rect = node.rect();
        let name = inner.label().unwrap_or_default();
        let on_line = rect.top() >= screen.top() && rect.bottom() <= screen.bottom();
        if on_line && (rect.right() > screen.right() + 0.5 || rect.left() < screen.left() - 0.5) {
            found.push(format!("{role:?} {name:?} runs out of the screen: {rect:?}"));
        }
        // Scrolled out of sight, or cut by an edge: measured where it is whole.
        if !screen.contains_rect(rect)
            || matches!(role, Role::Unknown | Role::GenericContainer | Role::Window | Role::ScrollView | Role::Label | Role::Group)
        {
            continue;
        }
        n_targets += 1;
        if (rect.width() < TOUCH - 0.5 || rect.height() < TOUCH - 0.5) && !is_excepted(role, &name) {
            found.push(format!("{role:?} {name:?} {:.0} × {:.0}", rect.width(), rect.height()));
        }
    }
    // A walk that finds nothing proves nothing.
    assert!(n_targets > 0);
    found.sort();
    found.dedup();
    found
}

/// Fails with what on a screen is too small for a finger, or runs out of it.
#[track_caller]
pub(crate) fn check(h: &Window, screen: &str) {
    let small = small_targets(h);
    assert!(small.is_empty(), "{screen}: {small:#?}");
}

/// Everything open beside each other would hide one behind the other, so each screen is walked by itself.
fn walk(size: [f32; 2], language: Language) -> Vec<(String, Vec<String>)> {
    let mut seen = Vec::new();
    let mut note = |h: &Window, screen: &str| {
        let small = small_targets(h);
        if !small.is_empty() {
            seen.push((screen.to_owned(), small));
        }
    };
    let mut h = finger_with(size, DeviceSettings { language: Some(language), ..settings() });
    note(&h, "list");
    go(&mut h, Go::Overview);
    note(&h, "overview");
    go(&mut h, Go::Item(rows()[0].id));
    send(&mut h, Event::Item(item(&rows()[0])));
    note(&h, "item");
    go(&mut h, Go::Edit(rows()[0].id));
    note(&h, "editor");
    go(&mut h, Go::New("card".to_owned()));
    note(&h, "new card");
    go(&mut h, Go::Generator);
    note(&h, "generator");
    for page in SettingsPage::ALL {
        go(&mut h, Go::Settings(page));
        settle(&mut h);
        note(&h, &format!("{page:?}"));
    }
    go(&mut h, Go::List(Scope::Trash));
    go(&mut h, Go::Unselect);
    note(&h, "trash");
    shell(&mut h, ShellEvent::UpdateReady);
    note(&h, "update");
    shell(&mut h, ShellEvent::OpenElsewhere);
    note(&h, "elsewhere");
    seen
}

#[test]
fn everything_on_a_phone_is_large_enough_for_a_finger() {
    let seen = [walk(PHONE, Language::En), walk(LONG, Language::En), walk(LONG, Language::De)].concat();
    assert!(seen.is_empty(), "{seen:#?}");
}

#[test]
fn everything_on_the_smallest_window_is_large_enough_for_a_finger() {
    let seen = walk(SMALL, Language::De);
    assert!(seen.is_empty(), "{seen:#?}");
}

#[test]
fn everything_on_a_tablet_is_large_enough_for_a_finger() {
    let seen = walk(TABLET, Language::De);
    assert!(seen.is_empty(), "{seen:#?}");
}

#[test]
fn the_first_screens_are_large_enough_for_a_finger() {
    for vaults in [Vec::new(), vec![entry("Personal", true)], vec![entry("Work", false), entry("Personal", true)]] {
        let h = window_with(PHONE, settings(), move |app| {
            app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
            app.apply(Event::Vaults(vaults));
        });
        check(&h, "gate");
    }
}

#[test]
fn an_empty_vault_fits_every_phone() {
    for (width, height) in [(360.0, 640.0), (390.0, 844.0), (360.0, 3200.0), (390.0, 3200.0), (420.0, 3200.0)] {
        for language in Language::ALL {
            let h = empty_phone([width, height], DeviceSettings { language: Some(language), ..settings() });
            check(&h, &format!("{width} × {height} in {language:?}"));
        }
    }
}

/// The overview of a vault without items and without a password, on a phone.
fn empty_phone(size: [f32; 2], settings: DeviceSettings) -> Window {
    let mut h = window_with(size, settings, |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Chromium, true)));
        app.apply_shell(ShellEvent::Storage(storage(Persistence::NotAsked, StandingBackup::Unavailable)));
        open(app, status(false), Vec::new());
    });
    world(&mut h).answer_search();
    go(&mut h, Go::Overview);
    h
}

#[test]
fn dialogs_drawer_and_palette_are_large_enough_for_a_finger() {
    let mut h = finger(PHONE);
    h.get_by_label("Open menu").click();
    settle(&mut h);
    check(&h, "drawer");
    let mut h = finger(PHONE);
    h.get_by_label("New item").click();
    settle(&mut h);
    check(&h, "kinds");
    let mut h = finger(PHONE);
    go(&mut h, Go::Settings(SettingsPage::Backup));
    h.get_by_label("Back up now…").click();
    settle(&mut h);
    check(&h, "backup");
    let rect = h.get_by_label("Choose a place…").rect();
    assert!(rect.bottom() > PHONE[1] - 40.0, "a sheet stands on the lower edge: {rect:?}");
}

#[test]
fn a_desktop_stays_as_dense_as_it_was() {
    let mut h = crate::support::open_window([1040.0, 640.0], settings(), rows());
    assert!(!vault_ui::theme::is_touch(&h.ctx));
    shell(&mut h, ShellEvent::Platform(browser(BrowserEngine::Chromium, true)));
    assert!(vault_ui::theme::is_touch(&h.ctx));
}

#[test]
fn pictures_of_a_phone() {
    let mut h = finger(PHONE);
    h.snapshot_options("phone-list-light", &options());
    go(&mut h, Go::Settings(SettingsPage::Backup));
    settle(&mut h);
    h.snapshot_options("phone-backup-light", &options());
}

#[test]
fn picture_of_an_empty_vault_on_a_small_phone() {
    let mut h = empty_phone([360.0, 640.0], settings());
    h.snapshot_options("phone-empty-light", &options());
}

#[test]
fn picture_of_an_empty_vault_on_a_phone() {
    let mut h = empty_phone(PHONE, DeviceSettings { theme: ThemeChoice::Dark, language: Some(Language::De), ..settings() });
    h.snapshot_options("phone-empty-dark", &options());
}

#[test]
fn picture_of_an_item_on_the_smallest_phone() {
    let mut h = finger_with(SMALL, DeviceSettings { theme: ThemeChoice::Dark, ..settings() });
    go(&mut h, Go::Item(rows()[0].id));
    send(&mut h, Event::Item(item(&rows()[0])));
    h.snapshot_options("phone-item-dark", &options());
}

/// A finger on the richest item: attachments, every menu, its past, a file.
#[test]
fn an_item_with_everything_is_large_enough_for_a_finger() {
    let mut h = stage::show(LONG, stage::login());
    shell(&mut h, ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
    check(&h, "item");
    for menu in ["More actions", "Remove recovery-codes.txt"] {
        h.get_by_label(menu).click();
        settle(&mut h);
        check(&h, menu);
        h.key_press(egui::Key::Escape);
        settle(&mut h);
    }
    go(&mut h, Go::Edit(stage::ITEM));
    settle(&mut h);
    check(&h, "editor");
    go(&mut h, Go::LeaveEditor);
    go(&mut h, Go::Preview(stage::ITEM, AttachmentId([3; 16])));
    check(&h, "preview");
    go(&mut h, Go::History(stage::ITEM));
    let request = world(&mut h).request("history");
    let value = |seq, shown: Option<&str>| PastValue {
        dot: Dot { log: LogId([1; 16]), seq, op: 0 },
        key: FieldKey::element(FieldClass::Field, b"password"),
        wall_ms: NOW_MS - 60_000 * seq,
        device: "Phone".to_owned(),
        shown: shown.map(str::to_owned),
        current: seq == 1,
        absent: false,
    };
    send(&mut h, Event::History(request, vec![value(1, None), value(2, None), value(3, Some("mara"))]));
    check(&h, "history");
}

#[test]
fn menus_pickers_and_toasts_are_large_enough_for_a_finger() {
    let mut h = finger(PHONE);
    h.get_by_label("Title").click();
    settle(&mut h);
    check(&h, "order of the list");
    let mut h = finger(PHONE);
    h.get_by_label("Open menu").click();
    settle(&mut h);
    h.get_by_label("Personal: vault menu").click();
    settle(&mut h);
    check(&h, "vault menu");
    let mut h = finger(PHONE);
    h.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    settle(&mut h);
    check(&h, "palette");
    let mut h = finger(PHONE);
    go(&mut h, Go::Settings(SettingsPage::Security));
    h.get_by_role_and_label(Role::ComboBox, "Lock when idle for").click();
    settle(&mut h);
    check(&h, "a drop-down");
    let mut h = finger(PHONE);
    go(&mut h, Go::Item(rows()[0].id));
    send(&mut h, Event::Item(item(&rows()[0])));
    let copied = Event::Copied { item: Some(rows()[0].id), field: None, clears_ms: Some(NOW_MS + 10_000) };
    send(&mut h, copied);
    check(&h, "a toast");
    let mut h = finger(PHONE);
    go(&mut h, Go::New("card".to_owned()));
    h.get_by_label("Pick Valid until from a calendar").click();
    settle(&mut h);
    check(&h, "calendar");
}

#[test]
fn recovery_and_restore_are_large_enough_for_a_finger() {
    let gate = |label: &str| {
        let mut h = window_with(PHONE, settings(), |app| {
            app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
            app.apply(Event::Vaults(vec![entry("Work", false), entry("Personal", true)]));
        });
        h.get_by_label(label).click();
        settle(&mut h);
        h
    };
    check(&gate("Use recovery kit"), "recovery");
    let mut h = gate("Other vault");
    check(&h, "picker");
    h.get_by_label("Open a backup").click();
    settle(&mut h);
    check(&h, "restore");
}
