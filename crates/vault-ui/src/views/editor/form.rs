//! What is being typed in the editor, and the draft it comes to. No drawing.

use std::collections::BTreeSet;

use vault_engine::{Command, RequestId};
use vault_model::{
    DraftField, DraftValue, FieldId, FieldType, FieldView, ItemDraft, ItemView, SecretText, Section, SectionId, Seen, ShownValue,
    check::Warning, template,
};
use vault_protocol::ObjectId;

use crate::{
    outbox::{Outbox, PickedFile},
    views::{attachments::AttachmentsForm, generator::GeneratorForm},
    widgets::strength::Rating,
};

/// Distance between the places of fields, so that one fits between any two.
const POSITION_STEP: u32 = 100;

/// A field's text in the editor.
pub(crate) enum Text {
    /// The item's own, which the window does not have: a secret that was not touched.
    Kept {
        /// What may be seen of it.
        hint: String,
    },
    /// In the window, as stored.
    Known(SecretText),
    /// In the window, and different.
    Typed(SecretText),
}

/// A field being edited. Label and text travel together.
pub(crate) struct FieldForm {
    pub(crate) id: FieldId,
    pub(crate) label: String,
    pub(crate) field_type: FieldType,
    pub(crate) section: Option<SectionId>,
    /// Its place, kept as long as it is not moved: a new place is a write.
    pub(crate) position: u32,
    pub(crate) text: Text,
    /// Whether the item has it already.
    stored: bool,
    /// Whether a secret is shown while it is typed.
    pub(crate) shown: bool,
    /// The request that brings the kept text.
    pub(crate) waits: Option<RequestId>,
    /// What its check found when the field was last left.
    pub(crate) warnings: Vec<Warning>,
    /// How strong a password is while it is typed.
    pub(crate) rating: Rating,
}

impl FieldForm {
    /// Whether the owner made it: it can be renamed, moved and removed.
    pub(crate) fn own(&self) -> bool {
        self.id.0.starts_with("x-")
    }

    /// The text in the window, if it is here.
    pub(crate) fn known(&self) -> Option<&SecretText> {
        match &self.text {
            Text::Kept { .. } => None,
            Text::Known(text) | Text::Typed(text) => Some(text),
        }
    }

    /// Puts a new text in.
    pub(crate) fn put(&mut self, text: SecretText) {
        self.text = Text::Typed(text);
    }

    fn draft(&self) -> Option<DraftField> {
        let value = match &self.text {
            Text::Kept { .. } => DraftValue::Keep,
            Text::Known(_) if self.stored => DraftValue::Keep,
            Text::Known(text) | Text::Typed(text) => {
                if text.is_empty() && !self.stored && !self.own() {
                    return None;
                }
                DraftValue::Set(text.duplicate())
            }
        };
        Some(DraftField {
            id: self.id.clone(),
            label: self.label.trim().to_owned(),
            field_type: self.field_type,
            section: self.section.clone(),
            position: self.position,
            value,
        })
    }
}

/// Which way something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    Up,
    Down,
}

/// Items offered as links by title, and for what: words, state of the rows, number of links.
pub(crate) type LinkOffers = ((String, u64, usize), Vec<(String, ObjectId)>);

/// An item being made or changed.
pub struct EditorForm {
    /// Which item; `None` makes one.
    pub id: Option<ObjectId>,
    /// The slug of its template.
    pub kind: String,
    pub(crate) title: String,
    pub(crate) folder: String,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) new_tag: String,
    pub(crate) favourite: bool,
    pub(crate) archived: bool,
    pub(crate) expires: String,
    pub(crate) expires_warnings: Vec<Warning>,
    pub(crate) sections: Vec<Section>,
    pub(crate) fields: Vec<FieldForm>,
    pub(crate) links: Vec<ObjectId>,
    seen: Seen,
    /// Whether anything differs from what is stored.
    pub changed: bool,
    /// Whether something changed without a key: a switch, a menu, a drag.
    pub(crate) moved: bool,
    /// When the draft is next kept, in egui's seconds; `None` while nothing new was typed.
    pub(crate) keep_at: Option<f64>,
    /// Whether Cancel was pressed and is being asked about.
    pub(crate) asks_cancel: bool,
    /// Whether Save was pressed without a title.
    pub(crate) needs_title: bool,
    /// The save under way.
    pub saving: Option<RequestId>,
    /// Whether the title takes the focus at the next frame.
    pub(crate) focus_title: bool,
    /// The field whose generator is open.
    pub(crate) generating: Option<(FieldId, GeneratorForm)>,
    /// Files to attach as soon as the item exists.
    pub(crate) files: Vec<PickedFile>,
    /// The attachments strip.
    pub(crate) attachments: AttachmentsForm,
    /// What is typed into the box that finds items to link.
    pub(crate) link_query: String,
    /// What that offers.
    pub(crate) link_offers: Option<LinkOffers>,
    /// The field that takes the focus at the next frame.
    pub(crate) focus_field: Option<FieldId>,
}

impl EditorForm {
    /// A new item of a kind, with the fields of its template.
    pub fn new(kind: &str) -> Self {
        let mut form = Self {
            id: None,
            kind: kind.to_owned(),
            title: String::new(),
            folder: String::new(),
            tags: BTreeSet::new(),
            new_tag: String::new(),
            favourite: false,
            archived: false,
            expires: String::new(),
            expires_warnings: Vec::new(),
            sections: Vec::new(),
            fields: Vec::new(),
            links: Vec::new(),
            seen: Seen::default(),
            changed: false,
            moved: false,
            keep_at: None,
            asks_cancel: false,
            needs_title: false,
            saving: None,
            focus_title: true,
            generating: None,
            files: Vec::new(),
            attachments: AttachmentsForm::default(),
            link_query: String::new(),
            link_offers: None,
            focus_field: None,
        };
        form.add_template_fields();
        form
    }

    /// An item of the vault. Its secrets stay where they are until asked for.
    pub fn of(item: &ItemView) -> Self {
        let mut form = Self::new(&item.kind);
        form.id = Some(item.id);
        form.title.clone_from(&item.title);
        form.folder.clone_from(&item.folder);
        form.tags.clone_from(&item.tags);
        form.favourite = item.favourite;
        form.archived = item.archived;
        form.expires.clone_from(&item.expires);
        form.sections.clone_from(&item.sections);
        form.links.clone_from(&item.links);
        form.seen.clone_from(&item.seen);
        form.fields = item.fields.iter().map(stored_field).collect();
        form.add_template_fields();
        form
    }

    /// A draft that outlived a lock.
    pub fn from_draft(draft: ItemDraft) -> Self {
        let mut form = Self::new(&draft.kind);
        form.id = draft.id;
        form.title = draft.title;
        form.folder = draft.folder;
        form.tags = draft.tags;
        form.favourite = draft.favourite;
        form.archived = draft.archived;
        form.expires = draft.expires;
        form.sections = draft.sections;
        form.links = draft.links;
        form.seen = draft.seen;
        let mut fields = draft.fields;
        fields.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
        form.fields = fields.into_iter().map(drafted_field).collect();
        form.add_template_fields();
        form.changed = true;
        form
    }

    /// Adds the template's fields that the item does not have, and puts all into their order.
    fn add_template_fields(&mut self) {
        for field in template(&self.kind).map(|template| template.fields.as_slice()).unwrap_or_default() {
            if self.fields.iter().all(|known| known.id != field.id) {
                let mut empty = empty_field(field.id.clone(), field.field_type, field.position);
                empty.section.clone_from(&field.section);
                self.fields.push(empty);
            }
        }
        self.order();
    }

    fn order(&mut self) {
        self.fields.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
    }

    /// The draft as it stands. Its secrets are copies: the form keeps its own until the engine has said that they are safe.
    pub fn draft(&self) -> ItemDraft {
        let fields = self.fields.iter().filter_map(FieldForm::draft).collect();
        let mut tags = self.tags.clone();
        let pending = self.new_tag.trim();
        if !pending.is_empty() {
            tags.insert(pending.to_owned());
        }
        ItemDraft {
            id: self.id,
            kind: self.kind.clone(),
            title: self.title.trim().to_owned(),
            folder: self.folder.trim().trim_matches('/').to_owned(),
            tags,
            favourite: self.favourite,
            archived: self.archived,
            expires: self.expires.trim().to_owned(),
            sections: self.sections.clone(),
            fields,
            links: self.links.clone(),
            seen: self.seen.clone(),
        }
    }

    /// The draft with every text that is in the window: after a lock the editor shows them again, although the item itself is not open.
    pub fn draft_to_keep(&self) -> ItemDraft {
        let mut draft = self.draft();
        for field in &mut draft.fields {
            let known = self.fields.iter().find(|form| form.id == field.id).and_then(FieldForm::known);
            if let (DraftValue::Keep, Some(text)) = (&field.value, known) {
                field.value = DraftValue::Set(text.duplicate());
            }
        }
        draft
    }

    /// The field of that name.
    pub(crate) fn field_mut(&mut self, id: &FieldId) -> Option<&mut FieldForm> {
        self.fields.iter_mut().find(|field| field.id == *id)
    }

    /// Adds a field of the owner's own at the end. `unique` must differ from all others of the item, on any device.
    pub(crate) fn add_field(&mut self, unique: [u8; 16], field_type: FieldType, section: Option<SectionId>) {
        let id = FieldId(own_id(unique));
        let last = self.fields.iter().map(|field| field.position).max().unwrap_or(0);
        let mut field = empty_field(id.clone(), field_type, last.saturating_add(POSITION_STEP));
        field.section = section;
        self.fields.push(field);
        self.focus_field = Some(id);
        self.changed = true;
    }

    /// Adds a section at the end.
    pub(crate) fn add_section(&mut self, unique: [u8; 16], title: String) {
        let position = self.sections.iter().map(|section| section.position + 1).max().unwrap_or(0);
        self.sections.push(Section { id: SectionId(own_id(unique)), title, position });
        self.changed = true;
    }

    /// Removes a section; its fields stay, outside any section.
    pub(crate) fn remove_section(&mut self, id: &SectionId) {
        self.sections.retain(|section| section.id != *id);
        for field in &mut self.fields {
            if field.section.as_ref() == Some(id) {
                field.section = None;
            }
        }
        self.changed = true;
    }

    /// Moves a section among the sections.
    pub(crate) fn move_section(&mut self, id: &SectionId, way: Move) {
        let Some(from) = self.sections.iter().position(|section| section.id == *id) else { return };
        let Some(to) = stepped(from, way, self.sections.len()) else { return };
        self.sections.swap(from, to);
        for (position, section) in self.sections.iter_mut().enumerate() {
            section.position = position as u32;
        }
        self.changed = true;
    }

    /// Removes a field of the owner's own.
    pub(crate) fn remove_field(&mut self, id: &FieldId) {
        self.fields.retain(|field| field.id != *id || !field.own());
        self.changed = true;
    }

    /// Moves a field of the owner's own past its neighbour in the same section.
    pub(crate) fn move_field(&mut self, id: &FieldId, way: Move) {
        let Some(from) = self.fields.iter().position(|field| field.id == *id) else { return };
        let section = self.fields[from].section.clone();
        let mut to = from;
        while let Some(next) = stepped(to, way, self.fields.len()) {
            to = next;
            if self.fields[to].section == section && self.fields[to].own() {
                let field = self.fields.remove(from);
                self.fields.insert(to, field);
                self.place(to);
                return;
            }
        }
    }

    /// Moves a field of the owner's own to where another is; both end in the same section.
    pub(crate) fn move_field_to(&mut self, id: &FieldId, target: &FieldId) {
        let Some(from) = self.fields.iter().position(|field| field.id == *id) else { return };
        let Some(to) = self.fields.iter().position(|field| field.id == *target) else { return };
        if from == to {
            return;
        }
        let section = self.fields[to].section.clone();
        let mut field = self.fields.remove(from);
        field.section = section;
        self.fields.insert(to, field);
        self.place(to);
    }

    /// Gives the field at `idx` a place between its neighbours, and all of them new ones only where there is no room.
    fn place(&mut self, idx: usize) {
        let before = idx.checked_sub(1).map_or(0, |before| self.fields[before].position);
        let after = self.fields.get(idx + 1).map_or(before.saturating_add(2 * POSITION_STEP), |after| after.position);
        if after > before + 1 {
            self.fields[idx].position = before + (after - before) / 2;
        } else {
            for (field, place) in self.fields.iter_mut().zip(1..) {
                field.position = place * POSITION_STEP;
            }
        }
        self.changed = true;
    }

    /// Files that are attached as soon as the item exists.
    pub(crate) fn add_files(&mut self, files: Vec<PickedFile>) {
        self.files.extend(files);
        self.changed = true;
    }

    /// The item was written under this id.
    pub(crate) fn saved(&mut self, item: ObjectId, out: &mut Outbox) {
        self.id = Some(item);
        for file in self.files.drain(..) {
            out.send(Command::Attach { item, source: file.source, name: file.name, media_type: file.media_type });
        }
    }
}

fn stepped(from: usize, way: Move, len: usize) -> Option<usize> {
    match way {
        Move::Up => from.checked_sub(1),
        Move::Down => (from + 1 < len).then_some(from + 1),
    }
}

fn own_id(unique: [u8; 16]) -> String {
    use std::fmt::Write;
    unique.iter().fold("x-".to_owned(), |mut id, byte| {
        write!(id, "{byte:02x}").expect("writing to a string does not fail");
        id
    })
}

fn empty_field(id: FieldId, field_type: FieldType, position: u32) -> FieldForm {
    FieldForm {
        id,
        label: String::new(),
        field_type,
        section: None,
        position,
        text: Text::Known(SecretText::default()),
        stored: false,
        shown: false,
        waits: None,
        warnings: Vec::new(),
        rating: Rating::default(),
    }
}

fn stored_field(field: &FieldView) -> FieldForm {
    FieldForm {
        id: field.id.clone(),
        label: field.label.clone(),
        field_type: field.field_type,
        section: field.section.clone(),
        position: field.position,
        text: match &field.value {
            ShownValue::Shown(text) => Text::Known(SecretText::from(text.as_str())),
            ShownValue::Hidden { is_empty: true, .. } => Text::Known(SecretText::default()),
            ShownValue::Hidden { is_empty: false, hint } => Text::Kept { hint: hint.clone() },
        },
        stored: true,
        shown: false,
        waits: None,
        warnings: field.warnings.clone(),
        rating: Rating::default(),
    }
}

fn drafted_field(field: DraftField) -> FieldForm {
    let (text, stored) = match field.value {
        DraftValue::Keep => (Text::Kept { hint: String::new() }, true),
        DraftValue::Set(text) => (Text::Typed(text), false),
    };
    FieldForm {
        id: field.id,
        label: field.label,
        field_type: field.field_type,
        section: field.section,
        position: field.position,
        text,
        stored,
        shown: false,
        waits: None,
        warnings: Vec::new(),
        rating: Rating::default(),
    }
}
