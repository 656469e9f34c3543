//! The in-memory index: what lists and searches need, and nothing secret.
//!
//! Rows are kept in the order of their folded titles, so that an unworded search is a filter and a worded one a stable bucket sort.

mod query;

use std::collections::HashMap;

use memchr::memmem::Finder;
use vault_model::{Item, ItemRow, fold, view};
use vault_protocol::ObjectId;
use zeroize::Zeroizing;

use self::query::{Query, Word};
use crate::command::{Scope, Sort};

/// Bytes of one field's text that search sees; a long note is found by its beginning.
const MAX_SEARCHED_BYTES: usize = 4096;

/// All items of the open vault, without secrets. Wiped when dropped.
#[derive(Default)]
pub(crate) struct Index {
    entries: Vec<Entry>,
    place: HashMap<ObjectId, usize>,
    /// Positions in `entries` by folded title; `None` after a change of titles.
    by_title: Option<Vec<usize>>,
    /// What words are looked for in; `None` after any change.
    haystack: Option<Haystack>,
}

struct Entry {
    row: ItemRow,
    title: Zeroizing<String>,
    /// Folded subtitle, tags, folder, host, labels and texts that are not secret.
    text: Zeroizing<String>,
}

/// The texts of all entries one behind the other, in the order of their titles: `title \n text \n`. One pass over it finds a word anywhere;
/// a folded word never holds a line break, so no hit crosses two texts.
struct Haystack {
    bytes: Zeroizing<String>,
    rows: Vec<Span>,
}

/// Where an entry's texts lie.
#[derive(Clone, Copy)]
struct Span {
    entry: usize,
    title: usize,
    text: usize,
    end: usize,
}

impl Index {
    /// Adds or replaces an item; gives its list row.
    pub(crate) fn put(&mut self, item: &Item, conflict: bool, changed_ms: u64) -> ItemRow {
        let row = ItemRow { conflict, changed_ms, ..view::overview(item) };
        let title = Zeroizing::new(fold::fold(&row.title));
        let entry = Entry { text: searched_text(item, &row), title, row: row.clone() };
        self.haystack = None;
        match self.place.get(&item.id) {
            Some(&at) => {
                if self.entries[at].title != entry.title {
                    self.by_title = None;
                }
                self.entries[at] = entry;
            }
            None => {
                self.place.insert(item.id, self.entries.len());
                self.entries.push(entry);
                self.by_title = None;
            }
        }
        row
    }

    /// Forgets an object; whether it was there.
    pub(crate) fn remove(&mut self, id: ObjectId) -> bool {
        let Some(at) = self.place.remove(&id) else { return false };
        self.entries.swap_remove(at);
        if let Some(moved) = self.entries.get(at) {
            self.place.insert(moved.row.id, at);
        }
        self.by_title = None;
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
        self.sort_by_title();
        let dates = Dates { today, soon };
        let allows = |row: &ItemRow| in_scope(row, scope, &dates) && query.filters.iter().all(|filter| filter.allows(row, today));
        if query.words.is_empty() {
            let order = self.by_title.as_deref().unwrap_or_default();
            let hits = order.iter().map(|&at| &self.entries[at]);
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
        let haystack = self.haystack.get_or_insert_with(|| Haystack::new(&self.entries, self.by_title.as_deref().unwrap_or_default()));
        let mut ranked: [Vec<ObjectId>; N_RANKS] = Default::default();
        haystack.find(&query.words, |span, rank| {
            let entry = &self.entries[span.entry];
            if allows(&entry.row) && query.allows_text(&entry.title, &entry.text) {
                ranked[rank].push(entry.row.id);
            }
        });
        ranked.concat()
    }

    fn sort_by_title(&mut self) {
        if self.by_title.is_none() {
            let mut order: Vec<usize> = (0..self.entries.len()).collect();
            order.sort_unstable_by(|&a, &b| {
                let (a, b) = (&self.entries[a], &self.entries[b]);
                a.title.as_str().cmp(b.title.as_str()).then_with(|| a.row.id.cmp(&b.row.id))
            });
            self.by_title = Some(order);
            self.haystack = None;
        }
    }
}

impl Haystack {
    fn new(entries: &[Entry], order: &[usize]) -> Self {
        let len = entries.iter().map(|entry| entry.title.len() + entry.text.len() + 2).sum();
        let mut bytes = Zeroizing::new(String::with_capacity(len));
        let rows = order.iter().map(|&entry| {
            let title = bytes.len();
            bytes.push_str(&entries[entry].title);
            bytes.push('\n');
            let text = bytes.len();
            bytes.push_str(&entries[entry].text);
            bytes.push('\n');
            Span { entry, title, text, end: bytes.len() }
        });
        let rows = rows.collect();
        Self { bytes, rows }
    }

    /// Gives every entry that has all words, in the order of titles, with its rank.
    fn find(&self, words: &[Word], mut hit: impl FnMut(Span, usize)) {
        let finders: Vec<WordFinder<'_>> = words.iter().map(WordFinder::new).collect();
        // The longest word that has no second form is the rarest: only where it is, the others are looked for.
        let first = finders.iter().filter(|finder| finder.digits.is_none()).max_by_key(|finder| finder.text.needle().len());
        let rank = |span: Span| {
            let (title, text) = (&self.bytes[span.title..span.text - 1], &self.bytes[span.text..span.end]);
            finders.iter().try_fold(0, |worst, finder| Some(worst.max(finder.rank(title, text)?)))
        };
        let mut visit = |span: Span| {
            if let Some(rank) = rank(span) {
                hit(span, rank);
            }
        };
        let Some(first) = first else { return self.rows.iter().copied().for_each(visit) };
        let (mut row, mut at) = (0, 0);
        while let Some(found) = self.bytes.as_bytes().get(at..).and_then(|rest| first.text.find(rest)) {
            let found = at + found;
            row += self.rows[row..].partition_point(|span| span.end <= found);
            let Some(span) = self.rows.get(row) else { return };
            visit(*span);
            at = span.end;
        }
    }
}

struct Dates<'a> {
    today: &'a str,
    soon: &'a str,
}

fn in_scope(row: &ItemRow, scope: &Scope, dates: &Dates<'_>) -> bool {
    let live = !row.trashed && !row.archived;
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

/// Whether `folder` is `parent` or below it.
fn is_inside(folder: &str, parent: &str) -> bool {
    folder == parent || folder.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// Ranks: 0 the title is the words, 1 it begins with them, 2 a word of it does, 3 it holds them, 4 a word of the text begins with them, 5 else.
const N_RANKS: usize = 6;

/// Looks for one word.
struct WordFinder<'q> {
    text: Finder<'q>,
    digits: Option<Finder<'q>>,
}

impl<'q> WordFinder<'q> {
    fn new(word: &'q Word) -> Self {
        let digits = word.digits.as_ref().filter(|digits| **digits != word.text).map(|digits| Finder::new(digits.as_bytes()));
        Self { text: Finder::new(word.text.as_bytes()), digits }
    }

    /// How well the word fits an entry; `None` if it is nowhere.
    fn rank(&self, title: &str, text: &str) -> Option<usize> {
        Some(match self.text.find(title.as_bytes()) {
            Some(0) if title.len() == self.text.needle().len() => 0,
            Some(0) => 1,
            Some(at) => 3 - usize::from(begins_word(title, at)),
            None => match self.text.find(text.as_bytes()) {
                Some(at) => 5 - usize::from(begins_word(text, at)),
                None => self.digits.as_ref()?.find(text.as_bytes()).map(|_| N_RANKS - 1)?,
            },
        })
    }
}

fn begins_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
}

fn searched_text(item: &Item, row: &ItemRow) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    let mut add = |part: &str| {
        if !part.is_empty() {
            let folded = Zeroizing::new(fold::fold(part));
            text.push_str(&folded);
            text.push('\n');
        }
    };
    add(&row.subtitle);
    row.tags.iter().for_each(|tag| add(tag));
    add(&row.folder);
    for field in &item.fields {
        add(&field.label);
        if !field.field_type.is_secret() {
            let value = field.value.expose();
            let searched = &value[..value.floor_char_boundary(MAX_SEARCHED_BYTES)];
            add(searched);
            add(&fold::digit_runs(searched));
        }
    }
    item.attachments.iter().for_each(|attachment| add(&attachment.name));
    text
}

#[cfg(test)]
mod tests;
