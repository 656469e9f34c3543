//! Backup and recovery kit: what is safe, since when, and proof that it is.

use egui::Ui;
use vault_engine::command::VaultSettings;

use super::{
    backup::{self, BackupForm},
    choice,
    kit::{self, KitWorkForm},
    lead, security,
};
use crate::{
    fl,
    outbox::Outbox,
    state::State,
    views::durability::{DurabilityAnswer, durability_ui},
    widgets::{card, section_head, setting_row},
};

/// Ages at which the window reminds of a backup, in days; 0 = never.
const REMIND_DAYS: [u32; 5] = [1, 7, 14, 30, 0];

pub(super) fn recovery_ui(ui: &mut Ui, state: &State, backup: &mut BackupForm, kit: &mut KitWorkForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    lead(ui, fl!("recovery-lead", here = crate::l10n::here()));
    backup::cards_ui(ui, state, backup, out);
    if state.platform.is_browser() && state.storage.is_some() {
        section_head(ui, fl!("durable-head"));
        if durability_ui(ui, state, out) == DurabilityAnswer::BackUp {
            backup.open();
        }
    }
    section_head(ui, fl!("recovery-kit"));
    kit::card_ui(ui, state, kit, out);
    section_head(ui, fl!("recovery-reminders"));
    let now = &vault.status.settings;
    let mut new: VaultSettings = now.clone();
    card(ui, |ui| {
        setting_row(ui, fl!("recovery-remind"), "", |ui| {
            let choices = REMIND_DAYS.map(|days| (days, if days == 0 { fl!("secs-never") } else { fl!("recovery-days", n = days) }));
            if let Some(days) = choice(ui, &fl!("recovery-remind"), &now.backup_days, &choices) {
                new.backup_days = days;
            }
        });
    });
    security::change(now, new, out);
}
