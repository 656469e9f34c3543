//! Which transfer is next, and what its end means for those after it.

use vault_protocol::BlobId;
use vault_store::{BlobRecord, BlobState};

use super::{FetchPolicy, N_STREAMS, Running, TransferProblem, Way, small, stream};
use crate::{
    context::{Ctx, Step, Then},
    engine::Engine,
    event::Failure,
    session::Session,
    sync::call::CallError,
};

/// What comes by itself under [`FetchPolicy::Small`], whatever it is.
const SMALL_BYTES: u64 = 10 << 20;
/// A picture comes by itself up to this.
const PICTURE_BYTES: u64 = 256 << 20;
/// The first wait after a transfer that failed, in milliseconds.
const RETRY_MS: u64 = 30_000;
/// What the server does not have, or has damaged, is asked for again after so long, in milliseconds.
const RETRY_MISSING_MS: u64 = 10 * 60_000;
/// Candidates that are looked at beyond those that run or wait: files of a policy that asks for their type.
const LOOK_AHEAD: u32 = 256;

/// What a stream does next.
pub(super) enum Work {
    /// Which of these does the server have?
    Find(Vec<BlobId>),
    /// The server is to delete these.
    Release(Vec<BlobId>),
    /// One file to the server.
    Send(BlobRecord),
    /// One file from there.
    Fetch(BlobRecord),
    /// Several small ones from there.
    FetchSmall(Vec<BlobRecord>),
}

/// How a transfer ended, if not well.
#[derive(Debug)]
pub(super) enum TransferError {
    /// A call brought nothing.
    Call(CallError),
    /// The file at hand does not work; others may.
    Problem(TransferProblem),
    /// This device failed.
    Failed(Failure),
}

impl From<CallError> for TransferError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl<E: Into<Failure>> From<E> for TransferError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a part of a transfer gives.
pub(super) type Part = Result<Step, TransferError>;

impl Engine {
    /// Begins what is due on the streams that are free.
    pub(crate) fn pump_files(&mut self, ctx: &mut Ctx<'_>) {
        let is_held = self.is_held();
        let Some(session) = self.session.as_mut() else { return };
        session.files.due_ms = None;
        if session.files.is_news {
            session.note_files(ctx);
        }
        if is_held || !session.may_transfer() {
            return;
        }
        for n in 0..N_STREAMS {
            let Some(session) = self.session.as_mut().filter(|session| session.files.running[n].is_none()) else { continue };
            match session.next_work(ctx.now_ms) {
                Ok(Some(work)) => {
                    let part = self.begin_work(n, work, ctx);
                    self.go_on_with(n, part, ctx);
                }
                Ok(None) => break,
                // The store fails: the next command says so.
                Err(_) => return,
            }
        }
        if let Some(session) = self.session.as_mut() {
            session.set_retry(ctx.now_ms);
            session.note_files(ctx);
        }
    }

    fn begin_work(&mut self, n: usize, work: Work, ctx: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        let running = |blobs: Vec<BlobId>, way, total| Some(Running { blobs, way, done: 0, total });
        session.files.running[n] = match &work {
            Work::Find(_) | Work::Release(_) => running(Vec::new(), Way::Up, 0),
            Work::Send(record) => running(vec![record.blob], Way::Up, record.len_bytes),
            Work::Fetch(record) => running(vec![record.blob], Way::Down, record.len_bytes),
            Work::FetchSmall(records) => {
                running(records.iter().map(|record| record.blob).collect(), Way::Down, records.iter().map(|record| record.len_bytes).sum())
            }
        };
        match work {
            Work::Find(blobs) => self.find_blobs(n, blobs, ctx),
            Work::Release(blobs) => self.release_blobs(n, blobs, ctx),
            Work::Send(record) => self.begin_send(n, record, ctx),
            Work::Fetch(record) => self.begin_fetch(n, record, ctx),
            Work::FetchSmall(records) => self.fetch_small(n, records, ctx),
        }
    }

    /// Turns the end of a part into a step of the engine.
    pub(super) fn go_on_with(&mut self, n: usize, part: Part, ctx: &mut Ctx<'_>) {
        match part {
            Ok(Step::Done) => self.transfer_ended(n, Ok(()), ctx),
            Ok(step) => self.proceed(stream(n), Ok(step), ctx),
            Err(error) => self.transfer_ended(n, Err(error), ctx),
        }
    }

    /// As the reply of a call, or the end of a job.
    pub(super) fn step_of(&mut self, n: usize, part: Part, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        match part {
            Ok(step) if !matches!(step, Step::Done) => Ok(step),
            Ok(_) => {
                self.transfer_ended(n, Ok(()), ctx);
                Ok(Step::Later)
            }
            Err(error) => {
                self.transfer_ended(n, Err(error), ctx);
                Ok(Step::Later)
            }
        }
    }

    /// A stream's work failed where nobody caught it.
    pub(crate) fn stream_failed(&mut self, n: usize, failure: Failure, ctx: &mut Ctx<'_>) {
        self.transfer_ended(n, Err(TransferError::Failed(failure)), ctx);
    }

    fn transfer_ended(&mut self, n: usize, result: Result<(), TransferError>, ctx: &mut Ctx<'_>) {
        let Some(session) = self.session.as_mut() else { return };
        let Some(running) = session.files.running[n].take() else { return };
        session.files.due_ms = Some(ctx.now_ms);
        let mut waiters: Vec<(_, Then, Result<(), Failure>)> = Vec::new();
        match result {
            Ok(()) => {
                for blob in &running.blobs {
                    // One of several that did not come has said so itself.
                    let is_here = session.is_blob_here(*blob);
                    if running.way == Way::Up || is_here {
                        session.files.failed.remove(blob);
                    }
                }
            }
            Err(error) => {
                let (problem, all) = problem_of(&error);
                if matches!(&error, TransferError::Call(CallError::Refused(vault_protocol::api::ApiError::SessionExpired))) {
                    // The exchange logs in again, and its end comes back here.
                    session.sync.token = None;
                    session.sync.due_ms = Some(ctx.now_ms);
                    session.files.due_ms = None;
                } else if all == Scope::Sending {
                    session.files.held = Some(problem);
                } else {
                    let wait_ms = match problem {
                        TransferProblem::NotThere | TransferProblem::Damaged => RETRY_MISSING_MS,
                        _ => RETRY_MS,
                    };
                    for blob in &running.blobs {
                        session.files.failed.insert(*blob, (problem, ctx.now_ms + wait_ms));
                    }
                    if all == Scope::All {
                        session.files.due_ms = Some(ctx.now_ms + RETRY_MS);
                    }
                }
            }
        }
        if running.way == Way::Down {
            for blob in &running.blobs {
                let failed = session.files.failed.get(blob).map(|(problem, _)| failure_of(*problem));
                let is_here = session.is_blob_here(*blob);
                if !is_here && failed.is_none() {
                    continue;
                }
                session.files.wanted.retain(|wanted| wanted != blob);
                let (ready, waiting) = std::mem::take(&mut session.files.waiters).into_iter().partition(|(waited, ..)| waited == blob);
                session.files.waiters = waiting;
                let ready: Vec<_> = ready;
                waiters.extend(ready.into_iter().map(|(_, request, then)| (request, then, failed.clone().map_or(Ok(()), Err))));
            }
        }
        session.note_files(ctx);
        for (request, then, result) in waiters {
            self.set_current(request);
            let step = result.and_then(|()| then(self, ctx));
            self.proceed(request, step, ctx);
        }
    }
}

/// What a failure is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    File,
    Sending,
    All,
}

fn problem_of(error: &TransferError) -> (TransferProblem, Scope) {
    use crate::sync::NetFailure;
    use vault_protocol::api::ApiError;

    match error {
        TransferError::Problem(problem) => (*problem, Scope::File),
        TransferError::Call(CallError::Net(why)) => (TransferProblem::Network(*why), Scope::All),
        TransferError::Call(CallError::Malformed) => (TransferProblem::Damaged, Scope::File),
        TransferError::Call(CallError::Refused(error)) => match error {
            ApiError::VaultFull => (TransferProblem::Full, Scope::Sending),
            ApiError::PaymentRequired => (TransferProblem::Payment, Scope::Sending),
            ApiError::NotFound => (TransferProblem::NotThere, Scope::File),
            _ => (TransferProblem::Network(NetFailure::Broken), Scope::All),
        },
        TransferError::Failed(Failure::DiskFull) => (TransferProblem::NoRoomHere, Scope::File),
        TransferError::Failed(_) => (TransferProblem::Here, Scope::File),
    }
}

/// As a request of the client fails.
fn failure_of(problem: TransferProblem) -> Failure {
    match problem {
        TransferProblem::Network(why) => Failure::Offline(why),
        TransferProblem::Damaged => Failure::NotAuthentic,
        TransferProblem::Full => Failure::VaultFull,
        TransferProblem::Payment => Failure::PaymentRequired,
        TransferProblem::NoRoomHere => Failure::DiskFull,
        TransferProblem::NotThere | TransferProblem::Here => Failure::AttachmentMissing,
    }
}

impl Session {
    /// Whether the server is known to listen.
    pub(super) fn may_transfer(&self) -> bool {
        self.joining.is_none() && self.read_only.is_none() && self.sync.is_on() && self.sync.token.is_some()
    }

    /// Whether all of a blob is here.
    pub(crate) fn is_blob_here(&self, blob: BlobId) -> bool {
        self.store.read().blob(blob).ok().flatten().is_some_and(|record| record.state == BlobState::Present)
    }

    /// What a person waits for, then what the server is asked about as a whole, then files to the server, then those that come by themselves.
    fn next_work(&mut self, now_ms: u64) -> Result<Option<Work>, Failure> {
        let wanted = self.files.wanted.iter().copied().find(|blob| !self.files.is_running(*blob));
        if let Some(record) = wanted.map(|blob| self.store.read().blob(blob)).transpose()?.flatten() {
            return Ok(Some(Work::Fetch(record)));
        }
        if self.files.record.settings.paused {
            return Ok(None);
        }
        let is_asking = self.files.running.iter().flatten().any(|running| running.blobs.is_empty());
        if !is_asking {
            if !self.files.reconciled {
                let unknown = self.store.read().blobs_to_send(small::MAX_FOUND)?;
                self.files.reconciled = true;
                // One or two are asked for by being handed over.
                if unknown.len() > 2 {
                    return Ok(Some(Work::Find(unknown.into_iter().map(|record| record.blob).collect())));
                }
            }
            let released = self.store.read().released_blobs(small::MAX_FOUND)?;
            if !released.is_empty() {
                return Ok(Some(Work::Release(released)));
            }
        }
        let n_passed = (self.files.failed.len() + N_STREAMS * small::MAX_BATCH) as u32;
        if self.files.held.is_none() {
            let to_send = self.store.read().blobs_to_send(n_passed + 1)?;
            if let Some(record) = to_send.into_iter().find(|record| self.files.is_free(record.blob, now_ms)) {
                return Ok(Some(Work::Send(record)));
            }
        }
        self.next_fetch(n_passed, now_ms)
    }

    fn next_fetch(&self, n_passed: u32, now_ms: u64) -> Result<Option<Work>, Failure> {
        let max_bytes = match self.files.record.settings.policy {
            FetchPolicy::All | FetchPolicy::Pinned => u64::MAX,
            FetchPolicy::Small | FetchPolicy::Never if !self.files.record.pinned.is_empty() => u64::MAX,
            FetchPolicy::Small => PICTURE_BYTES,
            FetchPolicy::Never => return Ok(None),
        };
        let mut room_bytes = self.room_under_cap()?;
        let mut batch = Vec::new();
        for record in self.store.read().blobs_to_fetch(max_bytes, n_passed + LOOK_AHEAD)? {
            if !self.files.is_free(record.blob, now_ms) || !self.comes_by_itself(&record, room_bytes)? {
                continue;
            }
            room_bytes = room_bytes.saturating_sub(record.len_bytes);
            if record.len_bytes > small::MAX_FILE_BYTES {
                // Smallest first: what follows is larger still.
                return Ok(Some(if batch.is_empty() { Work::Fetch(record) } else { Work::FetchSmall(batch) }));
            }
            batch.push(record);
            if batch.len() == small::MAX_BATCH {
                break;
            }
        }
        Ok((!batch.is_empty()).then_some(Work::FetchSmall(batch)))
    }

    /// Whether a file comes although nobody opened it: what is kept offline always, the rest as long as there is room below the limit.
    fn comes_by_itself(&self, record: &BlobRecord, room_bytes: u64) -> Result<bool, Failure> {
        let settings = &self.files.record.settings;
        if self.is_pinned(record.blob)? {
            return Ok(true);
        }
        if record.len_bytes > room_bytes {
            return Ok(false);
        }
        Ok(match settings.policy {
            FetchPolicy::All => true,
            FetchPolicy::Small if record.len_bytes <= SMALL_BYTES => true,
            FetchPolicy::Small if record.len_bytes <= PICTURE_BYTES => {
                self.attachment_of(record.blob)?.is_some_and(|(_, attachment)| attachment.media_type.starts_with("image/"))
            }
            FetchPolicy::Small | FetchPolicy::Pinned | FetchPolicy::Never => false,
        })
    }

    /// Whether an item that is kept offline names it.
    pub(super) fn is_pinned(&self, blob: BlobId) -> Result<bool, Failure> {
        let pinned = &self.files.record.pinned;
        if pinned.is_empty() {
            return Ok(false);
        }
        let of = self.store.read().attachments_of_blob(blob)?;
        Ok(of.iter().any(|found| pinned.contains(&found.object)))
    }

    /// What failed is tried again when its time has come.
    fn set_retry(&mut self, now_ms: u64) {
        let is_idle = self.files.running.iter().all(Option::is_none);
        let retry_ms = self.files.failed.values().map(|(_, retry_ms)| *retry_ms).filter(|retry_ms| *retry_ms > now_ms).min();
        if is_idle && let Some(retry_ms) = retry_ms {
            self.files.due_ms = Some(self.files.due_ms.map_or(retry_ms, |due_ms| due_ms.min(retry_ms)));
        }
    }
}
