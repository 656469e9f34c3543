//! How an exchange ends, and who is told.

use vault_protocol::{Hash, VersionVector};

use super::{
    SyncAlarm, SyncState,
    call::CallError,
    flow::{Flow, Run, Stop},
    timing::{MAX_RETRY_MS, POLL_MS, retry_at},
};
use crate::{
    command::RequestId,
    context::{Ctx, Step, Then},
    engine::Engine,
    event::{Event, Failure, LockReason},
    session::{Session, local},
};

impl Engine {
    /// Ends the exchange before all was exchanged: says why, answers who waits, and sets the time of the next try.
    pub(crate) fn stop_sync(&mut self, stop: Stop, ctx: &mut Ctx<'_>) {
        let Some(session) = &mut self.session else { return };
        let Some(run) = session.sync.run.take() else { return };
        session.sync.take_changes();
        let n_failures = session.sync.n_failures;
        let retry_ms = retry_at(ctx, n_failures, 0);
        let (state, failure) = match stop {
            Stop::Call(CallError::Net(why)) => (SyncState::Offline { retry_ms, why }, Failure::Offline(why)),
            Stop::Call(CallError::Malformed) => (SyncState::Alarm(SyncAlarm::Nonsense), Failure::ServerAlarm(SyncAlarm::Nonsense)),
            Stop::Call(error @ CallError::Refused(_)) => session.refused(error, n_failures, ctx),
            Stop::State(SyncState::Alarm(alarm)) => (SyncState::Alarm(alarm.clone()), Failure::ServerAlarm(alarm)),
            Stop::State(SyncState::NotAccepted) => (SyncState::NotAccepted, Failure::NotAccepted),
            Stop::State(state) => (state, Failure::SyncStopped),
            Stop::Failed(failure) => (SyncState::Failed(failure.clone()), failure),
        };
        session.sync.due_ms = match &state {
            SyncState::Offline { retry_ms, .. } | SyncState::Busy { retry_ms } => Some(*retry_ms),
            // What only a person or another device can change is looked at rarely.
            SyncState::Alarm(_) | SyncState::Failed(_) | SyncState::VaultFull | SyncState::NeedsUpdate | SyncState::SettleNeeded => {
                Some(ctx.now_ms + MAX_RETRY_MS)
            }
            _ => None,
        };
        session.sync.n_failures = n_failures.saturating_add(1);
        session.sync.watch.disarm();
        session.set_sync_state(state);
        if session.joining.is_some() {
            self.joined(Err(failure), ctx);
            return;
        }
        session.end_run(&run, Err(failure.clone()), ctx);
        session.files.fail_waiters(&failure, ctx);
        self.go_on_afterwards(&Err(failure), ctx);
    }

    /// All is exchanged, unless the server takes none of our changes: then `held` says why, and all else is done.
    pub(crate) fn finish_sync(&mut self, held: Option<SyncState>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let now_ms = ctx.now_ms;
        let Some(run) = session.sync.run.take() else { return Ok(Step::Done) };
        if let Some(record) = &mut session.sync.record {
            record.last_sync_ms = now_ms;
            record.pins = run.offered.clone();
            record.control = run.position.control_heads.clone();
        }
        session.save_sync(ctx)?;
        if session.previous_log_key.take().is_some() {
            // The server has the present one: from now on that logs in.
            session.sync.token = None;
            session.store.write(|tx| tx.delete_local(local::PREVIOUS_LOG_KEY))?;
        }
        session.sync.n_failures = 0;
        // What was written meanwhile has its own time already.
        let poll_ms = now_ms + POLL_MS;
        let has_changes = session.sync.has_changes();
        session.sync.due_ms = Some(if has_changes { now_ms } else { poll_ms });
        session.sync.watch.arm(&run.position, run.n_pulled > 0, now_ms);
        // What was taken in, and the control log, stand whether or not our changes were taken.
        let exchanged = run.alarm.as_ref().map_or(Ok(()), |alarm| Err(Failure::ServerAlarm(alarm.clone())));
        let (state, result) = match (&run.alarm, held) {
            (Some(alarm), _) => (SyncState::Alarm(alarm.clone()), exchanged.clone()),
            (None, Some(SyncState::VaultFull)) => (SyncState::VaultFull, Err(Failure::VaultFull)),
            (None, Some(why)) => (why, Err(Failure::PaymentRequired)),
            (None, None) if has_changes => (SyncState::Waiting { at_ms: now_ms }, Ok(())),
            (None, None) => (SyncState::UpToDate, Ok(())),
        };
        session.set_sync_state(state);
        if session.joining.is_some() {
            self.joined(exchanged, ctx);
            return Ok(Step::Done);
        }
        session.end_run(&run, result, ctx);
        if run.alarm.is_none() {
            session.files.after_exchange(run.n_pulled > 0, now_ms);
        }
        self.ask_plan(ctx);
        let session = self.session()?;
        if has_changes && !session.sync.afterwards.is_empty() {
            // What they wait for was written while this exchange ran.
            self.start_sync(ctx);
        } else {
            self.go_on_afterwards(&exchanged, ctx);
        }
        Ok(Step::Done)
    }

    /// Goes on with `then` when all that is here has been exchanged.
    pub(crate) fn after_sync(&mut self, request: RequestId, then: Then, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.sync.afterwards.push((request, then));
        // One that runs already may be past its push: it is begun again.
        if session.sync.run.is_none() {
            self.start_sync(ctx);
        }
        Ok(Step::Later)
    }

    /// Whoever waited for the end of an exchange goes on, or fails with it.
    fn go_on_afterwards(&mut self, result: &Result<(), Failure>, ctx: &mut Ctx<'_>) {
        let waiting = self.session.as_mut().map(|session| std::mem::take(&mut session.sync.afterwards)).unwrap_or_default();
        for (request, then) in waiting {
            self.set_current(request);
            let step = match result {
                Ok(()) => then(self, ctx),
                Err(failure) => Err(failure.clone()),
            };
            self.proceed(request, step, ctx);
        }
    }

    /// A new epoch came in that these keys do not open.
    pub(crate) fn lock_for_new_epoch(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        if let Some(session) = &mut self.session {
            session.sync.run = None;
        }
        self.lock(LockReason::NewEpoch, ctx);
        Ok(Step::Done)
    }
}

impl Session {
    fn end_run(&mut self, run: &Run, result: Result<(), Failure>, ctx: &mut Ctx<'_>) {
        if !run.summary.is_empty() {
            ctx.emit(Event::SyncMerged(run.summary.clone()));
            self.tell_status(ctx);
        }
        self.tell_sync(ctx);
        for waiter in std::mem::take(&mut self.sync.waiters) {
            ctx.emit(match &result {
                Ok(()) => Event::Done(waiter),
                Err(failure) => Event::Failed(waiter, failure.clone()),
            });
        }
    }

    fn refused(&mut self, error: CallError, n_failures: u32, ctx: &mut Ctx<'_>) -> (SyncState, Failure) {
        let failure = error.failure();
        let state = match &failure {
            Failure::NotAccepted => SyncState::NotAccepted,
            Failure::NotRegistered => {
                // Deleted there, by whoever may: it comes back only by a person's act.
                if let Some(record) = &mut self.sync.record {
                    record.registered = false;
                    record.enabled = false;
                    record.pins = VersionVector::default();
                    record.control = Vec::<Hash>::new();
                }
                self.save_sync(ctx).ok();
                SyncState::NotRegistered
            }
            Failure::PaymentRequired => SyncState::PaymentRequired,
            Failure::VaultFull => SyncState::VaultFull,
            Failure::ServerAlarm(alarm) => SyncState::Alarm(alarm.clone()),
            Failure::ServerBusy { wait_ms } => SyncState::Busy { retry_ms: retry_at(ctx, n_failures, *wait_ms) },
            _ => SyncState::Failed(failure.clone()),
        };
        (state, failure)
    }
}
