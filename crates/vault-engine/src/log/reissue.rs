//! Moves work that no carrier has taken into a new log (MS16; entries sealed under an epoch that a removal has superseded).
//!
//! The replica is built anew under its new log, beside the old one: stage all stored entries but those that move, then write each of those
//! again, oldest first, with the dots of its own kind translated. Nothing typed is dropped, and nobody ever sees the old entries.
//!
//! ```text
//! let mut reissue = Reissue::new(old_log);
//! for (seq, body) in unpushed {
//!     let again = reissue.translate(&body);
//!     let edit = replica.edit(&context, again.ops, &blobs_of(seq), entropy)?;     // store, commit
//!     reissue.note(seq, &again.positions, &edit.dots);
//! }
//! ```

use std::collections::BTreeMap;

use vault_protocol::{Dot, LogId};

use super::{
    body::EntryBody,
    op::{Op, Write},
};

/// What has moved so far.
pub struct Reissue {
    old: LogId,
    moved: BTreeMap<Dot, Dot>,
}

/// An entry to be written again.
pub struct Again {
    /// Its ops, for the new log.
    pub ops: Vec<Op>,
    /// The position that each of them had.
    pub positions: Vec<u16>,
}

impl Again {
    /// Leaves out whatever asks for final removal: of what somebody else wrote only the writes are taken over.
    pub fn keep_writes(&mut self) {
        let kept = self.ops.iter().zip(&self.positions).filter(|(op, _)| matches!(op, Op::Write(_)));
        (self.ops, self.positions) = kept.map(|(op, position)| (op.clone(), *position)).unzip();
    }

    /// Takes dots out of `over` that are not writes of that object here: they were set aside with their log.
    pub fn keep_known(&mut self, is_known: impl Fn(vault_protocol::ObjectId, &Dot) -> bool) {
        for op in &mut self.ops {
            if let Op::Write(write) = op {
                write.over.retain(|dot| is_known(write.object, dot));
            }
        }
    }

    /// Leaves an object alone that is gone for ever.
    pub fn drop_object(&mut self, object: vault_protocol::ObjectId) {
        let keep: Vec<bool> = self.ops.iter().map(|op| op.object() != Some(object)).collect();
        let mut kept = keep.iter();
        self.ops.retain(|_| kept.next().is_none_or(|keep| *keep));
        let mut kept = keep.iter();
        self.positions.retain(|_| kept.next().is_none_or(|keep| *keep));
    }
}

impl Reissue {
    /// Begins to move entries of `old`.
    pub fn new(old: LogId) -> Self {
        Self { old, moved: BTreeMap::new() }
    }

    /// Goes on after `moved`.
    pub fn resume(old: LogId, moved: BTreeMap<Dot, Dot>) -> Self {
        Self { old, moved }
    }

    /// What has moved, old names and new, to be stored.
    pub fn into_moved(self) -> BTreeMap<Dot, Dot> {
        self.moved
    }

    /// The ops of an entry, with the dots in `over` that have moved translated. Snapshots and truncations do not move: they name a
    /// state that never was.
    pub fn translate(&self, body: &EntryBody) -> Again {
        let mut again = Again { ops: Vec::new(), positions: Vec::new() };
        for (position, op) in body.ops.iter().enumerate() {
            let op = match op {
                Op::Write(write) => {
                    let mut over: Vec<Dot> = write.over.iter().map(|dot| *self.moved.get(dot).unwrap_or(dot)).collect();
                    over.sort_unstable();
                    Op::Write(Write { over, ..write.clone() })
                }
                Op::Purge { object } => Op::Purge { object: *object },
                Op::Snapshot { .. } | Op::Truncate { .. } => continue,
            };
            again.ops.push(op);
            again.positions.push(position as u16);
        }
        again
    }

    /// Notes the new names of the ops of entry `seq`.
    pub fn note(&mut self, seq: u64, positions: &[u16], dots: &[Dot]) {
        let old = positions.iter().map(|op| Dot { log: self.old, seq, op: *op });
        self.moved.extend(old.zip(dots.iter().copied()));
    }
}
