//! HKDF-SHA-256, split into its two halves.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

/// A pseudorandom key with its HMAC state set up, ready to be expanded any number of times. Wiped on drop (`hmac`, feature `zeroize`).
///
/// The set-up costs as much as a third of a short message, hence the boxed state instead of 32 bytes.
pub(crate) struct Prk(Box<Hkdf<Sha256>>);

impl Prk {
    /// Takes a uniform 32-byte key as it is (RFC 5869 §3.3).
    pub(crate) fn from_key(key: &[u8; 32]) -> Self {
        Self(Box::new(Hkdf::from_prk(key).expect("32 bytes are the hash length")))
    }

    /// HKDF-Extract.
    pub(crate) fn extract(salt: &[u8], input: &[u8]) -> Self {
        let (mut prk, hkdf) = Hkdf::<Sha256>::extract(Some(salt), input);
        prk.as_mut_slice().zeroize();
        Self(Box::new(hkdf))
    }

    /// HKDF-Expand over the concatenation of `info`.
    pub(crate) fn expand(&self, info: &[&[u8]], out: &mut [u8]) {
        self.0.expand_multi_info(info, out).expect("no caller asks for more than 255 hashes");
    }

    /// A boxed 32-byte key, written in place.
    pub(crate) fn expand_key(&self, info: &[&[u8]]) -> Box<[u8; 32]> {
        let mut out = Box::new([0; 32]);
        self.expand(info, out.as_mut_slice());
        out
    }

    /// `key (32) ‖ commit (32)`.
    pub(crate) fn expand_pair(&self, info: &[&[u8]]) -> KeyAndCommit {
        let mut okm = Zeroizing::new([0; 64]);
        self.expand(info, okm.as_mut_slice());
        KeyAndCommit(okm)
    }
}

/// The single-use key of a message or blob, and the public commitment to it.
pub(crate) struct KeyAndCommit(Zeroizing<[u8; 64]>);

impl KeyAndCommit {
    /// The AEAD key.
    pub(crate) fn key(&self) -> &[u8; 32] {
        self.0[..32].try_into().expect("half of 64 bytes")
    }

    /// The commitment that travels with the message.
    pub(crate) fn commit(&self) -> &[u8; 32] {
        self.0[32..].try_into().expect("half of 64 bytes")
    }

    /// Compares in constant time.
    pub(crate) fn commits_to(&self, commit: &[u8]) -> bool {
        use subtle::ConstantTimeEq;
        self.commit().as_slice().ct_eq(commit).into()
    }
}
