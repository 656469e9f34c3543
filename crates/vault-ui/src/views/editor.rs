//! The editor: an item of any kind, from its template. It takes the place of the detail pane; the list stays.
//!
//! A secret that is not touched is never here: it is shown by [`Command::Reveal`] on demand and else kept as it is.

mod fields;
mod form;
mod organise;

use egui::{Frame, Margin, ScrollArea, Ui};
use vault_engine::Command;

use crate::{
    actions::Action,
    fl, l10n,
    outbox::{Go, Outbox},
    role,
    state::State,
    theme::{COLUMN, INPUT, S3, S4, icon_button_side, pane_padding, tokens},
    widgets::{self, Choice, Look, PushButton, confirm, error_text, heading, secondary, text_field},
};

pub use form::EditorForm;

/// Seconds of quiet after which what is typed is sealed as a draft.
const KEEP_AFTER_SECS: f64 = 2.0;
/// Height of the head.
const HEAD: f32 = 56.0;

/// The editor.
pub fn editor_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    follow_requests(state, form, out);
    head_ui(ui, state, form, out);
    let before = form.changed;
    ScrollArea::vertical().id_salt(("editor", form.id)).auto_shrink(false).show(ui, |ui| {
        let side = pane_padding(ui) as i8;
        Frame::new().inner_margin(Margin { left: side, right: side, top: 16, bottom: 48 }).show(ui, |ui| {
            ui.set_max_width(COLUMN.min(ui.available_width()));
            ui.set_min_width(ui.available_width());
            title_ui(ui, form);
            fields::fields_ui(ui, state, form, out);
            organise::organise_ui(ui, state, form, out);
        });
    });
    fields::generator_ui(ui, state, form, out);
    if form.asks_cancel {
        cancel_ui(ui, form, out);
    }
    keep_draft(ui, form, before, out);
}

/// Writes the item. What is typed stays until the engine has said that it is safe.
pub fn save(_state: &State, form: &mut EditorForm, out: &mut Outbox) {
    if form.saving.is_some() {
        return;
    }
    if form.title.trim().is_empty() {
        form.needs_title = true;
        form.focus_title = true;
        return;
    }
    form.saving = Some(out.send(Command::SaveItem(Box::new(form.draft()))));
}

/// Leaves the editor; asks first if anything was typed.
pub fn cancel(form: &mut EditorForm, out: &mut Outbox) {
    if form.changed {
        form.asks_cancel = true;
    } else {
        out.go(Go::LeaveEditor);
    }
}

/// Takes in how the save ended, and secrets that were asked for.
fn follow_requests(state: &State, form: &mut EditorForm, out: &mut Outbox) {
    if let Some(request) = form.saving
        && let Some(outcome) = state.outcome(request)
    {
        form.saving = None;
        if outcome.result.is_ok() {
            form.changed = false;
            form.keep_at = None;
            out.send(Command::KeepDraft(None));
            out.go(Go::LeaveEditor);
        }
    }
    let Some(vault) = &state.vault else { return };
    for field in &mut form.fields {
        let Some(request) = field.waits else { continue };
        if let Some(revealed) = vault.revealed_by(request) {
            field.text = form::Text::Known(revealed.text.duplicate());
            field.shown = true;
            field.waits = None;
            out.forget(request);
        } else if state.outcome(request).is_some() {
            field.waits = None;
        }
    }
}

fn head_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), HEAD), egui::Sense::hover());
    widgets::hline(ui, rect.left(), rect.right(), rect.bottom() - 1.0, t.line);
    let inner = rect.shrink2(egui::vec2(pane_padding(ui), 0.0));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout));
    let running = form.saving.is_some_and(|request| state.is_running(request));
    let narrow = inner.width() < 420.0;
    let mut button = PushButton::new(Look::Primary, fl!("editor-save")).enabled(!running);
    if !narrow {
        button = button.shortcut(Action::Save.keys(ui.ctx()));
    }
    if button.show(&mut ui).clicked() {
        save(state, form, out);
    }
    if secondary(&mut ui, fl!("editor-cancel")).clicked() {
        cancel(form, out);
    }
    let kind = l10n::kind_name(&form.kind);
    let words = match form.id {
        Some(_) if form.title.is_empty() => fl!("editor-edit-untitled"),
        Some(_) => fl!("editor-edit", title = form.title.as_str()),
        None => fl!("editor-new", kind = kind),
    };
    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
        heading(ui.add(egui::Label::new(role::title(ui, words)).truncate()), 1);
    });
}

fn title_ui(ui: &mut Ui, form: &mut EditorForm) {
    ui.set_max_width(ui.available_width());
    let input = text_field(ui, fl!("editor-title"), &mut form.title);
    if form.focus_title {
        form.focus_title = false;
        input.request_focus();
    }
    if input.changed() {
        form.changed = true;
        form.needs_title &= form.title.trim().is_empty();
    }
    if form.needs_title {
        error_text(ui, fl!("editor-needs-title"));
    }
    ui.add_space(S3);
}

fn cancel_ui(ui: &mut Ui, form: &mut EditorForm, out: &mut Outbox) {
    let sentence = match form.id {
        Some(_) => fl!("editor-discard-changes"),
        None => fl!("editor-discard-new"),
    };
    match confirm(ui, "editor-discard", &fl!("editor-discard-title"), &sentence, &fl!("editor-discard-keep"), &fl!("editor-discard"), true)
    {
        Choice::Open => {}
        Choice::Keep => form.asks_cancel = false,
        Choice::Go => {
            form.asks_cancel = false;
            form.changed = false;
            form.keep_at = None;
            out.send(Command::KeepDraft(None));
            out.go(Go::LeaveEditor);
        }
    }
}

/// Seals the draft once typing has been quiet for a while, so that a lock or a crash loses nothing.
fn keep_draft(ui: &Ui, form: &mut EditorForm, changed_before: bool, out: &mut Outbox) {
    let now = ui.input(|input| input.time);
    let typed = ui.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Text(_) | egui::Event::Paste(_))));
    if form.changed && (typed || !changed_before || form.moved) {
        form.moved = false;
        form.keep_at = Some(now + KEEP_AFTER_SECS);
    }
    let Some(at) = form.keep_at else { return };
    if now >= at {
        form.keep_at = None;
        out.send(Command::KeepDraft(Some(Box::new(form.draft_to_keep()))));
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(at - now));
    }
}

/// Width of an input beside `n_buttons` icon buttons.
fn input_width(ui: &Ui, n_buttons: usize) -> f32 {
    ui.available_width().min(INPUT) - n_buttons as f32 * (icon_button_side(ui) + 4.0)
}

/// Space between fields.
fn field_gap(ui: &mut Ui) {
    ui.add_space(S3);
}

/// A dividing head.
fn head(ui: &mut Ui, text: String) {
    ui.add_space(S4 / 2.0);
    widgets::section_head(ui, text);
}
