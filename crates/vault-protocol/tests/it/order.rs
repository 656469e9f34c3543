//! Any order of delivery that respects "before" ends in the same state.

use proptest::{prelude::*, sample::Index};
use vault_protocol::{
    Hash,
    control::{ControlEntry, ControlLog},
};

use crate::world::*;

/// One act: who, on which entries, what.
#[derive(Debug, Clone)]
struct Act {
    signer: u8,
    parents: (Index, Option<Index>),
    what: u8,
    target: u8,
}

fn act() -> impl Strategy<Value = Act> {
    let parents = (any::<Index>(), proptest::option::of(any::<Index>()));
    (0..6u8, parents, 0..9u8, 1..6u8).prop_map(|(signer, parents, what, target)| Act { signer, parents, what, target })
}

/// Appends whatever of the acts is allowed.
fn play(acts: &[Act]) -> ControlLog {
    let mut log = log_of(&[B, C]);
    let mut known: Vec<Hash> = log.entries().map(|(hash, _)| hash).collect();
    for (idx, act) in acts.iter().enumerate() {
        let mut parents: Vec<Hash> = vec![*act.parents.0.get(&known[2..])];
        parents.extend(act.parents.1.map(|second| *second.get(&known[2..])));
        parents.sort();
        parents.dedup();
        if parents.len() == 2 && (log.is_at_or_before(parents[0], parents[1]) || log.is_at_or_before(parents[1], parents[0])) {
            parents.truncate(1);
        }
        let number = 100 + idx as u8;
        let target = Party(act.target);
        let newest = log.state_at(&parents).unwrap().newest_epochs()[0];
        let enrol_epoch = (0..=u8::MAX).find(|epoch| epoch_id(*epoch) == newest).unwrap();
        let body = match act.what {
            0 | 1 => epoch_body(number, &[target]),
            2 => epoch_body(number, &[]),
            3 | 4 => enrol_body(&parents, target, enrol_epoch),
            5 => incarnation_body(&parents, target, Party(number)),
            6 => retire_device(target),
            7 => settle_body(&[parents[0]]),
            _ => floor_body(1, u32::from(number)),
        };
        let signer = match (act.what, act.signer) {
            (7, _) => owner(0),
            (3..=5, 0) => enrol_key(enrol_epoch),
            (5, _) => target.key(),
            (_, signer) => Party(signer.max(1)).key(),
        };
        if let Ok(hash) = try_put(&mut log, &parents, body, &signer) {
            known.push(hash);
        }
    }
    log
}

/// The entries in another order in which each follows its parents.
fn shuffled(log: &ControlLog, picks: &[Index]) -> Vec<ControlEntry> {
    let mut waiting: Vec<(Hash, ControlEntry)> = log.entries().map(|(hash, entry)| (hash, entry.clone())).collect();
    let mut given: Vec<Hash> = Vec::new();
    let mut out = Vec::new();
    let mut picks = picks.iter().cycle();
    while !waiting.is_empty() {
        let ready: Vec<usize> =
            (0..waiting.len()).filter(|at| waiting[*at].1.parents.iter().all(|parent| given.contains(parent))).collect();
        let (hash, entry) = waiting.remove(*picks.next().unwrap().get(&ready));
        given.push(hash);
        out.push(entry);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_delivery_gives_the_same_state(acts in prop::collection::vec(act(), 1..20), picks in prop::collection::vec(any::<Index>(), 1..30)) {
        let log = play(&acts);
        let mut other: Option<ControlLog> = None;
        for entry in shuffled(&log, &picks) {
            match &mut other {
                None => other = Some(ControlLog::new(vault(), entry).unwrap()),
                Some(other) => {
                    prop_assert_eq!(other.append(entry), Ok(()));
                    // Asking in between must not change what follows.
                    if picks.len() % 2 == 0 {
                        other.state();
                    }
                }
            }
        }
        let other = other.unwrap();
        prop_assert_eq!(other.state(), log.state());
        for (hash, _) in log.entries() {
            prop_assert_eq!(other.state_at(&[hash]), log.state_at(&[hash]));
        }
    }
}
