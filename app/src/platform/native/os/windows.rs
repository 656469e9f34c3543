//! Windows: Credential Manager, and files without Unix modes or folders that can be flushed.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::Arc,
};

use keyring_core::CredentialStore;
use vault_ui::outbox::Leaving;

/// What opens a web address. `start` would parse the address as a command line; this does not.
pub(crate) const URL_OPENER: &[&str] = &["rundll32", "url.dll,FileProtocolHandler"];

/// A new connection to the key store.
pub(crate) fn open_key_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Files for the owner alone: on Windows the profile folder's access list does that.
pub(crate) fn private_options() -> OpenOptions {
    OpenOptions::new()
}

/// NTFS keeps names durable with the file; there is no call for folders.
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Descriptors are a Unix notion.
pub(crate) fn file_of_descriptor(_descriptor: u32) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Nobody tells yet: `session.rs` beside this folder says what is missing.
pub(crate) fn watch_session(_left: impl Fn(Leaving) + Clone + Send + 'static) -> io::Result<()> {
    Ok(())
}
