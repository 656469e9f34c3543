//! Wakes those who wait for something to change on this server. A change that another server of the same database made is found by asking again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Notify;

/// What somebody may wait for: a vault or a relay channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject(pub [u8; 16]);

/// Everyone who waits.
#[derive(Debug, Default)]
pub struct Changes(Mutex<HashMap<Subject, Weak<Notify>>>);

impl Changes {
    /// What is notified of the subject's changes. To miss none, take it, enable a `notified()` of it, and only then look.
    pub fn watch(&self, subject: Subject) -> Arc<Notify> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whom nobody waits for any more go when the map would grow.
        if all.len() == all.capacity() {
            all.retain(|_, notify| notify.strong_count() > 0);
        }
        let slot = all.entry(subject).or_default();
        slot.upgrade().unwrap_or_else(|| {
            let notify = Arc::new(Notify::new());
            *slot = Arc::downgrade(&notify);
            notify
        })
    }

    /// How many subjects somebody waits for.
    pub fn n_watched(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().filter(|notify| notify.strong_count() > 0).count()
    }

    pub(crate) fn tell(&self, subject: Subject) {
        let notify = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&subject).and_then(Weak::upgrade);
        if let Some(notify) = notify {
            notify.notify_waiters();
        }
    }
}
