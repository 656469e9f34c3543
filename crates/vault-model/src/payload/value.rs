//! The bytes of one value. Every reader refuses other bytes than those that its writer makes, so that a value has exactly one form.

use minicbor::{Encoder, encode};
use unicode_normalization::is_nfc;
use vault_protocol::{BlobId, Hash};
use zeroize::Zeroizing;

use super::{FieldClass, PayloadError};
use crate::{
    Attachment, AttachmentId, Field, FieldId, FieldType, SecretText, Section, SectionId,
    cbor::{Malformed, Reader},
};

/// Bytes of an element (`FieldKey`), so that a key fits any index.
pub const MAX_ELEMENT_BYTES: usize = 256;
/// Bytes of a title, folder path, label, section title, file name and the like.
pub const MAX_SHORT_BYTES: usize = 4096;
/// Bytes of a field's text: half an entry (`vault_protocol::limits::MAX_ENTRY_BYTES`), so that a field always fits one.
pub const MAX_TEXT_BYTES: usize = 512 * 1024;
/// Bytes of the slug of a kind and of the id of a field or section.
pub const MAX_ID_BYTES: usize = 64;

/// Bytes of CBOR around the texts of a value: generous, so that the buffer never grows and leaves a copy behind.
const OVERHEAD_BYTES: usize = 128;

/// Why bytes are no value. Said without the class, which the caller knows.
pub(crate) enum Flaw {
    /// Not the CBOR the class asks for.
    Malformed,
    /// Other bytes of the same meaning are the right ones.
    NotCanonical,
    /// A text is longer than it may be.
    TooLong { len: usize, max: usize },
    /// A type number that this program does not know; all else is in order.
    UnknownType,
}

impl Flaw {
    /// Names the class.
    pub(crate) fn of(self, class: FieldClass) -> PayloadError {
        match self {
            Self::Malformed | Self::UnknownType => PayloadError::Malformed { class },
            Self::NotCanonical => PayloadError::NotCanonical { class },
            Self::TooLong { len, max } => PayloadError::TooLong { class, len, max },
        }
    }
}

impl From<Malformed> for Flaw {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

type Wiped = Zeroizing<Vec<u8>>;

/// Writes into one buffer that is large enough from the start.
fn write(
    len_texts: usize,
    body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), encode::Error<std::convert::Infallible>>,
) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(len_texts + OVERHEAD_BYTES));
    // A vector takes every write, so the only possible error is uninhabited.
    body(&mut Encoder::new(&mut *out)).ok();
    out
}

/// Reads with `read` and refuses bytes that its writer would not have made, trailing ones included. No value has parts that could be left
/// out or stand in another order without being malformed, so the shortest form of every number and length is all that is to be checked.
fn strict<'b, T>(bytes: &'b [u8], read: impl FnOnce(&mut Reader<'b>) -> Result<T, Flaw>) -> Result<T, Flaw> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader)?;
    if reader.is_canonical() && reader.is_at_end() { Ok(value) } else { Err(Flaw::NotCanonical) }
}

/// `true` or `false`.
pub fn encode_bool(value: bool) -> Zeroizing<Vec<u8>> {
    write(0, |out| out.bool(value).map(|_| ()))
}

pub(crate) fn decode_bool(bytes: &[u8]) -> Result<bool, Flaw> {
    strict(bytes, |input| Ok(input.bool()?))
}

/// An unsigned integer.
pub fn encode_u64(value: u64) -> Zeroizing<Vec<u8>> {
    write(0, |out| out.u64(value).map(|_| ()))
}

pub(crate) fn decode_u64(bytes: &[u8]) -> Result<u64, Flaw> {
    strict(bytes, |input| Ok(input.u64()?))
}

/// A text string.
pub fn encode_text(text: &str) -> Zeroizing<Vec<u8>> {
    write(text.len(), |out| out.str(text).map(|_| ()))
}

pub(crate) fn decode_text(bytes: &[u8], max: usize) -> Result<&str, Flaw> {
    strict(bytes, |input| text(input, max))
}

/// `{0: title, 1: position}`.
pub fn encode_section(section: &Section) -> Zeroizing<Vec<u8>> {
    write(section.title.len(), |out| out.map(2)?.u8(0)?.str(&section.title)?.u8(1)?.u32(section.position).map(|_| ()))
}

pub(crate) fn decode_section(id: SectionId, bytes: &[u8]) -> Result<Section, Flaw> {
    let read = |input: &mut Reader<'_>| {
        map(input, 2)?;
        key(input, 0)?;
        let title = text(input, MAX_SHORT_BYTES)?.to_owned();
        key(input, 1)?;
        Ok(Section { id, title, position: input.u32()? })
    };
    strict(bytes, read)
}

/// `{0: type, 1: label, 2: section or null, 3: position, 4: text}`.
pub fn encode_field(field: &Field) -> Zeroizing<Vec<u8>> {
    encode_field_parts(&field.label, field.field_type as u8, field.section.as_ref(), field.position, field.value.expose())
}

pub(crate) fn encode_field_parts(label: &str, type_number: u8, section: Option<&SectionId>, position: u32, text: &str) -> Wiped {
    let len_section = section.map_or(0, |section| section.0.len());
    write(label.len() + len_section + text.len(), |out| {
        out.map(5)?.u8(0)?.u8(type_number)?.u8(1)?.str(label)?.u8(2)?;
        match section {
            Some(section) => out.str(&section.0)?,
            None => out.null()?,
        };
        out.u8(3)?.u32(position)?.u8(4)?.str(text).map(|_| ())
    })
}

pub(crate) fn decode_field(id: FieldId, bytes: &[u8]) -> Result<Field, Flaw> {
    let read = |input: &mut Reader<'_>| {
        map(input, 5)?;
        key(input, 0)?;
        let number = input.u8()?;
        key(input, 1)?;
        let label = text(input, MAX_SHORT_BYTES)?.to_owned();
        key(input, 2)?;
        let section = if input.null() { None } else { Some(SectionId(text(input, MAX_ID_BYTES)?.to_owned())) };
        key(input, 3)?;
        let position = input.u32()?;
        key(input, 4)?;
        let value = SecretText::from(text(input, MAX_TEXT_BYTES)?);
        Ok((number, Field { id, label, field_type: FieldType::Secret, section, position, value }))
    };
    let (number, field) = strict(bytes, read)?;
    if field.section.as_ref().is_some_and(|section| !is_id(section.0.as_bytes())) {
        return Err(Flaw::Malformed);
    }
    let field_type = FieldType::from_number(number).ok_or(Flaw::UnknownType)?;
    Ok(Field { field_type, ..field })
}

/// `{0: blob id, 1: blob key, 2: name, 3: media type, 4: length, 5: chunks, 6: content hash, 7: added}`.
pub fn encode_attachment(attachment: &Attachment) -> Zeroizing<Vec<u8>> {
    write(attachment.name.len() + attachment.media_type.len() + 96, |out| {
        out.map(8)?;
        out.u8(0)?.bytes(&attachment.blob.0)?.u8(1)?.bytes(attachment.blob_key.as_slice())?;
        out.u8(2)?.str(&attachment.name)?.u8(3)?.str(&attachment.media_type)?;
        out.u8(4)?.u64(attachment.len_bytes)?.u8(5)?.u64(attachment.n_chunks)?;
        out.u8(6)?.bytes(&attachment.content_hash.0)?.u8(7)?.u64(attachment.added_ms).map(|_| ())
    })
}

pub(crate) fn decode_attachment(id: AttachmentId, bytes: &[u8]) -> Result<Attachment, Flaw> {
    let read = |input: &mut Reader<'_>| {
        map(input, 8)?;
        key(input, 0)?;
        let blob = BlobId::from_slice(input.bytes()?).ok_or(Flaw::Malformed)?;
        key(input, 1)?;
        let mut blob_key = Zeroizing::new([0; 32]);
        let bytes = input.bytes()?;
        if bytes.len() != blob_key.len() {
            return Err(Flaw::Malformed);
        }
        blob_key.copy_from_slice(bytes);
        key(input, 2)?;
        let name = text(input, MAX_SHORT_BYTES)?.to_owned();
        key(input, 3)?;
        let media_type = text(input, MAX_SHORT_BYTES)?.to_owned();
        key(input, 4)?;
        let len_bytes = input.u64()?;
        key(input, 5)?;
        let n_chunks = input.u64()?;
        key(input, 6)?;
        let content_hash = Hash::from_slice(input.bytes()?).ok_or(Flaw::Malformed)?;
        key(input, 7)?;
        let added_ms = input.u64()?;
        Ok(Attachment { id, blob, blob_key, name, media_type, len_bytes, n_chunks, content_hash, added_ms })
    };
    strict(bytes, read)
}

/// Whether `element` is one that `class` can have.
pub(crate) fn element_fits(class: FieldClass, element: &[u8]) -> bool {
    match class {
        FieldClass::Object
        | FieldClass::Alive
        | FieldClass::Kind
        | FieldClass::Title
        | FieldClass::Folder
        | FieldClass::Favourite
        | FieldClass::Archived
        | FieldClass::Expires
        | FieldClass::Created => element.is_empty(),
        FieldClass::Tag => !element.is_empty() && element.len() <= MAX_ELEMENT_BYTES && std::str::from_utf8(element).is_ok_and(is_nfc),
        FieldClass::Section | FieldClass::Field => is_id(element),
        FieldClass::Attachment | FieldClass::Link => element.len() == 16,
        FieldClass::Setting => !element.is_empty() && element.len() <= MAX_ELEMENT_BYTES && std::str::from_utf8(element).is_ok(),
    }
}

/// Whether these are 1 to [`MAX_ID_BYTES`] of `a`–`z`, `0`–`9` and `-`: the form of slugs and of field and section ids.
pub(crate) fn is_id(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.len() <= MAX_ID_BYTES
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// A definite map of so many pairs.
fn map(input: &mut Reader<'_>, n_pairs: u64) -> Result<(), Flaw> {
    if input.map()? == Some(n_pairs) { Ok(()) } else { Err(Flaw::Malformed) }
}

/// The next key of a map.
fn key(input: &mut Reader<'_>, expected: u8) -> Result<(), Flaw> {
    if input.u8()? == expected { Ok(()) } else { Err(Flaw::Malformed) }
}

/// A text of at most `max` bytes.
fn text<'b>(input: &mut Reader<'b>, max: usize) -> Result<&'b str, Flaw> {
    let text = input.str()?;
    if text.len() > max { Err(Flaw::TooLong { len: text.len(), max }) } else { Ok(text) }
}
