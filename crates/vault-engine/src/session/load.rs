//! From keys to an open session: the small records at once, the rows in slices.

use std::rc::Rc;

use minicbor::{Decode, Encode};
use vault_crypto::{secret::LogSigningKey, vault::Opened};
use vault_model::{
    FieldClass, ItemDraft,
    payload::{self, OBJECT_ITEM},
};
use vault_protocol::{BlobId, ObjectId, control::ControlLog};
use vault_store::{Cursor, StoreError, VaultEntry, VaultStore};
use zeroize::Zeroizing;

use super::{
    Keys, LastBackup, Session,
    edit::{index_item, kind_number},
    local, news,
};
use crate::{
    command::{RequestId, VaultSettings},
    context::{Ctx, Job, Slice, Step, Then},
    engine::Engine,
    event::{DeviceKeyPlace, Event, Failure, Notice, Progress, ReadOnlyReason, Stage},
    files::{FileRecord, Files},
    index::Index,
    log::{
        replica::{Replica, ReplicaState},
        root::{Root, Term},
        row,
        shown::ShownRow,
    },
    session::settings::device_name_edit,
    sync::SyncSession,
    vaults::salvage,
};

/// Rows opened in one slice: some milliseconds.
const ROWS_PER_SLICE: u32 = 512;

/// What is at hand when a vault's keys have been opened.
pub(crate) struct Unlocked {
    pub(crate) entry: VaultEntry,
    pub(crate) store: VaultStore,
    pub(crate) control: ControlLog,
    pub(crate) opened: Opened,
    pub(crate) key_place: DeviceKeyPlace,
    pub(crate) lock: Box<dyn std::any::Any>,
}

/// What is told once the vault is shown.
pub(crate) struct Loading {
    draft: Option<Box<ItemDraft>>,
}

impl Engine {
    /// Makes `unlocked` the open session, tells the client and goes on with the rows.
    pub(crate) fn open_session(&mut self, unlocked: Unlocked, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let loading = self.open_session_quietly(unlocked, ctx)?;
        self.show_session(loading, done(), ctx)
    }

    /// Makes `unlocked` the open session; the client is told by [`Self::show_session`].
    pub(crate) fn open_session_quietly(&mut self, unlocked: Unlocked, ctx: &mut Ctx<'_>) -> Result<Loading, Failure> {
        let record = unlocked.entry.continuity.clone();
        let (session, draft) = Session::open(unlocked, ctx)?;
        self.devices.opened(session.vault, ctx.now_ms).or_else(ignore_read_only)?;
        self.session = Some(session);
        self.begin_opening();
        self.check_continuity(&record, ctx)?;
        self.note_place(ctx)?;
        self.collect_old_keys(ctx)?;
        Ok(Loading { draft })
    }

    /// Opens a vault that has just come to this device, and names the device in it. The client gets the list of vaults, and of this one it is
    /// told by [`Self::show_session`].
    pub(crate) fn move_in(&mut self, unlocked: Unlocked, ctx: &mut Ctx<'_>) -> Result<Loading, Failure> {
        let device = unlocked.entry.device;
        let loading = self.open_session_quietly(unlocked, ctx)?;
        let name = ctx.host.device_name();
        self.session()?.edit(device_name_edit(device, &name), ctx)?;
        self.list_vaults(ctx)?;
        Ok(loading)
    }

    /// Tells the client of the open session, which has no draft, and goes on with its rows.
    pub(crate) fn show_opened(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.show_session(Loading { draft: None }, done(), ctx)
    }

    /// Tells the client of the open session and goes on with its rows, and after them with `then`.
    pub(crate) fn show_session(&mut self, loading: Loading, then: Then, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        ctx.emit(Event::Opened { status: session.status(), draft: loading.draft });
        let total = session.store.read().n_rows()?;
        let revision = session.revision;
        // Files that are here now: what is attached from now on is not among them.
        let files =
            if session.read_only.is_none() { session.blobs.list()?.into_iter().map(|(blob, _)| blob).collect() } else { Vec::new() };
        Step::job(LoadJob { files, cursor: Cursor::default(), done: 0, total, sum: Root::default(), revision, then: Some(then) })
    }
}

impl Session {
    pub(crate) fn open(unlocked: Unlocked, ctx: &mut Ctx<'_>) -> Result<(Self, Option<Box<ItemDraft>>), Failure> {
        let Unlocked { entry, store, control, opened, key_place, lock } = unlocked;
        let keys = Keys::new(opened);
        let local = |name: &str| -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
            let sealed = store.read().local(name)?;
            sealed.map(|sealed| keys.open_local(name, &sealed).map_err(|_| Failure::NotAuthentic)).transpose()
        };
        let log_key = local(local::LOG_KEY)?.and_then(|seed| LogSigningKey::from_slice(&seed)).ok_or(Failure::Damaged)?;
        let previous_log_key = local(local::PREVIOUS_LOG_KEY)?.and_then(|seed| LogSigningKey::from_slice(&seed));
        let state = local(local::REPLICA)?.ok_or(Failure::Damaged)?;
        let purges = local(local::PURGES)?;
        let state = ReplicaState::decode(&state, purges.as_deref().map(Vec::as_slice)).map_err(|_| Failure::Damaged)?;
        let draft = local(local::DRAFT)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let last_backup = local(local::LAST_BACKUP)?.and_then(|bytes| minicbor::decode(&bytes).ok());
        let kit_saved = store.read().local(local::KIT_COPY)?.is_none();
        let retired = store.read().retired()?;
        let sync = SyncSession::load(&store, &keys)?;
        let files = Files::new(FileRecord::load(&store, &keys)?);
        let n_entries = state.seq(state.own);
        let read_only = match store.access() {
            vault_store::Access::Write => None,
            vault_store::Access::Read(vault_store::ReadOnly::NewerSchema { .. }) => Some(ReadOnlyReason::NewerFormat),
            vault_store::Access::Read(vault_store::ReadOnly::Salvage) => Some(ReadOnlyReason::Damaged),
            vault_store::Access::Read(_) => Some(ReadOnlyReason::Medium),
        };
        let blobs = ctx.host.blobs(&entry.folder)?;
        // The control log says which device writes our log; the index only says where to look.
        let device = control.state().logs().get(&state.own).map_or(entry.device, |log| log.device);
        let session = Self {
            vault: entry.vault,
            name: entry.name,
            folder: entry.folder,
            device,
            store,
            blobs,
            control,
            keys,
            log_key,
            previous_log_key,
            replica: Replica::load(state, retired),
            index: Index::default(),
            contents: Default::default(),
            device_names: Default::default(),
            settings: VaultSettings::default(),
            key_place,
            kit_saved,
            files,
            read_only,
            live: None,
            n_entries,
            revision: 0,
            sync,
            joining: None,
            last_backup,
            blob_pins: Rc::new(()),
            attaching: Rc::new(()),
            _lock: lock,
        };
        Ok((session, draft))
    }
}

/// Opens every row once; secrets are wiped, the overview stays. Compares the root.
struct LoadJob {
    cursor: Cursor,
    done: u64,
    total: u64,
    sum: Root,
    /// The rows' revision at the start: if it grows meanwhile, the sum says nothing.
    revision: u64,
    /// Files that were here at the start; those without a record are orphans.
    files: Vec<BlobId>,
    then: Option<Then>,
}

impl Job for LoadJob {
    fn slice(&mut self, engine: &mut Engine, _: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let session = engine.session()?;
        if self.done == 0 {
            session.index.reserve(self.total);
        }
        let Session { store, keys, index, contents, .. } = &mut *session;
        let (sum, mut body) = (&mut self.sum, Zeroizing::new(Vec::new()));
        let (mut rows, mut others) = (Vec::with_capacity(ROWS_PER_SLICE as usize), Vec::new());
        let (mut n_read, mut n_damaged) = (0_u64, 0_u64);
        let next = store.read().rows_after(self.cursor, ROWS_PER_SLICE, |record| {
            n_read += 1;
            let read = keys.open_row_into(record.object, record.sealed, &mut body).ok().and_then(|()| {
                sum.add(Term::of_object(keys.terms(), record.object, &body));
                ShownRow::read(&body).ok()
            });
            match read {
                Some(row) if kind_number(row.shown((FieldClass::Object, &[]))) == Some(OBJECT_ITEM) => {
                    if let Ok(item) = payload::compose_parts(record.object, row.values()) {
                        rows.push(index_item(index, contents, item, row.is_conflicted(), row.modified_ms()));
                    }
                }
                Some(_) => others.extend(row::decode_row(&body).ok().map(|state| (record.object, state))),
                None => n_damaged += 1,
            }
            Ok::<(), StoreError>(())
        });
        let next = match next {
            // From here on a copy of what is readable, held in memory (MF12).
            Err(StoreError::Damaged(_)) if session.read_only != Some(ReadOnlyReason::Damaged) => {
                session.store = salvage(&session.folder, ctx)?;
                session.read_only = Some(ReadOnlyReason::Damaged);
                (self.cursor, self.done) = (Cursor::default(), 0);
                return Ok(Slice::More(Progress { stage: Stage::Opening, done: 0, total: self.total }));
            }
            next => next?,
        };
        self.done += n_read;
        for (object, state) in &others {
            session.index_object(*object, state);
        }
        if n_damaged > 0 {
            session.read_only = Some(ReadOnlyReason::Damaged);
        }
        let Some(next) = next else {
            ctx.emit(Event::Rows { rows, last: true });
            return self.finish(engine, ctx);
        };
        ctx.emit(Event::Rows { rows, last: false });
        self.cursor = next;
        Ok(Slice::More(Progress { stage: Stage::Opening, done: self.done, total: self.total }))
    }
}

impl LoadJob {
    fn finish(&mut self, engine: &mut Engine, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let session = engine.session()?;
        for object in session.replica.retired().collect::<Vec<ObjectId>>() {
            self.sum.add(Term::of_retired(session.keys.terms(), object));
        }
        if session.revision == self.revision && self.sum != session.replica.state().root {
            session.read_only = Some(ReadOnlyReason::Damaged);
        }
        if session.read_only.is_none() {
            session.delete_unused_blobs();
            let n_swept = session.sweep(&self.files);
            if n_swept > 0 {
                ctx.emit(Event::Notice(Notice::OrphansSwept(n_swept)));
            }
        }
        if let Some(notice) = news::of_clock(session.replica.state(), ctx.now_ms) {
            ctx.emit(Event::Notice(notice));
        }
        session.tell_status(ctx);
        engine.opening = None;
        engine.sync_after_opening(ctx);
        match self.then.take() {
            Some(then) => then(engine, ctx).map(Slice::End),
            None => Ok(Slice::End(Step::Done)),
        }
    }
}

/// Nothing more to do.
fn done() -> Then {
    Box::new(|_, _| Ok(Step::Done))
}

/// A data folder on a medium that can't be written: nothing is noted there.
fn ignore_read_only(error: StoreError) -> Result<(), Failure> {
    match Failure::from(error) {
        Failure::ReadOnly => Ok(()),
        failure => Err(failure),
    }
}

impl<C> Encode<C> for LastBackup {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.array(2)?.u64(self.made_ms)?.u64(self.n_entries)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for LastBackup {
    fn decode(decoder: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        decoder.array()?;
        Ok(Self { made_ms: decoder.u64()?, n_entries: decoder.u64()? })
    }
}
