//! What both sides of a pairing show: characters large enough to be read across a table.

use egui::{Sense, Ui, WidgetInfo, pos2, vec2};

use crate::{
    role::Role,
    theme::{R2, S4, tokens},
};

/// Height of the box.
const HEIGHT: f32 = 64.0;

/// Characters to be typed or compared, in groups as they are given. They are in the tree: who can't see them has to hear them, and they are
/// of no use without the other device and the master password.
pub(crate) fn characters_ui(ui: &mut Ui, name: &str, characters: &str) {
    let t = tokens(ui);
    let width = ui.available_width();
    let galley = Role::MonoLarge.wrapped(ui, characters, t.text, width - 2.0 * S4);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT.max(galley.size().y + 2.0 * S4)), Sense::hover());
    let spoken = format!("{name}: {characters}");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &spoken));
    ui.painter().rect_filled(rect, R2, t.sunken);
    ui.painter().galley(pos2(rect.left() + S4, rect.center().y - galley.size().y / 2.0), galley, t.text);
}
