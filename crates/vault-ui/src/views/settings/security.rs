//! When the vault locks, how long secrets stay, and the master password.

use egui::Ui;
use vault_engine::{Command, command::VaultSettings};

use super::{choice, lead, password::PasswordForm};
use crate::{
    actions::Action,
    fl, icons,
    outbox::Outbox,
    settings::DeviceSettings,
    state::State,
    widgets::{Look, PushButton, card, card_line, section_head, setting_row, switch},
};

/// Idle times that are offered, in seconds; 0 = never.
const LOCK_SECS: [u32; 8] = [60, 120, 300, 600, 900, 1800, 3600, 0];
/// Times for which a tab may be hidden, in minutes; 0 = for ever.
const HIDDEN_MINUTES: [u32; 7] = [1, 2, 5, 15, 30, 60, 0];
/// Times after which the clipboard is cleared.
const CLIPBOARD_SECS: [u32; 6] = [10, 20, 30, 60, 120, 0];
/// Times for which a revealed secret stays.
const REVEAL_SECS: [u32; 5] = [10, 30, 60, 120, 0];

pub(super) fn security_ui(ui: &mut Ui, state: &State, password: &mut PasswordForm, settings: &DeviceSettings, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    lead(ui, fl!("security-lead"));
    card(ui, |ui| {
        let (title, note, verb) = if vault.status.has_password {
            (fl!("security-password"), fl!("security-password-note"), fl!("security-change"))
        } else {
            (fl!("security-no-password"), fl!("security-no-password-note", here = crate::l10n::here()), fl!("security-set"))
        };
        setting_row(ui, title, note, |ui| {
            let look = if vault.status.has_password { Look::Secondary } else { Look::Primary };
            if PushButton::new(look, verb).enabled(vault.status.read_only.is_none()).show(ui).clicked() {
                password.open();
            }
        });
    });
    section_head(ui, fl!("security-locking"));
    let now = &vault.status.settings;
    let mut new = now.clone();
    card(ui, |ui| {
        secs_row(
            ui,
            fl!("security-lock-after"),
            fl!("security-lock-after-note", here = crate::l10n::here()),
            &LOCK_SECS,
            &mut new.lock_after_secs,
        );
        card_line(ui);
        if state.platform.is_browser() {
            hidden_row(ui, settings, out);
        } else {
            setting_row(ui, fl!("security-lock-minimised"), fl!("security-this-device"), |ui| {
                let mut device = settings.clone();
                if switch(ui, &fl!("security-lock-minimised"), &mut device.lock_on_minimise).changed() {
                    out.change_settings(device);
                }
            });
        }
        card_line(ui);
        setting_row(ui, fl!("security-lock-now"), "", |ui| {
            let keys = Action::Lock.keys(ui.ctx());
            let button = PushButton::new(Look::Secondary, fl!("security-lock")).icon(icons::LOCK_SIMPLE).tooltip(keys);
            if button.show(ui).clicked() {
                out.act(Action::Lock);
            }
        });
    });
    section_head(ui, fl!("security-secrets"));
    card(ui, |ui| {
        secs_row(ui, fl!("security-clipboard"), fl!("security-clipboard-note"), &CLIPBOARD_SECS, &mut new.clipboard_secs);
        card_line(ui);
        secs_row(ui, fl!("security-reveal"), fl!("security-reveal-note", here = crate::l10n::here()), &REVEAL_SECS, &mut new.reveal_secs);
    });
    change(now, new, out);
}

/// How long a tab may be hidden.
fn hidden_row(ui: &mut Ui, settings: &DeviceSettings, out: &mut Outbox) {
    let mut all = HIDDEN_MINUTES.to_vec();
    if !all.contains(&settings.lock_hidden_minutes) {
        all.insert(0, settings.lock_hidden_minutes);
    }
    let choices: Vec<_> = all.into_iter().map(|minutes| (minutes, words(minutes * 60))).collect();
    let title = fl!("security-lock-hidden");
    setting_row(ui, title.clone(), fl!("security-lock-hidden-note"), |ui| {
        if let Some(minutes) = choice(ui, &title, &settings.lock_hidden_minutes, &choices) {
            out.change_settings(DeviceSettings { lock_hidden_minutes: minutes, ..settings.clone() });
        }
    });
}

/// Sends the settings of the vault if they are different.
pub(super) fn change(now: &VaultSettings, new: VaultSettings, out: &mut Outbox) {
    if *now != new {
        out.send(Command::SetVaultSettings(new));
    }
}

fn secs_row(ui: &mut Ui, title: String, note: String, offered: &[u32], value: &mut u32) {
    let mut all = offered.to_vec();
    if !all.contains(value) {
        all.insert(0, *value);
    }
    let choices: Vec<_> = all.into_iter().map(|secs| (secs, words(secs))).collect();
    setting_row(ui, title.clone(), note, |ui| {
        if let Some(secs) = choice(ui, &title, value, &choices) {
            *value = secs;
        }
    });
}

fn words(secs: u32) -> String {
    match secs {
        0 => fl!("secs-never"),
        1..=119 => fl!("secs-seconds", n = secs),
        120..=3599 => fl!("secs-minutes", n = (secs / 60)),
        _ => fl!("secs-hours", n = (secs / 3600)),
    }
}
