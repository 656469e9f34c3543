//! Logs that this device has left: after an old copy of its folder was put back or a clone was met (MS16), or where a removal made it seal
//! unsent work anew.
//!
//! Such a log stays open, because a clone may still write it; and while it is open, no purge is agreed to. It is retired when it has been
//! silent for a week, all of it that a carrier has is applied here, and the log that continues it is known there. Should somebody still
//! write it, that copy learns of it at its next exchange and goes on in a log of its own: see `sync::outside`.

use std::collections::BTreeMap;

use vault_crypto::compose::{self, Retired};
use vault_protocol::{LogId, VersionVector, control::ControlBody};

use crate::{context::Ctx, event::Failure, session::Session};

/// Silence after which a log that was left is retired, in milliseconds: a week.
const QUIET_MS: u64 = 7 * 24 * 60 * 60 * 1000;

impl Session {
    /// Retires the logs that this device has left and nobody writes any more. `offered`: the heads of the carrier, all of which were pulled.
    pub(crate) fn retire_left_logs(&mut self, offered: &VersionVector, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        if self.control.state().newest_epoch().is_none() {
            return Ok(());
        }
        for log in self.left_logs(offered, ctx.now_ms) {
            let entry = compose::make_retire(&self.control, Retired::Log(log), &self.log_key)?;
            // What is applied of it is signed as seen first: so all of it counts for everyone.
            self.append_control(entry, None, ctx, |_| Ok(()))?;
        }
        Ok(())
    }

    fn left_logs(&self, offered: &VersionVector, now_ms: u64) -> Vec<LogId> {
        let (members, state) = (self.control.state(), self.replica.state());
        let is_established = state.seq(state.own) > 0 && offered.seq(state.own) > 0;
        let continued: BTreeMap<LogId, LogId> = self
            .control
            .entries()
            .filter_map(|(_, entry)| match &entry.body {
                ControlBody::Incarnation(body, _) => Some((body.log, body.old_log)),
                ControlBody::Genesis(_)
                | ControlBody::Enrol(..)
                | ControlBody::Epoch(_)
                | ControlBody::Slots(_)
                | ControlBody::Floor(_)
                | ControlBody::Allow(_)
                | ControlBody::Retire(_)
                | ControlBody::Settle(_) => None,
            })
            .collect();
        let before = std::iter::successors(continued.get(&state.own), |log| continued.get(log)).copied();
        let is_ours = |log: &LogId| members.logs().get(log).is_some_and(|log| log.device == self.device);
        let is_applied = |log: &LogId| offered.seq(*log) == state.seq(*log);
        let is_quiet = |log: &LogId| now_ms.saturating_sub(state.log(*log).wall_ms) >= QUIET_MS;
        before.filter(|log| is_established && members.is_open_log(*log) && is_ours(log) && is_applied(log) && is_quiet(log)).collect()
    }
}
