//! An open vault: keys, store, log, index and what the window looks at. Dropped at lock, and everything secret is wiped with it.

pub(crate) mod continuity;
pub(crate) mod descriptor;
pub(crate) mod edit;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod load;
pub(crate) mod local;
mod news;
pub(crate) mod settings;
pub(crate) mod view;

use std::{any::Any, collections::HashMap, rc::Rc};

use vault_crypto::secret::LogSigningKey;
use vault_model::{Attachment, AttachmentId, FieldKey, Item, payload};
use vault_protocol::{DeviceId, Dot, Hash, Kind, LogId, ObjectId, VaultId, control::ControlLog};
use vault_store::{VaultStore, blobs::BlobStore};

pub(crate) use self::{edit::Edit, keys::Keys};
use crate::{
    command::VaultSettings,
    context::Ctx,
    event::{DeviceKeyPlace, Event, Failure, ReadOnlyReason, VaultStatus},
    files::Files,
    index::Index,
    log::{
        edit::WriteContext,
        entry::EntrySeal,
        object::ObjectState,
        replica::Replica,
        row,
        store::{LoadError, ObjectStore},
    },
    session::live::LiveItem,
    sync::{SyncSession, join::Joining},
};

/// Where content of a length and hash is already: (item, attachment).
pub(crate) type Contents = HashMap<(u64, Hash), (ObjectId, AttachmentId)>;

/// See the module.
pub(crate) struct Session {
    pub(crate) vault: VaultId,
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) device: DeviceId,
    pub(crate) store: VaultStore,
    pub(crate) blobs: Box<dyn BlobStore>,
    pub(crate) control: ControlLog,
    pub(crate) keys: Keys,
    pub(crate) log_key: LogSigningKey,
    /// See [`local::PREVIOUS_LOG_KEY`].
    pub(crate) previous_log_key: Option<LogSigningKey>,
    pub(crate) replica: Replica,
    pub(crate) index: Index,
    pub(crate) contents: Contents,
    pub(crate) device_names: HashMap<ObjectId, String>,
    pub(crate) settings: VaultSettings,
    pub(crate) key_place: DeviceKeyPlace,
    pub(crate) kit_saved: bool,
    pub(crate) read_only: Option<ReadOnlyReason>,
    pub(crate) live: Option<LiveItem>,
    /// Entries written in this session or counted at opening: our own log's length.
    pub(crate) n_entries: u64,
    /// Counts the changes of the rows, whoever made them: what was summed up over an older one says nothing.
    pub(crate) revision: u64,
    pub(crate) sync: SyncSession,
    pub(crate) files: Files,
    /// A vault that is being brought to this device: nobody sees it yet.
    pub(crate) joining: Option<Box<Joining>>,
    pub(crate) last_backup: Option<LastBackup>,
    /// Shared with every backup that is reading blobs: while there is one, none is deleted.
    pub(crate) blob_pins: Rc<()>,
    /// Shared with the one file that is being attached: the others wait for their turn.
    pub(crate) attaching: Rc<()>,
    pub(crate) _lock: Box<dyn Any>,
}

/// When the last backup was made, and how long our log was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastBackup {
    pub(crate) made_ms: u64,
    pub(crate) n_entries: u64,
}

impl Session {
    /// What is true of the vault.
    pub(crate) fn status(&self) -> VaultStatus {
        let members = self.control.state();
        let cost = members.cost();
        VaultStatus {
            vault: self.vault,
            name: self.name.clone(),
            did: members.did().did_text(),
            has_password: crate::vaults::has_password(members),
            kit_saved: self.kit_saved,
            device_key: self.key_place,
            n_devices: members.current_devices().count() as u32,
            last_backup_ms: self.last_backup.map_or(0, |backup| backup.made_ms),
            n_changes_since_backup: self.n_entries - self.last_backup.map_or(0, |backup| backup.n_entries.min(self.n_entries)),
            read_only: self.read_only,
            settings: self.settings.clone(),
            kdf: (cost.memory_kib, cost.passes, cost.lanes),
        }
    }

    /// Tells the client that the status changed.
    pub(crate) fn tell_status(&self, ctx: &mut Ctx<'_>) {
        ctx.emit(Event::VaultChanged(self.status()));
    }

    /// Refuses where nothing may be written.
    pub(crate) fn check_writable(&self) -> Result<(), Failure> {
        if self.read_only.is_some() { Err(Failure::ReadOnly) } else { Ok(()) }
    }

    /// The merged state of an object; `None` if there is none.
    pub(crate) fn state(&self, object: ObjectId) -> Result<Option<ObjectState>, Failure> {
        let Some(sealed) = self.store.read().row(object)? else { return Ok(None) };
        let body = self.keys.open_row(object, &sealed).map_err(|_| Failure::NotAuthentic)?;
        row::decode_row(&body).map(Some).map_err(|_| Failure::Damaged)
    }

    /// An item with its secrets, and the state it was read from.
    pub(crate) fn item(&self, item: ObjectId) -> Result<(Item, ObjectState), Failure> {
        let state = self.state(item)?.ok_or(Failure::NotFound)?;
        let read = payload::compose(item, state.values()).map_err(|_| Failure::NotFound)?;
        Ok((read, state))
    }

    /// The attachment that holds content of this length and hash, if the vault has it and may share it: not of an item whose removal is
    /// asked for (MF11).
    pub(crate) fn content(&self, len_bytes: u64, hash: Hash) -> Result<Option<Attachment>, Failure> {
        let Some((object, id)) = self.contents.get(&(len_bytes, hash)) else { return Ok(None) };
        let (item, state) = self.item(*object)?;
        if state.is_purge_pending() {
            return Ok(None);
        }
        let is_here =
            |blob| self.store.read().blob(blob).ok().flatten().is_some_and(|record| record.state == vault_store::BlobState::Present);
        Ok(item.attachments.into_iter().find(|attachment| attachment.id == *id && is_here(attachment.blob)))
    }

    /// What writing an entry needs.
    pub(crate) fn write_context(&self, now_ms: u64) -> Result<WriteContext<'_>, Failure> {
        let epoch = self.keys.opened().epoch();
        let key = self.keys.kind(epoch, Kind::Entry).ok_or(Failure::NotAuthentic)?;
        Ok(WriteContext {
            seal: EntrySeal { vault: self.vault, epoch, key, signer: &self.log_key },
            terms: self.keys.terms(),
            members: &self.control,
            store: self,
            now_ms,
        })
    }

    /// Ends the session in order.
    pub(crate) fn close(self, _: &mut Ctx<'_>) {
        // Every acknowledged write is durable; a failure here costs the next opening a quick check.
        self.store.close().ok();
    }
}

impl ObjectStore for Session {
    fn load(&self, object: ObjectId) -> Result<Option<ObjectState>, LoadError> {
        self.state(object).map_err(|_| LoadError)
    }

    fn history(&self, object: ObjectId) -> Result<Vec<(FieldKey, Dot)>, LoadError> {
        let mut found = Vec::new();
        self.each_past(object, |record| found.push((record.key.clone(), record.dot))).map_err(|_| LoadError)?;
        Ok(found)
    }

    fn entry_hash(&self, log: LogId, seq: u64) -> Result<Option<Hash>, LoadError> {
        self.store.read().entry(log, seq).map(|entry| entry.map(|(hash, _)| hash)).map_err(|_| LoadError)
    }
}
