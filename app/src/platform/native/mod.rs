//! Windows, macOS and the Unixes: threads, files, key stores, clipboard.

pub(crate) mod clipboard;
pub(crate) mod dialogs;
pub(crate) mod engine;
pub(crate) mod files;
pub(crate) mod host;
pub(crate) mod keys;
pub(crate) mod os;
pub(crate) mod paths;
pub(crate) mod preview;
pub(crate) mod settings;

use std::time::{SystemTime, UNIX_EPOCH};

/// The wall clock, Unix milliseconds; 0 before 1970.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Makes a panic say where it happened and nothing of what it was about: the text of a panic may quote a secret.
pub(crate) fn quiet_panics() {
    if cfg!(debug_assertions) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write as _;
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Nobody may be left to read it.
        writeln!(std::io::stderr(), "nt2: internal error at {place}").ok();
    }));
}
