//! An attachment in the detail pane: picture or text; of everything else a card that offers to save it. Nothing of it is ever written to disk unasked.
//!
//! The bytes are in [`State`] while they are shown. Pictures are decoded elsewhere, in a process without keys, and arrive as pixels.

use egui::{Align2, ColorImage, Key, Modifiers, Rect, ScrollArea, Sense, TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo};
use vault_engine::{Command, Failure, RequestId};
use vault_model::{AttachmentId, AttachmentView};
use vault_protocol::ObjectId;

use crate::{
    fl, format, icons, notices,
    outbox::{Ask, FileUse, Go, Outbox, Picture},
    role::{self, Role},
    state::State,
    theme::{S2, S4, S5, tokens},
    views::attachments::media_icon,
    widgets::{self, Look, PushButton, card, icon_button, progress::request_progress},
};

/// Bytes of a text, or of what may be one, that are read.
const TEXT_BYTES: u64 = 1024 * 1024;
/// Bytes of a picture that are read.
const PICTURE_BYTES: u64 = 64 * 1024 * 1024;
/// Height of a line of text.
const LINE: f32 = 20.0;
/// Characters of a line that are laid out; longer lines are cut, not wrapped.
const LINE_CHARS: usize = 2_000;
/// Height of the head.
const HEAD: f32 = 48.0;
/// Height of the foot.
const FOOT: f32 = 44.0;
/// Width of the card of a file that is not shown.
const CARD: f32 = 400.0;
/// How documents begin that are written in plain characters: PDF, PostScript, RTF.
const MARKS: [&[u8]; 3] = [b"%PDF-", b"%!PS", b"{\\rtf"];
/// Steps of magnification, in percent.
const ZOOMS: [u16; 9] = [10, 25, 50, 75, 100, 150, 200, 300, 400];

/// What is shown of an attachment.
pub struct PreviewForm {
    pub(crate) item: ObjectId,
    pub(crate) attachment: AttachmentId,
    request: Option<RequestId>,
    picture: Option<TextureHandle>,
    arrived: Option<Picture>,
    /// Whether the picture could not be decoded.
    undecodable: bool,
    /// Percent; `None` = fits the pane, never enlarged.
    zoom: Option<u16>,
    /// What the bytes are, once it is known.
    content: Option<Content>,
}

/// What the bytes are.
enum Content {
    /// Text, and where its lines begin.
    Text(Vec<usize>),
    /// Something that is not shown. The bytes are gone again.
    Opaque,
}

impl PreviewForm {
    /// Of an attachment.
    pub fn new(item: ObjectId, attachment: AttachmentId) -> Self {
        Self { item, attachment, request: None, picture: None, arrived: None, undecodable: false, zoom: None, content: None }
    }

    /// Takes a decoded picture in; `None` if it could not be decoded.
    pub(crate) fn take_picture(&mut self, request: RequestId, picture: Option<Picture>) {
        if self.request == Some(request) {
            self.undecodable = picture.is_none();
            self.arrived = picture;
        }
    }

    /// Wipes what is shown.
    pub(crate) fn close(&mut self, out: &mut Outbox) {
        if let Some(request) = self.request.take() {
            out.forget(request);
        }
        self.picture = None;
        self.content = None;
    }
}

/// The preview pane.
pub fn preview_ui(ui: &mut Ui, state: &State, form: &mut PreviewForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let Some(item) = vault.item.as_deref().filter(|item| item.id == form.item) else { return };
    let Some(attachment) = item.attachments.iter().find(|attachment| attachment.id == form.attachment) else {
        out.go(Go::Item(form.item));
        return;
    };
    let is_picture = attachment.media_type.starts_with("image/") && attachment.media_type != "image/svg+xml";
    // Of these the name says enough: nothing is decrypted in vain.
    if form.content.is_none() && !is_picture && is_known_opaque(attachment) {
        form.content = Some(Content::Opaque);
    }
    if form.request.is_none() && !matches!(form.content, Some(Content::Opaque)) {
        let limit = if is_picture { PICTURE_BYTES } else { TEXT_BYTES };
        let request = out.send(Command::ReadAttachment { item: item.id, attachment: attachment.id, offset: 0, limit });
        if is_picture {
            out.ask(Ask::DecodePicture(request));
        }
        form.request = Some(request);
    }
    let whole = ui.available_rect_before_wrap();
    let (head, rest) = whole.split_top_bottom_at_y(whole.top() + HEAD);
    let (body, foot) = rest.split_top_bottom_at_y(rest.bottom() - FOOT);
    head_ui(ui, head, attachment, is_picture && !form.undecodable, form, out);
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(body));
    inner.set_clip_rect(body.intersect(ui.clip_rect()));
    body_ui(&mut inner, state, attachment, form, is_picture, out);
    foot_ui(ui, foot, attachment, form, out);
    ui.allocate_rect(whole, Sense::hover());
}

fn head_ui(ui: &mut Ui, rect: Rect, attachment: &AttachmentView, zoomable: bool, form: &mut PreviewForm, out: &mut Outbox) {
    let t = tokens(ui);
    widgets::hline(ui, rect.left(), rect.right(), rect.bottom() - 1.0, t.line);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(Vec2::new(S4, 0.0))).layout(layout));
    ui.spacing_mut().item_spacing.x = S2;
    if icon_button(&mut ui, icons::X, fl!("preview-close")).clicked() {
        form.close(out);
        out.go(Go::Item(form.item));
    }
    if zoomable {
        let keys = |ui: &Ui, key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if icon_button(&mut ui, icons::PLUS, fl!("preview-larger")).clicked() || keys(&ui, Key::Plus) {
            form.zoom = Some(stepped(form.zoom.unwrap_or(100), true));
        }
        let words = form.zoom.map_or_else(|| fl!("preview-fit"), |zoom| format!("{zoom}\u{202f}%"));
        if PushButton::new(Look::Ghost, words).height(28.0).tooltip(fl!("preview-fit-note")).show(&mut ui).clicked() {
            form.zoom = if form.zoom.is_some() { None } else { Some(100) };
        }
        if icon_button(&mut ui, icons::MINUS, fl!("preview-smaller")).clicked() || keys(&ui, Key::Minus) {
            form.zoom = Some(stepped(form.zoom.unwrap_or(100), false));
        }
    }
    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
        if icon_button(ui, icons::CARET_LEFT, fl!("detail-back")).clicked() {
            form.close(out);
            out.go(Go::Item(form.item));
        }
        let words = format!("{} · {}", attachment.name, format::bytes(attachment.len_bytes));
        ui.add(egui::Label::new(role::body_strong(ui, words)).truncate());
    });
}

fn stepped(zoom: u16, up: bool) -> u16 {
    let larger = ZOOMS.into_iter().find(|step| *step > zoom);
    let smaller = ZOOMS.into_iter().rev().find(|step| *step < zoom);
    if up { larger } else { smaller }.unwrap_or(zoom)
}

fn body_ui(ui: &mut Ui, state: &State, attachment: &AttachmentView, form: &mut PreviewForm, is_picture: bool, out: &mut Outbox) {
    let t = tokens(ui);
    ui.painter().rect_filled(ui.max_rect(), 0, t.canvas);
    if matches!(form.content, Some(Content::Opaque)) {
        no_preview_ui(ui, attachment, form, out);
        return;
    }
    let Some(request) = form.request else { return };
    let bytes = state.vault.as_ref().and_then(|vault| vault.bytes.get(&request));
    let failed = state.outcome(request).and_then(|outcome| outcome.result.as_ref().err());
    if let Some(failure) = failed {
        let words = match failure {
            Failure::AttachmentDamaged => notices::attachment_damaged(&attachment.name),
            failure => notices::failure(failure, state.now_ms),
        };
        centred(ui, &words);
    } else if is_picture && !form.undecodable {
        picture_ui(ui, form);
        if form.picture.is_none() && state.is_running(request) {
            waiting_ui(ui, state, request, out);
        }
    } else if let Some(bytes) = bytes {
        let content: &[u8] = &bytes.bytes.0;
        match form.content.get_or_insert_with(|| if is_picture { Content::Opaque } else { content_of(content) }) {
            Content::Text(starts) => text_ui(ui, content, starts),
            // What is not shown need not lie in memory.
            Content::Opaque => out.forget(request),
        }
    } else {
        waiting_ui(ui, state, request, out);
    }
}

/// What stands in place of a file that is not shown.
fn no_preview_ui(ui: &mut Ui, attachment: &AttachmentView, form: &PreviewForm, out: &mut Outbox) {
    let room = ui.max_rect();
    let width = (room.width() - 2.0 * S4).min(CARD);
    let at = Rect::from_min_size(egui::pos2(room.center().x - width / 2.0, room.top() + room.height() * 0.2), Vec2::new(width, 0.0));
    let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(at));
    let t = tokens(ui);
    card(&mut inner, |ui| {
        egui::Frame::new().inner_margin(S5 as i8).show(ui, |ui| {
            let (icon, _) = ui.allocate_exact_size(Vec2::new(24.0, 28.0), Sense::hover());
            widgets::button::paint_icon_sized(ui, icon, media_icon(&attachment.media_type, &attachment.name), t.text3, Role::IconLarge);
            ui.add_space(S2);
            ui.label(Role::Button.rich(fl!("preview-none"), t.text));
            ui.add_space(4.0);
            ui.add(egui::Label::new(Role::Body.rich(fl!("preview-none-note"), t.text2)).wrap());
            ui.add_space(S4);
            if PushButton::new(Look::Primary, fl!("preview-save-as")).icon(icons::DOWNLOAD_SIMPLE).show(ui).clicked() {
                save_as(attachment, form, out);
            }
        });
    });
}

fn save_as(attachment: &AttachmentView, form: &PreviewForm, out: &mut Outbox) {
    out.ask(Ask::SaveAs { name: attachment.name.clone(), purpose: FileUse::Extract(form.item, attachment.id) });
}

fn waiting_ui(ui: &mut Ui, state: &State, request: RequestId, out: &mut Outbox) {
    egui::Frame::new().inner_margin(24).show(ui, |ui| {
        if request_progress(ui, state, request, true) {
            out.send(Command::Cancel(request));
        }
    });
}

fn centred(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    let galley = Role::Body.wrapped(ui, text, t.text2, ui.max_rect().width() - 48.0);
    let rect = Rect::from_center_size(ui.max_rect().center(), galley.size());
    let words = ui.interact(rect, ui.scope_id().with("words"), Sense::hover());
    words.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
    ui.painter().galley(rect.min, galley, t.text2);
}

fn picture_ui(ui: &mut Ui, form: &mut PreviewForm) {
    if let Some(picture) = form.arrived.take() {
        let image = ColorImage::from_rgba_unmultiplied(picture.size, &picture.rgba);
        form.picture = Some(ui.ctx().load_texture("preview", image, TextureOptions::LINEAR));
    }
    let Some(texture) = &form.picture else { return };
    // One pixel of the picture is one pixel of the screen at 100 %.
    let natural = texture.size_vec2() / ui.pixels_per_point();
    let room = ui.max_rect().shrink(S4).size();
    let factor = match form.zoom {
        None => (room.x / natural.x).min(room.y / natural.y).min(1.0),
        Some(zoom) => f32::from(zoom) / 100.0,
    };
    let size = natural * factor;
    ScrollArea::both().id_salt("picture").auto_shrink(false).show(ui, |ui| {
        let (rect, response) = ui.allocate_exact_size(size.max(room + Vec2::splat(2.0 * S4)), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, fl!("preview-picture")));
        let place = Rect::from_center_size(rect.center(), size);
        checker(ui, place);
        let uv = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
        ui.painter().image(texture.id(), place, uv, egui::Color32::WHITE);
    });
}

/// Squares that show through where a picture is transparent.
fn checker(ui: &Ui, rect: Rect) {
    let t = tokens(ui);
    ui.painter().rect_filled(rect, 0, t.surface);
    let visible = rect.intersect(ui.clip_rect());
    let side = 8.0;
    let (mut y, mut odd) = (rect.top() + ((visible.top() - rect.top()) / (2.0 * side)).floor() * 2.0 * side, false);
    while y < visible.bottom() {
        let mut x = rect.left() + ((visible.left() - rect.left()) / (2.0 * side)).floor() * 2.0 * side + if odd { side } else { 0.0 };
        while x < visible.right() {
            let square = Rect::from_min_size(egui::pos2(x, y), Vec2::splat(side)).intersect(rect);
            ui.painter().rect_filled(square, 0, t.line);
            x += 2.0 * side;
        }
        y += side;
        odd = !odd;
    }
}

/// Whether media type or name say that there is nothing to read in it: these may be plain ASCII and still not text.
fn is_known_opaque(attachment: &AttachmentView) -> bool {
    let media_type = attachment.media_type.as_str();
    let end = attachment.name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let by_type = matches!(media_type, "application/pdf" | "application/rtf" | "text/rtf" | "application/postscript" | "application/zip")
        || ["audio/", "video/", "font/"].iter().any(|kind| media_type.starts_with(kind));
    by_type || matches!(end.as_str(), "pdf" | "rtf" | "ps" | "eps")
}

/// Text if it is UTF-8 (its last character may be cut) without control characters and no document that only looks like text.
fn content_of(content: &[u8]) -> Content {
    if MARKS.iter().any(|mark| content.starts_with(mark)) {
        return Content::Opaque;
    }
    let valid = match std::str::from_utf8(content) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&content[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return Content::Opaque,
    };
    if valid.is_empty() && !content.is_empty() || valid.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')) {
        return Content::Opaque;
    }
    let starts = std::iter::once(0).chain(valid.match_indices('\n').map(|(at, _)| at + 1)).collect();
    Content::Text(starts)
}

fn text_ui(ui: &mut Ui, content: &[u8], starts: &[usize]) {
    let t = tokens(ui);
    let digits = starts.len().to_string().len().max(2) as f32;
    let gutter = digits * 8.0 + 2.0 * S4;
    rows_ui(ui, starts.len(), |ui, idx, rect| {
        let end = starts.get(idx + 1).map_or(content.len(), |next| next - 1);
        let line = content.get(starts[idx]..end).unwrap_or_default();
        let line: String =
            String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']).replace('\t', "    ").chars().take(LINE_CHARS).collect();
        let number = egui::pos2(rect.left() + gutter - S4, rect.center().y);
        ui.painter().text(number, Align2::RIGHT_CENTER, idx + 1, Role::Mono.font_id(), t.text3);
        let at = egui::pos2(rect.left() + gutter, rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, line, Role::Mono.font_id(), t.text);
    });
}

/// Rows of which only the visible ones are drawn, painted rather than laid out as labels: content never enters the accessibility tree.
fn rows_ui(ui: &mut Ui, n_rows: usize, mut row: impl FnMut(&Ui, usize, Rect)) {
    let t = tokens(ui);
    ui.painter().rect_filled(ui.max_rect(), 0, t.surface);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::both().id_salt("rows").auto_shrink(false).show_rows(ui, LINE, n_rows, |ui, range| {
        for idx in range {
            let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width().max(720.0), LINE), Sense::hover());
            row(ui, idx, rect);
        }
    });
}

fn foot_ui(ui: &mut Ui, rect: Rect, attachment: &AttachmentView, form: &PreviewForm, out: &mut Outbox) {
    let t = tokens(ui);
    widgets::hline(ui, rect.left(), rect.right(), rect.top(), t.line);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(Vec2::new(S4, 0.0))).layout(layout));
    // The card has this button.
    let has_card = matches!(form.content, Some(Content::Opaque));
    if !has_card && PushButton::new(Look::Secondary, fl!("preview-save-as")).height(28.0).show(&mut ui).clicked() {
        save_as(attachment, form, out);
    }
    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
        let mut words = fl!("preview-never-written");
        let cut = matches!(form.content, Some(Content::Text(_))) && attachment.len_bytes > TEXT_BYTES;
        if cut {
            words = format!("{} · {words}", fl!("preview-cut", size = format::bytes(TEXT_BYTES)));
        }
        ui.add(egui::Label::new(role::small(ui, words)).truncate());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_bytes() {
        assert!(matches!(content_of("a\nbä\n".as_bytes()), Content::Text(starts) if starts == [0, 2, 6]));
        // Cut within a character.
        assert!(matches!(content_of(&"ä".as_bytes()[..1]), Content::Opaque));
        assert!(matches!(content_of(&"aä".as_bytes()[..2]), Content::Text(_)));
        assert!(matches!(content_of(b"a\0b"), Content::Opaque));
        assert!(matches!(content_of(&[0xff, 0xfe]), Content::Opaque));
        assert!(matches!(content_of(b""), Content::Text(_)));
        assert!(matches!(content_of(b"%PDF-1.4\n1 0 obj\n"), Content::Opaque));
    }

    #[test]
    fn magnification_goes_in_steps_and_stops_at_the_ends() {
        assert_eq!((stepped(100, true), stepped(100, false), stepped(90, true)), (150, 75, 100));
        assert_eq!((stepped(400, true), stepped(10, false)), (400, 10));
    }
}
