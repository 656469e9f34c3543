//! The recovery kit: save it, then read it back. It counts as saved only when it has been read back.

use egui::Ui;
use vault_engine::{Command, Failure, RequestId, event::DeviceKeyPlace, event::KitVerdict};

use crate::{
    fl, notices,
    outbox::{Ask, FileUse, Outbox},
    role,
    state::State,
    theme::{S2, S3, Tone, tokens},
    views::recover::KitForm,
    widgets::{
        Banner, Look, PushButton, banner, card, card_line,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        secondary, setting_row,
        toast::Toast,
    },
};

use super::{
    backup::file_name,
    passphrase::{Need, PassphraseForm},
    password::outcome_ui,
};

/// What is under way with the kit.
#[derive(Default)]
pub(super) struct KitWorkForm {
    step: Step,
    passphrase: PassphraseForm,
    asked_place: Option<u64>,
    place: String,
    saving: Option<RequestId>,
    check: KitForm,
    checking: Option<RequestId>,
    failed: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Closed,
    Save,
    Check,
}

impl KitWorkForm {
    pub(super) fn open(&mut self) {
        *self = Self { step: Step::Save, ..Self::default() };
    }
}

pub(super) fn card_ui(ui: &mut Ui, state: &State, form: &mut KitWorkForm, _out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let saved = vault.status.kit_saved;
    card(ui, |ui| {
        let (title, note) = if saved {
            (fl!("kit-saved"), fl!("kit-saved-note", here = crate::l10n::here()))
        } else {
            (fl!("kit-unsaved"), fl!("kit-unsaved-note"))
        };
        setting_row(ui, title, note, |ui| {
            // Once it is saved, the vault keeps no copy to write another from.
            if !saved && PushButton::new(Look::Secondary, fl!("kit-save")).show(ui).clicked() {
                form.open();
            }
        });
        card_line(ui);
        setting_row(ui, fl!("kit-check-title"), fl!("kit-check-note"), |ui| {
            if PushButton::new(Look::Secondary, fl!("kit-check")).show(ui).clicked() {
                *form = KitWorkForm { step: Step::Check, ..KitWorkForm::default() };
                form.check.focus();
            }
        });
    });
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, form: &mut KitWorkForm, out: &mut Outbox) {
    follow(state, form, out);
    match form.step {
        Step::Closed => {}
        Step::Save => save_ui(ui, state, form, out),
        Step::Check => check_ui(ui, state, form, out),
    }
}

fn follow(state: &State, form: &mut KitWorkForm, out: &mut Outbox) {
    let chosen = state.chosen(FileUse::WriteKit).filter(|chosen| form.asked_place.is_some_and(|asked| chosen.serial > asked));
    if let Some(chosen) = chosen {
        form.asked_place = None;
        if let Some(sink) = chosen.sink {
            form.place.clone_from(&chosen.place);
            form.saving = Some(out.send(Command::SaveKit { sink, passphrase: form.passphrase.duplicate() }));
        }
    }
    if let Some(outcome) = form.saving.and_then(|request| state.outcome(request)) {
        form.saving = None;
        match &outcome.result {
            Ok(()) => {
                form.step = Step::Check;
                form.passphrase = PassphraseForm::default();
                form.check.focus();
                form.failed = None;
            }
            Err(failure) => form.failed = Some(save_failure(failure, state.now_ms)),
        }
    }
    if let Some(outcome) = form.checking.and_then(|request| state.outcome(request)) {
        let verdict = state.kit_checked.as_ref().filter(|(request, _)| form.checking == Some(*request)).map(|(_, verdict)| *verdict);
        form.checking = None;
        match (&outcome.result, verdict) {
            (Err(failure), _) => form.failed = Some(notices::failure(failure, state.now_ms)),
            (Ok(()), Some(KitVerdict::Good)) => {
                out.toast(Toast::done(fl!("kit-good")));
                *form = KitWorkForm::default();
            }
            (Ok(()), Some(KitVerdict::Replaced)) => form.failed = Some(fl!("kit-replaced")),
            (Ok(()), Some(KitVerdict::OtherVault)) => form.failed = Some(fl!("kit-other-vault")),
            (Ok(()), None) => {}
        }
    }
}

/// What the engine says of a missing passphrase is said of backups elsewhere.
fn save_failure(failure: &Failure, now_ms: u64) -> String {
    match failure {
        Failure::PassphraseRequired => fl!("kit-needs-passphrase"),
        other => notices::failure(other, now_ms),
    }
}

fn save_ui(ui: &mut Ui, state: &State, form: &mut KitWorkForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    if form.passphrase.generator_ui(ui, state, out) {
        return;
    }
    let mut done = false;
    let closed = dialog(ui, "kit-save", &fl!("kit-dialog-title"), FORM_WIDTH, |ui| {
        ui.label(role::label(ui, fl!("kit-step", n = 1)));
        ui.add(egui::Label::new(role::body(ui, fl!("kit-what")).color(tokens(ui).text2)).wrap());
        ui.add_space(S2);
        ui.add(egui::Label::new(role::body(ui, fl!("kit-passphrase-note")).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        let labels = [fl!("kit-new-passphrase"), fl!("kit-passphrase-again")];
        let typed = form.passphrase.ui(ui, state, &vault.status.name, Need::Required, labels, out);
        outcome_ui(ui, state, typed.differs, form.failed.as_deref(), form.saving);
        let ready = form.saving.is_none() && typed.ready;
        dialog_buttons(ui, |ui| {
            let pressed = PushButton::new(Look::Primary, fl!("kit-choose-place")).enabled(ready).show(ui).clicked();
            if ready && (pressed || typed.submitted) {
                form.asked_place = Some(state.serial());
                form.failed = None;
                let name = format!("{}.nt2recovery", file_name(&vault.status.name));
                out.ask(Ask::SaveAs { name, purpose: FileUse::WriteKit });
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        *form = KitWorkForm::default();
    }
}

fn check_ui(ui: &mut Ui, state: &State, form: &mut KitWorkForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let mut done = false;
    let closed = dialog(ui, "kit-check", &fl!("kit-check-dialog"), FORM_WIDTH, |ui| {
        if !form.place.is_empty() {
            ui.label(role::label(ui, fl!("kit-step", n = 2)));
            let text = fl!("kit-written", place = form.place.as_str());
            banner(ui, &Banner { tone: Tone::Info, text: &text, button: None, dismissible: false });
            ui.add_space(S3);
        }
        ui.add(egui::Label::new(role::body(ui, fl!("kit-check-what")).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        let submitted = form.check.ui(ui, state, FileUse::CheckKit, out);
        if !vault.status.kit_saved && vault.status.device_key == DeviceKeyPlace::SameDisk {
            ui.add_space(S2);
            ui.label(role::small(ui, fl!("kit-same-disk", here = crate::l10n::here())));
        }
        outcome_ui(ui, state, false, form.failed.as_deref(), form.checking);
        let ready = form.checking.is_none() && form.check.is_ready(state, FileUse::CheckKit);
        dialog_buttons(ui, |ui| {
            let pressed = PushButton::new(Look::Primary, fl!("kit-check-go")).enabled(ready).show(ui).clicked();
            if ready
                && (pressed || submitted)
                && let Some(kit) = form.check.take(state, FileUse::CheckKit)
            {
                form.failed = None;
                form.checking = Some(out.send(Command::CheckKit { kit }));
            }
            let later = if vault.status.kit_saved { fl!("cancel") } else { fl!("kit-later") };
            if secondary(ui, later).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        *form = KitWorkForm::default();
    }
}
