//! What a blind carrier may see: ids, version vectors, the framing of entries and of the control log, size limits.
//!
//! Nothing here can open a sealed message, and nothing here does I/O. A server that links this crate, and no other of ours, is blind
//! by construction.

pub mod entry;
pub mod id;
pub mod limits;
pub mod vector;

pub use id::{BlobId, DeviceId, Dot, EpochId, Hash, LogId, ObjectId, SlotId, VaultId};
pub use vector::{Head, VersionVector};
