//! What is asked about many files at once: several small ones in one answer, which of them the server has, which it may delete.

use std::collections::VecDeque;

use vault_protocol::{
    BlobId,
    api::{FindBlobs, ReadBlobs, ReleaseBlobs, bounds::MAX_BLOB_IDS},
};
use vault_store::{BlobRecord, blobs::BlobWriter};

use super::{
    TransferProblem,
    fetch::is_not_ready,
    pass::{Part, TransferError},
    stream_of,
};
use crate::{
    check::read_slice,
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Failure, Progress, Stage},
};

/// Files that are asked for at once.
pub(super) const MAX_BATCH: usize = 256;
/// The largest of them, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = 256 * 1024;
/// Ids that are asked about at once.
pub(super) const MAX_FOUND: u32 = MAX_BLOB_IDS as u32;
/// When what the server does not have is asked for again, in milliseconds.
const RETRY_MISSING_MS: u64 = 10 * 60_000;

impl Engine {
    /// Several small files from the server. Those that did not fit into the answer are asked for again by the next pass.
    pub(super) fn fetch_small(&mut self, n: usize, records: Vec<BlobRecord>, _: &mut Ctx<'_>) -> Part {
        let vault = self.session()?.vault;
        let blobs: Vec<BlobId> = records.iter().map(|record| record.blob).collect();
        self.ask_files(&ReadBlobs { vault, blobs }, move |engine, result, ctx| {
            let part = match result {
                Ok(read) => {
                    let known = |blob: &BlobId| records.iter().find(|record| record.blob == *blob);
                    let absent = read.missing.iter().chain(&read.large).filter(|blob| known(blob).is_some());
                    for blob in absent {
                        engine.fail_file(*blob, TransferProblem::NotThere, ctx);
                    }
                    let came: VecDeque<(BlobRecord, Vec<u8>)> =
                        read.blobs.into_iter().filter_map(|(blob, bytes)| Some((*known(&blob)?, bytes))).collect();
                    match came.is_empty() && read.missing.is_empty() && read.large.is_empty() {
                        true => Err(crate::sync::call::CallError::Malformed.into()),
                        false => Ok(Step::Job(Box::new(StoreJob { came, written: None, done: 0, n_tries: 0 }))),
                    }
                }
                Err(error) => Err(error.into()),
            };
            engine.step_of(n, part, ctx)
        })
    }

    /// Which of these does the server have already? The others are handed over.
    pub(super) fn find_blobs(&mut self, n: usize, blobs: Vec<BlobId>, _: &mut Ctx<'_>) -> Part {
        let vault = self.session()?.vault;
        self.ask_files(&FindBlobs { vault, blobs: blobs.clone() }, move |engine, result, ctx| {
            let part = match result {
                Ok(found) => engine.found(&blobs, &found.blobs, ctx),
                Err(error) => Err(error.into()),
            };
            engine.step_of(n, part, ctx)
        })
    }

    fn found(&mut self, asked: &[BlobId], found: &[vault_protocol::api::BlobLen], _: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        let mut whole = Vec::new();
        for blob in found.iter().filter(|found| asked.contains(&found.blob)) {
            let record = session.store.read().blob(blob.blob)?;
            if record.is_some_and(|record| record.len_bytes == blob.len_bytes) {
                whole.push(blob.blob);
            }
        }
        session.store.write(|tx| whole.iter().try_for_each(|blob| tx.set_blob_remote(*blob, true)))?;
        // As many again, as long as some were there.
        session.files.reconciled = whole.is_empty();
        Ok(Step::Done)
    }

    /// The server need not keep these any longer: their items are gone on every device.
    pub(super) fn release_blobs(&mut self, n: usize, blobs: Vec<BlobId>, _: &mut Ctx<'_>) -> Part {
        let vault = self.session()?.vault;
        self.ask_files(&ReleaseBlobs { vault, blobs: blobs.clone() }, move |engine, result, ctx| {
            let part = match result {
                Ok(_) => engine.released(&blobs),
                Err(error) => Err(error.into()),
            };
            engine.step_of(n, part, ctx)
        })
    }

    fn released(&mut self, blobs: &[BlobId]) -> Part {
        self.session()?.store.write(|tx| blobs.iter().try_for_each(|blob| tx.set_blob_released(*blob, false)))?;
        Ok(Step::Done)
    }

    /// One of several did not come.
    fn fail_file(&mut self, blob: BlobId, problem: TransferProblem, ctx: &mut Ctx<'_>) {
        if let Ok(session) = self.session() {
            session.files.failed.insert(blob, (problem, ctx.now_ms + RETRY_MISSING_MS));
        }
    }
}

/// Writes small files and verifies each in the slice after: a browser opens and names files between slices.
struct StoreJob {
    came: VecDeque<(BlobRecord, Vec<u8>)>,
    /// Written and not verified yet.
    written: Option<BlobRecord>,
    done: u64,
    n_tries: u32,
}

impl Job for StoreJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let Some(n) = stream_of(request) else { return Ok(Slice::End(Step::Done)) };
        let (blob, part) = if let Some(record) = self.written.take() {
            self.done += record.len_bytes;
            (record.blob, verify(engine, record, ctx))
        } else if let Some((record, bytes)) = self.came.front() {
            let session = engine.session()?;
            session.blobs.delete(record.blob)?;
            let opened = session.blobs.create(record.blob);
            if is_not_ready(&opened, &mut self.n_tries) {
                return Ok(Slice::More(Progress { stage: Stage::Fetching, done: self.done, total: 0 }));
            }
            self.n_tries = 0;
            let (blob, part) = (record.blob, write(record, bytes, opened));
            let (record, _) = self.came.pop_front().unzip();
            self.written = record.filter(|_| part.is_ok());
            (blob, part)
        } else {
            return engine.step_of(n, Ok(Step::Done), ctx).map(Slice::End);
        };
        match part {
            Ok(_) => {}
            Err(TransferError::Problem(problem)) => engine.fail_file(blob, problem, ctx),
            Err(error) => return engine.step_of(n, Err(error), ctx).map(Slice::End),
        }
        engine.session()?.note_part(n, self.done, ctx);
        Ok(Slice::More(Progress { stage: Stage::Fetching, done: self.done, total: 0 }))
    }
}

fn write(record: &BlobRecord, bytes: &[u8], opened: std::io::Result<Box<dyn BlobWriter>>) -> Part {
    let mut writer = opened?;
    if bytes.len() as u64 != record.len_bytes {
        writer.abort();
        return Err(TransferError::Problem(TransferProblem::Damaged));
    }
    writer.write_all(bytes)?;
    writer.finish()?;
    Ok(Step::Done)
}

fn verify(engine: &mut Engine, record: BlobRecord, ctx: &mut Ctx<'_>) -> Part {
    let session = engine.session()?;
    let is_sound = session.open_fetched(record.blob, ctx).and_then(|mut reader| {
        let mut done = 0;
        while read_slice(&mut reader, &mut done)? {}
        Ok(())
    });
    match is_sound {
        Ok(()) => engine.arrived(record.blob, ctx),
        Err(_) => session.refuse_fetched(record.blob, false),
    }
}
