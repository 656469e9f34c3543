//! Version vectors: the last entry known of every log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Hash, LogId};

/// The last entry of a log: its number, counted from 1, and the SHA-256 of its whole wire form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the entry.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
}

/// The head of every log that has at least one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionVector(pub BTreeMap<LogId, Head>);

impl VersionVector {
    /// The number of the last known entry of `log`; 0 if none.
    pub fn seq(&self, log: LogId) -> u64 {
        self.0.get(&log).map_or(0, |head| head.seq)
    }

    /// Whether every log of `other` is known at least as far here. Compares numbers; hashes are compared where entries are at hand.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(log, head)| self.seq(*log) >= head.seq)
    }

    /// The heads of `self` that differ from those of `older`.
    pub fn since(&self, older: &Self) -> Self {
        Self(self.0.iter().filter(|(log, head)| older.0.get(log) != Some(head)).map(|(log, head)| (*log, *head)).collect())
    }
}
