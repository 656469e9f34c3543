//! Switches and segmented choices.

use egui::{Align2, Color32, CornerRadius, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::{
    role::Role,
    theme::{CONTROL, R2, tokens, touchable},
};

/// A switch; `name` is for the accessibility tree. The response says when it changed.
pub fn switch(ui: &mut Ui, name: &str, on: &mut bool) -> Response {
    let t = tokens(ui);
    let (target, mut response) = ui.allocate_exact_size(vec2(touchable(ui, 36.0), touchable(ui, 20.0)), Sense::click());
    // The target grows for a finger, what is drawn does not; it keeps the right edge that the controls of a page share.
    let rect = Align2::RIGHT_CENTER.align_size_within_rect(vec2(36.0, 20.0), target);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(egui::Role::Switch, ui.is_enabled(), *on, name));
    let (fill, border, knob) = match (*on, ui.is_enabled()) {
        (true, true) => (t.accent, t.accent, t.on_accent),
        (false, true) => (if response.hovered() { t.hover } else { t.surface }, t.control, t.text2),
        (_, false) => (t.hover, t.line, t.disabled),
    };
    ui.painter().rect(rect, CornerRadius::same(10), fill, Stroke::new(t.control_width(), border), StrokeKind::Inside);
    let x = if *on { rect.right() - 10.0 } else { rect.left() + 10.0 };
    ui.painter().circle_filled(pos2(x, rect.center().y), if *on { 6.0 } else { 5.0 }, knob);
    focus_ring(ui, &response, rect, 10);
    response
}

/// One of a few, side by side. True when it changed.
pub fn segmented<T: Copy + PartialEq>(ui: &mut Ui, name: &str, value: &mut T, choices: &[(T, String)]) -> bool {
    let t = tokens(ui);
    let before = *value;
    let galleys: Vec<_> = choices.iter().map(|(_, text)| Role::Button.line(ui, text, Color32::PLACEHOLDER, 200.0)).collect();
    let width: f32 = galleys.iter().map(|galley| galley.size().x + 24.0).sum();
    let (rect, group) = ui.allocate_exact_size(vec2(width, touchable(ui, CONTROL)), Sense::hover());
    group.widget_info(|| WidgetInfo::labeled(egui::Role::RadioGroup, true, name));
    ui.painter().rect(rect, CornerRadius::same(R2), t.surface, Stroke::new(t.control_width(), t.control), StrokeKind::Inside);
    let mut left = rect.left();
    for (at, ((choice, text), galley)) in choices.iter().zip(galleys).enumerate() {
        let part = egui::Rect::from_min_size(pos2(left, rect.top()), vec2(galley.size().x + 24.0, rect.height()));
        left = part.right();
        let response = ui.interact(part, group.id.with(at), Sense::click());
        if response.clicked() {
            *value = *choice;
        }
        let on = *value == *choice;
        response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, ui.is_enabled(), on, text));
        let fill = match (on, response.hovered()) {
            (true, _) => t.selection,
            (false, true) => t.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(part.shrink(2.0), CornerRadius::same(R1_INNER), fill);
        let color = if on { t.accent_text } else { t.text2 };
        ui.painter().galley(part.center() - galley.size() / 2.0, galley, color);
        focus_ring(ui, &response, part.shrink(2.0), R2);
    }
    *value != before
}

/// Radius of the fill inside a control of [`R2`].
const R1_INNER: u8 = 4;
