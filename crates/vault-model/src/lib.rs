//! Items in the clear: what an owner keeps, how its fields are typed, checked and encoded.
//!
//! No I/O, no clock and no randomness: time and random bytes are passed in.

// Tests say what must be there; a failed unwrap is their report.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod check;
pub mod draft;
pub mod fold;
pub mod generate;
pub mod item;
pub mod mask;
pub mod payload;
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
