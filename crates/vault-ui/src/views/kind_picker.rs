//! Which kind of item to make.

use egui::{CornerRadius, Sense, Ui, WidgetInfo, pos2, vec2};
use vault_model::templates;

use crate::{
    fl,
    l10n::kind_name,
    outbox::{Go, Outbox},
    role::Role,
    theme::{R2, tokens},
    widgets::{self, dialog::FORM_WIDTH, focus_ring_inside, kind_icon},
};

/// The picker; true when it is done with.
pub fn kind_picker_ui(ui: &mut Ui, out: &mut Outbox) -> bool {
    let mut done = false;
    let closed = widgets::dialog(ui, "kinds", &fl!("new-item-title"), FORM_WIDTH, |ui| {
        let columns = if ui.available_width() >= 440.0 { 2 } else { 1 };
        let width = (ui.available_width() - 8.0 * (columns as f32 - 1.0)) / columns as f32;
        let templates = templates();
        for line in templates.chunks(columns) {
            ui.horizontal(|ui| {
                for template in line {
                    let response = choice_ui(ui, &template.slug, width);
                    if ui.memory(|memory| memory.focused().is_none()) && template.slug == templates[0].slug {
                        response.request_focus();
                    }
                    if response.clicked() {
                        out.go(Go::New(template.slug.clone()));
                        done = true;
                    }
                }
            });
        }
    });
    closed || done
}

fn choice_ui(ui: &mut Ui, slug: &str, width: f32) -> egui::Response {
    let t = tokens(ui);
    let name = kind_name(slug);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 44.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
    let fill = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => t.pressed,
        (false, true) => t.hover,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
    let tile = egui::Rect::from_min_size(pos2(rect.left() + 8.0, rect.center().y - 14.0), vec2(28.0, 28.0));
    let t2 = if t.dark { t.hover } else { t.canvas };
    ui.painter().rect_filled(tile, CornerRadius::same(R2), t2);
    widgets::button::paint_icon(ui, tile, kind_icon(slug), t.text2);
    let galley = Role::Body.line(ui, &name, t.text, width - 56.0);
    ui.painter().galley(pos2(rect.left() + 48.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    focus_ring_inside(ui, &response, rect, R2);
    response
}
