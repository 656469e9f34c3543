//! Where a vault lies on a device: one SQLite database, a folder of encrypted files, and the index of vaults.
//!
//! This crate must not know keys or plaintext: its tables hold ids, sequence numbers, hashes, sizes and sealed messages, and the one
//! readable text is the display name in the device index. It is synchronous and has no clock, randomness or threads; file access of its
//! own is confined to `blobs/fs.rs` and to opening databases.
//!
//! ```
//! use vault_protocol::ObjectId;
//! use vault_store::{Profile, RowRecord, StoreError, VaultStore};
//!
//! let (mut store, _) = VaultStore::open(":memory:".as_ref(), Profile::Native)?;
//! let object = ObjectId([7; 16]);
//! store.write(|tx| tx.put_row(RowRecord { object, term: [0; 32], sealed: b"sealed elsewhere" }))?;
//! assert_eq!(store.read().row(object)?.as_deref(), Some(&b"sealed elsewhere"[..]));
//! # Ok::<(), StoreError>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]

pub mod blobs;
mod check;
mod connection;
mod device_index;
mod error;
pub mod folder;
mod migration;
mod read;
mod record;
mod salvage;
mod transfers;
mod vault;
mod write;

pub use check::{Check, CheckReport, CheckStep, Seen};
pub use connection::{Access, Profile, ReadOnly};
pub use device_index::{Delay, DeviceIndex, VaultEntry};
pub use error::StoreError;
pub use read::Read;
pub use record::{
    Appended, Applied, AttachmentRecord, AttachmentState, BlobCopy, BlobRecord, BlobState, BlobTotals, BlobUse, ControlRecord, Cursor,
    EntryRecord, HistoryRecord, LogExtent, LogStatus, Pushed, RowRecord,
};
pub use salvage::{SalvagedTable, salvage};
pub use vault::{LastClose, VaultStore};
pub use write::Write;
