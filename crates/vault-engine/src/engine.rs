//! The state machine: one command or reply at a time, one slice of long work at a time.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};

use vault_protocol::VaultId;
use vault_store::DeviceIndex;

use crate::{
    clipboard::Clipboard,
    command::{Command, RequestId},
    context::{Ctx, Job, Next, Output, Slice, Step, Then},
    effect::{Effect, EffectId, Host, Reply},
    event::{Event, Failure, LockReason, Notice},
    files::stream_of,
    rebuild,
    session::Session,
    sync::{Stop, pair_guest::GuestPairing, pair_host::HostPairing},
};

/// What comes in.
pub enum Input {
    /// From the window or the command line.
    Command(RequestId, Command),
    /// From the platform.
    Reply(EffectId, Reply),
}

/// Whether there is more to do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progressed {
    /// Nothing until an input comes or the time last asked for by [`Effect::WakeAt`] has come.
    Idle,
    /// Call [`Engine::step`] again.
    More,
}

/// The one owner of keys and store.
pub struct Engine {
    pub(crate) devices: DeviceIndex,
    pub(crate) session: Option<Session>,
    pub(crate) clipboard: Clipboard,
    waiting: BTreeMap<EffectId, Waiting>,
    jobs: VecDeque<Running>,
    last_effect: u64,
    last_touch_ms: u64,
    wake_at_ms: Option<u64>,
    /// Shared with every [`Hold`]: while there is one, commands that write wait.
    holds: Rc<()>,
    held: VecDeque<(RequestId, Command)>,
    /// The request that is being handled.
    current: RequestId,
    /// What goes on at a time.
    timers: Vec<Timer>,
    /// A new device whose comparison code is being compared.
    pub(crate) pairing: Option<HostPairing>,
    /// The request that confirms a comparison code, and the one that showed it: both end together.
    pub(crate) confirming: Option<(RequestId, RequestId)>,
    /// This device, enrolled by another one, waits for the master password.
    pub(crate) paired: Option<GuestPairing>,
    /// The request that is opening the session: until its rows are loaded, its end is the session's end.
    pub(crate) opening: Option<RequestId>,
    /// What opening the data folder brought up; told with the first list of vaults.
    pub(crate) notices: Vec<Notice>,
    /// Vaults whose replaced device keys have been collected.
    pub(crate) collected: BTreeSet<VaultId>,
}

/// Keeps commands that write waiting until it is dropped.
pub(crate) struct Hold(#[allow(dead_code, reason = "counted, not read")] Rc<()>);

/// Stands for work that no client asked for.
const NOBODY: RequestId = RequestId(0);
/// Stands for the exchange with a server, which ends with the session and answers those who wait for it by itself.
pub(crate) const SYNC: RequestId = RequestId(u64::MAX);
/// Stands for what is asked of a server beside the exchange; ends with the session, and nobody waits for it.
pub(crate) const ASIDE: RequestId = RequestId(u64::MAX - 1);

/// Whether a client waits for the end of a request.
fn is_a_clients(request: RequestId) -> bool {
    request != NOBODY && request != SYNC && request != ASIDE && stream_of(request).is_none()
}

struct Waiting {
    request: RequestId,
    next: Next,
}

struct Timer {
    at_ms: u64,
    request: RequestId,
    then: Then,
}

struct Running {
    request: RequestId,
    job: Box<dyn Job>,
}

impl Engine {
    /// Opens the device index in the host's data folder; one that is damaged or missing is made anew from the vaults there.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the folder or the index can't be used.
    pub fn open(host: &mut dyn Host, now_ms: u64) -> Result<Self, Failure> {
        let (devices, rebuilt) = rebuild::open_device_index(host, now_ms)?;
        Ok(Self {
            devices,
            session: None,
            clipboard: Clipboard::default(),
            waiting: BTreeMap::new(),
            jobs: VecDeque::new(),
            last_effect: 0,
            last_touch_ms: 0,
            wake_at_ms: None,
            holds: Rc::new(()),
            held: VecDeque::new(),
            current: NOBODY,
            timers: Vec::new(),
            pairing: None,
            confirming: None,
            paired: None,
            opening: None,
            notices: host.take_notices().into_iter().chain(rebuilt).collect(),
            collected: BTreeSet::new(),
        })
    }

    /// Takes one input.
    pub fn handle(&mut self, input: Input, now_ms: u64, host: &mut dyn Host, out: &mut Vec<Output>) {
        let ctx = &mut Ctx { now_ms, host, out };
        match input {
            Input::Command(request, Command::Cancel(other)) => {
                self.cancel(other, ctx);
                ctx.emit(Event::Done(request));
            }
            Input::Command(request, Command::Lock) => {
                self.lock(LockReason::Asked, ctx);
                ctx.emit(Event::Done(request));
            }
            Input::Command(request, command) if self.is_held() && command.writes() => self.held.push_back((request, command)),
            Input::Command(request, command) => {
                self.last_touch_ms = now_ms;
                self.look_again(now_ms);
                self.current = request;
                let result = self.run(request, command, ctx);
                self.proceed(request, result, ctx);
            }
            Input::Reply(effect, reply) => {
                if let Some(Waiting { request, next }) = self.waiting.remove(&effect) {
                    self.current = request;
                    let result = next(self, reply, ctx);
                    self.proceed(request, result, ctx);
                }
            }
        }
        self.set_alarm(ctx);
    }

    /// Does one slice of long work and whatever the time asks for.
    pub fn step(&mut self, now_ms: u64, host: &mut dyn Host, out: &mut Vec<Output>) -> Progressed {
        let ctx = &mut Ctx { now_ms, host, out };
        self.on_time(ctx);
        if !self.is_held()
            && let Some((request, command)) = self.held.pop_front()
        {
            self.current = request;
            let result = self.run(request, command, ctx);
            self.proceed(request, result, ctx);
        }
        let is_held = self.is_held();
        let session = self.session.as_ref();
        let next = self.jobs.iter().position(|running| !(is_held && running.job.writes()) && running.job.is_ready(session));
        if let Some(Running { request, mut job }) = next.and_then(|at| self.jobs.remove(at)) {
            self.current = request;
            match job.slice(self, request, ctx) {
                Ok(Slice::More(progress)) => {
                    if is_a_clients(request) {
                        ctx.emit(Event::Progress(request, progress));
                    }
                    self.jobs.push_back(Running { request, job });
                }
                Ok(Slice::End(step)) => self.proceed(request, Ok(step), ctx),
                Err(failure) => {
                    job.abandon(ctx);
                    self.proceed(request, Err(failure), ctx);
                }
            }
        }
        self.set_alarm(ctx);
        // What has become due in this very step is not waited for.
        let is_due = self.sync_due_ms().into_iter().chain(self.files_due_ms()).any(|at| at <= now_ms);
        if self.jobs.is_empty() && self.held.is_empty() && !is_due { Progressed::Idle } else { Progressed::More }
    }

    /// Wipes keys, index and drafts in memory, ends all work of the session and clears the clipboard.
    pub(crate) fn lock(&mut self, reason: LockReason, ctx: &mut Ctx<'_>) {
        self.end_jobs(ctx);
        // What was asked for before the lock and only waited for a backup is still written.
        for (request, command) in std::mem::take(&mut self.held) {
            self.current = request;
            let result = self.run(request, command, ctx);
            self.proceed(request, result, ctx);
        }
        self.end_jobs(ctx);
        self.opening = None;
        let (of_requests, of_nobody) = std::mem::take(&mut self.waiting).into_iter().partition(|(_, waiting)| waiting.request != NOBODY);
        let of_requests: BTreeMap<EffectId, Waiting> = of_requests;
        self.waiting = of_nobody;
        for (_, Waiting { request, .. }) in of_requests.into_iter().filter(|(_, waiting)| is_a_clients(waiting.request)) {
            ctx.emit(Event::Failed(request, Failure::Locked));
        }
        if self.clipboard.is_ours() {
            self.clear_clipboard(ctx);
        }
        self.remember();
        for timer in std::mem::take(&mut self.timers) {
            ctx.emit(Event::Failed(timer.request, Failure::Locked));
        }
        self.end_pairing(Failure::Locked, ctx);
        self.end_paired(Failure::Locked, ctx);
        self.end_of_sync(ctx);
        if let Some(session) = self.session.take() {
            session.close(ctx);
            ctx.emit(Event::Locked(reason));
        }
    }

    fn end_jobs(&mut self, ctx: &mut Ctx<'_>) {
        for Running { request, mut job } in std::mem::take(&mut self.jobs) {
            job.abandon(ctx);
            if is_a_clients(request) {
                ctx.emit(Event::Failed(request, Failure::Locked));
            }
        }
    }

    /// Whether a reply to this effect would be taken.
    pub(crate) fn awaits(&self, effect: EffectId) -> bool {
        self.waiting.contains_key(&effect)
    }

    /// From now on the end of the request at hand is the end of the session, until its rows are loaded.
    pub(crate) fn begin_opening(&mut self) {
        self.opening = Some(self.current);
    }

    /// Asks the platform to clear the clipboard if it still holds ours.
    pub(crate) fn clear_clipboard(&mut self, ctx: &mut Ctx<'_>) {
        self.clipboard.forget();
        let effect = self.make_effect_id();
        ctx.out.push(Output::Effect(effect, Effect::ClipboardClear));
        let next: Next = Box::new(|_, reply, ctx| {
            if let Reply::Clipboard(end) = reply {
                ctx.emit(Event::ClipboardCleared(end));
            }
            Ok(Step::Done)
        });
        self.waiting.insert(effect, Waiting { request: NOBODY, next });
    }

    /// Orders an effect that has no reply.
    pub(crate) fn tell(&mut self, effect: Effect, ctx: &mut Ctx<'_>) {
        let id = self.make_effect_id();
        ctx.out.push(Output::Effect(id, effect));
    }

    /// Keeps commands that write waiting.
    pub(crate) fn hold_writes(&self) -> Hold {
        Hold(Rc::clone(&self.holds))
    }

    /// Whether commands that write have to wait.
    pub(crate) fn is_held(&self) -> bool {
        Rc::strong_count(&self.holds) > 1
    }

    /// The open session, or [`Failure::Locked`].
    pub(crate) fn session(&mut self) -> Result<&mut Session, Failure> {
        self.session.as_mut().ok_or(Failure::Locked)
    }

    pub(crate) fn proceed(&mut self, request: RequestId, result: Result<Step, Failure>, ctx: &mut Ctx<'_>) {
        match result {
            Ok(Step::Later) => {}
            Err(failure) if let Some(n) = stream_of(request) => self.stream_failed(n, failure, ctx),
            Ok(Step::Done) if !is_a_clients(request) => {}
            Err(_) if request == ASIDE => {}
            Err(failure) if request == SYNC => self.stop_sync(Stop::Failed(failure), ctx),
            Ok(Step::Done) => ctx.emit(Event::Done(request)),
            Ok(Step::Ask(effect, next)) => {
                let id = self.make_effect_id();
                self.waiting.insert(id, Waiting { request, next });
                ctx.out.push(Output::Effect(id, effect));
            }
            Ok(Step::At(at_ms, then)) => self.timers.push(Timer { at_ms, request, then }),
            Ok(Step::Job(job)) => self.jobs.push_back(Running { request, job }),
            Err(failure) => {
                if let Some((_, shown)) = self.confirming.take_if(|(confirm, _)| *confirm == request) {
                    ctx.emit(Event::Failed(shown, failure.clone()));
                }
                ctx.emit(Event::Failed(request, failure));
                self.end_opening(request, ctx);
            }
        }
    }

    /// A session that was not opened to its end is no session.
    fn end_opening(&mut self, request: RequestId, ctx: &mut Ctx<'_>) {
        if self.opening == Some(request) {
            self.lock(LockReason::Asked, ctx);
        }
    }

    fn cancel(&mut self, request: RequestId, ctx: &mut Ctx<'_>) {
        let n_before = self.jobs.len() + self.waiting.len() + self.held.len() + self.timers.len();
        self.timers.retain(|timer| timer.request != request);
        let is_compared = self.pairing.as_ref().is_some_and(|pairing| pairing.request == request);
        let confirming = self.confirming.filter(|(confirm, shown)| *confirm == request || *shown == request);
        if is_compared || confirming.is_some() {
            self.end_pairing(Failure::Cancelled, ctx);
        }
        if let Some((confirm, _)) = confirming.filter(|(confirm, _)| *confirm != request) {
            self.cancel(confirm, ctx);
        }
        if self.paired.as_ref().is_some_and(|paired| paired.request == request) {
            self.end_paired(Failure::Cancelled, ctx);
        }
        let waits_for_sync =
            self.session.as_mut().is_some_and(|session| session.sync.forget_waiter(request) | session.files.forget_waiter(request));
        self.held.retain(|(held, _)| *held != request);
        self.waiting.retain(|_, waiting| waiting.request != request);
        self.jobs.retain_mut(|running| {
            if running.request == request {
                running.job.abandon(ctx);
            }
            running.request != request
        });
        if waits_for_sync || self.jobs.len() + self.waiting.len() + self.held.len() + self.timers.len() < n_before {
            ctx.emit(Event::Failed(request, Failure::Cancelled));
            self.end_opening(request, ctx);
        }
    }

    fn make_effect_id(&mut self) -> EffectId {
        self.last_effect += 1;
        EffectId(self.last_effect)
    }

    /// Idle lock, clipboard clock and live codes.
    fn on_time(&mut self, ctx: &mut Ctx<'_>) {
        if self.idle_lock_ms().is_some_and(|at| ctx.now_ms >= at) {
            self.lock(LockReason::Idle, ctx);
        }
        if self.clipboard.clears_ms().is_some_and(|at| ctx.now_ms >= at) {
            self.clear_clipboard(ctx);
        }
        if let Some(session) = &mut self.session {
            session.tick(ctx);
        }
        if self.sync_due_ms().is_some_and(|at| ctx.now_ms >= at) {
            self.start_sync(ctx);
        }
        if self.watch_due_ms().is_some_and(|at| ctx.now_ms >= at) {
            self.watch_server(ctx);
        }
        if self.plan_due_ms(ctx.now_ms).is_some_and(|at| ctx.now_ms >= at) {
            self.ask_plan(ctx);
        }
        if self.files_due_ms().is_some_and(|at| ctx.now_ms >= at) {
            self.pump_files(ctx);
        }
        while let Some(at) = self.timers.iter().position(|timer| timer.at_ms <= ctx.now_ms) {
            let Timer { request, then, .. } = self.timers.swap_remove(at);
            self.current = request;
            let result = then(self, ctx);
            self.proceed(request, result, ctx);
        }
    }

    /// Begins an exchange unless one runs.
    pub(crate) fn start_sync(&mut self, ctx: &mut Ctx<'_>) {
        if self.is_held() {
            // As soon as nothing waits any more.
            self.session.iter_mut().for_each(|session| session.sync.due_ms = Some(ctx.now_ms));
            return;
        }
        let before = std::mem::replace(&mut self.current, SYNC);
        let result = self.begin_sync(ctx);
        self.proceed(SYNC, result, ctx);
        self.current = before;
    }

    /// When the next exchange begins by itself: not before the vault is shown.
    fn sync_due_ms(&self) -> Option<u64> {
        // A move to a new log would change the rows under a backup that reads them.
        let session = self.session.as_ref().filter(|_| self.opening.is_none() && !self.is_held())?;
        session.sync.due_ms.filter(|_| session.sync.run.is_none())
    }

    /// When a transfer is due, or something about transfers is told.
    fn files_due_ms(&self) -> Option<u64> {
        let session = self.session.as_ref().filter(|_| self.opening.is_none() && !self.is_held())?;
        session.files.due_ms()
    }

    /// Drops all work of a request that is not the client's.
    pub(crate) fn forget_work_of(&mut self, request: RequestId, ctx: &mut Ctx<'_>) {
        self.waiting.retain(|_, waiting| waiting.request != request);
        self.jobs.retain_mut(|running| {
            if running.request == request {
                running.job.abandon(ctx);
            }
            running.request != request
        });
    }

    /// Goes on with another request.
    pub(crate) fn set_current(&mut self, request: RequestId) {
        self.current = request;
    }

    /// Tells what of sync has changed.
    fn tell_sync_news(&mut self, ctx: &mut Ctx<'_>) {
        if self.opening.is_none()
            && let Some(session) = self.session.as_mut().filter(|session| session.sync.is_news)
        {
            session.tell_sync(ctx);
        }
    }

    /// When the session locks by itself. Counts on the wall clock, so that time asleep counts too.
    fn idle_lock_ms(&self) -> Option<u64> {
        let session = self.session.as_ref().filter(|session| session.joining.is_none())?;
        let secs = u64::from(session.settings.lock_after_secs);
        (secs > 0).then(|| self.last_touch_ms.saturating_add(secs * 1000))
    }

    fn set_alarm(&mut self, ctx: &mut Ctx<'_>) {
        self.tell_sync_news(ctx);
        let code_ms = self.session.as_ref().and_then(Session::next_tick_ms);
        let timer_ms = self.timers.iter().map(|timer| timer.at_ms).min();
        let sync_ms =
            [self.sync_due_ms(), self.watch_due_ms(), self.plan_due_ms(ctx.now_ms), self.files_due_ms()].into_iter().flatten().min();
        let at = [self.idle_lock_ms(), self.clipboard.clears_ms(), code_ms, sync_ms, timer_ms].into_iter().flatten().min();
        if at != self.wake_at_ms {
            self.wake_at_ms = at;
            if let Some(at) = at {
                self.tell(Effect::WakeAt(at), ctx);
            }
        }
    }
}
