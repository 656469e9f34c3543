//! A device whose place is void: it was enrolled while another device made a new epoch, or by one that was being removed (DESIGN §3).
//!
//! It opens the newest epoch with recovery kit and master password, like a device that has nothing yet, and takes a new place. All that it
//! wrote and nobody has signed is written again there; files stay where they are.

use vault_crypto::{
    compose::{self, SelfEnrolled},
    kit,
    secret::{DeviceSecret, PasswordKey},
    vault::Opened,
};
use vault_model::SecretText;
use vault_protocol::{ObjectId, control::ControlLog};

use crate::{
    command::KitInput,
    context::{Ctx, Step, Then},
    engine::Engine,
    event::{DeviceKeyPlace, Failure},
    factors::{self, Gathered, WantedKey},
    kits,
    rekey::{self, KitChange, Strength, put_key},
    session::{Session, local, settings::device_name_edit},
    sync::{MoveError, NewPlace, entries_beyond},
};

impl Engine {
    /// Takes a new place with the kit in force and the master password in force. Kit use ends in one epoch that also replaces the kit.
    pub(crate) fn enrol_again(&mut self, input: KitInput, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        if session.lost_place().is_none() {
            return Err(Failure::NotFound);
        }
        kits::read(
            input,
            ctx,
            Box::new(move |engine, kit, pin, _| {
                let session = engine.session()?;
                let control = session.lost_place().ok_or(Failure::NotFound)?;
                if let Some(pin) = pin {
                    kits::check_pin(&pin, control)?;
                }
                let members = control.state().clone();
                kit::check_in_force(&kit, &members)?;
                let check = members.clone();
                let open = move |_: &mut Engine, gathered: Gathered, ctx: &mut Ctx<'_>| {
                    let opened = gathered.open(&check).map_err(|error| factors::unlock_failure(error, &gathered))?;
                    let password = gathered.password.ok_or(Failure::WrongPassword { wait_ms: 0 })?;
                    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
                    // The kit is about to be replaced, so none is saved.
                    put_key(check.vault(), device_key, false, move |engine, device_key, place, ctx| {
                        take_place(engine, opened, password, &device_key, place, ctx)
                    })
                };
                factors::gather(members, None, Some(kit), password, Box::new(open))
            }),
        )
    }
}

fn take_place(
    engine: &mut Engine,
    opened: Opened,
    password: PasswordKey,
    device_key: &DeviceSecret,
    key_place: DeviceKeyPlace,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let session = engine.session()?;
    let old_key = WantedKey::of(session.control.state(), session.device);
    let name = session.device_names.get(&ObjectId(session.device.0)).cloned();
    session.move_into_place(opened, &password, device_key, ctx)?;
    session.key_place = key_place;
    let name = name.unwrap_or_else(|| ctx.host.device_name());
    let (vault, device, log) = (session.vault, session.device, session.replica.state().own);
    session.edit(device_name_edit(device, &name), ctx)?;
    engine.devices.set_place(vault, device, log)?;
    if let Some(old_key) = old_key {
        engine.delete_key(old_key, ctx);
    }
    let then: Then = Box::new(|engine, ctx| {
        engine.session()?.tell_status(ctx);
        engine.start_sync(ctx);
        Ok(Step::Done)
    });
    rekey::rekey(engine, Some(password), Strength::Alone, KitChange::Replace, then, ctx)
}

impl Session {
    /// The server's control log, in which this device has no place any more.
    fn lost_place(&self) -> Option<&ControlLog> {
        self.sync.beyond.as_deref().filter(|log| log.state().conflict().is_none())
    }

    /// One transaction: the new place, the view built anew, what moves set aside, and every record of this device sealed under the new keys,
    /// because nothing later hands on those of an epoch that is void.
    fn move_into_place(
        &mut self,
        opened: Opened,
        password: &PasswordKey,
        device_key: &DeviceSecret,
        ctx: &mut Ctx<'_>,
    ) -> Result<(), Failure> {
        let theirs = self.sync.beyond.take().ok_or(Failure::NotFound)?;
        let made = compose::make_self_enrol(&theirs, &opened, Some(password), device_key, &mut ctx.entropy())?;
        let SelfEnrolled { entry, device, log, log_key } = made;
        let fresh = entries_beyond(&theirs, &self.control).into_iter().chain([entry.clone()]).collect();
        let mut control = *theirs;
        control.append(entry).map_err(|_| Failure::NotAuthentic)?;
        self.keys.follow(opened);
        let from = self.first_uncounted();
        let records = self.local_records_anew(ctx)?;
        let place = NewPlace { control, fresh, log, key: log_key };
        self.device = device;
        self.move_to_place(place, from, records, ctx).map_err(|error| match error {
            MoveError::HistoryMissing => Failure::Damaged,
            MoveError::Failed(failure) => failure,
        })
    }

    /// All records of this device alone, sealed under the newest epoch.
    fn local_records_anew(&self, ctx: &mut Ctx<'_>) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let mut records = Vec::new();
        for name in self.store.read().local_keys("")? {
            // A copy of a kit that was never in force, for all others.
            if name == local::KIT_COPY {
                continue;
            }
            let Some(sealed) = self.store.read().local(&name)? else { continue };
            let body = self.keys.open_local(&name, &sealed).map_err(|_| Failure::NotAuthentic)?;
            let sealed = self.keys.seal_local(&name, &body, &mut ctx.entropy())?;
            records.push((name, sealed));
        }
        Ok(records)
    }
}
