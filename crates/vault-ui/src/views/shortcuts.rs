//! The cheat sheet.

use egui::{CornerRadius, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::{
    actions::{self, Group, TABLE, keymap::Keymap},
    fl,
    role::{self, Role},
    theme::{R1, S4, tokens},
    widgets::{self, dialog::FORM_WIDTH, heading},
};

/// The cheat sheet; true when it is closed.
pub fn shortcuts_ui(ui: &mut Ui) -> bool {
    let height = ui.content_rect().height() - 160.0;
    widgets::dialog(ui, "shortcuts", &fl!("shortcuts-title"), FORM_WIDTH, |ui| {
        egui::ScrollArea::vertical().max_height(height.max(160.0)).min_scrolled_height(height.max(160.0)).auto_shrink([false, true]).show(
            ui,
            |ui| {
                table_ui(ui);
            },
        );
    })
}

/// All shortcuts in force, by group.
pub fn table_ui(ui: &mut Ui) {
    let keymap = Keymap::in_force(ui.ctx());
    for (at, (group, title)) in groups().into_iter().enumerate() {
        if at > 0 {
            ui.add_space(S4);
        }
        heading(ui.label(role::section(ui, title)), 2);
        for row in TABLE.iter().filter(|row| row.group == group) {
            let keys: Vec<String> = keymap.of(row.action).iter().map(|keys| actions::keys_text(ui.ctx(), keys)).collect();
            if !keys.is_empty() {
                row_ui(ui, &row.action.label(), &keys);
            }
        }
    }
}

/// The groups and their names, in the order in which they are shown.
pub(crate) fn groups() -> [(Group, String); 3] {
    [(Group::Move, fl!("shortcuts-move")), (Group::Item, fl!("shortcuts-item")), (Group::Vault, fl!("shortcuts-vault"))]
}

fn row_ui(ui: &mut Ui, label: &str, keys: &[String]) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{label}: {}", keys.join(", "))));
    let right = caps(ui, rect, keys);
    let words = Role::Body.line(ui, label, t.text, right - rect.left() - 8.0);
    ui.painter().galley(pos2(rect.left(), rect.center().y - words.size().y / 2.0), words, t.text);
}

/// Key caps at the right edge of `rect`; where they begin.
pub(crate) fn caps(ui: &Ui, rect: egui::Rect, keys: &[String]) -> f32 {
    let t = tokens(ui);
    let mut right = rect.right() - 12.0;
    for key in keys.iter().rev() {
        let galley = Role::Small.line(ui, key, t.text2, 200.0);
        let cap =
            egui::Rect::from_min_max(pos2(right - galley.size().x - 12.0, rect.center().y - 11.0), pos2(right, rect.center().y + 11.0));
        ui.painter().rect(cap, CornerRadius::same(R1), t.surface, Stroke::new(1.0, t.line_strong), StrokeKind::Inside);
        ui.painter().galley(cap.center() - galley.size() / 2.0, galley, t.text2);
        right = cap.left() - 6.0;
    }
    right
}
