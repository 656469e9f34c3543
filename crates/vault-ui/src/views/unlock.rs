//! The lock screen: one column, the vault's name, one field.

use egui::{Id, Ui, vec2};
use vault_engine::{
    Command, Failure, RequestId,
    event::{Stage, VaultEntry},
};
use vault_model::SecretText;
use vault_protocol::VaultId;

use crate::{
    app::{Forms, Gate},
    fl, format, icons, notices,
    outbox::Outbox,
    role::{self, Role},
    state::State,
    theme::{CONTROL_LARGE, S2, S4, S5, tokens},
    widgets::{
        Look, PushButton, SecretInput, error_text, heading, link,
        progress::{hint, progress},
        secondary,
    },
};

/// Width of the column.
const COLUMN: f32 = 320.0;

/// What is typed on the lock screen.
#[derive(Default)]
pub struct UnlockForm {
    /// The master password.
    pub password: SecretText,
    /// The attempt under way or the last one.
    pub request: Option<RequestId>,
    /// Whether the vault was locked rather than never opened: a vault without password then waits for a click.
    pub locked_by_hand: bool,
    /// Which vault all this is about.
    pub vault: Option<VaultId>,
    /// Why it was locked, if the person did not do it.
    pub note: Option<String>,
    focused: bool,
}

/// The lock screen of `entry`.
pub fn unlock_ui(ui: &mut Ui, state: &State, entry: &VaultEntry, forms: &mut Forms, out: &mut Outbox) {
    if forms.unlock.vault != Some(entry.vault) {
        let locked_by_hand = forms.unlock.locked_by_hand && forms.unlock.vault.is_none();
        let note = forms.unlock.note.take();
        forms.unlock = UnlockForm { vault: Some(entry.vault), locked_by_hand, note, ..UnlockForm::default() };
    }
    let running = forms.unlock.request.filter(|request| state.is_running(*request));
    // A vault that only this device protects opens by itself, once.
    if !entry.has_password && entry.has_device_key && !forms.unlock.locked_by_hand && forms.unlock.request.is_none() {
        send(entry, &mut forms.unlock, out);
    }
    centred_column(ui, COLUMN, |ui| {
        mark(ui);
        ui.add_space(S4);
        heading(ui.add(egui::Label::new(role::display(ui, entry.name.clone())).wrap()), 1);
        let last = match entry.last_opened_ms {
            0 => fl!("unlock-never-opened"),
            then => fl!("unlock-last-opened", ago = format::ago(state.now_ms, then)),
        };
        hint(ui, last);
        ui.add_space(S5);
        if let Some(note) = &forms.unlock.note {
            hint(ui, note.clone());
            ui.add_space(S2);
        }
        match running {
            Some(request) => deriving_ui(ui, state, entry, request, &mut forms.unlock, out),
            None if entry.has_password => password_ui(ui, state, entry, forms, out),
            None => open_ui(ui, state, entry, forms, out),
        }
        ui.add_space(S5);
        if running.is_none() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = S4;
                if link(ui, fl!("unlock-use-kit")).clicked() {
                    forms.gate = Gate::Recover(entry.vault);
                }
                if link(ui, fl!("unlock-other-vault")).clicked() {
                    forms.gate = Gate::Picker;
                }
            });
        }
    });
}

fn password_ui(ui: &mut Ui, state: &State, entry: &VaultEntry, forms: &mut Forms, out: &mut Outbox) {
    let form = &mut forms.unlock;
    let wait_ms = wait_ms(state, entry, form);
    let id = Id::unique("nt2 master password");
    let label = fl!("master-password");
    let hint_text = label.clone();
    let field =
        SecretInput::new(label).hide_label().hint(&hint_text).height(CONTROL_LARGE).max_width(COLUMN).id(id).show(ui, &mut form.password);
    // Once, when the screen appears: the person may move on from here.
    if !form.focused {
        form.focused = true;
        field.response.request_focus();
    }
    if state.caps_lock == Some(true) {
        ui.horizontal(|ui| {
            let t = tokens(ui);
            ui.label(Role::Icon.rich(icons::WARNING, t.warn));
            ui.label(Role::Small.rich(fl!("caps-lock"), t.warn));
        });
    }
    if wait_ms > 0 {
        error_text(ui, fl!("unlock-wait", wait = format::countdown(wait_ms)));
        ui.request_repaint_after(std::time::Duration::from_millis(wait_ms.min(1_000)));
    } else if let Some(failure) = last_failure(state, form) {
        error_text(ui, notices::failure(failure, state.now_ms));
    }
    ui.add_space(S2);
    let ready = !form.password.is_empty() && wait_ms == 0;
    let button = PushButton::new(Look::Primary, fl!("unlock")).height(CONTROL_LARGE).full_width().enabled(ready).show(ui);
    if ready && (button.clicked() || field.submitted) {
        send(entry, form, out);
    }
}

/// A vault without a master password: one button, or the way to the kit.
fn open_ui(ui: &mut Ui, state: &State, entry: &VaultEntry, forms: &mut Forms, out: &mut Outbox) {
    let form = &mut forms.unlock;
    if let Some(failure) = last_failure(state, form) {
        error_text(ui, notices::failure(failure, state.now_ms));
        ui.add_space(S2);
    }
    if !entry.has_device_key {
        hint(ui, notices::failure(&Failure::NoDeviceKey, state.now_ms));
        ui.add_space(S2);
        let button = PushButton::new(Look::Primary, fl!("unlock-use-kit")).height(CONTROL_LARGE).full_width().show(ui);
        if button.clicked() {
            forms.gate = Gate::Recover(entry.vault);
        }
        return;
    }
    hint(ui, fl!("unlock-no-password"));
    ui.add_space(S2);
    let button = PushButton::new(Look::Primary, fl!("unlock-open")).height(CONTROL_LARGE).full_width().show(ui);
    if !form.focused {
        form.focused = true;
        button.request_focus();
    }
    if button.clicked() {
        send(entry, form, out);
    }
}

fn deriving_ui(ui: &mut Ui, state: &State, entry: &VaultEntry, request: RequestId, form: &mut UnlockForm, out: &mut Outbox) {
    let Some(running) = state.requests.get(&request) else { return };
    // However it ends: if the lock screen comes back, so does the keyboard.
    form.focused = false;
    let age = state.now_ms.saturating_sub(running.since_ms);
    let (fraction, text) = match running.progress {
        Some(at) if at.stage == Stage::Opening && at.total > 0 => {
            (Some(at.done as f32 / at.total as f32), fl!("unlock-opening", done = at.done, total = at.total))
        }
        Some(at) => {
            let total = at.total.max(1);
            (Some((at.done.max(age) as f32 / total as f32).min(0.97)), fl!("unlock-checking", secs = total.div_ceil(1000)))
        }
        None => (Some((age as f32 / 1500.0).min(0.9)), fl!("unlock-checking", secs = 1)),
    };
    ui.request_repaint_after(std::time::Duration::from_millis(100));
    progress(ui, fraction, &text);
    ui.add_space(S2);
    if entry.has_password && secondary(ui, fl!("cancel")).clicked() {
        out.send(Command::Cancel(request));
        form.request = None;
    }
}

fn send(entry: &VaultEntry, form: &mut UnlockForm, out: &mut Outbox) {
    form.note = None;
    form.focused = false;
    form.request = Some(out.send(Command::Unlock { vault: entry.vault, password: form.password.take() }));
}

fn last_failure<'a>(state: &'a State, form: &UnlockForm) -> Option<&'a Failure> {
    state.outcome(form.request?)?.result.as_ref().err().filter(|failure| **failure != Failure::Cancelled)
}

/// How long the next attempt has to wait, by the engine's word and the last answer.
fn wait_ms(state: &State, entry: &VaultEntry, form: &UnlockForm) -> u64 {
    let by_entry = entry.not_before_ms.saturating_sub(state.now_ms);
    let outcome = form.request.and_then(|request| state.outcome(request));
    let by_answer = match outcome.map(|outcome| (outcome.at_ms, &outcome.result)) {
        Some((at_ms, Err(Failure::WrongPassword { wait_ms } | Failure::TooEarly { wait_ms }))) => {
            (at_ms + wait_ms).saturating_sub(state.now_ms)
        }
        _ => 0,
    };
    by_entry.max(by_answer)
}

/// A column in the middle whose top is at 30 % of the height: the one thing of the program that is centred.
pub(super) fn centred_column(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    egui::CentralPanel::default().show(ui, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.max_rect();
            let width = width.min(room.width() - 32.0);
            ui.add_space((room.height() * 0.3 - 64.0).max(16.0));
            ui.horizontal(|ui| {
                ui.add_space(((room.width() - width) / 2.0).max(16.0));
                ui.vertical(|ui| {
                    ui.set_width(width);
                    add(ui);
                });
            });
            ui.add_space(32.0);
        });
    });
}

/// The program's mark, 48.
pub(super) fn mark(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(48.0, 48.0), egui::Sense::hover());
    crate::widgets::mark::paint(ui, rect);
}
