//! Takes others' entries into the open vault: frames → opened → staged → one transaction → index, live item, notices.
//!
//! Knows no server: whatever carries entries ends here. Nothing of a batch that contradicts what is signed is stored.

use std::{collections::BTreeSet, sync::Arc};

use vault_model::{FieldClass, payload};
use vault_protocol::{LogId, VersionVector, entry::WireEntry};
use vault_store::{Applied, AttachmentState, EntryRecord, LogStatus, Pushed};

use super::{MergeSummary, SyncAlarm};
use crate::{
    context::Ctx,
    event::Failure,
    log::{
        entry::{EntryKeys, OpenEntryError, Opened, open_entry},
        members::Members,
        pull::{OwnLog, Plan, PullError, ReadContext},
        replica::{Replica, Step},
        row,
    },
    session::{Keys, Session, descriptor::Descriptor},
};

/// Why a batch was not taken. Nothing of it is stored.
#[derive(Debug)]
pub(crate) enum TakeError {
    /// It contradicts what is signed.
    Alarm(SyncAlarm),
    /// It is of no member's log.
    Stranger,
    /// It is sealed under an epoch that is not open here.
    UnknownEpoch,
    /// Its author's program is newer.
    NeedsUpdate,
    /// This device failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for TakeError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a batch did.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Entries applied.
    pub(crate) n_applied: usize,
    /// How it met our own log (MS16).
    pub(crate) own: OwnLog,
    /// The first device whose entry was refused, if one was.
    pub(crate) refused: Option<SyncAlarm>,
    /// For the person.
    pub(crate) summary: MergeSummary,
}

impl EntryKeys for Keys {
    fn entry_key(&self, epoch: vault_protocol::EpochId) -> Option<&vault_crypto::secret::KindKey> {
        self.kind(epoch, vault_protocol::Kind::Entry)
    }
}

impl Session {
    /// Verifies and opens one entry from outside.
    ///
    /// # Errors
    ///
    /// [`TakeError`]. The control log is as new as the carrier's: what is unknown in it is no member's (MS17).
    pub(crate) fn open_frame(&self, frame: Vec<u8>) -> Result<Arc<Opened>, TakeError> {
        let wire = WireEntry::parse(frame).map_err(|_| TakeError::Alarm(SyncAlarm::Altered))?;
        let members = self.control.at(&self.replica.state().control).ok_or(Failure::Damaged)?;
        match open_entry(&self.keys, &members, self.vault, wire) {
            Ok(opened) => Ok(Arc::new(opened)),
            Err(OpenEntryError::UnknownLog(_)) => Err(TakeError::Stranger),
            Err(OpenEntryError::UnknownEpoch(_)) => Err(TakeError::UnknownEpoch),
            Err(OpenEntryError::NewerRules { .. }) => Err(TakeError::NeedsUpdate),
            Err(OpenEntryError::OtherVault | OpenEntryError::Signature(_) | OpenEntryError::NotAuthentic) => {
                Err(TakeError::Alarm(SyncAlarm::Altered))
            }
        }
    }

    /// As [`Self::open_frame`]. An entry that does not count and that nobody here will ever open, because its epoch became void with its
    /// author's place, is set aside as it is.
    pub(crate) fn open_frame_or_set_aside(&mut self, frame: Vec<u8>) -> Result<Option<Arc<Opened>>, TakeError> {
        let header = WireEntry::parse(frame.clone()).map(|wire| (wire.header().clone(), wire.hash()));
        match (self.open_frame(frame.clone()), header) {
            (Err(TakeError::UnknownEpoch), Ok((header, hash))) if self.is_beyond_reach(header.log, header.seq, header.epoch) => {
                self.check_writable()?;
                let record = EntryRecord { log: header.log, seq: header.seq, hash, bytes: &frame };
                self.store.write(|tx| tx.quarantine(record))?;
                Ok(None)
            }
            (opened, _) => opened.map(Some),
        }
    }

    /// Whether an entry of a closed log lies beyond what counts of it, under an epoch that does not count either.
    fn is_beyond_reach(&self, log: LogId, seq: u64, epoch: vault_protocol::EpochId) -> bool {
        let state = self.replica.state();
        let closed_at = self.control.at(&state.control).and_then(|members| members.closed_at(log));
        let counts_to = closed_at.map(|cut_off| cut_off.seq.max(state.log(log).licensed));
        counts_to.is_some_and(|last| seq > last) && !self.control.state().epochs().contains_key(&epoch)
    }

    /// Takes a batch of opened entries in, in any order and with any repetition: all that can be applied is durable when this returns.
    pub(crate) fn take(&mut self, batch: Vec<Arc<Opened>>, ctx: &mut Ctx<'_>) -> Result<Taken, TakeError> {
        self.check_writable()?;
        let context = ReadContext { terms: self.keys.terms(), members: &self.control, store: self, now_ms: ctx.now_ms };
        let plan = self.replica.stage(&context, batch).map_err(|error| self.pull_error(error))?;
        let mut taken = self.store_plan(plan, ctx)?;
        // What was set aside as written by a closed log may have come to count.
        let again = self.quarantined_that_count()?;
        if !again.is_empty() {
            let context = ReadContext { terms: self.keys.terms(), members: &self.control, store: self, now_ms: ctx.now_ms };
            let plan = self.replica.stage(&context, again).map_err(|error| self.pull_error(error))?;
            let more = self.store_plan(plan, ctx)?;
            taken.n_applied += more.n_applied;
            taken.refused = taken.refused.or(more.refused);
            taken.summary.add(more.summary);
        }
        Ok(taken)
    }

    fn store_plan(&mut self, plan: Plan, ctx: &mut Ctx<'_>) -> Result<Taken, TakeError> {
        let Plan { entries, step, quarantined, refused, own } = plan;
        let sealed = self.seal_step(&step, ctx)?;
        let descriptors = self.missing_descriptors(&step, ctx)?;
        let heads: Vec<Applied> = step
            .state()
            .logs
            .iter()
            .filter(|(log, state)| state.head.seq > self.replica.state().seq(**log) || state.stopped)
            .map(|(log, state)| Applied {
                log: *log,
                head: state.head,
                status: if state.stopped { LogStatus::Stopped } else { LogStatus::Open },
            })
            .collect();
        self.store.write(|tx| {
            for entry in &entries {
                tx.append_entry(EntryRecord { log: entry.log, seq: entry.seq, hash: entry.hash, bytes: &entry.wire }, Pushed::Yes)?;
            }
            heads.iter().try_for_each(|applied| tx.put_applied(*applied))?;
            for entry in &quarantined {
                tx.quarantine(EntryRecord { log: entry.log, seq: entry.seq, hash: entry.hash, bytes: &entry.wire })?;
            }
            sealed.store(tx)?;
            descriptors.iter().try_for_each(|descriptor| descriptor.store_new(tx))
        })?;
        let summary = self.summary_of(&step);
        let live = self.live.as_ref().map(|live| live.item);
        let live_changed = live.filter(|item| step.objects.iter().any(|change| change.object == *item));
        let live_gone = live.filter(|item| step.retired.contains(item));
        let n_applied = entries.len();
        let refused = refused.first().map(|refusal| SyncAlarm::DeviceRefused { device: self.device_of(refusal.log), change: refusal.seq });
        let mut unseen = Vec::new();
        // Of a vault that is being brought here nobody is told yet.
        let ctx = &mut match self.joining {
            Some(_) => Ctx { now_ms: ctx.now_ms, host: &mut *ctx.host, out: &mut unseen },
            None => Ctx { now_ms: ctx.now_ms, host: &mut *ctx.host, out: &mut *ctx.out },
        };
        self.take_over(step, ctx);
        if live_gone.is_some() {
            self.live = None;
        }
        if let Some(item) = live_changed {
            // It is durable whether or not it can be shown.
            self.show(item, ctx).ok();
        }
        Ok(Taken { n_applied, own, refused, summary })
    }

    /// Descriptors whose blobs have no record here yet: those of others' attachments, current ones and those that came and went.
    fn missing_descriptors(&self, step: &Step, ctx: &mut Ctx<'_>) -> Result<Vec<Descriptor>, Failure> {
        let stored = |object| {
            let mut known = BTreeSet::new();
            self.store.read().attachments(object, |record| {
                known.insert(record.attachment);
                Ok::<(), vault_store::StoreError>(())
            })?;
            Ok(known)
        };
        self.descriptors_beyond(step, stored, ctx)
    }

    /// As [`Self::missing_descriptors`], for a view that is built anew.
    pub(crate) fn missing_descriptors_of_fresh(&self, step: &Step, ctx: &mut Ctx<'_>) -> Result<Vec<Descriptor>, Failure> {
        self.descriptors_beyond(step, |_| Ok(BTreeSet::new()), ctx)
    }

    fn descriptors_beyond(
        &self,
        step: &Step,
        stored: impl Fn(vault_protocol::ObjectId) -> Result<BTreeSet<[u8; 16]>, Failure>,
        ctx: &mut Ctx<'_>,
    ) -> Result<Vec<Descriptor>, Failure> {
        let mut out = Vec::new();
        for change in &step.objects {
            let mut known = stored(change.object)?;
            let current = change.state.fields().filter(|(key, _)| key.class == FieldClass::Attachment).filter_map(|(key, field)| {
                let (_, written) = field.shown()?;
                payload::decode_attachment(key, written.value.as_ref()?.expose()).ok()
            });
            for attachment in current {
                known.insert(attachment.id.0);
                if self.store.read().blob(attachment.blob)?.is_none() {
                    out.push(Descriptor::seal(&self.keys, change.object, attachment, AttachmentState::Current, ctx)?);
                }
            }
            for page in &change.history {
                let records = row::decode_history(page).map_err(|_| Failure::Damaged)?;
                for record in records.iter().rev().filter(|record| record.key.class == FieldClass::Attachment) {
                    let past = record.write.value.as_ref().and_then(|value| payload::decode_attachment(&record.key, value.expose()).ok());
                    if let Some(past) = past.filter(|past| known.insert(past.id.0)) {
                        out.push(Descriptor::seal(&self.keys, change.object, past, AttachmentState::Past, ctx)?);
                    }
                }
            }
        }
        Ok(out)
    }

    fn summary_of(&self, step: &Step) -> MergeSummary {
        let mut summary = MergeSummary::default();
        for change in step.objects.iter().filter(|change| crate::session::edit::object_kind(&change.state) == Some(payload::OBJECT_ITEM)) {
            summary.n_changed += 1;
            let was_conflicted = self.index.row(change.object).is_some_and(|row| row.conflict);
            if change.state.is_conflicted() && !was_conflicted {
                summary.conflicts.push(change.object);
            }
        }
        summary.n_gone = step.retired.iter().filter(|object| self.index.row(**object).is_some()).count() as u64;
        summary
    }

    /// Entries in quarantine that something else waits for: they have come to count.
    fn quarantined_that_count(&self) -> Result<Vec<Arc<Opened>>, TakeError> {
        let needed: BTreeSet<LogId> = self.replica.gaps(u64::MAX, 0).into_iter().map(|gap| gap.needs).collect();
        let mut frames = Vec::new();
        if !needed.is_empty() {
            self.store.read().each_quarantined(|record| {
                if needed.contains(&record.log) {
                    frames.push(record.bytes.to_vec());
                }
                Ok::<(), vault_store::StoreError>(())
            })?;
        }
        frames.into_iter().map(|frame| self.open_frame(frame)).collect()
    }

    /// What a carrier is told to be here: applied, set aside, or behind an entry that was refused. What follows that is new.
    pub(crate) fn known_heads(&self, pins: &VersionVector) -> Result<VersionVector, Failure> {
        let mut known = self.replica.state().vector();
        self.store.read().each_quarantined(|record| {
            let head = known.0.get(&record.log).copied();
            if record.seq == head.map_or(0, |head| head.seq) + 1 {
                known.0.insert(record.log, vault_protocol::Head { seq: record.seq, hash: record.hash });
            }
            Ok::<(), vault_store::StoreError>(())
        })?;
        for (log, state) in &self.replica.state().logs {
            if let Some(pin) = pins.0.get(log).filter(|pin| state.stopped && pin.seq > state.head.seq) {
                known.0.insert(*log, *pin);
            }
        }
        Ok(known)
    }

    /// In the client's words.
    fn pull_error(&self, error: PullError) -> TakeError {
        match error {
            PullError::Fork { log, seq } => TakeError::Alarm(SyncAlarm::Fork { device: self.device_of(log), change: seq }),
            PullError::Root { log, .. } => TakeError::Alarm(SyncAlarm::StateDiffers { device: self.device_of(log) }),
            PullError::Rollback { log, pinned, offered } => {
                TakeError::Alarm(SyncAlarm::Rollback { device: self.device_of(log), had: pinned, has: offered })
            }
            PullError::Load(_) => TakeError::Failed(Failure::Damaged),
        }
    }

    /// Compares the heads that a carrier offers with those that it had, and with what is here (MS12, MS14): how our own log is met.
    pub(crate) fn check_offered(&self, pins: &VersionVector, offered: &VersionVector) -> Result<OwnLog, TakeError> {
        Replica::check_heads(pins, offered).map_err(|error| self.pull_error(error))?;
        let own = self.replica.state().own;
        let mut met = OwnLog::Known;
        for (log, head) in &offered.0 {
            let here = self.replica.state().log(*log).head;
            let hash = match head.seq {
                seq if seq > here.seq => {
                    if *log == own {
                        met = OwnLog::Ahead;
                    }
                    continue;
                }
                seq if seq == here.seq => Some(here.hash),
                seq => self.store.read().entry(*log, seq)?.map(|(hash, _)| hash),
            };
            if hash.is_some_and(|hash| hash != head.hash) {
                if *log != own {
                    return Err(self.pull_error(PullError::Fork { log: *log, seq: head.seq }));
                }
                met = OwnLog::Diverged { seq: head.seq };
            }
        }
        Ok(met)
    }
}

impl MergeSummary {
    /// Adds what came in later.
    pub(crate) fn add(&mut self, later: Self) {
        self.n_changed += later.n_changed;
        self.n_gone += later.n_gone;
        self.conflicts.extend(later.conflicts);
        self.conflicts.sort_unstable();
        self.conflicts.dedup();
    }
}
