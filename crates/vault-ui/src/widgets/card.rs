//! Cards, section heads and the page column. One level of card only.

use egui::{Color32, CornerRadius, Frame, Margin, Response, Sense, Stroke, Ui, UiBuilder, vec2};

use super::{heading, hline};
use crate::{
    role,
    theme::{COLUMN, R3, S5, Tone, is_touch, pane_padding, tokens},
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
    let response = heading(ui.label(role::section(ui, text)), 2);
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
                .inner_margin(Margin::same(pane_padding(ui) as i8))
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

/// What stands in front of a row: an icon, and the state that its colour shows and the title says in words.
#[derive(Clone, Copy)]
pub struct RowIcon<'a> {
    /// The icon.
    pub icon: &'a str,
    /// `None` is neutral.
    pub tone: Option<Tone>,
}

/// The same with an icon in front. In a narrow card a control that would press the words together stands below them.
pub fn notice_row<R>(
    ui: &mut Ui,
    icon: Option<RowIcon<'_>>,
    title: impl Into<String>,
    note: impl Into<String>,
    control: impl FnOnce(&mut Ui) -> R,
) -> R {
    let t = tokens(ui);
    let (title, note) = (title.into(), note.into());
    let width = ui.available_width();
    let left = if icon.is_some() { 40.0 } else { 16.0 };
    let narrow = width < NARROW;
    let id = ui.scope_id().with(("setting row", &title, &note, is_touch(ui)));
    let known = ui.data(|data| data.get_temp::<f32>(id));
    let Some(control_width) = known.or_else(|| (!narrow).then_some(0.0)) else {
        // Whether words and control fit beside each other shows only once the control was drawn with all the room it wants.
        let (answer, wanted) = measured(ui, control);
        ui.data_mut(|data| data.insert_temp(id, wanted));
        ui.request_discard("the width of a control is known only once it was drawn");
        return answer;
    };
    let below = narrow && width - left - 32.0 - control_width < WORDS;
    let text_width = match (narrow, below) {
        (false, _) => (width * 0.6 - 16.0 - left).max(120.0),
        (true, false) => width - left - 32.0 - control_width,
        (true, true) => width - left - 16.0,
    };
    let title_galley = role::Role::Body.wrapped(ui, &title, t.text, text_width);
    let note_galley = (!note.is_empty()).then(|| role::Role::Small.wrapped(ui, &note, t.text3, text_width));
    let words = title_galley.size().y + note_galley.as_ref().map_or(0.0, |note| note.size().y + 2.0);
    let height = (words + 20.0).max(56.0);
    let (rect, words_response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    words_response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &title));
    if !note.is_empty() {
        ui.ctx().accesskit_node_builder(words_response.id, |node| node.set_description(note.as_str()));
    }
    let mut y = rect.center().y - words / 2.0;
    if let Some(RowIcon { icon, tone }) = icon {
        let at = egui::Rect::from_min_size(egui::pos2(rect.left() + 16.0, y + 2.0), egui::Vec2::splat(16.0));
        super::button::paint_icon(ui, at, icon, tone.map_or(t.text3, |tone| t.tone(tone).0));
    }
    let x = rect.left() + left;
    let title_height = title_galley.size().y;
    ui.painter().galley(egui::pos2(x, y), title_galley, Color32::PLACEHOLDER);
    y += title_height + 2.0;
    if let Some(note) = note_galley {
        ui.painter().galley(egui::pos2(x, y), note, Color32::PLACEHOLDER);
    }
    if below {
        let answer = ui
            .horizontal_wrapped(|ui| {
                ui.add_space(left);
                control(ui)
            })
            .inner;
        ui.add_space(12.0);
        return answer;
    }
    let right = egui::Rect::from_min_max(egui::pos2(x + text_width + 16.0, rect.top()), egui::pos2(rect.right() - 16.0, rect.bottom()));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(right).layout(egui::Layout::right_to_left(egui::Align::Center)));
    control(&mut inner)
}

/// Draws a control unseen and says how wide it would be.
fn measured<R>(ui: &mut Ui, control: impl FnOnce(&mut Ui) -> R) -> (R, f32) {
    let room = egui::Rect::from_min_size(ui.cursor().min, vec2(10_000.0, 56.0));
    let builder = UiBuilder::new().max_rect(room).invisible().layout(egui::Layout::left_to_right(egui::Align::Center));
    let mut inner = ui.new_child(builder);
    let answer = control(&mut inner);
    (answer, inner.min_rect().width())
}

/// Below this width of a card words and control share a line only if both have room.
const NARROW: f32 = 480.0;
/// The least width of the words beside a control.
const WORDS: f32 = 160.0;
