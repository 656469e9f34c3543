//! Checks of what was typed. They warn and never refuse: a vault must take what its owner has.

mod address;
mod bank;
mod card;
mod date;
mod mnemonic;
mod net;

use serde::{Deserialize, Serialize};

use crate::{FieldId, FieldType, totp::Totp};

pub use address::chain_address;
pub use bank::{bic, iban, routing_number};
pub use card::{Brand, card_number};
pub use date::{Day, parse_month};
pub use mnemonic::{mnemonic, suggest};
pub use net::{email, host, phone, url};

/// Something odd about a value. It holds no part of the value, so it may cross to the window for a hidden field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Warning {
    /// The IBAN's first two letters are no country that has IBANs.
    IbanCountry,
    /// Characters, for that country.
    IbanLength {
        /// As ISO 13616's registry says.
        expected: usize,
        /// As typed.
        found: usize,
    },
    /// A letter where a digit must be, or the reverse, or a sign.
    IbanStructure,
    /// The check digits do not match (ISO 7064 mod 97-10): a typing error.
    IbanChecksum,
    /// A BIC has 8 or 11 characters.
    BicLength {
        /// As typed.
        found: usize,
    },
    /// A letter where a digit must be, or the reverse.
    BicStructure,
    /// A routing number has 9 digits.
    RoutingLength {
        /// As typed.
        found: usize,
    },
    /// The routing number's weighted sum is no multiple of 10.
    RoutingChecksum,
    /// Not a number of 12 to 19 digits.
    CardDigits,
    /// Not as long as numbers of this brand are.
    CardLength {
        /// Digits as typed.
        found: usize,
    },
    /// The card number's last digit does not match (Luhn).
    CardChecksum,
    /// The date has passed.
    Expired,
    /// Not a date of the calendar written `YYYY-MM-DD`.
    Date,
    /// Not a month written `YYYY-MM`.
    MonthYear,
    /// A phrase has 12, 15, 18, 21 or 24 words.
    MnemonicLength {
        /// Words as typed.
        found: usize,
    },
    /// A word that is in no list of BIP-39.
    MnemonicWord {
        /// Which word, counted from 1.
        position: usize,
    },
    /// All words are known, but the last does not match the others.
    MnemonicChecksum,
    /// The address' checksum does not match: a typing error.
    AddressChecksum,
    /// No known form of address.
    AddressForm,
    /// Not an address that e-mail can be sent to.
    Email,
    /// Not a web address.
    Url,
    /// A web address without encryption.
    UrlPlainHttp,
    /// Not a telephone number.
    Phone,
    /// Neither Base32 nor an `otpauth://` address.
    TotpSecret,
    /// Shorter than RFC 4226 asks: 16 bytes.
    TotpShort,
}

impl Warning {
    /// Key of its words.
    pub fn key(&self) -> &'static str {
        match self {
            Self::IbanCountry => "warning-iban-country",
            Self::IbanLength { .. } => "warning-iban-length",
            Self::IbanStructure => "warning-iban-structure",
            Self::IbanChecksum => "warning-iban-checksum",
            Self::BicLength { .. } => "warning-bic-length",
            Self::BicStructure => "warning-bic-structure",
            Self::RoutingLength { .. } => "warning-routing-length",
            Self::RoutingChecksum => "warning-routing-checksum",
            Self::CardDigits => "warning-card-digits",
            Self::CardLength { .. } => "warning-card-length",
            Self::CardChecksum => "warning-card-checksum",
            Self::Expired => "warning-expired",
            Self::Date => "warning-date",
            Self::MonthYear => "warning-month-year",
            Self::MnemonicLength { .. } => "warning-mnemonic-length",
            Self::MnemonicWord { .. } => "warning-mnemonic-word",
            Self::MnemonicChecksum => "warning-mnemonic-checksum",
            Self::AddressChecksum => "warning-address-checksum",
            Self::AddressForm => "warning-address-form",
            Self::Email => "warning-email",
            Self::Url => "warning-url",
            Self::UrlPlainHttp => "warning-url-plain-http",
            Self::Phone => "warning-phone",
            Self::TotpSecret => "warning-totp-secret",
            Self::TotpShort => "warning-totp-short",
        }
    }

    /// Numbers in its words, by name.
    pub fn numbers(&self) -> Vec<(&'static str, usize)> {
        match self {
            Self::IbanLength { expected, found } => vec![("expected", *expected), ("found", *found)],
            Self::BicLength { found } | Self::RoutingLength { found } | Self::CardLength { found } | Self::MnemonicLength { found } => {
                vec![("found", *found)]
            }
            Self::MnemonicWord { position } => vec![("position", *position)],
            Self::IbanCountry
            | Self::IbanStructure
            | Self::IbanChecksum
            | Self::BicStructure
            | Self::RoutingChecksum
            | Self::CardDigits
            | Self::CardChecksum
            | Self::Expired
            | Self::Date
            | Self::MonthYear
            | Self::MnemonicChecksum
            | Self::AddressChecksum
            | Self::AddressForm
            | Self::Email
            | Self::Url
            | Self::UrlPlainHttp
            | Self::Phone
            | Self::TotpSecret
            | Self::TotpShort => Vec::new(),
        }
    }
}

/// What is odd about the text of a field; nothing about an empty one.
///
/// A date in the past is told of only where the field's name says that something ends (`…expiry…`).
pub fn check(id: &FieldId, field_type: FieldType, text: &str, today: Day) -> Vec<Warning> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let ends = if id.0.contains("expiry") { date::Ends::Something } else { date::Ends::Nothing };
    let found = match field_type {
        FieldType::Text | FieldType::Secret | FieldType::Multiline | FieldType::SecretMultiline | FieldType::RecoveryCodes => None,
        FieldType::Url => url(text),
        FieldType::Email => email(text),
        FieldType::Phone => phone(text),
        FieldType::Date => date::date(text, ends, today),
        FieldType::MonthYear => date::month_year(text, ends, today),
        FieldType::Iban => iban(text),
        FieldType::Bic => bic(text),
        FieldType::RoutingNumber => routing_number(text),
        FieldType::CardNumber => card_number(text),
        FieldType::Mnemonic => return mnemonic(text),
        FieldType::ChainAddress => chain_address(text),
        FieldType::Totp => match Totp::parse(text) {
            Err(_) => Some(Warning::TotpSecret),
            Ok(totp) => totp.is_short().then_some(Warning::TotpShort),
        },
    };
    found.into_iter().collect()
}

/// The text without white space and hyphens, which people put between groups.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '\u{2010}' | '\u{2011}')).collect()
}
