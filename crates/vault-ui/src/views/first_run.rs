//! First run: where the vault comes from, and, for those who want it now, its master password.

use egui::{Align, CornerRadius, Frame, Layout, Margin, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use vault_engine::{Command, RequestId};
use vault_model::SecretText;

use super::unlock::mark;
use crate::{
    app::{Forms, Gate},
    fl, icons, notices,
    outbox::Outbox,
    role::{self, Role},
    state::State,
    theme::{R3, R4, S2, S3, S4, S5, tokens},
    widgets::{
        self, Look, PushButton, error_text, focus_ring, heading,
        progress::hint,
        request_progress,
        room::{OUTCOME, STRENGTH, keep_room},
        secret_field,
        strength::Rating,
        text_field,
    },
};

/// Width of the card.
const CARD: f32 = 640.0;
/// The least that a master password must have while the key of this device also lies in a file. The engine has the last word.
const MIN_CHARS: usize = 15;

/// What is typed at the first run.
#[derive(Default)]
pub struct FirstRunForm {
    step: Step,
    name: String,
    password: SecretText,
    rating: Rating,
    again: SecretText,
    request: Option<RequestId>,
    focused: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Choose,
    Password,
}

/// The first run, or a further vault.
pub fn first_run_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let first = state.vaults.as_ref().is_some_and(Vec::is_empty);
    stage(ui, |ui| match forms.first_run.step {
        Step::Choose => choose_ui(ui, state, forms, out, first),
        Step::Password => password_ui(ui, state, forms, out),
    });
}

fn choose_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox, first: bool) {
    mark(ui);
    ui.add_space(S4);
    heading(ui.label(role::display(ui, if first { fl!("first-title") } else { fl!("first-title-further") })), 1);
    widgets::empty::prose(ui, fl!("first-text", here = crate::l10n::here()));
    ui.add_space(S5);
    let running = forms.first_run.request.is_some_and(|request| state.is_running(request));
    if running {
        ui.label(role::body(ui, fl!("first-creating")));
        return;
    }
    failure_ui(ui, state, &forms.first_run);
    if option_ui(ui, icons::LIGHTNING, &fl!("first-start"), &fl!("first-start-note", here = crate::l10n::here()), true) {
        let name = free_name(state);
        forms.first_run.request = Some(out.send(Command::CreateVault { name, password: None }));
    }
    ui.add_space(S2);
    if option_ui(ui, icons::KEY, &fl!("first-password"), &fl!("first-password-note", here = crate::l10n::here()), false) {
        forms.first_run.step = Step::Password;
        forms.first_run.name = free_name(state);
        forms.first_run.focused = false;
    }
    ui.add_space(S2);
    if option_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &fl!("first-restore"), &fl!("first-restore-note"), false) {
        forms.restore = Default::default();
        forms.gate = Gate::Restore;
    }
    ui.add_space(S2);
    if option_ui(ui, icons::DEVICES, &fl!("first-join"), &fl!("first-join-note"), false) {
        forms.join = Default::default();
        forms.gate = Gate::Join;
    }
    if !first {
        ui.add_space(S4);
        if PushButton::new(Look::Ghost, fl!("back")).icon(icons::ARROW_LEFT).show(ui).clicked() {
            forms.gate = Gate::Picker;
        }
    }
}

fn password_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let form = &mut forms.first_run;
    heading(ui.label(role::display(ui, fl!("create-title"))), 1);
    widgets::empty::prose(ui, fl!("create-text"));
    ui.add_space(S5);
    text_field(ui, fl!("vault-name"), &mut form.name);
    ui.add_space(S3);
    let field = secret_field(ui, fl!("master-password"), &mut form.password);
    if !form.focused {
        form.focused = true;
        field.response.request_focus();
    }
    keep_room(ui, STRENGTH, |ui| {
        if form.password.is_empty() {
            hint(ui, fl!("create-hint"));
        } else {
            ui.add_space(S2);
            form.rating.bar_ui(ui, state, &form.password, &[&form.name], out);
        }
    });
    ui.add_space(S3);
    let again = secret_field(ui, fl!("master-password-again"), &mut form.again);
    let equal = form.password.expose() == form.again.expose();
    // Only after the field was left: not while the second one is being typed.
    keep_room(ui, OUTCOME, |ui| {
        if !equal && !form.again.is_empty() && !again.response.has_focus() {
            error_text(ui, fl!("passwords-differ"));
        } else {
            failure_ui(ui, state, form);
        }
    });
    ui.add_space(S5);
    let running = form.request.filter(|request| state.is_running(*request));
    if let Some(request) = running {
        if request_progress(ui, state, request, true) {
            out.send(Command::Cancel(request));
        }
        return;
    }
    let long_enough = form.password.expose().chars().count() >= MIN_CHARS;
    let ready = equal && long_enough && !form.name.trim().is_empty();
    let mut back = false;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let create = PushButton::new(Look::Primary, fl!("create-go")).enabled(ready).tooltip(fl!("create-go-tip", n = MIN_CHARS)).show(ui);
        if ready && (create.clicked() || again.submitted) {
            form.again.clear();
            let password = form.password.take();
            form.request = Some(out.send(Command::CreateVault { name: form.name.trim().to_owned(), password: Some(password) }));
        }
        back = PushButton::new(Look::Secondary, fl!("back")).show(ui).clicked();
    });
    if back {
        *form = FirstRunForm::default();
    }
}

fn failure_ui(ui: &mut Ui, state: &State, form: &FirstRunForm) {
    let failure = form.request.and_then(|request| state.outcome(request)).and_then(|outcome| outcome.result.as_ref().err());
    if let Some(failure) = failure {
        error_text(ui, notices::failure(failure, state.now_ms));
        ui.add_space(S2);
    }
}

/// "Personal", "Personal 2", … whichever is free on this device.
fn free_name(state: &State) -> String {
    let base = fl!("vault-default-name");
    let taken = |name: &str| state.vaults.iter().flatten().any(|entry| entry.name == name);
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base} {n}")).find(|name| !taken(name)).unwrap_or(base)
}

/// The card in the middle of the first screens.
pub(super) fn stage(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    egui::CentralPanel::default().frame(Frame::new().fill(t.canvas)).show(ui, |ui| {
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.max_rect();
            let width = CARD.min(room.width() - 32.0);
            ui.add_space((room.height() * 0.12).max(16.0));
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space((room.width() - width) / 2.0);
                Frame::new()
                    .fill(t.surface)
                    .stroke(Stroke::new(1.0, t.line))
                    .corner_radius(CornerRadius::same(R4))
                    .inner_margin(Margin::same(if width < 500.0 { 16 } else { 32 }))
                    .show(ui, |ui| {
                        ui.vertical(|ui| {
                            ui.set_width(ui.available_width().min(width - if width < 500.0 { 32.0 } else { 64.0 }));
                            ui.spacing_mut().item_spacing.x = 8.0;
                            add(ui);
                        });
                    });
            });
            ui.add_space(32.0);
        });
    });
}

/// One way to begin, 64 high; all of it is the target.
pub(super) fn option_ui(ui: &mut Ui, icon: &str, title: &str, note: &str, first: bool) -> bool {
    let t = tokens(ui);
    let room = ui.available_width() - 64.0 - 16.0;
    let title_line = Role::Button.line(ui, title, t.text, room);
    let note_lines = Role::Small.wrapped(ui, note, t.text3, room);
    let height = (34.0 + note_lines.size().y + 12.0).max(64.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, title));
    let fill = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => t.pressed,
        (false, true) => t.hover_row,
        (false, false) => t.surface,
    };
    let border = if first { t.accent } else { t.line_strong };
    ui.painter().rect(rect, CornerRadius::same(R3), fill, Stroke::new(1.0, border), egui::StrokeKind::Inside);
    let tile = egui::Rect::from_min_size(pos2(rect.left() + 12.0, rect.top() + 12.0), vec2(40.0, 40.0));
    if first {
        ui.painter().rect_filled(tile, CornerRadius::same(R3), t.accent_soft);
        widgets::button::paint_icon_sized(ui, tile, icon, t.accent_text, Role::IconLarge);
    } else {
        widgets::tile(ui, tile, icon, false);
    }
    ui.painter().galley(pos2(rect.left() + 64.0, rect.top() + 12.0), title_line, t.text);
    ui.painter().galley(pos2(rect.left() + 64.0, rect.top() + 34.0), note_lines, t.text3);
    focus_ring(ui, &response, rect, R3);
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}
