//! A passphrase for a file that must open when the master password is forgotten: typed twice, rated, or generated.

use egui::Ui;
use vault_model::SecretText;

use super::password::MIN_ALONE;
use crate::{
    fl,
    outbox::Outbox,
    role,
    state::State,
    theme::{S2, tokens},
    views::generator::{GeneratorForm, generator_dialog_ui, offer_ui},
    widgets::{
        room::{STRENGTH, keep_room},
        secret_field,
        strength::Rating,
    },
};

/// Whether the file can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// What is typed.
#[derive(Default)]
pub(super) struct PassphraseForm {
    text: SecretText,
    rating: Rating,
    again: SecretText,
    generator: Option<GeneratorForm>,
    focused: bool,
}

/// What came of a frame.
pub(super) struct PassphraseAnswer {
    /// It may be used as it stands.
    pub(super) ready: bool,
    /// Enter was pressed in one of the fields.
    pub(super) submitted: bool,
    /// The two differ, and neither is being typed any more.
    pub(super) differs: bool,
}

impl PassphraseForm {
    /// Below a field that is typed first.
    pub(super) fn unfocused() -> Self {
        Self { focused: true, ..Self::default() }
    }

    /// A copy of it; `None` if there is none.
    pub(super) fn duplicate(&self) -> Option<SecretText> {
        (!self.text.is_empty()).then(|| self.text.duplicate())
    }

    /// The dialog of the generator; true while it is open, instead of the one that asks for the passphrase.
    pub(super) fn generator_ui(&mut self, ui: &mut Ui, state: &State, out: &mut Outbox) -> bool {
        let Some(generator) = &mut self.generator else { return false };
        if let Some(text) = generator_dialog_ui(ui, state, generator, out) {
            self.generator = None;
            self.focused = false;
            if !text.is_empty() {
                self.text = text;
                self.again.clear();
            }
        }
        true
    }

    /// Both fields, their rating and the way to the generator. `vault_name` counts as easy to guess.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        vault_name: &str,
        need: Need,
        labels: [String; 2],
        out: &mut Outbox,
    ) -> PassphraseAnswer {
        let [label, label_again] = labels;
        let first = secret_field(ui, label, &mut self.text);
        if !self.focused {
            self.focused = true;
            first.response.request_focus();
        }
        let long_enough = self.text.expose().chars().count() >= MIN_ALONE;
        keep_room(ui, STRENGTH, |ui| {
            // What is refused anyway is not rated.
            if long_enough {
                ui.add_space(S2);
                self.rating.bar_ui(ui, state, &self.text, &[vault_name], out);
            } else {
                let t = tokens(ui);
                let color = if self.text.is_empty() { t.text3 } else { t.warn };
                ui.label(role::small(ui, fl!("password-length", n = MIN_ALONE)).color(color));
            }
        });
        if offer_ui(ui) {
            self.generator = Some(GeneratorForm::for_words());
        }
        ui.add_space(S2);
        let again = secret_field(ui, label_again, &mut self.again);
        let equal = self.text.expose() == self.again.expose();
        let ready = match need {
            Need::Optional if self.text.is_empty() => equal,
            Need::Optional | Need::Required => equal && long_enough,
        };
        if first.submitted && !ready {
            again.response.request_focus();
        }
        let left = !again.response.has_focus() && !first.response.has_focus();
        PassphraseAnswer { ready, submitted: first.submitted || again.submitted, differs: !equal && !self.again.is_empty() && left }
    }
}
