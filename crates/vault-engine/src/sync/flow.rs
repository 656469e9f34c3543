//! One exchange with the server, from its beginning to its end, and when the next one is due.
//!
//! Control log first, then others' entries, then ours. Whatever comes to its end in the middle has changed nothing that is not whole: every
//! page taken in is durable, every page handed over may be handed over again.

use vault_crypto::secret::LogSigningKey;
use vault_protocol::{
    Hash, VersionVector,
    api::{ApiError, AppendControl, Challenge, Challenged, OpenSession, Origin, Position, Purpose, Register},
};

use super::{
    MergeSummary, SyncAlarm, SyncStage, SyncState,
    call::{CallError, ask},
    take::TakeError,
};
use crate::{
    command::RequestId,
    context::{Ctx, Step, Then},
    engine::Engine,
    event::{Event, Failure, LockReason},
    log::acks::AckMoment,
    session::{Session, local},
};

/// The first wait after a try that failed, in milliseconds; it doubles.
const FIRST_RETRY_MS: u64 = 5_000;
/// The longest wait between tries, in milliseconds.
const MAX_RETRY_MS: u64 = 15 * 60_000;
/// A person who comes back makes an unreachable server be tried again, but not more often than this, in milliseconds.
const LOOK_AGAIN_MS: u64 = 15_000;
/// Between two exchanges while nothing happens here, in milliseconds: one small request.
const POLL_MS: u64 = 60_000;
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

    /// Names the vault to the server by its genesis; never another one, never a second salt (MS03).
    fn register(&mut self, _: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let genesis = session.control.entries().next().map(|(_, entry)| entry.encode()).ok_or(Failure::Damaged)?;
        let call = Register { genesis, create: true };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, None, |engine, result, ctx| {
            let flow = engine.registered(result.map(|registered| registered.vault), ctx);
            engine.go_on(flow, ctx)
        })?)
    }

    fn registered(&mut self, result: Result<vault_protocol::VaultId, CallError>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        match result {
            Ok(vault) if vault == session.vault => {}
            Ok(_) => return Err(CallError::Malformed.into()),
            Err(CallError::Refused(ApiError::OtherGenesis)) => return Err(Stop::State(SyncState::Alarm(SyncAlarm::OtherVault))),
            Err(error) => return Err(error.into()),
        }
        if let Some(record) = &mut session.sync.record {
            record.registered = true;
        }
        session.save_sync(ctx)?;
        let entries = session.control_beyond(&session.genesis_head());
        if session.is_known_at(&session.genesis_head(), &session.log_key) || entries.is_empty() {
            return self.pull(ctx);
        }
        self.introduce(entries)
    }

    /// The genesis alone names no device that could log in: the vault's own key hands over the rest of the control log. A server that has it
    /// already refuses, and knows this device.
    fn introduce(&mut self, entries: Vec<Vec<u8>>) -> Flow {
        let session = self.session()?;
        let (vault, heads) = (session.vault, session.genesis_head());
        let key = vault_protocol::Signer::public_key(session.keys.opened().did());
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &Challenge { vault, key }, None, move |engine, result, ctx| {
            let challenged = match result {
                Ok(challenged) => challenged,
                Err(error) => return engine.go_on(Err(error.into()), ctx),
            };
            let session = engine.session()?;
            let origin = session.run()?.origin.clone();
            let call = OpenSession::sign(vault, Purpose::Join, origin.clone(), &challenged, session.keys.opened().did());
            let server = origin.clone();
            ask(&server, &call, None, move |engine, result, ctx| match result {
                Ok(opened) => ask(&origin, &AppendControl { vault, heads, entries }, Some(&opened.token), |engine, result, ctx| {
                    let flow = match result {
                        Ok(_) | Err(CallError::Refused(ApiError::StaleControl { .. })) => engine.pull(ctx),
                        Err(error) => Err(error.into()),
                    };
                    engine.go_on(flow, ctx)
                }),
                Err(CallError::Refused(ApiError::Unauthorized)) => {
                    let flow = engine.pull(ctx);
                    engine.go_on(flow, ctx)
                }
                Err(error) => engine.go_on(Err(error.into()), ctx),
            })
        })?)
    }

    /// Goes on with `then` in a session of the server; logs in first where there is none.
    pub(crate) fn with_token(&mut self, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        if session.sync.token.is_some() {
            return then(self, ctx);
        }
        let key = vault_protocol::Signer::public_key(session.login_key());
        let call = Challenge { vault: session.vault, key };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, None, move |engine, result, ctx| {
            let flow = result.map_err(Stop::from).and_then(|challenged| engine.answer_challenge(&challenged, then));
            engine.go_on(flow, ctx)
        })?)
    }

    fn answer_challenge(&mut self, challenged: &Challenged, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow) -> Flow {
        let session = self.session()?;
        let origin = session.run()?.origin.clone();
        let call = OpenSession::sign(session.vault, Purpose::Sync, origin.clone(), challenged, session.login_key());
        Ok(ask(&origin, &call, None, move |engine, result, ctx| {
            let flow = match result {
                Ok(opened) => match engine.session() {
                    Ok(session) => {
                        session.sync.token = Some(opened.token);
                        then(engine, ctx)
                    }
                    Err(failure) => Err(failure.into()),
                },
                Err(CallError::Refused(ApiError::Unauthorized)) => engine.ask_whether_registered(),
                Err(error) => Err(error.into()),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    /// The login was refused: is the vault gone from the server, or this device from the vault?
    fn ask_whether_registered(&mut self) -> Flow {
        let session = self.session()?;
        let genesis = session.control.entries().next().map(|(_, entry)| entry.encode()).ok_or(Failure::Damaged)?;
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &Register { genesis, create: false }, None, |engine, result, ctx| {
            let stop = match result {
                Ok(_) => Stop::State(SyncState::NotAccepted),
                Err(error) => error.into(),
            };
            engine.go_on(Err(stop), ctx)
        })?)
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
            Stop::State(SyncState::PaymentRequired) => (SyncState::PaymentRequired, Failure::PaymentRequired),
            Stop::State(state) => (state, Failure::SyncStopped),
            Stop::Failed(failure) => (SyncState::Failed(failure.clone()), failure),
        };
        session.sync.due_ms = match &state {
            SyncState::Offline { retry_ms, .. } | SyncState::Busy { retry_ms } => Some(*retry_ms),
            // What only a person or another device can change is looked at rarely.
            SyncState::Alarm(_) | SyncState::Failed(_) | SyncState::PaymentRequired | SyncState::NeedsUpdate | SyncState::SettleNeeded => {
                Some(ctx.now_ms + MAX_RETRY_MS)
            }
            _ => None,
        };
        session.sync.n_failures = n_failures.saturating_add(1);
        session.set_sync_state(state);
        if session.joining.is_some() {
            self.joined(Err(failure), ctx);
            return;
        }
        session.end_run(&run, Err(failure.clone()), ctx);
        self.go_on_afterwards(&Err(failure), ctx);
    }

    /// All is exchanged.
    pub(crate) fn finish_sync(&mut self, ctx: &mut Ctx<'_>) -> Flow {
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
        let (state, result) = match &run.alarm {
            Some(alarm) => (SyncState::Alarm(alarm.clone()), Err(Failure::ServerAlarm(alarm.clone()))),
            None if has_changes => (SyncState::Waiting { at_ms: now_ms }, Ok(())),
            None => (SyncState::UpToDate, Ok(())),
        };
        session.set_sync_state(state);
        if session.joining.is_some() {
            self.joined(result, ctx);
            return Ok(Step::Done);
        }
        session.end_run(&run, result.clone(), ctx);
        if has_changes && !session.sync.afterwards.is_empty() {
            // What they wait for was written while this exchange ran.
            self.start_sync(ctx);
        } else {
            self.go_on_afterwards(&result, ctx);
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

impl Engine {
    /// The vault is shown: work that a crash left is finished, and the first exchange is due.
    pub(crate) fn sync_after_opening(&mut self, ctx: &mut Ctx<'_>) {
        let Ok(session) = self.session() else { return };
        session.sync.is_news = true;
        if session.read_only.is_some() {
            return;
        }
        // Both are tried again with the next exchange; until then a halted log says so at every edit.
        let own = session.replica.state().own;
        let is_halted = session.replica.state().halted;
        session.write_moved(ctx).ok();
        if is_halted {
            let first = session.first_unpushed(own).ok().flatten();
            let from = first.unwrap_or(session.replica.state().seq(own) + 1);
            self.move_log(from, ctx).ok();
        }
        if let Some(session) = self.session.as_mut().filter(|session| session.sync.is_on()) {
            session.sync.due_ms = Some(ctx.now_ms);
        }
    }

    /// The person is back: what could not be reached a while ago may be there again.
    pub(crate) fn look_again(&mut self, now_ms: u64) {
        let Some(session) = self.session.as_mut() else { return };
        if let SyncState::Offline { .. } = session.sync.state
            && session.sync.last_try_ms.saturating_add(LOOK_AGAIN_MS) <= now_ms
        {
            session.sync.due_ms = Some(now_ms);
        }
    }

    /// The session is about to end: signs what was merged, and answers those who wait.
    pub(crate) fn end_of_sync(&mut self, ctx: &mut Ctx<'_>) {
        let Some(session) = &mut self.session else { return };
        session.sync.run = None;
        let afterwards = std::mem::take(&mut session.sync.afterwards).into_iter().map(|(request, _)| request);
        for waiter in std::mem::take(&mut session.sync.waiters).into_iter().chain(afterwards) {
            ctx.emit(Event::Failed(waiter, Failure::Locked));
        }
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
    /// The key that the server knows: a new log's comes to it by a session of the one before.
    fn login_key(&self) -> &LogSigningKey {
        let heads = self.sync.record.as_ref().map(|record| record.control.as_slice()).unwrap_or_default();
        let is_known = |key: &LogSigningKey| self.is_known_at(heads, key);
        match &self.previous_log_key {
            Some(previous) if !is_known(&self.log_key) && is_known(previous) => previous,
            _ => &self.log_key,
        }
    }

    /// Whether a log's key is that of a member at these control heads.
    fn is_known_at(&self, heads: &[Hash], key: &LogSigningKey) -> bool {
        let key = vault_protocol::Signer::public_key(key);
        self.control.state_at(heads).is_ok_and(|members| members.open_log_of_key(key).is_some())
    }

    /// The control head of a vault that has just been registered.
    fn genesis_head(&self) -> Vec<Hash> {
        self.control.entries().next().map(|(hash, _)| hash).into_iter().collect()
    }

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
            Failure::ServerAlarm(alarm) => SyncState::Alarm(alarm.clone()),
            Failure::ServerBusy { wait_ms } => SyncState::Busy { retry_ms: retry_at(ctx, n_failures, *wait_ms) },
            _ => SyncState::Failed(failure.clone()),
        };
        (state, failure)
    }
}

/// When to try again: later each time, at least after `wait_ms`, and not when all others do (± a quarter).
fn retry_at(ctx: &mut Ctx<'_>, n_failures: u32, wait_ms: u64) -> u64 {
    let base = FIRST_RETRY_MS.saturating_mul(1 << n_failures.min(10)).min(MAX_RETRY_MS);
    // Without a generator all devices try at once, which costs the server more and this one nothing.
    let random = ctx.make_bytes::<2>().map_or(0, u16::from_be_bytes);
    let jittered = base * 3 / 4 + base / 2 * u64::from(random) / u64::from(u16::MAX);
    ctx.now_ms + jittered.max(wait_ms)
}
