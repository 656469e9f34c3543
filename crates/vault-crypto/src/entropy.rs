//! Randomness, passed in: the crate has no generator of its own, so a test can replay every byte.

/// The system's generator failed. Whatever was being written stops (R09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the random generator failed")]
pub struct EntropyError;

/// A source of bytes fit for keys and nonces: the operating system's generator, or a recorded one in a test.
pub trait Entropy {
    /// Fills all of `out`.
    ///
    /// # Errors
    ///
    /// [`EntropyError`] if the generator failed; `out` must not be used then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// `N` fresh public bytes: an id, a salt, a nonce. Secrets are drawn in place instead.
pub(crate) fn make_bytes<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut out = [0; N];
    entropy.fill(&mut out)?;
    Ok(out)
}
