//! What becomes of a backup: a new vault, the same vault again on this device, or a merge into the open one.

use std::collections::HashSet;

use vault_crypto::{
    backup::BackupReader,
    blob::sealed_len_bytes,
    bytes::{Append, ReadAt},
    compose::{self, SelfEnrolled},
    secret::{DeviceSecret, PasswordKey},
    vault::Opened,
};
use vault_model::{Attachment, FieldClass, payload};
use vault_protocol::{BlobId, ObjectId, VaultId, control::ControlLog};
use vault_store::{
    Applied, AttachmentRecord, AttachmentState, BlobRecord, BlobState, ControlRecord, LogStatus, RowRecord, StoreError, VaultEntry,
    VaultStore, blobs::BlobStore, folder,
};
use zeroize::Zeroizing;

use super::{
    SharedSource,
    import::{Target, import},
    key::{OpenBackup, OpenedBy},
    record::{RecordKind, split_blob, split_object, split_page},
    verify::verify,
};
use crate::{
    bytes::BlobOut,
    command::{BackupKeyInput, RequestId, RestoreInto, SourceId},
    context::{Ctx, Job, Slice, Step},
    effect::LockError,
    engine::Engine,
    event::{Event, Failure, LockReason, Progress, RestoreReport, Stage},
    factors::{self, MIN_CHARS_ALONE},
    jobs::SLICE_BYTES,
    log::{
        body::ControlHead,
        replica::{Replica, ReplicaState},
        root::{Root, Term},
        row,
        state::encode_purges,
    },
    rekey::put_key,
    session::{Keys, load::Unlocked, local, settings::device_name_edit},
    vaults::checked_name,
};

impl Engine {
    pub(crate) fn restore(&mut self, source: SourceId, key: BackupKeyInput, into: RestoreInto, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        match &into {
            RestoreInto::Vault { name, new_password } => {
                checked_name(name)?;
                if let (BackupKeyInput::Passphrase(_), Some(password)) = (&key, new_password) {
                    factors::check_length(password, MIN_CHARS_ALONE)?;
                }
            }
            RestoreInto::OpenVault => self.session()?.check_writable()?,
        }
        self.open_backup(
            source,
            key,
            ctx,
            Box::new(move |_, backup, _| {
                verify(
                    backup,
                    Box::new(move |engine, backup, ctx| match (into, &backup.by) {
                        (RestoreInto::OpenVault, _) if backup.locked.file.vault() == engine.session()?.vault => {
                            import(engine, backup, Target::SameVault, ctx)
                        }
                        (RestoreInto::OpenVault, _) => Err(Failure::BackupOfOtherVault),
                        (RestoreInto::Vault { name, .. }, OpenedBy::Factors(..)) => restore_same(engine, backup, name, ctx),
                        (RestoreInto::Vault { name, new_password }, OpenedBy::Passphrase | OpenedBy::OpenVault) => engine
                            .create_vault_then(
                                &name,
                                new_password,
                                Box::new(move |engine, ctx| import(engine, backup, Target::NewVault, ctx)),
                                ctx,
                            ),
                    }),
                )
            }),
        )
    }
}

/// Builds the vault's folder beside whatever is there, verifies it, enrols this device, and only then makes it this device's (MF03).
fn restore_same(engine: &mut Engine, backup: OpenBackup, name: String, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    let OpenBackup { locked, key, by } = backup;
    let OpenedBy::Factors(opened, password) = by else { return Err(Failure::BackupDamaged) };
    engine.lock(LockReason::Switched, ctx);
    let vault = opened.vault();
    let present = engine.devices.vault(vault)?;
    let generation = present.as_ref().and_then(|entry| folder::generation(vault, &entry.folder)).map_or(0, |generation| generation + 1);
    let folder_name = folder::name(vault, generation);
    // What an interrupted restore has left behind.
    ctx.host.delete_folder(&folder_name)?;
    ctx.host.make_folder(&folder_name)?;
    let lock = ctx.host.lock_folder(&folder_name).map_err(|error| match error {
        LockError::InUse => Failure::InUse,
        LockError::Io => Failure::Io,
    })?;
    let (store, _) = VaultStore::open(&folder::database(ctx.host.data_dir(), &folder_name), ctx.host.profile())?;
    let blobs = ctx.host.blobs(&folder_name)?;
    let reader = locked.file.reader(&key, locked.source.clone())?;
    let control = ControlLog::from_entries(vault, locked.file.control().entries().map(|(_, entry)| entry.clone()))
        .map_err(|_| Failure::BackupDamaged)?;
    let report = RestoreReport { vault, n_added: 0, n_changed: 0, n_equal: 0, purged: Vec::new(), n_attachments: 0 };
    let mut job = RestoreJob {
        reader,
        body: Zeroizing::default(),
        done: 0,
        total: locked.source.len_bytes(),
        parts: Some(Parts {
            name,
            folder: folder_name,
            store,
            blobs,
            keys: Keys::new(*opened),
            password,
            control,
            lock,
            was_here: present.is_some(),
        }),
        state: None,
        retired: Vec::new(),
        sum: Root::default(),
        blob: None,
        known: HashSet::new(),
        report,
    };
    job.store_control()?;
    Step::job(job)
}

/// What the restored vault is made of.
struct Parts {
    name: String,
    folder: String,
    store: VaultStore,
    blobs: Box<dyn BlobStore>,
    keys: Keys,
    password: PasswordKey,
    control: ControlLog,
    lock: Box<dyn std::any::Any>,
    was_here: bool,
}

struct RestoreJob {
    reader: BackupReader<SharedSource>,
    body: Zeroizing<Vec<u8>>,
    done: u64,
    total: u64,
    parts: Option<Parts>,
    state: Option<ReplicaState>,
    retired: Vec<ObjectId>,
    sum: Root,
    blob: Option<(BlobId, BlobOut)>,
    /// Current attachments of the object whose history is being read.
    known: HashSet<(ObjectId, [u8; 16])>,
    report: RestoreReport,
}

impl Job for RestoreJob {
    fn slice(&mut self, _: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let until = self.done + SLICE_BYTES as u64;
        while self.done < until {
            let Some(kind) = self.reader.next_record(&mut self.body)? else {
                self.end_blob()?;
                return self.finish(request).map(Slice::End);
            };
            self.done += self.body.len() as u64;
            self.take(RecordKind::from_number(kind)?, ctx)?;
        }
        Ok(Slice::More(Progress { stage: Stage::Writing, done: self.done, total: self.total }))
    }
}

impl RestoreJob {
    fn parts(&mut self) -> Result<&mut Parts, Failure> {
        self.parts.as_mut().ok_or(Failure::BackupDamaged)
    }

    fn store_control(&mut self) -> Result<(), Failure> {
        let Parts { store, control, .. } = self.parts()?;
        Ok(store.write(|tx| {
            control.entries().try_for_each(|(hash, entry)| {
                tx.put_control(ControlRecord { hash, number: entry.number, bytes: &entry.encode() }).map(drop)
            })
        })?)
    }

    fn take(&mut self, kind: RecordKind, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        match kind {
            RecordKind::State => {
                let state = ReplicaState::decode(&self.body, None).map_err(|_| Failure::BackupDamaged)?;
                let store = &mut self.parts()?.store;
                store.write(|tx| {
                    state.vector().0.iter().try_for_each(|(log, head)| {
                        tx.adopt_log_head(*log, *head)?;
                        tx.put_applied(Applied { log: *log, head: *head, status: LogStatus::Open })
                    })
                })?;
                self.state = Some(state);
                Ok(())
            }
            RecordKind::Purges => {
                let state = self.state.as_ref().ok_or(Failure::BackupDamaged)?.encode();
                self.state = Some(ReplicaState::decode(&state, Some(&self.body)).map_err(|_| Failure::BackupDamaged)?);
                Ok(())
            }
            RecordKind::Retired => {
                let ids: Vec<ObjectId> = self.body.chunks_exact(ObjectId::LEN).filter_map(ObjectId::from_slice).collect();
                let Parts { store, keys, .. } = self.parts.as_mut().ok_or(Failure::BackupDamaged)?;
                store.write(|tx| ids.iter().try_for_each(|object| tx.retire(*object)))?;
                ids.iter().for_each(|object| self.sum.add(Term::of_retired(keys.terms(), *object)));
                self.retired.extend(ids);
                Ok(())
            }
            RecordKind::Row => self.row(ctx),
            RecordKind::Page => self.page(ctx),
            RecordKind::Blob => {
                self.end_blob()?;
                let (blob, _) = split_blob(&self.body)?;
                let out = BlobOut(self.parts()?.blobs.create(blob)?);
                self.blob = Some((blob, out));
                Ok(())
            }
            RecordKind::BlobPiece => match &mut self.blob {
                Some((_, out)) => Ok(out.append(&self.body)?),
                None => Err(Failure::BackupDamaged),
            },
        }
    }

    fn row(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let (object, body) = split_object(&self.body)?;
        let state = row::decode_row(body).map_err(|_| Failure::BackupDamaged)?;
        let Parts { store, keys, .. } = self.parts.as_mut().ok_or(Failure::BackupDamaged)?;
        let term = Term::of_object(keys.terms(), object, body);
        self.sum.add(term);
        let sealed = keys.seal_row(object, body, &mut ctx.entropy())?;
        let mut attachments = Vec::new();
        if let Ok(item) = payload::compose(object, state.values()) {
            self.report.n_added += 1;
            self.report.n_attachments += item.attachments.len() as u64;
            for attachment in item.attachments {
                attachments.push(Descriptor::seal(keys, object, attachment, AttachmentState::Current, ctx)?);
            }
        }
        store.write(|tx| {
            tx.put_row(RowRecord { object, term: term.0, sealed: &sealed })?;
            attachments.iter().try_for_each(|attachment| attachment.store(tx))
        })?;
        self.known.clear();
        self.known.extend(attachments.iter().map(|found| (object, found.id)));
        Ok(())
    }

    fn page(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let (object, page, body) = split_page(&self.body)?;
        let records = row::decode_history(body).map_err(|_| Failure::BackupDamaged)?;
        let Parts { store, keys, .. } = self.parts.as_mut().ok_or(Failure::BackupDamaged)?;
        let sealed = keys.seal_page(object, page, body, &mut ctx.entropy())?;
        let mut attachments = Vec::new();
        for record in records.iter().filter(|record| record.key.class == FieldClass::Attachment) {
            let past = record.write.value.as_ref().and_then(|value| payload::decode_attachment(&record.key, value.expose()).ok());
            if let Some(past) = past.filter(|past| !self.known.contains(&(object, past.id.0))) {
                attachments.push(Descriptor::seal(keys, object, past, AttachmentState::Past, ctx)?);
            }
        }
        Ok(store.write(|tx| {
            tx.put_history(object, page, &sealed)?;
            attachments.iter().try_for_each(|attachment| attachment.store(tx))
        })?)
    }

    fn end_blob(&mut self) -> Result<(), Failure> {
        let Some((blob, out)) = self.blob.take() else { return Ok(()) };
        out.0.finish()?;
        let Parts { store, .. } = self.parts()?;
        Ok(store.write(|tx| tx.set_blob_state(blob, BlobState::Present))?)
    }

    /// Everything is there: compares the root, enrols this device and opens the vault.
    fn finish(&mut self, request: RequestId) -> Result<Step, Failure> {
        let (Some(parts), Some(state)) = (self.parts.take(), self.state.take()) else { return Err(Failure::BackupDamaged) };
        if self.sum != state.root || self.reader.facts().is_none_or(|facts| facts.root != state.root.0) {
            return Err(Failure::BackupDamaged);
        }
        parts.store.quick_check()?;
        let (retired, report) = (std::mem::take(&mut self.retired), self.report.clone());
        Step::next(move |_, ctx| {
            let device_key = DeviceSecret::make(&mut ctx.entropy())?;
            // No copy of R is here: the kit, wherever it is, stays in force.
            put_key(parts.control.vault(), device_key, true, move |engine, device_key, place, ctx| {
                enrol(engine, parts, state, retired, &device_key, place, ctx)?;
                ctx.emit(Event::Restored(request, report));
                engine.show_opened(ctx)
            })
        })
    }
}

/// Gives this device its place in the restored vault and makes the folder this device's.
fn enrol(
    engine: &mut Engine,
    parts: Parts,
    state: ReplicaState,
    retired: Vec<ObjectId>,
    device_key: &DeviceSecret,
    key_place: crate::event::DeviceKeyPlace,
    ctx: &mut Ctx<'_>,
) -> Result<(), Failure> {
    let Parts { name, folder, mut store, keys, password, mut control, lock, was_here, .. } = parts;
    let vault: VaultId = control.vault();
    let made = compose::make_self_enrol(&control, keys.opened(), Some(&password), device_key, &mut ctx.entropy())?;
    let SelfEnrolled { entry, device, log, log_key } = made;
    let (hash, number, bytes) = (entry.hash(), entry.number, entry.encode());
    control.append(entry).map_err(|_| Failure::BackupDamaged)?;
    let mut replica = Replica::load(state, retired);
    let adopted = replica.adopt_log(log);
    replica.commit(adopted);
    let folded = replica.fold_control(&control, ControlHead::new(control.heads().iter().copied())).map_err(|_| Failure::BackupDamaged)?;
    replica.commit(folded);
    let vector = replica.state().vector();
    let truncated = replica.truncated(&vector);
    replica.commit(truncated);
    let log_seed = keys.seal_local(local::LOG_KEY, log_key.expose(), &mut ctx.entropy())?;
    let sealed_state = keys.seal_local(local::REPLICA, &replica.state().encode(), &mut ctx.entropy())?;
    let purges = keys.seal_local(local::PURGES, &encode_purges(&replica.state().pending), &mut ctx.entropy())?;
    store.write(|tx| {
        tx.put_control(ControlRecord { hash, number, bytes: &bytes })?;
        tx.put_local(local::PURGES, &purges)?;
        tx.put_local(local::LOG_KEY, &log_seed)?;
        tx.put_local(local::REPLICA, &sealed_state)
    })?;
    let entry = VaultEntry {
        vault,
        folder,
        replaced_folder: None,
        name,
        device,
        log,
        created_ms: ctx.now_ms,
        last_opened_ms: ctx.now_ms,
        delay: Default::default(),
        continuity: Vec::new(),
    };
    if was_here {
        // The earlier folder stays on disk until it is deleted by hand.
        engine.devices.replace_folder(vault, &entry.folder)?;
        engine.devices.set_place(vault, device, log)?;
    } else {
        engine.devices.add(&entry)?;
    }
    let opened: Opened = keys.into_opened();
    engine.open_session_quietly(Unlocked { entry, store, control, opened, key_place, lock }, ctx)?;
    let device_name = ctx.host.device_name();
    engine.session()?.edit(device_name_edit(device, &device_name), ctx)?;
    engine.list_vaults(ctx).map(drop)
}

/// A sealed descriptor and the record of its blob.
struct Descriptor {
    object: ObjectId,
    id: [u8; 16],
    blob: BlobRecord,
    state: AttachmentState,
    sealed: Vec<u8>,
}

impl Descriptor {
    fn seal(keys: &Keys, object: ObjectId, attachment: Attachment, state: AttachmentState, ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        let value = payload::encode_attachment(&attachment);
        let sealed = keys.seal_local(&local::descriptor(object, attachment.id.0), &value, &mut ctx.entropy())?;
        let len_bytes = sealed_len_bytes(attachment.len_bytes).ok_or(Failure::BackupDamaged)?;
        // Present once its bytes have come.
        let blob = BlobRecord { blob: attachment.blob, len_bytes, n_chunks: attachment.n_chunks, state: BlobState::Missing, held: false };
        Ok(Self { object, id: attachment.id.0, blob, state, sealed })
    }

    fn store(&self, tx: &vault_store::Write<'_>) -> Result<(), StoreError> {
        tx.put_blob(self.blob)?;
        tx.put_attachment(AttachmentRecord {
            object: self.object,
            attachment: self.id,
            blob: self.blob.blob,
            size_class: local::size_class(self.blob.n_chunks),
            state: self.state,
            sealed: &self.sealed,
        })
    }
}
