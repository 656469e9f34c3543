//! What differs between the native systems.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(all(unix, not(target_os = "macos")))]
mod session;

#[cfg(target_os = "macos")]
pub(crate) use macos::{URL_OPENER, open_key_store, watch_session};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::{URL_OPENER, open_key_store};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use session::watch_session;
#[cfg(unix)]
pub(crate) use unix::{file_of_descriptor, private_options, sync_folder};
#[cfg(windows)]
pub(crate) use windows::{URL_OPENER, file_of_descriptor, open_key_store, private_options, sync_folder, watch_session};

// Marks what is put on the clipboard as a secret; each system has its own trait with the same method.
#[cfg(target_os = "macos")]
pub(crate) use arboard::SetExtApple as SetSecret;
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use arboard::SetExtLinux as SetSecret;
#[cfg(windows)]
pub(crate) use arboard::SetExtWindows as SetSecret;
