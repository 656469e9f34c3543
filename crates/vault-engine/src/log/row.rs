//! Row and history page bodies: `FORMAT.md`, "Row" and "History page". The row body is also what the root is computed over.

use std::collections::BTreeSet;

use vault_model::{
    cbor::Reader,
    payload::{FieldClass, FieldKey},
};
use vault_protocol::{Dot, LogId};
use zeroize::Zeroizing;

use super::{
    cbor::{self, BodyError},
    hlc::Hlc,
    object::{Field, HistoryRecord, ObjectState, PurgeRequest, Written},
    op::Value,
};

/// A page is closed once it holds so many bytes, so a page is longer only by its last record (DESIGN §5: bounded pages).
pub const HISTORY_PAGE_BYTES: usize = 64 * 1024;
/// Fields of an object, and writes of a field, that a reader takes.
const MAX_PARTS: usize = 1 << 20;

/// The canonical row body of `state`. Frozen for rules version 1.
pub fn encode_row(state: &ObjectState) -> Zeroizing<Vec<u8>> {
    cbor::encode(|writer| {
        writer.map(if state.purges.is_empty() { 1 } else { 2 })?.u8(0)?.array(state.fields.len() as u64)?;
        for (key, field) in &state.fields {
            writer.array(2)?;
            cbor::write_key(writer, key)?;
            writer.array(field.0.len() as u64)?;
            for (dot, write) in &field.0 {
                writer.array(5)?;
                cbor::write_written(writer, dot, write)?;
            }
        }
        if state.purges.is_empty() {
            return Ok(());
        }
        writer.u8(1)?.array(state.purges.len() as u64)?;
        for (dot, purge) in &state.purges {
            writer.array(5)?;
            cbor::write_dot(writer, dot)?;
            cbor::write_hlc(writer, &purge.hlc)?;
            writer.u64(purge.wall_ms)?.array(purge.objections.len() as u64)?;
            purge.objections.iter().try_for_each(|log| writer.bytes(&log.0)?.ok())?;
            writer.bool(purge.answered)?;
        }
        Ok(())
    })
}

/// Reads a row body.
///
/// # Errors
///
/// What is wrong with it.
pub fn decode_row(bytes: &[u8]) -> Result<ObjectState, BodyError> {
    let mut state = ObjectState::default();
    visit_row(bytes, &mut state)?;
    Ok(state)
}

/// Takes the parts of a row as they lie in its body: fields ascending, the writes of a field ascending behind it, then purges.
///
/// What it was given counts for nothing before [`visit_row`] has said that the whole body is right.
pub(super) trait VisitRow<'b> {
    /// A field begins.
    fn field(&mut self, class: FieldClass, element: &'b [u8]);

    /// A live write of the field that began last.
    fn write(&mut self, dot: Dot, write: WriteBytes<'b>);

    /// A request to remove the object.
    fn purge(&mut self, dot: Dot, purge: PurgeRequest);
}

/// A live write, its value where it lies.
pub(super) struct WriteBytes<'b> {
    /// As in [`Written`].
    pub(super) hlc: Hlc,
    /// As in [`Written`], Unix milliseconds.
    pub(super) wall_ms: u64,
    /// Stands before the dots that it covered, which have been checked.
    pub(super) over: Reader<'b>,
    /// As in [`Written`].
    pub(super) value: Option<&'b [u8]>,
}

/// Reads a row body in one pass, and refuses whatever [`encode_row`] would not have written.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn visit_row<'b>(bytes: &'b [u8], visit: &mut impl VisitRow<'b>) -> Result<(), BodyError> {
    cbor::decode_strict(bytes, |reader| {
        let n_pairs = cbor::map_len(reader)?;
        cbor::map_key(reader, 0)?;
        let mut last_key = None;
        for _ in 0..cbor::array_len(reader, MAX_PARTS)? {
            cbor::tuple(reader, 2)?;
            let key = cbor::key_bytes(reader)?;
            ascend(&mut last_key, key, reader);
            visit.field(key.0, key.1);
            read_writes(reader, visit)?;
        }
        if n_pairs == 1 {
            return Ok(());
        }
        cbor::map_key(reader, 1)?;
        let n_purges = cbor::array_len(reader, MAX_PARTS)?;
        if n_pairs != 2 || n_purges == 0 {
            reader.not_canonical();
        }
        let mut last_dot = None;
        for _ in 0..n_purges {
            let (dot, purge) = read_purge(reader)?;
            ascend(&mut last_dot, dot, reader);
            visit.purge(dot, purge);
        }
        Ok(())
    })
}

fn read_writes<'b>(reader: &mut Reader<'b>, visit: &mut impl VisitRow<'b>) -> Result<(), BodyError> {
    let n_writes = cbor::array_len(reader, MAX_PARTS)?;
    if n_writes == 0 {
        return Err(BodyError::Malformed);
    }
    let mut last_dot = None;
    for _ in 0..n_writes {
        cbor::tuple(reader, 5)?;
        let dot = cbor::read_dot(reader)?;
        ascend(&mut last_dot, dot, reader);
        let (hlc, wall_ms) = (cbor::read_hlc(reader)?, reader.u64()?);
        let over = reader.clone();
        cbor::each_over(reader, |_dot| ())?;
        visit.write(dot, WriteBytes { hlc, wall_ms, over, value: cbor::value_bytes(reader)? });
    }
    Ok(())
}

fn read_purge(reader: &mut Reader<'_>) -> Result<(Dot, PurgeRequest), BodyError> {
    cbor::tuple(reader, 5)?;
    let dot = cbor::read_dot(reader)?;
    let (hlc, wall_ms) = (cbor::read_hlc(reader)?, reader.u64()?);
    let mut objections = BTreeSet::new();
    let mut last = None;
    for _ in 0..cbor::array_len(reader, cbor::MAX_LOGS)? {
        let log = LogId(cbor::fixed(reader)?);
        ascend(&mut last, log, reader);
        objections.insert(log);
    }
    Ok((dot, PurgeRequest { hlc, wall_ms, objections, answered: reader.bool()? }))
}

/// Marks what does not come strictly after the `last` of its list.
fn ascend<T: Ord + Copy>(last: &mut Option<T>, next: T, reader: &mut Reader<'_>) {
    if last.replace(next).is_some_and(|last| last >= next) {
        reader.not_canonical();
    }
}

impl<'b> VisitRow<'b> for ObjectState {
    fn field(&mut self, class: FieldClass, element: &'b [u8]) {
        self.fields.insert(FieldKey { class, element: element.to_vec() }, Field::default());
    }

    fn write(&mut self, dot: Dot, write: WriteBytes<'b>) {
        let WriteBytes { hlc, wall_ms, mut over, value } = write;
        // They were read a moment ago.
        let over = cbor::read_over(&mut over).unwrap_or_default();
        // The field that began last is the greatest, or the row is refused.
        if let Some(mut field) = self.fields.last_entry() {
            field.get_mut().0.insert(dot, Written { hlc, wall_ms, over, value: value.map(|value| Value::new(value.to_vec())) });
        }
    }

    fn purge(&mut self, dot: Dot, purge: PurgeRequest) {
        self.purges.insert(dot, purge);
    }
}

/// The bodies of new history pages holding `records`, in their order. An edit appends its own page; nothing stored is rewritten.
pub fn encode_history(records: &[HistoryRecord]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut pages = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        let mut len_bytes = 0;
        let fit = rest.iter().take_while(|record| {
            let open = len_bytes < HISTORY_PAGE_BYTES;
            len_bytes += record.write.value.as_ref().map_or(0, |value| value.expose().len()) + 128;
            open
        });
        let (page, later) = rest.split_at(fit.count());
        pages.push(encode_page(page));
        rest = later;
    }
    pages
}

fn encode_page(records: &[HistoryRecord]) -> Zeroizing<Vec<u8>> {
    cbor::encode(|writer| {
        writer.map(1)?.u8(0)?.array(records.len() as u64)?;
        records.iter().try_for_each(|record| cbor::write_record(writer, record))
    })
}

/// Reads a history page: the writes in the order in which they left the row.
///
/// # Errors
///
/// What is wrong with it.
pub fn decode_history(bytes: &[u8]) -> Result<Vec<HistoryRecord>, BodyError> {
    // The records of a page are in the order in which they left the row: beyond numbers and `over`, no order is to be checked.
    cbor::decode_strict(bytes, |reader| {
        if cbor::map_len(reader)? != 1 {
            return Err(BodyError::Malformed);
        }
        cbor::map_key(reader, 0)?;
        (0..cbor::array_len(reader, MAX_PARTS)?).map(|_| cbor::read_record(reader)).collect()
    })
}

#[cfg(test)]
mod tests;
