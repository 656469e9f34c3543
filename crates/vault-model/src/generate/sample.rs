//! Unbiased choices.

use zeroize::Zeroizing;

use super::{Entropy, NoEntropy};

/// Draws after which the generator is taken to be broken: one that works needs a second draw once in a hundred thousand times.
const MAX_DRAWS: usize = 64;

/// A number below `n`, each equally likely. `n` is at least 1 and far below 2^32.
pub(super) fn below(n: usize, entropy: Entropy<'_>) -> Result<usize, NoEntropy> {
    // u32 is wide enough for every list; what lies beyond the last whole multiple of n is drawn again.
    let n = u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let limit = u32::MAX - u32::MAX % n;
    let mut bytes = Zeroizing::new([0; 4]);
    for _ in 0..MAX_DRAWS {
        entropy(bytes.as_mut_slice())?;
        let drawn = u32::from_le_bytes(*bytes);
        if drawn < limit {
            return Ok((drawn % n) as usize);
        }
    }
    Err(NoEntropy)
}
