//! When a purge becomes effective.
//!
//! There must be one control head `c`, not before the one that the request names, so that every log open at `c` has signed an entry that names `c` and has seen the purge; every closed log is here up to its cut-off; and no log enrolled at `c` objects.
//! Each of these is a fact about applied entries that never changes again, so every replica that has applied them decides alike, in
//! whatever order they came: the state stays a function of what was applied. A log that is open at `c` writes, after its signature, in
//! knowledge of the purge; a closed one can't add to what counts, because all survivors have signed that they know it to be closed.

use vault_protocol::{Dot, LogId, ObjectId};

use super::{
    apply::Work,
    body::ControlHead,
    object::ObjectState,
    replica::Pending,
    store::LoadError,
};

impl Work<'_> {
    /// Notes which pending purges the entry `(log, seq)`, just applied, has signed as seen.
    pub(super) fn note_signature(&mut self, log: LogId, seq: u64, control: &ControlHead) {
        let Some(author) = self.state.logs.get(&log) else { return };
        for ((_, purge), pending) in &mut self.state.pending {
            let has_seen = if purge.log == log { purge.seq <= seq } else { purge.seq <= author.seen.seq(purge.log) };
            if has_seen {
                pending.signatures.entry(control.clone()).or_default().insert(log);
            }
        }
    }

    /// Retires the objects whose purge has become effective.
    pub(super) fn carry_out_purges(&mut self) -> Result<(), LoadError> {
        let mut effective = Vec::new();
        for ((object, purge), pending) in &self.state.pending {
            if self.is_effective(*object, *purge, pending)? {
                effective.push(*object);
            }
        }
        for object in effective {
            self.retire(object)?;
        }
        Ok(())
    }

    fn is_effective(&self, object: ObjectId, purge: Dot, pending: &Pending) -> Result<bool, LoadError> {
        for (control, signed) in &pending.signatures {
            let Some(membership) = self.members.at(control) else { continue };
            if !self.members.descends(control, &pending.asked_at) {
                continue;
            }
            let all_signed = membership.open().all(|log| signed.contains(&log));
            let all_here = membership.0.iter().all(|(log, member)| member.closed_at.is_none_or(|cut_off| self.state.seq(*log) >= cut_off));
            if !all_signed || !all_here {
                continue;
            }
            let state = self.current_state(object)?;
            let objects = |state: &ObjectState| match state.purges.get(&purge) {
                Some(request) => request.objections.iter().any(|log| membership.0.contains_key(log)),
                None => true,
            };
            if !objects(&state) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
