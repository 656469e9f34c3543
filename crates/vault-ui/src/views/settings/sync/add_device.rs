//! Adding a device: a code for it, four characters to compare, and the master password.

use egui::Ui;
use vault_engine::{Command, Failure, RequestId, sync::PairingStep};
use vault_model::SecretText;

use crate::{
    fl, format, icons, notices,
    outbox::{Ask, Outbox},
    role::{self, Role},
    state::State,
    theme::{S2, S3, S4, tokens},
    views::{pairing::characters_ui, settings::password::outcome_ui},
    widgets::{
        Look, PushButton, Qr,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        icon_button, secondary, secret_field,
        toast::Toast,
    },
};

/// Side of the QR code in points: a phone held at arm's length reads it.
const QR_SIDE: f32 = 168.0;

/// What is typed or under way.
#[derive(Default)]
pub(super) struct AddDeviceForm {
    open: bool,
    /// Makes the code and waits.
    host: Option<RequestId>,
    confirm: Option<RequestId>,
    /// The link with the code, drawn.
    qr: Option<Qr>,
    /// What the new device calls itself.
    device: String,
    password: SecretText,
    failed: Option<String>,
}

impl AddDeviceForm {
    /// Opens the dialog with a new code.
    pub(super) fn open(&mut self, out: &mut Outbox) {
        *self = Self { open: true, host: Some(out.send(Command::PairHost)), ..Self::default() };
    }

    /// Closes it; a code that still runs becomes void.
    fn close(&mut self, state: &State, out: &mut Outbox) {
        for request in [self.confirm, self.host].into_iter().flatten().filter(|request| state.is_running(*request)) {
            out.send(Command::Cancel(request));
        }
        *self = Self::default();
    }

    fn follow(&mut self, state: &State, out: &mut Outbox) {
        if let Some(Err(failure)) = self.confirm.and_then(|request| state.outcome(request)).map(|outcome| &outcome.result) {
            self.confirm = None;
            self.failed = Some(notices::failure(failure, state.now_ms));
        }
        let Some(outcome) = self.host.and_then(|request| state.outcome(request)) else { return };
        self.host = None;
        match &outcome.result {
            Ok(()) => {
                let text = match self.device.as_str() {
                    "" => fl!("pair-done-nameless"),
                    device => fl!("pair-done", device = device),
                };
                out.toast(Toast::done(text));
                *self = Self::default();
            }
            // A failed confirmation has said why already, and more exactly.
            Err(Failure::Cancelled) => {}
            Err(failure) => self.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, form: &mut AddDeviceForm, out: &mut Outbox) {
    if !form.open {
        return;
    }
    form.follow(state, out);
    if !form.open {
        return;
    }
    let step = state.pairing.as_ref().filter(|(request, _)| Some(*request) == form.host).map(|(_, step)| step);
    let title = match step {
        Some(PairingStep::Compare { .. }) => fl!("pair-compare-title"),
        _ => fl!("pair-title"),
    };
    let mut done = false;
    let closed = dialog(ui, "add-device", &title, FORM_WIDTH, |ui| match step {
        Some(PairingStep::Code { code, server, expires_ms }) => {
            let link = || Qr::new(crate::pair_link::write(server, code).expose());
            if form.qr.is_none() {
                form.qr = link();
            }
            done = code_ui(ui, state, code, server, *expires_ms, form.qr.as_ref(), out);
        }
        Some(PairingStep::Compare { code, device }) => {
            form.device.clone_from(device);
            done = compare_ui(ui, state, code, form, out);
        }
        Some(PairingStep::Done { .. } | PairingStep::PasswordNeeded) | None => done = waiting_ui(ui, state, form, out),
    });
    if closed || done {
        form.close(state, out);
    }
}

/// The code and where it is typed; true if it is no longer wanted.
fn code_ui(ui: &mut Ui, state: &State, code: &SecretText, server: &str, expires_ms: u64, qr: Option<&Qr>, out: &mut Outbox) -> bool {
    let t = tokens(ui);
    ui.add(egui::Label::new(role::body(ui, fl!("pair-text", option = fl!("first-join"))).color(t.text2)).wrap());
    ui.add_space(S3);
    ui.label(role::label(ui, fl!("sync-server-field")));
    ui.horizontal(|ui| {
        ui.add(egui::Label::new(Role::Mono.rich(server, t.text)).wrap());
        if icon_button(ui, icons::COPY, fl!("pair-copy-server")).clicked() {
            out.ask(Ask::CopyPublic(server.to_owned()));
        }
    });
    ui.add_space(S2);
    ui.label(role::label(ui, fl!("pair-code")));
    characters_ui(ui, &fl!("pair-code"), code.expose());
    if let Some(qr) = qr {
        ui.add_space(S3);
        ui.horizontal(|ui| {
            qr.show(ui, &fl!("pair-qr"), QR_SIDE);
            ui.add(egui::Label::new(role::small(ui, fl!("pair-qr-note"))).wrap());
        });
    }
    ui.add_space(S2);
    let left = expires_ms.saturating_sub(state.now_ms);
    ui.label(role::small(ui, fl!("pair-valid", left = format::remaining(left))));
    if let Some(step_ms) = format::remaining_steps_in_ms(left) {
        ui.request_repaint_after(std::time::Duration::from_millis(step_ms + 50));
    }
    dialog_buttons(ui, |ui| secondary(ui, fl!("cancel")).clicked())
}

/// The four characters and the master password; true if they differ.
fn compare_ui(ui: &mut Ui, state: &State, code: &str, form: &mut AddDeviceForm, out: &mut Outbox) -> bool {
    let has_password = state.vault.as_ref().is_some_and(|vault| vault.status.has_password);
    let t = tokens(ui);
    let text = match form.device.as_str() {
        "" => fl!("pair-compare-text-nameless"),
        device => fl!("pair-compare-text", device = device),
    };
    ui.add(egui::Label::new(role::body(ui, text).color(t.text2)).wrap());
    ui.add_space(S3);
    characters_ui(ui, &fl!("pair-compare-name"), code);
    ui.add_space(S4);
    let mut submitted = false;
    if has_password {
        let answer = secret_field(ui, fl!("master-password"), &mut form.password);
        if ui.memory(|memory| memory.focused().is_none()) {
            answer.response.request_focus();
        }
        submitted = answer.submitted;
    }
    outcome_ui(ui, state, false, form.failed.as_deref(), form.confirm);
    let ready = form.confirm.is_none() && (!has_password || !form.password.is_empty());
    dialog_buttons(ui, |ui| {
        let go = PushButton::new(Look::Primary, fl!("pair-equal")).enabled(ready).show(ui);
        if ready && (go.clicked() || submitted) {
            form.failed = None;
            form.confirm = Some(out.send(Command::PairConfirm { password: form.password.take() }));
        }
        secondary(ui, fl!("pair-differ")).clicked()
    })
}

/// Before the code is there, and after it is void; true if it is enough.
fn waiting_ui(ui: &mut Ui, state: &State, form: &mut AddDeviceForm, out: &mut Outbox) -> bool {
    if form.failed.is_none() {
        ui.label(role::body(ui, fl!("progress-working")));
    }
    outcome_ui(ui, state, false, form.failed.as_deref(), form.host);
    dialog_buttons(ui, |ui| {
        if form.host.is_none() && PushButton::new(Look::Primary, fl!("pair-again")).show(ui).clicked() {
            form.open(out);
        }
        secondary(ui, fl!("cancel")).clicked()
    })
}
