//! One replica's view of all logs: how far each is applied, what each has signed, the root, and what waits.
//!
//! Nothing here changes by itself: [`Replica::edit`](super::edit) and [`Replica::stage`](super::pull) work on a copy and give a [`Step`];
//! once the step is stored, [`Replica::commit`] takes it over. A step that is dropped has never happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use vault_protocol::{Hash, Head, LogId, ObjectId, VersionVector};

use super::{body::ControlHead, entry::Opened, hlc::Hlc, members::Members, root::Root, store::ObjectChange};

/// The head of a log of which nothing is applied.
const NO_HEAD: Head = Head { seq: 0, hash: Hash::ZERO };

/// Where one log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// Its last applied entry; `seq` 0 and a zero hash if there is none.
    pub head: Head,
    /// All that its author has signed as seen of other logs.
    pub seen: VersionVector,
    /// The control head named by its last applied entry.
    pub control: ControlHead,
    /// Its author's wall clock at the last applied entry, Unix milliseconds.
    pub wall_ms: u64,
    /// The highest entry of this log that another's entry had signed as seen before its author knew that this log is closed.
    pub licensed: u64,
    /// An entry was refused: nothing after the head is applied.
    pub stopped: bool,
}

impl Default for LogState {
    fn default() -> Self {
        let (seen, control) = (VersionVector::default(), ControlHead::default());
        Self { head: NO_HEAD, seen, control, wall_ms: 0, licensed: 0, stopped: false }
    }
}

/// The purges of one entry that are asked for and not effective yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The control head that the entry named.
    pub asked_at: ControlHead,
    /// Which logs have signed it as seen, by the control head that their entry named.
    pub signatures: BTreeMap<ControlHead, BTreeSet<LogId>>,
    /// Which objects, by the op that asks.
    pub objects: BTreeMap<u16, ObjectId>,
}

/// Entries with purges that are not effective yet, by log and number.
pub type Purges = BTreeMap<(LogId, u64), Pending>;

/// All of a replica's state but the retired ids: small, and stored whole with every step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaState {
    /// The log that this replica writes.
    pub own: LogId,
    /// The last stamp given or taken over.
    pub clock: Hlc,
    /// The root of the applied state.
    pub root: Root,
    /// The control log as folded here.
    pub control: ControlHead,
    /// Every log of which anything is known.
    pub logs: BTreeMap<LogId, LogState>,
    /// Purges that are asked for and not effective yet. Shared, because it may be long and rarely changes.
    pub pending: Arc<Purges>,
    /// What was truncated here: entries up to these are gone from the store.
    pub truncated: VersionVector,
    /// Others' ops, not mere acks, were merged since our last entry.
    pub heard: bool,
    /// Our own log was met with entries that we do not have (MS16): nothing is written until there is a new log.
    pub halted: bool,
}

impl ReplicaState {
    /// A log's state; that of an unknown log is empty.
    pub fn log(&self, log: LogId) -> LogState {
        self.logs.get(&log).cloned().unwrap_or_default()
    }

    /// The number of the last applied entry of `log`.
    pub fn seq(&self, log: LogId) -> u64 {
        self.logs.get(&log).map_or(0, |state| state.head.seq)
    }

    /// The head of every log of which something is applied.
    pub fn vector(&self) -> VersionVector {
        VersionVector(self.logs.iter().filter(|(_, state)| state.head.seq > 0).map(|(log, state)| (*log, state.head)).collect())
    }
}

/// Something the person should hear of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// In the trash here, edited elsewhere at the same time: it is back.
    TrashOverruled(ObjectId),
    /// Its purge met an edit: it is in the trash again.
    PurgeOverruled(ObjectId),
    /// The author's clock is more than ten minutes ahead of ours.
    ClockAhead(LogId),
    /// Someone licensed the deletion of old entries; [`Replica::check_truncate`](super::truncate) says whether we may follow.
    TruncateAsked(LogId),
    /// There is a snapshot in this entry.
    SnapshotOffered {
        /// Its author's log.
        log: LogId,
        /// The entry.
        seq: u64,
    },
}

/// The outcome of an edit or a pull: to be stored in one transaction, then committed.
pub struct Step {
    pub(super) state: ReplicaState,
    /// Objects whose rows are to be replaced, ascending.
    pub objects: Vec<ObjectChange>,
    /// Objects that are gone: delete row, history and the blobs that nothing else names; retire the id for ever.
    pub retired: Vec<ObjectId>,
    /// What to tell.
    pub notices: Vec<Notice>,
    pub(super) waiting: Option<BTreeMap<(LogId, u64), Waiting>>,
}

impl Step {
    /// The replica's state after this step: [`ReplicaState::encode`] it, seal it and store it with the rest.
    pub fn state(&self) -> &ReplicaState {
        &self.state
    }

    /// The pending purges to be stored, if they differ from those of `before`, the replica that the step was made of.
    pub fn purges(&self, before: &Replica) -> Option<&Purges> {
        (!Arc::ptr_eq(&self.state.pending, &before.state.pending)).then_some(&self.state.pending)
    }
}

/// An entry that can't be applied yet.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) entry: Arc<Opened>,
    pub(super) since_ms: u64,
}

/// One replica's view of all logs.
pub struct Replica {
    pub(super) state: ReplicaState,
    pub(super) retired: BTreeSet<ObjectId>,
    pub(super) waiting: BTreeMap<(LogId, u64), Waiting>,
}

/// Before the control log may be folded further, an entry must be signed at the old head: it licenses what was applied of logs that the
/// new head closes. Otherwise that would have to be undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entries of logs that are being closed are applied and not yet signed as seen")]
pub struct SignFirst(pub Vec<LogId>);

impl Replica {
    /// A replica that has applied nothing, writes `own`, and has folded the control log up to `control`.
    pub fn new(own: LogId, control: ControlHead) -> Self {
        Self::load(ReplicaState { own, control, ..ReplicaState::default() }, [])
    }

    /// A replica as stored: its state and all retired ids.
    pub fn load(state: ReplicaState, retired: impl IntoIterator<Item = ObjectId>) -> Self {
        Self { state, retired: retired.into_iter().collect(), waiting: BTreeMap::new() }
    }

    /// Its state.
    pub fn state(&self) -> &ReplicaState {
        &self.state
    }

    /// Whether an object is gone for ever.
    pub fn is_retired(&self, object: ObjectId) -> bool {
        self.retired.contains(&object)
    }

    /// All ids that are gone for ever, ascending.
    pub fn retired(&self) -> impl Iterator<Item = ObjectId> {
        self.retired.iter().copied()
    }

    /// Takes a step over that has been stored. Steps are made one at a time: a step made before another was committed is stale.
    pub fn commit(&mut self, step: Step) {
        self.state = step.state;
        self.retired.extend(step.retired);
        if let Some(waiting) = step.waiting {
            self.waiting = waiting;
        }
    }

    /// Folds the control log up to `control`, which must descend from the present head.
    ///
    /// # Errors
    ///
    /// [`SignFirst`]: write an ack, then try again.
    pub fn fold_control(&self, members: &dyn Members, control: ControlHead) -> Result<Step, SignFirst> {
        let unsigned = self.unlicensed_at(members, &control);
        if !unsigned.is_empty() && !self.state.halted {
            return Err(SignFirst(unsigned));
        }
        let mut step = self.unchanged();
        step.state.control = control;
        Ok(step)
    }

    /// Starts a new log (`incarnation`, already in the folded control log). The old one is from now on as any other's.
    pub fn adopt_log(&self, own: LogId) -> Step {
        Self::adopting(self.unchanged(), own)
    }

    /// Starts a new log in the same step as another change: see [`Replica::adopt_log`].
    pub fn adopting(mut step: Step, own: LogId) -> Step {
        step.state.own = own;
        step.state.halted = false;
        step.state.heard = true;
        step
    }

    /// Notes that the entries up to `vector` were deleted from the store.
    pub fn truncated(&self, vector: &VersionVector) -> Step {
        let mut step = self.unchanged();
        for (log, head) in &vector.0 {
            if step.state.truncated.seq(*log) < head.seq {
                step.state.truncated.0.insert(*log, *head);
            }
        }
        step
    }

    fn unchanged(&self) -> Step {
        Step { state: self.state.clone(), objects: Vec::new(), retired: Vec::new(), notices: Vec::new(), waiting: None }
    }

    /// Logs closed at `control` of which more is applied here than counts there.
    fn unlicensed_at(&self, members: &dyn Members, control: &ControlHead) -> Vec<LogId> {
        let Some(membership) = members.at(control) else { return Vec::new() };
        let counts = |log: LogId, cut_off: Head| cut_off.seq.max(self.state.log(log).licensed);
        self.state
            .logs
            .iter()
            .filter(|(log, _)| **log != self.state.own)
            .filter_map(|(log, state)| Some((*log, state.head.seq, membership.closed_at(*log)?)))
            .filter(|(log, seq, cut_off)| *seq > counts(*log, *cut_off))
            .map(|(log, _, _)| log)
            .collect()
    }
}
