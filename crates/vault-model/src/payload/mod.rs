//! How an item's parts are named and encoded inside the log: payload version 1, tabled in `FORMAT.md`.
//!
//! Frozen once released: a change is a new rules version.

mod compose;
mod value;

pub use compose::{
    KeyParts, OBJECT_DEVICE, OBJECT_ITEM, OBJECT_SETTINGS, attachment_key, check_value, compose, compose_parts, decode_attachment,
    decode_field, decompose, field_key, link_key, section_key, shown, tag_key,
};
pub use value::{
    MAX_ELEMENT_BYTES, MAX_ID_BYTES, MAX_SHORT_BYTES, MAX_TEXT_BYTES, encode_attachment, encode_bool, encode_field, encode_section,
    encode_text, encode_u64,
};
pub(crate) use value::{encode_field_parts, is_id};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What part of an object a write is about. One number each; never reused.
///
/// Single-valued classes have an empty element. Set-like ones (`Tag`, `Attachment`, `Link`) have one field per element, so that two devices
/// that add different tags never conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
pub enum FieldClass {
    /// What the object is: 1 item, 2 device name, 3 vault settings. Element empty.
    #[n(0)]
    Object,
    /// Boolean: the object is not in the trash. Element empty.
    #[n(1)]
    Alive,
    /// Template slug of an item. Element empty.
    #[n(2)]
    Kind,
    /// Title. Element empty.
    #[n(3)]
    Title,
    /// Folder path, parts separated by `/`. Element empty.
    #[n(4)]
    Folder,
    /// Boolean. Element empty.
    #[n(5)]
    Favourite,
    /// Boolean. Element empty.
    #[n(6)]
    Archived,
    /// Date the item expires, `YYYY-MM-DD`. Element empty.
    #[n(7)]
    Expires,
    /// Creation time, Unix milliseconds, written once. Element empty.
    #[n(8)]
    Created,
    /// One tag; element = the tag in UTF-8 (NFC); value = true.
    #[n(9)]
    Tag,
    /// One section of custom fields; element = section id; value = title and position.
    #[n(10)]
    Section,
    /// One field, template or custom; element = field id; value = type, label, section, position and text as one unit.
    #[n(11)]
    Field,
    /// One attachment; element = attachment id; value = sealed blob descriptor's contents.
    #[n(12)]
    Attachment,
    /// One link to another item; element = its object id; value = label.
    #[n(13)]
    Link,
    /// One setting; element = its name in UTF-8. Only in settings and device-name objects.
    #[n(14)]
    Setting,
}

impl FieldClass {
    /// Every class, in the order of its number.
    pub const ALL: [Self; 15] = [
        Self::Object,
        Self::Alive,
        Self::Kind,
        Self::Title,
        Self::Folder,
        Self::Favourite,
        Self::Archived,
        Self::Expires,
        Self::Created,
        Self::Tag,
        Self::Section,
        Self::Field,
        Self::Attachment,
        Self::Link,
        Self::Setting,
    ];

    /// The class with this stored number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// A field of an object: the unit of merging.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct FieldKey {
    /// What it is.
    #[n(0)]
    pub class: FieldClass,
    /// Which one, for set-like classes; else empty. At most 256 bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub element: Vec<u8>,
}

impl FieldKey {
    /// A single-valued field.
    pub fn single(class: FieldClass) -> Self {
        Self { class, element: Vec::new() }
    }

    /// One element of a set-like field.
    pub fn element(class: FieldClass, element: impl Into<Vec<u8>>) -> Self {
        Self { class, element: element.into() }
    }
}

/// Why values are no item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// There is no [`FieldClass::Object`], or it names something else.
    #[error("the object is not an item")]
    NotAnItem,
    /// A value that every item has.
    #[error("the item has no {class:?} value")]
    Missing {
        /// Which.
        class: FieldClass,
    },
    /// The same key twice.
    #[error("two {class:?} values have the same key")]
    Twice {
        /// Of which class.
        class: FieldClass,
    },
    /// The element is none that the class can have.
    #[error("the element of a {class:?} value is not allowed")]
    Element {
        /// Of which class.
        class: FieldClass,
    },
    /// Not the CBOR that the class asks for.
    #[error("a {class:?} value is malformed")]
    Malformed {
        /// Of which class.
        class: FieldClass,
    },
    /// The same meaning in other bytes than the one right form.
    #[error("a {class:?} value is not in its one form")]
    NotCanonical {
        /// Of which class.
        class: FieldClass,
    },
    /// Longer than allowed, in bytes.
    #[error("a text of a {class:?} value has {len} bytes and may have {max}")]
    TooLong {
        /// Of which class.
        class: FieldClass,
        /// As found.
        len: usize,
        /// As allowed.
        max: usize,
    },
}
