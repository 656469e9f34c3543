//! X25519 with every small-order result refused.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// The public key has small order, so the shared secret would be known to everyone (RFC 7748 §6.1).
#[derive(Debug)]
pub(crate) struct SmallOrder;

/// The public half of `secret`.
pub(crate) fn public_of(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

/// The shared secret of `secret` and `public`; an all-zero result is refused.
pub(crate) fn shared(secret: &[u8; 32], public: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, SmallOrder> {
    let shared = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
    if !shared.was_contributory() {
        return Err(SmallOrder);
    }
    Ok(Zeroizing::new(shared.to_bytes()))
}
