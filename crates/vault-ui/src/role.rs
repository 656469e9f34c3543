//! Text by its part in the page: size, weight and line height in one word.
//!
//! egui's row height ignores the weight axis and differs between fonts, so every role fixes its line height; else a label and a secret
//! beside it have different base lines.

use std::sync::Arc;

use egui::{
    Color32, FontFamily, FontId, Galley, RichText, Ui,
    epaint::text::VariationCoords,
    text::{LayoutJob, TextFormat, TextWrapping},
};

use crate::theme::{Tokens, tokens};

/// The part that a text plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 28/36, unlock and first run.
    Display,
    /// 20/28, name of an item or page.
    Title,
    /// 16/24, title of a dialog.
    DialogTitle,
    /// 13/20, head of a section.
    Section,
    /// 14/20.
    Body,
    /// 14/20, title in a list.
    BodyStrong,
    /// 14/20, on a button.
    Button,
    /// 12/16, name of a field.
    Label,
    /// 12/16, second lines.
    Small,
    /// 14/20 fixed width, secrets and ids.
    Mono,
    /// 18/28 fixed width, codes.
    MonoLarge,
    /// 16 px icon.
    Icon,
    /// 20 px icon, in cards.
    IconCard,
    /// 24 px icon, in tiles of 40.
    IconLarge,
}

impl Role {
    /// Size, line height and weight.
    pub fn metrics(self) -> (f32, f32, f32) {
        match self {
            Self::Display => (28.0, 36.0, 600.0),
            Self::Title => (20.0, 28.0, 600.0),
            Self::DialogTitle => (16.0, 24.0, 600.0),
            Self::Section => (13.0, 20.0, 600.0),
            Self::Body => (14.0, 20.0, 400.0),
            Self::BodyStrong => (14.0, 20.0, 500.0),
            Self::Button => (14.0, 20.0, 600.0),
            Self::Label => (12.0, 16.0, 500.0),
            Self::Small => (12.0, 16.0, 400.0),
            Self::Mono => (14.0, 20.0, 400.0),
            Self::MonoLarge => (18.0, 28.0, 500.0),
            Self::Icon => (16.0, 20.0, 400.0),
            Self::IconCard => (20.0, 24.0, 400.0),
            Self::IconLarge => (24.0, 28.0, 400.0),
        }
    }

    fn family(self) -> FontFamily {
        match self {
            Self::Mono | Self::MonoLarge => FontFamily::Monospace,
            Self::Icon | Self::IconCard | Self::IconLarge => crate::fonts::icon_family(),
            _ => FontFamily::Proportional,
        }
    }

    /// The font without weight and line height, for egui widgets that take only a [`FontId`].
    pub fn font_id(self) -> FontId {
        FontId::new(self.metrics().0, self.family())
    }

    /// The colour a text of this role has unless something else is said.
    pub fn color(self, t: &Tokens) -> Color32 {
        match self {
            Self::Section => t.text2,
            Self::Label | Self::Small => t.text3,
            _ => t.text,
        }
    }

    /// For text laid out by hand.
    pub fn format(self, color: Color32) -> TextFormat {
        let (_, line, weight) = self.metrics();
        let mut format = TextFormat::simple(self.font_id(), color);
        format.line_height = Some(line);
        if self.family() == FontFamily::Proportional {
            format.coords = VariationCoords::new([(b"wght", weight)]);
        }
        format
    }

    /// For widgets.
    pub fn rich(self, text: impl Into<String>, color: Color32) -> RichText {
        let (size, line, weight) = self.metrics();
        let text = RichText::new(text).size(size).family(self.family()).line_height(Some(line)).color(color);
        if self.family() == FontFamily::Proportional { text.variation(b"wght", weight) } else { text }
    }

    /// One line, cut with … at `max_width`.
    pub fn line(self, ui: &Ui, text: &str, color: Color32, max_width: f32) -> Arc<Galley> {
        let mut job = LayoutJob::single_section(text.to_owned(), self.format(color));
        job.wrap = TextWrapping::truncate_at_width(max_width.max(0.0));
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }

    /// Several lines, wrapped at `max_width`.
    pub fn wrapped(self, ui: &Ui, text: &str, color: Color32, max_width: f32) -> Arc<Galley> {
        let mut job = LayoutJob::single_section(text.to_owned(), self.format(color));
        job.wrap.max_width = max_width;
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $role:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(ui: &Ui, text: impl Into<String>) -> RichText {
            Role::$role.rich(text, Role::$role.color(tokens(ui)))
        }
    )*};
}

roles! {
    /// Unlock and first run.
    display Display;
    /// Name of an item or page.
    title Title;
    /// Title of a dialog.
    dialog_title DialogTitle;
    /// Head of a section.
    section Section;
    /// Plain text.
    body Body;
    /// Title in a list.
    body_strong BodyStrong;
    /// On a button.
    button Button;
    /// Name of a field.
    label Label;
    /// Second lines and hints.
    small Small;
    /// Secrets and ids.
    mono Mono;
    /// Codes.
    mono_large MonoLarge;
    /// Icon of 16.
    icon Icon;
    /// Icon of 20.
    icon_card IconCard;
    /// Icon of 24.
    icon_large IconLarge;
}
