use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

/// Numbers that look random and repeat: splitmix64.
fn seeded(mut seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> {
    move |bytes| {
        for byte in bytes {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB).to_be_bytes()[0];
        }
        Ok(())
    }
}

fn made(recipe: Recipe, seed: u64) -> Generated {
    generate(&recipe, &mut seeded(seed)).unwrap()
}

proptest! {
    #[test]
    fn a_password_is_as_its_recipe_says(length in 4_u32..=128, classes in 1_u8..16, without_lookalikes: bool, seed: u64) {
        let recipe = PasswordRecipe {
            length,
            lower: classes & 1 != 0,
            upper: classes & 2 != 0,
            digits: classes & 4 != 0,
            symbols: if classes & 8 != 0 { SYMBOLS.to_owned() } else { String::new() },
            without_lookalikes,
            one_of_each: true,
        };
        let made = made(Recipe::Password(recipe.clone()), seed);
        let text = made.text.expose();
        prop_assert_eq!(text.chars().count(), length as usize);
        prop_assert_eq!(text.chars().any(|c| c.is_ascii_lowercase()), recipe.lower);
        prop_assert_eq!(text.chars().any(|c| c.is_ascii_uppercase()), recipe.upper);
        prop_assert_eq!(text.chars().any(|c| c.is_ascii_digit()), recipe.digits);
        prop_assert_eq!(text.chars().any(|c| SYMBOLS.contains(c)), !recipe.symbols.is_empty());
        if without_lookalikes {
            prop_assert!(!text.contains(['0', 'O', 'o', '1', 'l', 'I']));
        }
        prop_assert!(made.bits > 0.0 && made.bits.is_finite());
    }

    #[test]
    fn a_passphrase_is_as_its_recipe_says(n_words in 3_u32..=20, capitalise: bool, number: bool, seed: u64) {
        let recipe = PassphraseRecipe { n_words, list: WordList::English, separator: " ".to_owned(), capitalise, number };
        let text = made(Recipe::Passphrase(recipe), seed).text.expose().to_owned();
        let words: Vec<&str> = text.split(' ').collect();
        prop_assert_eq!(words.len(), n_words as usize);
        prop_assert_eq!(text.chars().filter(char::is_ascii_digit).count(), usize::from(number));
        for word in words {
            prop_assert_eq!(word.starts_with(|c: char| c.is_ascii_uppercase()), capitalise);
            let plain = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
            prop_assert!(WordList::English.words().contains(&plain.as_str()), "{}", plain);
        }
    }
}

#[test]
fn the_bits_are_those_of_counting_every_password() {
    // 2 letters kept by hand: of all 4-character texts over 10 digits and 1 symbol, those with both classes.
    let recipe = PasswordRecipe {
        length: 4,
        lower: false,
        upper: false,
        digits: true,
        symbols: "!".to_owned(),
        without_lookalikes: false,
        one_of_each: true,
    };
    let counted = (11_f64.powi(4) - 10_f64.powi(4) - 1.0).log2();
    assert!((entropy_bits(&Recipe::Password(recipe.clone())).unwrap() - counted).abs() < 1e-9);
    let free = Recipe::Password(PasswordRecipe { one_of_each: false, ..recipe });
    assert!((entropy_bits(&free).unwrap() - 4.0 * 11_f64.log2()).abs() < 1e-9);
    let words = Recipe::Passphrase(PassphraseRecipe::default());
    assert!((entropy_bits(&words).unwrap() - 7.0 * 7776_f64.log2()).abs() < 1e-9);
}

#[test]
fn symbols_given_twice_are_no_likelier() {
    let recipe = |symbols: &str| Recipe::Password(PasswordRecipe { symbols: symbols.to_owned(), ..PasswordRecipe::default() });
    assert_eq!(entropy_bits(&recipe("!!!!?")), entropy_bits(&recipe("!?")));
}

#[test]
fn every_digit_is_equally_likely() {
    let recipe = PasswordRecipe { length: 128, lower: false, upper: false, symbols: String::new(), ..PasswordRecipe::default() };
    let mut counts: HashMap<char, f64> = HashMap::new();
    for seed in 0..200 {
        for sign in made(Recipe::Password(recipe.clone()), seed).text.expose().chars() {
            *counts.entry(sign).or_default() += 1.0;
        }
    }
    let expected = 200.0 * 128.0 / 10.0;
    let chi_square: f64 = counts.values().map(|count| (count - expected) * (count - expected) / expected).sum();
    // 9 degrees of freedom: above 27.9 once in a thousand, and the seeds are fixed.
    assert!(counts.len() == 10 && chi_square < 27.9, "{chi_square}");
}

#[test]
fn a_draw_beyond_the_last_whole_multiple_is_drawn_again() {
    let mut draws = [u32::MAX, u32::MAX - 1, 7].into_iter();
    let mut entropy = |bytes: &mut [u8]| {
        bytes.copy_from_slice(&draws.next().ok_or(NoEntropy)?.to_le_bytes());
        Ok(())
    };
    // 2^32 − 1 is 5 · 858 993 459: only the greatest draw lies beyond.
    assert_eq!(sample::below(5, &mut entropy), Ok((u32::MAX - 1) as usize % 5));
    assert_eq!(sample::below(5, &mut entropy), Ok(2));
}

#[test]
fn r09_a_generator_that_fails_stops_everything() {
    for recipe in [Recipe::Password(PasswordRecipe::default()), Recipe::Passphrase(PassphraseRecipe::default())] {
        assert_eq!(generate(&recipe, &mut |_| Err(NoEntropy)).err(), Some(GenerateError::NoEntropy(NoEntropy)));
    }
}

#[test]
fn r09_a_generator_that_repeats_itself_stops_everything() {
    for byte in [0, 255] {
        let made = generate(&Recipe::Password(PasswordRecipe::default()), &mut |bytes| {
            bytes.fill(byte);
            Ok(())
        });
        assert_eq!(made.err(), Some(GenerateError::NoEntropy(NoEntropy)), "{byte}");
    }
}

#[test]
fn recipes_that_can_make_nothing_are_refused() {
    let check = |recipe, expected| assert_eq!(entropy_bits(&recipe).err(), Some(expected));
    let password = |change: fn(&mut PasswordRecipe)| {
        let mut recipe = PasswordRecipe::default();
        change(&mut recipe);
        Recipe::Password(recipe)
    };
    check(password(|recipe| recipe.length = 3), GenerateError::Length);
    check(password(|recipe| recipe.length = 129), GenerateError::Length);
    check(password(|recipe| recipe.symbols = "a".to_owned()), GenerateError::Signs);
    let nothing = PasswordRecipe { lower: false, upper: false, digits: false, symbols: String::new(), ..PasswordRecipe::default() };
    check(Recipe::Password(nothing), GenerateError::NoCharacters);
    check(Recipe::Passphrase(PassphraseRecipe { n_words: 2, ..PassphraseRecipe::default() }), GenerateError::Length);
    check(Recipe::Passphrase(PassphraseRecipe { separator: "\n".to_owned(), ..PassphraseRecipe::default() }), GenerateError::Signs);
}

#[test]
fn no_word_is_the_beginning_of_another_or_the_same() {
    let mut words = WordList::English.words().to_vec();
    assert_eq!((words.len(), words[0], words[7775]), (7776, "abacus", "zoom"));
    words.sort_unstable();
    for pair in words.windows(2) {
        assert!(!pair[1].starts_with(pair[0]), "{pair:?}");
    }
}
