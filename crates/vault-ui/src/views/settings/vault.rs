//! The vault itself: name, public name, device key, check, trash, removal.

use egui::Ui;
use vault_engine::{
    Command, RequestId,
    event::{CheckReport, DeviceKeyPlace, Problem, ProblemKind},
};
use vault_model::SecretText;

use super::{choice, lead, security};
use crate::{
    fl, format, icons, notices,
    outbox::{Ask, Outbox},
    role::{self, Role},
    state::State,
    theme::{S2, S3, S4, Tone, icon_button_side, tokens},
    widgets::{
        Banner, Look, PushButton, banner, card, card_line,
        dialog::{FORM_WIDTH, WIDTH, dialog, dialog_buttons},
        error_text, icon_button,
        progress::request_progress,
        secondary, secret_field, section_head, setting_row, switch, text_field,
        toast::Toast,
    },
};

/// Days in the trash that are offered; 0 = never.
const TRASH_DAYS: [u32; 5] = [7, 30, 90, 365, 0];

/// What is typed or under way.
#[derive(Default)]
pub(super) struct VaultForm {
    rename: Option<String>,
    read_attachments: bool,
    check: Option<RequestId>,
    deleting: bool,
    password: SecretText,
    name_again: String,
    delete: Option<RequestId>,
    failed: Option<String>,
}

pub(super) fn vault_ui(ui: &mut Ui, state: &State, form: &mut VaultForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let status = &vault.status;
    lead(ui, fl!("vault-lead"));
    card(ui, |ui| {
        setting_row(ui, fl!("vault-own-name"), status.name.clone(), |ui| {
            if PushButton::new(Look::Secondary, fl!("vault-rename")).show(ui).clicked() {
                form.rename = Some(status.name.clone());
            }
        });
        card_line(ui);
        did_ui(ui, &status.did, out);
        card_line(ui);
        let (place, note) = match status.device_key {
            DeviceKeyPlace::OsAccount => (fl!("vault-key-account"), fl!("vault-key-account-note")),
            DeviceKeyPlace::SameDisk => {
                (fl!("vault-key-disk", here = crate::l10n::here()), fl!("vault-key-disk-note", here = crate::l10n::here()))
            }
            DeviceKeyPlace::None => (fl!("vault-key-none", here = crate::l10n::here()), fl!("vault-key-none-note")),
        };
        setting_row(ui, place, note, |_| {});
        card_line(ui);
        setting_row(ui, fl!("vault-devices", n = status.n_devices), "", |_| {});
        card_line(ui);
        let mut new = status.settings.clone();
        setting_row(ui, fl!("vault-trash"), fl!("vault-trash-note"), |ui| {
            let choices = TRASH_DAYS.map(|days| (days, if days == 0 { fl!("secs-never") } else { fl!("recovery-days", n = days) }));
            if let Some(days) = choice(ui, &fl!("vault-trash"), &status.settings.trash_days, &choices) {
                new.trash_days = days;
            }
        });
        security::change(&status.settings, new, out);
    });
    section_head(ui, fl!("vault-check-head"));
    check_ui(ui, state, form, out);
    section_head(ui, fl!("vault-danger"));
    card(ui, |ui| {
        setting_row(ui, fl!("vault-delete-title", here = crate::l10n::here()), fl!("vault-delete-note"), |ui| {
            if PushButton::new(Look::Danger, fl!("vault-delete")).show(ui).clicked() {
                form.deleting = true;
                form.failed = None;
            }
        });
    });
    rename_ui(ui, state, form, out);
    delete_ui(ui, state, form, out);
}

fn did_ui(ui: &mut Ui, did: &str, out: &mut Outbox) {
    let t = tokens(ui);
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(role::body(ui, fl!("vault-did")));
        ui.label(role::small(ui, fl!("vault-did-note")));
        ui.horizontal(|ui| {
            let width = ui.available_width() - icon_button_side(ui) - 12.0;
            let galley = Role::Mono.line(ui, did, t.text2, width);
            let (rect, response) = ui.allocate_exact_size(egui::Vec2::new(width, 28.0), egui::Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, did));
            ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text2);
            if icon_button(ui, icons::COPY, fl!("vault-did-copy")).clicked() {
                out.ask(Ask::CopyPublic(did.to_owned()));
                out.toast(Toast::done(fl!("vault-did-copied")));
            }
        });
    });
}

fn check_ui(ui: &mut Ui, state: &State, form: &mut VaultForm, out: &mut Outbox) {
    let running = form.check.is_some_and(|request| state.is_running(request));
    card(ui, |ui| {
        setting_row(ui, fl!("vault-check-title"), fl!("vault-check-note"), |ui| {
            if PushButton::new(Look::Secondary, fl!("vault-check")).enabled(!running).show(ui).clicked() {
                form.check = Some(out.send(Command::CheckVault { read_attachments: form.read_attachments }));
            }
        });
        card_line(ui);
        setting_row(ui, fl!("vault-check-bytes"), fl!("vault-check-bytes-note"), |ui| {
            switch(ui, &fl!("vault-check-bytes"), &mut form.read_attachments)
        });
    });
    ui.add_space(S2);
    let Some(request) = form.check else { return };
    if request_progress(ui, state, request, true) {
        out.send(Command::Cancel(request));
    }
    if let Some(Err(failure)) = state.outcome(request).map(|outcome| &outcome.result) {
        error_text(ui, notices::failure(failure, state.now_ms));
    }
    if let Some((answered, report)) = &state.checked
        && *answered == request
    {
        report_ui(ui, report);
    }
}

/// Which checks ran, not just a tick; then each problem with what it means.
fn report_ui(ui: &mut Ui, report: &CheckReport) {
    let text = if report.problems.is_empty() { fl!("vault-check-good") } else { fl!("vault-check-bad", n = report.problems.len()) };
    let tone = if report.problems.is_empty() { Tone::Ok } else { Tone::Danger };
    banner(ui, &Banner { tone, text: &text, button: None, dismissible: false });
    ui.add_space(S2);
    let read = format::bytes(report.len_bytes);
    for line in [
        fl!("vault-checked-items", n = report.n_items),
        fl!("vault-checked-entries", n = report.n_entries),
        fl!("vault-checked-control", n = report.n_control),
        fl!("vault-checked-attachments", n = report.n_attachments, size = read),
    ] {
        ui.label(role::small(ui, line));
    }
    for problem in &report.problems {
        ui.add_space(S2);
        ui.add(egui::Label::new(role::body(ui, problem_words(problem)).color(tokens(ui).danger)).wrap());
    }
}

fn problem_words(problem: &Problem) -> String {
    let subject = problem.subject.as_str();
    match problem.kind {
        ProblemKind::Database => fl!("problem-database"),
        ProblemKind::RowDamaged => fl!("problem-row-damaged", subject = subject),
        ProblemKind::RowDiffers => fl!("problem-row-differs", subject = subject),
        ProblemKind::LogDamaged => fl!("problem-log-damaged", subject = subject),
        ProblemKind::RootDiffers => fl!("problem-root-differs"),
        ProblemKind::AttachmentMissing => fl!("problem-attachment-missing", subject = subject),
        ProblemKind::AttachmentDamaged => fl!("problem-attachment-damaged", subject = subject),
        ProblemKind::Orphan => fl!("problem-orphan", subject = subject),
    }
}

fn rename_ui(ui: &mut Ui, state: &State, form: &mut VaultForm, out: &mut Outbox) {
    let (Some(vault), Some(name)) = (&state.vault, &mut form.rename) else { return };
    let mut done = false;
    let closed = dialog(ui, "rename", &fl!("vault-rename-title"), WIDTH, |ui| {
        let input = text_field(ui, fl!("vault-own-name"), name);
        if ui.memory(|memory| memory.focused().is_none()) {
            input.request_focus();
        }
        ui.label(role::small(ui, fl!("vault-rename-note", here = crate::l10n::here())));
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        dialog_buttons(ui, |ui| {
            let ready = !name.trim().is_empty();
            if (PushButton::new(Look::Primary, fl!("vault-rename-go")).enabled(ready).show(ui).clicked() || entered) && ready {
                out.send(Command::RenameVault { vault: vault.status.vault, name: name.trim().to_owned() });
                done = true;
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.rename = None;
    }
}

fn delete_ui(ui: &mut Ui, state: &State, form: &mut VaultForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    if !form.deleting {
        return;
    }
    if let Some(Err(failure)) = form.delete.and_then(|request| state.outcome(request)).map(|outcome| &outcome.result) {
        form.failed = Some(notices::failure(failure, state.now_ms));
        form.delete = None;
    }
    let status = &vault.status;
    let mut done = false;
    let closed = dialog(
        ui,
        "delete-vault",
        &fl!("vault-delete-dialog", here = crate::l10n::here(), name = status.name.as_str()),
        FORM_WIDTH,
        |ui| {
            ui.add(egui::Label::new(role::body(ui, fl!("vault-delete-sentence", here = crate::l10n::here()))).wrap());
            if status.last_backup_ms == 0 {
                ui.add_space(S3);
                let text = fl!("vault-delete-no-backup");
                banner(ui, &Banner { tone: Tone::Danger, text: &text, button: None, dismissible: false });
            }
            ui.add_space(S4);
            text_field(ui, fl!("vault-delete-name"), &mut form.name_again);
            if status.has_password {
                ui.add_space(S3);
                secret_field(ui, fl!("password-current"), &mut form.password);
            }
            if let Some(failed) = &form.failed {
                error_text(ui, failed);
            }
            let ready = form.delete.is_none()
                && form.name_again.trim() == status.name.trim()
                && (!status.has_password || !form.password.is_empty());
            dialog_buttons(ui, |ui| {
                if PushButton::new(Look::DangerFilled, fl!("vault-delete")).enabled(ready).show(ui).clicked() {
                    form.failed = None;
                    form.delete = Some(out.send(Command::DeleteVault { vault: status.vault, password: form.password.take() }));
                }
                if secondary(ui, fl!("dialog-keep")).clicked() {
                    done = true;
                }
            });
        },
    );
    if closed || done {
        form.deleting = false;
        form.password.clear();
        form.name_again.clear();
    }
}
