//! What has to be there in the end.

use std::collections::{BTreeMap, BTreeSet};

use vault_protocol::ObjectId;

/// See the module.
#[derive(Default)]
pub(super) struct Model {
    /// Every item that was acknowledged.
    pub(super) items: Vec<ObjectId>,
    /// Values that were acknowledged, by item.
    entered: BTreeMap<ObjectId, BTreeSet<String>>,
    /// Values of a device that was removed before anybody had them: they may be missing.
    excused: BTreeSet<String>,
    /// Machines whose folder somebody has copied. Nobody knows of the second one before it has a log of its own, so no purge waits for it.
    copied: BTreeSet<usize>,
    /// What whoever asked for a purge knew of the item.
    purges: BTreeMap<ObjectId, BTreeSet<String>>,
    /// Who asked for it.
    purgers: BTreeMap<ObjectId, BTreeSet<usize>>,
    /// Items that all were agreed to be gone for ever.
    gone: BTreeSet<ObjectId>,
    /// Items that each device has had.
    known: Vec<BTreeSet<ObjectId>>,
}

impl Model {
    pub(super) fn new(n_devices: usize) -> Self {
        Self { known: vec![BTreeSet::new(); n_devices], ..Self::default() }
    }

    /// One device more: it has what `like` has, or nothing.
    pub(super) fn add_device(&mut self, like: Option<usize>) {
        let known = like.map(|n| self.known[n].clone()).unwrap_or_default();
        self.known.push(known);
    }

    /// What a device has had so far.
    pub(super) fn known(&self, n: usize) -> &BTreeSet<ObjectId> {
        &self.known[n]
    }

    /// A device's folder was replaced by an older one.
    pub(super) fn set_known(&mut self, n: usize, known: BTreeSet<ObjectId>) {
        self.known[n] = known;
    }

    /// A value was acknowledged on a device.
    pub(super) fn entered(&mut self, n: usize, item: ObjectId, value: String) {
        if self.entered.entry(item).or_default().is_empty() {
            self.items.push(item);
        }
        self.entered.entry(item).or_default().insert(value);
        self.known[n].insert(item);
    }

    /// A device has the item, or not: then it must never have had it, or somebody has asked for its end.
    pub(super) fn looked(&mut self, n: usize, item: ObjectId, is_there: bool) {
        if is_there {
            self.known[n].insert(item);
        } else if self.known[n].contains(&item) {
            assert!(self.purges.contains_key(&item), "device {n} has lost an item that nobody purged");
        }
    }

    /// A purge was asked for by who knew these values of the item.
    ///
    /// What a copied machine asked for is written again in its new log, when it may have seen more than the person had.
    pub(super) fn purge_asked(&mut self, n: usize, item: ObjectId, known: BTreeSet<String>) {
        self.purges.entry(item).or_default().extend(known);
        self.purgers.entry(item).or_default().insert(n);
    }

    /// All are agreed that the item is gone.
    pub(super) fn is_gone(&mut self, item: ObjectId) {
        self.gone.insert(item);
    }

    /// Nobody can be blamed if these are missing.
    pub(super) fn excuse(&mut self, values: impl IntoIterator<Item = String>) {
        self.excused.extend(values);
    }

    /// All values of a device by their beginning.
    pub(super) fn values_of(&self, n: usize) -> Vec<(ObjectId, String)> {
        let own = format!("{n}-");
        let of_item = |(item, values): (&ObjectId, &BTreeSet<String>)| {
            values.iter().filter(|value| value.starts_with(&own)).map(|value| (*item, value.clone())).collect::<Vec<_>>()
        };
        self.entered.iter().flat_map(of_item).collect()
    }

    /// Whether a machine's folder has been copied.
    pub(super) fn has_copy(&self, n: usize) -> bool {
        self.copied.contains(&n)
    }

    /// A folder has been copied.
    pub(super) fn is_copied(&mut self, n: usize) {
        self.copied.insert(n);
    }

    /// Whether it may be, and has to be, that an item is not there.
    pub(super) fn check_gone(&self, item: ObjectId) {
        if self.purgers.get(&item).is_some_and(|purgers| !purgers.is_disjoint(&self.copied)) {
            return;
        }
        let by_copied = |value: &str| self.copied.iter().any(|n| value.starts_with(&format!("{n}-")));
        let must_stay: BTreeSet<&String> =
            self.entered[&item].iter().filter(|value| !by_copied(value) && !self.excused.contains(*value)).collect();
        let known: BTreeSet<&String> = self.purges.get(&item).into_iter().flatten().collect();
        let unseen: Vec<&&String> = must_stay.difference(&known).collect();
        assert!(unseen.is_empty(), "{item} is gone with values that nobody who purged it had seen: {unseen:?}");
    }

    /// That an item which is there has every value it ever had.
    pub(super) fn check_there(&self, n: usize, item: ObjectId, past: &BTreeSet<String>) {
        assert!(!self.gone.contains(&item), "{item} was purged, and is back on device {n}");
        let lost: Vec<&String> = self.entered[&item].difference(past).filter(|value| !self.excused.contains(*value)).collect();
        assert!(lost.is_empty(), "device {n} has lost {lost:?}: {past:?}");
    }
}
