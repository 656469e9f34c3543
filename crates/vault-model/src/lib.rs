//! Items in the clear: what an owner keeps, how its fields are typed, checked and encoded.
//!
//! No I/O, no clock and no randomness: time and random bytes are passed in. No words for the user either: kinds, fields and warnings have
//! localisation keys. It must not know how an item is sealed, stored or merged.
//!
//! ```
//! use vault_model::{ItemDraft, SecretText, DraftValue, changes, compose, overview, template};
//! use vault_protocol::ObjectId;
//!
//! let mut draft = ItemDraft::new(template("wifi").expect("a built-in kind"));
//! draft.title = "Home".to_owned();
//! draft.fields[0].value = DraftValue::Set(SecretText::from("lighthouse"));
//!
//! // The engine makes each change an op of an entry; the values that are live after the merge make the item again.
//! let writes = changes(None, &draft, 1_795_219_200_000)?;
//! let values = writes.iter().filter_map(|write| Some((&write.key, write.value.as_ref()?.as_slice())));
//! let item = compose(ObjectId([7; 16]), values)?;
//! assert_eq!(overview(&item).subtitle, "lighthouse");
//! # Ok::<(), vault_model::PayloadError>(())
//! ```

// Tests say what must be there; a failed unwrap is their report.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod cbor;
pub mod check;
pub mod draft;
pub mod fold;
pub mod generate;
pub mod item;
pub mod mask;
pub mod payload;
pub mod realistic;
pub mod secret;
pub mod strength;
pub mod template;
pub mod totp;
pub mod view;

pub use draft::{Change, DraftField, DraftValue, ItemDraft, Seen, changes};
pub use item::{Attachment, AttachmentId, Field, FieldId, FieldType, Item, Opaque, Section, SectionId};
pub use payload::{FieldClass, FieldKey, PayloadError, compose, decompose};
pub use secret::SecretText;
pub use template::{Template, TemplateField, template, templates};
pub use view::{AttachmentView, FieldView, ItemRow, ItemView, ShownValue, Surroundings, overview};
