//! A vault that another device has comes here from a server: with a code that the other device shows, with recovery kit and password, or with
//! its address and password where that is allowed.

mod address;
mod code;

use egui::{Align, Layout, Ui};
use vault_engine::{Command, Failure, RequestId};
use vault_model::SecretText;

use super::{first_run::stage, recover::KitForm, settings::server_address};
use crate::{
    app::{Forms, Gate},
    fl, notices,
    outbox::{FileUse, Outbox},
    role,
    state::State,
    theme::{S2, S3, S4, S5},
    widgets::{
        self, Look, PushButton, error_text, heading, progress::hint, request_progress, secret_field, section_head, segmented, text_field,
    },
};

/// What says that the vault is one's own.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum By {
    /// A code, with the other device at hand.
    #[default]
    Code,
    /// The kit, without it.
    Kit,
    /// Address and password, without either.
    Address,
}

/// What is typed on this screen.
#[derive(Default)]
pub struct JoinForm {
    by: By,
    server: String,
    name: String,
    code: code::CodeForm,
    address: address::AddressForm,
    kit: KitForm,
    did: String,
    password: SecretText,
    request: Option<RequestId>,
    begun: bool,
}

impl JoinForm {
    /// Fills in what a link brought; the person goes on with it, or not.
    pub(crate) fn take_code(&mut self, server: &str, code: &str) {
        if code.starts_with("did:key:") {
            let address = address::AddressForm::with(vault_engine::sync::address(server, code));
            *self = Self { by: By::Address, address, ..Self::default() };
            return;
        }
        *self = Self { server: server.to_owned(), code: code::CodeForm::with(code), ..Self::default() };
    }
}

/// Joins a vault, all of it on one page until the other device answers.
pub fn join_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    stage(ui, |ui| {
        let form = &mut forms.join;
        if code::steps_ui(ui, state, &mut form.code, out) {
            return;
        }
        heading(ui.label(role::display(ui, fl!("join-title"))), 1);
        widgets::empty::prose(ui, fl!("join-text"));
        ui.add_space(S4);
        let running = form.code.is_under_way(state)
            || form.address.is_under_way(state)
            || form.request.is_some_and(|request| state.is_running(request));
        let choices = [(By::Code, fl!("join-with-code")), (By::Kit, fl!("recovery-kit")), (By::Address, fl!("join-with-address"))];
        ui.add_enabled_ui(!running, |ui| segmented(ui, &fl!("join-with"), &mut form.by, &choices));
        hint(
            ui,
            match form.by {
                By::Code => fl!("join-with-code-hint"),
                By::Kit => fl!("join-with-kit-hint"),
                By::Address => fl!("join-with-address-hint"),
            },
        );
        ui.add_space(S3);
        let begins = !std::mem::replace(&mut form.begun, true);
        if begins {
            form.name = fl!("vault-default-name");
            if form.server.is_empty() {
                form.server.clone_from(&state.offered_server);
            }
        }
        // An address names its server itself.
        if form.by != By::Address {
            let server = server_address::field_ui(ui, &mut form.server, fl!("join-server-hint"));
            if begins {
                server.request_focus();
            }
        }
        let back = match form.by {
            By::Address => address::address_ui(ui, state, &mut form.name, &mut form.address, out),
            By::Code => code::type_ui(ui, state, &mut form.server, &mut form.name, &mut form.code, out),
            By::Kit => kit_ui(ui, state, form, out),
        };
        if back {
            forms.join = JoinForm::default();
            forms.gate = if state.vaults.as_ref().is_some_and(Vec::is_empty) { Gate::Auto } else { Gate::Picker };
        }
    });
}

/// Kit, password and name; true when "Back" was pressed.
fn kit_ui(ui: &mut Ui, state: &State, form: &mut JoinForm, out: &mut Outbox) -> bool {
    section_head(ui, fl!("recovery-kit"));
    form.kit.ui(ui, state, FileUse::JoinKit, out);
    if form.kit.is_by_words() {
        ui.add_space(S3);
        text_field(ui, fl!("join-did"), &mut form.did);
        hint(ui, fl!("join-did-hint"));
    }
    section_head(ui, fl!("join-open"));
    let password = secret_field(ui, fl!("master-password"), &mut form.password);
    ui.add_space(S3);
    text_field(ui, fl!("vault-name"), &mut form.name);
    hint(ui, fl!("vault-rename-note", here = crate::l10n::here()));
    ui.add_space(S3);
    hint(ui, fl!("join-after"));
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
    let ready = is_ready(state, form);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let go = PushButton::new(Look::Primary, fl!("join-go")).enabled(ready).tooltip(fl!("join-go-tip")).show(ui);
        if ready && (go.clicked() || password.submitted) {
            join(state, form, out);
        }
        PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked()
    })
    .inner
}

fn is_ready(state: &State, form: &JoinForm) -> bool {
    let named = !form.kit.is_by_words() || !form.did.trim().is_empty();
    !form.server.trim().is_empty()
        && named
        && form.kit.is_ready(state, FileUse::JoinKit)
        && !form.password.is_empty()
        && !form.name.trim().is_empty()
}

fn join(state: &State, form: &mut JoinForm, out: &mut Outbox) {
    // A kit file names its vault itself.
    let did = form.kit.is_by_words().then(|| form.did.trim().to_owned());
    let Some(kit) = form.kit.take(state, FileUse::JoinKit) else { return };
    let command = Command::JoinWithKit {
        server: server_address::with_scheme(&form.server),
        did,
        name: form.name.trim().to_owned(),
        kit,
        password: form.password.take(),
    };
    form.request = Some(out.send(command));
}

/// What elsewhere speaks of this device's own vault or password is said of the one on the server.
fn words_of(failure: &Failure, now_ms: u64) -> String {
    match failure {
        Failure::NotAccepted | Failure::NotRegistered => fl!("join-not-accepted"),
        Failure::KitOfOtherVault => fl!("join-kit-other"),
        Failure::WrongPassword { .. } => fl!("join-wrong-password"),
        Failure::NotFound => fl!("join-did-missing"),
        other => notices::failure(other, now_ms),
    }
}
