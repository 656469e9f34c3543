//! Joining with the vault's address and the master password, where its owner allowed that.

use egui::{Align, Layout, Ui};
use vault_engine::{Command, Failure, RequestId};
use vault_model::SecretText;

use crate::{
    fl, notices,
    outbox::Outbox,
    state::State,
    theme::{S2, S3, S5},
    widgets::{Look, PushButton, error_text, progress::hint, request_progress, secret_field, section_head, text_field},
};

/// What is typed and under way.
#[derive(Default)]
pub(super) struct AddressForm {
    address: String,
    password: SecretText,
    request: Option<RequestId>,
    focused: bool,
}

impl AddressForm {
    /// With the address that a link brought.
    pub(super) fn with(address: String) -> Self {
        Self { address, ..Self::default() }
    }

    pub(super) fn is_under_way(&self, state: &State) -> bool {
        self.request.is_some_and(|request| state.is_running(request))
    }
}

/// Address, password and name; true when "Back" was pressed.
pub(super) fn address_ui(ui: &mut Ui, state: &State, name: &mut String, form: &mut AddressForm, out: &mut Outbox) -> bool {
    section_head(ui, fl!("address-head"));
    let address = text_field(ui, fl!("join-address"), &mut form.address);
    hint(ui, fl!("join-address-hint"));
    ui.add_space(S3);
    let password = secret_field(ui, fl!("master-password"), &mut form.password);
    if !std::mem::replace(&mut form.focused, true) {
        if form.address.is_empty() { &address } else { &password.response }.request_focus();
    }
    ui.add_space(S3);
    text_field(ui, fl!("vault-name"), name);
    hint(ui, fl!("vault-rename-note", here = crate::l10n::here()));
    let outcome = form.request.and_then(|request| state.outcome(request));
    let failure = outcome.and_then(|outcome| outcome.result.as_ref().err());
    if let Some(failure) = failure.filter(|failure| **failure != Failure::Cancelled) {
        ui.add_space(S2);
        error_text(ui, words_of(failure, state.now_ms));
    }
    ui.add_space(S5);
    if let Some(request) = form.request.filter(|request| state.is_running(*request)) {
        if request_progress(ui, state, request, true) {
            out.send(Command::Cancel(request));
        }
        return false;
    }
    let ready = !form.address.trim().is_empty() && !form.password.is_empty() && !name.trim().is_empty();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let go = PushButton::new(Look::Primary, fl!("join-go")).enabled(ready).tooltip(fl!("join-address-tip")).show(ui);
        if ready && (go.clicked() || password.submitted) {
            let (address, name) = (form.address.trim().to_owned(), name.trim().to_owned());
            form.request = Some(out.send(Command::JoinWithPassword { address, name, password: form.password.take() }));
        }
        PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked()
    })
    .inner
}

/// The server tells none of these apart, so neither can we.
fn words_of(failure: &Failure, now_ms: u64) -> String {
    match failure {
        Failure::NotAccepted | Failure::NotRegistered | Failure::WrongPassword { .. } => fl!("join-address-refused"),
        other => notices::failure(other, now_ms),
    }
}
