//! What a fold of the control log says: who belongs to the vault, under which keys and floors.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Cut, Floor, KdfCost, SlotRecord};
use crate::{DeviceId, EpochId, Hash, KemPublicKey, Kind, LogId, Salt, SigningPublicKey, VaultId};

/// The state of a vault's control log at some heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub(super) heads: Vec<Hash>,
    pub(super) vault: VaultId,
    pub(super) did: SigningPublicKey,
    pub(super) salt: Salt,
    pub(super) cost: KdfCost,
    pub(super) floor: Floor,
    pub(super) owner_key: SigningPublicKey,
    pub(super) kit: KemPublicKey,
    pub(super) bootstrap: Option<Hash>,
    pub(super) epochs: BTreeMap<EpochId, EpochState>,
    pub(super) newest: Vec<EpochId>,
    pub(super) devices: BTreeMap<DeviceId, DeviceState>,
    pub(super) logs: BTreeMap<LogId, LogState>,
    pub(super) removed: BTreeSet<DeviceId>,
    pub(super) cuts: BTreeMap<LogId, Cut>,
    pub(super) slots: Vec<LiveSlot>,
    pub(super) void: BTreeSet<Hash>,
    pub(super) conflict: Option<Conflict>,
}

/// A generation of the root key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochState {
    /// The entry that made it.
    pub entry: Hash,
    /// Public half of its enrol key.
    pub enrol_key: SigningPublicKey,
    /// Its keyring, a sealed message.
    pub keyring: Arc<[u8]>,
}

/// A device that was ever given a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// Its present `D.pub`.
    pub key: KemPublicKey,
    /// Its logs, in ascending order.
    pub logs: Vec<LogId>,
}

/// A log that was ever given a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogState {
    /// Whose it is.
    pub device: DeviceId,
    /// The key that signs its entries.
    pub key: SigningPublicKey,
    /// Whether it may go on.
    pub status: LogStatus,
    /// The control entry that gave it its place.
    pub(super) entry: Hash,
}

/// Whether a log may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogStatus {
    /// Of a current device.
    Open,
    /// Set aside; what it wrote stays.
    Retired,
    /// Of a removed device; [`Membership::cutoff`] says how far it counts (LD05).
    Removed,
    /// Its enrolment became void: nothing of it counts.
    Void,
}

/// A slot that opens an epoch's root key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSlot {
    /// The epoch.
    pub epoch: EpochId,
    /// The set of factors.
    pub kind: Kind,
    /// The slot as it stands in the control entry.
    pub record: SlotRecord,
    /// The control entry.
    pub entry: Hash,
}

/// Removals that contradict each other; sync waits until the owner key has settled them (LD06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The entries that cannot all stand, in ascending order.
    pub entries: Vec<Hash>,
    /// The owner key in force before the fork: only this one may settle.
    pub owner_key: SigningPublicKey,
    /// The heads before the fork, ascending.
    pub base: Vec<Hash>,
}

impl Membership {
    /// The control head at which this state holds, ascending.
    pub fn heads(&self) -> &[Hash] {
        &self.heads
    }

    /// The vault.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The vault's name (Vault Key DID).
    pub fn did(&self) -> SigningPublicKey {
        self.did
    }

    /// Salt of the master password.
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// Cost of the master password's derivation in force.
    pub fn cost(&self) -> KdfCost {
        self.cost
    }

    /// Least format and rules version.
    pub fn floor(&self) -> Floor {
        self.floor
    }

    /// Owner key in force.
    pub fn owner_key(&self) -> SigningPublicKey {
        self.owner_key
    }

    /// `R.pub` in force.
    pub fn kit(&self) -> KemPublicKey {
        self.kit
    }

    /// SHA-256 of the bootstrap record while "address + password" is on.
    pub fn bootstrap(&self) -> Option<Hash> {
        self.bootstrap
    }

    /// Every epoch that counts.
    pub fn epochs(&self) -> &BTreeMap<EpochId, EpochState> {
        &self.epochs
    }

    /// The epochs that no other follows, ascending: more than one until a joining epoch is written.
    pub fn newest_epochs(&self) -> &[EpochId] {
        &self.newest
    }

    /// The newest epoch, if there is just one.
    pub fn newest_epoch(&self) -> Option<EpochId> {
        match self.newest[..] {
            [epoch] => Some(epoch),
            _ => None,
        }
    }

    /// Every device that was ever given a place and whose enrolment counts.
    pub fn devices(&self) -> &BTreeMap<DeviceId, DeviceState> {
        &self.devices
    }

    /// The current devices: not removed, with at least one open log.
    pub fn current_devices(&self) -> impl Iterator<Item = DeviceId> + '_ {
        self.devices.keys().copied().filter(|device| self.is_current(*device))
    }

    /// Whether a device is current.
    pub fn is_current(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|state| state.logs.iter().any(|log| self.is_open_log(*log)))
    }

    /// Whether a device was removed. It never returns under this id.
    pub fn is_removed(&self, device: DeviceId) -> bool {
        self.removed.contains(&device)
    }

    /// Every log that was ever given a place, with those whose enrolment became void.
    pub fn logs(&self) -> &BTreeMap<LogId, LogState> {
        &self.logs
    }

    /// The open logs of current devices.
    pub fn open_logs(&self) -> impl Iterator<Item = LogId> + '_ {
        self.logs.iter().filter(|(_, state)| state.status == LogStatus::Open).map(|(log, _)| *log)
    }

    /// Whether `log` is an open log of a current device.
    pub fn is_open_log(&self, log: LogId) -> bool {
        self.logs.get(&log).is_some_and(|state| state.status == LogStatus::Open)
    }

    /// The key that signs the entries of `log`, whatever its status.
    pub fn log_key(&self, log: LogId) -> Option<SigningPublicKey> {
        self.logs.get(&log).map(|state| state.key)
    }

    /// The open log that `key` signs.
    pub fn open_log_of_key(&self, key: SigningPublicKey) -> Option<LogId> {
        self.logs.iter().find(|(_, state)| state.key == key && state.status == LogStatus::Open).map(|(log, _)| *log)
    }

    /// How far the log of a removed device counts by itself (LD05); `None` if it was not removed. A log that the removal did not name counts
    /// up to entry 0, that is not at all.
    pub fn cutoff(&self, log: LogId) -> Option<Cut> {
        self.cuts.get(&log).copied()
    }

    /// The slots that open the newest epochs.
    pub fn live_slots(&self) -> &[LiveSlot] {
        &self.slots
    }

    /// Entries that do not count, by hash.
    pub fn void_entries(&self) -> &BTreeSet<Hash> {
        &self.void
    }

    /// What must be settled before sync goes on (LD06). While there is something, the rest of this state is that before the fork.
    pub fn conflict(&self) -> Option<&Conflict> {
        self.conflict.as_ref()
    }
}
