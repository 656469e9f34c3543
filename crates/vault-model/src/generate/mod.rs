//! Random passwords and passphrases.

use serde::{Deserialize, Serialize};

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
