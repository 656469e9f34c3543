//! How strong a password is: a bar, a word and a number, never colour alone.

use egui::{CornerRadius, Rect, Response, Sense, Ui, WidgetInfo, vec2};

use vault_model::{
    SecretText,
    strength::{Band, strength},
};

use crate::{fl, l10n, role::Role, theme::tokens};

/// A bar of 4 with word and bits below. The bands are those of [`Band`].
pub fn strength_bar(ui: &mut Ui, bits: f64) -> Response {
    let t = tokens(ui);
    let band = Band::of(bits);
    let word = l10n::text_of(band.key()).unwrap_or_default();
    let color = match band {
        Band::Poor => t.danger,
        Band::Weak => t.warn,
        Band::Good | Band::Excellent => t.ok,
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

/// Estimated entropy of a password that is being typed, in bits.
pub fn bits_of(password: &SecretText) -> f64 {
    strength(password.expose(), &[]).bits
}
