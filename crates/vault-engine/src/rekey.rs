//! A new epoch of the open vault: first password, password change, kit use, removal of a device, joining of concurrent epochs. All slots
//! are rewritten, this device takes a fresh key.

use vault_crypto::{
    compose::{self, NewEpoch},
    kit,
    secret::{DeviceSecret, LoginKey, PasswordKey, RecoverySecret},
};
use vault_protocol::{DeviceId, LogId, VaultId, control::ControlEntry};
use vault_store::ControlRecord;
use zeroize::Zeroizing;

use crate::{
    context::{Ctx, Step, Then},
    effect::{Effect, KeyName, KeyPlace, Reply},
    engine::Engine,
    event::{DeviceKeyPlace, Failure},
    factors::{self, MIN_CHARS_ALONE, WantedKey},
    log::{body::ControlHead, replica::Replica},
    members::previous_key_name,
    session::{Keys, local},
};

/// Whether the kit is replaced with the epoch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KitChange {
    /// It stays in force.
    Keep,
    /// A new one is made; it has to be saved and checked anew.
    Replace,
}

/// Whether the password may stand alone, should the device key end up on the same disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Long enough for that, or in force already.
    Alone,
    /// Only beside a key store.
    Beside,
}

/// What a new epoch changes besides the root key.
pub(crate) struct Rekey {
    /// P of the password just typed; `None` only while there is none.
    pub(crate) password: Option<PasswordKey>,
    pub(crate) strength: Strength,
    pub(crate) kit: KitChange,
    /// Devices that lose their place.
    pub(crate) removed: Vec<DeviceId>,
    /// The login key of that password, if "address + password" goes on with it; `None` ends it.
    pub(crate) login: Option<LoginKey>,
}

/// Makes a new epoch of the open vault under the password just typed (`None` only while there is none).
pub(crate) fn rekey(
    engine: &mut Engine,
    password: Option<PasswordKey>,
    strength: Strength,
    kit: KitChange,
    then: Then,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    rekey_with(engine, Rekey { password, strength, kit, removed: Vec::new(), login: None }, then, ctx)
}

/// As [`rekey`], with all that may change.
pub(crate) fn rekey_with(engine: &mut Engine, change: Rekey, then: Then, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    let session = engine.session()?;
    session.check_writable()?;
    let members = session.control.state();
    let present = WantedKey::of(members, session.device).filter(|_| members.current_devices().count() > 1);
    match present {
        // Another device may write an epoch at the same time, with a slot for the key so far.
        Some(present) => factors::fetch(present, move |engine, found, ctx| {
            let previous = found.ok().flatten().map(|(key, _)| key);
            take_fresh_key(engine, change, previous, then, ctx)
        }),
        None => take_fresh_key(engine, change, None, then, ctx),
    }
}

fn take_fresh_key(
    engine: &mut Engine,
    change: Rekey,
    previous: Option<DeviceSecret>,
    then: Then,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let session = engine.session()?;
    let kit_saved = session.kit_saved && change.kit == KitChange::Keep;
    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
    put_key(session.vault, device_key, kit_saved, move |engine, device_key, place, ctx| {
        if place == DeviceKeyPlace::SameDisk && change.strength == Strength::Beside {
            // Nothing names this key yet.
            let unused = WantedKey { vault: engine.session()?.vault, public: device_key.public() };
            engine.delete_key(unused, ctx);
            return Err(Failure::PasswordTooWeak { min_chars: MIN_CHARS_ALONE });
        }
        write_epoch(engine, &change, &device_key, previous.as_ref(), place, ctx)?;
        then(engine, ctx)
    })
}

/// Stores a device key: in the key store if there is one, and in a file as long as no kit is saved or where there is no key store, so that
/// losing a key store never loses the vault.
pub(crate) fn put_key(
    vault: VaultId,
    key: DeviceSecret,
    kit_saved: bool,
    then: impl FnOnce(&mut Engine, DeviceSecret, DeviceKeyPlace, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    let name = WantedKey { vault, public: key.public() }.name();
    let put = |place, name: &KeyName, key: &DeviceSecret| Effect::KeyPut { place, name: name.clone(), key: Zeroizing::new(*key.expose()) };
    Step::ask(put(KeyPlace::Os, &name, &key), move |engine, reply, ctx| {
        let in_store = matches!(reply, Reply::KeyStored(Ok(())));
        if in_store && kit_saved {
            let place = ctx.host.key_store_place();
            return then(engine, key, place, ctx);
        }
        Step::ask(put(KeyPlace::Disk, &name, &key), move |engine, reply, ctx| match reply {
            Reply::KeyStored(Ok(())) => then(engine, key, DeviceKeyPlace::SameDisk, ctx),
            _ => Err(Failure::KeyStoreGone),
        })
    })
}

fn write_epoch(
    engine: &mut Engine,
    change: &Rekey,
    device_key: &DeviceSecret,
    previous: Option<&DeviceSecret>,
    place: DeviceKeyPlace,
    ctx: &mut Ctx<'_>,
) -> Result<(), Failure> {
    let session = engine.session()?;
    let old_key = WantedKey::of(session.control.state(), session.device);
    let new_kit = match change.kit {
        KitChange::Keep => None,
        KitChange::Replace => Some(RecoverySecret::make(&mut ctx.entropy())?),
    };
    let removed = change.removed.iter().map(|device| session.removal_of(*device)).collect::<Result<Vec<_>, _>>()?;
    let new = NewEpoch {
        password: change.password.as_ref(),
        removed,
        new_kit: new_kit.as_ref(),
        device_key: Some(device_key.public()),
        login: change.login.as_ref(),
    };
    let made = compose::make_epoch(&session.control, session.keys.opened(), new, &session.log_key, &mut ctx.entropy())?;
    let kit_copy = new_kit.as_ref().map(|kit| kit::seal_copy(&made.opened, kit, &mut ctx.entropy())).transpose()?;
    let keys = Keys::new(made.opened);
    let kept_name = previous_key_name(keys.opened().epoch());
    let kept = previous.map(|key| keys.seal_local(&kept_name, key.expose(), &mut ctx.entropy())).transpose()?;
    let record = made.bootstrap;
    let sealed_record =
        record.as_ref().map(|record| keys.seal_local(local::LOGIN_RECORD, &record.encode(), &mut ctx.entropy())).transpose()?;
    session.append_control(made.entry, None, ctx, |tx| {
        sealed_record.iter().try_for_each(|record| tx.put_local(local::LOGIN_RECORD, record))?;
        kept.iter().try_for_each(|kept| tx.put_local(&kept_name, kept))?;
        kit_copy.iter().try_for_each(|copy| tx.put_local(local::KIT_COPY, copy))
    })?;
    session.keys = keys;
    session.sync.record_to_send = record;
    session.key_place = place;
    session.kit_saved &= kit_copy.is_none();
    // The old slots and the old copy are gone from the disk too, not only from the tables. Busy means that another process reads; the next
    // close does it.
    session.store.flush().ok();
    if let Some(old_key) = old_key {
        engine.delete_key(old_key, ctx);
    }
    Ok(())
}

impl Engine {
    /// Deletes a device key wherever it lies.
    pub(crate) fn delete_key(&mut self, key: WantedKey, ctx: &mut Ctx<'_>) {
        for place in [KeyPlace::Os, KeyPlace::Disk] {
            self.tell(Effect::KeyDelete { place, name: key.name() }, ctx);
        }
    }
}

impl crate::session::Session {
    /// Appends an entry of our own to the control log: verified like any other's, durable with whatever belongs to it.
    ///
    /// With `new_log`, writing goes on in that log, which the entry enrols.
    pub(crate) fn append_control(
        &mut self,
        entry: ControlEntry,
        new_log: Option<LogId>,
        ctx: &mut Ctx<'_>,
        with: impl FnOnce(&vault_store::Write<'_>) -> Result<(), vault_store::StoreError>,
    ) -> Result<(), Failure> {
        let (hash, number, bytes) = (entry.hash(), entry.number, entry.encode());
        // A second copy, from disk: the one in use changes only when the entry is durable.
        let mut control = crate::vaults::read_control(&self.store, self.vault)?;
        control.append(entry).map_err(|_| Failure::NotAuthentic)?;
        let head = ControlHead::new(control.heads().iter().copied());
        // Entries of logs that this closes have to be signed as seen first.
        let step = match self.replica.fold_control(&control, head.clone()) {
            Ok(step) => step,
            Err(_) => {
                self.write_entry(Vec::new(), Vec::new(), ctx)?;
                self.replica.fold_control(&control, head.clone()).map_err(|_| Failure::NotAuthentic)?
            }
        };
        let step = match new_log {
            Some(log) => Replica::adopting(step, log),
            None => step,
        };
        let sealed = self.seal_step(&step, ctx)?;
        self.store.write(|tx| {
            tx.put_control(ControlRecord { hash, number, bytes: &bytes })?;
            sealed.store(tx)?;
            with(tx)
        })?;
        self.control = control;
        self.replica.commit(step);
        self.sync.note_change(ctx.now_ms);
        Ok(())
    }
}
