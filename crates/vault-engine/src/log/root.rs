//! The state root: one number that two replicas compare to know that they hold the same.
//!
//! `Σ HMAC-SHA-256(K_root, object ‖ SHA-256(row body)) + Σ HMAC-SHA-256(K_root, retired object ‖ "gone")`, modulo 2^256, each term and the
//! sum 32 bytes little endian. Adding and taking away a term costs the same whatever the vault holds.

use sha2::{Digest, Sha256};
use vault_crypto::secret::StateTerms;
use vault_protocol::{Hash, ObjectId};

/// A sum of terms modulo 2^256, as 32 bytes little endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Root(pub [u8; 32]);

/// What one object adds to the root, 32 bytes little endian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Term(pub [u8; 32]);

impl Term {
    /// Of an object with this canonical row body.
    pub fn of_object(terms: &StateTerms, object: ObjectId, row_body: &[u8]) -> Self {
        Self(terms.object(object, Hash(Sha256::digest(row_body).into())))
    }

    /// Of an object that is gone for ever.
    pub fn of_retired(terms: &StateTerms, object: ObjectId) -> Self {
        Self(terms.gone(object))
    }
}

impl Root {
    /// Adds a term.
    pub fn add(&mut self, term: Term) {
        let mut carry = false;
        for (sum, term) in self.0.chunks_exact_mut(8).zip(term.0.chunks_exact(8)) {
            let (partial, over) = limb(sum).overflowing_add(limb(term));
            let (total, over_again) = partial.overflowing_add(u64::from(carry));
            carry = over || over_again;
            sum.copy_from_slice(&total.to_le_bytes());
        }
    }

    /// Takes a term away.
    pub fn take(&mut self, term: Term) {
        let mut borrow = false;
        for (sum, term) in self.0.chunks_exact_mut(8).zip(term.0.chunks_exact(8)) {
            let (partial, under) = limb(sum).overflowing_sub(limb(term));
            let (total, under_again) = partial.overflowing_sub(u64::from(borrow));
            borrow = under || under_again;
            sum.copy_from_slice(&total.to_le_bytes());
        }
    }
}

/// Eight bytes as a number.
fn limb(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(low: u64) -> Term {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&low.to_le_bytes());
        Term(bytes)
    }

    #[test]
    fn a_carry_crosses_all_limbs_and_wraps() {
        let mut root = Root([0xff; 32]);
        root.add(number(1));
        assert_eq!(root, Root::default());
        root.take(number(1));
        assert_eq!(root, Root([0xff; 32]));
    }

    #[test]
    fn the_least_byte_comes_first() {
        let mut root = Root::default();
        root.add(number(255));
        root.add(number(2));
        assert_eq!(root.0[..3], [1, 1, 0]);
    }

    #[test]
    fn the_order_of_terms_does_not_matter() {
        let terms = [Term([0xfe; 32]), Term([3; 32]), number(u64::MAX)];
        let sum = |order: [usize; 3]| {
            let mut root = Root::default();
            order.into_iter().for_each(|n| root.add(terms[n]));
            root
        };
        assert_eq!(sum([0, 1, 2]), sum([2, 0, 1]));
        let mut root = sum([1, 0, 2]);
        root.take(terms[0]);
        root.take(terms[2]);
        assert_eq!(root.0, terms[1].0);
    }
}
