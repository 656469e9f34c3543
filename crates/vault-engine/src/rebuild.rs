//! The device index made anew from the vaults' folders, where it is damaged or missing.
//!
//! | what the index alone knew | where it comes from now |
//! |---|---|
//! | which folder of a vault is the live one | the newest that was ever opened here: [`Place`] says so, or an entry of its own |
//! | device and log | [`Place`]; else the control log, and the names of the key files |
//! | name | sealed in the folder, known again at the next opening ([`neutral_name`] until then) |
//! | delay after wrong passwords | the free attempts count as used up |
//! | continuity record | none: that an old copy was put back is then noticed at first contact with another replica (LD07, MS16) |
//!
//! Rows of the damaged file that can still be read, and name a folder that is there, are taken over as they are.

use std::collections::BTreeMap;

use vault_model::check::Day;
use vault_protocol::{DeviceId, LogId, VaultId, control::Membership};
use vault_store::{Delay, DeviceIndex, StoreError, VaultEntry, VaultStore, folder};

use crate::{
    effect::{Host, KeyName},
    event::{Failure, Notice},
    factors::WantedKey,
    place::{Place, neutral_name},
    session::local,
    vaults::{FREE_ATTEMPTS, read_control},
};

/// The single-writer lock under which the index is made anew.
const LOCK: &str = "index";

/// Opens the device index, for reading only where the medium asks for it. Says so if it had to be made anew; a damaged one is put aside, never
/// deleted.
pub(crate) fn open_device_index(host: &mut dyn Host, now_ms: u64) -> Result<(DeviceIndex, Option<Notice>), Failure> {
    match open_sound(host) {
        Ok(index) if !is_lost(&index, host)? => return Ok((index, None)),
        Ok(_) | Err(StoreError::Damaged(_) | StoreError::NotOurs) => {}
        Err(StoreError::Unavailable(_)) if !host.is_writable() && !host.folders().is_empty() => {}
        Err(error) => return Err(error.into()),
    }
    if !host.is_writable() {
        let known = DeviceIndex::salvage(&folder::device_index(host.data_dir()));
        let index = DeviceIndex::open(":memory:".as_ref(), host.profile())?;
        return fill(index, known, host).map_err(Failure::from);
    }
    let _lock = host.lock_folder(LOCK)?;
    // Another process may have been faster.
    let known = match open_sound(host) {
        Ok(index) if !is_lost(&index, host)? => return Ok((index, None)),
        Ok(_) => Vec::new(),
        Err(StoreError::Damaged(_) | StoreError::NotOurs) => {
            let known = DeviceIndex::salvage(&folder::device_index(host.data_dir()));
            host.set_index_aside(&format!("damaged-{}", Day::of_unix_ms(now_ms)))?;
            known
        }
        Err(error) => return Err(error.into()),
    };
    let index = DeviceIndex::open(&folder::device_index(host.data_dir()), host.profile())?;
    Ok(fill(index, known, host)?)
}

/// Opens the index and reads all of it.
fn open_sound(host: &dyn Host) -> Result<DeviceIndex, StoreError> {
    let path = folder::device_index(host.data_dir());
    let index = match host.is_writable() {
        true => DeviceIndex::open(&path, host.profile())?,
        false => DeviceIndex::open_read_only(&path)?,
    };
    index.check()?;
    index.vaults()?;
    Ok(index)
}

/// An index that lists nothing although there are vaults is as good as missing. A vault whose deletion was cut short comes back by this, too,
/// and can be deleted to its end.
fn is_lost(index: &DeviceIndex, host: &dyn Host) -> Result<bool, StoreError> {
    Ok(index.vaults()?.is_empty()
        && index.access() == vault_store::Access::Write
        && host.folders().iter().any(|name| inspect(name, host).is_some()))
}

fn fill(mut index: DeviceIndex, known: Vec<VaultEntry>, host: &dyn Host) -> Result<(DeviceIndex, Option<Notice>), StoreError> {
    let entries = entries(known, host);
    index.add_all(&entries)?;
    Ok((index, Some(Notice::ListRebuilt(entries.len() as u64))))
}

/// One entry for every vault that has a folder here.
fn entries(known: Vec<VaultEntry>, host: &dyn Host) -> Vec<VaultEntry> {
    let mut folders: BTreeMap<VaultId, Vec<Found>> = BTreeMap::new();
    for found in host.folders().iter().filter_map(|name| inspect(name, host)) {
        folders.entry(found.entry.vault).or_default().push(found);
    }
    let chosen = folders.into_values().filter_map(|mut of_vault| {
        of_vault.sort_by_key(|found| found.rank);
        let live = of_vault.pop()?;
        let is_here = |entry: &&VaultEntry| {
            entry.vault == live.entry.vault
                && (entry.folder == live.entry.folder || of_vault.iter().any(|found| found.entry.folder == entry.folder))
        };
        if let Some(known) = known.iter().find(is_here) {
            return Some(known.clone());
        }
        let replaced_folder = of_vault.pop().map(|found| found.entry.folder);
        Some(VaultEntry { replaced_folder, ..live.entry })
    });
    chosen.collect()
}

/// A folder, and how much speaks for its being the live one of its vault.
struct Found {
    entry: VaultEntry,
    rank: Rank,
}

/// Compared in the order of its fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Named by this program, not copied by hand.
    is_ours: bool,
    /// Opened here at least once: a restore that was cut short before its last step was not. What can't be read is given the doubt, lest an
    /// older state be shown as if it were the newest.
    was_live: bool,
    /// A restore takes the next number.
    generation: u32,
    since_ms: u64,
}

/// What a folder is; `None` if it is no vault's, or one that was never finished.
fn inspect(name: &str, host: &dyn Host) -> Option<Found> {
    let path = folder::database(host.data_dir(), name);
    let named = folder::vault_of(name);
    let read = VaultStore::open_read_only(&path).and_then(|store| read(&store, host)).or_else(|error| match error {
        StoreError::Damaged(_) => {
            vault_store::salvage(&path, ":memory:".as_ref(), host.profile()).and_then(|(store, _)| read(&store, host))
        }
        error => Err(error),
    });
    let (vault, place, was_live) = match (read, named) {
        (Ok(Inside::Vault { vault, place, was_live }), _) => (vault, place, was_live),
        (Ok(Inside::Unfinished), _) => return None,
        // It is listed, and says what is wrong with it when it is opened.
        (Ok(Inside::Unreadable) | Err(_), Some((vault, _))) => {
            (vault, Place { device: DeviceId([0; DeviceId::LEN]), log: LogId([0; LogId::LEN]), since_ms: 0 }, true)
        }
        (Ok(Inside::Unreadable) | Err(_), None) => return None,
    };
    let generation = named.filter(|(of, _)| *of == vault).map(|(_, generation)| generation);
    let entry = VaultEntry {
        delay: Delay { failed_attempts: FREE_ATTEMPTS, not_before_ms: 0 },
        ..VaultEntry::new(vault, name.to_owned(), neutral_name(vault), place.device, place.log, place.since_ms)
    };
    let rank = Rank { is_ours: generation.is_some(), was_live, generation: generation.unwrap_or(0), since_ms: place.since_ms };
    Some(Found { entry, rank })
}

enum Inside {
    Vault {
        vault: VaultId,
        place: Place,
        was_live: bool,
    },
    /// A vault's beginnings: a creation or restore that was cut short.
    Unfinished,
    /// A control log that is not as signed, or names no device.
    Unreadable,
}

fn read(store: &VaultStore, host: &dyn Host) -> Result<Inside, StoreError> {
    let stored = store.read();
    if stored.n_control()? == 0 || stored.local(local::REPLICA)?.is_none() || stored.local(local::LOG_KEY)?.is_none() {
        return Ok(if store.access() == vault_store::Access::Read(vault_store::ReadOnly::Salvage) {
            Inside::Unreadable
        } else {
            Inside::Unfinished
        });
    }
    let mut vault = None;
    stored.each_control(|record| {
        vault = vault.or(vault_protocol::control::ControlEntry::parse(record.bytes).ok().map(|entry| entry.vault));
        Ok::<(), StoreError>(())
    })?;
    let Some(vault) = vault else { return Ok(Inside::Unreadable) };
    let Ok(control) = read_control(store, vault) else { return Ok(Inside::Unreadable) };
    let members = control.state();
    let noted = Place::read(stored)?.filter(|place| members.logs().get(&place.log).is_some_and(|log| log.device == place.device));
    let Some(place) = noted.or_else(|| guess(members, &host.key_files())) else { return Ok(Inside::Unreadable) };
    Ok(Inside::Vault { vault, place, was_live: noted.is_some() || !stored.logs()?.iter().all(|log| log.first_seq > log.head.seq) })
}

/// Which device this is, without a record: the one whose key lies here, else the only one, else the last that was enrolled.
fn guess(members: &Membership, key_files: &[KeyName]) -> Option<Place> {
    let has_key = |device: &DeviceId| WantedKey::of(members, *device).is_some_and(|key| key_files.contains(&key.name()));
    let open = || members.open_logs().filter_map(|log| Some((log, members.logs().get(&log)?.device)));
    let newest = || open().filter(|(_, device)| members.is_current(*device));
    let found = newest().find(|(_, device)| has_key(device)).or_else(|| newest().last());
    found.map(|(log, device)| Place { device, log, since_ms: 0 })
}
