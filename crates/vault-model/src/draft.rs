//! An item being edited, and the writes it comes to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vault_protocol::{Dot, ObjectId};

use crate::{FieldId, FieldKey, FieldType, SecretText, Section, SectionId, secret::secret_wire};

/// The live writes the person saw when the draft was begun. Opaque to views: taken from [`ItemView`](crate::ItemView) and handed back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen(pub Vec<(FieldKey, Vec<Dot>)>);

impl Seen {
    /// The writes seen of `key`; none if it had none.
    pub fn dots(&self, key: &FieldKey) -> &[Dot] {
        self.0.iter().find(|(seen, _)| seen == key).map_or(&[], |(_, dots)| dots)
    }
}

/// The text of a field that is being edited.
#[derive(Serialize, Deserialize)]
pub enum DraftValue {
    /// As it was: the window never had it, or did not touch it.
    Keep,
    /// A new text, which may be empty.
    Set(#[serde(with = "secret_wire")] SecretText),
}

/// A field that is being edited. A field of the item that the draft does not list is removed.
#[derive(Serialize, Deserialize)]
pub struct DraftField {
    /// Its name within the item.
    pub id: FieldId,
    /// The owner's label; empty for a template field.
    pub label: String,
    /// Its type.
    pub field_type: FieldType,
    /// The section it is in, if any.
    pub section: Option<SectionId>,
    /// Its place: ascending (position, id).
    pub position: u32,
    /// Its text.
    pub value: DraftValue,
}

/// An item that is being made or changed. Attachments are added and removed by commands of their own.
#[derive(Serialize, Deserialize)]
pub struct ItemDraft {
    /// Which item; `None` makes one.
    pub id: Option<ObjectId>,
    /// The slug of its template.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Folder path, parts separated by `/`; empty for none.
    pub folder: String,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Marked as favourite.
    pub favourite: bool,
    /// Put away.
    pub archived: bool,
    /// `YYYY-MM-DD`; empty for none.
    pub expires: String,
    /// Sections.
    pub sections: Vec<Section>,
    /// Fields, in any order.
    pub fields: Vec<DraftField>,
    /// Linked items.
    pub links: Vec<ObjectId>,
    /// What the person saw.
    pub seen: Seen,
}
