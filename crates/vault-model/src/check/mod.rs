//! Checks of what was typed. They warn and never refuse: a vault must take what its owner has.

use serde::{Deserialize, Serialize};

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
