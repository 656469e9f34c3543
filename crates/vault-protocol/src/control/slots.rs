//! What the slots of an entry must keep to.

use super::{ControlError, KdfCost, LiveSlot, SlotRecord};
use crate::{DeviceId, EpochId, HeaderError, KemPublicKey, Kind, Salt, VaultId, limits::MAX_SLOTS};

/// What is in force where the slots stand.
#[derive(Clone, Copy)]
pub(super) struct SlotRules<'a> {
    pub(super) vault: VaultId,
    pub(super) salt: Salt,
    pub(super) cost: KdfCost,
    pub(super) kit: KemPublicKey,
    /// Epochs whose root key the slots may hold.
    pub(super) epochs: &'a [EpochId],
    /// `D.pub` of a device that may have a slot.
    pub(super) device_key: &'a dyn Fn(DeviceId) -> Option<KemPublicKey>,
}

impl SlotRules<'_> {
    /// Checks slots beside the live ones of the same epochs.
    pub(super) fn check(&self, records: &[SlotRecord], live: &[LiveSlot]) -> Result<(), ControlError> {
        if records.len() > MAX_SLOTS {
            return Err(ControlError::TooMany);
        }
        let mut places = Vec::with_capacity(records.len());
        for record in records {
            places.push(self.check_one(record)?);
        }
        let mut ids: Vec<_> = records.iter().map(|record| record.id).collect();
        let mut sorted = places.clone();
        ids.sort_unstable();
        sorted.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ControlError::Unknown);
        }
        // One factor is enough only as long as there is no password at all (LD02).
        let all = || places.iter().map(|place| (place.0, place.1)).chain(live.iter().map(|slot| (slot.epoch, slot.kind)));
        let alone = |(epoch, kind): (EpochId, Kind)| {
            let with_password = |(other, kind): (EpochId, Kind)| other == epoch && kind.factors().is_some_and(|set| set.password);
            kind == Kind::SlotD && all().any(with_password)
        };
        if all().any(alone) { Err(ControlError::SlotMisplaced) } else { Ok(()) }
    }

    /// As [`Self::check`], for an entry that may only bring slots of one device.
    pub(super) fn check_of_device(&self, records: &[SlotRecord], device: DeviceId, live: &[LiveSlot]) -> Result<(), ControlError> {
        if records.iter().any(|record| record.device != device) {
            return Err(ControlError::SlotMisplaced);
        }
        self.check(records, live)
    }

    fn check_one(&self, record: &SlotRecord) -> Result<(EpochId, Kind, DeviceId), ControlError> {
        let (sealed, slot) = record.headers().map_err(|error| match error {
            HeaderError::Cost(cost) => ControlError::Cost(cost),
            other => ControlError::Slot(other),
        })?;
        if sealed.vault != self.vault || slot.salt != self.salt {
            return Err(ControlError::RecordChanged);
        }
        if !slot.cost.is_at_least(self.cost) {
            return Err(ControlError::CostFell);
        }
        let factors = sealed.kind.factors().filter(|_| sealed.kind.is_control_slot()).ok_or(ControlError::SlotMisplaced)?;
        let device_fits = match factors.device {
            true => record.device != DeviceId::ZERO && (self.device_key)(record.device) == Some(slot.device),
            false => record.device == DeviceId::ZERO,
        };
        let kit_fits = !factors.kit || slot.kit == self.kit;
        let fits = slot.cost == self.cost && self.epochs.contains(&sealed.epoch) && device_fits && kit_fits;
        if fits { Ok((sealed.epoch, sealed.kind, record.device)) } else { Err(ControlError::SlotMisplaced) }
    }
}
