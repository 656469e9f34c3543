//! Which entries count, and the state that follows from them.
//!
//! Whether an entry counts is the least answer to two rules: it counts if everything its right rests on counts and nothing that strikes it
//! does; it is void if something it rests on is void or something that strikes it counts. An entry that gets no answer takes part in
//! removals that contradict each other, and waits for a settle.

use std::collections::{BTreeSet, BinaryHeap, HashMap};

use super::{
    Conflict, ControlBody, ControlError, Membership,
    graph::{Actor, Clock, Graph, Node},
};
use crate::{Hash, LogId, SigningPublicKey};

/// States that are worth keeping: from those at a single entry others are reached.
pub(super) trait States {
    /// The state at exactly these heads, ascending.
    fn find(&self, heads: &[Hash]) -> Option<Membership>;
}

/// The state at `heads`, which are ascending.
pub(super) fn fold(graph: &Graph, heads: &[Hash], known: &dyn States) -> Result<Membership, ControlError> {
    if let Some(state) = known.find(heads) {
        return Ok(state);
    }
    let (start, window) = window(graph, heads, known)?;
    let verdicts = Verdicts::reach(&window);
    let undecided: Vec<&Node> = window.iter().copied().filter(|node| verdicts.of(node) == Verdict::Undecided).collect();
    if undecided.is_empty() {
        let mut state = start;
        for node in &window {
            match verdicts.of(node) {
                Verdict::Counts => match &mut state {
                    Some(state) => state.apply(node, graph),
                    None => state = genesis_state(graph, node),
                },
                Verdict::Void | Verdict::Undecided => {}
            }
        }
        let mut state = state.ok_or(ControlError::Genesis)?;
        window.iter().filter(|node| verdicts.of(node) == Verdict::Void).for_each(|node| state.note_void(node));
        state.heads = heads.to_vec();
        Ok(state)
    } else {
        in_conflict(graph, heads, known, &window, &undecided)
    }
}

/// The state before the fork, with what must be settled. Nothing after the fork counts.
fn in_conflict(
    graph: &Graph,
    heads: &[Hash],
    known: &dyn States,
    window: &[&Node],
    undecided: &[&Node],
) -> Result<Membership, ControlError> {
    let pasts = undecided.iter().map(|node| graph.clock_of(&node.entry.parents));
    let common = pasts.reduce(|common, past| common.meet(&past)).unwrap_or_default();
    let base = graph.heads_of(&common);
    // Strictly fewer entries than here, so this ends.
    let mut state = fold(graph, &base, known)?;
    let owner_key = state.conflict.as_ref().map_or(state.owner_key, |deeper| deeper.owner_key);
    let base = state.conflict.take().map_or(base, |deeper| deeper.base);
    let common = graph.clock_of(&base);
    let mut after: Vec<&Node> = window.iter().copied().filter(|node| !common.contains(node)).collect();
    after.sort_unstable_by_key(|node| node.order());
    after.iter().for_each(|node| state.note_void(node));
    let strikes = |node: &&&Node| match &node.entry.body {
        ControlBody::Epoch(epoch) => !epoch.removed.is_empty(),
        ControlBody::Settle(_) => true,
        ControlBody::Genesis(_)
        | ControlBody::Enrol(..)
        | ControlBody::Incarnation(..)
        | ControlBody::Slots(_)
        | ControlBody::Floor(_)
        | ControlBody::Allow(_)
        | ControlBody::Retire(_) => false,
    };
    let entries: BTreeSet<Hash> = undecided.iter().filter(strikes).map(|node| node.hash).collect();
    state.conflict = Some(Conflict { entries: entries.into_iter().collect(), owner_key, base });
    state.heads = heads.to_vec();
    Ok(state)
}

fn genesis_state(graph: &Graph, node: &Node) -> Option<Membership> {
    match &node.entry.body {
        ControlBody::Genesis(genesis) => Some(Membership::at_genesis(node.entry.vault, node.hash, genesis, graph)),
        ControlBody::Enrol(..)
        | ControlBody::Incarnation(..)
        | ControlBody::Epoch(_)
        | ControlBody::Slots(_)
        | ControlBody::Floor(_)
        | ControlBody::Allow(_)
        | ControlBody::Retire(_)
        | ControlBody::Settle(_) => None,
    }
}

/// The entries between a known state and `heads`, in the order in which they are applied.
///
/// The known state is one without conflict at a single entry that all of them follow: nothing after such an entry can be concurrent with
/// anything before it, so what counted there counts for ever.
fn window<'a>(graph: &'a Graph, heads: &[Hash], known: &dyn States) -> Result<(Option<Membership>, Vec<&'a Node>), ControlError> {
    let mut frontier = BinaryHeap::new();
    let mut seen = BTreeSet::new();
    for node in graph.find_all(heads)? {
        if seen.insert(node.hash) {
            frontier.push(node.order());
        }
    }
    let mut window = Vec::new();
    let mut start = None;
    while let Some((_, hash)) = frontier.pop() {
        if frontier.is_empty()
            && let Some(state) = known.find(&[hash]).filter(|state| state.conflict.is_none())
        {
            start = Some(state);
            break;
        }
        let node = graph.find(hash).ok_or(ControlError::MissingParent)?;
        window.push(node);
        for parent in graph.find_all(&node.entry.parents)? {
            if seen.insert(parent.hash) {
                frontier.push(parent.order());
            }
        }
    }
    window.reverse();
    Ok((start, window))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Counts,
    Void,
    Undecided,
}

/// Whether each entry of a window counts.
struct Verdicts(HashMap<Hash, Verdict>);

impl Verdicts {
    fn of(&self, node: &Node) -> Verdict {
        // What lies before the window counts: nothing in it could have been signed otherwise.
        self.0.get(&node.hash).copied().unwrap_or(Verdict::Counts)
    }

    fn reach(window: &[&Node]) -> Self {
        let is_line = window.windows(2).all(|pair| pair[1].clock().contains(pair[0]));
        let settles = window.iter().any(|node| matches!(node.entry.body, ControlBody::Settle(_)));
        if is_line && !settles {
            return Self(HashMap::new());
        }
        let strikers = Striker::all(window);
        let mut verdicts = Self(window.iter().map(|node| (node.hash, Verdict::Undecided)).collect());
        let struck_by: Vec<Vec<Hash>> = window.iter().map(|node| strikers_of(node, &strikers)).collect();
        loop {
            verdicts.settle_down(window, &struck_by);
            // Two enrolments by enrol keys that void each other's epochs: neither stands.
            let lost: Vec<Hash> = window
                .iter()
                .zip(&struck_by)
                .filter(|(node, struck_by)| {
                    node.right.actor == Actor::EnrolKey
                        && verdicts.of(node) == Verdict::Undecided
                        && struck_by.iter().any(|striker| verdicts.0.get(striker) != Some(&Verdict::Void))
                })
                .map(|(node, _)| node.hash)
                .collect();
            if lost.is_empty() {
                return verdicts;
            }
            verdicts.0.extend(lost.into_iter().map(|hash| (hash, Verdict::Void)));
        }
    }

    /// Applies both rules until they say nothing new.
    fn settle_down(&mut self, window: &[&Node], struck_by: &[Vec<Hash>]) {
        loop {
            let mut changed = false;
            for (node, struck_by) in window.iter().zip(struck_by) {
                if self.of(node) != Verdict::Undecided {
                    continue;
                }
                let rests_on = &node.right.supports;
                let found = if self.any(rests_on, Verdict::Void) || self.any(struck_by, Verdict::Counts) {
                    Verdict::Void
                } else if !self.any(rests_on, Verdict::Undecided) && !self.any(struck_by, Verdict::Undecided) {
                    Verdict::Counts
                } else {
                    continue;
                };
                self.0.insert(node.hash, found);
                changed = true;
            }
            if !changed {
                return;
            }
        }
    }

    fn any(&self, hashes: &[Hash], wanted: Verdict) -> bool {
        hashes.iter().any(|hash| self.0.get(hash).copied().unwrap_or(Verdict::Counts) == wanted)
    }
}

/// An entry that can make others void.
struct Striker<'a> {
    node: &'a Node,
    /// Of a settle: what stands.
    stands: Option<Clock>,
}

impl<'a> Striker<'a> {
    fn all(window: &[&'a Node]) -> Vec<Self> {
        let by_hash: HashMap<Hash, &Node> = window.iter().map(|node| (node.hash, *node)).collect();
        let striker = |node: &&'a Node| match &node.entry.body {
            ControlBody::Epoch(_) | ControlBody::Enrol(..) | ControlBody::Incarnation(..) => Some(Self { node, stands: None }),
            ControlBody::Settle(settle) => {
                let stands = settle.heads.iter().filter_map(|hash| by_hash.get(hash)).map(|node| node.clock().clone());
                Some(Self { node, stands: Some(stands.reduce(|all, clock| all.join(&clock)).unwrap_or_default()) })
            }
            ControlBody::Genesis(_) | ControlBody::Slots(_) | ControlBody::Floor(_) | ControlBody::Allow(_) | ControlBody::Retire(_) => {
                None
            }
        };
        window.iter().filter_map(striker).collect()
    }

    /// Whether `node` is void if this entry counts.
    fn strikes(&self, node: &Node) -> bool {
        match (&self.node.entry.body, &node.entry.body) {
            (ControlBody::Settle(mine), ControlBody::Settle(other)) if self.node.is_concurrent(node) => mine.heads != other.heads,
            (ControlBody::Settle(_), _) => {
                let is_past = self.node.hash != node.hash && self.node.clock().contains(node);
                is_past && self.stands.as_ref().is_some_and(|stands| !stands.contains(node))
            }
            _ if !self.node.is_concurrent(node) => false,
            (ControlBody::Epoch(mine), body) => {
                let removes_signer = match node.right.actor {
                    Actor::Member(device) => mine.removed.iter().any(|removed| removed.device == device),
                    Actor::EnrolKey => true,
                    Actor::Did | Actor::Owner => false,
                };
                let takes_id = matches!(body, ControlBody::Epoch(other) if other.epoch == mine.epoch);
                removes_signer || (takes_id && self.node.order() < node.order())
            }
            (mine, body) => {
                // The first of two entries that begin the same log, or give two logs the same key.
                let same = |a: (LogId, SigningPublicKey), b: (LogId, SigningPublicKey)| a.0 == b.0 || a.1 == b.1;
                begun(mine).zip(begun(body)).is_some_and(|(a, b)| same(a, b)) && self.node.order() < node.order()
            }
        }
    }
}

fn begun(body: &ControlBody) -> Option<(LogId, SigningPublicKey)> {
    match body {
        ControlBody::Enrol(enrol, _) => Some((enrol.log, enrol.log_key)),
        ControlBody::Incarnation(incarnation, _) => Some((incarnation.log, incarnation.log_key)),
        ControlBody::Genesis(_)
        | ControlBody::Epoch(_)
        | ControlBody::Slots(_)
        | ControlBody::Floor(_)
        | ControlBody::Allow(_)
        | ControlBody::Retire(_)
        | ControlBody::Settle(_) => None,
    }
}

fn strikers_of(node: &Node, strikers: &[Striker<'_>]) -> Vec<Hash> {
    strikers.iter().filter(|striker| striker.strikes(node)).map(|striker| striker.node.hash).collect()
}
