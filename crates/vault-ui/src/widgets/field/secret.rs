//! Typing a secret: masked or shown, but never in the accessibility tree, the undo history or the primary selection.
//!
//! egui puts whatever a text edit lays out into the tree. So the edit always holds bullets, in a font where every character is equally wide;
//! a shown secret is painted over them, character by character, and exists nowhere as a text of its own.

use egui::{Align2, Color32, Id, Margin, Response, TextBuffer, TextEdit, Ui, Vec2, text::LayoutJob, text_edit::TextEditOutput};
use vault_model::SecretText;

use super::glyphs;
use crate::{role::Role, theme::tokens, widgets::secret_field::SecretBuffer};

/// An input for a secret.
pub struct SecretEdit<'a> {
    /// Keeps cursor and focus.
    pub id: Id,
    /// Its name in the accessibility tree.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
    /// Whether the text is painted or bullets are.
    pub shown: bool,
    /// Lines; 1 for a single line.
    pub rows: usize,
    /// Width in points.
    pub width: f32,
    /// Least height in points.
    pub height: f32,
}

impl SecretEdit<'_> {
    /// Draws it.
    pub fn show(&self, ui: &mut Ui, secret: &mut SecretText) -> Response {
        let t = tokens(ui);
        let color = if self.shown { Color32::TRANSPARENT } else { t.text };
        let several = self.rows > 1;
        let mut layouter = move |ui: &Ui, text: &dyn TextBuffer, width: f32| {
            let mut job = LayoutJob::single_section(masked(text.as_str()), glyphs::mono(color));
            job.wrap.max_width = if several { width } else { f32::INFINITY };
            job.wrap.break_anywhere = true;
            job.break_on_newline = several;
            job.keep_trailing_whitespace = true;
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let mut buffer = SecretBuffer(secret);
        let edit = if several {
            TextEdit::multiline(&mut buffer).desired_rows(self.rows)
        } else {
            TextEdit::singleline(&mut buffer).align(egui::Align2::LEFT_CENTER)
        };
        let mut out = edit
            .id(self.id)
            .password(true)
            .layouter(&mut layouter)
            .font(Role::Mono.font_id())
            .margin(Margin::symmetric(10, 6))
            .min_size(Vec2::new(0.0, self.height))
            .hint_text(Role::Body.rich(self.hint, t.text3))
            .desired_width(self.width)
            .show(ui);
        out.state.clear_undoer();
        out.state.clone().store(ui.ctx(), self.id);
        if self.shown {
            paint_over(ui, &out, secret.expose());
        }
        let response: Response = out.response.response.clone();
        response.accessible_name(self.name)
    }
}

fn masked(text: &str) -> String {
    text.chars().map(|character| if character == '\n' { '\n' } else { '•' }).collect()
}

/// Paints each character where the bullet for it was laid out.
fn paint_over(ui: &Ui, out: &TextEditOutput, text: &str) {
    let t = tokens(ui);
    let painter = ui.painter_at(out.text_clip_rect.expand(1.0));
    let mut characters = text.chars();
    for row in &out.galley.rows {
        for glyph in &row.glyphs {
            let Some(character) = characters.next() else { return };
            let at = out.galley_pos + row.pos.to_vec2() + Vec2::new(glyph.pos.x + glyph.advance_width / 2.0, row.size.y / 2.0);
            painter.text(at, Align2::CENTER_CENTER, character, Role::Mono.font_id(), glyphs::colour_of(t, character));
        }
        if row.ends_with_newline {
            characters.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_text_keeps_its_lines_and_nothing_else() {
        assert_eq!(masked("ab\nä c"), "••\n•••");
    }
}
