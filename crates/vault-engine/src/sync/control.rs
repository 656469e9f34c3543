//! Takes others' control entries in: verified on a second copy of the log, stored with the step that folds them, in one transaction.
//!
//! The control log comes before the entries that name it, whatever the carrier.

use vault_protocol::{
    Hash, VaultId,
    control::{ControlBody, ControlEntry, ControlError, ControlLog, LogStatus},
};
use vault_store::ControlRecord;

use super::{SyncAlarm, take::TakeError};
use crate::{context::Ctx, event::Failure, log::body::ControlHead, session::Session, vaults::read_control};

/// What new control entries mean for the open session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Members {
    /// It goes on.
    GoOn,
    /// There is an epoch that these keys do not open: the session ends, and the password opens it again.
    NewEpoch,
    /// This device is no longer a member. Nothing was stored, so that it can still open what it has.
    Removed,
    /// Removals contradict each other (LD06). Nothing was stored; [`SyncSession::beyond`](super::SyncSession) has what was shown.
    Forked,
    /// This device's enrolment does not count. Nothing was stored, as above.
    PlaceVoid,
    /// This device's log was retired, and the device may begin a new one. Nothing was stored, as above.
    LogClosed,
}

impl Session {
    /// Takes entries that came from a carrier, in any order. Nothing is stored unless all of them are sound.
    ///
    /// # Errors
    ///
    /// [`TakeError::Alarm`] if one is not what its signer was entitled to, or if the entries that they build on were left out.
    pub(crate) fn take_control(&mut self, entries: Vec<ControlEntry>, ctx: &mut Ctx<'_>) -> Result<Members, TakeError> {
        self.check_writable()?;
        let fresh: Vec<ControlEntry> = entries.into_iter().filter(|entry| !self.control.contains(entry.hash())).collect();
        if fresh.is_empty() && self.control.state().is_open_log(self.replica.state().own) {
            return Ok(Members::GoOn);
        }
        // A second copy, from disk: the one in use changes only when the entries are durable.
        let mut control = read_control(&self.store, self.vault)?;
        let records: Vec<(Hash, u64, Vec<u8>)> = fresh.iter().map(|entry| (entry.hash(), entry.number, entry.encode())).collect();
        append_all(&mut control, fresh)?;
        if let Some(lost) = self.lost_in(&control) {
            self.sync.beyond = Some(Box::new(control));
            return Ok(lost);
        }
        self.sync.beyond = None;
        let head = ControlHead::new(control.heads().iter().copied());
        let step = match self.replica.fold_control(&control, head.clone()) {
            Ok(step) => step,
            Err(_) => {
                // Entries of logs that this closes have to be signed as seen first.
                self.write_entry(Vec::new(), Vec::new(), ctx)?;
                self.replica.fold_control(&control, head).map_err(|_| Failure::NotAuthentic)?
            }
        };
        let sealed = self.seal_step(&step, ctx)?;
        self.store.write(|tx| {
            records
                .iter()
                .try_for_each(|(hash, number, bytes)| tx.put_control(ControlRecord { hash: *hash, number: *number, bytes }).map(drop))?;
            sealed.store(tx)
        })?;
        self.control = control;
        self.replica.commit(step);
        let opened = self.keys.opened();
        let is_open = |epoch: &vault_protocol::EpochId| opened.root(*epoch).is_some();
        Ok(if self.control.state().newest_epochs().iter().all(is_open) { Members::GoOn } else { Members::NewEpoch })
    }

    /// What a control log means for this device's place, if it can't go on in it as it is.
    fn lost_in(&self, control: &ControlLog) -> Option<Members> {
        let members = control.state();
        let own = self.replica.state().own;
        if members.conflict().is_some() {
            return Some(Members::Forked);
        }
        if members.is_removed(self.device) {
            return Some(Members::Removed);
        }
        match members.logs().get(&own).map(|log| log.status) {
            Some(LogStatus::Open) => None,
            Some(LogStatus::Void) => Some(Members::PlaceVoid),
            Some(LogStatus::Retired) => {
                let is_open = members.newest_epoch().is_some_and(|epoch| self.keys.opened().root(epoch).is_some());
                match (is_open, members.is_current(self.device)) {
                    (true, _) => Some(Members::LogClosed),
                    // It has slots in the newest epoch by another log: the password opens that first.
                    (false, true) => None,
                    (false, false) => Some(Members::PlaceVoid),
                }
            }
            Some(LogStatus::Removed) | None => Some(Members::Removed),
        }
    }

    /// Control entries that a carrier with these heads lacks, parents first.
    pub(crate) fn control_beyond(&self, heads: &[Hash]) -> Vec<Vec<u8>> {
        let missing = self.control.entries().filter(|(hash, _)| !self.control.is_covered(&[*hash], heads));
        missing.map(|(_, entry)| entry.encode()).collect()
    }

    /// Whether entries sealed under `epoch` must not be sent any more: a later epoch has removed a device, which could read them.
    pub(crate) fn is_superseded(&self, epoch: vault_protocol::EpochId) -> bool {
        let members = self.control.state();
        let Some(state) = members.epochs().get(&epoch) else { return true };
        members.epochs().iter().any(|(other, later)| {
            let removes = match self.control.find(later.entry).map(|entry| &entry.body) {
                Some(ControlBody::Epoch(body)) => !body.removed.is_empty(),
                _ => false,
            };
            *other != epoch && removes && !self.control.is_at_or_before(later.entry, state.entry)
        })
    }

    /// The first entry of our own log that no carrier has and none may get: it moves to a new log.
    pub(crate) fn first_superseded(&self) -> Result<Option<u64>, Failure> {
        let removes = |entry: &ControlEntry| matches!(&entry.body, ControlBody::Epoch(body) if !body.removed.is_empty());
        // While two removals made apart wait to be joined, what is written here is sealed under one that the other has superseded: it moves
        // once there is an epoch above both.
        if !self.control.entries().any(|(_, entry)| removes(entry)) || self.is_superseded(self.keys.opened().epoch()) {
            return Ok(None);
        }
        let own = self.replica.state().own;
        let mut first = None;
        self.store.read().unpushed(own, u32::MAX, |record| {
            let epoch = vault_protocol::entry::WireEntry::parse(record.bytes.to_vec()).map(|wire| wire.header().epoch);
            if first.is_none() && epoch.is_ok_and(|epoch| self.is_superseded(epoch)) {
                first = Some(record.seq);
            }
            Ok::<(), vault_store::StoreError>(())
        })?;
        Ok(first)
    }
}

/// Appends entries in whatever order they fit.
pub(crate) fn append_all(control: &mut ControlLog, entries: Vec<ControlEntry>) -> Result<(), TakeError> {
    let mut waiting = entries;
    while !waiting.is_empty() {
        let n_before = waiting.len();
        let mut later = Vec::new();
        for entry in waiting {
            match control.append(entry.clone()) {
                Ok(()) => {}
                Err(ControlError::MissingParent) => later.push(entry),
                Err(ControlError::WrongVault) => return Err(TakeError::Alarm(SyncAlarm::OtherVault)),
                Err(_) => return Err(TakeError::Alarm(SyncAlarm::RecordAltered)),
            }
        }
        if later.len() == n_before {
            return Err(TakeError::Alarm(SyncAlarm::RecordAltered));
        }
        waiting = later;
    }
    Ok(())
}

/// Verifies a control log that came whole.
pub(crate) fn whole_log(vault: VaultId, mut entries: Vec<ControlEntry>) -> Result<ControlLog, SyncAlarm> {
    let genesis = entries.iter().position(|entry| matches!(entry.body, ControlBody::Genesis(_))).ok_or(SyncAlarm::RecordAltered)?;
    let genesis = entries.remove(genesis);
    let mut control = ControlLog::new(vault, genesis).map_err(|error| match error {
        ControlError::WrongVault => SyncAlarm::OtherVault,
        _ => SyncAlarm::RecordAltered,
    })?;
    append_all(&mut control, entries).map_err(|error| match error {
        TakeError::Alarm(alarm) => alarm,
        TakeError::Stranger | TakeError::UnknownEpoch | TakeError::NeedsUpdate | TakeError::Failed(_) => SyncAlarm::RecordAltered,
    })?;
    Ok(control)
}
