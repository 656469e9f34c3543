//! A part of an attachment is decrypted into memory: what previews take.

use vault_crypto::blob::BlobOpener;
use zeroize::Zeroizing;

use super::SLICE_BYTES;
use crate::{
    bytes::BlobBytes,
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    engine::Engine,
    event::{Event, Failure, Progress, Stage, zeroize_bytes::SecretBytes},
};

/// Fills a buffer of its own slice by slice, then gives it away.
pub(crate) struct ReadJob {
    opener: BlobOpener<BlobBytes>,
    offset: u64,
    bytes: Zeroizing<Vec<u8>>,
    done: usize,
}

impl ReadJob {
    /// Reads `len` bytes at `offset`, both within the attachment.
    pub(crate) fn new(opener: BlobOpener<BlobBytes>, offset: u64, len: usize) -> Self {
        Self { opener, offset, bytes: Zeroizing::new(vec![0; len]), done: 0 }
    }
}

impl Job for ReadJob {
    fn slice(&mut self, _: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let end = (self.done + SLICE_BYTES).min(self.bytes.len());
        self.opener.read_range(self.offset + self.done as u64, &mut self.bytes[self.done..end])?;
        self.done = end;
        if end < self.bytes.len() {
            return Ok(Slice::More(Progress { stage: Stage::Reading, done: end as u64, total: self.bytes.len() as u64 }));
        }
        let bytes = SecretBytes(std::mem::take(&mut self.bytes));
        ctx.emit(Event::Bytes { request, offset: self.offset, bytes, total: self.opener.len_bytes() });
        Ok(Slice::End(Step::Done))
    }
}
