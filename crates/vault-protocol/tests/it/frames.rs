//! Wire forms of entries and control entries.

use vault_protocol::{
    BlobId, EpochId, Hash, LogId, SealedHeader, Signer, SigningPublicKey, VaultId,
    control::{Allow, ControlBody, ControlEntry, ControlError, KdfCost},
    entry::{EntryError, WireEntry},
    header::SEAL_LEN,
    limits::{MAX_CONTROL_BYTES, MAX_ENTRY_BLOBS, MAX_ENTRY_BYTES},
};

use crate::world::*;

/// One entry of each type, each in a log that takes it.
pub(crate) fn one_of_each() -> Vec<(Vec<ControlEntry>, ControlEntry)> {
    let mut log = log_of(&[B]);
    let mut all = vec![(Vec::new(), genesis())];
    let parents = log.heads().to_vec();
    let full_epoch = {
        let mut body = epoch(1, &[B]);
        body.kit = Some(new_kit(1));
        body.device_key = Some(kem("fresh", 1));
        body.bootstrap = Some(Hash([3; 32]));
        body.slots = vec![slot(vault_protocol::Kind::SlotDR, 1, Some(A), |header| {
            header.device = kem("fresh", 1);
            header.kit = kem("kit", 1);
        })];
        ControlBody::Epoch(Box::new(body))
    };
    let raised = KdfCost::new(128 * 1024, 3, 1).unwrap();
    let bodies = [
        enrol_body(&parents, C, 0),
        incarnation_body(&parents, A, D),
        full_epoch,
        slots_body(raised, vec![slot(vault_protocol::Kind::SlotPD, 0, Some(A), |header| header.cost = raised)]),
        floor_body(1, 2),
        ControlBody::Allow(Allow { bootstrap: Some(Hash([4; 32])) }),
        ControlBody::Allow(Allow { bootstrap: None }),
        retire_device(B),
        retire_log(B),
    ];
    let before: Vec<_> = log.entries().map(|(_, entry)| entry.clone()).collect();
    for body in bodies {
        all.push((before.clone(), on(&log, &parents, body, &A.key())));
    }
    let a = put(&mut log, &parents, epoch_body(1, &[B]), &A.key());
    put(&mut log, &parents, epoch_body(2, &[A]), &B.key());
    let before = log.entries().map(|(_, entry)| entry.clone()).collect();
    all.push((before, on_heads(&log, settle_body(&[a]), &owner(0))));
    all
}

#[test]
fn every_type_reads_back_and_is_taken() {
    let all = one_of_each();
    let mut numbers: Vec<_> = all.iter().map(|(_, entry)| entry.body.number()).collect();
    numbers.dedup();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (before, entry) in all {
        assert_eq!(ControlEntry::parse(&entry.encode()), Ok(entry.clone()));
        let log = vault_protocol::control::ControlLog::from_entries(vault(), before.into_iter().chain([entry.clone()])).unwrap();
        assert!(log.contains(entry.hash()));
    }
}

#[test]
fn ms07_one_flipped_bit_anywhere_in_a_control_entry_is_refused() {
    for (before, entry) in one_of_each() {
        let wire = entry.encode();
        let mut log = (!before.is_empty()).then(|| vault_protocol::control::ControlLog::from_entries(vault(), before).unwrap());
        for at in 0..wire.len() {
            let mut flipped = wire.clone();
            flipped[at] ^= 1 << (at % 8);
            let Ok(parsed) = ControlEntry::parse(&flipped) else { continue };
            let taken = match &mut log {
                Some(log) => log.append(parsed),
                None => vault_protocol::control::ControlLog::new(vault(), parsed).map(|_log| ()),
            };
            assert!(taken.is_err(), "type {} took a flipped bit in byte {at}", entry.body.number());
        }
    }
}

#[test]
fn a_cut_or_lengthened_control_entry_is_refused() {
    for (_, entry) in one_of_each() {
        let mut wire = entry.encode();
        for len in 0..wire.len() {
            assert_eq!(ControlEntry::parse(&wire[..len]), Err(ControlError::Frame));
        }
        wire.push(0);
        assert_eq!(ControlEntry::parse(&wire), Err(ControlError::Frame));
    }
}

#[test]
fn a_body_in_a_second_encoding_is_refused() {
    let entry = on_heads(&new_log(), floor_body(1, 2), &A.key());
    let wire = entry.encode();
    // {0: 1, 1: 2} with the last integer in two bytes, in a frame of matching length and signature.
    let body_at = wire.len() - 64 - 32 - 5;
    assert_eq!(wire[body_at..body_at + 5], [0xa2, 0x00, 0x01, 0x01, 0x02]);
    let mut altered = wire[..body_at - 4].to_vec();
    altered.extend_from_slice(&6u32.to_be_bytes());
    altered.extend_from_slice(&[0xa2, 0x00, 0x01, 0x01, 0x18, 0x02]);
    altered.extend_from_slice(&A.key().public_key().0);
    let signature = A.key().sign(&[b"nt2 control v1", altered.as_slice()].concat());
    altered.extend_from_slice(&signature.0);
    assert_eq!(ControlEntry::parse(&altered), Err(ControlError::Frame));
}

#[test]
fn unsorted_or_too_many_parents_are_refused() {
    let two = [Hash([2; 32]), Hash([1; 32])];
    let mut entry = ControlEntry::sign(vault(), two.to_vec(), 1, floor_body(1, 1), &A.key());
    assert!(ControlEntry::parse(&entry.encode()).is_ok());
    entry.parents = two.to_vec();
    assert_eq!(ControlEntry::parse(&entry.encode()), Err(ControlError::Frame));
    let nine = (0..9).map(|n| Hash([n; 32])).collect();
    let entry = ControlEntry::sign(vault(), nine, 1, floor_body(1, 1), &A.key());
    assert_eq!(ControlEntry::parse(&entry.encode()), Err(ControlError::Frame));
}

#[test]
fn a_control_entry_over_the_ceiling_is_refused() {
    assert_eq!(ControlEntry::parse(&vec![0; MAX_CONTROL_BYTES + 1]), Err(ControlError::Frame));
}

fn sealed(seq: u64) -> Vec<u8> {
    let mut message = SealedHeader::entry(VaultId([1; 16]), EpochId([2; 16]), LogId([3; 16]), seq).encode();
    message.extend_from_slice(&[0xcc; SEAL_LEN + 252]);
    message
}

#[test]
fn an_entry_reads_back_and_verifies_under_its_log_key_only() {
    let blobs = [BlobId([5; 16]), BlobId([4; 16])];
    let entry = WireEntry::assemble(&sealed(2), Hash([8; 32]), &blobs, &A.key()).unwrap();
    let parsed = WireEntry::parse(entry.wire().to_vec()).unwrap();
    assert_eq!(parsed, entry);
    assert_eq!((parsed.sealed(), parsed.prev(), parsed.blobs()), (sealed(2).as_slice(), Hash([8; 32]), &blobs[..]));
    assert_eq!((parsed.header().seq, parsed.header().log), (2, LogId([3; 16])));
    assert_eq!(parsed.hash(), entry.hash());
    assert_eq!(parsed.verify(A.key().public_key()), Ok(()));
    assert!(matches!(parsed.verify(B.key().public_key()), Err(EntryError::Signature(_))));
    assert!(matches!(parsed.verify(SigningPublicKey::ZERO), Err(EntryError::Signature(_))));
}

#[test]
fn ms07_one_flipped_bit_anywhere_in_an_entry_is_refused() {
    let wire = WireEntry::assemble(&sealed(2), Hash([8; 32]), &[BlobId([5; 16])], &A.key()).unwrap().into_wire();
    for at in 0..wire.len() {
        let mut flipped = wire.clone();
        flipped[at] ^= 1 << (at % 8);
        let refused = WireEntry::parse(flipped).and_then(|entry| entry.verify(A.key().public_key()));
        assert!(refused.is_err(), "byte {at}");
    }
}

#[test]
fn a_cut_entry_is_refused() {
    let wire = WireEntry::assemble(&sealed(1), Hash::ZERO, &[], &A.key()).unwrap().into_wire();
    for len in 0..wire.len() {
        assert!(WireEntry::parse(wire[..len].to_vec()).is_err(), "{len}");
    }
}

#[test]
fn entries_over_a_ceiling_are_refused() {
    let mut long = sealed(1);
    long.resize(MAX_ENTRY_BYTES, 0);
    assert_eq!(WireEntry::assemble(&long, Hash::ZERO, &[], &A.key()), Err(EntryError::TooLong));
    assert_eq!(WireEntry::parse(vec![0; MAX_ENTRY_BYTES + 1]), Err(EntryError::TooLong));
    let blob = |number: usize| BlobId((number as u128).to_be_bytes());
    let many: Vec<_> = (0..=MAX_ENTRY_BLOBS).map(blob).collect();
    assert_eq!(WireEntry::assemble(&sealed(1), Hash::ZERO, &many, &A.key()), Err(EntryError::Blobs));
    assert!(WireEntry::assemble(&sealed(1), Hash::ZERO, &many[1..], &A.key()).is_ok());
    assert_eq!(WireEntry::assemble(&sealed(1), Hash::ZERO, &[blob(1), blob(2), blob(1)], &A.key()), Err(EntryError::Blobs));
}

#[test]
fn only_the_first_entry_has_no_predecessor() {
    for (seq, prev) in [(0, Hash::ZERO), (0, Hash([1; 32])), (1, Hash([1; 32])), (2, Hash::ZERO)] {
        assert_eq!(WireEntry::assemble(&sealed(seq), prev, &[], &A.key()), Err(EntryError::Chain));
    }
}

#[test]
fn another_sealed_message_is_no_entry() {
    let mut row = SealedHeader::new(vault_protocol::Kind::Row, VaultId([1; 16]), EpochId([2; 16])).encode();
    row.extend_from_slice(&[0; SEAL_LEN]);
    assert!(matches!(WireEntry::assemble(&row, Hash::ZERO, &[], &A.key()), Err(EntryError::Header(_))));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn altered_bytes_are_read_back_exactly_or_not_at_all(
        which in 0..11usize,
        changes in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 1..6),
    ) {
        let (_, entry) = one_of_each().swap_remove(which);
        let mut wire = entry.encode();
        for (at, byte) in changes {
            *at.get_mut(&mut wire) = byte;
        }
        if let Ok(parsed) = ControlEntry::parse(&wire) {
            proptest::prop_assert_eq!(parsed.encode(), wire.clone());
        }
        if let Ok(parsed) = WireEntry::parse(wire.clone()) {
            proptest::prop_assert_eq!(parsed.into_wire(), wire);
        }
    }
}
