//! Every secret is its own type: boxed, so that moving it leaves no copy behind, wiped on drop, and neither printed, copied nor compared.
//!
//! Secrets that must leave the crate (to a key store, into a sealed body, across a worker) do so by one greppable `expose`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use vault_protocol::{EpochId, Hash, KemPublicKey, Kind, ObjectId, VaultId};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::entropy::{Entropy, EntropyError};
use crate::hazmat::{dh, expand::Prk};

pub use signing::{DidKey, EnrolKey, LogSigningKey, LoginKey, OwnerKey};

mod signing;

/// Declares a 32-byte secret. `expose` and `from_slice` have the visibility given.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $vis:vis) => {
        $(#[$doc])*
        pub struct $name(Box<[u8; 32]>);

        impl $name {
            /// Draws a fresh one.
            ///
            /// # Errors
            ///
            /// [`EntropyError`] if the generator failed.
            #[allow(dead_code, reason = "one macro for all secrets; not each is drawn, exposed and read back")]
            pub fn make(entropy: &mut dyn Entropy) -> Result<Self, EntropyError> {
                let mut secret = Self(Box::new([0; 32]));
                entropy.fill(secret.0.as_mut_slice())?;
                Ok(secret)
            }

            /// Takes exactly 32 bytes; the caller wipes its own copy.
            #[allow(dead_code, reason = "as above")]
            $vis fn from_slice(bytes: &[u8]) -> Option<Self> {
                let mut secret = Self(Box::new([0; 32]));
                if bytes.len() != 32 {
                    return None;
                }
                secret.0.copy_from_slice(bytes);
                Some(secret)
            }

            /// A deliberate second copy, for two owners.
            #[allow(dead_code, reason = "as above")]
            pub(crate) fn duplicate(&self) -> Self {
                Self(self.0.clone())
            }

            /// The bytes themselves. Wipe what you copy out of them.
            #[allow(dead_code, reason = "as above")]
            $vis fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }

        impl ZeroizeOnDrop for $name {}

        #[cfg(test)]
        static_assertions::assert_not_impl_any!($name: std::fmt::Debug, std::fmt::Display, Clone, PartialEq, AsRef<[u8]>);
    };
}

secret!(
    /// VRK: the root key of one epoch. Made once, found only in slots, never derived from a password.
    RootKey, pub(crate)
);
secret!(
    /// P: what Argon2id makes of a password. Leaves the crate only because the derivation runs on another thread or worker.
    PasswordKey, pub
);
secret!(
    /// D: the X25519 private half of a device, which lies in its key store.
    DeviceSecret, pub
);
secret!(
    /// R: the only secret of a recovery kit (24 words). It holds an X25519 key for slots and the owner key.
    RecoverySecret, pub
);
secret!(
    /// K_root: keys the state root. Made at genesis and never changed.
    StateKey, pub(crate)
);
secret!(
    /// The key of one attachment body; lies in the sealed descriptor.
    BlobKey, pub
);
secret!(
    /// BK: the key of one backup file.
    BackupKey, pub(crate)
);

/// Seals every message of one kind in one epoch of one vault. Derived from the root key; worth keeping, because its set-up is done once.
pub struct KindKey(pub(crate) Prk);

impl RootKey {
    /// K(kind) = HKDF-Expand(VRK, "nt2 " ‖ kind name ‖ vault ‖ epoch, 32).
    pub fn kind_key(&self, kind: Kind, vault: VaultId, epoch: EpochId) -> KindKey {
        let mut key = Prk::from_key(self.expose()).expand_key(&[b"nt2 ", kind.name().as_bytes(), &vault.0, &epoch.0]);
        let prk = Prk::from_key(&key);
        key.zeroize();
        KindKey(prk)
    }

    /// The epoch's enrol key: HKDF-Expand(VRK, "nt2 enrol key" ‖ vault ‖ epoch, 32) as an Ed25519 seed.
    pub fn enrol_key(&self, vault: VaultId, epoch: EpochId) -> EnrolKey {
        EnrolKey::from_seed(Prk::from_key(self.expose()).expand_key(&[b"nt2 enrol key", &vault.0, &epoch.0]))
    }
}

impl DeviceSecret {
    /// D.pub.
    pub fn public(&self) -> KemPublicKey {
        KemPublicKey(dh::public_of(self.expose()))
    }
}

impl RecoverySecret {
    /// The kit's X25519 private half: HKDF(R, no salt, "kem", 32).
    pub(crate) fn kem(&self) -> DeviceSecret {
        DeviceSecret(Prk::extract(&[], self.expose()).expand_key(&[b"kem"]))
    }

    /// R.pub.
    pub fn public(&self) -> KemPublicKey {
        self.kem().public()
    }

    /// The owner key: HKDF(R, no salt, "owner", 32) as an Ed25519 seed. Settles disputes and logs a cold device in.
    pub fn owner_key(&self) -> OwnerKey {
        OwnerKey::from_seed(Prk::extract(&[], self.expose()).expand_key(&[b"owner"]))
    }
}

impl StateKey {
    /// The HMAC state for many terms of the state root.
    pub fn terms(&self) -> StateTerms {
        StateTerms(Box::new(Hmac::new_from_slice(self.expose()).expect("HMAC takes keys of any length")))
    }
}

/// Computes the terms whose sum modulo 2^256 (little endian) is the state root.
pub struct StateTerms(Box<Hmac<Sha256>>);

impl StateTerms {
    /// HMAC-SHA-256(K_root, object id ‖ SHA-256(canonical row body)).
    pub fn object(&self, object: ObjectId, row: Hash) -> [u8; 32] {
        (*self.0).clone().chain_update(object.0).chain_update(row.0).finalize().into_bytes().into()
    }

    /// HMAC-SHA-256(K_root, object id ‖ "gone"): what a retired id adds instead.
    pub fn gone(&self, object: ObjectId) -> [u8; 32] {
        (*self.0).clone().chain_update(object.0).chain_update(b"gone").finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static_assertions::assert_not_impl_any!(KindKey: std::fmt::Debug, std::fmt::Display, Clone, PartialEq);
    static_assertions::assert_not_impl_any!(StateTerms: std::fmt::Debug, std::fmt::Display, Clone, PartialEq);
    static_assertions::assert_not_impl_any!(crate::vault::Opened: std::fmt::Debug, Clone, PartialEq);
    static_assertions::assert_not_impl_any!(crate::keyring::Keyring: std::fmt::Debug, Clone, PartialEq);
    static_assertions::assert_not_impl_any!(crate::compose::GenesisMade: std::fmt::Debug, Clone, PartialEq);
    static_assertions::assert_not_impl_any!(crate::blob::BlobDescriptor: std::fmt::Debug, Clone, PartialEq);

    #[test]
    fn no_kind_is_named_like_another_use_of_a_root_key() {
        assert!(Kind::ALL.iter().all(|kind| kind.name() != "enrol key"));
    }

    #[test]
    fn ms18_null_short_and_long_keys_are_refused() {
        for len in [0, 31, 33, 64] {
            assert!(RootKey::from_slice(&vec![1; len]).is_none(), "{len}");
            assert!(LogSigningKey::from_slice(&vec![1; len]).is_none(), "{len}");
        }
    }

    #[test]
    fn terms_of_the_root_differ_by_object_row_and_fate() {
        let terms = StateKey::from_slice(&[1; 32]).unwrap().terms();
        let (a, b) = (ObjectId([1; 16]), ObjectId([2; 16]));
        let all =
            [terms.object(a, Hash([0; 32])), terms.object(b, Hash([0; 32])), terms.object(a, Hash([1; 32])), terms.gone(a), terms.gone(b)];
        assert!(all.iter().enumerate().all(|(at, term)| !all[..at].contains(term)));
    }
}
