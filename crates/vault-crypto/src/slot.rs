//! Slots: 32 bytes (a root key, a backup key or a recovery secret) sealed under a set of factors.
//!
//! `esk` random, `epk = X25519(esk, base)`; contributions in the order P, D, R, 32 bytes each: P itself; `X25519(esk, D.pub)` to write =
//! `X25519(D, epk)` to open; likewise R. `prk = HKDF-Extract(salt = "nt2 slot v1", contributions)` stands in the place of K(kind) of a sealed
//! message, whose header carries every public part. So whoever has the password and public halves writes every slot; only the factors
//! themselves open one.

use vault_protocol::control::{KdfCost, SlotHeader};
use vault_protocol::{EpochId, KemPublicKey, Kind, Salt, SealedHeader, SlotId, VaultId};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, EntropyError, make_bytes};
use crate::hazmat::{dh, expand::Prk};
use crate::message::{self, OpenError, SealError};
use crate::secret::{DeviceSecret, KindKey, PasswordKey, RecoverySecret};

/// Factors at hand, to open with.
#[derive(Default, Clone, Copy)]
pub struct Factors<'a> {
    /// P, derived with the salt and cost of the slot.
    pub password: Option<&'a PasswordKey>,
    /// D of this device.
    pub device: Option<&'a DeviceSecret>,
    /// R of the kit.
    pub kit: Option<&'a RecoverySecret>,
}

/// What writing a slot needs of each factor: of device and kit only the public half.
#[derive(Default, Clone, Copy)]
pub struct FactorHalves<'a> {
    /// P.
    pub password: Option<&'a PasswordKey>,
    /// `D.pub`.
    pub device: Option<KemPublicKey>,
    /// `R.pub`.
    pub kit: Option<KemPublicKey>,
}

/// Where a slot belongs. Its reader names the place; a slot of another does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotPlace {
    /// The factor set: one of the slot kinds.
    pub kind: Kind,
    /// Of which vault.
    pub vault: VaultId,
    /// Of which epoch; zero for a kit's.
    pub epoch: EpochId,
    /// Salt in force: the vault's, or the passphrase's own.
    pub salt: Salt,
    /// Cost in force: the vault's, or the passphrase's own.
    pub cost: KdfCost,
}

/// Why a slot was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlotError {
    /// The generator failed; nothing was written.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The halves given are not those of the slot's set.
    #[error("the factors given are not those of the slot")]
    WrongFactors,
    /// A public half has small order, so anyone could open the slot (MS18).
    #[error("a public key has small order")]
    SmallOrder,
    /// A cost under the floor or over the ceiling.
    #[error("the derivation cost is outside floor and ceiling")]
    Cost,
}

/// A written slot.
pub struct Slot {
    /// Its id, also in the message's header.
    pub id: SlotId,
    /// The sealed message.
    pub message: Vec<u8>,
}

/// Seals `payload` under the factors of `place.kind`, which must be exactly those given.
///
/// # Errors
///
/// [`SlotError`].
pub(crate) fn seal(place: &SlotPlace, halves: FactorHalves<'_>, payload: &[u8; 32], entropy: &mut dyn Entropy) -> Result<Slot, SlotError> {
    let set = place.kind.factors().ok_or(SlotError::WrongFactors)?;
    if (set.password, set.device, set.kit) != (halves.password.is_some(), halves.device.is_some(), halves.kit.is_some()) {
        return Err(SlotError::WrongFactors);
    }
    place.cost.check().map_err(|_| SlotError::Cost)?;

    let id = SlotId(make_bytes(entropy)?);
    let esk = DeviceSecret::make(entropy)?;
    let mut contributions = Contributions::new();
    if let Some(password) = halves.password {
        contributions.push(password.expose());
    }
    for public in [halves.device, halves.kit].into_iter().flatten() {
        let shared = dh::shared(esk.expose(), &public.0).map_err(|dh::SmallOrder| SlotError::SmallOrder)?;
        contributions.push(&shared);
    }
    let header = SlotHeader {
        slot: id,
        cost: place.cost,
        salt: place.salt,
        epk: if set.device || set.kit { esk.public() } else { KemPublicKey::ZERO },
        device: halves.device.unwrap_or(KemPublicKey::ZERO),
        kit: halves.kit.unwrap_or(KemPublicKey::ZERO),
    };
    let header = header.sealed_header(place.kind, place.vault, place.epoch);
    match message::seal(&contributions.into_key(), &header, payload, entropy) {
        Ok(message) => Ok(Slot { id, message }),
        Err(SealError::Entropy(error)) => Err(SlotError::Entropy(error)),
        Err(SealError::TooLong) => unreachable!("32 bytes are under every ceiling"),
    }
}

/// Opens the slot in `message` with the factors of `place.kind`; others at hand are not used.
///
/// # Errors
///
/// [`OpenError::NotAuthentic`], whatever is wrong: another place, salt or cost, altered bytes, wrong or missing factors, a small-order key.
pub(crate) fn open(place: &SlotPlace, factors: Factors<'_>, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    open_checked(place, factors, message).ok_or(OpenError::NotAuthentic)
}

fn open_checked(place: &SlotPlace, factors: Factors<'_>, message: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let header = SlotHeader::from_sealed(&SealedHeader::parse(message).ok()?).ok()?;
    // The caller's place, not the message's, decides what is compared; only ids and keys of the slot come from the message.
    let expected = SlotHeader { cost: place.cost, salt: place.salt, ..header }.sealed_header(place.kind, place.vault, place.epoch);
    let set = place.kind.factors()?;
    let mut contributions = Contributions::new();
    if set.password {
        contributions.push(factors.password?.expose());
    }
    if set.device {
        let device = factors.device?;
        (device.public() == header.device).then_some(())?;
        contributions.push(&*dh::shared(device.expose(), &header.epk.0).ok()?);
    }
    if set.kit {
        let kem = factors.kit?.kem();
        (kem.public() == header.kit).then_some(())?;
        contributions.push(&*dh::shared(kem.expose(), &header.epk.0).ok()?);
    }
    message::open(&contributions.into_key(), &expected, message).ok()
}

/// What the factors give, in order.
struct Contributions(Zeroizing<Vec<u8>>);

impl Contributions {
    fn new() -> Self {
        // Three at most: the buffer never grows, so no copy stays behind.
        Self(Zeroizing::new(Vec::with_capacity(3 * 32)))
    }

    fn push(&mut self, part: &[u8; 32]) {
        self.0.extend_from_slice(part);
    }

    fn into_key(self) -> KindKey {
        KindKey(Prk::extract(b"nt2 slot v1", &self.0))
    }
}

#[cfg(test)]
mod tests;
