//! An item being edited, and the writes it comes to.

mod changes;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vault_protocol::{Dot, ObjectId};

pub use changes::{Change, changes, tidy_folder, tidy_tag};

use crate::{FieldId, FieldKey, FieldType, ItemView, SecretText, Section, SectionId, Template, secret::secret_wire};

/// The live writes the person saw when the draft was begun. Opaque to views: taken from [`ItemView`] and handed back.
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

impl ItemDraft {
    /// A new item of a kind, with all of its fields, empty.
    pub fn new(template: &Template) -> Self {
        let mut draft = Self {
            id: None,
            kind: template.slug.clone(),
            title: String::new(),
            folder: String::new(),
            tags: BTreeSet::new(),
            favourite: false,
            archived: false,
            expires: String::new(),
            sections: Vec::new(),
            fields: Vec::new(),
            links: Vec::new(),
            seen: Seen::default(),
        };
        draft.add_missing(template);
        draft
    }

    /// A change to an open item, which so far changes nothing. The template's fields that the item lacks are there, empty.
    pub fn of(view: &ItemView, template: Option<&Template>) -> Self {
        let mut draft = Self {
            id: Some(view.id),
            kind: view.kind.clone(),
            title: view.title.clone(),
            folder: view.folder.clone(),
            tags: view.tags.clone(),
            favourite: view.favourite,
            archived: view.archived,
            expires: view.expires.clone(),
            sections: view.sections.clone(),
            fields: view
                .fields
                .iter()
                .map(|field| DraftField {
                    id: field.id.clone(),
                    label: field.label.clone(),
                    field_type: field.field_type,
                    section: field.section.clone(),
                    position: field.position,
                    value: DraftValue::Keep,
                })
                .collect(),
            links: view.links.clone(),
            seen: view.seen.clone(),
        };
        if let Some(template) = template {
            draft.add_missing(template);
        }
        draft
    }

    /// Adds the template's fields that are not there, each at its place, and sorts.
    fn add_missing(&mut self, template: &Template) {
        for field in &template.fields {
            if self.fields.iter().all(|there| there.id != field.id) {
                self.fields.push(DraftField {
                    id: field.id.clone(),
                    label: String::new(),
                    field_type: field.field_type,
                    section: field.section.clone(),
                    position: field.position,
                    value: DraftValue::Set(SecretText::default()),
                });
            }
        }
        self.fields.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
    }
}
