//! How strong a password is: a bar, a word and a number, never colour alone.

use egui::{CornerRadius, Rect, Response, Sense, Ui, WidgetInfo, vec2};

use crate::{fl, role::Role, theme::tokens};

/// A bar of 4 with word and bits below. Bands of KeePassXC: < 40 poor, < 75 weak, < 100 good, else excellent.
pub fn strength_bar(ui: &mut Ui, bits: f64) -> Response {
    let t = tokens(ui);
    let (word, color) = if bits < 40.0 {
        (fl!("strength-poor"), t.danger)
    } else if bits < 75.0 {
        (fl!("strength-weak"), t.warn)
    } else if bits < 100.0 {
        (fl!("strength-good"), t.ok)
    } else {
        (fl!("strength-excellent"), t.ok)
    };
    let text = fl!("strength-line", word = word, bits = (bits.round() as i64));
    let width = ui.available_width().min(crate::theme::INPUT);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, &text));
    ui.painter().rect_filled(rect, CornerRadius::same(2), t.line);
    let part = (bits / 128.0).clamp(0.02, 1.0) as f32;
    let bar = Rect::from_min_size(rect.min, vec2(rect.width() * part, rect.height()));
    ui.painter().rect_filled(bar, CornerRadius::same(2), color);
    ui.label(Role::Small.rich(text, t.text2));
    response
}
