//! Ed25519 signing keys, one type per role, so that none signs in another's place.

use ed25519_dalek::{Signer as _, SigningKey};
use vault_protocol::{Signature, Signer, SigningPublicKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::entropy::{Entropy, EntropyError};

/// Declares a signing key. `from_slice` and `expose` have the visibility given.
macro_rules! signing_key {
    ($(#[$doc:meta])* $name:ident, $vis:vis) => {
        $(#[$doc])*
        pub struct $name(Box<SigningKey>);

        impl $name {
            /// Draws a fresh one.
            ///
            /// # Errors
            ///
            /// [`EntropyError`] if the generator failed.
            #[allow(dead_code, reason = "one macro for all roles; some keys are only derived")]
            pub fn make(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
                let mut seed = Box::new([0; 32]);
                entropy.fill(seed.as_mut_slice())?;
                Ok(Self::from_seed(seed))
            }

            /// Takes exactly the 32 bytes that [`Self::expose`] gave; the caller wipes its own copy.
            #[allow(dead_code, reason = "as above")]
            $vis fn from_slice(bytes: &[u8]) -> Option<Self> {
                let seed: &[u8; 32] = bytes.try_into().ok()?;
                Some(Self(Box::new(SigningKey::from_bytes(seed))))
            }

            /// The 32-byte seed (RFC 8032 §5.1.5). Wipe what you copy out of it.
            #[allow(dead_code, reason = "as above")]
            $vis fn expose(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }

            /// A deliberate second copy, for two owners.
            #[allow(dead_code, reason = "as above")]
            pub(crate) fn duplicate(&self) -> Self {
                Self(self.0.clone())
            }

            #[allow(dead_code, reason = "as above")]
            pub(crate) fn from_seed(mut seed: Box<[u8; 32]>) -> Self {
                let key = Self(Box::new(SigningKey::from_bytes(&seed)));
                seed.zeroize();
                key
            }
        }

        impl Signer for $name {
            fn public_key(&self) -> SigningPublicKey {
                SigningPublicKey(self.0.verifying_key().to_bytes())
            }

            fn sign(&self, message: &[u8]) -> Signature {
                Signature(self.0.sign(message).to_bytes())
            }
        }

        // `SigningKey` wipes itself (feature `zeroize`).
        impl ZeroizeOnDrop for $name {}

        #[cfg(test)]
        static_assertions::assert_not_impl_any!($name: std::fmt::Debug, std::fmt::Display, Clone, PartialEq);
    };
}

signing_key!(
    /// Signs the entries of one log, and control entries as a member.
    LogSigningKey, pub
);
signing_key!(
    /// From the recovery secret: settles disputes, logs a cold device in, deletes the cloud replica.
    OwnerKey, pub(crate)
);
signing_key!(
    /// The vault's name: signs the genesis, and no other control entry. Its private half lies in the keyring.
    DidKey, pub(crate)
);
signing_key!(
    /// From an epoch's root key: lets whoever opened the vault enrol a device.
    EnrolKey, pub(crate)
);
signing_key!(
    /// From the password, where "address + password" is allowed: proves the password to the server.
    LoginKey, pub
);
