//! Removals that contradict each other (LD06): what each side says, and the settle by the recovery kit's owner key.
//!
//! What contradicts is kept in memory only: stored, it would take this device back to before the fork, whose slots it can't open any more.
//! The server says it again at the next exchange.

use serde::{Deserialize, Serialize};
use vault_crypto::{compose, secret::RecoverySecret};
use vault_protocol::{
    DeviceId, Hash, ObjectId, Signer,
    api::{ApiError, AppendControl, Challenge, OpenSession, Origin, Purpose, ReadControl},
    control::{ControlBody, ControlEntry, ControlLog},
};

use crate::{
    command::KitInput,
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
    kits,
    session::Session,
    sync::call::{CallError, ask},
};

/// One side of a mutual removal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkSide {
    /// Names the side in [`Command::Settle`](crate::Command::Settle).
    pub entry: Hash,
    /// Names of the devices that decided so; empty where one has none.
    pub by: Vec<String>,
    /// Names of the devices that lose their place if it stands.
    pub removes: Vec<String>,
    /// Whether this device stays in the vault if it stands.
    pub keeps_this: bool,
}

/// The entries of one side that contradict the others', the earliest first.
struct Side(Vec<Hash>);

/// The sides of the conflict of `log`: entries that follow one another belong together.
fn sides(log: &ControlLog) -> Vec<Side> {
    let mut entries = log.state().conflict().map(|conflict| conflict.entries.clone()).unwrap_or_default();
    entries.sort_by_key(|hash| (log.find(*hash).map(|entry| entry.number), *hash));
    let mut sides: Vec<Side> = Vec::new();
    for entry in entries {
        match sides.iter_mut().find(|side| side.0.iter().any(|earlier| log.is_at_or_before(*earlier, entry))) {
            Some(side) => side.0.push(entry),
            None => sides.push(Side(vec![entry])),
        }
    }
    sides
}

/// The heads of all that stands with the side that `chosen` names: everything but what follows the other sides.
fn standing(log: &ControlLog, chosen: Hash) -> Option<Vec<Hash>> {
    let sides = sides(log);
    let mine = sides.iter().position(|side| side.0.contains(&chosen))?;
    let others: Vec<Hash> = sides.iter().enumerate().filter(|(at, _)| *at != mine).flat_map(|(_, side)| side.0.iter().copied()).collect();
    let stands: Vec<(Hash, &ControlEntry)> =
        log.entries().filter(|(hash, _)| !others.iter().any(|other| log.is_at_or_before(*other, *hash))).collect();
    let built_on: std::collections::BTreeSet<Hash> = stands.iter().flat_map(|(_, entry)| entry.parents.iter().copied()).collect();
    let mut heads: Vec<Hash> = stands.iter().map(|(hash, _)| *hash).filter(|hash| !built_on.contains(hash)).collect();
    heads.sort_unstable();
    Some(heads)
}

impl Session {
    /// The sides of a mutual removal, as far as a carrier has shown them; empty where there is none.
    pub(crate) fn fork_sides(&self) -> Vec<ForkSide> {
        let Some(log) = self.sync.beyond.as_deref() else { return Vec::new() };
        sides(log).iter().filter_map(|side| self.fork_side(log, side)).collect()
    }

    fn fork_side(&self, log: &ControlLog, side: &Side) -> Option<ForkSide> {
        let entry = *side.0.first()?;
        let stands = log.state_at(&standing(log, entry)?).ok()?;
        let name = |device: &DeviceId| self.device_names.get(&ObjectId(device.0)).cloned().unwrap_or_default();
        let mut by: Vec<DeviceId> = Vec::new();
        let mut removes: Vec<DeviceId> = Vec::new();
        for hash in &side.0 {
            let entry = log.find(*hash)?;
            by.extend(log.state().logs().values().chain(stands.logs().values()).find(|log| log.key == entry.signer).map(|log| log.device));
            if let ControlBody::Epoch(epoch) = &entry.body {
                removes.extend(epoch.removed.iter().map(|removed| removed.device));
            }
        }
        by.sort_unstable();
        by.dedup();
        let keeps_this = stands.is_current(self.device);
        Some(ForkSide { entry, by: by.iter().map(name).collect(), removes: removes.iter().map(name).collect(), keeps_this })
    }
}

impl Engine {
    /// Settles a mutual removal in favour of the side that `stands`. The server hears of it first; the next exchange brings it here like
    /// anybody else's entry.
    pub(crate) fn settle(&mut self, stands: Hash, input: KitInput, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        if session.fork_sides().is_empty() {
            return Err(Failure::NotFound);
        }
        kits::read(
            input,
            ctx,
            Box::new(move |engine, kit, pin, _| {
                let session = engine.session()?;
                let log = session.sync.beyond.as_deref().ok_or(Failure::NotFound)?;
                if let Some(pin) = pin {
                    kits::check_pin(&pin, log)?;
                }
                let settle = settle_entry(log, stands, &kit)?;
                hand_over(session, settle.encode())
            }),
        )
    }
}

/// The settle, checked as every reader will.
fn settle_entry(log: &ControlLog, stands: Hash, kit: &RecoverySecret) -> Result<ControlEntry, Failure> {
    let heads = standing(log, stands).ok_or(Failure::NotFound)?;
    let settle = compose::make_settle(log, heads, &kit.owner_key()).map_err(|_| Failure::KitNotOfFork)?;
    let entries = log.entries().map(|(_, entry)| entry.clone());
    let mut check = ControlLog::from_entries(log.vault(), entries).map_err(|_| Failure::NotAuthentic)?;
    check.append(settle.clone()).map_err(|_| Failure::NotAuthentic)?;
    Ok(settle)
}

/// Gives the server all that it lacks, the settle last. Whoever ever had a place may: the settle itself is the proof.
fn hand_over(session: &Session, settle: Vec<u8>) -> Result<Step, Failure> {
    let server = session.sync.record.as_ref().map(|record| record.server.clone()).ok_or(Failure::SyncOff)?;
    let origin = Origin::parse(&server).ok_or(Failure::BadServer)?;
    let vault = session.vault;
    let call = Challenge { vault, key: session.log_key.public_key() };
    let to = origin.clone();
    ask(&to, &call, None, move |engine, result, _| {
        let challenged = result.map_err(|error| error.failure())?;
        let session = engine.session()?;
        let call = OpenSession::sign(vault, Purpose::Join, origin.clone(), &challenged, &session.log_key);
        let to = origin.clone();
        ask(&to, &call, None, move |_, result, _| {
            let token = result.map_err(|error| error.failure())?.token;
            let call = ReadControl { vault, after: u64::from(u32::MAX) };
            let to = origin.clone();
            ask(&to, &call, Some(&token.duplicate()), move |engine, result, ctx| {
                let heads = result.map_err(|error| error.failure())?.heads;
                let log = engine.session()?.sync.beyond.as_deref().ok_or(Failure::NotFound)?;
                if heads.iter().any(|head| !log.contains(*head)) {
                    engine.start_sync(ctx);
                    return Err(Failure::ServerBusy { wait_ms: 1_000 });
                }
                let missing = log.entries().filter(|(hash, _)| !log.is_covered(&[*hash], &heads));
                let entries = missing.map(|(_, entry)| entry.encode()).chain([settle]).collect();
                ask(&origin, &AppendControl { vault, heads, entries }, Some(&token), |engine, result, ctx| match result {
                    Ok(_) => {
                        engine.session()?.sync.token = None;
                        engine.start_sync(ctx);
                        Ok(Step::Done)
                    }
                    // Something came in between: the next exchange shows what there is to settle now.
                    Err(CallError::Refused(ApiError::StaleControl { .. })) => {
                        engine.start_sync(ctx);
                        Err(Failure::ServerBusy { wait_ms: 1_000 })
                    }
                    Err(error) => Err(error.failure()),
                })
            })
        })
    })
}
