//! The text of a printed kit's QR code: `"nt2kit1:"` and base58 of `R (32) ‖ pin ‖ first 4 bytes of SHA-256(all before)`.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{KitError, KitPin};
use crate::secret::RecoverySecret;

const PREFIX: &str = "nt2kit1:";
const CHECK_LEN: usize = 4;
/// Longest text that is looked at, in bytes: base58 of a pin with eight heads is below 700.
const MAX_TEXT_BYTES: usize = 1024;

/// The text to print. It holds R in the clear, like the words beside it.
pub fn qr_text(kit: &RecoverySecret, pin: &KitPin) -> Zeroizing<String> {
    let pin = pin.encode();
    let mut bytes = Zeroizing::new(Vec::with_capacity(32 + pin.len() + CHECK_LEN));
    bytes.extend_from_slice(kit.expose());
    bytes.extend_from_slice(&pin);
    let check = Sha256::digest(&*bytes);
    bytes.extend_from_slice(&check[..CHECK_LEN]);
    let digits = Zeroizing::new(bs58::encode(&*bytes).into_string());
    let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + digits.len()));
    text.push_str(PREFIX);
    text.push_str(&digits);
    text
}

/// Reads what [`qr_text`] wrote. Filling a form is all that a scanned code may do (MF10).
///
/// # Errors
///
/// [`KitError::NotAKit`], [`KitError::Checksum`].
pub fn parse_qr_text(text: &str) -> Result<(RecoverySecret, KitPin), KitError> {
    let digits = text.trim().strip_prefix(PREFIX).filter(|digits| digits.len() <= MAX_TEXT_BYTES).ok_or(KitError::NotAKit)?;
    let bytes = Zeroizing::new(bs58::decode(digits).into_vec().map_err(|_| KitError::NotAKit)?);
    let (content, check) = bytes.split_last_chunk::<CHECK_LEN>().ok_or(KitError::NotAKit)?;
    if Sha256::digest(content)[..CHECK_LEN] != *check {
        return Err(KitError::Checksum);
    }
    let (secret, pin) = content.split_at_checked(32).ok_or(KitError::NotAKit)?;
    let kit = RecoverySecret::from_slice(secret).ok_or(KitError::NotAKit)?;
    Ok((kit, KitPin::parse(pin).ok_or(KitError::NotAKit)?))
}
