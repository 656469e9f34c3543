//! What the tables hold, one type per table.

use vault_protocol::{BlobId, Hash, Head, LogId, ObjectId};

/// A control entry as stored; its parents and signer are in `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlRecord<'a> {
    /// SHA-256 of `bytes`.
    pub hash: Hash,
    /// One more than the greatest number of its parents; 0 for the genesis.
    pub number: u64,
    /// Its whole wire form.
    pub bytes: &'a [u8],
}

/// An entry as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRecord<'a> {
    /// Its log.
    pub log: LogId,
    /// Its number there, from 1.
    pub seq: u64,
    /// SHA-256 of `bytes`.
    pub hash: Hash,
    /// Its whole wire form.
    pub bytes: &'a [u8],
}

/// Whether a carrier has confirmed an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// What appending did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The entry is new and now held.
    New,
    /// The same entry was there already; nothing changed.
    Known,
}

/// A merged object as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowRecord<'a> {
    /// Its id.
    pub object: ObjectId,
    /// What it adds to the root, little endian.
    pub term: [u8; 32],
    /// The sealed message.
    pub sealed: &'a [u8],
}

/// A history page as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryRecord<'a> {
    /// Of which object.
    pub object: ObjectId,
    /// Its number, from 0, oldest first.
    pub page: u32,
    /// The sealed message.
    pub sealed: &'a [u8],
}

/// Where a scan over a table has come to. Rows written during the scan may or may not be met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor(pub(crate) i64);

/// The part of a log that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogExtent {
    /// The log.
    pub log: LogId,
    /// Lowest entry held; `head.seq + 1` if all are truncated.
    pub first_seq: u64,
    /// The last entry.
    pub head: Head,
}

/// How a log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LogStatus {
    /// Its entries are applied as they come.
    Open = 0,
    /// Retired by a member, or followed by another log of its device.
    Retired = 1,
    /// An entry was refused; nothing after it is applied.
    Stopped = 2,
    /// Its device was removed; what lies beyond the cut-off is in quarantine.
    CutOff = 3,
}

/// The last applied entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The log.
    pub log: LogId,
    /// The entry; `seq` 0 and a zero hash if none is applied yet.
    pub head: Head,
    /// How the log stands.
    pub status: LogStatus,
}

/// Whether a blob's file is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BlobState {
    /// It is.
    Present = 0,
    /// It is not, or is damaged; fetched again when a carrier has it (MS27).
    Missing = 1,
}

/// An encrypted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobRecord {
    /// Its id.
    pub blob: BlobId,
    /// Length of the file in bytes, framing included.
    pub len_bytes: u64,
    /// Its chunks.
    pub n_chunks: u64,
    /// Whether it is here.
    pub state: BlobState,
    /// Kept although no attachment names it: a snapshot, or an upload that runs.
    pub held: bool,
}

/// What is known of a blob beyond this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobCopy {
    /// The sync server has confirmed all of it.
    pub remote: bool,
    /// When it came from the server, Unix milliseconds; 0 = it was made or restored here.
    pub fetched_ms: u64,
}

/// A descriptor that names a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobUse {
    /// The item's object.
    pub object: ObjectId,
    /// The attachment within it.
    pub attachment: [u8; 16],
    /// The sealed descriptor.
    pub sealed: Vec<u8>,
}

/// Blobs of a vault, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobTotals {
    /// Here.
    pub n_here: u64,
    /// Their bytes.
    pub here_bytes: u64,
    /// Not here.
    pub n_missing: u64,
    /// Their bytes.
    pub missing_bytes: u64,
    /// Here, and not confirmed by the server.
    pub n_to_send: u64,
    /// Their bytes.
    pub to_send_bytes: u64,
    /// Bytes of those here that the server has too.
    pub remote_bytes: u64,
}

/// Whether a descriptor is part of its item today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AttachmentState {
    /// It is.
    Current = 0,
    /// Only history names it.
    Past = 1,
}

/// A sealed descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentRecord<'a> {
    /// The item's object.
    pub object: ObjectId,
    /// The attachment within it.
    pub attachment: [u8; 16],
    /// The blob with its bytes.
    pub blob: BlobId,
    /// floor(log2 of the length of the blob in bytes): what a list shows before the descriptor is opened.
    pub size_class: u8,
    /// Current or past.
    pub state: AttachmentState,
    /// The sealed descriptor.
    pub sealed: &'a [u8],
}
