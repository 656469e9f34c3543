//! Pictures: decoded in the preview process before the window sees them.

use std::thread;

use vault_engine::RequestId;
use vault_preview::Preview;
use vault_ui::outbox::{Picture, ShellEvent};
use zeroize::Zeroizing;

use super::{Mailbox, News};
use crate::platform::preview;

/// Longest side of a decoded picture. Larger textures are refused by some graphics drivers, and no screen shows more.
const MAX_SIDE_PX: u32 = 4096;

/// Decodes a copy of `bytes` and tells the window; one that is no picture, or takes too long, comes back as none.
pub(super) fn decode(request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
    let max_side_px = mailbox.ctx.input(|input| u32::try_from(input.max_texture_side).unwrap_or(MAX_SIDE_PX)).min(MAX_SIDE_PX);
    let (copy, back) = (Zeroizing::new(bytes.to_vec()), mailbox.clone());
    let started = thread::Builder::new().name("picture".to_owned()).spawn(move || {
        let picture = match preview::render(max_side_px, "", "", &copy) {
            Ok(Preview::Image(image)) => {
                Some(Picture { size: [image.width as usize, image.height as usize], rgba: Zeroizing::new(image.rgba) })
            }
            Ok(Preview::Text(_) | Preview::Hex(_)) | Err(_) => None,
        };
        back.put(News::Shell(ShellEvent::Picture { request, picture }));
    });
    if started.is_err() {
        mailbox.put(News::Shell(ShellEvent::Picture { request, picture: None }));
    }
}
