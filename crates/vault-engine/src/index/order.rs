//! The order of the folded titles, kept while items come and go: an edit among many costs a search for its place, not a sort of all.

use zeroize::{Zeroize, Zeroizing};

use super::Entry;

/// Positions in the index's entries, by folded title and then by id.
#[derive(Default)]
pub(super) struct Order {
    spots: Zeroizing<Vec<Spot>>,
    /// So many at the end came since the last sort.
    n_fresh: usize,
    /// Entries were changed or removed while others were fresh: only a sort of all mends that.
    is_broken: bool,
}

/// An entry's position, and the first bytes of its title: most comparisons need not visit the entries, which lie all over memory.
#[derive(Clone, Copy, Default, Zeroize)]
struct Spot {
    prefix: u64,
    at: u32,
}

impl Spot {
    fn of(entries: &[Entry], at: usize) -> Self {
        let mut prefix = [0; size_of::<u64>()];
        for (to, from) in prefix.iter_mut().zip(entries[at].title.bytes()) {
            *to = from;
        }
        // Far fewer entries than numbers: each takes a hundred bytes and more.
        Self { prefix: u64::from_be_bytes(prefix), at: at as u32 }
    }

    fn cmp(self, other: Self, entries: &[Entry]) -> std::cmp::Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| {
            let (one, other) = (&entries[self.at as usize], &entries[other.at as usize]);
            one.title.as_str().cmp(other.title.as_str()).then_with(|| one.row.id.cmp(&other.row.id))
        })
    }
}

impl Order {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, n_more: usize) {
        self.spots.reserve(n_more);
    }

    /// Takes the new entry at `at` in.
    pub(super) fn add(&mut self, entries: &[Entry], at: usize) {
        if !self.is_broken {
            self.spots.push(Spot::of(entries, at));
            self.n_fresh += 1;
        }
    }

    /// Lets go of the entry at `at`, whose title is about to change.
    pub(super) fn take_out(&mut self, entries: &[Entry], at: usize) {
        match self.find(entries, at) {
            Some(place) => drop(self.spots.remove(place)),
            None => self.is_broken = true,
        }
    }

    /// Takes the entry at `at` in again, with its new title.
    pub(super) fn put_back(&mut self, entries: &[Entry], at: usize) {
        if self.is_broken || self.n_fresh > 0 {
            return self.add(entries, at);
        }
        let spot = Spot::of(entries, at);
        let place = self.spots.partition_point(|other| other.cmp(spot, entries).is_lt());
        self.spots.insert(place, spot);
    }

    /// Lets go of the entry at `at`, which is about to be replaced by the last one.
    pub(super) fn swap_remove(&mut self, entries: &[Entry], at: usize) {
        let last = entries.len() - 1;
        if let (Some(place), Some(of_last)) = (self.find(entries, at), self.find(entries, last)) {
            self.spots[of_last].at = at as u32;
            self.spots.remove(place);
        } else {
            self.is_broken = true;
        }
    }

    /// The positions in order.
    pub(super) fn sorted(&mut self, entries: &[Entry]) -> impl Iterator<Item = usize> + use<'_> {
        if self.is_broken {
            self.spots.clear();
            self.spots.extend((0..entries.len()).map(|at| Spot::of(entries, at)));
        }
        if self.is_broken || self.n_fresh > 0 {
            // It finds what is in order already and goes over that once.
            self.spots.sort_by(|one, other| one.cmp(*other, entries));
        }
        (self.is_broken, self.n_fresh) = (false, 0);
        self.spots.iter().map(|spot| spot.at as usize)
    }

    /// Where in the order an entry stands; `None` if not all are in order.
    fn find(&self, entries: &[Entry], at: usize) -> Option<usize> {
        if self.is_broken || self.n_fresh > 0 {
            return None;
        }
        let wanted = Spot::of(entries, at);
        self.spots.binary_search_by(|spot| spot.cmp(wanted, entries)).ok()
    }
}
