//! The vaults of this device.

use egui::{Sense, Ui, WidgetInfo, pos2, vec2};
use vault_engine::event::VaultEntry;

use super::unlock::centred_column;
use crate::{
    app::{Forms, Gate},
    fl, format, icons,
    outbox::Outbox,
    role::{self, Role},
    state::State,
    theme::{S4, S5, tokens},
    widgets::{self, Look, PushButton, button::button_row, card, card_line, focus_ring_inside, heading},
};

/// Width of the column.
const COLUMN: f32 = 440.0;

/// The picker.
pub fn picker_ui(ui: &mut Ui, state: &State, forms: &mut Forms, _out: &mut Outbox) {
    let mut vaults: Vec<&VaultEntry> = state.vaults.iter().flatten().collect();
    vaults.sort_by_key(|entry| std::cmp::Reverse(entry.last_opened_ms));
    centred_column(ui, COLUMN, |ui| {
        heading(ui.label(role::display(ui, fl!("picker-title"))), 1);
        ui.add_space(S5);
        card(ui, |ui| {
            for (at, entry) in vaults.iter().enumerate() {
                if at > 0 {
                    card_line(ui);
                }
                if entry_ui(ui, state, entry) {
                    forms.gate = Gate::Unlock(entry.vault);
                    forms.unlock = Default::default();
                }
            }
        });
        ui.add_space(S4);
        let create = PushButton::new(Look::Secondary, fl!("picker-create")).icon(icons::PLUS);
        let restore = PushButton::new(Look::Secondary, fl!("picker-restore")).icon(icons::ARROW_COUNTER_CLOCKWISE);
        let join = PushButton::new(Look::Secondary, fl!("picker-join")).icon(icons::DEVICES);
        let [create, restore, join] = button_row(ui, [create, restore, join]);
        if create.clicked() {
            forms.first_run = Default::default();
            forms.gate = Gate::Create;
        }
        if restore.clicked() {
            forms.restore = Default::default();
            forms.gate = Gate::Restore;
        }
        if join.clicked() {
            forms.join = Default::default();
            forms.gate = Gate::Join;
        }
    });
}

/// One vault, 64 high; the whole row is the target.
fn entry_ui(ui: &mut Ui, state: &State, entry: &VaultEntry) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 64.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &entry.name));
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(rect.shrink(1.0), 7.0, t.pressed);
    } else if response.hovered() {
        ui.painter().rect_filled(rect.shrink(1.0), 7.0, t.hover_row);
    }
    let tile = egui::Rect::from_min_size(pos2(rect.left() + 12.0, rect.center().y - 20.0), vec2(40.0, 40.0));
    widgets::tile(ui, tile, if entry.has_password { icons::VAULT } else { icons::DESKTOP }, false);
    let room = rect.width() - 64.0 - 40.0;
    let name = Role::BodyStrong.line(ui, &entry.name, t.text, room);
    ui.painter().galley(pos2(rect.left() + 64.0, rect.top() + 12.0), name, t.text);
    let opened = match entry.last_opened_ms {
        0 => fl!("unlock-never-opened"),
        then => fl!("unlock-last-opened", ago = format::ago(state.now_ms, then)),
    };
    let note = if entry.has_password { opened } else { format!("{opened} · {}", fl!("picker-no-password")) };
    let note = Role::Small.line(ui, &note, t.text3, room);
    ui.painter().galley(pos2(rect.left() + 64.0, rect.top() + 34.0), note, t.text3);
    let caret = egui::Rect::from_center_size(pos2(rect.right() - 20.0, rect.center().y), vec2(16.0, 16.0));
    widgets::button::paint_icon(ui, caret, icons::CARET_RIGHT, t.text3);
    focus_ring_inside(ui, &response, rect, 8);
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}
