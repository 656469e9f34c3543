//! The one place where a passphrase may be typed.
//!
//! egui keeps plain copies of what is typed in its undo history, masked or not; here the history is cleared each frame, the buffer is wiped
//! whenever it changes, and with a wiping allocator nothing stays. The tree gets bullets only,
//! also while the text is shown: see [`SecretEdit`].

use std::ops::Range;

use egui::{Id, Response, TextBuffer, Ui, Vec2, epaint::text::CharIndex};
use vault_model::SecretText;

use super::{field::secret::SecretEdit, icon_button};
use crate::{
    fl, icons, role,
    theme::{CONTROL, INPUT, icon_button_side, touchable},
};

/// How a secret field looks.
pub struct SecretInput<'a> {
    label: String,
    hint: &'a str,
    show_label: bool,
    height: f32,
    max_width: f32,
    multiline: usize,
    open: bool,
    id: Option<Id>,
}

/// What happened in it.
pub struct SecretAnswer {
    /// Of the input itself.
    pub response: Response,
    /// Enter was pressed.
    pub submitted: bool,
}

impl<'a> SecretInput<'a> {
    /// A field named `label`.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), hint: "", show_label: true, height: CONTROL, max_width: INPUT, multiline: 0, open: false, id: None }
    }

    /// Shown while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// The label is only in the accessibility tree.
    pub fn hide_label(mut self) -> Self {
        self.show_label = false;
        self
    }

    /// Another height.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// At most so wide.
    pub fn max_width(mut self, width: f32) -> Self {
        self.max_width = width;
        self
    }

    /// Several lines, never masked while it has the focus.
    pub fn multiline(mut self, rows: usize) -> Self {
        self.multiline = rows;
        self
    }

    /// Shown from the start: a code for one use, read off another screen letter by letter.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// A fixed id, to move the focus there.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Draws it, with a button that shows the text.
    pub fn show(mut self, ui: &mut Ui, secret: &mut SecretText) -> SecretAnswer {
        self.height = touchable(ui, self.height);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            let words = self.show_label.then(|| ui.label(role::label(ui, self.label.clone())).id);
            let id = self.id.unwrap_or_else(|| ui.make_persistent_id(("secret", &self.label)));
            let shown_id = id.with("shown");
            let mut shown = ui.data(|data| data.get_temp::<bool>(shown_id)).unwrap_or(self.open);
            let width = ui.available_width().min(self.max_width);
            let answer = ui
                .allocate_ui(Vec2::new(width, self.height), |ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 4.0;
                        let answer = self.edit(ui, id, secret, shown, width - icon_button_side(ui) - 4.0);
                        let name = if shown { fl!("secret-hide") } else { fl!("secret-show") };
                        let icon = if shown { icons::EYE_SLASH } else { icons::EYE };
                        if icon_button(ui, icon, name).clicked() {
                            shown = !shown;
                        }
                        answer
                    })
                    .inner
                })
                .inner;
            // Nothing stays shown in a field that was emptied or left behind.
            shown &= self.open || !secret.is_empty();
            ui.data_mut(|data| data.insert_temp(shown_id, shown));
            if let Some(words) = words {
                answer.response.clone().labelled_by(words);
            }
            answer
        })
        .inner
    }

    fn edit(&self, ui: &mut Ui, id: Id, secret: &mut SecretText, shown: bool, width: f32) -> SecretAnswer {
        let rows = self.multiline.max(1);
        let edit = SecretEdit { id, name: &self.label, hint: self.hint, shown, rows, width, height: self.height };
        let response = edit.show(ui, secret);
        let submitted = self.multiline == 0 && response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        SecretAnswer { response, submitted }
    }
}

/// A secret input of usual size with its label above.
pub fn secret_field(ui: &mut Ui, label: impl Into<String>, secret: &mut SecretText) -> SecretAnswer {
    SecretInput::new(label).show(ui, secret)
}

/// A secret as egui edits it: every change builds a new text and wipes the old one.
pub struct SecretBuffer<'a>(pub &'a mut SecretText);

impl SecretBuffer<'_> {
    fn replace(&mut self, parts: [&str; 3]) {
        let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().for_each(|part| text.push_str(part));
        *self.0 = SecretText::new(text);
    }
}

impl TextBuffer for SecretBuffer<'_> {
    fn is_mutable(&self) -> bool {
        true
    }

    fn as_str(&self) -> &str {
        self.0.expose()
    }

    fn insert_text(&mut self, text: &str, at: CharIndex) -> usize {
        let old = self.0.take();
        let byte = egui::TextBuffer::byte_index_from_char_index(&old.expose(), at).0;
        let (head, tail) = old.expose().split_at(byte);
        self.replace([head, text, tail]);
        text.chars().count()
    }

    fn delete_char_range(&mut self, range: Range<CharIndex>) {
        let old = self.0.take();
        let start = egui::TextBuffer::byte_index_from_char_index(&old.expose(), range.start).0;
        let end = egui::TextBuffer::byte_index_from_char_index(&old.expose(), range.end).0;
        self.replace([&old.expose()[..start], &old.expose()[end..], ""]);
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn replace_with(&mut self, text: &str) {
        self.replace([text, "", ""]);
    }

    fn type_id(&self) -> std::any::TypeId {
        std::any::TypeId::of::<SecretBuffer<'static>>()
    }
}
