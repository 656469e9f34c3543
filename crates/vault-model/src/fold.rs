//! Text as search sees it: without case, accents and the signs between digits.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds a text or a query: NFKD, lower case, no combining marks, `ß` as `ss` and its like, white space as single spaces.
///
/// Folding twice is folding once, so that what is stored folded need not be folded again.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_onto(text, &mut out);
    out
}

/// As [`fold`], behind what `out` holds already.
pub fn fold_onto(text: &str, out: &mut String) {
    let start = out.len();
    if text.is_ascii() {
        fold_ascii(text, out);
        return;
    }
    // Lower case first: some capitals lose their mark only in lower case (`İ`). Then the parts that NFKD brings forth, once more.
    for sign in text.chars().flat_map(char::to_lowercase).nfkd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase) {
        match sign {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            sign if is_invisible(sign) => {}
            sign if sign.is_whitespace() => {
                if out.len() > start && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            sign => out.push(sign),
        }
    }
    out.truncate(start + out[start..].trim_end().len());
}

/// What [`fold`] makes of signs that have neither marks nor other forms.
fn fold_ascii(text: &str, out: &mut String) {
    let start = out.len();
    // Without a branch in the loop, so that many bytes are looked at in one step.
    let has_other_space = text.bytes().fold(false, |found, byte| found | matches!(byte, b'\t'..=b'\r'));
    if has_other_space || text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        for word in text.split_whitespace() {
            if out.len() > start {
                out.push(' ');
            }
            out.push_str(word);
        }
    } else {
        out.push_str(text);
    }
    out[start..].make_ascii_lowercase();
}

/// The digits of a folded text, signs between them left out, other words as spaces: `(073)7371212` gives `0737371212`, and so `7371212` is
/// found in it. Runs shorter than three digits are left out: they would match everything.
pub fn digit_runs(folded: &str) -> String {
    let mut out = String::new();
    if folded.bytes().filter(u8::is_ascii_digit).count() < 3 {
        return out;
    }
    let mut run = String::new();
    for sign in folded.chars().chain(['.', 'a']) {
        if sign.is_ascii_digit() {
            run.push(sign);
        } else if sign.is_alphabetic() {
            if run.len() >= 3 {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(&run);
            }
            run.clear();
        }
    }
    out
}

/// What a word of a query is looked for among digits, if it is a number of at least three digits with or without signs between them.
pub fn digits_of_query(folded: &str) -> Option<String> {
    if folded.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 3).then_some(digits)
}

/// Soft hyphens, joiners and marks of direction: not seen, so not searched.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_do_not_matter() {
        for (text, expected) in [
            ("Ügyfél", "ugyfel"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("ŁÓDŹ", "lodz"),
            ("ﬁnance", "finance"),
            ("Ｗｉｄｅ", "wide"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("  a \t\n b  ", "a b"),
            ("co\u{ad}op", "coop"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_text_folds_alike_before_a_sign_that_is_not_ascii_and_without_it(text in "[\\x00-\\x7f]{0,40}") {
            // A soft hyphen is left out, and takes the text the way of all others.
            proptest::prop_assert_eq!(fold(&text), fold(&format!("{text}\u{ad}")));
        }
    }

    #[test]
    fn every_sign_folds_to_something_stable() {
        for sign in '\u{0}'..=char::MAX {
            let once = fold(&sign.to_string());
            assert_eq!(fold(&once), once, "{sign:?}");
        }
    }

    #[test]
    fn a_number_is_found_whatever_stands_between_its_digits() {
        assert!(digit_runs(&fold("(073)7371212")).contains("7371212"));
        assert!(digit_runs(&fold("DE89 3704 0044 0532 0130 00")).contains("37040044"));
        assert_eq!(digit_runs(&fold("call 030 / 12-34 or 112, room 7")), "0301234 112");
        assert_eq!(digits_of_query(&fold("737-12 12")), Some("7371212".to_owned()));
        assert_eq!(digits_of_query("v2"), None);
        assert_eq!(digits_of_query("12"), None);
    }
}
