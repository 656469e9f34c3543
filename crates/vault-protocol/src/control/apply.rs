//! What one counting entry changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    ControlBody, Cut, DeviceState, EpochState, Genesis, LiveSlot, LogState, LogStatus, Membership, Removed, SlotRecord,
    graph::{Actor, Graph, Node},
};
use crate::{DeviceId, EpochId, Hash, LogId, SigningPublicKey, VaultId};

impl Membership {
    /// The state after the genesis alone.
    pub(super) fn at_genesis(vault: VaultId, hash: Hash, genesis: &Genesis, graph: &Graph) -> Self {
        let mut state = Self {
            heads: vec![hash],
            vault,
            did: genesis.did,
            salt: genesis.salt,
            cost: genesis.cost,
            floor: genesis.floor,
            owner_key: genesis.owner_key,
            kit: genesis.kit,
            bootstrap: None,
            epochs: BTreeMap::new(),
            newest: Vec::new(),
            devices: BTreeMap::new(),
            logs: BTreeMap::new(),
            removed: BTreeSet::new(),
            cuts: BTreeMap::new(),
            slots: Vec::new(),
            void: BTreeSet::new(),
            conflict: None,
        };
        state.devices.insert(genesis.device, DeviceState { key: genesis.device_key, logs: Vec::new() });
        state.begin_log(hash, genesis.device, genesis.log, genesis.log_key);
        state.begin_epoch(hash, genesis.epoch, genesis.enrol_key, &genesis.keyring, graph);
        state.take_slots(hash, &genesis.slots, graph);
        state
    }

    /// Applies an entry that counts.
    pub(super) fn apply(&mut self, node: &Node, graph: &Graph) {
        let hash = node.hash;
        match &node.entry.body {
            ControlBody::Genesis(genesis) => *self = Self::at_genesis(node.entry.vault, hash, genesis, graph),
            ControlBody::Enrol(enrol, _) => {
                let device = DeviceState { key: enrol.device_key, logs: Vec::new() };
                self.devices.entry(enrol.device).or_insert(device).key = enrol.device_key;
                self.begin_log(hash, enrol.device, enrol.log, enrol.log_key);
                self.take_slots(hash, &enrol.slots, graph);
            }
            ControlBody::Incarnation(incarnation, _) => {
                self.begin_log(hash, incarnation.device, incarnation.log, incarnation.log_key);
            }
            ControlBody::Epoch(epoch) => {
                self.begin_epoch(hash, epoch.epoch, epoch.enrol_key, &epoch.keyring, graph);
                epoch.removed.iter().for_each(|removed| self.remove(removed));
                if let Some(kit) = epoch.kit {
                    (self.kit, self.owner_key) = (kit.kit, kit.owner_key);
                }
                if let (Some(key), Actor::Member(device)) = (epoch.device_key, node.right.actor)
                    && let Some(state) = self.devices.get_mut(&device)
                {
                    state.key = key;
                }
                self.bootstrap = epoch.bootstrap;
                self.take_slots(hash, &epoch.slots, graph);
            }
            ControlBody::Slots(slots) => {
                let cost = self.cost.join(slots.cost);
                if cost != self.cost {
                    (self.cost, self.bootstrap) = (cost, None);
                }
                self.take_slots(hash, &slots.slots, graph);
            }
            ControlBody::Floor(floor) => self.floor = self.floor.join(*floor),
            ControlBody::Allow(allow) => self.bootstrap = allow.bootstrap,
            ControlBody::Retire(retire) => {
                let of_device = retire.device.and_then(|device| self.devices.get(&device)).map_or(&[][..], |state| &state.logs);
                for log in of_device.iter().copied().chain(retire.log) {
                    if let Some(state) = self.logs.get_mut(&log)
                        && state.status == LogStatus::Open
                        && graph.is_before(state.entry, hash)
                    {
                        state.status = LogStatus::Retired;
                    }
                }
            }
            ControlBody::Settle(_) => {}
        }
    }

    /// Notes an entry that does not count; a log that it would have begun is void unless another entry began it.
    pub(super) fn note_void(&mut self, node: &Node) {
        self.void.insert(node.hash);
        let (device, log, key) = match &node.entry.body {
            ControlBody::Enrol(enrol, _) => (enrol.device, enrol.log, enrol.log_key),
            ControlBody::Incarnation(incarnation, _) => (incarnation.device, incarnation.log, incarnation.log_key),
            ControlBody::Genesis(_)
            | ControlBody::Epoch(_)
            | ControlBody::Slots(_)
            | ControlBody::Floor(_)
            | ControlBody::Allow(_)
            | ControlBody::Retire(_)
            | ControlBody::Settle(_) => return,
        };
        self.logs.entry(log).or_insert(LogState { device, key, status: LogStatus::Void, entry: node.hash });
    }

    fn begin_log(&mut self, hash: Hash, device: DeviceId, log: LogId, key: SigningPublicKey) {
        let removed = self.removed.contains(&device);
        let status = if removed { LogStatus::Removed } else { LogStatus::Open };
        self.logs.insert(log, LogState { device, key, status, entry: hash });
        if removed {
            self.cuts.entry(log).or_insert(Cut { log, seq: 0, hash: Hash::ZERO });
        }
        if let Some(state) = self.devices.get_mut(&device)
            && let Err(at) = state.logs.binary_search(&log)
        {
            state.logs.insert(at, log);
        }
    }

    fn begin_epoch(&mut self, hash: Hash, epoch: EpochId, enrol_key: SigningPublicKey, keyring: &[u8], graph: &Graph) {
        let epochs = &self.epochs;
        self.newest.retain(|other| epochs.get(other).is_some_and(|state| !graph.is_before(state.entry, hash)));
        self.epochs.insert(epoch, EpochState { entry: hash, enrol_key, keyring: Arc::from(keyring) });
        self.newest.push(epoch);
        self.newest.sort_unstable();
        let newest = &self.newest;
        self.slots.retain(|slot| newest.contains(&slot.epoch));
    }

    /// A removed device stays removed; of two cut-offs the farther one holds, because a member signed that it has seen so much.
    fn remove(&mut self, removed: &Removed) {
        self.removed.insert(removed.device);
        for log in self.devices.get(&removed.device).map_or(&[][..], |state| &state.logs) {
            let cut = Cut { log: *log, seq: 0, hash: Hash::ZERO };
            self.cuts.entry(*log).or_insert(cut);
            if let Some(state) = self.logs.get_mut(log) {
                state.status = LogStatus::Removed;
            }
        }
        for cut in &removed.cuts {
            let known = self.cuts.entry(cut.log).or_insert(*cut);
            if (cut.seq, cut.hash) > (known.seq, known.hash) {
                *known = *cut;
            }
        }
        self.slots.retain(|slot| slot.record.device != removed.device);
    }

    fn take_slots(&mut self, hash: Hash, records: &[SlotRecord], graph: &Graph) {
        for record in records {
            // Verified entries hold nothing else.
            let Ok((sealed, _)) = record.headers() else { continue };
            if !self.newest.contains(&sealed.epoch) || self.removed.contains(&record.device) {
                continue;
            }
            let place = (sealed.epoch, sealed.kind, record.device);
            self.slots.retain(|slot| (slot.epoch, slot.kind, slot.record.device) != place || !graph.is_before(slot.entry, hash));
            self.slots.push(LiveSlot { epoch: sealed.epoch, kind: sealed.kind, record: record.clone(), entry: hash });
        }
    }
}
