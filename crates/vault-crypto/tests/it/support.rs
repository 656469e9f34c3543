//! Replayable randomness and small helpers.

use vault_crypto::secret::RootKey;
use vault_crypto::{Entropy, EntropyError};

/// The same bytes for the same seed: BLAKE3 in counter mode.
pub(crate) struct Seeded(blake3::OutputReader);

impl Seeded {
    pub(crate) fn new(seed: &str) -> Self {
        Self(blake3::Hasher::new().update(seed.as_bytes()).finalize_xof())
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(out);
        Ok(())
    }
}

/// Works `left` times, then fails.
pub(crate) struct Failing {
    pub(crate) left: usize,
}

impl Entropy for Failing {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.left = self.left.checked_sub(1).ok_or(EntropyError)?;
        out.fill(0x5a);
        Ok(())
    }
}

/// The error of a result whose value can't be printed, because it is a secret.
pub(crate) fn error_of<T, E>(result: Result<T, E>) -> E {
    match result {
        Ok(_) => panic!("this must not succeed"),
        Err(error) => error,
    }
}

/// A copy with one bit changed.
pub(crate) fn flipped(bytes: &[u8], bit_idx: usize) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    copy[bit_idx / 8] ^= 1 << (bit_idx % 8);
    copy
}

pub(crate) fn root_key(seed: &str) -> RootKey {
    RootKey::make(&mut Seeded::new(seed)).unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
