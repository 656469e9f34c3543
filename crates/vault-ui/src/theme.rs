//! Every colour and measure of the interface. Nothing outside this module and [`role`](crate::role) names a number of pixels for text or
//! a colour.
//!
//! Sizes are egui points. Values and their contrast ratios are computed in the tests below.

mod style;
#[cfg(test)]
mod tests;

use egui::{Color32, Context, Id};
use serde::{Deserialize, Serialize};

pub use style::{Elevation, install, set_touch, shadow};

/// Space between parts of one control.
pub const S1: f32 = 4.0;
/// Space between icon and text, and between controls.
pub const S2: f32 = 8.0;
/// Space between tile and text, and between the fields of a form.
pub const S3: f32 = 12.0;
/// Padding of a card.
pub const S4: f32 = 16.0;
/// Padding of the detail pane; space between sections.
pub const S5: f32 = 24.0;
/// Padding of the first-run card.
pub const S6: f32 = 32.0;
/// Space above a screen's subject.
pub const S7: f32 = 48.0;
/// The widest space.
pub const S8: f32 = 64.0;

/// Check boxes and key caps.
pub const R1: u8 = 4;
/// Buttons, inputs and rows.
pub const R2: u8 = 6;
/// Cards and tiles.
pub const R3: u8 = 8;
/// Dialogs, palette and toasts.
pub const R4: u8 = 12;

/// Height of buttons and inputs.
pub const CONTROL: f32 = 32.0;
/// Height of the controls of the unlock screen.
pub const CONTROL_LARGE: f32 = 40.0;
/// Side of an icon button.
pub const ICON_BUTTON: f32 = 28.0;
/// Least side of anything touchable on a phone.
pub const TOUCH: f32 = 44.0;
/// Height of a field row in a card.
pub const FIELD_ROW: f32 = 52.0;
/// Height of a row in the sidebar.
pub const SIDEBAR_ROW: f32 = 32.0;
/// Height of the status bar.
pub const STATUS_BAR: f32 = 28.0;
/// Height of the head of a pane.
pub const PANE_HEAD: f32 = 52.0;
/// Widest column of the detail pane.
pub const COLUMN: f32 = 720.0;
/// Widest input.
pub const INPUT: f32 = 560.0;
/// Widest line of prose: about 65 characters.
pub const PROSE: f32 = 460.0;
/// Below this width the sidebar becomes a rail.
pub const TWO_PANES: f32 = 900.0;
/// Below this width one pane is shown at a time.
pub const ONE_PANE: f32 = 600.0;

/// Whether fingers are the pointer: everything that is pressed is then at least [`TOUCH`] wide and high.
pub fn is_touch(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(touch_id())).unwrap_or(false)
}

/// A height or width of something that is pressed: `usual`, or what a finger needs.
pub fn touchable(ctx: &Context, usual: f32) -> f32 {
    if is_touch(ctx) { usual.max(TOUCH) } else { usual }
}

/// Side of an icon button.
pub fn icon_button_side(ctx: &Context) -> f32 {
    touchable(ctx, ICON_BUTTON)
}

/// Padding of the detail pane: that of a phone is smaller.
pub fn pane_padding(ctx: &Context) -> f32 {
    if ctx.content_rect().width() < ONE_PANE { S4 } else { S5 }
}

fn touch_id() -> Id {
    Id::unique("nt2 touch")
}

/// Which theme to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How far apart colours are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contrast {
    /// Text at least 4.5 to 1.
    #[default]
    Normal,
    /// Text at least 7 to 1, strong borders, no shadows.
    High,
}

/// How close together rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Density {
    /// Two lines a row.
    #[default]
    Cosy,
    /// One line a row.
    Compact,
}

/// A state that colour, icon and word tell together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something went wrong, or will be lost.
    Danger,
    /// Something needs care.
    Warn,
    /// As it should be.
    Ok,
    /// Worth knowing.
    Info,
}

/// The colours of one theme, by use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Whether text is lighter than its background.
    pub dark: bool,
    /// Whether this is a high-contrast set.
    pub high_contrast: bool,
    /// Behind cards.
    pub canvas: Color32,
    /// List and detail.
    pub surface: Color32,
    /// Sidebar.
    pub sidebar: Color32,
    /// Menus, dialogs, toasts.
    pub raised: Color32,
    /// Inputs.
    pub sunken: Color32,
    /// A row under the pointer.
    pub hover_row: Color32,
    /// A control under the pointer.
    pub hover: Color32,
    /// A control held down.
    pub pressed: Color32,
    /// Lines between parts.
    pub line: Color32,
    /// Borders of what floats.
    pub line_strong: Color32,
    /// Borders of inputs and check boxes.
    pub control: Color32,
    /// Text.
    pub text: Color32,
    /// Section heads, less important text.
    pub text2: Color32,
    /// Labels, second lines, hints.
    pub text3: Color32,
    /// Text of what can't be used now.
    pub disabled: Color32,
    /// Fill of the one important button.
    pub accent: Color32,
    /// The same under the pointer.
    pub accent_hover: Color32,
    /// The same held down.
    pub accent_press: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Links, chips.
    pub accent_text: Color32,
    /// Behind chips.
    pub accent_soft: Color32,
    /// The selected row.
    pub selection: Color32,
    /// The selected row of a pane without focus.
    pub selection_off: Color32,
    /// Focus ring.
    pub focus: Color32,
    /// Danger.
    pub danger: Color32,
    /// Behind danger.
    pub danger_soft: Color32,
    /// Text on a filled danger button.
    pub on_danger: Color32,
    /// Warning.
    pub warn: Color32,
    /// Behind a warning.
    pub warn_soft: Color32,
    /// All is well.
    pub ok: Color32,
    /// Behind it.
    pub ok_soft: Color32,
    /// Information.
    pub info: Color32,
    /// Behind it.
    pub info_soft: Color32,
    /// Digits of a revealed secret.
    pub secret_digit: Color32,
    /// Symbols of a revealed secret.
    pub secret_symbol: Color32,
    /// Behind a tooltip.
    pub tooltip: Color32,
    /// Text of a tooltip.
    pub on_tooltip: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Dark on light.
pub const LIGHT: Tokens = Tokens {
    dark: false,
    high_contrast: false,
    canvas: rgb(0xF3F4F6),
    surface: rgb(0xFFFFFF),
    sidebar: rgb(0xEBEDF0),
    raised: rgb(0xFFFFFF),
    sunken: rgb(0xF7F8FA),
    hover_row: rgb(0xF1F3F6),
    hover: rgb(0xE4E7EB),
    pressed: rgb(0xD6DAE1),
    line: rgb(0xDDE1E6),
    line_strong: rgb(0xC3C9D2),
    control: rgb(0x868E9A),
    text: rgb(0x16191E),
    text2: rgb(0x4A515C),
    text3: rgb(0x5C6470),
    disabled: rgb(0x9CA3AE),
    accent: rgb(0x0F6B5C),
    accent_hover: rgb(0x0B5A4D),
    accent_press: rgb(0x084A3F),
    on_accent: rgb(0xFFFFFF),
    accent_text: rgb(0x0B5E50),
    accent_soft: rgb(0xDCEFEA),
    selection: rgb(0xD3EBE5),
    selection_off: rgb(0xE2E5E9),
    focus: rgb(0x0F6B5C),
    danger: rgb(0xB3261E),
    danger_soft: rgb(0xFBE6E4),
    on_danger: rgb(0xFFFFFF),
    warn: rgb(0x8A5300),
    warn_soft: rgb(0xFCEFD6),
    ok: rgb(0x1B6E3B),
    ok_soft: rgb(0xDFF2E5),
    info: rgb(0x1D5FA8),
    info_soft: rgb(0xE0EDFA),
    secret_digit: rgb(0x1D5FA8),
    secret_symbol: rgb(0x9A2A6E),
    tooltip: rgb(0x23272E),
    on_tooltip: rgb(0xFFFFFF),
};

/// Light on dark.
pub const DARK: Tokens = Tokens {
    dark: true,
    high_contrast: false,
    canvas: rgb(0x111316),
    surface: rgb(0x181B1F),
    sidebar: rgb(0x14171A),
    raised: rgb(0x22262B),
    sunken: rgb(0x0D0F11),
    hover_row: rgb(0x1F2328),
    hover: rgb(0x2A2F35),
    pressed: rgb(0x343A42),
    line: rgb(0x2A2F35),
    line_strong: rgb(0x3D444D),
    control: rgb(0x6B7480),
    text: rgb(0xE8EAED),
    text2: rgb(0xB3BAC4),
    text3: rgb(0x9FA8B4),
    disabled: rgb(0x5F6772),
    accent: rgb(0x4FC3AC),
    accent_hover: rgb(0x68D0BB),
    accent_press: rgb(0x3BAE97),
    on_accent: rgb(0x06231D),
    accent_text: rgb(0x6CD3BE),
    accent_soft: rgb(0x163A33),
    selection: rgb(0x183E36),
    selection_off: rgb(0x2A2F35),
    focus: rgb(0x5FD0BA),
    danger: rgb(0xFF8A80),
    danger_soft: rgb(0x3D1C1A),
    on_danger: rgb(0x2A0A08),
    warn: rgb(0xF2B84B),
    warn_soft: rgb(0x3A2C10),
    ok: rgb(0x6FCF8E),
    ok_soft: rgb(0x15331F),
    info: rgb(0x7DB7F5),
    info_soft: rgb(0x15304D),
    secret_digit: rgb(0x7DB7F5),
    secret_symbol: rgb(0xF08FCB),
    tooltip: rgb(0xE8EAED),
    on_tooltip: rgb(0x111316),
};

/// High contrast, light on black.
pub const HIGH_DARK: Tokens = Tokens {
    dark: true,
    high_contrast: true,
    canvas: rgb(0x000000),
    surface: rgb(0x000000),
    sidebar: rgb(0x000000),
    raised: rgb(0x000000),
    sunken: rgb(0x000000),
    hover_row: rgb(0x1F1F1F),
    hover: rgb(0x1F1F1F),
    pressed: rgb(0x333333),
    line: rgb(0x8C8C8C),
    line_strong: rgb(0xFFFFFF),
    control: rgb(0xFFFFFF),
    text: rgb(0xFFFFFF),
    text2: rgb(0xFFFFFF),
    text3: rgb(0xE0E0E0),
    disabled: rgb(0x8C8C8C),
    accent: rgb(0x66FFE0),
    accent_hover: rgb(0xA0FFEE),
    accent_press: rgb(0x33E6C4),
    on_accent: rgb(0x000000),
    accent_text: rgb(0x66FFE0),
    accent_soft: rgb(0x003D33),
    selection: rgb(0x00483C),
    selection_off: rgb(0x333333),
    focus: rgb(0xFFE600),
    danger: rgb(0xFF9C94),
    danger_soft: rgb(0x4D0000),
    on_danger: rgb(0x000000),
    warn: rgb(0xFFD23F),
    warn_soft: rgb(0x3D2E00),
    ok: rgb(0x7CFC9A),
    ok_soft: rgb(0x003D12),
    info: rgb(0x8CC8FF),
    info_soft: rgb(0x00284D),
    secret_digit: rgb(0x8CC8FF),
    secret_symbol: rgb(0xFFB3E6),
    tooltip: rgb(0xFFFFFF),
    on_tooltip: rgb(0x000000),
};

/// High contrast, black on white.
pub const HIGH_LIGHT: Tokens = Tokens {
    dark: false,
    high_contrast: true,
    canvas: rgb(0xFFFFFF),
    surface: rgb(0xFFFFFF),
    sidebar: rgb(0xFFFFFF),
    raised: rgb(0xFFFFFF),
    sunken: rgb(0xFFFFFF),
    hover_row: rgb(0xE6E6E6),
    hover: rgb(0xE6E6E6),
    pressed: rgb(0xCCCCCC),
    line: rgb(0x595959),
    line_strong: rgb(0x000000),
    control: rgb(0x000000),
    text: rgb(0x000000),
    text2: rgb(0x000000),
    text3: rgb(0x262626),
    disabled: rgb(0x6B6B6B),
    accent: rgb(0x00473B),
    accent_hover: rgb(0x003329),
    accent_press: rgb(0x00261F),
    on_accent: rgb(0xFFFFFF),
    accent_text: rgb(0x00473B),
    accent_soft: rgb(0xCFF5EC),
    selection: rgb(0xB8EFE2),
    selection_off: rgb(0xD9D9D9),
    focus: rgb(0x0000D6),
    danger: rgb(0x8A0000),
    danger_soft: rgb(0xFFE0E0),
    on_danger: rgb(0xFFFFFF),
    warn: rgb(0x5C3700),
    warn_soft: rgb(0xFFEFCC),
    ok: rgb(0x00471A),
    ok_soft: rgb(0xD6F5DF),
    info: rgb(0x003A80),
    info_soft: rgb(0xDCEBFF),
    secret_digit: rgb(0x003A80),
    secret_symbol: rgb(0x6B0047),
    tooltip: rgb(0x000000),
    on_tooltip: rgb(0xFFFFFF),
};

impl Tokens {
    /// The set for a theme and a contrast.
    pub fn of(dark: bool, contrast: Contrast) -> &'static Self {
        match (dark, contrast) {
            (false, Contrast::Normal) => &LIGHT,
            (true, Contrast::Normal) => &DARK,
            (false, Contrast::High) => &HIGH_LIGHT,
            (true, Contrast::High) => &HIGH_DARK,
        }
    }

    /// Foreground and background of a state.
    pub fn tone(&self, tone: Tone) -> (Color32, Color32) {
        match tone {
            Tone::Danger => (self.danger, self.danger_soft),
            Tone::Warn => (self.warn, self.warn_soft),
            Tone::Ok => (self.ok, self.ok_soft),
            Tone::Info => (self.info, self.info_soft),
        }
    }

    /// Width of a control's border.
    pub fn control_width(&self) -> f32 {
        if self.high_contrast { 2.0 } else { 1.0 }
    }

    /// Width of the focus ring.
    pub fn focus_width(&self) -> f32 {
        if self.high_contrast { 3.0 } else { 2.0 }
    }

    /// Behind the icon of a row or card.
    pub fn tile(&self) -> Color32 {
        if self.dark { self.raised } else { self.canvas }
    }
}

/// The colours in force: `let t = tokens(ui);` works with a `Ui` as well as with a `Context`.
pub fn tokens(ctx: &Context) -> &'static Tokens {
    let contrast = ctx.data(|data| data.get_temp(contrast_id())).unwrap_or_default();
    Tokens::of(ctx.theme() == egui::Theme::Dark, contrast)
}

/// Whether things may move: animations, the shrinking ring.
pub fn reduced_motion(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(motion_id())).unwrap_or(false)
}

fn contrast_id() -> Id {
    Id::unique("nt2 contrast")
}

fn motion_id() -> Id {
    Id::unique("nt2 reduced motion")
}
