//! `kill -9` while a writer writes: what it has acknowledged is there afterwards.
//!
//! The writer is this test program again, told by an environment variable to be one. It opens the vault with the device's key from a file,
//! and says each write on its standard output only after the engine has. The reader kills it at a moment drawn from a seed.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command as Program, Stdio},
    time::{Duration, Instant},
};

use vault_engine::{Command, command::Mark, effect::KeyName};
use vault_model::realistic::Realistic;
use vault_model::{DraftValue, FieldId};
use vault_protocol::{ObjectId, VaultId};
use vault_testkit::TestDevice;

use crate::story::*;

/// Says that this process is the writer, and in which folder.
const FOLDER: &str = "NT2_KILL_FOLDER";
/// The writer's round: no two sessions may draw the same nonces.
const ROUND: &str = "NT2_KILL_ROUND";
/// Longest opening after a kill, in milliseconds.
const MAX_OPENING_MS: u128 = 1000;

#[test]
fn every_acknowledged_write_survives_a_kill() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return write_for_ever(Path::new(&folder));
    }
    let n_rounds = if std::env::var_os("NT2_LONG").is_some() { 200 } else { 50 };
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let mut journal = Journal::default();
    let mut dice = Realistic::new(1);
    for round in 1..=n_rounds {
        // Some rounds end while the vault is being opened, most within the first dozens of writes.
        let draw = u64::from(u16::from_le_bytes(dice.file(2).try_into().unwrap()));
        let (n_writes, delay_us) = if round % 10 == 0 { (0, draw % 60_000) } else { (1 + draw % 40, draw % 3_000) };
        journal.read(writer(dir.path(), round), n_writes, Duration::from_micros(delay_us));
        verify(dir.path(), round, &journal);
        journal.forget_open();
    }
    assert!(journal.n_writes > u64::from(n_rounds) * 10, "only {} writes were acknowledged", journal.n_writes);
}

/// What the writer has acknowledged: the latest title and password of each item, and what is in the trash or gone.
#[derive(Default)]
struct Journal {
    items: std::collections::BTreeMap<ObjectId, Known>,
    n_writes: u64,
    /// Begun and not acknowledged: may be there or not.
    open: Option<ObjectId>,
}

enum Known {
    There { title: String, password: String, attachment: Option<usize> },
    Trashed,
    Gone,
}

impl Journal {
    /// Reads `n_writes` acknowledgements, waits for `delay`, kills, and takes in what the pipe still holds.
    fn read(&mut self, mut writer: Child, n_writes: u64, delay: Duration) {
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut n_read = 0;
        while n_read < n_writes {
            let line = lines.next().expect("the writer goes on until it is killed").unwrap();
            n_read += u64::from(self.take(&line));
        }
        let start = Instant::now();
        while start.elapsed() < delay {
            std::hint::spin_loop();
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        for line in lines {
            self.take(&line.unwrap());
        }
    }

    /// Whether a write that was not acknowledged is there is not known, and need not be.
    fn forget_open(&mut self) {
        if let Some(item) = self.open.take() {
            self.items.remove(&item);
        }
    }

    /// Takes a line in; whether it acknowledges a write.
    fn take(&mut self, line: &str) -> bool {
        // The test runner prints lines of its own.
        let Some(line) = line.split_once("nt2-kill ").map(|(_, line)| line) else { return false };
        let words: Vec<&str> = line.split('\t').collect();
        let id = |word: &str| ObjectId::parse_hex(word).expect("the writer writes whole ids");
        match words[..] {
            ["begin", item] => {
                self.open = Some(id(item));
                return false;
            }
            ["saved", item, title, password] => {
                let attachment = match self.items.get(&id(item)) {
                    Some(Known::There { attachment, .. }) => *attachment,
                    _ => None,
                };
                self.items.insert(id(item), Known::There { title: title.into(), password: password.into(), attachment });
            }
            ["attached", item, len] => match self.items.get_mut(&id(item)) {
                Some(Known::There { attachment, .. }) => *attachment = Some(len.parse().unwrap()),
                _ => panic!("a file was attached to an item that is not there"),
            },
            ["trashed", item] => drop(self.items.insert(id(item), Known::Trashed)),
            ["gone", item] => drop(self.items.insert(id(item), Known::Gone)),
            // A line that the kill has cut is no acknowledgement.
            _ => return false,
        }
        self.open = None;
        self.n_writes += 1;
        true
    }
}

/// Opens the vault as any start would and compares.
fn verify(folder: &Path, round: u32, journal: &Journal) {
    let (vault, mut device) = device(folder, u64::from(round) * 2 + 1);
    let start = Instant::now();
    let events = unlock(&mut device, vault, "");
    let elapsed = start.elapsed().as_millis();
    assert!(elapsed < MAX_OPENING_MS, "round {round}: opening took {elapsed} ms");
    let status = events.iter().rev().find_map(|event| match event {
        vault_engine::Event::VaultChanged(status) => Some(status),
        _ => None,
    });
    // The root is compared when all rows are in; if it differs, the vault is for reading only.
    assert_eq!(status.expect("the status is told when all rows are in").read_only, None, "round {round}");
    let rows = rows(&events);
    for (item, known) in &journal.items {
        if journal.open == Some(*item) {
            continue;
        }
        let row = rows.iter().find(|row| row.id == *item);
        match known {
            Known::Gone => assert!(row.is_none(), "round {round}: a purged item is back"),
            Known::Trashed => assert!(row.is_some_and(|row| row.trashed), "round {round}: an item is not in the trash"),
            Known::There { title, attachment, .. } => {
                let row = row.unwrap_or_else(|| panic!("round {round}: {title:?} is lost"));
                assert_eq!((&row.title, row.trashed), (title, false), "round {round}");
                assert!(attachment.is_none() || row.n_attachments == 1, "round {round}: the file of {title:?} is lost");
            }
        }
    }
    // Reading every secret in every round would take most of the time: the latest ten, of which some were written in this round.
    let latest: Vec<_> = journal.items.iter().filter(|(item, _)| journal.open != Some(**item)).collect();
    for (item, known) in latest.iter().rev().take(10) {
        if let Known::There { password, attachment, .. } = known {
            assert_eq!(reveal(&mut device, **item, "password"), *password, "round {round}");
            if let Some(len) = attachment {
                let id = open_item(&mut device, **item).attachments[0].id;
                assert!(crate::attachments::extract(&mut device, **item, id) == file(*len), "round {round}: a file differs");
            }
        }
    }
    device.ok(Command::Lock);
}

// ---- the writer

/// Writes until it is killed: new items, edits, attachments, trash, purge.
fn write_for_ever(folder: &Path) {
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let (vault, mut device) = device(folder, round * 2);
    unlock(&mut device, vault, "");
    let mut items: Vec<ObjectId> = Vec::new();
    for n in 0_u64.. {
        let mark = format!("{round}-{n}");
        match n % 8 {
            0 | 1 | 4 => {
                let item = save(&mut device, credential(&mark, "mara", &format!("secret {mark}")));
                say(&format!("saved\t{item}\t{mark}\tsecret {mark}"));
                items.push(item);
            }
            2 | 5 | 6 => {
                let item = items[items.len() - 1];
                let mut draft = redraft(&open_item(&mut device, item));
                draft.title = mark.clone();
                let password = draft.fields.iter_mut().find(|field| field.id == FieldId("password".into())).unwrap();
                password.value = DraftValue::Set(format!("new {mark}").as_str().into());
                say(&format!("begin\t{item}"));
                save(&mut device, draft);
                say(&format!("saved\t{item}\t{mark}\tnew {mark}"));
            }
            3 => {
                let item = items[items.len() - 1];
                let len = ((round * 1000 + n) * 7919 % 200_000) as usize;
                say(&format!("begin\t{item}"));
                crate::attachments::attach(&mut device, item, "file.bin", &file(len));
                say(&format!("attached\t{item}\t{len}"));
            }
            _ => {
                let item = items.remove(0);
                say(&format!("begin\t{item}"));
                device.ok(Command::MarkItems { items: vec![item], mark: Mark::Trashed(true) });
                say(&format!("trashed\t{item}"));
                say(&format!("begin\t{item}"));
                device.ok(Command::PurgeItems { items: vec![item] });
                say(&format!("gone\t{item}"));
            }
        }
    }
}

/// One line to the reader, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("nt2-kill {line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn file(len: usize) -> Vec<u8> {
    Realistic::new(len as u64).file(len)
}

fn writer(folder: &Path, round: u32) -> Child {
    Program::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::every_acknowledged_write_survives_a_kill", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

// ---- the vault

/// A vault with the device factor alone, whose key lies in a file: both processes open it without a password.
fn make(folder: &Path) {
    let mut device = TestDevice::open(folder, 0);
    let vault = create(&mut device, None);
    device.ok(Command::Lock);
    let ((_, name), key) = device.keys.iter().next().expect("a vault has a device key");
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(key_file(folder), format!("{vault}\n{}\n{hex}\n", name.generation)).unwrap();
}

fn device(folder: &Path, seed: u64) -> (VaultId, TestDevice) {
    let text = std::fs::read_to_string(key_file(folder)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let vault = VaultId::parse_hex(lines[0]).unwrap();
    let key = std::array::from_fn(|n| u8::from_str_radix(&lines[2][2 * n..2 * n + 2], 16).unwrap());
    let mut device = TestDevice::open(folder, 1000 + seed);
    device.keys.insert((true, KeyName { vault, generation: lines[1].into() }), key);
    (vault, device)
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("device key")
}
