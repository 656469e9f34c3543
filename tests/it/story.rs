//! Words that the stories share.

use vault_engine::{Command, Event, event::VaultStatus};
use vault_model::{DraftField, DraftValue, FieldId, FieldType, ItemDraft, ItemRow, ItemView, SecretText, Seen};
use vault_protocol::{ObjectId, VaultId};
use vault_testkit::TestDevice;

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A new vault, open.
pub(crate) fn create(device: &mut TestDevice, password: Option<&str>) -> VaultId {
    let events = device.ok(Command::CreateVault { name: "Personal".into(), password: password.map(SecretText::from) });
    opened(&events).expect("a new vault is open").vault
}

pub(crate) fn unlock(device: &mut TestDevice, vault: VaultId, password: &str) -> Vec<Event> {
    device.ok(Command::Unlock { vault, password: password.into() })
}

pub(crate) fn opened(events: &[Event]) -> Option<&VaultStatus> {
    events.iter().find_map(|event| match event {
        Event::Opened { status, .. } => Some(status),
        _ => None,
    })
}

pub(crate) fn rows(events: &[Event]) -> Vec<&ItemRow> {
    events
        .iter()
        .flat_map(|event| match event {
            Event::Rows { rows, .. } => rows.as_slice(),
            Event::RowsChanged { changed, .. } => changed.as_slice(),
            _ => &[],
        })
        .collect()
}

/// A credential with a user name and a password.
pub(crate) fn credential(title: &str, user: &str, password: &str) -> ItemDraft {
    let field = |id: &str, field_type, value: &str, position| DraftField {
        id: FieldId(id.into()),
        label: String::new(),
        field_type,
        section: None,
        position,
        value: DraftValue::Set(value.into()),
    };
    ItemDraft {
        id: None,
        kind: "credential".into(),
        title: title.into(),
        folder: String::new(),
        tags: Default::default(),
        favourite: false,
        archived: false,
        expires: String::new(),
        sections: Vec::new(),
        fields: vec![field("username", FieldType::Text, user, 0), field("password", FieldType::Secret, password, 1)],
        links: Vec::new(),
        seen: Seen::default(),
    }
}

pub(crate) fn save(device: &mut TestDevice, draft: ItemDraft) -> ObjectId {
    let events = device.ok(Command::SaveItem(Box::new(draft)));
    events
        .iter()
        .find_map(|event| match event {
            Event::Saved(_, item) => Some(*item),
            _ => None,
        })
        .expect("a saved item is named")
}

pub(crate) fn open_item(device: &mut TestDevice, item: ObjectId) -> Box<ItemView> {
    let events = device.ok(Command::OpenItem { item });
    events
        .into_iter()
        .find_map(|event| match event {
            Event::Item(view) => Some(view),
            _ => None,
        })
        .expect("an open item is shown")
}

pub(crate) fn reveal(device: &mut TestDevice, item: ObjectId, field: &str) -> String {
    let events = device.ok(Command::Reveal { item, field: FieldId(field.into()) });
    revealed(&events)
}

pub(crate) fn revealed(events: &[Event]) -> String {
    events
        .iter()
        .find_map(|event| match event {
            Event::Revealed { text, .. } => Some(text.expose().to_owned()),
            _ => None,
        })
        .expect("a secret on demand")
}

/// A draft that changes an open item; its secrets are kept.
pub(crate) fn redraft(view: &ItemView) -> ItemDraft {
    ItemDraft::of(view, None)
}
