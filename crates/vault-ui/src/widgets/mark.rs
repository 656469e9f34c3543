//! The program's mark: a keyhole in a rounded square, drawn from the same measures as `assets/brand/mark.svg`.

use egui::{CornerRadius, Rect, Shape, Ui, pos2};

use crate::theme::tokens;

/// Paints it into `rect`, a square.
pub fn paint(ui: &Ui, rect: Rect) {
    let t = tokens(ui);
    let unit = rect.width() / 48.0;
    let at = |x: f32, y: f32| pos2(rect.left() + x * unit, rect.top() + y * unit);
    ui.painter().rect_filled(rect, CornerRadius::same((11.0 * unit) as u8), t.accent);
    ui.painter().circle_filled(at(24.0, 20.0), 7.0 * unit, t.on_accent);
    let points = vec![at(21.4, 22.0), at(26.6, 22.0), at(29.6, 36.0), at(18.4, 36.0)];
    ui.painter().add(Shape::convex_polygon(points, t.on_accent, egui::Stroke::NONE));
}
