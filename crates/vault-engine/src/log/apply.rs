//! Applies entries, one's own and others', to a working copy.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map},
    sync::Arc,
};

use vault_crypto::secret::StateTerms;
use vault_protocol::{Dot, Head, LogId, ObjectId, VersionVector};

use super::{
    body::{ControlHead, EntryBody},
    hlc::MAX_AHEAD_MS,
    members::Members,
    object::{HistoryRecord, ObjectState, OpContext, precedes},
    op::{Op, Write},
    replica::{Notice, Pending, Replica, ReplicaState, Step},
    root::{Root, Term},
    row::{encode_history, encode_row},
    store::{LoadError, ObjectChange, ObjectStore},
};

/// Why an entry was refused although its signature is good. Its log stops there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RefusedWhy {
    /// A dot in `over` is not in the entry's past, or not a write of that object and field.
    #[error("a write covers what its author can't have seen there")]
    Over,
    /// `seen` names its own log, goes back, or repeats what it said.
    #[error("what the author has seen does not follow from what it had seen")]
    Seen,
    /// `seen` of a closed log grows although the author knows that it is closed.
    #[error("the author accepts entries of a closed log")]
    SeenClosed,
    /// The log is not open at the control head that the entry names, or that head is older than the one named before.
    #[error("the author was no member at the control head it names")]
    NotMember,
    /// The body is malformed.
    #[error("the body is malformed")]
    Body,
}

/// Why a step could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ApplyError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Refused(#[from] RefusedWhy),
    /// We have signed that this object is to go, so an edit of ours could be lost.
    #[error("the object's removal is agreed")]
    PurgeAgreed(ObjectId),
}

/// An object that a step has touched.
#[derive(Clone, Default)]
struct Touched {
    state: ObjectState,
    history: Vec<HistoryRecord>,
    /// What the root holds for it.
    term: Option<Term>,
    /// Whether `term` is behind `state`.
    stale: bool,
    /// Whether the trash, and whether a purge, was known to be overruled.
    told: (bool, bool),
}

/// A replica being changed.
pub(super) struct Work<'a> {
    pub(super) state: ReplicaState,
    pub(super) notices: BTreeSet<Notice>,
    base: &'a Replica,
    store: &'a dyn ObjectStore,
    pub(super) members: &'a dyn Members,
    terms: &'a StateTerms,
    objects: BTreeMap<ObjectId, Touched>,
    retired: BTreeSet<ObjectId>,
}

impl<'a> Work<'a> {
    pub(super) fn new(base: &'a Replica, store: &'a dyn ObjectStore, members: &'a dyn Members, terms: &'a StateTerms) -> Self {
        let (objects, retired) = (BTreeMap::new(), BTreeSet::new());
        Self { state: base.state.clone(), notices: BTreeSet::new(), base, store, members, terms, objects, retired }
    }

    /// Whether an object is gone for ever.
    pub(super) fn is_retired(&self, object: ObjectId) -> bool {
        self.retired.contains(&object) || self.base.is_retired(object)
    }

    /// Applies entry `seq` of `log` whole, or changes nothing. Position, signature and predecessors are the caller's to check; its hash,
    /// which an entry being written does not have yet, the caller sets afterwards.
    pub(super) fn apply(&mut self, log: LogId, seq: u64, body: &EntryBody, now_ms: u64) -> Result<(), ApplyError> {
        let before = self.state.log(log);
        let mut seen = before.seen.clone();
        seen.0.extend(&body.seen.0);
        let context = |op: usize| OpContext {
            dot: Dot { log, seq, op: op as u16 },
            hlc: body.hlc,
            wall_ms: body.wall_ms,
            seen: &seen,
            seen_before: &before.seen,
        };

        let mut touched = BTreeMap::new();
        let mut asked = BTreeMap::new();
        for (position, op) in body.ops.iter().enumerate() {
            match op {
                Op::Write(write) if !self.is_retired(write.object) => self.write(&mut touched, context(position), write)?,
                Op::Purge { object } if !self.is_retired(*object) => {
                    self.purge(&mut touched, context(position), *object)?;
                    asked.insert(position as u16, *object);
                }
                Op::Write(_) | Op::Purge { .. } => {}
                Op::Snapshot { .. } => drop(self.notices.insert(Notice::SnapshotOffered { log, seq })),
                Op::Truncate { .. } => drop(self.notices.insert(Notice::TruncateAsked(log))),
            }
        }

        // From here on nothing can fail but reading, and then the whole step is dropped.
        for (object, changed) in &mut touched {
            self.tell(*object, changed);
        }
        self.objects.extend(touched);
        if !asked.is_empty() {
            let pending = Pending { asked_at: body.control.clone(), signatures: BTreeMap::new(), objects: asked };
            Arc::make_mut(&mut self.state.pending).insert((log, seq), pending);
        }
        self.note_author(log, seq, body, seen, now_ms);
        let signed = self.note_signature(log, seq, &body.control);
        self.carry_out_purges(&signed)?;
        Ok(())
    }

    /// The root, after bringing the terms of all touched objects up to date.
    pub(super) fn root(&mut self) -> Root {
        for (object, touched) in &mut self.objects {
            if !touched.stale {
                continue;
            }
            if let Some(old) = touched.term.take() {
                self.state.root.take(old);
            }
            if !touched.state.is_empty() {
                let term = Term::of_object(self.terms, *object, &encode_row(&touched.state));
                self.state.root.add(term);
                touched.term = Some(term);
            }
            touched.stale = false;
        }
        self.state.root
    }

    /// What is to be stored.
    pub(super) fn finish(mut self) -> Step {
        self.root();
        let change = |(object, touched): (ObjectId, Touched)| {
            let term = touched.term?;
            let row = encode_row(&touched.state);
            Some(ObjectChange { object, state: touched.state, row, term, history: encode_history(&touched.history) })
        };
        Step {
            state: self.state,
            objects: self.objects.into_iter().filter_map(change).collect(),
            retired: self.retired.into_iter().collect(),
            notices: self.notices.into_iter().collect(),
            waiting: None,
        }
    }

    /// The object as this entry has it so far.
    fn touch<'t>(&self, touched: &'t mut BTreeMap<ObjectId, Touched>, object: ObjectId) -> Result<&'t mut Touched, LoadError> {
        let vacant = match touched.entry(object) {
            btree_map::Entry::Occupied(occupied) => return Ok(occupied.into_mut()),
            btree_map::Entry::Vacant(vacant) => vacant,
        };
        Ok(vacant.insert(self.current(object)?))
    }

    /// The object as the step has it so far, else as stored.
    fn current(&self, object: ObjectId) -> Result<Touched, LoadError> {
        if let Some(touched) = self.objects.get(&object) {
            return Ok(touched.clone());
        }
        let Some(state) = self.store.load(object)? else { return Ok(Touched::default()) };
        let term = (!state.is_empty()).then(|| Term::of_object(self.terms, object, &encode_row(&state)));
        let told = (state.is_trash_overruled(), state.is_purge_overruled());
        Ok(Touched { state, history: Vec::new(), term, stale: false, told })
    }

    fn write(&self, all: &mut BTreeMap<ObjectId, Touched>, context: OpContext<'_>, write: &Write) -> Result<(), ApplyError> {
        if write.over.iter().any(|dot| !precedes(*dot, context.dot, context.seen)) {
            return Err(RefusedWhy::Over.into());
        }
        let touched = self.touch(all, write.object)?;
        let agreed = |purge: &Dot| purge.log == context.dot.log || purge.seq <= context.seen_before.seq(purge.log);
        if context.dot.log == self.state.own && touched.state.purges().any(|(dot, purge)| purge.objections.is_empty() && agreed(dot)) {
            return Err(ApplyError::PurgeAgreed(write.object));
        }
        let applied = touched.state.apply_write(context, write);
        if !applied.absent.is_empty() {
            let stored = self.store.history(write.object)?;
            let was_written = |dot: &Dot| {
                touched.history.iter().any(|record| record.dot == *dot && record.key == write.key)
                    || stored.iter().any(|(key, past)| past == dot && *key == write.key)
                    || dot.seq <= self.state.truncated.seq(dot.log)
            };
            if !applied.absent.iter().all(was_written) {
                return Err(RefusedWhy::Over.into());
            }
        }
        touched.history.extend(applied.history);
        touched.stale = true;
        Ok(())
    }

    fn purge(&self, all: &mut BTreeMap<ObjectId, Touched>, context: OpContext<'_>, object: ObjectId) -> Result<(), ApplyError> {
        let touched = self.touch(all, object)?;
        let mut past: Vec<Dot> = touched.history.iter().map(|record| record.dot).collect();
        if context.dot.log != self.state.own {
            // Our own request has all of our past in its past; only another's can be concurrent with a write that is history here.
            past.extend(self.store.history(object)?.into_iter().map(|(_, dot)| dot));
        }
        touched.state.apply_purge(context, &past);
        touched.stale = true;
        Ok(())
    }

    fn tell(&mut self, object: ObjectId, touched: &mut Touched) {
        let now = (touched.state.is_trash_overruled(), touched.state.is_purge_overruled());
        if now.0 && !touched.told.0 {
            self.notices.insert(Notice::TrashOverruled(object));
        }
        if now.1 && !touched.told.1 {
            self.notices.insert(Notice::PurgeOverruled(object));
        }
        touched.told = now;
    }

    fn note_author(&mut self, log: LogId, seq: u64, body: &EntryBody, seen: VersionVector, now_ms: u64) {
        let own = log == self.state.own;
        if !own && body.hlc.ms > now_ms.saturating_add(MAX_AHEAD_MS) {
            self.notices.insert(Notice::ClockAhead(log));
        }
        self.state.clock = if own { self.state.clock.max(body.hlc) } else { self.state.clock.observe(body.hlc, now_ms) };
        self.state.heard = !own && (self.state.heard || !body.ops.is_empty());
        let state = self.state.logs.entry(log).or_default();
        state.head.seq = seq;
        state.seen = seen;
        state.control = body.control.clone();
        state.wall_ms = body.wall_ms;
        self.license(&body.seen, &body.control);
    }

    /// Entries that an author has signed as seen, not yet knowing their log to be closed, count.
    pub(super) fn license(&mut self, seen: &VersionVector, control: &ControlHead) {
        let Some(membership) = self.members.at(control) else { return };
        for (log, head) in seen.0.iter().filter(|(log, _)| membership.is_open(**log)) {
            let state = self.state.logs.entry(*log).or_default();
            state.licensed = state.licensed.max(head.seq);
        }
    }
}

impl Work<'_> {
    /// Sets the head of an entry that was just applied.
    pub(super) fn set_head(&mut self, log: LogId, head: Head) {
        self.state.logs.entry(log).or_default().head = head;
    }

    /// The object's state so far.
    pub(super) fn current_state(&self, object: ObjectId) -> Result<ObjectState, LoadError> {
        Ok(self.current(object)?.state)
    }

    /// Takes an object away for ever.
    pub(super) fn retire(&mut self, object: ObjectId) -> Result<(), LoadError> {
        if self.is_retired(object) {
            return Ok(());
        }
        if let Some(term) = self.current(object)?.term {
            self.state.root.take(term);
        }
        self.state.root.add(Term::of_retired(self.terms, object));
        self.objects.remove(&object);
        self.retired.insert(object);
        self.notices.remove(&Notice::PurgeOverruled(object));
        self.notices.remove(&Notice::TrashOverruled(object));
        Ok(())
    }
}
