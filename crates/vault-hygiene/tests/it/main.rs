//! Looks for a freed secret in the process's own memory, as whoever gets at that memory would.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs::File;
use std::hint::black_box;
use std::os::unix::fs::FileExt;

#[global_allocator]
static ALLOCATOR: vault_hygiene::WipingAllocator = vault_hygiene::WipingAllocator;

/// Long enough that the allocator's own notes at the start of a freed block do not hide it.
const SECRET_BYTES: usize = 300;
/// What is looked for: the secret's end.
const TAIL_BYTES: usize = 40;

/// Byte `position` of the secret. It is never written out in one piece except where a test does so.
fn secret_byte(position: usize) -> u8 {
    (position as u8).wrapping_mul(167).wrapping_add(71)
}

/// How many copies of the secret's tail lie in writable memory. The buffer that is searched can repeat a copy, not invent one.
fn n_copies() -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut chunk = vec![0; 1 << 20];
    let mut n_found = 0;
    for line in maps.lines() {
        let mut parts = line.split_whitespace();
        let (range, rights) = (parts.next().unwrap(), parts.next().unwrap());
        if !rights.starts_with("rw") || line.ends_with("[vvar]") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        let mut at = start;
        while at < end {
            let len = (end - at).min(chunk.len() as u64) as usize;
            if memory.read_exact_at(&mut chunk[..len], at).is_ok() {
                n_found += chunk[..len].windows(TAIL_BYTES).filter(|window| is_tail(window)).count();
            }
            // Chunks overlap, so that no copy falls between two.
            at += if len == chunk.len() { (len - TAIL_BYTES) as u64 } else { len as u64 };
        }
    }
    n_found
}

fn is_tail(window: &[u8]) -> bool {
    window.iter().enumerate().all(|(offset, byte)| *byte == secret_byte(SECRET_BYTES - TAIL_BYTES + offset))
}

#[test]
fn ld09_no_freed_block_keeps_a_secret() {
    let mut secret = Vec::new();
    // Grows several times: each time the old block is freed.
    (0..SECRET_BYTES).for_each(|position| secret.push(black_box(secret_byte(position))));
    let copies: Vec<Vec<u8>> = (0..10).map(|_| secret.clone()).collect();
    assert!(n_copies() >= 11, "the search finds what is alive");
    drop(black_box(copies));
    // A block that grows moves; what it leaves is wiped too.
    secret.reserve(1 << 16);
    drop(black_box(secret));
    assert_eq!(n_copies(), 0);
}
