//! Deterministic CBOR (RFC 8949 §4.2) for bodies: what is read must be exactly what we would have written.
//!
//! The pieces below appear in several bodies: `dot = [log, seq, op]`, `stamp = [ms, counter]`, `vector = [[log, seq, hash], …]` ascending.

use minicbor::Encoder;
use vault_model::{
    cbor::{Malformed, Reader},
    payload::{FieldClass, FieldKey},
};
use vault_protocol::{Dot, Hash, Head, LogId, ObjectId, VersionVector};
use zeroize::{Zeroize, Zeroizing};

use super::{
    hlc::Hlc,
    object::{HistoryRecord, Written},
    op::Value,
};

/// Bytes of a field's element (vault-model: `FieldKey::element`).
pub const MAX_ELEMENT_BYTES: usize = 256;
/// Dots in one `over`: as many as an entry has ops. More concurrent writes of one field can't be covered at once.
pub const MAX_OVER: usize = vault_protocol::limits::MAX_OPS;
/// Logs in a vector: every control entry may bring one.
pub const MAX_LOGS: usize = vault_protocol::limits::MAX_CONTROL_ENTRIES;

/// Why a body was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// Not the structure that `FORMAT.md` tables.
    #[error("the body is malformed")]
    Malformed,
    /// It could be written shorter or in another order: not deterministic.
    #[error("the body is not in its only valid encoding")]
    NotCanonical,
    /// A list or text is longer than allowed.
    #[error("the body exceeds a ceiling")]
    TooLarge,
    /// Written under rules that this program does not know: it must be updated.
    #[error("the body follows rules version {found}")]
    NewerRules {
        /// The version named.
        found: u64,
    },
}

impl From<Malformed> for BodyError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A growing body. Values may be secrets: the buffer is wiped, and wiped before it grows.
#[derive(Default)]
pub(crate) struct Buffer(pub(super) Zeroizing<Vec<u8>>);

impl minicbor::encode::Write for Buffer {
    type Error = std::convert::Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        if self.0.capacity() - self.0.len() < bytes.len() {
            let mut grown = Vec::with_capacity((self.0.len() + bytes.len()).next_power_of_two().max(1024));
            grown.extend_from_slice(&self.0);
            self.0.zeroize();
            self.0 = Zeroizing::new(grown);
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// Writes a body.
pub(crate) type Writer = Encoder<Buffer>;
/// What writing gives: it can't fail, because [`Buffer`] can't.
pub(crate) type WriteEnd = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

/// Runs `write` on a fresh buffer.
pub(crate) fn encode(write: impl FnOnce(&mut Writer) -> WriteEnd) -> Zeroizing<Vec<u8>> {
    let mut writer = Encoder::new(Buffer::default());
    write(&mut writer).expect("writing to memory can't fail");
    writer.into_writer().0
}

/// Reads all of `bytes`, and compares them with what `again` writes for the outcome.
pub(crate) fn decode<T>(
    bytes: &[u8],
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, BodyError>,
    again: impl FnOnce(&T) -> Zeroizing<Vec<u8>>,
) -> Result<T, BodyError> {
    let mut reader = Reader::new(bytes);
    let body = read(&mut reader)?;
    if !reader.is_at_end() {
        return Err(BodyError::Malformed);
    }
    if again(&body).as_slice() != bytes {
        return Err(BodyError::NotCanonical);
    }
    Ok(body)
}

/// Reads all of `bytes` with a `read` that marks by itself whatever is out of order or could be left out: what [`decode`] finds by writing
/// everything again, in one pass. For bodies that are read by the hundred thousand.
pub(crate) fn decode_strict<'b, T>(bytes: &'b [u8], read: impl FnOnce(&mut Reader<'b>) -> Result<T, BodyError>) -> Result<T, BodyError> {
    let mut reader = Reader::new(bytes);
    let body = read(&mut reader)?;
    if !reader.is_at_end() {
        return Err(BodyError::Malformed);
    }
    if reader.is_canonical() { Ok(body) } else { Err(BodyError::NotCanonical) }
}

/// The length of a definite array, at most `max`.
pub(crate) fn array_len(reader: &mut Reader<'_>, max: usize) -> Result<usize, BodyError> {
    let len = reader.array()?.ok_or(BodyError::NotCanonical)?;
    usize::try_from(len).ok().filter(|len| *len <= max).ok_or(BodyError::TooLarge)
}

/// A definite array of exactly `len`.
pub(crate) fn tuple(reader: &mut Reader<'_>, len: usize) -> Result<(), BodyError> {
    if array_len(reader, usize::MAX)? == len { Ok(()) } else { Err(BodyError::Malformed) }
}

/// The length of a definite map.
pub(crate) fn map_len(reader: &mut Reader<'_>) -> Result<u64, BodyError> {
    reader.map()?.ok_or(BodyError::NotCanonical)
}

/// The map key `key`, no other.
pub(crate) fn map_key(reader: &mut Reader<'_>, key: u8) -> Result<(), BodyError> {
    if reader.u8()? == key { Ok(()) } else { Err(BodyError::Malformed) }
}

/// Exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(reader: &mut Reader<'_>) -> Result<[u8; N], BodyError> {
    reader.bytes()?.try_into().map_err(|_| BodyError::Malformed)
}

pub(crate) fn write_dot(writer: &mut Writer, dot: &Dot) -> WriteEnd {
    writer.array(3)?.bytes(&dot.log.0)?.u64(dot.seq)?.u16(dot.op)?.ok()
}

pub(crate) fn read_dot(reader: &mut Reader<'_>) -> Result<Dot, BodyError> {
    tuple(reader, 3)?;
    Ok(Dot { log: LogId(fixed(reader)?), seq: reader.u64()?, op: reader.u16()? })
}

pub(crate) fn write_hlc(writer: &mut Writer, hlc: &Hlc) -> WriteEnd {
    writer.array(2)?.u64(hlc.ms)?.u32(hlc.counter)?.ok()
}

pub(crate) fn read_hlc(reader: &mut Reader<'_>) -> Result<Hlc, BodyError> {
    tuple(reader, 2)?;
    Ok(Hlc { ms: reader.u64()?, counter: reader.u32()? })
}

pub(crate) fn write_vector(writer: &mut Writer, vector: &VersionVector) -> WriteEnd {
    writer.array(vector.0.len() as u64)?;
    for (log, head) in &vector.0 {
        writer.array(3)?.bytes(&log.0)?.u64(head.seq)?.bytes(&head.hash.0)?;
    }
    Ok(())
}

pub(crate) fn read_vector(reader: &mut Reader<'_>) -> Result<VersionVector, BodyError> {
    let mut vector = VersionVector::default();
    for _ in 0..array_len(reader, MAX_LOGS)? {
        tuple(reader, 3)?;
        let log = LogId(fixed(reader)?);
        let head = Head { seq: reader.u64()?, hash: Hash(fixed(reader)?) };
        if head.seq == 0 {
            return Err(BodyError::Malformed);
        }
        vector.0.insert(log, head);
    }
    Ok(vector)
}

pub(crate) fn write_hashes(writer: &mut Writer, hashes: &[Hash]) -> WriteEnd {
    writer.array(hashes.len() as u64)?;
    hashes.iter().try_for_each(|hash| writer.bytes(&hash.0)?.ok())
}

pub(crate) fn write_over(writer: &mut Writer, over: &[Dot]) -> WriteEnd {
    writer.array(over.len() as u64)?;
    over.iter().try_for_each(|dot| write_dot(writer, dot))
}

/// Dots, strictly ascending.
pub(crate) fn read_over(reader: &mut Reader<'_>) -> Result<Vec<Dot>, BodyError> {
    let mut over = Vec::new();
    each_over(reader, |dot| over.push(dot))?;
    Ok(over)
}

/// Visits dots, strictly ascending.
pub(crate) fn each_over(reader: &mut Reader<'_>, mut visit: impl FnMut(Dot)) -> Result<(), BodyError> {
    let mut last = None;
    for _ in 0..array_len(reader, MAX_OVER)? {
        let dot = read_dot(reader)?;
        if last.is_some_and(|last| last >= dot) {
            return Err(BodyError::NotCanonical);
        }
        visit(dot);
        last = Some(dot);
    }
    Ok(())
}

pub(crate) fn write_value(writer: &mut Writer, value: &Option<Value>) -> WriteEnd {
    match value {
        Some(value) => writer.bytes(value.expose())?.ok(),
        None => writer.null()?.ok(),
    }
}

pub(crate) fn read_value(reader: &mut Reader<'_>) -> Result<Option<Value>, BodyError> {
    Ok(value_bytes(reader)?.map(|value| Value::new(value.to_vec())))
}

/// A value where it lies.
pub(crate) fn value_bytes<'b>(reader: &mut Reader<'b>) -> Result<Option<&'b [u8]>, BodyError> {
    if reader.null() { Ok(None) } else { Ok(Some(reader.bytes()?)) }
}

/// `[class, element]`.
pub(crate) fn write_key(writer: &mut Writer, key: &FieldKey) -> WriteEnd {
    writer.array(2)?.encode(key.class)?.bytes(&key.element)?.ok()
}

pub(crate) fn read_key(reader: &mut Reader<'_>) -> Result<FieldKey, BodyError> {
    let (class, element) = key_bytes(reader)?;
    Ok(FieldKey { class, element: element.to_vec() })
}

/// A key, its element where it lies.
pub(crate) fn key_bytes<'b>(reader: &mut Reader<'b>) -> Result<(FieldClass, &'b [u8]), BodyError> {
    tuple(reader, 2)?;
    let class = FieldClass::from_number(reader.u64()?).ok_or(BodyError::Malformed)?;
    let element = reader.bytes()?;
    if element.len() > MAX_ELEMENT_BYTES {
        return Err(BodyError::TooLarge);
    }
    Ok((class, element))
}

/// `dot, stamp, wall ms, over, value`: five elements of an array begun by the caller.
pub(crate) fn write_written(writer: &mut Writer, dot: &Dot, write: &Written) -> WriteEnd {
    write_dot(writer, dot)?;
    write_hlc(writer, &write.hlc)?;
    writer.u64(write.wall_ms)?;
    write_over(writer, &write.over)?;
    write_value(writer, &write.value)
}

pub(crate) fn read_written(reader: &mut Reader<'_>) -> Result<(Dot, Written), BodyError> {
    let dot = read_dot(reader)?;
    let hlc = read_hlc(reader)?;
    let wall_ms = reader.u64()?;
    Ok((dot, Written { hlc, wall_ms, over: read_over(reader)?, value: read_value(reader)? }))
}

/// `[key, dot, stamp, wall ms, over, value]`.
pub(crate) fn write_record(writer: &mut Writer, record: &HistoryRecord) -> WriteEnd {
    writer.array(6)?;
    write_key(writer, &record.key)?;
    write_written(writer, &record.dot, &record.write)
}

pub(crate) fn read_record(reader: &mut Reader<'_>) -> Result<HistoryRecord, BodyError> {
    tuple(reader, 6)?;
    let key = read_key(reader)?;
    let (dot, write) = read_written(reader)?;
    Ok(HistoryRecord { key, dot, write })
}

pub(crate) fn read_object(reader: &mut Reader<'_>) -> Result<ObjectId, BodyError> {
    Ok(ObjectId(fixed(reader)?))
}
