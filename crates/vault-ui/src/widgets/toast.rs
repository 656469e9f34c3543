//! Toasts: what just happened, with its countdown and one way back. At most two; a newer one of the same kind takes the place.

use egui::{Align2, Area, Color32, CornerRadius, Frame, Id, Margin, Order, Rect, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{Look, PushButton, button::paint_icon, icon_button};
use crate::{
    actions::Action,
    fl, icons,
    role::Role,
    theme::{Elevation, R4, Tone, icon_button_side, shadow, tokens, touchable},
};

/// Stands for the seconds that are left in the text of a toast.
pub const SECONDS: char = '\u{1}';

/// What kind of toast: one of each at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Something is on the clipboard.
    Clipboard,
    /// Something was moved to the trash, archived, changed.
    Undo,
    /// Something is finished.
    Done,
    /// Something failed.
    Failed,
    /// Other devices changed something.
    Sync,
}

/// A message that goes away by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Its kind.
    pub kind: ToastKind,
    /// Colour and icon.
    pub tone: Tone,
    /// One sentence. [`SECONDS`] in it stands for the seconds that are left.
    pub text: String,
    /// The verb of its button and what it does.
    pub action: Option<(String, ToastAction)>,
    /// How long it stays, milliseconds. Clipboard toasts go by the engine's clock instead.
    pub life_ms: u64,
    /// Pointer or focus holds it; never the clipboard's.
    pub pausable: bool,
}

/// What a toast's button does.
#[derive(Clone, Debug, PartialEq)]
pub enum ToastAction {
    /// What a shortcut would do.
    Act(Action),
    /// Puts items back out of the trash (or archive), by marks.
    Unmark(Vec<vault_protocol::ObjectId>, vault_engine::command::Mark),
    /// Writes a past value of an item anew.
    TakePast(vault_protocol::ObjectId, vault_protocol::Dot),
    /// Clears the clipboard now.
    ClearClipboard,
    /// Moves within the window.
    Go(crate::outbox::Go),
}

impl Toast {
    /// Something is done.
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: ToastKind::Done, tone: Tone::Ok, text: text.into(), action: None, life_ms: 5_000, pausable: true }
    }

    /// Something failed: stays longer.
    pub fn failed(text: impl Into<String>) -> Self {
        Self { kind: ToastKind::Failed, tone: Tone::Danger, text: text.into(), action: None, life_ms: 10_000, pausable: true }
    }

    /// With a button.
    pub fn with(mut self, verb: impl Into<String>, action: ToastAction) -> Self {
        self.action = Some((verb.into(), action));
        self
    }

    /// Of another kind.
    pub fn of(mut self, kind: ToastKind) -> Self {
        self.kind = kind;
        self
    }
}

/// The toasts that show.
#[derive(Default)]
pub struct Toasts {
    shown: Vec<Shown>,
    now_ms: u64,
}

struct Shown {
    toast: Toast,
    left_ms: u64,
}

impl Toasts {
    /// Shows a toast; one of the same kind goes, and so does the oldest of three.
    pub fn push(&mut self, toast: Toast) {
        self.shown.retain(|shown| shown.toast.kind != toast.kind);
        if self.shown.len() == 2 {
            self.shown.remove(0);
        }
        let left_ms = toast.life_ms;
        self.shown.push(Shown { toast, left_ms });
    }

    /// Takes those of a kind away.
    pub fn clear(&mut self, kind: ToastKind) {
        self.shown.retain(|shown| shown.toast.kind != kind);
    }

    /// Takes all away, at once.
    pub fn clear_all(&mut self) {
        self.shown.clear();
    }

    /// Whether a text shows, for tests.
    pub fn shows(&self, text: &str) -> bool {
        self.shown.iter().any(|shown| shown.words(shown.toast.life_ms).contains(text))
    }

    /// Draws them around `anchor` (bottom centre) and gives back what was pressed.
    pub fn ui(&mut self, ui: &mut Ui, now_ms: u64, anchor: egui::Pos2) -> Option<ToastAction> {
        let passed = if self.now_ms == 0 { 0 } else { now_ms.saturating_sub(self.now_ms) };
        self.now_ms = now_ms;
        let mut pressed = None;
        let mut bottom = anchor.y;
        let mut closed = None;
        for at in (0..self.shown.len()).rev() {
            let shown = &mut self.shown[at];
            let area = Area::new(Id::unique(("nt2 toast", shown.toast.kind as u8)))
                .order(Order::Foreground)
                .pivot(Align2::CENTER_BOTTOM)
                .fixed_pos(pos2(anchor.x, bottom))
                .show(ui.ctx(), |ui| shown.draw(ui));
            let rect = area.response.rect;
            bottom = rect.top() - 8.0;
            let held = shown.toast.pausable && ui.rect_contains_pointer(rect);
            if !held {
                shown.left_ms = shown.left_ms.saturating_sub(passed);
            }
            match area.inner {
                Pressed::Nothing => {}
                Pressed::Action => {
                    pressed = shown.toast.action.take().map(|(_, action)| action);
                    closed = Some(at);
                }
                Pressed::Close => closed = Some(at),
            }
        }
        if let Some(at) = closed {
            self.shown.remove(at);
        }
        self.shown.retain(|shown| shown.left_ms > 0);
        // A countdown steps once a second; a still window paints nothing.
        if let Some(next) = self.shown.iter().map(|shown| shown.left_ms).min() {
            ui.request_repaint_after(std::time::Duration::from_millis(next.min(1_000)));
        }
        pressed
    }
}

enum Pressed {
    Nothing,
    Action,
    Close,
}

impl Shown {
    fn words(&self, left_ms: u64) -> String {
        self.toast.text.replace(SECONDS, &left_ms.div_ceil(1000).to_string())
    }

    fn draw(&self, ui: &mut Ui) -> Pressed {
        let t = tokens(ui);
        let (fore, _) = t.tone(self.toast.tone);
        let mut pressed = Pressed::Nothing;
        let inner = Frame::new()
            .fill(t.raised)
            .stroke(Stroke::new(1.0, t.line_strong))
            .corner_radius(R4)
            .shadow(shadow(t, Elevation::Dialog))
            .inner_margin(Margin { left: 16, right: 8, top: 8, bottom: 10 })
            .show(ui, |ui| {
                ui.set_min_width(256.0_f32.min(ui.content_rect().width() - 56.0));
                ui.horizontal(|ui| {
                    let (icon, _) = ui.allocate_exact_size(vec2(16.0, 28.0), egui::Sense::hover());
                    paint_icon(ui, icon, tone_icon(self.toast.tone), fore);
                    // What stands beside the words: margins, icon, verb, cross and the gaps between.
                    let verb = self.toast.action.as_ref().map_or(0.0, |(verb, _)| {
                        (Role::BodyStrong.line(ui, verb, t.text, 200.0).size().x + 24.0).max(touchable(ui, 0.0)) + 8.0
                    });
                    let room = ui.content_rect().width() - 32.0 - 24.0 - 24.0 - verb - 16.0 - icon_button_side(ui);
                    let galley = Role::Body.wrapped(ui, &self.words(self.left_ms), t.text, room.clamp(96.0, 300.0));
                    let (rect, words) = ui.allocate_exact_size(vec2(galley.size().x, galley.size().y.max(28.0)), egui::Sense::hover());
                    // A screen reader hears the sentence once, not each second anew.
                    let text = self.words(self.toast.life_ms);
                    words.widget_info(|| WidgetInfo::labeled(egui::Role::Status, true, &text));
                    ui.ctx().accesskit_node_builder(words.id, |node| node.set_live(egui::accesskit::Live::Polite));
                    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, Color32::PLACEHOLDER);
                    ui.add_space(8.0);
                    if let Some((verb, _)) = &self.toast.action
                        && PushButton::new(Look::Ghost, verb).height(28.0).min_width(0.0).show(ui).clicked()
                    {
                        pressed = Pressed::Action;
                    }
                    if icon_button(ui, icons::X, fl!("dismiss")).clicked() {
                        pressed = Pressed::Close;
                    }
                });
            });
        let rect = inner.response.rect;
        let part = self.left_ms as f32 / self.toast.life_ms.max(1) as f32;
        let bar = Rect::from_min_size(pos2(rect.left() + 12.0, rect.bottom() - 4.0), vec2((rect.width() - 24.0) * part.min(1.0), 2.0));
        ui.painter().rect_filled(bar, CornerRadius::same(1), fore);
        pressed
    }
}

fn tone_icon(tone: Tone) -> &'static str {
    match tone {
        Tone::Danger => icons::WARNING_OCTAGON,
        Tone::Warn => icons::WARNING,
        Tone::Ok => icons::CHECK_CIRCLE,
        Tone::Info => icons::INFO,
    }
}
