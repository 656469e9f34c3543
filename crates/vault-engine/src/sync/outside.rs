//! A device that the server does not take for a member: what has happened, and the way back where there is one.
//!
//! Whoever ever had a place in the vault may still read its control log with the key of that place (purpose `join`). So a device learns from
//! what members have signed, and not from a server's refusal, that it was removed; that its enrolment or its log no longer counts; that
//! removals contradict each other; or that it is the server that has not heard of its place yet.

use vault_crypto::{
    compose,
    secret::{EnrolKey, LogSigningKey},
};
use vault_protocol::{
    Hash, LogId, Signer,
    api::{ApiError, AppendControl, Challenge, ControlPage, OpenSession, Purpose, ReadControl, SessionToken},
    control::{ControlBody, ControlEntry, ControlLog, Incarnation},
};

use super::{
    SyncAlarm, SyncState,
    call::{CallError, ask},
    control::{Members, whole_log},
    flow::{Flow, Stop},
    renew::NewPlace,
    take::TakeError,
};
use crate::{context::Ctx, engine::Engine, event::Failure, session::Session, vaults::read_control};

impl Engine {
    /// Reads the control log as whoever once had a place, to learn why the server does not take this device for a member.
    pub(super) fn ask_why_refused(&mut self) -> Flow {
        let session = self.session()?;
        session.sync.token = None;
        let (vault, key) = (session.vault, session.former_key().public_key());
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &Challenge { vault, key }, None, move |engine, result, ctx| {
            let challenged = match result {
                Ok(challenged) => challenged,
                Err(error) => return engine.go_on(Err(error.into()), ctx),
            };
            let session = engine.session()?;
            let origin = session.run()?.origin.clone();
            let call = OpenSession::sign(vault, Purpose::Join, origin.clone(), &challenged, session.former_key());
            ask(&origin, &call, None, |engine, result, ctx| {
                let flow = match result {
                    Ok(opened) => engine.read_from_outside(opened.token, Vec::new()),
                    Err(CallError::Refused(ApiError::Unauthorized)) => engine.ask_whether_registered(),
                    Err(error) => Err(error.into()),
                };
                engine.go_on(flow, ctx)
            })
        })?)
    }

    /// The whole control log: a part of it might end between a removal and what settles it.
    fn read_from_outside(&mut self, token: SessionToken, mut entries: Vec<ControlEntry>) -> Flow {
        let session = self.session()?;
        let call = ReadControl { vault: session.vault, after: entries.len() as u64 };
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &call, Some(&token.duplicate()), move |engine, result, ctx| {
            let flow = result.map_err(Stop::from).and_then(|page: ControlPage| {
                let n_before = entries.len();
                for wire in &page.entries {
                    entries.push(ControlEntry::parse(wire).map_err(|_| TakeError::Alarm(SyncAlarm::RecordAltered))?);
                }
                let is_last = entries.len() as u64 >= page.n_control || entries.len() == n_before;
                if is_last { engine.judge_from_outside(token, entries, page.heads, ctx) } else { engine.read_from_outside(token, entries) }
            });
            engine.go_on(flow, ctx)
        })?)
    }

    fn judge_from_outside(&mut self, token: SessionToken, entries: Vec<ControlEntry>, heads: Vec<Hash>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let theirs = whole_log(session.vault, entries.clone()).map_err(|alarm| Stop::State(SyncState::Alarm(alarm)))?;
        match session.take_control(entries, ctx)? {
            Members::Removed => Err(session.note_removed(ctx)?),
            Members::NewEpoch => self.lock_for_new_epoch(ctx),
            Members::Forked => Err(Stop::State(SyncState::SettleNeeded)),
            Members::PlaceVoid => {
                // The way back builds on what the server has: what is only here rests on the place that is void.
                session.sync.beyond = Some(Box::new(theirs));
                Err(Stop::State(SyncState::PlaceLost))
            }
            Members::LogClosed => {
                session.begin_log_after_closing(ctx)?;
                let (vault, device, log) = (session.vault, session.device, session.replica.state().own);
                self.devices.set_place(vault, device, log)?;
                self.hand_over_place(token, heads, ctx)
            }
            Members::GoOn => self.hand_over_place(token, heads, ctx),
        }
    }

    /// The server has not heard of this device's place: it gets what gives it, and nothing else.
    fn hand_over_place(&mut self, token: SessionToken, heads: Vec<Hash>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let entries = session.places_beyond(&heads);
        if entries.is_empty() {
            return self.log_in_by_new_key(heads, ctx);
        }
        let origin = session.run()?.origin.clone();
        Ok(ask(&origin, &AppendControl { vault: session.vault, heads, entries }, Some(&token), |engine, result, ctx| {
            let flow = match result {
                Ok(position) => engine.log_in_by_new_key(position.control_heads, ctx),
                Err(CallError::Refused(ApiError::StaleControl { .. })) => engine.ask_why_refused(),
                Err(CallError::Refused(ApiError::ControlRefused | ApiError::Forbidden)) => Err(Stop::State(SyncState::NotAccepted)),
                Err(error) => Err(error.into()),
            };
            engine.go_on(flow, ctx)
        })?)
    }

    /// The server has this device's place now: with the key of that, it is a member again.
    fn log_in_by_new_key(&mut self, heads: Vec<Hash>, ctx: &mut Ctx<'_>) -> Flow {
        let session = self.session()?;
        let known = session.sync.record.as_ref().map(|record| record.control.clone()).unwrap_or_default();
        if !session.control.is_covered(&known, &heads) {
            return Err(Stop::State(SyncState::Alarm(SyncAlarm::RecordRollback)));
        }
        // With the same heads the same key was refused already.
        if known == heads || !session.is_known_at(&heads, &session.log_key) {
            return Err(Stop::State(SyncState::NotAccepted));
        }
        if let Some(record) = &mut session.sync.record {
            record.control = heads;
        }
        session.save_sync(ctx)?;
        self.again(ctx)
    }
}

impl Session {
    /// The key that the server may know although this device's present one is new to it.
    fn former_key(&self) -> &LogSigningKey {
        self.previous_log_key.as_ref().unwrap_or(&self.log_key)
    }

    /// Another device removed this one: said from now on, and nothing is exchanged any more.
    fn note_removed(&mut self, ctx: &mut Ctx<'_>) -> Result<Stop, Stop> {
        if let Some(record) = &mut self.sync.record {
            record.removed = true;
        }
        self.save_sync(ctx)?;
        Ok(Stop::State(SyncState::Removed))
    }

    /// Our log was retired, and this device was not removed: it goes on in a new one, by the enrol key of the newest epoch. What the old one
    /// holds beyond what others have signed moves.
    fn begin_log_after_closing(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Stop> {
        let mut control = read_control(&self.store, self.vault)?;
        let beyond = self.sync.beyond.take().ok_or(Failure::Damaged)?;
        let fresh = entries_beyond(&beyond, &self.control);
        fresh.iter().try_for_each(|entry| control.append(entry.clone())).map_err(|_| Failure::NotAuthentic)?;
        let from = self.first_uncounted();
        let (place, entry) = self.incarnation(control, from, ctx)?;
        let place = NewPlace { fresh: fresh.into_iter().chain([entry]).collect(), ..place };
        self.move_to_place(place, from, Vec::new(), ctx).map_err(TakeError::from)?;
        Ok(())
    }

    fn incarnation(&self, mut control: ControlLog, from: u64, ctx: &mut Ctx<'_>) -> Result<(NewPlace, ControlEntry), Failure> {
        let (log, key) = (LogId(ctx.make_bytes()?), LogSigningKey::make(&mut ctx.entropy())?);
        let (old_log, last) = self.head_before(from)?;
        let body = Incarnation { device: self.device, log, log_key: key.public_key(), old_log, seq: last.seq, hash: last.hash };
        let epoch = control.state().newest_epoch().ok_or(Failure::NotAuthentic)?;
        let enrol_key: EnrolKey = self.keys.opened().root(epoch).ok_or(Failure::NotAuthentic)?.enrol_key(self.vault, epoch);
        let entry = compose::make_incarnation(&control, body, &key, &enrol_key)?;
        control.append(entry.clone()).map_err(|_| Failure::NotAuthentic)?;
        Ok((NewPlace { control, fresh: Vec::new(), log, key }, entry))
    }

    /// The first entry of our own log that counts only while the log is open: what others have signed stays where it is.
    pub(crate) fn first_uncounted(&self) -> u64 {
        let state = self.replica.state();
        state.log(state.own).licensed + 1
    }

    /// Entries that the server lacks and that give somebody a place; nothing that builds on anything else it lacks.
    fn places_beyond(&self, heads: &[Hash]) -> Vec<Vec<u8>> {
        let mut known: std::collections::BTreeSet<Hash> = std::collections::BTreeSet::new();
        let mut places = Vec::new();
        for (hash, entry) in self.control.entries() {
            if self.control.is_covered(&[hash], heads) {
                known.insert(hash);
            } else if is_place(&entry.body) && entry.parents.iter().all(|parent| known.contains(parent)) {
                known.insert(hash);
                places.push(entry.encode());
            }
        }
        places
    }
}

/// Entries of one log that another lacks, each after its parents.
pub(crate) fn entries_beyond(log: &ControlLog, known: &ControlLog) -> Vec<ControlEntry> {
    log.entries().filter(|(hash, _)| !known.contains(*hash)).map(|(_, entry)| entry.clone()).collect()
}

fn is_place(body: &ControlBody) -> bool {
    match body {
        ControlBody::Enrol(..) | ControlBody::Incarnation(..) => true,
        ControlBody::Genesis(_)
        | ControlBody::Epoch(_)
        | ControlBody::Slots(_)
        | ControlBody::Floor(_)
        | ControlBody::Allow(_)
        | ControlBody::Retire(_)
        | ControlBody::Settle(_) => false,
    }
}
