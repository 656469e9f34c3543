//! Cards, section heads and the page column. One level of card only.

use egui::{Color32, CornerRadius, Frame, Margin, Response, Sense, Stroke, Ui, UiBuilder, vec2};

use super::hline;
use crate::{
    role,
    theme::{COLUMN, R3, S5, Tone, tokens},
};

/// A card: surface with a line around it, no padding of its own, so that rows reach its edges.
pub fn card<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let t = tokens(ui);
    Frame::new()
        .fill(t.surface)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(CornerRadius::same(R3))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            add(ui)
        })
        .inner
}

/// The line between two rows of a card; starts at the text edge.
pub fn card_line(ui: &mut Ui) {
    let t = tokens(ui);
    let rect = ui.max_rect();
    hline(ui, rect.left() + 16.0, rect.right(), ui.cursor().top(), t.line);
    ui.add_space(1.0);
}

/// The head of a section, with the space above it.
pub fn section_head(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.add_space(S5);
    let response = ui.label(role::section(ui, text));
    ui.add_space(4.0);
    response
}

/// A scrolling page: padding 24, column at most 720 wide, left-aligned.
pub fn page<R>(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    egui::ScrollArea::vertical()
        .id_salt(salt)
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::same(if ui.available_width() < PHONE { 16 } else { 24 }))
                .show(ui, |ui| {
                    ui.set_max_width(COLUMN.min(ui.available_width()));
                    ui.set_min_width(ui.available_width());
                    add(ui)
                })
                .inner
        })
        .inner
}

/// A row of a settings card, 56 high: words at the left, control at the right. The control takes its name from the title.
pub fn setting_row<R>(ui: &mut Ui, title: impl Into<String>, note: impl Into<String>, control: impl FnOnce(&mut Ui) -> R) -> R {
    notice_row(ui, None, title, note, control)
}

/// The same with a state in front: icon and colour, which the title says in words. In a narrow card a control that would press the words
/// together stands below them.
pub fn notice_row<R>(
    ui: &mut Ui,
    state: Option<(Tone, &str)>,
    title: impl Into<String>,
    note: impl Into<String>,
    control: impl FnOnce(&mut Ui) -> R,
) -> R {
    let t = tokens(ui);
    let (title, note) = (title.into(), note.into());
    let width = ui.available_width();
    let left = if state.is_some() { 40.0 } else { 16.0 };
    // How wide the control was in the last frame; before that, a switch.
    let id = ui.scope_id().with(("setting row", &title));
    let known = ui.data(|data| data.get_temp::<f32>(id));
    let narrow = width < NARROW;
    let below = narrow && width - left - 32.0 - known.unwrap_or(0.0) < WORDS;
    let text_width = match (narrow, below) {
        (false, _) => (width * 0.6 - 16.0 - left).max(120.0),
        (true, false) => width - left - 32.0 - known.unwrap_or(0.0),
        (true, true) => width - left - 16.0,
    };
    let title_galley = role::Role::Body.wrapped(ui, &title, t.text, text_width);
    let note_galley = (!note.is_empty()).then(|| role::Role::Small.wrapped(ui, &note, t.text3, text_width));
    let words = title_galley.size().y + note_galley.as_ref().map_or(0.0, |note| note.size().y + 2.0);
    let height = (words + 20.0).max(56.0);
    let (rect, words_response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    words_response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &title));
    if let Some((tone, icon)) = state {
        let at = egui::Rect::from_center_size(egui::pos2(rect.left() + 24.0, rect.center().y), egui::Vec2::splat(16.0));
        super::button::paint_icon(ui, at, icon, t.tone(tone).0);
    }
    let mut y = rect.center().y - words / 2.0;
    let x = rect.left() + left;
    let title_height = title_galley.size().y;
    ui.painter().galley(egui::pos2(x, y), title_galley, Color32::PLACEHOLDER);
    y += title_height + 2.0;
    if let Some(note) = note_galley {
        ui.painter().galley(egui::pos2(x, y), note, Color32::PLACEHOLDER);
    }
    let (answer, used) = if below {
        let mut used = 0.0;
        let answer = ui
            .horizontal_wrapped(|ui| {
                ui.add_space(left - ui.spacing().item_spacing.x);
                let start = ui.cursor().left();
                let answer = control(ui);
                used = ui.min_rect().right() - start;
                answer
            })
            .inner;
        ui.add_space(if used > 0.0 { 12.0 } else { 0.0 });
        (answer, used)
    } else {
        let right = egui::Rect::from_min_max(egui::pos2(x + text_width + 16.0, rect.top()), egui::pos2(rect.right() - 16.0, rect.bottom()));
        let mut inner = ui.new_child(UiBuilder::new().max_rect(right).layout(egui::Layout::right_to_left(egui::Align::Center)));
        let answer = control(&mut inner);
        (answer, (right.right() - inner.min_rect().left()).max(0.0))
    };
    if narrow && known.is_none_or(|known| (known - used).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, used));
        ui.request_discard("the width of a control is known only once it was drawn");
    }
    answer
}

/// Below this width of a page its padding is that of a phone.
const PHONE: f32 = 480.0;
/// Below this width of a card words and control share a line only if both have room.
const NARROW: f32 = 480.0;
/// The least width of the words beside a control.
const WORDS: f32 = 176.0;
