//! A field in read mode: one row of a card that copies on click.

use egui::{CursorIcon, Galley, Id, Rect, Response, Sense, Ui, Vec2, WidgetInfo};
use std::sync::Arc;

use super::{glyphs, totp};
use crate::{
    fl, icons,
    role::Role,
    theme::{FIELD_ROW, R2, S1, S2, S4, icon_button_side, is_touch, tokens, touchable},
    widgets,
};

/// Padding at the right edge of a row, so that the icons stand 14 from the card's edge.
const RIGHT: f32 = 14.0;
/// Where the centre of the label is.
const LABEL_Y: f32 = 16.0;
/// Where the centre of the first line of the value is.
const VALUE_Y: f32 = 35.0;
/// Height of a line of the value.
const LINE: f32 = 20.0;

/// What a row shows of its value.
pub enum Shown<'a> {
    /// All of it.
    Text(&'a str),
    /// All of it, fixed width.
    Mono {
        /// The text.
        text: &'a str,
        /// Characters in a group.
        group: Option<usize>,
    },
    /// Bullets, whatever its length, or a harmless part of it.
    Hidden {
        /// For example the last digits of a card; empty if there is nothing to show.
        hint: &'a str,
    },
    /// A secret, for as long as it is revealed. Never selectable, never in the accessibility tree.
    Revealed {
        /// The secret.
        text: &'a str,
        /// Characters in a group.
        group: Option<usize>,
    },
    /// The live code of a TOTP secret.
    Code(totp::Code<'a>),
}

impl Shown<'_> {
    fn is_secret(&self) -> bool {
        match self {
            Self::Text(_) | Self::Mono { .. } => false,
            Self::Hidden { .. } | Self::Revealed { .. } | Self::Code(_) => true,
        }
    }
}

/// What can be done with a value besides copying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Shows the secret.
    Reveal,
    /// Hides it again.
    Hide,
    /// Shows every character in a numbered cell.
    Large,
    /// Opens the address.
    Open,
}

impl Tool {
    fn icon(self) -> &'static str {
        match self {
            Self::Reveal => icons::EYE,
            Self::Hide => icons::EYE_SLASH,
            Self::Large => icons::TEXT_AA,
            Self::Open => icons::ARROW_SQUARE_OUT,
        }
    }

    fn name(self, label: &str) -> String {
        match self {
            Self::Reveal => fl!("field-act-reveal", field = label),
            Self::Hide => fl!("field-act-hide", field = label),
            Self::Large => fl!("field-act-large", field = label),
            Self::Open => fl!("field-act-open", field = label),
        }
    }
}

/// A row.
pub struct Row<'a> {
    /// Its name among the rows of the card.
    pub id: &'a str,
    /// What the value is.
    pub label: &'a str,
    /// Whether the label is painted; it is always in the accessibility tree.
    pub show_label: bool,
    /// The value.
    pub shown: Shown<'a>,
    /// Its buttons, from the left; copying comes last by itself.
    pub tools: &'a [Tool],
    /// Whether a line divides it from the row above.
    pub line_above: bool,
    /// Whether its buttons are always painted: on touch screens.
    pub always: bool,
}

/// What was done with a row.
pub struct RowOutcome {
    /// The row, for its context menu.
    pub response: Response,
    /// The value is wanted on the clipboard.
    pub copy: bool,
    /// A button was pressed.
    pub tool: Option<Tool>,
}

/// Draws a row over the whole width.
pub fn row_ui(ui: &mut Ui, row: &Row<'_>) -> RowOutcome {
    let t = tokens(ui);
    let width = ui.available_width();
    let n_buttons = row.tools.len() + 1;
    let side = icon_button_side(ui);
    let buttons_width = n_buttons as f32 * side + row.tools.len() as f32 * S1;
    let text_width = (width - S4 - S2 - buttons_width - RIGHT).max(40.0);
    let value = value_galley(ui, &row.shown, text_width);
    let extra = value.as_ref().map_or(0.0, |galley| galley.size().y - LINE).max(0.0);

    // With a label 52, for a finger 56; without one 32, for a finger 44.
    let more = if is_touch(ui) { 4.0 } else { 0.0 };
    let base = if row.show_label { FIELD_ROW + more } else { touchable(ui, FIELD_ROW - LINE) };
    let value_y = if row.show_label { VALUE_Y + more / 2.0 } else { base / 2.0 };
    let (_, rect) = ui.allocate_space(Vec2::new(width, base + extra));
    let id = ui.scope_id().with(("field", row.id));
    let response = ui.interact(rect, id, Sense::click());
    let button_id = |idx: usize| id.with(idx);
    let focus_inside = ui.memory(|memory| memory.has_focus(id) || (0..n_buttons).any(|idx| memory.has_focus(button_id(idx))));
    let touch = is_touch(ui) || ui.input(|input| input.has_touch_screen());
    let active = ui.rect_contains_pointer(rect) || focus_inside || row.always || touch;

    if row.line_above {
        let y = rect.top();
        widgets::hline(ui, rect.left() + S4, rect.right(), y, t.line);
    }
    let inner = rect.shrink2(Vec2::new(1.0, 1.0));
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(inner, R2, t.pressed);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(inner, R2, t.hover_row);
    }
    let left = rect.left() + S4;
    if row.show_label {
        let label = Role::Label.line(ui, row.label, t.text3, text_width);
        ui.painter().galley(egui::pos2(left, rect.top() + LABEL_Y + more / 2.0 - label.size().y / 2.0), label, t.text3);
    }
    match (&row.shown, value) {
        (Shown::Code(code), _) => totp::paint(ui, egui::pos2(left, rect.top() + value_y), code),
        (_, Some(galley)) => {
            ui.painter().galley(egui::pos2(left, rect.top() + value_y - LINE / 2.0), galley, t.text);
        }
        (_, None) => {}
    }
    widgets::focus_ring_inside(ui, &response, inner, R2);

    let mut tool = None;
    let mut copy_pressed = false;
    let top = rect.top() + (base - side) / 2.0;
    for idx in 0..n_buttons {
        let from_right = (n_buttons - 1 - idx) as f32;
        let x = rect.right() - RIGHT - side - from_right * (side + S1);
        let place = Rect::from_min_size(egui::pos2(x, top), Vec2::splat(side));
        let (icon, name) = match row.tools.get(idx) {
            Some(tool) => (tool.icon(), tool.name(row.label)),
            None => (icons::COPY, fl!("field-act-copy", field = row.label)),
        };
        if quiet_button(ui, button_id(idx), place, icon, &name, active).clicked() {
            match row.tools.get(idx) {
                Some(pressed) => tool = Some(*pressed),
                None => copy_pressed = true,
            }
        }
    }

    let spoken = match &row.shown {
        Shown::Text(text) | Shown::Mono { text, .. } => (*text).to_owned(),
        Shown::Hidden { hint } => format!("{} {hint}", fl!("field-hidden")).trim_end().to_owned(),
        Shown::Revealed { .. } => fl!("field-revealed"),
        Shown::Code(_) => fl!("field-code"),
    };
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, row.label));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_value(spoken);
        node.set_description(fl!("field-click-copies"));
    });
    let copy = response.clicked() || copy_pressed;
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let response = if row.shown.is_secret() { response } else { response.on_hover_text(fl!("field-click-copies")) };
    RowOutcome { response, copy, tool }
}

fn value_galley(ui: &Ui, shown: &Shown<'_>, width: f32) -> Option<Arc<Galley>> {
    let t = tokens(ui);
    match shown {
        Shown::Text(text) => Some(Role::Body.wrapped(ui, text, t.text, width)),
        Shown::Mono { text, group } => Some(glyphs::plain(ui, text, *group, width)),
        Shown::Hidden { hint: "" } => Some(Role::Mono.line(ui, glyphs::BULLETS, t.text2, width)),
        Shown::Hidden { hint } => Some(Role::Mono.line(ui, hint, t.text2, width)),
        Shown::Revealed { text, group } => Some(glyphs::galley(ui, text, *group, width)),
        Shown::Code(_) => None,
    }
}

/// An icon button whose place is always there and that is painted only when wanted. It can be reached by Tab at any time.
pub fn quiet_button(ui: &Ui, id: Id, rect: Rect, icon: &str, name: &str, visible: bool) -> Response {
    let t = tokens(ui);
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name));
    if visible || response.has_focus() {
        let fill = if response.is_pointer_button_down_on() {
            t.pressed
        } else if response.hovered() {
            t.hover
        } else {
            egui::Color32::TRANSPARENT
        };
        ui.painter().rect_filled(rect, R2, fill);
        let color = if response.hovered() { t.text } else { t.text2 };
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, Role::Icon.font_id(), color);
        widgets::focus_ring_inside(ui, &response, rect, R2);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(name)
}
