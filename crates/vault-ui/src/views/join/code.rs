//! Joining with a code that the other device shows: typed here, four characters compared, then the master password.

use egui::{Align, Layout, Ui};
use vault_engine::{Command, Failure, RequestId, sync::PairingStep};
use vault_model::SecretText;

use crate::{
    fl, notices,
    outbox::Outbox,
    role,
    state::State,
    theme::{S2, S3, S4, S5},
    views::{pairing::characters_ui, settings::server_address},
    widgets::{self, Look, PushButton, SecretInput, error_text, progress::hint, request_progress, secret_field, section_head, text_field},
};

/// What is typed and under way.
#[derive(Default)]
pub(super) struct CodeForm {
    code: SecretText,
    password: SecretText,
    /// Joins; runs until the vault is open.
    join: Option<RequestId>,
    finish: Option<RequestId>,
    focused: bool,
}

impl CodeForm {
    /// With a code that a link brought.
    pub(super) fn with(code: &str) -> Self {
        Self { code: code.into(), ..Self::default() }
    }

    /// Whether the other device has answered: nothing else can be chosen now.
    pub(super) fn is_under_way(&self, state: &State) -> bool {
        self.join.is_some_and(|request| state.is_running(request)) || self.finish.is_some_and(|request| state.is_running(request))
    }

    fn step<'a>(&self, state: &'a State) -> Option<&'a PairingStep> {
        state.pairing.as_ref().filter(|(request, _)| Some(*request) == self.join).map(|(_, step)| step)
    }
}

/// Code and name; true when "Back" was pressed.
pub(super) fn type_ui(ui: &mut Ui, state: &State, server: &mut String, name: &mut String, form: &mut CodeForm, out: &mut Outbox) -> bool {
    section_head(ui, fl!("join-by-code"));
    let code = SecretInput::new(fl!("pair-code")).hint("XXXX-XXXX-XXXX-XXXX").open().show(ui, &mut form.code);
    if let Some((linked, code)) =
        crate::pair_link::parse(form.code.expose()).map(|(server, code)| (server.to_owned(), SecretText::from(code)))
    {
        *server = linked;
        form.code = code;
    }
    hint(ui, fl!("join-code-hint"));
    ui.add_space(S3);
    text_field(ui, fl!("vault-name"), name);
    hint(ui, fl!("vault-rename-note", here = crate::l10n::here()));
    failure_ui(ui, state, form.join);
    ui.add_space(S5);
    if let Some(request) = form.join.filter(|request| state.is_running(*request)) {
        if request_progress(ui, state, request, true) {
            out.send(Command::Cancel(request));
        }
        return false;
    }
    let ready = !server.trim().is_empty() && !form.code.is_empty() && !name.trim().is_empty();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let go = PushButton::new(Look::Primary, fl!("pair-continue")).enabled(ready).show(ui);
        if ready && (go.clicked() || code.submitted) {
            let server = server_address::with_scheme(server);
            let command = Command::PairJoin { server, code: form.code.duplicate(), name: name.trim().to_owned() };
            form.join = Some(out.send(command));
        }
        PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked()
    })
    .inner
}

/// What follows once the other device has answered; false if that is not yet so.
pub(super) fn steps_ui(ui: &mut Ui, state: &State, form: &mut CodeForm, out: &mut Outbox) -> bool {
    match form.step(state) {
        Some(PairingStep::Compare { code, .. }) => compare_ui(ui, code, form, out),
        Some(PairingStep::PasswordNeeded) => password_ui(ui, state, form, out),
        // The last step's request goes on when the pairing itself has ended.
        _ if form.finish.is_some_and(|request| state.is_running(request)) => password_ui(ui, state, form, out),
        Some(PairingStep::Code { .. } | PairingStep::Done { .. }) | None => return false,
    }
    true
}

fn compare_ui(ui: &mut Ui, code: &str, form: &CodeForm, out: &mut Outbox) {
    ui.label(role::display(ui, fl!("pair-compare-title")));
    widgets::empty::prose(ui, fl!("join-compare-text"));
    ui.add_space(S4);
    characters_ui(ui, &fl!("pair-compare-name"), code);
    ui.add_space(S5);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| stop_ui(ui, form, out));
}

fn password_ui(ui: &mut Ui, state: &State, form: &mut CodeForm, out: &mut Outbox) {
    ui.label(role::display(ui, fl!("join-added-title")));
    widgets::empty::prose(ui, fl!("join-added-text"));
    ui.add_space(S4);
    let password = secret_field(ui, fl!("master-password"), &mut form.password);
    if !std::mem::replace(&mut form.focused, true) {
        password.response.request_focus();
    }
    failure_ui(ui, state, form.finish);
    ui.add_space(S5);
    if let Some(request) = form.finish.filter(|request| state.is_running(*request)) {
        if request_progress(ui, state, request, true) {
            out.send(Command::Cancel(request));
        }
        return;
    }
    let ready = !form.password.is_empty();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let go = PushButton::new(Look::Primary, fl!("recover-go")).enabled(ready).show(ui);
        if ready && (go.clicked() || password.submitted) {
            form.finish = Some(out.send(Command::PairFinish { password: form.password.take() }));
        }
        stop_ui(ui, form, out);
    });
}

/// Ends the pairing on this side.
fn stop_ui(ui: &mut Ui, form: &CodeForm, out: &mut Outbox) {
    if PushButton::new(Look::Secondary, fl!("pair-stop")).show(ui).clicked()
        && let Some(request) = form.join
    {
        out.send(Command::Cancel(request));
    }
}

fn failure_ui(ui: &mut Ui, state: &State, request: Option<RequestId>) {
    let failure = request.and_then(|request| state.outcome(request)).and_then(|outcome| outcome.result.as_ref().err());
    if let Some(failure) = failure.filter(|failure| **failure != Failure::Cancelled) {
        ui.add_space(S2);
        error_text(ui, notices::failure(failure, state.now_ms));
    }
}
