//! The fonts of the interface: Inter, JetBrains Mono and a part of Phosphor, all embedded.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

/// Icons first. Never elsewhere: the icon font must not take letters over.
pub fn icon_family() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// Hands the fonts to egui. Call it once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
}

/// The embedded fonts and their order.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let files: [(&str, &'static [u8]); 4] = [
        ("inter", include_bytes!("../../../assets/fonts/Inter.ttf")),
        ("mono", include_bytes!("../../../assets/fonts/JetBrainsMono.ttf")),
        ("icons", include_bytes!("../../../assets/fonts/Phosphor.ttf")),
        ("icons-fill", include_bytes!("../../../assets/fonts/PhosphorFill.ttf")),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let order = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, order(&["inter", "icons", "icons-fill"]));
    fonts.families.insert(FontFamily::Monospace, order(&["mono", "inter", "icons", "icons-fill"]));
    fonts.families.insert(icon_family(), order(&["icons", "icons-fill", "inter"]));
    fonts
}
