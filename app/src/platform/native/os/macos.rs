//! macOS Keychain.

use std::{io, sync::Arc};

use keyring_core::CredentialStore;
use vault_ui::outbox::Leaving;

/// What opens a web address.
pub(crate) const URL_OPENER: &[&str] = &["open"];

/// A new connection to the key store.
pub(crate) fn open_key_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// Nobody tells yet: `session.rs` beside this folder says what is missing.
pub(crate) fn watch_session(_left: impl Fn(Leaving) + Clone + Send + 'static) -> io::Result<()> {
    Ok(())
}
