//! Why the store refused, by what can be done about it.

use rusqlite::ErrorCode;

use crate::connection::ReadOnly;

/// Why a call to the store failed. Unless a variant says otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Make room, then try again.
    #[error("the disk is full")]
    DiskFull(#[source] rusqlite::Error),
    /// The file's bytes do not make sense: check it, salvage it (`salvage`) or restore a backup.
    #[error("the database is damaged")]
    Damaged(#[source] Option<rusqlite::Error>),
    /// Another process has the database: close it there.
    #[error("the database is in use elsewhere")]
    Locked(#[source] rusqlite::Error),
    /// A newer program wrote it: update this one. Until then it can be read.
    #[error("the database has schema {found}, this program knows {known}")]
    TooNew {
        /// The schema's number in the file.
        found: u32,
        /// The newest number known here.
        known: u32,
    },
    /// The file, folder or medium can't be written, or the store was opened for reading.
    #[error("the database can only be read")]
    ReadOnly(#[source] Option<rusqlite::Error>),
    /// There is no such file, or it can't be opened.
    #[error("the database can't be opened")]
    Unavailable(#[source] rusqlite::Error),
    /// It is a database, but not one of ours.
    #[error("the file is not a database of this kind")]
    NotOurs,
    /// The disk failed. If it did so in a commit, that transaction is whole or absent, which may show only when the store is opened again.
    #[error("the disk failed")]
    Disk(#[source] rusqlite::Error),
    /// Too little memory.
    #[error("memory is short")]
    OutOfMemory(#[source] rusqlite::Error),
    /// An entry that does not follow the last one held of its log.
    #[error("entry {seq} does not follow entry {head}")]
    Gap {
        /// The last entry held; 0 if none.
        head: u64,
        /// The entry offered.
        seq: u64,
    },
    /// Another entry, with another hash, already has this place in its log.
    #[error("entry {seq} is already there with another hash")]
    Fork {
        /// The entry offered.
        seq: u64,
    },
    /// The object was purged: its id never returns.
    #[error("the object is retired")]
    Retired,
    /// The device index lists no such vault.
    #[error("the vault is not on this device")]
    UnknownVault,
    /// A record points to one that is not there, or breaks a rule of the schema: an error of the caller.
    #[error("the write breaks a rule of the schema")]
    Rule(#[source] rusqlite::Error),
    /// This program was built with an SQLite that is too old.
    #[error("this SQLite is too old")]
    OldSqlite,
    /// Anything else SQLite says.
    #[error("the database refused")]
    Other(#[source] rusqlite::Error),
}

impl StoreError {
    /// What a write answers when the store can only be read.
    pub(crate) fn from_read_only(why: ReadOnly) -> Self {
        match why {
            ReadOnly::NewerSchema { found, known } => Self::TooNew { found, known },
            ReadOnly::Medium | ReadOnly::Salvage => Self::ReadOnly(None),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::DiskFull(error),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(Some(error)),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => Self::Locked(error),
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly(Some(error)),
                ErrorCode::CannotOpen => Self::Unavailable(error),
                ErrorCode::SystemIoFailure => Self::Disk(error),
                ErrorCode::OutOfMemory => Self::OutOfMemory(error),
                ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch => Self::Rule(error),
                _ => Self::Other(error),
            },
            // A value of another type or length than the schema allows: the file was changed from outside.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged(Some(error)),
            rusqlite::Error::ToSqlConversionFailure(_) => Self::Rule(error),
            _ => Self::Other(error),
        }
    }
}
