//! Opening a vault with its recovery kit.

use egui::{Align, Layout, Ui};
use vault_engine::{
    Command, RequestId,
    command::{KitInput, KitPartner},
    event::VaultEntry,
};
use vault_model::SecretText;

use super::first_run::stage;
use crate::{
    app::{Forms, Gate},
    fl, icons, notices,
    outbox::{Ask, FileUse, Outbox},
    role,
    state::State,
    theme::{S2, S3, S4, S5},
    widgets::{
        self, Look, PushButton, SecretInput, error_text, heading, progress::hint, request_progress, secret_field, segmented,
        strength::Rating,
    },
};

/// How the kit is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KitBy {
    /// The file.
    #[default]
    File,
    /// The 24 words.
    Words,
}

/// A kit as it is being given; also part of a restore.
#[derive(Default)]
pub struct KitForm {
    by: KitBy,
    words: SecretText,
    passphrase: SecretText,
    /// Its first control takes the focus at the next frame.
    wants_focus: bool,
}

impl KitForm {
    /// Puts the focus on its first control.
    pub fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// The kit, if enough was given. Takes the secrets out of the form.
    pub fn take(&mut self, state: &State, purpose: FileUse) -> Option<KitInput> {
        if !self.is_ready(state, purpose) {
            return None;
        }
        match self.by {
            KitBy::Words => Some(KitInput::Words(self.words.take())),
            KitBy::File => {
                let source = state.chosen(purpose)?.files.first()?.source;
                Some(KitInput::File { source, passphrase: Some(self.passphrase.take()) })
            }
        }
    }

    /// Whether the kit is given by its words, which alone do not name the vault.
    pub fn is_by_words(&self) -> bool {
        self.by == KitBy::Words
    }

    /// Whether enough was given.
    pub fn is_ready(&self, state: &State, purpose: FileUse) -> bool {
        match self.by {
            KitBy::Words => self.words.expose().split_whitespace().count() == 24,
            KitBy::File => !self.passphrase.is_empty() && state.chosen(purpose).is_some_and(|chosen| !chosen.files.is_empty()),
        }
    }

    /// Draws it; true if Enter was pressed in its passphrase.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, purpose: FileUse, out: &mut Outbox) -> bool {
        let choices = [(KitBy::File, fl!("kit-by-file")), (KitBy::Words, fl!("kit-by-words"))];
        segmented(ui, &fl!("kit-by"), &mut self.by, &choices);
        ui.add_space(S3);
        match self.by {
            KitBy::File => {
                let picked = state.chosen(purpose).and_then(|chosen| chosen.files.first());
                ui.horizontal(|ui| {
                    let choose = PushButton::new(Look::Secondary, fl!("choose-file")).icon(icons::FILE_LOCK).show(ui);
                    if std::mem::take(&mut self.wants_focus) {
                        choose.request_focus();
                    }
                    if choose.clicked() {
                        out.ask(Ask::PickFiles { purpose, several: false });
                    }
                    match picked {
                        Some(file) => ui.label(role::body(ui, file.name.clone())),
                        None => ui.label(role::small(ui, fl!("kit-file-hint"))),
                    }
                });
                ui.add_space(S3);
                let answer = secret_field(ui, fl!("kit-passphrase"), &mut self.passphrase);
                hint(ui, fl!("kit-passphrase-hint"));
                answer.submitted
            }
            KitBy::Words => {
                SecretInput::new(fl!("kit-words")).multiline(4).height(96.0).show(ui, &mut self.words);
                let n = self.words.expose().split_whitespace().count();
                hint(ui, fl!("kit-words-count", n = n));
                false
            }
        }
    }
}

/// What the kit goes with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lost {
    /// The password: this device's key and a new password.
    #[default]
    Password,
    /// The device's key: the master password.
    Device,
}

/// What is typed on this screen.
#[derive(Default)]
pub struct RecoverForm {
    kit: KitForm,
    lost: Lost,
    chosen_by_hand: bool,
    password: SecretText,
    rating: Rating,
    again: SecretText,
    request: Option<RequestId>,
}

/// Unlock with the kit.
pub fn recover_ui(ui: &mut Ui, state: &State, entry: &VaultEntry, forms: &mut Forms, out: &mut Outbox) {
    stage(ui, |ui| {
        let form = &mut forms.recover;
        if !form.chosen_by_hand {
            form.lost = if entry.has_device_key { Lost::Password } else { Lost::Device };
        }
        heading(ui.label(role::display(ui, fl!("recover-title"))), 1);
        widgets::empty::prose(ui, fl!("recover-text", name = entry.name.clone()));
        ui.add_space(S5);
        form.kit.ui(ui, state, FileUse::UnlockKit, out);
        ui.add_space(S4);
        if entry.has_device_key {
            let choices = [(Lost::Password, fl!("recover-lost-password")), (Lost::Device, fl!("recover-know-password"))];
            form.chosen_by_hand |= segmented(ui, &fl!("recover-with"), &mut form.lost, &choices);
            ui.add_space(S3);
        }
        let label = match form.lost {
            Lost::Password => fl!("new-master-password"),
            Lost::Device => fl!("master-password"),
        };
        secret_field(ui, label, &mut form.password);
        let mut equal = true;
        if form.lost == Lost::Password {
            form.rating.bar_ui(ui, state, &form.password, &[&entry.name], out);
            ui.add_space(S3);
            let again = secret_field(ui, fl!("master-password-again"), &mut form.again);
            equal = form.password.expose() == form.again.expose();
            if !equal && !form.again.is_empty() && !again.response.has_focus() {
                error_text(ui, fl!("passwords-differ"));
            }
        }
        ui.add_space(S2);
        hint(ui, fl!("recover-after"));
        let outcome = form.request.and_then(|request| state.outcome(request));
        if let Some(failure) = outcome.and_then(|outcome| outcome.result.as_ref().err()) {
            error_text(ui, notices::failure(failure, state.now_ms));
        }
        ui.add_space(S5);
        if let Some(request) = form.request.filter(|request| state.is_running(*request)) {
            if request_progress(ui, state, request, true) {
                out.send(Command::Cancel(request));
            }
            return;
        }
        let ready = form.kit.is_ready(state, FileUse::UnlockKit) && !form.password.is_empty() && equal;
        let mut back = false;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let go = PushButton::new(Look::Primary, fl!("recover-go")).enabled(ready).show(ui);
            if go.clicked()
                && let Some(kit) = form.kit.take(state, FileUse::UnlockKit)
            {
                form.again.clear();
                let with = match form.lost {
                    Lost::Password => KitPartner::Device { new_password: form.password.take() },
                    Lost::Device => KitPartner::Password(form.password.take()),
                };
                form.request = Some(out.send(Command::UnlockWithKit { vault: entry.vault, kit, with }));
            }
            back = PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked();
        });
        if back {
            forms.recover = RecoverForm::default();
            forms.gate = Gate::Unlock(entry.vault);
        }
    });
}
