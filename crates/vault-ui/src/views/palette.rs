//! The command palette: every action and every item, by keyboard alone.

use egui::{
    Align2, Area, Color32, CornerRadius, Frame, Id, Key, Margin, Modal, Modifiers, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use vault_protocol::ObjectId;

use crate::{
    actions::{Action, TABLE},
    fl, icons,
    outbox::{Go, Outbox},
    role::Role,
    state::{OpenVault, State},
    theme::{Elevation, R2, R4, shadow, tokens, touchable},
    widgets::{button::paint_icon, kind_icon},
};

/// Rows before it scrolls.
const MAX_ROWS: usize = 9;
/// Items offered.
const MAX_ITEMS: usize = 50;
/// Height of a row.
const ROW: f32 = 40.0;

/// What is typed in the palette.
#[derive(Default)]
pub struct PaletteForm {
    words: String,
    cursor: usize,
    /// The items that match, best first, for these words and this state of the rows: looked up once, not in each frame.
    items: Option<(String, u64, Vec<Ranked>)>,
}

/// How early the words match, the folded text, and what it leads to.
type Ranked = (usize, String, Entry);

#[derive(Clone, PartialEq)]
enum Entry {
    Act(Action),
    Item(ObjectId),
    New(String),
}

/// The palette; true when it is done with. `can` says which actions make sense now.
pub fn palette_ui(ui: &mut Ui, state: &State, form: &mut PaletteForm, can: &dyn Fn(Action) -> bool, out: &mut Outbox) -> bool {
    let t = tokens(ui);
    let row = touchable(ui, ROW);
    let entries = entries(state, form, can);
    form.cursor = form.cursor.min(entries.len().saturating_sub(1));
    let (up, down, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    if !entries.is_empty() {
        if up {
            form.cursor = (form.cursor + entries.len() - 1) % entries.len();
        }
        if down {
            form.cursor = (form.cursor + 1) % entries.len();
        }
    }
    let mut chosen = enter.then(|| entries.get(form.cursor).cloned()).flatten();
    let id = Id::unique("nt2 palette");
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(Stroke::new(1.0, t.line_strong))
        .corner_radius(R4)
        .shadow(shadow(t, Elevation::Dialog))
        .inner_margin(Margin::same(0));
    let room = ui.content_rect();
    let width = 560.0_f32.min(room.width() - 32.0);
    let area = Area::new(id)
        .kind(egui::UiKind::Modal)
        .order(egui::Order::Foreground)
        .anchor(Align2::CENTER_TOP, vec2(0.0, 96.0_f32.min(room.height() * 0.1)));
    let modal = Modal::new(id).area(area).frame(frame).backdrop_color(Color32::from_black_alpha(102)).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        let input_id = id.with("words");
        let words_before = form.words.clone();
        ui.horizontal(|ui| {
            ui.add_space(16.0);
            let (icon, _) = ui.allocate_exact_size(vec2(16.0, 52.0), Sense::hover());
            paint_icon(ui, icon, icons::MAGNIFYING_GLASS, t.text3);
            let edit = TextEdit::singleline(&mut form.words)
                .id(input_id)
                .font(Role::Body.font_id())
                .frame(Frame::NONE)
                .margin(Margin::ZERO)
                .min_size(vec2(0.0, 52.0))
                .align(Align2::LEFT_CENTER)
                .hint_text(Role::Body.rich(fl!("palette-hint"), t.text3))
                .desired_width(ui.available_width() - 16.0);
            let response = ui.add(edit).accessible_name(fl!("palette-hint"));
            if !response.has_focus() {
                response.request_focus();
            }
        });
        if form.words != words_before {
            form.cursor = 0;
        }
        let line = ui.cursor().top();
        crate::widgets::hline(ui, ui.max_rect().left(), ui.max_rect().right(), line, t.line);
        ui.add_space(4.0);
        if entries.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(16.0);
                ui.set_height(row);
                ui.label(Role::Body.rich(fl!("palette-nothing", words = form.words.clone()), t.text2));
            });
        }
        let shown = entries.len().min(MAX_ROWS);
        ui.scope_builder(egui::UiBuilder::new().accessibility_role(egui::Role::ListBox), |ui| {
            let area = egui::ScrollArea::vertical().max_height(row * shown as f32).auto_shrink([false, true]);
            area.show_rows(ui, row, entries.len(), |ui, range| {
                for at in range {
                    let response = entry_ui(ui, state, &entries[at], at == form.cursor);
                    if response.clicked() {
                        chosen = Some(entries[at].clone());
                    }
                    if at == form.cursor && (up || down) {
                        response.scroll_to_me(None);
                    }
                }
            });
        });
        ui.add_space(4.0);
        let line = ui.cursor().top();
        crate::widgets::hline(ui, ui.max_rect().left(), ui.max_rect().right(), line, t.line);
        ui.horizontal(|ui| {
            ui.set_height(32.0);
            ui.add_space(16.0);
            ui.label(Role::Small.rich(fl!("palette-foot"), t.text3));
        });
    });
    ui.ctx().accesskit_node_builder(id, egui::accesskit::Node::set_modal);
    match chosen {
        Some(Entry::Act(action)) => out.act(action),
        Some(Entry::Item(item)) => out.go(Go::Item(item)),
        Some(Entry::New(kind)) => out.go(Go::New(kind)),
        None => return modal.should_close(),
    }
    true
}

fn entry_ui(ui: &mut Ui, state: &State, entry: &Entry, selected: bool) -> egui::Response {
    let t = tokens(ui);
    let (icon, text, right) = match entry {
        Entry::Act(action) => (action.row().icon, action.label(), action.keys(ui.ctx())),
        Entry::New(kind) => (icons::PLUS, fl!("palette-new", kind = crate::l10n::kind_name(kind)), String::new()),
        Entry::Item(item) => match state.vault.as_ref().and_then(|vault| vault.rows.get(item)) {
            Some(row) => (kind_icon(&row.kind), row.title.clone(), row.subtitle.clone()),
            None => (icons::TEXTBOX, String::new(), String::new()),
        },
    };
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), touchable(ui, ROW)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(egui::Role::ListBoxOption, true, selected, &text));
    let rect = outer.shrink2(vec2(4.0, 1.0));
    let fill = match (selected, response.hovered()) {
        (true, _) => t.selection,
        (false, true) => t.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
    if selected {
        let bar = egui::Rect::from_center_size(pos2(rect.left() + 1.5, rect.center().y), vec2(3.0, 20.0));
        ui.painter().rect_filled(bar, CornerRadius::same(2), t.accent);
    }
    paint_icon(ui, egui::Rect::from_center_size(pos2(rect.left() + 20.0, rect.center().y), vec2(16.0, 16.0)), icon, t.text2);
    let right = Role::Small.line(ui, &right, t.text3, rect.width() * 0.4);
    let room = rect.width() - 40.0 - right.size().x - 24.0;
    let words = Role::Body.line(ui, &text, t.text, room);
    ui.painter().galley(pos2(rect.left() + 40.0, rect.center().y - words.size().y / 2.0), words, t.text);
    ui.painter().galley(pos2(rect.right() - 12.0 - right.size().x, rect.center().y - right.size().y / 2.0), right, t.text3);
    response
}

/// What matches: actions first while nothing is typed, else by how early the words match.
fn entries(state: &State, form: &mut PaletteForm, can: &dyn Fn(Action) -> bool) -> Vec<Entry> {
    let words = form.words.trim().to_lowercase();
    let mut found: Vec<Ranked> = Vec::new();
    let mut offer = |text: String, entry: Entry| {
        let folded = text.to_lowercase();
        if let Some(rank) = rank(&folded, &words) {
            found.push((rank, folded, entry));
        }
    };
    for row in TABLE.iter().filter(|row| row.action != Action::Palette && row.action != Action::Cancel && can(row.action)) {
        offer(row.action.label(), Entry::Act(row.action));
    }
    if words.is_empty() {
        return found.into_iter().map(|(_, _, entry)| entry).collect();
    }
    for template in vault_model::templates() {
        offer(fl!("palette-new", kind = crate::l10n::kind_name(&template.slug)), Entry::New(template.slug.clone()));
    }
    if let Some(vault) = &state.vault {
        if form.items.as_ref().is_none_or(|(of, serial, _)| *of != words || *serial != vault.rows_serial) {
            let items = matching_items(vault, &words);
            form.items = Some((words, vault.rows_serial, items));
        }
        found.extend(form.items.iter().flat_map(|(.., items)| items).cloned());
    }
    best(&mut found);
    found.into_iter().map(|(_, _, entry)| entry).collect()
}

fn matching_items(vault: &OpenVault, words: &str) -> Vec<Ranked> {
    let live = vault.rows.values().filter(|row| !row.trashed);
    let folded = live.map(|row| (row.title.to_lowercase(), row.id));
    let mut found: Vec<Ranked> = folded.filter_map(|(folded, item)| Some((rank(&folded, words)?, folded, Entry::Item(item)))).collect();
    best(&mut found);
    found
}

/// The best few, the best first.
fn best(found: &mut Vec<Ranked>) {
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.truncate(MAX_ITEMS);
}

/// 0 at the start, 1 at the start of a word, 2 within; `None` if some word is missing.
fn rank(text: &str, words: &str) -> Option<usize> {
    let mut worst = 0;
    for word in words.split_whitespace() {
        let at = text.find(word)?;
        let starts_word = at > 0 && text[..at].ends_with(|c: char| !c.is_alphanumeric());
        worst = worst.max(if at == 0 {
            0
        } else if starts_word {
            1
        } else {
            2
        });
    }
    Some(worst)
}
