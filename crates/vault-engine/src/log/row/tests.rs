use minicbor::{Decoder, data::Type};
use proptest::prelude::*;

use super::*;
use crate::log::{cbor::Writer, shown::ShownRow};

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

/// The reader that rows had before they were read in one pass: `minicbor`'s decoder, then everything is written again and compared.
mod written_again {
    use super::*;

    fn array(reader: &mut Decoder<'_>, max: usize) -> Result<usize, BodyError> {
        let len = reader.array().map_err(malformed)?.ok_or(BodyError::NotCanonical)?;
        usize::try_from(len).ok().filter(|len| *len <= max).ok_or(BodyError::TooLarge)
    }

    fn tuple(reader: &mut Decoder<'_>, len: usize) -> Result<(), BodyError> {
        if array(reader, usize::MAX)? == len { Ok(()) } else { Err(BodyError::Malformed) }
    }

    fn map_key(reader: &mut Decoder<'_>, key: u8) -> Result<(), BodyError> {
        if reader.u8().map_err(malformed)? == key { Ok(()) } else { Err(BodyError::Malformed) }
    }

    fn log(reader: &mut Decoder<'_>) -> Result<LogId, BodyError> {
        Ok(LogId(reader.bytes().map_err(malformed)?.try_into().map_err(|_| BodyError::Malformed)?))
    }

    fn dot(reader: &mut Decoder<'_>) -> Result<Dot, BodyError> {
        tuple(reader, 3)?;
        Ok(Dot { log: log(reader)?, seq: reader.u64().map_err(malformed)?, op: reader.u16().map_err(malformed)? })
    }

    fn hlc(reader: &mut Decoder<'_>) -> Result<Hlc, BodyError> {
        tuple(reader, 2)?;
        Ok(Hlc { ms: reader.u64().map_err(malformed)?, counter: reader.u32().map_err(malformed)? })
    }

    fn key(reader: &mut Decoder<'_>) -> Result<FieldKey, BodyError> {
        tuple(reader, 2)?;
        let class: FieldClass = reader.decode().map_err(malformed)?;
        let element = reader.bytes().map_err(malformed)?.to_vec();
        if element.len() > cbor::MAX_ELEMENT_BYTES { Err(BodyError::TooLarge) } else { Ok(FieldKey { class, element }) }
    }

    fn write(reader: &mut Decoder<'_>) -> Result<(Dot, Written), BodyError> {
        tuple(reader, 5)?;
        let (dot, hlc, wall_ms) = (dot(reader)?, hlc(reader)?, reader.u64().map_err(malformed)?);
        let mut over: Vec<Dot> = Vec::new();
        for _ in 0..array(reader, cbor::MAX_OVER)? {
            let next = self::dot(reader)?;
            if over.last().is_some_and(|last| *last >= next) {
                return Err(BodyError::NotCanonical);
            }
            over.push(next);
        }
        let value = if reader.datatype().map_err(malformed)? == Type::Null {
            reader.null().map_err(malformed)?;
            None
        } else {
            Some(Value::new(reader.bytes().map_err(malformed)?.to_vec()))
        };
        Ok((dot, Written { hlc, wall_ms, over, value }))
    }

    fn read(reader: &mut Decoder<'_>) -> Result<ObjectState, BodyError> {
        let mut state = ObjectState::default();
        let len = reader.map().map_err(malformed)?.ok_or(BodyError::NotCanonical)?;
        map_key(reader, 0)?;
        for _ in 0..array(reader, MAX_PARTS)? {
            tuple(reader, 2)?;
            let key = key(reader)?;
            let mut field = Field::default();
            for _ in 0..array(reader, MAX_PARTS)? {
                let (dot, write) = write(reader)?;
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
        map_key(reader, 1)?;
        for _ in 0..array(reader, MAX_PARTS)? {
            tuple(reader, 5)?;
            let (dot, hlc, wall_ms) = (dot(reader)?, hlc(reader)?, reader.u64().map_err(malformed)?);
            let objections = (0..array(reader, cbor::MAX_LOGS)?).map(|_| log(reader)).collect::<Result<_, BodyError>>()?;
            let answered = reader.bool().map_err(malformed)?;
            state.purges.insert(dot, PurgeRequest { hlc, wall_ms, objections, answered });
        }
        Ok(state)
    }

    fn malformed(_: minicbor::decode::Error) -> BodyError {
        BodyError::Malformed
    }

    pub(super) fn decode_row(bytes: &[u8]) -> Result<ObjectState, BodyError> {
        let mut reader = Decoder::new(bytes);
        let state = read(&mut reader)?;
        if reader.position() != bytes.len() {
            return Err(BodyError::Malformed);
        }
        if encode_row(&state).as_slice() == bytes { Ok(state) } else { Err(BodyError::NotCanonical) }
    }
}

/// Few logs and numbers, so that dots meet; the numbers around which the form of a length or number changes.
fn dots() -> impl Strategy<Value = Dot> {
    let number = || prop::sample::select(vec![0_u64, 1, 23, 24, 255, 256, 65_535, 65_536, 1 << 32]);
    (0_u8..3, number(), 0_u16..3).prop_map(|(log, seq, op)| Dot { log: LogId([log; 16]), seq, op })
}

fn writes() -> impl Strategy<Value = Written> {
    let over = prop::collection::btree_set(dots(), 0..3).prop_map(|dots| dots.into_iter().collect());
    let byte = prop::sample::select(vec![0xf4_u8, 0xf5, 0]);
    let value = prop::option::of((byte, prop::sample::select(vec![1_usize, 1, 1, 23, 24, 256])));
    (0_u64..3, 0_u32..30, any::<u64>(), over, value).prop_map(|(ms, counter, wall_ms, over, value)| {
        let value = value.map(|(byte, len)| Value::new(vec![byte; len]));
        Written { hlc: Hlc { ms, counter }, wall_ms, over, value }
    })
}

fn states() -> impl Strategy<Value = ObjectState> {
    let key = (0_u64..15, prop::collection::vec(any::<u8>(), 0..3)).prop_map(|(class, element)| {
        // `Alive` decides something only without an element.
        let class = FieldClass::from_number(class).expect("a class");
        FieldKey { class, element: if class == FieldClass::Alive && element.len() < 2 { vec![] } else { element } }
    });
    let field = prop::collection::btree_map(dots(), writes(), 1..4).prop_map(Field);
    let log = (0_u8..4).prop_map(|log| LogId([log; 16]));
    let purge = (0_u64..3, any::<u64>(), prop::collection::btree_set(log, 0..3), any::<bool>())
        .prop_map(|(ms, wall_ms, objections, answered)| PurgeRequest { hlc: Hlc { ms, counter: 0 }, wall_ms, objections, answered });
    (prop::collection::btree_map(key, field, 0..6), prop::collection::btree_map(dots(), purge, 0..3))
        .prop_map(|(fields, purges)| ObjectState { fields, purges })
}

/// What is done to a body: which way, where, with what.
type Harm = (u8, prop::sample::Index, u8);

fn harm(bytes: &mut Vec<u8>, (way, at, byte): &Harm) {
    if bytes.is_empty() {
        return;
    }
    let at = at.index(bytes.len());
    let (major, small) = (bytes[at] & 0xe0, bytes[at] & 31);
    match way {
        0 => bytes[at] = *byte,
        1 => bytes.insert(at, *byte),
        2 => drop(bytes.remove(at)),
        3 => bytes.truncate(at),
        4 => bytes[at] = bytes[at].wrapping_add(1),
        // The longer forms of a head.
        5 if small < 24 => drop(bytes.splice(at..=at, [major | 24, small])),
        6 if small < 24 => drop(bytes.splice(at..=at, [major | 25, 0, small])),
        7 if small < 24 => drop(bytes.splice(at..=at, [&[major | 27][..], &[0; 7], &[small]].concat())),
        8 if small == 24 => drop(bytes.splice(at..=at, [major | 25, 0])),
        9 => bytes[at] = major | 31,
        _ => bytes.push(*byte),
    }
}

/// The parts of a row in another order, and some of them twice.
fn encode_otherwise(state: &ObjectState, turn: usize, twice: bool) -> Zeroizing<Vec<u8>> {
    fn turned<T>(parts: impl IntoIterator<Item = T>, turn: usize, twice: bool) -> Vec<T>
    where
        T: Clone,
    {
        let mut parts: Vec<T> = parts.into_iter().collect();
        if let Some(part) = parts.last().filter(|_| twice).cloned() {
            parts.push(part);
        }
        let len = parts.len().max(1);
        parts.rotate_left(turn % len);
        parts
    }
    cbor::encode(|writer: &mut Writer| {
        let fields = turned(&state.fields, turn, twice);
        writer.map(2)?.u8(0)?.array(fields.len() as u64)?;
        for (key, field) in fields {
            writer.array(2)?;
            cbor::write_key(writer, key)?;
            let writes = turned(&field.0, turn / 2, twice);
            writer.array(writes.len() as u64)?;
            for (dot, write) in writes {
                writer.array(5)?;
                cbor::write_written(writer, dot, write)?;
            }
        }
        let purges = turned(&state.purges, turn, twice);
        writer.u8(1)?.array(purges.len() as u64)?;
        for (dot, purge) in purges {
            writer.array(5)?;
            cbor::write_dot(writer, dot)?;
            cbor::write_hlc(writer, &purge.hlc)?;
            let objections = turned(&purge.objections, turn, twice);
            writer.u64(purge.wall_ms)?.array(objections.len() as u64)?;
            objections.iter().try_for_each(|log| writer.bytes(&log.0)?.ok())?;
            writer.bool(purge.answered)?;
        }
        Ok(())
    })
}

/// All that is said of a row by its two readers and by the one that was before them.
fn check_readers(bytes: &[u8]) -> Result<(), TestCaseError> {
    let found = decode_row(bytes);
    prop_assert_eq!(&found, &written_again::decode_row(bytes));
    match (found, ShownRow::read(bytes)) {
        (Ok(state), Ok(shown)) => {
            let again = encode_row(&state);
            prop_assert_eq!(again.as_slice(), bytes, "what is taken is the only form");
            let values: Vec<_> = state.values().map(|(key, value)| ((key.class, key.element.as_slice()), value)).collect();
            prop_assert_eq!(shown.values().collect::<Vec<_>>(), values);
            prop_assert_eq!(shown.is_conflicted(), state.is_conflicted());
            prop_assert_eq!(shown.modified_ms(), state.modified_ms());
            for (key, _) in state.fields() {
                prop_assert_eq!(shown.shown((key.class, &key.element)), state.shown(key));
            }
        }
        (Err(error), Err(shown)) => prop_assert_eq!(error, shown),
        (found, shown) => prop_assert!(false, "{:?}, but {:?}", found, shown.err()),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_row_is_read_back_whole(state in states()) {
        let bytes = encode_row(&state);
        check_readers(&bytes)?;
        prop_assert_eq!(decode_row(&bytes), Ok(state));
    }

    #[test]
    fn an_altered_row_is_refused_as_if_it_were_written_again(state in states(), harms in prop::collection::vec((0_u8..11, any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = encode_row(&state).to_vec();
        for harmed in &harms {
            harm(&mut bytes, harmed);
            check_readers(&bytes)?;
        }
    }

    #[test]
    fn parts_out_of_order_or_twice_are_refused_as_if_they_were_written_again(state in states(), turn in 0_usize..6, twice in any::<bool>()) {
        check_readers(&encode_otherwise(&state, turn, twice))?;
    }
}

/// Each of the parts of a row that have a longer form, in that form.
#[test]
fn every_number_in_a_longer_form_is_refused() {
    let write = Written {
        hlc: Hlc { ms: 1, counter: 2 },
        wall_ms: 3,
        over: vec![Dot { log: LogId([9; 16]), seq: 4, op: 5 }],
        value: Some(Value::new(vec![0xf5])),
    };
    let field = Field([(Dot { log: LogId([1; 16]), seq: 7, op: 8 }, write)].into());
    let purge = PurgeRequest { hlc: Hlc { ms: 1, counter: 1 }, wall_ms: 2, objections: [LogId([3; 16])].into(), answered: true };
    let state = ObjectState {
        fields: [(FieldKey::single(FieldClass::Alive), field)].into(),
        purges: [(Dot { log: LogId([1; 16]), seq: 1, op: 0 }, purge)].into(),
    };
    let bytes = encode_row(&state);
    let mut n_refused = 0;
    for at in 0..bytes.len() {
        let small = bytes[at] & 31;
        if small < 24 && bytes[at] >> 5 < 6 {
            let mut longer = bytes.to_vec();
            longer.splice(at..=at, [bytes[at] & 0xe0 | 24, small]);
            let found = decode_row(&longer);
            assert_eq!(found, written_again::decode_row(&longer), "at {at}");
            assert!(found.is_err(), "at {at}");
            n_refused += usize::from(found == Err(BodyError::NotCanonical));
        }
    }
    // Heads of arrays and maps, numbers, strings shorter than 24 bytes.
    assert_eq!(n_refused, 36);
}
