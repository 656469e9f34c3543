//! One exchange with the server: its steps from the beginning on. How it ends is in [`super::ending`], when the next one is due in
//! [`super::timing`].
//!
//! Control log first, then others' entries, then ours. Whatever comes to its end in the middle has changed nothing that is not whole: every
//! page taken in is durable, every page handed over may be handed over again.

use vault_protocol::{
    VersionVector,
    api::{ApiError, Origin, Position},
};

use super::{MergeSummary, SyncAlarm, SyncStage, SyncState, call::CallError, take::TakeError};
use crate::{
    context::{Ctx, Step},
    engine::Engine,
    event::{Event, Failure},
    log::acks::AckMoment,
    session::Session,
};

/// Times that an exchange begins again before it is put off: a server that moves on at every step is busy or mocks us.
const MAX_ROUNDS: u8 = 8;

/// An exchange that runs.
pub(crate) struct Run {
    /// The server.
    pub(crate) origin: Origin,
    /// Times that it began again.
    pub(crate) n_rounds: u8,
    /// Whether it has logged in anew since a session ended.
    pub(crate) logged_in: bool,
    /// What came in.
    pub(crate) summary: MergeSummary,
    /// Where the server stands.
    pub(crate) position: Position,
    /// The server's heads.
    pub(crate) offered: VersionVector,
    /// The server claims another history of our own log: its proof is asked for from this entry on.
    pub(crate) own_after: Option<u64>,
    /// Entries taken in.
    pub(crate) n_pulled: u64,
    /// Entries handed over.
    pub(crate) n_pushed: u64,
    /// Entries to hand over.
    pub(crate) n_to_push: u64,
    /// Something that does not end the exchange and is told at its end.
    pub(crate) alarm: Option<SyncAlarm>,
}

/// Why an exchange ended before all was exchanged.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A call brought nothing.
    Call(CallError),
    /// In this state.
    State(SyncState),
    /// This device failed.
    Failed(Failure),
}

impl From<CallError> for Stop {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<TakeError> for Stop {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Alarm(alarm) => Self::State(SyncState::Alarm(alarm)),
            TakeError::Stranger => Self::State(SyncState::Alarm(SyncAlarm::Altered)),
            TakeError::UnknownEpoch => Self::State(SyncState::PasswordNeeded),
            TakeError::NeedsUpdate => Self::State(SyncState::NeedsUpdate),
            TakeError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// What a part of an exchange gives: how it goes on, or why it stops.
pub(crate) type Flow = Result<Step, Stop>;

impl Engine {
    /// Begins an exchange if sync is on and none runs.
    pub(crate) fn begin_sync(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let flow = self.first_step(ctx);
        self.go_on(flow, ctx)
    }

    fn first_step(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let sync = &mut session.sync;
        let Some(record) = sync.record.as_ref().filter(|_| sync.is_on() && sync.run.is_none()) else { return Ok(Step::Done) };
        let origin = Origin::parse(&record.server).ok_or(Failure::BadServer)?;
        let is_registered = record.registered;
        sync.due_ms = None;
        sync.last_try_ms = ctx.now_ms;
        sync.run = Some(Box::new(Run {
            origin,
            n_rounds: 0,
            logged_in: false,
            summary: MergeSummary::default(),
            position: Position::default(),
            offered: VersionVector::default(),
            own_after: None,
            n_pulled: 0,
            n_pushed: 0,
            n_to_push: 0,
            alarm: None,
        }));
        session.check_writable()?;
        session.tell_stage(SyncStage::Connecting, 0, 0, ctx);
        session.write_moved(ctx)?;
        if let Some(from) = session.first_superseded()? {
            self.move_log(from, ctx)?;
        }
        if is_registered { self.pull(ctx) } else { self.register(ctx) }
    }
    /// Begins again from the pull: the server has moved on, or our own log has.
    pub(crate) fn again(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        let run = self.session()?.run()?;
        run.n_rounds += 1;
        if run.n_rounds > MAX_ROUNDS {
            return Err(CallError::Refused(ApiError::Busy { retry_after_secs: 5 }).into());
        }
        self.pull(ctx)
    }

    /// Begins a new log and moves what no carrier has from `from` on.
    pub(crate) fn move_log(&mut self, from: u64, ctx: &mut Ctx<'_>) -> Result<(), Stop> {
        let session = self.session()?;
        session.move_to_new_log(from, ctx).map_err(TakeError::from)?;
        let (vault, device, log) = (session.vault, session.device, session.replica.state().own);
        self.devices.set_place(vault, device, log)?;
        Ok(())
    }

    /// Turns the end of a part into a step of the engine.
    pub(crate) fn go_on(&mut self, flow: Flow, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        match flow {
            Ok(step) => Ok(step),
            Err(Stop::Call(CallError::Refused(ApiError::SessionExpired))) if self.may_log_in_again() => {
                let flow = self.again(ctx);
                self.go_on(flow, ctx)
            }
            Err(stop) => {
                self.stop_sync(stop, ctx);
                Ok(Step::Done)
            }
        }
    }

    fn may_log_in_again(&mut self) -> bool {
        let Some(session) = &mut self.session else { return false };
        session.sync.token = None;
        session.sync.run.as_mut().is_some_and(|run| !std::mem::replace(&mut run.logged_in, true))
    }

    /// The session is about to end: signs what was merged, and answers those who wait.
    pub(crate) fn end_of_sync(&mut self, ctx: &mut Ctx<'_>) {
        let Some(session) = &mut self.session else { return };
        session.sync.run = None;
        let afterwards = std::mem::take(&mut session.sync.afterwards).into_iter().map(|(request, _)| request);
        for waiter in std::mem::take(&mut session.sync.waiters).into_iter().chain(afterwards) {
            ctx.emit(Event::Failed(waiter, Failure::Locked));
        }
        session.files.fail_waiters(&Failure::Locked, ctx);
        if let Some(joining) = session.joining.take() {
            ctx.emit(Event::Failed(joining.request(), Failure::Locked));
            self.drop_joining(joining.folder(), ctx);
            return;
        }
        let members = session.control.state();
        let is_shared = members.current_devices().count() > 1;
        // Under keys that a new epoch has replaced nothing more is written.
        let is_newest = members.newest_epoch() == Some(session.keys.opened().epoch());
        if is_shared && is_newest && session.read_only.is_none() && session.replica.needs_ack(ctx.now_ms, AckMoment::Lock) {
            // It is said at the next lock where it can't be said now.
            session.write_entry(Vec::new(), Vec::new(), ctx).ok();
        }
    }
}

impl Session {
    /// The first entry of a log that no carrier has confirmed.
    pub(crate) fn first_unpushed(&self, log: vault_protocol::LogId) -> Result<Option<u64>, Failure> {
        let mut first = None;
        self.store.read().unpushed(log, 1, |record| {
            first = Some(record.seq);
            Ok::<(), vault_store::StoreError>(())
        })?;
        Ok(first)
    }

    /// The exchange that runs.
    pub(crate) fn run(&mut self) -> Result<&mut Run, Failure> {
        self.sync.run.as_deref_mut().ok_or(Failure::SyncOff)
    }

    /// Tells how far the exchange is.
    pub(crate) fn tell_stage(&mut self, stage: SyncStage, done: u64, total: u64, ctx: &mut Ctx<'_>) {
        self.set_sync_state(SyncState::Running { stage, done, total });
        let progress = crate::event::Progress { stage: crate::event::Stage::Syncing, done, total };
        let joining = self.joining.as_ref().map(|joining| joining.request());
        for waiter in self.sync.waiters.iter().copied().chain(joining) {
            ctx.emit(Event::Progress(waiter, progress));
        }
    }
}
