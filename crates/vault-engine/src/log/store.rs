//! What the log reads of the objects that are stored, and what it gives back to be stored.

use vault_model::payload::FieldKey;
use vault_protocol::{Dot, ObjectId};
use zeroize::Zeroizing;

use super::{object::ObjectState, root::Term};

/// Reading failed; the caller knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored object could not be read")]
pub struct LoadError;

/// The merged objects as stored, opened on demand.
pub trait ObjectStore {
    /// The row of an object; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if it is there and could not be read.
    fn load(&self, object: ObjectId) -> Result<Option<ObjectState>, LoadError>;

    /// Whether the history of `object` holds the write `dot` of the field `key`. Asked rarely: where a write was covered twice.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if a page could not be read.
    fn history_has(&self, object: ObjectId, key: &FieldKey, dot: Dot) -> Result<bool, LoadError>;
}

/// An object after a step: its row replaces the stored one.
pub struct ObjectChange {
    /// Which.
    pub object: ObjectId,
    /// Its state, for the index and the window.
    pub state: ObjectState,
    /// The canonical row body, to be sealed.
    pub row: Zeroizing<Vec<u8>>,
    /// What it adds to the root.
    pub term: Term,
    /// Bodies of new history pages, to be sealed and appended. Stored pages are never rewritten.
    pub history: Vec<Zeroizing<Vec<u8>>>,
}
