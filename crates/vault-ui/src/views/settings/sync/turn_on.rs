//! Switching sync on: what it means, what must be there first, and with which server.

use egui::Ui;
use vault_engine::Command;

use super::SyncForm;
use crate::{
    fl, icons,
    outbox::{Go, Outbox},
    state::{OpenVault, State},
    theme::{S3, S4, Tone},
    views::settings::server_address,
    widgets::{Look, PushButton, RowIcon, card, card_line, error_text, notice_row, request_progress, section_head},
};

pub(super) fn turn_on_ui(ui: &mut Ui, state: &State, vault: &OpenVault, form: &mut SyncForm, out: &mut Outbox) {
    card(ui, |ui| {
        let gets = RowIcon { icon: icons::CLOUD, tone: None };
        notice_row(ui, Some(gets), fl!("sync-gets"), fl!("sync-gets-note"), |_| {});
        card_line(ui);
        let never = RowIcon { icon: icons::SHIELD_CHECK, tone: Some(Tone::Ok) };
        notice_row(ui, Some(never), fl!("sync-never"), fl!("sync-never-note"), |_| {});
    });
    let status = &vault.status;
    let prepared = status.has_password && status.kit_saved;
    if !prepared {
        section_head(ui, fl!("sync-first"));
        first_ui(ui, status.has_password, status.kit_saved, out);
    }
    section_head(ui, fl!("sync-server"));
    let known = vault.sync.as_ref().map(|sync| sync.server.clone()).filter(|server| !server.is_empty());
    let known = known.unwrap_or_else(|| state.offered_server.clone());
    let server = form.server.get_or_insert(known);
    let input = server_address::field_ui(ui, server, fl!("sync-server-hint"));
    let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if let Some(failed) = &form.failed {
        error_text(ui, failed);
    }
    ui.add_space(S4);
    if let Some(request) = form.enabling.filter(|request| state.is_running(*request)) {
        if request_progress(ui, state, request, true) {
            // Stops the exchange, and sync is off as before.
            out.send(Command::SyncDisable);
        }
        return;
    }
    let ready = prepared && !server.trim().is_empty() && vault.status.read_only.is_none();
    let tip = if prepared { fl!("sync-go-tip") } else { fl!("sync-go-tip-first") };
    let go = PushButton::new(Look::Primary, fl!("sync-go")).icon(icons::DEVICES).enabled(ready).tooltip(tip).show(ui);
    if ready && (go.clicked() || entered) {
        form.failed = None;
        form.enabling = Some(out.send(Command::SyncEnable { server: server_address::with_scheme(server) }));
    }
    ui.add_space(S3);
}

/// Password and kit, each with whether it is there.
fn first_ui(ui: &mut Ui, has_password: bool, kit_saved: bool, out: &mut Outbox) {
    let icon = |there: bool| match there {
        true => RowIcon { icon: icons::CHECK_CIRCLE, tone: Some(Tone::Ok) },
        false => RowIcon { icon: icons::CIRCLE, tone: None },
    };
    card(ui, |ui| {
        let title = if has_password { fl!("sync-first-password-there") } else { fl!("sync-first-password") };
        notice_row(ui, Some(icon(has_password)), title, fl!("sync-first-password-note"), |ui| {
            if !has_password && PushButton::new(Look::Primary, fl!("banner-password-go")).show(ui).clicked() {
                out.go(Go::SetPassword);
            }
        });
        card_line(ui);
        let title = if kit_saved { fl!("sync-first-kit-there") } else { fl!("sync-first-kit") };
        notice_row(ui, Some(icon(kit_saved)), title, fl!("sync-first-kit-note"), |ui| {
            let look = if has_password { Look::Primary } else { Look::Secondary };
            if !kit_saved && PushButton::new(look, fl!("card-kit-go")).show(ui).clicked() {
                out.go(Go::SaveKit);
            }
        });
    });
}
