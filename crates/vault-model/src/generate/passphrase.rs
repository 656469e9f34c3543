//! Passphrases of words.

use diceware_wordlists::EFF_LONG_WORDLIST;

use super::{Entropy, GenerateError, Generated, PASSPHRASE_LENGTHS, PassphraseRecipe, WordList, sample::below};
use crate::SecretText;

/// Bytes of a separator.
const MAX_SEPARATOR_BYTES: usize = 16;
/// Bytes of the longest word and the digit after it, so that the text's buffer never grows.
const MAX_WORD_BYTES: usize = 16;

impl WordList {
    /// The words, without doubles.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::English => &EFF_LONG_WORDLIST,
        }
    }
}

fn check(recipe: &PassphraseRecipe) -> Result<(), GenerateError> {
    if !PASSPHRASE_LENGTHS.contains(&recipe.n_words) {
        return Err(GenerateError::Length);
    }
    if recipe.separator.len() > MAX_SEPARATOR_BYTES || recipe.separator.chars().any(char::is_control) {
        return Err(GenerateError::Signs);
    }
    Ok(())
}

pub(super) fn generate(recipe: &PassphraseRecipe, entropy: Entropy<'_>) -> Result<Generated, GenerateError> {
    let bits = bits(recipe)?;
    let words = recipe.list.words();
    let n_words = recipe.n_words as usize;
    let numbered = if recipe.number { Some((below(n_words, entropy)?, below(10, entropy)?)) } else { None };
    let mut text = String::with_capacity(n_words * (MAX_WORD_BYTES + recipe.separator.len()));
    for at in 0..n_words {
        if at > 0 {
            text.push_str(&recipe.separator);
        }
        let word = words[below(words.len(), entropy)?];
        let mut signs = word.chars();
        if recipe.capitalise {
            text.extend(signs.next().map(|first| first.to_ascii_uppercase()));
        }
        text.push_str(signs.as_str());
        if let Some((place, digit)) = numbered
            && place == at
        {
            text.push(char::from(b'0' + digit as u8));
        }
    }
    Ok(Generated { text: SecretText::new(text), bits })
}

/// log2 of the number of choices. No word of the list begins another (a test holds it), so two choices never give one text, whatever the
/// separator.
pub(super) fn bits(recipe: &PassphraseRecipe) -> Result<f64, GenerateError> {
    check(recipe)?;
    let n_words = f64::from(recipe.n_words);
    let number = if recipe.number { n_words.log2() + 10_f64.log2() } else { 0.0 };
    Ok(n_words * (recipe.list.words().len() as f64).log2() + number)
}
