//! Typing what is not secret: one line or several, in the text's own font.

use egui::{FontId, Id, Margin, Response, TextEdit, Ui, Vec2};
use vault_model::{FieldType, SecretText};

use crate::{
    role::Role,
    theme::{CONTROL, tokens},
    widgets::secret_field::SecretBuffer,
};

/// An input for a text that is not secret. Its buffer is wiped like a secret's, because which fields are secret is their owner's choice.
pub struct PlainEdit<'a> {
    /// Keeps cursor and focus.
    pub id: Id,
    /// Its name in the accessibility tree.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
    /// Lines; 1 for a single line.
    pub rows: usize,
    /// Width in points.
    pub width: f32,
    /// The font.
    pub font: FontId,
}

impl PlainEdit<'_> {
    /// Draws it.
    pub fn show(&self, ui: &mut Ui, text: &mut SecretText) -> Response {
        let t = tokens(ui);
        let mut buffer = SecretBuffer(text);
        let edit = if self.rows > 1 {
            TextEdit::multiline(&mut buffer).desired_rows(self.rows)
        } else {
            TextEdit::singleline(&mut buffer).align(egui::Align2::LEFT_CENTER)
        };
        let out = edit
            .id(self.id)
            .font(self.font.clone())
            .margin(Margin::symmetric(10, 6))
            .min_size(Vec2::new(0.0, CONTROL))
            .hint_text(Role::Body.rich(self.hint, t.text3))
            .desired_width(self.width)
            .show(ui);
        let response: Response = out.response.response.clone();
        response.accessible_name(self.name)
    }
}

/// The font that a type is typed and shown in: fixed width where single characters matter.
pub fn font_of(field_type: FieldType) -> FontId {
    match field_type {
        FieldType::Text
        | FieldType::Multiline
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear => Role::Body.font_id(),
        FieldType::Secret
        | FieldType::SecretMultiline
        | FieldType::Iban
        | FieldType::Bic
        | FieldType::RoutingNumber
        | FieldType::CardNumber
        | FieldType::Mnemonic
        | FieldType::ChainAddress
        | FieldType::Totp
        | FieldType::RecoveryCodes => Role::Mono.font_id(),
    }
}
