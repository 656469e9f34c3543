//! What the log reads of what is stored, and what it gives back to be stored.

use vault_model::payload::FieldKey;
use vault_protocol::{Dot, Hash, LogId, ObjectId};
use zeroize::Zeroizing;

use super::{object::ObjectState, root::Term};

/// Reading failed; the caller knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored object could not be read")]
pub struct LoadError;

/// The merged objects and the entries as stored, opened on demand.
pub trait ObjectStore {
    /// The row of an object; `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if it is there and could not be read.
    fn load(&self, object: ObjectId) -> Result<Option<ObjectState>, LoadError>;

    /// The names of all writes in the history of `object`, in any order. Asked rarely: where a write was covered twice, and when someone
    /// else asks for a purge.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if a page could not be read.
    fn history(&self, object: ObjectId) -> Result<Vec<(FieldKey, Dot)>, LoadError>;

    /// The hash of an entry that was applied; `None` if it was truncated.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if it could not be read.
    fn entry_hash(&self, log: LogId, seq: u64) -> Result<Option<Hash>, LoadError>;
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
