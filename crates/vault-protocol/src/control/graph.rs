//! The graph of entries, with an order of "before" that is answered in constant time.
//!
//! Entries are laid on chains, each totally ordered; an entry's clock says how many entries of each chain lie in its past or are itself.

use std::collections::HashMap;

use super::{ControlEntry, ControlError};
use crate::{DeviceId, Hash, limits::MAX_CHAINS};

/// In whose right an entry was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// The vault's name: the genesis.
    Did,
    /// A member.
    Member(DeviceId),
    /// Whoever opened the newest epoch.
    EnrolKey,
    /// The owner key.
    Owner,
}

/// In whose right an entry was signed, and the entries without which that right does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Right {
    pub(super) actor: Actor,
    pub(super) supports: Vec<Hash>,
}

/// One verified entry.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) hash: Hash,
    pub(super) entry: ControlEntry,
    pub(super) right: Right,
    chain: usize,
    /// Position within its chain, counted from 0.
    position: u32,
    clock: Clock,
}

/// How many entries of each chain belong to a set that is closed under "before".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock(Vec<u32>);

impl Clock {
    fn at(&self, chain: usize) -> u32 {
        self.0.get(chain).copied().unwrap_or(0)
    }

    /// The union of both sets.
    pub(super) fn join(mut self, other: &Self) -> Self {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine = (*mine).max(*theirs));
        self
    }

    /// What is in both sets.
    pub(super) fn meet(mut self, other: &Self) -> Self {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine = (*mine).min(*theirs));
        self
    }

    /// Whether every entry of `other` is in this set.
    pub(super) fn covers(&self, other: &Self) -> bool {
        (0..other.0.len()).all(|chain| self.at(chain) >= other.at(chain))
    }

    /// Whether `node` is in this set.
    pub(super) fn contains(&self, node: &Node) -> bool {
        self.at(node.chain) > node.position
    }
}

impl Node {
    /// The entry and all before it.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What entries are applied in: never a later one before an earlier one, and the same everywhere.
    pub(super) fn order(&self) -> (u64, Hash) {
        (self.entry.number, self.hash)
    }

    /// Whether neither lies before the other; false of an entry and itself.
    pub(super) fn is_concurrent(&self, other: &Self) -> bool {
        !self.clock.contains(other) && !other.clock.contains(self)
    }
}

/// All verified entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    by_hash: HashMap<Hash, usize>,
    /// Entries of each chain, in order.
    chains: Vec<Vec<usize>>,
}

impl Graph {
    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// In order of arrival: every entry after its parents.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    pub(super) fn find(&self, hash: Hash) -> Option<&Node> {
        self.by_hash.get(&hash).map(|at| &self.nodes[*at])
    }

    /// Entries named by hash; an error names none.
    pub(super) fn find_all(&self, hashes: &[Hash]) -> Result<Vec<&Node>, ControlError> {
        hashes.iter().map(|hash| self.find(*hash).ok_or(ControlError::MissingParent)).collect()
    }

    /// Whether `earlier` lies before `later`; false if either is unknown.
    pub(super) fn is_before(&self, earlier: Hash, later: Hash) -> bool {
        match (self.find(earlier), self.find(later)) {
            (Some(a), Some(b)) => a.hash != b.hash && b.clock.contains(a),
            _ => false,
        }
    }

    /// All of `hashes` and everything before them.
    pub(super) fn clock_of(&self, hashes: &[Hash]) -> Clock {
        hashes.iter().filter_map(|hash| self.find(*hash)).fold(Clock::default(), |clock, node| clock.join(&node.clock))
    }

    /// The last entries of a closed set, ascending by hash.
    pub(super) fn heads_of(&self, clock: &Clock) -> Vec<Hash> {
        let lasts = self.chains.iter().enumerate().filter_map(|(chain, members)| {
            let count = usize::try_from(clock.at(chain)).ok()?.checked_sub(1)?;
            members.get(count).map(|at| &self.nodes[*at])
        });
        let lasts: Vec<_> = lasts.collect();
        let is_last = |node: &&&Node| !lasts.iter().any(|other| other.hash != node.hash && other.clock.contains(node));
        let mut heads: Vec<_> = lasts.iter().filter(is_last).map(|node| node.hash).collect();
        heads.sort_unstable();
        heads
    }

    /// Takes an entry whose parents are all here.
    pub(super) fn insert(&mut self, hash: Hash, entry: ControlEntry, right: Right) -> Result<(), ControlError> {
        let past = self.clock_of(&entry.parents);
        let extends = |chain: &Vec<usize>| chain.last().is_some_and(|tail| past.contains(&self.nodes[*tail]));
        let chain = match self.chains.iter().position(extends) {
            Some(chain) => chain,
            None if self.chains.len() < MAX_CHAINS => {
                self.chains.push(Vec::new());
                self.chains.len() - 1
            }
            None => return Err(ControlError::TooMany),
        };
        let position = u32::try_from(self.chains[chain].len()).map_err(|_too_many| ControlError::TooMany)?;
        let mut clock = past;
        clock.0.resize(clock.0.len().max(chain + 1), 0);
        clock.0[chain] = position + 1;
        self.chains[chain].push(self.nodes.len());
        self.by_hash.insert(hash, self.nodes.len());
        self.nodes.push(Node { hash, entry, right, chain, position, clock });
        Ok(())
    }
}
