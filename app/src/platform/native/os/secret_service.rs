//! The freedesktop Secret Service, over D-Bus in pure Rust.

use std::sync::Arc;

use keyring_core::CredentialStore;

/// What opens a web address.
pub(crate) const URL_OPENER: &[&str] = &["xdg-open"];

/// A new connection to the key store.
pub(crate) fn open_key_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}
