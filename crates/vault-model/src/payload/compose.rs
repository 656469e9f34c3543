//! An item from its values, and back.

use std::collections::BTreeSet;

use vault_protocol::ObjectId;
use zeroize::Zeroizing;

use super::{FieldClass, FieldKey, PayloadError, value};
use crate::{Attachment, AttachmentId, Field, FieldId, Item, Opaque, Section, SectionId};

/// The value of [`FieldClass::Object`] for an item.
pub const OBJECT_ITEM: u64 = 1;
/// The value of [`FieldClass::Object`] for a device's name.
pub const OBJECT_DEVICE: u64 = 2;
/// The value of [`FieldClass::Object`] for the vault's settings.
pub const OBJECT_SETTINGS: u64 = 3;

/// Every value of `item` that differs from what its absence means, in ascending order of the keys.
pub fn decompose(item: &Item) -> Vec<(FieldKey, Zeroizing<Vec<u8>>)> {
    let mut out = vec![
        (FieldKey::single(FieldClass::Object), value::encode_u64(OBJECT_ITEM)),
        (FieldKey::single(FieldClass::Alive), value::encode_bool(!item.trashed)),
        (FieldKey::single(FieldClass::Kind), value::encode_text(&item.kind)),
        (FieldKey::single(FieldClass::Title), value::encode_text(&item.title)),
        (FieldKey::single(FieldClass::Created), value::encode_u64(item.created_ms)),
    ];
    for (class, text) in [(FieldClass::Folder, &item.folder), (FieldClass::Expires, &item.expires)] {
        if !text.is_empty() {
            out.push((FieldKey::single(class), value::encode_text(text)));
        }
    }
    for (class, set) in [(FieldClass::Favourite, item.favourite), (FieldClass::Archived, item.archived)] {
        if set {
            out.push((FieldKey::single(class), value::encode_bool(true)));
        }
    }
    out.extend(item.tags.iter().map(|tag| (tag_key(tag), value::encode_bool(true))));
    out.extend(item.sections.iter().map(|section| (section_key(&section.id), value::encode_section(section))));
    out.extend(item.fields.iter().map(|field| (field_key(&field.id), value::encode_field(field))));
    out.extend(item.attachments.iter().map(|attachment| (attachment_key(attachment.id), value::encode_attachment(attachment))));
    out.extend(item.links.iter().map(|link| (link_key(*link), value::encode_text(""))));
    out.extend(item.opaque.iter().map(|opaque| (opaque.key.clone(), opaque.value.clone())));
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// Class and element of a [`FieldKey`], ordered as it is.
pub type KeyParts<'a> = (FieldClass, &'a [u8]);

/// Puts an item together from the values shown of it, in any order; a removed value is left out.
///
/// What this program does not know but a newer one may have written is kept in [`Item::opaque`].
///
/// # Errors
///
/// [`PayloadError::NotAnItem`] and [`PayloadError::Missing`] if it is none; else what is wrong with the first bad value.
pub fn compose<'a>(id: ObjectId, values: impl IntoIterator<Item = (&'a FieldKey, &'a [u8])>) -> Result<Item, PayloadError> {
    compose_parts(id, values.into_iter().map(|(key, bytes)| ((key.class, key.element.as_slice()), bytes)))
}

/// As [`compose`], of keys whose elements lie elsewhere.
///
/// # Errors
///
/// As [`compose`].
pub fn compose_parts<'a>(id: ObjectId, values: impl IntoIterator<Item = (KeyParts<'a>, &'a [u8])>) -> Result<Item, PayloadError> {
    let mut item = Item::new(id, String::new());
    let mut object = None;
    let mut seen = Keys::default();
    for (key, bytes) in values {
        let (class, element) = key;
        if !seen.insert(key) {
            return Err(PayloadError::Twice { class });
        }
        match decode_parts(key, bytes)? {
            Part::Object(number) => object = Some(number),
            Part::Alive(alive) => item.trashed = !alive,
            Part::Kind(kind) => item.kind = kind,
            Part::Title(title) => item.title = title,
            Part::Folder(folder) => item.folder = folder,
            Part::Favourite(set) => item.favourite = set,
            Part::Archived(set) => item.archived = set,
            Part::Expires(date) => item.expires = date,
            Part::Created(ms) => item.created_ms = ms,
            Part::Tag(tag) => drop(item.tags.insert(tag)),
            Part::Section(section) => item.sections.push(section),
            Part::Field(field) => item.fields.push(field),
            Part::Attachment(attachment) => item.attachments.push(attachment),
            Part::Link(link, label) if label.is_empty() => item.links.push(link),
            Part::Link(..) | Part::Opaque => {
                let key = FieldKey { class, element: element.to_vec() };
                item.opaque.push(Opaque { key, value: Zeroizing::new(bytes.to_vec()) });
            }
        }
    }
    if object != Some(OBJECT_ITEM) {
        return Err(PayloadError::NotAnItem);
    }
    if item.kind.is_empty() {
        return Err(PayloadError::Missing { class: FieldClass::Kind });
    }
    item.sort();
    Ok(item)
}

/// Keys that were met. They come in ascending order nearly always: then one comparison tells that a key is new.
#[derive(Default)]
struct Keys<'a> {
    ascending: Vec<KeyParts<'a>>,
    others: BTreeSet<KeyParts<'a>>,
}

impl<'a> Keys<'a> {
    /// Adds a key; whether it is new.
    fn insert(&mut self, key: KeyParts<'a>) -> bool {
        if self.ascending.last().is_none_or(|last| *last < key) {
            if self.ascending.capacity() == 0 {
                // As many as nearly all items have.
                self.ascending.reserve(24);
            }
            self.ascending.push(key);
            return !self.others.contains(&key);
        }
        self.ascending.binary_search(&key).is_err() && self.others.insert(key)
    }
}

/// Whether `bytes` are a value that `key` can have. What [`compose`] would keep as opaque passes.
///
/// # Errors
///
/// As [`compose`], but for what only a whole item can lack.
pub fn check_value(key: &FieldKey, bytes: &[u8]) -> Result<(), PayloadError> {
    decode(key, bytes).map(drop)
}

/// Reads the value of a [`FieldClass::Field`], current or past.
///
/// # Errors
///
/// [`PayloadError::Element`] if `key` is of another class; else as [`compose`].
pub fn decode_field(key: &FieldKey, bytes: &[u8]) -> Result<Field, PayloadError> {
    match decode(key, bytes)? {
        Part::Field(field) => Ok(field),
        _ => Err(PayloadError::Element { class: key.class }),
    }
}

/// Reads the value of a [`FieldClass::Attachment`], current or past.
///
/// # Errors
///
/// [`PayloadError::Element`] if `key` is of another class; else as [`compose`].
pub fn decode_attachment(key: &FieldKey, bytes: &[u8]) -> Result<Attachment, PayloadError> {
    match decode(key, bytes)? {
        Part::Attachment(attachment) => Ok(attachment),
        _ => Err(PayloadError::Element { class: key.class }),
    }
}

/// A value as text for a person, unless it is secret, opaque or has no text: for lists of past values.
pub fn shown(key: &FieldKey, bytes: &[u8]) -> Option<String> {
    match decode(key, bytes).ok()? {
        Part::Kind(text) | Part::Title(text) | Part::Folder(text) | Part::Expires(text) | Part::Tag(text) => Some(text),
        Part::Section(section) => Some(section.title),
        Part::Field(field) if !field.field_type.is_secret() => Some(field.value.expose().to_owned()),
        Part::Attachment(attachment) => Some(attachment.name.clone()),
        Part::Object(_)
        | Part::Alive(_)
        | Part::Favourite(_)
        | Part::Archived(_)
        | Part::Created(_)
        | Part::Field(_)
        | Part::Link(..)
        | Part::Opaque => None,
    }
}

/// The key of a tag. The caller brings it to NFC.
pub fn tag_key(tag: &str) -> FieldKey {
    FieldKey::element(FieldClass::Tag, tag.as_bytes())
}

/// The key of a section.
pub fn section_key(id: &SectionId) -> FieldKey {
    FieldKey::element(FieldClass::Section, id.0.as_bytes())
}

/// The key of a field.
pub fn field_key(id: &FieldId) -> FieldKey {
    FieldKey::element(FieldClass::Field, id.0.as_bytes())
}

/// The key of an attachment.
pub fn attachment_key(id: AttachmentId) -> FieldKey {
    FieldKey::element(FieldClass::Attachment, id.0)
}

/// The key of a link.
pub fn link_key(target: ObjectId) -> FieldKey {
    FieldKey::element(FieldClass::Link, target.0)
}

/// One value, read.
enum Part {
    Object(u64),
    Alive(bool),
    Kind(String),
    Title(String),
    Folder(String),
    Favourite(bool),
    Archived(bool),
    Expires(String),
    Created(u64),
    Tag(String),
    Section(Section),
    Field(Field),
    Attachment(Attachment),
    Link(ObjectId, String),
    Opaque,
}

fn decode(key: &FieldKey, bytes: &[u8]) -> Result<Part, PayloadError> {
    decode_parts((key.class, &key.element), bytes)
}

fn decode_parts((class, element): KeyParts<'_>, bytes: &[u8]) -> Result<Part, PayloadError> {
    if !value::element_fits(class, element) {
        return Err(PayloadError::Element { class });
    }
    let short = |bytes| value::decode_text(bytes, value::MAX_SHORT_BYTES).map(str::to_owned);
    let part = match class {
        FieldClass::Object => value::decode_u64(bytes).map(Part::Object),
        FieldClass::Alive => value::decode_bool(bytes).map(Part::Alive),
        FieldClass::Kind => value::decode_text(bytes, value::MAX_ID_BYTES)
            .and_then(|slug| if value::is_id(slug.as_bytes()) { Ok(Part::Kind(slug.to_owned())) } else { Err(value::Flaw::Malformed) }),
        FieldClass::Title => short(bytes).map(Part::Title),
        FieldClass::Folder => short(bytes).map(Part::Folder),
        FieldClass::Favourite => value::decode_bool(bytes).map(Part::Favourite),
        FieldClass::Archived => value::decode_bool(bytes).map(Part::Archived),
        FieldClass::Expires => short(bytes).map(Part::Expires),
        FieldClass::Created => value::decode_u64(bytes).map(Part::Created),
        FieldClass::Tag => {
            value::decode_bool(bytes).and_then(|set| if set { Ok(Part::Tag(element_text(element))) } else { Err(value::Flaw::Malformed) })
        }
        FieldClass::Section => value::decode_section(SectionId(element_text(element)), bytes).map(Part::Section),
        FieldClass::Field => match value::decode_field(FieldId(element_text(element)), bytes) {
            Err(value::Flaw::UnknownType) => Ok(Part::Opaque),
            field => field.map(Part::Field),
        },
        FieldClass::Attachment => value::decode_attachment(AttachmentId(element_id(element)), bytes).map(Part::Attachment),
        FieldClass::Link => short(bytes).map(|label| Part::Link(ObjectId(element_id(element)), label)),
        FieldClass::Setting if bytes.len() > value::MAX_TEXT_BYTES => {
            Err(value::Flaw::TooLong { len: bytes.len(), max: value::MAX_TEXT_BYTES })
        }
        FieldClass::Setting => Ok(Part::Opaque),
    };
    part.map_err(|flaw| flaw.of(class))
}

/// The element as text; [`value::element_fits`] has found it to be some.
fn element_text(element: &[u8]) -> String {
    String::from_utf8_lossy(element).into_owned()
}

/// The element as an id; [`value::element_fits`] has found it to have 16 bytes.
fn element_id(element: &[u8]) -> [u8; 16] {
    element.try_into().unwrap_or_default()
}
