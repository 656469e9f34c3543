//! Palette, kind picker, cheat sheet, toasts, banners.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use vault_engine::{Command, Event, event::ClipboardEnd};
use vault_model::FieldId;

use crate::support::{NOW_MS, item, open, open_window, rows, settings, settle, status, window_with, world};

const SIZE: [f32; 2] = [1200.0, 760.0];

#[test]
fn the_palette_runs_a_command_by_keyboard_alone() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut h);
    h.event(egui::Event::Text("lock".to_owned()));
    settle(&mut h);
    h.key_press(Key::Enter);
    settle(&mut h);
    assert_eq!(world(&mut h).count("lock"), 1);
}

#[test]
fn the_palette_finds_items() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut h);
    h.event(egui::Event::Text("passp".to_owned()));
    settle(&mut h);
    h.key_press(Key::Enter);
    settle(&mut h);
    assert_eq!(world(&mut h).app.forms.list.selected, Some(rows()[5].id));
}

#[test]
fn escape_closes_the_palette_and_the_cheat_sheet() {
    let mut h = open_window(SIZE, settings(), rows());
    for key in [Key::K, Key::Slash] {
        h.key_press_modifiers(Modifiers::COMMAND, key);
        settle(&mut h);
        assert!(!matches!(world(&mut h).app.forms.overlay, vault_ui::app::Overlay::None), "{key:?} opens");
        h.key_press(Key::Escape);
        settle(&mut h);
        assert!(matches!(world(&mut h).app.forms.overlay, vault_ui::app::Overlay::None), "{key:?} closes");
    }
}

#[test]
fn a_new_item_begins_with_its_kind() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut h);
    h.get_by_role_and_label(Role::Button, "Wi-Fi network").click();
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.pane, vault_ui::app::Pane::Editor(_)));
}

#[test]
fn a_copy_is_named_and_its_countdown_ends_with_the_clipboard() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(&mut h);
    let github = rows().remove(0);
    world(&mut h).app.apply(Event::Item(item(&github)));
    let copied = Event::Copied { item: Some(github.id), field: Some(FieldId("password".to_owned())), clears_ms: Some(NOW_MS + 10_000) };
    world(&mut h).app.apply(copied);
    settle(&mut h);
    h.get_by_label("Password of GitHub copied. Clears in 10 s.");
    h.get_by_role_and_label(Role::Button, "Clear now").click();
    settle(&mut h);
    assert_eq!(world(&mut h).count("clear clipboard"), 1);
    world(&mut h).app.apply(Event::ClipboardCleared(ClipboardEnd::Cleared));
    settle(&mut h);
    assert!(h.query_by_label("Password of GitHub copied. Clears in 10 s.").is_none());
}

#[test]
fn a_toast_goes_by_itself() {
    let mut h = open_window(SIZE, settings(), rows());
    world(&mut h).app.toasts.push(vault_ui::widgets::toast::Toast::done("Backup written."));
    settle(&mut h);
    h.get_by_label("Backup written.");
    world(&mut h).now_ms = NOW_MS + 6_000;
    settle(&mut h);
    assert!(h.query_by_label("Backup written.").is_none());
}

#[test]
fn a_vault_without_password_says_what_to_do_first() {
    let mut h = window_with(SIZE, settings(), |app| open(app, status(false), rows()));
    h.get_by_label("3 things to do");
    h.get_all_by_role_and_label(Role::Button, "Set password").next().unwrap().click();
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.pane, vault_ui::app::Pane::Settings(vault_ui::outbox::SettingsPage::Security)));
}

#[test]
fn locking_leaves_nothing_of_the_vault_on_the_screen() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(&mut h);
    world(&mut h).app.apply(Event::Item(item(&rows()[0])));
    settle(&mut h);
    h.key_press_modifiers(Modifiers::COMMAND, Key::L);
    settle(&mut h);
    assert!(world(&mut h).sent.iter().any(|(_, command)| matches!(command, Command::Lock)));
    world(&mut h).app.apply(Event::Locked(vault_engine::event::LockReason::Asked));
    h.step();
    let tree = crate::tree::text(&h);
    for word in ["GitHub", "mara.lind", "Proton"] {
        assert!(!tree.contains(word), "{word} is still there");
    }
    assert!(!world(&mut h).app.window_title().contains("GitHub"));
}

#[test]
fn an_editor_with_changes_is_not_left_without_asking() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut h);
    h.get_by_role_and_label(Role::Button, "Login").click();
    settle(&mut h);
    let vault_ui::app::Pane::Editor(form) = &mut world(&mut h).app.forms.pane else { panic!("the editor is open") };
    form.changed = true;
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(&mut h);
    h.get_by_role_and_label(Role::Button, "Keep editing").click();
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.pane, vault_ui::app::Pane::Editor(_)));
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(&mut h);
    h.get_by_role_and_label(Role::Button, "Discard changes").click();
    settle(&mut h);
    assert!(matches!(world(&mut h).app.forms.pane, vault_ui::app::Pane::Item));
}
