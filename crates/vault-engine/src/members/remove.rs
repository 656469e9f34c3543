//! Takes a device's place in the vault away (LD03–LD05): one new epoch that names it, with slots for everyone else.

use vault_model::SecretText;
use vault_protocol::{
    DeviceId, KemPublicKey, LogId,
    control::{ControlBody, ControlEntry, Cut, Removed},
};

use super::RemovalPlan;
use crate::{
    command::RequestId,
    context::{Ctx, Step, Then},
    engine::Engine,
    event::{DeviceKeyPlace, Event, Failure},
    factors::{self, Gathered, MIN_CHARS_ALONE, MIN_CHARS_BESIDE},
    rekey::{self, KitChange, Rekey, Strength},
    session::Session,
    sync::PasswordLogin,
    vaults,
};

impl Engine {
    /// Says what the removal of a device would mean.
    pub(crate) fn plan_removal(&mut self, request: RequestId, device: DeviceId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let plan = session.plan_removal(device)?;
        ctx.emit(Event::RemovalPlanned(request, plan));
        Ok(Step::Done)
    }

    /// Removes a device; the password has just been typed.
    pub(crate) fn remove_device(
        &mut self,
        device: DeviceId,
        password: SecretText,
        new_password: Option<SecretText>,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        let plan = session.plan_removal(device)?;
        let new_password = new_password.filter(|typed| !typed.is_empty());
        let is_other = |typed: &SecretText| typed.expose() != password.expose();
        if plan.needs_new_password && !new_password.as_ref().is_some_and(is_other) {
            return Err(Failure::NewPasswordNeeded);
        }
        let strength = match &new_password {
            Some(typed) => session.check_new_password(typed)?,
            // In force already.
            None => Strength::Alone,
        };
        let (salt, cost) = (session.control.state().salt(), session.control.state().cost());
        let kit = if plan.replaces_kit { KitChange::Replace } else { KitChange::Keep };
        let then: Then = Box::new(|engine, ctx| {
            let session = engine.session()?;
            session.tell_status(ctx);
            session.tell_sync(ctx);
            Ok(Step::Done)
        });
        let go_on = move |engine: &mut Engine, gathered: Gathered, ctx: &mut Ctx<'_>| {
            let removed = vec![device];
            match new_password {
                Some(typed) => factors::derive(typed, salt, cost, move |engine, key, ctx| {
                    rekey::rekey_with(engine, Rekey { password: Some(key), strength, kit, removed, login: None }, then, ctx)
                }),
                None => rekey::rekey_with(engine, Rekey { password: gathered.password, strength, kit, removed, login: None }, then, ctx),
            }
        };
        self.prove_password(password, Box::new(go_on), ctx)
    }
}

impl Session {
    fn plan_removal(&self, device: DeviceId) -> Result<RemovalPlan, Failure> {
        let members = self.control.state();
        if device == self.device {
            return Err(Failure::RemovesItself);
        }
        if !members.is_current(device) {
            return Err(Failure::NotFound);
        }
        // The password alone opens it: from this disk, or with the address where that is allowed.
        let is_password_only = self.key_place != DeviceKeyPlace::OsAccount || members.bootstrap().is_some();
        Ok(RemovalPlan {
            device,
            needs_new_password: vaults::has_password(members) && is_password_only,
            replaces_kit: self.maker_of_kit() == Some(device),
            unseen: self.items_never_sent()?,
        })
    }

    /// The device on which the recovery kit in force was made.
    fn maker_of_kit(&self) -> Option<DeviceId> {
        let members = self.control.state();
        let in_force: KemPublicKey = members.kit();
        let made_by = |entry: &ControlEntry| members.logs().values().find(|log| log.key == entry.signer).map(|log| log.device);
        self.control.entries().find_map(|(_, entry)| match &entry.body {
            ControlBody::Genesis(genesis) => (genesis.kit == in_force).then_some(genesis.device),
            ControlBody::Epoch(epoch) => epoch.kit.filter(|new| new.kit == in_force).and_then(|_| made_by(entry)),
            ControlBody::Enrol(..)
            | ControlBody::Incarnation(..)
            | ControlBody::Slots(_)
            | ControlBody::Floor(_)
            | ControlBody::Allow(_)
            | ControlBody::Retire(_)
            | ControlBody::Settle(_) => None,
        })
    }

    /// Whether a new password is long enough for where this device's key lies, and whether it may stand alone.
    pub(crate) fn check_new_password(&self, typed: &SecretText) -> Result<Strength, Failure> {
        let min_chars = match self.key_place {
            // It stands alone at the server.
            DeviceKeyPlace::OsAccount if self.password_login() != PasswordLogin::Off => MIN_CHARS_ALONE,
            DeviceKeyPlace::OsAccount => MIN_CHARS_BESIDE,
            DeviceKeyPlace::SameDisk | DeviceKeyPlace::None => MIN_CHARS_ALONE,
        };
        factors::check_length(typed, min_chars)?;
        Ok(match factors::check_length(typed, MIN_CHARS_ALONE) {
            Ok(()) => Strength::Alone,
            Err(_) => Strength::Beside,
        })
    }

    /// The removal of a device, with how far each of its logs counts: up to what is applied here (LD05).
    pub(crate) fn removal_of(&self, device: DeviceId) -> Result<Removed, Failure> {
        let logs = &self.control.state().devices().get(&device).ok_or(Failure::NotFound)?.logs;
        let cut = |log: &LogId| {
            let head = self.replica.state().log(*log).head;
            Cut { log: *log, seq: head.seq, hash: head.hash }
        };
        Ok(Removed { device, cuts: logs.iter().map(cut).collect() })
    }
}
