//! The in-memory index: what lists and searches need, and nothing secret.
//!
//! Rows are kept in the order of their folded titles, so that an unworded search is a filter and a worded one a stable bucket sort.

mod haystack;
mod order;
mod query;

use std::collections::HashMap;

use vault_model::{Item, ItemRow, fold, view};
use vault_protocol::ObjectId;
use zeroize::Zeroizing;

use self::{
    haystack::{Haystack, N_RANKS},
    order::Order,
    query::Query,
};
use crate::command::{Scope, Sort};

/// Bytes of one field's text that search sees; a long note is found by its beginning.
const MAX_SEARCHED_BYTES: usize = 4096;

/// Items that room is made for at once, whatever the database says of their number.
const MAX_RESERVED: usize = 1 << 20;

/// All items of the open vault, without secrets. Wiped when dropped.
#[derive(Default)]
pub(crate) struct Index {
    entries: Vec<Entry>,
    place: HashMap<ObjectId, usize>,
    by_title: Order,
    /// What words are looked for in; `None` after any change.
    haystack: Option<Haystack>,
    /// Where the text of an entry grows before it is kept at its true length.
    draft: Zeroizing<String>,
}

struct Entry {
    row: ItemRow,
    title: Zeroizing<String>,
    /// Folded subtitle, tags, folder, host, labels and texts that are not secret.
    text: Zeroizing<String>,
}

impl Index {
    /// Makes room for so many items.
    pub(crate) fn reserve(&mut self, n_items: u64) {
        let n_items = usize::try_from(n_items).unwrap_or(usize::MAX).min(MAX_RESERVED);
        let n_more = n_items.saturating_sub(self.entries.len());
        self.entries.reserve(n_more);
        self.place.reserve(n_more);
        self.by_title.reserve(n_more);
    }

    /// Adds or replaces an item; gives its list row.
    pub(crate) fn put(&mut self, item: Item, conflict: bool, changed_ms: u64) -> ItemRow {
        self.draft.clear();
        write_field_texts(&item, &mut self.draft);
        let len_fields = self.draft.len();
        let row = ItemRow { conflict, changed_ms, ..view::into_overview(item) };
        write_row_texts(&row, &mut self.draft);
        let (of_fields, of_row) = self.draft.split_at(len_fields);
        let text = Zeroizing::new([of_row, of_fields].concat());
        let entry = Entry { text, title: Zeroizing::new(fold::fold(&row.title)), row: row.clone() };
        self.haystack = None;
        match self.place.get(&row.id) {
            Some(&at) if self.entries[at].title == entry.title => self.entries[at] = entry,
            Some(&at) => {
                self.by_title.take_out(&self.entries, at);
                self.entries[at] = entry;
                self.by_title.put_back(&self.entries, at);
            }
            None => {
                let at = self.entries.len();
                self.place.insert(row.id, at);
                self.entries.push(entry);
                self.by_title.add(&self.entries, at);
            }
        }
        row
    }

    /// Forgets an object; whether it was there.
    pub(crate) fn remove(&mut self, id: ObjectId) -> bool {
        let Some(at) = self.place.remove(&id) else { return false };
        self.by_title.swap_remove(&self.entries, at);
        self.entries.swap_remove(at);
        if let Some(moved) = self.entries.get(at) {
            self.place.insert(moved.row.id, at);
        }
        self.haystack = None;
        true
    }

    /// One list row.
    pub(crate) fn row(&self, id: ObjectId) -> Option<&ItemRow> {
        self.place.get(&id).map(|&at| &self.entries[at].row)
    }

    /// Every list row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &ItemRow> {
        self.entries.iter().map(|entry| &entry.row)
    }

    /// Ids that match, best first: whole titles, then titles that begin with the words, then words that do, then any place.
    pub(crate) fn search(&mut self, query: &str, scope: &Scope, sort: Sort, today: &str, soon: &str) -> Vec<ObjectId> {
        let query = Query::parse(query);
        let dates = Dates { today, soon };
        let allows = |row: &ItemRow| in_scope(row, scope, &dates) && query.filters.iter().all(|filter| filter.allows(row, today));
        let any_live = *scope == Scope::All && query.filters.is_empty();
        if query.words.is_empty() {
            let hits = self.by_title.sorted(&self.entries).map(|at| &self.entries[at]);
            let hits = hits.filter(|entry| allows(&entry.row) && query.allows_text(&entry.title, &entry.text));
            let mut hits: Vec<&ItemRow> = hits.map(|entry| &entry.row).collect();
            match sort {
                Sort::Title => {}
                Sort::Changed => hits.sort_by_key(|row| std::cmp::Reverse(row.changed_ms)),
                Sort::Created => hits.sort_by_key(|row| std::cmp::Reverse(row.created_ms)),
                Sort::Kind => hits.sort_by(|a, b| a.kind.cmp(&b.kind)),
            }
            return hits.into_iter().map(|row| row.id).collect();
        }
        let haystack = self.haystack.get_or_insert_with(|| Haystack::new(&self.entries, self.by_title.sorted(&self.entries)));
        let mut ranked: [Vec<ObjectId>; N_RANKS] = Default::default();
        haystack.find(&query.words, |span, rank, title, text| {
            let is_allowed = if any_live { span.is_live } else { allows(&self.entries[span.entry].row) };
            if is_allowed && query.allows_text(title, text) {
                ranked[rank].push(span.id);
            }
        });
        ranked.concat()
    }
}

struct Dates<'a> {
    today: &'a str,
    soon: &'a str,
}

fn in_scope(row: &ItemRow, scope: &Scope, dates: &Dates<'_>) -> bool {
    let live = is_live(row);
    match scope {
        Scope::All => live,
        Scope::Favourites => live && row.favourite,
        Scope::Kind(kind) => live && row.kind == *kind,
        Scope::Tag(tag) => live && row.tags.contains(tag),
        Scope::Folder(folder) => live && is_inside(&row.folder, folder),
        Scope::Archive => row.archived && !row.trashed,
        Scope::Trash => row.trashed,
        Scope::Conflicts => row.conflict && !row.trashed,
        Scope::Expiring => live && !row.expires.is_empty() && (row.expires.as_str() <= dates.soon || row.expires.as_str() <= dates.today),
    }
}

fn is_live(row: &ItemRow) -> bool {
    !row.trashed && !row.archived
}

/// Whether `folder` is `parent` or below it.
fn is_inside(folder: &str, parent: &str) -> bool {
    folder == parent || folder.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// What search sees of a row beside its title.
fn write_row_texts(row: &ItemRow, text: &mut String) {
    add_text(&row.subtitle, text);
    row.tags.iter().for_each(|tag| add_text(tag, text));
    add_text(&row.folder, text);
}

/// What search sees of fields and attachments: labels, names, and texts that are not secret.
fn write_field_texts(item: &Item, text: &mut String) {
    for field in &item.fields {
        add_text(&field.label, text);
        if !field.field_type.is_secret() {
            let value = field.value.expose();
            let searched = &value[..value.floor_char_boundary(MAX_SEARCHED_BYTES)];
            add_text(searched, text);
            add_text(&fold::digit_runs(searched), text);
        }
    }
    item.attachments.iter().for_each(|attachment| add_text(&attachment.name, text));
}

fn add_text(part: &str, text: &mut String) {
    if !part.is_empty() {
        fold::fold_onto(part, text);
        text.push('\n');
    }
}

#[cfg(test)]
mod tests;
