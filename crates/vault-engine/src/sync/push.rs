//! Our changes, and whatever else the server lacks: control entries, then pages of entries. Handing over twice changes nothing.

use std::collections::BTreeMap;

use vault_protocol::{
    Head, LogId, VersionVector,
    api::{ApiError, AppendControl, Push},
};

use super::{
    SyncAlarm, SyncStage, SyncState,
    call::{CallError, ask},
    flow::{Flow, Stop},
};
use crate::{context::Ctx, engine::Engine, event::Failure, session::Session};

/// Bytes of a page that is handed over.
const PAGE_BYTES: usize = 1024 * 1024;
/// Frames of a page.
const PAGE_FRAMES: usize = 1024;

/// A page of entries to hand over, and the heads that the server has with it.
struct Page {
    frames: Vec<Vec<u8>>,
    heads: BTreeMap<LogId, Head>,
}

impl Engine {
    /// Hands over control entries first, then entries.
    pub(crate) fn push(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        if !session.keys.opened().unopened().is_empty() || session.control.state().newest_epochs().len() > 1 {
            return Err(Stop::State(SyncState::PasswordNeeded));
        }
        session.end_outdated_record(ctx)?;
        let heads = session.run()?.position.control_heads.clone();
        let entries = session.control_beyond(&heads);
        if entries.is_empty() {
            return self.send_record(Self::push_page, ctx);
        }
        let origin = session.run()?.origin.clone();
        let call = AppendControl { vault: session.vault, heads, entries };
        Ok(ask(&origin, &call, session.sync.token.as_ref(), |engine, result, ctx| {
            let flow = match result {
                Ok(position) => engine.control_pushed(position, ctx),
                Err(CallError::Refused(ApiError::StaleControl { .. })) => engine.again(ctx),
                Err(CallError::Refused(ApiError::ControlRefused)) => Err(Stop::State(SyncState::NotAccepted)),
                Err(error) => Err(error.into()),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    fn control_pushed(&mut self, position: vault_protocol::api::Position, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        session.run()?.position = position;
        let heads = session.run()?.position.control_heads.clone();
        // Somebody else's came in between, or ours did not all arrive.
        if heads.iter().any(|head| !session.control.contains(*head)) || !session.control_beyond(&heads).is_empty() {
            return self.again(ctx);
        }
        self.send_record(Self::push_page, ctx)
    }

    fn push_page(&mut self, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let page = session.next_page()?;
        if page.frames.is_empty() {
            session.sync.held = None;
            return self.finish_sync(None, ctx);
        }
        if let Some(why) = session.sync.held_back(ctx.now_ms) {
            return self.finish_sync(Some(why), ctx);
        }
        let run = session.run()?;
        if run.n_to_push == 0 {
            let n_to_push = session.n_beyond()?;
            session.run()?.n_to_push = n_to_push;
        }
        let run = session.run()?;
        let (done, total) = (run.n_pushed, run.n_to_push);
        session.tell_stage(SyncStage::Pushing, done, total, ctx);
        let run = session.run()?;
        let (origin, control_heads) = (run.origin.clone(), run.position.control_heads.clone());
        let Page { frames, heads } = page;
        let n_frames = frames.len() as u64;
        let call = Push { vault: session.vault, control_heads, entries: frames };
        Ok(ask(&origin, &call, session.sync.token.as_ref(), move |engine, result, ctx| {
            let flow = match result {
                Ok(pushed) => engine.page_pushed(heads, n_frames, pushed.n_stored, ctx),
                Err(error) => engine.push_refused(error, ctx),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    fn page_pushed(&mut self, heads: BTreeMap<LogId, Head>, n_frames: u64, n_stored: u64, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        session.store.write(|tx| heads.iter().try_for_each(|(log, head)| tx.mark_pushed(*log, head.seq)))?;
        // From here on it may never show less, even if the rest of this exchange fails.
        if let Some(record) = &mut session.sync.record {
            record.pins.0.extend(&heads);
        }
        session.save_sync(ctx)?;
        let run = session.run()?;
        run.offered.0.extend(heads);
        run.n_pushed += n_frames;
        // What it counts beyond that is another device's, and worth an exchange of its own.
        run.position.n_entries = run.position.n_entries.saturating_add(n_stored);
        self.push_page(ctx)
    }

    fn push_refused(&mut self, error: CallError, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        match error {
            CallError::Refused(ApiError::StaleControl { .. }) => self.again(ctx),
            CallError::Refused(ApiError::EntryConflict { log, seq, .. }) if log == session.replica.state().own => {
                session.run()?.own_after = Some(seq.saturating_sub(1));
                self.again(ctx)
            }
            CallError::Refused(ApiError::EntryConflict { log, seq, .. }) => {
                let device = session.device_of(log);
                Err(Stop::State(SyncState::Alarm(SyncAlarm::Fork { device, change: seq })))
            }
            CallError::Refused(ApiError::Gap { log, expected_seq }) => {
                let had = session.run()?.offered.seq(log);
                let device = session.device_of(log);
                Err(Stop::State(SyncState::Alarm(SyncAlarm::Rollback { device, had, has: expected_seq.saturating_sub(1) })))
            }
            // It refuses what every honest server takes: this device may just have lost its place.
            CallError::Refused(ApiError::EntryRefused { .. }) => Err(Stop::State(SyncState::NotAccepted)),
            CallError::Refused(ApiError::PaymentRequired) => {
                session.sync.plan.doubt();
                self.hold_back(SyncState::PaymentRequired, ctx)
            }
            CallError::Refused(ApiError::VaultFull) => self.hold_back(SyncState::VaultFull, ctx),
            error => Err(error.into()),
        }
    }
}

impl Engine {
    /// The server takes no changes now: what it has of others is here, and ours wait.
    fn hold_back(&mut self, why: SyncState, ctx: &mut Ctx<'_>) -> Flow {
        self.session()?.sync.hold(why.clone(), ctx.now_ms);
        self.finish_sync(Some(why), ctx)
    }
}

impl Session {
    /// What a server shows of our own log it has taken, although its answer was lost.
    pub(crate) fn confirm_offered(&mut self, offered: &VersionVector) -> Result<(), Failure> {
        let own = self.replica.state().own;
        let seq = offered.seq(own).min(self.replica.state().seq(own));
        if self.first_unpushed(own)?.is_some_and(|first| first <= seq) {
            self.store.write(|tx| tx.mark_pushed(own, seq))?;
        }
        Ok(())
    }

    /// The next entries that the server lacks, by its heads: ours first, then those of other devices, which another server may lack.
    fn next_page(&mut self) -> Result<Page, Stop> {
        let mut page = Page { frames: Vec::new(), heads: BTreeMap::new() };
        let own = self.replica.state().own;
        let offered = self.run()?.offered.clone();
        let mut extents = self.store.read().logs()?;
        extents.sort_by_key(|extent| extent.log != own);
        let mut len_bytes = 0;
        for extent in extents {
            let after = offered.seq(extent.log);
            if extent.head.seq <= after {
                continue;
            }
            if extent.first_seq > after + 1 {
                return Err(Stop::State(SyncState::CannotFill));
            }
            let left = PAGE_FRAMES - page.frames.len();
            self.store.read().entries_after(extent.log, after, left as u32, |record| {
                if len_bytes + record.bytes.len() <= PAGE_BYTES || page.frames.is_empty() {
                    len_bytes += record.bytes.len();
                    page.frames.push(record.bytes.to_vec());
                    page.heads.insert(extent.log, Head { seq: record.seq, hash: record.hash });
                } else {
                    len_bytes = usize::MAX / 2;
                }
                Ok::<(), vault_store::StoreError>(())
            })?;
            if len_bytes > PAGE_BYTES || page.frames.len() >= PAGE_FRAMES {
                break;
            }
        }
        Ok(page)
    }

    /// Entries that the server lacks.
    fn n_beyond(&mut self) -> Result<u64, Failure> {
        let offered = self.run()?.offered.clone();
        Ok(self.store.read().logs()?.iter().map(|extent| extent.head.seq.saturating_sub(offered.seq(extent.log))).sum())
    }
}
