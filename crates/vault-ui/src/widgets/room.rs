//! Room that is kept for a line that may appear, so that nothing below it moves.

use egui::Ui;

use crate::theme::S2;

/// Height of a line of small text with the gap above it.
pub const SMALL_LINE: f32 = 20.0;
/// Height of a strength bar with its words and the gap above it.
pub const STRENGTH: f32 = S2 + 28.0;
/// Height of an error line, or of a bar of progress with its words, with the gap above it.
pub const OUTCOME: f32 = 32.0;

/// Draws in a block that is at least `height` points high, also when nothing is drawn.
pub fn keep_room<R>(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.vertical(|ui| {
        ui.set_min_height(height);
        add(ui)
    })
    .inner
}
