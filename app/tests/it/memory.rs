//! LD09: after the lock, the memory of the window's process holds no secret that it showed.
#![cfg(target_os = "linux")]

use std::{fs::File, io, os::unix::fs::FileExt as _, process::Command, time::Duration};

use crate::{
    support::{Bench, finish},
    window::{Screen, until, within},
};

/// Each longer than 40 characters and like nothing else.
const MASTER: &str = "master-3e1f9a64-stands-on-one-leg-in-the-rain";
const SECRETS: [(&str, &str, &str, &str); 3] = [
    ("credential", "Portal", "password", "password-7f3d0c52-a-canary-in-the-coal-mine"),
    ("crypto", "Seed", "mnemonic", "legal winner thank year wave sausage worth useful legal winner thank yellow"),
    ("note", "Tale", "body", "note-b81d2c07-the-canary-sings-in-the-shaft-below"),
];

/// Any 16 bytes of a secret in a row give it away.
const PIECE: usize = 16;

/// The memory that a process may write to.
fn memory(pid: u32) -> Vec<(String, Vec<u8>)> {
    let maps = read_privileged(&format!("/proc/{pid}/maps"), None).unwrap();
    let maps = String::from_utf8(maps).unwrap();
    let mut out = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
        // A mapping may be gone by now, and a driver's may not be readable.
        if let Ok(bytes) = read_privileged(&format!("/proc/{pid}/mem"), Some((start, end - start))) {
            out.push((line.to_owned(), bytes));
        }
    }
    let total: usize = out.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(total > 10_000_000, "the memory of process {pid} can't be read ({total} bytes of it)");
    out
}

/// Reads a file, or (start, length) of it. The program forbids all but root to look into its memory, so this may need `sudo`.
fn read_privileged(path: &str, part: Option<(u64, u64)>) -> io::Result<Vec<u8>> {
    let direct = match part {
        None => std::fs::read(path),
        Some((start, len)) => {
            let mut bytes = vec![0; usize::try_from(len).unwrap()];
            File::open(path).and_then(|file| file.read_exact_at(&mut bytes, start)).map(|()| bytes)
        }
    };
    match direct {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
        done => return done,
    }
    let mut dd = Command::new("sudo");
    dd.args(["-n", "dd", "status=none", "bs=1M", "iflag=skip_bytes,count_bytes,fullblock", &format!("if={path}")]);
    if let Some((start, len)) = part {
        dd.args([format!("skip={start}"), format!("count={len}")]);
    }
    let output = dd.output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// The mapping where any piece of `secret` lies as text.
fn find_text<'m>(memory: &'m [(String, Vec<u8>)], secret: &str) -> Option<&'m str> {
    find(memory, secret, |bytes, piece| memchr::memmem::find(bytes, piece).is_some())
}

/// The mapping where any piece of `secret` lies as a list of glyphs.
fn find_glyphs<'m>(memory: &'m [(String, Vec<u8>)], secret: &str) -> Option<&'m str> {
    find(memory, secret, spaced)
}

fn find<'m>(memory: &'m [(String, Vec<u8>)], secret: &str, holds: impl Fn(&[u8], &[u8]) -> bool) -> Option<&'m str> {
    let mut pieces = secret.as_bytes().chunks_exact(PIECE);
    pieces.find_map(|piece| memory.iter().find(|(_, bytes)| holds(bytes, piece))).map(|(name, _)| name.as_str())
}

/// Whether the characters lie there as 32-bit numbers at equal distances, as in a list of glyphs.
fn spaced(bytes: &[u8], piece: &[u8]) -> bool {
    let word = |letter: u8| u32::from(letter).to_le_bytes();
    let is_at = |at: usize, letter: u8| bytes.get(at..at + 4) == Some(&word(letter));
    let first = word(piece[0]);
    let mut starts = memchr::memmem::find_iter(bytes, &first).filter(|start| start % 4 == 0);
    starts.any(|start| (4..=256).step_by(4).any(|step| piece.iter().enumerate().all(|(n, letter)| is_at(start + n * step, *letter))))
}

fn bench_with_secrets() -> Bench {
    let bench = Bench::new();
    bench.json(&["create", "Personal"], &[MASTER]);
    for (kind, title, field, secret) in SECRETS {
        let output = finish(bench.command(&["add", kind, title, "--secret", field]).spawn().unwrap(), &[MASTER, secret]);
        assert!(output.status.success(), "{kind}: {}", crate::support::stderr(&output));
    }
    bench
}

#[test]
fn ld09_after_the_lock_the_windows_memory_holds_no_secret() {
    let bench = bench_with_secrets();
    let screen = Screen::start();
    let window = screen.open(&bench, &[]);
    // Typed before the lock screen is drawn, letters go nowhere; then there is nothing to unlock with.
    until("the vault to open", || {
        window.press(&["ctrl+a"]);
        window.type_text(MASTER);
        window.press(&["Return"]);
        within(Duration::from_secs(20), || window.has_vault_open()).then_some(())
    });
    // Each shown as text, in the list's order.
    for (n, (_, title, _, secret)) in SECRETS.into_iter().enumerate() {
        until(title, || {
            let keys = [&["F2", "Home"][..], &["Down"; SECRETS.len()][..n], &["ctrl+r"]].concat();
            window.press(&keys);
            within(Duration::from_secs(5), || find_text(&memory(window.pid()), secret).is_some()).then_some(())
        });
    }
    window.press(&["ctrl+l"]);
    until("the lock", || (!window.has_vault_open()).then_some(()));
    let memory = memory(window.pid());
    let secrets = SECRETS.iter().map(|(_, _, _, secret)| *secret).chain([MASTER]);
    let left: Vec<_> = secrets.map(|secret| (secret, find_text(&memory, secret), find_glyphs(&memory, secret))).collect();
    assert!(left.iter().all(|(_, text, glyphs)| text.is_none() && glyphs.is_none()), "{left:#?}");
}
