//! The code that is read from one device and typed into the other.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{PairingError, Random};

/// Characters of a code: 16 × 5 bits.
pub const CODE_LEN: usize = 16;
/// Bytes of a code: 80 bits (THREATS MS22).
const CODE_BYTES: usize = 10;
/// Crockford's base 32: no I, L, O, U, so that nothing is misread (crockford.com/base32.html).
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 80 random bits that two devices share for some minutes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct PairCode([u8; CODE_BYTES]);

impl PairCode {
    /// Draws one.
    ///
    /// # Errors
    ///
    /// [`PairingError::NoEntropy`].
    pub fn make(random: &mut dyn Random) -> Result<Self, PairingError> {
        let mut code = Self([0; CODE_BYTES]);
        if random.fill(&mut code.0) { Ok(code) } else { Err(PairingError::NoEntropy) }
    }

    /// Reads what a person types: any case, with or without separators, and with the letters that look like digits.
    ///
    /// # Errors
    ///
    /// [`PairingError::NotACode`].
    pub fn parse(text: &str) -> Result<Self, PairingError> {
        let mut code = Self([0; CODE_BYTES]);
        let mut n = 0;
        for typed in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let digit = match typed.to_ascii_uppercase() {
                'O' => 0,
                'I' | 'L' => 1,
                c => u8::try_from(c).ok().and_then(|c| ALPHABET.iter().position(|a| *a == c)).ok_or(PairingError::NotACode)?,
            };
            for bit in 0..5 {
                let at = n * 5 + bit;
                let byte = code.0.get_mut(at / 8).ok_or(PairingError::NotACode)?;
                *byte |= ((digit >> (4 - bit) & 1) as u8) << (7 - at % 8);
            }
            n += 1;
        }
        if n == CODE_LEN { Ok(code) } else { Err(PairingError::NotACode) }
    }

    /// As it is shown: four groups of four.
    pub fn expose_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CODE_LEN + 3));
        for n in 0..CODE_LEN {
            if n > 0 && n % 4 == 0 {
                text.push('-');
            }
            let digit = (0..5).fold(0, |digit, bit| {
                let at = n * 5 + bit;
                digit << 1 | usize::from(self.0[at / 8] >> (7 - at % 8) & 1)
            });
            text.push(char::from(ALPHABET[digit]));
        }
        text
    }

    /// Where the devices meet. It says as little of the code as a hash of 80 random bits can.
    pub fn channel(&self) -> [u8; 16] {
        let digest = Sha256::new().chain_update(b"nt2 pair channel v1").chain_update(self.0).finalize();
        std::array::from_fn(|n| digest[n])
    }

    /// What both sides must know to speak at all.
    pub(crate) fn psk(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(Sha256::new().chain_update(b"nt2 pair psk v1").chain_update(self.0).finalize().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Random for Fixed {
        fn fill(&mut self, out: &mut [u8]) -> bool {
            out.iter_mut().for_each(|byte| {
                self.0 = self.0.wrapping_mul(31).wrapping_add(7);
                *byte = self.0;
            });
            true
        }
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        for seed in 0..=255 {
            let code = PairCode::make(&mut Fixed(seed)).unwrap();
            let text = code.expose_text();
            assert_eq!(text.len(), 19);
            let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(PairCode::parse(&sloppy).unwrap().0, code.0);
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "ABCD", "ABCD-EFGH-JKMN-PQR", "ABCD-EFGH-JKMN-PQRST", "UUUU-EFGH-JKMN-PQRS", "ABCD-EFGH-JKMN-PQR€"] {
            assert!(matches!(PairCode::parse(text), Err(PairingError::NotACode)), "{text}");
        }
    }

    #[test]
    fn the_generators_failure_makes_no_code() {
        struct Broken;
        impl Random for Broken {
            fn fill(&mut self, _: &mut [u8]) -> bool {
                false
            }
        }
        assert!(matches!(PairCode::make(&mut Broken), Err(PairingError::NoEntropy)));
    }
}
