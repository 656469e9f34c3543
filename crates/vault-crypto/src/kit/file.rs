//! The `.nt2recovery` file.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use vault_protocol::control::{KdfCost, SlotHeader, SlotRecord};
use vault_protocol::{EpochId, FORMAT_1, Kind, SUITE_1, Salt, SealedHeader};
use zeroize::Zeroize;

use super::{KitError, KitPin};
use crate::entropy::Entropy;
use crate::hazmat::expand::Prk;
use crate::secret::{PasswordKey, RecoverySecret};
use crate::slot::{self, FactorHalves, Factors, SlotError, SlotPlace};

/// First bytes of a kit file.
const KIT_MAGIC: [u8; 4] = *b"nt2r";
/// Bytes of the authentication code at its end.
const MAC_LEN: usize = 32;
/// Longest file that is looked at, in bytes: a pin has at most eight heads.
const MAX_KIT_BYTES: usize = 4096;

/// A kit file that has been read but not opened: nothing in it is authentic yet.
pub struct KitFile {
    wire: Vec<u8>,
    pin: KitPin,
    slot: SlotHeader,
}

impl KitFile {
    /// Writes a kit file. `passphrase` is derived from the kit's own passphrase (never the master password) with its own `salt` and `cost`.
    ///
    /// # Errors
    ///
    /// [`SlotError::Entropy`], [`SlotError::Cost`].
    pub fn make(
        kit: &RecoverySecret,
        pin: &KitPin,
        passphrase: &PasswordKey,
        salt: Salt,
        cost: KdfCost,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SlotError> {
        let place = SlotPlace { kind: Kind::SlotKit, vault: pin.vault(), epoch: EpochId::ZERO, salt, cost };
        let halves = FactorHalves { password: Some(passphrase), ..FactorHalves::default() };
        let slot = slot::seal(&place, halves, kit.expose(), entropy)?;
        let pin = pin.encode();
        let mut wire = Vec::with_capacity(8 + pin.len() + slot.message.len() + MAC_LEN);
        wire.extend_from_slice(&KIT_MAGIC);
        wire.extend_from_slice(&[FORMAT_1, SUITE_1]);
        wire.extend_from_slice(&(pin.len() as u16).to_be_bytes());
        wire.extend_from_slice(&pin);
        wire.extend_from_slice(&slot.message);
        let mac = mac(kit, &wire).finalize().into_bytes();
        wire.extend_from_slice(&mac);
        Ok(wire)
    }

    /// Reads a kit file without opening it.
    ///
    /// # Errors
    ///
    /// [`KitError::NotAKit`], [`KitError::Format`].
    pub fn parse(wire: &[u8]) -> Result<Self, KitError> {
        let (head, rest) = wire.split_first_chunk::<8>().filter(|_| wire.len() <= MAX_KIT_BYTES).ok_or(KitError::NotAKit)?;
        let [m0, m1, m2, m3, format, suite, len0, len1] = *head;
        if [m0, m1, m2, m3] != KIT_MAGIC {
            return Err(KitError::NotAKit);
        }
        if (format, suite) != (FORMAT_1, SUITE_1) {
            return Err(KitError::Format { format, suite });
        }
        let pin_len = usize::from(u16::from_be_bytes([len0, len1]));
        let (pin, rest) = rest.split_at_checked(pin_len).ok_or(KitError::NotAKit)?;
        let pin = KitPin::parse(pin).ok_or(KitError::NotAKit)?;
        let slot = rest.get(..SlotRecord::MESSAGE_LEN).filter(|_| rest.len() == SlotRecord::MESSAGE_LEN + MAC_LEN);
        let sealed = SealedHeader::parse(slot.ok_or(KitError::NotAKit)?).map_err(|_| KitError::NotAKit)?;
        let slot = SlotHeader::from_sealed(&sealed).map_err(|_| KitError::NotAKit)?;
        Ok(Self { wire: wire.to_vec(), pin, slot })
    }

    /// What the kit says of its vault; not authentic before [`Self::open`].
    pub fn pin(&self) -> &KitPin {
        &self.pin
    }

    /// Salt of the kit's passphrase.
    pub fn salt(&self) -> Salt {
        self.slot.salt
    }

    /// Cost of the kit's passphrase, within floor and ceiling.
    pub fn cost(&self) -> KdfCost {
        self.slot.cost
    }

    /// Opens the kit.
    ///
    /// # Errors
    ///
    /// [`KitError::NotAuthentic`].
    pub fn open(&self, passphrase: &PasswordKey) -> Result<(RecoverySecret, KitPin), KitError> {
        let Self { wire, pin, slot } = self;
        let (before, code) = wire.split_at(wire.len() - MAC_LEN);
        let message = &before[before.len() - SlotRecord::MESSAGE_LEN..];
        let place = SlotPlace { kind: Kind::SlotKit, vault: pin.vault(), epoch: EpochId::ZERO, salt: slot.salt, cost: slot.cost };
        let factors = Factors { password: Some(passphrase), ..Factors::default() };
        let secret = slot::open(&place, factors, message).map_err(|_| KitError::NotAuthentic)?;
        let kit = RecoverySecret::from_slice(&secret).ok_or(KitError::NotAuthentic)?;
        mac(&kit, before).verify_slice(code).map_err(|_| KitError::NotAuthentic)?;
        Ok((kit, pin.clone()))
    }
}

fn mac(kit: &RecoverySecret, before: &[u8]) -> Hmac<Sha256> {
    let mut key = Prk::extract(&[], kit.expose()).expand_key(&[b"kit file"]);
    let mac = Hmac::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length").chain_update(before);
    key.zeroize();
    mac
}
