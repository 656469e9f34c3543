//! The write path: ops → one signed, sealed entry → one SQLite transaction with the rows that change → events.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use vault_model::{FieldClass, FieldKey, Item, ItemRow, Seen, draft::Change, payload::OBJECT_ITEM};
use vault_protocol::{BlobId, Dot, ObjectId};
use vault_store::{Applied, AttachmentRecord, AttachmentState, BlobRecord, EntryRecord, LogStatus, Pushed, RowRecord, StoreError};
use zeroize::Zeroizing;

use super::{Contents, Session, local, news};
use crate::{
    context::Ctx,
    event::{Event, Failure, InvalidWhat},
    index::Index,
    log::{
        edit::Edit as LogEdit,
        object::{ObjectState, alive_key},
        op::{Op, Value, Write},
        replica::Step as LogStep,
        state::encode_purges,
        store::ObjectChange,
    },
};

/// Ops of one entry: under the ceiling of 4096, and few enough that an entry of ordinary values stays under 1 MiB.
const OPS_PER_ENTRY: usize = 1000;
/// Bytes of values in one entry, with room below the ceiling of 1 MiB for ops and padding.
const VALUE_BYTES_PER_ENTRY: usize = 700 * 1024;

/// What is to change. Each object is written over what its editor saw, or over what is there now.
#[derive(Default)]
pub(crate) struct Edit {
    objects: BTreeMap<ObjectId, ObjectEdit>,
    purges: Vec<ObjectId>,
    /// Files that the changes name for the first time.
    pub(crate) blobs: Vec<BlobRecord>,
}

#[derive(Default)]
struct ObjectEdit {
    changes: BTreeMap<FieldKey, Option<Zeroizing<Vec<u8>>>>,
    seen: Option<Seen>,
}

impl Edit {
    /// Changes one object.
    pub(crate) fn of(object: ObjectId, changes: impl IntoIterator<Item = Change>) -> Self {
        let mut edit = Self::default();
        changes.into_iter().for_each(|change| edit.change(object, change));
        edit
    }

    /// Adds a change.
    pub(crate) fn change(&mut self, object: ObjectId, change: Change) {
        self.objects.entry(object).or_default().changes.insert(change.key, change.value);
    }

    /// The writes that the editor of an object saw.
    pub(crate) fn seen(&mut self, object: ObjectId, seen: Seen) {
        self.objects.entry(object).or_default().seen = Some(seen);
    }

    /// Asks for final removal.
    pub(crate) fn purge(&mut self, object: ObjectId) {
        self.purges.push(object);
    }

    /// Whether nothing would be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.purges.is_empty() && self.objects.values().all(|object| object.changes.is_empty())
    }
}

impl Session {
    /// Carries an edit out: durable when this returns. Tells the client which rows changed.
    pub(crate) fn edit(&mut self, edit: Edit, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        self.check_writable()?;
        let Edit { objects, purges, mut blobs } = edit;
        let mut ops = Vec::new();
        let mut value_bytes = 0;
        for (object, edit) in objects {
            let object_ops = self.ops_of(object, edit)?;
            let bytes: usize = object_ops.iter().map(value_len).sum();
            if bytes > VALUE_BYTES_PER_ENTRY || object_ops.len() > OPS_PER_ENTRY {
                return Err(Failure::Invalid(InvalidWhat::ItemTooLarge));
            }
            if ops.len() + object_ops.len() > OPS_PER_ENTRY || value_bytes + bytes > VALUE_BYTES_PER_ENTRY {
                self.write_entry(std::mem::take(&mut ops), std::mem::take(&mut blobs), ctx)?;
                value_bytes = 0;
            }
            value_bytes += bytes;
            ops.extend(object_ops);
        }
        for object in purges {
            if ops.len() >= OPS_PER_ENTRY {
                self.write_entry(std::mem::take(&mut ops), std::mem::take(&mut blobs), ctx)?;
            }
            ops.push(Op::Purge { object });
        }
        if ops.is_empty() { Ok(()) } else { self.write_entry(ops, blobs, ctx) }
    }

    fn ops_of(&self, object: ObjectId, edit: ObjectEdit) -> Result<Vec<Op>, Failure> {
        let ObjectEdit { changes, seen } = edit;
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let state = self.state(object)?.unwrap_or_default();
        let over = |key: &FieldKey| -> Vec<Dot> {
            match &seen {
                Some(seen) => seen.dots(key).to_vec(),
                None => state.field(key).map(|field| field.dots()).unwrap_or_default(),
            }
        };
        let write = |key: FieldKey, value: Option<Value>| Op::Write(Write { object, over: over(&key), key, value });
        let mut ops: Vec<Op> = Vec::with_capacity(changes.len() + 1);
        let decides = changes.contains_key(&alive_key());
        for (key, value) in changes {
            ops.push(write(key, value.map(Value::new)));
        }
        if !decides {
            ops.push(write(alive_key(), Some(Value::boolean(true))));
        }
        Ok(ops)
    }

    /// Seals one entry and stores it with all that follows from it.
    pub(crate) fn write_entry(&mut self, ops: Vec<Op>, blobs: Vec<BlobRecord>, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let new_blobs: Vec<BlobId> = blobs.iter().map(|record| record.blob).collect();
        let edit = self.replica.edit(&self.write_context(ctx.now_ms)?, ops, &new_blobs, &mut ctx.entropy())?;
        self.store_edit(edit, blobs, ctx, |_| Ok(()))
    }

    /// Stores an entry of ours with all that follows from it, and with whatever belongs to it.
    pub(crate) fn store_edit(
        &mut self,
        edit: LogEdit,
        blobs: Vec<BlobRecord>,
        ctx: &mut Ctx<'_>,
        with: impl FnOnce(&vault_store::Write<'_>) -> Result<(), StoreError>,
    ) -> Result<(), Failure> {
        let sealed = self.seal_step(&edit.step, ctx)?;
        self.store.write(|tx| {
            tx.append_entry(EntryRecord { log: edit.log, seq: edit.head.seq, hash: edit.head.hash, bytes: edit.wire.wire() }, Pushed::No)?;
            tx.put_applied(Applied { log: edit.log, head: edit.head, status: LogStatus::Open })?;
            blobs.iter().try_for_each(|record| tx.put_blob(*record))?;
            sealed.store(tx)?;
            with(tx)
        })?;
        self.n_entries += 1;
        self.sync.note_change(ctx.now_ms);
        self.take_over(edit.step, ctx);
        Ok(())
    }

    /// Seals all that a step stores.
    pub(crate) fn seal_step(&self, step: &LogStep, ctx: &mut Ctx<'_>) -> Result<SealedStep, Failure> {
        self.seal_step_on(step, |object| Ok(self.store.read().n_history(object)?), ctx)
    }

    /// As [`Self::seal_step`], for a view that is built anew.
    pub(crate) fn seal_fresh_step(&self, step: &LogStep, ctx: &mut Ctx<'_>) -> Result<SealedStep, Failure> {
        self.seal_step_on(step, |_| Ok(0), ctx)
    }

    fn seal_step_on(
        &self,
        step: &LogStep,
        n_history: impl Fn(ObjectId) -> Result<u32, Failure>,
        ctx: &mut Ctx<'_>,
    ) -> Result<SealedStep, Failure> {
        let mut objects = Vec::with_capacity(step.objects.len());
        for change in &step.objects {
            let entropy = &mut ctx.entropy();
            let row = self.keys.seal_row(change.object, &change.row, entropy)?;
            let first_page = n_history(change.object)?;
            let pages = (first_page..)
                .zip(&change.history)
                .map(|(page, body)| Ok((page, self.keys.seal_page(change.object, page, body, entropy)?)))
                .collect::<Result<_, Failure>>()?;
            let attachments = self.seal_attachments(change, entropy)?;
            objects.push(SealedObject { object: change.object, term: change.term.0, row, pages, attachments });
        }
        let replica = self.keys.seal_local(local::REPLICA, &step.state().encode(), &mut ctx.entropy())?;
        let purges = step.purges(&self.replica).map(encode_purges);
        let purges = purges.map(|body| self.keys.seal_local(local::PURGES, &body, &mut ctx.entropy())).transpose()?;
        Ok(SealedStep { objects, retired: step.retired.clone(), replica, purges })
    }

    fn seal_attachments(&self, change: &ObjectChange, entropy: &mut dyn vault_crypto::Entropy) -> Result<Vec<SealedAttachment>, Failure> {
        let mut out = Vec::new();
        for (key, field) in change.state.fields().filter(|(key, _)| key.class == FieldClass::Attachment) {
            let Ok(id) = <[u8; 16]>::try_from(key.element.as_slice()) else { continue };
            let Some((_, written)) = field.shown() else { continue };
            let Some(value) = &written.value else {
                out.push(SealedAttachment { id, current: None });
                continue;
            };
            let Ok(attachment) = vault_model::payload::decode_attachment(key, value.expose()) else { continue };
            let sealed = self.keys.seal_local(&local::descriptor(change.object, id), value.expose(), entropy)?;
            out.push(SealedAttachment { id, current: Some((attachment.blob, local::size_class(attachment.n_chunks), sealed)) });
        }
        Ok(out)
    }

    /// Takes a stored step into memory: replica, index, rows shown, blobs that nothing names any more.
    pub(crate) fn take_over(&mut self, step: LogStep, ctx: &mut Ctx<'_>) {
        let touched: BTreeSet<ObjectId> = step.objects.iter().map(|change| change.object).chain(step.retired.iter().copied()).collect();
        self.contents.retain(|_, place| !touched.contains(&place.0));
        self.revision += 1;
        let mut changed = Vec::new();
        let mut gone = Vec::new();
        for change in &step.objects {
            match self.index_object(change.object, &change.state) {
                Some(row) => changed.push(row),
                None if self.index.remove(change.object) => gone.push(change.object),
                None => {}
            }
        }
        for object in &step.retired {
            if self.index.remove(*object) {
                gone.push(*object);
            }
        }
        let swept = !step.retired.is_empty();
        if !changed.is_empty() || !gone.is_empty() {
            ctx.emit(Event::RowsChanged { changed, gone });
        }
        news::of_step(&step.notices).for_each(|notice| ctx.emit(Event::Notice(notice)));
        self.replica.commit(step);
        if swept {
            self.delete_unused_blobs();
        }
    }

    /// Deletes the files that no descriptor names: record first, so that a crash leaves an orphan, which the next start sweeps. What fails
    /// here is tried again at the next start; the edit that came before stands.
    pub(crate) fn delete_unused_blobs(&mut self) {
        if Rc::strong_count(&self.blob_pins) > 1 {
            // A backup is reading; its end deletes them.
            return;
        }
        let unused = self.store.read().unused_blobs().unwrap_or_default();
        let is_shared = self.sync.is_on();
        let forget = |tx: &vault_store::Write<'_>, blob: BlobId| {
            if is_shared {
                tx.set_blob_released(blob, true)?;
            }
            tx.delete_blob(blob)
        };
        if unused.is_empty() || self.store.write(|tx| unused.iter().try_for_each(|blob| forget(tx, *blob))).is_err() {
            return;
        }
        self.sweep(&unused);
    }

    /// Deletes those of the files that have no record; how many there were.
    pub(crate) fn sweep(&mut self, files: &[BlobId]) -> u64 {
        let mut n_swept = 0;
        for blob in files {
            if matches!(self.store.read().blob(*blob), Ok(None)) && self.blobs.delete(*blob).is_ok() {
                n_swept += 1;
            }
        }
        n_swept
    }

    /// Brings the index up to date with an object; gives its list row if it is an item.
    pub(crate) fn index_object(&mut self, object: ObjectId, state: &ObjectState) -> Option<ItemRow> {
        let kind = object_kind(state);
        if kind != Some(OBJECT_ITEM) {
            self.index_other(object, kind, state);
            return None;
        }
        let item = vault_model::payload::compose(object, state.values()).ok()?;
        Some(index_item(&mut self.index, &mut self.contents, item, state.is_conflicted(), state.modified_ms()))
    }
}

/// Brings the index up to date with an item; gives its list row.
pub(crate) fn index_item(index: &mut Index, contents: &mut Contents, item: Item, conflict: bool, changed_ms: u64) -> ItemRow {
    for attachment in &item.attachments {
        contents.insert((attachment.len_bytes, attachment.content_hash), (item.id, attachment.id));
    }
    index.put(item, conflict, changed_ms)
}

/// What an object is: `OBJECT_ITEM` and its like; `None` if it does not say.
pub(crate) fn object_kind(state: &ObjectState) -> Option<u64> {
    kind_number(state.shown(&FieldKey::single(FieldClass::Object)))
}

/// As [`object_kind`], of the value shown of its `Object`.
pub(crate) fn kind_number(shown: Option<&[u8]>) -> Option<u64> {
    shown.and_then(|bytes| minicbor::decode(bytes).ok())
}

/// A step, sealed.
pub(crate) struct SealedStep {
    objects: Vec<SealedObject>,
    retired: Vec<ObjectId>,
    replica: Vec<u8>,
    purges: Option<Vec<u8>>,
}

struct SealedObject {
    object: ObjectId,
    term: [u8; 32],
    row: Vec<u8>,
    pages: Vec<(u32, Vec<u8>)>,
    attachments: Vec<SealedAttachment>,
}

struct SealedAttachment {
    id: [u8; 16],
    /// `None`: taken away; history still names it.
    current: Option<(BlobId, u8, Vec<u8>)>,
}

impl SealedStep {
    /// Puts it into a running transaction.
    pub(crate) fn store(&self, tx: &vault_store::Write<'_>) -> Result<(), StoreError> {
        for SealedObject { object, term, row, pages, attachments } in &self.objects {
            tx.put_row(RowRecord { object: *object, term: *term, sealed: row })?;
            pages.iter().try_for_each(|(page, sealed)| tx.put_history(*object, *page, sealed))?;
            for SealedAttachment { id, current } in attachments {
                match current {
                    Some((blob, size_class, sealed)) => tx.put_attachment(AttachmentRecord {
                        object: *object,
                        attachment: *id,
                        blob: *blob,
                        size_class: *size_class,
                        state: AttachmentState::Current,
                        sealed,
                    })?,
                    None => set_past(tx, *object, *id)?,
                }
            }
        }
        self.retired.iter().try_for_each(|object| tx.retire(*object))?;
        self.purges.iter().try_for_each(|purges| tx.put_local(local::PURGES, purges))?;
        tx.put_local(local::REPLICA, &self.replica)
    }
}

/// Marks a descriptor as one that only history names.
fn set_past(tx: &vault_store::Write<'_>, object: ObjectId, attachment: [u8; 16]) -> Result<(), StoreError> {
    let mut found = None;
    tx.attachments(object, |record| {
        if record.attachment == attachment {
            found = Some((record.blob, record.size_class, record.sealed.to_vec()));
        }
        Ok::<(), StoreError>(())
    })?;
    match found {
        Some((blob, size_class, sealed)) => {
            let state = AttachmentState::Past;
            tx.put_attachment(AttachmentRecord { object, attachment, blob, size_class, state, sealed: &sealed })
        }
        None => Ok(()),
    }
}

fn value_len(op: &Op) -> usize {
    match op {
        Op::Write(write) => write.value.as_ref().map_or(0, |value| value.expose().len()) + write.key.element.len() + 64,
        Op::Purge { .. } | Op::Snapshot { .. } | Op::Truncate { .. } => 64,
    }
}
