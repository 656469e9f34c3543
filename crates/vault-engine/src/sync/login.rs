//! Naming the vault to a server, and logging in there.

use vault_crypto::secret::LogSigningKey;
use vault_protocol::{
    Hash, Signer, VaultId,
    api::{ApiError, AppendControl, Call, Challenge, Challenged, OpenSession, Origin, Purpose, Register, SessionToken},
};

use super::{
    SyncAlarm, SyncState,
    call::{CallError, ask},
    flow::{Flow, Stop},
};
use crate::{
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
    session::Session,
};

impl Engine {
    /// Names the vault to the server by its genesis; never another one, never a second salt (MS03).
    pub(super) fn register(&mut self, _: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let genesis = session.control.entries().next().map(|(_, entry)| entry.encode()).ok_or(Failure::Damaged)?;
        let call = Register { genesis, create: true };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, None, |engine, result, ctx| {
            let flow = engine.registered(result.map(|registered| registered.vault), ctx);
            engine.go_on(flow, ctx)
        })?)
    }

    fn registered(&mut self, result: Result<VaultId, CallError>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        match result {
            Ok(vault) if vault == session.vault => {}
            Ok(_) => return Err(CallError::Malformed.into()),
            Err(CallError::Refused(ApiError::OtherGenesis)) => return Err(Stop::State(SyncState::Alarm(SyncAlarm::OtherVault))),
            Err(error) => return Err(error.into()),
        }
        if let Some(record) = &mut session.sync.record {
            record.registered = true;
        }
        session.save_sync(ctx)?;
        let entries = session.control_beyond(&session.genesis_head());
        if session.is_known_at(&session.genesis_head(), &session.log_key) || entries.is_empty() {
            return self.pull(ctx);
        }
        self.introduce(entries)
    }

    /// The genesis alone names no device that could log in: the vault's own key hands over the rest of the control log. A server that has it
    /// already refuses, and knows this device.
    fn introduce(&mut self, entries: Vec<Vec<u8>>) -> Flow {
        let session = self.session()?;
        let (vault, heads) = (session.vault, session.genesis_head());
        let key = session.keys.opened().did().public_key();
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &Challenge { vault, key }, None, move |engine, result, ctx| {
            let challenged = match result {
                Ok(challenged) => challenged,
                Err(error) => return engine.go_on(Err(error.into()), ctx),
            };
            let session = engine.session()?;
            let origin = session.run()?.origin.clone();
            let call = OpenSession::sign(vault, Purpose::Join, origin.clone(), &challenged, session.keys.opened().did());
            let server = origin.clone();
            ask(&server, &call, None, move |engine, result, ctx| match result {
                Ok(opened) => ask(&origin, &AppendControl { vault, heads, entries }, Some(&opened.token), |engine, result, ctx| {
                    let flow = match result {
                        Ok(_) | Err(CallError::Refused(ApiError::StaleControl { .. })) => engine.pull(ctx),
                        Err(error) => Err(error.into()),
                    };
                    engine.go_on(flow, ctx)
                }),
                Err(CallError::Refused(ApiError::Unauthorized)) => {
                    let flow = engine.pull(ctx);
                    engine.go_on(flow, ctx)
                }
                Err(error) => engine.go_on(Err(error.into()), ctx),
            })
        })?)
    }

    /// Goes on with `then` in a session of the server; logs in first where there is none.
    pub(crate) fn with_token(&mut self, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        if session.sync.token.is_some() {
            return then(self, ctx);
        }
        let key = session.login_key().public_key();
        let call = Challenge { vault: session.vault, key };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, None, move |engine, result, ctx| {
            let flow = result.map_err(Stop::from).and_then(|challenged| engine.answer_challenge(&challenged, then));
            engine.go_on(flow, ctx)
        })?)
    }

    fn answer_challenge(&mut self, challenged: &Challenged, then: fn(&mut Engine, &mut Ctx<'_>) -> Flow) -> Flow {
        let session = self.session()?;
        let origin = session.run()?.origin.clone();
        let call = OpenSession::sign(session.vault, Purpose::Sync, origin.clone(), challenged, session.login_key());
        Ok(ask(&origin, &call, None, move |engine, result, ctx| {
            let flow = match result {
                Ok(opened) => match engine.session() {
                    Ok(session) => {
                        session.sync.token = Some(opened.token);
                        then(engine, ctx)
                    }
                    Err(failure) => Err(failure.into()),
                },
                Err(CallError::Refused(ApiError::Unauthorized)) => engine.ask_why_refused(),
                Err(error) => Err(error.into()),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    /// The login was refused: is the vault gone from the server, or this device from the vault?
    pub(super) fn ask_whether_registered(&mut self) -> Flow {
        let session = self.session()?;
        let genesis = session.control.entries().next().map(|(_, entry)| entry.encode()).ok_or(Failure::Damaged)?;
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &Register { genesis, create: false }, None, |engine, result, ctx| {
            let stop = match result {
                Ok(_) => Stop::State(SyncState::NotAccepted),
                Err(error) => error.into(),
            };
            engine.go_on(Err(stop), ctx)
        })?)
    }

    /// Makes a call that belongs to no exchange: a person asked for it. Logs in first where there is no session of the server (any more).
    ///
    /// # Errors
    ///
    /// [`Failure::SyncOff`] if sync is off.
    pub(super) fn call_server<C: Call + Clone + 'static>(
        &mut self,
        call: C,
        then: impl FnOnce(&mut Self, Result<C::Reply, CallError>, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
    ) -> Result<Step, Failure> {
        let session = self.session()?;
        let record = session.sync.record.as_ref().filter(|_| session.sync.is_on()).ok_or(Failure::SyncOff)?;
        let origin = Origin::parse(&record.server).ok_or(Failure::BadServer)?;
        let Some(token) = &session.sync.token else { return self.log_in_and_call(origin, call, then) };
        let again = call.clone();
        let server = origin.clone();
        ask(&server, &call, Some(token), move |engine, result, ctx| match result {
            Err(CallError::Refused(ApiError::SessionExpired)) => engine.log_in_and_call(origin, again, then),
            result => then(engine, result, ctx),
        })
    }

    fn log_in_and_call<C: Call + 'static>(
        &mut self,
        origin: Origin,
        call: C,
        then: impl FnOnce(&mut Self, Result<C::Reply, CallError>, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
    ) -> Result<Step, Failure> {
        let session = self.session()?;
        let challenge = Challenge { vault: session.vault, key: session.login_key().public_key() };
        let server = origin.clone();
        ask(&server, &challenge, None, move |engine, result, ctx| {
            let challenged = match result {
                Ok(challenged) => challenged,
                Err(error) => return then(engine, Err(error), ctx),
            };
            let session = engine.session()?;
            let open = OpenSession::sign(session.vault, Purpose::Sync, origin.clone(), &challenged, session.login_key());
            let server = origin.clone();
            ask(&server, &open, None, move |engine, result, ctx| match result {
                Ok(opened) => {
                    let step = ask(&origin, &call, Some(&opened.token), then);
                    engine.session()?.sync.token = Some(opened.token);
                    step
                }
                Err(error) => then(engine, Err(error), ctx),
            })
        })
    }
}

/// Logs in with a key of its own, for a vault that is not open here or for what a member may not, and goes on.
pub(super) fn session_of_key(
    vault: VaultId,
    origin: Origin,
    key: impl Signer + 'static,
    purpose: Purpose,
    then: impl FnOnce(&mut Ctx<'_>, SessionToken) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    let call = Challenge { vault, key: key.public_key() };
    let server = origin.clone();
    ask(&server, &call, None, move |_, result, _| {
        let challenged: Challenged = result.map_err(|error| error.failure())?;
        let call = OpenSession::sign(vault, purpose, origin.clone(), &challenged, &key);
        ask(&origin, &call, None, move |_, result, ctx| then(ctx, result.map_err(|error| error.failure())?.token))
    })
}

impl Session {
    /// The key that the server knows: a new log's comes to it by a session of the one before.
    fn login_key(&self) -> &LogSigningKey {
        let heads = self.sync.record.as_ref().map(|record| record.control.as_slice()).unwrap_or_default();
        let is_known = |key: &LogSigningKey| self.is_known_at(heads, key);
        match &self.previous_log_key {
            Some(previous) if !is_known(&self.log_key) && is_known(previous) => previous,
            _ => &self.log_key,
        }
    }

    /// Whether a log's key is that of a member at these control heads.
    pub(super) fn is_known_at(&self, heads: &[Hash], key: &LogSigningKey) -> bool {
        let key = key.public_key();
        self.control.state_at(heads).is_ok_and(|members| members.open_log_of_key(key).is_some())
    }

    /// The control head of a vault that has just been registered.
    fn genesis_head(&self) -> Vec<Hash> {
        self.control.entries().next().map(|(hash, _)| hash).into_iter().collect()
    }
}
