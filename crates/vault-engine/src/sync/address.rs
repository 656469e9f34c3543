//! "Address + password" (DESIGN §3): while it is on, whoever knows the vault's address and its master password brings the vault to a new device.
//! Off by default, because whoever runs that address may then guess the password as often as they like.
//!
//! The server alone holds the record that makes it possible; the control log says which one is allowed. Until the server has it, it lies sealed
//! on the device that made it.

use serde::{Deserialize, Serialize};
use vault_crypto::{
    bootstrap::BootstrapRecord,
    compose, kdf,
    secret::{LoginKey, PasswordKey},
    vault::password_cost,
};
use vault_model::SecretText;
use vault_protocol::{
    Hash, SigningPublicKey,
    api::{Origin, PutBootstrap},
    control::ControlBody,
};

use super::{
    call::{ask, parse_server},
    flow::{Flow, Stop},
};
use crate::{
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
    factors::{self, MIN_CHARS_ALONE},
    rekey::{self, KitChange, Strength},
    session::{Session, local},
};

/// Whether address and password alone bring the vault to a new device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordLogin {
    /// Off: a new device needs a code from another one, or the kit.
    #[default]
    Off,
    /// Switched on here; the server does not have the record yet.
    Sending,
    /// On.
    On,
}

/// A vault's address: the server's origin and the vault's public name, `https://host/#/join/did:key:…`. Where the server serves the page too,
/// a browser opens it with the address filled in; what follows `#` is sent to nobody.
pub fn address(server: &str, did: &str) -> String {
    format!("{}/#/join/{did}", server.trim_end_matches('/'))
}

/// Reads an address as a person types it: without the scheme, with a space in the middle.
pub(super) fn parse_address(text: &str) -> Result<(Origin, SigningPublicKey), Failure> {
    let text = text.trim();
    let at = text.find("did:key:").ok_or(Failure::BadAddress)?;
    let (server, did) = text.split_at(at);
    let did = SigningPublicKey::parse_did(did).map_err(|_| Failure::BadAddress)?;
    let server = server.split(|c: char| c.is_whitespace() || c == '#').next().unwrap_or_default().trim_end_matches('/');
    let server = if server.contains("://") { server.to_owned() } else { format!("https://{server}") };
    Ok((parse_server(&server)?, did))
}

/// Goes on with the login key of a password.
pub(crate) fn derive_login(
    password: SecretText,
    did: SigningPublicKey,
    then: impl FnOnce(&mut Engine, LoginKey, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    factors::derive(password, kdf::login_salt(did), kdf::LOGIN_COST, move |engine, key, ctx| then(engine, kdf::login_key(&key), ctx))
}

impl Engine {
    /// Switches it on, with the master password typed anew.
    pub(crate) fn allow_password_login(&mut self, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        if !session.sync.is_on() {
            return Err(Failure::SyncOff);
        }
        // The password stands alone from now on, as if the device's key lay on the same disk.
        factors::check_length(&password, MIN_CHARS_ALONE)?;
        let did = session.control.state().did();
        let (again, login_text) = (password.duplicate(), password.duplicate());
        self.prove_password(
            password,
            Box::new(move |engine, gathered, _| {
                let members = engine.session()?.control.state();
                let (salt, cost) = (members.salt(), members.cost());
                let is_at_cost = password_cost(members, gathered.factors()) == Some(cost);
                match gathered.password {
                    Some(key) if is_at_cost => {
                        derive_login(login_text, did, move |engine, login, ctx| engine.write_allow(&key, &login, ctx))
                    }
                    // Proven by a slot of another cost than the one in force, which the record must have.
                    Some(_) => factors::derive(again, salt, cost, move |_, key, _| {
                        derive_login(login_text, did, move |engine, login, ctx| engine.write_allow(&key, &login, ctx))
                    }),
                    None => Err(Failure::WrongPassword { wait_ms: 0 }),
                }
            }),
            ctx,
        )
    }

    fn write_allow(&mut self, password: &PasswordKey, login: &LoginKey, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let (members, opened) = (session.control.state(), session.keys.opened());
        if members.newest_epoch() != Some(opened.epoch()) {
            return Err(Failure::SyncStopped);
        }
        let login = vault_protocol::Signer::public_key(login);
        let record =
            BootstrapRecord::make_for(members, opened, password, login, &mut ctx.entropy()).map_err(compose::ComposeError::from)?;
        let entry = compose::make_allow(&session.control, Some(record.hash()), &session.log_key)?;
        let sealed = session.seal_record(&record, ctx)?;
        session.append_control(entry, None, ctx, |tx| tx.put_local(local::LOGIN_RECORD, &sealed))?;
        session.sync.record_to_send = Some(record);
        self.exchange_now(ctx)
    }

    /// Switches it off, with the master password typed anew: a new epoch follows, whose keys the record on the server does not open.
    pub(crate) fn forbid_password_login(&mut self, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let strength = match factors::check_length(&password, MIN_CHARS_ALONE) {
            Ok(()) => Strength::Alone,
            Err(_) => Strength::Beside,
        };
        self.prove_password(
            password,
            Box::new(move |engine, gathered, ctx| {
                let then = Box::new(|engine: &mut Engine, ctx: &mut Ctx<'_>| engine.exchange_now(ctx));
                rekey::rekey(engine, gathered.password, strength, KitChange::Keep, then, ctx)
            }),
            ctx,
        )
    }

    /// Says what is so now, and lets the server know as soon as it can be reached.
    fn exchange_now(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.tell_status(ctx);
        session.tell_sync(ctx);
        self.start_sync(ctx);
        Ok(Step::Done)
    }

    /// The server has our control log: it gets the record that this allows, if one waits here. Then `then`.
    pub(super) fn send_record(&mut self, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let allowed = session.control.state().bootstrap();
        // Ended before it was ever sent.
        if session.sync.record_to_send.take_if(|record| allowed != Some(record.hash())).is_some() {
            session.forget_record()?;
        }
        let Some(record) = &session.sync.record_to_send else { return then(self, ctx) };
        let call = PutBootstrap { vault: session.vault, record: record.encode() };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, session.sync.token.as_ref(), move |engine, result, ctx| {
            let flow = match result {
                Ok(_) => engine.record_sent(then, ctx),
                Err(error) => Err(Stop::from(error)),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    fn record_sent(&mut self, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        session.sync.record_to_send = None;
        session.sync.is_news = true;
        session.forget_record()?;
        then(self, ctx)
    }
}

impl Session {
    /// Whether it is on.
    pub(crate) fn password_login(&self) -> PasswordLogin {
        match (self.control.state().bootstrap(), &self.sync.record_to_send) {
            (None, _) => PasswordLogin::Off,
            (Some(allowed), Some(record)) if record.hash() == allowed => PasswordLogin::Sending,
            (Some(_), _) => PasswordLogin::On,
        }
    }

    /// The record as it lies here until the server has it.
    pub(crate) fn seal_record(&self, record: &BootstrapRecord, ctx: &mut Ctx<'_>) -> Result<Vec<u8>, Failure> {
        self.keys.seal_local(local::LOGIN_RECORD, &record.encode(), &mut ctx.entropy())
    }

    fn forget_record(&mut self) -> Result<(), Failure> {
        Ok(self.store.write(|tx| tx.delete_local(local::LOGIN_RECORD))?)
    }

    /// It was switched on while another device made a new epoch: the record is of the epoch before, and a former password may open it.
    pub(super) fn is_record_outdated(&self) -> bool {
        let members = self.control.state();
        let (Some(allowed), Some(epoch)) = (members.bootstrap(), members.newest_epoch()) else { return false };
        let Some(made) = members.epochs().get(&epoch).map(|state| state.entry) else { return false };
        let allows = |body: &ControlBody| match body {
            ControlBody::Allow(allow) => allow.bootstrap == Some(allowed),
            ControlBody::Epoch(epoch) => epoch.bootstrap == Some(allowed),
            ControlBody::Genesis(_)
            | ControlBody::Enrol(..)
            | ControlBody::Incarnation(..)
            | ControlBody::Slots(_)
            | ControlBody::Floor(_)
            | ControlBody::Retire(_)
            | ControlBody::Settle(_) => false,
        };
        let by: Vec<Hash> = self.control.entries().filter(|(_, entry)| allows(&entry.body)).map(|(hash, _)| hash).collect();
        !by.iter().any(|hash| *hash == made || self.control.is_at_or_before(made, *hash))
    }

    /// Ends it then: every member may.
    pub(super) fn end_outdated_record(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        if self.is_record_outdated() {
            let entry = compose::make_allow(&self.control, None, &self.log_key)?;
            self.append_control(entry, None, ctx, |_| Ok(()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DID: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

    #[test]
    fn an_address_is_read_as_it_is_shown_and_as_people_write_it() {
        let shown = address("https://sync.example:8443", DID);
        let expected = parse_address(&shown).expect("an address");
        assert_eq!(expected.0.as_str(), "https://sync.example:8443");
        for typed in
            [format!("  sync.example:8443/#/join/{DID} "), format!("sync.example:8443 {DID}"), format!("https://Sync.example:8443/#{DID}")]
        {
            assert_eq!(parse_address(&typed).expect("an address"), expected, "{typed}");
        }
        for bad in ["", "https://sync.example", DID, "https://sync.example/#did:key:z6Mk", "http://sync.example/#"] {
            assert!(parse_address(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_address(&address("http://sync.example", DID)).err(), Some(Failure::BadServer));
    }
}
