//! The golden vectors of `tests/vectors/`, written by an independent program from FORMAT.md. Every file of a folder is run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use vault_protocol::control::{ControlEntry, ControlLog, KdfCost};
use vault_protocol::{
    BlobId, EpochId, Hash, Head, Kind, LogId, ObjectId, Salt, SealedHeader, Signer, SigningPublicKey, VaultId, VersionVector,
};

use crate::backup::{BackupError, BackupFacts, BackupFile, BackupPassphrase, BackupWriter, NewBackup};
use crate::blob::{BlobDescriptor, BlobError, BlobOpener, BlobSealer};
use crate::compose::{GenesisMade, NewVault, make_genesis};
use crate::entropy::{Entropy, EntropyError};
use crate::kit::{KitError, KitFile, KitPin};
use crate::message;
use crate::secret::{BlobKey, DeviceSecret, KindKey, PasswordKey, RecoverySecret, RootKey};
use crate::slot::{self, FactorHalves, Factors, SlotPlace};

/// One file: `name: value` lines.
struct Case {
    name: String,
    lines: BTreeMap<String, String>,
}

impl Case {
    /// Every case of a folder.
    fn all(folder: &str) -> Vec<Self> {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors")).join(folder);
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                let lines = text.lines().map(|line| line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, ""))).unwrap());
                let lines = lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
                Self { name: path.file_stem().unwrap().to_string_lossy().into_owned(), lines }
            })
            .collect()
    }

    fn text(&self, name: &str) -> &str {
        self.lines.get(name).unwrap_or_else(|| panic!("{} has no line {name}", self.name))
    }

    fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        let digits = self.text(name).as_bytes();
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap()
    }

    /// Compares what happened with the first line, and replays a seal where the case says with which randomness.
    fn check(&self, opened: bool, reseal: impl FnOnce(&mut Replay) -> Vec<u8>, stored: &[u8]) {
        let expected = match self.text("outcome") {
            "opens" => true,
            "refused" => false,
            other => panic!("{}: {other}", self.name),
        };
        assert_eq!(opened, expected, "{}: {}", self.name, self.text("why"));
        if expected {
            let mut entropy = Replay(self.bytes("entropy"));
            assert!(reseal(&mut entropy) == stored, "{}: sealing again gives other bytes", self.name);
            assert!(entropy.0.is_empty(), "{}: all randomness is used", self.name);
        }
    }
}

/// Recorded randomness.
struct Replay(Vec<u8>);

impl Entropy for Replay {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        if self.0.len() < out.len() {
            return Err(EntropyError);
        }
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

fn kind_of(case: &Case) -> Kind {
    Kind::from_number(case.number("kind") as u8).unwrap()
}

#[test]
fn messages_are_those_of_the_vectors() {
    let mut n_run = 0;
    for case in Case::all("message") {
        let root = RootKey::from_slice(&case.bytes("root")).unwrap();
        let (vault, epoch) = (VaultId(case.array("vault")), EpochId(case.array("epoch")));
        if case.text("outcome") == "derives" {
            assert_eq!(root.enrol_key(vault, epoch).public_key().0, case.array("enrol_public"), "{}", case.name);
            continue;
        }
        let kind = kind_of(&case);
        let header = SealedHeader {
            object: ObjectId(case.array("object")),
            log: LogId(case.array("log")),
            seq: case.number("seq"),
            ..SealedHeader::new(kind, vault, epoch)
        };
        let key: KindKey = root.kind_key(kind, vault, epoch);
        let (body, stored) = (case.bytes("body"), case.bytes("message"));
        let opened = message::open(&key, &header, &stored);
        let fits = opened.as_ref().is_ok_and(|opened| **opened == body);
        assert_eq!(fits, opened.is_ok(), "{}: another body", case.name);
        case.check(fits, |entropy| message::seal(&key, &header, &body, entropy).unwrap(), &stored);
        n_run += 1;
    }
    assert!(n_run >= 30, "{n_run} cases");
}

#[test]
fn slots_are_those_of_the_vectors() {
    let cases = Case::all("slot");
    assert!(cases.len() >= 20, "{} cases", cases.len());
    for case in cases {
        let place = SlotPlace {
            kind: kind_of(&case),
            vault: VaultId(case.array("vault")),
            epoch: EpochId(case.array("epoch")),
            salt: Salt(case.array("salt")),
            cost: KdfCost {
                memory_kib: case.number("memory_kib") as u32,
                passes: case.number("passes") as u32,
                lanes: case.number("lanes") as u32,
            },
        };
        let password = PasswordKey::from_slice(&case.bytes("password")).unwrap();
        let device = DeviceSecret::from_slice(&case.bytes("device")).unwrap();
        let kit = RecoverySecret::from_slice(&case.bytes("kit")).unwrap();
        let (payload, stored) = (case.array::<32>("payload"), case.bytes("message"));
        let factors = Factors { password: Some(&password), device: Some(&device), kit: Some(&kit) };
        let opened = slot::open(&place, factors, &stored);
        let fits = opened.as_ref().is_ok_and(|opened| **opened == payload);
        assert_eq!(fits, opened.is_ok(), "{}: another payload", case.name);
        let reseal = |entropy: &mut Replay| {
            let set = place.kind.factors().unwrap();
            let halves = FactorHalves {
                password: set.password.then_some(&password),
                device: set.device.then(|| device.public()),
                kit: set.kit.then(|| kit.public()),
            };
            slot::seal(&place, halves, &payload, entropy).unwrap().message
        };
        case.check(fits, reseal, &stored);
    }
}

#[test]
fn blobs_are_those_of_the_vectors() {
    let cases = Case::all("blob");
    assert!(cases.len() >= 15, "{} cases", cases.len());
    for case in cases {
        let vault = VaultId(case.array("vault"));
        let descriptor = BlobDescriptor {
            blob: BlobId(case.array("blob")),
            key: BlobKey::from_slice(&case.bytes("key")).unwrap(),
            len_bytes: case.number("length"),
            n_chunks: case.number("chunks") as u32,
            blake3: case.array("blake3"),
        };
        let plaintext: Vec<u8> = (0..descriptor.len_bytes).map(|at| at as u8).collect();
        let sealed = |entropy: &mut Replay| {
            let mut out = Vec::new();
            let mut sealer = BlobSealer::start(vault, descriptor.len_bytes, entropy, &mut out).unwrap();
            sealer.push(&plaintext, &mut out).unwrap();
            sealer.finish(&mut out).unwrap();
            out
        };
        let stored = match case.lines.contains_key("stored") {
            true => case.bytes("stored"),
            false => {
                let stored = sealed(&mut Replay(case.bytes("entropy")));
                assert_eq!(blake3::hash(&stored).as_bytes(), &case.array("stored_blake3"), "{}", case.name);
                stored
            }
        };
        let opened = (|| {
            let mut out = Vec::new();
            BlobOpener::new(vault, &descriptor, stored.as_slice())?.into_reader().copy_to(&mut out)?;
            Ok::<_, BlobError>(out == plaintext)
        })();
        assert!(!matches!(opened, Ok(false)), "{}: another plaintext", case.name);
        case.check(opened.is_ok(), sealed, &stored);
    }
}

#[test]
fn kits_are_those_of_the_vectors() {
    let cases = Case::all("kit");
    assert!(cases.len() >= 14, "{} cases", cases.len());
    for case in cases {
        let kit = RecoverySecret::from_slice(&case.bytes("kit")).unwrap();
        if case.text("outcome") == "derives" {
            assert_eq!(kit.public().0, case.array("kem_public"), "{}", case.name);
            assert_eq!(kit.owner_key().public_key().0, case.array("owner_public"), "{}", case.name);
            continue;
        }
        let passphrase = PasswordKey::from_slice(&case.bytes("passphrase")).unwrap();
        let pin = KitPin {
            did: SigningPublicKey(case.array("did")),
            heads: case.bytes("heads").chunks(32).map(|head| Hash::from_slice(head).unwrap()).collect(),
            salt: Salt(case.array("pin_salt")),
            cost: KdfCost::FLOOR,
        };
        let stored = case.bytes("file");
        let opened = KitFile::parse(&stored).and_then(|file| file.open(&passphrase));
        let fits = opened.as_ref().is_ok_and(|(opened, read)| opened.expose() == kit.expose() && *read == pin);
        assert_eq!(fits, opened.is_ok(), "{}: another kit", case.name);
        let salt = Salt(case.array("salt"));
        case.check(fits, |entropy| KitFile::make(&kit, &pin, &passphrase, salt, KdfCost::FLOOR, entropy).unwrap(), &stored);
    }
    assert!(matches!(KitFile::parse(b""), Err(KitError::NotAKit)));
}

/// The vault of the backups, and the record of its members as the file holds it.
fn vault_of(case: &Case) -> (GenesisMade, ControlLog) {
    let new = NewVault { password: None, salt: Salt([7; 32]), cost: KdfCost::FLOOR, rules: 1 };
    let made = make_genesis(&new, &mut Replay(case.bytes("genesis_entropy"))).unwrap();
    assert_eq!(made.entry.encode(), case.bytes("control"), "{}", case.name);
    let entry = ControlEntry::parse(&case.bytes("control")).unwrap();
    let control = ControlLog::new(made.opened.vault(), entry).unwrap();
    (made, control)
}

/// Bodies count up from zero.
fn body(len: usize) -> Vec<u8> {
    (0..len).map(|at| at as u8).collect()
}

/// `log seq hash …`.
fn vector(text: &str) -> VersionVector {
    let words: Vec<&str> = text.split_whitespace().collect();
    let head = |words: &[&str]| {
        let head = Head { seq: words[1].parse().unwrap(), hash: Hash::parse_hex(words[2]).unwrap() };
        (LogId::parse_hex(words[0]).unwrap(), head)
    };
    VersionVector(words.chunks(3).map(head).collect())
}

#[test]
fn backups_are_those_of_the_vectors() {
    let cases = Case::all("backup");
    assert!(cases.len() >= 29, "{} cases", cases.len());
    for case in cases {
        let (made, control) = vault_of(&case);
        let numbers: Vec<usize> = case.text("records").split_whitespace().map(|number| number.parse().unwrap()).collect();
        let records: Vec<(u8, Vec<u8>)> = numbers.chunks(2).map(|record| (record[0] as u8, body(record[1]))).collect();
        let facts = BackupFacts { vector: vector(case.text("vector")), root: case.array("root"), rules: case.number("rules") as u32 };
        let base = case.lines.get("base").map(|text| vector(text));
        let passphrase = case.lines.contains_key("passphrase").then(|| PasswordKey::from_slice(&case.bytes("passphrase")).unwrap());
        let written = |entropy: &mut Replay| {
            let passphrase =
                passphrase.as_ref().map(|key| BackupPassphrase { key, salt: Salt(case.array("passphrase_salt")), cost: KdfCost::FLOOR });
            let new = NewBackup { control: &control, opened: &made.opened, log: made.log, base: base.as_ref(), passphrase };
            let mut out = Vec::new();
            let mut writer = BackupWriter::start(&new, entropy, &mut out).unwrap();
            records.iter().for_each(|(kind, body)| writer.record(*kind, body, &mut out).unwrap());
            writer.finish(facts.clone(), &made.log_key, &mut out).unwrap();
            out
        };
        let stored = match case.lines.contains_key("file") {
            true => case.bytes("file"),
            false => {
                let stored = written(&mut Replay(case.bytes("entropy")));
                assert_eq!(blake3::hash(&stored).as_bytes(), &case.array("file_blake3"), "{}", case.name);
                stored
            }
        };
        let opened = (|| {
            let file = BackupFile::read(&mut stored.as_slice())?;
            let key = file.unseal(&made.opened)?;
            let mut fits = *key.expose() == case.array::<32>("backup_key") && file.log() == LogId(case.array("log"));
            // Every key that the file gives away opens it.
            let of_passphrase = passphrase.as_ref().map(|passphrase| file.unseal_with_passphrase(passphrase)).transpose()?;
            for key in [Some(key), of_passphrase].into_iter().flatten() {
                let mut reader = file.reader(&key, stored.as_slice())?;
                fits &= reader.base() == base.as_ref();
                let mut found = Vec::new();
                let mut body = zeroize::Zeroizing::default();
                while let Some(kind) = reader.next_record(&mut body)? {
                    found.push((kind, body.to_vec()));
                }
                fits &= found == records && reader.facts() == Some(&facts);
            }
            Ok::<_, BackupError>(fits)
        })();
        assert!(!matches!(opened, Ok(false)), "{}: another backup", case.name);
        case.check(opened.is_ok(), written, &stored);
    }
}
