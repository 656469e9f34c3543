//! Pictures: PNG, JPEG, GIF (first frame), WebP, BMP.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use crate::{Limits, PreviewError};

/// A picture, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Four bytes a pixel, alpha not multiplied in; `width * height * 4` bytes.
    pub rgba: Vec<u8>,
    /// Size of the original in pixels, upright.
    pub original: (u32, u32),
}

/// The format that the first bytes name, if this crate reads it.
pub(crate) fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    image::guess_format(bytes).ok().filter(|format| format.reading_enabled())
}

/// Decodes, turns upright and scales down.
pub(crate) fn decode(format: ImageFormat, bytes: &[u8], limits: &Limits) -> Result<Image, PreviewError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut ceilings = image::Limits::default();
    ceilings.max_alloc = Some(limits.max_alloc_bytes);
    reader.limits(ceilings);
    let mut decoder = reader.into_decoder().map_err(name_error)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(PreviewError::TooLarge { width, height });
    }
    if decoder.total_bytes() > limits.max_alloc_bytes {
        return Err(PreviewError::TooMuchMemory);
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(name_error)?;
    // First small, then RGBA: the other way round doubles the memory of a large picture.
    let side = limits.max_side_px.max(1);
    let mut picture = if width > side || height > side { picture.thumbnail(side, side) } else { picture };
    picture.apply_orientation(orientation);
    let is_upright = (picture.width() >= picture.height()) == (width >= height);
    let original = if is_upright { (width, height) } else { (height, width) };
    let rgba = picture.into_rgba8();
    Ok(Image { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw(), original })
}

fn name_error(error: ImageError) -> PreviewError {
    match error {
        ImageError::Limits(_) => PreviewError::TooMuchMemory,
        other => PreviewError::Damaged(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Preview, render};

    /// A picture of `width` × `height` with a gradient, written as `format`.
    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 128]));
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn image_of(bytes: &[u8], limits: &Limits) -> Result<Image, PreviewError> {
        match render("", "", bytes, limits)? {
            Preview::Image(image) => Ok(image),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_format_is_read() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp] {
            let image = image_of(&encoded(33, 21, format), &Limits::default()).unwrap();
            assert_eq!((image.width, image.height, image.rgba.len()), (33, 21, 33 * 21 * 4), "{format:?}");
        }
    }

    #[test]
    fn a_large_picture_is_scaled_down_and_keeps_its_shape() {
        let image = image_of(&encoded(400, 100, ImageFormat::Png), &Limits { max_side_px: 100, ..Limits::default() }).unwrap();
        assert_eq!((image.width, image.height, image.original), (100, 25, (400, 100)));
        assert_eq!(image.rgba.len(), 100 * 25 * 4);
    }

    /// A PNG of a few hundred bytes that claims to be 60,000 × 60,000 pixels.
    #[test]
    fn mf04_a_picture_that_claims_billions_of_pixels_is_refused_before_decoding() {
        let mut png = encoded(8, 8, ImageFormat::Png);
        png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        // The ceiling of pixels alone, without the one of memory behind it.
        let limits = Limits { max_alloc_bytes: u64::MAX, ..Limits::default() };
        assert!(matches!(image_of(&png, &limits), Err(PreviewError::TooLarge { width: 60_000, height: 60_000 })));
    }

    #[test]
    fn mf04_a_decoder_may_not_take_more_memory_than_allowed() {
        let limits = Limits { max_alloc_bytes: 10_000, ..Limits::default() };
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp] {
            assert!(matches!(image_of(&encoded(300, 300, format), &limits), Err(PreviewError::TooMuchMemory)), "{format:?}");
        }
    }

    #[test]
    fn a_picture_cut_anywhere_is_an_error_or_a_picture_and_never_a_panic() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp] {
            let whole = encoded(40, 40, format);
            for len in (0..whole.len()).step_by(7) {
                render("image/png", "a.png", &whole[..len], &Limits::default()).ok();
            }
        }
    }

    #[test]
    fn a_picture_with_any_byte_altered_is_an_error_or_a_picture_and_never_a_panic() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp] {
            let whole = encoded(12, 12, format);
            for at in 0..whole.len().min(400) {
                let mut altered = whole.clone();
                altered[at] ^= 0x81;
                render("", "", &altered, &Limits { max_pixels: 1_000_000, max_alloc_bytes: 8 << 20, ..Limits::default() }).ok();
            }
        }
    }

    /// CRC-32 of PNG chunks (ISO 3309), so that the altered header is not refused for its checksum.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
        })
    }
}
