//! Keys from passwords.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use vault_crypto::{kdf::derive_password_key, secret::PasswordKey};
use vault_protocol::{Salt, control::KdfCost};

type Asked = (String, [u8; 32], (u32, u32, u32));

/// What Argon2id gave, by password, salt and cost: it takes a tenth of a second, and tests ask for the same again and again.
static DERIVED: Mutex<BTreeMap<Asked, [u8; 32]>> = Mutex::new(BTreeMap::new());

/// The key that Argon2id gives.
///
/// # Panics
///
/// If it fails: there is memory in a test.
pub fn password_key(password: &str, salt: [u8; 32], cost: KdfCost) -> PasswordKey {
    let asked = (password.to_owned(), salt, (cost.memory_kib, cost.passes, cost.lanes));
    let mut derived = DERIVED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = derived.entry(asked).or_insert_with(|| *derive_password_key(password, Salt(salt), cost).expect("Argon2id runs").expose());
    PasswordKey::from_slice(key).expect("a key has 32 bytes")
}

/// Stands for Argon2id: distinct for every password and salt, and worth nothing.
pub fn cheap_password_key(password: &str, salt: &[u8; 32]) -> PasswordKey {
    let mut hasher = blake3::Hasher::new_keyed(salt);
    hasher.update(password.as_bytes());
    PasswordKey::from_slice(hasher.finalize().as_bytes()).expect("a hash has 32 bytes")
}

/// BLAKE3 of `bytes`: what a device might know a file by.
pub fn blake3(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}
