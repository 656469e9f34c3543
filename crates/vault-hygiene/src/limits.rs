//! Ceilings of this process, for children that parse hostile files.

use std::io;

/// Lets this process have at most so many bytes of address space from now on; allocations beyond it fail. It can't be raised again.
/// Does nothing on systems without such a limit.
///
/// # Errors
///
/// What the system says.
pub fn limit_memory(max_bytes: u64) -> io::Result<()> {
    imp::limit_memory(max_bytes)
}

/// Ends this process when it has used so many seconds of processor time. It can't be raised again. Does nothing on systems without such a
/// limit.
///
/// # Errors
///
/// What the system says.
pub fn limit_cpu_secs(max_secs: u64) -> io::Result<()> {
    imp::limit_cpu_secs(max_secs)
}

#[cfg(unix)]
mod imp {
    use std::io;

    pub(super) fn limit_memory(max_bytes: u64) -> io::Result<()> {
        let max = libc::rlim_t::try_from(max_bytes).unwrap_or(libc::rlim_t::MAX);
        let limit = libc::rlimit { rlim_cur: max, rlim_max: max };
        // SAFETY: the pointer is to a live `rlimit`, which is only read (setrlimit(2)).
        let result = unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    pub(super) fn limit_cpu_secs(max_secs: u64) -> io::Result<()> {
        let max = libc::rlim_t::try_from(max_secs).unwrap_or(libc::rlim_t::MAX);
        let limit = libc::rlimit { rlim_cur: max, rlim_max: max };
        // SAFETY: as above.
        let result = unsafe { libc::setrlimit(libc::RLIMIT_CPU, &limit) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;

    pub(super) fn limit_memory(_max_bytes: u64) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn limit_cpu_secs(_max_secs: u64) -> io::Result<()> {
        Ok(())
    }
}
