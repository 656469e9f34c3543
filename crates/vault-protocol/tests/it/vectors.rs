//! Golden vectors: every file of `tests/vectors/control/` at the root of the repository.
//!
//! A file has one `name: value` a line. `outcome` is `accepted`, or `refused` and the [`ControlError`]; `why` is for people. `vault` and
//! each `entry` are what is there before, `case` is the entry at stake. An accepted case also gives its `hash` and, of the fold after it:
//! `owner`, each `newest` epoch, each `log` with its status, each `cut` (log, number, hash), and each entry in `conflict`.

use std::{collections::BTreeMap, fs, path::Path};

use vault_protocol::{
    VaultId,
    control::{ControlEntry, ControlError, ControlLog},
};

/// The lines of a file by name.
struct Vector(BTreeMap<String, Vec<String>>);

impl Vector {
    fn parse(text: &str) -> Self {
        let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in text.lines() {
            let (name, value) = line.split_once(": ").unwrap();
            lines.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        Self(lines)
    }

    fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    fn one(&self, name: &str) -> &str {
        let [value] = self.all(name) else { panic!("exactly one {name}") };
        value
    }

    fn bytes(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}

/// What an accepted case says of the fold, in the words of the files.
pub(crate) fn facts(log: &ControlLog) -> Vec<(&'static str, String)> {
    let state = log.state();
    let mut facts = vec![("owner", state.owner_key().to_string())];
    facts.extend(state.newest_epochs().iter().map(|epoch| ("newest", epoch.to_string())));
    facts.extend(state.logs().iter().map(|(log, state)| ("log", format!("{log} {:?}", state.status).to_lowercase())));
    let cuts = state.logs().keys().filter_map(|log| state.cutoff(*log));
    facts.extend(cuts.map(|cut| ("cut", format!("{} {} {}", cut.log, cut.seq, cut.hash))));
    facts.extend(state.conflict().iter().flat_map(|conflict| &conflict.entries).map(|hash| ("conflict", hash.to_string())));
    facts
}

/// The variant of an error, without what it carries.
pub(crate) fn name_of(error: ControlError) -> String {
    format!("{error:?}").split('(').next().unwrap().to_owned()
}

fn run(vector: &Vector) -> Result<(), String> {
    let vault = VaultId::parse_hex(vector.one("vault")).unwrap();
    let before = vector.all("entry").iter().map(|hex| ControlEntry::parse(&Vector::bytes(hex)).unwrap());
    let mut log = None;
    for entry in before {
        match &mut log {
            None => log = Some(ControlLog::new(vault, entry).unwrap()),
            Some(log) => log.append(entry).unwrap(),
        }
    }
    let case = Vector::bytes(vector.one("case"));
    let taken = ControlEntry::parse(&case).and_then(|entry| {
        assert_eq!(entry.encode(), case);
        match log {
            None => ControlLog::new(vault, entry),
            Some(mut log) => log.append(entry).map(|()| log),
        }
    });
    let found = match &taken {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("refused {}", name_of(*error)),
    };
    if found != vector.one("outcome") {
        return Err(found);
    }
    if let Ok(log) = taken {
        let mut expected: Vec<(&str, String)> = Vec::new();
        for name in ["owner", "newest", "log", "cut", "conflict"] {
            expected.extend(vector.all(name).iter().map(|value| (name, value.clone())));
        }
        let hash = ControlEntry::parse(&case).unwrap().hash();
        if hash.to_string() != vector.one("hash") || facts(&log) != expected {
            return Err(format!("{hash} {:?}", facts(&log)));
        }
    }
    Ok(())
}

#[test]
fn every_vector_has_its_outcome() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/control");
    let mut n_accepted = 0;
    let mut n_refused = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let vector = Vector::parse(&text);
        assert!(text.starts_with("outcome: ") && !vector.one("why").is_empty(), "{}", path.display());
        if let Err(found) = run(&vector) {
            panic!("{}: {found}", path.display());
        }
        if vector.one("outcome") == "accepted" {
            n_accepted += 1;
        } else {
            n_refused += 1;
        }
    }
    assert!(n_accepted >= 15 && n_refused >= 20, "{n_accepted} accepted, {n_refused} refused");
}
