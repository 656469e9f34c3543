//! Items in the clear: what an owner keeps, how its fields are typed, checked and encoded.
//!
//! No I/O, no clock and no randomness: time and random bytes are passed in.

pub mod item;
pub mod payload;
pub mod secret;

pub use item::{Attachment, AttachmentId, Field, FieldId, FieldType, Item, Section, SectionId};
pub use payload::{FieldClass, FieldKey};
pub use secret::SecretText;
