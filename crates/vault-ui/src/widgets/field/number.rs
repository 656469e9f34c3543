//! Numbers of banks and cards: how they are tidied when their field is left.

use vault_model::FieldType;

/// The text without what people type only for reading: spaces and separators; upper case where the standard says so.
///
/// `None` if nothing changes. Nothing but spacing and case is ever touched: a number may be wrong on purpose.
pub fn tidied(field_type: FieldType, text: &str) -> Option<String> {
    let tidy: String = match field_type {
        FieldType::Iban | FieldType::Bic => text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect(),
        FieldType::CardNumber => text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
        FieldType::RoutingNumber => text.chars().filter(|c| !c.is_whitespace()).collect(),
        FieldType::Text
        | FieldType::Secret
        | FieldType::Multiline
        | FieldType::SecretMultiline
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear
        | FieldType::Mnemonic
        | FieldType::ChainAddress
        | FieldType::Totp
        | FieldType::RecoveryCodes => return None,
    };
    (tidy != text).then_some(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_leave_a_bank_number_and_nothing_else_does() {
        assert_eq!(tidied(FieldType::Iban, "de89 3704 0044 0532 0130 00").as_deref(), Some("DE89370400440532013000"));
        assert_eq!(tidied(FieldType::CardNumber, "4111-1111 1111 1111").as_deref(), Some("4111111111111111"));
        assert_eq!(tidied(FieldType::Iban, "DE89X"), None);
        assert_eq!(tidied(FieldType::Secret, " a b "), None);
    }
}
