//! An open item and a pretended engine: what the tests of the detail pane share.

use std::collections::BTreeSet;

use egui_kittest::Harness;
use vault_engine::{Command, Event, RequestId, event::VaultStatus};
use vault_model::{
    AttachmentId, AttachmentView, FieldClass, FieldId, FieldKey, FieldType, FieldView, ItemDraft, ItemRow, ItemView, SecretText, Section,
    SectionId, Seen, ShownValue, check::Warning, template,
};
use vault_protocol::ObjectId;
use vault_ui::{
    Ask, DeviceSettings,
    outbox::{Go, ShellEvent},
    theme::ThemeChoice,
};

use crate::support::{self, DAY_MS, NOW_MS, World, settle, world};

/// The open item.
pub(crate) const ITEM: ObjectId = ObjectId([7; 16]);
/// A text that must never be where a screen reader or a log can find it.
pub(crate) const SECRET: &str = "correct-Horse7#battery";

pub(crate) type Window = Harness<'static, Option<World>>;

/// A window of that size that shows `item`, the only one of its vault.
pub(crate) fn show(size: [f32; 2], item: ItemView) -> Window {
    show_with(size, support::settings(), item, |_| {})
}

/// The same with other settings and another status.
pub(crate) fn show_with(
    size: [f32; 2],
    settings: DeviceSettings,
    item: ItemView,
    change: impl FnOnce(&mut VaultStatus) + 'static,
) -> Window {
    let row = row_of(&item);
    let mut window = support::window_with(size, settings, move |app| {
        let mut status = support::status(true);
        change(&mut status);
        support::open(app, status, vec![row]);
    });
    world(&mut window).answer_search();
    go(&mut window, Go::Item(item.id));
    send(&mut window, Event::Item(Box::new(item)));
    world(&mut window).sent.clear();
    window
}

/// Settings with that theme and with motion.
pub(crate) fn themed(theme: ThemeChoice) -> DeviceSettings {
    DeviceSettings { theme, ..DeviceSettings::default() }
}

/// The engine says something.
pub(crate) fn send(window: &mut Window, event: Event) {
    world(window).app.apply(event);
    settle(window);
}

/// The shell says something.
pub(crate) fn shell(window: &mut Window, event: ShellEvent) {
    world(window).app.apply_shell(event);
    settle(window);
}

/// The person goes somewhere.
pub(crate) fn go(window: &mut Window, to: Go) {
    world(window).app.go(to);
    settle(window);
}

/// The last command of the wanted sort that was sent since the last call; all others are gone.
pub(crate) fn take<T>(window: &mut Window, want: impl Fn(&Command) -> Option<T>) -> Option<(RequestId, T)> {
    let sent = std::mem::take(&mut world(window).sent);
    sent.iter().rev().find_map(|(request, command)| want(command).map(|found| (*request, found)))
}

/// The item that was saved since the last call.
#[track_caller]
pub(crate) fn take_saved(window: &mut Window) -> (RequestId, ItemDraft) {
    let sent = std::mem::take(&mut world(window).sent);
    let saved = sent.into_iter().find_map(|(request, command)| match command {
        Command::SaveItem(draft) => Some((request, *draft)),
        _ => None,
    });
    saved.expect("something was saved")
}

/// Everything that was asked of the shell since the last call.
pub(crate) fn take_asks(window: &mut Window) -> Vec<Ask> {
    std::mem::take(&mut world(window).asked)
}

/// Everything that a screen reader could find, as text.
pub(crate) fn tree(window: &Window) -> String {
    fn collect(node: &egui_kittest::Node<'_>, text: &mut String) {
        use egui_kittest::kittest::NodeT;
        let inner = node.accesskit_node();
        text.push_str(&format!("{:?} {:?} {:?} {:?}\n", inner.role(), inner.label(), inner.value(), inner.description()));
        for child in node.children() {
            collect(&child, text);
        }
    }
    let mut text = String::new();
    collect(&window.root(), &mut text);
    text
}

fn row_of(item: &ItemView) -> ItemRow {
    ItemRow {
        id: item.id,
        folder: item.folder.clone(),
        tags: item.tags.clone(),
        favourite: item.favourite,
        archived: item.archived,
        trashed: item.trashed,
        conflict: !item.conflicts.is_empty(),
        n_attachments: item.attachments.len() as u32,
        expires: item.expires.clone(),
        ..support::row(1, &item.kind, &item.title, "mara.lind")
    }
}

/// An item of a kind with the template's fields filled by `value`.
pub(crate) fn item(kind: &str, title: &str, value: impl Fn(&str, FieldType) -> Option<ShownValue>) -> ItemView {
    let template = template(kind).expect("a built-in kind");
    let fields = template.fields.iter().filter_map(|field| {
        Some(FieldView {
            id: field.id.clone(),
            label: String::new(),
            field_type: field.field_type,
            section: field.section.clone(),
            position: field.position,
            value: value(&field.id.0, field.field_type)?,
            n_conflicting: 0,
            warnings: Vec::new(),
        })
    });
    ItemView {
        id: ITEM,
        kind: kind.to_owned(),
        title: title.to_owned(),
        folder: String::new(),
        tags: BTreeSet::new(),
        favourite: false,
        archived: false,
        trashed: false,
        expires: String::new(),
        created_ms: NOW_MS - 400 * DAY_MS,
        changed_ms: NOW_MS - 2 * 3_600_000,
        changed_by: "Laptop".to_owned(),
        sections: Vec::new(),
        fields: fields.collect(),
        attachments: Vec::new(),
        links: Vec::new(),
        seen: Seen(vec![(FieldKey::single(FieldClass::Title), Vec::new())]),
        conflicts: Vec::new(),
        n_opaque: 0,
    }
}

pub(crate) fn shown(text: &str) -> Option<ShownValue> {
    Some(ShownValue::Shown(text.to_owned()))
}

pub(crate) fn hidden() -> Option<ShownValue> {
    Some(ShownValue::Hidden { is_empty: false, hint: String::new() })
}

/// A login with most of what an item can have.
pub(crate) fn login() -> ItemView {
    let mut item = item("credential", "GitHub", |id, _| match id {
        "username" => shown("mara.lind"),
        "password" => hidden(),
        "url" => shown("https://github.com/login"),
        "totp" => hidden(),
        "notes" => shown("Work account.\nRecovery codes are in the safe."),
        _ => None,
    });
    item.tags = ["work", "code"].map(str::to_owned).into();
    item.expires = "2026-12-05".to_owned();
    item.favourite = true;
    item.attachments = vec![AttachmentView {
        id: AttachmentId([3; 16]),
        name: "recovery-codes.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        len_bytes: 1240,
        added_ms: NOW_MS - DAY_MS,
        local: true,
        remote: false,
    }];
    item.sections = vec![Section { id: SectionId("x-server".to_owned()), title: "Server".to_owned(), position: 0 }];
    let own = |id: &str, label: &str, field_type, value, position| FieldView {
        id: FieldId(format!("x-{id}")),
        label: label.to_owned(),
        field_type,
        section: Some(SectionId("x-server".to_owned())),
        position,
        value,
        n_conflicting: 0,
        warnings: Vec::new(),
    };
    item.fields.push(own("1", "Host", FieldType::Text, ShownValue::Shown("git.example.org".to_owned()), 9000));
    item.fields.push(own("2", "IBAN", FieldType::Iban, ShownValue::Shown("DE89370400440532013001".to_owned()), 9100));
    if let Some(field) = item.fields.last_mut() {
        field.warnings.push(Warning::IbanChecksum);
    }
    item
}

/// The answer to a reveal.
pub(crate) fn revealed(request: RequestId, field: &str, text: &str) -> Event {
    Event::Revealed { request, item: ITEM, field: FieldId(field.to_owned()), text: SecretText::from(text) }
}
