//! The building blocks of every screen. Each draws itself from the tokens, has a name in the accessibility tree and a focus ring.

pub mod banner;
pub mod button;
pub mod card;
pub mod chip;
pub mod dialog;
pub mod drop_down;
pub mod empty;
pub mod field;
pub mod heading;
pub mod input;
pub mod kind;
pub mod mark;
pub mod menu;
pub mod progress;
pub mod qr;
pub mod room;
pub mod secret_field;
pub mod strength;
pub mod switch;
pub mod tip;
pub mod toast;

pub use banner::{Banner, BannerAnswer, banner};
pub use button::{Look, PushButton, ghost, icon_button, icon_toggle, link, primary, secondary, touch_button};
pub use card::{RowIcon, card, card_line, notice_row, page, section_head, setting_row};
pub use chip::{chip, removable_chip, state_chip};
pub use dialog::{Choice, confirm, dialog};
pub use drop_down::drop_down_icon;
pub use empty::empty_state;
pub use heading::heading;
pub use input::{error_text, multiline_field, text_field, text_input};
pub use kind::{kind_icon, tile};
pub use menu::menu_item;
pub use progress::{progress, request_progress};
pub use qr::Qr;
pub use secret_field::{SecretInput, secret_field};
pub use strength::strength_bar;
pub use switch::{segmented, switch};
pub use tip::tip;

use egui::{Color32, CornerRadius, Rect, Response, Stroke, StrokeKind, Ui};

use crate::theme::tokens;

/// The ring around what has the keyboard, outside by 2 points. Drawn only while the keyboard is in use, so that a click leaves no ring.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() && keyboard_in_use(ui) {
        let t = tokens(ui);
        let width = t.focus_width();
        ui.painter().rect_stroke(rect.expand(2.0 + width), CornerRadius::same(radius + 4), Stroke::new(width, t.focus), StrokeKind::Inside);
    }
}

/// The same, inside the edge: for rows.
pub fn focus_ring_inside(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() && keyboard_in_use(ui) {
        let t = tokens(ui);
        ui.painter().rect_stroke(rect, CornerRadius::same(radius), Stroke::new(t.focus_width(), t.focus), StrokeKind::Inside);
    }
}

/// Whether the last input that moved the focus was a key.
pub fn keyboard_in_use(ui: &Ui) -> bool {
    ui.data(|data| data.get_temp(keyboard_id())).unwrap_or(false)
}

/// Notes by which means the window is used. Called once a frame.
pub(crate) fn note_input(ctx: &egui::Context) {
    let (key, pointer) = ctx.input(|input| {
        let key = input.events.iter().any(|event| {
            matches!(event, egui::Event::Key { pressed: true, key, .. } if !matches!(key, egui::Key::Copy | egui::Key::Cut | egui::Key::Paste))
        });
        (key, input.pointer.any_pressed())
    });
    if key || pointer {
        ctx.data_mut(|data| data.insert_temp(keyboard_id(), key));
    }
}

fn keyboard_id() -> egui::Id {
    egui::Id::unique("nt2 keyboard in use")
}

/// A line of one pixel across `ui` from `left` to `right`, at the pixel's centre.
pub fn hline(ui: &Ui, left: f32, right: f32, y: f32, color: Color32) {
    let y = (y * ui.pixels_per_point()).floor() / ui.pixels_per_point() + 0.5 / ui.pixels_per_point();
    ui.painter().hline(left..=right, y, Stroke::new(1.0, color));
}
