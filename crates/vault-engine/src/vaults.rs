//! The vaults of this device: what the picker shows, and how a locked one is opened up to its verified control log.

use std::any::Any;

use vault_protocol::{
    Kind, VaultId,
    control::{ControlEntry, ControlLog, Membership},
};
use vault_store::{ControlRecord, Delay, StoreError, VaultEntry, VaultStore, folder};

use crate::{
    context::{Ctx, Step},
    engine::Engine,
    event::{Event, Failure, InvalidWhat},
};

/// Wrong passwords that cost nothing: typing slips.
pub(crate) const FREE_ATTEMPTS: u32 = 2;
/// Longest delay after wrong passwords.
const MAX_DELAY_MS: u64 = 300_000;
/// Longest display name, in characters.
const MAX_NAME_CHARS: usize = 100;

/// Whether the newest epoch has a master password.
pub(crate) fn has_password(members: &Membership) -> bool {
    !members.live_slots().iter().any(|slot| slot.kind == Kind::SlotD)
}

/// A vault opened up to its control log, which is verified; nothing secret is at hand.
pub(crate) struct LockedVault {
    pub(crate) entry: VaultEntry,
    pub(crate) store: VaultStore,
    pub(crate) control: ControlLog,
    pub(crate) lock: Box<dyn Any>,
}

impl LockedVault {
    /// Takes the writer's lock, opens the database and verifies the control log.
    pub(crate) fn open(entry: VaultEntry, ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        let path = folder::database(ctx.host.data_dir(), &entry.folder);
        if !ctx.host.is_writable() {
            let store = VaultStore::open_read_only(&path)?;
            let control = read_control(&store, entry.vault)?;
            return Ok(Self { entry, store, control, lock: Box::new(()) });
        }
        let lock = ctx.host.lock_folder(&entry.folder)?;
        let store = match VaultStore::open(&path, ctx.host.profile()) {
            Ok((store, _)) => store,
            Err(StoreError::Damaged(_)) => salvage(&entry.folder, ctx)?,
            Err(error) => return Err(error.into()),
        };
        let control = read_control(&store, entry.vault)?;
        Ok(Self { entry, store, control, lock })
    }
}

/// A folder for a vault that is built beside whatever is there.
pub(crate) struct NewFolder {
    pub(crate) name: String,
    pub(crate) store: VaultStore,
    pub(crate) lock: Box<dyn Any>,
}

impl NewFolder {
    /// Takes the first name that is free: whatever is on disk, listed or not, stays as it is.
    pub(crate) fn make(vault: VaultId, ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        let free = (0..).map(|generation| folder::name(vault, generation)).find(|name| !ctx.host.has_folder(name));
        let name = free.ok_or(Failure::Io)?;
        ctx.host.make_folder(&name)?;
        let lock = ctx.host.lock_folder(&name)?;
        let (store, _) = VaultStore::open(&folder::database(ctx.host.data_dir(), &name), ctx.host.profile())?;
        Ok(Self { name, store, lock })
    }
}

/// What can be read of a damaged database, in memory: shown and exported, never written to (MF12).
pub(crate) fn salvage(folder: &str, ctx: &Ctx<'_>) -> Result<VaultStore, Failure> {
    let path = folder::database(ctx.host.data_dir(), folder);
    Ok(vault_store::salvage(&path, ":memory:".as_ref(), ctx.host.profile())?.0)
}

/// Stores a whole control log.
pub(crate) fn put_control(tx: &vault_store::Write<'_>, log: &ControlLog) -> Result<(), StoreError> {
    log.entries()
        .try_for_each(|(hash, entry)| tx.put_control(ControlRecord { hash, number: entry.number, bytes: &entry.encode() }).map(drop))
}

/// Reads and verifies the whole control log of a store.
pub(crate) fn read_control(store: &VaultStore, vault: VaultId) -> Result<ControlLog, Failure> {
    let mut log: Option<ControlLog> = None;
    store.read().each_control(|record| {
        let entry = ControlEntry::parse(record.bytes).map_err(|_| Failure::NotAuthentic)?;
        match &mut log {
            None => log = Some(ControlLog::new(vault, entry).map_err(|_| Failure::NotAuthentic)?),
            Some(log) => log.append(entry).map_err(|_| Failure::NotAuthentic).map(drop)?,
        }
        Ok::<(), Failure>(())
    })?;
    log.ok_or(Failure::Damaged)
}

impl Engine {
    /// Sends the list of vaults, and with the first what opening the data folder brought up.
    pub(crate) fn list_vaults(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let entries = self.devices.vaults()?;
        let vaults = entries.into_iter().map(|entry| picker_entry(entry, ctx)).collect();
        ctx.emit(Event::Vaults(vaults));
        std::mem::take(&mut self.notices).into_iter().for_each(|notice| ctx.emit(Event::Notice(notice)));
        Ok(Step::Done)
    }

    /// The entry of a vault of this device.
    pub(crate) fn entry(&self, vault: VaultId) -> Result<VaultEntry, Failure> {
        self.devices.vault(vault)?.ok_or(Failure::NotFound)
    }

    /// Refuses attempts that come too early.
    pub(crate) fn check_delay(&self, entry: &VaultEntry, ctx: &Ctx<'_>) -> Result<(), Failure> {
        match entry.delay.not_before_ms.saturating_sub(ctx.now_ms).min(MAX_DELAY_MS) {
            0 => Ok(()),
            wait_ms => Err(Failure::TooEarly { wait_ms }),
        }
    }

    /// Counts a wrong password; says how long to wait.
    pub(crate) fn count_wrong_password(&mut self, vault: VaultId, ctx: &Ctx<'_>) -> Failure {
        let Ok(entry) = self.entry(vault) else { return Failure::NotFound };
        let failed_attempts = entry.delay.failed_attempts.saturating_add(1);
        let wait_ms = match failed_attempts.saturating_sub(FREE_ATTEMPTS) {
            0 => 0,
            n => (1000_u64 << (n - 1).min(20)).min(MAX_DELAY_MS),
        };
        let delay = Delay { failed_attempts, not_before_ms: ctx.now_ms + wait_ms };
        match self.devices.set_delay(vault, delay) {
            // Where nothing can be written the delay is told and not kept.
            Ok(()) | Err(StoreError::ReadOnly(_) | StoreError::TooNew { .. }) => Failure::WrongPassword { wait_ms },
            Err(error) => error.into(),
        }
    }

    /// Gives a vault another display name.
    pub(crate) fn rename_vault(&mut self, vault: VaultId, name: &str, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let name = checked_name(name)?;
        self.entry(vault)?;
        self.devices.rename(vault, &name)?;
        if let Some(session) = self.session.as_mut().filter(|session| session.vault == vault) {
            session.name = name;
            session.tell_status(ctx);
            self.note_place(ctx)?;
        }
        self.list_vaults(ctx)
    }
}

/// A display name without space around it.
pub(crate) fn checked_name(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    match name.chars().count() {
        1..=MAX_NAME_CHARS => Ok(name.to_owned()),
        _ => Err(Failure::Invalid(InvalidWhat::VaultName)),
    }
}

fn picker_entry(entry: VaultEntry, ctx: &Ctx<'_>) -> crate::event::VaultEntry {
    let path = folder::database(ctx.host.data_dir(), &entry.folder);
    let control = VaultStore::open_read_only(&path).map_err(Failure::from).and_then(|store| read_control(&store, entry.vault));
    let members = control.as_ref().ok().map(ControlLog::state);
    crate::event::VaultEntry {
        vault: entry.vault,
        name: entry.name,
        last_opened_ms: entry.last_opened_ms,
        // A vault that can't be read says why when it is opened.
        has_password: members.is_none_or(has_password),
        has_device_key: members.is_none_or(|members| members.is_current(entry.device)),
        not_before_ms: entry.delay.not_before_ms,
        failed_attempts: entry.delay.failed_attempts,
    }
}
