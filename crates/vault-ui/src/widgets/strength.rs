//! How strong a password is: a bar, a word and a number, never colour alone.

use egui::{CornerRadius, Rect, Response, Sense, Ui, WidgetInfo, vec2};
use vault_engine::RequestId;
use vault_model::{
    SecretText,
    strength::{Band, RatingRequest, Strength},
};

use crate::{fl, l10n, outbox::Outbox, role::Role, state::State, theme::tokens};

/// A bar of 4 with word and bits below. The bands are those of [`Band`].
pub fn strength_bar(ui: &mut Ui, bits: f64) -> Response {
    let t = tokens(ui);
    let band = Band::of(bits);
    let word = l10n::text_of(band.key()).unwrap_or_default();
    let color = match band {
        Band::Poor => t.danger,
        Band::Weak => t.warn,
        Band::Good | Band::Excellent => t.ok,
    };
    let text = fl!("strength-line", word = word, bits = (bits.round() as i64));
    let width = ui.available_width().min(crate::theme::INPUT);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 4.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, &text));
    ui.painter().rect_filled(rect, CornerRadius::same(2), t.line);
    let part = (bits / 128.0).clamp(0.02, 1.0) as f32;
    let bar = Rect::from_min_size(rect.min, vec2(rect.width() * part, rect.height()));
    ui.painter().rect_filled(bar, CornerRadius::same(2), color);
    ui.label(Role::Small.rich(text, t.text2));
    response
}

/// How strong a text is while it is typed. It is judged elsewhere ([`crate::Wish::Rate`]), because that takes longer than a frame may; until
/// the answer is there the one before stands.
#[derive(Default)]
pub struct Rating {
    asked: Option<(RequestId, SecretText)>,
    /// What the last answer was about.
    of: SecretText,
    last: Option<Strength>,
}

impl Rating {
    /// What is known of `text`; asks where it has changed, one question at a time. `related` makes it easier to guess.
    pub fn follow(&mut self, state: &State, text: &SecretText, related: &[&str], out: &mut Outbox) -> Option<Strength> {
        if text.is_empty() {
            *self = Self::default();
            return None;
        }
        if let Some(answer) = self.asked.as_ref().and_then(|(request, _)| state.rating(*request)) {
            self.last = answer;
            self.of = self.asked.take().map(|(_, of)| of).unwrap_or_default();
        }
        if self.asked.is_none() && self.of.expose() != text.expose() {
            let related = related.iter().map(|known| (*known).to_owned()).collect();
            self.asked = Some((out.rate(RatingRequest { text: text.duplicate(), related }), text.duplicate()));
        }
        self.last
    }

    /// The bar for it, as soon as there is one.
    pub fn bar_ui(&mut self, ui: &mut Ui, state: &State, text: &SecretText, related: &[&str], out: &mut Outbox) {
        if let Some(strength) = self.follow(state, text, related, out) {
            strength_bar(ui, strength.bits);
        }
    }
}
