//! What the log asks of the folded control log: which logs there are, under which keys, and which of them are closed.

use std::{collections::BTreeMap, sync::Arc};

use vault_protocol::{
    Hash, Head, LogId, SigningPublicKey,
    control::{ControlLog, LogStatus},
};

use super::body::ControlHead;

/// A log as the control log has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogMember {
    /// Verifies its entries.
    pub key: SigningPublicKey,
    /// `None`: open, one of the logs of a current device. Otherwise removed, retired or void, and entries up to this one count; later ones
    /// only where a survivor had signed them as seen before it knew. Number 0 where the control log names no cut-off.
    pub closed_at: Option<Head>,
}

/// All logs ever enrolled, folded at one control head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership(pub BTreeMap<LogId, LogMember>);

impl Membership {
    /// The logs that may be written: every open log of every current device.
    pub fn open(&self) -> impl Iterator<Item = LogId> {
        self.0.iter().filter(|(_, member)| member.closed_at.is_none()).map(|(log, _)| *log)
    }

    /// Whether `log` may be written.
    pub fn is_open(&self, log: LogId) -> bool {
        self.0.get(&log).is_some_and(|member| member.closed_at.is_none())
    }

    /// The logs that are closed, with their cut-offs.
    pub fn closed(&self) -> impl Iterator<Item = (LogId, Head)> {
        self.0.iter().filter_map(|(log, member)| Some((*log, member.closed_at?)))
    }

    /// The cut-off of `log`, if it is closed.
    pub fn closed_at(&self, log: LogId) -> Option<Head> {
        self.0.get(&log)?.closed_at
    }
}

/// The control log, folded at any of its heads. What is known at a head never changes.
pub trait Members {
    /// The logs at `head`; `None` if an entry of it is not here yet.
    fn at(&self, head: &ControlHead) -> Option<Arc<Membership>>;

    /// Whether `later` is `earlier` or builds on all of it.
    fn descends(&self, later: &ControlHead, earlier: &ControlHead) -> bool;
}

impl Members for ControlLog {
    fn at(&self, head: &ControlHead) -> Option<Arc<Membership>> {
        let state = self.state_at(head.hashes()).ok()?;
        let member = |(log, state_of): (&LogId, &vault_protocol::control::LogState)| {
            let cut_off = state.cutoff(*log).map_or(NO_CUT_OFF, |cut| Head { seq: cut.seq, hash: cut.hash });
            let closed_at = (state_of.status != LogStatus::Open).then_some(cut_off);
            (*log, LogMember { key: state_of.key, closed_at })
        };
        Some(Arc::new(Membership(state.logs().iter().map(member).collect())))
    }

    fn descends(&self, later: &ControlHead, earlier: &ControlHead) -> bool {
        self.is_covered(earlier.hashes(), later.hashes())
    }
}

/// A log that was closed without a cut-off: nothing of it counts by itself.
const NO_CUT_OFF: Head = Head { seq: 0, hash: Hash::ZERO };
