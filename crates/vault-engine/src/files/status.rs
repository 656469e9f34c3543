//! What the client is told of transfers. Plain data; the words for it are the window's.

use serde::{Deserialize, Serialize};
use vault_model::{Attachment, AttachmentId, FieldClass, FieldKey, payload};
use vault_protocol::{BlobId, ObjectId};
use vault_store::BlobUse;

use super::{FileSettings, Running};
use crate::{
    context::Ctx,
    event::{Event, Failure},
    session::{Session, local},
    sync::NetFailure,
};

/// Progress is told at most so often, in milliseconds.
pub(super) const TELL_EVERY_MS: u64 = 150;
/// Transfers that are named at once; the totals count all.
const MAX_NAMED: usize = 100;

/// Everything that the transfer panel and the settings show. Sent whole, at most a few times a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesStatus {
    /// What runs, what was opened and waits, and what did not work.
    pub transfers: Vec<Transfer>,
    /// Attachments here.
    pub n_here: u64,
    /// Their bytes, sealed.
    pub here_bytes: u64,
    /// Attachments that are not here.
    pub n_missing: u64,
    /// Their bytes.
    pub missing_bytes: u64,
    /// Attachments that the server has not confirmed.
    pub n_to_send: u64,
    /// Their bytes.
    pub to_send_bytes: u64,
    /// Bytes of those here that the server has too.
    pub remote_bytes: u64,
    /// Why nothing more is handed over for now.
    pub held: Option<TransferProblem>,
    /// What this device keeps.
    pub settings: FileSettings,
    /// Items that are kept offline.
    pub kept: Vec<ObjectId>,
}

/// One attachment on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its item.
    pub item: ObjectId,
    /// Which of the item's.
    pub attachment: AttachmentId,
    /// Its file name.
    pub name: String,
    /// Where to.
    pub way: Way,
    /// Bytes that are there.
    pub done: u64,
    /// Of so many.
    pub total: u64,
    /// Where it stands.
    pub state: TransferState,
}

/// Where a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// To the server.
    Up,
    /// To this device.
    Down,
}

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransferState {
    /// Its turn comes.
    Waiting,
    /// It runs.
    Running,
    /// It did not work; tried again at this time (Unix milliseconds).
    Failed(TransferProblem, u64),
}

/// Why a transfer did not work. Nothing was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransferProblem {
    /// The server can't be reached, or is busy.
    Network(NetFailure),
    /// The server does not have it: the device that added it has not handed it over yet, or it was lost there (MS27).
    NotThere,
    /// What the server sent is not what the item names. It was thrown away (MS26).
    Damaged,
    /// The server has no room left for this vault.
    Full,
    /// The server takes no files without a subscription.
    Payment,
    /// This device's disk is full.
    NoRoomHere,
    /// Something else failed on this device.
    Here,
}

impl Session {
    /// Tells now, or soon if it was told just now.
    pub(super) fn note_files(&mut self, ctx: &mut Ctx<'_>) {
        if ctx.now_ms.saturating_sub(self.files.told_ms) < TELL_EVERY_MS {
            self.files.is_news = true;
        } else {
            self.tell_files(ctx);
        }
    }

    /// Tells now.
    pub(crate) fn tell_files(&mut self, ctx: &mut Ctx<'_>) {
        self.files.is_news = false;
        self.files.told_ms = ctx.now_ms;
        // Of a vault that is being brought here nobody is told yet.
        if self.joining.is_none()
            && let Ok(status) = self.files_status()
        {
            ctx.emit(Event::FilesChanged(Box::new(status)));
        }
    }

    fn files_status(&self) -> Result<FilesStatus, Failure> {
        let totals = self.store.read().blob_totals()?;
        let files = &self.files;
        let mut transfers = Vec::new();
        for Running { blobs, way, done, total } in files.running.iter().flatten() {
            let alone = blobs.len() == 1;
            for blob in blobs {
                let part = alone.then_some((*done, *total));
                self.name_transfer(*blob, *way, part, TransferState::Running, &mut transfers)?;
            }
        }
        for blob in files.wanted.iter().filter(|blob| !files.is_running(**blob)) {
            self.name_transfer(*blob, Way::Down, None, TransferState::Waiting, &mut transfers)?;
        }
        for (blob, (problem, retry_ms)) in files.failed.iter().filter(|(blob, _)| !files.is_running(**blob)) {
            let is_here = self.store.read().blob(*blob)?.is_some_and(|record| record.state == vault_store::BlobState::Present);
            let way = if is_here { Way::Up } else { Way::Down };
            self.name_transfer(*blob, way, None, TransferState::Failed(*problem, *retry_ms), &mut transfers)?;
        }
        Ok(FilesStatus {
            transfers,
            n_here: totals.n_here,
            here_bytes: totals.here_bytes,
            n_missing: totals.n_missing,
            missing_bytes: totals.missing_bytes,
            n_to_send: totals.n_to_send,
            to_send_bytes: totals.to_send_bytes,
            remote_bytes: totals.remote_bytes,
            held: files.held,
            settings: files.record.settings,
            kept: files.record.pinned.iter().copied().collect(),
        })
    }

    fn name_transfer(
        &self,
        blob: BlobId,
        way: Way,
        part: Option<(u64, u64)>,
        state: TransferState,
        out: &mut Vec<Transfer>,
    ) -> Result<(), Failure> {
        if out.len() >= MAX_NAMED {
            return Ok(());
        }
        let Some((item, attachment)) = self.attachment_of(blob)? else { return Ok(()) };
        let (done, total) = part.unwrap_or((0, attachment.len_bytes));
        out.push(Transfer { item, attachment: attachment.id, name: attachment.name, way, done, total, state });
        Ok(())
    }

    /// The first descriptor that names a blob, those of today before those of the past.
    pub(super) fn attachment_of(&self, blob: BlobId) -> Result<Option<(ObjectId, Attachment)>, Failure> {
        let Some(found) = self.store.read().attachments_of_blob(blob)?.into_iter().next() else { return Ok(None) };
        let BlobUse { object, attachment: id, sealed } = found;
        let value = self.keys.open_local(&local::descriptor(object, id), &sealed).map_err(|_| Failure::NotAuthentic)?;
        let key = FieldKey::element(FieldClass::Attachment, id);
        let attachment = payload::decode_attachment(&key, &value).map_err(|_| Failure::Damaged)?;
        Ok(Some((object, attachment)))
    }
}
