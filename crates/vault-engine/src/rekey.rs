//! A new epoch of the open vault: first password, password change, kit use. All slots are rewritten, this device takes a fresh key.

use vault_crypto::{
    compose::{self, NewEpoch},
    kit,
    secret::{DeviceSecret, PasswordKey, RecoverySecret},
};
use vault_protocol::{LogId, VaultId, control::ControlEntry};
use vault_store::ControlRecord;
use zeroize::Zeroizing;

use crate::{
    context::{Ctx, Step, Then},
    effect::{Effect, KeyName, KeyPlace, Reply},
    engine::Engine,
    event::{DeviceKeyPlace, Failure},
    factors::{MIN_CHARS_ALONE, WantedKey},
    log::{body::ControlHead, replica::Replica},
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

/// Makes a new epoch of the open vault under the password just typed (`None` only while there is none).
pub(crate) fn rekey(
    engine: &mut Engine,
    password: Option<PasswordKey>,
    strength: Strength,
    kit_change: KitChange,
    then: Then,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let session = engine.session()?;
    session.check_writable()?;
    let kit_saved = session.kit_saved && kit_change == KitChange::Keep;
    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
    let new_kit = match kit_change {
        KitChange::Keep => None,
        KitChange::Replace => Some(RecoverySecret::make(&mut ctx.entropy())?),
    };
    put_key(session.vault, device_key, kit_saved, move |engine, device_key, place, ctx| {
        if place == DeviceKeyPlace::SameDisk && strength == Strength::Beside {
            // Nothing names this key yet.
            let unused = WantedKey { vault: engine.session()?.vault, public: device_key.public() };
            engine.delete_key(unused, ctx);
            return Err(Failure::PasswordTooWeak { min_chars: MIN_CHARS_ALONE });
        }
        write_epoch(engine, password, new_kit, &device_key, place, ctx)?;
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
    password: Option<PasswordKey>,
    new_kit: Option<RecoverySecret>,
    device_key: &DeviceSecret,
    place: DeviceKeyPlace,
    ctx: &mut Ctx<'_>,
) -> Result<(), Failure> {
    let session = engine.session()?;
    let old_key = WantedKey::of(session.control.state(), session.device);
    let new = NewEpoch {
        password: password.as_ref(),
        removed: Vec::new(),
        new_kit: new_kit.as_ref(),
        device_key: Some(device_key.public()),
        login: None,
    };
    let made = compose::make_epoch(&session.control, session.keys.opened(), new, &session.log_key, &mut ctx.entropy())?;
    let kit_copy = new_kit.as_ref().map(|kit| kit::seal_copy(&made.opened, kit, &mut ctx.entropy())).transpose()?;
    session.append_control(made.entry, None, ctx, |tx| kit_copy.iter().try_for_each(|copy| tx.put_local(local::KIT_COPY, copy)))?;
    session.keys = Keys::new(made.opened);
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
