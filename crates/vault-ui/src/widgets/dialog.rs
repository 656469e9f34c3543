//! Dialogs: verbs on the buttons, the safest is default and focused, Esc cancels.

use egui::{Align, Color32, Frame, Id, Layout, Margin, Modal, Stroke, Ui};

use super::{Look, PushButton};
use crate::{
    role,
    theme::{Elevation, R4, shadow, tokens},
};

/// What was chosen in a dialog that confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing yet.
    Open,
    /// Leave things as they are.
    Keep,
    /// Do it.
    Go,
}

/// Width of a plain dialog.
pub const WIDTH: f32 = 440.0;
/// Width of a dialog with a form.
pub const FORM_WIDTH: f32 = 560.0;

/// A dialog; true when it wants to close (Esc or a click beside it).
pub fn dialog(ui: &mut Ui, salt: &str, title: &str, width: f32, add: impl FnOnce(&mut Ui)) -> bool {
    let t = tokens(ui);
    let room = ui.content_rect().width() - 32.0;
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(Stroke::new(1.0, t.line_strong))
        .corner_radius(R4)
        .shadow(shadow(t, Elevation::Dialog))
        .inner_margin(Margin::same(24));
    let modal =
        Modal::new(Id::unique(("nt2 dialog", salt))).frame(frame).backdrop_color(Color32::from_black_alpha(102)).show(ui.ctx(), |ui| {
            ui.set_width((width - 48.0).min(room - 48.0));
            ui.label(role::dialog_title(ui, title));
            ui.add_space(8.0);
            add(ui);
        });
    modal.should_close()
}

/// The row of buttons at the end of a dialog: laid out from the right, so add the main one first.
pub fn dialog_buttons<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(24.0);
    ui.with_layout(Layout::right_to_left(Align::Center), add).inner
}

/// A sentence and two verbs; the safe one has the focus, `danger` says whether the other destroys something.
pub fn confirm(ui: &mut Ui, salt: &str, title: &str, sentence: &str, keep: &str, go: &str, danger: bool) -> Choice {
    let mut choice = Choice::Open;
    let closed = dialog(ui, salt, title, WIDTH, |ui| {
        ui.add(egui::Label::new(role::body(ui, sentence)).wrap());
        dialog_buttons(ui, |ui| {
            let look = if danger { Look::DangerFilled } else { Look::Primary };
            if PushButton::new(look, go).show(ui).clicked() {
                choice = Choice::Go;
            }
            let safe = PushButton::new(Look::Secondary, keep).show(ui);
            if ui.memory(|memory| memory.focused().is_none()) {
                safe.request_focus();
            }
            if safe.clicked() {
                choice = Choice::Keep;
            }
        });
    });
    if closed { Choice::Keep } else { choice }
}
