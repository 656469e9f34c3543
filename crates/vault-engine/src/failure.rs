//! How the errors of the layers below become what the client is told. The cause stays here: it never holds more than a client may know.

use vault_crypto::{EntropyError, blob::BlobError, compose::ComposeError, message::SealError};
use vault_store::StoreError;

use crate::{
    effect::LockError,
    event::{Failure, InvalidWhat},
    log::{edit::EditError, entry::SealEntryError},
};

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull(_) => Self::DiskFull,
            StoreError::Damaged(_) | StoreError::NotOurs => Self::Damaged,
            StoreError::TooNew { .. } => Self::TooNew,
            StoreError::ReadOnly(_) => Self::ReadOnly,
            StoreError::Locked(_) => Self::InUse,
            StoreError::Retired => Self::NotFound,
            _ => Self::Io,
        }
    }
}

impl From<EntropyError> for Failure {
    fn from(_: EntropyError) -> Self {
        Self::NoEntropy
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io,
        }
    }
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotAuthentic | BlobError::WrongLength { .. } | BlobError::BadDescriptor => Self::AttachmentDamaged,
            BlobError::BadLength => Self::SourceChanged,
            BlobError::OutOfRange => Self::NotFound,
            BlobError::Entropy(_) => Self::NoEntropy,
            BlobError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => Self::AttachmentMissing,
            BlobError::Io(error) => error.into(),
            _ => Self::Io,
        }
    }
}

impl From<ComposeError> for Failure {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Entropy(_) => Self::NoEntropy,
            ComposeError::PasswordNeeded => Self::WrongPassword { wait_ms: 0 },
            _ => Self::NotAuthentic,
        }
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Entropy(_) => Self::NoEntropy,
            _ => Self::Invalid(InvalidWhat::ItemTooLarge),
        }
    }
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Seal(SealEntryError::Seal(error)) => error.into(),
            EditError::Seal(_) | EditError::TooManyOps { .. } => Self::Invalid(InvalidWhat::ItemTooLarge),
            EditError::Retired(_) | EditError::PurgeAgreed(_) => Self::NotFound,
            EditError::Load(_) => Self::Damaged,
            EditError::Halted | EditError::NotMember | EditError::Over => Self::NotAuthentic,
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        match error {
            LockError::InUse => Self::InUse,
            LockError::Io => Self::Io,
        }
    }
}
