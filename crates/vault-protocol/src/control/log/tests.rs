#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ed25519_dalek::{Signer as _, SigningKey};

use super::*;
use crate::{
    DeviceId, EpochId, KdfCost, KemPublicKey, Kind, LogId, Salt, SealedHeader, Signature, Signer, SigningPublicKey,
    control::{Floor, Genesis},
    header::SEAL_LEN,
};

struct Key(SigningKey);

impl Signer for Key {
    fn public_key(&self) -> SigningPublicKey {
        SigningPublicKey(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

fn key(number: u8) -> Key {
    Key(SigningKey::from_bytes(&[number; 32]))
}

fn new_log() -> ControlLog {
    let vault = key(1).public_key().vault_id();
    let epoch = EpochId([1; 16]);
    let genesis = Genesis {
        owner_key: key(2).public_key(),
        kit: KemPublicKey([9; 32]),
        did: key(1).public_key(),
        salt: Salt([1; 32]),
        cost: KdfCost::FLOOR,
        floor: Floor { format: 1, rules: 1 },
        epoch,
        enrol_key: key(3).public_key(),
        keyring: [SealedHeader::new(Kind::Keyring, vault, epoch).encode(), vec![0; SEAL_LEN + 1]].concat(),
        slots: Vec::new(),
        device: DeviceId([1; 16]),
        log: LogId([1; 16]),
        log_key: key(4).public_key(),
        device_key: KemPublicKey([10; 32]),
    };
    let entry = ControlEntry::sign(vault, Vec::new(), 0, ControlBody::Genesis(Box::new(genesis)), &key(1));
    ControlLog::new(vault, entry).unwrap()
}

fn append_floor(log: &mut ControlLog, rules: u32) {
    let (parents, number) = log.next_place();
    let body = ControlBody::Floor(Floor { format: 1, rules });
    log.append(ControlEntry::sign(log.vault(), parents, number, body, &key(4))).unwrap();
}

#[test]
fn a_line_of_entries_is_folded_in_place_without_copies() {
    let mut log = new_log();
    for rules in 2..1000 {
        append_floor(&mut log, rules);
        let state = log.state.get().expect("the state came along with the entry");
        assert_eq!((state.floor.rules, Arc::strong_count(state)), (rules, 1));
        assert!(log.kept().0.is_empty());
    }
}

#[test]
fn a_state_that_someone_holds_stays_as_it_is() {
    let mut log = new_log();
    let heads = log.heads().to_vec();
    let held = log.state_at(&heads).unwrap();
    append_floor(&mut log, 7);
    assert_eq!((held.floor.rules, log.state().floor.rules), (1, 7));
}
