//! How hard a password is to guess: a number of bits, a word for it, one reason and one thing to do.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use zxcvbn::{
    Match,
    feedback::{Feedback, Suggestion, Warning},
    matching::patterns::MatchPattern,
};

use crate::{SecretText, fold::fold, generate::WordList, secret::secret_wire};

/// Characters that are looked at; longer passwords are taken to go on as they began. zxcvbn looks no further either.
const MAX_CHARS: usize = 100;
/// Characters below which being short is the reason.
const SHORT_CHARS: usize = 12;

/// What is thought of a password.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// Estimated entropy in bits: half of all guesses find it after 2^(bits − 1).
    pub bits: f64,
    /// The word for it.
    pub band: Band,
    /// Why it is no better.
    pub reason: Option<Reason>,
    /// What would help.
    pub fix: Option<Fix>,
}

/// A text to be rated, and what its owner is known by.
#[derive(Serialize, Deserialize)]
pub struct RatingRequest {
    /// The password or passphrase.
    #[serde(with = "secret_wire")]
    pub text: SecretText,
    /// What makes it easier to guess: titles, names. They are no secrets.
    pub related: Vec<String>,
}

impl RatingRequest {
    /// What is thought of it. Takes milliseconds, and tens of them for long texts.
    pub fn answer(&self) -> Strength {
        let related: Vec<&str> = self.related.iter().map(String::as_str).collect();
        strength(self.text.expose(), &related)
    }
}

/// A word for a number of bits. The bounds are those of KeePassXC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Band {
    /// Below 40.
    Poor,
    /// Below 75.
    Weak,
    /// Below 100.
    Good,
    /// The rest.
    Excellent,
}

impl Band {
    /// The band of so many bits.
    pub fn of(bits: f64) -> Self {
        match bits {
            bits if bits < 40.0 => Self::Poor,
            bits if bits < 75.0 => Self::Weak,
            bits if bits < 100.0 => Self::Good,
            _ => Self::Excellent,
        }
    }

    /// Key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Self::Poor => "strength-poor",
            Self::Weak => "strength-weak",
            Self::Good => "strength-good",
            Self::Excellent => "strength-excellent",
        }
    }
}

/// Why a password is no better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Among the most used.
    Common,
    /// Built from a common word.
    Word,
    /// Built from a name.
    Name,
    /// Neighbouring keys.
    Keyboard,
    /// Repeats.
    Repeat,
    /// `abc`, `6543`.
    Sequence,
    /// A date or year.
    Date,
    /// It contains something of its own item.
    Related,
    /// Nothing is wrong with it but its length.
    Short,
}

impl Reason {
    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Common => "strength-reason-common",
            Self::Word => "strength-reason-word",
            Self::Name => "strength-reason-name",
            Self::Keyboard => "strength-reason-keyboard",
            Self::Repeat => "strength-reason-repeat",
            Self::Sequence => "strength-reason-sequence",
            Self::Date => "strength-reason-date",
            Self::Related => "strength-reason-related",
            Self::Short => "strength-reason-short",
        }
    }
}

/// What would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fix {
    /// More characters.
    Longer,
    /// Another word or two.
    MoreWords,
    /// No patterns, dates and repeats.
    NoPattern,
    /// `0` for `o` is known to everyone.
    NoSubstitution,
    /// The generator.
    Generate,
}

impl Fix {
    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Longer => "strength-fix-longer",
            Self::MoreWords => "strength-fix-more-words",
            Self::NoPattern => "strength-fix-no-pattern",
            Self::NoSubstitution => "strength-fix-no-substitution",
            Self::Generate => "strength-fix-generate",
        }
    }
}

/// Rates a password. `related` is what a guesser who knows the item would try: its title, user name, host.
///
/// zxcvbn finds the patterns. Its own number stops at 64 bits and counts any other character as one of ten, so the bits are added up here:
/// a pattern counts its guesses, what is left counts by its characters (`bits_without_pattern`).
/// The password is copied inside zxcvbn; those copies are freed, and wiped where the allocator wipes.
pub fn strength(password: &str, related: &[&str]) -> Strength {
    let n_chars = password.chars().count();
    let seen = zxcvbn::zxcvbn(password, related);
    let mut known = HashSet::new();
    let alphabet = alphabet_of(password);
    let bits: f64 = seen.sequence().iter().map(|part| part_bits(part, alphabet, &mut known)).sum();
    let bits = if n_chars > MAX_CHARS { bits * n_chars as f64 / MAX_CHARS as f64 } else { bits };
    let band = Band::of(bits);
    if n_chars == 0 || band >= Band::Good {
        return Strength { bits, band, reason: None, fix: None };
    }
    let reason = reason(seen.sequence(), seen.feedback(), related, n_chars);
    let fix = fix(band, reason, seen.feedback());
    Strength { bits, band, reason, fix: Some(fix) }
}

/// Bits of one part that zxcvbn found; `known` holds the separators met so far.
fn part_bits<'a>(part: &'a Match, alphabet: f64, known: &mut HashSet<&'a str>) -> f64 {
    match &part.pattern {
        MatchPattern::BruteForce => bits_without_pattern(&part.token, alphabet, known),
        MatchPattern::Dictionary(_)
        | MatchPattern::Spatial(_)
        | MatchPattern::Repeat(_)
        | MatchPattern::Sequence(_)
        | MatchPattern::Regex(_)
        | MatchPattern::Date(_) => part.guesses.map_or(0.0, |guesses| (guesses.max(1) as f64).log2()),
    }
}

/// Bits of a text in which zxcvbn sees no pattern, run by run of letters and of other signs.
///
/// Four or more letters with at most the first in upper case may be a word: one of the generator's list counts as drawn from it, any other
/// as one of ten a letter, as zxcvbn has it. One or two other signs between words count once. All else counts as drawn from the alphabet.
fn bits_without_pattern<'a>(token: &'a str, alphabet: f64, known: &mut HashSet<&'a str>) -> f64 {
    let mut bits = 0.0;
    let mut after_word = false;
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|sign: char| sign.is_alphabetic() != first.is_alphabetic()).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        let n_chars = run.chars().count() as f64;
        let is_letters = first.is_alphabetic();
        let may_be_word = is_letters && n_chars >= 4.0 && !run.chars().skip(1).any(char::is_uppercase);
        // Between words: what came before was one, or zxcvbn has cut the words off.
        let separates = !is_letters && n_chars <= 2.0 && (after_word || token.len() == run.len());
        bits += if may_be_word && WordList::English.words().contains(&run.to_lowercase().as_str()) {
            (WordList::English.words().len() as f64).log2()
        } else if may_be_word {
            n_chars * 10_f64.log2()
        } else if separates && !known.insert(run) {
            1.0
        } else {
            n_chars * alphabet.log2()
        };
        after_word = may_be_word;
    }
    bits
}

/// The number of signs in the classes of which a password has any.
fn alphabet_of(password: &str) -> f64 {
    let has = |class: fn(char) -> bool| password.chars().any(class);
    let classes = [
        (has(|sign| sign.is_ascii_lowercase()), 26),
        (has(|sign| sign.is_ascii_uppercase()), 26),
        (has(|sign| sign.is_ascii_digit()), 10),
        (has(|sign| sign.is_ascii_punctuation() || sign == ' '), 33),
        (has(|sign| !sign.is_ascii()), 100),
    ];
    let size: u32 = classes.into_iter().filter(|(has, _)| *has).map(|(_, size)| size).sum();
    f64::from(size.max(2))
}

fn reason(sequence: &[Match], feedback: Option<&Feedback>, related: &[&str], n_chars: usize) -> Option<Reason> {
    let related: Vec<String> = related.iter().map(|text| fold(text)).collect();
    if sequence.iter().any(|part| part.token.chars().count() > 3 && related.contains(&fold(&part.token))) {
        return Some(Reason::Related);
    }
    let warned = feedback.and_then(Feedback::warning).map(|warning| match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => Reason::Keyboard,
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Reason::Repeat,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => Reason::Common,
        Warning::SequencesLikeAbcAreEasyToGuess => Reason::Sequence,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Reason::Date,
        Warning::AWordByItselfIsEasyToGuess => Reason::Word,
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => Reason::Name,
    });
    let pattern = || sequence.iter().max_by_key(|part| part.token.len()).and_then(|part| pattern_reason(&part.pattern));
    warned.or_else(pattern).or((n_chars < SHORT_CHARS).then_some(Reason::Short))
}

/// The reason that lies in the longest part of a password about which zxcvbn says nothing.
fn pattern_reason(pattern: &MatchPattern) -> Option<Reason> {
    match pattern {
        MatchPattern::Dictionary(_) => Some(Reason::Word),
        MatchPattern::Spatial(_) => Some(Reason::Keyboard),
        MatchPattern::Repeat(_) => Some(Reason::Repeat),
        MatchPattern::Sequence(_) => Some(Reason::Sequence),
        MatchPattern::Regex(_) | MatchPattern::Date(_) => Some(Reason::Date),
        MatchPattern::BruteForce => None,
    }
}

fn fix(band: Band, reason: Option<Reason>, feedback: Option<&Feedback>) -> Fix {
    let substituted = feedback.is_some_and(|feedback| {
        feedback.suggestions().iter().any(|suggestion| {
            matches!(suggestion, Suggestion::PredictableSubstitutionsDontHelpVeryMuch | Suggestion::ReversedWordsArentMuchHarderToGuess)
        })
    });
    match reason {
        Some(Reason::Common | Reason::Related) => Fix::Generate,
        _ if substituted => Fix::NoSubstitution,
        Some(Reason::Word | Reason::Name) => Fix::MoreWords,
        Some(Reason::Keyboard | Reason::Repeat | Reason::Sequence | Reason::Date) => Fix::NoPattern,
        Some(Reason::Short) | None if band == Band::Poor => Fix::Generate,
        Some(Reason::Short) | None => Fix::Longer,
    }
}

/// What Argon2id costs whoever guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// Memory traffic of the guesser assumed, in bytes per second: a thousand graphics cards of 1 TB/s. Argon2 is bound by memory traffic.
const TRAFFIC_BYTES_PER_SEC: f64 = 1e15;
/// Each block of Argon2 is made from two that are read, and written (RFC 9106 §3.4).
const TRAFFIC_PER_BLOCK: f64 = 3.0;

/// A span of time as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CrackTime {
    /// Less than a second.
    Instant,
    /// So many seconds.
    Seconds(u64),
    /// So many minutes.
    Minutes(u64),
    /// So many hours.
    Hours(u64),
    /// So many days.
    Days(u64),
    /// So many years.
    Years(u64),
    /// More than a hundred years.
    Centuries,
}

impl CrackTime {
    /// The mean time in which a guesser with a thousand graphics cards, and everything else that unlocking takes, finds a password.
    pub fn of(bits: f64, cost: KdfCost) -> Self {
        let bytes_per_guess = f64::from(cost.memory_kib) * 1024.0 * f64::from(cost.passes) * TRAFFIC_PER_BLOCK;
        let secs = (bits - 1.0).exp2() * bytes_per_guess / TRAFFIC_BYTES_PER_SEC;
        let whole = |unit: f64| (secs / unit).round().max(1.0) as u64;
        match secs {
            secs if secs < 1.0 => Self::Instant,
            secs if secs < 90.0 => Self::Seconds(whole(1.0)),
            secs if secs < 5400.0 => Self::Minutes(whole(60.0)),
            secs if secs < 129_600.0 => Self::Hours(whole(3600.0)),
            secs if secs < 31_557_600.0 => Self::Days(whole(86_400.0)),
            secs if secs < 3_155_760_000.0 => Self::Years(whole(31_557_600.0)),
            _ => Self::Centuries,
        }
    }

    /// Key of its words, and the number `n` in them.
    pub fn key(self) -> (&'static str, u64) {
        match self {
            Self::Instant => ("crack-instant", 0),
            Self::Seconds(n) => ("crack-seconds", n),
            Self::Minutes(n) => ("crack-minutes", n),
            Self::Hours(n) => ("crack-hours", n),
            Self::Days(n) => ("crack-days", n),
            Self::Years(n) => ("crack-years", n),
            Self::Centuries => ("crack-centuries", 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str, band: Band, reason: Option<Reason>) {
        let strength = strength(password, &["GitHub", "mara.lind", "github.com"]);
        assert_eq!((strength.band, strength.reason), (band, reason), "{password}: {strength:?}");
        assert_eq!(strength.fix.is_some(), band < Band::Good && !password.is_empty(), "{password}");
    }

    #[test]
    fn each_weakness_has_its_reason() {
        check("", Band::Poor, None);
        check("password", Band::Poor, Some(Reason::Common));
        check("qazxsw edcvfr", Band::Poor, Some(Reason::Keyboard));
        check("aaaaaaaaaaaaaaaa", Band::Poor, Some(Reason::Repeat));
        check("abcdefghijklmnop", Band::Poor, Some(Reason::Sequence));
        check("GitHub", Band::Poor, Some(Reason::Related));
        check("x7#K", Band::Poor, Some(Reason::Short));
    }

    #[test]
    fn what_the_generator_makes_is_good_or_better() {
        check("vQ7#mZ2!kTp9&xWc4Lr?", Band::Excellent, None);
        check("kTp9&xWc4Lr?vQ7#", Band::Excellent, None);
    }

    #[test]
    fn a_generated_passphrase_is_rated_near_its_true_entropy() {
        for text in [
            "unvaried-skinhead-crusader-spoilage-gumdrop-aside-mower",
            "Passover Undusted Crummiest Refined Vitality Thimble Bobsled",
            "polio.scabbed.anemia.dexterity.unsocial.strobe.wisplike",
        ] {
            let bits = strength(text, &[]).bits;
            assert!((75.0..120.0).contains(&bits), "{text}: {bits}, truly 90.5");
        }
    }

    #[test]
    fn a_word_without_dictionary_is_not_taken_for_random_letters() {
        assert!(strength("Donaudampfschiff", &[]).band <= Band::Weak);
    }

    #[test]
    fn a_password_beyond_the_limit_goes_on_as_it_began() {
        let random = "vQ7#mZ2!kTp9&xWc4Lr?hB6%nD3$";
        let long: String = random.chars().cycle().take(150).collect();
        let cut: String = random.chars().cycle().take(100).collect();
        let (long, cut) = (strength(&long, &[]).bits, strength(&cut, &[]).bits);
        assert!((long / cut - 1.5).abs() < 1e-9);
    }

    #[test]
    fn the_time_follows_the_cost() {
        let cost = KdfCost { memory_kib: 64 * 1024, passes: 3 };
        assert_eq!(CrackTime::of(20.0, cost), CrackTime::Instant);
        assert_eq!(CrackTime::of(40.0, cost), CrackTime::Days(4));
        assert_eq!(CrackTime::of(40.0, KdfCost { memory_kib: 640 * 1024, ..cost }), CrackTime::Days(38));
        assert_eq!(CrackTime::of(90.0, cost), CrackTime::Centuries);
        assert_eq!(CrackTime::of(f64::MAX, cost), CrackTime::Centuries);
    }
}
