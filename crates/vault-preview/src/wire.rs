//! What goes through the pipes of the preview process. Integers are big endian.
//!
//! ```text
//! request: "nt2p" (4) | max_side_px (4) | name length (2) | name | media type length (2) | media type | bytes to the end
//! reply:   1 | width (4) | height (4) | original width (4) | original height (4) | rgba (width × height × 4)      a picture
//!          2 or 3 | truncated (1) | text to the end                                                              text, or hex
//!          4                                                                                                     too large
//!          5                                                                                                     damaged
//! ```

use crate::{Image, Limits, Preview, PreviewError, Text};

const MAGIC: &[u8; 4] = b"nt2p";
/// A reply never holds a larger side than this, whatever was asked for: 16,384 × 16,384 is the most that graphics cards take.
const MAX_SIDE_PX: u32 = 16_384;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Longest side of a picture in pixels.
    pub max_side_px: u32,
    /// File name; only its extension matters.
    pub name: &'a str,
    /// Media type, a hint.
    pub media_type: &'a str,
    /// The file, or its beginning.
    pub bytes: &'a [u8],
}

impl<'a> Request<'a> {
    /// All before the bytes, which follow as they are.
    pub fn head(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.max_side_px.to_be_bytes());
        for text in [self.name, self.media_type] {
            let text = &text.as_bytes()[..text.len().min(usize::from(u16::MAX))];
            out.extend((text.len() as u16).to_be_bytes());
            out.extend(text);
        }
        out
    }

    /// Reads a request; `None` if it is none.
    pub fn parse(mut wire: &'a [u8]) -> Option<Self> {
        if take(&mut wire, 4)? != MAGIC {
            return None;
        }
        let max_side_px = u32_of(&mut wire)?.clamp(1, MAX_SIDE_PX);
        let mut text = || {
            let len = u16::from_be_bytes(take(&mut wire, 2)?.try_into().ok()?);
            Some(std::str::from_utf8(take(&mut wire, usize::from(len))?).unwrap_or_default())
        };
        let (name, media_type) = (text()?, text()?);
        Some(Self { max_side_px, name, media_type, bytes: wire })
    }

    /// Renders it and writes the reply.
    pub fn answer(&self) -> Vec<u8> {
        let limits = Limits { max_side_px: self.max_side_px, ..Limits::default() };
        match crate::render(self.media_type, self.name, self.bytes, &limits) {
            Ok(Preview::Image(image)) => {
                let mut out = Vec::with_capacity(17 + image.rgba.len());
                out.push(1);
                for n in [image.width, image.height, image.original.0, image.original.1] {
                    out.extend(n.to_be_bytes());
                }
                out.extend(image.rgba);
                out
            }
            Ok(Preview::Text(text)) => text_reply(2, &text),
            Ok(Preview::Hex(text)) => text_reply(3, &text),
            Err(PreviewError::TooLarge { .. } | PreviewError::TooMuchMemory) => vec![4],
            Err(PreviewError::Damaged(_)) => vec![5],
        }
    }
}

/// Why a reply holds no preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Larger than the limits allow.
    #[error("the file is too large to preview")]
    TooLarge,
    /// Cut or damaged; also what the process answers when it dies.
    #[error("the file can't be previewed")]
    Damaged,
}

/// Reads a reply. The process parsed a hostile file, so its answer is not trusted either.
///
/// # Errors
///
/// [`ReplyError`].
pub fn parse_reply(wire: &[u8]) -> Result<Preview, ReplyError> {
    match wire.split_first() {
        Some((1, rest)) => parse_image(rest).ok_or(ReplyError::Damaged).map(Preview::Image),
        Some((2, rest)) => parse_text(rest).ok_or(ReplyError::Damaged).map(Preview::Text),
        Some((3, rest)) => parse_text(rest).ok_or(ReplyError::Damaged).map(Preview::Hex),
        Some((4, [])) => Err(ReplyError::TooLarge),
        _ => Err(ReplyError::Damaged),
    }
}

fn text_reply(tag: u8, text: &Text) -> Vec<u8> {
    let mut out = vec![tag, u8::from(text.truncated)];
    out.extend(text.text.as_bytes());
    out
}

fn parse_image(mut wire: &[u8]) -> Option<Image> {
    let (width, height) = (u32_of(&mut wire)?, u32_of(&mut wire)?);
    let original = (u32_of(&mut wire)?, u32_of(&mut wire)?);
    let fits = (1..=MAX_SIDE_PX).contains(&width) && (1..=MAX_SIDE_PX).contains(&height);
    (fits && wire.len() as u64 == u64::from(width) * u64::from(height) * 4).then(|| Image { width, height, rgba: wire.to_vec(), original })
}

fn parse_text(wire: &[u8]) -> Option<Text> {
    let (truncated, text) = wire.split_first()?;
    Some(Text { text: std::str::from_utf8(text).ok()?.to_owned(), truncated: *truncated != 0 })
}

fn u32_of(wire: &mut &[u8]) -> Option<u32> {
    take(wire, 4)?.try_into().ok().map(u32::from_be_bytes)
}

fn take<'a>(wire: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, rest) = wire.split_at_checked(len)?;
    *wire = rest;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(bytes: &[u8]) -> Vec<u8> {
        let mut wire = Request { max_side_px: 64, name: "a.txt", media_type: "text/plain", bytes }.head();
        wire.extend(bytes);
        wire
    }

    #[test]
    fn a_request_comes_back_as_it_went() {
        let wire = request(b"hello");
        let parsed = Request::parse(&wire).unwrap();
        assert_eq!((parsed.max_side_px, parsed.name, parsed.media_type, parsed.bytes), (64, "a.txt", "text/plain", b"hello".as_slice()));
        assert!(matches!(parse_reply(&parsed.answer()), Ok(Preview::Text(text)) if text.text == "hello"));
    }

    #[test]
    fn a_request_cut_in_its_head_is_refused() {
        let wire = request(b"");
        for len in 0..wire.len() {
            assert_eq!(Request::parse(&wire[..len]), None, "{len}");
        }
    }

    #[test]
    fn a_reply_that_claims_more_pixels_than_it_has_is_refused() {
        let mut wire = vec![1];
        for n in [2_u32, 2, 2, 2] {
            wire.extend(n.to_be_bytes());
        }
        wire.extend([0; 15]);
        assert_eq!(parse_reply(&wire), Err(ReplyError::Damaged));
        wire.push(0);
        assert!(matches!(parse_reply(&wire), Ok(Preview::Image(_))));
        wire[1..5].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(parse_reply(&wire), Err(ReplyError::Damaged));
    }

    #[test]
    fn silence_and_rubbish_are_damaged() {
        for wire in [&[][..], &[9, 9], &[2], &[4, 4], &[3, 0, 0xff]] {
            assert_eq!(parse_reply(wire), Err(ReplyError::Damaged), "{wire:?}");
        }
    }
}
