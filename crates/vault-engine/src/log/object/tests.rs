use proptest::prelude::*;
use vault_protocol::{Hash, Head, ObjectId};

use super::*;
use crate::log::row::{decode_row, encode_row};

/// An entry with one op, as its author wrote it.
#[derive(Clone, Debug)]
struct Entry {
    dot: Dot,
    hlc: Hlc,
    seen: VersionVector,
    seen_before: VersionVector,
    op: OneOp,
}

#[derive(Clone, Debug)]
enum OneOp {
    Write(Write),
    Purge,
}

const OBJECT: ObjectId = ObjectId([1; 16]);
const N_LOGS: usize = 3;

fn log(n: usize) -> LogId {
    LogId([n as u8 + 1; 16])
}

fn apply(state: &mut ObjectState, past: &mut Vec<Dot>, entry: &Entry) {
    let context = OpContext { dot: entry.dot, hlc: entry.hlc, wall_ms: 0, seen: &entry.seen, seen_before: &entry.seen_before };
    match &entry.op {
        OneOp::Write(write) => past.extend(state.apply_write(context, write).history.iter().map(|record| record.dot)),
        OneOp::Purge => state.apply_purge(context, past),
    }
}

/// What an author does next: who, what, which of the writes seen it covers, whom it hears first.
type Deed = (usize, usize, u8, usize);

/// Plays `deeds`: every author knows its own entries and those of whom it has heard.
fn play(deeds: &[Deed]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut known = [[0_u64; N_LOGS]; N_LOGS];
    let mut signed = vec![VersionVector::default(); N_LOGS];
    for (position, (author, what, mask, from)) in deeds.iter().enumerate() {
        let heard = known[*from];
        known[*author].iter_mut().zip(heard).for_each(|(own, heard)| *own = (*own).max(heard));
        let knows = |dot: &Dot| dot.seq <= known[*author][(0..N_LOGS).find(|n| log(*n) == dot.log).expect("a log")];
        let mut mine = ObjectState::default();
        let mut past = Vec::new();
        entries.iter().filter(|entry| knows(&entry.dot)).for_each(|entry| apply(&mut mine, &mut past, entry));

        let key = if *what == 0 { alive_key() } else { FieldKey::element(FieldClass::Tag, vec![*what as u8]) };
        let dots = mine.field(&key).map(Field::dots).unwrap_or_default();
        let over = dots.into_iter().enumerate().filter(|(n, _)| mask >> (n % 8) & 1 == 1).map(|(_, dot)| dot).collect();
        let value = Some(Value::boolean(mask % 2 == 0));
        let op = if *what == 3 { OneOp::Purge } else { OneOp::Write(Write { object: OBJECT, key, over, value }) };

        known[*author][*author] += 1;
        let seen = (0..N_LOGS).filter(|n| n != author && known[*author][*n] > 0);
        let seen = VersionVector(seen.map(|n| (log(n), Head { seq: known[*author][n], hash: Hash::ZERO })).collect());
        let seen_before = std::mem::replace(&mut signed[*author], seen.clone());
        let dot = Dot { log: log(*author), seq: known[*author][*author], op: 0 };
        entries.push(Entry { dot, hlc: Hlc { ms: position as u64 / 3, counter: 0 }, seen, seen_before, op });
    }
    entries
}

/// Applies all entries in a causal order that `choices` select.
fn merged(entries: &[Entry], choices: &[u8]) -> ObjectState {
    let mut state = ObjectState::default();
    let mut past = Vec::new();
    let mut applied = [0_u64; N_LOGS];
    let seq_of = |applied: &[u64; N_LOGS], wanted: LogId| applied[(0..N_LOGS).find(|n| log(*n) == wanted).expect("a log")];
    for step in 0..entries.len() {
        let ready = |entry: &&Entry| {
            seq_of(&applied, entry.dot.log) + 1 == entry.dot.seq
                && entry.seen.0.iter().all(|(log, head)| seq_of(&applied, *log) >= head.seq)
        };
        let ready: Vec<&Entry> = entries.iter().filter(ready).collect();
        let entry = ready[usize::from(choices.get(step).copied().unwrap_or(0)) % ready.len()];
        apply(&mut state, &mut past, entry);
        applied[(0..N_LOGS).find(|n| log(*n) == entry.dot.log).expect("a log")] += 1;
    }
    state
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec((0..N_LOGS, 0..4_usize, any::<u8>(), 0..N_LOGS), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Commutative and associative: every causal order of the same entries gives the same object, purges with their objections included.
    #[test]
    fn every_causal_order_merges_to_the_same_object(deeds in deeds(), choices in prop::collection::vec(any::<u8>(), 14)) {
        let entries = play(&deeds);
        prop_assert_eq!(merged(&entries, &choices), merged(&entries, &[]));
    }

    /// The definition: live is what no write covers.
    #[test]
    fn live_is_exactly_what_no_write_covers(deeds in deeds(), choices in prop::collection::vec(any::<u8>(), 14)) {
        let entries = play(&deeds);
        let covered: BTreeSet<Dot> =
            entries.iter().flat_map(|entry| if let OneOp::Write(write) = &entry.op { write.over.clone() } else { vec![] }).collect();
        let live: BTreeSet<Dot> = entries
            .iter()
            .filter(|entry| matches!(entry.op, OneOp::Write(_)) && !covered.contains(&entry.dot))
            .map(|entry| entry.dot)
            .collect();
        let state = merged(&entries, &choices);
        let found: BTreeSet<Dot> = state.fields().flat_map(|(_, field)| field.dots()).collect();
        prop_assert_eq!(found, live);
    }

    /// Rows lose nothing.
    #[test]
    fn a_row_reads_back_as_the_object_it_was_written_from(deeds in deeds()) {
        let state = merged(&play(&deeds), &[]);
        let body = encode_row(&state);
        prop_assert_eq!(decode_row(&body), Ok(state));
    }
}

fn written(ms: u64, value: &[u8]) -> Written {
    Written { hlc: Hlc { ms, counter: 0 }, wall_ms: ms, over: vec![], value: Some(Value::new(value.to_vec())) }
}

fn field(writes: &[(usize, Written)]) -> Field {
    Field(writes.iter().map(|(n, write)| (Dot { log: log(*n), seq: 1, op: 0 }, write.clone())).collect())
}

#[test]
fn the_greatest_stamp_is_shown_and_the_greater_log_breaks_ties() {
    let shown = |writes: &[(usize, Written)]| field(writes).shown().and_then(|(_, write)| write.value.clone()).expect("a value");
    assert_eq!(shown(&[(0, written(2, b"later")), (1, written(1, b"earlier"))]).expose(), b"later");
    assert_eq!(shown(&[(0, written(1, b"low")), (1, written(1, b"high"))]).expose(), b"high");
}

#[test]
fn equal_concurrent_values_are_no_conflict() {
    assert!(!field(&[(0, written(1, b"same")), (1, written(2, b"same"))]).is_conflicted());
    assert!(field(&[(0, written(1, b"one")), (1, written(2, b"two"))]).is_conflicted());
}

#[test]
fn values_are_not_printed() {
    assert_eq!(format!("{:?}", Value::new(b"hunter2".to_vec())), "Value(7 bytes)");
}
