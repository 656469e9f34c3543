use vault_engine::{
    Command, Event, Failure,
    command::{Mark, Scope, Sort},
    event::ClipboardEnd,
};
use vault_model::{DraftValue, FieldId, ShownValue};
use vault_testkit::TestDevice;

use crate::story::*;

fn device() -> (tempfile::TempDir, TestDevice) {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    (dir, device)
}

#[test]
fn an_open_item_withholds_its_secrets_until_asked() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("GitHub", "mara", "Xk7#pQ"));
    let view = open_item(&mut device, item);
    let password = view.fields.iter().find(|field| field.id.0 == "password").unwrap();
    assert!(matches!(password.value, ShownValue::Hidden { is_empty: false, .. }));
    assert!(!format!("{view:?}").contains("Xk7#pQ"));
    assert_eq!(reveal(&mut device, item, "password"), "Xk7#pQ");
    assert_eq!(device.fails(Command::Reveal { item, field: FieldId("nonsense".into()) }), Failure::NotFound);
}

#[test]
fn an_edit_keeps_what_was_not_touched_and_history_keeps_the_rest() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("GitHub", "mara", "first"));
    let mut draft = redraft(&open_item(&mut device, item));
    draft.title = "GitHub (work)".into();
    save(&mut device, draft);
    assert_eq!(reveal(&mut device, item, "password"), "first");

    let mut draft = redraft(&open_item(&mut device, item));
    draft.fields[1].value = DraftValue::Set("second".into());
    save(&mut device, draft);
    assert_eq!(reveal(&mut device, item, "password"), "second");

    let events = device.ok(Command::History { item, field: Some(FieldId("password".into())) });
    let past = events
        .iter()
        .find_map(|event| match event {
            Event::History(_, past) => Some(past.clone()),
            _ => None,
        })
        .unwrap();
    assert_eq!(past.iter().map(|value| value.current).collect::<Vec<_>>(), [true, false]);
    assert!(past.iter().all(|value| value.shown.is_none()), "a secret's past is as secret");
    let events = device.ok(Command::RevealPast { item, dot: past[1].dot });
    assert_eq!(revealed(&events), "first");
    device.ok(Command::RestorePast { item, dot: past[1].dot });
    assert_eq!(reveal(&mut device, item, "password"), "first");
}

#[test]
fn saving_without_a_change_writes_nothing() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("A", "b", "c"));
    let draft = redraft(&open_item(&mut device, item));
    let (_, events) = device.send(Command::SaveItem(Box::new(draft)));
    assert!(rows(&events).is_empty());
}

#[test]
fn trash_restore_and_purge_go_one_way_at_a_time() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("A", "b", "c"));
    assert_eq!(device.fails(Command::PurgeItems { items: vec![item] }), Failure::NotInTrash);
    let events = device.ok(Command::MarkItems { items: vec![item], mark: Mark::Trashed(true) });
    assert!(rows(&events)[0].trashed);
    assert_eq!(found(&mut device, "", Scope::Trash).len(), 1);
    assert!(found(&mut device, "", Scope::All).is_empty());
    device.ok(Command::MarkItems { items: vec![item], mark: Mark::Trashed(false) });
    assert_eq!(found(&mut device, "", Scope::All).len(), 1);
    device.ok(Command::MarkItems { items: vec![item], mark: Mark::Trashed(true) });
    let events = device.ok(Command::EmptyTrash);
    assert!(events.iter().any(|event| matches!(event, Event::RowsChanged { gone, .. } if *gone == [item])));
    assert_eq!(device.fails(Command::OpenItem { item }), Failure::NotFound);
}

#[test]
fn marks_change_many_items_as_one() {
    let (_dir, mut device) = device();
    let items: Vec<_> = (0..3).map(|n| save(&mut device, credential(&format!("Item {n}"), "b", "c"))).collect();
    let events = device.ok(Command::MarkItems { items: items.clone(), mark: Mark::AddTag("Reise".into()) });
    assert_eq!(rows(&events).len(), 3);
    assert_eq!(found(&mut device, "tag:reise", Scope::All).len(), 3);
    device.ok(Command::MarkItems { items: items[..1].to_vec(), mark: Mark::RemoveTag("Reise".into()) });
    assert_eq!(found(&mut device, "", Scope::Tag("Reise".into())).len(), 2);
    device.ok(Command::MarkItems { items, mark: Mark::Archived(true) });
    assert_eq!(found(&mut device, "item", Scope::Archive).len(), 3);
}

#[test]
fn a_duplicate_is_its_own_item_with_the_same_secrets() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("A", "b", "secret"));
    let events = device.ok(Command::DuplicateItem { item });
    let copy = events
        .iter()
        .find_map(|event| match event {
            Event::Saved(_, copy) => Some(*copy),
            _ => None,
        })
        .unwrap();
    assert_ne!(copy, item);
    assert_eq!(reveal(&mut device, copy, "password"), "secret");
}

#[test]
fn ld13_the_clipboard_is_cleared_on_time_only_if_it_still_holds_ours() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("A", "b", "secret"));
    device.ok(Command::CopyField { item, field: FieldId("password".into()) });
    assert_eq!(device.clipboard, "secret");
    device.now_ms += 29_999;
    device.run();
    assert_eq!(device.clipboard, "secret");
    device.now_ms += 1;
    let events = device.run();
    assert_eq!(device.clipboard, "");
    assert!(events.iter().any(|event| matches!(event, Event::ClipboardCleared(ClipboardEnd::Cleared))));

    device.ok(Command::CopyField { item, field: FieldId("password".into()) });
    device.clipboard = "something else".into();
    device.ok(Command::Lock);
    device.run();
    assert_eq!(device.clipboard, "something else");
}

#[test]
fn locking_clears_the_clipboard() {
    let (_dir, mut device) = device();
    let item = save(&mut device, credential("A", "b", "secret"));
    device.ok(Command::CopyField { item, field: FieldId("password".into()) });
    device.ok(Command::Lock);
    device.run();
    assert_eq!(device.clipboard, "");
}

#[test]
fn totp_codes_of_an_open_item_are_live() {
    let (_dir, mut device) = device();
    let mut draft = credential("A", "b", "c");
    draft.fields.push(vault_model::DraftField {
        id: FieldId("totp".into()),
        label: String::new(),
        field_type: vault_model::FieldType::Totp,
        section: None,
        position: 2,
        value: DraftValue::Set("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into()),
    });
    let item = save(&mut device, draft);
    device.now_ms = 1_111_111_109_000;
    let events = device.ok(Command::OpenItem { item });
    let code = |events: &[Event]| {
        events.iter().find_map(|event| match event {
            Event::Totp { code, .. } => Some(code.expose().to_owned()),
            _ => None,
        })
    };
    // RFC 6238, appendix B, the last six digits: 1111111109 and 1111111111 s.
    assert_eq!(code(&events).as_deref(), Some("081804"));
    device.now_ms = 1_111_111_111_000;
    assert_eq!(code(&device.run()).as_deref(), Some("050471"));
    device.ok(Command::CopyField { item, field: FieldId("totp".into()) });
    assert_eq!(device.clipboard, "050471");
    device.ok(Command::CloseItem);
    device.now_ms += 60_000;
    assert_eq!(code(&device.run()), None);
}

fn found(device: &mut TestDevice, query: &str, scope: Scope) -> Vec<vault_protocol::ObjectId> {
    let events = device.ok(Command::Search { query: query.into(), scope, sort: Sort::Title });
    events
        .into_iter()
        .find_map(|event| match event {
            Event::Found(_, ids) => Some(ids),
            _ => None,
        })
        .unwrap()
}
