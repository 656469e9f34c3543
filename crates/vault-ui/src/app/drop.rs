//! Files dropped on the window: where they go, and the hint that says so while they are still held over it.

use egui::{Align2, Area, Frame, Id, LayerId, Margin, Order, Stroke, StrokeKind, Ui, WidgetInfo, vec2};
use vault_engine::Command;
use vault_protocol::ObjectId;

use super::{App, Pane};
use crate::{
    fl, icons,
    role::Role,
    theme::{Elevation, R4, S2, shadow, tokens},
    widgets::{button::paint_icon_sized, toast::Toast},
};

/// Where dropped files go.
enum Target {
    /// To an item that exists.
    Item(ObjectId),
    /// To the item that is being made.
    NewItem,
    /// Nowhere: no item is open.
    Nowhere,
}

impl App {
    /// Files were let go.
    pub(super) fn dropped(&mut self) {
        let files = std::mem::take(&mut self.state.dropped);
        match self.drop_target() {
            Target::Item(item) => {
                for file in files {
                    self.out.send(Command::Attach { item, source: file.source, name: file.name, media_type: file.media_type });
                }
            }
            Target::NewItem => {
                if let Pane::Editor(form) = &mut self.forms.pane {
                    form.add_files(files);
                }
            }
            Target::Nowhere => self.toasts.push(Toast::failed(fl!("drop-needs-item"))),
        }
    }

    /// While files are held over the window: what letting them go would do.
    pub(super) fn drop_hint_ui(&self, ui: &mut Ui) {
        let Some(vault) = &self.state.vault else { return };
        let held = ui.input(|input| !input.raw.hovered_files.is_empty());
        if !held {
            return;
        }
        let read_only = vault.status.read_only.is_some();
        let (text, takes) = match self.drop_target() {
            _ if read_only => (fl!("failure-read-only"), false),
            Target::Item(item) => {
                let title = vault.rows.get(&item).map_or("", |row| row.title.as_str());
                (fl!("drop-attaches", title = title), true)
            }
            Target::NewItem => (fl!("drop-attaches-new"), true),
            Target::Nowhere => (fl!("drop-open-first"), false),
        };
        let t = tokens(ui);
        let (color, icon) = if takes { (t.accent, icons::PAPERCLIP) } else { (t.warn, icons::WARNING) };
        let screen = ui.content_rect();
        let over_all = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("nt2 drop edge")));
        over_all.rect_stroke(screen.shrink(4.0), R4, Stroke::new(2.0, color), StrokeKind::Inside);
        let centre = egui::pos2(self.forms.detail_centre.unwrap_or(screen.center().x), screen.center().y);
        let area = Area::new(Id::unique("nt2 drop hint")).order(Order::Tooltip).interactable(false).pivot(Align2::CENTER_CENTER);
        area.fixed_pos(centre).show(ui.ctx(), |ui| {
            let frame = Frame::new().fill(t.raised).stroke(Stroke::new(1.0, t.line_strong)).shadow(shadow(t, Elevation::Dialog));
            frame.corner_radius(R4).inner_margin(Margin::symmetric(20, 16)).show(ui, |ui| {
                let galley = Role::BodyStrong.wrapped(ui, &text, t.text, (screen.width() - 120.0).clamp(96.0, 300.0));
                let size = vec2(galley.size().x + 24.0 + S2, galley.size().y.max(28.0));
                let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(egui::Role::Status, true, &text));
                let at = egui::Rect::from_center_size(egui::pos2(rect.left() + 12.0, rect.center().y), vec2(24.0, 28.0));
                paint_icon_sized(ui, at, icon, color, Role::IconLarge);
                ui.painter().galley(egui::pos2(rect.left() + 24.0 + S2, rect.center().y - galley.size().y / 2.0), galley, t.text);
            });
        });
    }

    fn drop_target(&self) -> Target {
        let item = self.state.vault.as_ref().and(match &self.forms.pane {
            Pane::Item | Pane::Preview(_) | Pane::History(_) => self.forms.list.selected,
            Pane::Editor(form) => form.id,
            Pane::Overview | Pane::Generator | Pane::Settings(_) => None,
        });
        match (item, &self.forms.pane) {
            (Some(item), _) => Target::Item(item),
            (None, Pane::Editor(_)) => Target::NewItem,
            (None, _) => Target::Nowhere,
        }
    }
}
