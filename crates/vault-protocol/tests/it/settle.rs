//! Removals that contradict each other.

use vault_protocol::{
    Hash,
    control::{ControlBody, ControlError, ControlLog},
};

use crate::world::*;

/// A removes B while B removes A, each with a kit of its own.
fn mutual() -> (ControlLog, Vec<Hash>, Hash, Hash) {
    let mut log = log_of(&[B, C]);
    let fork = log.heads().to_vec();
    let remove = |number, party| {
        let mut body = epoch(number, &[party]);
        body.kit = Some(new_kit(number));
        ControlBody::Epoch(Box::new(body))
    };
    let one = put(&mut log, &fork, remove(1, B), &A.key());
    let two = put(&mut log, &fork, remove(2, A), &B.key());
    (log, fork, one, two)
}

#[test]
fn ld06_conflicting_revocations_are_held_until_settled() {
    let (log, fork, one, two) = mutual();
    let state = log.state();
    let conflict = state.conflict().unwrap();
    let mut both = vec![one, two];
    both.sort();
    assert_eq!((&conflict.entries, &conflict.base), (&both, &fork));
    assert_eq!(state.newest_epoch(), Some(epoch_id(0)), "nothing after the fork counts");
    assert!(state.is_current(A.device()) && state.is_current(B.device()));
    assert_eq!(state.heads(), log.heads());
}

#[test]
fn ld06_each_side_can_go_on_by_itself_but_nobody_builds_on_both() {
    let (mut log, _, one, two) = mutual();
    put(&mut log, &[one], floor_body(1, 2), &A.key());
    put(&mut log, &[two], floor_body(1, 2), &B.key());
    let heads = log.heads().to_vec();
    for party in [A, B, C] {
        assert_eq!(try_put(&mut log, &heads, floor_body(1, 3), &party.key()), Err(ControlError::Conflict));
    }
    assert!(log.state_at(&[one]).unwrap().conflict().is_none());
}

#[test]
fn ld06_the_owner_key_from_before_the_fork_settles() {
    for side in [0, 1] {
        let (mut log, _, one, two) = mutual();
        let stands = [one, two][side];
        let settled = put(&mut log, &[one, two], settle_body(&[stands]), &owner(0));
        let state = log.state();
        assert!(state.conflict().is_none());
        assert_eq!(state.is_current(A.device()), side == 0);
        assert_eq!(state.is_current(B.device()), side == 1);
        assert_eq!(state.newest_epoch(), Some(epoch_id(side as u8 + 1)));
        assert_eq!(state.owner_key(), new_kit(side as u8 + 1).owner_key);
        put(&mut log, &[settled], floor_body(1, 2), &[A, B][side].key());
        assert_eq!(try_put(&mut log, &[settled], floor_body(1, 2), &[B, A][side].key()), Err(ControlError::NotEntitled));
    }
}

#[test]
fn ld06_no_side_settles_with_a_kit_it_made_itself() {
    let (mut log, _, one, two) = mutual();
    for signer in [owner(1), owner(2), A.key(), key("did", 0), enrol_key(0)] {
        assert_eq!(try_put(&mut log, &[one, two], settle_body(&[one]), &signer), Err(ControlError::NotEntitled));
    }
}

#[test]
fn ld06_a_settle_must_end_the_conflict_and_keep_what_was_before() {
    let (mut log, fork, one, two) = mutual();
    let before_fork = log.find(fork[0]).unwrap().parents.clone();
    for heads in [vec![one, two], vec![], before_fork, vec![fork[0], one], vec![Hash([1; 32])]] {
        assert_eq!(try_put(&mut log, &[one, two], settle_body(&heads), &owner(0)), Err(ControlError::BadSettle));
    }
    assert_eq!(try_put(&mut log, &[one], settle_body(&[one]), &owner(0)), Err(ControlError::BadSettle), "there is no conflict here");
    put(&mut log, &[one, two], settle_body(&fork), &owner(0));
    assert!(log.state().conflict().is_none());
    assert_eq!(log.state().current_devices().count(), 3, "neither removal stands");
}

#[test]
fn ld06_a_ring_of_three_removals_is_a_conflict() {
    let mut log = log_of(&[B, C]);
    let fork = log.heads().to_vec();
    for (number, signer, removed) in [(1, A, B), (2, B, C), (3, C, A)] {
        put(&mut log, &fork, epoch_body(number, &[removed]), &signer.key());
    }
    assert_eq!(log.state().conflict().unwrap().entries.len(), 3);
}

#[test]
fn a_chain_of_removals_is_none() {
    let mut log = log_of(&[B, C]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    put(&mut log, &fork, epoch_body(2, &[C]), &B.key());
    let state = log.state();
    assert!(state.conflict().is_none());
    assert!(state.is_removed(B.device()) && state.is_current(C.device()), "the removal by the removed device is void");
}

#[test]
fn ld06_a_device_enrolled_by_one_side_draws_it_into_the_conflict() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let helper = put(&mut log, &fork, enrol_body(&fork, C, 0), &A.key());
    put(&mut log, &[helper], epoch_body(1, &[B]), &C.key());
    put(&mut log, &fork, epoch_body(2, &[A]), &B.key());
    assert!(log.state().conflict().is_some());
    assert!(!log.state().is_open_log(C.log()));
}

#[test]
fn ld06_settles_that_contradict_each_other_are_settled_in_turn() {
    let (mut log, _, one, two) = mutual();
    let for_one = put(&mut log, &[one, two], settle_body(&[one]), &owner(0));
    let for_two = put(&mut log, &[one, two], settle_body(&[two]), &owner(0));
    assert!(log.state().conflict().is_some());
    put(&mut log, &[for_one, for_two], settle_body(&[for_one]), &owner(0));
    assert!(log.state().conflict().is_none());
    assert!(log.state().is_current(A.device()) && !log.state().is_current(B.device()));
}

#[test]
fn what_arrives_late_on_the_losing_side_is_void_too() {
    let (mut log, _, one, two) = mutual();
    put(&mut log, &[one, two], settle_body(&[one]), &owner(0));
    put(&mut log, &[two], enrol_body(&[two], D, 2), &B.key());
    assert!(log.state().conflict().is_none());
    assert!(!log.state().is_current(D.device()));
}
