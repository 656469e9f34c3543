//! When old entries may be deleted. A `truncate` op licenses nothing by itself: each receiver checks the same before it deletes anything.
//!
//! Deleting entries changes no state: rows, history, roots and versions stay as they are.

use vault_protocol::{LogId, VersionVector};

use super::{members::Members, replica::Replica};

/// Why the entries up to a vector may not be deleted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TruncateError {
    /// An entry named is not applied here, or is another one than ours.
    #[error("an entry that would go is not known here")]
    Unknown(LogId),
    /// An open log has not signed all of it as seen.
    #[error("a device has not signed what would go as seen")]
    Unseen(LogId),
    /// The snapshot fetched back and verified holds less.
    #[error("no verified snapshot holds what would go")]
    NoSnapshot,
}

impl Replica {
    /// Checks whether all entries up to `vector` may be deleted: every open log of every current device has signed `seen` at or beyond it, and
    /// `snapshot`, the vector of a snapshot that *this* replica fetched and verified, holds it.
    ///
    /// # Errors
    ///
    /// [`TruncateError`].
    pub fn check_truncate(&self, members: &dyn Members, vector: &VersionVector, snapshot: &VersionVector) -> Result<(), TruncateError> {
        let state = self.state();
        let known = |log: LogId, seq: u64, head: &vault_protocol::Head| seq > head.seq || (seq == head.seq && state.log(log).head == *head);
        if let Some((log, _)) = vector.0.iter().find(|(log, head)| !known(**log, state.seq(**log), head)) {
            return Err(TruncateError::Unknown(*log));
        }
        let Some(membership) = members.at(&state.control) else { return Err(TruncateError::Unknown(state.own)) };
        for author in membership.open() {
            let author_state = state.log(author);
            let has_seen = |log: LogId| if log == author { author_state.head.seq } else { author_state.seen.seq(log) };
            if vector.0.iter().any(|(log, head)| has_seen(*log) < head.seq) {
                return Err(TruncateError::Unseen(author));
            }
        }
        if snapshot.covers(vector) { Ok(()) } else { Err(TruncateError::NoSnapshot) }
    }
}
