//! Sealed messages: bound to their place, committed to their key, padded to steps.

use vault_crypto::message::{MAX_BODY_BYTES, OVERHEAD_BYTES, OpenError, SealError, open, open_into, seal};
use vault_crypto::secret::KindKey;
use vault_protocol::{EpochId, Kind, LogId, ObjectId, SealedHeader, VaultId};
use zeroize::Zeroizing;

use crate::support::{Failing, Seeded, flipped, root_key};

fn header(kind: Kind) -> SealedHeader {
    SealedHeader {
        kind,
        vault: VaultId([1; 16]),
        epoch: EpochId([2; 16]),
        object: ObjectId([3; 16]),
        log: LogId([4; 16]),
        seq: 5,
        extra: Vec::new(),
    }
}

fn key(kind: Kind) -> KindKey {
    root_key("message").kind_key(kind, VaultId([1; 16]), EpochId([2; 16]))
}

fn sealed(kind: Kind, body: &[u8]) -> Vec<u8> {
    seal(&key(kind), &header(kind), body, &mut Seeded::new("nonce")).unwrap()
}

#[test]
fn a_body_of_any_length_comes_back_from_its_step() {
    for kind in Kind::ALL {
        for len in [0, 1, 251, 252, 253, 4092, 4093, 70_000] {
            let body = vec![0xa5; len];
            let message = sealed(kind, &body);
            assert_eq!(*open(&key(kind), &header(kind), &message).unwrap(), body);
            let plaintext = message.len() - OVERHEAD_BYTES - header(kind).encoded_len();
            match kind.is_padded() {
                true if len + 4 <= 4096 => assert_eq!(plaintext % 256, 0, "{kind:?} {len}"),
                true => assert_eq!(plaintext as u64, vault_crypto::padding::blob_padded(len as u64 + 4)),
                false => assert_eq!(plaintext, len + 4),
            }
        }
    }
}

#[test]
fn ms05_exchanging_messages_of_any_two_kinds_is_rejected() {
    for stored in Kind::ALL {
        let message = sealed(stored, b"body");
        for asked in Kind::ALL {
            let result = open(&key(asked), &header(asked), &message);
            assert_eq!(result.is_ok(), stored == asked, "{stored:?} in the place of {asked:?}");
            // Nor with the other's header written over it, or under the other's key.
            if stored != asked {
                let mut relabelled = message.clone();
                let mut head = Vec::new();
                header(asked).encode_into(&mut head);
                relabelled.splice(..header(stored).encoded_len(), head);
                assert!(open(&key(asked), &header(asked), &relabelled).is_err(), "{stored:?} relabelled as {asked:?}");
                assert!(open(&key(stored), &header(asked), &relabelled).is_err(), "{stored:?} relabelled as {asked:?}");
            }
        }
    }
}

#[test]
fn ms05_a_message_at_another_place_is_rejected() {
    let message = sealed(Kind::Row, b"body");
    let places = [
        SealedHeader { vault: VaultId([9; 16]), ..header(Kind::Row) },
        SealedHeader { epoch: EpochId([9; 16]), ..header(Kind::Row) },
        SealedHeader { object: ObjectId([9; 16]), ..header(Kind::Row) },
        SealedHeader { log: LogId([9; 16]), ..header(Kind::Row) },
        SealedHeader { seq: 9, ..header(Kind::Row) },
        SealedHeader { extra: vec![0], ..header(Kind::Row) },
    ];
    for place in places {
        assert_eq!(open(&key(Kind::Row), &place, &message).err(), Some(OpenError::NotAuthentic), "{place:?}");
    }
    // The keys of another vault and epoch differ as well, whatever the header says.
    let root = root_key("message");
    for other in [
        root.kind_key(Kind::Row, VaultId([9; 16]), EpochId([2; 16])),
        root.kind_key(Kind::Row, VaultId([1; 16]), EpochId([9; 16])),
        root_key("another").kind_key(Kind::Row, VaultId([1; 16]), EpochId([2; 16])),
    ] {
        assert!(open(&other, &header(Kind::Row), &message).is_err());
    }
}

#[test]
fn ms07_each_one_bit_change_of_every_kind_is_rejected() {
    for kind in Kind::ALL {
        let message = sealed(kind, b"a short body");
        let key = key(kind);
        for bit_idx in 0..message.len() * 8 {
            assert!(open(&key, &header(kind), &flipped(&message, bit_idx)).is_err(), "{kind:?}, bit {bit_idx}");
        }
    }
}

#[test]
fn a_message_cut_or_extended_is_rejected() {
    let message = sealed(Kind::Row, b"body");
    for len in 0..message.len() {
        assert!(open(&key(Kind::Row), &header(Kind::Row), &message[..len]).is_err(), "cut to {len}");
    }
    for extra in [1, 16, 256] {
        let longer = [message.as_slice(), &vec![0; extra]].concat();
        assert!(open(&key(Kind::Row), &header(Kind::Row), &longer).is_err(), "extended by {extra}");
    }
}

#[test]
fn two_seals_of_one_body_share_nothing_but_the_header() {
    let mut entropy = Seeded::new("stream");
    let seals: Vec<_> = (0..2).map(|_| seal(&key(Kind::Row), &header(Kind::Row), b"body", &mut entropy).unwrap()).collect();
    let from = header(Kind::Row).encoded_len();
    let equal = seals[0][from..].iter().zip(&seals[1][from..]).filter(|(a, b)| a == b).count();
    assert!(equal < 16, "{equal} equal bytes");
}

#[test]
fn a_failing_generator_stops_the_seal() {
    let result = seal(&key(Kind::Row), &header(Kind::Row), b"body", &mut Failing { left: 0 });
    assert!(matches!(result, Err(SealError::Entropy(_))));
}

#[test]
fn a_body_over_the_ceiling_is_not_sealed() {
    let result = seal(&key(Kind::Row), &header(Kind::Row), &vec![0; MAX_BODY_BYTES + 1], &mut Seeded::new(""));
    assert!(matches!(result, Err(SealError::TooLong)));
}

#[test]
fn a_buffer_used_again_holds_only_the_last_body() {
    let mut body = Zeroizing::new(Vec::new());
    for text in [&b"a longer body than the next"[..], b"short", b""] {
        open_into(&key(Kind::Row), &header(Kind::Row), &sealed(Kind::Row, text), &mut body).unwrap();
        assert_eq!(*body, text);
    }
    open_into(&key(Kind::Row), &header(Kind::Row), b"rubbish", &mut body).unwrap_err();
    assert!(body.is_empty());
}
