//! From a draft to the writes it comes to.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{DraftField, DraftValue, ItemDraft};
use crate::payload::{
    self, OBJECT_ITEM, encode_bool, encode_field_parts, encode_section, encode_text, encode_u64, field_key, link_key, section_key, tag_key,
};
use crate::{Attachment, AttachmentId, Field, FieldClass, FieldId, FieldKey, Item, PayloadError};

/// One write to come: the engine makes it an op over the dots that were seen of `key`.
pub struct Change {
    /// What is written.
    pub key: FieldKey,
    /// The new value; `None` removes it.
    pub value: Option<Zeroizing<Vec<u8>>>,
}

impl Change {
    fn set(key: FieldKey, value: Zeroizing<Vec<u8>>) -> Self {
        Self { key, value: Some(value) }
    }

    fn remove(key: FieldKey) -> Self {
        Self { key, value: None }
    }

    /// Out of the trash, or into it.
    pub fn alive(alive: bool) -> Self {
        Self::set(FieldKey::single(FieldClass::Alive), encode_bool(alive))
    }

    /// Marks as favourite, or no longer.
    pub fn favourite(set: bool) -> Self {
        Self::set(FieldKey::single(FieldClass::Favourite), encode_bool(set))
    }

    /// Into the archive, or out of it.
    pub fn archived(set: bool) -> Self {
        Self::set(FieldKey::single(FieldClass::Archived), encode_bool(set))
    }

    /// Moves to a folder; empty for none.
    pub fn folder(path: &str) -> Self {
        Self::set(FieldKey::single(FieldClass::Folder), encode_text(&tidy_folder(path)))
    }

    /// Adds a tag; `None` if nothing is left of it.
    pub fn add_tag(tag: &str) -> Option<Self> {
        tidy_tag(tag).map(|tag| Self::set(tag_key(&tag), encode_bool(true)))
    }

    /// Removes a tag, named as it is stored.
    pub fn remove_tag(tag: &str) -> Self {
        Self::remove(tag_key(tag))
    }

    /// Adds or replaces an attachment.
    pub fn attach(attachment: &Attachment) -> Self {
        Self::set(payload::attachment_key(attachment.id), payload::encode_attachment(attachment))
    }

    /// Removes an attachment.
    pub fn detach(id: AttachmentId) -> Self {
        Self::remove(payload::attachment_key(id))
    }

    /// Writes a field anew.
    pub fn field(field: &Field) -> Self {
        Self::set(field_key(&field.id), payload::encode_field(field))
    }
}

/// The least writes that turn `base` into what `draft` says, in ascending order of the keys; empty if nothing changes.
///
/// `base` is the item as the draft's author saw it (composed of the values at `draft.seen`), `None` for a new one: what another device has
/// changed since is not touched. If there is any write, one that says alive = true is among them, because an edit brings an item back
/// (DESIGN §5); the caller does not add another. Setting a field that had several values writes it even if the text is the one shown: that
/// settles the conflict. `now_ms` becomes the time of making of a new item.
///
/// # Errors
///
/// [`PayloadError`] if a text is too long or an id not allowed: nothing that [`compose`](crate::compose) would refuse is ever written.
pub fn changes(base: Option<&Item>, draft: &ItemDraft, now_ms: u64) -> Result<Vec<Change>, PayloadError> {
    let blank;
    let old = match base {
        Some(item) => item,
        None => {
            blank = Item::new(draft.id.unwrap_or_default(), String::new());
            &blank
        }
    };
    let mut out = BTreeMap::new();
    single_changes(&mut out, old, draft);
    tag_changes(&mut out, old, draft);
    section_changes(&mut out, old, draft);
    field_changes(&mut out, old, draft);
    link_changes(&mut out, old, draft);
    if base.is_none() {
        out.insert(FieldKey::single(FieldClass::Object), Some(encode_u64(OBJECT_ITEM)));
        out.insert(FieldKey::single(FieldClass::Created), Some(encode_u64(now_ms)));
        out.insert(FieldKey::single(FieldClass::Title), Some(encode_text(&draft.title)));
    }
    if !out.is_empty() {
        out.insert(FieldKey::single(FieldClass::Alive), Some(encode_bool(true)));
    }
    for (key, value) in &out {
        // A removal's key comes from an item that was read, so it is in order.
        if let Some(bytes) = value {
            payload::check_value(key, bytes)?;
        }
    }
    Ok(out.into_iter().map(|(key, value)| Change { key, value }).collect())
}

type Writes = BTreeMap<FieldKey, Option<Zeroizing<Vec<u8>>>>;

fn single_changes(out: &mut Writes, old: &Item, draft: &ItemDraft) {
    let folder = tidy_folder(&draft.folder);
    let texts = [
        (FieldClass::Kind, &old.kind, &draft.kind),
        (FieldClass::Title, &old.title, &draft.title),
        (FieldClass::Folder, &old.folder, &folder),
        (FieldClass::Expires, &old.expires, &draft.expires),
    ];
    for (class, before, after) in texts {
        if before != after {
            out.insert(FieldKey::single(class), Some(encode_text(after)));
        }
    }
    let marks = [(FieldClass::Favourite, old.favourite, draft.favourite), (FieldClass::Archived, old.archived, draft.archived)];
    for (class, before, after) in marks {
        if before != after {
            out.insert(FieldKey::single(class), Some(encode_bool(after)));
        }
    }
}

fn tag_changes(out: &mut Writes, old: &Item, draft: &ItemDraft) {
    let wanted: BTreeSet<String> = draft.tags.iter().filter_map(|tag| tidy_tag(tag)).collect();
    for tag in old.tags.difference(&wanted) {
        out.insert(tag_key(tag), None);
    }
    for tag in wanted.difference(&old.tags) {
        out.insert(tag_key(tag), Some(encode_bool(true)));
    }
}

fn section_changes(out: &mut Writes, old: &Item, draft: &ItemDraft) {
    for section in old.sections.iter().filter(|old| draft.sections.iter().all(|new| new.id != old.id)) {
        out.insert(section_key(&section.id), None);
    }
    for section in &draft.sections {
        if !old.sections.contains(section) {
            out.insert(section_key(&section.id), Some(encode_section(section)));
        }
    }
}

fn field_changes(out: &mut Writes, old: &Item, draft: &ItemDraft) {
    let listed: BTreeSet<&FieldId> = draft.fields.iter().map(|field| &field.id).collect();
    for field in old.fields.iter().filter(|field| !listed.contains(&field.id)) {
        out.insert(field_key(&field.id), None);
    }
    for field in &draft.fields {
        let key = field_key(&field.id);
        if let Some(write) = field_change(old.field(&field.id), field, draft.seen.dots(&key).len() > 1) {
            out.insert(key, write);
        }
    }
}

/// The write that a field needs, if any; a write without value removes it.
fn field_change(old: Option<&Field>, new: &DraftField, in_conflict: bool) -> Option<Option<Zeroizing<Vec<u8>>>> {
    let text = match (&new.value, old) {
        (DraftValue::Set(text), _) => text.expose(),
        (DraftValue::Keep, Some(old)) => old.value.expose(),
        // Nothing was seen of it, so there is nothing to keep.
        (DraftValue::Keep, None) => return None,
    };
    let settles = in_conflict && matches!(new.value, DraftValue::Set(_));
    // An empty template field is no field; an owner's own field keeps its label.
    if text.is_empty() && new.label.is_empty() {
        return (old.is_some() || settles).then_some(None);
    }
    let same = old.is_some_and(|old| {
        old.label == new.label
            && old.field_type == new.field_type
            && old.section == new.section
            && old.position == new.position
            && old.value.expose() == text
    });
    if same && !settles {
        return None;
    }
    Some(Some(encode_field_parts(&new.label, new.field_type as u8, new.section.as_ref(), new.position, text)))
}

fn link_changes(out: &mut Writes, old: &Item, draft: &ItemDraft) {
    for link in old.links.iter().filter(|link| !draft.links.contains(link)) {
        out.insert(link_key(*link), None);
    }
    for link in draft.links.iter().filter(|link| !old.links.contains(link)) {
        out.insert(link_key(*link), Some(encode_text("")));
    }
}

/// A tag in NFC without space around it; `None` if nothing is left.
pub fn tidy_tag(tag: &str) -> Option<String> {
    let tag: String = tag.trim().nfc().collect();
    (!tag.is_empty()).then_some(tag)
}

/// A folder path without empty parts and without space around its parts.
pub fn tidy_folder(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join("/")
}
