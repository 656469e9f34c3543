//! How an item's parts are named and encoded inside the log. Frozen once released: a change is a new rules version.

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
