//! A file from the server: range by range to where it lies for good, then every byte opened and compared with its item before anybody is told
//! that it is here (MS26).

use std::io;

use vault_crypto::blob::BlobReader;
use vault_protocol::{
    BlobId,
    api::{
        ReadBlob, ReadBlobReply,
        bounds::{MAX_READ_BLOB_BYTES, MIN_READ_BLOB_BYTES},
    },
};
use vault_store::{BlobRecord, BlobState, blobs::BlobWriter};

use super::{
    TransferProblem,
    pass::{Part, TransferError},
    stream_of,
};
use crate::{
    bytes::BlobBytes,
    check::read_slice,
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Failure, Progress, Stage},
    session::Session,
    sync::call::CallError,
};

/// Slices in which a file may be waited for.
const MAX_TRIES: u32 = 1000;

/// A file that comes.
struct Download {
    record: BlobRecord,
    writer: Box<dyn BlobWriter>,
    done: u64,
    /// Part of it lay here before.
    resumed: bool,
}

impl Engine {
    pub(super) fn begin_fetch(&mut self, _: usize, record: BlobRecord, _: &mut Ctx<'_>) -> Part {
        // In a slice of its own: a browser opens files between slices.
        Ok(Step::Job(Box::new(OpenJob { record, n_tries: 0 })))
    }

    fn fetch_part(&mut self, n: usize, download: Download, ctx: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        session.note_part(n, download.done, ctx);
        if download.done == download.record.len_bytes {
            download.writer.finish()?;
            let Download { record, resumed, .. } = download;
            return Ok(Step::Job(Box::new(VerifyJob { record, resumed, reader: None, done: 0 })));
        }
        let (vault, blob) = (session.vault, download.record.blob);
        let call = ReadBlob { vault, blob, from: download.done, max_bytes: MAX_READ_BLOB_BYTES, takes_direct: false };
        self.ask_files(&call, move |engine, result, ctx| {
            let part = engine.fetched(n, download, result, ctx);
            engine.step_of(n, part, ctx)
        })
    }

    fn fetched(&mut self, n: usize, mut download: Download, result: Result<ReadBlobReply, CallError>, ctx: &mut Ctx<'_>) -> Part {
        let record = download.record;
        let left = record.len_bytes - download.done;
        // A server may give less than was asked for, but not so little that it would take for ever.
        let fits = |bytes: &[u8]| bytes.len() as u64 <= left && bytes.len() as u64 >= left.min(MIN_READ_BLOB_BYTES.into());
        let reply = match result {
            Ok(reply) => reply,
            Err(error) => {
                if download.done == 0 {
                    // Nothing has come: no empty file is left behind.
                    download.writer.abort();
                }
                return Err(error.into());
            }
        };
        match reply {
            ReadBlobReply::Bytes { len_bytes, bytes } if len_bytes == record.len_bytes && fits(&bytes) => {
                download.writer.write_all(&bytes)?;
                download.done += bytes.len() as u64;
                self.fetch_part(n, download, ctx)
            }
            // Another length than the item names, more than there is, hardly anything, or an address that was not asked for.
            ReadBlobReply::Bytes { .. } | ReadBlobReply::Direct { .. } => {
                download.writer.abort();
                Err(TransferError::Problem(TransferProblem::Damaged))
            }
        }
    }

    /// It is here.
    pub(super) fn arrived(&mut self, blob: BlobId, ctx: &mut Ctx<'_>) -> Part {
        let now_ms = ctx.now_ms;
        self.session()?.store.write(|tx| {
            tx.set_blob_state(blob, BlobState::Present)?;
            tx.set_blob_fetched(blob, now_ms)
        })?;
        self.show_items_of(blob, ctx);
        self.session()?.keep_under_cap(blob)?;
        Ok(Step::Done)
    }
}

impl Session {
    /// A reader over a file that has come, not yet known to be the one that its item names.
    pub(super) fn open_fetched(&mut self, blob: BlobId, ctx: &Ctx<'_>) -> Result<BlobReader<BlobBytes>, Failure> {
        let (_, attachment) = self.attachment_of(blob)?.ok_or(Failure::NotFound)?;
        Ok(self.open_blob(&attachment)?.into_reader().with_hands(ctx.host.hands()))
    }

    /// Throws away what is not what its item names. Where part of it had lain here before, that part may be what was wrong: the whole is
    /// fetched anew before anybody is blamed.
    pub(super) fn refuse_fetched(&mut self, blob: BlobId, resumed: bool) -> Part {
        self.blobs.delete(blob)?;
        if resumed { Ok(Step::Done) } else { Err(TransferError::Problem(TransferProblem::Damaged)) }
    }
}

/// Opens the place where a file lies, wherever it had come to.
struct OpenJob {
    record: BlobRecord,
    n_tries: u32,
}

impl Job for OpenJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let Some(n) = stream_of(request) else { return Ok(Slice::End(Step::Done)) };
        let place = engine.session()?.blobs.resume(self.record.blob);
        if is_not_ready(&place, &mut self.n_tries) {
            return Ok(Slice::More(Progress { stage: Stage::Fetching, done: 0, total: self.record.len_bytes }));
        }
        let part = place.map_err(TransferError::from).and_then(|place| open(engine, n, self.record, place, ctx));
        engine.step_of(n, part, ctx).map(Slice::End)
    }
}

fn open(engine: &mut Engine, n: usize, record: BlobRecord, place: (u64, Box<dyn BlobWriter>), ctx: &mut Ctx<'_>) -> Part {
    let (mut done, mut writer) = place;
    if done > record.len_bytes {
        writer.abort();
        (done, writer) = engine.session()?.blobs.resume(record.blob)?;
    }
    engine.fetch_part(n, Download { record, writer, done, resumed: done > 0 }, ctx)
}

/// Whether a platform that opens files between slices has none ready yet, and is waited for.
pub(super) fn is_not_ready<T>(opened: &io::Result<T>, n_tries: &mut u32) -> bool {
    *n_tries += 1;
    *n_tries < MAX_TRIES && opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

/// Reads all of a file that has come, in slices after the one that has finished it: a browser names files between slices.
struct VerifyJob {
    record: BlobRecord,
    resumed: bool,
    reader: Option<BlobReader<BlobBytes>>,
    done: u64,
}

impl Job for VerifyJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let Some(n) = stream_of(request) else { return Ok(Slice::End(Step::Done)) };
        let session = engine.session()?;
        let read = match &mut self.reader {
            Some(reader) => read_slice(reader, &mut self.done),
            None => session.open_fetched(self.record.blob, ctx).map(|reader| {
                self.reader = Some(reader);
                true
            }),
        };
        let part = match read {
            Ok(true) => return Ok(Slice::More(Progress { stage: Stage::Checking, done: self.done, total: self.record.len_bytes })),
            Ok(false) => engine.arrived(self.record.blob, ctx),
            Err(Failure::Io) => Err(TransferError::Failed(Failure::Io)),
            Err(_) => session.refuse_fetched(self.record.blob, self.resumed),
        };
        engine.step_of(n, part, ctx).map(Slice::End)
    }
}
