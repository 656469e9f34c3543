//! The generator: a pane of its own, and a dialog of the editor.
//!
//! There is no history of what was made: a text that is neither used nor copied is gone with the next one.

use egui::{ScrollArea, Sense, Slider, Ui, Vec2};
use vault_engine::{Command, RequestId};
use vault_model::{
    SecretText,
    generate::{PASSPHRASE_LENGTHS, PASSWORD_LENGTHS, PassphraseRecipe, PasswordRecipe, Recipe, SYMBOLS},
};

use crate::{
    fl, icons,
    outbox::Outbox,
    role::{self, Role},
    state::{Generated, State},
    theme::{INPUT, R3, S2, S3, S4, S5, icon_button_side, tokens},
    widgets::{
        Look, PushButton, card, card_line,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        error_text,
        field::glyphs,
        heading, icon_button, page, secondary, segmented, setting_row, strength_bar, switch,
    },
};

/// Least height of the box with the text, so that nothing below it moves.
const BOX_HEIGHT: f32 = 64.0;

/// Height of a dialog around what it scrolls.
const AROUND: f32 = 200.0;

/// What is chosen in the generator.
pub struct GeneratorForm {
    words: bool,
    password: PasswordRecipe,
    phrase: PassphraseRecipe,
    symbols: bool,
    /// The request whose answer is shown.
    shown: Option<RequestId>,
    /// The recipe it was made from.
    made: Option<Recipe>,
}

impl Default for GeneratorForm {
    fn default() -> Self {
        Self {
            words: false,
            password: PasswordRecipe::default(),
            phrase: PassphraseRecipe::default(),
            symbols: true,
            shown: None,
            made: None,
        }
    }
}

impl GeneratorForm {
    /// One that makes passphrases: for master passwords and backups.
    pub fn for_words() -> Self {
        Self { words: true, ..Self::default() }
    }

    fn recipe(&self) -> Recipe {
        if self.words {
            return Recipe::Passphrase(self.phrase.clone());
        }
        let symbols = if self.symbols { SYMBOLS.to_owned() } else { String::new() };
        Recipe::Password(PasswordRecipe { symbols, ..self.password.clone() })
    }

    /// Whether there is anything to draw from.
    fn can_make(&self) -> bool {
        self.words || self.symbols || self.password.lower || self.password.upper || self.password.digits
    }

    /// Asks for a text whenever the recipe differs from that of the last one.
    fn follow(&mut self, out: &mut Outbox) {
        let recipe = self.recipe();
        if self.can_make() && self.made.as_ref() != Some(&recipe) {
            self.again(recipe, out);
        }
    }

    fn again(&mut self, recipe: Recipe, out: &mut Outbox) {
        self.close(out);
        self.shown = Some(out.send(Command::Generate(recipe.clone())));
        self.made = Some(recipe);
    }

    /// Forgets what was made.
    pub(crate) fn close(&mut self, out: &mut Outbox) {
        if let Some(request) = self.shown.take() {
            out.forget(request);
        }
        self.made = None;
    }

    fn text<'a>(&self, state: &'a State) -> Option<&'a Generated> {
        let generated = state.vault.as_ref()?.generated.as_ref()?;
        (Some(generated.request) == self.shown).then_some(generated)
    }
}

/// The generator as a pane.
pub fn generator_ui(ui: &mut Ui, state: &State, form: &mut GeneratorForm, out: &mut Outbox) {
    page(ui, "generator", |ui| {
        heading(ui.label(role::title(ui, fl!("generator-title"))), 1);
        ui.add(egui::Label::new(role::body(ui, fl!("generator-note", here = crate::l10n::here())).color(tokens(ui).text2)).wrap());
        ui.add_space(S4);
        recipe_ui(ui, state, form, out);
        ui.add_space(S5);
        ui.horizontal(|ui| {
            let text = form.text(state).map(|generated| generated.text.duplicate());
            let copy = PushButton::new(Look::Primary, fl!("generator-copy")).icon(icons::COPY).enabled(text.is_some());
            if copy.show(ui).clicked()
                && let Some(text) = text
            {
                out.send(Command::CopyText { text });
            }
        });
    });
}

/// The generator as a dialog. The text if it is to be used; an empty secret if the dialog was left.
pub(crate) fn generator_dialog_ui(ui: &mut Ui, state: &State, form: &mut GeneratorForm, out: &mut Outbox) -> Option<SecretText> {
    let mut answer = None;
    // What else a dialog needs: its margins, title and buttons.
    let room = (ui.content_rect().height() - AROUND).max(120.0);
    let closed = dialog(ui, "generator", &fl!("generator-title"), FORM_WIDTH, |ui| {
        ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| recipe_ui(ui, state, form, out));
        dialog_buttons(ui, |ui| {
            let text = form.text(state).map(|generated| generated.text.duplicate());
            let use_it = PushButton::new(Look::Primary, fl!("generator-use")).enabled(text.is_some()).show(ui);
            if use_it.clicked() {
                answer = text;
            }
            if secondary(ui, fl!("cancel")).clicked() {
                answer = Some(SecretText::default());
            }
        });
    });
    if closed {
        answer = Some(SecretText::default());
    }
    if answer.is_some() {
        form.close(out);
    }
    answer
}

fn recipe_ui(ui: &mut Ui, state: &State, form: &mut GeneratorForm, out: &mut Outbox) {
    form.follow(out);
    result_ui(ui, state, form, out);
    ui.add_space(S4);
    let choices = [(false, fl!("generator-characters")), (true, fl!("generator-words"))];
    segmented(ui, &fl!("generator-kind"), &mut form.words, &choices);
    ui.add_space(S3);
    card(ui, |ui| if form.words { phrase_ui(ui, &mut form.phrase) } else { password_ui(ui, &mut form.password, &mut form.symbols) });
    if !form.can_make() {
        error_text(ui, fl!("generator-nothing"));
    }
}

fn result_ui(ui: &mut Ui, state: &State, form: &mut GeneratorForm, out: &mut Outbox) {
    let t = tokens(ui);
    let generated = form.text(state);
    let width = ui.available_width().min(INPUT);
    let galley = generated.map(|generated| glyphs::galley(ui, generated.text.expose(), None, width - 80.0));
    let height = galley.as_ref().map_or(0.0, |galley| galley.size().y + 2.0 * S4).max(BOX_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, fl!("generator-result")));
    ui.painter().rect(rect, R3, t.sunken, egui::Stroke::new(t.control_width(), t.line), egui::StrokeKind::Inside);
    if let Some(galley) = galley {
        ui.painter().galley(egui::pos2(rect.left() + S4, rect.center().y - galley.size().y / 2.0), galley, t.text);
    }
    let side = icon_button_side(ui);
    let place = egui::Rect::from_center_size(egui::pos2(rect.right() - 12.0 - side / 2.0, rect.center().y), Vec2::splat(side));
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(place));
    if icon_button(&mut inner, icons::ARROWS_CLOCKWISE, fl!("generator-again")).clicked() {
        form.again(form.recipe(), out);
    }
    ui.add_space(S2);
    if let Some(generated) = form.text(state) {
        strength_bar(ui, generated.bits);
    } else {
        ui.add_space(24.0);
    }
}

fn password_ui(ui: &mut Ui, recipe: &mut PasswordRecipe, symbols: &mut bool) {
    number_row(ui, fl!("generator-length"), &mut recipe.length, PASSWORD_LENGTHS);
    switch_row(ui, fl!("generator-lower"), "a–z", &mut recipe.lower);
    switch_row(ui, fl!("generator-upper"), "A–Z", &mut recipe.upper);
    switch_row(ui, fl!("generator-digits"), "0–9", &mut recipe.digits);
    switch_row(ui, fl!("generator-symbols"), SYMBOLS, symbols);
    switch_row(ui, fl!("generator-lookalikes"), "0 O o 1 l I |", &mut recipe.without_lookalikes);
    switch_row(ui, fl!("generator-each"), "", &mut recipe.one_of_each);
}

fn phrase_ui(ui: &mut Ui, recipe: &mut PassphraseRecipe) {
    number_row(ui, fl!("generator-n-words"), &mut recipe.n_words, PASSPHRASE_LENGTHS);
    card_line(ui);
    setting_row(ui, fl!("generator-separator"), "", |ui| {
        let input = egui::TextEdit::singleline(&mut recipe.separator).desired_width(64.0).char_limit(4).font(Role::Mono.font_id());
        ui.add(input).accessible_name(fl!("generator-separator"));
    });
    switch_row(ui, fl!("generator-capitals"), "", &mut recipe.capitalise);
    switch_row(ui, fl!("generator-number"), "", &mut recipe.number);
}

fn switch_row(ui: &mut Ui, title: String, note: &str, on: &mut bool) {
    card_line(ui);
    setting_row(ui, title.clone(), note, |ui| switch(ui, &title, on));
}

fn number_row(ui: &mut Ui, title: String, value: &mut u32, range: std::ops::RangeInclusive<u32>) {
    setting_row(ui, title.clone(), "", |ui| {
        let t = tokens(ui);
        let width = (ui.available_width() - 56.0).clamp(80.0, 220.0);
        let galley = Role::BodyStrong.line(ui, &value.to_string(), t.text, 40.0);
        let (rect, _) = ui.allocate_exact_size(Vec2::new(40.0, 20.0), Sense::hover());
        ui.painter().galley(egui::pos2(rect.right() - galley.size().x, rect.top()), galley, t.text);
        ui.spacing_mut().slider_width = width;
        let visuals = ui.visuals_mut();
        visuals.selection.bg_fill = t.accent;
        for widget in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
            widget.bg_fill = t.line_strong;
        }
        ui.add(Slider::new(value, range).show_value(false)).accessible_name(title);
    });
}

/// A button that opens the generator; its place is beside a password.
pub(crate) fn generate_button(ui: &mut Ui, name: &str) -> bool {
    icon_button(ui, icons::DICE_FIVE, fl!("generator-for", field = name)).clicked()
}

/// Used where a generated passphrase is offered for a password of the vault or a backup.
pub(crate) fn offer_ui(ui: &mut Ui) -> bool {
    PushButton::new(Look::Ghost, fl!("generator-offer")).icon(icons::DICE_FIVE).show(ui).clicked()
}
