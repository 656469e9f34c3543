//! Payment card numbers (ISO/IEC 7812).

use serde::{Deserialize, Serialize};

use super::Warning;

/// A card network, told by the first digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Brand {
    /// 4.
    Visa,
    /// 51–55, 2221–2720.
    Mastercard,
    /// 50, 56–58, 6 without the other brands that begin so.
    Maestro,
    /// 34, 37.
    Amex,
    /// 6011, 644–649, 65.
    Discover,
    /// 300–305, 3095, 36, 38, 39.
    Diners,
    /// 3528–3589.
    Jcb,
    /// 62, 81.
    UnionPay,
}

impl Brand {
    /// The brand of a number that may have spaces, as soon as enough of it is typed.
    pub fn of(number: &str) -> Option<Self> {
        let digits: Vec<u32> = number.chars().filter_map(|sign| sign.to_digit(10)).collect();
        let first = |n: usize| digits.get(..n).map_or(0, |digits| digits.iter().fold(0, |sum, digit| sum * 10 + digit));
        Some(match (first(1), first(2), first(3), first(4)) {
            (4, ..) => Self::Visa,
            (_, 51..=55, ..) | (.., 2221..=2720) => Self::Mastercard,
            (_, 34 | 37, ..) => Self::Amex,
            (.., 6011) | (.., 644..=649, _) | (_, 65, ..) => Self::Discover,
            (.., 3095) | (.., 300..=305, _) | (_, 36 | 38 | 39, ..) => Self::Diners,
            (.., 3528..=3589) => Self::Jcb,
            (_, 62 | 81, ..) => Self::UnionPay,
            (_, 50 | 56..=69, ..) => Self::Maestro,
            _ => return None,
        })
    }

    /// Key of its name.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Visa => "brand-visa",
            Self::Mastercard => "brand-mastercard",
            Self::Maestro => "brand-maestro",
            Self::Amex => "brand-amex",
            Self::Discover => "brand-discover",
            Self::Diners => "brand-diners",
            Self::Jcb => "brand-jcb",
            Self::UnionPay => "brand-unionpay",
        }
    }

    /// Whether numbers of the brand can have so many digits.
    fn has_length(self, len: usize) -> bool {
        match self {
            Self::Visa => matches!(len, 13 | 16 | 19),
            Self::Mastercard => len == 16,
            Self::Maestro => (12..=19).contains(&len),
            Self::Amex => len == 15,
            Self::Discover | Self::Jcb | Self::UnionPay => (16..=19).contains(&len),
            Self::Diners => (14..=19).contains(&len),
        }
    }
}

/// What is wrong with a card number. Spaces and hyphens do not matter.
pub fn card_number(text: &str) -> Option<Warning> {
    let number = super::compact(text);
    let digits: Vec<u32> = number.chars().filter_map(|sign| sign.to_digit(10)).collect();
    let found = digits.len();
    if found != number.chars().count() || !(12..=19).contains(&found) {
        return Some(Warning::CardDigits);
    }
    let brand = Brand::of(&number);
    if brand.is_some_and(|brand| !brand.has_length(found)) {
        return Some(Warning::CardLength { found });
    }
    // UnionPay has issued numbers without a check digit.
    (brand != Some(Brand::UnionPay) && !luhn(&digits)).then_some(Warning::CardChecksum)
}

/// ISO/IEC 7812-1 annex B: from the right, every second digit is doubled and its digits added.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_numbers_of_the_networks_pass_and_are_recognised() {
        for (number, brand) in [
            ("4111 1111 1111 1111", Brand::Visa),
            ("5555-5555-5555-4444", Brand::Mastercard),
            ("2223003122003222", Brand::Mastercard),
            ("378282246310005", Brand::Amex),
            ("6011111111111117", Brand::Discover),
            ("30569309025904", Brand::Diners),
            ("3530111333300000", Brand::Jcb),
            ("6759649826438453", Brand::Maestro),
        ] {
            assert_eq!((card_number(number), Brand::of(number)), (None, Some(brand)), "{number}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_noticed() {
        let good = "4111111111111111";
        for at in 1..good.len() {
            let bad = format!("{}2{}", &good[..at], &good[at + 1..]);
            assert_eq!(card_number(&bad), Some(Warning::CardChecksum), "{at}");
        }
    }

    #[test]
    fn a_number_of_another_length_than_its_brand_is_told_apart_from_a_typing_error() {
        assert_eq!(card_number("41111111111111"), Some(Warning::CardLength { found: 14 }));
        assert_eq!(card_number("4111"), Some(Warning::CardDigits));
        assert_eq!(card_number("4111 1111 1111 111O"), Some(Warning::CardDigits));
    }

    #[test]
    fn a_brand_is_known_from_the_first_digits() {
        assert_eq!(Brand::of("37"), Some(Brand::Amex));
        assert_eq!(Brand::of(""), None);
        assert_eq!(Brand::of("9"), None);
    }
}
