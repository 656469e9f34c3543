//! The slots of an epoch: for each device {P,D} (or {D} while there is no password) and {D,R}, and {P,R} for a cold device.

use vault_protocol::control::{ControlBody, ControlEntry, ControlLog, KdfCost, SlotRecord, Slots};
use vault_protocol::{DeviceId, EpochId, KemPublicKey, Kind, Salt, VaultId};

use super::{ComposeError, check_member, has_password, newest_epoch, sign};
use crate::entropy::Entropy;
use crate::secret::{LogSigningKey, PasswordKey, RootKey};
use crate::slot::{self, FactorHalves, SlotPlace};
use crate::vault::Opened;

/// Raises the cost, or adds the slots that a device lacks, in the newest epoch: never for a new password, because the old slots would still
/// open the same key. All slots that take the password are written anew, at `cost`.
///
/// # Errors
///
/// [`ComposeError::NotMember`], [`ComposeError::NoPassword`], [`ComposeError::CostFell`], [`ComposeError::ConcurrentEpochs`], and those of slots.
pub fn make_slots(
    log: &ControlLog,
    opened: &Opened,
    password: &PasswordKey,
    cost: KdfCost,
    member: &LogSigningKey,
    entropy: &mut dyn Entropy,
) -> Result<ControlEntry, ComposeError> {
    let membership = log.state();
    check_member(membership, member)?;
    if !has_password(membership) {
        return Err(ComposeError::NoPassword);
    }
    if !cost.is_at_least(membership.cost()) {
        return Err(ComposeError::CostFell);
    }
    let epoch = newest_epoch(membership)?;
    let writer = SlotWriter {
        vault: membership.vault(),
        epoch,
        salt: membership.salt(),
        cost,
        root: opened.root(epoch).ok_or(ComposeError::ConcurrentEpochs)?,
        password: Some(password),
        kit: membership.kit(),
    };
    let mut slots = Vec::new();
    for device in membership.current_devices() {
        let key = membership.devices().get(&device).ok_or(ComposeError::Unknown)?.key;
        slots.push(writer.everyday(device, key, entropy)?);
        let lacks_kit_slot = !membership.live_slots().iter().any(|live| live.kind == Kind::SlotDR && live.record.device == device);
        if lacks_kit_slot {
            slots.push(writer.forgotten(device, key, entropy)?);
        }
    }
    slots.push(writer.cold(entropy)?);
    Ok(sign(log, ControlBody::Slots(Slots { cost, slots }), member))
}

/// Writes the slots of one epoch.
pub(super) struct SlotWriter<'a> {
    pub(super) vault: VaultId,
    pub(super) epoch: EpochId,
    pub(super) salt: Salt,
    pub(super) cost: KdfCost,
    pub(super) root: &'a RootKey,
    pub(super) password: Option<&'a PasswordKey>,
    pub(super) kit: KemPublicKey,
}

impl SlotWriter<'_> {
    /// All slots of the epoch for `devices`.
    pub(super) fn all(
        &self,
        devices: impl Iterator<Item = (DeviceId, KemPublicKey)>,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<SlotRecord>, ComposeError> {
        let mut slots = Vec::new();
        for (device, key) in devices {
            slots.extend(self.of_device(device, key, entropy)?);
        }
        if self.password.is_some() {
            slots.push(self.cold(entropy)?);
        }
        Ok(slots)
    }

    /// Both slots of one device.
    pub(super) fn of_device(
        &self,
        device: DeviceId,
        key: KemPublicKey,
        entropy: &mut dyn Entropy,
    ) -> Result<[SlotRecord; 2], ComposeError> {
        Ok([self.everyday(device, key, entropy)?, self.forgotten(device, key, entropy)?])
    }

    /// {P,D}, or {D} while there is no password.
    pub(super) fn everyday(&self, device: DeviceId, key: KemPublicKey, entropy: &mut dyn Entropy) -> Result<SlotRecord, ComposeError> {
        let kind = if self.password.is_some() { Kind::SlotPD } else { Kind::SlotD };
        self.write(kind, device, FactorHalves { password: self.password, device: Some(key), kit: None }, entropy)
    }

    /// {D,R}.
    pub(super) fn forgotten(&self, device: DeviceId, key: KemPublicKey, entropy: &mut dyn Entropy) -> Result<SlotRecord, ComposeError> {
        self.write(Kind::SlotDR, device, FactorHalves { password: None, device: Some(key), kit: Some(self.kit) }, entropy)
    }

    /// {P,R}.
    pub(super) fn cold(&self, entropy: &mut dyn Entropy) -> Result<SlotRecord, ComposeError> {
        self.write(Kind::SlotPR, DeviceId::ZERO, FactorHalves { password: self.password, device: None, kit: Some(self.kit) }, entropy)
    }

    fn write(&self, kind: Kind, device: DeviceId, halves: FactorHalves<'_>, entropy: &mut dyn Entropy) -> Result<SlotRecord, ComposeError> {
        let Self { vault, epoch, salt, cost, .. } = *self;
        let slot = slot::seal(&SlotPlace { kind, vault, epoch, salt, cost }, halves, self.root.expose(), entropy)?;
        Ok(SlotRecord { id: slot.id, device, message: slot.message })
    }
}

/// The password key to write with: required where the vault has a password, unused where it has none.
pub(super) fn needed_password<'a>(log: &ControlLog, password: Option<&'a PasswordKey>) -> Result<Option<&'a PasswordKey>, ComposeError> {
    if password.is_none() && has_password(log.state()) { Err(ComposeError::PasswordNeeded) } else { Ok(password) }
}
