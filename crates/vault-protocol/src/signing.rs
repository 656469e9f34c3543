//! Public keys and signatures. Private keys live in `vault-crypto`; here is what anyone may check.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

use crate::{VaultId, id::id};

id!(
    /// An Ed25519 public key (RFC 8032): of a log, the vault's name (DID), the owner, an epoch's enrol key.
    SigningPublicKey, 32
);
id!(
    /// An X25519 public key (RFC 7748): of a device (`D.pub`), of the kit (`R.pub`), or a slot's ephemeral one (`epk`).
    KemPublicKey, 32
);

/// An Ed25519 signature (RFC 8032), 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; Signature::LEN]);

impl Signature {
    /// Length in bytes.
    pub const LEN: usize = 64;
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// Holds an Ed25519 private key and signs with it.
pub trait Signer {
    /// The public half.
    fn public_key(&self) -> SigningPublicKey;

    /// Signs `message` (RFC 8032 §5.1.6).
    fn sign(&self, message: &[u8]) -> Signature;
}

/// Why a key or a signature was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not a point, not in its one canonical encoding, or of small order (MS18).
    #[error("the public key is not a usable key")]
    BadKey,
    /// The signature is not one by this key over this message.
    #[error("the signature does not verify")]
    NotAuthentic,
}

/// Prefix of every did:key in base58btc, whose multibase letter is `z` (W3C did:key method §3.1).
const DID_PREFIX: &str = "did:key:z";
/// Multicodec of an Ed25519 public key, as a varint.
const DID_MULTICODEC: [u8; 2] = [0xed, 0x01];

impl SigningPublicKey {
    /// Checks `signature` over `message`, refusing what has more than one reading: small-order or non-canonical keys, small-order `R` and
    /// unreduced `S`.
    ///
    /// # Errors
    ///
    /// [`SignatureError::BadKey`], [`SignatureError::NotAuthentic`].
    pub fn verify_strict(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let key = self.checked()?;
        key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).map_err(|_same| SignatureError::NotAuthentic)
    }

    /// Whether signatures by this key mean anything: a canonical point that is not of small order.
    ///
    /// # Errors
    ///
    /// [`SignatureError::BadKey`].
    pub fn check(&self) -> Result<(), SignatureError> {
        self.checked().map(|_key| ())
    }

    /// The vault that has this key as its name: the first 16 bytes of SHA-256("nt2 vault v1" ‖ key).
    pub fn vault_id(&self) -> VaultId {
        let digest = Sha256::new().chain_update(b"nt2 vault v1").chain_update(self.0).finalize();
        VaultId::from_slice(&digest[..VaultId::LEN]).expect("a digest has 32 bytes")
    }

    /// The did:key of this key: `did:key:z` and the base58btc form of `ed 01 ‖ key`.
    pub fn did_text(&self) -> String {
        let mut bytes = [0; 34];
        bytes[..2].copy_from_slice(&DID_MULTICODEC);
        bytes[2..].copy_from_slice(&self.0);
        format!("{DID_PREFIX}{}", bs58::encode(bytes).into_string())
    }

    /// Parses what [`Self::did_text`] writes.
    ///
    /// # Errors
    ///
    /// [`SignatureError::BadKey`] for any other text.
    pub fn parse_did(text: &str) -> Result<Self, SignatureError> {
        let digits = text.strip_prefix(DID_PREFIX).ok_or(SignatureError::BadKey)?;
        let mut bytes = [0; 34];
        let len = bs58::decode(digits).onto(&mut bytes).map_err(|_any| SignatureError::BadKey)?;
        let key = bytes[..len].strip_prefix(&DID_MULTICODEC).and_then(Self::from_slice).ok_or(SignatureError::BadKey)?;
        key.check()?;
        Ok(key)
    }

    fn checked(&self) -> Result<VerifyingKey, SignatureError> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_any| SignatureError::BadKey)?;
        let canonical = key.to_edwards().compress().to_bytes() == self.0;
        if canonical && !key.is_weak() { Ok(key) } else { Err(SignatureError::BadKey) }
    }
}

/// Points of small order on Curve25519 in their canonical little-endian form: 0, 1, the two of order 8, p − 1 (cr.yp.to/ecdh.html).
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
        0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
        0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

impl KemPublicKey {
    /// Whether a shared secret with this key means anything: canonical (below p = 2^255 − 19) and not of small order (MS18).
    ///
    /// # Errors
    ///
    /// [`SignatureError::BadKey`].
    pub fn check(&self) -> Result<(), SignatureError> {
        let at_least_p = self.0[31] == 0x7f && self.0[1..31].iter().all(|byte| *byte == 0xff) && self.0[0] >= 0xed;
        let canonical = self.0[31] & 0x80 == 0 && !at_least_p;
        if canonical && !SMALL_ORDER.contains(&self.0) { Ok(()) } else { Err(SignatureError::BadKey) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    #[test]
    fn the_did_of_a_published_key_is_the_published_text() {
        // Example of the did:key method, §A.1 (Ed25519).
        let text = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
        let key = SigningPublicKey::parse_hex("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29").unwrap();
        assert_eq!(key.did_text(), text);
        assert_eq!(SigningPublicKey::parse_did(text), Ok(key));
    }

    #[test]
    fn other_texts_are_no_did() {
        for text in
            ["", "did:key:", "did:key:z", "did:key:zz6Mk", "did:web:example.org", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW"]
        {
            assert_eq!(SigningPublicKey::parse_did(text), Err(SignatureError::BadKey), "{text}");
        }
    }

    #[test]
    fn ms18_null_small_order_and_non_canonical_signing_keys_are_refused() {
        let identity = SMALL_ORDER[1];
        let mut minus_one = [0xff; 32];
        (minus_one[0], minus_one[31]) = (0xec, 0x7f);
        // y = 1 + p, the identity in its second encoding.
        let mut second_identity = [0xff; 32];
        (second_identity[0], second_identity[31]) = (0xee, 0x7f);
        // y = 3 + p is a point of large order in its second encoding (y = 3 is on the curve).
        let mut second_three = second_identity;
        second_three[0] = 0xf0;
        let mut three = [0; 32];
        three[0] = 3;
        assert_eq!(SigningPublicKey(three).check(), Ok(()));
        for bytes in [[0; 32], identity, minus_one, second_identity, second_three] {
            assert_eq!(SigningPublicKey(bytes).check(), Err(SignatureError::BadKey), "{bytes:02x?}");
        }
    }

    #[test]
    fn ms18_null_small_order_and_non_canonical_kem_keys_are_refused() {
        let mut base = [0; 32];
        base[0] = 9;
        assert_eq!(KemPublicKey(base).check(), Ok(()));
        let mut with_high_bit = base;
        with_high_bit[31] = 0x80;
        let mut base_above_p = [0xff; 32];
        (base_above_p[0], base_above_p[31]) = (0xf6, 0x7f);
        for bytes in SMALL_ORDER.into_iter().chain([with_high_bit, base_above_p]) {
            assert_eq!(KemPublicKey(bytes).check(), Err(SignatureError::BadKey), "{bytes:02x?}");
        }
    }
}
