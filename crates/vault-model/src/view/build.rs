//! From an item to what the window gets of it.

use std::collections::{BTreeMap, BTreeSet};

use vault_protocol::BlobId;

use super::{AttachmentView, FieldView, ItemRow, ItemView, ShownValue};
use crate::{
    Field, FieldKey, FieldType, Item, Seen, Template,
    check::{self, Day},
    mask, payload, template,
};

/// What the log and the device know of an item beside its values.
pub struct Surroundings<'a> {
    /// When it was last changed, Unix milliseconds.
    pub changed_ms: u64,
    /// Name of the device that changed it last; empty if unknown.
    pub changed_by: String,
    /// The live writes of every key.
    pub seen: Seen,
    /// Whether a blob's bytes are on this device.
    pub is_local: &'a dyn Fn(BlobId) -> bool,
    /// Whether a sync server has a blob.
    pub is_remote: &'a dyn Fn(BlobId) -> bool,
    /// The present day, by which things have expired.
    pub today: Day,
}

impl ItemView {
    /// The view of an open item. What has more than one live write in `around.seen` is in conflict.
    pub fn new(item: &Item, around: Surroundings<'_>) -> Self {
        let conflicts: BTreeMap<&FieldKey, usize> =
            around.seen.0.iter().filter(|(_, dots)| dots.len() > 1).map(|(key, dots)| (key, dots.len() - 1)).collect();
        let field = |field: &Field| FieldView {
            id: field.id.clone(),
            label: field.label.clone(),
            field_type: field.field_type,
            section: field.section.clone(),
            position: field.position,
            value: shown_value(field),
            n_conflicting: conflicts.get(&payload::field_key(&field.id)).copied().unwrap_or_default(),
            warnings: check::check(&field.id, field.field_type, field.value.expose(), around.today),
        };
        Self {
            id: item.id,
            kind: item.kind.clone(),
            title: item.title.clone(),
            folder: item.folder.clone(),
            tags: item.tags.clone(),
            favourite: item.favourite,
            archived: item.archived,
            trashed: item.trashed,
            expires: item.expires.clone(),
            created_ms: item.created_ms,
            changed_ms: around.changed_ms,
            changed_by: around.changed_by,
            sections: item.sections.clone(),
            fields: item.fields.iter().map(field).collect(),
            attachments: item
                .attachments
                .iter()
                .map(|attachment| AttachmentView {
                    id: attachment.id,
                    name: attachment.name.clone(),
                    media_type: attachment.media_type.clone(),
                    len_bytes: attachment.len_bytes,
                    added_ms: attachment.added_ms,
                    local: (around.is_local)(attachment.blob),
                    remote: (around.is_remote)(attachment.blob),
                })
                .collect(),
            links: item.links.clone(),
            conflicts: conflicts.into_keys().cloned().collect(),
            seen: around.seen,
            n_opaque: item.opaque.len(),
        }
    }

    /// The field that "copy user name" takes: the template's, if it has a value.
    pub fn username(&self) -> Option<&FieldView> {
        self.marked(|field| field.username)
    }

    /// The field that "copy password" takes: the template's, else the first secret of any other name.
    pub fn main_secret(&self) -> Option<&FieldView> {
        let first =
            || self.fields.iter().find(|field| field.field_type.is_secret() && field.field_type != FieldType::Totp && field.has_value());
        self.marked(|field| field.main_secret).or_else(first)
    }

    /// The field that "open address" takes: the template's, else the first web address.
    pub fn url(&self) -> Option<&FieldView> {
        let first = || self.fields.iter().find(|field| field.field_type == FieldType::Url && field.has_value());
        self.marked(|field| field.url).or_else(first)
    }

    /// The field that "copy code" takes.
    pub fn totp(&self) -> Option<&FieldView> {
        self.fields.iter().find(|field| field.field_type == FieldType::Totp && field.has_value())
    }

    fn marked(&self, mark: impl Fn(&crate::TemplateField) -> bool) -> Option<&FieldView> {
        let template = template(&self.kind)?;
        let marked = |field: &&FieldView| template.field(&field.id).is_some_and(&mark);
        self.fields.iter().filter(marked).find(|field| field.has_value())
    }
}

impl FieldView {
    /// Whether there is any text.
    pub fn has_value(&self) -> bool {
        match &self.value {
            ShownValue::Shown(text) => !text.is_empty(),
            ShownValue::Hidden { is_empty, .. } => !is_empty,
        }
    }
}

/// The text of a field as far as its type allows.
fn shown_value(field: &Field) -> ShownValue {
    let text = field.value.expose();
    if field.field_type.is_secret() {
        ShownValue::Hidden { is_empty: text.is_empty(), hint: mask::glimpse(field.field_type, text).unwrap_or_default() }
    } else {
        ShownValue::Shown(text.to_owned())
    }
}

/// The row of an item in a list. What only the log knows, `conflict` and `changed_ms`, is for the caller to fill in.
///
/// `expires` is the item's own date if it is one, else the earliest of its fields whose name says that something ends then; a month ends on
/// its last day.
pub fn overview(item: &Item) -> ItemRow {
    ItemRow {
        kind: item.kind.clone(),
        title: item.title.clone(),
        folder: item.folder.clone(),
        tags: item.tags.clone(),
        field_names: filled(item).map(|field| if field.label.is_empty() { field.id.0.clone() } else { field.label.clone() }).collect(),
        ..derived(item)
    }
}

/// As [`overview`], of an item that is not needed any more: its texts become the row's.
pub fn into_overview(item: Item) -> ItemRow {
    let derived = derived(&item);
    let Item { kind, title, folder, tags, fields, .. } = item;
    let filled = fields.into_iter().filter(|field| !field.value.is_empty());
    let field_names = filled.map(|field| if field.label.is_empty() { field.id.0 } else { field.label }).collect();
    ItemRow { kind, title, folder, tags, field_names, ..derived }
}

/// What a row has that is not a text of the item as it is.
fn derived(item: &Item) -> ItemRow {
    ItemRow {
        id: item.id,
        kind: String::new(),
        title: String::new(),
        subtitle: subtitle(item, template(&item.kind)),
        folder: String::new(),
        tags: BTreeSet::new(),
        favourite: item.favourite,
        archived: item.archived,
        trashed: item.trashed,
        conflict: false,
        has_totp: filled(item).any(|field| field.field_type == FieldType::Totp),
        n_attachments: u32::try_from(item.attachments.len()).unwrap_or(u32::MAX),
        host: filled(item)
            .filter(|field| field.field_type == FieldType::Url)
            .map(|field| check::host(field.value.expose()))
            .find(|host| !host.is_empty())
            .unwrap_or_default(),
        expires: expires(item),
        created_ms: item.created_ms,
        changed_ms: 0,
        field_names: Vec::new(),
    }
}

fn filled(item: &Item) -> impl Iterator<Item = &Field> {
    item.fields.iter().filter(|field| !field.value.is_empty())
}

/// The first value marked for it, in the template's order; else the first that may be shown on one line; else the beginning of a long text.
fn subtitle(item: &Item, template: Option<&Template>) -> String {
    let glimpse = |field: &Field| mask::glimpse(field.field_type, field.value.expose()).filter(|text| !text.is_empty());
    let marked = template.iter().flat_map(|template| &template.fields).filter(|field| field.subtitle);
    let by_mark = marked.filter_map(|marked| item.field(&marked.id)).find_map(glimpse);
    let one_line = || filled(item).filter(|field| field.field_type != FieldType::Multiline).find_map(glimpse);
    let any = || filled(item).find_map(glimpse);
    shortened(by_mark.or_else(one_line).or_else(any).unwrap_or_default())
}

/// Signs of a subtitle: more than any list shows.
const MAX_SUBTITLE: usize = 120;

fn shortened(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_SUBTITLE) {
        text.truncate(at);
        text.push('…');
    }
    text
}

fn expires(item: &Item) -> String {
    if let Some(day) = Day::parse(item.expires.trim()) {
        return day.to_string();
    }
    let dates = filled(item).filter(|field| field.id.0.contains("expiry")).filter_map(|field| {
        let text = field.value.expose().trim();
        match field.field_type {
            FieldType::Date => Day::parse(text),
            FieldType::MonthYear => Day::last_of_month(text),
            _ => None,
        }
    });
    dates.min().map(|day| day.to_string()).unwrap_or_default()
}
