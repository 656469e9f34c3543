//! Making, opening and deleting vaults; passwords.

use vault_crypto::{
    compose::{self, GenesisMade, NewVault},
    kdf, kit,
    secret::PasswordKey,
    vault::UnlockError,
};
use vault_model::SecretText;
use vault_protocol::{KdfCost, Salt, VaultId, control::ControlLog};
use vault_store::{Access, VaultEntry, VaultStore, folder};

use crate::{
    command::{KitInput, KitPartner},
    context::{Ctx, Step, Then},
    engine::Engine,
    event::{DeviceKeyPlace, Failure, LockReason},
    factors::{self, Gathered, MIN_CHARS_ALONE, WantedKey, WithFactors},
    kits,
    log::{
        body::{ControlHead, RULES_VERSION},
        replica::Replica,
    },
    rekey::{self, KitChange, Rekey, Strength},
    session::{Keys, load::Unlocked, local},
    sync::{PasswordLogin, derive_login},
    vaults::{self, LockedVault, checked_name},
};

impl Engine {
    pub(super) fn create_vault(&mut self, name: &str, password: Option<SecretText>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.create_vault_then(name, password, Box::new(|_, _| Ok(Step::Done)), ctx)
    }

    /// Makes a vault, opens it and goes on.
    pub(crate) fn create_vault_then(
        &mut self,
        name: &str,
        password: Option<SecretText>,
        then: Then,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let name = checked_name(name)?;
        if !ctx.host.is_writable() {
            return Err(Failure::ReadOnly);
        }
        if let Some(password) = &password {
            // The device key is also kept in a file until a kit is saved.
            factors::check_length(password, MIN_CHARS_ALONE)?;
        }
        self.lock(LockReason::Switched, ctx);
        let salt = compose::make_salt(&mut ctx.entropy())?;
        let started_ms = ctx.now_ms;
        let typed = password.as_ref().map(SecretText::duplicate);
        // The first run also measures this machine; a vault without a password is calibrated as well, for the one it will get.
        let probe = password.unwrap_or_else(|| "calibration".into());
        factors::derive(probe, salt, KdfCost::FLOOR, move |_, key, ctx| {
            let elapsed_ms = u32::try_from(ctx.now_ms.saturating_sub(started_ms)).unwrap_or(u32::MAX);
            let cost = match elapsed_ms {
                // A clock that stands still says nothing.
                0 => KdfCost::FLOOR,
                _ => kdf::calibrated(KdfCost::FLOOR, elapsed_ms),
            };
            match typed {
                None => make_vault(name, None, salt, cost, then, ctx),
                Some(_) if cost == KdfCost::FLOOR => make_vault(name, Some(key), salt, cost, then, ctx),
                Some(password) => {
                    factors::derive(password, salt, cost, move |_, key, ctx| make_vault(name, Some(key), salt, cost, then, ctx))
                }
            }
        })
    }

    pub(super) fn unlock(&mut self, vault: VaultId, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let entry = self.entry(vault)?;
        self.check_delay(&entry, ctx)?;
        self.lock(LockReason::Switched, ctx);
        let locked = LockedVault::open(entry, ctx)?;
        let members = locked.control.state().clone();
        let wanted = WantedKey::of(&members, locked.entry.device);
        factors::gather(
            members,
            wanted,
            None,
            password,
            Box::new(move |engine, gathered, ctx| match gathered.open(locked.control.state()) {
                Ok(opened) => {
                    let LockedVault { entry, store, control, lock } = locked;
                    let key_place = gathered.key_place(ctx);
                    engine.open_session(Unlocked { entry, store, control, opened, key_place, lock }, ctx)
                }
                Err(error) => Err(engine.refuse(vault, error, &gathered, ctx)),
            }),
        )
    }

    pub(super) fn unlock_with_kit(
        &mut self,
        vault: VaultId,
        input: KitInput,
        with: KitPartner,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let entry = self.entry(vault)?;
        self.check_delay(&entry, ctx)?;
        self.lock(LockReason::Switched, ctx);
        let locked = LockedVault::open(entry, ctx)?;
        kits::read(
            input,
            ctx,
            Box::new(move |_, kit, pin, _| {
                if let Some(pin) = pin {
                    kits::check_pin(&pin, &locked.control)?;
                }
                let members = locked.control.state().clone();
                kit::check_in_force(&kit, &members).map_err(|_| Failure::KitReplaced)?;
                let (wanted, password, new_password) = match with {
                    KitPartner::Device { new_password } => {
                        factors::check_length(&new_password, MIN_CHARS_ALONE)?;
                        let wanted = WantedKey::of(&members, locked.entry.device).ok_or(Failure::NoDeviceKey)?;
                        (Some(wanted), SecretText::default(), Some(new_password))
                    }
                    KitPartner::Password(password) => (None, password, None),
                };
                factors::gather(
                    members,
                    wanted,
                    Some(kit),
                    password,
                    Box::new(move |engine, gathered, ctx| {
                        let opened = match gathered.open(locked.control.state()) {
                            Ok(opened) => opened,
                            Err(UnlockError::NoSlot) if gathered.password.is_none() => return Err(Failure::NoDeviceKey),
                            Err(error) => return Err(engine.refuse(vault, error, &gathered, ctx)),
                        };
                        let LockedVault { entry, store, control, lock } = locked;
                        let (salt, cost) = (control.state().salt(), control.state().cost());
                        let unlocked = Unlocked { entry, store, control, opened, key_place: DeviceKeyPlace::None, lock };
                        match (new_password, gathered.password) {
                            (Some(password), _) => {
                                factors::derive(password, salt, cost, move |engine, key, ctx| use_kit(engine, unlocked, key, ctx))
                            }
                            (None, Some(key)) => use_kit(engine, unlocked, key, ctx),
                            (None, None) => Err(Failure::WrongPassword { wait_ms: 0 }),
                        }
                    }),
                )
            }),
        )
    }

    pub(super) fn change_password(&mut self, current: SecretText, new: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        let strength = session.check_new_password(&new)?;
        let members = session.control.state();
        let (salt, cost) = (members.salt(), members.cost());
        // It goes on with the new password: the old one opens nothing any more.
        let login_of = (session.password_login() != PasswordLogin::Off).then(|| (members.did(), new.duplicate()));
        let renew = move |_: &mut Engine, _, _: &mut Ctx<'_>| {
            factors::derive(new, salt, cost, move |engine, key, ctx| {
                let change = Rekey { password: Some(key), strength, kit: KitChange::Keep, removed: Vec::new(), login: None };
                let done: Then = Box::new(|engine, ctx| {
                    engine.session()?.tell_status(ctx);
                    Ok(Step::Done)
                });
                match login_of {
                    Some((did, new)) => derive_login(new, did, move |engine, login, ctx| {
                        rekey::rekey_with(engine, Rekey { login: Some(login), ..change }, done, ctx)
                    }),
                    None => rekey::rekey_with(engine, change, done, ctx),
                }
            })
        };
        self.prove_password(current, Box::new(renew), ctx)
    }

    /// Goes on with `then` once the open vault could be opened again: with its master password, or without one where it has none. A wrong
    /// one is counted.
    pub(crate) fn prove_password(&mut self, password: SecretText, then: WithFactors, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        let (vault, device) = (session.vault, session.device);
        let members = session.control.state().clone();
        self.check_delay(&self.entry(vault)?, ctx)?;
        let password = if vaults::has_password(&members) { password } else { SecretText::default() };
        let check = members.clone();
        let wanted = WantedKey::of(&members, device);
        let prove: WithFactors = Box::new(move |engine, gathered, ctx| match gathered.open(&check) {
            Ok(_) => then(engine, gathered, ctx),
            Err(error) => Err(engine.refuse(vault, error, &gathered, ctx)),
        });
        factors::gather(members, wanted, None, password, prove)
    }

    pub(super) fn delete_vault(&mut self, vault: VaultId, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let entry = self.entry(vault)?;
        self.check_delay(&entry, ctx)?;
        let locked = match &self.session {
            Some(session) if session.vault == vault => None,
            _ => match LockedVault::open(entry.clone(), ctx) {
                Ok(locked) => Some(locked),
                Err(Failure::InUse) => return Err(Failure::InUse),
                // What can't be opened any more needs no password to be removed.
                Err(_) => return self.remove_vault(&entry, None, ctx),
            },
        };
        let members = match (&locked, &self.session) {
            (Some(locked), _) => locked.control.state().clone(),
            (None, Some(session)) => session.control.state().clone(),
            (None, None) => return Err(Failure::NotFound),
        };
        let wanted = WantedKey::of(&members, entry.device);
        let check = members.clone();
        let has_password = vaults::has_password(&members);
        factors::gather(
            members,
            wanted,
            None,
            password,
            Box::new(move |engine, gathered, ctx| {
                if has_password && let Err(error) = gathered.open(&check) {
                    return Err(engine.refuse(vault, error, &gathered, ctx));
                }
                // Held until here: nobody else opens what is about to go.
                drop(locked);
                engine.remove_vault(&entry, wanted, ctx)
            }),
        )
    }

    /// Forgets a vault, then deletes its folders and this device's key: after a crash in between, files are left that nothing lists.
    fn remove_vault(&mut self, entry: &VaultEntry, key: Option<WantedKey>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        if self.session.as_ref().is_some_and(|session| session.vault == entry.vault) {
            self.lock(LockReason::Asked, ctx);
        }
        self.devices.remove(entry.vault)?;
        // A vault that was restored several times has as many folders.
        let of_vault = ctx.host.folders().into_iter().filter(|name| folder::vault_of(name).is_some_and(|(vault, _)| vault == entry.vault));
        let listed = [Some(entry.folder.clone()), entry.replaced_folder.clone()].into_iter().flatten();
        for name in of_vault.chain(listed) {
            ctx.host.delete_folder(&name)?;
        }
        if let Some(key) = key {
            self.delete_key(key, ctx);
        }
        self.list_vaults(ctx)
    }

    /// What a failed opening is called; a wrong password is counted.
    pub(crate) fn refuse(&mut self, vault: VaultId, error: UnlockError, gathered: &Gathered, ctx: &mut Ctx<'_>) -> Failure {
        match factors::unlock_failure(error, gathered) {
            Failure::WrongPassword { .. } => self.count_wrong_password(vault, ctx),
            failure => failure,
        }
    }
}

/// Opens the session, then replaces the kit in a new epoch; only then is the vault shown.
fn use_kit(engine: &mut Engine, unlocked: Unlocked, password: PasswordKey, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    if unlocked.store.access() != Access::Write {
        // A kit is used up by a new epoch, which can't be written here.
        return Err(Failure::ReadOnly);
    }
    let loading = engine.open_session_quietly(unlocked, ctx)?;
    rekey::rekey(
        engine,
        Some(password),
        Strength::Alone,
        KitChange::Replace,
        Box::new(move |engine, ctx| engine.show_session(loading, Box::new(|_, _| Ok(Step::Done)), ctx)),
        ctx,
    )
}

/// From the derived password to an open vault.
fn make_vault(
    name: String,
    password: Option<PasswordKey>,
    salt: Salt,
    cost: KdfCost,
    then: Then,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let new = NewVault { password: password.as_ref(), salt, cost, rules: RULES_VERSION as u32 };
    let made = compose::make_genesis(&new, &mut ctx.entropy())?;
    let GenesisMade { entry, opened, device, device_key, log, log_key, kit } = made;
    let vault = opened.vault();
    rekey::put_key(vault, device_key, false, move |engine, _, key_place, ctx| {
        let control = ControlLog::new(vault, entry).map_err(|_| Failure::NotAuthentic)?;
        let keys = Keys::new(opened);
        let replica = Replica::new(log, ControlHead::new(control.heads().iter().copied()));
        let kit_copy = kit::seal_copy(keys.opened(), &kit, &mut ctx.entropy())?;
        let log_seed = keys.seal_local(local::LOG_KEY, log_key.expose(), &mut ctx.entropy())?;
        let state = keys.seal_local(local::REPLICA, &replica.state().encode(), &mut ctx.entropy())?;
        let folder_name = folder::name(vault, 0);
        ctx.host.make_folder(&folder_name)?;
        let lock = ctx.host.lock_folder(&folder_name)?;
        let (mut store, _) = VaultStore::open(&folder::database(ctx.host.data_dir(), &folder_name), ctx.host.profile())?;
        store.write(|tx| {
            vaults::put_control(tx, &control)?;
            tx.put_local(local::KIT_COPY, &kit_copy)?;
            tx.put_local(local::LOG_KEY, &log_seed)?;
            tx.put_local(local::REPLICA, &state)
        })?;
        let entry = VaultEntry::new(vault, folder_name, name, device, log, ctx.now_ms);
        engine.devices.add(&entry)?;
        let unlocked = Unlocked { entry, store, control, opened: keys.into_opened(), key_place, lock };
        let loading = engine.move_in(unlocked, ctx)?;
        engine.show_session(loading, then, ctx)
    })
}
