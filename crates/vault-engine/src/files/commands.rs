//! What the commands of transfers do.

use std::rc::Rc;

use vault_model::AttachmentId;
use vault_protocol::{BlobId, ObjectId};
use vault_store::BlobState;

use super::{FetchPolicy, FileRecord, FileSettings, Way};
use crate::{
    command::{FilesCommand, RequestId},
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
    session::Session,
};

impl Engine {
    pub(crate) fn run_files(&mut self, request: RequestId, command: FilesCommand, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        match command {
            FilesCommand::Status => self.tell_files_status(ctx),
            FilesCommand::Settings { policy, cap_bytes, paused } => self.set_files(policy, cap_bytes, paused, ctx),
            FilesCommand::KeepOffline { item, keep } => self.keep_offline(item, keep, ctx),
            FilesCommand::Fetch { item, attachment } => self.fetch_attachment(item, attachment, request, ctx),
            FilesCommand::FreeSpace => self.free_space(ctx),
            FilesCommand::Retry => self.retry_files(request, ctx),
        }
    }

    fn tell_files_status(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.session()?.tell_files(ctx);
        Ok(Step::Done)
    }

    /// Keeps other settings; which items are kept offline stays.
    fn set_files(&mut self, policy: FetchPolicy, cap_bytes: u64, paused: bool, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let settings = FileSettings { policy, cap_bytes, paused };
        session.put_file_record(FileRecord { settings, ..session.files.record.clone() }, ctx)?;
        session.files.due_ms = Some(ctx.now_ms);
        session.tell_files(ctx);
        Ok(Step::Done)
    }

    /// Whether the files of an item stay on this device, whatever the policy says.
    fn keep_offline(&mut self, item: ObjectId, keep: bool, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.item(item)?;
        let mut record = session.files.record.clone();
        let is_other = if keep { record.pinned.insert(item) } else { record.pinned.remove(&item) };
        if is_other {
            session.put_file_record(record, ctx)?;
        }
        session.files.due_ms = Some(ctx.now_ms);
        session.tell_files(ctx);
        self.show_again(item, ctx);
        Ok(Step::Done)
    }

    /// What failed, and what the server had no room for, is tried at once.
    fn retry_files(&mut self, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.files.failed.clear();
        session.files.held = None;
        session.files.reconciled = false;
        session.files.due_ms = Some(ctx.now_ms);
        session.tell_files(ctx);
        if session.may_transfer() { Ok(Step::Done) } else { self.sync_now(request, ctx) }
    }

    /// An attachment comes to this device now.
    fn fetch_attachment(
        &mut self,
        item: ObjectId,
        attachment: AttachmentId,
        request: RequestId,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        match self.missing_blob(item, attachment)? {
            None => Ok(Step::Done),
            Some(blob) => self.when_here(blob, request, |_, _| Ok(Step::Done), ctx),
        }
    }

    /// The body of an attachment if it is not here and may come.
    pub(crate) fn missing_blob(&mut self, item: ObjectId, attachment: AttachmentId) -> Result<Option<BlobId>, Failure> {
        let session = self.session()?;
        let (item, _) = session.item(item)?;
        let found = item.attachments.into_iter().find(|found| found.id == attachment).ok_or(Failure::NotFound)?;
        if !session.is_blob_here(found.blob) {
            return Ok(Some(found.blob));
        }
        let is_gone = session.sync.is_on() && matches!(session.open_blob_file(found.blob), Err(Failure::AttachmentMissing));
        if is_gone && session.read_only.is_none() {
            // Its file was lost here; the server may have it.
            session.store.write(|tx| tx.set_blob_state(found.blob, BlobState::Missing))?;
            return Ok(Some(found.blob));
        }
        Ok(None)
    }

    /// Goes on with `then` when a blob has come, before everything else.
    pub(crate) fn when_here(
        &mut self,
        blob: BlobId,
        request: RequestId,
        then: impl FnOnce(&mut Engine, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        if !session.sync.is_on() || session.store.read().blob(blob)?.is_none() {
            return Err(Failure::AttachmentMissing);
        }
        if !session.files.wanted.contains(&blob) {
            session.files.wanted.push_front(blob);
        }
        session.files.failed.remove(&blob);
        session.files.waiters.push((blob, request, Box::new(then)));
        session.files.due_ms = Some(ctx.now_ms);
        session.note_files(ctx);
        if !session.may_transfer() {
            // Its end comes back to what waits; so does its failure.
            self.start_sync(ctx);
        }
        Ok(Step::Later)
    }

    /// Takes off this device what the server has and nobody wants here.
    fn free_space(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        session.evict(u64::MAX, true, None)?;
        session.tell_files(ctx);
        let live = session.live.as_ref().map(|live| live.item);
        if let Some(item) = live {
            self.show_again(item, ctx);
        }
        Ok(Step::Done)
    }
}

impl Session {
    /// After one more file has come: those fetched longest ago leave until what was fetched is below its limit.
    pub(super) fn keep_under_cap(&mut self, newest: BlobId) -> Result<(), Failure> {
        let cap_bytes = self.files.record.settings.cap_bytes;
        let here_bytes = self.store.read().fetched_bytes()?;
        if cap_bytes > 0 && here_bytes > cap_bytes { self.evict(here_bytes - cap_bytes, false, Some(newest)) } else { Ok(()) }
    }

    /// How much more may be fetched before something has to leave: what runs counts as here.
    pub(super) fn room_under_cap(&self) -> Result<u64, Failure> {
        let cap_bytes = self.files.record.settings.cap_bytes;
        if cap_bytes == 0 {
            return Ok(u64::MAX);
        }
        let coming_bytes =
            self.files.running.iter().flatten().filter(|running| running.way == Way::Down).map(|running| running.total).sum();
        Ok(cap_bytes.saturating_sub(self.store.read().fetched_bytes()?).saturating_sub(coming_bytes))
    }

    /// Takes at least so many bytes off this device, of blobs that the server has confirmed; with `own` also of those that were made here.
    /// Never what is kept offline, nor while a backup reads (its end leaves them for the next time).
    fn evict(&mut self, n_bytes: u64, own: bool, except: Option<BlobId>) -> Result<(), Failure> {
        if Rc::strong_count(&self.blob_pins) > 1 {
            return Ok(());
        }
        let mut gone = Vec::new();
        let mut left = n_bytes;
        for record in self.store.read().blobs_to_evict()? {
            let copy = self.store.read().blob_copy(record.blob)?;
            let may_go = (own || copy.fetched_ms > 0) && Some(record.blob) != except && !self.is_pinned(record.blob)?;
            if !may_go || self.files.is_running(record.blob) {
                continue;
            }
            gone.push(record.blob);
            left = left.saturating_sub(record.len_bytes);
            if left == 0 {
                break;
            }
        }
        // The record first: a crash in between leaves a file that the next fetch replaces.
        self.store.write(|tx| gone.iter().try_for_each(|blob| tx.set_blob_state(*blob, BlobState::Missing)))?;
        for blob in gone {
            self.blobs.delete(blob)?;
        }
        Ok(())
    }
}
