//! How long numbers are shown: in groups, or only their ends.

use crate::{FieldType, check::compact};

/// Stands for what is withheld.
const DOTS: &str = "••••";

/// Groups of four, for IBANs and card numbers; those of American Express as 4-6-5. Shown so, copied without spaces.
pub fn group(text: &str) -> String {
    let compact = compact(text);
    let is_amex =
        compact.len() == 15 && (compact.starts_with("34") || compact.starts_with("37")) && compact.bytes().all(|b| b.is_ascii_digit());
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (at, sign) in compact.chars().enumerate() {
        if if is_amex { at == 4 || at == 10 } else { at > 0 && at % 4 == 0 } {
            out.push(' ');
        }
        out.push(sign);
    }
    out
}

/// `DE89 … 3000`: the first and last four. A text too short to hide anything that way shows its last four only.
pub fn ends(text: &str) -> String {
    let signs: Vec<char> = compact(text).chars().collect();
    if signs.len() < 12 {
        return last_four(text);
    }
    let part = |signs: &[char]| signs.iter().collect::<String>();
    format!("{} … {}", part(&signs[..4]), part(&signs[signs.len() - 4..]))
}

/// `•••• 1111`; nothing of a text of fewer than eight signs, whose half that would be, and nothing at all of an empty one.
pub fn last_four(text: &str) -> String {
    let signs: Vec<char> = compact(text).chars().collect();
    match signs.len() {
        0 => String::new(),
        1..8 => DOTS.to_owned(),
        len => format!("{DOTS} {}", signs[len - 4..].iter().collect::<String>()),
    }
}

/// What a list or a hidden field may show of a text; `None` if nothing.
pub fn glimpse(field_type: FieldType, text: &str) -> Option<String> {
    match field_type {
        FieldType::Iban | FieldType::ChainAddress => Some(ends(text)),
        FieldType::CardNumber => Some(last_four(text)),
        FieldType::Text
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear
        | FieldType::Bic
        | FieldType::RoutingNumber => Some(text.trim().to_owned()),
        FieldType::Multiline => Some(text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()),
        FieldType::Secret | FieldType::SecretMultiline | FieldType::Mnemonic | FieldType::Totp | FieldType::RecoveryCodes => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_they_are_printed() {
        assert_eq!(group("DE89370400440532013000"), "DE89 3704 0044 0532 0130 00");
        assert_eq!(group("4111-1111 11111111"), "4111 1111 1111 1111");
        assert_eq!(group("378282246310005"), "3782 822463 10005");
        assert_eq!(group(""), "");
    }

    #[test]
    fn an_iban_shows_its_ends_and_a_card_its_last_four() {
        assert_eq!(ends("DE89 3704 0044 0532 0130 00"), "DE89 … 3000");
        assert_eq!(last_four("4111 1111 1111 1111"), "•••• 1111");
        assert_eq!(last_four("1234"), "••••");
        assert_eq!(last_four(""), "");
        assert_eq!(ends("short"), "••••");
    }

    #[test]
    fn no_secret_type_but_a_card_number_shows_anything() {
        for field_type in FieldType::ALL.into_iter().filter(|field_type| field_type.is_secret()) {
            assert_eq!(glimpse(field_type, "4111111111111111").is_some(), field_type == FieldType::CardNumber, "{field_type:?}");
        }
    }
}
