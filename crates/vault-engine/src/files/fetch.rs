//! A file from the server: range by range to where it lies for good, then every byte opened and compared with its item before anybody is told
//! that it is here (MS26).

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
        Ok(Step::Job(Box::new(OpenJob(record))))
    }

    fn fetch_part(&mut self, n: usize, download: Download, ctx: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        session.note_part(n, download.done, ctx);
        if download.done == download.record.len_bytes {
            download.writer.finish()?;
            return self.verify(download.record, download.resumed, ctx);
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

    /// Opens every byte of what has come.
    fn verify(&mut self, record: BlobRecord, resumed: bool, ctx: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        match session.open_fetched(record.blob, ctx) {
            Ok(reader) => Ok(Step::Job(Box::new(VerifyJob { record, resumed, reader, done: 0 }))),
            Err(_) => session.refuse_fetched(record.blob, resumed),
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
struct OpenJob(BlobRecord);

impl Job for OpenJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let Some(n) = stream_of(request) else { return Ok(Slice::End(Step::Done)) };
        let part = self.open(engine, n, ctx);
        engine.step_of(n, part, ctx).map(Slice::End)
    }
}

impl OpenJob {
    fn open(&self, engine: &mut Engine, n: usize, ctx: &mut Ctx<'_>) -> Part {
        let record = self.0;
        let session = engine.session()?;
        let (mut done, mut writer) = session.blobs.resume(record.blob)?;
        if done > record.len_bytes {
            writer.abort();
            (done, writer) = session.blobs.resume(record.blob)?;
        }
        engine.fetch_part(n, Download { record, writer, done, resumed: done > 0 }, ctx)
    }
}

/// Reads all of a file that has come.
struct VerifyJob {
    record: BlobRecord,
    resumed: bool,
    reader: BlobReader<BlobBytes>,
    done: u64,
}

impl Job for VerifyJob {
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let Some(n) = stream_of(request) else { return Ok(Slice::End(Step::Done)) };
        let part = match read_slice(&mut self.reader, &mut self.done) {
            Ok(true) => return Ok(Slice::More(Progress { stage: Stage::Checking, done: self.done, total: self.record.len_bytes })),
            Ok(false) => engine.arrived(self.record.blob, ctx),
            Err(Failure::Io) => Err(TransferError::Failed(Failure::Io)),
            Err(_) => engine.session()?.refuse_fetched(self.record.blob, self.resumed),
        };
        engine.step_of(n, part, ctx).map(Slice::End)
    }
}
