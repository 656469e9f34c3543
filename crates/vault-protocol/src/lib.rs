//! What a blind carrier may see: ids, version vectors, the framing of entries and of the control log, size limits.
//!
//! Nothing here can open a sealed message, nothing here holds a private key, and nothing here does I/O. A server that links this crate, and
//! no other of ours, is blind by construction. Because it must verify membership all the same, the control log's framing, signatures *and
//! fold* live here and not in `vault-crypto`, which composes bodies and slots on top. Byte tables: `FORMAT.md`.
//!
//! ```
//! use vault_protocol::{SigningPublicKey, control::KdfCost};
//!
//! assert!(KdfCost::FLOOR.is_within());
//! // A null key signs nothing.
//! assert!(SigningPublicKey::ZERO.check().is_err());
//! ```

pub mod api;
pub mod control;
pub mod entry;
pub mod header;
pub mod id;
pub mod limits;
mod reader;
pub mod signing;
pub mod vector;

pub use control::KdfCost;
pub use header::{FORMAT_1, HeaderError, Kind, SUITE_1, SealedHeader};
pub use id::{BlobId, DeviceId, Dot, EpochId, Hash, LogId, ObjectId, Salt, SlotId, VaultId};
pub use signing::{KemPublicKey, Signature, SignatureError, Signer, SigningPublicKey};
pub use vector::{Head, VersionVector};
