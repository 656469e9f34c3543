//! The vectors of `tests/vectors/item/`, whose form `FORMAT.md` describes.

use std::{fs, path::Path};

use vault_model::{FieldKey, Item, compose, decompose};
use vault_protocol::ObjectId;

/// A case as its file says.
struct Case {
    outcome: String,
    object: ObjectId,
    values: Vec<(FieldKey, Vec<u8>)>,
    meaning: Vec<String>,
}

fn bytes(hex: &str) -> Vec<u8> {
    if hex == "-" {
        return Vec::new();
    }
    assert!(hex.len().is_multiple_of(2), "{hex}");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// A key as its entry encodes it, so that the numbers of the classes are under test too.
fn key(class: &str, element: &str) -> FieldKey {
    let class: u8 = class.parse().unwrap();
    let mut out = minicbor::Encoder::new(Vec::new());
    out.array(2).unwrap().u8(class).unwrap().bytes(&bytes(element)).unwrap();
    minicbor::decode(out.writer()).unwrap()
}

fn read(path: &Path) -> Case {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let outcome = lines.next().unwrap().to_owned();
    assert!(!lines.next().unwrap().is_empty(), "a case says why it is there");
    let mut case = Case { outcome, object: ObjectId::ZERO, values: Vec::new(), meaning: Vec::new() };
    for line in lines.filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap();
        match word {
            "object" => case.object = ObjectId::parse_hex(rest).unwrap(),
            "value" => {
                let parts: Vec<&str> = rest.split(' ').collect();
                case.values.push((key(parts[0], parts[1]), bytes(parts[2])));
            }
            "is" => case.meaning.push(rest.to_owned()),
            other => panic!("unknown line {other}"),
        }
    }
    case
}

/// The lines of an item's meaning.
fn meaning(item: &Item) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).unwrap();
    let mut out =
        vec![format!("kind {}", json(&item.kind)), format!("title {}", json(&item.title)), format!("folder {}", json(&item.folder))];
    out.extend(item.tags.iter().map(|tag| format!("tag {}", json(tag))));
    out.push(format!("favourite {}", item.favourite));
    out.push(format!("archived {}", item.archived));
    out.push(format!("trashed {}", item.trashed));
    out.push(format!("expires {}", json(&item.expires)));
    out.push(format!("created {}", item.created_ms));
    out.extend(item.sections.iter().map(|part| format!("section {} {} {}", part.id.0, json(&part.title), part.position)));
    out.extend(item.fields.iter().map(|field| {
        let section = field.section.as_ref().map_or("-", |section| &section.0);
        let (label, text) = (json(&field.label), json(field.value.expose()));
        format!("field {} {:?} {label} {section} {} {text}", field.id.0, field.field_type, field.position)
    }));
    out.extend(item.attachments.iter().map(|part| {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        format!(
            "attachment {} {} {} {} {} {} {} {} {}",
            hex(&part.id.0),
            part.blob,
            hex(part.blob_key.as_slice()),
            json(&part.name),
            json(&part.media_type),
            part.len_bytes,
            part.n_chunks,
            part.content_hash,
            part.added_ms
        )
    }));
    out.extend(item.links.iter().map(|link| format!("link {link}")));
    out.extend(item.opaque.iter().map(|opaque| {
        let hex: String = opaque.key.element.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("opaque {} {hex}", opaque.key.class as u8)
    }));
    out
}

#[test]
fn every_vector_has_its_outcome() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/item"));
    let mut n_cases = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let case = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match compose(case.object, case.values.iter().map(|(key, bytes)| (key, bytes.as_slice()))) {
            Ok(item) => {
                assert_eq!(case.outcome, "good", "{name}");
                assert_eq!(meaning(&item), case.meaning, "{name}");
                let again: Vec<(FieldKey, Vec<u8>)> = decompose(&item).into_iter().map(|(key, bytes)| (key, bytes.to_vec())).collect();
                assert_eq!(again, case.values, "{name}");
            }
            Err(error) => assert_eq!(case.outcome, format!("refused: {error}"), "{name}"),
        }
        n_cases += 1;
    }
    assert!(n_cases >= 57, "a vector was removed: {n_cases}");
}

#[test]
fn every_kind_has_a_full_an_empty_and_a_refused_vector() {
    for template in vault_model::templates() {
        for case in ["full", "empty", "refused"] {
            let path = format!("{}/../../tests/vectors/item/{}-{case}.txt", env!("CARGO_MANIFEST_DIR"), template.slug);
            assert!(Path::new(&path).exists(), "{path}");
        }
    }
}
