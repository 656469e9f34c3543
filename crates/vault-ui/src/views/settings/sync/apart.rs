//! What two devices decided apart, and how it is put together again: two epochs, two removals, a place that does not count.

use egui::Ui;
use vault_engine::{
    Command, RequestId,
    members::ForkSide,
    sync::{SyncState, SyncStatus},
};
use vault_model::SecretText;
use vault_protocol::Hash;

use crate::{
    fl, notices,
    outbox::{FileUse, Outbox},
    role,
    state::State,
    theme::{S2, S3, S4, tokens},
    views::{recover::KitForm, settings::password::outcome_ui},
    widgets::{
        Look, PushButton,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        progress::hint,
        secondary, secret_field,
        toast::Toast,
    },
};

/// What is typed or under way.
#[derive(Default)]
pub(super) struct ApartForm {
    open: Option<Open>,
    password: SecretText,
    other: SecretText,
    kit: KitForm,
    stands: Option<Hash>,
    request: Option<RequestId>,
    failed: Option<String>,
    focused: bool,
}

/// Which dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Epochs,
    Settle,
    Place,
}

impl Open {
    /// What ends a state in which sync has stopped.
    fn of(state: &SyncState) -> Option<Self> {
        match state {
            SyncState::PasswordNeeded => Some(Self::Epochs),
            SyncState::SettleNeeded => Some(Self::Settle),
            SyncState::PlaceLost => Some(Self::Place),
            _ => None,
        }
    }
}

/// The words of the button that opens the dialog, where there is one for this state.
pub(super) fn verb(state: &SyncState) -> Option<String> {
    Open::of(state).map(|open| match open {
        Open::Epochs => fl!("epochs-open"),
        Open::Settle => fl!("settle-open"),
        Open::Place => fl!("place-open"),
    })
}

impl ApartForm {
    /// Opens the dialog that ends what stopped sync, if one does.
    pub(super) fn open(&mut self, state: &SyncState) {
        *self = Self { open: Open::of(state), ..Self::default() };
    }

    fn follow(&mut self, state: &State, out: &mut Outbox) {
        let Some(outcome) = self.request.and_then(|request| state.outcome(request)) else { return };
        self.request = None;
        match &outcome.result {
            Ok(()) => {
                let text = match self.open {
                    Some(Open::Settle) => fl!("settle-done"),
                    Some(Open::Place) => fl!("place-done"),
                    Some(Open::Epochs) | None => fl!("epochs-done"),
                };
                out.toast(Toast::done(text));
                if self.open == Some(Open::Epochs) {
                    out.send(Command::SyncNow);
                }
                *self = Self::default();
            }
            Err(failure) => self.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut ApartForm, out: &mut Outbox) {
    form.follow(state, out);
    let Some(open) = form.open else { return };
    let (salt, title) = match open {
        Open::Epochs => ("join-epochs", fl!("epochs-title")),
        Open::Settle => ("settle", fl!("settle-title")),
        Open::Place => ("new-place", fl!("place-title")),
    };
    let mut done = false;
    let closed = dialog(ui, salt, &title, FORM_WIDTH, |ui| {
        done = match open {
            Open::Epochs => epochs_ui(ui, state, status, form, out),
            Open::Settle => settle_ui(ui, state, status, form, out),
            Open::Place => place_ui(ui, state, form, out),
        };
    });
    if closed || done {
        *form = ApartForm::default();
    }
}

fn say(ui: &mut Ui, text: String) {
    ui.add(egui::Label::new(role::body(ui, text).color(tokens(ui).text2)).wrap());
    ui.add_space(S3);
}

/// The last line and the buttons; true if it is not wanted any more.
fn end_ui(
    ui: &mut Ui,
    state: &State,
    form: &mut ApartForm,
    verb: String,
    ready: bool,
    submitted: bool,
    go: impl FnOnce(&mut ApartForm),
) -> bool {
    outcome_ui(ui, state, false, form.failed.as_deref(), form.request);
    let ready = ready && form.request.is_none();
    dialog_buttons(ui, |ui| {
        let pressed = PushButton::new(Look::Primary, verb).enabled(ready).show(ui).clicked();
        if ready && (pressed || submitted) {
            form.failed = None;
            go(form);
        }
        secondary(ui, fl!("cancel")).clicked()
    })
}

/// The passwords of both sides.
fn epochs_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut ApartForm, out: &mut Outbox) -> bool {
    let device = status.unopened.first().map(|name| named(name));
    match &device {
        Some(device) => say(ui, fl!("epochs-text", device = device.as_str())),
        None => say(ui, fl!("epochs-text-same")),
    }
    let own = secret_field(ui, fl!("epochs-own"), &mut form.password);
    if !std::mem::replace(&mut form.focused, true) {
        own.response.request_focus();
    }
    let mut submitted = own.submitted;
    if let Some(device) = &device {
        ui.add_space(S3);
        let other = secret_field(ui, fl!("epochs-other", device = device.as_str()), &mut form.other);
        hint(ui, fl!("epochs-other-hint"));
        submitted |= other.submitted;
    }
    let ready = !form.password.is_empty();
    end_ui(ui, state, form, fl!("epochs-go"), ready, submitted, |form| {
        let other = (!form.other.is_empty()).then(|| form.other.duplicate());
        form.request = Some(out.send(Command::JoinEpochs { password: form.password.duplicate(), other }));
    })
}

/// Which side stands, and the kit.
fn settle_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut ApartForm, out: &mut Outbox) -> bool {
    say(ui, fl!("settle-text"));
    ui.label(role::label(ui, fl!("settle-choice")));
    for side in &status.fork {
        let words = fl!("settle-side", by = all(&side.by), removes = all(&side.removes));
        if ui.radio(form.stands == Some(side.entry), role::body(ui, words)).clicked() {
            form.stands = Some(side.entry);
        }
        side_note_ui(ui, side);
    }
    ui.add_space(S4);
    let submitted = form.kit.ui(ui, state, FileUse::SettleKit, out);
    let ready = form.stands.is_some() && form.kit.is_ready(state, FileUse::SettleKit);
    end_ui(ui, state, form, fl!("settle-go"), ready, submitted, |form| {
        if let (Some(stands), Some(kit)) = (form.stands, form.kit.take(state, FileUse::SettleKit)) {
            form.request = Some(out.send(Command::Settle { stands, kit }));
        }
    })
}

fn side_note_ui(ui: &mut Ui, side: &ForkSide) {
    let note = if side.keeps_this { fl!("settle-this") } else { fl!("settle-not-this") };
    // Below the words of the choice, not below its circle.
    egui::Frame::new().inner_margin(egui::Margin { left: 24, ..egui::Margin::ZERO }).show(ui, |ui| ui.label(role::small(ui, note)));
    ui.add_space(S2);
}

/// Kit and master password.
fn place_ui(ui: &mut Ui, state: &State, form: &mut ApartForm, out: &mut Outbox) -> bool {
    say(ui, fl!("place-text"));
    let mut submitted = form.kit.ui(ui, state, FileUse::PlaceKit, out);
    ui.add_space(S3);
    submitted |= secret_field(ui, fl!("master-password"), &mut form.password).submitted;
    let ready = !form.password.is_empty() && form.kit.is_ready(state, FileUse::PlaceKit);
    end_ui(ui, state, form, fl!("place-go"), ready, submitted, |form| {
        if let Some(kit) = form.kit.take(state, FileUse::PlaceKit) {
            form.request = Some(out.send(Command::EnrolAgain { kit, password: form.password.duplicate() }));
        }
    })
}

fn named(name: &str) -> String {
    if name.is_empty() { fl!("sync-nameless") } else { name.to_owned() }
}

/// Several names in one phrase.
fn all(names: &[String]) -> String {
    let mut names = names.iter().map(|name| named(name));
    let first = names.next().unwrap_or_else(|| fl!("sync-nameless"));
    names.fold(first, |first, second| fl!("settle-and", first = first, second = second))
}
