//! What no signature makes acceptable.

use vault_protocol::{
    DeviceId, EpochId, Hash, HeaderError, KemPublicKey, Kind, LogId, Salt, Signer, SigningPublicKey, SlotId, VaultId,
    control::{
        Allow, ControlBody, ControlEntry, ControlError, ControlLog, CostError, Cut, Enrol, Epoch, Genesis, KdfCost, Removed, Retire,
        SlotHeader, SlotRecord,
    },
    limits::{MAX_CONTROL_BYTES, MAX_DEVICES, MAX_SLOTS},
};

use crate::world::*;

fn genesis_with(change: impl FnOnce(&mut Genesis)) -> Result<(), ControlError> {
    let mut body = genesis_body();
    change(&mut body);
    ControlLog::new(vault(), signed_genesis(body)).map(|_log| ())
}

fn enrol_with(change: impl FnOnce(&mut Enrol)) -> Result<(), ControlError> {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let mut body = enrol(C, 0);
    change(&mut body);
    let body = ControlEntry::enrol_body(vault(), &parents, body, &C.key());
    try_put(&mut log, &parents, body, &A.key()).map(|_hash| ())
}

fn epoch_with(change: impl FnOnce(&mut Epoch)) -> Result<(), ControlError> {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let mut body = epoch(1, &[B]);
    change(&mut body);
    try_put(&mut log, &parents, ControlBody::Epoch(Box::new(body)), &A.key()).map(|_hash| ())
}

fn slots_with(cost: KdfCost, slots: Vec<SlotRecord>) -> Result<(), ControlError> {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    try_put(&mut log, &parents, slots_body(cost, slots), &A.key()).map(|_hash| ())
}

fn slot_with(change: impl FnOnce(&mut SlotHeader)) -> Result<(), ControlError> {
    slots_with(KdfCost::FLOOR, vec![slot(Kind::SlotPD, 0, Some(A), change)])
}

fn body_with(body: ControlBody) -> Result<(), ControlError> {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    try_put(&mut log, &parents, body, &A.key()).map(|_hash| ())
}

const LOW: KdfCost = KdfCost { memory_kib: 64 * 1024 - 1, passes: 3, lanes: 1 };
const HIGH: KdfCost = KdfCost { memory_kib: 64 * 1024, passes: 21, lanes: 1 };

#[test]
fn the_unchanged_bodies_are_taken() {
    assert_eq!(genesis_with(|_| ()), Ok(()));
    assert_eq!(enrol_with(|_| ()), Ok(()));
    assert_eq!(epoch_with(|_| ()), Ok(()));
    assert_eq!(slot_with(|_| ()), Ok(()));
    assert_eq!(body_with(floor_body(1, 1)), Ok(()));
}

#[test]
fn ms01_a_cost_under_the_floor_is_refused() {
    let refused = Err(ControlError::Cost(CostError::BelowFloor));
    assert_eq!(genesis_with(|body| body.cost = LOW), refused);
    assert_eq!(slots_with(LOW, Vec::new()), refused);
    assert_eq!(slot_with(|header| header.cost = LOW), refused);
}

#[test]
fn ms01_a_cost_under_the_known_one_is_refused() {
    let raised = KdfCost::new(128 * 1024, 4, 2).unwrap();
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let after = put(&mut log, &parents, slots_body(raised, Vec::new()), &A.key());
    for (memory_kib, passes, lanes) in [(64 * 1024, 4, 2), (128 * 1024, 3, 2), (1024 * 1024, 20, 1)] {
        let lower = KdfCost::new(memory_kib, passes, lanes).unwrap();
        assert_eq!(try_put(&mut log, &[after], slots_body(lower, Vec::new()), &A.key()), Err(ControlError::CostFell));
    }
    let with_old_cost = vec![slot(Kind::SlotPD, 0, Some(A), |_| ())];
    assert_eq!(try_put(&mut log, &[after], slots_body(raised, with_old_cost), &A.key()), Err(ControlError::CostFell));
    let enrol_with_old_cost = enrol_body(&[after], C, 0);
    assert_eq!(try_put(&mut log, &[after], enrol_with_old_cost, &A.key()), Err(ControlError::CostFell));
}

#[test]
fn ms01_an_entry_that_is_not_validly_signed_is_refused() {
    let mut log = log_of(&[B]);
    let mut entry = on_heads(&log, floor_body(1, 2), &B.key());
    entry.signer = A.key().public_key();
    assert!(matches!(log.append(entry), Err(ControlError::Signature(_))));
}

#[test]
fn ms02_a_cost_over_the_ceiling_is_refused() {
    let refused = Err(ControlError::Cost(CostError::AboveCeiling));
    assert_eq!(genesis_with(|body| body.cost = HIGH), refused);
    assert_eq!(slots_with(HIGH, Vec::new()), refused);
    assert_eq!(slot_with(|header| header.cost = HIGH), refused);
}

#[test]
fn a_slot_with_another_cost_than_that_in_force_is_refused() {
    let higher = KdfCost::new(128 * 1024, 3, 1).unwrap();
    assert_eq!(slot_with(|header| header.cost = higher), Err(ControlError::SlotMisplaced));
}

#[test]
fn ms03_another_salt_in_a_slot_is_a_changed_record() {
    let refused = Err(ControlError::RecordChanged);
    assert_eq!(slot_with(|header| header.salt = Salt([8; 32])), refused);
    assert_eq!(genesis_with(|body| body.salt = Salt([8; 32])), refused);
    assert_eq!(enrol_with(|body| body.slots[0] = slot(Kind::SlotPD, 0, Some(C), |header| header.salt = Salt([8; 32]))), refused);
}

#[test]
fn ms03_another_vault_is_refused() {
    let mut record = slot(Kind::SlotPD, 0, Some(A), |_| ());
    record.message[7] ^= 1;
    assert_eq!(slots_with(KdfCost::FLOOR, vec![record]), Err(ControlError::RecordChanged));
    assert_eq!(ControlLog::new(VaultId([1; 16]), genesis()).map(|_log| ()), Err(ControlError::WrongVault));
    assert_eq!(genesis_with(|body| body.did = key("did", 1).public_key()), Err(ControlError::WrongVault));
    let mut log = log_of(&[B]);
    let (parents, number) = log.next_place();
    let foreign = ControlEntry::sign(VaultId([1; 16]), parents, number, floor_body(1, 2), &A.key());
    assert_eq!(log.append(foreign), Err(ControlError::WrongVault));
}

#[test]
fn ms03_no_second_genesis_brings_another_salt() {
    let mut log = new_log();
    let mut body = genesis_body();
    body.salt = Salt([8; 32]);
    body.slots.clear();
    assert_eq!(log.append(signed_genesis(body.clone())), Err(ControlError::Genesis));
    let parents = log.heads().to_vec();
    let on_top = try_put(&mut log, &parents, ControlBody::Genesis(Box::new(body)), &key("did", 0));
    assert_eq!(on_top, Err(ControlError::Genesis));
}

#[test]
fn ms18_null_and_small_order_keys_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    for bad in [[0; 32], one] {
        let (kem, signing) = (KemPublicKey(bad), SigningPublicKey(bad));
        let refused = Err(ControlError::Key);
        assert_eq!(genesis_with(|body| body.kit = kem), refused);
        assert_eq!(genesis_with(|body| body.device_key = kem), refused);
        assert_eq!(genesis_with(|body| body.owner_key = signing), refused);
        assert_eq!(genesis_with(|body| body.enrol_key = signing), refused);
        assert_eq!(genesis_with(|body| body.log_key = signing), refused);
        assert_eq!(enrol_with(|body| body.device_key = kem), refused);
        assert_eq!(enrol_with(|body| body.log_key = signing), refused);
        assert_eq!(epoch_with(|body| body.device_key = Some(kem)), refused);
        assert_eq!(epoch_with(|body| body.enrol_key = signing), refused);
        assert_eq!(epoch_with(|body| body.kit = Some(vault_protocol::control::NewKit { kit: kem, ..new_kit(1) })), refused);
        assert_eq!(epoch_with(|body| body.kit = Some(vault_protocol::control::NewKit { owner_key: signing, ..new_kit(1) })), refused);
        assert_eq!(slot_with(|header| header.epk = kem), Err(ControlError::Slot(HeaderError::Fixed)));
        assert_eq!(slot_with(|header| header.device = kem), Err(ControlError::Slot(HeaderError::Fixed)));
    }
    assert_eq!(genesis_with(|body| body.salt = Salt::ZERO), Err(ControlError::Genesis));
}

#[test]
fn ms18_short_keys_are_refused() {
    let wire = on_heads(&new_log(), epoch_body(1, &[]), &A.key()).encode();
    let key = enrol_key(1).public_key().0;
    let at = wire.windows(32).position(|part| part == key).unwrap();
    // The same entry with a key of 31 bytes (CBOR 58 1f), framed and signed as it should be.
    let mut short = wire[..at - 1].to_vec();
    short.push(31);
    short.extend_from_slice(&key[1..]);
    short.extend_from_slice(&wire[at + 32..wire.len() - 64]);
    let len_at = 4 + 1 + 16 + 1 + 32 + 8 + 1;
    let body_len = u32::from_be_bytes(short[len_at..len_at + 4].try_into().unwrap()) - 1;
    short[len_at..len_at + 4].copy_from_slice(&body_len.to_be_bytes());
    let signature = A.key().sign(&[b"nt2 control v1", short.as_slice()].concat());
    short.extend_from_slice(&signature.0);
    assert_eq!(ControlEntry::parse(&short), Err(ControlError::Frame));
}

#[test]
fn ms18_a_key_has_one_use() {
    let refused = Err(ControlError::Key);
    assert_eq!(genesis_with(|body| body.log_key = body.did), refused);
    assert_eq!(genesis_with(|body| body.enrol_key = body.owner_key), refused);
    assert_eq!(genesis_with(|body| body.device_key = body.kit), refused);
    assert_eq!(enrol_with(|body| body.device_key = A.kem()), refused);
    for taken in [key("did", 0), owner(0), enrol_key(0), A.key(), B.key()] {
        assert_eq!(enrol_with(|body| body.log_key = taken.public_key()), refused);
        assert_eq!(epoch_with(|body| body.enrol_key = taken.public_key()), refused);
        assert_eq!(
            epoch_with(|body| body.kit = Some(vault_protocol::control::NewKit { owner_key: taken.public_key(), ..new_kit(1) })),
            refused
        );
    }
    assert_eq!(epoch_with(|body| body.kit = Some(vault_protocol::control::NewKit { kit: kem("kit", 0), ..new_kit(1) })), refused);
}

#[test]
fn ms18_a_new_log_key_must_sign_for_itself() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let by_another = ControlEntry::enrol_body(vault(), &parents, enrol(C, 0), &D.key());
    assert!(matches!(try_put(&mut log, &parents, by_another, &A.key()), Err(ControlError::Signature(_))));
    let on_other_parents = ControlEntry::enrol_body(vault(), &[Hash([1; 32])], enrol(C, 0), &C.key());
    assert!(matches!(try_put(&mut log, &parents, on_other_parents, &A.key()), Err(ControlError::Signature(_))));
}

#[test]
fn ms19_the_floor_never_falls() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let raised = put(&mut log, &parents, floor_body(1, 5), &A.key());
    for (format, rules) in [(1, 4), (0, 5), (0, 9)] {
        assert_eq!(try_put(&mut log, &[raised], floor_body(format, rules), &A.key()), Err(ControlError::FloorFell));
    }
    assert_eq!(genesis_with(|body| body.floor.format = 0), Err(ControlError::FloorFell));
    assert_eq!(genesis_with(|body| body.floor.format = 2), Err(ControlError::Format));
}

#[test]
fn ms19_under_the_floor_nothing_more_is_taken() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let raised = put(&mut log, &parents, floor_body(2, 1), &A.key());
    assert_eq!(try_put(&mut log, &[raised], floor_body(2, 2), &A.key()), Err(ControlError::Format));
    let mut wire = on_heads(&new_log(), floor_body(1, 2), &A.key()).encode();
    wire[4] = 0;
    assert_eq!(ControlEntry::parse(&wire), Err(ControlError::Format));
}

#[test]
fn ld05_a_removal_without_a_cut_off_for_each_log_is_refused() {
    let remove = |cuts: Vec<Cut>| epoch_with(|body| body.removed = vec![Removed { device: B.device(), cuts }]);
    assert_eq!(remove(vec![cut(B, 0)]), Ok(()));
    let half = Cut { hash: Hash::ZERO, ..cut(B, 3) };
    for cuts in [vec![], vec![cut(A, 5)], vec![cut(B, 5), cut(B, 5)], vec![cut(A, 5), cut(B, 5)], vec![half]] {
        assert_eq!(remove(cuts), Err(ControlError::Cuts));
    }
}

#[test]
fn a_removal_names_each_known_device_once_and_not_its_signer() {
    let unknown = Err(ControlError::Unknown);
    let removed = |party: Party| Removed { device: party.device(), cuts: vec![cut(party, 5)] };
    assert_eq!(epoch_with(|body| body.removed = vec![removed(A)]), unknown);
    assert_eq!(epoch_with(|body| body.removed = vec![removed(C)]), unknown);
    assert_eq!(epoch_with(|body| body.removed = vec![removed(B), removed(B)]), unknown);
}

#[test]
fn ms21_nobody_but_members_and_the_enrol_key_enrols() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    for signer in [key("did", 0), owner(0), C.key(), enrol_key(1)] {
        assert_eq!(try_put(&mut log, &parents, enrol_body(&parents, C, 0), &signer), Err(ControlError::NotEntitled));
    }
}

#[test]
fn ms21_the_enrol_key_signs_nothing_but_enrolments_and_incarnations() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let allow = ControlBody::Allow(Allow { bootstrap: Some(Hash([1; 32])) });
    for body in [epoch_body(1, &[]), slots_body(KdfCost::FLOOR, Vec::new()), floor_body(1, 2), allow, retire_device(B)] {
        for signer in [enrol_key(0), owner(0), key("did", 0)] {
            assert_eq!(try_put(&mut log, &parents, body.clone(), &signer), Err(ControlError::NotEntitled));
        }
    }
    assert!(try_put(&mut log, &parents, incarnation_body(&parents, B, D), &enrol_key(0)).is_ok());
}

#[test]
fn one_device_does_not_continue_the_log_of_another() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    assert_eq!(try_put(&mut log, &parents, incarnation_body(&parents, B, D), &A.key()), Err(ControlError::NotEntitled));
    assert_eq!(try_put(&mut log, &parents, incarnation_body(&parents, C, D), &A.key()), Err(ControlError::Unknown));
}

#[test]
fn ids_are_used_once_and_never_empty() {
    let refused = Err(ControlError::Id);
    assert_eq!(enrol_with(|body| body.device = DeviceId::ZERO), refused);
    assert_eq!(enrol_with(|body| body.device = B.device()), refused);
    assert_eq!(enrol_with(|body| body.log = LogId::ZERO), refused);
    assert_eq!(enrol_with(|body| body.log = B.log()), refused);
    assert_eq!(epoch_with(|body| body.epoch = EpochId::ZERO), refused);
    assert_eq!(epoch_with(|body| body.epoch = epoch_id(0)), refused);
    assert_eq!(genesis_with(|body| body.device = DeviceId::ZERO), refused);
    assert_eq!(body_with(ControlBody::Allow(Allow { bootstrap: Some(Hash::ZERO) })), refused);
}

#[test]
fn a_removed_device_never_returns_under_its_id() {
    let mut log = log_of(&[B]);
    let parents = log.heads().to_vec();
    let removal = put(&mut log, &parents, epoch_body(1, &[B]), &A.key());
    let mut again = enrol(B, 1);
    (again.log, again.log_key) = (D.log(), D.key().public_key());
    let body = ControlEntry::enrol_body(vault(), &[removal], again, &D.key());
    assert_eq!(try_put(&mut log, &[removal], body, &A.key()), Err(ControlError::Id));
}

#[test]
fn only_slots_of_the_control_log_stand_in_it() {
    let misplaced = Err(ControlError::SlotMisplaced);
    for kind in [Kind::SlotP, Kind::SlotBackup, Kind::SlotKit] {
        assert_eq!(slots_with(KdfCost::FLOOR, vec![slot(kind, 0, None, |_| ())]), misplaced);
    }
    let mut entry_kind = slot(Kind::SlotPD, 0, Some(A), |_| ());
    entry_kind.message[6] = Kind::Row.number();
    assert_eq!(slots_with(KdfCost::FLOOR, vec![entry_kind]), Err(ControlError::Slot(HeaderError::Kind(2))));
}

#[test]
fn ld02_a_slot_of_the_device_alone_never_stands_beside_a_password() {
    let misplaced = Err(ControlError::SlotMisplaced);
    assert_eq!(slots_with(KdfCost::FLOOR, vec![slot(Kind::SlotD, 0, Some(A), |_| ())]), misplaced);
    assert_eq!(genesis_with(|body| body.slots.push(slot(Kind::SlotD, 0, Some(A), |_| ()))), misplaced);
    let alone = vec![slot(Kind::SlotD, 0, Some(A), |_| ()), slot(Kind::SlotDR, 0, Some(A), |_| ())];
    assert_eq!(genesis_with(|body| body.slots = alone), Ok(()));
}

#[test]
fn a_slot_names_the_device_kit_and_epoch_in_force() {
    let misplaced = Err(ControlError::SlotMisplaced);
    assert_eq!(slot_with(|header| header.device = B.kem()), misplaced);
    assert_eq!(slots_with(KdfCost::FLOOR, vec![slot(Kind::SlotPD, 0, Some(C), |_| ())]), misplaced);
    assert_eq!(slots_with(KdfCost::FLOOR, vec![slot(Kind::SlotPR, 0, None, |header| header.kit = kem("kit", 1))]), misplaced);
    assert_eq!(slots_with(KdfCost::FLOOR, vec![slot(Kind::SlotPD, 1, Some(A), |_| ())]), misplaced);
    assert_eq!(epoch_with(|body| body.slots = vec![slot(Kind::SlotPD, 0, Some(A), |_| ())]), misplaced);
    assert_eq!(epoch_with(|body| body.slots = vec![slot(Kind::SlotPD, 1, Some(B), |_| ())]), misplaced, "removed in the same entry");
    assert_eq!(enrol_with(|body| body.slots = vec![slot(Kind::SlotPD, 0, Some(A), |_| ())]), misplaced);
    let mut nobodys = slot(Kind::SlotPR, 0, None, |_| ());
    nobodys.device = A.device();
    assert_eq!(slots_with(KdfCost::FLOOR, vec![nobodys]), misplaced);
}

#[test]
fn malformed_and_repeated_slots_are_refused() {
    let one = || slot(Kind::SlotPD, 0, Some(A), |_| ());
    let mut long = one();
    long.message.push(0);
    let mut other_id = one();
    other_id.id = SlotId([1; 16]);
    for record in [long, other_id, slot(Kind::SlotPR, 0, None, |header| header.device = A.kem())] {
        assert_eq!(slots_with(KdfCost::FLOOR, vec![record]), Err(ControlError::Slot(HeaderError::Fixed)));
    }
    assert_eq!(slots_with(KdfCost::FLOOR, vec![one(), one()]), Err(ControlError::Unknown));
    let same_place = slot(Kind::SlotPD, 0, Some(A), |header| header.slot = SlotId([1; 16]));
    assert_eq!(slots_with(KdfCost::FLOOR, vec![one(), same_place]), Err(ControlError::Unknown));
    assert_eq!(slots_with(KdfCost::FLOOR, vec![one(); MAX_SLOTS + 1]), Err(ControlError::TooMany));
}

#[test]
fn a_keyring_is_sealed_under_its_own_epoch() {
    let refused = Err(ControlError::Keyring);
    assert_eq!(epoch_with(|body| body.keyring = keyring(0)), refused);
    assert_eq!(epoch_with(|body| body.keyring.truncate(100)), refused);
    assert_eq!(genesis_with(|body| body.keyring = keyring(1)), refused);
}

#[test]
fn what_could_not_be_read_back_is_not_taken() {
    assert_eq!(epoch_with(|body| body.keyring.resize(MAX_CONTROL_BYTES, 0)), Err(ControlError::Frame));
}

#[test]
fn retiring_names_exactly_one_that_is_there() {
    let retire = |device, log| body_with(ControlBody::Retire(Retire { device, log }));
    for (device, log) in [(None, None), (Some(B.device()), Some(B.log())), (Some(C.device()), None), (None, Some(C.log()))] {
        assert_eq!(retire(device, log), Err(ControlError::Unknown));
    }
}

#[test]
fn an_entry_waits_for_its_parents_and_follows_their_number() {
    let mut log = log_of(&[B]);
    let (parents, number) = log.next_place();
    let early = ControlEntry::sign(vault(), vec![Hash([1; 32])], number, floor_body(1, 2), &A.key());
    assert_eq!(log.append(early), Err(ControlError::MissingParent));
    for wrong in [0, number - 1, number + 1, u64::MAX] {
        let entry = ControlEntry::sign(vault(), parents.clone(), wrong, floor_body(1, 2), &A.key());
        assert_eq!(log.append(entry), Err(ControlError::Chain));
    }
    let genesis_too = vec![parents[0], genesis().hash()];
    let entry = ControlEntry::sign(vault(), genesis_too, number, floor_body(1, 2), &A.key());
    assert_eq!(log.append(entry), Err(ControlError::Chain));
}

#[test]
fn a_known_entry_changes_nothing() {
    let mut log = log_of(&[B]);
    let entries: Vec<_> = log.entries().map(|(_, entry)| entry.clone()).collect();
    for entry in entries {
        assert_eq!(log.append(entry), Ok(()));
    }
    assert_eq!(log.n_entries(), 2);
}

#[test]
fn the_sixty_fifth_device_is_refused() {
    let mut log = new_log();
    let mut last = Ok(Hash::ZERO);
    for number in 0..MAX_DEVICES as u8 {
        let parents = log.heads().to_vec();
        last = try_put(&mut log, &parents, enrol_body(&parents, Party(100 + number), 0), &A.key());
    }
    assert_eq!(last, Err(ControlError::TooManyDevices));
    assert_eq!(log.state().current_devices().count(), MAX_DEVICES);
}
