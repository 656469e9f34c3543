//! The attachments of an item: one row each, with what is being written or read below.

use egui::{Sense, Ui, Vec2};
use vault_engine::{Command, RequestId};
use vault_model::{AttachmentId, AttachmentView, ItemView};

use super::files;
use crate::{
    fl, icons,
    outbox::{Ask, FileUse, Go, Outbox},
    role::{self, Role},
    state::State,
    theme::{FIELD_ROW, R2, S1, S2, S3, S4, icon_button_side, is_touch, tokens},
    widgets::{self, Choice, Look, PushButton, card, confirm, field::row::quiet_button, progress::request_progress},
};

/// What is expanded in the strip.
#[derive(Default)]
pub struct AttachmentsForm {
    /// The attachment whose removal is being asked about.
    removing: Option<AttachmentId>,
}

impl AttachmentsForm {
    /// Whether its dialog is open.
    pub fn has_dialog(&self) -> bool {
        self.removing.is_some()
    }

    /// Closes its dialog.
    pub fn close_dialog(&mut self) {
        self.removing = None;
    }
}

/// The icon of a media type.
pub fn media_icon(media_type: &str, name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match (media_type.split('/').next().unwrap_or_default(), end.as_str()) {
        (_, "pdf") => icons::FILE_PDF,
        (_, "csv") => icons::FILE_CSV,
        (_, "zip" | "7z" | "gz" | "xz" | "tar" | "rar") => icons::FILE_ZIP,
        (_, "gpg" | "asc" | "pem" | "p12" | "kdbx" | "nt2backup" | "nt2recovery") => icons::FILE_LOCK,
        ("image", _) => icons::FILE_IMAGE,
        ("audio", _) => icons::FILE_AUDIO,
        ("video", _) => icons::FILE_VIDEO,
        ("text", _) => icons::FILE_TEXT,
        _ => icons::FILE,
    }
}

/// All attachments, what is under way, and what adds more.
pub fn strip_ui(ui: &mut Ui, state: &State, item: &ItemView, form: &mut AttachmentsForm, out: &mut Outbox) {
    let read_only = item.trashed || state.vault.as_ref().is_none_or(|vault| vault.status.read_only.is_some());
    if !item.attachments.is_empty() {
        card(ui, |ui| {
            for (idx, attachment) in item.attachments.iter().enumerate() {
                let meta = files::standing(state, item.id, attachment);
                row_ui(ui, (item, attachment), &meta, idx > 0, read_only, form, out);
            }
        });
        ui.add_space(S2);
    }
    transfers_ui(ui, state, out);
    if !item.attachments.is_empty() {
        files::keep_ui(ui, state, item, out);
    }
    if !read_only {
        ui.horizontal_wrapped(|ui| {
            if PushButton::new(Look::Secondary, fl!("attach-add")).icon(icons::PAPERCLIP).show(ui).clicked() {
                out.ask(Ask::PickFiles { purpose: FileUse::Attach(item.id), several: true });
            }
            ui.label(role::small(ui, fl!("attach-drop")));
        });
    } else if item.attachments.is_empty() {
        ui.label(role::body(ui, fl!("attach-none")).color(tokens(ui).text2));
    }
    let Some(removing) = form.removing else { return };
    let name = item.attachments.iter().find(|attachment| attachment.id == removing).map_or("", |attachment| attachment.name.as_str());
    let (title, sentence) = (fl!("attach-remove-title"), fl!("attach-remove-sentence", name = name));
    match confirm(ui, "detach", &title, &sentence, &fl!("attach-remove-keep"), &fl!("attach-remove"), true) {
        Choice::Open => {}
        Choice::Keep => form.removing = None,
        Choice::Go => {
            out.send(Command::Detach { item: item.id, attachment: removing });
            form.removing = None;
        }
    }
}

fn row_ui(
    ui: &mut Ui,
    (item, attachment): (&ItemView, &AttachmentView),
    meta: &str,
    line_above: bool,
    read_only: bool,
    form: &mut AttachmentsForm,
    out: &mut Outbox,
) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), FIELD_ROW), Sense::hover());
    let id = ui.scope_id().with(("attachment", attachment.id.0));
    let response = ui.interact(rect, id, Sense::click());
    if line_above {
        widgets::hline(ui, rect.left() + S4, rect.right(), rect.top(), t.line);
    }
    if response.contains_pointer() {
        ui.painter().rect_filled(rect.shrink(1.0), R2, t.hover_row);
    }
    let side = icon_button_side(ui);
    let icon = egui::Rect::from_center_size(egui::pos2(rect.left() + S4 + 10.0, rect.center().y), Vec2::splat(20.0));
    widgets::button::paint_icon_sized(ui, icon, media_icon(&attachment.media_type, &attachment.name), t.text2, Role::IconCard);
    let n_buttons = if read_only { 1.0 } else { 2.0 };
    let left = icon.right() + S3;
    let width = rect.right() - 14.0 - n_buttons * (side + S1) - left;
    let name = Role::Body.line(ui, &attachment.name, t.text, width);
    let small = Role::Small.line(ui, meta, t.text3, width);
    ui.painter().galley(egui::pos2(left, rect.center().y - 18.0), name, t.text);
    ui.painter().galley(egui::pos2(left, rect.center().y + 3.0), small, t.text3);
    widgets::focus_ring_inside(ui, &response, rect.shrink(1.0), R2);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, fl!("attach-open", name = attachment.name.as_str())));
    ui.ctx().accesskit_node_builder(id, |node| node.set_description(meta));
    let active = ui.rect_contains_pointer(rect) || response.has_focus() || is_touch(ui) || ui.input(|input| input.has_touch_screen());
    let mut right = rect.right() - 14.0 - side;
    let mut place = |ui: &Ui, icon: &str, name: String, part: &str| {
        let at = egui::Rect::from_min_size(egui::pos2(right, rect.center().y - side / 2.0), Vec2::splat(side));
        right -= side + S1;
        quiet_button(ui, id.with(part), at, icon, &name, active)
    };
    if !read_only && place(ui, icons::TRASH, fl!("attach-remove-one", name = attachment.name.as_str()), "remove").clicked() {
        form.removing = Some(attachment.id);
    }
    if place(ui, icons::DOWNLOAD_SIMPLE, fl!("attach-save-as", name = attachment.name.as_str()), "save").clicked() {
        out.ask(Ask::SaveAs { name: attachment.name.clone(), purpose: FileUse::Extract(item.id, attachment.id) });
    }
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        out.go(Go::Preview(item.id, attachment.id));
    }
}

/// Files that are being written into the vault or out of it, with a way to stop each.
fn transfers_ui(ui: &mut Ui, state: &State, out: &mut Outbox) {
    let running: Vec<RequestId> =
        state.requests.iter().filter(|(_, request)| matches!(request.name, "attach" | "extract")).map(|(id, _)| *id).collect();
    for request in running {
        ui.push_id(request.0, |ui| {
            if request_progress(ui, state, request, true) {
                out.send(Command::Cancel(request));
            }
        });
        ui.add_space(S2);
    }
}
