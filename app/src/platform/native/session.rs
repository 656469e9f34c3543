//! Locks the vault when the person leaves the computer: suspend, screen lock, another user's turn (LD09).
//!
//! Linux: [`os::watch_session`] hears logind and the screen savers. Elsewhere only the idle lock and the lock by hand work. Still missing:
//!
//! - Windows: `WM_WTSSESSION_CHANGE` (`WTS_SESSION_LOCK`, `WTS_CONSOLE_DISCONNECT`, `WTS_REMOTE_DISCONNECT`) after
//!   `WTSRegisterSessionNotification`, and `WM_POWERBROADCAST` with `PBT_APMSUSPEND`. Both arrive at a window procedure; winit passes
//!   neither on, so a hidden window of our own is needed.
//! - macOS: `NSWorkspaceWillSleepNotification`, `NSWorkspaceSessionDidResignActiveNotification` and the distributed notification
//!   `com.apple.screenIsLocked`, which need an Objective-C observer.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use vault_engine::Event;
use vault_ui::outbox::Leaving;

use super::os;

/// How long the window has to lock by itself, keeping what is being typed; a frame takes milliseconds, but a hidden window may get none.
const WINDOW_PATIENCE: Duration = Duration::from_secs(1);
/// How long the engine then has. Together less than what logind waits for before it suspends (`InhibitDelayMaxSec`, 5 s).
const ENGINE_PATIENCE: Duration = Duration::from_secs(2);

/// Whether a vault is open, as its events tell. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Openness(Arc<(Mutex<bool>, Condvar)>);

impl Openness {
    /// Takes note of an event on its way to the client.
    pub(crate) fn note(&self, event: &Event) {
        let is_open = match event {
            Event::Opened { .. } => true,
            Event::Locked(_) => false,
            _ => return,
        };
        *self.is_open() = is_open;
        self.0.1.notify_all();
    }

    /// Waits until no vault is open; false if one still is after `patience`.
    fn wait_until_locked(&self, patience: Duration) -> bool {
        let waited = self.0.1.wait_timeout_while(self.is_open(), patience, |is_open| *is_open);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// A flag is never half written.
    fn is_open(&self) -> MutexGuard<'_, bool> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks whenever the person leaves: first the window is asked, then `lock_engine`, which returns when it is done or the patience is over.
pub(crate) fn watch(
    openness: Openness,
    ask_window: impl Fn(Leaving) + Clone + Send + 'static,
    lock_engine: impl Fn(Duration) + Clone + Send + 'static,
) -> io::Result<()> {
    os::watch_session(move |leaving| {
        ask_window(leaving);
        openness.wait_until_locked(WINDOW_PATIENCE);
        lock_engine(ENGINE_PATIENCE);
    })
}

#[cfg(test)]
mod tests {
    use vault_engine::event::LockReason;

    use super::*;

    #[test]
    fn waiting_for_the_lock_ends_with_the_lock() {
        let openness = Openness::default();
        assert!(openness.wait_until_locked(Duration::ZERO), "nothing is open at first");
        *openness.is_open() = true;
        assert!(!openness.wait_until_locked(Duration::ZERO));
        let waiting = openness.clone();
        let waiter = std::thread::spawn(move || waiting.wait_until_locked(Duration::from_secs(60)));
        openness.note(&Event::Locked(LockReason::Asked));
        assert!(waiter.join().unwrap());
    }
}
