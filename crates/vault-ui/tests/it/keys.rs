//! Shortcuts of one's own: recorded, refused, removed, brought back.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use vault_ui::{
    Ask, DeviceSettings,
    actions::Action,
    app::Overlay,
    outbox::{Go, SettingsPage},
};

use crate::{
    stage::{Window, go, take_asks},
    support::{open_window, rows, settings, settle, world},
};

const SIZE: [f32; 2] = [1040.0, 2000.0];

fn page() -> Window {
    let mut h = open_window(SIZE, settings(), rows());
    go(&mut h, Go::Settings(SettingsPage::Shortcuts));
    h
}

fn press(h: &mut Window, name: &str) {
    h.get_by_label(name).click();
    settle(h);
}

fn keys(h: &mut Window, modifiers: Modifiers, key: Key) {
    h.key_press_modifiers(modifiers, key);
    settle(h);
}

fn kept(h: &mut Window) -> Option<DeviceSettings> {
    take_asks(h).into_iter().rev().find_map(|ask| match ask {
        Ask::KeepSettings(settings) => Some(*settings),
        _ => None,
    })
}

#[test]
fn new_keys_are_kept_and_work_at_once_and_the_old_ones_do_not() {
    let mut h = page();
    press(&mut h, "Change the keys of New item");
    keys(&mut h, Modifiers::COMMAND, Key::J);
    let kept = kept(&mut h).expect("kept");
    assert_eq!(kept.shortcuts.get("new-item"), Some(&vec!["Ctrl+J".to_owned()]));
    assert_eq!(DeviceSettings::from_json(&kept.to_json()), kept);
    assert!(h.query_by_label("New item: Ctrl+J").is_some());
    keys(&mut h, Modifiers::COMMAND, Key::N);
    assert!(matches!(world(&mut h).app.forms.overlay, Overlay::None));
    keys(&mut h, Modifiers::COMMAND, Key::J);
    assert!(matches!(world(&mut h).app.forms.overlay, Overlay::KindPicker));
}

#[test]
fn keys_that_are_taken_are_refused_with_a_sentence_and_do_nothing() {
    let mut h = page();
    press(&mut h, "Change the keys of New item");
    keys(&mut h, Modifiers::COMMAND, Key::L);
    assert!(h.query_by_label_contains("Ctrl+L already belongs to Lock").is_some());
    assert_eq!(world(&mut h).count("lock"), 0, "nothing is locked while keys are recorded");
    keys(&mut h, Modifiers::NONE, Key::X);
    assert!(h.query_by_label_contains("types or moves by itself").is_some());
    keys(&mut h, Modifiers::NONE, Key::Escape);
    assert!(h.query_by_label_contains("types or moves by itself").is_none());
    assert!(kept(&mut h).is_none());
    assert!(h.query_by_label("New item: Ctrl+N, Alt+N").is_some());
}

#[test]
fn keys_can_be_removed_and_brought_back() {
    let mut h = page();
    press(&mut h, "No keys for Lock");
    assert_eq!(kept(&mut h).and_then(|kept| kept.shortcuts.get("lock").cloned()), Some(Vec::new()));
    keys(&mut h, Modifiers::COMMAND, Key::L);
    assert_eq!(world(&mut h).count("lock"), 0);
    press(&mut h, "Back to the usual keys of Lock");
    assert!(kept(&mut h).is_some_and(|kept| kept.shortcuts.is_empty()));
    keys(&mut h, Modifiers::COMMAND, Key::L);
    assert_eq!(world(&mut h).count("lock"), 1);
}

#[test]
fn all_can_be_reset_and_leaving_the_page_stops_recording() {
    let mut h = page();
    press(&mut h, "Change the keys of Password generator");
    go(&mut h, Go::Overview);
    keys(&mut h, Modifiers::COMMAND, Key::J);
    assert!(kept(&mut h).is_none());
    go(&mut h, Go::Settings(SettingsPage::Shortcuts));
    press(&mut h, "Change the keys of Password generator");
    keys(&mut h, Modifiers::COMMAND, Key::J);
    press(&mut h, "Reset all shortcuts");
    assert!(kept(&mut h).is_some_and(|kept| kept.shortcuts.is_empty()));
}

#[test]
fn tooltips_and_palette_follow() {
    let mut chosen = settings();
    chosen.shortcuts.insert("new-item".to_owned(), vec!["Ctrl+J".to_owned()]);
    let mut h = open_window([1040.0, 700.0], chosen, rows());
    assert_eq!(Action::NewItem.keys(&h.ctx), "Ctrl+J");
    keys(&mut h, Modifiers::COMMAND, Key::J);
    assert!(matches!(world(&mut h).app.forms.overlay, Overlay::KindPicker));
}
