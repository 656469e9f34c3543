//! Into what parts a blob falls, and which of them are there.

use crate::api::bounds::{MAX_BLOB_BYTES, MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES};

/// How a blob falls into parts: all of the same length but the last, which may be shorter and is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartSizes {
    len_bytes: u64,
    part_bytes: u32,
}

impl PartSizes {
    /// `None` if a number is outside its bounds: 1 … [`MAX_BLOB_BYTES`], [`MIN_PART_BYTES`] … [`MAX_PART_BYTES`], [`MAX_PARTS`] parts.
    pub fn new(len_bytes: u64, part_bytes: u32) -> Option<Self> {
        let sound = (1..=MAX_BLOB_BYTES).contains(&len_bytes) && (MIN_PART_BYTES..=MAX_PART_BYTES).contains(&part_bytes);
        let sizes = Self { len_bytes, part_bytes };
        (sound && len_bytes.div_ceil(part_bytes.into()) <= u64::from(MAX_PARTS)).then_some(sizes)
    }

    /// Bytes of the whole.
    pub fn len_bytes(self) -> u64 {
        self.len_bytes
    }

    /// Bytes of every part but the last.
    pub fn part_bytes(self) -> u32 {
        self.part_bytes
    }

    /// How many parts: 1 … [`MAX_PARTS`].
    pub fn n_parts(self) -> u32 {
        self.len_bytes.div_ceil(self.part_bytes.into()) as u32
    }

    /// Where a part begins and how many bytes it has; `None` if there is no such part. Parts count from 0.
    pub fn part(self, part: u32) -> Option<(u64, u32)> {
        let from = u64::from(part) * u64::from(self.part_bytes);
        (part < self.n_parts()).then(|| (from, (self.len_bytes - from).min(self.part_bytes.into()) as u32))
    }
}

/// Which parts of a blob are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSet {
    n_parts: u32,
    /// Part p is bit p mod 8, counted from the least, of byte p / 8.
    bits: Vec<u8>,
}

impl PartSet {
    /// None of `n_parts`, at most [`MAX_PARTS`].
    pub fn none_of(n_parts: u32) -> Self {
        let n_parts = n_parts.min(MAX_PARTS);
        Self { n_parts, bits: vec![0; n_parts.div_ceil(8) as usize] }
    }

    /// All of `n_parts`, at most [`MAX_PARTS`].
    pub fn all_of(n_parts: u32) -> Self {
        let mut all = Self::none_of(n_parts);
        (0..all.n_parts).for_each(|part| all.insert(part));
        all
    }

    /// How many parts there are to have.
    pub fn n_parts(&self) -> u32 {
        self.n_parts
    }

    /// Adds a part; nothing if there is none of that number.
    pub fn insert(&mut self, part: u32) {
        if part < self.n_parts {
            self.bits[(part / 8) as usize] |= 1 << (part % 8);
        }
    }

    /// Whether a part is there.
    pub fn contains(&self, part: u32) -> bool {
        part < self.n_parts && self.bits[(part / 8) as usize] & 1 << (part % 8) != 0
    }

    /// How many are there.
    pub fn n_present(&self) -> u32 {
        self.bits.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Those that are not there, ascending.
    pub fn missing(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.n_parts).filter(|part| !self.contains(*part))
    }

    /// Whether none is missing.
    pub fn is_full(&self) -> bool {
        self.n_present() == self.n_parts
    }

    pub(super) fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// What [`Self::bits`] gives, if no bit stands for a part that there is not.
    pub(super) fn of_bits(n_parts: u32, bits: Vec<u8>) -> Option<Self> {
        let fits = (1..=MAX_PARTS).contains(&n_parts) && bits.len() == n_parts.div_ceil(8) as usize;
        let spare = bits.last().is_some_and(|last| !n_parts.is_multiple_of(8) && last >> (n_parts % 8) != 0);
        (fits && !spare).then_some(Self { n_parts, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_falls_into_whole_parts_and_a_rest_that_is_never_empty() {
        let sizes = |len| PartSizes::new(len, MIN_PART_BYTES).expect("within its bounds");
        let part = u64::from(MIN_PART_BYTES);
        assert_eq!((sizes(1).n_parts(), sizes(1).part(0), sizes(1).part(1)), (1, Some((0, 1)), None));
        assert_eq!((sizes(part).n_parts(), sizes(part).part(0)), (1, Some((0, MIN_PART_BYTES))));
        assert_eq!((sizes(part + 1).n_parts(), sizes(part + 1).part(1)), (2, Some((part, 1))));
    }

    #[test]
    fn lengths_and_counts_outside_their_bounds_are_no_parts() {
        assert!(PartSizes::new(MAX_BLOB_BYTES, 4 << 20).is_some());
        for (len, part) in [
            (0, 4 << 20),
            (MAX_BLOB_BYTES + 1, MAX_PART_BYTES),
            (1, MIN_PART_BYTES - 1),
            (1, MAX_PART_BYTES + 1),
            (MAX_BLOB_BYTES, (4 << 20) - 1),
        ] {
            assert_eq!(PartSizes::new(len, part), None, "{len} {part}");
        }
    }

    #[test]
    fn a_set_of_parts_knows_what_is_missing() {
        let mut set = PartSet::none_of(11);
        [0, 9, 10, 11, 9].into_iter().for_each(|part| set.insert(part));
        assert_eq!((set.n_present(), set.is_full(), set.contains(11)), (3, false, false));
        assert_eq!(set.missing().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(PartSet::all_of(11).is_full());
        assert_eq!(PartSet::of_bits(11, set.bits().to_vec()), Some(set));
        assert_eq!(PartSet::of_bits(11, vec![0, 8]), None);
        assert_eq!(PartSet::of_bits(11, vec![0]), None);
        assert_eq!(PartSet::of_bits(0, vec![]), None);
    }
}
