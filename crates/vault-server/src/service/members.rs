//! Who belongs to a vault: its control log, verified and folded, kept in memory and brought up to date from the store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use vault_protocol::{
    SigningPublicKey, VaultId,
    api::Purpose,
    control::{ControlEntry, ControlLog, Membership},
};

use crate::store::{Store, StoreError, StoreResult, VaultRow};

/// Bytes of control entries whose logs are kept in memory; the longest unused go first.
const MAX_KEPT_BYTES: u64 = 256 << 20;
/// What a slot takes beside them, roughly.
const SLOT_BYTES: u64 = 8 << 10;
/// Bytes of control entries that are read at once.
const PAGE_BYTES: u64 = 4 << 20;

/// The control logs of the vaults that were asked for lately.
#[derive(Default)]
pub(super) struct Members(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    slots: HashMap<VaultId, Place>,
    clock: u64,
}

struct Place {
    slot: Slot,
    /// When it was last asked for, by `clock`.
    used: u64,
    /// Of its control entries.
    n_bytes: u64,
}

type Slot = Arc<AsyncMutex<Option<Loaded>>>;

/// A vault's control log as far as the store had it.
pub(super) struct Loaded {
    instance: [u8; 16],
    log: ControlLog,
    /// Whether the log holds entries that the store may not: set while they are being stored, and left so by a request that is given up.
    tentative: bool,
}

/// The control log of one vault, held by one request at a time.
pub(super) struct Held(OwnedMutexGuard<Option<Loaded>>);

impl Members {
    /// The control log of a vault at least as far as `row` says, verified from the genesis on.
    pub(super) async fn hold<S: Store>(&self, store: &S, row: &VaultRow) -> StoreResult<Held> {
        let mut slot = self.slot(row.vault, row.control_bytes).lock_owned().await;
        if slot.as_ref().is_some_and(|loaded| loaded.tentative) {
            *slot = None;
        }
        // Another registration of the vault, or a store that was put back: begin again.
        let is_past = |loaded: &Loaded| loaded.instance != row.instance || loaded.log.n_entries() as u64 > row.n_control;
        if slot.as_ref().is_some_and(is_past) {
            // A request with an older row than this one's may ask again; the newest row decides.
            let newest = store.vault(row.vault).await?;
            if !newest.is_some_and(|newest| slot.as_ref().is_some_and(|loaded| loaded.is_of(&newest))) {
                *slot = None;
            }
        }
        while slot.as_ref().map_or(0, |loaded| loaded.log.n_entries() as u64) < row.n_control {
            let after = slot.as_ref().map_or(0, |loaded| loaded.log.n_entries() as u64);
            let page = store.control(row.vault, after, PAGE_BYTES).await?;
            if page.is_empty() {
                return Err(StoreError::Busy);
            }
            for wire in page {
                take(&mut slot, row, &wire).ok_or(StoreError::Corrupt)?;
            }
        }
        Ok(Held(slot))
    }

    pub(super) fn forget(&self, vault: VaultId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).slots.remove(&vault);
    }

    /// The slot of a vault whose control log has so many bytes.
    fn slot(&self, vault: VaultId, n_bytes: u64) -> Slot {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let used = kept.clock;
        let slot = kept.slots.get(&vault).map(|place| place.slot.clone()).unwrap_or_default();
        kept.slots.insert(vault, Place { slot: slot.clone(), used, n_bytes });
        kept.shrink();
        slot
    }
}

impl Kept {
    /// Forgets what was longest unused until the rest is within bounds, and then some, so that this is seldom.
    fn shrink(&mut self) {
        let weight = |place: &Place| place.n_bytes + SLOT_BYTES;
        if self.slots.values().map(weight).sum::<u64>() <= MAX_KEPT_BYTES {
            return;
        }
        let mut newest_first: Vec<(u64, u64)> = self.slots.values().map(|place| (place.used, weight(place))).collect();
        newest_first.sort_unstable_by_key(|(used, _)| std::cmp::Reverse(*used));
        let mut sum = 0;
        let fits = newest_first.iter().take_while(|(_, weight)| {
            sum += weight;
            sum <= MAX_KEPT_BYTES / 4 * 3
        });
        // The newest stays whatever it weighs: it is about to be used.
        let oldest_kept = fits.last().or(newest_first.first()).map_or(0, |(used, _)| *used);
        self.slots.retain(|_, place| place.used >= oldest_kept);
    }
}

fn take(slot: &mut Option<Loaded>, row: &VaultRow, wire: &[u8]) -> Option<()> {
    let entry = ControlEntry::parse(wire).ok()?;
    match slot {
        Some(loaded) => loaded.log.append(entry).ok(),
        None => {
            let log = ControlLog::new(row.vault, entry).ok()?;
            *slot = Some(Loaded { instance: row.instance, log, tentative: false });
            Some(())
        }
    }
}

impl Loaded {
    fn is_of(&self, row: &VaultRow) -> bool {
        self.instance == row.instance && self.log.n_entries() as u64 <= row.n_control
    }
}

impl Held {
    pub(super) fn log(&self) -> Option<&ControlLog> {
        self.0.as_ref().map(|loaded| &loaded.log)
    }

    /// The log, to be written to: who does so says [`Self::stored`] once the store has it, or the log is forgotten.
    pub(super) fn log_mut(&mut self) -> Option<&mut ControlLog> {
        self.0.as_mut().map(|loaded| {
            loaded.tentative = true;
            &mut loaded.log
        })
    }

    /// The store has every entry of the log.
    pub(super) fn stored(&mut self) {
        self.0.iter_mut().for_each(|loaded| loaded.tentative = false);
    }

    /// The fold of everything.
    pub(super) fn state(&self) -> StoreResult<Arc<Membership>> {
        let log = self.log().ok_or(StoreError::Corrupt)?;
        log.state_at(log.heads()).map_err(|_error| StoreError::Corrupt)
    }
}

/// As what a key has a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A current device.
    Member,
    /// Whoever holds the kit.
    Owner,
    /// Whoever knows address and password, while that is on.
    Login,
    /// Whoever holds the vault's own key, while there is nothing but the genesis: it may hand over the rest of the control log, because a
    /// genesis may name no device that is still a member.
    Name,
    /// Whoever ever had a place, in it or not any more: it reads the control log, to learn from what members have signed what became of that
    /// place, and brings what gives it a new one or settles a conflict.
    Former,
}

/// Whether a key ever began a log, whatever became of that.
pub(super) fn had_place(state: &Membership, key: SigningPublicKey) -> bool {
    state.logs().values().any(|log| log.key == key)
}

/// As what a key may open a session for a purpose, if it may. `login_key` is that of "address + password", if it is on; `row` says whether the
/// vault has just been registered.
pub(super) fn role(
    state: &Membership,
    row: &VaultRow,
    login_key: Option<SigningPublicKey>,
    key: SigningPublicKey,
    purpose: Purpose,
) -> Option<Role> {
    let member = || state.open_log_of_key(key).map(|_log| Role::Member);
    let owner = || (state.owner_key() == key).then_some(Role::Owner);
    let login = || (login_key == Some(key)).then_some(Role::Login);
    let name = || (row.n_control == 1 && state.did() == key).then_some(Role::Name);
    let former = || had_place(state, key).then_some(Role::Former);
    match purpose {
        Purpose::Sync => member(),
        Purpose::Join => owner().or_else(login).or_else(name).or_else(former),
        Purpose::Delete => owner().or_else(member),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_for_control_logs_stays_bounded_and_the_newest_stay() {
        let members = Members::default();
        for number in 0..100u8 {
            members.slot(VaultId([number; 16]), 30 << 20);
        }
        let kept = members.0.lock().expect("no test panicked");
        assert!(kept.slots.len() <= 8 && kept.slots.contains_key(&VaultId([99; 16])), "{}", kept.slots.len());
        drop(kept);
        members.slot(VaultId([200; 16]), 1 << 30);
        assert!(members.0.lock().expect("no test panicked").slots.contains_key(&VaultId([200; 16])));
    }
}
