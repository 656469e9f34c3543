//! The status as the client gets it, and the six words.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use vault_model::generate::WordList;
use vault_protocol::{DeviceId, Head, LogId, ObjectId, VaultId};

use super::{Agreement, SyncDevice, SyncState, SyncStatus};
use crate::{
    context::Ctx,
    event::Event,
    log::{acks::SILENT_MS, replica::ReplicaState},
    session::Session,
};

/// Words of a fingerprint: 6 × log2(7776) = 77 bits.
const N_WORDS: usize = 6;

impl Session {
    /// Everything a sync screen shows.
    pub(crate) fn sync_status(&self, now_ms: u64) -> SyncStatus {
        let record = self.sync.record.as_ref();
        SyncStatus {
            state: self.sync.state.clone(),
            enabled: record.is_some_and(|record| record.enabled),
            server: record.map(|record| record.server.clone()).unwrap_or_default(),
            registered: record.is_some_and(|record| record.registered),
            last_sync_ms: record.map_or(0, |record| record.last_sync_ms),
            plan: self.sync.plan.plan,
            password_login: self.password_login(),
            // What can't be counted is shown by the check of the vault.
            n_unpushed: self.store.read().n_unpushed().unwrap_or_default(),
            n_remote: record.map_or(0, |record| record.pins.0.values().map(|head| head.seq).sum()),
            n_items: self.index.rows().count() as u64,
            devices: self.sync_devices(now_ms),
            agreement: self.agreement(),
            fork: self.fork_sides(),
            unopened: self.authors_of_unopened(),
            fingerprint: fingerprint(self.vault, self.replica.state()),
        }
    }

    /// Tells the client where sync stands.
    pub(crate) fn tell_sync(&mut self, ctx: &mut Ctx<'_>) {
        self.sync.is_news = false;
        let status = self.sync_status(ctx.now_ms);
        ctx.emit(Event::SyncChanged(Box::new(status)));
    }

    fn sync_devices(&self, now_ms: u64) -> Vec<SyncDevice> {
        let members = self.control.state();
        let state = self.replica.state();
        let mut last_seen: BTreeMap<DeviceId, u64> = BTreeMap::new();
        for (log, log_state) in members.logs() {
            let seen_ms = state.logs.get(log).map_or(0, |log| log.wall_ms);
            let last = last_seen.entry(log_state.device).or_default();
            *last = (*last).max(seen_ms);
        }
        let mut devices: Vec<SyncDevice> = members
            .current_devices()
            .map(|device| {
                let last_seen_ms = last_seen.get(&device).copied().unwrap_or_default();
                let is_this = device == self.device;
                SyncDevice {
                    device,
                    name: self.device_names.get(&ObjectId(device.0)).cloned().unwrap_or_default(),
                    is_this,
                    last_seen_ms,
                    is_silent: !is_this && last_seen_ms > 0 && now_ms.saturating_sub(last_seen_ms) > SILENT_MS,
                    n_behind: if is_this { 0 } else { self.n_behind(device) },
                }
            })
            .collect();
        devices.sort_by(|a, b| (!a.is_this, &a.name, a.device).cmp(&(!b.is_this, &b.name, b.device)));
        devices
    }

    /// Up to where all open logs of current devices have signed what they hold. Roots were compared wherever they could be (MS11).
    fn agreement(&self) -> Agreement {
        let members = self.control.state();
        let state = self.replica.state();
        let open: Vec<LogId> = members.open_logs().collect();
        let vector = state.vector();
        // This device holds whatever is applied here, signed or not.
        let others: Vec<&LogId> = open.iter().filter(|log| **log != state.own).collect();
        let agreed = |log: &LogId, head: u64| others.iter().map(|author| signed(state, *log, **author)).fold(head, u64::min);
        Agreement {
            n_devices: members.current_devices().count() as u32,
            n_agreed: vector.0.iter().map(|(log, head)| agreed(log, head.seq)).sum(),
            n_changes: vector.0.values().map(|head| head.seq).sum(),
        }
    }

    /// Changes applied here that not every open log of a device has signed as seen.
    fn n_behind(&self, device: DeviceId) -> u64 {
        let members = self.control.state();
        let state = self.replica.state();
        let is_its_own = |log: &LogId| members.logs().get(log).is_some_and(|state| state.device == device);
        let authors: Vec<LogId> = members.open_logs().filter(is_its_own).collect();
        let behind = |(log, head): (&LogId, &Head)| {
            let seen = authors.iter().map(|author| signed(state, *log, *author)).fold(head.seq, u64::min);
            head.seq - seen
        };
        state.vector().0.iter().map(behind).sum()
    }

    /// Says that the state of sync is another one.
    pub(crate) fn set_sync_state(&mut self, state: SyncState) {
        self.sync.is_news |= self.sync.state != state;
        self.sync.state = state;
    }
}

/// How far the author of a log has signed that it holds another one; of its own it holds all.
fn signed(state: &ReplicaState, log: LogId, author: LogId) -> u64 {
    if author == log { state.seq(log) } else { state.log(author).seen.seq(log) }
}

/// Six words over all that a replica holds: FORMAT.md §12.
pub(crate) fn fingerprint(vault: VaultId, state: &ReplicaState) -> Vec<String> {
    let mut digest = Sha256::new();
    digest.update(b"nt2 fingerprint v1");
    digest.update(vault.0);
    digest.update((state.control.hashes().len() as u32).to_be_bytes());
    state.control.hashes().iter().for_each(|hash| digest.update(hash.0));
    let vector = state.vector();
    digest.update((vector.0.len() as u32).to_be_bytes());
    for (log, head) in &vector.0 {
        digest.update(log.0);
        digest.update(head.seq.to_be_bytes());
        digest.update(head.hash.0);
    }
    digest.update(state.root.0);
    words_of(&digest.finalize())
}

fn words_of(digest: &[u8]) -> Vec<String> {
    let words = WordList::English.words();
    let n_words = words.len() as u128;
    let mut rest = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let mut next = || {
        let word = words[(rest % n_words) as usize];
        rest /= n_words;
        word.to_owned()
    };
    (0..N_WORDS).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use vault_protocol::{Hash, Head};

    use super::*;
    use crate::log::{body::ControlHead, replica::LogState, root::Root};

    fn state() -> ReplicaState {
        let log = LogState { head: Head { seq: 3, hash: Hash([2; 32]) }, ..LogState::default() };
        ReplicaState {
            control: ControlHead::new([Hash([1; 32])]),
            logs: [(LogId([3; 16]), log)].into(),
            root: Root([4; 32]),
            ..ReplicaState::default()
        }
    }

    #[test]
    fn the_words_are_six_and_change_with_each_part() {
        let vault = VaultId([9; 16]);
        let first = fingerprint(vault, &state());
        assert_eq!(first.len(), N_WORDS);
        let mut others = vec![fingerprint(VaultId([8; 16]), &state())];
        let mut changed = state();
        changed.root = Root([5; 32]);
        others.push(fingerprint(vault, &changed));
        let mut changed = state();
        changed.control = ControlHead::new([Hash([7; 32])]);
        others.push(fingerprint(vault, &changed));
        let mut changed = state();
        changed.logs.values_mut().for_each(|log| log.head.hash = Hash([6; 32]));
        others.push(fingerprint(vault, &changed));
        assert!(others.iter().all(|other| *other != first));
    }

    #[test]
    fn a_digest_gives_its_words_least_digit_first() {
        let mut digest = [0; 32];
        digest[15] = 1;
        assert_eq!(words_of(&digest), ["abdomen", "abacus", "abacus", "abacus", "abacus", "abacus"]);
    }
}
