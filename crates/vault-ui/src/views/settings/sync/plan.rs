//! What the server takes of this vault, and how one comes to Premium: by its shop, or by a code.

use egui::Ui;
use vault_engine::{
    Command, RequestId,
    sync::{Plan, SyncStatus},
};

use crate::{
    fl, format, icons, notices,
    outbox::{Ask, Outbox},
    role,
    state::State,
    theme::{S3, Tone, tokens},
    views::settings::password::outcome_ui,
    widgets::{
        Look, PushButton, RowIcon, card_line,
        dialog::{FORM_WIDTH, WIDTH, dialog, dialog_buttons},
        notice_row,
        progress::hint,
        secondary, text_field,
        toast::Toast,
    },
};

/// What is typed or under way.
#[derive(Default)]
pub(super) struct PlanForm {
    dialog: Dialog,
    code: String,
    request: Option<RequestId>,
    failed: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Dialog {
    #[default]
    None,
    /// Where Premium is bought.
    Buy,
    /// A code is typed.
    Code,
}

impl PlanForm {
    fn open(&mut self, dialog: Dialog, request: Option<RequestId>) {
        *self = Self { dialog, request, ..Self::default() };
    }
}

/// The plan in a row of a card, after a line; nothing where the server has not said.
pub(super) fn plan_ui(ui: &mut Ui, status: &SyncStatus, form: &mut PlanForm, out: &mut Outbox) {
    let (tone, icon, title, note) = match status.plan {
        Plan::Unknown => return,
        Plan::Open => (None, icons::CERTIFICATE, fl!("plan-open"), fl!("plan-open-note")),
        Plan::Required => (Some(Tone::Warn), icons::CERTIFICATE, fl!("plan-required"), fl!("plan-waits")),
        Plan::Active { until_ms: None } => (Some(Tone::Ok), icons::SEAL_CHECK, fl!("plan-active"), fl!("plan-active-note")),
        Plan::Active { until_ms: Some(until_ms) } => {
            (Some(Tone::Ok), icons::SEAL_CHECK, fl!("plan-until", date = format::date(until_ms)), fl!("plan-active-note"))
        }
        Plan::Grace { until_ms } => {
            (Some(Tone::Warn), icons::CERTIFICATE, fl!("plan-grace"), fl!("plan-grace-note", date = format::date(until_ms)))
        }
        Plan::Expired { since_ms } => {
            (Some(Tone::Warn), icons::CERTIFICATE, fl!("plan-expired", date = format::date(since_ms)), fl!("plan-waits"))
        }
    };
    card_line(ui);
    notice_row(ui, Some(RowIcon { icon, tone }), title, note, |ui| {
        let is_asked_for = !matches!(status.plan, Plan::Open | Plan::Active { until_ms: None });
        if !is_asked_for {
            return;
        }
        // From right to left: what most people want stands outermost.
        let runs = matches!(status.plan, Plan::Active { .. });
        if !runs && PushButton::new(Look::Primary, fl!("plan-get")).show(ui).clicked() {
            form.open(Dialog::Buy, Some(out.send(Command::OpenCheckout)));
        }
        if PushButton::new(Look::Secondary, fl!("plan-code")).show(ui).clicked() {
            form.open(Dialog::Code, None);
        }
    });
}

pub(super) fn dialogs_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut PlanForm, out: &mut Outbox) {
    match form.dialog {
        Dialog::None => {}
        Dialog::Buy => buy_ui(ui, state, form, out),
        Dialog::Code => code_ui(ui, state, status, form, out),
    }
}

/// Names the shop before its address is opened.
fn buy_ui(ui: &mut Ui, state: &State, form: &mut PlanForm, out: &mut Outbox) {
    if let Some(outcome) = form.request.and_then(|request| state.outcome(request)) {
        form.failed = outcome.result.as_ref().err().map(|failure| notices::failure(failure, state.now_ms));
    }
    let running = form.request.filter(|request| state.is_running(*request));
    let found = state.checkout.as_ref().filter(|checkout| Some(checkout.request) == form.request);
    let mut done = false;
    let closed = dialog(ui, "plan-buy", &fl!("plan-buy"), WIDTH, |ui| {
        let t = tokens(ui);
        if let Some(checkout) = found {
            let shop = notices::sync::host(&checkout.shop);
            ui.add(egui::Label::new(role::body(ui, fl!("plan-buy-text", shop = shop)).color(t.text2)).wrap());
        }
        outcome_ui(ui, state, false, form.failed.as_deref(), running);
        dialog_buttons(ui, |ui| {
            let go = PushButton::new(Look::Primary, fl!("plan-buy-go")).icon(icons::ARROW_SQUARE_OUT).enabled(found.is_some());
            if go.show(ui).clicked()
                && let Some(checkout) = found
            {
                out.ask(Ask::OpenUrl(checkout.url.clone()));
                out.toast(Toast::done(fl!("plan-buy-after")));
                done = true;
            }
            done |= secondary(ui, fl!("cancel")).clicked();
        });
    });
    if closed || done {
        if let Some(request) = running {
            out.send(Command::Cancel(request));
        }
        *form = PlanForm::default();
    }
}

fn code_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut PlanForm, out: &mut Outbox) {
    if let Some(outcome) = form.request.and_then(|request| state.outcome(request)) {
        form.request = None;
        match &outcome.result {
            Ok(()) => {
                out.toast(Toast::done(match status.plan {
                    Plan::Active { until_ms: Some(until_ms) } => fl!("plan-code-done", date = format::date(until_ms)),
                    _ => fl!("plan-active"),
                }));
                *form = PlanForm::default();
                return;
            }
            Err(failure) => form.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
    let mut done = false;
    let closed = dialog(ui, "plan-code", &fl!("plan-code-title"), FORM_WIDTH, |ui| {
        ui.add(egui::Label::new(role::body(ui, fl!("plan-code-text")).color(tokens(ui).text2)).wrap());
        ui.add_space(S3);
        let input = text_field(ui, fl!("plan-code-field"), &mut form.code);
        if ui.memory(|memory| memory.focused().is_none()) {
            input.request_focus();
        }
        hint(ui, fl!("plan-code-hint"));
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        outcome_ui(ui, state, false, form.failed.as_deref(), form.request);
        let ready = form.request.is_none() && !form.code.trim().is_empty();
        dialog_buttons(ui, |ui| {
            let go = PushButton::new(Look::Primary, fl!("plan-code-go")).enabled(ready).show(ui);
            if ready && (go.clicked() || entered) {
                form.failed = None;
                form.request = Some(out.send(Command::RedeemPromo { code: form.code.trim().to_owned() }));
            }
            done = secondary(ui, fl!("cancel")).clicked();
        });
    });
    if closed || done {
        *form = PlanForm::default();
    }
}
