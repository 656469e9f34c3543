//! The inputs of the editor, one for each field type, and the owner's own fields and sections.

use egui::{EventFilter, Id, Key, Popup, Response, Ui, Vec2};
use vault_engine::Command;
use vault_model::{FieldId, FieldType, SecretText, SectionId, check};

use super::{
    field_gap,
    form::{EditorForm, FieldForm, Move, Text},
    input_width,
};
use crate::{
    fl, icons, l10n,
    outbox::Outbox,
    role::{self, Role},
    state::State,
    theme::{CONTROL, INPUT, S1, S2, icon_button_side, tokens, touchable},
    views::generator::{GeneratorForm, generate_button, generator_dialog_ui},
    widgets::{
        Look, PushButton,
        field::{
            self, chain,
            date::{self, Day, Grain},
            number,
            secret::SecretEdit,
            text::{PlainEdit, font_of},
        },
        icon_button, section_head, strength_bar, text_input,
    },
};

/// Width of the label of an owner's own field.
const LABEL: f32 = 152.0;
/// Lines of an input for several.
const ROWS: usize = 4;

/// What is wanted of the list of fields, carried out after it is drawn.
enum Edit {
    Reveal(usize),
    Generate(usize),
    Remove(FieldId),
    Move(FieldId, Move),
    MoveTo(FieldId, FieldId),
    RemoveSection(SectionId),
    MoveSection(SectionId, Move),
    Add(FieldType, Option<SectionId>),
}

/// All fields of the item, in their groups, and what adds more.
pub(super) fn fields_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    let sections: Vec<_> = form.fields.iter().map(|field| field.section.clone()).collect();
    let own_sections = form.sections.clone();
    let mut edits = Vec::new();
    for group in field::groups(&sections, &own_sections) {
        match &group.section {
            Some(id) if own_sections.iter().any(|section| section.id == *id) => own_head_ui(ui, form, id, &mut edits),
            Some(id) => {
                section_head(ui, field::section_title(id, &own_sections));
            }
            None => {}
        }
        for idx in group.fields {
            field_ui(ui, state, form, idx, &mut edits, out);
            field_gap(ui);
        }
        if let Some(id) = group.section.filter(|id| own_sections.iter().any(|section| section.id == *id)) {
            let name = own_sections.iter().find(|section| section.id == id).map_or("", |section| section.title.as_str());
            add_button(ui, fl!("editor-add-field-to", section = name), Some(id), &mut edits);
        }
    }
    ui.add_space(S2);
    ui.horizontal(|ui| {
        add_button(ui, fl!("editor-add-field"), None, &mut edits);
        if PushButton::new(Look::Secondary, fl!("editor-add-section")).icon(icons::PLUS).show(ui).clicked() {
            let title = fl!("editor-new-section");
            form.add_section(unique(ui, state, form), title);
            form.moved = true;
        }
    });
    for edit in edits {
        carry_out(ui, state, form, edit, out);
    }
}

/// Bytes that no other device and no other moment gives: the clock, the time since start, and how much there is already.
fn unique(ui: &Ui, state: &State, form: &EditorForm) -> [u8; 16] {
    let mut bytes = [0; 16];
    let running = ui.input(|input| input.time).to_bits() ^ ((form.fields.len() + form.sections.len()) as u64);
    bytes[..8].copy_from_slice(&state.now_ms.to_be_bytes());
    bytes[8..].copy_from_slice(&running.to_be_bytes());
    bytes
}

fn carry_out(ui: &Ui, state: &State, form: &mut EditorForm, edit: Edit, out: &mut Outbox) {
    form.moved = true;
    match edit {
        Edit::Reveal(idx) => {
            if let (Some(item), Some(field)) = (form.id, form.fields.get_mut(idx)) {
                field.waits = Some(out.send(Command::Reveal { item, field: field.id.clone() }));
            }
        }
        Edit::Generate(idx) => {
            if let Some(field) = form.fields.get(idx) {
                form.generating = Some((field.id.clone(), GeneratorForm::default()));
            }
        }
        Edit::Remove(id) => form.remove_field(&id),
        Edit::Move(id, way) => form.move_field(&id, way),
        Edit::MoveTo(id, target) => form.move_field_to(&id, &target),
        Edit::RemoveSection(id) => form.remove_section(&id),
        Edit::MoveSection(id, way) => form.move_section(&id, way),
        Edit::Add(field_type, section) => form.add_field(unique(ui, state, form), field_type, section),
    }
}

/// The generator of the field it was opened for.
pub(super) fn generator_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    let Some((id, generator)) = &mut form.generating else { return };
    let Some(text) = generator_dialog_ui(ui, state, generator, out) else { return };
    let id = id.clone();
    form.generating = None;
    if text.is_empty() {
        return;
    }
    if let Some(field) = form.field_mut(&id) {
        field.put(text);
        field.shown = true;
    }
    form.focus_field = Some(id);
    form.changed = true;
    form.moved = true;
}

fn own_head_ui(ui: &mut Ui, form: &mut EditorForm, id: &SectionId, edits: &mut Vec<Edit>) {
    let Some(section) = form.sections.iter_mut().find(|section| section.id == *id) else { return };
    ui.add_space(S2 * 2.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S1;
        let title = section.title.clone();
        let width = input_width(ui, 3);
        ui.scope(|ui| {
            ui.set_max_width(width);
            if text_input(ui, &fl!("editor-section-title"), &fl!("editor-section-title"), &mut section.title).changed() {
                form.changed = true;
            }
        });
        if icon_button(ui, icons::ARROW_UP, fl!("editor-section-up", section = title.as_str())).clicked() {
            edits.push(Edit::MoveSection(id.clone(), Move::Up));
        }
        if icon_button(ui, icons::ARROW_DOWN, fl!("editor-section-down", section = title.as_str())).clicked() {
            edits.push(Edit::MoveSection(id.clone(), Move::Down));
        }
        if icon_button(ui, icons::X, fl!("editor-section-remove", section = title)).clicked() {
            edits.push(Edit::RemoveSection(id.clone()));
        }
    });
    field_gap(ui);
}

fn add_button(ui: &mut Ui, name: String, section: Option<SectionId>, edits: &mut Vec<Edit>) {
    let button = PushButton::new(Look::Secondary, name).icon(icons::PLUS).show(ui);
    Popup::menu(&button).width(200.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for field_type in FieldType::ALL {
            let row = PushButton::new(Look::Ghost, field::type_name(field_type)).height(30.0).left().full_width();
            if row.show(ui).clicked() {
                edits.push(Edit::Add(field_type, section.clone()));
                ui.close();
            }
        }
    });
}

fn field_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, idx: usize, edits: &mut Vec<Edit>, out: &mut Outbox) {
    let Some(field) = form.fields.get(idx) else { return };
    let (id, own) = (field.id.clone(), field.own());
    let name = field::label_of(&id, &field.label);
    let base = ui.scope_id().with(("field", &id.0));
    let focus = form.focus_field.take_if(|wanted| *wanted == id).is_some();
    let related = form.title.clone();
    let has_item = form.id.is_some();
    let Some(field) = form.fields.get_mut(idx) else { return };
    let mut outcome = Outcome::default();
    if own {
        own_field_ui(ui, state, field, &name, base, focus, &mut outcome, edits);
    } else {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = S1;
            ui.label(role::label(ui, &name));
            value_ui(ui, state, field, &name, base, focus, &mut outcome);
        });
    }
    below_ui(ui, state, field, &related, &outcome, out);
    if outcome.reveal && has_item {
        edits.push(Edit::Reveal(idx));
    }
    if outcome.generate {
        edits.push(Edit::Generate(idx));
    }
    form.changed |= outcome.changed;
}

/// What was done with an input.
#[derive(Default)]
struct Outcome {
    changed: bool,
    left: bool,
    reveal: bool,
    generate: bool,
}

#[allow(clippy::too_many_arguments, reason = "one row of many parts")]
fn own_field_ui(
    ui: &mut Ui,
    state: &State,
    field: &mut FieldForm,
    name: &str,
    base: Id,
    focus: bool,
    outcome: &mut Outcome,
    edits: &mut Vec<Edit>,
) {
    let several = field::is_multiline(field.field_type) || ui.available_width() < 460.0;
    let head = |ui: &mut Ui, field: &mut FieldForm, width: f32, edits: &mut Vec<Edit>, outcome: &mut Outcome| {
        handle_ui(ui, field, name, edits);
        ui.scope(|ui| {
            ui.set_max_width(width);
            let hint = field::type_name(field.field_type);
            let input = text_input(ui, &fl!("editor-field-label"), &hint, &mut field.label);
            if focus {
                input.request_focus();
            }
            outcome.changed |= input.changed();
        });
    };
    let remove = |ui: &mut Ui, field: &FieldForm, edits: &mut Vec<Edit>| {
        if icon_button(ui, icons::X, fl!("editor-field-remove", field = name)).clicked() {
            edits.push(Edit::Remove(field.id.clone()));
        }
    };
    if several {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = S1;
            let width = input_width(ui, 2);
            head(ui, field, width, edits, outcome);
            remove(ui, field, edits);
        });
        ui.add_space(S1);
        value_ui(ui, state, field, name, base, false, outcome);
    } else {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = S1;
            let whole = ui.available_width().min(INPUT);
            head(ui, field, LABEL, edits, outcome);
            let rest = whole - LABEL - 2.0 * (icon_button_side(ui) + 4.0) - S1;
            ui.allocate_ui_with_layout(Vec2::new(rest, touchable(ui, CONTROL)), egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_width(rest);
                value_ui(ui, state, field, name, base, false, outcome);
            });
            remove(ui, field, edits);
        });
    }
}

/// The handle: drag it, or focus it and press the arrow keys.
fn handle_ui(ui: &mut Ui, field: &FieldForm, name: &str, edits: &mut Vec<Edit>) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(icon_button_side(ui)), egui::Sense::hover());
    let id = ui.scope_id().with(("handle", &field.id.0));
    let response = ui.interact(rect, id, egui::Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, fl!("editor-field-move", field = name)));
    let color = if response.hovered() { t.text } else { t.text3 };
    crate::widgets::button::paint_icon(ui, rect, icons::DOTS_SIX_VERTICAL, color);
    crate::widgets::focus_ring(ui, &response, rect.shrink(2.0), crate::theme::R2);
    response.dnd_set_drag_payload(field.id.clone());
    if response.has_focus() {
        let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        let way = ui.input(|input| match (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown)) {
            (true, _) => Some(Move::Up),
            (_, true) => Some(Move::Down),
            _ => None,
        });
        edits.extend(way.map(|way| Edit::Move(field.id.clone(), way)));
    }
    let row = egui::Rect::from_min_size(rect.min, Vec2::new(ui.available_width().min(INPUT), rect.height()));
    let target = ui.interact(row, id.with("target"), egui::Sense::hover());
    if let Some(dragged) = target.dnd_release_payload::<FieldId>() {
        edits.push(Edit::MoveTo((*dragged).clone(), field.id.clone()));
    } else if target.dnd_hover_payload::<FieldId>().is_some_and(|dragged| *dragged != field.id) {
        ui.painter().hline(row.x_range(), row.top() - 2.0, egui::Stroke::new(2.0, t.accent));
    }
    response.on_hover_cursor(egui::CursorIcon::Grab).on_hover_text(fl!("editor-field-move", field = name));
}

/// The input itself with its buttons.
fn value_ui(ui: &mut Ui, state: &State, field: &mut FieldForm, name: &str, base: Id, focus: bool, outcome: &mut Outcome) {
    let today = Day::of_ms(state.now_ms);
    let secret = field.field_type.is_secret();
    let generate = field::can_generate(&field.id, field.field_type);
    let grain = match field.field_type {
        FieldType::Date => Some(Grain::Day),
        FieldType::MonthYear => Some(Grain::Month),
        _ => None,
    };
    let n_buttons = usize::from(secret) + usize::from(generate) + usize::from(grain.is_some());
    let width = input_width(ui, n_buttons);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S1;
        let response = input_ui(ui, field, name, base, width);
        if focus {
            response.request_focus();
        }
        outcome.changed |= response.changed();
        outcome.left |= response.lost_focus();
        if secret {
            show_button(ui, field, name, outcome);
        }
        if generate && generate_button(ui, name) {
            outcome.generate = true;
        }
        if let (Some(grain), Some(text)) = (grain, field.known().map(|text| text.expose().to_owned()))
            && let Some(picked) = date::picker_ui(ui, name, grain, &text, today)
        {
            field.put(SecretText::new(picked));
            outcome.changed = true;
            outcome.left = true;
        }
    });
    if outcome.left {
        leave(field, state);
    }
}

fn input_ui(ui: &mut Ui, field: &mut FieldForm, name: &str, id: Id, width: f32) -> Response {
    let rows = if field::is_multiline(field.field_type) { ROWS } else { 1 };
    let hint = match (&field.text, field.field_type) {
        (Text::Kept { hint }, _) if hint.is_empty() => fl!("editor-kept"),
        (Text::Kept { hint }, _) => fl!("editor-kept-hint", hint = hint.as_str()),
        (_, FieldType::Date) => fl!("editor-hint-date"),
        (_, FieldType::MonthYear) => fl!("editor-hint-month"),
        (_, FieldType::Totp) => fl!("editor-hint-totp"),
        (_, FieldType::RecoveryCodes) => fl!("editor-hint-codes"),
        (_, FieldType::Url) => fl!("editor-hint-url"),
        _ => String::new(),
    };
    let mut blank = SecretText::default();
    let secret = field.field_type.is_secret();
    let text = match &mut field.text {
        Text::Kept { .. } => &mut blank,
        Text::Known(text) | Text::Typed(text) => text,
    };
    let response = if secret {
        let shown = field.shown && ui.input(|input| input.focused);
        SecretEdit { id, name, hint: &hint, shown, rows, width, height: CONTROL }.show(ui, text)
    } else {
        PlainEdit { id, name, hint: &hint, rows, width, font: font_of(field.field_type) }.show(ui, text)
    };
    if response.changed() {
        let typed = match &mut field.text {
            Text::Kept { .. } => blank,
            Text::Known(text) | Text::Typed(text) => text.take(),
        };
        field.put(typed);
    }
    response
}

fn show_button(ui: &mut Ui, field: &mut FieldForm, name: &str, outcome: &mut Outcome) {
    let (icon, words) = if field.shown {
        (icons::EYE_SLASH, fl!("field-act-hide", field = name))
    } else {
        (icons::EYE, fl!("field-act-reveal", field = name))
    };
    if icon_button(ui, icon, words).clicked() {
        match field.text {
            Text::Kept { .. } => outcome.reveal = true,
            Text::Known(_) | Text::Typed(_) => field.shown = !field.shown,
        }
    }
}

/// Tidies and checks a field that was left. Checks warn and never refuse.
fn leave(field: &mut FieldForm, state: &State) {
    let Some(text) = field.known() else { return };
    let tidied = match field.field_type {
        FieldType::Date => date::tidied_date(text.expose()).filter(|date| date != text.expose()),
        FieldType::MonthYear => date::tidied_month(text.expose()).filter(|month| month != text.expose()),
        field_type => number::tidied(field_type, text.expose()),
    };
    if let Some(tidied) = tidied {
        field.put(SecretText::new(tidied));
    }
    let today = check::Day::of_unix_ms(state.now_ms);
    field.warnings = match field.known() {
        Some(text) => check::check(&field.id, field.field_type, text.expose(), today),
        None => Vec::new(),
    };
}

/// What stands under an input: strength, word count, code, warnings.
fn below_ui(ui: &mut Ui, state: &State, field: &mut FieldForm, title: &str, outcome: &Outcome, out: &mut Outbox) {
    let t = tokens(ui);
    let strength = match (&field.text, field.field_type) {
        (Text::Typed(text), FieldType::Secret) => field.rating.follow(state, text, &[title], out),
        _ => None,
    };
    if let Some(strength) = strength {
        ui.add_space(S1);
        strength_bar(ui, strength.bits);
        if let Some(reason) = strength.reason.and_then(|reason| l10n::text_of(reason.key())) {
            let fix = strength.fix.and_then(|fix| l10n::text_of(fix.key())).unwrap_or_default();
            ui.label(role::small(ui, format!("{reason}. {fix}.")));
        }
    }
    if let (FieldType::Mnemonic, Some(text)) = (field.field_type, field.known())
        && !text.is_empty()
    {
        let (n_words, of) = chain::word_count(text.expose());
        ui.add_space(S1);
        ui.label(role::small(ui, fl!("editor-word-count", n = n_words, of = of)));
    }
    if !outcome.changed && !field.warnings.is_empty() {
        ui.add_space(S1);
        field::warnings_ui(ui, &field.warnings);
    }
    if field.waits.is_some() {
        ui.label(Role::Small.rich(fl!("editor-revealing"), t.text3));
    }
}
