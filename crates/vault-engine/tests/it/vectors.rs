//! The vectors of `tests/vectors/{entry,row,root}/`, whose form `FORMAT.md` describes.

use std::{fs, path::Path};

use vault_crypto::{Entropy, EntropyError, secret::LogSigningKey};
use vault_engine::log::{
    body::EntryBody,
    cbor::BodyError,
    entry::{EntrySeal, open_entry, seal_entry},
    hlc::Hlc,
    members::{LogMember, Membership},
    object::{HistoryRecord, Written},
    op::{Op, Value},
    root::{Root, Term},
    row::{decode_history, decode_row},
};
use vault_model::payload::FieldKey;
use vault_protocol::{Dot, Hash, Head, LogId, ObjectId, Signer, VersionVector, entry::WireEntry};

use crate::world::Keys;

/// A case: outcome, reason, inputs by name, and what the bytes mean, line by line.
pub(crate) struct Case {
    name: String,
    outcome: String,
    lines: Vec<(String, String)>,
}

impl Case {
    fn all(format: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(format);
        let mut paths: Vec<_> = fs::read_dir(folder).expect("a folder of vectors").map(|file| file.expect("a file").path()).collect();
        paths.sort();
        assert!(!paths.is_empty());
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a vector");
        let mut lines = text.lines().map(|line| line.split_once(": ").expect("name: text"));
        let (first, outcome) = lines.next().expect("an outcome");
        let (second, why) = lines.next().expect("a reason");
        assert!(first == "outcome" && second == "why" && !why.is_empty());
        let lines = lines.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Self { name: path.display().to_string(), outcome: outcome.to_owned(), lines }
    }

    fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(found, _)| found == name).map(|(_, text)| text.as_str())
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.texts(name).next().map(unhex)
    }

    fn id<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).expect(name).try_into().expect(name)
    }

    fn check(&self, found: Result<Vec<String>, BodyError>) {
        let outcome = match &found {
            Ok(_) => "opens".to_owned(),
            Err(BodyError::NewerRules { found }) => format!("newer rules {found}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(outcome, self.outcome, "{}", self.name);
        let meaning: Vec<String> = self.texts("is").map(str::to_owned).collect();
        assert_eq!(found.unwrap_or_default(), meaning, "{}", self.name);
    }
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hlc(hlc: Hlc) -> String {
    format!("{}+{}", hlc.ms, hlc.counter)
}

fn dot(dot: &Dot) -> String {
    format!("{}/{}/{}", dot.log, dot.seq, dot.op)
}

fn list(parts: impl Iterator<Item = String>) -> String {
    format!("[{}]", parts.collect::<Vec<_>>().join(" "))
}

fn vector(vector: &VersionVector) -> String {
    list(vector.0.iter().map(|(log, head)| format!("{log}/{}/{}", head.seq, head.hash)))
}

fn key(key: &FieldKey) -> String {
    format!("{}:{}", key.class as u8, hex(&key.element))
}

fn value(value: &Option<Value>) -> String {
    value.as_ref().map_or("absent".to_owned(), |value| format!("={}", hex(value.expose())))
}

fn write(key_of: &FieldKey, name: &Dot, write: &Written) -> String {
    let over = list(write.over.iter().map(dot));
    format!("write {} {} {} {} over {over} {}", key(key_of), dot(name), hlc(write.hlc), write.wall_ms, value(&write.value))
}

/// What an entry body says.
pub(crate) fn meaning_of_body(body: &EntryBody) -> Vec<String> {
    let mut out = vec![
        format!("rules {}", body.rules),
        format!("stamp {}", hlc(body.hlc)),
        format!("wall {}", body.wall_ms),
        format!("control {}", list(body.control.hashes().iter().map(Hash::to_string))),
        format!("seen {}", vector(&body.seen)),
        format!("root {}", hex(&body.root.0)),
    ];
    out.extend(body.ops.iter().map(|op| match op {
        Op::Write(write) => {
            format!("write {} {} over {} {}", write.object, key(&write.key), list(write.over.iter().map(dot)), value(&write.value))
        }
        Op::Purge { object } => format!("purge {object}"),
        Op::Snapshot { descriptor, vector: holds } => format!("snapshot {} {}", hex(descriptor.expose()), vector(holds)),
        Op::Truncate { vector: upto } => format!("truncate {}", vector(upto)),
    }));
    out
}

/// What a row says.
pub(crate) fn meaning_of_row(row: &[u8]) -> Result<Vec<String>, BodyError> {
    let state = decode_row(row)?;
    let writes = state.fields().flat_map(|(key, field)| field.live().map(move |(name, written)| write(key, name, written)));
    let mut out: Vec<String> = writes.collect();
    out.extend(state.purges().map(|(name, purge)| {
        let objections = list(purge.objections.iter().map(LogId::to_string));
        format!("purge {} {} {} objections {objections} answered {}", dot(name), hlc(purge.hlc), purge.wall_ms, purge.answered)
    }));
    Ok(out)
}

/// What a history page says.
pub(crate) fn meaning_of_page(page: &[u8]) -> Result<Vec<String>, BodyError> {
    let line = |record: &HistoryRecord| write(&record.key, &record.dot, &record.write);
    Ok(decode_history(page)?.iter().map(line).collect())
}

/// Every byte that is drawn is this one: so every key of the vault is 32 times this byte.
pub(crate) struct Constant(pub(crate) u8);

impl Entropy for Constant {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        out.fill(self.0);
        Ok(())
    }
}

#[test]
fn entry_bodies_are_as_the_vectors_say() {
    for case in Case::all("entry") {
        let Some(body) = case.bytes("body") else { continue };
        case.check(EntryBody::decode(&body).map(|body| meaning_of_body(&body)));
    }
}

#[test]
fn sealed_entries_are_as_the_vectors_say() {
    let mut n_cases = 0;
    for case in Case::all("entry") {
        let Some(wire) = case.bytes("wire") else { continue };
        n_cases += 1;
        let byte = case.id::<1>("every key byte")[0];
        let keys = Keys::make(&mut Constant(byte));
        assert_eq!((keys.vault.0, keys.epoch.0), (case.id("vault"), case.id("epoch")), "{}", case.name);
        let signer = LogSigningKey::from_slice(&[byte; 32]).expect("a key");
        let body = EntryBody::decode(&case.bytes("sealed body").expect("sealed body")).expect("a body");
        let prev = Head { seq: u64::from_be_bytes(case.id("prev seq")), hash: Hash(case.id("prev hash")) };
        let log = LogId(case.id("log"));
        let seal = EntrySeal { vault: keys.vault, epoch: keys.epoch, key: &keys.entry, signer: &signer };
        let blobs = case.texts("blob").map(|blob| vault_protocol::BlobId::parse_hex(blob).expect("an id")).collect::<Vec<_>>();
        let made = seal_entry(&seal, log, prev, &body, &blobs, &mut Constant(byte)).expect("an entry");
        assert_eq!(hex(made.wire()), hex(&wire), "{}", case.name);

        let members = Membership([(log, LogMember { key: signer.public_key(), closed_at: None })].into());
        let parsed = WireEntry::parse(wire).expect("an entry");
        let opened = open_entry(&keys, &members, keys.vault, parsed).expect("an entry of a member");
        assert_eq!(opened.hash.0, case.id("hash"), "{}", case.name);
        assert_eq!(opened.body, Some(body), "{}", case.name);
    }
    assert!(n_cases > 0);
}

#[test]
fn rows_and_history_pages_are_as_the_vectors_say() {
    for case in Case::all("row") {
        match (case.bytes("row"), case.bytes("page")) {
            (Some(row), None) => case.check(meaning_of_row(&row)),
            (None, Some(page)) => case.check(meaning_of_page(&page)),
            _ => panic!("{} is neither a row nor a page", case.name),
        }
    }
}

#[test]
fn roots_are_as_the_vectors_say() {
    for case in Case::all("root") {
        let terms = Keys::make(&mut Constant(case.id::<1>("every key byte")[0])).terms;
        let mut root = Root::default();
        for object in case.texts("object") {
            let (id, row) = object.split_once(' ').expect("id and row");
            let row = unhex(row);
            assert!(decode_row(&row).is_ok(), "{}", case.name);
            root.add(Term::of_object(&terms, ObjectId::parse_hex(id).expect("an id"), &row));
        }
        case.texts("gone").for_each(|id| root.add(Term::of_retired(&terms, ObjectId::parse_hex(id).expect("an id"))));
        assert_eq!(hex(&root.0), case.outcome, "{}", case.name);
    }
}
