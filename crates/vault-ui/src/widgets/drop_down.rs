//! The arrow of a drop-down, from the icon font like every other icon.

use egui::{Rect, Ui, style::WidgetVisuals};

use super::button::paint_icon;
use crate::icons;

/// What `ComboBox::icon` takes.
pub fn drop_down_icon(ui: &Ui, rect: Rect, visuals: &WidgetVisuals, _is_open: bool) {
    paint_icon(ui, rect, icons::CARET_DOWN, visuals.fg_stroke.color);
}
