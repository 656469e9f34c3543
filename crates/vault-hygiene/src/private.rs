//! Files of this process are its user's alone.

/// Lets files and folders that this process makes from now on be read by nobody but their owner (umask 077). Does nothing on systems without
/// a file mode.
pub fn make_files_private() {
    imp::make_files_private();
}

#[cfg(unix)]
mod imp {
    pub(super) fn make_files_private() {
        // SAFETY: umask(2) takes any mask, touches no memory and always succeeds.
        unsafe {
            libc::umask(0o077);
        }
    }
}

#[cfg(not(unix))]
mod imp {
    pub(super) fn make_files_private() {}
}
