//! When the next exchange is due.

use super::SyncState;
use crate::{context::Ctx, engine::Engine};

/// The first wait after a try that failed, in milliseconds; it doubles.
const FIRST_RETRY_MS: u64 = 5_000;
/// The longest wait between tries, in milliseconds.
pub(super) const MAX_RETRY_MS: u64 = 15 * 60_000;
/// A person who comes back makes an unreachable server be tried again, but not more often than this, in milliseconds.
const LOOK_AGAIN_MS: u64 = 15_000;
/// Between two exchanges while nothing happens here, in milliseconds: one small request.
pub(super) const POLL_MS: u64 = 60_000;

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
}

/// When to try again: later each time, at least after `wait_ms`, and not when all others do (± a quarter).
pub(super) fn retry_at(ctx: &mut Ctx<'_>, n_failures: u32, wait_ms: u64) -> u64 {
    let base = FIRST_RETRY_MS.saturating_mul(1 << n_failures.min(10)).min(MAX_RETRY_MS);
    // Without a generator all devices try at once, which costs the server more and this one nothing.
    let random = ctx.make_bytes::<2>().map_or(0, u16::from_be_bytes);
    let jittered = base * 3 / 4 + base / 2 * u64::from(random) / u64::from(u16::MAX);
    ctx.now_ms + jittered.max(wait_ms)
}
