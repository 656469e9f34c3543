//! What guessing the master password costs.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Parameters of Argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct KdfCost {
    /// Memory in KiB.
    #[n(0)]
    pub memory_kib: u32,
    /// Passes over the memory.
    #[n(1)]
    pub passes: u32,
    /// Lanes.
    #[n(2)]
    pub lanes: u32,
}

/// Why a cost was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// Under [`KdfCost::FLOOR`] (MS01).
    #[error("the derivation cost is under the floor")]
    BelowFloor,
    /// Over [`KdfCost::CEILING`] (MS02).
    #[error("the derivation cost is over the ceiling")]
    AboveCeiling,
}

impl KdfCost {
    /// The least that is accepted, and the default: 64 MiB, 3 passes, 1 lane (RFC 9106 §4, second recommendation, with one lane so that a
    /// browser without threads is no slower than it must be).
    pub const FLOOR: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The most that is accepted: more would let a stranger's file stop the program (MS02).
    pub const CEILING: Self = Self { memory_kib: 1024 * 1024, passes: 20, lanes: 16 };

    /// A cost within floor and ceiling.
    ///
    /// # Errors
    ///
    /// As [`Self::check`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let cost = Self { memory_kib, passes, lanes };
        cost.check().map(|()| cost)
    }

    /// Compares with floor and ceiling.
    ///
    /// # Errors
    ///
    /// [`CostError::BelowFloor`] or [`CostError::AboveCeiling`] if any of the three numbers is outside.
    pub fn check(self) -> Result<(), CostError> {
        if !self.is_at_least(Self::FLOOR) {
            Err(CostError::BelowFloor)
        } else if !Self::CEILING.is_at_least(self) {
            Err(CostError::AboveCeiling)
        } else {
            Ok(())
        }
    }

    /// Whether [`Self::check`] accepts it.
    pub fn is_within(self) -> bool {
        self.check().is_ok()
    }

    /// Whether none of the three numbers is smaller than that of `other`.
    pub fn is_at_least(self, other: Self) -> bool {
        self.memory_kib >= other.memory_kib && self.passes >= other.passes && self.lanes >= other.lanes
    }

    /// The greater of each number: what is in force where two raises meet.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            memory_kib: self.memory_kib.max(other.memory_kib),
            passes: self.passes.max(other.passes),
            lanes: self.lanes.max(other.lanes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_and_ceiling_are_themselves_within() {
        assert!(KdfCost::FLOOR.is_within() && KdfCost::CEILING.is_within());
    }

    #[test]
    fn ms01_a_cost_under_the_floor_in_any_number_is_refused() {
        for (memory_kib, passes, lanes) in [(64 * 1024 - 1, 3, 1), (64 * 1024, 2, 1), (64 * 1024, 3, 0), (0, 0, 0), (1024 * 1024, 1, 16)] {
            assert_eq!(KdfCost::new(memory_kib, passes, lanes), Err(CostError::BelowFloor));
        }
    }

    #[test]
    fn ms02_a_cost_over_the_ceiling_in_any_number_is_refused() {
        for (memory_kib, passes, lanes) in [(1024 * 1024 + 1, 3, 1), (64 * 1024, 21, 1), (64 * 1024, 3, 17), (u32::MAX, u32::MAX, u32::MAX)]
        {
            assert_eq!(KdfCost::new(memory_kib, passes, lanes), Err(CostError::AboveCeiling));
        }
    }
}
