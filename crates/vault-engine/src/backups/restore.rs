//! What becomes of a backup: a new vault, the same vault again on this device, or a merge into the open one.

use std::collections::HashSet;

use vault_crypto::{
    backup::BackupReader,
    bytes::{Append, ReadAt},
    compose::{self, Retired, SelfEnrolled},
    secret::{DeviceSecret, PasswordKey},
};
use vault_model::{FieldClass, payload};
use vault_protocol::{BlobId, DeviceId, ObjectId, VaultId, control::ControlLog};
use vault_store::{
    Applied, AttachmentState, BlobState, ControlRecord, LogStatus, RowRecord, StoreError, VaultEntry, VaultStore, blobs::BlobStore,
};
use zeroize::Zeroizing;

use super::{
    SharedSource,
    import::{Target, import},
    key::{OpenBackup, OpenedBy, TwoFactors},
    record::{RecordKind, split_blob, split_object, split_page},
    verify::verify,
};
use crate::{
    bytes::BlobOut,
    command::{BackupKeyInput, RequestId, RestoreInto, SourceId},
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{DeviceKeyPlace, Event, Failure, LockReason, Progress, RestoreReport, Stage},
    factors::{self, MIN_CHARS_ALONE},
    jobs::SLICE_BYTES,
    log::{
        body::ControlHead,
        replica::{Replica, ReplicaState},
        root::{Root, Term},
        row,
        state::encode_purges,
    },
    rekey::{KitChange, Strength, put_key, rekey},
    session::{Keys, descriptor::Descriptor, load::Unlocked, local},
    vaults::{NewFolder, checked_name, put_control},
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
    let OpenedBy::Factors(factors) = by else { return Err(Failure::BackupDamaged) };
    let TwoFactors { opened, password, device } = *factors;
    engine.lock(LockReason::Switched, ctx);
    let vault = opened.vault();
    let present = engine.devices.vault(vault)?;
    let NewFolder { name: folder_name, store, lock } = NewFolder::make(vault, ctx)?;
    let blobs = ctx.host.blobs(&folder_name)?;
    let reader = locked.file.reader(&key, locked.source.clone())?;
    let control = ControlLog::from_entries(vault, locked.file.control().entries().map(|(_, entry)| entry.clone()))
        .map_err(|_| Failure::BackupDamaged)?;
    let report = RestoreReport::new(vault);
    let mut job = RestoreJob {
        reader,
        body: Zeroizing::default(),
        done: 0,
        total: locked.source.len_bytes(),
        parts: Some(Parts {
            name,
            folder: folder_name.clone(),
            store,
            blobs,
            keys: Keys::new(opened),
            password,
            device,
            control,
            lock,
            present,
        }),
        state: None,
        retired: Vec::new(),
        sum: Root::default(),
        batch: Vec::new(),
        kit_saved: false,
        folder: folder_name,
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
    password: Option<PasswordKey>,
    /// This device as it was when the backup was made.
    device: Option<DeviceId>,
    control: ControlLog,
    lock: Box<dyn std::any::Any>,
    /// The vault's entry on this device, if it is here already.
    present: Option<VaultEntry>,
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
    /// Sealed and not stored yet: one transaction for all of a slice.
    batch: Vec<Sealed>,
    kit_saved: bool,
    folder: String,
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
                self.store_batch()?;
                self.end_blob()?;
                return self.finish(request).map(Slice::End);
            };
            self.done += self.body.len() as u64;
            let kind = RecordKind::from_number(kind)?;
            self.take(kind, ctx)?;
            if kind == RecordKind::Blob {
                // One new file a slice: see `BlobStore::create`.
                break;
            }
        }
        self.store_batch()?;
        Ok(Slice::More(Progress { stage: Stage::Writing, done: self.done, total: self.total }))
    }

    fn abandon(&mut self, ctx: &mut Ctx<'_>) {
        self.blob = None;
        self.parts = None;
        // What stays behind is ciphertext that nothing lists.
        ctx.host.delete_folder(&self.folder).ok();
    }
}

impl RestoreJob {
    fn parts(&mut self) -> Result<&mut Parts, Failure> {
        self.parts.as_mut().ok_or(Failure::BackupDamaged)
    }

    fn store_control(&mut self) -> Result<(), Failure> {
        let Parts { store, control, .. } = self.parts()?;
        Ok(store.write(|tx| put_control(tx, control))?)
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
            RecordKind::KitSaved => {
                self.kit_saved = self.body.as_slice() == [1];
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
                self.store_batch()?;
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
        let Parts { keys, .. } = self.parts.as_ref().ok_or(Failure::BackupDamaged)?;
        let term = Term::of_object(keys.terms(), object, body);
        self.sum.add(term);
        self.batch.push(Sealed::Row { object, term: term.0, sealed: keys.seal_row(object, body, &mut ctx.entropy())? });
        self.known.clear();
        if let Ok(item) = payload::compose(object, state.values()) {
            self.report.n_added += 1;
            self.report.n_attachments += item.attachments.len() as u64;
            for attachment in item.attachments {
                self.known.insert((object, attachment.id.0));
                self.batch.push(Sealed::Descriptor(Descriptor::seal(keys, object, attachment, AttachmentState::Current, ctx)?));
            }
        }
        Ok(())
    }

    fn page(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let (object, page, body) = split_page(&self.body)?;
        let records = row::decode_history(body).map_err(|_| Failure::BackupDamaged)?;
        let Parts { keys, .. } = self.parts.as_ref().ok_or(Failure::BackupDamaged)?;
        self.batch.push(Sealed::Page { object, page, sealed: keys.seal_page(object, page, body, &mut ctx.entropy())? });
        for record in records.iter().filter(|record| record.key.class == FieldClass::Attachment) {
            let past = record.write.value.as_ref().and_then(|value| payload::decode_attachment(&record.key, value.expose()).ok());
            if let Some(past) = past.filter(|past| self.known.insert((object, past.id.0))) {
                self.batch.push(Sealed::Descriptor(Descriptor::seal(keys, object, past, AttachmentState::Past, ctx)?));
            }
        }
        Ok(())
    }

    fn store_batch(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return Ok(());
        }
        Ok(self.parts()?.store.write(|tx| batch.iter().try_for_each(|sealed| sealed.store(tx)))?)
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
        let (retired, report, kit_saved) = (std::mem::take(&mut self.retired), self.report.clone(), self.kit_saved);
        Step::next(move |_, ctx| {
            let device_key = DeviceSecret::make(&mut ctx.entropy())?;
            put_key(parts.control.vault(), device_key, kit_saved, move |engine, device_key, place, ctx| {
                let old_device = parts.device.or_else(|| parts.present.as_ref().map(|entry| entry.device));
                let password = enrol(engine, parts, state, retired, &device_key, place, ctx)?;
                if let Some(old_device) = old_device {
                    retire(engine, old_device, ctx);
                }
                ctx.emit(Event::Restored(request, report));
                if kit_saved {
                    return engine.show_opened(ctx);
                }
                // No copy of R is in a backup, and nobody has a kit: a new one, or this vault would hang on one key store for ever.
                rekey(engine, password, Strength::Alone, KitChange::Replace, Box::new(|engine, ctx| engine.show_opened(ctx)), ctx)
            })
        })
    }
}

/// Gives this device its place in the restored vault and makes the folder this device's. Gives P back.
fn enrol(
    engine: &mut Engine,
    parts: Parts,
    state: ReplicaState,
    retired: Vec<ObjectId>,
    device_key: &DeviceSecret,
    key_place: DeviceKeyPlace,
    ctx: &mut Ctx<'_>,
) -> Result<Option<PasswordKey>, Failure> {
    let Parts { name, folder, mut store, keys, password, mut control, lock, present, .. } = parts;
    let vault: VaultId = control.vault();
    let made = compose::make_self_enrol(&control, keys.opened(), password.as_ref(), device_key, &mut ctx.entropy())?;
    let SelfEnrolled { entry, device, log, log_key } = made;
    let (hash, number, bytes) = (entry.hash(), entry.number, entry.encode());
    control.append(entry).map_err(|_| Failure::BackupDamaged)?;
    let mut replica = Replica::load(state, retired);
    let head = ControlHead::new(control.heads().iter().copied());
    let folded = replica.fold_control(&control, head).map_err(|_| Failure::BackupDamaged)?;
    replica.commit(Replica::adopting(folded, log));
    // The entries themselves are on other devices and carriers, not here.
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
    let entry = VaultEntry::new(vault, folder, name, device, log, ctx.now_ms);
    match present {
        // The earlier folder stays on disk until the vault is deleted.
        Some(_) => engine.devices.replace(&entry)?,
        None => engine.devices.add(&entry)?,
    }
    let opened = keys.into_opened();
    engine.move_in(Unlocked { entry, store, control, opened, key_place, lock }, ctx)?;
    Ok(password)
}

/// Sets aside what this device was before: it will never sign anything again, and purges must not wait for it.
fn retire(engine: &mut Engine, old_device: DeviceId, ctx: &mut Ctx<'_>) {
    let Ok(session) = engine.session() else { return };
    // The vault is whole without it: where it can't be done, the device is shown and can be set aside later.
    if let Ok(entry) = compose::make_retire(&session.control, Retired::Device(old_device), &session.log_key) {
        session.append_control(entry, None, ctx, |_| Ok(())).ok();
    }
}

/// Something that is ready to be stored.
enum Sealed {
    Row { object: ObjectId, term: [u8; 32], sealed: Vec<u8> },
    Page { object: ObjectId, page: u32, sealed: Vec<u8> },
    Descriptor(Descriptor),
}

impl Sealed {
    fn store(&self, tx: &vault_store::Write<'_>) -> Result<(), StoreError> {
        match self {
            Self::Row { object, term, sealed } => tx.put_row(RowRecord { object: *object, term: *term, sealed }),
            Self::Page { object, page, sealed } => tx.put_history(*object, *page, sealed),
            Self::Descriptor(descriptor) => descriptor.store(tx),
        }
    }
}
