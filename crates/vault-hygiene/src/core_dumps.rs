//! No image of the program's memory on disk after a crash.

use std::io;

/// Tells the system to write no core dump of this process and, on Linux, to let no other process of the user read its memory.
/// Does nothing on systems that write none by themselves.
///
/// # Errors
///
/// What the system says; the other measure is taken all the same.
pub fn disable_core_dumps() -> io::Result<()> {
    let dumpable = forbid_dumps();
    limit_dumps()?;
    dumpable
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn forbid_dumps() -> io::Result<()> {
    // SAFETY: PR_SET_DUMPABLE takes a number and touches no memory of ours (prctl(2)); the unused arguments are zero.
    let result =
        unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0 as libc::c_ulong, 0 as libc::c_ulong, 0 as libc::c_ulong, 0 as libc::c_ulong) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn forbid_dumps() -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn limit_dumps() -> io::Result<()> {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live `rlimit`, which is only read (setrlimit(2)).
    let result = unsafe { libc::setrlimit(libc::RLIMIT_CORE, &none) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(not(unix))]
fn limit_dumps() -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn ld10_no_core_dump_is_written() {
        disable_core_dumps().unwrap();
        // SAFETY: PR_GET_DUMPABLE returns a number and touches no memory of ours.
        let dumpable = unsafe { libc::prctl(libc::PR_GET_DUMPABLE) };
        assert_eq!(dumpable, 0);
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"]);
    }
}
