//! A banner at the top of a pane: the most serious thing only.

use egui::{CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use super::{Look, PushButton, button::paint_icon, icon_button};
use crate::{
    fl, icons,
    role::Role,
    theme::{R2, Tone, icon_button_side, tokens, touchable},
};

/// What a banner says.
pub struct Banner<'a> {
    /// How serious it is.
    pub tone: Tone,
    /// One sentence.
    pub text: &'a str,
    /// The verb of its button.
    pub button: Option<&'a str>,
    /// Whether it can be put away.
    pub dismissible: bool,
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerAnswer {
    /// Nothing.
    None,
    /// Its button.
    Button,
    /// Its cross.
    Dismissed,
}

/// Draws a banner, at least 44 high.
pub fn banner(ui: &mut Ui, banner: &Banner<'_>) -> BannerAnswer {
    let t = tokens(ui);
    let (fore, back) = t.tone(banner.tone);
    let icon = match banner.tone {
        Tone::Danger => icons::WARNING_OCTAGON,
        Tone::Warn => icons::WARNING,
        Tone::Ok => icons::CHECK_CIRCLE,
        Tone::Info => icons::INFO,
    };
    let button_width = banner.button.map_or(0.0, |text| Role::Button.line(ui, text, fore, 300.0).size().x + 24.0 + 12.0);
    let cross_width = if banner.dismissible { icon_button_side(ui) + 8.0 } else { 0.0 };
    let text_width = (ui.available_width() - 36.0 - button_width - cross_width - 12.0).max(80.0);
    let galley = Role::Body.wrapped(ui, banner.text, t.text, text_width);
    let height = (galley.size().y + 16.0).max(touchable(ui, 28.0) + 16.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Alert, true, banner.text));
    let radius = CornerRadius::same(R2);
    ui.painter().rect(rect, radius, back, Stroke::new(1.0, fore.gamma_multiply(0.4)), StrokeKind::Inside);
    paint_icon(ui, Rect::from_center_size(pos2(rect.left() + 20.0, rect.center().y), Vec2::splat(16.0)), icon, fore);
    ui.painter().galley(pos2(rect.left() + 36.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    let mut answer = BannerAnswer::None;
    let right = Rect::from_min_max(pos2(rect.right() - button_width - cross_width, rect.top()), pos2(rect.right() - 6.0, rect.bottom()));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(right).layout(layout));
    if banner.dismissible && icon_button(&mut inner, icons::X, fl!("dismiss")).clicked() {
        answer = BannerAnswer::Dismissed;
    }
    if let Some(text) = banner.button
        && PushButton::new(Look::Secondary, text).height(28.0).show(&mut inner).clicked()
    {
        answer = BannerAnswer::Button;
    }
    answer
}
