//! Attachments on their way between this device and the sync server: what is due, a few at a time, resumable at every part.
//!
//! The log goes first: an exchange that has ended well is followed by a pass over the blobs. What a person has just opened goes before
//! everything else. Nothing that came is shown as here before every byte of it was opened and compared with its item (MS26); what does not
//! come stays an attachment that is elsewhere (MS27).

mod commands;
mod fetch;
mod pass;
mod send;
mod settings;
mod small;
mod status;

use std::collections::{BTreeMap, VecDeque};

use vault_protocol::BlobId;

pub(crate) use self::settings::FileRecord;
pub use self::{
    settings::{FetchPolicy, FileSettings},
    status::{FilesStatus, Transfer, TransferProblem, TransferState, Way},
};
use crate::{
    command::RequestId,
    context::{Ctx, Then},
    engine::Engine,
    event::{Event, Failure},
    session::Session,
};

/// Transfers at once.
pub(crate) const N_STREAMS: usize = 3;
/// Stand for the transfers that run.
const FIRST_STREAM: u64 = u64::MAX - 16;

/// The request that stands for a stream's work.
pub(crate) fn stream(n: usize) -> RequestId {
    RequestId(FIRST_STREAM + n as u64)
}

/// The stream that a request stands for.
pub(crate) fn stream_of(request: RequestId) -> Option<usize> {
    let n = usize::try_from(request.0.checked_sub(FIRST_STREAM)?).ok()?;
    (n < N_STREAMS).then_some(n)
}

/// What the open session knows of transfers. Gone with the lock; what is kept is in the store.
#[derive(Default)]
pub(crate) struct Files {
    record: FileRecord,
    /// What runs, by stream.
    running: [Option<Running>; N_STREAMS],
    /// Opened by the person and not here.
    wanted: VecDeque<BlobId>,
    /// Who goes on when a blob is here.
    waiters: Vec<(BlobId, RequestId, Then)>,
    /// What did not work, and when it is tried again (Unix milliseconds).
    failed: BTreeMap<BlobId, (TransferProblem, u64)>,
    /// Why nothing more is handed over for now: no room, no subscription.
    held: Option<TransferProblem>,
    /// When the next transfer may begin, Unix milliseconds; `None` = not before the next exchange.
    due_ms: Option<u64>,
    /// What the server has was compared with what is known of it, in this session.
    reconciled: bool,
    told_ms: u64,
    is_news: bool,
}

/// A transfer.
struct Running {
    blobs: Vec<BlobId>,
    way: Way,
    done: u64,
    total: u64,
}

impl Files {
    pub(crate) fn new(record: FileRecord) -> Self {
        Self { record, ..Self::default() }
    }

    fn is_running(&self, blob: BlobId) -> bool {
        self.running.iter().flatten().any(|running| running.blobs.contains(&blob))
    }

    /// Whether a blob may be begun.
    fn is_free(&self, blob: BlobId, now_ms: u64) -> bool {
        !self.is_running(blob) && self.failed.get(&blob).is_none_or(|(_, retry_ms)| *retry_ms <= now_ms)
    }

    /// When something is to be done.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        let news_ms = self.is_news.then_some(self.told_ms + status::TELL_EVERY_MS);
        self.due_ms.into_iter().chain(news_ms).min()
    }

    /// Something was exchanged: what was not there may be there now, and what was full may have room.
    pub(crate) fn after_exchange(&mut self, has_news: bool, now_ms: u64) {
        if has_news {
            self.failed.retain(|_, (problem, _)| *problem == TransferProblem::Damaged);
        }
        self.held = None;
        self.due_ms = Some(now_ms);
    }

    /// Nobody waits any more for this request's end; whether somebody did.
    pub(crate) fn forget_waiter(&mut self, request: RequestId) -> bool {
        let n_before = self.waiters.len();
        self.waiters.retain(|(_, waiter, _)| *waiter != request);
        let waiters = &self.waiters;
        self.wanted.retain(|blob| waiters.iter().any(|(waited, ..)| waited == blob));
        self.waiters.len() < n_before
    }

    /// Everybody who waits fails with this.
    pub(crate) fn fail_waiters(&mut self, failure: &Failure, ctx: &mut Ctx<'_>) {
        self.wanted.clear();
        for (_, request, _) in std::mem::take(&mut self.waiters) {
            ctx.emit(Event::Failed(request, failure.clone()));
        }
    }
}

impl Engine {
    /// Ends every transfer where it is; what has come and what the server has stays.
    pub(crate) fn stop_files(&mut self, ctx: &mut Ctx<'_>) {
        (0..N_STREAMS).for_each(|n| self.forget_work_of(stream(n), ctx));
        let Some(session) = &mut self.session else { return };
        session.files.running = Default::default();
        session.files.due_ms = None;
        session.files.fail_waiters(&Failure::Cancelled, ctx);
        session.tell_files(ctx);
    }
}

impl Session {
    /// The server has nothing any more that is known of: another one was named, or its copy was deleted.
    pub(crate) fn forget_remote_files(&mut self) -> Result<(), Failure> {
        self.files.reconciled = false;
        self.files.held = None;
        self.files.failed.clear();
        Ok(self.store.write(|tx| tx.forget_remote())?)
    }
}
