//! Writes this replica's own entries. The cost depends on the objects an edit touches, not on the size of the vault.

use vault_crypto::{Entropy, secret::StateTerms};
use vault_protocol::{BlobId, Dot, Head, LogId, ObjectId, VersionVector, entry::WireEntry, limits};

use super::{
    apply::{ApplyError, RefusedWhy, Work},
    body::{EntryBody, RULES_VERSION},
    entry::{EntrySeal, SealEntryError, seal_entry},
    members::Members,
    op::Op,
    replica::{Replica, Step},
    root::Root,
    store::{LoadError, ObjectStore},
};

/// What writing needs of the open vault.
pub struct WriteContext<'a> {
    /// Seals and signs.
    pub seal: EntrySeal<'a>,
    /// Keys the root.
    pub terms: &'a StateTerms,
    /// The folded control log.
    pub members: &'a dyn Members,
    /// The rows as stored.
    pub store: &'a dyn ObjectStore,
    /// Unix milliseconds.
    pub now_ms: u64,
}

/// Why an entry was not written. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Our own log was met with entries that we do not have: a new log comes first (MS16).
    #[error("this replica's log was continued elsewhere")]
    Halted,
    /// Our log is closed, or not enrolled.
    #[error("this replica is no member")]
    NotMember,
    /// The object is gone for ever (MS13).
    #[error("the object was removed for ever")]
    Retired(ObjectId),
    /// We have signed that the object is to go for ever: an edit could be lost.
    #[error("the object's removal is agreed")]
    PurgeAgreed(ObjectId),
    /// A write goes over what is no earlier write of that object and field.
    #[error("a write covers what was never there")]
    Over,
    /// More than 4096 ops.
    #[error("the edit has {n_ops} ops")]
    TooManyOps {
        /// So many.
        n_ops: usize,
    },
    /// It does not fit into one entry, or the generator failed.
    #[error(transparent)]
    Seal(#[from] SealEntryError),
    /// A row could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// A new entry of our own log, and what it does.
pub struct Edit {
    /// The log.
    pub log: LogId,
    /// Its number and hash.
    pub head: Head,
    /// The entry as carriers see it.
    pub wire: WireEntry,
    /// The names of its ops, in their order.
    pub dots: Vec<Dot>,
    /// What is to be stored with it, in the same transaction.
    pub step: Step,
}

impl Replica {
    /// Writes one entry with `ops`; `blobs` are those that it names for the first time. Nothing has changed until the step is committed.
    ///
    /// # Errors
    ///
    /// [`EditError`].
    pub fn edit(&self, context: &WriteContext<'_>, ops: Vec<Op>, blobs: &[BlobId], entropy: &mut dyn Entropy) -> Result<Edit, EditError> {
        if self.state.halted {
            return Err(EditError::Halted);
        }
        if ops.len() > limits::MAX_OPS {
            return Err(EditError::TooManyOps { n_ops: ops.len() });
        }
        if let Some(object) = ops.iter().filter_map(Op::object).find(|object| self.is_retired(*object)) {
            return Err(EditError::Retired(object));
        }
        let log = self.state.own;
        if !context.members.at(&self.state.control).is_some_and(|members| members.is_open(log)) {
            return Err(EditError::NotMember);
        }

        let own = self.state.log(log);
        let mut body = EntryBody {
            rules: RULES_VERSION,
            hlc: self.state.clock.tick(context.now_ms),
            wall_ms: context.now_ms,
            control: self.state.control.clone(),
            seen: self.unsigned(),
            root: Root::default(),
            ops,
        };
        let seq = own.head.seq + 1;
        let mut work = Work::new(self, context.store, context.members, context.terms);
        work.apply(log, seq, &body, context.now_ms).map_err(|error| match error {
            ApplyError::Load(error) => EditError::Load(error),
            ApplyError::PurgeAgreed(object) => EditError::PurgeAgreed(object),
            ApplyError::Refused(RefusedWhy::Over) => EditError::Over,
            ApplyError::Refused(_) => EditError::NotMember,
        })?;
        body.root = work.root();
        let wire = seal_entry(&context.seal, log, own.head, &body, blobs, entropy)?;
        let head = Head { seq, hash: wire.hash() };
        work.set_head(log, head);
        let dots = (0..body.ops.len()).map(|op| Dot { log, seq, op: op as u16 }).collect();
        Ok(Edit { log, head, wire, dots, step: work.finish() })
    }

    /// Writes an entry without ops: heartbeat, cut for the comparison of roots, and licence to purge.
    ///
    /// # Errors
    ///
    /// As [`Replica::edit`].
    pub fn ack(&self, context: &WriteContext<'_>, entropy: &mut dyn Entropy) -> Result<Edit, EditError> {
        self.edit(context, Vec::new(), &[], entropy)
    }

    /// The heads of other logs that our next entry signs as seen.
    pub(super) fn unsigned(&self) -> VersionVector {
        let mut all = self.state.vector();
        all.0.remove(&self.state.own);
        all.since(&self.state.log(self.state.own).seen)
    }
}
