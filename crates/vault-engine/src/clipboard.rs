//! The clock of what we put on the clipboard.

/// Whether the clipboard holds something of ours, and until when.
#[derive(Default)]
pub(crate) struct Clipboard {
    ours: bool,
    clears_ms: Option<u64>,
}

impl Clipboard {
    /// Something of ours was put there at `now_ms`, to be cleared after `secs` (0 = only at lock and exit). Gives the time of clearing.
    pub(crate) fn put(&mut self, now_ms: u64, secs: u32) -> Option<u64> {
        self.ours = true;
        self.clears_ms = (secs > 0).then(|| now_ms + u64::from(secs) * 1000);
        self.clears_ms
    }

    /// It is being cleared.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether it may still hold ours.
    pub(crate) fn is_ours(&self) -> bool {
        self.ours
    }

    /// When it is to be cleared, Unix milliseconds.
    pub(crate) fn clears_ms(&self) -> Option<u64> {
        self.clears_ms
    }
}
