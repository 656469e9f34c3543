//! Writing a full backup.

use std::rc::Rc;

use vault_crypto::{
    backup::{BackupFacts, BackupPassphrase, BackupWriter, NewBackup},
    bytes::{Append, ReadAt},
    compose,
};
use vault_model::SecretText;
use vault_protocol::BlobId;
use vault_store::{BlobState, Cursor};
use zeroize::Zeroizing;

use super::record::{BLOB_PIECE_BYTES, RecordKind};
use crate::{
    bytes::{BlobBytes, SinkOut},
    command::{RequestId, SinkId},
    context::{Ctx, Job, Slice, Step},
    effect::Finish,
    engine::Engine,
    event::{BackupReport, Event, Failure, Progress, Stage},
    factors::{self, MIN_CHARS_ALONE},
    log::{body::RULES_VERSION, state::encode_purges},
    session::{LastBackup, Session, local},
};

/// Rows written in one slice.
const ROWS_PER_SLICE: u32 = 256;

impl Engine {
    pub(crate) fn backup(&mut self, sink: SinkId, passphrase: Option<SecretText>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let sink = SinkOut(ctx.host.take_sink(sink).ok_or(Failure::NotFound)?);
        let session = self.session()?;
        match passphrase.filter(|typed| !typed.is_empty()) {
            // Without a kit nothing but this device opens the file: it would be lost with the device.
            None if !session.kit_saved => Err(Failure::PassphraseRequired),
            None => start(self, Hashed::new(sink), None, ctx),
            Some(passphrase) => {
                factors::check_length(&passphrase, MIN_CHARS_ALONE)?;
                let cost = session.control.state().cost();
                let salt = compose::make_salt(&mut ctx.entropy())?;
                self.refuse_master_password(
                    passphrase,
                    Box::new(move |_, passphrase, _| {
                        factors::derive(passphrase, salt, cost, move |engine, key, ctx| {
                            start(engine, Hashed::new(sink), Some(BackupPassphrase { key: &key, salt, cost }), ctx)
                        })
                    }),
                )
            }
        }
    }
}

fn start(engine: &mut Engine, mut sink: Hashed, passphrase: Option<BackupPassphrase<'_>>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
    let session = engine.session()?;
    let state = session.replica.state();
    let new = NewBackup { control: &session.control, opened: session.keys.opened(), log: state.own, base: None, passphrase };
    let mut writer = BackupWriter::start(&new, &mut ctx.entropy(), &mut sink)?;
    writer.record(RecordKind::State as u8, &state.encode(), &mut sink)?;
    writer.record(RecordKind::KitSaved as u8, &[u8::from(session.kit_saved)], &mut sink)?;
    if !state.pending.is_empty() {
        writer.record(RecordKind::Purges as u8, &encode_purges(&state.pending), &mut sink)?;
    }
    let retired: Zeroizing<Vec<u8>> = Zeroizing::new(session.replica.retired().flat_map(|object| object.0).collect());
    for part in retired.chunks(BLOB_PIECE_BYTES) {
        writer.record(RecordKind::Retired as u8, part, &mut sink)?;
    }
    let facts = BackupFacts { vector: state.vector(), root: state.root.0, rules: RULES_VERSION as u32 };
    let report = BackupReport { n_items: 0, n_attachments: 0, n_missing: 0, len_bytes: 0, checksum: String::new() };
    let n_entries = session.n_entries;
    let hold = engine.hold_writes();
    Step::job(BackupJob {
        writer: Some(writer),
        sink,
        facts: Some(facts),
        stage: WriteStage::Rows(Cursor::default()),
        report,
        n_entries,
        hold: Some(hold),
        pin: None,
    })
}

struct BackupJob {
    writer: Option<BackupWriter>,
    sink: Hashed,
    facts: Option<BackupFacts>,
    stage: WriteStage,
    report: BackupReport,
    /// Our log's length in the state that is written.
    n_entries: u64,
    /// While rows are read nobody writes: the file holds one state. Given back before the blobs, which never change.
    hold: Option<crate::engine::Hold>,
    /// While blobs are read none is deleted.
    pin: Option<Rc<()>>,
}

enum WriteStage {
    Rows(Cursor),
    /// The last blob listed.
    Blobs(BlobId),
    Blob(BlobId, Box<(BlobBytes, u64)>),
    /// All is written; the platform makes it durable.
    Finishing,
}

impl Job for BackupJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let session = engine.session()?;
        let Some(writer) = &mut self.writer else { return self.finish(engine, request, ctx) };
        match &mut self.stage {
            WriteStage::Rows(cursor) => match write_rows(session, writer, &mut self.sink, *cursor, &mut self.report.n_items)? {
                Some(next) => *cursor = next,
                None => {
                    self.pin = Some(Rc::clone(&session.blob_pins));
                    self.hold = None;
                    self.stage = WriteStage::Blobs(BlobId::ZERO);
                }
            },
            WriteStage::Blobs(after) => {
                let listed = session.store.read().blobs_after(*after, 1)?;
                let Some(record) = listed.first() else {
                    self.pin = None;
                    session.delete_unused_blobs();
                    if let (Some(writer), Some(facts)) = (self.writer.take(), self.facts.take()) {
                        writer.finish(facts, &session.log_key, &mut self.sink)?;
                    }
                    self.stage = WriteStage::Finishing;
                    return self.finish(engine, request, ctx);
                };
                *after = record.blob;
                if record.state == BlobState::Present {
                    match session.open_blob_file(record.blob) {
                        Ok(bytes) => {
                            let head = [record.blob.0.as_slice(), &bytes.len_bytes().to_be_bytes()].concat();
                            writer.record(RecordKind::Blob as u8, &head, &mut self.sink)?;
                            self.report.n_attachments += 1;
                            self.stage = WriteStage::Blob(record.blob, Box::new((bytes, 0)));
                        }
                        // One lost file must not keep the rest from being saved (MS27).
                        Err(Failure::AttachmentMissing) => self.report.n_missing += 1,
                        Err(failure) => return Err(failure),
                    }
                } else {
                    self.report.n_missing += 1;
                }
            }
            WriteStage::Finishing => return self.finish(engine, request, ctx),
            WriteStage::Blob(blob, reading) => {
                let (bytes, at) = &mut **reading;
                let len = (bytes.len_bytes() - *at).min(BLOB_PIECE_BYTES as u64) as usize;
                if len == 0 {
                    self.stage = WriteStage::Blobs(*blob);
                } else {
                    let mut piece = vec![0; len];
                    bytes.read_at(*at, &mut piece)?;
                    writer.record(RecordKind::BlobPiece as u8, &piece, &mut self.sink)?;
                    *at += len as u64;
                }
            }
        }
        Ok(Slice::More(Progress { stage: Stage::Writing, done: self.sink.len_bytes, total: 0 }))
    }
}

impl BackupJob {
    fn finish(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        self.report.len_bytes = self.sink.len_bytes;
        if self.sink.sink.0.finish()? == Finish::Pending {
            return Ok(Slice::More(Progress { stage: Stage::Writing, done: self.sink.len_bytes, total: 0 }));
        }
        self.report.checksum = self.sink.hasher.finalize().to_hex().to_string();
        let session = engine.session()?;
        let last = LastBackup { made_ms: ctx.now_ms, n_entries: self.n_entries };
        session.last_backup = Some(last);
        if session.read_only.is_none() {
            let body = minicbor::to_vec(last).unwrap_or_default();
            let sealed = session.keys.seal_local(local::LAST_BACKUP, &body, &mut ctx.entropy())?;
            session.store.write(|tx| tx.put_local(local::LAST_BACKUP, &sealed))?;
        }
        ctx.emit(Event::BackedUp(request, self.report.clone()));
        session.tell_status(ctx);
        Ok(Slice::End(Step::Done))
    }
}

/// Writes a slice of objects, each with its history.
fn write_rows(
    session: &Session,
    writer: &mut BackupWriter,
    sink: &mut Hashed,
    cursor: Cursor,
    n_items: &mut u64,
) -> Result<Option<Cursor>, Failure> {
    session.store.read().rows_after(cursor, ROWS_PER_SLICE, |record| {
        let object = record.object;
        let body = session.keys.open_row(object, record.sealed).map_err(|_| Failure::Damaged)?;
        let body = Zeroizing::new([object.0.as_slice(), &body].concat());
        writer.record(RecordKind::Row as u8, &body, sink)?;
        *n_items += u64::from(session.index.row(object).is_some());
        for page in 0..session.store.read().n_history(object)? {
            let sealed = session.store.read().history_page(object, page)?.ok_or(Failure::Damaged)?;
            let body = session.keys.open_page(object, page, &sealed).map_err(|_| Failure::Damaged)?;
            let body = Zeroizing::new([object.0.as_slice(), &page.to_be_bytes(), &body].concat());
            writer.record(RecordKind::Page as u8, &body, sink)?;
        }
        Ok::<(), Failure>(())
    })
}

/// A sink that counts and hashes: the checksum that is shown.
struct Hashed {
    sink: SinkOut,
    hasher: blake3::Hasher,
    len_bytes: u64,
}

impl Hashed {
    fn new(sink: SinkOut) -> Self {
        Self { sink, hasher: blake3::Hasher::new(), len_bytes: 0 }
    }
}

impl Append for Hashed {
    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.update(bytes);
        self.len_bytes += bytes.len() as u64;
        self.sink.append(bytes)
    }
}
