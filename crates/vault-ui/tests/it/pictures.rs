//! One picture a screen, in light and dark. Where they differ, look at both before taking the new one.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Event, RequestId,
    event::{Progress, Stage},
};
use vault_ui::{
    DeviceSettings,
    theme::{Contrast, Density, ThemeChoice},
};

use crate::support::{NOW_MS, entry, item, open, open_window, options, rows, settings, settle, status, window, window_with, world};

const SIZE: [f32; 2] = [1040.0, 640.0];

#[test]
fn unlock_light() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    h.snapshot_options("unlock-light", &options());
}

#[test]
fn unlock_deriving_dark() {
    let mut h = window(SIZE, ThemeChoice::Dark, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    h.get_by_role_and_label(Role::PasswordInput, "Master password").focus();
    settle(&mut h);
    h.get_by_role_and_label(Role::PasswordInput, "Master password").type_text("a long sentence of mine");
    h.key_press(Key::Enter);
    settle(&mut h);
    let request: RequestId = world(&mut h).request("unlock");
    world(&mut h).app.apply(Event::Progress(request, Progress { stage: Stage::Deriving, done: 400, total: 1000 }));
    world(&mut h).now_ms = NOW_MS + 400;
    settle(&mut h);
    h.snapshot_options("unlock-deriving-dark", &options());
}

#[test]
fn first_run_light() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    h.snapshot_options("first-run-light", &options());
}

#[test]
fn picker_dark() {
    let mut h = window(SIZE, ThemeChoice::Dark, |app| app.apply(Event::Vaults(vec![entry("Work", false), entry("Personal", true)])));
    h.get_by_label("Other vault").click();
    settle(&mut h);
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("picker-dark", &options());
}

#[test]
fn main_light() {
    let mut h = open_window(SIZE, settings(), rows());
    select_github(&mut h);
    h.snapshot_options("main-light", &options());
}

#[test]
fn main_dark_with_toast() {
    let mut h = open_window(SIZE, DeviceSettings { theme: ThemeChoice::Dark, ..settings() }, rows());
    select_github(&mut h);
    let copied = Event::Copied {
        item: Some(rows()[0].id),
        field: Some(vault_model::FieldId("password".to_owned())),
        clears_ms: Some(NOW_MS + 10_000),
    };
    world(&mut h).app.apply(copied);
    settle(&mut h);
    world(&mut h).now_ms = NOW_MS + 4_000;
    settle(&mut h);
    h.snapshot_options("main-dark-toast", &options());
}

#[test]
fn main_high_contrast_compact() {
    let chosen = DeviceSettings { theme: ThemeChoice::Dark, contrast: Contrast::High, density: Density::Compact, ..settings() };
    let mut h = open_window(SIZE, chosen, rows());
    h.key_press(Key::F2);
    settle(&mut h);
    h.key_press(Key::ArrowDown);
    settle(&mut h);
    world(&mut h).app.apply(Event::Item(item(&rows()[11])));
    settle(&mut h);
    h.snapshot_options("main-high-contrast", &options());
}

#[test]
fn overview_light() {
    let mut h = window_with(SIZE, settings(), |app| open(app, status(false), rows()));
    world(&mut h).answer_search();
    settle(&mut h);
    h.snapshot_options("overview-light", &options());
}

#[test]
fn empty_vault_dark() {
    let mut h = window_with(SIZE, DeviceSettings { theme: ThemeChoice::Dark, ..settings() }, |app| open(app, status(false), Vec::new()));
    world(&mut h).answer_search();
    settle(&mut h);
    h.snapshot_options("empty-dark", &options());
}

#[test]
fn palette_light() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::K);
    settle(&mut h);
    h.event(egui::Event::Text("ne".to_owned()));
    settle(&mut h);
    h.snapshot_options("palette-light", &options());
}

#[test]
fn kinds_dark() {
    let mut h = open_window(SIZE, DeviceSettings { theme: ThemeChoice::Dark, ..settings() }, rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut h);
    h.snapshot_options("kinds-dark", &options());
}

#[test]
fn shortcuts_light() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::Slash);
    settle(&mut h);
    h.snapshot_options("shortcuts-light", &options());
}

#[test]
fn two_panes_light() {
    let mut h = open_window([720.0, 640.0], settings(), rows());
    select_github(&mut h);
    h.snapshot_options("two-panes-light", &options());
}

#[test]
fn one_pane_dark() {
    let mut h = open_window([400.0, 640.0], DeviceSettings { theme: ThemeChoice::Dark, ..settings() }, rows());
    h.snapshot_options("one-pane-dark", &options());
}

/// Opens the item of a row that is in view at every size.
fn select_github(h: &mut egui_kittest::Harness<'static, Option<crate::support::World>>) {
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(h);
    let github = rows().remove(0);
    world(h).app.apply(Event::Item(item(&github)));
    h.remove_cursor();
    settle(h);
}
