//! Drafts come to the least writes, and those writes to what the draft says.

use std::collections::{BTreeMap, BTreeSet};

use vault_model::{
    Change, DraftField, DraftValue, FieldClass, FieldId, FieldKey, FieldType, Item, ItemDraft, ItemView, SecretText, Section, SectionId,
    Seen, ShownValue, Surroundings, changes,
    check::{Day, Warning},
    compose, decompose, overview, payload, template,
};
use vault_protocol::{Dot, LogId, ObjectId};

const NOW_MS: u64 = 1_795_219_200_000;
const ID: ObjectId = ObjectId([7; 16]);

fn secret(text: &str) -> DraftValue {
    DraftValue::Set(SecretText::from(text))
}

fn put(draft: &mut ItemDraft, id: &str, text: &str) {
    draft.fields.iter_mut().find(|field| field.id.0 == id).unwrap().value = secret(text);
}

/// A login with a user name, a password, a tag and a folder.
fn login() -> ItemDraft {
    let mut draft = ItemDraft::new(template("credential").unwrap());
    draft.title = "GitHub".to_owned();
    draft.folder = " Work / Code/ ".to_owned();
    draft.tags = BTreeSet::from([" Mu\u{308}ller ".to_owned(), "  ".to_owned()]);
    put(&mut draft, "username", "mara.lind");
    put(&mut draft, "password", "hunter2");
    put(&mut draft, "url", "https://www.github.com/login");
    draft
}

/// The item after the writes.
fn applied(base: Option<&Item>, writes: Vec<Change>) -> Item {
    let mut values: BTreeMap<FieldKey, Vec<u8>> =
        base.map(decompose).unwrap_or_default().into_iter().map(|(key, bytes)| (key, bytes.to_vec())).collect();
    for Change { key, value } in writes {
        match value {
            Some(bytes) => values.insert(key, bytes.to_vec()),
            None => values.remove(&key),
        };
    }
    compose(ID, values.iter().map(|(key, bytes)| (key, bytes.as_slice()))).unwrap()
}

fn made(draft: &ItemDraft) -> Item {
    applied(None, changes(None, draft, NOW_MS).unwrap())
}

fn view(item: &Item, seen: Seen) -> ItemView {
    let around = Surroundings {
        changed_ms: 1,
        changed_by: String::new(),
        seen,
        is_local: &|_| true,
        is_remote: &|_| false,
        today: Day::of_unix_ms(NOW_MS),
    };
    ItemView::new(item, around)
}

fn keys(writes: &[Change]) -> Vec<FieldClass> {
    writes.iter().map(|write| write.key.class).collect()
}

#[test]
fn a_new_item_has_what_was_typed_and_no_empty_fields() {
    let item = made(&login());
    assert_eq!((item.kind.as_str(), item.title.as_str(), item.folder.as_str()), ("credential", "GitHub", "Work/Code"));
    assert_eq!(item.tags, BTreeSet::from(["Müller".to_owned()]));
    assert_eq!(item.created_ms, NOW_MS);
    let ids: Vec<&str> = item.fields.iter().map(|field| field.id.0.as_str()).collect();
    assert_eq!(ids, ["username", "password", "url"]);
}

#[test]
fn a_draft_without_change_comes_to_no_write() {
    let item = made(&login());
    let draft = ItemDraft::of(&view(&item, Seen::default()), template("credential"));
    assert!(draft.fields.len() > item.fields.len());
    assert_eq!(changes(Some(&item), &draft, NOW_MS).unwrap().len(), 0);
}

#[test]
fn one_change_is_one_write_and_keeps_the_item_alive() {
    let item = made(&login());
    let mut draft = ItemDraft::of(&view(&item, Seen::default()), template("credential"));
    put(&mut draft, "password", "correct horse");
    let writes = changes(Some(&item), &draft, NOW_MS).unwrap();
    assert_eq!(keys(&writes), [FieldClass::Alive, FieldClass::Field]);
    let after = applied(Some(&item), writes);
    assert_eq!(after.field(&FieldId("password".to_owned())).unwrap().value.expose(), "correct horse");
    assert_eq!(after.field(&FieldId("username".to_owned())).unwrap().value.expose(), "mara.lind");
}

#[test]
fn a_kept_secret_moves_with_its_label_without_having_been_seen() {
    let mut draft = login();
    let own = FieldId("x-0123456789abcdef0123456789abcdef".to_owned());
    draft.fields.push(DraftField {
        id: own.clone(),
        label: "Spare".to_owned(),
        field_type: FieldType::Secret,
        section: None,
        position: 900,
        value: secret("s3cret"),
    });
    let item = made(&draft);
    let mut draft = ItemDraft::of(&view(&item, Seen::default()), None);
    let field = draft.fields.iter_mut().find(|field| field.id == own).unwrap();
    (field.label, field.position) = ("Second".to_owned(), 50);
    let after = applied(Some(&item), changes(Some(&item), &draft, NOW_MS).unwrap());
    assert_eq!((after.fields[0].label.as_str(), after.fields[0].value.expose()), ("Second", "s3cret"));
}

#[test]
fn what_is_taken_out_of_the_draft_is_removed() {
    let mut draft = login();
    let section = Section { id: SectionId("x-fedcba9876543210fedcba9876543210".to_owned()), title: "More".to_owned(), position: 1 };
    draft.sections.push(section);
    draft.links.push(ObjectId([1; 16]));
    let item = made(&draft);
    let mut draft = ItemDraft::of(&view(&item, Seen::default()), None);
    draft.fields.retain(|field| field.id.0 != "url");
    put(&mut draft, "username", "");
    (draft.sections, draft.links, draft.tags) = (Vec::new(), Vec::new(), BTreeSet::new());
    let writes = changes(Some(&item), &draft, NOW_MS).unwrap();
    assert!(writes.iter().all(|write| write.value.is_none() || write.key.class == FieldClass::Alive));
    let after = applied(Some(&item), writes);
    assert_eq!((after.fields.len(), after.sections.len(), after.links.len(), after.tags.len()), (1, 0, 0, 0));
}

#[test]
fn choosing_the_shown_value_settles_a_conflict() {
    let item = made(&login());
    let key = payload::field_key(&FieldId("password".to_owned()));
    let dot = |seq| Dot { log: LogId([1; 16]), seq, op: 0 };
    let view = view(&item, Seen(vec![(key.clone(), vec![dot(1), dot(2)])]));
    assert_eq!(view.conflicts, std::slice::from_ref(&key));
    assert_eq!(view.fields.iter().map(|field| field.n_conflicting).collect::<Vec<_>>(), [0, 1, 0]);
    let mut draft = ItemDraft::of(&view, None);
    assert_eq!(changes(Some(&item), &draft, NOW_MS).unwrap().len(), 0, "an untouched conflict stays");
    put(&mut draft, "password", "hunter2");
    let writes = changes(Some(&item), &draft, NOW_MS).unwrap();
    assert!(writes.iter().any(|write| write.key == key && write.value.is_some()));
}

#[test]
fn what_could_not_be_read_back_is_never_written() {
    let mut draft = login();
    draft.title = "x".repeat(5000);
    assert!(changes(None, &draft, NOW_MS).is_err());
    let mut draft = login();
    draft.kind = "No kind".to_owned();
    assert!(changes(None, &draft, NOW_MS).is_err());
    let mut draft = login();
    put(&mut draft, "notes", &"x".repeat(600_000));
    assert!(changes(None, &draft, NOW_MS).is_err());
}

#[test]
fn a_view_withholds_every_secret() {
    let mut draft = login();
    let kinds = [FieldType::CardNumber, FieldType::Mnemonic, FieldType::Totp, FieldType::RecoveryCodes, FieldType::SecretMultiline];
    for (field_type, at) in kinds.into_iter().zip(10..) {
        draft.fields.push(DraftField {
            id: FieldId(format!("x-{at:032x}")),
            label: "Own".to_owned(),
            field_type,
            section: None,
            position: at,
            value: secret("4111 1111 1111 1112"),
        });
    }
    let item = made(&draft);
    let view = view(&item, Seen::default());
    let printed = format!("{view:?}{}", serde_json::to_string(&view).unwrap()) + &format!("{:?}", overview(&item));
    assert!(!printed.contains("hunter2") && !printed.contains("4111"));
    let card = view.fields.iter().find(|field| field.field_type == FieldType::CardNumber).unwrap();
    assert_eq!(card.value, ShownValue::Hidden { is_empty: false, hint: "•••• 1112".to_owned() });
    assert_eq!(card.warnings, [Warning::CardChecksum]);
    assert_eq!(view.main_secret().unwrap().id.0, "password");
    assert_eq!(view.username().unwrap().id.0, "username");
    assert_eq!(view.url().unwrap().id.0, "url");
}

#[test]
fn a_draft_crosses_to_a_worker_and_back() {
    let draft = login();
    let wire = serde_json::to_vec(&draft).unwrap();
    let again: ItemDraft = serde_json::from_slice(&wire).unwrap();
    assert_eq!(decompose(&made(&again)), decompose(&made(&draft)));
}

#[test]
fn a_row_has_the_most_useful_value_of_its_kind() {
    let check = |kind: &str, id: &str, text: &str, expected: &str| {
        let mut draft = ItemDraft::new(template(kind).unwrap());
        put(&mut draft, id, text);
        assert_eq!(overview(&made(&draft)).subtitle, expected, "{kind}");
        assert_eq!(vault_model::view::into_overview(made(&draft)), overview(&made(&draft)), "{kind}");
    };
    check("credential", "username", "mara.lind", "mara.lind");
    check("credential", "password", "hunter2", "");
    check("bank", "iban", "DE89 3704 0044 0532 0130 00", "DE89 … 3000");
    check("card", "card-number", "4111 1111 1111 1111", "•••• 1111");
    check("crypto", "mnemonic", "legal winner thank year", "");
    check("note", "body", "\n  First line\nSecond", "First line");
    check("identity", "full-name", "Mara Lind", "Mara Lind");
    check("bank", "institution", "DKB", "DKB");
}

#[test]
fn a_row_knows_host_codes_dates_and_names() {
    let mut draft = login();
    put(&mut draft, "totp", "JBSWY3DPEHPK3PXP");
    let row = overview(&made(&draft));
    assert_eq!((row.host.as_str(), row.has_totp, row.expires.as_str()), ("github.com", true, ""));
    assert_eq!(row.field_names, ["username", "password", "totp", "url"]);
    let mut card = ItemDraft::new(template("card").unwrap());
    put(&mut card, "card-expiry", "2027-02");
    assert_eq!(overview(&made(&card)).expires, "2027-02-28");
    card.expires = "2026-12-01".to_owned();
    assert_eq!(overview(&made(&card)).expires, "2026-12-01");
}
