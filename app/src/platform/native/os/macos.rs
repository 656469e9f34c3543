//! macOS Keychain.

use std::sync::Arc;

use keyring_core::CredentialStore;

/// What opens a web address.
pub(crate) const URL_OPENER: &[&str] = &["open"];

/// A new connection to the key store.
pub(crate) fn open_key_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}
