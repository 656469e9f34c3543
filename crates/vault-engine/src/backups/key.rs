//! Opening a backup: by the open vault, by its own passphrase, or by two factors of its vault.

use vault_crypto::{
    kit,
    secret::{BackupKey, PasswordKey},
    vault::{Opened, UnlockError},
};
use vault_model::SecretText;
use vault_protocol::{DeviceId, control::Membership};

use super::LockedBackup;
use crate::{
    command::{BackupKeyInput, RequestId, SourceId},
    context::{Ctx, Step},
    engine::Engine,
    event::{BackupHeader, Event, Failure},
    factors::{self, Gathered, WantedKey},
    kits,
};

/// A backup whose key is at hand.
pub(super) struct OpenBackup {
    pub(super) locked: LockedBackup,
    pub(super) key: BackupKey,
    pub(super) by: OpenedBy,
}

/// What opened it.
pub(super) enum OpenedBy {
    /// The vault that is open now.
    OpenVault,
    /// The backup's own passphrase: the vault's keys are not at hand.
    Passphrase,
    /// Two factors (or the device alone, of a vault without a password).
    Factors(Box<TwoFactors>),
}

/// The vault's keys, and what this device's own slots are made of.
pub(super) struct TwoFactors {
    pub(super) opened: Opened,
    /// P, if the vault has a password.
    pub(super) password: Option<PasswordKey>,
    /// The member whose key is on this device: this device, as it was.
    pub(super) device: Option<DeviceId>,
}

/// What goes on with an open backup.
pub(super) type WithBackup = Box<dyn FnOnce(&mut Engine, OpenBackup, &mut Ctx<'_>) -> Result<Step, Failure>>;

impl Engine {
    pub(crate) fn inspect_backup(&mut self, request: RequestId, source: SourceId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let locked = LockedBackup::open(source, ctx)?;
        let vault = locked.file.vault();
        let is_here = self.devices.vault(vault)?.is_some();
        let has_passphrase = locked.file.passphrase().is_some();
        find_device(
            devices(locked.file.control().state()),
            Box::new(move |_, found, ctx| {
                let device_opens = found.is_some();
                ctx.emit(Event::BackupFound(request, BackupHeader { vault, is_here, has_passphrase, device_opens }));
                Ok(Step::Done)
            }),
        )
    }

    /// Opens a backup as asked.
    pub(super) fn open_backup(
        &mut self,
        source: SourceId,
        input: BackupKeyInput,
        ctx: &mut Ctx<'_>,
        then: WithBackup,
    ) -> Result<Step, Failure> {
        let locked = LockedBackup::open(source, ctx)?;
        match input {
            BackupKeyInput::OpenVault => {
                let key = locked.file.unseal(self.session()?.keys.opened())?;
                Step::next(move |engine, ctx| then(engine, OpenBackup { locked, key, by: OpenedBy::OpenVault }, ctx))
            }
            BackupKeyInput::Passphrase(passphrase) => {
                let (salt, cost) = locked.file.passphrase().ok_or(Failure::PassphraseRequired)?;
                factors::derive(passphrase, salt, cost, move |engine, key, ctx| {
                    let key = locked.file.unseal_with_passphrase(&key).map_err(|_| Failure::WrongPassword { wait_ms: 0 })?;
                    then(engine, OpenBackup { locked, key, by: OpenedBy::Passphrase }, ctx)
                })
            }
            BackupKeyInput::PasswordAndDevice(password) => {
                self.check_backup_delay(&locked, ctx)?;
                let members = locked.file.control().state().clone();
                find_device(
                    devices(&members),
                    Box::new(move |_, found, _| {
                        let (device, wanted) = found.ok_or(Failure::NoDeviceKey)?;
                        factors::gather(members, Some(wanted), None, password, by_factors(locked, Some(device), then))
                    }),
                )
            }
            BackupKeyInput::PasswordAndKit { password, kit } => {
                self.check_backup_delay(&locked, ctx)?;
                by_kit(locked, password, kit, ctx, then)
            }
        }
    }

    /// A backup of a vault that is here must not let passwords be tried faster than the vault itself.
    fn check_backup_delay(&self, locked: &LockedBackup, ctx: &Ctx<'_>) -> Result<(), Failure> {
        match self.devices.vault(locked.file.vault())? {
            Some(entry) => self.check_delay(&entry, ctx),
            None => Ok(()),
        }
    }
}

fn by_kit(
    locked: LockedBackup,
    password: SecretText,
    input: crate::command::KitInput,
    ctx: &mut Ctx<'_>,
    then: WithBackup,
) -> Result<Step, Failure> {
    kits::read(
        input,
        ctx,
        Box::new(move |_, kit, pin, _| {
            if let Some(pin) = pin
                && pin.vault() != locked.file.vault()
            {
                return Err(Failure::KitOfOtherVault);
            }
            let members = locked.file.control().state().clone();
            // A kit saved after the backup was made pins a later head: it is good all the same if the backup still knows it.
            kit::check_in_force(&kit, &members).map_err(|_| Failure::KitReplaced)?;
            factors::gather(members, None, Some(kit), password, by_factors(locked, None, then))
        }),
    )
}

fn by_factors(locked: LockedBackup, device: Option<DeviceId>, then: WithBackup) -> factors::WithFactors {
    Box::new(move |engine, gathered: Gathered, ctx| {
        let opened = match gathered.open(locked.file.control().state()) {
            Ok(opened) => opened,
            Err(UnlockError::RecordChanged) => return Err(Failure::BackupDamaged),
            Err(error) => {
                let vault = locked.file.vault();
                let is_here = engine.devices.vault(vault)?.is_some();
                return Err(if is_here { engine.refuse(vault, error, &gathered, ctx) } else { Failure::WrongPassword { wait_ms: 0 } });
            }
        };
        let key = locked.file.unseal(&opened)?;
        let by = OpenedBy::Factors(Box::new(TwoFactors { opened, password: gathered.password, device }));
        then(engine, OpenBackup { locked, key, by }, ctx)
    })
}

/// A member and its key.
type Member = (DeviceId, WantedKey);

fn devices(members: &Membership) -> Vec<Member> {
    members.current_devices().filter_map(|device| Some((device, WantedKey::of(members, device)?))).collect()
}

/// What goes on with the member whose key is here, if one's is.
type WithMember = Box<dyn FnOnce(&mut Engine, Option<Member>, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// The first of the members whose key is here. A key store that does not answer has none.
fn find_device(mut members: Vec<Member>, then: WithMember) -> Result<Step, Failure> {
    let Some((device, wanted)) = members.pop() else {
        return Step::next(move |engine, ctx| then(engine, None, ctx));
    };
    factors::fetch(wanted, move |engine, found, ctx| match found {
        Ok(Some(_)) => then(engine, Some((device, wanted)), ctx),
        Ok(None) | Err(_) => find_device(members, then),
    })
}
