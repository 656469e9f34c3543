//! Dialogs: verbs on the buttons, the safest is default and focused, Esc cancels.

use egui::{Align, Align2, Color32, CornerRadius, Frame, Id, Layout, Margin, Modal, Stroke, Ui, vec2};

use super::{Look, PushButton};
use crate::{
    role,
    theme::{CONTROL, Elevation, ONE_PANE, R4, shadow, tokens, touchable},
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
/// Below this height of the window a dialog may not fit.
const LOW: f32 = 560.0;
/// Room for the title, and what is seen of the screen behind.
const ABOVE: f32 = 72.0;
/// Width of a dialog with a form.
pub const FORM_WIDTH: f32 = 560.0;

/// A dialog, on a phone a sheet over the whole width from below; true when it wants to close (Esc or a click beside it).
pub fn dialog(ui: &mut Ui, salt: &str, title: &str, width: f32, add: impl FnOnce(&mut Ui)) -> bool {
    let t = tokens(ui);
    let screen = ui.content_rect();
    let sheet = screen.width() < ONE_PANE;
    let padding = if sheet { 16.0 } else { 24.0 };
    let outer = if sheet { screen.width() } else { width.min(screen.width() - 32.0) };
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(Stroke::new(1.0, t.line_strong))
        // A sheet grows out of the lower edge.
        .corner_radius(if sheet { CornerRadius { nw: R4, ne: R4, sw: 0, se: 0 } } else { CornerRadius::same(R4) })
        .shadow(shadow(t, Elevation::Dialog))
        .inner_margin(Margin::same(padding as i8));
    let id = Id::unique(("nt2 dialog", salt));
    let mut modal = Modal::new(id).frame(frame).backdrop_color(Color32::from_black_alpha(102));
    if sheet {
        modal = modal.area(Modal::default_area(id).anchor(Align2::CENTER_BOTTOM, vec2(0.0, 0.0)));
    }
    let modal = modal.show(ui.ctx(), |ui| {
        ui.set_width(outer - 2.0 * padding);
        ui.label(role::dialog_title(ui, title));
        ui.add_space(8.0);
        if !sheet && screen.height() >= LOW {
            add(ui);
            return;
        }
        // Where the window is low the title stays and the rest scrolls.
        let room = (screen.height() - 2.0 * padding - ABOVE).max(120.0);
        let area = egui::ScrollArea::vertical().id_salt("dialog").max_height(room).min_scrolled_height(room);
        area.auto_shrink([false, true]).show(ui, add);
    });
    // What is behind cannot be reached: assistive technology need not go there.
    ui.ctx().accesskit_node_builder(id, egui::accesskit::Node::set_modal);
    modal.should_close()
}

/// The row of buttons at the end of a dialog: laid out from the right, so add the main one first.
pub fn dialog_buttons<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(24.0);
    // Of a fixed height: centred in what is left, they would make a sheet as high as it may be.
    let size = vec2(ui.available_width(), touchable(ui, CONTROL));
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), add).inner
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
