//! Whether a file is whole, without any key: BLAKE3 of everything but its last 32 bytes.

use super::{BackupError, stream::OUTER_LEN};
use crate::bytes::ReadAt;

/// Bytes read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Compares the hash at the end of a backup in steps. It finds accidents; forgery is found by the keys only.
pub struct OuterCheck {
    hasher: blake3::Hasher,
    at: u64,
}

impl OuterCheck {
    /// Starts at the beginning.
    #[allow(clippy::new_without_default, reason = "a check is begun, not defaulted")]
    pub fn new() -> Self {
        Self { hasher: blake3::Hasher::new(), at: 0 }
    }

    /// Reads on for at least `budget_bytes`, if there are so many; `true` once everything has been read and the hash is right.
    ///
    /// # Errors
    ///
    /// [`BackupError::Truncated`], [`BackupError::NotAuthentic`], [`BackupError::Io`].
    pub fn step(&mut self, source: &mut dyn ReadAt, budget_bytes: u64) -> Result<bool, BackupError> {
        let end = source.len_bytes().checked_sub(OUTER_LEN).ok_or(BackupError::Truncated)?;
        let until = self.at.saturating_add(budget_bytes).min(end);
        let mut piece = vec![0; PIECE_BYTES];
        while self.at < until {
            let len = (end - self.at).min(PIECE_BYTES as u64) as usize;
            source.read_at(self.at, &mut piece[..len])?;
            self.hasher.update(&piece[..len]);
            self.at += len as u64;
        }
        if self.at < end {
            return Ok(false);
        }
        let mut stored = [0; OUTER_LEN as usize];
        source.read_at(end, &mut stored)?;
        if self.hasher.finalize() == stored { Ok(true) } else { Err(BackupError::NotAuthentic) }
    }
}
