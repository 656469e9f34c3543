//! Account numbers: IBAN (ISO 13616), BIC (ISO 9362), ABA routing number.

use iban::{Iban, ParseIbanError};

use super::Warning;

/// Characters of an IBAN by country, from the patterns of ISO 13616's registry.
const IBAN_LENGTHS: [(&str, usize); 87] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// What is wrong with an IBAN. Spaces and case do not matter.
pub fn iban(text: &str) -> Option<Warning> {
    let iban = super::compact(text).to_ascii_uppercase();
    let Some(&(_, expected)) = iban.get(..2).and_then(|country| IBAN_LENGTHS.iter().find(|(code, _)| *code == country)) else {
        return Some(Warning::IbanCountry);
    };
    let found = iban.chars().count();
    if found != expected {
        return Some(Warning::IbanLength { expected, found });
    }
    if !iban.bytes().all(|byte| byte.is_ascii_alphanumeric()) || !iban.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit()) {
        return Some(Warning::IbanStructure);
    }
    // The crate looks at the check digits first, so it is asked about the structure with digits that match.
    let right = format!("{}{:02}{}", &iban[..2], 98 - mod_97(&format!("{}{}00", &iban[4..], &iban[..2])), &iban[4..]);
    match Iban::try_from(right.as_str()) {
        Err(ParseIbanError::InvalidBban(_)) => Some(Warning::IbanStructure),
        Err(ParseIbanError::UnknownCountry(_)) => Some(Warning::IbanCountry),
        Err(ParseIbanError::InvalidBaseIban { .. }) => Some(Warning::IbanStructure),
        Ok(_) => (right != iban).then_some(Warning::IbanChecksum),
    }
}

/// ISO 7064 mod 97-10 of letters and digits, letters counted as 10 to 35.
fn mod_97(text: &str) -> u32 {
    text.chars().filter_map(|sign| sign.to_digit(36)).fold(0, |sum, digit| (if digit < 10 { sum * 10 } else { sum * 100 } + digit) % 97)
}

/// What is wrong with a BIC: bank (4 letters), country (2 letters), place (2), and perhaps branch (3).
pub fn bic(text: &str) -> Option<Warning> {
    let bic = super::compact(text);
    let found = bic.chars().count();
    if found != 8 && found != 11 {
        return Some(Warning::BicLength { found });
    }
    // ISO 9362:2022 allows digits in the first four; the country has letters only.
    let good = bic.chars().all(|sign| sign.is_ascii_alphanumeric()) && bic.chars().skip(4).take(2).all(|sign| sign.is_ascii_alphabetic());
    (!good).then_some(Warning::BicStructure)
}

/// What is wrong with an ABA routing number: 3·(d1+d4+d7) + 7·(d2+d5+d8) + (d3+d6+d9) must be a multiple of 10.
pub fn routing_number(text: &str) -> Option<Warning> {
    let number = super::compact(text);
    let digits: Vec<u32> = number.chars().filter_map(|sign| sign.to_digit(10)).collect();
    let found = number.chars().count();
    if found != 9 || digits.len() != 9 {
        return Some(Warning::RoutingLength { found });
    }
    let sum: u32 = digits.iter().zip([3, 7, 1].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    (!sum.is_multiple_of(10)).then_some(Warning::RoutingChecksum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_ibans_of_several_countries_pass_with_and_without_spaces() {
        for good in [
            "DE89 3704 0044 0532 0130 00",
            "de89370400440532013000",
            "GB29 NWBK 6016 1331 9268 19",
            "FR14 2004 1010 0505 0001 3M02 606",
            "NO93 8601 1117 947",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "CH93 0076 2011 6238 5295 7",
        ] {
            assert_eq!(iban(good), None, "{good}");
        }
    }

    #[test]
    fn a_bad_iban_is_told_by_its_part() {
        assert_eq!(iban("DE89 3704 0044 0532 0130 01"), Some(Warning::IbanChecksum));
        assert_eq!(iban("DE89 3704 0044 0532 0130"), Some(Warning::IbanLength { expected: 22, found: 20 }));
        assert_eq!(iban("XX89 3704 0044 0532 0130 00"), Some(Warning::IbanCountry));
        assert_eq!(iban("DE89 3704 0044 0532 013O 00"), Some(Warning::IbanStructure));
        assert_eq!(iban("Ärger"), Some(Warning::IbanCountry));
        assert_eq!(iban("DE8ß 3704 0044 0532 0130 00"), Some(Warning::IbanStructure));
    }

    #[test]
    fn every_pair_of_swapped_digits_is_noticed() {
        let good = b"DE89370400440532013000";
        for at in 4..good.len() - 1 {
            let mut swapped = *good;
            swapped.swap(at, at + 1);
            if swapped != *good {
                assert_eq!(iban(std::str::from_utf8(&swapped).unwrap()), Some(Warning::IbanChecksum), "{at}");
            }
        }
    }

    #[test]
    fn a_bic_has_its_letters_and_digits_in_place() {
        assert_eq!(bic("DEUTDEFF"), None);
        assert_eq!(bic("deutdeff500"), None);
        assert_eq!(bic("DEUTDEF"), Some(Warning::BicLength { found: 7 }));
        assert_eq!(bic("DEUT1EFF"), Some(Warning::BicStructure));
    }

    #[test]
    fn a_routing_number_is_weighed() {
        assert_eq!(routing_number("021000021"), None);
        assert_eq!(routing_number("021000022"), Some(Warning::RoutingChecksum));
        assert_eq!(routing_number("02100002"), Some(Warning::RoutingLength { found: 8 }));
        assert_eq!(routing_number("02100002x"), Some(Warning::RoutingLength { found: 9 }));
    }
}
