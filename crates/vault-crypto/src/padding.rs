//! Length steps, so that sizes say little (MS28): multiples of 256 bytes up to 4 KiB, Padmé above.

/// Smallest step of a message body, in bytes.
pub const STEP_BYTES: usize = 256;
/// Up to here lengths are multiples of [`STEP_BYTES`], and no blob is shorter; bytes.
pub const PADME_FROM_BYTES: u64 = 4096;

/// The length to which `len_bytes` of a message's plaintext are padded.
pub fn message_padded(len_bytes: usize) -> usize {
    if len_bytes as u64 <= PADME_FROM_BYTES {
        len_bytes.max(1).next_multiple_of(STEP_BYTES)
    } else {
        // A usize fits; the result is at most 12 % longer and memory of that size is about to be asked for.
        usize::try_from(padme(len_bytes as u64)).unwrap_or(usize::MAX)
    }
}

/// The length to which a blob of `len_bytes` is padded: Padmé of it, at least 4 KiB.
pub fn blob_padded(len_bytes: u64) -> u64 {
    padme(len_bytes.max(PADME_FROM_BYTES))
}

/// Padmé (Nikitin et al., Reducing Metadata Leakage from Encrypted Files, PETS 2019, §4): keeps the topmost bits of the length, as many as
/// its exponent has binary digits, and rounds up. The overhead is at most 12 % and shrinks with the length.
fn padme(len: u64) -> u64 {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1u64 << (exponent - kept_bits)) - 1;
    len.checked_add(mask).map_or(len, |sum| sum & !mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_messages_fall_on_steps_of_256() {
        for (len, padded) in [(0, 256), (1, 256), (4, 256), (256, 256), (257, 512), (4095, 4096), (4096, 4096)] {
            assert_eq!(message_padded(len), padded, "{len}");
        }
    }

    #[test]
    fn long_messages_and_blobs_fall_on_padme_steps() {
        // exponent 12 has 4 binary digits, so 12 - 4 = 8 bits are cleared; exponent 20 has 5, so 15 are.
        for (len, padded) in [(4097, 4352), (4352, 4352), (4353, 4608), (1 << 20, 1 << 20), ((1 << 20) + 1, (1 << 20) + (1 << 15))] {
            assert_eq!(message_padded(len), padded, "{len}");
            assert_eq!(blob_padded(len as u64), padded as u64, "{len}");
        }
        assert_eq!(blob_padded(0), 4096);
    }

    #[test]
    fn padding_grows_by_at_most_an_eighth_and_never_shrinks() {
        for shift in 12..50u32 {
            for extra in [0u64, 1, 77, 1 << (shift - 1)] {
                let len = (1u64 << shift) + extra;
                let padded = blob_padded(len);
                assert!(padded >= len && padded - len <= len / 8, "{len} became {padded}");
                assert_eq!(blob_padded(padded), padded, "a step stays where it is");
            }
        }
    }

    #[test]
    fn ms28_nearly_all_one_byte_edits_keep_the_stored_length() {
        let changed = (0..20_000usize).filter(|&len| message_padded(len) != message_padded(len + 1)).count();
        assert!(changed * 20 <= 20_000, "{changed} of 20000 lengths change with one more byte");
    }
}
