//! Seed phrases: how many words there are while they are typed.

/// Lengths that a BIP-39 phrase can have, in words.
const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];

/// How many words a phrase has, and how many it comes to: the next length that a phrase can have.
pub fn word_count(phrase: &str) -> (usize, usize) {
    let n_words = phrase.split_whitespace().count();
    let of = LENGTHS.into_iter().find(|&length| n_words <= length).unwrap_or(n_words);
    (n_words, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_counts_towards_the_next_length() {
        assert_eq!(word_count(""), (0, 12));
        assert_eq!(word_count("abandon  ability\nable"), (3, 12));
        assert_eq!(word_count(&"word ".repeat(13)), (13, 15));
        assert_eq!(word_count(&"word ".repeat(24)), (24, 24));
        assert_eq!(word_count(&"word ".repeat(30)), (30, 30));
    }
}
