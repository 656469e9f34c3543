//! What is kept of blobs beside the bytes: claims, parts, names, use of room, and objects that are left to delete.
//!
//! A claim is written before a byte goes anywhere, and an object is written down as waste in the transaction that gives it up. So whatever
//! ends in between, no object is forgotten and none is deleted that somebody still has.

use std::future::Future;

use vault_protocol::{BlobId, VaultId, api::BlobUsage};

use super::StoreResult;

/// Blobs that one round of the sweeper gives up, and objects that it deletes.
pub(crate) const WASTE_AT_ONCE: u32 = 256;
/// How much older a claim must be before a new beginning is noted: it is not worth a write for each request.
pub(crate) const RENEW_MS: u64 = 86_400_000;

/// The name of an object, drawn at random and never used again: what lies beside the database says nothing but vault and this.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// The vault.
    pub vault: VaultId,
    /// Random.
    pub object: [u8; 16],
}

/// A blob as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRow {
    /// The blob.
    pub blob: BlobId,
    /// Where its bytes are or will be.
    pub object: ObjectName,
    /// What the store of objects calls the upload, once one was begun.
    pub upload: Option<String>,
    /// Bytes of the whole.
    pub len_bytes: u64,
    /// Bytes of each part but the last.
    pub part_bytes: u32,
    /// When it became whole, Unix milliseconds.
    pub completed_ms: Option<u64>,
}

/// A claim on its way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBlob {
    /// The blob.
    pub blob: BlobId,
    /// Where its bytes go if the claim is new.
    pub object: ObjectName,
    /// Bytes of the whole.
    pub len_bytes: u64,
    /// Bytes of each part but the last, if the claim is new.
    pub part_bytes: u32,
    /// Which registration of the vault.
    pub instance: [u8; 16],
    /// Room of the vault for blobs, in bytes.
    pub max_bytes: u64,
    /// Now, in Unix milliseconds.
    pub now_ms: u64,
}

/// What came of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The claim that stands: this one, or an earlier one whatever its length.
    Row(BlobRow),
    /// Over the vault's room.
    Full,
    /// The vault is gone.
    Moved,
}

/// A part that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    /// Counted from 0.
    pub part: u32,
    /// What the store of objects calls it.
    pub tag: String,
}

/// An object that is left to delete, with its upload if that may be unfinished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waste {
    /// The object.
    pub object: ObjectName,
    /// The upload.
    pub upload: Option<String>,
    /// Whether it was deleted once: the second time is for what an upload that was under way then brought after.
    pub again: bool,
}

/// What comes next for an object that is left to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasteStep {
    /// It could not be deleted: the same, at this time in Unix milliseconds.
    Retry(u64),
    /// It is deleted: once more at this time in Unix milliseconds.
    Again(u64),
    /// Nothing more.
    Forget,
}

impl NewBlob {
    /// Bytes that a blob counts for at least: none is shorter when it is sealed (`crates/vault-crypto/FORMAT.md`), and no vault shall fill the
    /// tables with blobs of one byte.
    const LEAST_BYTES: u64 = 4096;

    /// Whether there is room for it beside what the vault has.
    pub(crate) fn has_room(&self, usage: &BlobUsage) -> bool {
        let n_bytes = usage.stored_bytes.saturating_add(self.len_bytes);
        let least = usage.n_blobs.saturating_add(1).saturating_mul(Self::LEAST_BYTES);
        n_bytes.max(least) <= self.max_bytes
    }
}

impl ObjectName {
    /// Path below the folder or prefix of all blobs: the vault's id, a slash, the random part, both as hexadecimal.
    pub fn path(&self) -> String {
        format!("{}/{}", self.vault, BlobId(self.object))
    }
}

impl std::fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path())
    }
}

/// The part of a [`Store`](super::Store) that keeps this.
pub trait BlobTables: Send + Sync + 'static {
    /// Claims a blob's id, unless it is claimed. A claim that stands is renewed if it is older than a day.
    fn claim_blob(&self, claim: NewBlob) -> impl Future<Output = StoreResult<Claimed>> + Send;

    /// A blob.
    fn blob(&self, vault: VaultId, blob: BlobId) -> impl Future<Output = StoreResult<Option<BlobRow>>> + Send;

    /// Those of these blobs that are whole, in no order.
    fn whole_blobs(&self, vault: VaultId, blobs: Vec<BlobId>) -> impl Future<Output = StoreResult<Vec<BlobRow>>> + Send;

    /// Notes the upload of an object unless another is noted; the blob as it stands then, `None` if the object was given up.
    fn set_upload(&self, object: ObjectName, blob: BlobId, upload: String) -> impl Future<Output = StoreResult<Option<BlobRow>>> + Send;

    /// Parts of an object that are stored, ascending.
    fn blob_parts(&self, object: ObjectName) -> impl Future<Output = StoreResult<Vec<PartRow>>> + Send;

    /// Notes parts that were stored; false if the object was given up or is whole.
    fn note_parts(&self, object: ObjectName, blob: BlobId, parts: Vec<PartRow>) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Notes that an object is whole, and forgets its parts; false if it was given up.
    fn complete_blob(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Gives a blob up unless it is whole; whether it is whole.
    fn give_up_unfinished(&self, object: ObjectName, blob: BlobId, now_ms: u64) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Gives blobs up: what is then left to delete.
    fn release_blobs(&self, vault: VaultId, blobs: Vec<BlobId>, now_ms: u64) -> impl Future<Output = StoreResult<Vec<Waste>>> + Send;

    /// Gives up blobs of any vault that were begun before a time and that no entry named, some of them if there are many; how many.
    fn give_up_blobs(&self, begun_before_ms: u64, now_ms: u64) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Objects to delete by now, some of them if there are many.
    fn due_waste(&self, now_ms: u64) -> impl Future<Output = StoreResult<Vec<Waste>>> + Send;

    /// Objects of one vault that were not deleted once, some of them if there are many.
    fn waste_of(&self, vault: VaultId) -> impl Future<Output = StoreResult<Vec<Waste>>> + Send;

    /// Notes what comes next for an object.
    fn put_waste(&self, object: ObjectName, step: WasteStep) -> impl Future<Output = StoreResult<()>> + Send;

    /// What a vault has in blobs; the ceiling is left 0.
    fn blob_usage(&self, vault: VaultId) -> impl Future<Output = StoreResult<BlobUsage>> + Send;
}
