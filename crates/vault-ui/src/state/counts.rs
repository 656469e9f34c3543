//! How many items there are of each sort, kept up to date row by row.

use std::collections::BTreeMap;

use vault_model::ItemRow;

/// Numbers for the sidebar. Archive and trash count only themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Neither archived nor in the trash.
    pub all: usize,
    /// Favourites among them.
    pub favourites: usize,
    /// In the archive.
    pub archived: usize,
    /// In the trash.
    pub trashed: usize,
    /// With concurrent values.
    pub conflicts: usize,
    /// By kind.
    pub kinds: BTreeMap<String, usize>,
    /// By tag.
    pub tags: BTreeMap<String, usize>,
    /// By folder; each folder counts what is below it too.
    pub folders: BTreeMap<String, usize>,
}

impl Counts {
    /// Counts a row in.
    pub fn add(&mut self, row: &ItemRow) {
        self.change(row, true);
    }

    /// Takes a row out again.
    pub fn remove(&mut self, row: &ItemRow) {
        self.change(row, false);
    }

    fn change(&mut self, row: &ItemRow, up: bool) {
        if row.trashed {
            return step(&mut self.trashed, up);
        }
        if row.archived {
            return step(&mut self.archived, up);
        }
        step(&mut self.all, up);
        if row.favourite {
            step(&mut self.favourites, up);
        }
        if row.conflict {
            step(&mut self.conflicts, up);
        }
        step_key(&mut self.kinds, &row.kind, up);
        for tag in &row.tags {
            step_key(&mut self.tags, tag, up);
        }
        let ends = row.folder.match_indices('/').map(|(at, _)| at).chain([row.folder.len()]);
        for end in ends.filter(|&end| end > 0) {
            step_key(&mut self.folders, &row.folder[..end], up);
        }
    }
}

fn step(count: &mut usize, up: bool) {
    *count = if up { *count + 1 } else { count.saturating_sub(1) };
}

fn step_key(counts: &mut BTreeMap<String, usize>, key: &str, up: bool) {
    match counts.get_mut(key) {
        Some(count) => {
            step(count, up);
            if *count == 0 {
                counts.remove(key);
            }
        }
        None if up => {
            counts.insert(key.to_owned(), 1);
        }
        None => {}
    }
}
