//! What a kit remembers of its vault, so that nobody can show it another one.

use minicbor::{Decode, Encode};
use vault_protocol::control::{ControlLog, KdfCost};
use vault_protocol::limits::MAX_PARENTS;
use vault_protocol::{Hash, Salt, SigningPublicKey, VaultId};

use super::KitError;

/// A pin: any control log shown later must descend from its head and may only have a higher cost.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KitPin {
    /// The vault's name.
    #[n(0)]
    pub did: SigningPublicKey,
    /// Control head, ascending; 1–8 hashes.
    #[n(1)]
    pub heads: Vec<Hash>,
    /// The vault's salt.
    #[n(2)]
    pub salt: Salt,
    /// The cost in force.
    #[n(3)]
    pub cost: KdfCost,
}

impl KitPin {
    /// The pin of a verified log as it stands.
    pub fn of(log: &ControlLog) -> Self {
        let membership = log.state();
        Self { did: membership.did(), heads: log.heads().to_vec(), salt: membership.salt(), cost: membership.cost() }
    }

    /// The vault.
    pub fn vault(&self) -> VaultId {
        self.did.vault_id()
    }

    /// Compares a verified log with the pin, before anything is derived with its salt and cost.
    ///
    /// # Errors
    ///
    /// [`KitError::OtherVault`], [`KitError::SaltChanged`], [`KitError::CostFell`], [`KitError::HeadMissing`].
    pub fn check(&self, log: &ControlLog) -> Result<(), KitError> {
        let membership = log.state();
        if membership.did() != self.did || membership.vault() != self.vault() {
            return Err(KitError::OtherVault);
        }
        if membership.salt() != self.salt {
            return Err(KitError::SaltChanged);
        }
        if !membership.cost().is_at_least(self.cost) {
            return Err(KitError::CostFell);
        }
        if self.heads.iter().any(|head| !log.contains(*head)) {
            return Err(KitError::HeadMissing);
        }
        Ok(())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("writing to a vector cannot fail")
    }

    /// Reads what [`Self::encode`] writes, and nothing else.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let pin: Self = minicbor::decode(bytes).ok()?;
        let heads_fit = (1..=MAX_PARENTS).contains(&pin.heads.len()) && pin.heads.is_sorted_by(|a, b| a < b);
        (heads_fit && pin.cost.is_within() && pin.encode() == bytes).then_some(pin)
    }
}
