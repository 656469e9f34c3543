//! What comes back from a preview, as the window takes it.

use egui::Context;
use vault_preview::Preview;
use vault_ui::outbox::Picture;
use zeroize::Zeroizing;

/// Longest side of a decoded picture. Larger textures are refused by some graphics drivers, and no screen shows more.
const MAX_SIDE_PX: u32 = 4096;

/// The longest side that this window can show.
pub(crate) fn max_side_px(ctx: &Context) -> u32 {
    ctx.input(|input| u32::try_from(input.max_texture_side).unwrap_or(MAX_SIDE_PX)).min(MAX_SIDE_PX)
}

/// The picture, if it is one.
pub(crate) fn picture(preview: Preview) -> Option<Picture> {
    match preview {
        Preview::Image(image) => Some(Picture { size: [image.width as usize, image.height as usize], rgba: Zeroizing::new(image.rgba) }),
        Preview::Text(_) | Preview::Hex(_) => None,
    }
}
