//! Chips: tags and states.

use egui::{Align2, CornerRadius, Rect, Response, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::button::paint_icon;
use crate::{
    fl, icons,
    role::Role,
    theme::{Tone, is_touch, tokens, touchable},
};

/// Height of a chip.
const HEIGHT: f32 = 20.0;

/// What is drawn: 20 high, for a finger 32.
fn height(ui: &Ui) -> f32 {
    if is_touch(ui) { 32.0 } else { HEIGHT }
}

/// What is pressed.
fn touch_size(ui: &Ui, width: f32) -> Vec2 {
    vec2(touchable(ui, width), touchable(ui, HEIGHT))
}

/// A chip that can be pressed, for instance to list what has the same tag.
pub fn chip(ui: &mut Ui, text: &str) -> Response {
    let t = tokens(ui);
    let galley = Role::Label.line(ui, text, t.accent_text, 200.0);
    let (target, response) = ui.allocate_exact_size(touch_size(ui, galley.size().x + 16.0), Sense::click());
    let rect = Align2::LEFT_CENTER.align_size_within_rect(vec2(target.width(), height(ui)), target);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), text));
    let fill = if response.hovered() { t.selection } else { t.accent_soft };
    ui.painter().rect_filled(rect, CornerRadius::same(16), fill);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.accent_text);
    super::focus_ring(ui, &response, rect.shrink(2.0), 10);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A chip with a cross; true when the cross was pressed.
pub fn removable_chip(ui: &mut Ui, text: &str) -> bool {
    let t = tokens(ui);
    let galley = Role::Label.line(ui, text, t.accent_text, 200.0);
    let cross_side = touchable(ui, HEIGHT);
    let (target, _) = ui.allocate_exact_size(vec2(galley.size().x + 16.0 + cross_side, cross_side), Sense::hover());
    let rect = Align2::LEFT_CENTER.align_size_within_rect(vec2(target.width(), height(ui)), target);
    ui.painter().rect_filled(rect, CornerRadius::same(16), t.accent_soft);
    ui.painter().galley(pos2(rect.left() + 8.0, rect.center().y - galley.size().y / 2.0), galley, t.accent_text);
    let cross = Rect::from_center_size(pos2(rect.right() - 2.0 - cross_side / 2.0, rect.center().y), Vec2::splat(cross_side));
    let response = ui.interact(cross, ui.scope_id().with(("remove", text)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), fl!("chip-remove", name = text)));
    if response.hovered() {
        let spot = Rect::from_center_size(cross.center(), Vec2::splat(height(ui) - 2.0));
        ui.painter().rect_filled(spot, CornerRadius::same(16), t.selection);
    }
    ui.painter().text(
        cross.center(),
        egui::Align2::CENTER_CENTER,
        icons::X,
        egui::FontId::new(12.0, crate::fonts::icon_family()),
        t.accent_text,
    );
    super::focus_ring(ui, &response, cross.shrink(3.0), 8);
    response.clicked()
}

/// A state in colour, icon and word.
pub fn state_chip(ui: &mut Ui, tone: Tone, icon: &str, text: &str) -> Response {
    let (fore, back) = tokens(ui).tone(tone);
    let galley = Role::Label.line(ui, text, fore, 280.0);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 36.0, HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
    ui.painter().rect_filled(rect, CornerRadius::same(10), back);
    paint_icon(ui, Rect::from_center_size(pos2(rect.left() + 16.0, rect.center().y), Vec2::splat(16.0)), icon, fore);
    ui.painter().galley(pos2(rect.left() + 28.0, rect.center().y - galley.size().y / 2.0), galley, fore);
    response
}
