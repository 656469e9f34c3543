//! Making a backup, proving that it opens, and merging one into the open vault.

use egui::Ui;
use vault_engine::{
    Command, Failure, RequestId, SourceId,
    command::{BackupKeyInput, RestoreInto},
};
use vault_model::SecretText;

use crate::{
    fl, format, notices,
    outbox::{Ask, FileUse, Outbox},
    role,
    state::State,
    theme::{S2, S3, Tone, tokens},
    widgets::{
        Banner, Look, PushButton, banner, card, card_line,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        error_text,
        progress::{hint, request_progress},
        secondary, secret_field, setting_row,
    },
};

use super::{
    passphrase::{Need, PassphraseForm},
    password::outcome_ui,
};

/// What is under way with backups.
#[derive(Default)]
pub(super) struct BackupForm {
    is_open: bool,
    passphrase: PassphraseForm,
    /// The shell's serial when a place was asked for.
    asked_place: Option<u64>,
    writing: Option<RequestId>,
    /// Where the backup goes, for display.
    place: String,
    asked_test: Option<u64>,
    testing: Option<RequestId>,
    asked_merge: Option<u64>,
    merge: Option<SourceId>,
    inspecting: Option<RequestId>,
    merging: Option<RequestId>,
    merge_passphrase: SecretText,
    merge_focused: bool,
    failed: Option<String>,
}

impl BackupForm {
    pub(super) fn open(&mut self) {
        self.is_open = true;
        self.passphrase = PassphraseForm::default();
        self.failed = None;
    }
}

pub(super) fn cards_ui(ui: &mut Ui, state: &State, form: &mut BackupForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    follow(state, form, out);
    let status = &vault.status;
    let (title, note) = if status.last_backup_ms == 0 {
        (fl!("backup-never"), fl!("backup-never-note", here = crate::l10n::here()))
    } else {
        let when = format::ago(state.now_ms, status.last_backup_ms);
        (fl!("backup-last", when = when), fl!("backup-changes", n = status.n_changes_since_backup))
    };
    card(ui, |ui| {
        setting_row(ui, title, note, |ui| {
            if PushButton::new(Look::Primary, fl!("backup-now")).show(ui).clicked() {
                form.open();
            }
        });
        card_line(ui);
        setting_row(ui, fl!("backup-test-title"), fl!("backup-test-note"), |ui| {
            if PushButton::new(Look::Secondary, fl!("backup-test")).enabled(form.testing.is_none()).show(ui).clicked() {
                form.asked_test = Some(state.serial());
                form.failed = None;
                out.ask(Ask::PickFiles { purpose: FileUse::TestBackup, several: false });
            }
        });
        card_line(ui);
        setting_row(ui, fl!("backup-merge-title"), fl!("backup-merge-note"), |ui| {
            let enabled = form.merging.is_none() && status.read_only.is_none();
            if PushButton::new(Look::Secondary, fl!("backup-merge")).enabled(enabled).show(ui).clicked() {
                form.asked_merge = Some(state.serial());
                form.failed = None;
                out.ask(Ask::PickFiles { purpose: FileUse::RestoreBackup, several: false });
            }
        });
    });
    results_ui(ui, state, form, out);
}

/// Takes in what the shell and the engine answered.
fn follow(state: &State, form: &mut BackupForm, out: &mut Outbox) {
    let newer = |purpose, asked: Option<u64>| state.chosen(purpose).filter(|chosen| asked.is_some_and(|asked| chosen.serial > asked));
    if let Some(chosen) = newer(FileUse::WriteBackup, form.asked_place) {
        form.asked_place = None;
        if let Some(sink) = chosen.sink {
            form.place.clone_from(&chosen.place);
            form.writing = Some(out.send(Command::Backup { sink, passphrase: form.passphrase.duplicate() }));
            form.is_open = false;
            form.passphrase = PassphraseForm::default();
        }
    }
    if let Some(chosen) = newer(FileUse::TestBackup, form.asked_test) {
        form.asked_test = None;
        if let Some(file) = chosen.files.first() {
            form.testing = Some(out.send(Command::TestBackup { source: file.source, key: BackupKeyInput::OpenVault }));
        }
    }
    if let Some(chosen) = newer(FileUse::RestoreBackup, form.asked_merge) {
        form.asked_merge = None;
        if let Some(file) = chosen.files.first() {
            form.merge = Some(file.source);
            form.inspecting = Some(out.send(Command::InspectBackup { source: file.source }));
        }
    }
    for request in [&mut form.writing, &mut form.testing, &mut form.inspecting, &mut form.merging] {
        let outcome = request.and_then(|request| state.outcome(request));
        if let Some(Err(failure)) = outcome.map(|outcome| &outcome.result) {
            *request = None;
            if *failure != Failure::Cancelled {
                form.failed = Some(notices::failure(failure, state.now_ms));
            }
        }
    }
}

fn results_ui(ui: &mut Ui, state: &State, form: &mut BackupForm, out: &mut Outbox) {
    ui.add_space(S2);
    for request in [form.writing, form.testing, form.merging].into_iter().flatten() {
        ui.push_id(request.0, |ui| {
            if request_progress(ui, state, request, true) {
                out.send(Command::Cancel(request));
            }
        });
    }
    if let Some(failed) = &form.failed {
        error_text(ui, failed);
    }
    if let Some((request, report)) = &state.backup
        && form.writing == Some(*request)
    {
        let (items, files, size) = (report.n_items, report.n_attachments, format::bytes(report.len_bytes));
        let text = match form.place.as_str() {
            "" => fl!("backup-done", items = items, files = files, size = size),
            place => fl!("backup-done-at", place = place, items = items, files = files, size = size),
        };
        banner(ui, &Banner { tone: Tone::Ok, text: &text, button: None, dismissible: false });
        hint(ui, fl!("backup-checksum", sum = report.checksum.as_str()));
        missing_ui(ui, report.n_missing);
    }
    if let Some((request, report, at_ms)) = &state.tested
        && form.testing == Some(*request)
    {
        let when = format::ago(state.now_ms, *at_ms);
        let (tone, text) = if !report.damaged.is_empty() {
            (Tone::Danger, fl!("backup-tested-damaged", n = report.damaged.len(), first = report.damaged[0].as_str()))
        } else if report.n_behind > 0 {
            (Tone::Warn, fl!("backup-tested-behind", when = when, items = report.n_items, n = report.n_behind))
        } else {
            let size = format::bytes(report.len_bytes);
            (Tone::Ok, fl!("backup-tested", when = when, items = report.n_items, files = report.n_attachments, size = size))
        };
        banner(ui, &Banner { tone, text: &text, button: None, dismissible: false });
    }
    if let Some((request, report)) = &state.restored
        && form.merging == Some(*request)
    {
        let text = fl!("backup-merged", added = report.n_added, changed = report.n_changed, equal = report.n_equal);
        banner(ui, &Banner { tone: Tone::Ok, text: &text, button: None, dismissible: false });
        missing_ui(ui, report.n_missing);
        if !report.purged.is_empty() {
            ui.label(role::small(ui, fl!("backup-purged", titles = report.purged.join(", "))));
        }
    }
}

/// Attachments whose bytes are nowhere: their names are kept, and it is said.
fn missing_ui(ui: &mut Ui, n_missing: u64) {
    if n_missing > 0 {
        ui.label(role::small(ui, fl!("backup-missing", n = n_missing)).color(tokens(ui).warn));
    }
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, form: &mut BackupForm, out: &mut Outbox) {
    if form.passphrase.generator_ui(ui, state, out) {
        return;
    }
    if form.is_open {
        write_ui(ui, state, form, out);
    } else if form.merge.is_some() {
        merge_ui(ui, state, form, out);
    }
}

fn write_ui(ui: &mut Ui, state: &State, form: &mut BackupForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let need = if vault.status.kit_saved { Need::Optional } else { Need::Required };
    let mut done = false;
    let closed = dialog(ui, "backup", &fl!("backup-dialog-title"), FORM_WIDTH, |ui| {
        let note = match need {
            Need::Required => fl!("backup-passphrase-required"),
            Need::Optional => fl!("backup-passphrase-optional"),
        };
        ui.add(egui::Label::new(role::body(ui, note).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        let labels = [fl!("backup-passphrase"), fl!("backup-passphrase-again")];
        let typed = form.passphrase.ui(ui, state, &vault.status.name, need, labels, out);
        outcome_ui(ui, state, typed.differs, None, None);
        dialog_buttons(ui, |ui| {
            let pressed = PushButton::new(Look::Primary, fl!("backup-choose-place")).enabled(typed.ready).show(ui).clicked();
            if typed.ready && (pressed || typed.submitted) {
                form.asked_place = Some(state.serial());
                let name = format!("{}.nt2backup", file_name(&vault.status.name));
                out.ask(Ask::SaveAs { name, purpose: FileUse::WriteBackup });
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.is_open = false;
        form.passphrase = PassphraseForm::default();
    }
}

fn merge_ui(ui: &mut Ui, state: &State, form: &mut BackupForm, out: &mut Outbox) {
    let header = state.backup_found.as_ref().filter(|(request, _)| form.inspecting == Some(*request)).map(|(_, header)| header);
    let (Some(source), Some(header), Some(vault)) = (form.merge, header, &state.vault) else { return };
    let same = header.vault == vault.status.vault;
    let mut done = false;
    let closed = dialog(ui, "merge", &fl!("backup-merge-dialog"), FORM_WIDTH, |ui| {
        let note = if same { fl!("backup-merge-same") } else { fl!("backup-merge-other") };
        ui.add(egui::Label::new(role::body(ui, note)).wrap());
        let mut submitted = false;
        if !same {
            ui.add_space(S3);
            let field = secret_field(ui, fl!("backup-passphrase"), &mut form.merge_passphrase);
            if !std::mem::replace(&mut form.merge_focused, true) {
                field.response.request_focus();
            }
            submitted = field.submitted;
        }
        dialog_buttons(ui, |ui| {
            let ready = same || !form.merge_passphrase.is_empty();
            let go = PushButton::new(Look::Primary, fl!("backup-merge-go")).enabled(ready).show(ui);
            if same && !std::mem::replace(&mut form.merge_focused, true) {
                go.request_focus();
            }
            if ready && (go.clicked() || submitted) {
                let key = if same { BackupKeyInput::OpenVault } else { BackupKeyInput::Passphrase(form.merge_passphrase.take()) };
                form.merging = Some(out.send(Command::Restore { source, key, into: RestoreInto::OpenVault }));
                done = true;
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.merge = None;
        form.inspecting = None;
        form.merge_focused = false;
        form.merge_passphrase.clear();
    }
}

/// The name of a vault without what file systems do not take.
pub(super) fn file_name(vault: &str) -> String {
    let name: String = vault.chars().map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') { c } else { '-' }).collect();
    let name = name.trim().to_owned();
    if name.is_empty() { "vault".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_the_vault_without_odd_characters() {
        assert_eq!(file_name("Mara / private: ä"), "Mara - private- ä");
        assert_eq!(file_name("  "), "vault");
    }
}
