//! Whether an entry may stand on its parents: the signer's right and everything that its body must keep to.

use super::{
    Allow, ControlBody, ControlEntry, ControlError, Cut, Enrol, Epoch, Floor, Genesis, Incarnation, KdfCost, Membership, Removed, Retire,
    Slots,
    graph::{Actor, Right},
    slots::SlotRules,
};
use crate::{
    DeviceId, EpochId, Hash, KemPublicKey, Kind, LogId, Salt, SealedHeader, SigningPublicKey, VaultId,
    header::{FORMAT_1, SEAL_LEN},
    limits::MAX_DEVICES,
};

/// Checks the first entry. Its signature is checked elsewhere.
pub(super) fn genesis(vault: VaultId, entry: &ControlEntry) -> Result<&Genesis, ControlError> {
    let ControlBody::Genesis(genesis) = &entry.body else { return Err(ControlError::Genesis) };
    if entry.vault != vault || genesis.did.vault_id() != vault {
        return Err(ControlError::WrongVault);
    }
    if !entry.parents.is_empty() || entry.number != 0 || entry.signer != genesis.did || genesis.salt == Salt::ZERO {
        return Err(ControlError::Genesis);
    }
    genesis.cost.check()?;
    match genesis.floor.format {
        0 => return Err(ControlError::FloorFell),
        FORMAT_1 => {}
        _ => return Err(ControlError::Format),
    }
    distinct_signing_keys(&[genesis.did, genesis.owner_key, genesis.enrol_key, genesis.log_key])?;
    genesis.kit.check().and(genesis.device_key.check()).map_err(|_bad| ControlError::Key)?;
    if genesis.kit == genesis.device_key {
        return Err(ControlError::Key);
    }
    if genesis.epoch == EpochId::ZERO || genesis.device == DeviceId::ZERO || genesis.log == LogId::ZERO {
        return Err(ControlError::Id);
    }
    keyring(&genesis.keyring, vault, genesis.epoch)?;
    let device_key = |device| (device == genesis.device).then_some(genesis.device_key);
    let rules =
        SlotRules { vault, salt: genesis.salt, cost: genesis.cost, kit: genesis.kit, epochs: &[genesis.epoch], device_key: &device_key };
    rules.check(&genesis.slots, &[])?;
    Ok(genesis)
}

/// Checks any later entry of the vault but a settle against the state at its parents, and says in whose right it was signed.
pub(super) fn later(state: &Membership, entry: &ControlEntry) -> Result<Right, ControlError> {
    if state.floor.format > FORMAT_1 {
        return Err(ControlError::Format);
    }
    if state.conflict.is_some() {
        return Err(ControlError::Conflict);
    }
    let right = right(state, entry)?;
    match &entry.body {
        ControlBody::Genesis(_) => return Err(ControlError::Genesis),
        ControlBody::Enrol(body, _) => enrol(state, body)?,
        ControlBody::Incarnation(body, _) => incarnation(state, body)?,
        ControlBody::Epoch(body) => epoch(state, right.actor, body)?,
        ControlBody::Slots(body) => slots(state, body)?,
        ControlBody::Floor(body) => floor(state, *body)?,
        ControlBody::Allow(body) => allow(body)?,
        ControlBody::Retire(body) => retire(state, body)?,
        ControlBody::Settle(_) => return Err(ControlError::BadSettle),
    }
    Ok(right)
}

/// In whose right `entry` was signed, given the state at its parents.
fn right(state: &Membership, entry: &ControlEntry) -> Result<Right, ControlError> {
    let by_member = || {
        let (device, support) = state.member(entry.signer)?;
        Some(Right { actor: Actor::Member(device), supports: vec![support] })
    };
    let by_enrol_key = || {
        let newest = state.epochs.get(&state.newest_epoch()?)?;
        (newest.enrol_key == entry.signer).then(|| Right { actor: Actor::EnrolKey, supports: vec![newest.entry] })
    };
    let right = match &entry.body {
        ControlBody::Genesis(_) => return Err(ControlError::Genesis),
        ControlBody::Settle(_) => return Err(ControlError::BadSettle),
        ControlBody::Enrol(..) => by_member().or_else(by_enrol_key),
        ControlBody::Incarnation(incarnation, _) => {
            let old = state.logs.get(&incarnation.old_log).ok_or(ControlError::Unknown)?;
            let by_old_log = state.is_open_log(incarnation.old_log) && old.key == entry.signer;
            let right = if by_old_log { by_member() } else { by_enrol_key() };
            right.map(|right| Right { supports: [right.supports, vec![old.entry]].concat(), ..right })
        }
        ControlBody::Epoch(_) | ControlBody::Slots(_) | ControlBody::Floor(_) | ControlBody::Allow(_) | ControlBody::Retire(_) => {
            by_member()
        }
    };
    right.ok_or(ControlError::NotEntitled)
}

fn enrol(state: &Membership, body: &Enrol) -> Result<(), ControlError> {
    if body.device == DeviceId::ZERO || state.is_removed(body.device) || state.is_current(body.device) {
        return Err(ControlError::Id);
    }
    new_log(state, body.log, body.log_key)?;
    new_device_key(state, body.device, body.device_key)?;
    if state.current_devices().count() >= MAX_DEVICES {
        return Err(ControlError::TooManyDevices);
    }
    let device_key = |device| (device == body.device).then_some(body.device_key);
    state.slot_rules(state.cost, &device_key).check_of_device(&body.slots, body.device, &state.slots)
}

fn incarnation(state: &Membership, body: &Incarnation) -> Result<(), ControlError> {
    let old = state.logs.get(&body.old_log).ok_or(ControlError::Unknown)?;
    if old.device != body.device || !state.devices.contains_key(&body.device) || state.is_removed(body.device) {
        return Err(ControlError::Unknown);
    }
    if (body.seq == 0) != (body.hash == Hash::ZERO) {
        return Err(ControlError::Unknown);
    }
    if !state.is_current(body.device) && state.current_devices().count() >= MAX_DEVICES {
        return Err(ControlError::TooManyDevices);
    }
    new_log(state, body.log, body.log_key)
}

fn epoch(state: &Membership, actor: Actor, body: &Epoch) -> Result<(), ControlError> {
    let Actor::Member(signer) = actor else { return Err(ControlError::NotEntitled) };
    if body.epoch == EpochId::ZERO || state.epochs.contains_key(&body.epoch) {
        return Err(ControlError::Id);
    }
    if !body.removed.is_sorted_by(|a, b| a.device < b.device) {
        return Err(ControlError::Unknown);
    }
    body.removed.iter().try_for_each(|removed| removal(state, signer, removed))?;
    let mut keys = vec![body.enrol_key];
    if let Some(new) = &body.kit {
        new.kit.check().map_err(|_bad| ControlError::Key)?;
        if new.kit == state.kit || state.devices.values().any(|device| device.key == new.kit) {
            return Err(ControlError::Key);
        }
        keys.push(new.owner_key);
    }
    new_signing_keys(state, &keys)?;
    let kit = body.kit.map_or(state.kit, |new| new.kit);
    if let Some(key) = body.device_key {
        new_device_key(state, signer, key)?;
        if key == kit {
            return Err(ControlError::Key);
        }
    }
    keyring(&body.keyring, state.vault, body.epoch)?;
    if body.bootstrap == Some(Hash::ZERO) {
        return Err(ControlError::Id);
    }
    let device_key = |device: DeviceId| match body.device_key {
        _ if body.removed.iter().any(|removed| removed.device == device) => None,
        Some(fresh) if device == signer => Some(fresh),
        _ => state.current_key(device),
    };
    SlotRules { kit, epochs: &[body.epoch], ..state.slot_rules(state.cost, &device_key) }.check(&body.slots, &[])
}

fn removal(state: &Membership, signer: DeviceId, removed: &Removed) -> Result<(), ControlError> {
    let device = state.devices.get(&removed.device).ok_or(ControlError::Unknown)?;
    if removed.device == signer || state.is_removed(removed.device) {
        return Err(ControlError::Unknown);
    }
    let sound = |cut: &Cut| (cut.seq == 0) == (cut.hash == Hash::ZERO);
    let every_log_once = removed.cuts.iter().map(|cut| cut.log).eq(device.logs.iter().copied());
    if every_log_once && removed.cuts.iter().all(sound) { Ok(()) } else { Err(ControlError::Cuts) }
}

fn slots(state: &Membership, body: &Slots) -> Result<(), ControlError> {
    body.cost.check()?;
    if !body.cost.is_at_least(state.cost) {
        return Err(ControlError::CostFell);
    }
    let device_key = |device| state.current_key(device);
    state.slot_rules(body.cost, &device_key).check(&body.slots, &state.slots)
}

fn floor(state: &Membership, body: Floor) -> Result<(), ControlError> {
    if body.is_at_least(state.floor) { Ok(()) } else { Err(ControlError::FloorFell) }
}

fn allow(body: &Allow) -> Result<(), ControlError> {
    if body.bootstrap == Some(Hash::ZERO) { Err(ControlError::Id) } else { Ok(()) }
}

fn retire(state: &Membership, body: &Retire) -> Result<(), ControlError> {
    let known = match (body.device, body.log) {
        (Some(device), None) => state.is_current(device),
        (None, Some(log)) => state.is_open_log(log),
        (Some(_), Some(_)) | (None, None) => false,
    };
    if known { Ok(()) } else { Err(ControlError::Unknown) }
}

fn keyring(message: &[u8], vault: VaultId, epoch: EpochId) -> Result<(), ControlError> {
    let expected = SealedHeader::new(Kind::Keyring, vault, epoch);
    let header = SealedHeader::parse(message).map_err(|_any| ControlError::Keyring)?;
    let whole = message.len() > header.encoded_len() + SEAL_LEN;
    if header == expected && whole { Ok(()) } else { Err(ControlError::Keyring) }
}

fn new_log(state: &Membership, log: LogId, key: SigningPublicKey) -> Result<(), ControlError> {
    if log == LogId::ZERO || state.logs.contains_key(&log) {
        return Err(ControlError::Id);
    }
    new_signing_keys(state, &[key])
}

/// A key has one use for ever: whoever signs is found by key (MS18).
fn new_signing_keys(state: &Membership, keys: &[SigningPublicKey]) -> Result<(), ControlError> {
    distinct_signing_keys(keys)?;
    let used = |key: &SigningPublicKey| {
        *key == state.did
            || *key == state.owner_key
            || state.logs.values().any(|log| log.key == *key)
            || state.epochs.values().any(|epoch| epoch.enrol_key == *key)
    };
    if keys.iter().any(used) { Err(ControlError::Key) } else { Ok(()) }
}

fn distinct_signing_keys(keys: &[SigningPublicKey]) -> Result<(), ControlError> {
    let repeated = keys.iter().enumerate().any(|(idx, key)| keys[..idx].contains(key));
    if repeated || keys.iter().any(|key| key.check().is_err()) { Err(ControlError::Key) } else { Ok(()) }
}

/// A device's key is usable, and nobody else's.
fn new_device_key(state: &Membership, device: DeviceId, key: KemPublicKey) -> Result<(), ControlError> {
    let taken = state.devices.iter().any(|(other, known)| *other != device && known.key == key);
    if key.check().is_err() || taken || key == state.kit { Err(ControlError::Key) } else { Ok(()) }
}

impl Membership {
    /// The device whose open log `key` signs, and the entry that gave the log its place.
    fn member(&self, key: SigningPublicKey) -> Option<(DeviceId, Hash)> {
        let log = self.logs.get(&self.open_log_of_key(key)?)?;
        Some((log.device, log.entry))
    }

    fn current_key(&self, device: DeviceId) -> Option<KemPublicKey> {
        self.devices.get(&device).filter(|_| self.is_current(device)).map(|state| state.key)
    }

    fn slot_rules<'a>(&'a self, cost: KdfCost, device_key: &'a dyn Fn(DeviceId) -> Option<KemPublicKey>) -> SlotRules<'a> {
        SlotRules { vault: self.vault, salt: self.salt, cost, kit: self.kit, epochs: &self.newest, device_key }
    }
}
