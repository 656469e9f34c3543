//! One row of the list.

use egui::{Color32, CornerRadius, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};
use vault_engine::command::Mark;
use vault_model::ItemRow;

use crate::{
    actions::Action,
    fl, icons,
    l10n::kind_name,
    outbox::{Go, Outbox},
    role::Role,
    theme::{Density, R2, Tokens, tokens},
    widgets::{self, button::paint_icon, kind_icon},
};

/// Where a row is and how it stands.
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) n: usize,
    pub(super) height: f32,
    pub(super) focused: bool,
    pub(super) selected: bool,
}

/// Draws it; the whole row is the target.
pub(super) fn row_ui(ui: &mut Ui, item: &ItemRow, density: Density, one_pane: bool, place: &Place) -> Response {
    let t = tokens(ui);
    // Rows are reached through the list, which has the keyboard as one: they can be clicked but not tabbed to.
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), place.height), Sense::CLICK);
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(egui::Role::ListBoxOption, true, place.selected, &item.title);
        let second = super::second_line(item);
        info.hint_text = Some(match (item.conflict, second.is_empty()) {
            (false, _) => second.to_owned(),
            (true, true) => fl!("row-conflict"),
            (true, false) => format!("{second}, {}", fl!("row-conflict")),
        });
        info
    });
    let id = response.id;
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_position_in_set(place.at + 1);
        node.set_size_of_set(place.n);
    });
    if !ui.is_rect_visible(outer) {
        return response;
    }
    let inset = if one_pane { 0.0 } else { 8.0 };
    let rect = outer.shrink2(vec2(inset, 0.0));
    let fill = match (place.selected, place.focused, response.is_pointer_button_down_on(), response.hovered()) {
        (_, _, true, _) => t.pressed,
        (true, true, ..) => t.selection,
        (true, false, ..) => t.selection_off,
        (false, _, _, true) => t.hover_row,
        (false, ..) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
    if place.selected {
        let bar = Rect::from_center_size(pos2(rect.left() + 1.5, rect.center().y), vec2(3.0, 20.0));
        ui.painter().rect_filled(bar, CornerRadius::same(2), if place.focused { t.accent } else { t.text3 });
        if place.focused && widgets::keyboard_in_use(ui) {
            let stroke = egui::Stroke::new(t.focus_width(), t.focus);
            ui.painter().rect_stroke(rect, CornerRadius::same(R2), stroke, egui::StrokeKind::Inside);
        }
    }
    let cut = match (density, one_pane) {
        (Density::Compact, false) => compact(ui, item, rect, t, place.selected),
        (Density::Cosy | Density::Compact, _) => cosy(ui, item, rect, t, place.selected),
    };
    if cut { widgets::tip(response, &item.title) } else { response }
}

/// 44: tile at 8, text at 48, title centred at 14 and second line at 31. True if the title was cut.
fn cosy(ui: &Ui, item: &ItemRow, rect: Rect, t: &Tokens, selected: bool) -> bool {
    let tile = Rect::from_min_size(pos2(rect.left() + 8.0, rect.center().y - 14.0), vec2(28.0, 28.0));
    widgets::tile(ui, tile, kind_icon(&item.kind), selected);
    let room = badges(ui, item, rect, t) - (rect.left() + 48.0) - 8.0;
    let title = Role::BodyStrong.line(ui, &item.title, t.text, room);
    let cut = title.elided;
    let second = super::second_line(item);
    let (title_y, second_y) = if second.is_empty() { (0.0, 0.0) } else { (-8.0, 9.0) };
    ui.painter().galley(pos2(rect.left() + 48.0, rect.center().y + title_y - title.size().y / 2.0), title, t.text);
    if !second.is_empty() {
        let second = Role::Small.line(ui, second, t.text3, room);
        ui.painter().galley(pos2(rect.left() + 48.0, rect.center().y + second_y - second.size().y / 2.0), second, t.text3);
    }
    cut
}

/// 32: icon, title, value at the right.
fn compact(ui: &Ui, item: &ItemRow, rect: Rect, t: &Tokens, selected: bool) -> bool {
    let icon = Rect::from_center_size(pos2(rect.left() + 16.0, rect.center().y), vec2(16.0, 16.0));
    paint_icon(ui, icon, kind_icon(&item.kind), if selected { t.accent_text } else { t.text2 });
    let right = badges(ui, item, rect, t);
    let room = right - (rect.left() + 32.0) - 8.0;
    // The title has what the value leaves, and at least 60 %.
    let value = Role::Small.line(ui, super::second_line(item), t.text3, room * 0.4);
    let gap = if value.size().x > 0.0 { 12.0 } else { 0.0 };
    let title = Role::BodyStrong.line(ui, &item.title, t.text, room - value.size().x - gap);
    let cut = title.elided;
    ui.painter().galley(pos2(rect.left() + 32.0, rect.center().y - title.size().y / 2.0), title, t.text);
    ui.painter().galley(pos2(right - 8.0 - value.size().x, rect.center().y - value.size().y / 2.0), value, t.text3);
    cut
}

/// At most two badges at the right, then "+1"; the x where the text must end.
fn badges(ui: &Ui, item: &ItemRow, rect: Rect, t: &Tokens) -> f32 {
    let all = [
        (item.conflict, icons::GIT_DIFF, t.warn),
        (item.favourite, icons::STAR_FILL, t.text3),
        (item.has_totp, icons::CLOCK, t.text3),
        (item.n_attachments > 0, icons::PAPERCLIP, t.text3),
    ];
    let shown: Vec<_> = all.into_iter().filter(|(on, ..)| *on).collect();
    let mut x = rect.right() - 8.0;
    if shown.len() > 2 {
        let more = Role::Small.line(ui, &format!("+{}", shown.len() - 2), t.text3, 24.0);
        x -= more.size().x;
        ui.painter().galley(pos2(x, rect.center().y - more.size().y / 2.0), more, t.text3);
        x -= 4.0;
    }
    for (_, icon, color) in shown.iter().take(2) {
        paint_icon(ui, Rect::from_min_size(pos2(x - 16.0, rect.center().y - 8.0), vec2(16.0, 16.0)), icon, *color);
        x -= 20.0;
    }
    x
}

/// The context menu of a row.
pub(super) fn menu_ui(ui: &mut Ui, item: &ItemRow, out: &mut Outbox) {
    ui.set_min_width(220.0);
    ui.label(Role::Small.rich(kind_name(&item.kind), tokens(ui).text3));
    let mut choice = |ui: &mut Ui, action: Action, text: String, enabled: bool| {
        let row = action.row();
        let keys = action.keys(ui.ctx());
        if widgets::menu_item(ui, row.icon, &text, &keys, enabled) {
            out.act(action);
        }
    };
    if item.trashed {
        if widgets::menu_item(ui, icons::ARROW_COUNTER_CLOCKWISE, &fl!("menu-put-back"), "", true) {
            let mark = Mark::Trashed(false);
            out.send(vault_engine::Command::MarkItems { items: vec![item.id], mark });
            out.go(Go::Unselect);
        }
        let mut choice = |ui: &mut Ui, action: Action, text: String| {
            if widgets::menu_item(ui, action.row().icon, &text, &action.keys(ui.ctx()), true) {
                out.act(action);
            }
        };
        choice(ui, Action::Trash, fl!("menu-purge"));
        return;
    }
    choice(ui, Action::CopyUserName, Action::CopyUserName.label(), true);
    choice(ui, Action::CopySecret, Action::CopySecret.label(), true);
    choice(ui, Action::CopyTotp, Action::CopyTotp.label(), item.has_totp);
    choice(ui, Action::OpenUrl, Action::OpenUrl.label(), !item.host.is_empty());
    ui.add_space(4.0);
    choice(ui, Action::Edit, Action::Edit.label(), true);
    choice(ui, Action::Duplicate, Action::Duplicate.label(), true);
    let favourite = if item.favourite { fl!("menu-favourite-off") } else { fl!("menu-favourite-on") };
    choice(ui, Action::Favourite, favourite, true);
    let archive = if item.archived { fl!("menu-archive-off") } else { fl!("menu-archive-on") };
    choice(ui, Action::Archive, archive, true);
    ui.add_space(4.0);
    choice(ui, Action::Trash, Action::Trash.label(), true);
}
