//! Items in the clear: what an owner keeps, how its fields are typed, checked and encoded.
//!
//! No I/O, no clock and no randomness: time and random bytes are passed in.

pub mod check;
pub mod draft;
pub mod generate;
pub mod item;
pub mod payload;
pub mod secret;
pub mod view;

pub use draft::{DraftField, DraftValue, ItemDraft, Seen};
pub use item::{Attachment, AttachmentId, Field, FieldId, FieldType, Item, Section, SectionId};
pub use payload::{FieldClass, FieldKey};
pub use secret::SecretText;
pub use view::{AttachmentView, FieldView, ItemRow, ItemView, ShownValue};
