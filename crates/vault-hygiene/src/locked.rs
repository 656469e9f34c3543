//! Memory that stays out of the swap file.

use std::io;

/// Keeps a piece of memory in RAM until it is dropped; see [`lock_memory`].
#[must_use = "the memory is unlocked when this is dropped"]
pub struct MemoryLock<'m> {
    memory: &'m [u8],
}

/// Asks the system to keep the pages of `memory` in RAM. Does nothing where there is no `mlock`.
///
/// Pages are locked once however often it is asked: where two locks share a page, the first one dropped unlocks it for both. Give a
/// key a page of its own, or hold the locks equally long.
///
/// # Errors
///
/// `OutOfMemory` beyond the limit for locked memory (RLIMIT_MEMLOCK), `PermissionDenied` where it is forbidden. The memory can be
/// used all the same.
pub fn lock_memory(memory: &[u8]) -> io::Result<MemoryLock<'_>> {
    lock(memory)?;
    Ok(MemoryLock { memory })
}

impl Drop for MemoryLock<'_> {
    fn drop(&mut self) {
        unlock(self.memory);
    }
}

#[cfg(unix)]
fn lock(memory: &[u8]) -> io::Result<()> {
    // SAFETY: the range is one live slice; locking changes no byte of it (mlock(2)).
    let result = unsafe { libc::mlock(memory.as_ptr().cast(), memory.len()) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(unix)]
fn unlock(memory: &[u8]) {
    // SAFETY: as in `lock`. It fails only for a range that is not mapped, and this one is.
    unsafe { libc::munlock(memory.as_ptr().cast(), memory.len()) };
}

#[cfg(not(unix))]
fn lock(_memory: &[u8]) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn unlock(_memory: &[u8]) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn locked_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[test]
    fn memory_is_locked_until_the_guard_is_dropped() {
        let memory = vec![1; 16 * 1024];
        let before = locked_kib();
        let guard = lock_memory(&memory).unwrap();
        assert!(locked_kib() >= before + 16);
        drop(guard);
        assert_eq!(locked_kib(), before);
    }
}
