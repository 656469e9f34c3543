//! Joins epochs that devices have made apart: two changed the password, or the members, before they heard of each other.
//!
//! Each of them opens its own epoch and not the other's, so nothing is sent until somebody has opened both and written one that follows both
//! (DESIGN §3). The other's slot for this device was written for the key that this device had then: see [`super::previous_keys`].

use vault_crypto::{
    secret::PasswordKey,
    slot::Factors,
    vault::{Opened, open_vault},
};
use vault_model::SecretText;
use vault_protocol::{EpochId, ObjectId};

use crate::{
    context::{Ctx, Step, Then},
    engine::Engine,
    event::Failure,
    factors::{self, Gathered},
    rekey::{self, KitChange, Rekey, Strength},
    session::Session,
};

impl Engine {
    /// Opens what is not open yet, and writes the epoch that joins all newest ones under `password`, which opened this vault here.
    pub(crate) fn join_epochs(&mut self, password: SecretText, other: Option<SecretText>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        if session.control.state().newest_epochs().len() < 2 {
            return Err(Failure::NotFound);
        }
        let members = session.control.state();
        let (salt, cost) = (members.salt(), members.cost());
        let other = other.filter(|typed| !typed.is_empty());
        let go_on = move |engine: &mut Engine, gathered: Gathered, ctx: &mut Ctx<'_>| {
            let session = engine.session()?;
            session.open_epochs(&gathered, gathered.password.as_ref())?;
            if session.keys.opened().unopened().is_empty() {
                return write_joining(engine, gathered.password, ctx);
            }
            let Some(other) = other else { return Err(Failure::OtherPasswordNeeded) };
            factors::derive(other, salt, cost, move |engine, key, ctx| {
                let session = engine.session()?;
                session.open_epochs(&gathered, Some(&key))?;
                if !session.keys.opened().unopened().is_empty() {
                    return Err(Failure::OtherPasswordWrong);
                }
                write_joining(engine, gathered.password, ctx)
            })
        };
        self.prove_password(password, Box::new(go_on), ctx)
    }
}

fn write_joining(engine: &mut Engine, password: Option<PasswordKey>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    let then: Then = Box::new(|engine, ctx| {
        let session = engine.session()?;
        session.tell_status(ctx);
        session.tell_sync(ctx);
        Ok(Step::Done)
    });
    let change = Rekey { password, strength: Strength::Alone, kit: KitChange::Keep, removed: Vec::new(), login: None };
    rekey::rekey_with(engine, change, then, ctx)
}

impl Session {
    /// Tries a password with every key that this device has had lately.
    fn open_epochs(&mut self, gathered: &Gathered, password: Option<&PasswordKey>) -> Result<(), Failure> {
        let members = self.control.state().clone();
        let previous = self.previous_device_keys()?;
        let present = gathered.device.as_ref().map(|(key, _)| key);
        let opened: Vec<Opened> = present
            .into_iter()
            .chain(&previous)
            .filter_map(|key| open_vault(&members, Factors { password, device: Some(key), kit: None }).ok())
            .collect();
        opened.into_iter().for_each(|opened| self.keys.join(opened));
        Ok(())
    }

    /// Names of the devices whose newest epochs are not open here; as many as there are such epochs.
    pub(crate) fn authors_of_unopened(&self) -> Vec<String> {
        let members = self.control.state();
        let unopened = members.newest_epochs().iter().filter(|epoch| self.keys.opened().root(**epoch).is_none());
        unopened.map(|epoch| self.author_of_epoch(*epoch)).collect()
    }

    /// The name of the device that wrote an epoch; empty if it has none.
    fn author_of_epoch(&self, epoch: EpochId) -> String {
        let members = self.control.state();
        let entry = members.epochs().get(&epoch).and_then(|state| self.control.find(state.entry));
        let log = entry.and_then(|entry| members.logs().values().find(|log| log.key == entry.signer));
        log.and_then(|log| self.device_names.get(&ObjectId(log.device.0))).cloned().unwrap_or_default()
    }
}
