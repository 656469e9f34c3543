//! A new epoch: a fresh root key under slots for every remaining device, written from public halves.
//!
//! One entry for the first password, every password change, kit use, kit replacement, revocation, and for joining concurrent epochs.

use vault_protocol::control::{ControlBody, ControlEntry, ControlLog, Epoch, NewKit, Removed};
use vault_protocol::{DeviceId, EpochId, KemPublicKey, Signer};

use super::{ComposeError, check_member, sign, slots::SlotWriter, slots::needed_password};
use crate::bootstrap::BootstrapRecord;
use crate::entropy::{Entropy, make_bytes};
use crate::secret::{LogSigningKey, LoginKey, PasswordKey, RecoverySecret, RootKey};
use crate::vault::Opened;

/// What changes with the epoch.
pub struct NewEpoch<'a> {
    /// P of the (new) master password that has just been typed; `None` only while the vault has none.
    pub password: Option<&'a PasswordKey>,
    /// Devices that lose their place, each with the cut-off of every log it has.
    pub removed: Vec<Removed>,
    /// A new recovery secret, if the kit is replaced. Also when the device on which the present one was made is removed.
    pub new_kit: Option<&'a RecoverySecret>,
    /// A fresh D.pub of this device, whose private half the key store has already given back.
    pub device_key: Option<KemPublicKey>,
    /// The login key of the (new) password while "address + password" is on; `None` ends it.
    pub login: Option<&'a LoginKey>,
}

/// A new epoch.
pub struct EpochMade {
    /// The entry.
    pub entry: ControlEntry,
    /// The keys once it is appended.
    pub opened: Opened,
    /// What the server must hold while "address + password" is on.
    pub bootstrap: Option<BootstrapRecord>,
}

/// Makes an epoch on top of all heads; if these have concurrent epochs, it joins them.
///
/// # Errors
///
/// [`ComposeError::NotMember`], [`ComposeError::PasswordNeeded`], [`ComposeError::ConcurrentEpochs`] if a newest epoch is not open,
/// [`ComposeError::RemovesSelf`], [`ComposeError::Unknown`] for a removed device that is not there, and those of slots.
pub fn make_epoch(
    log: &ControlLog,
    opened: &Opened,
    new: NewEpoch<'_>,
    member: &LogSigningKey,
    entropy: &mut dyn Entropy,
) -> Result<EpochMade, ComposeError> {
    let membership = log.state();
    let this_device = check_member(membership, member)?;
    let NewEpoch { password, mut removed, new_kit, device_key, login } = new;
    let password = needed_password(log, password)?;
    if membership.newest_epochs().iter().any(|epoch| opened.root(*epoch).is_none()) {
        return Err(ComposeError::ConcurrentEpochs);
    }
    removed.sort_unstable_by_key(|removed| removed.device);
    for removed in &mut removed {
        if removed.device == this_device {
            return Err(ComposeError::RemovesSelf);
        }
        if !membership.devices().contains_key(&removed.device) {
            return Err(ComposeError::Unknown);
        }
        removed.cuts.sort_unstable_by_key(|cut| cut.log);
    }

    let vault = membership.vault();
    let (epoch, root) = (EpochId(make_bytes(entropy)?), RootKey::make(entropy)?);
    let kit = new_kit.map_or(membership.kit(), RecoverySecret::public);
    let (salt, cost) = (membership.salt(), membership.cost());
    let writer = SlotWriter { vault, epoch, salt, cost, root: &root, password, kit };
    let remaining: Vec<(DeviceId, KemPublicKey)> = membership
        .current_devices()
        .filter(|device| !removed.iter().any(|removed| removed.device == *device))
        .filter_map(|device| Some((device, membership.devices().get(&device)?.key)))
        .map(|(device, key)| (device, device_key.filter(|_| device == this_device).unwrap_or(key)))
        .collect();
    let slots = writer.all(remaining.into_iter(), entropy)?;
    let bootstrap = match (login, password) {
        (Some(login), Some(password)) => {
            Some(BootstrapRecord::make(vault, epoch, salt, cost, &root, password, login.public_key(), entropy)?)
        }
        (Some(_), None) => return Err(ComposeError::PasswordNeeded),
        (None, _) => None,
    };
    let body = Epoch {
        epoch,
        removed,
        kit: new_kit.map(|kit| NewKit { kit: kit.public(), owner_key: kit.owner_key().public_key() }),
        device_key,
        enrol_key: root.enrol_key(vault, epoch).public_key(),
        keyring: opened.keyring().seal(&root, vault, epoch, entropy)?,
        slots,
        bootstrap: bootstrap.as_ref().map(BootstrapRecord::hash),
    };
    let entry = sign(log, ControlBody::Epoch(Box::new(body)), member);
    Ok(EpochMade { entry, opened: opened.following(epoch, root), bootstrap })
}
