//! What the commands of sync do.

use vault_crypto::kit;
use vault_protocol::{
    VersionVector,
    api::{Delete, Deletion, Origin, Purpose},
};

use super::{
    SyncState,
    call::{ask, parse_server},
    login::session_of_key,
    record::Record,
};
use crate::{
    command::{KitInput, RequestId},
    context::{Ctx, Step},
    engine::{ASIDE, Engine, SYNC},
    event::Failure,
    kits,
};

impl Engine {
    pub(crate) fn sync_enable(&mut self, request: RequestId, server: &str, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let origin = parse_server(server)?;
        let session = self.session()?;
        session.check_writable()?;
        if session.sync.record.as_ref().is_some_and(|record| record.removed) {
            return Err(Failure::NotAccepted);
        }
        self.abandon_run(ctx);
        let session = self.session()?;
        session.sync.record = Some(Record::new(origin.as_str().to_owned()));
        session.sync.forget_server();
        session.forget_remote_files()?;
        session.save_sync(ctx)?;
        self.sync_now(request, ctx)
    }

    pub(crate) fn sync_now(&mut self, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        if !session.sync.is_on() {
            return Err(match session.sync.state {
                SyncState::Removed => Failure::NotAccepted,
                SyncState::NotRegistered => Failure::NotRegistered,
                _ => Failure::SyncOff,
            });
        }
        session.check_writable()?;
        session.sync.waiters.push(request);
        self.start_sync(ctx);
        Ok(Step::Later)
    }

    pub(crate) fn sync_disable(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.abandon_run(ctx);
        let session = self.session()?;
        session.check_writable()?;
        if let Some(record) = &mut session.sync.record {
            record.enabled = false;
        }
        session.sync.forget_server();
        session.save_sync(ctx)?;
        session.set_sync_state(SyncState::Off);
        session.tell_sync(ctx);
        Ok(Step::Done)
    }

    pub(crate) fn tell_sync_status(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.session()?.tell_sync(ctx);
        Ok(Step::Done)
    }

    /// Ends an exchange in the middle: what it took in and handed over stays.
    fn abandon_run(&mut self, ctx: &mut Ctx<'_>) {
        self.forget_work_of(SYNC, ctx);
        self.stop_files(ctx);
        self.forget_work_of(ASIDE, ctx);
        if let Some(session) = &mut self.session {
            session.sync.run = None;
            for waiter in std::mem::take(&mut session.sync.waiters) {
                ctx.emit(crate::event::Event::Failed(waiter, Failure::Cancelled));
            }
        }
    }

    pub(crate) fn delete_replica(&mut self, input: KitInput, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        let server = session.sync.record.as_ref().map(|record| record.server.clone()).filter(|server| !server.is_empty());
        let origin = Origin::parse(&server.ok_or(Failure::SyncOff)?).ok_or(Failure::BadServer)?;
        kits::read(
            input,
            ctx,
            Box::new(move |engine, kit, pin, _| {
                let session = engine.session()?;
                if let Some(pin) = pin {
                    kits::check_pin(&pin, &session.control)?;
                }
                kit::check_in_force(&kit, session.control.state())?;
                let vault = session.vault;
                session_of_key(vault, origin.clone(), kit.owner_key(), Purpose::Delete, move |_, token| {
                    ask(&origin, &Delete { vault }, Some(&token), |engine, result, ctx| match result {
                        Ok(Deletion::Deleted(_)) => engine.replica_deleted(ctx),
                        // The owner key deletes at once; a server that does not is none of ours.
                        Ok(Deletion::Noticed { .. }) => Err(Failure::ServerAlarm(super::SyncAlarm::Nonsense)),
                        Err(error) => Err(error.failure()),
                    })
                })
            }),
        )
    }

    fn replica_deleted(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.abandon_run(ctx);
        let session = self.session()?;
        if let Some(record) = &mut session.sync.record {
            record.enabled = false;
            record.registered = false;
            record.last_sync_ms = 0;
            record.pins = VersionVector::default();
            record.control = Vec::new();
        }
        session.sync.forget_server();
        session.forget_remote_files()?;
        session.save_sync(ctx)?;
        session.set_sync_state(SyncState::Off);
        session.tell_sync(ctx);
        Ok(Step::Done)
    }
}
