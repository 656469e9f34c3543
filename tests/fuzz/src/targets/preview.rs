//! What the previewing process reads, and what is believed of its answer.

use vault_preview::{
    Preview,
    wire::{Request, parse_reply},
};

/// Any file gives an answer, and one that the other side reads.
pub(super) fn render(data: &[u8]) {
    let (name, media_type) = ("file", "application/octet-stream");
    let request = Request { max_side_px: 64, name, media_type, bytes: data };
    if let Ok(Preview::Image(image)) = parse_reply(&request.answer()) {
        assert!(image.width <= 64 && image.height <= 64);
    }
    if let Some(request) = Request::parse(data) {
        request.answer();
    }
}

/// The answer of a process that a hostile file has taken over.
pub(super) fn reply(data: &[u8]) {
    if let Ok(Preview::Image(image)) = parse_reply(data) {
        assert_eq!(image.rgba.len(), image.width as usize * image.height as usize * 4);
    }
}
