//! Blockchain addresses by their own checksums: bech32 and bech32m (BIP-173, BIP-350), base58check, EIP-55.

use bech32::{Bech32, Bech32m, primitives::decode::CheckedHrpstring};
use sha2::{Digest, Sha256};
use sha3::Keccak256;

use super::Warning;

/// What is wrong with an address of Bitcoin and its kin, Ethereum and its kin, Cardano, Cosmos, XRP, Tron or Solana.
pub fn chain_address(text: &str) -> Option<Warning> {
    let address = text.trim();
    if let Some(digits) = address.strip_prefix("0x").or_else(|| address.strip_prefix("0X")) {
        return ethereum(digits);
    }
    // A bech32 string has a prefix, the last `1`, and then no `1`; base58 texts of that form are told by their mixed case.
    let (lower, upper) = (address.chars().any(|sign| sign.is_ascii_lowercase()), address.chars().any(|sign| sign.is_ascii_uppercase()));
    if let Some((prefix, rest)) = address.rsplit_once('1')
        && prefix.len() > 1
        && rest.len() >= 6
        && !(lower && upper)
    {
        return bech32(address, prefix);
    }
    base58(address)
}

/// 40 hexadecimal digits. In mixed case, the case is the checksum (EIP-55).
fn ethereum(digits: &str) -> Option<Warning> {
    if digits.len() != 40 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Warning::AddressForm);
    }
    let lower = digits.to_ascii_lowercase();
    if digits == lower || digits == digits.to_ascii_uppercase() {
        return None;
    }
    let hash = Keccak256::digest(lower.as_bytes());
    let nibble = |at: usize| if at.is_multiple_of(2) { hash[at / 2] >> 4 } else { hash[at / 2] & 15 };
    let right = lower.chars().enumerate().map(|(at, sign)| if nibble(at) >= 8 { sign.to_ascii_uppercase() } else { sign });
    (!right.eq(digits.chars())).then_some(Warning::AddressChecksum)
}

fn bech32(address: &str, prefix: &str) -> Option<Warning> {
    // Prefixes of segregated witness: for these the version decides between the two checksums.
    if matches!(prefix.to_ascii_lowercase().as_str(), "bc" | "tb" | "bcrt" | "ltc") {
        let good = bech32::segwit::decode(address).is_ok();
        return (!good).then_some(Warning::AddressChecksum);
    }
    let good = CheckedHrpstring::new::<Bech32>(address).is_ok() || CheckedHrpstring::new::<Bech32m>(address).is_ok();
    (!good).then_some(Warning::AddressChecksum)
}

fn base58(address: &str) -> Option<Warning> {
    // The longest address of this kind has 44 characters; decoding takes square time.
    if address.len() > 64 {
        return Some(Warning::AddressForm);
    }
    let decode = |alphabet| bs58::decode(address).with_alphabet(alphabet).into_vec().ok();
    if address.starts_with('r') && decode(bs58::Alphabet::RIPPLE).is_some_and(|bytes| checksum_fits(&bytes)) {
        return None;
    }
    match decode(bs58::Alphabet::BITCOIN) {
        None => Some(Warning::AddressForm),
        // A Solana address is a bare key: there is nothing to check it by.
        Some(bytes) if bytes.len() == 32 || checksum_fits(&bytes) => None,
        Some(bytes) if bytes.len() == 25 || bytes.len() == 26 => Some(Warning::AddressChecksum),
        Some(_) => Some(Warning::AddressForm),
    }
}

/// Base58check: the last four bytes are the first four of SHA-256 twice over the rest.
fn checksum_fits(bytes: &[u8]) -> bool {
    bytes.split_last_chunk::<4>().is_some_and(|(rest, sum)| !rest.is_empty() && Sha256::digest(Sha256::digest(rest))[..4] == sum[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 9] = [
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    ];

    #[test]
    fn published_addresses_pass() {
        for good in GOOD {
            assert_eq!(chain_address(good), None, "{good}");
        }
    }

    #[test]
    fn one_changed_sign_is_noticed_wherever_there_is_a_checksum() {
        assert_eq!(chain_address("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"), Some(Warning::AddressChecksum));
        assert_eq!(chain_address("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), Some(Warning::AddressChecksum));
        assert_eq!(chain_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), Some(Warning::AddressChecksum));
    }

    #[test]
    fn segwit_version_1_needs_the_newer_checksum() {
        // BIP-350, "invalid checksum algorithm (bech32 instead of bech32m)".
        assert_eq!(chain_address("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd"), Some(Warning::AddressChecksum));
    }

    #[test]
    fn other_text_is_no_address() {
        for bad in ["hello world", "0x1234", "", "O0Il"] {
            assert_eq!(chain_address(bad), Some(Warning::AddressForm), "{bad}");
        }
    }
}
