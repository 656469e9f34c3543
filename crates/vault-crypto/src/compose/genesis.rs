//! A new vault: every key it begins with.

use vault_protocol::control::{ControlBody, ControlEntry, Floor, Genesis, KdfCost};
use vault_protocol::{DeviceId, EpochId, LogId, Salt, Signer};

use super::{ComposeError, slots::SlotWriter};
use crate::entropy::{Entropy, EntropyError, make_bytes};
use crate::keyring::Keyring;
use crate::secret::{DeviceSecret, DidKey, LogSigningKey, PasswordKey, RecoverySecret, RootKey, StateKey};
use crate::vault::Opened;

/// What a new vault begins with.
pub struct NewVault<'a> {
    /// P, derived with `salt` and `cost`; `None` while the vault has no password yet.
    pub password: Option<&'a PasswordKey>,
    /// Drawn by [`make_salt`] before the derivation.
    pub salt: Salt,
    /// Cost of the derivation.
    pub cost: KdfCost,
    /// Rules version of entries.
    pub rules: u32,
}

/// A new vault. What is secret here must be stored before the entry is: D in its key store, log key and R sealed under the root key.
pub struct GenesisMade {
    /// The first entry of the control log.
    pub entry: ControlEntry,
    /// The open vault.
    pub opened: Opened,
    /// The first device.
    pub device: DeviceId,
    /// D.
    pub device_key: DeviceSecret,
    /// Its log.
    pub log: LogId,
    /// The key of that log.
    pub log_key: LogSigningKey,
    /// R, for the first kit.
    pub kit: RecoverySecret,
}

/// A vault's salt: drawn once, before its password is derived (MS03).
///
/// # Errors
///
/// [`EntropyError`].
pub fn make_salt(entropy: &mut dyn Entropy) -> Result<Salt, EntropyError> {
    make_bytes(entropy).map(Salt)
}

/// Makes a vault with its first epoch, device, log and recovery secret.
///
/// # Errors
///
/// [`ComposeError::Entropy`], [`ComposeError::Slot`] for a cost outside floor and ceiling.
pub fn make_genesis(new: &NewVault<'_>, entropy: &mut dyn Entropy) -> Result<GenesisMade, ComposeError> {
    let did = DidKey::make(entropy)?;
    let vault = did.public_key().vault_id();
    let kit = RecoverySecret::make(entropy)?;
    let (device, device_key) = (DeviceId(make_bytes(entropy)?), DeviceSecret::make(entropy)?);
    let (log, log_key) = (LogId(make_bytes(entropy)?), LogSigningKey::make(entropy)?);
    let (epoch, root) = (EpochId(make_bytes(entropy)?), RootKey::make(entropy)?);
    let keyring = Keyring { older: Default::default(), state: StateKey::make(entropy)?, did };

    let NewVault { password, salt, cost, rules } = *new;
    let writer = SlotWriter { vault, epoch, salt, cost, root: &root, password, kit: kit.public() };
    let body = Genesis {
        owner_key: kit.owner_key().public_key(),
        kit: kit.public(),
        did: keyring.did.public_key(),
        salt,
        cost,
        floor: Floor { format: vault_protocol::FORMAT_1, rules },
        epoch,
        enrol_key: root.enrol_key(vault, epoch).public_key(),
        keyring: keyring.seal(&root, vault, epoch, entropy)?,
        slots: writer.all([(device, device_key.public())].into_iter(), entropy)?,
        device,
        log,
        log_key: log_key.public_key(),
        device_key: device_key.public(),
    };
    let entry = ControlEntry::sign(vault, Vec::new(), 0, ControlBody::Genesis(Box::new(body)), &keyring.did);
    let opened = Opened::first(vault, epoch, root, keyring.state, keyring.did);
    Ok(GenesisMade { entry, opened, device, device_key, log, log_key, kit })
}
