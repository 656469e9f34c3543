//! The stored form of a replica's state: local, so its format may change with the schema. It is sealed by its keeper.
//!
//! In two parts, because pending purges may be many and change seldom, while the rest is small and changes with every step.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use vault_model::cbor::Reader;
use vault_protocol::{Hash, Head, LogId, limits::MAX_OPS};
use zeroize::Zeroizing;

use super::{
    body::ControlHead,
    cbor::{self, BodyError, MAX_LOGS, WriteEnd, Writer},
    replica::{LogState, Pending, Purges, ReplicaState},
    root::Root,
};

/// Entries with purges that may wait at one time: far more than a person can ask for.
const MAX_PENDING: usize = 1 << 20;

impl ReplicaState {
    /// The state as bytes, without the pending purges (see [`encode_purges`]) and the retired ids, which are stored one by one.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        cbor::encode(|writer| {
            writer.map(8)?.u8(0)?.bytes(&self.own.0)?;
            writer.u8(1)?;
            cbor::write_hlc(writer, &self.clock)?;
            writer.u8(2)?.bytes(&self.root.0)?;
            writer.u8(3)?;
            self.control.write(writer)?;
            writer.u8(4)?.array(self.logs.len() as u64)?;
            self.logs.iter().try_for_each(|(log, state)| write_log(writer, log, state))?;
            writer.u8(5)?;
            cbor::write_vector(writer, &self.truncated)?;
            writer.u8(6)?.bool(self.heard)?;
            writer.u8(7)?.bool(self.halted)?.ok()
        })
    }

    /// Reads what [`ReplicaState::encode`] wrote, and [`encode_purges`] if it was ever stored.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn decode(state: &[u8], purges: Option<&[u8]>) -> Result<Self, BodyError> {
        let mut decoded = cbor::decode(state, Self::read, Self::encode)?;
        if let Some(purges) = purges {
            decoded.pending = Arc::new(cbor::decode(purges, read_purges, encode_purges)?);
        }
        Ok(decoded)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BodyError> {
        if cbor::map_len(reader)? != 8 {
            return Err(BodyError::Malformed);
        }
        let mut state = Self::default();
        cbor::map_key(reader, 0)?;
        state.own = LogId(cbor::fixed(reader)?);
        cbor::map_key(reader, 1)?;
        state.clock = cbor::read_hlc(reader)?;
        cbor::map_key(reader, 2)?;
        state.root = Root(cbor::fixed(reader)?);
        cbor::map_key(reader, 3)?;
        state.control = read_control(reader)?;
        cbor::map_key(reader, 4)?;
        for _ in 0..cbor::array_len(reader, MAX_LOGS)? {
            let (log, log_state) = read_log(reader)?;
            state.logs.insert(log, log_state);
        }
        cbor::map_key(reader, 5)?;
        state.truncated = cbor::read_vector(reader)?;
        cbor::map_key(reader, 6)?;
        state.heard = reader.bool()?;
        cbor::map_key(reader, 7)?;
        state.halted = reader.bool()?;
        Ok(state)
    }
}

/// The pending purges as bytes.
pub fn encode_purges(purges: &Purges) -> Zeroizing<Vec<u8>> {
    cbor::encode(|writer| {
        writer.array(purges.len() as u64)?;
        for ((log, seq), pending) in purges {
            writer.array(5)?.bytes(&log.0)?.u64(*seq)?;
            pending.asked_at.write(writer)?;
            write_signatures(writer, &pending.signatures)?;
            writer.array(pending.objects.len() as u64)?;
            for (op, object) in &pending.objects {
                writer.array(2)?.u16(*op)?.bytes(&object.0)?;
            }
        }
        Ok(())
    })
}

fn read_purges(reader: &mut Reader<'_>) -> Result<Purges, BodyError> {
    let mut purges = Purges::new();
    for _ in 0..cbor::array_len(reader, MAX_PENDING)? {
        cbor::tuple(reader, 5)?;
        let entry = (LogId(cbor::fixed(reader)?), reader.u64()?);
        let (asked_at, signatures) = (ControlHead::read(reader)?, read_signatures(reader)?);
        let mut objects = BTreeMap::new();
        for _ in 0..cbor::array_len(reader, MAX_OPS)? {
            cbor::tuple(reader, 2)?;
            objects.insert(reader.u16()?, cbor::read_object(reader)?);
        }
        purges.insert(entry, Pending { asked_at, signatures, objects });
    }
    Ok(purges)
}

fn write_log(writer: &mut Writer, log: &LogId, state: &LogState) -> WriteEnd {
    writer.array(8)?.bytes(&log.0)?.u64(state.head.seq)?.bytes(&state.head.hash.0)?;
    cbor::write_vector(writer, &state.seen)?;
    state.control.write(writer)?;
    writer.u64(state.wall_ms)?.u64(state.licensed)?.bool(state.stopped)?.ok()
}

fn read_log(reader: &mut Reader<'_>) -> Result<(LogId, LogState), BodyError> {
    cbor::tuple(reader, 8)?;
    let log = LogId(cbor::fixed(reader)?);
    let head = Head { seq: reader.u64()?, hash: Hash(cbor::fixed(reader)?) };
    let (seen, control) = (cbor::read_vector(reader)?, read_control(reader)?);
    Ok((log, LogState { head, seen, control, wall_ms: reader.u64()?, licensed: reader.u64()?, stopped: reader.bool()? }))
}

/// A control head, or none: of a log of which nothing is applied.
fn read_control(reader: &mut Reader<'_>) -> Result<ControlHead, BodyError> {
    if reader.clone().array()? == Some(0) {
        reader.array()?;
        return Ok(ControlHead::default());
    }
    ControlHead::read(reader)
}

fn write_signatures(writer: &mut Writer, signatures: &BTreeMap<ControlHead, BTreeSet<LogId>>) -> WriteEnd {
    writer.array(signatures.len() as u64)?;
    for (control, logs) in signatures {
        writer.array(2)?;
        control.write(writer)?;
        writer.array(logs.len() as u64)?;
        logs.iter().try_for_each(|log| writer.bytes(&log.0)?.ok())?;
    }
    Ok(())
}

fn read_signatures(reader: &mut Reader<'_>) -> Result<BTreeMap<ControlHead, BTreeSet<LogId>>, BodyError> {
    let mut signatures = BTreeMap::new();
    for _ in 0..cbor::array_len(reader, MAX_LOGS)? {
        cbor::tuple(reader, 2)?;
        let control = ControlHead::read(reader)?;
        let logs = (0..cbor::array_len(reader, MAX_LOGS)?).map(|_| Ok(LogId(cbor::fixed(reader)?))).collect::<Result<_, BodyError>>()?;
        signatures.insert(control, logs);
    }
    Ok(signatures)
}

#[cfg(test)]
mod tests {
    use vault_protocol::{ObjectId, VersionVector};

    use super::*;
    use crate::log::hlc::Hlc;

    #[test]
    fn a_state_survives_the_round_trip() {
        let head = Head { seq: 7, hash: Hash([1; 32]) };
        let vector = VersionVector([(LogId([2; 16]), head)].into());
        let control = ControlHead::new([Hash([3; 32])]);
        let log = LogState { head, seen: vector.clone(), control: control.clone(), wall_ms: 5, licensed: 6, stopped: true };
        let signatures = BTreeMap::from([(control.clone(), BTreeSet::from([LogId([4; 16])]))]);
        let pending = Pending { asked_at: control.clone(), signatures, objects: [(2, ObjectId([5; 16]))].into() };
        let state = ReplicaState {
            own: LogId([4; 16]),
            clock: Hlc { ms: 8, counter: 9 },
            root: Root([6; 32]),
            control,
            logs: [(LogId([2; 16]), log), (LogId([4; 16]), LogState::default())].into(),
            pending: Arc::new([((LogId([4; 16]), 1), pending)].into()),
            truncated: vector,
            heard: true,
            halted: false,
        };
        assert_eq!(ReplicaState::decode(&state.encode(), Some(&encode_purges(&state.pending))), Ok(state));
    }
}
