//! A merged object: for every field the writes that no later write has covered.
//!
//! A write removes exactly the dots in its `over` and adds itself. Applied in causal order, the outcome depends only on the set of writes,
//! not on the order: that is the whole of merging. More than one live write with different values is a conflict; nothing is dropped, the
//! greatest (stamp, dot) is shown.

use std::collections::{BTreeMap, BTreeSet};

use vault_model::payload::{FieldClass, FieldKey};
use vault_protocol::{Dot, LogId, VersionVector};

use super::{
    hlc::Hlc,
    op::{Value, Write},
};

/// RFC 8949 §3.3.
pub(super) const CBOR_FALSE: &[u8] = &[0xf4];
/// RFC 8949 §3.3.
pub(super) const CBOR_TRUE: &[u8] = &[0xf5];

/// A write as kept: in a row while it is live, in history afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Stamp of its entry.
    pub hlc: Hlc,
    /// Wall clock of its entry's author, Unix milliseconds: only ever shown.
    pub wall_ms: u64,
    /// What it covered.
    pub over: Vec<Dot>,
    /// The value; `None` where the field was taken away.
    pub value: Option<Value>,
}

/// The live writes of one field, by dot; never empty within an [`ObjectState`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field(pub BTreeMap<Dot, Written>);

impl Field {
    /// The live writes, by dot.
    pub fn live(&self) -> impl Iterator<Item = (&Dot, &Written)> {
        self.0.iter()
    }

    /// The write that is shown: the greatest by stamp, then dot. It may hold no value.
    pub fn shown(&self) -> Option<(&Dot, &Written)> {
        self.0.iter().max_by_key(|(dot, write)| (write.hlc, **dot))
    }

    /// Whether concurrent writes gave different values. Equal ones (two devices that added the same tag) are no conflict.
    pub fn is_conflicted(&self) -> bool {
        let mut values = self.0.values().map(|write| &write.value);
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// The dots that an editor of this state has seen: what its write goes over.
    pub fn dots(&self) -> Vec<Dot> {
        self.0.keys().copied().collect()
    }
}

/// A request to remove an object for ever that is not carried out, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PurgeRequest {
    /// Stamp of its entry.
    pub hlc: Hlc,
    /// Wall clock of its author, Unix milliseconds.
    pub wall_ms: u64,
    /// Logs whose concurrent edits object to it.
    pub objections: BTreeSet<LogId>,
    /// Whether someone who knew of the request has since said whether the object lives.
    pub answered: bool,
}

/// What an op is part of: everything of its entry that merging needs.
#[derive(Clone, Copy, Debug)]
pub struct OpContext<'a> {
    /// Its name.
    pub dot: Dot,
    /// Stamp of the entry.
    pub hlc: Hlc,
    /// Wall clock of the author, Unix milliseconds.
    pub wall_ms: u64,
    /// All that the entry's author had seen, its own log up to the entry before included.
    pub seen: &'a VersionVector,
    /// The same for the author's previous entry: what was signed as seen before this one.
    pub seen_before: &'a VersionVector,
}

/// A write that is no longer live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRecord {
    /// The field.
    pub key: FieldKey,
    /// The write's name.
    pub dot: Dot,
    /// The write.
    pub write: Written,
}

/// A merged object. Which object it is, its keeper knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectState {
    pub(super) fields: BTreeMap<FieldKey, Field>,
    pub(super) purges: BTreeMap<Dot, PurgeRequest>,
}

impl ObjectState {
    /// Whether nothing was ever written: such an object has no row and adds nothing to the root.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.purges.is_empty()
    }

    /// All fields with their live writes, ascending; those taken away are among them.
    pub fn fields(&self) -> impl Iterator<Item = (&FieldKey, &Field)> {
        self.fields.iter()
    }

    /// One field's live writes.
    pub fn field(&self, key: &FieldKey) -> Option<&Field> {
        self.fields.get(key)
    }

    /// The value shown of one field.
    pub fn shown(&self, key: &FieldKey) -> Option<&[u8]> {
        self.field(key)?.shown()?.1.value.as_ref().map(Value::expose)
    }

    /// The values shown, ascending by field, without those taken away. `alive` is as [`ObjectState::is_alive`] has it.
    pub fn values(&self) -> impl Iterator<Item = (&FieldKey, &[u8])> {
        self.fields.iter().filter_map(move |(key, field)| match key.class == FieldClass::Alive {
            true => Some((key, if self.is_alive() { CBOR_TRUE } else { CBOR_FALSE })),
            false => field.shown()?.1.value.as_ref().map(|value| (key, value.expose())),
        })
    }

    /// The write named `dot`, if it is live.
    pub fn live_write(&self, dot: Dot) -> Option<(&FieldKey, &Written)> {
        self.fields.iter().find_map(|(key, field)| field.0.get(&dot).map(|write| (key, write)))
    }

    /// Fields whose concurrent writes differ. `alive` is never among them: there, true wins.
    pub fn conflicts(&self) -> impl Iterator<Item = &FieldKey> {
        self.fields.iter().filter(|(key, field)| key.class != FieldClass::Alive && field.is_conflicted()).map(|(key, _)| key)
    }

    /// Whether any field is in conflict.
    pub fn is_conflicted(&self) -> bool {
        self.conflicts().next().is_some()
    }

    /// Whether the object is outside the trash: a concurrent true wins over false; a purge that met an objection puts it into the trash
    /// until someone who knows of both decides.
    pub fn is_alive(&self) -> bool {
        let any_true = |field: &Field| field.0.values().any(|write| write.value.as_ref().is_some_and(Value::is_true));
        self.field(&alive_key()).is_some_and(any_true) && !self.is_purge_overruled()
    }

    /// Whether an edit elsewhere won over the trash: the person is told.
    pub fn is_trash_overruled(&self) -> bool {
        self.field(&alive_key()).is_some_and(Field::is_conflicted)
    }

    /// Whether its removal was asked for and nobody has objected yet.
    pub fn is_purge_pending(&self) -> bool {
        self.purges.values().any(|purge| purge.objections.is_empty())
    }

    /// Whether its removal met an edit and nobody has decided since: it is in the trash again.
    pub fn is_purge_overruled(&self) -> bool {
        self.purges.values().any(|purge| !purge.answered && !purge.objections.is_empty())
    }

    /// The requests to remove it that are not carried out.
    pub fn purges(&self) -> impl Iterator<Item = (&Dot, &PurgeRequest)> {
        self.purges.iter()
    }

    /// When it was last changed by its authors' wall clocks, Unix milliseconds. 0 if never.
    pub fn modified_ms(&self) -> u64 {
        self.fields.values().flat_map(|field| field.0.values()).map(|write| write.wall_ms).max().unwrap_or(0)
    }
}

/// What applying an op did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Writes that left the row, in the order in which they left.
    pub history: Vec<HistoryRecord>,
    /// Dots of `over` that were not live in the field: covered before by someone else, or never a write of it. The caller tells which.
    pub absent: Vec<Dot>,
}

impl ObjectState {
    /// Applies a write. Once only: the caller's version vector keeps repetitions away.
    pub fn apply_write(&mut self, context: OpContext<'_>, write: &Write) -> Applied {
        let mut applied = Applied::default();
        let field = self.fields.entry(write.key.clone()).or_default();
        for dot in &write.over {
            match field.0.remove(dot) {
                Some(write_covered) => applied.history.push(HistoryRecord { key: write.key.clone(), dot: *dot, write: write_covered }),
                None => applied.absent.push(*dot),
            }
        }
        let OpContext { dot, hlc, wall_ms, seen, seen_before } = context;
        field.0.insert(dot, Written { hlc, wall_ms, over: write.over.clone(), value: write.value.clone() });

        let decides = write.key.class == FieldClass::Alive;
        for (asked, purge) in &mut self.purges {
            if asked.log != dot.log && seen_before.seq(asked.log) < asked.seq {
                purge.objections.insert(dot.log);
            }
            purge.answered |= decides && precedes(*asked, dot, seen);
        }
        applied
    }

    /// Applies a purge: from now on it is asked for, with the objection of every concurrent write that is here already. `past` are the
    /// writes that are in history.
    pub fn apply_purge(&mut self, context: OpContext<'_>, past: &[Dot]) {
        let OpContext { dot, hlc, wall_ms, seen, .. } = context;
        let writes = self.fields.values().flat_map(|field| field.0.keys()).chain(past);
        let objections = writes.filter(|write| !precedes(**write, dot, seen)).map(|write| write.log).collect();
        self.purges.insert(dot, PurgeRequest { hlc, wall_ms, objections, answered: false });
    }
}

/// Whether `earlier` lies in the causal past of the op `later`, whose entry had `seen` other logs so far.
pub fn precedes(earlier: Dot, later: Dot, seen: &VersionVector) -> bool {
    if earlier.log == later.log { (earlier.seq, earlier.op) < (later.seq, later.op) } else { earlier.seq <= seen.seq(earlier.log) }
}

/// The field that says whether an object is outside the trash.
pub fn alive_key() -> FieldKey {
    FieldKey::single(FieldClass::Alive)
}

#[cfg(test)]
mod tests;
