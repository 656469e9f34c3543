//! The tokens as egui's own style: what its widgets read.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Theme, ThemePreference, Vec2, Visuals,
    style::{Selection, Spacing, WidgetVisuals},
};

use super::{CONTROL, R2, R4, ThemeChoice, Tokens, contrast_id, is_touch, motion_id, touch_id, touchable};
use crate::settings::DeviceSettings;

/// Sets style, theme, zoom and motion of both themes. Call it before the first frame and when a setting changes.
pub fn install(ctx: &Context, settings: &DeviceSettings) {
    ctx.data_mut(|data| {
        data.insert_temp(contrast_id(), settings.contrast);
        data.insert_temp(motion_id(), settings.reduced_motion);
    });
    ctx.set_visuals_of(Theme::Light, visuals(Tokens::of(false, settings.contrast)));
    ctx.set_visuals_of(Theme::Dark, visuals(Tokens::of(true, settings.contrast)));
    ctx.set_theme(match settings.theme {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::Dark => ThemePreference::Dark,
    });
    let control = touchable(ctx, CONTROL);
    ctx.all_styles_mut(|style| {
        let spacing = &mut style.spacing;
        spacing.item_spacing = Vec2::new(8.0, 4.0);
        fit_controls(spacing, control);
        spacing.icon_width = 16.0;
        spacing.icon_width_inner = 10.0;
        spacing.icon_spacing = 8.0;
        spacing.indent = 16.0;
        spacing.menu_margin = Margin::same(4);
        spacing.window_margin = Margin::same(24);
        spacing.combo_width = 160.0;
        spacing.tooltip_width = 320.0;
        spacing.scroll.floating = true;
        spacing.scroll.bar_width = 8.0;
        spacing.scroll.floating_allocated_width = 0.0;
        style.interaction.tooltip_delay = 0.5;
        style.interaction.selectable_labels = false;
        style.animation_time = if settings.reduced_motion { 0.0 } else { 0.09 };
        style.scroll_animation = if settings.reduced_motion { egui::style::ScrollAnimation::none() } else { Default::default() };
        style.text_styles = [
            (TextStyle::Heading, FontId::new(20.0, FontFamily::Proportional)),
            (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(14.0, FontFamily::Proportional)),
            (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(14.0, FontFamily::Monospace)),
        ]
        .into();
    });
    ctx.set_zoom_factor(settings.zoom());
}

/// Whether fingers are the pointer, from the next frame on.
pub fn set_touch(ctx: &Context, touch: bool) {
    ctx.data_mut(|data| data.insert_temp(touch_id(), touch));
    let control = touchable(ctx, CONTROL);
    ctx.all_styles_mut(|style| fit_controls(&mut style.spacing, control));
    debug_assert_eq!(is_touch(ctx), touch);
}

/// The height of egui's own controls.
fn fit_controls(spacing: &mut Spacing, control: f32) {
    spacing.interact_size = Vec2::new(control.max(40.0), control);
    spacing.button_padding = Vec2::new(12.0, (control - 20.0) / 2.0);
}

fn visuals(t: &Tokens) -> Visuals {
    let mut visuals = if t.dark { Visuals::dark() } else { Visuals::light() };
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(t.text3);
    visuals.text_edit_bg_color = Some(t.sunken);
    visuals.hyperlink_color = t.accent_text;
    visuals.faint_bg_color = t.canvas;
    visuals.extreme_bg_color = t.sunken;
    visuals.code_bg_color = t.canvas;
    visuals.warn_fg_color = t.warn;
    visuals.error_fg_color = t.danger;
    visuals.panel_fill = t.surface;
    visuals.window_fill = t.raised;
    visuals.window_stroke = Stroke::new(1.0, t.line_strong);
    visuals.window_corner_radius = CornerRadius::same(R4);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.window_shadow = shadow(t, Elevation::Dialog);
    visuals.popup_shadow = shadow(t, Elevation::Menu);
    // The stroke is also the border of a text input with the keyboard.
    visuals.selection = Selection { bg_fill: t.selection, stroke: Stroke::new(t.focus_width(), t.focus) };
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(if t.high_contrast { 3.0 } else { 2.0 }, t.text);
    visuals.indent_has_left_vline = false;
    visuals.striped = false;
    visuals.slider_trailing_fill = true;
    visuals.disabled_alpha = 0.55;

    let widget = |fill: Color32, stroke: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(t.control_width(), stroke),
        corner_radius: CornerRadius::same(R2),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(t.surface, t.line, t.text);
    widgets.noninteractive.bg_stroke.width = 1.0;
    widgets.inactive = widget(t.surface, t.control, t.text);
    widgets.hovered = widget(t.hover, t.text3, t.text);
    widgets.active = widget(t.pressed, t.control, t.text);
    widgets.open = widget(t.hover, t.control, t.text);
    visuals
}

/// How high something floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elevation {
    /// Menus and popups.
    Menu,
    /// Dialogs, palette, toasts.
    Dialog,
}

/// The shadow of what floats; none in high contrast.
pub fn shadow(t: &Tokens, elevation: Elevation) -> Shadow {
    if t.high_contrast {
        return Shadow::NONE;
    }
    let (offset, blur, alpha) = match (elevation, t.dark) {
        (Elevation::Menu, false) => ([0, 4], 16, 28),
        (Elevation::Menu, true) => ([0, 4], 16, 110),
        (Elevation::Dialog, false) => ([0, 12], 40, 46),
        (Elevation::Dialog, true) => ([0, 12], 40, 150),
    };
    Shadow { offset, blur, spread: 0, color: Color32::from_black_alpha(alpha) }
}
