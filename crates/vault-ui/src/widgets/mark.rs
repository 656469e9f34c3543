//! The program's mark: a keyhole in a rounded square, drawn from the same measures as `assets/brand/mark.svg`.

use egui::{CornerRadius, Rect, Shape, Ui, pos2, vec2};

use crate::theme::tokens;

/// Paints it into `rect`, a square.
pub fn paint(ui: &Ui, rect: Rect) {
    let t = tokens(ui);
    let unit = rect.width() / 48.0;
    let at = |x: f32, y: f32| pos2(rect.left() + x * unit, rect.top() + y * unit);
    ui.painter().rect_filled(rect, CornerRadius::same((11.0 * unit) as u8), t.accent);
    ui.painter().circle_filled(at(24.0, 20.0), 6.5 * unit, t.on_accent);
    let points = vec![at(21.6, 22.0), at(26.4, 22.0), at(29.0, 35.0), at(19.0, 35.0)];
    ui.painter().add(Shape::convex_polygon(points, t.on_accent, egui::Stroke::NONE));
    // Two short bolts at the right edge, as on the door of a vault.
    for y in [14.0, 30.0] {
        let bolt = Rect::from_min_size(at(43.0, y), vec2(2.5 * unit, 5.0 * unit));
        ui.painter().rect_filled(bolt, CornerRadius::same(1), t.on_accent);
    }
}
