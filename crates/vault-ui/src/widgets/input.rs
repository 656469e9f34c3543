//! Text inputs: label above, one left edge, error below.

use egui::{Margin, Response, TextEdit, Ui, Vec2};

use super::button::paint_icon;
use crate::{
    icons,
    role::{self, Role},
    theme::{CONTROL, INPUT, tokens, touchable},
};

/// An input with its label above. Capped at 560.
pub fn text_field(ui: &mut Ui, label: impl Into<String>, text: &mut String) -> Response {
    labelled(ui, label.into(), |ui, name| text_input(ui, name, "", text))
}

/// Several lines with their label above; Tab leaves it.
pub fn multiline_field(ui: &mut Ui, label: impl Into<String>, text: &mut String, rows: usize) -> Response {
    labelled(ui, label.into(), |ui, name| {
        let width = ui.available_width().min(INPUT);
        let edit = TextEdit::multiline(text)
            .font(Role::Body.font_id())
            .margin(Margin::symmetric(10, 6))
            .desired_rows(rows)
            .desired_width(width)
            .hint_text(String::new());
        ui.add(edit).accessible_name(name)
    })
}

/// An input without a visible label; `name` is for the accessibility tree, `hint` shows while it is empty.
pub fn text_input(ui: &mut Ui, name: &str, hint: &str, text: &mut String) -> Response {
    let t = tokens(ui);
    let width = ui.available_width().min(INPUT);
    let edit = TextEdit::singleline(text)
        .font(Role::Body.font_id())
        .margin(Margin::symmetric(10, 6))
        .align(egui::Align2::LEFT_CENTER)
        .min_size(Vec2::new(0.0, touchable(ui, CONTROL)))
        .hint_text(Role::Body.rich(hint, t.text3))
        .desired_width(width);
    ui.add(edit).accessible_name(name)
}

/// A line below an input that says what is wrong with it, with an icon.
pub fn error_text(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = tokens(ui);
    ui.add_space(4.0);
    ui.scope(|ui| {
        // A line of text, not as high as a control.
        ui.spacing_mut().interact_size.y = 16.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let (rect, _) = ui.allocate_exact_size(Vec2::new(16.0, 16.0), egui::Sense::hover());
            paint_icon(ui, rect, icons::WARNING_CIRCLE, t.danger);
            ui.add(egui::Label::new(Role::Small.rich(text, t.danger)).wrap())
        })
        .inner
    })
    .inner
}

fn labelled(ui: &mut Ui, label: String, input: impl FnOnce(&mut Ui, &str) -> Response) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let words = ui.label(role::label(ui, label.clone()));
        input(ui, &label).labelled_by(words.id)
    })
    .inner
}
