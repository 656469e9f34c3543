//! An attachment becomes a file.

use vault_crypto::{
    blob::{BlobOpener, BlobReader},
    bytes::Append,
};

use super::SLICE_BYTES;
use crate::{
    bytes::{BlobBytes, SinkOut},
    command::RequestId,
    context::{Ctx, Job, Slice, Step},
    effect::Finish,
    engine::Engine,
    event::{Failure, Progress, Stage},
};

/// Writes what it has verified; the place shows nothing unless all of it was (MS26).
pub(crate) struct ExtractJob {
    reader: BlobReader<BlobBytes>,
    sink: SinkOut,
    is_read: bool,
    done: u64,
    total: u64,
}

impl ExtractJob {
    /// Starts on an opened attachment.
    pub(crate) fn new(opener: BlobOpener<BlobBytes>, sink: SinkOut, ctx: &Ctx<'_>) -> Self {
        Self { total: opener.len_bytes(), reader: opener.into_reader().with_hands(ctx.host.hands()), sink, is_read: false, done: 0 }
    }
}

impl Job for ExtractJob {
    fn slice(&mut self, _: &mut Engine, _: RequestId, _: &mut Ctx<'_>) -> Result<Slice, Failure> {
        let until = self.done + SLICE_BYTES as u64;
        while !self.is_read && self.done < until {
            match self.reader.next_chunk()? {
                Some(chunk) => {
                    self.sink.append(chunk)?;
                    self.done += chunk.len() as u64;
                }
                None => self.is_read = true,
            }
        }
        if self.is_read && self.sink.0.finish()? == Finish::Done {
            return Ok(Slice::End(Step::Done));
        }
        Ok(Slice::More(Progress { stage: Stage::Reading, done: self.done, total: self.total }))
    }
}
