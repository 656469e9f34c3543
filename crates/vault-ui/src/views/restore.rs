//! A backup becomes a vault of this device.

use egui::{Align, Layout, Ui};
use vault_engine::{
    Command, Failure, RequestId,
    command::{BackupKeyInput, RestoreInto},
    event::BackupHeader,
};
use vault_model::SecretText;

use super::{first_run::stage, recover::KitForm};
use crate::{
    app::{Forms, Gate},
    fl, format, icons, notices,
    outbox::{Ask, FileUse, Outbox, PickedFile},
    role,
    state::State,
    theme::{S2, S3, S4, S5, Tone},
    widgets::{
        self, Banner, Look, PushButton, banner, error_text, heading,
        progress::hint,
        request_progress,
        room::{OUTCOME, STRENGTH, keep_room},
        secret_field, segmented,
        strength::Rating,
        text_field,
    },
};

/// What opens the backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum By {
    /// Its own passphrase.
    #[default]
    Passphrase,
    /// Master password and this device.
    Device,
    /// Master password and kit.
    Kit,
}

/// What is typed on this screen.
#[derive(Default)]
pub struct RestoreForm {
    file: Option<PickedFile>,
    inspected: Option<RequestId>,
    seen_serial: u64,
    by: By,
    chosen_by_hand: bool,
    secret: SecretText,
    new_password: SecretText,
    rating: Rating,
    again: SecretText,
    kit: KitForm,
    name: String,
    request: Option<RequestId>,
    focused_choice: bool,
    focused_secret: bool,
}

/// Restore, step by step on one page.
pub fn restore_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    stage(ui, |ui| {
        let form = &mut forms.restore;
        take_file(state, form, out);
        heading(ui.label(role::display(ui, fl!("restore-title"))), 1);
        widgets::empty::prose(ui, fl!("restore-text", here = crate::l10n::here()));
        ui.add_space(S5);
        ui.horizontal(|ui| {
            let look = if form.file.is_some() { Look::Secondary } else { Look::Primary };
            let choose = PushButton::new(look, fl!("restore-choose")).icon(icons::FILE_LOCK).show(ui);
            if !std::mem::replace(&mut form.focused_choice, true) {
                choose.request_focus();
            }
            if choose.clicked() {
                out.ask(Ask::PickFiles { purpose: FileUse::RestoreBackup, several: false });
            }
            if let Some(file) = &form.file {
                ui.label(role::body(ui, format!("{} · {}", file.name, format::bytes(file.len_bytes))));
            }
        });
        failure_ui(ui, state, form.inspected);
        let header = state.backup_found.as_ref().filter(|(request, _)| Some(*request) == form.inspected).map(|(_, header)| header);
        if let Some(header) = header {
            ui.add_space(S4);
            header_ui(ui, header);
            ui.add_space(S4);
            key_ui(ui, state, header, form, out);
            failure_ui(ui, state, form.request);
        }
        ui.add_space(S5);
        if let Some(request) = form.request.filter(|request| state.is_running(*request)) {
            if request_progress(ui, state, request, true) {
                out.send(Command::Cancel(request));
            }
            return;
        }
        let mut back = false;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if header.is_some() {
                let go = PushButton::new(Look::Primary, fl!("restore-go")).enabled(is_ready(state, form)).show(ui);
                if go.clicked() {
                    restore(state, form, out);
                }
            }
            back = PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked();
        });
        if back {
            forms.restore = RestoreForm::default();
            forms.gate = if state.vaults.as_ref().is_some_and(Vec::is_empty) { Gate::Auto } else { Gate::Picker };
        }
    });
}

/// A newly picked file is looked at without keys first.
fn take_file(state: &State, form: &mut RestoreForm, out: &mut Outbox) {
    let Some(chosen) = state.chosen(FileUse::RestoreBackup) else { return };
    if chosen.serial == form.seen_serial {
        return;
    }
    form.seen_serial = chosen.serial;
    if let Some(file) = chosen.files.first() {
        form.file = Some(file.clone());
        form.inspected = Some(out.send(Command::InspectBackup { source: file.source }));
        form.request = None;
        form.chosen_by_hand = false;
        form.focused_secret = false;
        form.name = fl!("vault-default-name");
    }
}

fn header_ui(ui: &mut Ui, header: &BackupHeader) {
    let text = if header.is_here {
        fl!("restore-is-here", here = crate::l10n::here())
    } else {
        fl!("restore-is-not-here", here = crate::l10n::here())
    };
    banner(ui, &Banner { tone: Tone::Info, text: &text, button: None, dismissible: false });
}

fn key_ui(ui: &mut Ui, state: &State, header: &BackupHeader, form: &mut RestoreForm, out: &mut Outbox) {
    let mut choices = Vec::new();
    if header.has_passphrase {
        choices.push((By::Passphrase, fl!("restore-by-passphrase")));
    }
    if header.device_opens {
        choices.push((By::Device, fl!("restore-by-device", here = crate::l10n::here())));
    }
    choices.push((By::Kit, fl!("restore-by-kit")));
    if !form.chosen_by_hand {
        form.by = choices[0].0;
    }
    form.chosen_by_hand |= segmented(ui, &fl!("restore-by"), &mut form.by, &choices);
    ui.add_space(S3);
    let secret = match form.by {
        By::Passphrase => fl!("restore-passphrase"),
        By::Device | By::Kit => fl!("master-password"),
    };
    let secret = secret_field(ui, secret, &mut form.secret);
    if !std::mem::replace(&mut form.focused_secret, true) {
        secret.response.request_focus();
    }
    match form.by {
        By::Passphrase => {
            ui.add_space(S3);
            hint(ui, fl!("restore-passphrase-note"));
            ui.add_space(S3);
            secret_field(ui, fl!("new-master-password"), &mut form.new_password);
            keep_room(ui, STRENGTH, |ui| {
                if !form.new_password.is_empty() {
                    ui.add_space(S2);
                    form.rating.bar_ui(ui, state, &form.new_password, &[], out);
                }
            });
            ui.add_space(S2);
            let again = secret_field(ui, fl!("master-password-again"), &mut form.again);
            keep_room(ui, OUTCOME, |ui| {
                if form.new_password.expose() != form.again.expose() && !form.again.is_empty() && !again.response.has_focus() {
                    error_text(ui, fl!("passwords-differ"));
                }
            });
        }
        By::Device => {}
        By::Kit => {
            ui.add_space(S3);
            form.kit.ui(ui, state, FileUse::RestoreKit, out);
        }
    }
    ui.add_space(S3);
    text_field(ui, fl!("vault-name"), &mut form.name);
}

fn is_ready(state: &State, form: &RestoreForm) -> bool {
    let keys = match form.by {
        By::Passphrase => !form.secret.is_empty() && form.new_password.expose() == form.again.expose(),
        By::Device => true,
        By::Kit => form.kit.is_ready(state, FileUse::RestoreKit),
    };
    keys && !form.name.trim().is_empty()
}

fn restore(state: &State, form: &mut RestoreForm, out: &mut Outbox) {
    let Some(source) = form.file.as_ref().map(|file| file.source) else { return };
    let key = match form.by {
        By::Passphrase => BackupKeyInput::Passphrase(form.secret.take()),
        By::Device => BackupKeyInput::PasswordAndDevice(form.secret.take()),
        By::Kit => {
            let Some(kit) = form.kit.take(state, FileUse::RestoreKit) else { return };
            BackupKeyInput::PasswordAndKit { password: form.secret.take(), kit }
        }
    };
    form.again.clear();
    let new_password = (form.by == By::Passphrase && !form.new_password.is_empty()).then(|| form.new_password.take());
    let into = RestoreInto::Vault { name: form.name.trim().to_owned(), new_password };
    form.request = Some(out.send(Command::Restore { source, key, into }));
}

fn failure_ui(ui: &mut Ui, state: &State, request: Option<RequestId>) {
    let failure = request.and_then(|request| state.outcome(request)).and_then(|outcome| outcome.result.as_ref().err());
    if let Some(failure) = failure.filter(|failure| **failure != Failure::Cancelled) {
        ui.add_space(S2);
        error_text(ui, notices::failure(failure, state.now_ms));
    }
}
