//! The recovery secret as 24 English words (BIP-39: 256 bits and a checksum of 8).

use bip39::{Language, Mnemonic};
use zeroize::{Zeroize, Zeroizing};

use super::KitError;
use crate::secret::RecoverySecret;

/// Words of a kit.
pub const N_WORDS: usize = 24;
/// Longest text that is looked at, in bytes: far above 24 words of at most 8 letters.
const MAX_TEXT_BYTES: usize = 1024;

impl RecoverySecret {
    /// The 24 words, separated by single spaces.
    pub fn to_words(&self) -> Zeroizing<String> {
        let mnemonic = Mnemonic::from_entropy_in(Language::English, self.expose()).expect("BIP-39 takes 32 bytes");
        // 24 words of at most 8 letters: the buffer never grows, so no copy stays behind.
        let mut text = Zeroizing::new(String::with_capacity(N_WORDS * 9));
        for word in mnemonic.words() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// Reads what a person typed: any case, any white space.
    ///
    /// # Errors
    ///
    /// [`KitError::WordCount`], [`KitError::UnknownWord`], [`KitError::Checksum`].
    pub fn parse_words(text: &str) -> Result<Self, KitError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(KitError::WordCount { n_words: text.split_whitespace().take(usize::from(u8::MAX)).count() });
        }
        let lower = Zeroizing::new(text.to_ascii_lowercase());
        let n_words = lower.split_whitespace().count();
        if n_words != N_WORDS {
            return Err(KitError::WordCount { n_words });
        }
        let mnemonic = Mnemonic::parse_in_normalized(Language::English, &lower).map_err(|error| match error {
            bip39::Error::UnknownWord(word_idx) => KitError::UnknownWord { word_idx },
            _ => KitError::Checksum,
        })?;
        let (mut entropy, len) = mnemonic.to_entropy_array();
        let secret = Self::from_slice(&entropy[..len]);
        entropy.zeroize();
        secret.ok_or(KitError::Checksum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_the_vectors_of_bip_39() {
        // https://github.com/trezor/python-mnemonic/blob/master/vectors.json, the 256-bit cases.
        for (byte, words) in [
            (0x00, format!("{}art", "abandon ".repeat(23))),
            (0xff, format!("{}vote", "zoo ".repeat(23))),
            (
                0x80,
                format!("{}bless", "letter advice cage absurd amount doctor acoustic avoid ".repeat(3).rsplit_once("avoid ").unwrap().0),
            ),
        ] {
            let secret = RecoverySecret::from_slice(&[byte; 32]).unwrap();
            assert_eq!(*secret.to_words(), words);
            assert_eq!(RecoverySecret::parse_words(&words.to_uppercase().replace(' ', " \n ")).unwrap().expose(), secret.expose());
        }
    }

    #[test]
    fn a_wrong_word_is_named_by_its_place() {
        let words = RecoverySecret::from_slice(&[7; 32]).unwrap().to_words();
        let mut parts: Vec<&str> = words.split(' ').collect();
        parts[4] = "kitten5";
        assert!(matches!(RecoverySecret::parse_words(&parts.join(" ")), Err(KitError::UnknownWord { word_idx: 4 })));
        assert!(matches!(RecoverySecret::parse_words(&parts[..23].join(" ")), Err(KitError::WordCount { n_words: 23 })));
        assert!(matches!(RecoverySecret::parse_words(&"zoo ".repeat(5000)), Err(KitError::WordCount { .. })));
    }

    #[test]
    fn two_words_exchanged_fail_the_checksum() {
        let words = format!("{}art", "abandon ".repeat(23)).replacen("abandon abandon", "abandon ability", 1);
        assert!(matches!(RecoverySecret::parse_words(&words), Err(KitError::Checksum)));
    }
}
