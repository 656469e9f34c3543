//! What asks before it is done: another server, a new beginning, off here, the server's copy gone.

use egui::Ui;
use vault_engine::{Command, sync::SyncStatus};

use super::{Dialog, SyncForm};
use crate::{
    fl, notices,
    outbox::{FileUse, Outbox},
    role,
    state::State,
    theme::{S3, S4, tokens},
    views::settings::{password::outcome_ui, server_address},
    widgets::{
        Choice, Look, PushButton, confirm,
        dialog::{FORM_WIDTH, WIDTH, dialog, dialog_buttons},
        secondary,
    },
};

pub(super) fn dialogs_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut SyncForm, out: &mut Outbox) {
    let host = notices::sync::host(&status.server);
    match form.dialog {
        Dialog::None => {}
        Dialog::Server => server_ui(ui, status, form, out),
        Dialog::TurnOff => {
            let [title, text] = [fl!("sync-turn-off-dialog"), fl!("sync-turn-off-text", host = host)];
            let choice = confirm(ui, "sync-off", &title, &text, &fl!("sync-keep-on"), &fl!("sync-turn-off-go"), false);
            if choice == Choice::Go {
                out.send(Command::SyncDisable);
            }
            if choice != Choice::Open {
                form.dialog = Dialog::None;
            }
        }
        Dialog::Anew => {
            let [title, text] = [fl!("alarm-anew-dialog", host = host.as_str()), fl!("alarm-anew-text")];
            let choice = confirm(ui, "sync-anew", &title, &text, &fl!("alarm-anew-keep"), &fl!("alarm-anew-yes"), true);
            if choice == Choice::Go {
                form.enabling = Some(out.send(Command::SyncEnable { server: status.server.clone() }));
            }
            if choice != Choice::Open {
                form.dialog = Dialog::None;
            }
        }
        Dialog::Delete => delete_ui(ui, state, &host, form, out),
    }
}

fn server_ui(ui: &mut Ui, status: &SyncStatus, form: &mut SyncForm, out: &mut Outbox) {
    let mut done = false;
    let closed = dialog(ui, "sync-server", &fl!("sync-server-dialog"), WIDTH, |ui| {
        ui.add(egui::Label::new(role::body(ui, fl!("sync-server-text")).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        let server = form.server.get_or_insert_default();
        let input = server_address::field_ui(ui, server, fl!("sync-server-hint"));
        if ui.memory(|memory| memory.focused().is_none()) {
            input.request_focus();
        }
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let address = server_address::with_scheme(server);
        let ready = !server.trim().is_empty() && address != status.server;
        dialog_buttons(ui, |ui| {
            let go = PushButton::new(Look::Primary, fl!("sync-server-go")).enabled(ready).show(ui);
            if ready && (go.clicked() || entered) {
                form.failed = None;
                form.enabling = Some(out.send(Command::SyncEnable { server: address }));
                done = true;
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.dialog = Dialog::None;
        form.server = None;
    }
}

fn delete_ui(ui: &mut Ui, state: &State, host: &str, form: &mut SyncForm, out: &mut Outbox) {
    let mut done = false;
    let closed = dialog(ui, "sync-delete", &fl!("sync-delete-dialog", host = host), FORM_WIDTH, |ui| {
        ui.add(egui::Label::new(role::body(ui, fl!("sync-delete-text"))).wrap());
        ui.add_space(S4);
        let submitted = form.kit.ui(ui, state, FileUse::DeleteKit, out);
        outcome_ui(ui, state, false, form.failed.as_deref(), form.deleting);
        let ready = form.deleting.is_none() && form.kit.is_ready(state, FileUse::DeleteKit);
        dialog_buttons(ui, |ui| {
            let go = PushButton::new(Look::DangerFilled, fl!("sync-delete-go")).enabled(ready).show(ui);
            if ready
                && (go.clicked() || submitted)
                && let Some(kit) = form.kit.take(state, FileUse::DeleteKit)
            {
                form.failed = None;
                form.deleting = Some(out.send(Command::DeleteReplica { kit }));
            }
            if secondary(ui, fl!("dialog-keep")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.dialog = Dialog::None;
        form.kit = Default::default();
        form.failed = None;
    }
}
