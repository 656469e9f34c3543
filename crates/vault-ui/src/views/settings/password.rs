//! The dialog that sets the first master password or changes it: typed twice, rated, or generated.

use egui::Ui;
use vault_engine::{Command, RequestId, event::DeviceKeyPlace, event::VaultStatus};
use vault_model::{
    SecretText,
    strength::{Band, CrackTime, KdfCost},
};

use crate::{
    fl, l10n, notices,
    outbox::Outbox,
    role,
    state::State,
    theme::{S2, S3, tokens},
    views::generator::{GeneratorForm, generator_dialog_ui, offer_ui},
    widgets::{
        Look, PushButton,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        error_text,
        progress::request_progress,
        room::{OUTCOME, SMALL_LINE, STRENGTH, keep_room},
        secondary, secret_field,
        strength::Rating,
        strength_bar,
        toast::Toast,
    },
};

/// Least characters where the device key does not help, and of what opens a kit or a backup (DESIGN §3).
pub(super) const MIN_ALONE: usize = 15;
/// Least characters else.
const MIN: usize = 8;

/// What is typed in the dialog.
#[derive(Default)]
pub(super) struct PasswordForm {
    is_open: bool,
    current: SecretText,
    new: SecretText,
    again: SecretText,
    rating: Rating,
    generator: Option<GeneratorForm>,
    request: Option<RequestId>,
    failed: Option<String>,
    focused: bool,
}

impl PasswordForm {
    pub(super) fn open(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, form: &mut PasswordForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    if !form.is_open {
        return;
    }
    if follow(state, form, out) {
        *form = PasswordForm::default();
        return;
    }
    if let Some(generator) = &mut form.generator {
        if let Some(text) = generator_dialog_ui(ui, state, generator, out) {
            form.generator = None;
            if !text.is_empty() {
                form.new = text;
                form.again.clear();
            }
        }
        return;
    }
    let has = vault.status.has_password;
    let title = if has { fl!("password-change-title") } else { fl!("password-set-title") };
    let mut done = false;
    let closed = dialog(ui, "password", &title, FORM_WIDTH, |ui| {
        ui.add(egui::Label::new(role::body(ui, fl!("password-note", here = crate::l10n::here())).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        if has {
            let answer = secret_field(ui, fl!("password-current"), &mut form.current);
            focus_once(form, &answer.response);
            ui.add_space(S3);
        }
        let answer = secret_field(ui, fl!("password-new"), &mut form.new);
        focus_once(form, &answer.response);
        // In a narrow dialog two of the three sentences take two lines.
        let n_lines = if ui.available_width() < 400.0 { 5.0 } else { 3.0 };
        keep_room(ui, STRENGTH + (n_lines - 1.0) * SMALL_LINE, |ui| rating_ui(ui, state, &vault.status, form, out));
        if offer_ui(ui) {
            form.generator = Some(GeneratorForm::for_words());
        }
        ui.add_space(S2);
        let again = secret_field(ui, fl!("password-again"), &mut form.again);
        let equal = form.new.expose() == form.again.expose();
        let differs = !form.again.is_empty() && !equal && !again.response.has_focus();
        outcome_ui(ui, state, differs, form.failed.as_deref(), form.request);
        let running = form.request.is_some();
        let ready = !running && equal && !form.new.is_empty() && (!has || !form.current.is_empty());
        dialog_buttons(ui, |ui| {
            let verb = if has { fl!("password-change") } else { fl!("password-set") };
            let pressed = PushButton::new(Look::Primary, verb).enabled(ready).show(ui).clicked();
            if (pressed || again.submitted) && ready {
                form.failed = None;
                let command = Command::ChangePassword { current: form.current.duplicate(), new: form.new.duplicate() };
                form.request = Some(out.send(command));
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        *form = PasswordForm::default();
    }
}

/// The line above the buttons, whose room is kept: how far it is, else what is wrong.
pub(super) fn outcome_ui(ui: &mut Ui, state: &State, differs: bool, failed: Option<&str>, request: Option<RequestId>) {
    keep_room(ui, OUTCOME, |ui| {
        if let Some(request) = request {
            ui.add_space(4.0);
            request_progress(ui, state, request, false);
        } else if differs {
            error_text(ui, fl!("password-differs"));
        } else if let Some(failed) = failed {
            error_text(ui, failed);
        }
    });
}

fn focus_once(form: &mut PasswordForm, response: &egui::Response) {
    if !form.focused {
        form.focused = true;
        response.request_focus();
    }
}

/// True when the password is changed.
fn follow(state: &State, form: &mut PasswordForm, out: &mut Outbox) -> bool {
    let Some(outcome) = form.request.and_then(|request| state.outcome(request)) else { return false };
    form.request = None;
    match &outcome.result {
        Ok(()) => {
            out.toast(Toast::done(fl!("password-changed")));
            true
        }
        Err(failure) => {
            form.failed = Some(notices::failure(failure, state.now_ms));
            false
        }
    }
}

/// Bar, one reason with one fix, and what guessing would cost with the vault's own Argon2id settings.
fn rating_ui(ui: &mut Ui, state: &State, status: &VaultStatus, form: &mut PasswordForm, out: &mut Outbox) {
    if form.new.is_empty() {
        ui.label(role::small(ui, length_words(status)));
        return;
    }
    let n_chars = form.new.expose().chars().count();
    let Some(rated) = form.rating.follow(state, &form.new, &[&status.name], out) else { return };
    ui.add_space(S2);
    strength_bar(ui, rated.bits);
    if n_chars < min_chars(status) && rated.band < Band::Excellent {
        // What keeps it from being taken goes before what would make it better.
        ui.label(role::small(ui, length_words(status)).color(tokens(ui).warn));
    } else if let Some(reason) = rated.reason.and_then(|reason| l10n::text_of(reason.key())) {
        let fix = rated.fix.and_then(|fix| l10n::text_of(fix.key())).unwrap_or_default();
        ui.label(role::small(ui, format!("{reason}. {fix}.")));
    }
    let (memory_kib, passes, _) = status.kdf;
    ui.label(role::small(ui, fl!("password-crack", time = crack_words(CrackTime::of(rated.bits, KdfCost { memory_kib, passes })))));
}

fn min_chars(status: &VaultStatus) -> usize {
    match status.device_key {
        DeviceKeyPlace::OsAccount => MIN,
        DeviceKeyPlace::SameDisk | DeviceKeyPlace::None => MIN_ALONE,
    }
}

fn length_words(status: &VaultStatus) -> String {
    let n = min_chars(status);
    if n == MIN { fl!("password-length", n = n) } else { fl!("password-length-same-disk", here = crate::l10n::here(), n = n) }
}

fn crack_words(time: CrackTime) -> String {
    match time {
        CrackTime::Instant => fl!("crack-instant"),
        CrackTime::Seconds(n) => fl!("crack-seconds", n = n),
        CrackTime::Minutes(n) => fl!("crack-minutes", n = n),
        CrackTime::Hours(n) => fl!("crack-hours", n = n),
        CrackTime::Days(n) => fl!("crack-days", n = n),
        CrackTime::Years(n) => fl!("crack-years", n = n),
        CrackTime::Centuries => fl!("crack-centuries"),
    }
}
