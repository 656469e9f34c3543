//! Keys from small numbers, and entries by whoever signs them.

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest, Sha256};
use vault_protocol::{
    DeviceId, EpochId, Hash, KemPublicKey, Kind, LogId, Salt, SealedHeader, Signature, Signer, SigningPublicKey, SlotId, VaultId,
    control::{
        ControlBody, ControlEntry, ControlError, ControlLog, Cut, Enrol, Epoch, Floor, Genesis, Incarnation, KdfCost, NewKit, Removed,
        Retire, Settle, SlotHeader, SlotRecord, Slots,
    },
    header::SEAL_LEN,
};

pub(crate) const SALT: Salt = Salt([7; 32]);

/// A private key made of a name and a number.
pub(crate) struct Key(SigningKey);

pub(crate) fn key(name: &str, number: u8) -> Key {
    Key(SigningKey::from_bytes(&digest(name, number)))
}

impl Signer for Key {
    fn public_key(&self) -> SigningPublicKey {
        SigningPublicKey(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

pub(crate) fn digest(name: &str, number: u8) -> [u8; 32] {
    Sha256::new().chain_update(name).chain_update([number]).finalize().into()
}

pub(crate) fn kem(name: &str, number: u8) -> KemPublicKey {
    let mut bytes = digest(name, number);
    bytes[31] &= 0x3f;
    KemPublicKey(bytes)
}

fn id(name: &str, number: u8) -> [u8; 16] {
    digest(name, number)[..16].try_into().unwrap()
}

/// A device with one log of the same number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Party(pub(crate) u8);

impl Party {
    pub(crate) fn device(self) -> DeviceId {
        DeviceId(id("device", self.0))
    }

    pub(crate) fn log(self) -> LogId {
        LogId(id("log", self.0))
    }

    pub(crate) fn key(self) -> Key {
        key("log key", self.0)
    }

    pub(crate) fn kem(self) -> KemPublicKey {
        kem("device", self.0)
    }
}

pub(crate) const A: Party = Party(1);
pub(crate) const B: Party = Party(2);
pub(crate) const C: Party = Party(3);
pub(crate) const D: Party = Party(4);

pub(crate) fn vault() -> VaultId {
    key("did", 0).public_key().vault_id()
}

pub(crate) fn epoch_id(number: u8) -> EpochId {
    EpochId(id("epoch", number))
}

pub(crate) fn enrol_key(epoch: u8) -> Key {
    key("enrol", epoch)
}

pub(crate) fn owner(kit: u8) -> Key {
    key("owner", kit)
}

/// A slot as it would be written: everything public is right, the ciphertext is nonsense.
pub(crate) fn slot(kind: Kind, epoch: u8, party: Option<Party>, change: impl FnOnce(&mut SlotHeader)) -> SlotRecord {
    let factors = kind.factors().unwrap();
    let number = party.map_or(0, |party| party.0) ^ (kind.number() << 3);
    let zero_unless = |wanted: bool, key: KemPublicKey| if wanted { key } else { KemPublicKey::ZERO };
    let mut header = SlotHeader {
        slot: SlotId(id("slot", number)),
        cost: KdfCost::FLOOR,
        salt: SALT,
        epk: zero_unless(factors.device || factors.kit, kem("epk", number)),
        device: zero_unless(factors.device, party.map_or(KemPublicKey::ZERO, Party::kem)),
        kit: zero_unless(factors.kit, kem("kit", 0)),
    };
    change(&mut header);
    let mut message = header.sealed_header(kind, vault(), epoch_id(epoch)).encode();
    message.extend_from_slice(&[0xc5; SEAL_LEN + 32]);
    let device = if factors.device { party.map_or(DeviceId::ZERO, Party::device) } else { DeviceId::ZERO };
    SlotRecord { id: header.slot, device, message }
}

pub(crate) fn keyring(epoch: u8) -> Vec<u8> {
    let mut message = SealedHeader::new(Kind::Keyring, vault(), epoch_id(epoch)).encode();
    message.extend_from_slice(&[0xc6; SEAL_LEN + 64]);
    message
}

pub(crate) fn genesis_body() -> Genesis {
    Genesis {
        owner_key: owner(0).public_key(),
        kit: kem("kit", 0),
        did: key("did", 0).public_key(),
        salt: SALT,
        cost: KdfCost::FLOOR,
        floor: Floor { format: 1, rules: 1 },
        epoch: epoch_id(0),
        enrol_key: enrol_key(0).public_key(),
        keyring: keyring(0),
        slots: vec![slot(Kind::SlotPD, 0, Some(A), |_| ()), slot(Kind::SlotPR, 0, None, |_| ()), slot(Kind::SlotDR, 0, Some(A), |_| ())],
        device: A.device(),
        log: A.log(),
        log_key: A.key().public_key(),
        device_key: A.kem(),
    }
}

pub(crate) fn genesis() -> ControlEntry {
    signed_genesis(genesis_body())
}

pub(crate) fn signed_genesis(body: Genesis) -> ControlEntry {
    ControlEntry::sign(vault(), Vec::new(), 0, ControlBody::Genesis(Box::new(body)), &key("did", 0))
}

/// A fresh log with its genesis.
pub(crate) fn new_log() -> ControlLog {
    ControlLog::new(vault(), genesis()).unwrap()
}

/// A log with these devices beside A, enrolled by A one after the other.
pub(crate) fn log_of(parties: &[Party]) -> ControlLog {
    let mut log = new_log();
    for party in parties {
        let entry = on_heads(&log, enrol_body(log.heads(), *party, 0), &A.key());
        log.append(entry).unwrap();
    }
    log
}

/// An entry on all heads.
pub(crate) fn on_heads(log: &ControlLog, body: ControlBody, signer: &Key) -> ControlEntry {
    on(log, log.heads(), body, signer)
}

/// An entry on some parents of `log`.
pub(crate) fn on(log: &ControlLog, parents: &[Hash], body: ControlBody, signer: &Key) -> ControlEntry {
    let number = parents.iter().map(|parent| log.find(*parent).unwrap().number + 1).max().unwrap();
    ControlEntry::sign(vault(), parents.to_vec(), number, body, signer)
}

/// Appends an entry on some parents; its hash.
pub(crate) fn put(log: &mut ControlLog, parents: &[Hash], body: ControlBody, signer: &Key) -> Hash {
    try_put(log, parents, body, signer).unwrap()
}

pub(crate) fn try_put(log: &mut ControlLog, parents: &[Hash], body: ControlBody, signer: &Key) -> Result<Hash, ControlError> {
    let entry = on(log, parents, body, signer);
    let hash = entry.hash();
    log.append(entry).map(|()| hash)
}

pub(crate) fn enrol(party: Party, epoch: u8) -> Enrol {
    Enrol {
        device: party.device(),
        log: party.log(),
        log_key: party.key().public_key(),
        device_key: party.kem(),
        slots: vec![slot(Kind::SlotPD, epoch, Some(party), |_| ())],
    }
}

pub(crate) fn enrol_body(parents: &[Hash], party: Party, epoch: u8) -> ControlBody {
    ControlEntry::enrol_body(vault(), parents, enrol(party, epoch), &party.key())
}

/// The log of `new` continues that of `party`.
pub(crate) fn incarnation_body(parents: &[Hash], party: Party, new: Party) -> ControlBody {
    let body = Incarnation {
        device: party.device(),
        log: new.log(),
        log_key: new.key().public_key(),
        old_log: party.log(),
        seq: 4,
        hash: Hash([9; 32]),
    };
    ControlEntry::incarnation_body(vault(), parents, body, &new.key())
}

pub(crate) fn cut(party: Party, seq: u64) -> Cut {
    Cut { log: party.log(), seq, hash: if seq == 0 { Hash::ZERO } else { Hash([seq as u8; 32]) } }
}

/// Epoch `number`, which removes `removed` at their entry 5.
pub(crate) fn epoch(number: u8, removed: &[Party]) -> Epoch {
    let mut removed: Vec<_> = removed.iter().map(|party| Removed { device: party.device(), cuts: vec![cut(*party, 5)] }).collect();
    removed.sort_by_key(|removed| removed.device);
    Epoch {
        epoch: epoch_id(number),
        removed,
        kit: None,
        device_key: None,
        enrol_key: enrol_key(number).public_key(),
        keyring: keyring(number),
        slots: Vec::new(),
        bootstrap: None,
    }
}

pub(crate) fn epoch_body(number: u8, removed: &[Party]) -> ControlBody {
    ControlBody::Epoch(Box::new(epoch(number, removed)))
}

pub(crate) fn new_kit(number: u8) -> NewKit {
    NewKit { kit: kem("kit", number), owner_key: owner(number).public_key() }
}

pub(crate) fn retire_device(party: Party) -> ControlBody {
    ControlBody::Retire(Retire { device: Some(party.device()), log: None })
}

pub(crate) fn retire_log(party: Party) -> ControlBody {
    ControlBody::Retire(Retire { device: None, log: Some(party.log()) })
}

pub(crate) fn settle_body(heads: &[Hash]) -> ControlBody {
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    ControlBody::Settle(Settle { heads })
}

pub(crate) fn slots_body(cost: KdfCost, slots: Vec<SlotRecord>) -> ControlBody {
    ControlBody::Slots(Slots { cost, slots })
}

pub(crate) fn floor_body(format: u8, rules: u32) -> ControlBody {
    ControlBody::Floor(Floor { format, rules })
}
