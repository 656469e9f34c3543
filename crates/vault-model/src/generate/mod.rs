//! Random passwords and passphrases, with the exact number of bits in them.
//!
//! Random bytes are passed in. Sampling is by rejection, so that every choice is equally likely whatever the number of choices.

mod passphrase;
mod password;
mod sample;

use serde::{Deserialize, Serialize};

use crate::SecretText;

/// Fills a buffer with random bytes of the system's generator, or says that it can't.
pub type Entropy<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), NoEntropy>;

/// The random generator failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random generator failed")]
pub struct NoEntropy;

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recipe {
    /// Characters.
    Password(PasswordRecipe),
    /// Words.
    Passphrase(PassphraseRecipe),
}

/// How a password is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordRecipe {
    /// Characters, 4 to 128.
    pub length: u32,
    /// `a`–`z`.
    pub lower: bool,
    /// `A`–`Z`.
    pub upper: bool,
    /// `0`–`9`.
    pub digits: bool,
    /// Symbols to draw from; empty for none.
    pub symbols: String,
    /// Leaves out what is easily confused: `0 O o 1 l I |` and the like.
    pub without_lookalikes: bool,
    /// At least one of each chosen class.
    pub one_of_each: bool,
}

/// How a passphrase is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassphraseRecipe {
    /// Words, 3 to 20.
    pub n_words: u32,
    /// From which list.
    pub list: WordList,
    /// Between words; may be empty.
    pub separator: String,
    /// First letters upper case.
    pub capitalise: bool,
    /// A digit after one word.
    pub number: bool,
}

/// A list of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WordList {
    /// 7776 English words of the Electronic Frontier Foundation (the long list of 2016, CC BY 3.0 US).
    #[default]
    English,
}

/// Symbols that nearly every site takes.
pub const SYMBOLS: &str = "!@#$%^&*-_=+?.,:;";
/// Characters of a password.
pub const PASSWORD_LENGTHS: std::ops::RangeInclusive<u32> = 4..=128;
/// Words of a passphrase.
pub const PASSPHRASE_LENGTHS: std::ops::RangeInclusive<u32> = 3..=20;

impl Default for PasswordRecipe {
    /// 20 characters of all classes.
    fn default() -> Self {
        Self {
            length: 20,
            lower: true,
            upper: true,
            digits: true,
            symbols: SYMBOLS.to_owned(),
            without_lookalikes: false,
            one_of_each: true,
        }
    }
}

impl Default for PassphraseRecipe {
    /// 7 words parted by hyphens: 90 bits.
    fn default() -> Self {
        Self { n_words: 7, list: WordList::English, separator: "-".to_owned(), capitalise: false, number: false }
    }
}

/// What came of a recipe.
pub struct Generated {
    /// The text.
    pub text: SecretText,
    /// Entropy in bits: the logarithm to base 2 of the number of texts that the recipe could have made, all equally likely.
    pub bits: f64,
}

/// Why nothing was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// Too short or too long; see [`PASSWORD_LENGTHS`] and [`PASSPHRASE_LENGTHS`].
    #[error("the recipe's length is not allowed")]
    Length,
    /// No class of characters is chosen, or nothing is left of it.
    #[error("the recipe has no characters to choose from")]
    NoCharacters,
    /// The separator is longer than 16 bytes or has line breaks, or there are more than 64 symbols, or one that is no symbol.
    #[error("the recipe's separator or symbols are not allowed")]
    Signs,
    /// See [`NoEntropy`].
    #[error("no random bytes")]
    NoEntropy(#[from] NoEntropy),
}

/// Makes a password or passphrase.
///
/// # Errors
///
/// [`GenerateError`].
pub fn generate(recipe: &Recipe, entropy: Entropy<'_>) -> Result<Generated, GenerateError> {
    match recipe {
        Recipe::Password(recipe) => password::generate(recipe, entropy),
        Recipe::Passphrase(recipe) => passphrase::generate(recipe, entropy),
    }
}

/// The entropy of a recipe in bits, without making anything.
///
/// # Errors
///
/// [`GenerateError`], as [`generate`] would.
pub fn entropy_bits(recipe: &Recipe) -> Result<f64, GenerateError> {
    match recipe {
        Recipe::Password(recipe) => password::bits(recipe),
        Recipe::Passphrase(recipe) => passphrase::bits(recipe),
    }
}

#[cfg(test)]
mod tests;
