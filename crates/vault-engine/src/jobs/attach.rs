//! A file becomes an attachment.

use std::rc::Rc;

use vault_crypto::{blob::BlobSealer, bytes::ReadAt};
use vault_model::{Attachment, AttachmentId, draft::Change};
use vault_protocol::{Hash, ObjectId};
use vault_store::BlobRecord;
use zeroize::Zeroizing;

use super::SLICE_BYTES;
use crate::{
    bytes::{BlobOut, SourceBytes},
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Event, Failure, Progress, Stage},
    handlers::files::blob_record,
    session::{Edit, Session},
};

/// Hashes first where a file of the same length is in the vault already (the same content is stored once), then seals.
pub(crate) struct AttachJob {
    item: ObjectId,
    name: String,
    media_type: String,
    source: SourceBytes,
    offset: u64,
    buffer: Zeroizing<Vec<u8>>,
    stage: AttachStage,
    /// Held while it is this file's turn.
    turn: Option<Rc<()>>,
}

enum AttachStage {
    /// Other files come first.
    Queued,
    Hashing(Box<blake3::Hasher>),
    Sealing(Box<(BlobSealer, BlobOut)>),
    Ended,
}

impl AttachJob {
    /// Queues a file that `source` reads.
    pub(crate) fn new(item: ObjectId, source: SourceBytes, name: String, media_type: String) -> Self {
        Self { item, name, media_type, source, offset: 0, buffer: Zeroizing::default(), stage: AttachStage::Queued, turn: None }
    }

    /// Reads the next piece into the buffer; its length.
    fn read(&mut self) -> Result<usize, Failure> {
        let n = usize::try_from(self.source.len_bytes() - self.offset).map_or(self.buffer.len(), |rest| rest.min(self.buffer.len()));
        self.source.read_at(self.offset, &mut self.buffer[..n]).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Failure::SourceChanged,
            _ => error.into(),
        })?;
        self.offset += n as u64;
        Ok(n)
    }

    fn progress(&self, stage: Stage) -> Slice {
        Slice::More(Progress { stage, done: self.offset, total: self.source.len_bytes() })
    }

    /// Names the file in its item.
    fn save(&mut self, engine: &mut Engine, body: Body, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let id = AttachmentId(ctx.make_bytes()?);
        let attachment = Attachment {
            id,
            blob: body.blob,
            blob_key: body.key,
            name: std::mem::take(&mut self.name),
            media_type: std::mem::take(&mut self.media_type),
            len_bytes: self.source.len_bytes(),
            n_chunks: body.n_chunks,
            content_hash: body.hash,
            added_ms: ctx.now_ms,
        };
        let mut edit = Edit::of(self.item, [Change::attach(&attachment)]);
        edit.blobs.extend(body.record);
        engine.session()?.edit(edit, ctx)?;
        ctx.emit(Event::Saved(request, self.item));
        engine.show_again(self.item, ctx);
        Ok(Slice::End(Step::Done))
    }
}

/// Where an attachment's bytes are.
struct Body {
    blob: vault_protocol::BlobId,
    key: Zeroizing<[u8; 32]>,
    n_chunks: u64,
    hash: Hash,
    /// Of a new blob.
    record: Option<BlobRecord>,
}

impl Job for AttachJob {
    fn writes(&self) -> bool {
        true
    }

    fn is_ready(&self, session: Option<&Session>) -> bool {
        self.turn.is_some() || session.is_none_or(|session| Rc::strong_count(&session.attaching) == 1)
    }

    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let len = self.source.len_bytes();
        match std::mem::replace(&mut self.stage, AttachStage::Ended) {
            AttachStage::Queued => {
                let session = engine.session()?;
                self.turn = Some(Rc::clone(&session.attaching));
                // Not before: a hundred files may wait.
                self.buffer = Zeroizing::new(vec![0; SLICE_BYTES.min(usize::try_from(len).unwrap_or(SLICE_BYTES))]);
                let is_known_length = session.contents.keys().any(|(known, _)| *known == len);
                self.stage = if is_known_length { AttachStage::Hashing(Box::default()) } else { start_sealing(engine, len, ctx)? };
                Ok(self.progress(Stage::Reading))
            }
            AttachStage::Hashing(mut hasher) => {
                let n = self.read()?;
                hasher.update(&self.buffer[..n]);
                if self.offset < len {
                    self.stage = AttachStage::Hashing(hasher);
                    return Ok(self.progress(Stage::Reading));
                }
                let hash = Hash(*hasher.finalize().as_bytes());
                if let Some(known) = engine.session()?.content(len, hash)? {
                    let body = Body { blob: known.blob, key: known.blob_key, n_chunks: known.n_chunks, hash, record: None };
                    return self.save(engine, body, request, ctx);
                }
                self.offset = 0;
                self.stage = start_sealing(engine, len, ctx)?;
                Ok(self.progress(Stage::Sealing))
            }
            AttachStage::Sealing(mut sealing) => {
                let n = self.read()?;
                let (sealer, out) = &mut *sealing;
                sealer.push(&self.buffer[..n], out)?;
                if self.offset < len {
                    self.stage = AttachStage::Sealing(sealing);
                    return Ok(self.progress(Stage::Sealing));
                }
                let (sealer, mut out) = *sealing;
                let descriptor = sealer.finish(&mut out)?;
                out.0.finish()?;
                let body = Body {
                    blob: descriptor.blob,
                    key: Zeroizing::new(*descriptor.key.expose()),
                    n_chunks: u64::from(descriptor.n_chunks),
                    hash: Hash(descriptor.blake3),
                    record: Some(blob_record(&descriptor)?),
                };
                self.save(engine, body, request, ctx)
            }
            AttachStage::Ended => Ok(Slice::End(Step::Done)),
        }
    }
}

fn start_sealing(engine: &mut Engine, len: u64, ctx: &mut Ctx<'_>) -> Result<AttachStage, Failure> {
    Ok(AttachStage::Sealing(Box::new(engine.session()?.start_blob(len, ctx)?)))
}
