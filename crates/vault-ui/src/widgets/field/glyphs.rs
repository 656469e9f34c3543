//! How secrets look: coloured by kind of character, in groups, never selectable, never in the accessibility tree.

use egui::{
    Align2, Color32, FontId, Galley, Rect, Ui, Vec2,
    text::{LayoutJob, TextFormat, TextWrapping},
};
use std::sync::Arc;
use vault_model::FieldType;

use crate::{
    role::Role,
    theme::{self, Tokens, tokens},
};

/// What a hidden secret shows, whatever its length: the length is part of the secret.
pub const BULLETS: &str = "••••••••••••";

/// Space between groups.
const GROUP_GAP: f32 = 6.0;
/// Side of a cell of the large type.
const CELL: f32 = 32.0;
/// Size of a character in a cell.
const CELL_FONT: f32 = 24.0;
/// Height of a cell with its number.
const CELL_ROW: f32 = 56.0;

/// Characters in a group, for types whose owners read them in groups.
pub fn group_of(field_type: FieldType) -> Option<usize> {
    match field_type {
        FieldType::Iban | FieldType::CardNumber => Some(4),
        FieldType::Text
        | FieldType::Secret
        | FieldType::Multiline
        | FieldType::SecretMultiline
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear
        | FieldType::Bic
        | FieldType::RoutingNumber
        | FieldType::Mnemonic
        | FieldType::ChainAddress
        | FieldType::Totp
        | FieldType::RecoveryCodes => None,
    }
}

/// Colour of a character of a revealed secret.
pub fn colour_of(t: &Tokens, character: char) -> Color32 {
    if character.is_numeric() {
        t.secret_digit
    } else if character.is_alphabetic() || character.is_whitespace() {
        t.text
    } else {
        t.secret_symbol
    }
}

/// Lays a secret out in mono, wrapped by character at `width`.
pub fn galley(ui: &Ui, text: &str, group: Option<usize>, width: f32) -> Arc<Galley> {
    layout(ui, text, group, width, colour_of)
}

/// Lays a text that is not secret out in mono, in groups, in one colour.
pub fn plain(ui: &Ui, text: &str, group: Option<usize>, width: f32) -> Arc<Galley> {
    layout(ui, text, group, width, |t, _| t.text)
}

fn layout(ui: &Ui, text: &str, group: Option<usize>, width: f32, colour: impl Fn(&Tokens, char) -> Color32) -> Arc<Galley> {
    let t = tokens(ui);
    let mut job =
        LayoutJob { wrap: TextWrapping { max_width: width, break_anywhere: true, ..TextWrapping::default() }, ..LayoutJob::default() };
    let mut buffer = [0; 4];
    let mut n = 0;
    for character in text.chars() {
        // Groups are made here: spaces that were typed would make others.
        if group.is_some() && character == ' ' {
            continue;
        }
        let lead = if group.is_some_and(|size| n > 0 && n % size == 0) { GROUP_GAP } else { 0.0 };
        job.append(character.encode_utf8(&mut buffer), lead, mono(colour(t, character)));
        n += 1;
    }
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// The format of secrets and numbers.
pub fn mono(colour: Color32) -> TextFormat {
    Role::Mono.format(colour)
}

/// Height of the large type of a text of so many characters at `width`.
pub fn large_height(n_characters: usize, width: f32) -> f32 {
    let per_row = per_row(width);
    n_characters.div_ceil(per_row).max(1) as f32 * CELL_ROW + theme::S2
}

/// Paints every character in a numbered cell, for reading aloud or copying by hand.
pub fn paint_large(ui: &Ui, rect: Rect, text: &str) {
    let t = tokens(ui);
    let per_row = per_row(rect.width());
    for (idx, character) in text.chars().enumerate() {
        let (row, column) = (idx / per_row, idx % per_row);
        let cell = Rect::from_min_size(rect.min + Vec2::new(column as f32 * CELL, row as f32 * CELL_ROW), Vec2::new(CELL, CELL_ROW));
        if column % 2 == 1 {
            ui.painter().rect_filled(cell.shrink2(Vec2::new(0.0, theme::S1)), theme::R1, t.tile());
        }
        if character == ' ' {
            // A space would look like a gap in the text: a bar stands for it.
            ui.painter().hline(cell.x_range().shrink(8.0), cell.top() + 30.0, egui::Stroke::new(2.0, t.text3));
        }
        ui.painter().text(
            cell.center_top() + Vec2::new(0.0, 20.0),
            Align2::CENTER_CENTER,
            character,
            FontId { size: CELL_FONT, ..Role::MonoLarge.font_id() },
            colour_of(t, character),
        );
        ui.painter().text(cell.center_top() + Vec2::new(0.0, 42.0), Align2::CENTER_CENTER, idx + 1, Role::Small.font_id(), t.text3);
    }
}

fn per_row(width: f32) -> usize {
    ((width / CELL) as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_letters_and_symbols_have_different_colours() {
        let t = &theme::LIGHT;
        assert_eq!(colour_of(t, '7'), t.secret_digit);
        assert_eq!(colour_of(t, 'ä'), t.text);
        assert_eq!(colour_of(t, '#'), t.secret_symbol);
    }

    #[test]
    fn only_numbers_read_in_groups_are_grouped() {
        let grouped: Vec<_> = FieldType::ALL.into_iter().filter(|ty| group_of(*ty).is_some()).collect();
        assert_eq!(grouped, [FieldType::Iban, FieldType::CardNumber]);
    }

    #[test]
    fn large_type_takes_a_row_for_each_line_of_cells() {
        assert_eq!(large_height(10, 10.0 * CELL), CELL_ROW + theme::S2);
        assert_eq!(large_height(11, 10.0 * CELL), 2.0 * CELL_ROW + theme::S2);
    }
}
