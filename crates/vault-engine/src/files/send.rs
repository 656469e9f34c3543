//! A file to the server: at once if it is small, else part by part from whatever is missing there.

use vault_crypto::bytes::ReadAt as _;
use vault_protocol::{
    BlobId,
    api::{BeginBlob, BlobBegun, FinishBlob, PartSet, PartSizes, PutBlob, PutPart, bounds::MAX_PUT_BLOB_BYTES},
};
use vault_store::BlobRecord;

use super::{
    TransferProblem,
    pass::{Part, TransferError},
};
use crate::{
    bytes::BlobBytes,
    context::{Ctx, Step},
    engine::Engine,
    sync::call::CallError,
};

/// A file that goes up in parts.
struct Upload {
    record: BlobRecord,
    bytes: BlobBytes,
    sizes: PartSizes,
    present: PartSet,
}

impl Engine {
    pub(super) fn begin_send(&mut self, n: usize, record: BlobRecord, _: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        let vault = session.vault;
        let Ok(mut bytes) = session.open_blob_file(record.blob) else {
            // What a check of the vault would say too; the record stays, so that it can come back from elsewhere.
            session.store.write(|tx| tx.set_blob_state(record.blob, vault_store::BlobState::Missing))?;
            return Err(TransferError::Problem(TransferProblem::Here));
        };
        if record.len_bytes > MAX_PUT_BLOB_BYTES as u64 {
            let call = BeginBlob { vault, blob: record.blob, len_bytes: record.len_bytes, takes_direct: false };
            return self.ask_files(&call, move |engine, result, ctx| {
                let part = match result {
                    Ok(begun) => engine.begun(n, record, bytes, begun, ctx),
                    Err(error) => Err(error.into()),
                };
                engine.step_of(n, part, ctx)
            });
        }
        let mut whole = vec![0; record.len_bytes as usize];
        bytes.read_at(0, &mut whole)?;
        self.ask_files(&PutBlob { vault, blob: record.blob, bytes: whole }, move |engine, result, ctx| {
            let part = match result {
                Ok(_) => engine.sent(record.blob, ctx),
                Err(error) => Err(error.into()),
            };
            engine.step_of(n, part, ctx)
        })
    }

    fn begun(&mut self, n: usize, record: BlobRecord, bytes: BlobBytes, begun: BlobBegun, ctx: &mut Ctx<'_>) -> Part {
        if begun.complete {
            return self.sent(record.blob, ctx);
        }
        let sizes = PartSizes::new(record.len_bytes, begun.part_bytes).filter(|sizes| sizes.n_parts() == begun.present.n_parts());
        let sizes = sizes.ok_or(CallError::Malformed)?;
        self.send_part(n, Upload { record, bytes, sizes, present: begun.present }, ctx)
    }

    fn send_part(&mut self, n: usize, mut upload: Upload, ctx: &mut Ctx<'_>) -> Part {
        let session = self.session()?;
        let (vault, blob) = (session.vault, upload.record.blob);
        let done = u64::from(upload.present.n_present()) * u64::from(upload.sizes.part_bytes());
        session.note_part(n, done.min(upload.record.len_bytes), ctx);
        let Some(part) = upload.present.missing().next() else {
            return self.ask_files(&FinishBlob { vault, blob }, move |engine, result, ctx| {
                let part = match result {
                    Ok(finished) if finished.len_bytes == upload.record.len_bytes => engine.sent(blob, ctx),
                    Ok(_) => Err(CallError::Malformed.into()),
                    Err(error) => Err(error.into()),
                };
                engine.step_of(n, part, ctx)
            });
        };
        let (from, len) = upload.sizes.part(part).ok_or(CallError::Malformed)?;
        let mut bytes = vec![0; len as usize];
        upload.bytes.read_at(from, &mut bytes)?;
        self.ask_files(&PutPart { vault, blob, part, bytes }, move |engine, result, ctx| {
            let part = match result {
                Ok(_) => {
                    upload.present.insert(part);
                    engine.send_part(n, upload, ctx)
                }
                Err(error) => Err(error.into()),
            };
            engine.step_of(n, part, ctx)
        })
    }

    /// The server has confirmed all of it.
    fn sent(&mut self, blob: BlobId, ctx: &mut Ctx<'_>) -> Part {
        self.session()?.store.write(|tx| tx.set_blob_remote(blob, true))?;
        self.show_items_of(blob, ctx);
        Ok(Step::Done)
    }

    /// Shows the open item again if it has this file.
    pub(super) fn show_items_of(&mut self, blob: BlobId, ctx: &mut Ctx<'_>) {
        let Ok(session) = self.session() else { return };
        let Some(live) = session.live.as_ref().map(|live| live.item) else { return };
        let of = session.store.read().attachments_of_blob(blob).unwrap_or_default();
        if of.iter().any(|found| found.object == live) {
            self.show_again(live, ctx);
        }
    }

    /// Asks the server in the session of the exchange.
    pub(super) fn ask_files<C: vault_protocol::api::Call + 'static>(
        &mut self,
        call: &C,
        then: impl FnOnce(&mut Engine, Result<C::Reply, CallError>, &mut Ctx<'_>) -> Result<Step, crate::event::Failure> + 'static,
    ) -> Part {
        let session = self.session()?;
        let origin = session.sync.origin()?;
        Ok(crate::sync::call::ask_within(PATIENCE_MS, &origin, call, session.sync.token.as_ref(), then)?)
    }
}

/// How long a part may take, in milliseconds: 4 MiB at 112 kbit/s.
const PATIENCE_MS: u32 = 300_000;

impl crate::session::Session {
    /// How far a stream's file is.
    pub(super) fn note_part(&mut self, n: usize, done: u64, ctx: &mut Ctx<'_>) {
        let Some(running) = &mut self.files.running[n] else { return };
        running.done = done;
        let (total, blob) = (running.total, running.blobs.first().copied());
        let progress = crate::event::Progress { stage: crate::event::Stage::Fetching, done, total };
        for (_, request, _) in self.files.waiters.iter().filter(|(waited, ..)| Some(*waited) == blob) {
            ctx.emit(crate::event::Event::Progress(*request, progress));
        }
        self.note_files(ctx);
    }
}
