//! "Address + password": what the server holds while it is on. Off by default, its weakness stated: who runs the address can guess offline.
//!
//! The record is deterministic CBOR `{0: login public key, 1: {P} slot}`; the control log holds only its SHA-256, so that backups, folders and
//! peers never carry a slot that a password alone opens.

use minicbor::{Decoder, Encoder};
use sha2::{Digest, Sha256};
use vault_protocol::control::{KdfCost, Membership, SlotHeader};
use vault_protocol::{EpochId, Hash, Kind, Salt, SealedHeader, SigningPublicKey, VaultId};

use crate::entropy::Entropy;
use crate::secret::{PasswordKey, RootKey};
use crate::slot::{self, FactorHalves, Factors, SlotError, SlotPlace};
use crate::vault::{Candidate, Opened, UnlockError, open_by};

/// Login key and {P} slot of one epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootstrapRecord {
    login: SigningPublicKey,
    slot: Vec<u8>,
}

impl BootstrapRecord {
    #[allow(clippy::too_many_arguments, reason = "the place of one slot, its factors and the login key; a struct would be built once")]
    pub(crate) fn make(
        vault: VaultId,
        epoch: EpochId,
        salt: Salt,
        cost: KdfCost,
        root: &RootKey,
        password: &PasswordKey,
        login: SigningPublicKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, SlotError> {
        let place = SlotPlace { kind: Kind::SlotP, vault, epoch, salt, cost };
        let halves = FactorHalves { password: Some(password), ..FactorHalves::default() };
        Ok(Self { login, slot: slot::seal(&place, halves, root.expose(), entropy)?.message })
    }

    /// A record for the epoch that is open, for switching "address + password" on, or for a raised cost.
    ///
    /// # Errors
    ///
    /// Those of slots.
    pub fn make_for(
        membership: &Membership,
        opened: &Opened,
        password: &PasswordKey,
        login: SigningPublicKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, SlotError> {
        let epoch = opened.epoch();
        let root = opened.root(epoch).ok_or(SlotError::WrongFactors)?;
        Self::make(membership.vault(), epoch, membership.salt(), membership.cost(), root, password, login, entropy)
    }

    /// The key whose signature the server asks for.
    pub fn login(&self) -> SigningPublicKey {
        self.login
    }

    /// The wire form.
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            encoder.map(2)?.u8(0)?.bytes(&self.login.0)?.u8(1)?.bytes(&self.slot)?;
            Ok(())
        };
        write().expect("writing to a vector cannot fail");
        encoder.into_writer()
    }

    /// Reads a wire form; `None` for anything but its only encoding.
    pub fn parse(wire: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(wire);
        let head_fits = decoder.map().ok()? == Some(2) && decoder.u8().ok()? == 0;
        let login = SigningPublicKey::from_slice(decoder.bytes().ok()?).filter(|_| head_fits)?;
        let slot_fits = decoder.u8().ok()? == 1;
        let slot = decoder.bytes().ok().filter(|_| slot_fits)?.to_vec();
        let record = Self { login, slot };
        (record.encode() == wire).then_some(record)
    }

    /// SHA-256 of the wire form: what the control log holds.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.encode()).into())
    }

    /// Opens the vault with P alone, derived with the vault's salt and cost in force.
    ///
    /// # Errors
    ///
    /// [`UnlockError::RecordChanged`] if the record is not the one whose hash the control log holds, else as [`crate::vault::open_vault`].
    pub fn open(&self, membership: &Membership, password: &PasswordKey) -> Result<Opened, UnlockError> {
        if membership.bootstrap() != Some(self.hash()) {
            return Err(UnlockError::RecordChanged);
        }
        let sealed = SealedHeader::parse(&self.slot).map_err(|_| UnlockError::RecordChanged)?;
        let header = SlotHeader::from_sealed(&sealed).map_err(|_| UnlockError::RecordChanged)?;
        let candidate = Candidate { kind: Kind::SlotP, epoch: sealed.epoch, cost: header.cost, message: &self.slot };
        open_by(membership, std::iter::once(candidate), Factors { password: Some(password), ..Factors::default() })
    }
}
