//! The verified control log.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{
    ControlBody, ControlEntry, ControlError, Membership, Settle,
    fold::{States, fold},
    graph::{Actor, Graph, Right},
    verify,
};
use crate::{
    Hash, VaultId,
    limits::{MAX_CONTROL_BYTES, MAX_CONTROL_ENTRIES, MAX_PARENTS},
};

/// States kept to fold others from.
const KEPT_STATES: usize = 32;

/// Every entry of a vault's control log, each verified before it was taken, and their fold.
///
/// Entries arrive in any order that respects "before"; the fold is the same for each.
#[derive(Debug)]
pub struct ControlLog {
    vault: VaultId,
    graph: Graph,
    /// Ascending.
    heads: Vec<Hash>,
    /// The state at `heads`, once asked for.
    state: OnceLock<Arc<Membership>>,
    kept: Mutex<Kept>,
}

impl ControlLog {
    /// Begins the log of `vault`, which the caller knows from elsewhere, with its genesis.
    ///
    /// # Errors
    ///
    /// [`ControlError::WrongVault`] if it is another vault's, [`ControlError::Genesis`] if it is none, and whatever its parts are refused for.
    pub fn new(vault: VaultId, genesis: ControlEntry) -> Result<Self, ControlError> {
        let body = verify::genesis(vault, &genesis)?;
        genesis.verify_signature()?;
        let hash = genesis.hash();
        let mut graph = Graph::default();
        let state = Membership::at_genesis(vault, hash, body, &graph);
        graph.insert(hash, genesis, Right { actor: Actor::Did, supports: Vec::new() })?;
        Ok(Self { vault, graph, heads: vec![hash], state: OnceLock::from(Arc::new(state)), kept: Mutex::default() })
    }

    /// Begins a log and appends the rest, genesis first and each entry after its parents.
    ///
    /// # Errors
    ///
    /// As [`Self::new`] and [`Self::append`]; [`ControlError::Genesis`] if there is no entry.
    pub fn from_entries(vault: VaultId, entries: impl IntoIterator<Item = ControlEntry>) -> Result<Self, ControlError> {
        let mut entries = entries.into_iter();
        let mut log = Self::new(vault, entries.next().ok_or(ControlError::Genesis)?)?;
        entries.try_for_each(|entry| log.append(entry))?;
        Ok(log)
    }

    /// Verifies an entry against the state at its parents and takes it. One that is here already changes nothing.
    ///
    /// # Errors
    ///
    /// [`ControlError::MissingParent`] if it has to wait; everything else is final. The log is then as before.
    pub fn append(&mut self, entry: ControlEntry) -> Result<(), ControlError> {
        let hash = entry.hash();
        if self.contains(hash) {
            return Ok(());
        }
        if entry.encode().len() > MAX_CONTROL_BYTES {
            return Err(ControlError::Frame);
        }
        if entry.vault != self.vault {
            return Err(ControlError::WrongVault);
        }
        if matches!(entry.body, ControlBody::Genesis(_)) || entry.parents.is_empty() {
            return Err(ControlError::Genesis);
        }
        self.check_place(&entry)?;
        let before = self.state_at(&entry.parents)?;
        let right = match &entry.body {
            ControlBody::Settle(settle) => self.check_settle(&before, &entry, settle)?,
            _ => verify::later(&before, &entry)?,
        };
        entry.verify_signature()?;
        let mut heads: Vec<Hash> = self.heads.iter().copied().filter(|head| !entry.parents.contains(head)).collect();
        heads.push(hash);
        heads.sort_unstable();
        if self.graph.len() >= MAX_CONTROL_ENTRIES {
            return Err(ControlError::TooMany);
        }
        self.graph.insert(hash, entry, right)?;
        self.heads = heads;
        self.advance(before, hash);
        Ok(())
    }

    /// The vault.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The control head: hashes of the entries that no other names, ascending. More than eight only if so many were written at once; a log
    /// takes them all, because what it takes must not depend on the order of arrival.
    pub fn heads(&self) -> &[Hash] {
        &self.heads
    }

    /// The parents and the number of the next entry written here: all heads, or the first eight if there are more, which joins them so that
    /// another entry can join the rest.
    pub fn next_place(&self) -> (Vec<Hash>, u64) {
        let parents: Vec<Hash> = self.heads.iter().copied().take(MAX_PARENTS).collect();
        let newest = parents.iter().filter_map(|parent| self.graph.find(*parent)).map(|node| node.entry.number).max();
        (parents, newest.map_or(0, |number| number + 1))
    }

    /// The number of [`Self::next_place`].
    pub fn next_number(&self) -> u64 {
        self.next_place().1
    }

    /// Number of entries.
    pub fn n_entries(&self) -> usize {
        self.graph.len()
    }

    /// Whether the entry of this hash is here.
    pub fn contains(&self, hash: Hash) -> bool {
        self.graph.find(hash).is_some()
    }

    /// The entry of this hash.
    pub fn find(&self, hash: Hash) -> Option<&ControlEntry> {
        self.graph.find(hash).map(|node| &node.entry)
    }

    /// All entries in order of arrival, each after its parents, with their hashes.
    pub fn entries(&self) -> impl Iterator<Item = (Hash, &ControlEntry)> {
        self.graph.iter().map(|node| (node.hash, &node.entry))
    }

    /// Whether `earlier` lies before `later` or is the same; false if either is unknown.
    pub fn is_at_or_before(&self, earlier: Hash, later: Hash) -> bool {
        (earlier == later && self.contains(earlier)) || self.graph.is_before(earlier, later)
    }

    /// Whether everything at or before `heads` lies at or before `newer`; false if any is unknown.
    pub fn is_covered(&self, heads: &[Hash], newer: &[Hash]) -> bool {
        heads.iter().all(|head| newer.iter().any(|later| self.is_at_or_before(*head, *later)))
    }

    /// The fold of everything.
    pub fn state(&self) -> &Membership {
        self.shared_state()
    }

    /// The fold of `heads` and everything before them: what held when something was written at that control head.
    ///
    /// # Errors
    ///
    /// [`ControlError::MissingParent`] if one is unknown, [`ControlError::Chain`] if they are none, or one lies before another.
    pub fn state_at(&self, heads: &[Hash]) -> Result<Arc<Membership>, ControlError> {
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        if sorted == self.heads {
            return Ok(self.shared_state().clone());
        }
        self.check_heads(&sorted)?;
        if let Some(state) = self.kept().find_shared(&sorted) {
            return Ok(state);
        }
        let state = Arc::new(fold(&self.graph, &sorted, self)?);
        self.kept().keep(state.clone());
        Ok(state)
    }

    fn shared_state(&self) -> &Arc<Membership> {
        self.state.get_or_init(|| {
            let state = fold(&self.graph, &self.heads, self).expect("all heads are here, and so is everything before them");
            Arc::new(state)
        })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_heads(&self, sorted: &[Hash]) -> Result<(), ControlError> {
        self.graph.find_all(sorted)?;
        let one_before_another = sorted.iter().any(|a| sorted.iter().any(|b| self.graph.is_before(*a, *b)));
        let repeated = sorted.windows(2).any(|pair| pair[0] == pair[1]);
        if sorted.is_empty() || one_before_another || repeated { Err(ControlError::Chain) } else { Ok(()) }
    }

    fn check_place(&self, entry: &ControlEntry) -> Result<(), ControlError> {
        self.check_heads(&entry.parents)?;
        let newest = self.graph.find_all(&entry.parents)?.iter().map(|node| node.entry.number).max();
        let sound = entry.parents.len() <= MAX_PARENTS && newest.and_then(|number| number.checked_add(1)) == Some(entry.number);
        let ascending = entry.parents.is_sorted();
        if sound && ascending { Ok(()) } else { Err(ControlError::Chain) }
    }

    /// A settle stands on a conflict, is signed by the owner key from before the fork, and leaves no conflict among what stands.
    fn check_settle(&self, before: &Membership, entry: &ControlEntry, settle: &Settle) -> Result<Right, ControlError> {
        let conflict = before.conflict.as_ref().ok_or(ControlError::BadSettle)?;
        if entry.signer != conflict.owner_key {
            return Err(ControlError::NotEntitled);
        }
        if !settle.heads.is_sorted() || self.check_heads(&settle.heads).is_err() {
            return Err(ControlError::BadSettle);
        }
        let standing = self.graph.clock_of(&settle.heads);
        let within = self.graph.clock_of(&entry.parents).covers(&standing) && standing.covers(&self.graph.clock_of(&conflict.base));
        if !within || self.state_at(&settle.heads)?.conflict.is_some() {
            return Err(ControlError::BadSettle);
        }
        Ok(Right { actor: Actor::Owner, supports: Vec::new() })
    }

    /// Brings the state along with a new entry: in place where it follows everything else, so that an entry of a long log costs no more
    /// than one of a short log.
    fn advance(&mut self, before: Arc<Membership>, hash: Hash) {
        let current = self.state.take();
        let on_all_heads = self.heads.len() == 1;
        if !on_all_heads {
            let mut kept = self.kept();
            kept.keep(before.clone());
            current.iter().for_each(|state| kept.keep(state.clone()));
        }
        let Some(node) = self.graph.find(hash) else { return };
        if before.conflict.is_some() || matches!(node.entry.body, ControlBody::Settle(_)) {
            return;
        }
        // Where this is the only holder left, the state is taken over and not copied.
        drop(current);
        let mut after = Arc::unwrap_or_clone(before);
        after.apply(node, &self.graph);
        after.heads = vec![hash];
        if on_all_heads {
            self.state = OnceLock::from(Arc::new(after));
        } else {
            self.kept().keep(Arc::new(after));
        }
    }
}

impl States for ControlLog {
    fn find(&self, heads: &[Hash]) -> Option<Membership> {
        let current = self.state.get().filter(|state| state.heads == heads).cloned();
        current.or_else(|| self.kept().find_shared(heads)).map(|state| Membership::clone(&state))
    }
}

/// States by their heads, the newest last.
#[derive(Debug, Default)]
struct Kept(VecDeque<Arc<Membership>>);

impl Kept {
    fn find_shared(&self, heads: &[Hash]) -> Option<Arc<Membership>> {
        self.0.iter().rev().find(|state| state.heads == heads).cloned()
    }

    fn keep(&mut self, state: Arc<Membership>) {
        if self.find_shared(&state.heads).is_some() {
            return;
        }
        if self.0.len() >= KEPT_STATES {
            self.0.pop_front();
        }
        self.0.push_back(state);
    }
}

#[cfg(test)]
mod tests;
