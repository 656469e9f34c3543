//! Rows that some views want apart, kept row by row: no frame looks through all of them.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use vault_model::ItemRow;
use vault_protocol::ObjectId;

/// Rows that are kept of those changed last; when fewer than [`FEW_RECENT`] are left, they are looked up anew.
const KEPT_RECENT: usize = 64;
/// Rows of those changed last that there are always, if there are so many rows.
pub const FEW_RECENT: usize = 5;

/// See the module. Rows in the archive or the trash neither expire nor count as changed.
#[derive(Default)]
pub struct Picks {
    /// By date and title.
    expiring: BTreeSet<(String, String, ObjectId)>,
    /// Changed last first, then by title.
    trash: BTreeSet<(Reverse<u64>, String, ObjectId)>,
    /// Changed last first.
    recent: Vec<Recent>,
    /// Whether there are rows that `recent` has no room for.
    has_older: bool,
}

type Recent = (Reverse<u64>, ObjectId);

impl Picks {
    /// Items with a date on which they expire, the first date first.
    pub fn expiring(&self) -> impl Iterator<Item = ObjectId> {
        self.expiring.iter().map(|(.., item)| *item)
    }

    /// The trash, what was changed last first.
    pub fn trash(&self) -> impl Iterator<Item = ObjectId> {
        self.trash.iter().map(|(.., item)| *item)
    }

    /// The items changed last, the newest first: at least [`FEW_RECENT`], or all.
    pub fn recent(&self) -> impl Iterator<Item = ObjectId> {
        self.recent.iter().map(|(_, item)| *item)
    }

    /// Takes a row in.
    pub(super) fn add(&mut self, row: &ItemRow) {
        if row.trashed {
            self.trash.insert((Reverse(row.changed_ms), row.title.clone(), row.id));
        }
        if !is_live(row) {
            return;
        }
        if !row.expires.is_empty() {
            self.expiring.insert((row.expires.clone(), row.title.clone(), row.id));
        }
        let key = recent_key(row);
        if self.recent.len() == KEPT_RECENT && self.recent.last().is_some_and(|last| *last < key) {
            self.has_older = true;
            return;
        }
        // Below the last that is kept there may be others that are not.
        if self.has_older && self.recent.last().is_none_or(|last| *last < key) {
            return;
        }
        if let Err(place) = self.recent.binary_search(&key) {
            self.recent.insert(place, key);
        }
        if self.recent.len() > KEPT_RECENT {
            self.recent.pop();
            self.has_older = true;
        }
    }

    /// Takes a row out again.
    pub(super) fn remove(&mut self, row: &ItemRow) {
        if row.trashed {
            self.trash.remove(&(Reverse(row.changed_ms), row.title.clone(), row.id));
        }
        if !row.expires.is_empty() {
            self.expiring.remove(&(row.expires.clone(), row.title.clone(), row.id));
        }
        if let Ok(place) = self.recent.binary_search(&recent_key(row)) {
            self.recent.remove(place);
        }
    }

    /// Looks the newest up anew if too few are left. To be called when all changes at hand are in.
    pub(super) fn refill(&mut self, rows: &HashMap<ObjectId, ItemRow>) {
        if self.recent.len() >= FEW_RECENT || !self.has_older {
            return;
        }
        let mut recent: Vec<Recent> = rows.values().filter(|row| is_live(row)).map(recent_key).collect();
        self.has_older = recent.len() > KEPT_RECENT;
        if self.has_older {
            recent.select_nth_unstable(KEPT_RECENT);
            recent.truncate(KEPT_RECENT);
        }
        recent.sort_unstable();
        self.recent = recent;
    }
}

fn is_live(row: &ItemRow) -> bool {
    !row.trashed && !row.archived
}

fn recent_key(row: &ItemRow) -> Recent {
    (Reverse(row.changed_ms), row.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u8, changed_ms: u64) -> ItemRow {
        ItemRow {
            id: ObjectId([n; 16]),
            kind: "note".to_owned(),
            title: format!("Item {n}"),
            subtitle: String::new(),
            folder: String::new(),
            tags: BTreeSet::new(),
            favourite: false,
            archived: false,
            trashed: false,
            conflict: false,
            has_totp: false,
            n_attachments: 0,
            host: String::new(),
            expires: String::new(),
            created_ms: 0,
            changed_ms,
            field_names: Vec::new(),
        }
    }

    fn newest(picks: &Picks) -> Vec<u8> {
        picks.recent().take(FEW_RECENT).map(|item| item.0[0]).collect()
    }

    #[test]
    fn the_newest_are_right_whatever_comes_and_goes() {
        let mut rows = HashMap::new();
        let mut picks = Picks::default();
        let mut state = 7_u32;
        for _ in 0..5_000 {
            // A linear congruential generator (Numerical Recipes): the same in every run.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let n = (state >> 24) as u8;
            if let Some(old) = rows.remove(&ObjectId([n; 16])) {
                picks.remove(&old);
            }
            if state >> 22 & 3 != 0 {
                let new = ItemRow { archived: state >> 20 & 3 == 0, ..row(n, u64::from(state >> 8 & 0xff)) };
                picks.add(&new);
                rows.insert(new.id, new);
            }
            picks.refill(&rows);
            let mut expected: Vec<&ItemRow> = rows.values().filter(|row| !row.archived).collect();
            expected.sort_by_key(|row| (Reverse(row.changed_ms), row.id));
            assert_eq!(newest(&picks), expected.iter().take(FEW_RECENT).map(|row| row.id.0[0]).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_expires_comes_by_its_date_and_never_from_the_trash() {
        let mut picks = Picks::default();
        let late = ItemRow { expires: "2027-01-01".into(), ..row(1, 0) };
        let soon = ItemRow { expires: "2026-02-01".into(), ..row(2, 0) };
        let gone = ItemRow { expires: "2026-01-01".into(), trashed: true, ..row(3, 0) };
        [&late, &soon, &gone].into_iter().for_each(|row| picks.add(row));
        assert_eq!(picks.expiring().collect::<Vec<_>>(), [soon.id, late.id]);
        assert_eq!(picks.trash().collect::<Vec<_>>(), [gone.id]);
        [&late, &soon, &gone].into_iter().for_each(|row| picks.remove(row));
        assert_eq!((picks.expiring().count(), picks.trash().count(), picks.recent().count()), (0, 0, 0));
    }
}
