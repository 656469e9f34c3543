//! What counts where entries are concurrent.

use vault_protocol::{
    Hash, KdfCost, Kind,
    control::{Allow, ControlBody, ControlError, LogStatus},
};

use crate::world::*;

#[test]
fn the_genesis_alone_is_a_state() {
    let log = new_log();
    let state = log.state();
    assert_eq!(state.vault(), vault());
    assert_eq!(state.newest_epoch(), Some(epoch_id(0)));
    assert!(state.is_current(A.device()) && state.is_open_log(A.log()));
    assert_eq!(state.log_key(A.log()), Some(vault_protocol::Signer::public_key(&A.key())));
    assert_eq!(state.live_slots().len(), 3);
    assert_eq!(state.heads(), log.heads());
}

#[test]
fn a_member_enrols_a_device_and_the_enrolled_acts() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    put(&mut log, &parents, enrol_body(&parents, C, 0), &B.key());
    assert_eq!(log.state().current_devices().count(), 3);
    assert_eq!(log.state().live_slots().len(), 5);
}

#[test]
fn whoever_opened_the_newest_epoch_enrols_itself() {
    let mut log = new_log();
    let parents = log.heads().to_vec();
    put(&mut log, &parents, enrol_body(&parents, B, 0), &enrol_key(0));
    assert!(log.state().is_current(B.device()));
}

#[test]
fn an_act_concurrent_with_the_removal_of_its_signer_is_void() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let act = put(&mut log, &fork, enrol_body(&fork, C, 0), &B.key());
    let later = put(&mut log, &[act], enrol_body(&[act], D, 0), &C.key());
    assert!(log.state().is_current(C.device()) && log.state().is_current(D.device()));
    put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    let state = log.state();
    assert!(!state.is_current(C.device()), "enrolled by the removed device");
    assert!(!state.is_current(D.device()), "enrolled by one that the removed device enrolled");
    assert_eq!(state.logs()[&C.log()].status, LogStatus::Void);
    assert!(state.void_entries().contains(&act) && state.void_entries().contains(&later));
    assert!(state.conflict().is_none());
}

#[test]
fn an_act_before_the_removal_stands() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let act = put(&mut log, &parents, enrol_body(&parents, C, 0), &B.key());
    put(&mut log, &[act], epoch_body(1, &[B]), &A.key());
    assert!(log.state().is_current(C.device()));
    assert!(!log.state().is_current(B.device()));
}

#[test]
fn a_removed_device_signs_nothing_after() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let removal = put(&mut log, &parents, epoch_body(1, &[B]), &A.key());
    assert_eq!(try_put(&mut log, &[removal], floor_body(1, 2), &B.key()), Err(ControlError::NotEntitled));
}

#[test]
fn ld05_a_removed_devices_log_counts_up_to_its_cut_off() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    assert_eq!(log.state().cutoff(B.log()), None);
    put(&mut log, &parents, epoch_body(1, &[B]), &A.key());
    assert_eq!(log.state().cutoff(B.log()), Some(cut(B, 5)));
    assert_eq!(log.state().logs()[&B.log()].status, LogStatus::Removed);
    assert!(log.state().log_key(B.log()).is_some(), "earlier entries must still be verified");
    assert!(log.state().is_open_log(A.log()) && log.state().cutoff(A.log()).is_none());
}

#[test]
fn ld05_a_log_that_the_removal_could_not_know_does_not_count() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    put(&mut log, &fork, incarnation_body(&fork, B, D), &B.key());
    let state = log.state();
    assert!(!state.is_open_log(D.log()));
    assert_eq!(state.logs()[&D.log()].status, LogStatus::Void);
}

#[test]
fn ld05_of_two_removals_the_farther_cut_off_holds() {
    let mut log = log_of(&[B, C]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, epoch_body(1, &[C]), &A.key());
    let mut farther = epoch(2, &[C]);
    farther.removed[0].cuts[0] = cut(C, 6);
    put(&mut log, &fork, ControlBody::Epoch(Box::new(farther)), &B.key());
    assert_eq!(log.state().cutoff(C.log()), Some(cut(C, 6)));
}

#[test]
fn removals_of_concurrent_epochs_are_united_until_joined() {
    let mut log = log_of(&[B, C, D]);
    let fork = log.heads().to_vec();
    let one = put(&mut log, &fork, epoch_body(1, &[C]), &A.key());
    let two = put(&mut log, &fork, epoch_body(2, &[D]), &B.key());
    let state = log.state();
    assert!(state.is_removed(C.device()) && state.is_removed(D.device()));
    assert_eq!(state.newest_epoch(), None);
    let mut both = vec![epoch_id(1), epoch_id(2)];
    both.sort();
    assert_eq!(state.newest_epochs(), both);
    put(&mut log, &[one, two], epoch_body(3, &[]), &A.key());
    assert_eq!(log.state().newest_epoch(), Some(epoch_id(3)));
    assert_eq!(log.state().current_devices().count(), 2);
    assert_eq!(log.state().epochs().len(), 4);
}

#[test]
fn a_revoked_device_cannot_enrol_itself_with_an_older_enrol_key() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let removal = put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    let after = try_put(&mut log, &[removal], enrol_body(&[removal], C, 1), &enrol_key(0));
    assert_eq!(after, Err(ControlError::NotEntitled));
    let beside = put(&mut log, &fork, enrol_body(&fork, C, 0), &enrol_key(0));
    assert!(!log.state().is_current(C.device()));
    assert!(log.state().void_entries().contains(&beside));
    let joined = log.heads().to_vec();
    assert_eq!(try_put(&mut log, &joined, floor_body(1, 2), &C.key()), Err(ControlError::NotEntitled));
}

#[test]
fn an_enrol_key_serves_only_while_its_epoch_is_the_single_newest() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, epoch_body(1, &[]), &A.key());
    put(&mut log, &fork, epoch_body(2, &[]), &B.key());
    let heads = log.heads().to_vec();
    for epoch in [0, 1, 2] {
        assert_eq!(try_put(&mut log, &heads, enrol_body(&heads, C, epoch), &enrol_key(epoch)), Err(ControlError::NotEntitled));
    }
}

#[test]
fn a_removed_device_cannot_void_enrolments_by_an_epoch_of_its_own() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let removal = put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    let enrolled = put(&mut log, &[removal], enrol_body(&[removal], C, 1), &enrol_key(1));
    let late = put(&mut log, &fork, epoch_body(2, &[]), &B.key());
    assert!(log.state().is_current(C.device()));
    assert_eq!(log.state().void_entries().iter().copied().collect::<Vec<_>>(), [late]);
    assert!(log.is_at_or_before(removal, enrolled));
}

#[test]
fn two_enrolments_that_void_each_others_epochs_are_both_void() {
    let mut log = new_log();
    let fork = log.heads().to_vec();
    for (party, epoch) in [(B, 1), (C, 2)] {
        let enrolled = put(&mut log, &fork, enrol_body(&fork, party, 0), &enrol_key(0));
        put(&mut log, &[enrolled], epoch_body(epoch, &[]), &party.key());
    }
    let state = log.state();
    assert!(!state.is_current(B.device()) && !state.is_current(C.device()));
    assert_eq!(state.newest_epoch(), Some(epoch_id(0)));
    assert!(state.conflict().is_none());
}

#[test]
fn a_device_whose_enrolment_became_void_enrols_again_with_a_new_log() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let void = put(&mut log, &fork, enrol_body(&fork, C, 0), &enrol_key(0));
    let newer = put(&mut log, &fork, epoch_body(1, &[]), &A.key());
    let both = [void, newer];
    assert_eq!(try_put(&mut log, &both, enrol_body(&both, C, 1), &enrol_key(1)), Err(ControlError::Id), "the log's id was used");
    let mut again = enrol(C, 1);
    (again.log, again.log_key) = (D.log(), vault_protocol::Signer::public_key(&D.key()));
    let body = vault_protocol::control::ControlEntry::enrol_body(vault(), &both, again, &D.key());
    put(&mut log, &both, body, &enrol_key(1));
    assert!(log.state().is_current(C.device()) && log.state().is_open_log(D.log()));
}

#[test]
fn of_two_concurrent_enrolments_of_one_log_one_stands() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, enrol_body(&fork, C, 0), &A.key());
    let mut other = enrol(D, 0);
    other.log = C.log();
    let body = vault_protocol::control::ControlEntry::enrol_body(vault(), &fork, other, &D.key());
    put(&mut log, &fork, body, &B.key());
    assert_eq!(log.state().current_devices().count(), 3);
    assert_eq!(log.state().void_entries().len(), 1);
}

#[test]
fn an_incarnation_opens_a_log_and_the_old_one_stays_open_until_retired() {
    let mut log = new_log();
    let parents = log.heads().to_vec();
    let begun = put(&mut log, &parents, incarnation_body(&parents, A, D), &A.key());
    assert!(log.state().is_open_log(A.log()) && log.state().is_open_log(D.log()));
    let retired = put(&mut log, &[begun], retire_log(A), &D.key());
    assert_eq!(log.state().logs()[&A.log()].status, LogStatus::Retired);
    assert!(log.state().is_current(A.device()));
    assert_eq!(try_put(&mut log, &[retired], floor_body(1, 2), &A.key()), Err(ControlError::NotEntitled));
    put(&mut log, &[retired], floor_body(1, 2), &D.key());
}

#[test]
fn retiring_a_device_spares_the_log_that_it_began_meanwhile() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, incarnation_body(&fork, B, D), &B.key());
    put(&mut log, &fork, retire_device(B), &A.key());
    assert!(!log.state().is_open_log(B.log()) && log.state().is_open_log(D.log()));
}

#[test]
fn a_retired_device_enrols_itself_again() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let retired = put(&mut log, &parents, retire_device(B), &A.key());
    assert!(!log.state().is_current(B.device()) && !log.state().is_removed(B.device()));
    let mut again = enrol(B, 0);
    (again.log, again.log_key) = (D.log(), vault_protocol::Signer::public_key(&D.key()));
    let body = vault_protocol::control::ControlEntry::enrol_body(vault(), &[retired], again, &D.key());
    put(&mut log, &[retired], body, &enrol_key(0));
    assert!(log.state().is_current(B.device()));
}

#[test]
fn a_later_slot_replaces_and_concurrent_ones_all_stay_live() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let count = |log: &vault_protocol::control::ControlLog| {
        let of_a = |slot: &&vault_protocol::control::LiveSlot| slot.kind == Kind::SlotPD && slot.record.device == A.device();
        log.state().live_slots().iter().filter(of_a).count()
    };
    let with_id = |number: u8| {
        let record = slot(Kind::SlotPD, 0, Some(A), |header| header.slot = vault_protocol::SlotId([number; 16]));
        slots_body(KdfCost::FLOOR, vec![record])
    };
    let one = put(&mut log, &fork, with_id(1), &A.key());
    assert_eq!(count(&log), 1);
    let two = put(&mut log, &fork, with_id(2), &B.key());
    assert_eq!(count(&log), 2);
    put(&mut log, &[one, two], with_id(3), &A.key());
    assert_eq!(count(&log), 1);
}

#[test]
fn a_new_epoch_ends_the_slots_and_the_bootstrap_of_the_old_one() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let on = put(&mut log, &parents, ControlBody::Allow(Allow { bootstrap: Some(Hash([4; 32])) }), &A.key());
    assert_eq!(log.state().bootstrap(), Some(Hash([4; 32])));
    let mut body = epoch(1, &[]);
    body.slots = vec![slot(Kind::SlotPD, 1, Some(B), |_| ())];
    put(&mut log, &[on], ControlBody::Epoch(Box::new(body)), &A.key());
    assert_eq!(log.state().bootstrap(), None);
    assert_eq!(log.state().live_slots().len(), 1);
    assert_eq!(log.state().live_slots()[0].epoch, epoch_id(1));
}

#[test]
fn a_new_kit_replaces_the_owner_key() {
    let mut log = new_log();
    let parents = log.heads().to_vec();
    let mut body = epoch(1, &[]);
    body.kit = Some(new_kit(1));
    body.device_key = Some(kem("fresh", 1));
    put(&mut log, &parents, ControlBody::Epoch(Box::new(body)), &A.key());
    let state = log.state();
    assert_eq!((state.owner_key(), state.kit()), (new_kit(1).owner_key, new_kit(1).kit));
    assert_eq!(state.devices()[&A.device()].key, kem("fresh", 1));
}

#[test]
fn cost_and_floor_rise_to_the_greater_of_concurrent_ones() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    put(&mut log, &fork, slots_body(KdfCost::new(128 * 1024, 3, 1).unwrap(), Vec::new()), &A.key());
    let other = put(&mut log, &fork, slots_body(KdfCost::new(64 * 1024, 5, 1).unwrap(), Vec::new()), &B.key());
    put(&mut log, &[other], floor_body(1, 3), &B.key());
    assert_eq!(log.state().cost(), KdfCost::new(128 * 1024, 5, 1).unwrap());
    assert_eq!(log.state().floor().rules, 3);
}

#[test]
fn the_state_at_an_older_head_is_what_held_then() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let removal = put(&mut log, &fork, epoch_body(1, &[B]), &A.key());
    for _ in 0..2 {
        assert!(log.state_at(&fork).unwrap().is_current(B.device()));
        assert!(!log.state_at(&[removal]).unwrap().is_current(B.device()));
    }
    assert_eq!(log.state_at(&[Hash([1; 32])]), Err(ControlError::MissingParent));
    assert_eq!(log.state_at(&[fork[0], removal]), Err(ControlError::Chain));
    assert_eq!(log.state_at(&[]), Err(ControlError::Chain));
    assert!(log.is_covered(&fork, &[removal]) && !log.is_covered(&[removal], &fork));
}

#[test]
fn a_thousand_entries_and_as_many_beside_them_fold() {
    let mut log = log_of(&[B]);
    let fork = log.heads().to_vec();
    let (mut one, mut two) = (fork[0], fork[0]);
    for rules in 0..500 {
        one = put(&mut log, &[one], floor_body(1, 2 + 2 * rules), &A.key());
        two = put(&mut log, &[two], floor_body(1, 3 + 2 * rules), &B.key());
    }
    assert_eq!(log.state().floor().rules, 1001);
    let joined = put(&mut log, &[one, two], floor_body(1, 2000), &A.key());
    assert_eq!(log.state().heads(), [joined]);
}
