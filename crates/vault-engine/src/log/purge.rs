//! When a purge becomes effective.
//!
//! There must be one control head `c`, not before the one that the request names, so that every log open at `c` has signed an entry that names
//! `c` and has seen the purge; every closed log is here up to its cut-off; and no log enrolled at `c` objects by a concurrent edit. Each of
//! these is a fact about applied entries that never changes again, so every replica that has applied them decides alike, in whatever order
//! they came: the state stays a function of what was applied. What a log open at `c` writes after its signature, it writes in knowledge of
//! the purge; a closed one can't add to what counts, because all survivors have signed that they know it to be closed.

use std::sync::Arc;

use vault_protocol::{Dot, Head, LogId, ObjectId};

use super::{apply::Work, body::ControlHead, members::Membership, replica::Pending, store::LoadError};

/// What became of one requested purge.
enum Outcome {
    Waits,
    Effective,
    Never,
}

impl Work<'_> {
    /// Notes which pending purges the entry `(log, seq)`, just applied, has signed as seen, and names those to look at again.
    pub(super) fn note_signature(&mut self, log: LogId, seq: u64, control: &ControlHead) -> Vec<(LogId, u64)> {
        let Some(author) = self.state.logs.get(&log) else { return Vec::new() };
        let is_member = self.members.at(&self.state.control).is_some_and(|members| members.is_open(log));
        let mut again = Vec::new();
        let mut signs = Vec::new();
        for ((asker, asked), pending) in &*self.state.pending {
            let has_seen = *asked <= if *asker == log { seq } else { author.seen.seq(*asker) };
            let is_known = pending.signatures.get(control).is_some_and(|signed| signed.contains(&log));
            if has_seen && !is_known {
                signs.push((*asker, *asked));
            } else if !is_member {
                again.push((*asker, *asked));
            }
        }
        if !signs.is_empty() {
            let pending = Arc::make_mut(&mut self.state.pending);
            for entry in &signs {
                if let Some(pending) = pending.get_mut(entry) {
                    pending.signatures.entry(control.clone()).or_default().insert(log);
                }
            }
        }
        again.extend(signs);
        again
    }

    /// Retires the objects whose purge has become effective, among those asked for in `entries`.
    pub(super) fn carry_out_purges(&mut self, entries: &[(LogId, u64)]) -> Result<(), LoadError> {
        for entry in entries {
            let Some(pending) = self.state.pending.get(entry).cloned() else { continue };
            let agreed = self.agreed_at(&pending);
            if agreed.is_empty() {
                continue;
            }
            let mut waiting = pending.objects.clone();
            for (op, object) in &pending.objects {
                let outcome = self.outcome(*object, Dot { log: entry.0, seq: entry.1, op: *op }, &pending, &agreed)?;
                match outcome {
                    Outcome::Waits => continue,
                    Outcome::Effective => self.retire(*object)?,
                    Outcome::Never => {}
                }
                waiting.remove(op);
            }
            let all = Arc::make_mut(&mut self.state.pending);
            if waiting.is_empty() {
                all.remove(entry);
            } else if let Some(pending) = all.get_mut(entry) {
                pending.objects = waiting;
            }
        }
        Ok(())
    }

    /// The memberships at the heads `c` for which all is signed and here.
    fn agreed_at(&self, pending: &Pending) -> Vec<Arc<Membership>> {
        let is_here = |(log, cut_off): (LogId, Head)| self.state.seq(log) >= cut_off.seq;
        let heads = pending.signatures.iter().filter(|(control, _)| self.members.descends(control, &pending.asked_at));
        heads
            .filter_map(|(control, signed)| Some((self.members.at(control)?, signed)))
            .filter(|(members, signed)| members.open().all(|log| signed.contains(&log)) && members.closed().all(is_here))
            .map(|(members, _)| members)
            .collect()
    }

    fn outcome(&self, object: ObjectId, purge: Dot, pending: &Pending, agreed: &[Arc<Membership>]) -> Result<Outcome, LoadError> {
        if self.is_retired(object) {
            return Ok(Outcome::Never);
        }
        let state = self.current_state(object)?;
        let Some(request) = state.purges.get(&purge) else { return Ok(Outcome::Never) };
        let objects = |members: &Membership| request.objections.iter().any(|log| members.0.contains_key(log));
        if agreed.iter().any(|members| !objects(members)) {
            return Ok(Outcome::Effective);
        }
        // Who is enrolled at the head of the request is enrolled at every later one: such an objection stands for ever.
        let forever = self.members.at(&pending.asked_at).is_some_and(|members| objects(&members));
        Ok(if forever { Outcome::Never } else { Outcome::Waits })
    }
}
