//! The picture of each kind of item.

use egui::{CornerRadius, Rect, Ui};

use super::button::paint_icon_sized;
use crate::{
    icons,
    role::Role,
    theme::{R2, R3, tokens},
};

/// The icon of a kind, by template slug.
pub fn kind_icon(slug: &str) -> &'static str {
    match slug {
        "credential" => icons::KEY,
        "note" => icons::NOTE,
        "bank" => icons::BANK,
        "card" => icons::CREDIT_CARD,
        "crypto" => icons::WALLET,
        "identity" => icons::IDENTIFICATION_CARD,
        "document" => icons::FILE_TEXT,
        "insurance" => icons::UMBRELLA,
        "key" => icons::TERMINAL_WINDOW,
        "wifi" => icons::WIFI_HIGH,
        "licence" => icons::CERTIFICATE,
        "totp" => icons::CLOCK_COUNTDOWN,
        "custom" => icons::SHAPES,
        // A kind of a newer program.
        _ => icons::TEXTBOX,
    }
}

/// An icon in its tile: 28 in rows, 40 in heads.
pub fn tile(ui: &Ui, rect: Rect, icon: &str, selected: bool) {
    let t = tokens(ui);
    let (radius, role) = if rect.width() >= 40.0 { (R3, Role::IconLarge) } else { (R2, Role::Icon) };
    let fill = if selected { t.surface } else { t.tile() };
    ui.painter().rect_filled(rect, CornerRadius::same(radius), fill);
    if t.high_contrast {
        let stroke = egui::Stroke::new(1.0, t.line);
        ui.painter().rect_stroke(rect, CornerRadius::same(radius), stroke, egui::StrokeKind::Inside);
    }
    paint_icon_sized(ui, rect, icon, if selected { t.accent_text } else { t.text2 }, role);
}
