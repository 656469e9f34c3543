//! Row and history page bodies: `FORMAT.md`, "Row" and "History page". The row body is also what the root is computed over.

use vault_protocol::LogId;
use zeroize::Zeroizing;

use super::{
    cbor::{self, BodyError},
    object::{Field, HistoryRecord, ObjectState, PurgeRequest},
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
    let read = |reader: &mut minicbor::Decoder<'_>| {
        let mut state = ObjectState::default();
        let len = cbor::map_len(reader)?;
        cbor::map_key(reader, 0)?;
        for _ in 0..cbor::array_len(reader, MAX_PARTS)? {
            cbor::tuple(reader, 2)?;
            let key = cbor::read_key(reader)?;
            let mut field = Field::default();
            for _ in 0..cbor::array_len(reader, MAX_PARTS)? {
                cbor::tuple(reader, 5)?;
                let (dot, write) = cbor::read_written(reader)?;
                field.0.insert(dot, write);
            }
            if field.0.is_empty() {
                return Err(BodyError::Malformed);
            }
            state.fields.insert(key, field);
        }
        if len == 1 {
            return Ok(state);
        }
        cbor::map_key(reader, 1)?;
        for _ in 0..cbor::array_len(reader, MAX_PARTS)? {
            cbor::tuple(reader, 5)?;
            let dot = cbor::read_dot(reader)?;
            let hlc = cbor::read_hlc(reader)?;
            let wall_ms = reader.u64()?;
            let objections =
                (0..cbor::array_len(reader, cbor::MAX_LOGS)?).map(|_| Ok(LogId(cbor::fixed(reader)?))).collect::<Result<_, BodyError>>()?;
            state.purges.insert(dot, PurgeRequest { hlc, wall_ms, objections, answered: reader.bool()? });
        }
        Ok(state)
    };
    cbor::decode(bytes, read, encode_row)
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
    let read = |reader: &mut minicbor::Decoder<'_>| {
        if cbor::map_len(reader)? != 1 {
            return Err(BodyError::Malformed);
        }
        cbor::map_key(reader, 0)?;
        (0..cbor::array_len(reader, MAX_PARTS)?).map(|_| cbor::read_record(reader)).collect()
    };
    cbor::decode(bytes, read, |records: &Vec<HistoryRecord>| encode_page(records))
}

#[cfg(test)]
mod tests {
    use vault_model::payload::{FieldClass, FieldKey};
    use vault_protocol::Dot;

    use super::*;
    use crate::log::{hlc::Hlc, object::Written, op::Value};

    fn record(seq: u64, len_bytes: usize) -> HistoryRecord {
        let write = Written { hlc: Hlc { ms: 1, counter: 0 }, wall_ms: 1, over: vec![], value: Some(Value::new(vec![7; len_bytes])) };
        HistoryRecord { key: FieldKey::single(FieldClass::Title), dot: Dot { log: LogId([1; 16]), seq, op: 0 }, write }
    }

    #[test]
    fn history_is_split_into_pages_that_together_hold_all_of_it() {
        let records: Vec<HistoryRecord> = (1..=20).map(|seq| record(seq, 10_000)).collect();
        let pages = encode_history(&records);
        assert!(pages.len() >= 3 && pages.iter().all(|page| page.len() < HISTORY_PAGE_BYTES + 11_000));
        let read: Vec<_> = pages.iter().flat_map(|page| decode_history(page).expect("a page")).collect();
        assert_eq!(read, records);
        assert!(encode_history(&[]).is_empty());
    }

    #[test]
    fn a_value_longer_than_a_page_gets_one_of_its_own() {
        let pages = encode_history(&[record(1, 200_000), record(2, 1)]);
        assert_eq!(pages.len(), 2);
    }

    #[test]
    fn an_empty_field_or_purge_list_is_not_a_row() {
        let no_writes = cbor::encode(|writer| {
            writer.map(1)?.u8(0)?.array(1)?.array(2)?;
            cbor::write_key(writer, &FieldKey::single(FieldClass::Title))?;
            writer.array(0)?.ok()
        });
        assert_eq!(decode_row(&no_writes), Err(BodyError::Malformed));
        let no_purges = cbor::encode(|writer| writer.map(2)?.u8(0)?.array(0)?.u8(1)?.array(0)?.ok());
        assert_eq!(decode_row(&no_purges), Err(BodyError::NotCanonical));
    }
}
