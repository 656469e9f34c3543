//! Rows of menus: icon, words, shortcut.

use egui::{Color32, CornerRadius, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{button::paint_icon, focus_ring_inside};
use crate::{
    role::Role,
    theme::{R2, tokens, touchable},
};

/// Height of a row.
const HEIGHT: f32 = 30.0;

/// One choice of a menu; closes the menu and is true when it is taken.
pub fn menu_item(ui: &mut Ui, icon: &str, text: &str, keys: &str, enabled: bool) -> bool {
    let response = ui
        .add_enabled_ui(enabled, |ui| {
            let t = tokens(ui);
            let color = if enabled { t.text } else { t.disabled };
            let words = Role::Body.line(ui, text, color, 360.0);
            let keys = Role::Small.line(ui, keys, t.text3, 160.0);
            let width = ui.available_width().max(words.size().x + keys.size().x + 64.0);
            let (rect, response) = ui.allocate_exact_size(vec2(width, touchable(ui, HEIGHT)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::MenuItem, enabled, text));
            let fill = match (response.is_pointer_button_down_on(), response.hovered() && enabled) {
                (true, _) => t.pressed,
                (false, true) => t.hover,
                (false, false) => Color32::TRANSPARENT,
            };
            ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
            let icon_rect = Rect::from_center_size(pos2(rect.left() + 16.0, rect.center().y), vec2(16.0, 16.0));
            paint_icon(ui, icon_rect, icon, if enabled { t.text2 } else { t.disabled });
            ui.painter().galley(pos2(rect.left() + 32.0, rect.center().y - words.size().y / 2.0), words, color);
            ui.painter().galley(pos2(rect.right() - 8.0 - keys.size().x, rect.center().y - keys.size().y / 2.0), keys, t.text3);
            focus_ring_inside(ui, &response, rect, R2);
            response
        })
        .inner;
    if response.clicked() {
        ui.close();
        return true;
    }
    false
}
