//! The settings: pages beside a list of them, or below it where there is little room.

mod about;
mod appearance;
mod backup;
mod keys;
mod kit;
mod passphrase;
mod password;
mod recovery;
mod security;
pub(super) mod server_address;
mod sync;
mod vault;

use egui::{Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::{
    fl, icons,
    outbox::{Go, Outbox, SettingsPage},
    role::{self, Role},
    settings::DeviceSettings,
    state::State,
    theme::{R2, S2, S3, S4, SIDEBAR_ROW, tokens, touchable},
    widgets::{self, heading, page},
};

/// Width of the list of pages.
const NAV: f32 = 208.0;
/// Below this width the list of pages stands above the page.
const NARROW: f32 = 640.0;

/// What is typed or expanded in the settings.
#[derive(Default)]
pub struct SettingsForm {
    password: password::PasswordForm,
    backup: backup::BackupForm,
    kit: kit::KitWorkForm,
    sync: sync::SyncForm,
    vault: vault::VaultForm,
    keys: keys::KeysForm,
}

impl SettingsForm {
    /// Opens the dialog that sets or changes the master password.
    pub fn open_password(&mut self) {
        self.password.open();
    }

    /// Opens the dialog that makes a backup.
    pub fn open_backup(&mut self) {
        self.backup.open();
    }

    /// Whether the next keys are a new shortcut and do nothing else.
    pub fn records_keys(&self) -> bool {
        self.keys.records()
    }

    /// The settings are left, or another page of them is shown.
    pub(crate) fn leave_page(&mut self) {
        self.keys.stop();
        self.sync.leave();
    }

    /// Opens the dialog that ends what stopped sync: two devices decided apart.
    pub(crate) fn open_apart(&mut self, state: &vault_engine::sync::SyncState) {
        self.sync.open_apart(state);
    }

    /// Opens the dialog that saves the recovery kit.
    pub fn open_kit(&mut self) {
        self.kit.open();
    }
}

/// The settings with one of their pages.
pub fn settings_ui(ui: &mut Ui, state: &State, settings: &DeviceSettings, shown: SettingsPage, form: &mut SettingsForm, out: &mut Outbox) {
    let whole = ui.available_rect_before_wrap();
    if whole.width() < NARROW {
        ui.add_space(S3);
        ui.horizontal(|ui| {
            ui.add_space(S4);
            ui.vertical(|ui| narrow_nav_ui(ui, shown, out));
        });
        page_ui(ui, state, form, shown, settings, out);
        return;
    }
    let (nav, rest) = whole.split_left_right_at_x(whole.left() + NAV);
    let tabs = UiBuilder::new().max_rect(nav.shrink2(Vec2::new(S2, S3))).accessibility_role(egui::accesskit::Role::TabList);
    let mut inner = ui.new_child(tabs.accessibility_label(fl!("settings-page")));
    nav_ui(&mut inner, shown, out);
    ui.painter().vline(nav.right() + 0.5, whole.y_range(), egui::Stroke::new(1.0, tokens(ui).line));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rest));
    inner.set_clip_rect(rest.intersect(ui.clip_rect()));
    page_ui(&mut inner, state, form, shown, settings, out);
    ui.allocate_rect(whole, Sense::hover());
}

fn page_icon(page: SettingsPage) -> &'static str {
    match page {
        SettingsPage::Appearance => icons::PALETTE,
        SettingsPage::Security => icons::SHIELD_CHECK,
        SettingsPage::Backup => icons::LIFEBUOY,
        SettingsPage::Sync => icons::DEVICES,
        SettingsPage::Vault => icons::VAULT,
        SettingsPage::Shortcuts => icons::KEYBOARD,
        SettingsPage::About => icons::INFO,
    }
}

fn name_of(page: SettingsPage) -> String {
    match page {
        SettingsPage::Appearance => fl!("settings-appearance"),
        SettingsPage::Security => fl!("settings-security"),
        SettingsPage::Backup => fl!("settings-recovery"),
        SettingsPage::Sync => fl!("settings-sync"),
        SettingsPage::Vault => fl!("settings-vault"),
        SettingsPage::Shortcuts => fl!("action-shortcuts"),
        SettingsPage::About => fl!("settings-about"),
    }
}

fn nav_ui(ui: &mut Ui, shown: SettingsPage, out: &mut Outbox) {
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    for page in SettingsPage::ALL {
        let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), touchable(ui, SIDEBAR_ROW)), Sense::click());
        let on = page == shown;
        let name = name_of(page);
        response.widget_info(|| WidgetInfo::selected(egui::Role::Tab, true, on, &name));
        let fill = match (on, response.hovered()) {
            (true, _) => t.selection,
            (false, true) => t.hover_row,
            (false, false) => egui::Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, R2, fill);
        let color = if on { t.accent_text } else { t.text2 };
        let at = egui::Rect::from_center_size(egui::pos2(rect.left() + 18.0, rect.center().y), Vec2::splat(16.0));
        widgets::button::paint_icon(ui, at, page_icon(page), color);
        let role = if on { Role::BodyStrong } else { Role::Body };
        let galley = role.line(ui, &name, t.text, rect.width() - 44.0);
        ui.painter().galley(egui::pos2(rect.left() + 36.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
        widgets::focus_ring_inside(ui, &response, rect, R2);
        if response.clicked() {
            out.go(Go::Settings(page));
        }
    }
}

fn narrow_nav_ui(ui: &mut Ui, shown: SettingsPage, out: &mut Outbox) {
    let mut page = shown;
    let combo = egui::ComboBox::from_id_salt("settings-page")
        .icon(widgets::drop_down_icon)
        .selected_text(name_of(shown))
        .width(220.0)
        .show_ui(ui, |ui| {
            for choice in SettingsPage::ALL {
                ui.selectable_value(&mut page, choice, name_of(choice));
            }
        });
    combo.response.accessible_name(fl!("settings-page"));
    if page != shown {
        out.go(Go::Settings(page));
    }
}

fn page_ui(ui: &mut Ui, state: &State, form: &mut SettingsForm, shown: SettingsPage, settings: &DeviceSettings, out: &mut Outbox) {
    page(ui, "settings", |ui| {
        heading(ui.label(role::title(ui, name_of(shown))), 1);
        match shown {
            SettingsPage::Appearance => appearance::appearance_ui(ui, settings, out),
            SettingsPage::Security => security::security_ui(ui, state, &mut form.password, settings, out),
            SettingsPage::Backup => recovery::recovery_ui(ui, state, &mut form.backup, &mut form.kit, out),
            SettingsPage::Sync => sync::sync_ui(ui, state, &mut form.sync, out),
            SettingsPage::Vault => vault::vault_ui(ui, state, &mut form.vault, out),
            SettingsPage::Shortcuts => keys::keys_ui(ui, state, settings, &mut form.keys, out),
            SettingsPage::About => about::about_ui(ui, state, out),
        }
        ui.add_space(S4);
    });
    password::dialog_ui(ui, state, &mut form.password, out);
    backup::dialog_ui(ui, state, &mut form.backup, out);
    kit::dialog_ui(ui, state, &mut form.kit, out);
    if shown == SettingsPage::Sync {
        sync::dialogs_ui(ui, state, &mut form.sync, out);
    }
}

/// A sentence under the name of a page.
fn lead(ui: &mut Ui, text: String) {
    ui.add(egui::Label::new(role::body(ui, text).color(tokens(ui).text2)).wrap());
    ui.add_space(S4);
}

/// Height of an open drop-down: ten rows.
const CHOICES: f32 = 360.0;

/// One of several values, as a drop-down; `None` if it stays as it is.
fn choice<T: PartialEq + Clone>(ui: &mut Ui, name: &str, value: &T, choices: &[(T, String)]) -> Option<T> {
    let mut picked = value.clone();
    let words = choices.iter().find(|(choice, _)| choice == value).map_or(String::new(), |(_, words)| words.clone());
    let combo = egui::ComboBox::from_id_salt(name).icon(widgets::drop_down_icon).selected_text(words).width(140.0).height(CHOICES).show_ui(
        ui,
        |ui| {
            for (choice, words) in choices {
                ui.selectable_value(&mut picked, choice.clone(), words);
            }
        },
    );
    combo.response.accessible_name(name);
    (picked != *value).then_some(picked)
}
