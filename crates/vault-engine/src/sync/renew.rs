//! Moves unsent work into a new log: after a clone of this device was met (MS16), or where a removal has superseded the epoch it was sealed
//! under. See [`log::reissue`](crate::log::reissue).
//!
//! In two parts, each of which survives a crash. First, in one transaction: the new log's enrolment, the view built anew without the entries
//! that move, and these set aside, sealed. Then each of them is written again, one transaction each, until none is left.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use vault_crypto::{compose, secret::LogSigningKey};
use vault_model::FieldKey;
use vault_protocol::{
    Dot, Hash, Head, LogId, ObjectId, Signer,
    control::{ControlEntry, ControlLog, Incarnation},
    entry::WireEntry,
};
use vault_store::{Applied, BlobRecord, ControlRecord, LogStatus, StoreError};

use super::take::TakeError;
use crate::{
    context::Ctx,
    event::{Event, Failure, Notice},
    log::{
        body::ControlHead,
        cbor::{self, BodyError},
        edit::EditError,
        entry::Opened,
        object::{ObjectState, alive_key},
        op::{Op, Value, Write},
        pull::ReadContext,
        reissue::{Again, Reissue},
        replica::Replica,
        state::encode_purges,
        store::{LoadError, ObjectStore},
    },
    session::{Session, local},
    vaults::read_control,
};

/// Name of the record that says what is being moved.
const MOVING: &str = "moving";
/// Beginning of the names of the entries that wait to be written again.
const MOVING_ENTRY: &str = "moving/";

/// Why work was not moved. Nothing has changed.
#[derive(Debug)]
pub(crate) enum MoveError {
    /// Entries from before a restored backup are not here: the view can't be built anew without those that move.
    HistoryMissing,
    /// This device failed.
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for MoveError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl From<MoveError> for TakeError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::HistoryMissing => Self::Failed(Failure::Damaged),
            MoveError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// A store in which nothing is yet: the view is built from the entries alone.
struct Empty;

impl ObjectStore for Empty {
    fn load(&self, _: ObjectId) -> Result<Option<ObjectState>, LoadError> {
        Ok(None)
    }

    fn history(&self, _: ObjectId) -> Result<Vec<(FieldKey, Dot)>, LoadError> {
        Ok(Vec::new())
    }

    fn entry_hash(&self, _: LogId, _: u64) -> Result<Option<Hash>, LoadError> {
        Ok(None)
    }
}

/// A new log, and the control log in which it has its place.
pub(crate) struct NewPlace {
    pub(crate) control: ControlLog,
    /// What the store lacks of it, each after its parents.
    pub(crate) fresh: Vec<ControlEntry>,
    pub(crate) log: LogId,
    pub(crate) key: LogSigningKey,
}

impl Session {
    /// Begins a new log, and moves the entries of the present one from `from` on (none if it is beyond the head) into it.
    pub(crate) fn move_to_new_log(&mut self, from: u64, ctx: &mut Ctx<'_>) -> Result<(), MoveError> {
        self.check_writable()?;
        let old_log = self.replica.state().own;
        let n_moved = (self.replica.state().seq(old_log) + 1).saturating_sub(from);
        // Sealing anew what a removed device must not read is nothing that went wrong.
        let is_resealed = self.first_superseded()? == Some(from);
        if n_moved == 0 {
            self.begin_new_log(ctx)?;
        } else {
            let place = self.continue_in_new_log(from, ctx)?;
            self.move_to_place(place, from, Vec::new(), ctx)?;
        }
        if !is_resealed {
            ctx.emit(Event::Notice(Notice::MovedToNewLog(n_moved)));
        }
        Ok(())
    }

    /// Goes on in a log that has its place already; entries of the present one from `from` on move into it. `records` of this device are
    /// replaced in the same transaction.
    pub(crate) fn move_to_place(
        &mut self,
        place: NewPlace,
        from: u64,
        records: Vec<(String, Vec<u8>)>,
        ctx: &mut Ctx<'_>,
    ) -> Result<(), MoveError> {
        self.rebuild_without(from, place, records, ctx)?;
        self.write_moved(ctx)?;
        Ok(())
    }

    /// The head of our own log before `from`.
    pub(crate) fn head_before(&self, from: u64) -> Result<(LogId, Head), Failure> {
        let own = self.replica.state().own;
        let hash = match from {
            0 | 1 => return Ok((own, Head { seq: 0, hash: Hash::ZERO })),
            _ => self.store.read().entry(own, from - 1)?.map(|(hash, _)| hash).ok_or(Failure::Damaged)?,
        };
        Ok((own, Head { seq: from - 1, hash }))
    }

    /// The place of a log that continues ours from before `from`, signed by ours.
    fn continue_in_new_log(&self, from: u64, ctx: &mut Ctx<'_>) -> Result<NewPlace, Failure> {
        let (old_log, last) = self.head_before(from)?;
        let (log, key) = (LogId(ctx.make_bytes()?), LogSigningKey::make(&mut ctx.entropy())?);
        let body = Incarnation { device: self.device, log, log_key: key.public_key(), old_log, seq: last.seq, hash: last.hash };
        let entry = compose::make_incarnation(&self.control, body, &key, &self.log_key)?;
        let mut control = read_control(&self.store, self.vault)?;
        control.append(entry.clone()).map_err(|_| Failure::NotAuthentic)?;
        Ok(NewPlace { control, fresh: vec![entry], log, key })
    }

    /// Writes again what was set aside, here or before a crash.
    pub(crate) fn write_moved(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let Some(sealed) = self.store.read().local(MOVING)? else { return Ok(()) };
        let moving = self.keys.open_local(MOVING, &sealed).map_err(|_| Failure::NotAuthentic)?;
        let mut moving = Moving::decode(&moving).map_err(|_| Failure::Damaged)?;
        let names = self.store.read().local_keys(MOVING_ENTRY)?;
        if self.replica.state().seq(self.replica.state().own) == 0 {
            self.object_to_purges(&names, ctx)?;
        }
        for name in names {
            if let Some(wire) = self.waiting_entry(&name)? {
                self.write_again(&name, wire, &mut moving, ctx)?;
            }
        }
        self.store.write(|tx| tx.delete_local(MOVING))?;
        Ok(())
    }

    /// An entry that waits to be written again.
    fn waiting_entry(&self, name: &str) -> Result<Option<WireEntry>, Failure> {
        let Some(sealed) = self.store.read().local(name)? else { return Ok(None) };
        let wire = self.keys.open_local(name, &sealed).map_err(|_| Failure::NotAuthentic)?;
        WireEntry::parse(wire.to_vec()).map(Some).map_err(|_| Failure::Damaged)
    }

    /// Objects whose removal is asked for, and that entries which wait still write, stay in the trash: the new log's very first entry says so.
    /// Each entry signs all that is seen here, the request too, so that the second would come too late.
    fn object_to_purges(&mut self, names: &[String], ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let mut kept = BTreeMap::new();
        for name in names {
            let Some(wire) = self.waiting_entry(name)? else { continue };
            let opened = self.open_frame(wire.into_wire()).map_err(|_| Failure::NotAuthentic)?;
            let body = opened.body.as_ref().ok_or(Failure::Damaged)?;
            for write in body.ops.iter().filter_map(|op| if let Op::Write(write) = op { Some(write) } else { None }) {
                let state = self.state(write.object)?.filter(ObjectState::is_purge_pending);
                if let Some(state) = state {
                    kept.insert(write.object, state.field(&alive_key()).map(|field| field.dots()).unwrap_or_default());
                }
            }
        }
        while !kept.is_empty() {
            let alive = |(object, over): (&ObjectId, &Vec<Dot>)| {
                Op::Write(Write { object: *object, key: alive_key(), over: over.clone(), value: Some(Value::boolean(false)) })
            };
            let ops = kept.iter().map(alive).collect();
            match self.replica.edit(&self.write_context(ctx.now_ms)?, ops, &[], &mut ctx.entropy()) {
                Ok(edit) => return self.store_edit(edit, Vec::new(), ctx, |_| Ok(())),
                // Agreed to by all, this device included, before those entries were written.
                Err(EditError::Retired(gone) | EditError::PurgeAgreed(gone)) => drop(kept.remove(&gone)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn write_again(&mut self, name: &str, wire: WireEntry, moving: &mut Moving, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let (seq, blobs) = (wire.header().seq, wire.blobs().to_vec());
        let opened = self.open_frame(wire.into_wire()).map_err(|_| Failure::NotAuthentic)?;
        let body = opened.body.as_ref().ok_or(Failure::Damaged)?;
        let reissue = Reissue::resume(opened.log, moving.moved.clone());
        let mut again = reissue.translate(body);
        if opened.log != moving.old_log {
            again.keep_writes();
        }
        let known = self.known_dots(&again)?;
        let own = self.replica.state().own;
        again.keep_known(|object, dot| dot.log == own || known.contains(&(object, *dot)));
        let edit = loop {
            let context = self.write_context(ctx.now_ms)?;
            match self.replica.edit(&context, again.ops.clone(), &blobs, &mut ctx.entropy()) {
                Ok(edit) => break Some(edit),
                // Its removal was agreed to by all in the meantime: what is left of the entry is written.
                Err(EditError::Retired(gone) | EditError::PurgeAgreed(gone)) => again.drop_object(gone),
                Err(error) => return Err(error.into()),
            }
            if again.ops.is_empty() {
                break None;
            }
        };
        let Some(edit) = edit else { return Ok(self.store.write(|tx| tx.delete_local(name))?) };
        let mut reissue = reissue;
        reissue.note(seq, &again.positions, &edit.dots);
        moving.moved = reissue.into_moved();
        let record = self.keys.seal_local(MOVING, &moving.encode(), &mut ctx.entropy())?;
        // Blobs that the entry names for the first time are here already.
        let blobs: Vec<BlobRecord> = Vec::new();
        self.store_edit(edit, blobs, ctx, |tx| {
            tx.put_local(MOVING, &record)?;
            tx.delete_local(name)
        })
    }

    /// Every write, present and past, of the objects that an entry touches.
    fn known_dots(&self, again: &Again) -> Result<BTreeSet<(ObjectId, Dot)>, Failure> {
        let mut known = BTreeSet::new();
        for object in again.ops.iter().filter_map(|op| op.object()).collect::<BTreeSet<ObjectId>>() {
            let Some(state) = self.state(object)? else { continue };
            known.extend(state.fields().flat_map(|(_, field)| field.dots()).map(|dot| (object, dot)));
            self.each_past(object, |record| {
                known.insert((object, record.dot));
            })?;
        }
        Ok(known)
    }

    /// The first part: see the module.
    fn rebuild_without(&mut self, from: u64, place: NewPlace, records: Vec<(String, Vec<u8>)>, ctx: &mut Ctx<'_>) -> Result<(), MoveError> {
        let NewPlace { control, fresh: entries, log, key } = place;
        let old_log = self.replica.state().own;
        let extents = self.store.read().logs()?;
        if extents.iter().any(|extent| extent.first_seq > 1) || !self.replica.state().truncated.0.is_empty() {
            return Err(MoveError::HistoryMissing);
        }
        let mut batch: Vec<Arc<Opened>> = Vec::new();
        let mut moved: Vec<Arc<Opened>> = Vec::new();
        for extent in &extents {
            let mut wires = Vec::new();
            self.store.read().entries_after(extent.log, 0, u32::MAX, |record| {
                wires.push((record.seq, record.bytes.to_vec()));
                Ok::<(), StoreError>(())
            })?;
            for (seq, wire) in wires {
                if extent.log == old_log && seq >= from {
                    moved.push(self.open_frame(wire).map_err(|_| Failure::NotAuthentic)?);
                } else {
                    batch.push(self.open_frame(wire).map_err(|_| Failure::NotAuthentic)?);
                }
            }
        }
        let n_batch = batch.len();
        let fresh = Replica::new(log, ControlHead::new(control.heads().iter().copied()));
        let context = ReadContext { terms: self.keys.terms(), members: &control, store: &Empty, now_ms: ctx.now_ms };
        let plan = fresh.stage(&context, batch).map_err(|_| Failure::Damaged)?;
        if plan.entries.len() + plan.quarantined.len() != n_batch {
            // Something that stays builds on something that moves: nobody else has seen the latter.
            return Err(MoveError::Failed(Failure::Damaged));
        }
        // What was applied here of a closed log counts as far as somebody has said in time that it was seen. Where the entries that say so move,
        // this device takes it over as its own: nothing that a person has seen and built on goes.
        moved.extend(plan.quarantined.iter().cloned());
        moved.sort_by_key(|entry| (entry.body.as_ref().map(|body| body.hlc), entry.log, entry.seq));
        let moving = Moving { old_log, moved: BTreeMap::new() };
        let record = self.keys.seal_local(MOVING, &moving.encode(), &mut ctx.entropy())?;
        let moved: Vec<(String, Vec<u8>)> = moved
            .iter()
            .enumerate()
            .map(|(at, entry)| {
                let name = format!("{MOVING_ENTRY}{at:020}");
                let sealed = self.keys.seal_local(&name, &entry.wire, &mut ctx.entropy())?;
                Ok((name, sealed))
            })
            .collect::<Result<_, Failure>>()?;
        let seed = self.keys.seal_local(local::LOG_KEY, key.expose(), &mut ctx.entropy())?;
        let previous = self.keys.seal_local(local::PREVIOUS_LOG_KEY, self.log_key.expose(), &mut ctx.entropy())?;
        let purges = self.keys.seal_local(local::PURGES, &encode_purges(&plan.step.state().pending), &mut ctx.entropy())?;
        let sealed = self.seal_fresh_step(&plan.step, ctx)?;
        let descriptors = self.missing_descriptors_of_fresh(&plan.step, ctx)?;
        let heads: Vec<Applied> = plan
            .step
            .state()
            .logs
            .iter()
            .map(|(log, state)| Applied {
                log: *log,
                head: state.head,
                status: if state.stopped { LogStatus::Stopped } else { LogStatus::Open },
            })
            .collect();
        self.store.write(|tx| {
            tx.clear_view()?;
            tx.cut_log(old_log, from)?;
            entries.iter().try_for_each(|entry| {
                let (hash, bytes) = (entry.hash(), entry.encode());
                tx.put_control(ControlRecord { hash, number: entry.number, bytes: &bytes }).map(drop)
            })?;
            records.iter().try_for_each(|(name, sealed)| tx.put_local(name, sealed))?;
            heads.iter().try_for_each(|applied| tx.put_applied(*applied))?;
            sealed.store(tx)?;
            descriptors.iter().try_for_each(|descriptor| descriptor.store_new(tx))?;
            tx.put_local(local::PURGES, &purges)?;
            tx.put_local(local::LOG_KEY, &seed)?;
            tx.put_local(local::PREVIOUS_LOG_KEY, &previous)?;
            tx.put_local(MOVING, &record)?;
            moved.iter().try_for_each(|(name, sealed)| tx.put_local(name, sealed))
        })?;
        self.control = control;
        self.previous_log_key = Some(std::mem::replace(&mut self.log_key, key));
        self.n_entries = 0;
        self.replica = fresh;
        let gone: Vec<ObjectId> = {
            let kept: std::collections::BTreeSet<ObjectId> = plan.step.objects.iter().map(|change| change.object).collect();
            self.index.rows().map(|row| row.id).filter(|id| !kept.contains(id)).collect()
        };
        for object in &gone {
            self.index.remove(*object);
        }
        self.contents.retain(|_, place| !gone.contains(&place.0));
        if !gone.is_empty() {
            ctx.emit(Event::RowsChanged { changed: Vec::new(), gone });
        }
        self.take_over(plan.step, ctx);
        Ok(())
    }
}

/// Which log is left, and the new names of what has moved.
struct Moving {
    old_log: LogId,
    moved: BTreeMap<Dot, Dot>,
}

impl Moving {
    fn encode(&self) -> zeroize::Zeroizing<Vec<u8>> {
        cbor::encode(|writer| {
            writer.array(2)?.bytes(&self.old_log.0)?.array(self.moved.len() as u64)?;
            self.moved.iter().try_for_each(|(old, new)| {
                writer.array(2)?;
                cbor::write_dot(writer, old)?;
                cbor::write_dot(writer, new)
            })
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        cbor::decode(
            bytes,
            |reader| {
                cbor::tuple(reader, 2)?;
                let old_log = LogId(cbor::fixed(reader)?);
                let n_moved = cbor::array_len(reader, usize::MAX)?;
                let mut moved = BTreeMap::new();
                for _ in 0..n_moved {
                    cbor::tuple(reader, 2)?;
                    moved.insert(cbor::read_dot(reader)?, cbor::read_dot(reader)?);
                }
                Ok(Self { old_log, moved })
            },
            Self::encode,
        )
    }
}
