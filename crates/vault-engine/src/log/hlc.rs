//! Hybrid logical clock: wall time where clocks agree, a counter where they do not.
//!
//! Kulkarni et al., "Logical Physical Clocks", 2014, with one change: a stamp far ahead of our own wall clock never moves ours, so one
//! device with a wrong year can't drag the others along. Stamps are compared as written, whatever they say.

/// How far ahead of the wall clock a foreign stamp may be and still move ours, in milliseconds (DESIGN §5: 10 minutes).
pub const MAX_AHEAD_MS: u64 = 10 * 60 * 1000;

/// A stamp. Ordered by time, then counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc {
    /// Unix milliseconds.
    pub ms: u64,
    /// Orders stamps of the same millisecond.
    pub counter: u32,
}

impl Hlc {
    /// The stamp of an entry written now: greater than `self`, the last one given or taken over.
    #[must_use]
    pub fn tick(self, now_ms: u64) -> Self {
        if now_ms > self.ms {
            return Self { ms: now_ms, counter: 0 };
        }
        match self.counter.checked_add(1) {
            Some(counter) => Self { ms: self.ms, counter },
            None => Self { ms: self.ms.saturating_add(1), counter: 0 },
        }
    }

    /// The clock after meeting `other`: the greater of both, but `self` if `other` is more than [`MAX_AHEAD_MS`] ahead of `now_ms`.
    #[must_use]
    pub fn observe(self, other: Self, now_ms: u64) -> Self {
        if other.ms > now_ms.saturating_add(MAX_AHEAD_MS) { self } else { self.max(other) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_given_always_grow() {
        let mut clock = Hlc::default();
        for now_ms in [5, 5, 3, 6, 0] {
            let next = clock.tick(now_ms);
            assert!(next > clock);
            clock = next;
        }
        assert_eq!(clock, Hlc { ms: 6, counter: 1 });
    }

    #[test]
    fn a_full_counter_moves_the_time() {
        let full = Hlc { ms: 7, counter: u32::MAX };
        assert_eq!(full.tick(7), Hlc { ms: 8, counter: 0 });
    }

    #[test]
    fn a_clock_a_little_ahead_moves_ours() {
        let other = Hlc { ms: 1000 + MAX_AHEAD_MS, counter: 3 };
        assert_eq!(Hlc { ms: 1000, counter: 0 }.observe(other, 1000), other);
    }

    #[test]
    fn a_clock_more_than_ten_minutes_ahead_never_moves_ours() {
        let ours = Hlc { ms: 1000, counter: 9 };
        assert_eq!(ours.observe(Hlc { ms: 1001 + MAX_AHEAD_MS, counter: 0 }, 1000), ours);
    }
}
