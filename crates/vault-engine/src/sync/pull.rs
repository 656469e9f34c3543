//! Others' changes: control log, then pages of entries, each verified whole before anything of it is stored.

use std::sync::Arc;

use vault_protocol::{
    Head, VersionVector,
    api::{ControlPage, Pull, Pulled, ReadControl},
    control::ControlEntry,
};

use super::{
    SyncAlarm, SyncStage, SyncState,
    call::{CallError, ask},
    control::Members,
    flow::{Flow, Stop},
};
use crate::{
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Failure, Progress, Stage},
    log::{acks::AckMoment, entry::Opened, pull::OwnLog},
    session::Session,
};

/// Bytes of a page: some hundred ordinary changes, taken in within some ten milliseconds.
const PAGE_BYTES: u32 = 256 * 1024;
/// Frames opened in one slice: some milliseconds.
const FRAMES_PER_SLICE: usize = 64;
/// A change that others build on is named as held back when it was missing for so long, in milliseconds.
const WITHHELD_AFTER_MS: u64 = 10 * 60_000;

impl Engine {
    /// Asks for what is new: one small request where nothing is.
    pub(crate) fn pull(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        self.with_token(Self::ask_for_page, ctx)
    }

    fn ask_for_page(&mut self, _: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let pins = session.sync.record.as_ref().map(|record| record.pins.clone()).unwrap_or_default();
        let mut known = session.known_heads(&pins)?;
        let own = session.replica.state().own;
        if let Some(after) = session.run()?.own_after {
            match after {
                0 => drop(known.0.remove(&own)),
                seq => {
                    let hash = session.store.read().entry(own, seq)?.map(|(hash, _)| hash).ok_or(Failure::Damaged)?;
                    known.0.insert(own, Head { seq, hash });
                }
            }
        }
        let call = Pull { vault: session.vault, known: known.clone(), max_bytes: PAGE_BYTES };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, session.sync.token.as_ref(), move |engine, result, ctx| {
            let flow = result.map_err(Stop::from).and_then(|pulled| engine.judge_page(&known, pulled, ctx));
            engine.go_on(flow, ctx)
        })?)
    }

    /// Where the server stands, compared with where it stood; then its control log, then the entries.
    fn judge_page(&mut self, known: &VersionVector, pulled: Pulled, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let mut offered = known.clone();
        for (log, head) in &pulled.differing.0 {
            if head.seq == 0 {
                offered.0.remove(log);
            } else {
                offered.0.insert(*log, *head);
            }
        }
        let is_new = |head: &vault_protocol::Hash| !session.control.contains(*head);
        if pulled.position.control_heads.iter().any(is_new) {
            let after = session.sync.n_control_read;
            session.run()?.position = pulled.position;
            return self.ask_for_control(after);
        }
        let record = session.sync.record.as_ref().ok_or(Failure::SyncOff)?;
        if !session.control.is_covered(&record.control, &pulled.position.control_heads) {
            return Err(Stop::State(SyncState::Alarm(SyncAlarm::RecordRollback)));
        }
        if session.control.state().conflict().is_some() {
            return Err(Stop::State(SyncState::SettleNeeded));
        }
        let own = session.replica.state().own;
        let pins = record.pins.clone();
        let met = session.check_offered(&pins, &offered)?;
        if met == OwnLog::Known {
            session.confirm_offered(&offered)?;
        }
        if let OwnLog::Diverged { seq } = met {
            // A claim is no proof: the entry itself is asked for.
            let run = session.run()?;
            if run.own_after.is_some() && pulled.entries.is_empty() {
                let device = session.device_of(own);
                return Err(Stop::State(SyncState::Alarm(SyncAlarm::Fork { device, change: seq })));
            }
            if run.own_after.is_none() {
                return self.ask_for_own(seq, ctx);
            }
        }
        let run = session.run()?;
        (run.position, run.offered) = (pulled.position, offered);
        if pulled.entries.is_empty() {
            return self.all_pulled(ctx);
        }
        Ok(Step::job(TakeJob { frames: pulled.entries.into_iter(), opened: Vec::new(), more: pulled.more })?)
    }

    fn ask_for_control(&mut self, after: u64) -> Flow {
        let session = self.session()?;
        let origin = session.run()?.origin.clone();
        let call = ReadControl { vault: session.vault, after };
        Ok(ask(&origin, &call, session.sync.token.as_ref(), move |engine, result, ctx| match result {
            // In a slice of its own: it writes, and waits while a backup reads.
            Ok(page) => Step::job(ControlJob { page: Some(page), after }),
            Err(error) => engine.go_on(Err(error.into()), ctx),
        })?)
    }

    fn take_control_page(&mut self, page: ControlPage, after: u64, ctx: &mut Ctx<'_>) -> Flow {
        let mut entries = Vec::with_capacity(page.entries.len());
        for wire in &page.entries {
            entries.push(ControlEntry::parse(wire).map_err(|_| Stop::State(SyncState::Alarm(SyncAlarm::RecordAltered)))?);
        }
        let reached = after + entries.len() as u64;
        let session = self.session()?;
        let members = match session.take_control(entries, ctx) {
            Ok(members) => members,
            // The server's order may have begun anew: everything is asked for again before it is called altered.
            Err(super::take::TakeError::Alarm(SyncAlarm::RecordAltered)) if after > 0 => {
                session.sync.n_control_read = 0;
                return self.ask_for_control(0);
            }
            Err(error) => return Err(error.into()),
        };
        session.sync.n_control_read = reached;
        match members {
            // A page may end in the middle of what is to be judged: all of it is read, and says what this means.
            Members::Removed | Members::Forked | Members::PlaceVoid | Members::LogClosed => return self.ask_why_refused(),
            Members::NewEpoch => return self.lock_for_new_epoch(ctx),
            Members::GoOn if session.joining.is_none() => session.tell_status(ctx),
            Members::GoOn => {}
        }
        if reached < page.n_control && !page.entries.is_empty() {
            return self.ask_for_control(reached);
        }
        if let Some(from) = self.session()?.first_superseded()? {
            self.move_log(from, ctx)?;
        }
        self.again(ctx)
    }

    /// A page is opened: takes it in.
    fn take_page(&mut self, batch: Vec<Arc<Opened>>, more: bool, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let taken = session.take(batch, ctx)?;
        let own_log = session.replica.state().own;
        let run = session.run()?;
        run.n_pulled += taken.n_applied as u64;
        run.summary.add(taken.summary);
        run.alarm = run.alarm.take().or(taken.refused);
        let (n_pulled, own_after) = (run.n_pulled, run.own_after.take());
        let total = run.position.n_entries;
        session.tell_stage(SyncStage::Pulling, n_pulled, total, ctx);
        match (taken.own, own_after) {
            (OwnLog::Known | OwnLog::Elsewhere { .. }, Some(_)) if more => {
                session.run()?.own_after = own_after;
            }
            (OwnLog::Known | OwnLog::Elsewhere { .. }, Some(after)) => {
                // The proof that was asked for did not come.
                let device = session.device_of(own_log);
                return Err(Stop::State(SyncState::Alarm(SyncAlarm::Fork { device, change: after + 1 })));
            }
            (OwnLog::Known, None) => {}
            (OwnLog::Ahead, _) => {
                // All that we hold of it is there too, sent or not: nothing has to move.
                let head = session.replica.state().seq(own_log);
                session.store.write(|tx| tx.mark_pushed(own_log, head))?;
                self.move_log(head + 1, ctx)?;
                return self.again(ctx);
            }
            // What lies between the last entry that is known to be the same and this one may be the same or not.
            (OwnLog::Diverged { seq } | OwnLog::Elsewhere { seq }, None) => return self.ask_for_own(seq, ctx),
            (OwnLog::Diverged { seq }, Some(_)) => {
                session.store.write(|tx| tx.mark_pushed(own_log, seq - 1))?;
                self.move_log(seq, ctx)?;
                return self.again(ctx);
            }
        }
        if more { self.pull(ctx) } else { self.all_pulled(ctx) }
    }

    /// Our log goes on elsewhere, at `seq` at the latest: asks for it from the first entry on that no carrier is known to have.
    fn ask_for_own(&mut self, seq: u64, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let first = session.first_unpushed(session.replica.state().own)?.map_or(seq, |first| first.min(seq));
        session.run()?.own_after = Some(first.saturating_sub(1));
        self.again(ctx)
    }

    /// The server has no more: is all here that it spoke of?
    fn all_pulled(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        if let Some(withheld) = session.withheld(ctx.now_ms) {
            return Err(Stop::State(SyncState::Alarm(withheld)));
        }
        let offered = session.run()?.offered.clone();
        let known = session.known_heads(&offered)?;
        let waits = |log: &vault_protocol::LogId| session.replica.gaps(u64::MAX, 0).iter().any(|gap| gap.log == *log);
        let undelivered = offered.0.iter().find(|(log, head)| known.seq(**log) < head.seq && !waits(log));
        if let Some((log, _)) = undelivered {
            let withheld = SyncAlarm::Withheld { device: session.device_of(*log), change: known.seq(*log) + 1 };
            return Err(Stop::State(SyncState::Alarm(withheld)));
        }
        if session.replica.needs_ack(ctx.now_ms, AckMoment::Open) {
            session.write_entry(Vec::new(), Vec::new(), ctx)?;
        }
        session.retire_left_logs(&offered, ctx)?;
        session.sync.take_changes();
        self.push(ctx)
    }
}

impl Session {
    /// A change that has been missing for a while although others build on it.
    fn withheld(&self, now_ms: u64) -> Option<SyncAlarm> {
        let gap = self.replica.gaps(now_ms, WITHHELD_AFTER_MS).into_iter().next()?;
        Some(SyncAlarm::Withheld { device: self.device_of(gap.needs), change: gap.needs_seq })
    }
}

/// Opens the frames of a page in slices, then takes the page in as one.
struct TakeJob {
    frames: std::vec::IntoIter<Vec<u8>>,
    opened: Vec<Arc<Opened>>,
    more: bool,
}

impl Job for TakeJob {
    fn slice(&mut self, engine: &mut Engine, _: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        for frame in self.frames.by_ref().take(FRAMES_PER_SLICE) {
            match engine.session()?.open_frame_or_set_aside(frame) {
                Ok(opened) => self.opened.extend(opened),
                Err(error) => return engine.go_on(Err(error.into()), ctx).map(Slice::End),
            }
        }
        if self.frames.len() > 0 {
            let (done, total) = (self.opened.len() as u64, (self.opened.len() + self.frames.len()) as u64);
            return Ok(Slice::More(Progress { stage: Stage::Syncing, done, total }));
        }
        let flow = engine.take_page(std::mem::take(&mut self.opened), self.more, ctx);
        engine.go_on(flow, ctx).map(Slice::End)
    }

    fn writes(&self) -> bool {
        true
    }
}

/// Takes a page of the control log in.
struct ControlJob {
    page: Option<ControlPage>,
    after: u64,
}

impl Job for ControlJob {
    fn slice(&mut self, engine: &mut Engine, _: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let flow = match self.page.take() {
            Some(page) => engine.take_control_page(page, self.after, ctx),
            None => Err(CallError::Malformed.into()),
        };
        engine.go_on(flow, ctx).map(Slice::End)
    }

    fn writes(&self) -> bool {
        true
    }
}
