//! Opening a backup: by the open vault, by its own passphrase, or by two factors of its vault.

use vault_crypto::{
    kit,
    secret::{BackupKey, PasswordKey},
    vault::{Opened, UnlockError},
};
use vault_model::SecretText;
use vault_protocol::control::Membership;

use super::LockedBackup;
use crate::{
    command::{BackupKeyInput, RequestId, SourceId},
    context::{Ctx, Step},
    effect::KeyName,
    engine::Engine,
    event::{BackupHeader, Event, Failure},
    factors::{self, Gathered},
    kits,
    vaults::key_name,
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
    /// Two factors: the vault's keys, and P for this device's own slots.
    Factors(Box<Opened>, PasswordKey),
}

/// What goes on with an open backup.
pub(super) type WithBackup = Box<dyn FnOnce(&mut Engine, OpenBackup, &mut Ctx<'_>) -> Result<Step, Failure>>;

impl Engine {
    pub(crate) fn inspect_backup(&mut self, request: RequestId, source: SourceId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let locked = LockedBackup::open(source, ctx)?;
        let vault = locked.file.vault();
        let is_here = self.devices.vault(vault)?.is_some();
        let has_passphrase = locked.file.passphrase().is_some();
        find_device(device_names(locked.file.control().state()), move |_, found, ctx| {
            let device_opens = found.is_some();
            ctx.emit(Event::BackupFound(request, BackupHeader { vault, is_here, has_passphrase, device_opens }));
            Ok(Step::Done)
        })
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
            BackupKeyInput::PasswordAndDevice(password) => find_device(device_names(locked.file.control().state()), move |_, found, _| {
                let found = found.ok_or(Failure::NoDeviceKey)?;
                let members = locked.file.control().state().clone();
                factors::gather(members, Some(found), None, password, by_factors(locked, then))
            }),
            BackupKeyInput::PasswordAndKit { password, kit } => by_kit(locked, password, kit, ctx, then),
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
            factors::gather(members, None, Some(kit), password, by_factors(locked, then))
        }),
    )
}

fn by_factors(locked: LockedBackup, then: WithBackup) -> factors::WithFactors {
    Box::new(move |engine, gathered: Gathered, ctx| {
        let opened = gathered.open(locked.file.control().state()).map_err(|error| match error {
            UnlockError::RecordChanged => Failure::BackupDamaged,
            _ => Failure::WrongPassword { wait_ms: 0 },
        })?;
        let key = locked.file.unseal(&opened)?;
        let password = gathered.password.ok_or(Failure::WrongPassword { wait_ms: 0 })?;
        then(engine, OpenBackup { locked, key, by: OpenedBy::Factors(Box::new(opened), password) }, ctx)
    })
}

/// The names under which members' keys would be kept on this device.
fn device_names(members: &Membership) -> Vec<KeyName> {
    members.current_devices().filter_map(|device| Some(key_name(members.vault(), members.devices().get(&device)?.key))).collect()
}

/// The first of the names whose key is here. A key store that does not answer has none.
fn find_device(
    mut names: Vec<KeyName>,
    then: impl FnOnce(&mut Engine, Option<KeyName>, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    let Some(name) = names.pop() else {
        return Step::next(move |engine, ctx| then(engine, None, ctx));
    };
    factors::fetch(name.clone(), move |engine, found, ctx| match found {
        Ok(Some(_)) => then(engine, Some(name), ctx),
        Ok(None) | Err(_) => boxed_find(names, Box::new(then)),
    })
}

type Then = Box<dyn FnOnce(&mut Engine, Option<KeyName>, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// [`find_device`] over the rest: boxed, so that the recursion has one type.
fn boxed_find(names: Vec<KeyName>, then: Then) -> Result<Step, Failure> {
    find_device(names, then)
}
