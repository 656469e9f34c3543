//! When to sign what was merged: entries without ops.

use vault_protocol::LogId;

use super::replica::Replica;

/// One day, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// An ack is due when our last entry is so old, so that the promise of 30 days holds (DESIGN §5).
const HEARTBEAT_MS: u64 = 25 * DAY_MS;
/// A log whose last entry is older than this has broken its promise (MS15).
pub const SILENT_MS: u64 = 30 * DAY_MS;

/// When the question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckMoment {
    /// The vault is about to lock.
    Lock,
    /// Now and then while it is open.
    Open,
}

impl Replica {
    /// Whether an ack is due: others' ops were merged, or a purge waits for our signature, and it is lock or a day since our last entry; in
    /// any case when our last entry is 25 days old.
    pub fn needs_ack(&self, now_ms: u64, moment: AckMoment) -> bool {
        let state = self.state();
        if state.halted {
            return false;
        }
        let since_ms = now_ms.saturating_sub(state.log(state.own).wall_ms);
        let asked = state.heard || self.owes_signature();
        since_ms >= HEARTBEAT_MS || asked && (moment == AckMoment::Lock || since_ms >= DAY_MS)
    }

    /// Whether a purge waits for an entry of ours that names the present control head.
    fn owes_signature(&self) -> bool {
        let state = self.state();
        let signed = |signatures: &std::collections::BTreeMap<_, std::collections::BTreeSet<LogId>>| {
            signatures.get(&state.control).is_some_and(|logs| logs.contains(&state.own))
        };
        state.pending.values().any(|pending| !signed(&pending.signatures))
    }

    /// Other logs whose last entry is older than the promised 30 days, with their authors' wall clocks (MS15).
    pub fn silent(&self, now_ms: u64) -> Vec<(LogId, u64)> {
        let state = self.state();
        let others = state.logs.iter().filter(|(log, log_state)| **log != state.own && log_state.head.seq > 0);
        others
            .map(|(log, log_state)| (*log, log_state.wall_ms))
            .filter(|(_, wall_ms)| now_ms.saturating_sub(*wall_ms) > SILENT_MS)
            .collect()
    }
}
