//! Removing a device: what it could read, the master password, and what came of it.

use egui::{ScrollArea, Ui};
use vault_engine::{Command, RequestId, members::RemovalPlan, sync::SyncStatus};
use vault_model::SecretText;
use vault_protocol::DeviceId;

use crate::{
    fl, icons, notices,
    outbox::{Go, Outbox},
    role::{self, Role},
    state::{OpenVault, State},
    theme::{R2, S2, S3, Tone, tokens},
    views::settings::{
        passphrase::{Need, PassphraseForm},
        password::outcome_ui,
    },
    widgets::{
        Look, PushButton, RowIcon,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        notice_row, secondary, secret_field, switch,
    },
};

/// Height of the list of items.
const LIST: f32 = 116.0;
/// Height of one of them.
const LINE: f32 = 24.0;

/// What is typed or under way.
#[derive(Default)]
pub(super) struct RemoveForm {
    device: Option<(DeviceId, String)>,
    stage: Stage,
    plan: Option<RemovalPlan>,
    /// Titles of what the device could read, in order.
    titles: Vec<String>,
    password: SecretText,
    with_new: bool,
    new: PassphraseForm,
    failed: Option<String>,
    focused: bool,
}

/// How far it is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// What the others wrote comes in first, so that all of it counts.
    #[default]
    Closed,
    Pulling(RequestId),
    Planning(RequestId),
    Asking,
    Removing(RequestId),
    /// It holds here; the server hears of it.
    Telling(RequestId),
    Told,
    /// It holds here, and the server has not heard of it.
    Waiting,
}

impl RemoveForm {
    /// Opens the dialog for a device.
    pub(super) fn open(&mut self, device: DeviceId, name: String, status: &SyncStatus, out: &mut Outbox) {
        let stage = match status.enabled {
            true => Stage::Pulling(out.send(Command::SyncNow)),
            false => Stage::Planning(out.send(Command::PlanRemoval { device })),
        };
        *self = Self { device: Some((device, name)), stage, new: PassphraseForm::unfocused(), ..Self::default() };
    }

    fn close(&mut self) {
        *self = Self::default();
    }

    /// Goes on with what has been answered.
    fn follow(&mut self, state: &State, vault: &OpenVault, status: &SyncStatus, out: &mut Outbox) {
        let Some((device, _)) = &self.device else { return };
        let device = *device;
        let outcome = |request| state.outcome(request).map(|outcome| outcome.result.as_ref());
        self.stage = match self.stage {
            // Without the server it is done all the same: a lost device does not wait for a network.
            Stage::Pulling(request) if outcome(request).is_some() => Stage::Planning(out.send(Command::PlanRemoval { device })),
            Stage::Planning(request) => match (outcome(request), &state.removal_plan) {
                (Some(Ok(())), Some((planned, plan))) if *planned == request => {
                    self.titles = titles(vault, plan);
                    self.plan = Some(plan.clone());
                    Stage::Asking
                }
                (Some(Err(failure)), _) => {
                    self.failed = Some(notices::failure(failure, state.now_ms));
                    self.stage
                }
                _ => self.stage,
            },
            Stage::Removing(request) => match outcome(request) {
                Some(Ok(())) if status.enabled => Stage::Telling(out.send(Command::SyncNow)),
                Some(Ok(())) => Stage::Waiting,
                Some(Err(failure)) => {
                    self.failed = Some(notices::failure(failure, state.now_ms));
                    Stage::Asking
                }
                None => self.stage,
            },
            Stage::Telling(request) => match outcome(request) {
                Some(Ok(())) => Stage::Told,
                Some(Err(_)) => Stage::Waiting,
                None => self.stage,
            },
            stage => stage,
        };
    }
}

/// What it could read, by title.
fn titles(vault: &OpenVault, plan: &RemovalPlan) -> Vec<String> {
    let mut titles: Vec<String> = vault.rows.values().filter(|row| !plan.unseen.contains(&row.id)).map(|row| row.title.clone()).collect();
    titles.sort_by_key(|title| title.to_lowercase());
    titles
}

pub(super) fn dialog_ui(ui: &mut Ui, state: &State, form: &mut RemoveForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let Some(status) = vault.sync.as_deref() else { return };
    form.follow(state, vault, status, out);
    let Some((_, name)) = form.device.clone() else { return };
    let is_done = matches!(form.stage, Stage::Telling(_) | Stage::Told | Stage::Waiting);
    let title =
        if is_done { fl!("device-removed-title", device = name.as_str()) } else { fl!("device-remove-title", device = name.as_str()) };
    let mut done = false;
    let closed = dialog(ui, "remove-device", &title, FORM_WIDTH, |ui| {
        done = match (is_done, form.plan.clone()) {
            (true, plan) => done_ui(ui, status, form, &name, plan.is_some_and(|plan| plan.replaces_kit), out),
            (false, Some(plan)) => ask_ui(ui, state, vault, form, &name, &plan, out),
            (false, None) => looking_ui(ui, state, form),
        };
    });
    // What has begun is not stopped by a click beside it.
    if done || (closed && !matches!(form.stage, Stage::Removing(_))) {
        form.close();
    }
}

/// Before it is known what the removal means; true if it is enough.
fn looking_ui(ui: &mut Ui, state: &State, form: &RemoveForm) -> bool {
    match &form.failed {
        Some(failed) => outcome_ui(ui, state, false, Some(failed), None),
        None => drop(ui.label(role::body(ui, fl!("device-remove-looking")))),
    }
    dialog_buttons(ui, |ui| secondary(ui, fl!("cancel")).clicked())
}

/// What it means, and the passwords; true if it is not wanted any more.
fn ask_ui(ui: &mut Ui, state: &State, vault: &OpenVault, form: &mut RemoveForm, name: &str, plan: &RemovalPlan, out: &mut Outbox) -> bool {
    // The generator stands in the place of this dialog.
    if form.new.generator_ui(ui, state, out) {
        return false;
    }
    let t = tokens(ui);
    ui.add(egui::Label::new(role::body(ui, fl!("device-remove-text")).color(t.text2)).wrap());
    ui.add_space(S3);
    exposed_ui(ui, form, name, plan);
    if plan.replaces_kit {
        ui.add_space(S2);
        ui.add(egui::Label::new(role::body(ui, fl!("device-remove-kit")).color(t.text2)).wrap());
    }
    let mut submitted = false;
    let has_password = vault.status.has_password;
    if has_password {
        ui.add_space(S3);
        let answer = secret_field(ui, fl!("master-password"), &mut form.password);
        if !std::mem::replace(&mut form.focused, true) {
            answer.response.request_focus();
        }
        submitted = answer.submitted;
        ui.add_space(S3);
        if plan.needs_new_password {
            ui.add(egui::Label::new(role::body(ui, fl!("device-remove-must", here = crate::l10n::here())).color(t.text2)).wrap());
        } else {
            ui.horizontal(|ui| {
                switch(ui, &fl!("device-remove-new"), &mut form.with_new);
                ui.label(role::body(ui, fl!("device-remove-new")));
            });
        }
    }
    let mut new_is_ready = true;
    let mut differs = false;
    let with_new = has_password && (plan.needs_new_password || form.with_new);
    if with_new {
        ui.add_space(S2);
        let labels = [fl!("password-new"), fl!("password-again")];
        let answer = form.new.ui(ui, state, &vault.status.name, Need::Required, labels, out);
        (new_is_ready, differs) = (answer.ready, answer.differs);
        submitted |= answer.submitted;
    }
    let running = match form.stage {
        Stage::Removing(request) => Some(request),
        _ => None,
    };
    outcome_ui(ui, state, differs, form.failed.as_deref(), running);
    let ready = running.is_none() && new_is_ready && (!has_password || !form.password.is_empty());
    dialog_buttons(ui, |ui| {
        let go = PushButton::new(Look::DangerFilled, fl!("device-remove-go")).enabled(ready).show(ui);
        if ready && (go.clicked() || submitted) {
            form.failed = None;
            let new_password = form.new.duplicate().filter(|_| with_new);
            let password = form.password.duplicate();
            form.stage = Stage::Removing(out.send(Command::RemoveDevice { device: plan.device, password, new_password }));
        }
        running.is_none() && secondary(ui, fl!("cancel")).clicked()
    })
}

/// What the device could read until now, item by item.
fn exposed_ui(ui: &mut Ui, form: &RemoveForm, name: &str, plan: &RemovalPlan) {
    let t = tokens(ui);
    ui.label(role::label(ui, fl!("device-remove-read", device = name)));
    let n = form.titles.len();
    let text = match plan.unseen.len() {
        0 => fl!("device-remove-read-all", n = n),
        unseen => fl!("device-remove-read-some", n = n, unseen = unseen),
    };
    ui.add(egui::Label::new(role::body(ui, text)).wrap());
    if n == 0 {
        return;
    }
    ui.add_space(S2);
    let frame = egui::Frame::new().fill(t.sunken).corner_radius(R2).inner_margin(egui::Margin::symmetric(12, 4));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical().id_salt("exposed").max_height(LIST).auto_shrink([false, true]);
        area.show_rows(ui, LINE, n, |ui, shown| {
            for title in &form.titles[shown] {
                let (rect, response) = ui.allocate_exact_size(egui::vec2(ui.available_width(), LINE), egui::Sense::hover());
                let title = if title.is_empty() { fl!("detail-untitled") } else { title.clone() };
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &title));
                let galley = Role::Body.line(ui, &title, t.text2, rect.width());
                ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text2);
            }
        });
    });
}

/// What came of it; true if it was read.
fn done_ui(ui: &mut Ui, status: &SyncStatus, form: &RemoveForm, name: &str, replaces_kit: bool, out: &mut Outbox) -> bool {
    let (icon, text) = match form.stage {
        Stage::Told => (RowIcon { icon: icons::CHECK_CIRCLE, tone: Some(Tone::Ok) }, fl!("device-removed-told", device = name)),
        Stage::Waiting if !status.enabled => (RowIcon { icon: icons::CLOUD_SLASH, tone: Some(Tone::Warn) }, fl!("device-removed-off")),
        Stage::Waiting => (RowIcon { icon: icons::CLOCK, tone: Some(Tone::Warn) }, fl!("device-removed-waits")),
        _ => (RowIcon { icon: icons::ARROWS_CLOCKWISE, tone: None }, fl!("device-removed-telling")),
    };
    notice_row(ui, Some(icon), text, "", |_| {});
    if !form.titles.is_empty() {
        notice_row(ui, Some(RowIcon { icon: icons::KEY, tone: None }), fl!("device-removed-items", device = name), "", |_| {});
    }
    let mut save_kit = false;
    if replaces_kit {
        let icon = RowIcon { icon: icons::LIFEBUOY, tone: Some(Tone::Warn) };
        save_kit = notice_row(ui, Some(icon), fl!("device-removed-kit"), "", |ui| {
            PushButton::new(Look::Secondary, fl!("card-kit-go")).show(ui).clicked()
        });
    }
    if save_kit {
        out.go(Go::SaveKit);
    }
    let closed = dialog_buttons(ui, |ui| PushButton::new(Look::Primary, fl!("device-removed-close")).show(ui).clicked());
    closed || save_kit
}
