//! Bytes of an attachment to pixels, text or a hex dump.
//!
//! It parses hostile files, so it runs in a process of its own: without keys, without files or network, under limits of memory and time.
//! It knows nothing of vaults and does no I/O; [`wire`] is what its process reads and writes.
//!
//! ```
//! use vault_preview::{Limits, Preview, render};
//! let preview = render("text/plain", "note.txt", b"two\nlines", &Limits::default());
//! assert!(matches!(preview, Ok(Preview::Text(text)) if text.text == "two\nlines"));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]

mod hex;
mod picture;
mod text;
pub mod wire;

pub use picture::Image;
pub use text::Text;

/// What a preview may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of a picture before it is scaled down. Default 100 million, about 300 MiB of RGB.
    pub max_pixels: u64,
    /// Bytes that a decoder may ask for. Default 512 MiB.
    pub max_alloc_bytes: u64,
    /// Longest side of the result in pixels: what a graphics texture takes everywhere. Default 2048 (OpenGL ES 3.0 minimum).
    pub max_side_px: u32,
    /// Bytes of text shown. Default 1 MiB.
    pub max_text_bytes: usize,
    /// Bytes shown as hex. Default 4 KiB.
    pub max_hex_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 100_000_000, max_alloc_bytes: 512 << 20, max_side_px: 2048, max_text_bytes: 1 << 20, max_hex_bytes: 4 << 10 }
    }
}

/// What can be shown of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// A picture.
    Image(Image),
    /// Text.
    Text(Text),
    /// Anything else: `offset  bytes  characters`, sixteen bytes a line.
    Hex(Text),
}

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// The picture says it is larger than the limits allow.
    #[error("the picture is {width} × {height} pixels, too large to preview")]
    TooLarge {
        /// In pixels, as claimed.
        width: u32,
        /// In pixels, as claimed.
        height: u32,
    },
    /// The decoder asked for more memory than it may have.
    #[error("the picture needs too much memory to preview")]
    TooMuchMemory,
    /// Cut, altered, or of a variant that the decoder does not know.
    #[error("the picture is cut or damaged")]
    Damaged(#[source] image::ImageError),
}

/// Makes a preview of `bytes`, which may be only the beginning of a file.
///
/// What the bytes are is decided by the bytes; `media_type` and the extension of `name` only tell text from binary where that is open.
///
/// # Errors
///
/// [`PreviewError`], for pictures only: everything else can at least be shown as hex.
pub fn render(media_type: &str, name: &str, bytes: &[u8], limits: &Limits) -> Result<Preview, PreviewError> {
    if let Some(format) = picture::format_of(bytes) {
        return picture::decode(format, bytes, limits).map(Preview::Image);
    }
    let is_claimed_text = media_type.starts_with("text/") || text::has_text_extension(name);
    match text::decode(bytes, is_claimed_text, limits.max_text_bytes) {
        Some(text) => Ok(Preview::Text(text)),
        None => Ok(Preview::Hex(hex::dump(bytes, limits.max_hex_bytes))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(media_type: &str, name: &str, bytes: &[u8], expected: fn(&Preview) -> bool) {
        let preview = render(media_type, name, bytes, &Limits::default()).unwrap();
        assert!(expected(&preview), "{preview:?}");
    }

    #[test]
    fn a_name_does_not_make_bytes_a_picture() {
        check("image/png", "photo.png", b"just text", |p| matches!(p, Preview::Text(_)));
    }

    #[test]
    fn binary_becomes_hex_whatever_it_is_called() {
        check("text/plain", "a.txt", &[0, 1, 2, 0, 255, 0, 0, 0], |p| matches!(p, Preview::Hex(_)));
    }

    #[test]
    fn nothing_is_empty_text() {
        check("", "", b"", |p| matches!(p, Preview::Text(t) if t.text.is_empty() && !t.truncated));
    }
}
