//! What a pane shows when it has nothing: left-aligned, a title, one sentence, one or two buttons.

use egui::{Label, Sense, Ui, vec2};

use super::button::paint_icon_sized;
use crate::{
    role::{self, Role},
    theme::tokens,
};

/// An empty state at a quarter of the pane's height; `buttons` draws what can be done.
pub fn empty_state(ui: &mut Ui, icon: &str, title: impl Into<String>, sentence: impl Into<String>, buttons: impl FnOnce(&mut Ui)) {
    let t = tokens(ui);
    ui.add_space(ui.available_height() * 0.2);
    let (rect, _) = ui.allocate_exact_size(vec2(24.0, 28.0), Sense::hover());
    paint_icon_sized(ui, rect, icon, t.text3, Role::IconLarge);
    ui.add_space(8.0);
    ui.label(Role::Button.rich(title, t.text));
    ui.add(Label::new(Role::Body.rich(sentence, t.text2)).wrap());
    ui.add_space(12.0);
    ui.horizontal_wrapped(buttons);
}

/// A sentence of body text, at most 65 characters wide.
pub fn prose(ui: &mut Ui, text: impl Into<String>) {
    ui.scope(|ui| {
        ui.set_max_width(crate::theme::PROSE.min(ui.available_width()));
        ui.add(Label::new(role::body(ui, text)).wrap());
    });
}
