//! What the open session knows of sync: the sealed record, and what is not kept beyond a lock.

use vault_crypto::bootstrap::BootstrapRecord;
use vault_protocol::{
    api::{Origin, SessionToken},
    control::ControlLog,
};
use vault_store::VaultStore;

use super::{
    SyncState,
    flow::Run,
    premium::PlanWatch,
    record::{Record, SYNC},
    watch::Watch,
};
use crate::{
    command::RequestId,
    context::{Ctx, Then},
    event::Failure,
    session::{Keys, Session, local},
};

/// A change waits so long for others before it is sent, in milliseconds: typing goes on.
const DEBOUNCE_MS: u64 = 2_000;
/// A change waits no longer than this, however much follows it.
const MAX_DEBOUNCE_MS: u64 = 10_000;
/// What the server takes no more of is offered again after so long, in milliseconds; a person may try sooner.
const HELD_MS: u64 = 15 * 60_000;

/// See the module.
pub(crate) struct SyncSession {
    /// `None`: no server was ever named.
    pub(crate) record: Option<Record>,
    /// As the client last had reason to hear it.
    pub(crate) state: SyncState,
    /// In memory only.
    pub(crate) token: Option<SessionToken>,
    /// When the next exchange begins by itself.
    pub(crate) due_ms: Option<u64>,
    /// When the last exchange began.
    pub(crate) last_try_ms: u64,
    /// Since when changes wait.
    waits_since_ms: Option<u64>,
    /// Tries that failed, one after the other.
    pub(crate) n_failures: u32,
    /// The exchange that runs.
    pub(crate) run: Option<Box<Run>>,
    /// Requests that are answered when it ends.
    pub(crate) waiters: Vec<RequestId>,
    /// Goes on when the exchange that runs, or the next one, has ended well.
    pub(crate) afterwards: Vec<(RequestId, Then)>,
    /// A control log that was shown and can't be stored as it is: this device has no place in it, or removals in it contradict each other.
    pub(crate) beyond: Option<Box<ControlLog>>,
    /// Control entries that the server had when they were last asked for.
    pub(crate) n_control_read: u64,
    /// Why changes are not offered to the server for a while, and until when. Others' come in all the same.
    pub(crate) held: Option<(SyncState, u64)>,
    /// What the vault is entitled to.
    pub(crate) plan: PlanWatch,
    /// The request that waits for others' changes.
    pub(crate) watch: Watch,
    /// What "address + password" needs, until the server has it.
    pub(crate) record_to_send: Option<BootstrapRecord>,
    /// The client has not heard of what changed.
    pub(crate) is_news: bool,
}

impl SyncSession {
    /// As stored.
    pub(crate) fn load(store: &VaultStore, keys: &Keys) -> Result<Self, Failure> {
        let sealed = store.read().local(SYNC)?;
        let record = sealed
            .map(|sealed| {
                let body = keys.open_local(SYNC, &sealed).map_err(|_| Failure::NotAuthentic)?;
                Record::decode(&body).map_err(|_| Failure::Damaged)
            })
            .transpose()?;
        let sealed = store.read().local(local::LOGIN_RECORD)?;
        let record_to_send = sealed
            .map(|sealed| {
                let body = keys.open_local(local::LOGIN_RECORD, &sealed).map_err(|_| Failure::NotAuthentic)?;
                BootstrapRecord::parse(&body).ok_or(Failure::Damaged)
            })
            .transpose()?;
        let state = match &record {
            Some(record) if record.removed => SyncState::Removed,
            Some(record) if record.enabled => SyncState::Waiting { at_ms: 0 },
            _ => SyncState::Off,
        };
        Ok(Self {
            record,
            state,
            token: None,
            due_ms: None,
            last_try_ms: 0,
            waits_since_ms: None,
            n_failures: 0,
            run: None,
            waiters: Vec::new(),
            afterwards: Vec::new(),
            beyond: None,
            n_control_read: 0,
            held: None,
            plan: PlanWatch::default(),
            watch: Watch::default(),
            record_to_send,
            is_news: true,
        })
    }

    /// Nobody waits any more for this request's end; whether somebody did.
    pub(crate) fn forget_waiter(&mut self, request: RequestId) -> bool {
        let n_before = self.waiters.len() + self.afterwards.len();
        self.waiters.retain(|waiter| *waiter != request);
        self.afterwards.retain(|(waiter, _)| *waiter != request);
        self.waiters.len() + self.afterwards.len() < n_before
    }

    /// Whether changes are exchanged by themselves.
    pub(crate) fn is_on(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.enabled && !record.removed)
    }

    /// The server that is in use.
    pub(crate) fn origin(&self) -> Result<Origin, Failure> {
        self.record.as_ref().and_then(|record| Origin::parse(&record.server)).ok_or(Failure::SyncOff)
    }

    /// A change was written here: it is sent soon.
    pub(crate) fn note_change(&mut self, now_ms: u64) {
        if !self.is_on() {
            return;
        }
        self.is_news = true;
        let since_ms = *self.waits_since_ms.get_or_insert(now_ms);
        // After a failed try the next one has its time; while an exchange runs, its end looks again.
        if self.run.is_none() && self.n_failures == 0 {
            let at_ms = (now_ms + DEBOUNCE_MS).min(since_ms + MAX_DEBOUNCE_MS);
            self.due_ms = Some(at_ms);
            if matches!(self.state, SyncState::UpToDate | SyncState::Waiting { .. }) {
                self.state = SyncState::Waiting { at_ms };
            }
        }
    }

    /// The server takes no changes: none is offered for a while.
    pub(crate) fn hold(&mut self, why: SyncState, now_ms: u64) {
        self.held = Some((why, now_ms + HELD_MS));
    }

    /// Why changes are not offered in this exchange. Whoever waits for its end has a right to an answer.
    pub(crate) fn held_back(&self, now_ms: u64) -> Option<SyncState> {
        let is_awaited = !self.waiters.is_empty() || !self.afterwards.is_empty();
        self.held.as_ref().filter(|(_, until_ms)| now_ms < *until_ms && !is_awaited).map(|(why, _)| why.clone())
    }

    /// Forgets what was known of the server, but for its record: it is another one, or nothing is exchanged with it any more.
    pub(crate) fn forget_server(&mut self) {
        self.token = None;
        self.n_control_read = 0;
        self.n_failures = 0;
        self.due_ms = None;
        self.held = None;
        self.plan = PlanWatch::default();
        self.watch = Watch::default();
    }

    /// The changes so far are in an exchange.
    pub(crate) fn take_changes(&mut self) {
        self.waits_since_ms = None;
    }

    /// Whether something was written since the exchange began.
    pub(crate) fn has_changes(&self) -> bool {
        self.waits_since_ms.is_some()
    }
}

impl Session {
    /// Stores the record as it is in memory.
    pub(crate) fn save_sync(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let Some(record) = &self.sync.record else { return Ok(()) };
        let sealed = self.keys.seal_local(SYNC, &record.encode(), &mut ctx.entropy())?;
        self.sync.is_news = true;
        Ok(self.store.write(|tx| tx.put_local(SYNC, &sealed))?)
    }
}
