//! Backups: what the records of a `.nt2backup` mean, how one is written, opened, verified, restored, merged and tested.
//!
//! The container, its keys and its integrity are `vault-crypto`'s; `FORMAT.md` beside this crate's manifest tables the records.

mod import;
mod key;
mod record;
mod restore;
mod stream;
mod verify;
mod write;

use std::{cell::RefCell, io, rc::Rc};

use vault_crypto::{
    backup::{BackupError, BackupFile},
    bytes::ReadAt,
};

use crate::{bytes::SourceBytes, command::SourceId, context::Ctx, event::Failure};

/// A registered file that is read several times: first to verify all of it, then to take it over.
#[derive(Clone)]
pub(crate) struct SharedSource(Rc<RefCell<SourceBytes>>);

impl ReadAt for SharedSource {
    fn len_bytes(&self) -> u64 {
        self.0.borrow().len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.borrow_mut().read_at(offset, out)
    }
}

/// A backup opened up to its control log, which is verified; nothing secret is at hand.
pub(crate) struct LockedBackup {
    pub(crate) source: SharedSource,
    pub(crate) file: BackupFile,
}

impl LockedBackup {
    /// Reads the front of a registered file.
    pub(crate) fn open(source: SourceId, ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        let source = ctx.host.take_source(source).ok_or(Failure::NotFound)?;
        let mut source = SharedSource(Rc::new(RefCell::new(SourceBytes(source))));
        let file = BackupFile::read(&mut source)?;
        Ok(Self { source, file })
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::NotABackup
            | BackupError::Truncated
            | BackupError::NotAuthentic
            | BackupError::Control(_)
            | BackupError::TooLong
            | BackupError::ReservedKind => Self::BackupDamaged,
            BackupError::Format { .. } => Self::TooNew,
            BackupError::OtherVault | BackupError::OtherEpoch => Self::BackupOfOtherVault,
            BackupError::NoPassphrase => Self::PassphraseRequired,
            BackupError::WrongBase => Self::BackupNeedsBase,
            BackupError::NotMember | BackupError::Slot(_) => Self::NotAuthentic,
            BackupError::Entropy(_) => Self::NoEntropy,
            BackupError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::BackupDamaged,
            BackupError::Io(error) => error.into(),
            _ => Self::BackupDamaged,
        }
    }
}
