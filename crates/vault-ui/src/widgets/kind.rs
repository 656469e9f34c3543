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
        "login" | "credential" => icons::KEY,
        "secure-note" | "note" => icons::NOTE,
        "bank-account" => icons::BANK,
        "payment-card" => icons::CREDIT_CARD,
        "crypto-wallet" => icons::CURRENCY_BTC,
        "identity-document" | "identity" => icons::IDENTIFICATION_CARD,
        "document" => icons::FILE_TEXT,
        "insurance" => icons::UMBRELLA,
        "api-key" | "ssh-key" | "api-ssh-key" => icons::TERMINAL_WINDOW,
        "wifi" | "wi-fi" => icons::WIFI_HIGH,
        "software-licence" | "software-license" | "licence" => icons::CERTIFICATE,
        "totp" => icons::CLOCK_COUNTER_CLOCKWISE,
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
