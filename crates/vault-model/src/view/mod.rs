//! What the window gets of an item: everything but its secrets.

mod build;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vault_protocol::ObjectId;

pub use build::{Surroundings, into_overview, overview};

use crate::{AttachmentId, FieldId, FieldKey, FieldType, Section, SectionId, Seen, check::Warning};

/// A field's text, as far as the window may have it unasked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownValue {
    /// All of it: the type is not secret.
    Shown(String),
    /// Withheld until revealed.
    Hidden {
        /// Whether there is nothing to reveal.
        is_empty: bool,
        /// What may be seen of it: `•••• 1111` for a card number, else empty.
        hint: String,
    },
}

/// A field of an open item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// Its name within the item.
    pub id: FieldId,
    /// The owner's label; empty for a template field, whose label is the localisation key `field-<id>`.
    pub label: String,
    /// Its type.
    pub field_type: FieldType,
    /// The section it is in, if any.
    pub section: Option<SectionId>,
    /// Its place: ascending (position, id).
    pub position: u32,
    /// Its text, or that it has one.
    pub value: ShownValue,
    /// Concurrent values beside the one shown; 0 = none.
    pub n_conflicting: usize,
    /// What its check found; never a reason to refuse it.
    pub warnings: Vec<Warning>,
}

/// An attachment of an open item, without its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentView {
    /// Its name within the item.
    pub id: AttachmentId,
    /// File name.
    pub name: String,
    /// Media type (RFC 6838).
    pub media_type: String,
    /// True length in bytes.
    pub len_bytes: u64,
    /// When it was added, Unix milliseconds.
    pub added_ms: u64,
    /// Whether its bytes are on this device.
    pub local: bool,
    /// Whether a sync server has confirmed that it has all of them.
    pub remote: bool,
}

/// An open item. Its fields are in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemView {
    /// Its object id.
    pub id: ObjectId,
    /// The slug of its template.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Folder path; empty for none.
    pub folder: String,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Marked as favourite.
    pub favourite: bool,
    /// Put away.
    pub archived: bool,
    /// In the trash.
    pub trashed: bool,
    /// `YYYY-MM-DD`; empty for none.
    pub expires: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: u64,
    /// When it was last changed, Unix milliseconds by the clock of the device that did it.
    pub changed_ms: u64,
    /// Name of the device that changed it last; empty if unknown.
    pub changed_by: String,
    /// Sections in their order.
    pub sections: Vec<Section>,
    /// Fields in their order.
    pub fields: Vec<FieldView>,
    /// Attachments in the order they were added.
    pub attachments: Vec<AttachmentView>,
    /// Linked items.
    pub links: Vec<ObjectId>,
    /// The writes behind all this, to be handed back with a draft.
    pub seen: Seen,
    /// What has concurrent values: title, tags and other parts as well as fields.
    pub conflicts: Vec<FieldKey>,
    /// Parts that a newer program wrote and this one only keeps.
    pub n_opaque: usize,
}

/// An item in a list, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// Its object id.
    pub id: ObjectId,
    /// The slug of its template.
    pub kind: String,
    /// Title.
    pub title: String,
    /// The most useful value: user name, `DE89 … 3000`, last four digits; empty if there is none.
    pub subtitle: String,
    /// Folder path; empty for none.
    pub folder: String,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Marked as favourite.
    pub favourite: bool,
    /// Put away.
    pub archived: bool,
    /// In the trash.
    pub trashed: bool,
    /// Whether anything has concurrent values.
    pub conflict: bool,
    /// Whether it has a TOTP secret.
    pub has_totp: bool,
    /// Attachments.
    pub n_attachments: u32,
    /// Host of its first web address, lower case, without `www.`; empty if there is none.
    pub host: String,
    /// `YYYY-MM-DD`; empty for none. The item's own date, else the first on which one of its fields ends.
    pub expires: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: u64,
    /// When it was last changed, Unix milliseconds.
    pub changed_ms: u64,
    /// Ids of its template fields and labels of its own fields.
    pub field_names: Vec<String>,
}
