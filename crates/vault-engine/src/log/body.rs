//! What an entry says, before it is sealed: `FORMAT.md`, "Entry body".

use vault_model::cbor::Reader;
use vault_protocol::{Hash, VersionVector, limits};
use zeroize::Zeroizing;

use super::{
    cbor::{self, BodyError, WriteEnd, Writer},
    hlc::Hlc,
    op::{Op, Write},
    root::Root,
};

/// The rules that this program writes and applies: how ops merge, what a row is, what the root sums.
pub const RULES_VERSION: u64 = 1;

/// The heads of the control log that an author had folded: 1–8 hashes, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlHead(Vec<Hash>);

impl ControlHead {
    /// Takes hashes in any order.
    pub fn new(hashes: impl IntoIterator<Item = Hash>) -> Self {
        let mut hashes: Vec<Hash> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// The hashes, ascending.
    pub fn hashes(&self) -> &[Hash] {
        &self.0
    }

    pub(super) fn write(&self, writer: &mut Writer) -> WriteEnd {
        cbor::write_hashes(writer, &self.0)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, BodyError> {
        let len = cbor::array_len(reader, limits::MAX_PARENTS)?;
        if len == 0 {
            return Err(BodyError::Malformed);
        }
        let hashes = (0..len).map(|_| Ok(Hash(cbor::fixed(reader)?))).collect::<Result<Vec<_>, BodyError>>()?;
        Ok(Self::new(hashes))
    }
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryBody {
    /// [`RULES_VERSION`] of its author.
    pub rules: u64,
    /// Stamp of all its writes.
    pub hlc: Hlc,
    /// Its author's wall clock, Unix milliseconds.
    pub wall_ms: u64,
    /// The control log as its author had folded it.
    pub control: ControlHead,
    /// The heads of other logs that changed since the author's previous entry; in a log's first entry, all of them.
    pub seen: VersionVector,
    /// The root after this entry.
    pub root: Root,
    /// What it does, at most 4096 ops; none = an ack.
    pub ops: Vec<Op>,
}

impl EntryBody {
    /// The only encoding of this body.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        cbor::encode(|writer| {
            writer.map(7)?.u8(0)?.u64(self.rules)?;
            writer.u8(1)?;
            cbor::write_hlc(writer, &self.hlc)?;
            writer.u8(2)?.u64(self.wall_ms)?;
            writer.u8(3)?;
            self.control.write(writer)?;
            writer.u8(4)?;
            cbor::write_vector(writer, &self.seen)?;
            writer.u8(5)?.bytes(&self.root.0)?;
            writer.u8(6)?.array(self.ops.len() as u64)?;
            self.ops.iter().try_for_each(|op| write_op(writer, op))
        })
    }

    /// Reads a body.
    ///
    /// # Errors
    ///
    /// [`BodyError::NewerRules`] before anything else is looked at; else what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        if bytes.len() > limits::MAX_ENTRY_BYTES {
            return Err(BodyError::TooLarge);
        }
        cbor::decode(bytes, Self::read, Self::encode)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BodyError> {
        let len = cbor::map_len(reader)?;
        cbor::map_key(reader, 0)?;
        let rules = reader.u64()?;
        if rules > RULES_VERSION {
            return Err(BodyError::NewerRules { found: rules });
        }
        if rules == 0 || len != 7 {
            return Err(BodyError::Malformed);
        }
        cbor::map_key(reader, 1)?;
        let hlc = cbor::read_hlc(reader)?;
        cbor::map_key(reader, 2)?;
        let wall_ms = reader.u64()?;
        cbor::map_key(reader, 3)?;
        let control = ControlHead::read(reader)?;
        cbor::map_key(reader, 4)?;
        let seen = cbor::read_vector(reader)?;
        cbor::map_key(reader, 5)?;
        let root = Root(cbor::fixed(reader)?);
        cbor::map_key(reader, 6)?;
        let ops = (0..cbor::array_len(reader, limits::MAX_OPS)?).map(|_| read_op(reader)).collect::<Result<_, _>>()?;
        Ok(Self { rules, hlc, wall_ms, control, seen, root, ops })
    }
}

/// `[0, object, key, over, value]`, `[1, object]`, `[2, descriptor, vector]` or `[3, vector]`.
fn write_op(writer: &mut Writer, op: &Op) -> WriteEnd {
    match op {
        Op::Write(Write { object, key, over, value }) => {
            writer.array(5)?.u8(0)?.bytes(&object.0)?;
            cbor::write_key(writer, key)?;
            cbor::write_over(writer, over)?;
            cbor::write_value(writer, value)
        }
        Op::Purge { object } => writer.array(2)?.u8(1)?.bytes(&object.0)?.ok(),
        Op::Snapshot { descriptor, vector } => {
            writer.array(3)?.u8(2)?.bytes(descriptor.expose())?;
            cbor::write_vector(writer, vector)
        }
        Op::Truncate { vector } => {
            writer.array(2)?.u8(3)?;
            cbor::write_vector(writer, vector)
        }
    }
}

fn read_op(reader: &mut Reader<'_>) -> Result<Op, BodyError> {
    let len = cbor::array_len(reader, 5)?;
    match (reader.u8()?, len) {
        (0, 5) => {
            let object = cbor::read_object(reader)?;
            let key = cbor::read_key(reader)?;
            Ok(Op::Write(Write { object, key, over: cbor::read_over(reader)?, value: cbor::read_value(reader)? }))
        }
        (1, 2) => Ok(Op::Purge { object: cbor::read_object(reader)? }),
        (2, 3) => {
            let descriptor = cbor::read_value(reader)?.ok_or(BodyError::Malformed)?;
            Ok(Op::Snapshot { descriptor, vector: cbor::read_vector(reader)? })
        }
        (3, 2) => Ok(Op::Truncate { vector: cbor::read_vector(reader)? }),
        _ => Err(BodyError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use vault_model::payload::{FieldClass, FieldKey};
    use vault_protocol::{Dot, Head, LogId, ObjectId};

    use super::*;
    use crate::log::op::Value;

    fn vector() -> VersionVector {
        VersionVector([(LogId([2; 16]), Head { seq: 300, hash: Hash([3; 32]) })].into())
    }

    fn body(ops: Vec<Op>) -> EntryBody {
        let hlc = Hlc { ms: 1_700_000_000_000, counter: 2 };
        let control = ControlHead::new([Hash([9; 32]), Hash([8; 32])]);
        EntryBody { rules: 1, hlc, wall_ms: 1_700_000_000_001, control, seen: vector(), root: Root([7; 32]), ops }
    }

    fn write(over: Vec<Dot>) -> Op {
        let key = FieldKey::element(FieldClass::Tag, "x");
        Op::Write(Write { object: ObjectId([1; 16]), key, over, value: Some(Value::boolean(true)) })
    }

    fn dot(seq: u64) -> Dot {
        Dot { log: LogId([4; 16]), seq, op: 0 }
    }

    #[test]
    fn every_op_survives_the_round_trip() {
        let purge = Op::Purge { object: ObjectId([1; 16]) };
        let snapshot = Op::Snapshot { descriptor: Value::new(vec![1, 2]), vector: vector() };
        let removal = Op::Write(Write { object: ObjectId([1; 16]), key: FieldKey::single(FieldClass::Title), over: vec![], value: None });
        let body = body(vec![write(vec![dot(1), dot(2)]), removal, purge, snapshot, Op::Truncate { vector: vector() }]);
        assert_eq!(EntryBody::decode(&body.encode()), Ok(body));
    }

    #[test]
    fn higher_rules_are_named_before_anything_else() {
        let bytes = cbor::encode(|writer| writer.map(1)?.u8(0)?.u64(2)?.ok());
        assert_eq!(EntryBody::decode(&bytes), Err(BodyError::NewerRules { found: 2 }));
    }

    #[test]
    fn dots_out_of_order_or_twice_are_refused() {
        for over in [vec![dot(2), dot(1)], vec![dot(1), dot(1)]] {
            assert_eq!(EntryBody::decode(&body(vec![write(over)]).encode()), Err(BodyError::NotCanonical));
        }
    }

    #[test]
    fn a_longer_form_of_the_same_number_is_refused() {
        let good = body(vec![]).encode();
        let mut long = vec![good[0], good[1], 0x18];
        long.extend_from_slice(&good[2..]);
        assert_eq!(EntryBody::decode(&long), Err(BodyError::NotCanonical));
    }

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = body(vec![]).encode();
        bytes.push(0);
        assert_eq!(EntryBody::decode(&bytes), Err(BodyError::Malformed));
    }

    #[test]
    fn every_cut_of_a_body_is_refused() {
        let bytes = body(vec![write(vec![dot(1)])]).encode();
        for len in 0..bytes.len() {
            assert!(EntryBody::decode(&bytes[..len]).is_err());
        }
    }

    #[test]
    fn too_many_ops_are_refused_without_reading_them() {
        let full = body(vec![Op::Purge { object: ObjectId::ZERO }; limits::MAX_OPS]);
        assert!(EntryBody::decode(&full.encode()).is_ok());
        let over = body(vec![Op::Purge { object: ObjectId::ZERO }; limits::MAX_OPS + 1]);
        assert_eq!(EntryBody::decode(&over.encode()), Err(BodyError::TooLarge));
    }

    #[test]
    fn an_element_over_256_bytes_is_refused() {
        let key = FieldKey::element(FieldClass::Tag, vec![b'x'; cbor::MAX_ELEMENT_BYTES + 1]);
        let op = Op::Write(Write { object: ObjectId::ZERO, key, over: vec![], value: None });
        assert_eq!(EntryBody::decode(&body(vec![op]).encode()), Err(BodyError::TooLarge));
    }
}
