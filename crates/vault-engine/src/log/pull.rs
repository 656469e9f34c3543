//! Takes others' entries in: checks a batch against all that is signed, applies what can be applied in causal order, keeps the rest waiting.
//!
//! The pull checks (DESIGN §5): (1) chains are contiguous and signed by logs that were members at the control head they name, (2) every
//! `seen` is satisfied by hash and never goes back, (3) no head that is known is contradicted, (4) wherever an entry's cut is the applied
//! state, the roots are equal. Where one of them fails by contradiction, nothing of the batch is applied.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use vault_crypto::secret::StateTerms;
use vault_protocol::{Hash, Head, LogId, VersionVector};

use super::{
    apply::{ApplyError, RefusedWhy, Work},
    body::EntryBody,
    entry::Opened,
    members::Members,
    replica::{Replica, Step, Waiting},
    store::{LoadError, ObjectStore},
};

/// What reading needs of the open vault.
pub struct ReadContext<'a> {
    /// Keys the root.
    pub terms: &'a StateTerms,
    /// The folded control log; control entries are applied before the entries that name them.
    pub members: &'a dyn Members,
    /// The rows and entries as stored.
    pub store: &'a dyn ObjectStore,
    /// Unix milliseconds.
    pub now_ms: u64,
}

/// Why a pull failed as a whole: an alarm, and nothing of the batch was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// Two entries with one name, or an entry that builds on another past than ours (MS14).
    #[error("entry {seq} of a log exists twice")]
    Fork {
        /// The log.
        log: LogId,
        /// The entry.
        seq: u64,
    },
    /// The author had another state than we, at the same cut (MS11).
    #[error("the state after entry {seq} of a log is not the one that its author signed")]
    Root {
        /// The log.
        log: LogId,
        /// The entry.
        seq: u64,
    },
    /// A carrier offers less, or something else, than it once had (MS12).
    #[error("a carrier went back to entry {offered} of a log")]
    Rollback {
        /// The log.
        log: LogId,
        /// The last entry it had.
        pinned: u64,
        /// The last entry it has now.
        offered: u64,
    },
    /// A row or entry could not be read.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// An entry that was refused; nothing after it in its log is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The log.
    pub log: LogId,
    /// The entry.
    pub seq: u64,
    /// Why.
    pub why: RefusedWhy,
}

/// How a batch meets our own log (MS16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnLog {
    /// Nothing in it that we do not have.
    Known,
    /// Our log goes on elsewhere: this is a restored or cloned replica. All that we hold is part of it.
    Ahead,
    /// Our log has another entry of this number: what we wrote from there on was never taken by a carrier, and must move to a new log.
    Diverged {
        /// The first entry that differs, as far as known.
        seq: u64,
    },
    /// A member has signed that it saw another entry of this number in our log. The entry itself has to be asked for.
    Elsewhere {
        /// The entry.
        seq: u64,
    },
}

/// What a pull does: store it in one transaction, then commit the step.
pub struct Plan {
    /// The entries applied, in causal order: append them to the stored logs.
    pub entries: Vec<Arc<Opened>>,
    /// Objects, retired ids, notices, state.
    pub step: Step,
    /// Entries of closed logs that do not count: keep them apart, shown and importable (LD05). If a [`Gap`] names one of them later, it
    /// has come to count, and is to be staged again.
    pub quarantined: Vec<Arc<Opened>>,
    /// Refused entries, whose logs stop.
    pub refused: Vec<Refusal>,
    /// Whether our own log is met ahead of us: then nothing is written until [`Replica::adopt_log`].
    pub own: OwnLog,
}

/// An entry that waits, and the first thing it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The log of the entry that waits.
    pub log: LogId,
    /// Its number.
    pub seq: u64,
    /// The log whose entry is missing; the same log for a predecessor. With `needs_seq` = `seq`: the control head that it names is missing.
    pub needs: LogId,
    /// Number of the last missing entry.
    pub needs_seq: u64,
    /// Since when, Unix milliseconds.
    pub since_ms: u64,
}

/// Whether an entry can be applied now.
enum Ready {
    Yes,
    Waits,
    Uncounted,
    Refused(RefusedWhy),
    /// It builds on another entry of our own log than ours.
    OwnElsewhere(u64),
}

type Pool = BTreeMap<(LogId, u64), Waiting>;

impl Replica {
    /// Checks `batch`, in any order and with any repetition, and plans what to apply. Nothing has changed until the step is committed.
    ///
    /// # Errors
    ///
    /// [`PullError`].
    pub fn stage(&self, context: &ReadContext<'_>, batch: impl IntoIterator<Item = Arc<Opened>>) -> Result<Plan, PullError> {
        let mut pull = Pull {
            work: Work::new(self, context.store, context.members, context.terms),
            context,
            pool: self.waiting.clone(),
            applied: Vec::new(),
            hashes: BTreeMap::new(),
            refused: Vec::new(),
            own: OwnLog::Known,
            own_is_met: false,
        };
        for entry in batch {
            pull.admit(entry)?;
        }
        pull.license_waiting();
        while pull.pass()? {}
        pull.finish()
    }

    /// What waits for more than `after_ms`, with the first thing that each waiting log needs.
    pub fn gaps(&self, now_ms: u64, after_ms: u64) -> Vec<Gap> {
        let mut logs = BTreeSet::new();
        let first = self.waiting.iter().filter(|((log, _), _)| logs.insert(*log));
        let gap = |((log, seq), waiting): (&(LogId, u64), &Waiting)| {
            let (needs, needs_seq) = if *seq > self.state.seq(*log) + 1 {
                (*log, *seq - 1)
            } else {
                let seen = &waiting.entry.body.as_ref()?.seen;
                let missing = seen.0.iter().find(|(other, head)| self.state.seq(**other) < head.seq);
                missing.map_or((*log, *seq), |(other, head)| (*other, head.seq))
            };
            Some(Gap { log: *log, seq: *seq, needs, needs_seq, since_ms: waiting.since_ms })
        };
        first.filter(|(_, waiting)| now_ms.saturating_sub(waiting.since_ms) >= after_ms).filter_map(gap).collect()
    }

    /// Compares the heads that a carrier offers with those it is known to have had (MS12).
    ///
    /// # Errors
    ///
    /// [`PullError::Rollback`] or [`PullError::Fork`] for the first that is lower, or other, than `pinned`.
    pub fn check_heads(pinned: &VersionVector, offered: &VersionVector) -> Result<(), PullError> {
        for (log, pin) in &pinned.0 {
            let seq = offered.seq(*log);
            if seq < pin.seq {
                return Err(PullError::Rollback { log: *log, pinned: pin.seq, offered: seq });
            }
            if seq == pin.seq && offered.0.get(log) != Some(pin) {
                return Err(PullError::Fork { log: *log, seq });
            }
        }
        Ok(())
    }
}

/// A batch being taken in.
struct Pull<'a> {
    work: Work<'a>,
    context: &'a ReadContext<'a>,
    pool: Pool,
    applied: Vec<Arc<Opened>>,
    /// Hashes of the entries in `applied`, which the store does not have yet.
    hashes: BTreeMap<(LogId, u64), Hash>,
    refused: Vec<Refusal>,
    own: OwnLog,
    /// Where our own log parts from what is elsewhere is known to the entry.
    own_is_met: bool,
}

impl Pull<'_> {
    /// Takes an entry into the pool, unless it is known already.
    fn admit(&mut self, entry: Arc<Opened>) -> Result<(), PullError> {
        let (log, seq) = (entry.log, entry.seq);
        let head = self.work.state.log(log).head;
        let own = log == self.work.state.own;
        if seq <= head.seq {
            // MS09: a repetition changes nothing.
            let same = self.hash_of(log, seq)?.is_none_or(|hash| hash == entry.hash);
            if same {
                return Ok(());
            }
            if !own {
                return Err(PullError::Fork { log, seq });
            }
            self.own_diverged(seq);
            self.own_is_met = true;
            return Ok(());
        }
        if own {
            let follows = seq == head.seq + 1 && entry.prev == head.hash;
            if seq == head.seq + 1 && !follows {
                self.own_diverged(head.seq);
            } else if self.own == OwnLog::Known {
                self.own = OwnLog::Ahead;
            }
        }
        let since_ms = self.context.now_ms;
        let waiting = self.pool.entry((log, seq)).or_insert(Waiting { entry: entry.clone(), since_ms });
        if waiting.entry.hash != entry.hash {
            return Err(PullError::Fork { log, seq });
        }
        Ok(())
    }

    fn own_diverged(&mut self, seq: u64) {
        let seq = if let OwnLog::Diverged { seq: known } = self.own { known.min(seq) } else { seq };
        self.own = OwnLog::Diverged { seq };
    }

    /// Entries that wait and count may have signed entries of closed logs before their authors knew: those count too.
    fn license_waiting(&mut self) {
        let Some(now) = self.context.members.at(&self.work.state.control) else { return };
        loop {
            let before = self.licensed();
            for ((log, seq), waiting) in &self.pool {
                let counts = now.closed_at(*log).is_none_or(|cut_off| *seq <= cut_off.seq.max(self.work.state.log(*log).licensed));
                if let Some(body) = waiting.entry.body.as_ref().filter(|_| counts) {
                    self.work.license(&body.seen, &body.control);
                }
            }
            if self.licensed() == before {
                return;
            }
        }
    }

    fn licensed(&self) -> Vec<u64> {
        self.work.state.logs.values().map(|state| state.licensed).collect()
    }

    /// Applies the next entry of every log that is ready; says whether there was any.
    fn pass(&mut self) -> Result<bool, PullError> {
        let mut any = false;
        let logs: BTreeSet<LogId> = self.pool.keys().map(|(log, _)| *log).collect();
        for log in logs {
            while let Some(entry) = self.next_of(log) {
                match self.judge(&entry)? {
                    Ready::Yes => self.apply(&entry)?,
                    Ready::Refused(why) => self.refuse(&entry, why),
                    Ready::Waits | Ready::Uncounted => break,
                    Ready::OwnElsewhere(seq) => {
                        if matches!(self.own, OwnLog::Known | OwnLog::Ahead) {
                            self.own = OwnLog::Elsewhere { seq };
                        }
                        break;
                    }
                }
                any = true;
            }
        }
        Ok(any)
    }

    /// The entry after the head of `log`, unless the log has stopped or is our own.
    fn next_of(&self, log: LogId) -> Option<Arc<Opened>> {
        let state = self.work.state.log(log);
        if state.stopped || log == self.work.state.own {
            return None;
        }
        self.pool.get(&(log, state.head.seq + 1)).map(|waiting| waiting.entry.clone())
    }

    fn judge(&self, entry: &Opened) -> Result<Ready, PullError> {
        let state = self.work.state.log(entry.log);
        if entry.prev != state.head.hash {
            return Err(PullError::Fork { log: entry.log, seq: state.head.seq });
        }
        let Some(body) = &entry.body else { return Ok(Ready::Refused(RefusedWhy::Body)) };
        let members = self.context.members;
        let (Some(then), Some(now)) = (members.at(&body.control), members.at(&self.work.state.control)) else {
            return Ok(Ready::Waits);
        };
        if !members.descends(&self.work.state.control, &body.control) {
            return Ok(Ready::Waits);
        }
        if !then.is_open(entry.log) || (state.head.seq > 0 && !members.descends(&body.control, &state.control)) {
            return Ok(Ready::Refused(RefusedWhy::NotMember));
        }
        if let Some(cut_off) = now.closed_at(entry.log) {
            if entry.seq > cut_off.seq.max(state.licensed) {
                return Ok(Ready::Uncounted);
            }
            if entry.seq == cut_off.seq && entry.hash != cut_off.hash {
                return Err(PullError::Fork { log: entry.log, seq: entry.seq });
            }
        }
        for (log, head) in &body.seen.0 {
            if *log == entry.log || head.seq <= state.seen.seq(*log) {
                return Ok(Ready::Refused(RefusedWhy::Seen));
            }
            if then.closed_at(*log).is_some_and(|cut_off| head.seq > cut_off.seq.max(self.work.state.log(*log).licensed)) {
                return Ok(Ready::Refused(RefusedWhy::SeenClosed));
            }
            if self.work.state.seq(*log) < head.seq {
                return Ok(Ready::Waits);
            }
            if self.hash_of(*log, head.seq)?.is_some_and(|hash| hash != head.hash) {
                if *log == self.work.state.own {
                    // MS16: a clone of this device has gone on before us.
                    return Ok(Ready::OwnElsewhere(head.seq));
                }
                return Err(PullError::Fork { log: *log, seq: head.seq });
            }
        }
        Ok(Ready::Yes)
    }

    fn apply(&mut self, entry: &Arc<Opened>) -> Result<(), PullError> {
        let Some(body) = &entry.body else { return Ok(()) };
        match self.work.apply(entry.log, entry.seq, body, self.context.now_ms) {
            Ok(()) => {}
            Err(ApplyError::Load(error)) => return Err(error.into()),
            Err(ApplyError::Refused(why)) => {
                self.refuse(entry, why);
                return Ok(());
            }
            // Only our own entries are judged so, and none of them comes this way.
            Err(ApplyError::PurgeAgreed(_)) => return Ok(()),
        }
        self.work.set_head(entry.log, entry.head());
        self.compare_root(entry, body)?;
        self.pool.remove(&(entry.log, entry.seq));
        self.hashes.insert((entry.log, entry.seq), entry.hash);
        self.applied.push(entry.clone());
        Ok(())
    }

    /// Check (4): where the author's cut is our state, so is its root.
    fn compare_root(&mut self, entry: &Opened, body: &EntryBody) -> Result<(), PullError> {
        let mut cut = self.work.state.log(entry.log).seen;
        cut.0.insert(entry.log, entry.head());
        if cut == self.work.state.vector() && body.control == self.work.state.control && self.work.root() != body.root {
            return Err(PullError::Root { log: entry.log, seq: entry.seq });
        }
        Ok(())
    }

    fn refuse(&mut self, entry: &Opened, why: RefusedWhy) {
        self.refused.push(Refusal { log: entry.log, seq: entry.seq, why });
        self.work.state.logs.entry(entry.log).or_default().stopped = true;
        self.pool.retain(|(log, _), _| *log != entry.log);
    }

    /// The hash of an applied entry; `None` if it was truncated.
    fn hash_of(&self, log: LogId, seq: u64) -> Result<Option<Hash>, LoadError> {
        let Head { seq: head_seq, hash } = self.work.state.log(log).head;
        if seq == head_seq {
            return Ok(Some(hash));
        }
        match self.hashes.get(&(log, seq)) {
            Some(hash) => Ok(Some(*hash)),
            None => self.context.store.entry_hash(log, seq),
        }
    }

    fn finish(mut self) -> Result<Plan, PullError> {
        // As long as it is not known from where on, the old log is as good a place for what is written as any: it moves with the rest.
        self.work.state.halted |= self.own_is_met || self.own == OwnLog::Ahead;
        let Some(now) = self.context.members.at(&self.work.state.control) else { return Err(LoadError.into()) };
        let mut quarantined = Vec::new();
        for ((log, seq), waiting) in std::mem::take(&mut self.pool) {
            let state = self.work.state.log(log);
            if state.stopped {
                continue;
            }
            if now.closed_at(log).is_some_and(|cut_off| seq > cut_off.seq.max(state.licensed)) {
                quarantined.push(waiting.entry);
            } else {
                self.pool.insert((log, seq), waiting);
            }
        }
        let mut step = self.work.finish();
        step.waiting = Some(self.pool);
        Ok(Plan { entries: self.applied, step, quarantined, refused: self.refused, own: self.own })
    }
}
