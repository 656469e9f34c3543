//! Taking the items of a backup over as this vault's own writes: into a new vault (passphrase only) or merged into the open one.
//!
//! Nothing that is here is overwritten: a value that the open vault has never had comes in as a concurrent one, both are kept. Attachments are
//! sealed anew, with fresh names and keys; content that is here already is not stored twice.

use std::collections::{BTreeSet, HashMap};

use vault_crypto::{backup::BackupReader, blob::BlobSealer, bytes::ReadAt};
use vault_model::{Attachment, AttachmentId, FieldClass, FieldKey, Item, draft::Change, payload};
use vault_protocol::{BlobId, Dot, Hash, ObjectId, VaultId};
use zeroize::Zeroizing;

use super::{
    SharedSource,
    key::OpenBackup,
    record::{RecordKind, split_blob, split_object},
    stream::BlobStream,
};
use crate::{
    bytes::BlobOut,
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Event, Failure, Progress, RestoreReport, Stage},
    handlers::files::blob_record,
    jobs::SLICE_BYTES,
    log::{object::ObjectState, row},
    session::{Edit, Session, settings::SETTINGS},
};

/// Objects written as one edit: an entry or a few, and one transaction each.
const OBJECTS_PER_EDIT: usize = 64;

/// Where the items go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A vault that was made for them: every object gets an id of its own there.
    NewVault,
    /// The vault that the backup is of.
    SameVault,
}

/// Starts on a backup that has been verified; the target is the open session.
pub(super) fn import(engine: &mut Engine, backup: OpenBackup, target: Target, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    let session = engine.session()?;
    session.check_writable()?;
    let reader = backup.locked.file.reader(&backup.key, backup.locked.source.clone())?;
    let report = RestoreReport::new(session.vault);
    Step::job(ImportJob {
        reader,
        from: backup.locked.file.vault(),
        target,
        id_key: ctx.make_bytes()?,
        body: Zeroizing::default(),
        done: 0,
        total: backup.locked.source.len_bytes(),
        edit: Edit::default(),
        n_in_edit: 0,
        wanted: HashMap::new(),
        blob: None,
        report,
    })
}

struct ImportJob {
    reader: BackupReader<SharedSource>,
    from: VaultId,
    target: Target,
    /// Makes new object ids of old ones.
    id_key: [u8; 32],
    body: Zeroizing<Vec<u8>>,
    done: u64,
    total: u64,
    edit: Edit,
    n_in_edit: usize,
    /// Attachments whose bytes have not come yet, by blob.
    wanted: HashMap<BlobId, Vec<(ObjectId, Attachment)>>,
    blob: Option<Resealing>,
    report: RestoreReport,
}

/// A blob that is opened and sealed anew as it comes.
struct Resealing {
    of: Vec<(ObjectId, Attachment)>,
    stream: BlobStream,
    sealer: BlobSealer,
    out: BlobOut,
}

impl Job for ImportJob {
    fn writes(&self) -> bool {
        true
    }

    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let until = self.done + SLICE_BYTES as u64;
        while self.done < until {
            let Some(kind) = self.reader.next_record(&mut self.body)? else {
                self.write(engine.session()?, ctx)?;
                self.end_blob(engine.session()?, ctx)?;
                // Their bytes were missing already when the backup was written, and it said so.
                self.report.n_missing = std::mem::take(&mut self.wanted).values().map(|of| of.len() as u64).sum();
                ctx.emit(Event::Restored(request, self.report.clone()));
                return Ok(Slice::End(Step::Done));
            };
            self.done += self.body.len() as u64;
            let kind = RecordKind::from_number(kind)?;
            self.take(engine.session()?, kind, ctx)?;
            if kind == RecordKind::Blob {
                // One new file a slice: see `BlobStore::create`.
                break;
            }
        }
        Ok(Slice::More(Progress { stage: Stage::Writing, done: self.done, total: self.total }))
    }
}

impl ImportJob {
    fn take(&mut self, session: &mut Session, kind: RecordKind, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        match kind {
            RecordKind::Row => {
                let (object, body) = split_object(&self.body)?;
                let state = row::decode_row(body).map_err(|_| Failure::BackupDamaged)?;
                self.object(session, object, &state)?;
                if self.n_in_edit >= OBJECTS_PER_EDIT {
                    self.write(session, ctx)?;
                }
            }
            RecordKind::Blob => {
                self.write(session, ctx)?;
                self.end_blob(session, ctx)?;
                let (blob, len) = split_blob(&self.body)?;
                if let Some(of) = self.wanted.remove(&blob) {
                    self.start_blob(session, of, len, ctx)?;
                }
            }
            RecordKind::BlobPiece => {
                if let Some(Resealing { stream, sealer, out, .. }) = &mut self.blob {
                    stream.push(&self.body, &mut |plain| Ok(sealer.push(plain, out)?))?;
                }
            }
            RecordKind::State | RecordKind::KitSaved | RecordKind::Purges | RecordKind::Retired | RecordKind::Page => {}
        }
        Ok(())
    }

    /// Adds what one object brings to the edit.
    fn object(&mut self, session: &Session, old: ObjectId, state: &ObjectState) -> Result<(), Failure> {
        let item = payload::compose(old, state.values()).ok();
        match self.target {
            Target::NewVault => match item {
                Some(item) => self.add_item(item, self.new_id(old)),
                // Names of devices are another vault's; settings are the person's.
                None if old == SETTINGS => {
                    let settings = state.values().filter(|(key, _)| key.class != FieldClass::Alive);
                    settings.for_each(|(key, value)| self.edit.change(SETTINGS, set(key, value)));
                }
                None => {}
            },
            Target::SameVault if session.replica.is_retired(old) => self.report.purged.extend(item.map(|item| item.title)),
            Target::SameVault => match (session.state(old)?, item) {
                (None, Some(item)) => self.add_item(item, old),
                (Some(here), _) => self.merge(session, old, state, &here)?,
                (None, None) => {}
            },
        }
        Ok(())
    }

    fn add_item(&mut self, mut item: Item, id: ObjectId) {
        let attachments = std::mem::take(&mut item.attachments);
        item.links = item.links.iter().map(|link| if self.target == Target::NewVault { self.new_id(*link) } else { *link }).collect();
        for (key, value) in payload::decompose(&item) {
            self.edit.change(id, Change { key, value: Some(value) });
        }
        self.want(id, attachments);
        self.report.n_added += 1;
        self.n_in_edit += 1;
    }

    /// Adds the writes that the open vault has never had, beside what it has.
    fn merge(&mut self, session: &Session, object: ObjectId, from: &ObjectState, here: &ObjectState) -> Result<(), Failure> {
        let mut known: BTreeSet<Dot> = here.fields().flat_map(|(_, field)| field.dots()).collect();
        session.each_past(object, |record| known.extend([record.dot]))?;
        let mut attachments = Vec::new();
        let mut changes = Vec::new();
        for (key, field) in from.fields() {
            let unknown = field.live().filter(|(dot, _)| !known.contains(dot));
            let newest = unknown.max_by_key(|(dot, written)| (written.hlc, **dot));
            let Some(value) = newest.and_then(|(_, written)| written.value.as_ref()) else { continue };
            if here.shown(key) == Some(value.expose()) {
                continue;
            }
            match key.class {
                FieldClass::Attachment => attachments.extend(payload::decode_attachment(key, value.expose())),
                _ => changes.push(set(key, value.expose())),
            }
        }
        if changes.is_empty() && attachments.is_empty() {
            self.report.n_equal += u64::from(session.index.row(object).is_some());
            return Ok(());
        }
        self.report.n_changed += 1;
        self.n_in_edit += 1;
        for change in changes {
            self.edit.change(object, change);
        }
        // Over nothing: what is here stays beside it.
        self.edit.seen(object, Default::default());
        self.want(object, attachments);
        Ok(())
    }

    fn want(&mut self, object: ObjectId, attachments: Vec<Attachment>) {
        for attachment in attachments {
            self.wanted.entry(attachment.blob).or_default().push((object, attachment));
        }
    }

    fn write(&mut self, session: &mut Session, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        self.n_in_edit = 0;
        session.edit(std::mem::take(&mut self.edit), ctx)
    }

    fn start_blob(&mut self, session: &mut Session, of: Vec<(ObjectId, Attachment)>, len: u64, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let Some((_, first)) = of.first() else { return Ok(()) };
        let (sealer, out) = session.start_blob(first.len_bytes, ctx)?;
        let stream = BlobStream::new(self.from, copy(first), len);
        self.blob = Some(Resealing { of, stream, sealer, out });
        Ok(())
    }

    /// All bytes of a blob have come: its attachments get their new descriptor.
    fn end_blob(&mut self, session: &mut Session, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let Some(Resealing { of, stream, sealer, mut out }) = self.blob.take() else { return Ok(()) };
        stream.finish()?;
        let made = sealer.finish(&mut out)?;
        let known = of.first().and_then(|(_, first)| session.content(first.len_bytes, first.content_hash).transpose()).transpose()?;
        let mut edit = Edit::default();
        let (blob, key, n_chunks) = match known {
            Some(known) => {
                out.0.abort();
                (known.blob, known.blob_key, known.n_chunks)
            }
            None => {
                out.0.finish()?;
                edit.blobs.push(blob_record(&made)?);
                (made.blob, Zeroizing::new(*made.key.expose()), u64::from(made.n_chunks))
            }
        };
        for (object, attachment) in of {
            let id = match self.target {
                Target::NewVault => AttachmentId(ctx.make_bytes()?),
                Target::SameVault => attachment.id,
            };
            let attachment = Attachment { id, blob, blob_key: key.clone(), n_chunks, ..attachment };
            edit.change(object, Change::attach(&attachment));
            self.report.n_attachments += 1;
        }
        session.edit(edit, ctx)
    }

    /// The id of an object in the new vault: another for every import, so that two vaults have nothing in common (MS29).
    fn new_id(&self, old: ObjectId) -> ObjectId {
        let digest = blake3::keyed_hash(&self.id_key, &old.0);
        let mut id = [0; 16];
        id.copy_from_slice(&digest.as_bytes()[..16]);
        ObjectId(id)
    }
}

fn set(key: &FieldKey, value: &[u8]) -> Change {
    Change { key: key.clone(), value: Some(Zeroizing::new(value.to_vec())) }
}

/// A second descriptor of the same body.
fn copy(attachment: &Attachment) -> Attachment {
    Attachment {
        id: attachment.id,
        blob: attachment.blob,
        blob_key: attachment.blob_key.clone(),
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        len_bytes: attachment.len_bytes,
        n_chunks: attachment.n_chunks,
        content_hash: Hash(attachment.content_hash.0),
        added_ms: attachment.added_ms,
    }
}
