//! What a control entry says: one type per number, each deterministic CBOR with integer keys (RFC 8949 §4.2).

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{KdfCost, SlotRecord};
use crate::{DeviceId, EpochId, Hash, KemPublicKey, LogId, Salt, Signature, SigningPublicKey};

/// Makes the vault. The only entry without parents, signed by the DID key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    /// Key from the kit's secret that settles disputes.
    #[n(0)]
    pub owner_key: SigningPublicKey,
    /// `R.pub`.
    #[n(1)]
    pub kit: KemPublicKey,
    /// The vault's name, and the signer.
    #[n(2)]
    pub did: SigningPublicKey,
    /// Never changes.
    #[n(3)]
    pub salt: Salt,
    /// Only rises.
    #[n(4)]
    pub cost: KdfCost,
    /// Only rises.
    #[n(5)]
    pub floor: Floor,
    /// The first epoch.
    #[n(6)]
    pub epoch: EpochId,
    /// Public half of the first epoch's enrol key.
    #[n(7)]
    pub enrol_key: SigningPublicKey,
    /// Sealed message of kind keyring.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub keyring: Vec<u8>,
    /// Slots of the first epoch.
    #[n(9)]
    pub slots: Vec<SlotRecord>,
    /// The first device.
    #[n(10)]
    pub device: DeviceId,
    /// Its log.
    #[n(11)]
    pub log: LogId,
    /// Key of that log.
    #[n(12)]
    pub log_key: SigningPublicKey,
    /// `D.pub` of the device.
    #[n(13)]
    pub device_key: KemPublicKey,
}

/// Gives a device its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Enrol {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// Its log, never used before.
    #[n(1)]
    pub log: LogId,
    /// Key of that log.
    #[n(2)]
    pub log_key: SigningPublicKey,
    /// `D.pub`.
    #[n(3)]
    pub device_key: KemPublicKey,
    /// Its slots in the newest epoch.
    #[n(4)]
    pub slots: Vec<SlotRecord>,
}

/// Starts a new log of a device whose continuity is not proven.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Incarnation {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// Its new log, never used before.
    #[n(1)]
    pub log: LogId,
    /// Key of the new log.
    #[n(2)]
    pub log_key: SigningPublicKey,
    /// The log that it continues, which stays open until retired.
    #[n(3)]
    pub old_log: LogId,
    /// Last entry of the old log that the device knows; 0 if none.
    #[n(4)]
    pub seq: u64,
    /// Hash of that entry; zero if none.
    #[n(5)]
    pub hash: Hash,
}

/// A new generation of the root key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Epoch {
    /// The new epoch.
    #[n(0)]
    pub epoch: EpochId,
    /// Devices that lose their place, in ascending order.
    #[n(1)]
    pub removed: Vec<Removed>,
    /// The new kit, if it is replaced.
    #[n(2)]
    pub kit: Option<NewKit>,
    /// The signer's fresh `D.pub`, if it made one.
    #[n(3)]
    pub device_key: Option<KemPublicKey>,
    /// Public half of the epoch's enrol key.
    #[n(4)]
    pub enrol_key: SigningPublicKey,
    /// Sealed message of kind keyring.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub keyring: Vec<u8>,
    /// All slots of the epoch.
    #[n(6)]
    pub slots: Vec<SlotRecord>,
    /// SHA-256 of the bootstrap record while "address + password" is on.
    #[n(7)]
    pub bootstrap: Option<Hash>,
}

/// A device that loses its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Removed {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// How far each of its logs counts, in ascending order of logs.
    #[n(1)]
    pub cuts: Vec<Cut>,
}

/// How far a log counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Cut {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// The last entry that counts; 0 if none does.
    #[n(1)]
    pub seq: u64,
    /// Its hash; zero if none.
    #[n(2)]
    pub hash: Hash,
}

/// The public halves of a kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewKit {
    /// `R.pub`.
    #[n(0)]
    pub kit: KemPublicKey,
    /// The owner key.
    #[n(1)]
    pub owner_key: SigningPublicKey,
}

/// A raised cost, and slots still missing for a device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Slots {
    /// The cost in force from here on.
    #[n(0)]
    pub cost: KdfCost,
    /// Slots added, or put in the place of those with the same set and device.
    #[n(1)]
    pub slots: Vec<SlotRecord>,
}

/// The least that programs may accept (MS19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Floor {
    /// Format of messages, blobs and control entries.
    #[n(0)]
    pub format: u8,
    /// Rules version of entries.
    #[n(1)]
    pub rules: u32,
}

impl Floor {
    /// Whether neither number is smaller than that of `other`.
    pub fn is_at_least(self, other: Self) -> bool {
        self.format >= other.format && self.rules >= other.rules
    }

    /// The greater of each number.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { format: self.format.max(other.format), rules: self.rules.max(other.rules) }
    }
}

/// Switches "address + password" on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Allow {
    /// SHA-256 of the bootstrap record; `None` is off.
    #[n(0)]
    pub bootstrap: Option<Hash>,
}

/// Sets a device or one log aside; exactly one is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Retire {
    /// The device, with every log it has here.
    #[n(0)]
    pub device: Option<DeviceId>,
    /// The log.
    #[n(1)]
    pub log: Option<LogId>,
}

/// Ends a mutual removal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Settle {
    /// Heads that stand, in ascending order; what is neither one of them nor before one is void.
    #[n(0)]
    pub heads: Vec<Hash>,
}

/// What a control entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlBody {
    /// Type 1.
    Genesis(Box<Genesis>),
    /// Type 2, with the new log key's own signature.
    Enrol(Enrol, Signature),
    /// Type 3, with the new log key's own signature.
    Incarnation(Incarnation, Signature),
    /// Type 4.
    Epoch(Box<Epoch>),
    /// Type 5.
    Slots(Slots),
    /// Type 6.
    Floor(Floor),
    /// Type 7.
    Allow(Allow),
    /// Type 8.
    Retire(Retire),
    /// Type 9.
    Settle(Settle),
}

impl ControlBody {
    /// The number in the frame.
    pub fn number(&self) -> u8 {
        match self {
            Self::Genesis(_) => 1,
            Self::Enrol(..) => 2,
            Self::Incarnation(..) => 3,
            Self::Epoch(_) => 4,
            Self::Slots(_) => 5,
            Self::Floor(_) => 6,
            Self::Allow(_) => 7,
            Self::Retire(_) => 8,
            Self::Settle(_) => 9,
        }
    }

    /// The slots it carries.
    pub fn slots(&self) -> &[SlotRecord] {
        match self {
            Self::Genesis(genesis) => &genesis.slots,
            Self::Enrol(enrol, _) => &enrol.slots,
            Self::Epoch(epoch) => &epoch.slots,
            Self::Slots(slots) => &slots.slots,
            Self::Incarnation(..) | Self::Floor(_) | Self::Allow(_) | Self::Retire(_) | Self::Settle(_) => &[],
        }
    }

    /// The body as it stands in the frame: CBOR, and for types 2 and 3 the signature behind it.
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Genesis(body) => cbor(body),
            Self::Enrol(body, proof) => with_proof(cbor(body), proof),
            Self::Incarnation(body, proof) => with_proof(cbor(body), proof),
            Self::Epoch(body) => cbor(body),
            Self::Slots(body) => cbor(body),
            Self::Floor(body) => cbor(body),
            Self::Allow(body) => cbor(body),
            Self::Retire(body) => cbor(body),
            Self::Settle(body) => cbor(body),
        }
    }

    /// Reads what [`Self::encode`] writes, and nothing else: what re-encodes to other bytes is refused.
    pub(crate) fn decode(number: u8, bytes: &[u8]) -> Option<Self> {
        let body = match number {
            1 => Self::Genesis(Box::new(minicbor::decode(bytes).ok()?)),
            2 => split_proof(bytes).and_then(|(body, proof)| Some(Self::Enrol(minicbor::decode(body).ok()?, proof)))?,
            3 => split_proof(bytes).and_then(|(body, proof)| Some(Self::Incarnation(minicbor::decode(body).ok()?, proof)))?,
            4 => Self::Epoch(Box::new(minicbor::decode(bytes).ok()?)),
            5 => Self::Slots(minicbor::decode(bytes).ok()?),
            6 => Self::Floor(minicbor::decode(bytes).ok()?),
            7 => Self::Allow(minicbor::decode(bytes).ok()?),
            8 => Self::Retire(minicbor::decode(bytes).ok()?),
            9 => Self::Settle(minicbor::decode(bytes).ok()?),
            _ => return None,
        };
        (body.encode() == bytes).then_some(body)
    }
}

/// Deterministic CBOR: the derived encoders write definite lengths, shortest integers and ascending keys.
pub(crate) fn cbor<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing to a vector cannot fail")
}

fn with_proof(mut body: Vec<u8>, proof: &Signature) -> Vec<u8> {
    body.extend_from_slice(&proof.0);
    body
}

fn split_proof(bytes: &[u8]) -> Option<(&[u8], Signature)> {
    let (body, proof) = bytes.split_last_chunk()?;
    Some((body, Signature(*proof)))
}
