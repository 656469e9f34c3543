//! The live code of a TOTP secret: digits, a ring that steps once a second, the code after it.

use egui::{Align2, Painter, Pos2, Stroke, Ui, Vec2};
use std::{f32::consts::TAU, time::Duration};

use crate::{
    fl,
    role::Role,
    theme::{S2, S3, reduced_motion, tokens},
};

/// Radius of the ring; with its stroke it is 20 wide.
const RADIUS: f32 = 8.5;
/// Seconds before the end at which the ring warns.
const LAST_SECS: u64 = 5;

/// A code, borrowed from what the engine last said.
pub struct Code<'a> {
    /// The code now.
    pub code: &'a str,
    /// The one after it.
    pub next: &'a str,
    /// When it ends, Unix milliseconds.
    pub until_ms: u64,
    /// Its whole life in seconds.
    pub period_secs: u32,
    /// The clock, Unix milliseconds.
    pub now_ms: u64,
}

impl Code<'_> {
    /// Whole seconds left, counting the running one.
    pub fn secs_left(&self) -> u64 {
        self.until_ms.saturating_sub(self.now_ms).div_ceil(1000)
    }

    /// Milliseconds until the ring steps.
    fn step_in_ms(&self) -> u64 {
        match self.until_ms.saturating_sub(self.now_ms) % 1000 {
            0 => 1000,
            rest => rest,
        }
    }
}

/// The digits in two halves: `123 456`.
pub fn halves(code: &str) -> (&str, &str) {
    let middle = code.len().div_ceil(2);
    if code.is_ascii() { code.split_at(middle) } else { (code, "") }
}

/// Paints the code with its left edge and middle at `at`, and asks for the frame in which the ring steps.
pub fn paint(ui: &Ui, at: Pos2, code: &Code<'_>) {
    let t = tokens(ui);
    let painter = ui.painter();
    let left = code.secs_left();
    let ending = left <= LAST_SECS;
    let color = if ending { t.warn } else { t.text };
    let x = digits(painter, at, code.code, Role::MonoLarge, color);
    let centre = Pos2::new(x + S3 + RADIUS, at.y);
    if reduced_motion(ui) || ending {
        let number = left.to_string();
        painter.text(centre, Align2::CENTER_CENTER, number, Role::Small.font_id(), if ending { t.warn } else { t.text2 });
    }
    if !reduced_motion(ui) {
        ring(painter, centre, left as f32 / code.period_secs.max(1) as f32, t.line, if ending { t.warn } else { t.accent });
    }
    let next = Pos2::new(centre.x + RADIUS + S3, at.y);
    let word = painter.text(next, Align2::LEFT_CENTER, fl!("totp-next"), Role::Small.font_id(), t.text3);
    let small = egui::FontId { size: Role::Small.font_id().size, ..Role::Mono.font_id() };
    let (first, second) = halves(code.next);
    let half = painter.text(Pos2::new(word.right() + S2, at.y), Align2::LEFT_CENTER, first, small.clone(), t.text3);
    painter.text(Pos2::new(half.right() + S2 / 2.0, at.y), Align2::LEFT_CENTER, second, small, t.text3);
    if left > 0 {
        ui.ctx().request_repaint_after(Duration::from_millis(code.step_in_ms()));
    }
}

fn digits(painter: &Painter, at: Pos2, code: &str, role: Role, color: egui::Color32) -> f32 {
    let (first, second) = halves(code);
    let half = painter.text(at, Align2::LEFT_CENTER, first, role.font_id(), color);
    painter.text(Pos2::new(half.right() + S2, at.y), Align2::LEFT_CENTER, second, role.font_id(), color).right()
}

fn ring(painter: &Painter, centre: Pos2, part: f32, rest: egui::Color32, color: egui::Color32) {
    painter.circle_stroke(centre, RADIUS, Stroke::new(2.0, rest));
    let part = part.clamp(0.0, 1.0);
    // One point for each three degrees keeps the arc round at this size.
    let n_points = (part * 120.0) as usize;
    let points = (0..=n_points)
        .map(|idx| {
            let angle = idx as f32 / 120.0 * TAU - TAU / 4.0;
            centre + RADIUS * Vec2::angled(angle)
        })
        .collect::<Vec<_>>();
    if points.len() > 1 {
        painter.line(points, Stroke::new(2.0, color));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(until_ms: u64, now_ms: u64) -> Code<'static> {
        Code { code: "123456", next: "654321", until_ms, period_secs: 30, now_ms }
    }

    #[test]
    fn the_running_second_counts() {
        assert_eq!(code(30_000, 1).secs_left(), 30);
        assert_eq!(code(30_000, 29_999).secs_left(), 1);
        assert_eq!(code(30_000, 31_000).secs_left(), 0);
    }

    #[test]
    fn the_ring_steps_at_whole_seconds_only() {
        assert_eq!(code(30_000, 500).step_in_ms(), 500);
        assert_eq!(code(30_000, 1_000).step_in_ms(), 1000);
    }

    #[test]
    fn codes_of_six_seven_and_eight_digits_have_two_halves() {
        assert_eq!(halves("123456"), ("123", "456"));
        assert_eq!(halves("1234567"), ("1234", "567"));
        assert_eq!(halves("12345678"), ("1234", "5678"));
    }
}
