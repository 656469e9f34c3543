//! Hearing of others' changes within seconds: one request that the server holds until something changes.
//!
//! It stands beside the exchanges, so that it never delays one, and tells nothing but that an exchange is worth while. There is at most one; it
//! ends with the session.

use vault_protocol::api::{Changed, Origin, Position, Wait};

use super::call::{CallError, ask};
use crate::{
    context::{Ctx, Step},
    engine::{ASIDE, Engine},
};

/// How long the server may hold it, in seconds: an answer comes before the request's time-out and before that of proxies.
const HOLD_SECS: u32 = 20;
/// An unchanged answer that came sooner was not held, in milliseconds: this server does not wait, or somebody between does not let it.
const HELD_MS: u64 = 1_000;
/// Between two of them, in milliseconds; doubled for each that brought nothing.
const PAUSE_MS: u64 = 500;
/// The longest pause, in milliseconds: from here on it is no better than the exchanges that come by themselves.
const MAX_PAUSE_MS: u64 = 60_000;

/// Where the server stands by count: entries, control entries.
type Counts = (u64, u64);

/// See the module.
#[derive(Default)]
pub(crate) struct Watch {
    /// At the end of the last exchange that came to its end; `None` = there is nothing to wait for.
    known: Option<Counts>,
    /// When the next request begins.
    due_ms: Option<u64>,
    /// The request under way: what it waits to be left, and since when.
    asked: Option<(Counts, u64)>,
    /// Requests in a row that brought nothing.
    n_vain: u32,
}

impl Watch {
    /// An exchange has come to its end.
    pub(super) fn arm(&mut self, position: &Position, has_news: bool, now_ms: u64) {
        self.known = Some((position.n_entries, position.n_control));
        if has_news {
            self.n_vain = 0;
        }
        if self.asked.is_none() {
            self.due_ms = Some(now_ms + self.pause_ms());
        }
    }

    /// There is nothing to wait for: the server can't be reached, or must not be asked.
    pub(super) fn disarm(&mut self) {
        (self.known, self.due_ms) = (None, None);
    }

    /// When the next request begins.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.due_ms.filter(|_| self.asked.is_none() && self.known.is_some())
    }

    /// An answer came, or none: whether an exchange is worth while.
    fn hear(&mut self, result: &Result<Changed, CallError>, now_ms: u64) -> bool {
        let Some((asked, since_ms)) = self.asked.take() else { return false };
        // Our own changes are news to the server only: an exchange has ended since.
        let is_stale = self.known != Some(asked);
        let was_held = now_ms.saturating_sub(since_ms) >= HELD_MS;
        let is_news = !is_stale && matches!(result, Ok(Changed { changed: true }));
        self.n_vain = match result {
            Ok(Changed { changed: false }) if was_held => 0,
            Ok(_) if is_stale => self.n_vain,
            _ => self.n_vain.saturating_add(1),
        };
        self.due_ms = self.known.map(|_| now_ms + self.pause_ms());
        if is_news {
            // The exchange says where the server stands then.
            self.disarm();
        }
        is_news
    }

    fn pause_ms(&self) -> u64 {
        PAUSE_MS.saturating_mul(1 << self.n_vain.min(10)).min(MAX_PAUSE_MS)
    }
}

impl Engine {
    /// When to wait for the server again: not while an exchange runs, whose end says what to wait for.
    pub(crate) fn watch_due_ms(&self) -> Option<u64> {
        let session = self.session.as_ref().filter(|session| self.opening.is_none() && session.joining.is_none())?;
        session.sync.watch.due_ms().filter(|_| session.sync.run.is_none() && session.sync.is_on() && session.sync.token.is_some())
    }

    /// Lets the server hold a request.
    pub(crate) fn watch_server(&mut self, ctx: &mut Ctx<'_>) {
        let Some(session) = &mut self.session else { return };
        let (Some(record), Some(token)) = (&session.sync.record, &session.sync.token) else { return };
        let (Some(origin), Some(known)) = (Origin::parse(&record.server), session.sync.watch.known) else { return };
        let call = Wait { vault: session.vault, n_entries: known.0, n_control: known.1, timeout_secs: HOLD_SECS };
        let step = ask(&origin, &call, Some(token), |engine, result, ctx| {
            let sync = &mut engine.session()?.sync;
            if sync.watch.hear(&result, ctx.now_ms) && sync.run.is_none() {
                sync.due_ms = Some(ctx.now_ms);
            }
            Ok(Step::Done)
        });
        session.sync.watch.asked = Some((known, ctx.now_ms));
        self.proceed(ASIDE, step, ctx);
    }
}

#[cfg(test)]
mod tests {
    use vault_protocol::api::ApiError;

    use super::*;

    const CHANGED: Result<Changed, CallError> = Ok(Changed { changed: true });
    const UNCHANGED: Result<Changed, CallError> = Ok(Changed { changed: false });

    fn at(n_entries: u64) -> Position {
        Position { n_entries, n_control: 1, control_heads: Vec::new() }
    }

    /// One that waits since 0 for a server with five entries.
    fn waiting() -> Watch {
        let mut watch = Watch::default();
        watch.arm(&at(5), true, 0);
        watch.asked = Some(((5, 1), 0));
        watch
    }

    #[test]
    fn a_change_asks_for_an_exchange_and_waits_for_its_end() {
        let mut watch = waiting();
        assert!(watch.hear(&CHANGED, 3_000));
        assert_eq!(watch.due_ms(), None);
        watch.arm(&at(6), true, 3_500);
        assert_eq!(watch.due_ms(), Some(3_500 + PAUSE_MS));
    }

    #[test]
    fn what_we_sent_ourselves_is_no_news() {
        let mut watch = waiting();
        watch.arm(&at(6), false, 2_000);
        assert!(!watch.hear(&CHANGED, 2_010));
        assert_eq!(watch.due_ms(), Some(2_010 + PAUSE_MS));
    }

    #[test]
    fn a_server_that_does_not_hold_it_or_cries_wolf_is_asked_ever_less() {
        for answer in [UNCHANGED, CHANGED, Err(CallError::Refused(ApiError::NotOffered))] {
            let mut watch = waiting();
            let mut now_ms = 0;
            let mut pauses = Vec::new();
            for _ in 0..12 {
                now_ms += 1;
                watch.asked = Some(((5, 1), now_ms));
                watch.hear(&answer, now_ms);
                watch.arm(&at(5), false, now_ms);
                pauses.push(watch.due_ms().expect("it is armed") - now_ms);
            }
            assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
            assert_eq!((pauses[0], pauses[11]), (2 * PAUSE_MS, MAX_PAUSE_MS));
        }
    }

    #[test]
    fn one_that_was_held_is_followed_by_another_at_once() {
        let mut watch = waiting();
        watch.n_vain = 5;
        assert!(!watch.hear(&UNCHANGED, 20_000));
        assert_eq!(watch.due_ms(), Some(20_000 + PAUSE_MS));
    }
}
