//! Attachments.

use vault_crypto::{
    blob::{BlobDescriptor, BlobOpener, BlobSealer, sealed_len_bytes},
    bytes::Append,
    secret::BlobKey,
};
use vault_model::{Attachment, AttachmentId, draft::Change};
use vault_protocol::{BlobId, ObjectId};
use vault_store::{BlobRecord, BlobState};

use crate::{
    bytes::{BlobBytes, BlobOut, SinkOut, SourceBytes},
    command::{RequestId, SinkId, SourceId},
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
    jobs::{attach::AttachJob, extract::ExtractJob, read::ReadJob},
    session::{Edit, Session},
};

/// Most bytes of an attachment in memory at once: what previews take.
const MAX_READ_BYTES: u64 = 256 << 20;

impl Engine {
    pub(super) fn attach(
        &mut self,
        item: ObjectId,
        source: SourceId,
        name: String,
        media_type: String,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let source = SourceBytes(ctx.host.take_source(source).ok_or(Failure::NotFound)?);
        let session = self.session()?;
        session.check_writable()?;
        session.item(item)?;
        Step::job(AttachJob::new(item, source, name, media_type))
    }

    pub(super) fn extract(
        &mut self,
        item: ObjectId,
        attachment: AttachmentId,
        sink: SinkId,
        request: RequestId,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let sink = SinkOut(ctx.host.take_sink(sink).ok_or(Failure::NotFound)?);
        match self.missing_blob(item, attachment)? {
            Some(blob) => self.when_here(blob, request, move |engine, ctx| engine.extract_to(item, attachment, sink, ctx), ctx),
            None => self.extract_to(item, attachment, sink, ctx),
        }
    }

    fn extract_to(&mut self, item: ObjectId, attachment: AttachmentId, sink: SinkOut, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let opener = self.session()?.open_attachment(item, attachment)?;
        Step::job(ExtractJob::new(opener, sink, ctx))
    }

    pub(super) fn detach(&mut self, item: ObjectId, attachment: AttachmentId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.session()?.edit(Edit::of(item, [Change::detach(attachment)]), ctx)?;
        self.show_again(item, ctx);
        Ok(Step::Done)
    }

    pub(super) fn read_attachment(
        &mut self,
        item: ObjectId,
        attachment: AttachmentId,
        (offset, limit): (u64, u64),
        request: RequestId,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        match self.missing_blob(item, attachment)? {
            Some(blob) => self.when_here(blob, request, move |engine, _| engine.read_here(item, attachment, offset, limit), ctx),
            None => self.read_here(item, attachment, offset, limit),
        }
    }

    fn read_here(&mut self, item: ObjectId, attachment: AttachmentId, offset: u64, limit: u64) -> Result<Step, Failure> {
        let opener = self.session()?.open_attachment(item, attachment)?;
        let offset = offset.min(opener.len_bytes());
        let len = (opener.len_bytes() - offset).min(limit).min(MAX_READ_BYTES);
        Step::job(ReadJob::new(opener, offset, usize::try_from(len).map_err(|_| Failure::Io)?))
    }
}

impl Session {
    /// Opens an attachment's body.
    pub(crate) fn open_attachment(&mut self, item: ObjectId, attachment: AttachmentId) -> Result<BlobOpener<BlobBytes>, Failure> {
        let (item, _) = self.item(item)?;
        let attachment = item.attachments.into_iter().find(|found| found.id == attachment).ok_or(Failure::NotFound)?;
        self.open_blob(&attachment)
    }

    /// Opens the body that a descriptor names.
    pub(crate) fn open_blob(&mut self, attachment: &Attachment) -> Result<BlobOpener<BlobBytes>, Failure> {
        let bytes = self.open_blob_file(attachment.blob)?;
        Ok(BlobOpener::new(self.vault, &descriptor(attachment)?, bytes)?)
    }

    /// Starts a new blob for `len_bytes` of plaintext; its header is written.
    pub(crate) fn start_blob(&mut self, len_bytes: u64, ctx: &mut Ctx<'_>) -> Result<(BlobSealer, BlobOut), Failure> {
        let mut header = Vec::new();
        let sealer = BlobSealer::start(self.vault, len_bytes, &mut ctx.entropy(), &mut header)?;
        let mut out = BlobOut(self.blobs.create(sealer.blob())?);
        out.append(&header)?;
        Ok((sealer.with_hands(ctx.host.hands()), out))
    }

    /// Opens a blob's file.
    pub(crate) fn open_blob_file(&mut self, blob: BlobId) -> Result<BlobBytes, Failure> {
        match self.blobs.open(blob) {
            Ok(handle) => Ok(BlobBytes(handle)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::AttachmentMissing),
            Err(error) => Err(error.into()),
        }
    }
}

/// The record of a blob that has just been finished.
pub(crate) fn blob_record(made: &BlobDescriptor) -> Result<BlobRecord, Failure> {
    Ok(BlobRecord {
        blob: made.blob,
        len_bytes: sealed_len_bytes(made.len_bytes).ok_or(Failure::SourceChanged)?,
        n_chunks: u64::from(made.n_chunks),
        state: BlobState::Present,
        held: false,
    })
}

/// What opens the body of an attachment.
pub(crate) fn descriptor(attachment: &Attachment) -> Result<BlobDescriptor, Failure> {
    Ok(BlobDescriptor {
        blob: attachment.blob,
        key: BlobKey::from_slice(attachment.blob_key.as_slice()).ok_or(Failure::Damaged)?,
        len_bytes: attachment.len_bytes,
        n_chunks: u32::try_from(attachment.n_chunks).map_err(|_| Failure::Damaged)?,
        blake3: attachment.content_hash.0,
    })
}
