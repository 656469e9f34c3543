//! The proof of a session.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 256 random bits that stand for a session. Whoever holds it is the session, so it is neither printed nor compared.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SessionToken([u8; SessionToken::LEN]);

impl SessionToken {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Takes bytes that a server drew at random.
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be hashed by a server.
    pub fn expose(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The text after `Bearer `: 64 lower-case hexadecimal digits.
    pub fn expose_hex(&self) -> Zeroizing<String> {
        let digits = b"0123456789abcdef";
        let mut text = Zeroizing::new(String::with_capacity(2 * Self::LEN));
        for byte in self.0 {
            text.push(char::from(digits[usize::from(byte >> 4)]));
            text.push(char::from(digits[usize::from(byte & 15)]));
        }
        text
    }

    /// Reads what [`Self::expose_hex`] writes.
    pub fn parse_hex(text: &str) -> Option<Self> {
        let mut token = Self([0; Self::LEN]);
        super::json::unhex_into(text, &mut token.0).then_some(token)
    }

    /// A second holder of the same session, for the next request.
    pub fn duplicate(&self) -> Self {
        Self(self.0)
    }
}
