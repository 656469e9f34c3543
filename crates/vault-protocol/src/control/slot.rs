//! The public half of a slot. Its message is `header ‖ nonce (24) ‖ commit (32) ‖ ciphertext (4 + 32 + 16)`; the header's `extra` is
//! `slot id (16) ‖ memory KiB (4) ‖ passes (4) ‖ lanes (4) ‖ salt (32) ‖ epk (32) ‖ D.pub (32) ‖ R.pub (32)`, big endian.

use minicbor::{Decode, Encode};

use super::KdfCost;
use crate::{
    DeviceId, EpochId, HeaderError, KemPublicKey, Kind, LogId, ObjectId, Salt, SealedHeader, SlotId, VaultId,
    header::{HEADER_LEN, SEAL_LEN},
    reader::Reader,
};

/// What the header of a slot adds to that of any sealed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotHeader {
    /// The slot.
    pub slot: SlotId,
    /// Cost of the password's derivation; of a vault slot that in force at its control entry, whether or not the set has the password.
    pub cost: KdfCost,
    /// Salt of the password's derivation; of a vault slot that of the vault, whether or not the set has the password.
    pub salt: Salt,
    /// The ephemeral key; zero if neither device nor kit is in the set.
    pub epk: KemPublicKey,
    /// The device's key; zero if it is not in the set.
    pub device: KemPublicKey,
    /// The kit's key; zero if it is not in the set.
    pub kit: KemPublicKey,
}

impl SlotHeader {
    /// Bytes of the `extra` of a slot.
    pub const LEN: usize = 16 + 3 * 4 + 4 * 32;

    /// The encoded `extra`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.slot.0);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        for part in [self.salt.0, self.epk.0, self.device.0, self.kit.0] {
            out.extend_from_slice(&part);
        }
        out
    }

    /// The header of the slot's message: object, log and seq are zero.
    pub fn sealed_header(&self, kind: Kind, vault: VaultId, epoch: EpochId) -> SealedHeader {
        SealedHeader { kind, vault, epoch, object: ObjectId::ZERO, log: LogId::ZERO, seq: 0, extra: self.encode() }
    }

    /// Reads the slot out of the header of its message: costs within floor and ceiling, usable keys exactly where the set has them.
    ///
    /// # Errors
    ///
    /// [`HeaderError::Kind`] if it is no slot, [`HeaderError::Cost`], [`HeaderError::Fixed`] for anything else.
    pub fn from_sealed(header: &SealedHeader) -> Result<Self, HeaderError> {
        let factors = header.kind.factors().ok_or(HeaderError::Kind(header.kind.number()))?;
        let slot = Self::parse(&header.extra).ok_or(HeaderError::Fixed)?;
        let place_is_zero = header.object == ObjectId::ZERO && header.log == LogId::ZERO && header.seq == 0;
        let key_fits = |key: KemPublicKey, wanted: bool| if wanted { key.check().is_ok() } else { key == KemPublicKey::ZERO };
        let keys_fit =
            key_fits(slot.epk, factors.device || factors.kit) && key_fits(slot.device, factors.device) && key_fits(slot.kit, factors.kit);
        slot.cost.check().map_err(HeaderError::Cost)?;
        if place_is_zero && keys_fit && slot.slot != SlotId::ZERO { Ok(slot) } else { Err(HeaderError::Fixed) }
    }

    fn parse(extra: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(extra);
        let slot = Self {
            slot: SlotId(reader.array()?),
            cost: KdfCost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? },
            salt: Salt(reader.array()?),
            epk: KemPublicKey(reader.array()?),
            device: KemPublicKey(reader.array()?),
            kit: KemPublicKey(reader.array()?),
        };
        reader.is_empty().then_some(slot)
    }
}

/// One slot as it stands in a control entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SlotRecord {
    /// The slot; the same as in its message.
    #[n(0)]
    pub id: SlotId,
    /// The device whose key is in the set, else zero.
    #[n(1)]
    pub device: DeviceId,
    /// The sealed message, [`SlotRecord::MESSAGE_LEN`] bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub message: Vec<u8>,
}

impl SlotRecord {
    /// Bytes of every slot's message: header, seal, and the 32 bytes that it holds.
    pub const MESSAGE_LEN: usize = HEADER_LEN + SlotHeader::LEN + SEAL_LEN + 32;

    /// Reads the headers of the message.
    ///
    /// # Errors
    ///
    /// As [`SealedHeader::parse`] and [`SlotHeader::from_sealed`]; [`HeaderError::Fixed`] if the message is not [`Self::MESSAGE_LEN`] long or
    /// names another slot.
    pub fn headers(&self) -> Result<(SealedHeader, SlotHeader), HeaderError> {
        let sealed = SealedHeader::parse(&self.message)?;
        let slot = SlotHeader::from_sealed(&sealed)?;
        if self.message.len() == Self::MESSAGE_LEN && slot.slot == self.id { Ok((sealed, slot)) } else { Err(HeaderError::Fixed) }
    }
}
