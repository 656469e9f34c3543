//! The `.nt2backup` container: a stream of opaque records, written and read with one chunk in memory.
//!
//! ```text
//! "nt2a" (4) | format (1) | suite (1) | n (4) | n × { len (4) | control entry }     readable by anyone
//! BK sealed under K(backup) (409) | 0 or 1 (1) | passphrase slot holding BK (345, if 1)
//! salt (32) | commit (32) | chunks of 64 KiB + 16                                   STREAM under BK
//! BLAKE3 of all before (32)
//! ```
//! `(key, commit) = HKDF-Expand(BK, "nt2 backup v1" ‖ SHA-256(all before the salt) ‖ salt, 64)`. The plaintext is records `kind (1) ‖ len (4) ‖
//! body`, first a head, last a signed trailer, then zeros to a Padmé step. What the other records mean is the engine's business.
//! Nothing read counts before the trailer has been reached: [`BackupReader::next_record`] answers `None` only then.

mod facts;
mod file;
mod outer;
mod read;
mod stream;
mod write;

use vault_protocol::control::ControlError;

use crate::entropy::EntropyError;
use crate::slot::SlotError;

pub use facts::BackupFacts;
pub use file::BackupFile;
pub use outer::OuterCheck;
pub use read::BackupReader;
pub use write::{BackupPassphrase, BackupWriter, NewBackup};

/// First bytes of a backup file.
pub const BACKUP_MAGIC: [u8; 4] = *b"nt2a";
/// Smallest kind of a record that is not the container's own.
pub const FIRST_RECORD_KIND: u8 = 16;
/// Longest body of a record, in bytes. Larger things are cut into several records.
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// Most bytes of control log in a backup: a vault's whole life is far below, and a reader holds it in memory (MF04).
pub const MAX_CONTROL_LOG_BYTES: usize = 128 << 20;

/// Kind of the first record.
const HEAD: u8 = 1;
/// Kind of the last record.
const TRAILER: u8 = 2;

/// Why a backup was not written or not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Not a backup file.
    #[error("not a backup")]
    NotABackup,
    /// A backup of another format or suite (MF06).
    #[error("format {format} with suite {suite} is not one this program reads")]
    Format {
        /// As written.
        format: u8,
        /// As written.
        suite: u8,
    },
    /// Cut short (MF01).
    #[error("the backup is incomplete")]
    Truncated,
    /// Altered, forged, or under another key (MF02): one variant, whatever was changed.
    #[error("the backup did not authenticate")]
    NotAuthentic,
    /// Its control log is refused.
    #[error("the backup's control log is refused")]
    Control(#[source] ControlError),
    /// It is another vault's (MF06).
    #[error("the backup is of another vault")]
    OtherVault,
    /// It was made in an epoch that is not open here (MF06).
    #[error("the backup is of an epoch that is not open")]
    OtherEpoch,
    /// It has no passphrase slot.
    #[error("the backup has no passphrase")]
    NoPassphrase,
    /// A delta that follows another state than the one at hand (MF06).
    #[error("the backup follows another base")]
    WrongBase,
    /// A length or count over its ceiling (MF04).
    #[error("a length or count is over its ceiling")]
    TooLong,
    /// A record kind that is the container's own.
    #[error("the record kind is reserved")]
    ReservedKind,
    /// The signer's log is not an open log of the vault.
    #[error("this device is not a member")]
    NotMember,
    /// The passphrase slot could not be written.
    #[error("the passphrase slot could not be written")]
    Slot(#[source] SlotError),
    /// The generator failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Reading or writing failed.
    #[error("the backup could not be read or written")]
    Io(#[from] std::io::Error),
}
