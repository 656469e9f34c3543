//! All texts in one piece, and how well a word fits where it is found.

use memchr::memmem::Finder;
use vault_protocol::ObjectId;
use zeroize::Zeroizing;

use super::{Entry, is_live, query::Word};

/// Ranks: 0 the title is the words, 1 it begins with them, 2 a word of it does, 3 it holds them, 4 a word of the text begins with them, 5 else.
pub(super) const N_RANKS: usize = 6;

/// The texts of all entries one behind the other, in the order of their titles: `title \n text \n`. One pass over it finds a word anywhere;
/// a folded word never holds a line break, so no hit crosses two texts.
pub(super) struct Haystack {
    bytes: Zeroizing<String>,
    rows: Vec<Span>,
}

/// Where an entry's texts lie, and what nearly every search asks of it: entries lie in another order, and each visit to one waits for memory.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) entry: usize,
    title: usize,
    text: usize,
    end: usize,
    pub(super) id: ObjectId,
    pub(super) is_live: bool,
}

impl Haystack {
    /// The texts of `entries` in this order.
    pub(super) fn new(entries: &[Entry], order: impl Iterator<Item = usize>) -> Self {
        let len = entries.iter().map(|entry| entry.title.len() + entry.text.len() + 2).sum();
        let mut bytes = Zeroizing::new(String::with_capacity(len));
        let rows = order.map(|at| {
            let entry = &entries[at];
            let title = bytes.len();
            bytes.push_str(&entry.title);
            bytes.push('\n');
            let text = bytes.len();
            bytes.push_str(&entry.text);
            bytes.push('\n');
            Span { entry: at, title, text, end: bytes.len(), id: entry.row.id, is_live: is_live(&entry.row) }
        });
        let rows = rows.collect();
        Self { bytes, rows }
    }

    /// Gives every entry that has all words, in the order of titles, with its rank, title and text.
    pub(super) fn find(&self, words: &[Word], mut hit: impl FnMut(&Span, usize, &str, &str)) {
        let mut finders: Vec<WordFinder<'_>> = words.iter().map(WordFinder::new).collect();
        // The longest word that has no second form is the rarest: only where it is, the others are looked for.
        let rarest = (0..finders.len()).filter(|&n| finders[n].digits.is_none()).max_by_key(|&n| finders[n].text.needle().len());
        let texts = |span: &Span| (&self.bytes[span.title..span.text - 1], &self.bytes[span.text..span.end]);
        let Some(rarest) = rarest else {
            for span in &self.rows {
                let (title, text) = texts(span);
                if let Some(rank) = worst_rank(&finders, 0, title, text) {
                    hit(span, rank, title, text);
                }
            }
            return;
        };
        let rarest = finders.swap_remove(rarest);
        let (mut row, mut at) = (0, 0);
        while let Some(found) = self.bytes.as_bytes().get(at..).and_then(|rest| rarest.text.find(rest)) {
            let found = at + found;
            row = row_of(&self.rows, row, found);
            let Some(span) = self.rows.get(row) else { return };
            let (title, text) = texts(span);
            // This is the word's first place in the entry.
            let rank =
                if found < span.text { rarest.rank_in_title(title, found - span.title) } else { rank_in_text(text, found - span.text) };
            if let Some(rank) = worst_rank(&finders, rank, title, text) {
                hit(span, rank, title, text);
            }
            at = span.end;
        }
    }
}

/// The worst of `rank` and the ranks of all words; `None` if one is nowhere.
fn worst_rank(finders: &[WordFinder<'_>], rank: usize, title: &str, text: &str) -> Option<usize> {
    finders.iter().try_fold(rank, |worst, finder| Some(worst.max(finder.rank(title, text)?)))
}

/// The row that holds the byte `at`, at or behind row `from`: most often one of the next.
fn row_of(rows: &[Span], mut from: usize, at: usize) -> usize {
    let mut width = 1;
    while rows.get(from + width - 1).is_some_and(|last| last.end <= at) {
        from += width;
        width *= 2;
    }
    let near = &rows[from..(from + width).min(rows.len())];
    from + near.partition_point(|span| span.end <= at)
}

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
        if let Some(at) = self.text.find(title.as_bytes()) {
            return Some(self.rank_in_title(title, at));
        }
        if let Some(at) = self.text.find(text.as_bytes()) {
            return Some(rank_in_text(text, at));
        }
        self.digits.as_ref()?.find(text.as_bytes()).map(|_| N_RANKS - 1)
    }

    /// How well the word fits a title that has it first at `at`.
    fn rank_in_title(&self, title: &str, at: usize) -> usize {
        match at {
            0 if title.len() == self.text.needle().len() => 0,
            0 => 1,
            _ => 3 - usize::from(begins_word(title, at)),
        }
    }
}

/// How well a word fits a text that has it first at `at`.
fn rank_in_text(text: &str, at: usize) -> usize {
    5 - usize::from(begins_word(text, at))
}

fn begins_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
}
