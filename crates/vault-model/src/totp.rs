//! One-time codes (RFC 6238) from a Base32 secret or an `otpauth://` address.

use totp_rs::{Algorithm, Builder, Secret};
use zeroize::Zeroizing;

use crate::SecretText;

/// Bytes of a secret below which RFC 4226 §4 (R6) calls it too short.
const SHORT_SECRET_BYTES: usize = 16;
/// The longest period taken: an hour. None is common but 30 and 60 seconds.
const MAX_PERIOD_SECS: u64 = 3600;
/// Characters of an address or secret: far above any, below what takes time.
const MAX_TEXT_BYTES: usize = 4096;

/// A source of codes. Wiped when dropped, as its inner secret is.
pub struct Totp {
    inner: totp_rs::Totp,
}

/// The code of a moment and the one after it.
pub struct Code {
    /// The present one, as many digits as the source says.
    pub code: SecretText,
    /// The one after it.
    pub next: SecretText,
    /// Seconds for which the present one is good, the current one included: 1 to the period.
    pub remaining_secs: u32,
    /// The whole life of a code in seconds.
    pub period_secs: u32,
}

/// Why a text is no source of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpError {
    /// Neither Base32 (RFC 4648 §6) nor an address.
    #[error("the text is no Base32 secret")]
    Secret,
    /// An address of another kind (`hotp`) or without a secret.
    #[error("the address is no TOTP address")]
    Address,
    /// Another algorithm than SHA-1, SHA-256 or SHA-512.
    #[error("the algorithm is not supported")]
    Algorithm,
    /// Not 6, 7 or 8 digits.
    #[error("the number of digits is not supported")]
    Digits,
    /// Zero, or longer than an hour.
    #[error("the period is not supported")]
    Period,
}

impl Totp {
    /// Reads a Base32 secret (case, spaces, hyphens and padding do not matter; SHA-1, 6 digits, 30 s), or an `otpauth://totp/` address
    /// with its parameters.
    ///
    /// # Errors
    ///
    /// [`TotpError`], by the first part that is wrong.
    pub fn parse(text: &str) -> Result<Self, TotpError> {
        let text = text.trim();
        if text.len() > MAX_TEXT_BYTES {
            return Err(TotpError::Secret);
        }
        match text.split_once("://") {
            None => Ok(Self { inner: Builder::new().with_secret(secret(text)?).build_noncompliant() }),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("otpauth") => Self::parse_address(rest),
            Some(_) => Err(TotpError::Address),
        }
    }

    /// `totp/label?name=value&…`. The issuer and account are the item's business.
    fn parse_address(rest: &str) -> Result<Self, TotpError> {
        let (path, query) = rest.split_once('?').ok_or(TotpError::Address)?;
        if !path.split('/').next().is_some_and(|kind| kind.eq_ignore_ascii_case("totp")) {
            return Err(TotpError::Address);
        }
        let mut builder = Builder::new();
        let mut has_secret = false;
        let query = query.split('#').next().unwrap_or_default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            builder = match name.to_ascii_lowercase().as_str() {
                "secret" => {
                    has_secret = true;
                    builder.with_secret(secret(&percent_decoded(value))?)
                }
                "algorithm" => builder.with_algorithm(match value.to_ascii_uppercase().as_str() {
                    "SHA1" | "SHA-1" | "HMACSHA1" => Algorithm::SHA1,
                    "SHA256" | "SHA-256" | "HMACSHA256" => Algorithm::SHA256,
                    "SHA512" | "SHA-512" | "HMACSHA512" => Algorithm::SHA512,
                    _ => return Err(TotpError::Algorithm),
                }),
                "digits" => builder.with_digits(value.parse().ok().filter(|n| (6..=8).contains(n)).ok_or(TotpError::Digits)?),
                "period" => {
                    let period = value.parse().ok().filter(|secs| (1..=MAX_PERIOD_SECS).contains(secs));
                    builder.with_step_duration(period.ok_or(TotpError::Period)?)
                }
                _ => builder,
            };
        }
        if has_secret { Ok(Self { inner: builder.build_noncompliant() }) } else { Err(TotpError::Address) }
    }

    /// The codes at a Unix time in seconds.
    pub fn code_at(&self, unix_secs: u64) -> Code {
        let period = self.inner.step();
        let code = |at| SecretText::new(self.inner.generate(at).to_string());
        Code {
            code: code(unix_secs),
            next: code(unix_secs.saturating_add(period)),
            // A period is at most an hour, so both fit.
            remaining_secs: (period - unix_secs % period) as u32,
            period_secs: period as u32,
        }
    }

    /// Whether the secret is shorter than RFC 4226 asks.
    pub fn is_short(&self) -> bool {
        self.inner.secret().as_bytes().len() < SHORT_SECRET_BYTES
    }
}

/// A Base32 secret as people write it.
fn secret(text: &str) -> Result<Secret, TotpError> {
    let mut tidy = Zeroizing::new(String::with_capacity(text.len()));
    tidy.extend(text.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '=')).map(|sign| sign.to_ascii_uppercase()));
    match Secret::try_from_base32(tidy.as_str()) {
        Ok(secret) if !secret.as_bytes().is_empty() => Ok(secret),
        _ => Err(TotpError::Secret),
    }
}

/// `%3D` and the like undone; what is not such an escape stays.
fn percent_decoded(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        match after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base32 of the ASCII secrets of RFC 6238, appendix B.
    const SHA1: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const SHA256: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA";
    const SHA512: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA";

    fn check(text: &str, unix_secs: u64, expected: &str) {
        assert_eq!(Totp::parse(text).unwrap().code_at(unix_secs).code.expose(), expected, "{text} at {unix_secs}");
    }

    #[test]
    fn rfc_6238_appendix_b_holds_for_all_three_algorithms() {
        let times = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
        let sha1 = ["94287082", "07081804", "14050471", "89005924", "69279037", "65353130"];
        let sha256 = ["46119246", "68084774", "67062674", "91819424", "90698825", "77737706"];
        let sha512 = ["90693936", "25091201", "99943326", "93441116", "38618901", "47863826"];
        for (name, secret, codes) in [("SHA1", SHA1, sha1), ("SHA256", SHA256, sha256), ("sha512", SHA512, sha512)] {
            for (time, code) in times.into_iter().zip(codes) {
                check(&format!("otpauth://totp/Example:mara?secret={secret}&algorithm={name}&digits=8&period=30"), time, code);
            }
        }
    }

    #[test]
    fn a_bare_secret_has_six_digits_and_may_be_written_in_groups() {
        check(SHA1, 59, "287082");
        check("gezd gnbv gy3t qojq gezd-gnbv-gy3t-qojq====", 59, "287082");
    }

    #[test]
    fn an_address_may_name_two_issuers_and_hold_escapes() {
        check(&format!("OTPAUTH://TOTP/A%20B:c%40d?issuer=Other&secret={SHA1}%3D%3D&foo=%"), 59, "287082");
    }

    #[test]
    fn the_time_left_counts_down_to_one() {
        let totp = Totp::parse(&format!("otpauth://totp/a?secret={SHA1}&period=60")).unwrap();
        let code = totp.code_at(119);
        assert_eq!((code.remaining_secs, code.period_secs), (1, 60));
        assert_eq!(code.next.expose(), totp.code_at(120).code.expose());
        assert_eq!(totp.code_at(120).remaining_secs, 60);
        totp.code_at(u64::MAX);
    }

    #[test]
    fn what_can_not_be_computed_is_refused_and_never_panics() {
        let with = |query: &str| Totp::parse(&format!("otpauth://totp/a?secret={SHA1}&{query}")).err();
        assert_eq!(with("digits=10"), Some(TotpError::Digits));
        assert_eq!(with("digits=5"), Some(TotpError::Digits));
        assert_eq!(with("period=0"), Some(TotpError::Period));
        assert_eq!(with("period=99999999999999999999"), Some(TotpError::Period));
        assert_eq!(with("algorithm=MD5"), Some(TotpError::Algorithm));
        assert_eq!(Totp::parse("otpauth://hotp/a?secret=GEZDGNBV&counter=1").err(), Some(TotpError::Address));
        assert_eq!(Totp::parse("otpauth://totp/a?issuer=b").err(), Some(TotpError::Address));
        assert_eq!(Totp::parse("https://example.org").err(), Some(TotpError::Address));
        for bad in ["", "0189", "not a secret!"] {
            assert_eq!(Totp::parse(bad).err(), Some(TotpError::Secret), "{bad}");
        }
    }

    #[test]
    fn a_short_secret_works_and_is_told_of() {
        assert!(Totp::parse("JBSWY3DPEHPK3PXP").unwrap().is_short());
        assert!(!Totp::parse(SHA1).unwrap().is_short());
    }
}
