//! Passwords of characters.

use zeroize::Zeroizing;

use super::{Entropy, GenerateError, Generated, NoEntropy, PASSWORD_LENGTHS, PasswordRecipe, sample::below};
use crate::SecretText;

/// Easily confused in one font or another.
const LOOKALIKES: &str = "0Oo1lI|5S8B2Z`'\",.:;";
/// Symbols of a recipe.
const MAX_SYMBOLS: usize = 64;

/// The characters to choose from, by class; classes are disjoint and none is empty.
struct Alphabet {
    classes: Vec<Vec<char>>,
    all: Vec<char>,
}

impl Alphabet {
    fn of(recipe: &PasswordRecipe) -> Result<Self, GenerateError> {
        if !PASSWORD_LENGTHS.contains(&recipe.length) {
            return Err(GenerateError::Length);
        }
        let symbols_fit = recipe.symbols.chars().all(|sign| !sign.is_alphanumeric() && !sign.is_control() && !sign.is_whitespace());
        if !symbols_fit || recipe.symbols.chars().count() > MAX_SYMBOLS {
            return Err(GenerateError::Signs);
        }
        let class = |chosen: bool, signs: &mut dyn Iterator<Item = char>| -> Vec<char> {
            let mut class: Vec<char> = signs.filter(|sign| chosen && !(recipe.without_lookalikes && LOOKALIKES.contains(*sign))).collect();
            class.sort_unstable();
            class.dedup();
            class
        };
        let mut classes = vec![
            class(recipe.lower, &mut ('a'..='z')),
            class(recipe.upper, &mut ('A'..='Z')),
            class(recipe.digits, &mut ('0'..='9')),
            class(true, &mut recipe.symbols.chars()),
        ];
        classes.retain(|class| !class.is_empty());
        if classes.is_empty() {
            return Err(GenerateError::NoCharacters);
        }
        let all = classes.concat();
        Ok(Self { classes, all })
    }

    fn has_one_of_each(&self, text: &[char]) -> bool {
        self.classes.iter().all(|class| text.iter().any(|sign| class.contains(sign)))
    }
}

/// Passwords drawn after which the generator is taken to be broken: of four characters with one symbol, one in a hundred qualifies, so one
/// that works fails here less than once in 10^40 times.
const MAX_TRIES: usize = 10_000;

/// Draws whole passwords until one has what is asked for: so all that have it are equally likely, which a fixed place for each class would
/// not give.
pub(super) fn generate(recipe: &PasswordRecipe, entropy: Entropy<'_>) -> Result<Generated, GenerateError> {
    let alphabet = Alphabet::of(recipe)?;
    let bits = bits_of(recipe, &alphabet)?;
    let mut signs = Zeroizing::new(vec!['\0'; recipe.length as usize]);
    for _ in 0..MAX_TRIES {
        for sign in signs.iter_mut() {
            *sign = alphabet.all[below(alphabet.all.len(), entropy)?];
        }
        if !recipe.one_of_each || alphabet.has_one_of_each(&signs) {
            let mut text = String::with_capacity(signs.len() * 4);
            text.extend(signs.iter());
            return Ok(Generated { text: SecretText::new(text), bits });
        }
    }
    Err(NoEntropy.into())
}

pub(super) fn bits(recipe: &PasswordRecipe) -> Result<f64, GenerateError> {
    bits_of(recipe, &Alphabet::of(recipe)?)
}

/// log2 of the number of passwords. With one of each, by inclusion and exclusion over the classes that could be missing:
/// Σ over sets M of classes of (−1)^|M| · (n − |M's characters|)^length.
fn bits_of(recipe: &PasswordRecipe, alphabet: &Alphabet) -> Result<f64, GenerateError> {
    let length = f64::from(recipe.length);
    let n = alphabet.all.len() as f64;
    if !recipe.one_of_each {
        return Ok(length * n.log2());
    }
    // As shares of n^length, so that nothing overflows.
    let share: f64 = (0..1_u32 << alphabet.classes.len())
        .map(|missing| {
            let lost: usize =
                alphabet.classes.iter().enumerate().filter(|(at, _)| missing >> at & 1 == 1).map(|(_, class)| class.len()).sum();
            let sign = if missing.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
            sign * ((n - lost as f64) / n).powf(length)
        })
        .sum();
    Ok(length * n.log2() + share.log2())
}
