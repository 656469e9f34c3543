//! "Check vault": database, control log, every entry of every log, every row, their sum against the root, every attachment.

use std::collections::BTreeSet;

use vault_crypto::blob::BlobReader;
use vault_model::{Attachment, payload};
use vault_protocol::{BlobId, LogId, ObjectId, entry::WireEntry};
use vault_store::{Cursor, StoreError};

use crate::{
    bytes::BlobBytes,
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{CheckReport, Event, Failure, Problem, ProblemKind, Progress, Stage},
    jobs::SLICE_BYTES,
    log::{
        root::{Root, Term},
        row,
    },
    session::Session,
};

/// Entries or rows verified in one slice.
const PER_SLICE: u32 = 256;

impl Engine {
    pub(crate) fn check_vault(&mut self, read_attachments: bool, _: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let logs = session.store.read().logs()?.into_iter().map(|extent| (extent.log, extent.first_seq - 1)).collect();
        let total = session.store.read().n_rows()?;
        Step::job(CheckJob {
            report: CheckReport::default(),
            read_attachments,
            stage: CheckStage::Database,
            logs,
            total,
            sum: Root::default(),
            revision: session.revision,
            attachments: Vec::new(),
            blobs: BTreeSet::new(),
        })
    }
}

struct CheckJob {
    report: CheckReport,
    read_attachments: bool,
    stage: CheckStage,
    /// Logs still to verify, each with the number before the next entry.
    logs: Vec<(LogId, u64)>,
    total: u64,
    sum: Root,
    revision: u64,
    /// Attachments still to look at, with their items' titles.
    attachments: Vec<(String, Attachment)>,
    /// Files that are there, by name.
    blobs: BTreeSet<BlobId>,
}

enum CheckStage {
    Database,
    Entries,
    Rows(Cursor),
    Attachments,
    Reading(Box<(String, BlobReader<BlobBytes>)>),
}

impl Job for CheckJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let session = engine.session()?;
        let next = match std::mem::replace(&mut self.stage, CheckStage::Attachments) {
            CheckStage::Database => {
                if session.store.quick_check().is_err() {
                    self.problem(ProblemKind::Database, String::new());
                }
                // Folding verified every control entry when the vault was opened; reading it again compares the disk with that.
                match crate::vaults::read_control(&session.store, session.vault) {
                    Ok(log) if log.heads() == session.control.heads() => self.report.n_control = log.n_entries() as u64,
                    _ => self.problem(ProblemKind::LogDamaged, String::new()),
                }
                CheckStage::Entries
            }
            CheckStage::Entries => match self.logs.pop() {
                Some((log, after)) => {
                    if let Some(reached) = self.entries(session, log, after)? {
                        self.logs.push((log, reached));
                    }
                    CheckStage::Entries
                }
                None => CheckStage::Rows(Cursor::default()),
            },
            CheckStage::Rows(cursor) => match self.rows(session, cursor)? {
                Some(cursor) => CheckStage::Rows(cursor),
                None => {
                    self.roots(session);
                    self.blobs = session.blobs.list()?.into_iter().map(|(blob, _)| blob).collect();
                    CheckStage::Attachments
                }
            },
            CheckStage::Attachments => match self.attachments.pop() {
                Some((title, attachment)) => self.attachment(session, title, &attachment, ctx),
                None => {
                    for blob in std::mem::take(&mut self.blobs) {
                        if session.store.read().blob(blob)?.is_none() {
                            self.problem(ProblemKind::Orphan, blob.to_string());
                        }
                    }
                    ctx.emit(Event::Checked(request, std::mem::take(&mut self.report)));
                    return Ok(Slice::End(Step::Done));
                }
            },
            CheckStage::Reading(mut reading) => {
                let (title, reader) = &mut *reading;
                match read_slice(reader, &mut self.report.len_bytes) {
                    Ok(true) => CheckStage::Reading(reading),
                    Ok(false) => CheckStage::Attachments,
                    Err(_) => {
                        let title = std::mem::take(title);
                        self.problem(ProblemKind::AttachmentDamaged, title);
                        CheckStage::Attachments
                    }
                }
            }
        };
        self.stage = next;
        Ok(Slice::More(Progress { stage: Stage::Checking, done: self.report.n_items, total: self.total }))
    }
}

impl CheckJob {
    fn problem(&mut self, kind: ProblemKind, subject: String) {
        self.report.problems.push(Problem { kind, subject });
    }

    /// Verifies a slice of a log: chain, signature, seal. Gives how far it came, or `None` at its end.
    fn entries(&mut self, session: &Session, log: LogId, after: u64) -> Result<Option<u64>, Failure> {
        let members = session.control.state();
        let mut reached = after;
        let mut sound = true;
        let mut prev = match after {
            0 => None,
            _ => session.store.read().entry(log, after)?.map(|(hash, _)| hash),
        };
        session.store.read().entries_after(log, after, PER_SLICE, |record| {
            reached = record.seq;
            sound &= members.log_key(log).is_some_and(|key| {
                WireEntry::parse(record.bytes.to_vec()).is_ok_and(|entry| {
                    let chained = prev.is_none_or(|prev| entry.prev() == prev);
                    chained && entry.hash() == record.hash && entry.verify(key).is_ok()
                })
            });
            prev = Some(record.hash);
            self.report.n_entries += 1;
            Ok::<(), StoreError>(())
        })?;
        if !sound {
            self.problem(ProblemKind::LogDamaged, log.to_string());
        }
        Ok((reached > after).then_some(reached))
    }

    fn rows(&mut self, session: &Session, cursor: Cursor) -> Result<Option<Cursor>, Failure> {
        let mut found: Vec<(ProblemKind, ObjectId)> = Vec::new();
        let next = session.store.read().rows_after(cursor, PER_SLICE, |record| {
            let body = session.keys.open_row(record.object, record.sealed).ok();
            let state = body.as_ref().and_then(|body| row::decode_row(body).ok());
            match (body, state) {
                (Some(body), Some(state)) => {
                    let term = Term::of_object(session.keys.terms(), record.object, &body);
                    // The term is what the last write added to the root: a row put back from an earlier time has another.
                    if term.0 != record.term {
                        found.push((ProblemKind::RowDiffers, record.object));
                    }
                    self.sum.add(term);
                    if let Ok(item) = payload::compose(record.object, state.values()) {
                        self.report.n_items += 1;
                        let title = item.title.clone();
                        self.attachments.extend(item.attachments.into_iter().map(|attachment| (title.clone(), attachment)));
                    }
                }
                _ => found.push((ProblemKind::RowDamaged, record.object)),
            }
            Ok::<(), StoreError>(())
        })?;
        found.into_iter().for_each(|(kind, object)| {
            let subject = session.index.row(object).map_or_else(|| object.to_string(), |row| row.title.clone());
            self.problem(kind, subject);
        });
        Ok(next)
    }

    fn roots(&mut self, session: &Session) {
        session.replica.retired().for_each(|object| self.sum.add(Term::of_retired(session.keys.terms(), object)));
        // An edit in between says nothing about the disk.
        if session.revision == self.revision && self.sum != session.replica.state().root {
            self.problem(ProblemKind::RootDiffers, String::new());
        }
    }

    fn attachment(&mut self, session: &mut Session, title: String, attachment: &Attachment, ctx: &Ctx<'_>) -> CheckStage {
        self.blobs.remove(&attachment.blob);
        if !session.is_blob_here(attachment.blob) {
            // Part of it may lie here: it is being fetched.
            self.problem(ProblemKind::AttachmentMissing, title);
            return CheckStage::Attachments;
        }
        match session.open_blob(attachment) {
            Ok(opener) => {
                self.report.n_attachments += 1;
                if self.read_attachments {
                    return CheckStage::Reading(Box::new((title, opener.into_reader().with_hands(ctx.host.hands()))));
                }
            }
            Err(Failure::AttachmentMissing) => self.problem(ProblemKind::AttachmentMissing, title),
            Err(_) => self.problem(ProblemKind::AttachmentDamaged, title),
        }
        CheckStage::Attachments
    }
}

/// Reads one slice of a body; whether there is more.
pub(crate) fn read_slice(reader: &mut BlobReader<BlobBytes>, done: &mut u64) -> Result<bool, Failure> {
    let until = *done + SLICE_BYTES as u64;
    while *done < until {
        match reader.next_chunk()? {
            Some(chunk) => *done += chunk.len() as u64,
            None => return Ok(false),
        }
    }
    Ok(true)
}
