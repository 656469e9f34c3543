//! How long something that has failed is let be: on a full disk nothing is gained by asking at every turn.

/// First pause, and the longest, in milliseconds.
const FIRST_MS: u64 = 250;
const LONGEST_MS: u64 = 30_000;

/// Doubles its pause with each failure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    pause_ms: u64,
    not_before_ms: u64,
}

impl Backoff {
    /// Whether it may be tried now.
    pub(super) fn is_over(&self, now_ms: u64) -> bool {
        // A clock that was set back does not make the pause longer.
        now_ms >= self.not_before_ms || self.not_before_ms - now_ms > LONGEST_MS
    }

    /// It has failed.
    pub(super) fn failed(&mut self, now_ms: u64) {
        self.pause_ms = (self.pause_ms * 2).clamp(FIRST_MS, LONGEST_MS);
        self.not_before_ms = now_ms + self.pause_ms;
    }

    /// It has worked, or somebody needs it now and is to hear how it stands.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_doubles_the_pause_up_to_the_longest() {
        let (mut backoff, mut now_ms, mut n_tries) = (Backoff::default(), 1_000_000, 0);
        let end_ms = now_ms + 3_600_000;
        while now_ms < end_ms {
            if backoff.is_over(now_ms) {
                backoff.failed(now_ms);
                n_tries += 1;
            }
            now_ms += 10;
        }
        assert!((120..140).contains(&n_tries), "{n_tries} tries in an hour");
        backoff.end();
        assert!(backoff.is_over(now_ms));
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_it() {
        let mut backoff = Backoff::default();
        backoff.failed(10_000_000);
        assert!(!backoff.is_over(10_000_100));
        assert!(backoff.is_over(1_000));
    }
}
