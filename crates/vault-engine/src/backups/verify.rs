//! The first pass over a backup: every record to the end, so that nothing of a cut or altered file is ever taken over (MF01–MF04). The restore
//! drill is this pass with every row decoded, every attachment byte opened, and a comparison with the live vault.

use std::collections::HashMap;

use vault_crypto::{backup::BackupReader, bytes::ReadAt, secret::StateTerms};
use vault_model::{Attachment, payload};
use vault_protocol::{BlobId, ObjectId, VaultId};
use zeroize::Zeroizing;

use super::{
    SharedSource,
    key::{OpenBackup, OpenedBy},
    record::{RecordKind, split_blob, split_object},
    stream::BlobStream,
};
use crate::{
    command::{BackupKeyInput, RequestId, SourceId},
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{DrillReport, Event, Failure, Progress, Stage},
    jobs::SLICE_BYTES,
    log::{
        root::{Root, Term},
        row,
    },
    session::edit::object_kind,
};

/// What goes on with a backup all of which is genuine.
type Then = Box<dyn FnOnce(&mut Engine, OpenBackup, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// Reads all of `backup`, then goes on.
pub(super) fn verify(backup: OpenBackup, then: Then) -> Result<Step, Failure> {
    let reader = backup.locked.file.reader(&backup.key, backup.locked.source.clone())?;
    // A delta follows a state that a restore does not have.
    reader.check_base(None)?;
    let total = backup.locked.source.len_bytes();
    Step::job(VerifyJob { reader, body: Zeroizing::default(), done: 0, total, rest: Some((backup, then)) })
}

struct VerifyJob {
    reader: BackupReader<SharedSource>,
    body: Zeroizing<Vec<u8>>,
    done: u64,
    total: u64,
    rest: Option<(OpenBackup, Then)>,
}

impl Job for VerifyJob {
    fn slice(&mut self, engine: &mut Engine, _: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let until = self.done + SLICE_BYTES as u64;
        while self.done < until {
            match self.reader.next_record(&mut self.body)? {
                Some(kind) => {
                    check_record(RecordKind::from_number(kind)?, &self.body)?;
                    self.done += self.body.len() as u64;
                }
                None => {
                    return match self.rest.take() {
                        Some((backup, then)) => then(engine, backup, ctx).map(Slice::End),
                        None => Ok(Slice::End(Step::Done)),
                    };
                }
            }
        }
        Ok(Slice::More(Progress { stage: Stage::Checking, done: self.done, total: self.total }))
    }
}

/// Whether a record is of the form that its kind asks for.
fn check_record(kind: RecordKind, body: &[u8]) -> Result<(), Failure> {
    match kind {
        RecordKind::Row => row::decode_row(split_object(body)?.1).map(drop).map_err(|_| Failure::BackupDamaged),
        RecordKind::Blob => split_blob(body).map(drop),
        RecordKind::Retired if body.len().is_multiple_of(ObjectId::LEN) => Ok(()),
        RecordKind::Retired => Err(Failure::BackupDamaged),
        RecordKind::State | RecordKind::KitSaved | RecordKind::Purges | RecordKind::Page | RecordKind::BlobPiece => Ok(()),
    }
}

impl Engine {
    pub(crate) fn test_backup(&mut self, source: SourceId, key: BackupKeyInput, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.open_backup(
            source,
            key,
            ctx,
            Box::new(|engine, backup, _| {
                let reader = backup.locked.file.reader(&backup.key, backup.locked.source.clone())?;
                let terms = match &backup.by {
                    OpenedBy::OpenVault => Some(engine.session()?.keys.opened().state().terms()),
                    OpenedBy::Factors(factors) => Some(factors.opened.state().terms()),
                    // The vault's keys are not at hand: signature and counts have to do.
                    OpenedBy::Passphrase => None,
                };
                let report = DrillReport { n_items: 0, n_attachments: 0, len_bytes: 0, n_behind: 0, damaged: Vec::new() };
                let total = backup.locked.source.len_bytes();
                let vault = backup.locked.file.vault();
                let drill = DrillJob {
                    reader,
                    vault,
                    body: Zeroizing::default(),
                    done: 0,
                    total,
                    report,
                    changed_ms: HashMap::new(),
                    attachments: HashMap::new(),
                    blob: None,
                    terms,
                    sum: Root::default(),
                };
                Step::job(drill)
            }),
        )
    }
}

struct DrillJob {
    reader: BackupReader<SharedSource>,
    vault: VaultId,
    body: Zeroizing<Vec<u8>>,
    done: u64,
    total: u64,
    report: DrillReport,
    /// When each item of the backup was last changed.
    changed_ms: HashMap<ObjectId, u64>,
    /// By blob: an attachment that names it, and its item's title. Removed once its bytes were read.
    attachments: HashMap<BlobId, (String, Attachment)>,
    /// The blob whose bytes are coming, and its item's title.
    blob: Option<(String, BlobStream)>,
    /// What the root is made with, where the vault's keys are at hand.
    terms: Option<StateTerms>,
    sum: Root,
}

impl Job for DrillJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let until = self.done + SLICE_BYTES as u64;
        while self.done < until {
            match self.reader.next_record(&mut self.body)? {
                Some(kind) => {
                    self.done += self.body.len() as u64;
                    self.take(RecordKind::from_number(kind)?)?;
                }
                None => {
                    self.end_blob();
                    let root = self.reader.facts().map(|facts| facts.root);
                    if self.terms.is_some() && root != Some(self.sum.0) {
                        // The file is as it was written, and what was written is not one state.
                        return Err(Failure::BackupDamaged);
                    }
                    self.compare(engine);
                    ctx.emit(Event::Tested(request, self.report.clone()));
                    return Ok(Slice::End(Step::Done));
                }
            }
        }
        Ok(Slice::More(Progress { stage: Stage::Checking, done: self.done, total: self.total }))
    }
}

impl DrillJob {
    fn take(&mut self, kind: RecordKind) -> Result<(), Failure> {
        match kind {
            RecordKind::Row => {
                let (object, body) = split_object(&self.body)?;
                let state = row::decode_row(body).map_err(|_| Failure::BackupDamaged)?;
                if let Some(terms) = &self.terms {
                    self.sum.add(Term::of_object(terms, object, body));
                }
                match payload::compose(object, state.values()) {
                    Ok(item) => {
                        self.report.n_items += 1;
                        self.changed_ms.insert(object, state.modified_ms());
                        let title = item.title.clone();
                        self.attachments.extend(item.attachments.into_iter().map(|found| (found.blob, (title.clone(), found))));
                    }
                    Err(_) if object_kind(&state) == Some(payload::OBJECT_ITEM) => self.report.damaged.push(object.to_string()),
                    Err(_) => {}
                }
            }
            RecordKind::Blob => {
                let (blob, len) = split_blob(&self.body)?;
                self.end_blob();
                // A blob that only history names has no attachment here: its bytes are covered by the backup's own authentication.
                self.blob = self.attachments.remove(&blob).map(|(title, attachment)| (title, BlobStream::new(self.vault, attachment, len)));
            }
            RecordKind::BlobPiece => {
                if let Some((title, stream)) = &mut self.blob
                    && stream.push(&self.body, &mut |_| Ok(())).is_err()
                {
                    self.report.damaged.push(std::mem::take(title));
                    self.blob = None;
                }
            }
            RecordKind::Retired => {
                if let Some(terms) = &self.terms {
                    let ids = self.body.chunks_exact(ObjectId::LEN).filter_map(ObjectId::from_slice);
                    ids.for_each(|object| self.sum.add(Term::of_retired(terms, object)));
                }
            }
            RecordKind::State | RecordKind::KitSaved | RecordKind::Purges | RecordKind::Page => {}
        }
        Ok(())
    }

    /// All bytes of a blob have come.
    fn end_blob(&mut self) {
        let Some((title, stream)) = self.blob.take() else { return };
        match stream.finish() {
            Ok(attachment) => {
                self.report.n_attachments += 1;
                self.report.len_bytes += attachment.len_bytes;
            }
            Err(_) => self.report.damaged.push(title),
        }
    }

    fn compare(&mut self, engine: &Engine) {
        self.report.damaged.extend(self.attachments.drain().map(|(_, (title, _))| title));
        let Some(session) = engine.session.as_ref().filter(|session| session.vault == self.vault) else { return };
        let behind = |row: &&vault_model::ItemRow| self.changed_ms.get(&row.id).is_none_or(|changed| *changed < row.changed_ms);
        self.report.n_behind = session.index.rows().filter(behind).count() as u64;
    }
}
