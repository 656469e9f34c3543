//! Buttons: one primary a view, secondary, ghost, danger; icon buttons of 28.

use egui::{Color32, CornerRadius, CursorIcon, Rect, Response, Role as Kind, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::{focus_ring, tip};
use crate::{
    role::Role,
    theme::{CONTROL, R2, S2, TOUCH, Tokens, icon_button_side, tokens, touchable},
};

/// How important a button is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Filled with the accent. One a view.
    Primary,
    /// Surface with a border.
    Secondary,
    /// No frame until touched.
    Ghost,
    /// Outlined in danger.
    Danger,
    /// Filled with danger: only in the dialog that confirms.
    DangerFilled,
}

/// A button with a text. `PushButton::new(Look::Primary, text).icon(..).show(ui)`.
pub struct PushButton<'a> {
    look: Look,
    text: String,
    icon: Option<&'a str>,
    shortcut: Option<String>,
    tooltip: Option<String>,
    height: f32,
    min_width: f32,
    full_width: bool,
    left: bool,
    enabled: bool,
}

impl<'a> PushButton<'a> {
    /// A button of usual height.
    pub fn new(look: Look, text: impl Into<String>) -> Self {
        Self {
            look,
            text: text.into(),
            icon: None,
            shortcut: None,
            tooltip: None,
            height: CONTROL,
            min_width: 72.0,
            full_width: false,
            left: false,
            enabled: true,
        }
    }

    /// Puts an icon before the text.
    pub fn icon(mut self, icon: &'a str) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Shows a shortcut at the right.
    pub fn shortcut(mut self, shortcut: impl Into<String>) -> Self {
        self.shortcut = Some(shortcut.into());
        self
    }

    /// Explains it on hover.
    pub fn tooltip(mut self, tooltip: impl Into<String>) -> Self {
        self.tooltip = Some(tooltip.into());
        self
    }

    /// Another height.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// At least this wide.
    pub fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    /// As wide as there is room.
    pub fn full_width(mut self) -> Self {
        self.full_width = true;
        self
    }

    /// Text at the left edge instead of the middle.
    pub fn left(mut self) -> Self {
        self.left = true;
        self
    }

    /// Whether it can be pressed now.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> Response {
        ui.add_enabled_ui(self.enabled, |ui| self.draw(ui)).inner
    }

    /// How wide it is with all of its text, in points.
    fn natural_width(&self, ui: &Ui) -> f32 {
        let role = if self.look == Look::Ghost { Role::BodyStrong } else { Role::Button };
        let text = role.line(ui, &self.text, Color32::PLACEHOLDER, f32::INFINITY).size().x;
        let keys = self.shortcut.as_ref().map(|keys| Role::Small.line(ui, keys, Color32::PLACEHOLDER, f32::INFINITY).size().x + 12.0);
        let icon = if self.icon.is_some() { 24.0 } else { 0.0 };
        (icon + text + keys.unwrap_or(0.0) + 24.0).max(self.min_width)
    }

    fn draw(self, ui: &mut Ui) -> Response {
        let t = tokens(ui);
        let icon_width = if self.icon.is_some() { 24.0 } else { 0.0 };
        let max_text = (ui.available_width() - 24.0 - icon_width).max(24.0);
        let role = if self.look == Look::Ghost { Role::BodyStrong } else { Role::Button };
        let text = role.line(ui, &self.text, Color32::PLACEHOLDER, max_text);
        let keys = self.shortcut.as_ref().map(|keys| Role::Small.line(ui, keys, Color32::PLACEHOLDER, max_text));
        let keys_width = keys.as_ref().map_or(0.0, |keys| keys.size().x + 12.0);
        let content = icon_width + text.size().x;
        let mut width = (content + keys_width + 24.0).max(self.min_width);
        if self.full_width {
            width = ui.available_width().max(width);
        }
        let height = touchable(ui, self.height);
        let (rect, response) = ui.allocate_exact_size(vec2(width.max(touchable(ui, 0.0)), height), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Kind::Button, ui.is_enabled(), &self.text));
        if ui.is_rect_visible(rect) {
            let (fill, border, color) = colors(t, self.look, &response, ui.is_enabled());
            let radius = CornerRadius::same(R2);
            ui.painter().rect(rect, radius, fill, Stroke::new(t.control_width(), border), StrokeKind::Inside);
            let start = if self.left || keys.is_some() { rect.left() + 12.0 } else { rect.center().x - content / 2.0 };
            if let Some(icon) = self.icon {
                paint_icon(ui, Rect::from_center_size(egui::pos2(start + 8.0, rect.center().y), Vec2::splat(16.0)), icon, color);
            }
            let y = rect.center().y - text.size().y / 2.0;
            ui.painter().galley(egui::pos2(start + icon_width, y), text, color);
            if let Some(keys) = keys {
                let at = egui::pos2(rect.right() - 12.0 - keys.size().x, rect.center().y - keys.size().y / 2.0);
                let faded = if self.look == Look::Primary { color } else { t.text3 };
                ui.painter().galley(at, keys, faded);
            }
            focus_ring(ui, &response, rect, R2);
        }
        match self.tooltip {
            Some(tooltip) => tip(response, tooltip),
            None => response,
        }
    }
}

/// Fill, border and text of a button in its present state.
fn colors(t: &Tokens, look: Look, response: &Response, enabled: bool) -> (Color32, Color32, Color32) {
    let none = Color32::TRANSPARENT;
    let pressed = response.is_pointer_button_down_on();
    let hovered = response.hovered();
    if !enabled {
        return match look {
            Look::Primary | Look::DangerFilled => (t.hover, none, t.disabled),
            Look::Secondary | Look::Danger => (none, t.line, t.disabled),
            Look::Ghost => (none, none, t.disabled),
        };
    }
    let rest = |fill: Color32| match (pressed, hovered) {
        (true, _) => t.pressed,
        (false, true) => t.hover,
        (false, false) => fill,
    };
    match look {
        Look::Primary => {
            let fill = match (pressed, hovered) {
                (true, _) => t.accent_press,
                (false, true) => t.accent_hover,
                (false, false) => t.accent,
            };
            (fill, none, t.on_accent)
        }
        Look::Secondary => (rest(t.surface), t.control, t.text),
        Look::Ghost => (rest(none), none, t.text2),
        Look::Danger => (if hovered || pressed { t.danger_soft } else { t.surface }, t.danger, t.danger),
        Look::DangerFilled => (t.danger, none, t.on_danger),
    }
}

/// Buttons beside each other; where they do not all fit, below each other and as wide as there is room.
pub fn button_row<const N: usize>(ui: &mut Ui, buttons: [PushButton<'_>; N]) -> [Response; N] {
    let gaps = S2 * (N.saturating_sub(1)) as f32;
    let wanted: f32 = buttons.iter().map(|button| button.natural_width(ui)).sum::<f32>() + gaps;
    if wanted > ui.available_width() {
        return ui
            .vertical(|ui| {
                ui.spacing_mut().item_spacing.y = S2;
                buttons.map(|button| button.full_width().show(ui))
            })
            .inner;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S2;
        buttons.map(|button| button.show(ui))
    })
    .inner
}

/// A primary button.
pub fn primary(ui: &mut Ui, text: impl Into<String>) -> Response {
    PushButton::new(Look::Primary, text).show(ui)
}

/// A secondary button.
pub fn secondary(ui: &mut Ui, text: impl Into<String>) -> Response {
    PushButton::new(Look::Secondary, text).show(ui)
}

/// A ghost button.
pub fn ghost(ui: &mut Ui, text: impl Into<String>) -> Response {
    PushButton::new(Look::Ghost, text).show(ui)
}

/// A text that is pressed: moves within the window.
pub fn link(ui: &mut Ui, text: impl Into<String>) -> Response {
    let t = tokens(ui);
    let text = text.into();
    let galley = Role::Body.line(ui, &text, t.accent_text, ui.available_width());
    let (width, height) = (galley.size().x.max(touchable(ui, 0.0)), touchable(ui, 24.0));
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Kind::Link, ui.is_enabled(), &text));
    let at = egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let end = at.x + galley.size().x;
    ui.painter().galley(at, galley, t.accent_text);
    if response.hovered() || (response.has_focus() && super::keyboard_in_use(ui)) {
        ui.painter().hline(at.x..=end, rect.center().y + 8.5, Stroke::new(1.0, t.accent_text));
    }
    focus_ring(ui, &response, rect, 2);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A button of 28, for a finger of 44, that is only an icon; its name is also its tooltip.
pub fn icon_button(ui: &mut Ui, icon: &str, name: impl Into<String>) -> Response {
    let t = tokens(ui);
    square(ui, icon, name.into(), None, t.text2, icon_button_side(ui))
}

/// The same for a finger: 44.
pub fn touch_button(ui: &mut Ui, icon: &str, name: impl Into<String>) -> Response {
    let t = tokens(ui);
    square(ui, icon, name.into(), None, t.text2, TOUCH)
}

/// An icon button that is on or off.
pub fn icon_toggle(ui: &mut Ui, icons: [&str; 2], on: bool, name: impl Into<String>) -> Response {
    let t = tokens(ui);
    let (icon, color) = if on { (icons[1], t.accent_text) } else { (icons[0], t.text2) };
    square(ui, icon, name.into(), Some(on), color, icon_button_side(ui))
}

fn square(ui: &mut Ui, icon: &str, name: String, on: Option<bool>, color: Color32, side: f32) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(Kind::Button, ui.is_enabled(), on, &name),
        None => WidgetInfo::labeled(Kind::Button, ui.is_enabled(), &name),
    });
    if ui.is_rect_visible(rect) {
        let fill = match (response.is_pointer_button_down_on(), response.hovered()) {
            (true, _) => t.pressed,
            (false, true) => t.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
        let color = if ui.is_enabled() { color } else { t.disabled };
        paint_icon(ui, rect, icon, color);
        focus_ring(ui, &response, rect.shrink(2.0), R2);
    }
    tip(response, name)
}

/// An icon of 16 in the middle of `rect`.
pub fn paint_icon(ui: &Ui, rect: Rect, icon: &str, color: Color32) {
    paint_icon_sized(ui, rect, icon, color, Role::Icon);
}

/// An icon of the role's size in the middle of `rect`.
pub fn paint_icon_sized(ui: &Ui, rect: Rect, icon: &str, color: Color32, role: Role) {
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, role.font_id(), color);
}
