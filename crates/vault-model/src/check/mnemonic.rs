//! Recovery phrases of wallets (BIP-39), in every language that has a list.

use bip39::{Language, Mnemonic};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::Warning;

/// What is wrong with a phrase: its length, each unknown word, or its checksum.
pub fn mnemonic(text: &str) -> Vec<Warning> {
    let phrase = normalised(text);
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let mut warnings = Vec::new();
    if !matches!(words.len(), 12 | 15 | 18 | 21 | 24) {
        warnings.push(Warning::MnemonicLength { found: words.len() });
    }
    let unknown = |language: Language| -> Vec<usize> {
        words.iter().enumerate().filter(|(_, word)| language.find_word(word).is_none()).map(|(at, _)| at + 1).collect()
    };
    // The language is the one that knows most of the words.
    let unknown = Language::ALL.iter().map(|language| unknown(*language)).min_by_key(Vec::len).unwrap_or_default();
    if unknown.is_empty() && warnings.is_empty() {
        // Two lists share words, so a phrase is right if it is right in any of them.
        let right = Language::ALL.iter().any(|language| Mnemonic::parse_in_normalized(*language, &phrase).is_ok());
        if !right {
            warnings.push(Warning::MnemonicChecksum);
        }
    }
    warnings.extend(unknown.into_iter().map(|position| Warning::MnemonicWord { position }));
    warnings
}

/// English words that begin as `word` does, or as much of its beginning as any word does: what may have been meant. At most `max`.
///
/// For the editor only, where the words are in sight; a [`Warning`] holds no word.
pub fn suggest(word: &str, max: usize) -> Vec<&'static str> {
    let word = normalised(word);
    let ends = word.char_indices().map(|(at, sign)| at + sign.len_utf8()).rev();
    let words = |end| Language::English.words_by_prefix_iter(&word[..end]).take(max).collect::<Vec<_>>();
    ends.map(words).find(|words| !words.is_empty()).unwrap_or_default()
}

/// Lower case, NFKD as BIP-39 asks, words parted by one space.
fn normalised(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len() * 3));
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase).nfkd());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    #[test]
    fn published_phrases_pass_in_any_case_and_spacing() {
        assert_eq!(mnemonic(GOOD), []);
        assert_eq!(mnemonic(&GOOD.to_uppercase().replace(' ', "\n  ")), []);
        assert_eq!(mnemonic(&format!("{}art", "abandon ".repeat(23))), []);
        assert_eq!(mnemonic(&format!("{}あおぞら", "あいこくしん ".repeat(11))), []);
    }

    #[test]
    fn an_unknown_word_is_named_by_its_place_and_not_by_itself() {
        assert_eq!(mnemonic(&GOOD.replace("wave", "wavy")), [Warning::MnemonicWord { position: 5 }]);
    }

    #[test]
    fn swapped_words_fail_the_checksum() {
        assert_eq!(mnemonic(&GOOD.replace("legal winner thank year", "winner legal thank year")), [Warning::MnemonicChecksum]);
    }

    #[test]
    fn a_missing_word_is_counted() {
        assert_eq!(mnemonic(&GOOD.replace("year ", "")), [Warning::MnemonicLength { found: 11 }]);
    }

    #[test]
    fn a_beginning_is_completed_and_a_slip_corrected() {
        assert_eq!(suggest("wav", 5), ["wave"]);
        assert_eq!(suggest("wavy", 5), ["wave"]);
        assert_eq!(suggest("ab", 2).len(), 2);
        assert_eq!(suggest("", 5).len(), 0);
        assert_eq!(suggest("ß", 3).len(), 0);
    }
}
