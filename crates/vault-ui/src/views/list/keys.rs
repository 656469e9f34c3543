//! The list under the keyboard and the pointer: what is selected next.

use egui::{Event, Key, Modifiers, Ui};
use vault_protocol::ObjectId;

use super::ListForm;
use crate::{
    actions::Action,
    app::Forms,
    outbox::{Go, Outbox},
};

/// Arrows, Home, End, pages, Enter; typing goes to the search box.
pub(super) fn keyboard(ui: &Ui, found: &[ObjectId], forms: &mut Forms, pitch: f32, out: &mut Outbox) {
    let form = &mut forms.list;
    let page = ((form.view_height / pitch).floor() as usize).saturating_sub(1).max(1);
    let last = found.len().saturating_sub(1);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let up = pressed(Key::ArrowUp);
    let down = pressed(Key::ArrowDown);
    let home = pressed(Key::Home);
    let end = pressed(Key::End);
    let page_up = pressed(Key::PageUp);
    let page_down = pressed(Key::PageDown);
    let enter = pressed(Key::Enter);
    // Only where a key asks for it: it may be far down.
    let is_moved = up || down || page_up || page_down;
    let at = form.selected.filter(|_| is_moved).and_then(|item| found.iter().position(|id| *id == item));
    let to = match at {
        _ if home => Some(0),
        _ if end => Some(last),
        None if is_moved => Some(0),
        Some(at) if up => Some(at.saturating_sub(1)),
        Some(at) if down => Some((at + 1).min(last)),
        Some(at) if page_up => Some(at.saturating_sub(page)),
        Some(at) if page_down => Some((at + page).min(last)),
        _ => None,
    };
    if let Some(item) = to.and_then(|to| found.get(to)) {
        out.go(Go::Item(*item));
    }
    if enter && form.selected.is_some() {
        if super::super::main::is_one_pane(ui.ctx()) {
            forms.detail_on_top = true;
        } else {
            out.act(Action::Edit);
        }
        return;
    }
    let typed: String = ui.input(|input| {
        let texts = input.events.iter().filter_map(|event| match event {
            Event::Text(text) if text.chars().all(|c| c.is_alphanumeric()) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    });
    if !typed.is_empty() {
        form.words.push_str(&typed);
        form.want_search_focus = true;
        cursor_to_end(ui, &form.words);
    }
}

/// The search box goes on where the list left off.
fn cursor_to_end(ui: &Ui, words: &str) {
    let id = super::search_id();
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(egui::epaint::text::CharIndex(words.chars().count()));
    state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    state.store(ui.ctx(), id);
}

/// A click: alone, with Ctrl one more or less, with Shift up to here.
pub(super) fn click(form: &mut ListForm, found: &[ObjectId], item: ObjectId, modifiers: Modifiers, out: &mut Outbox) {
    if modifiers.command && form.selected.is_some() {
        if form.selected == Some(item) {
            return;
        }
        if !form.also.remove(&item) {
            form.also.insert(item);
        }
    } else if modifiers.shift
        && let Some(from) = form.selected.and_then(|id| found.iter().position(|at| *at == id))
        && let Some(to) = found.iter().position(|at| *at == item)
    {
        form.also = found[from.min(to)..=from.max(to)].iter().copied().collect();
    } else {
        form.also.clear();
        out.go(Go::Item(item));
    }
}

/// How far to scroll so that the selected row is in view; `None` if it is, or is not in the list.
pub(super) fn offset_to_show(form: &ListForm, found: &[ObjectId], pitch: f32) -> Option<f32> {
    let item = form.selected?;
    let top = found.iter().position(|id| *id == item)? as f32 * pitch;
    if top < form.offset {
        Some(top)
    } else if top + pitch > form.offset + form.view_height {
        Some((top + pitch - form.view_height).max(0.0))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: u8) -> Vec<ObjectId> {
        (0..n).map(|at| ObjectId([at; 16])).collect()
    }

    #[test]
    fn the_list_scrolls_no_further_than_the_selected_row_needs() {
        let found = ids(100);
        let mut form = ListForm { selected: Some(found[20]), view_height: 460.0, ..ListForm::default() };
        assert_eq!(offset_to_show(&form, &found, 46.0), Some(21.0 * 46.0 - 460.0));
        form.offset = 21.0 * 46.0 - 460.0;
        assert_eq!(offset_to_show(&form, &found, 46.0), None);
        form.selected = Some(found[2]);
        assert_eq!(offset_to_show(&form, &found, 46.0), Some(92.0));
    }

    #[test]
    fn shift_selects_from_the_shown_item_to_the_clicked_one() {
        let found = ids(10);
        let mut form = ListForm { selected: Some(found[7]), ..ListForm::default() };
        click(&mut form, &found, found[4], Modifiers::SHIFT, &mut Outbox::default());
        assert_eq!(form.chosen().len(), 4);
        assert_eq!(form.chosen()[0], found[7]);
    }

    #[test]
    fn after_removal_the_next_row_is_selected_and_else_the_one_before() {
        let found = ids(3);
        let mut form = ListForm { selected: Some(found[1]), ..ListForm::default() };
        form.move_off(&[found[1]], &found);
        assert_eq!(form.selected, Some(found[2]));
        form.move_off(&[found[2], found[1]], &found);
        assert_eq!(form.selected, Some(found[0]));
    }
}
