//! Length-prefixed binary: numbers big endian, each frame `len (4) ‖ bytes`.

use super::bounds::{MAX_FRAMES, MAX_HEADS, MAX_LOGS, MAX_NUMBER};
use crate::{Hash, Head, LogId, VersionVector, reader::Reader};

/// First byte of every framed body.
pub(super) const FRAMES_1: u8 = 1;

/// Writes a framed body.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn new() -> Self {
        Self(vec![FRAMES_1])
    }

    /// With room for so many bytes behind the version.
    pub(super) fn with_capacity(n_bytes: usize) -> Self {
        let mut bytes = Vec::with_capacity(1 + n_bytes);
        bytes.push(FRAMES_1);
        Self(bytes)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    /// `n (2) ‖ hash (32) × n`; what is beyond the ceiling is left out, and the reader then asks for it by itself.
    pub(super) fn heads(&mut self, heads: &[Hash]) {
        let heads = &heads[..heads.len().min(MAX_HEADS)];
        self.0.extend_from_slice(&(heads.len() as u16).to_be_bytes());
        heads.iter().for_each(|head| self.0.extend_from_slice(&head.0));
    }

    /// `n (2) ‖ (log (16) ‖ seq (8) ‖ hash (32)) × n`, ascending by log.
    pub(super) fn vector(&mut self, vector: &VersionVector) {
        let n = vector.0.len().min(MAX_LOGS);
        self.0.extend_from_slice(&(n as u16).to_be_bytes());
        for (log, head) in vector.0.iter().take(n) {
            self.0.extend_from_slice(&log.0);
            self.0.extend_from_slice(&head.seq.to_be_bytes());
            self.0.extend_from_slice(&head.hash.0);
        }
    }

    pub(super) fn frames<T: AsRef<[u8]>>(&mut self, frames: &[T]) {
        self.0.reserve(frames.iter().map(|frame| 4 + frame.as_ref().len()).sum());
        for frame in frames {
            // An entry has at most 1 MiB.
            self.u32(frame.as_ref().len() as u32);
            self.0.extend_from_slice(frame.as_ref());
        }
    }
}

/// Begins to read a framed body.
pub(super) fn begin(bytes: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(bytes);
    (reader.u8()? == FRAMES_1).then_some(reader)
}

/// At most [`MAX_NUMBER`].
pub(super) fn number(reader: &mut Reader<'_>) -> Option<u64> {
    reader.u64().filter(|number| *number <= MAX_NUMBER)
}

/// What [`Writer::heads`] writes, strictly ascending.
pub(super) fn heads(reader: &mut Reader<'_>) -> Option<Vec<Hash>> {
    let n = usize::from(reader.u16()?);
    if n > MAX_HEADS {
        return None;
    }
    let heads = (0..n).map(|_| reader.array().map(Hash)).collect::<Option<Vec<_>>>()?;
    heads.is_sorted_by(|a, b| a < b).then_some(heads)
}

/// What [`Writer::vector`] writes: strictly ascending, number and hash both zero or neither, and zero only where `zero` allows it.
pub(super) fn vector(reader: &mut Reader<'_>, zero: Zero) -> Option<VersionVector> {
    let n = usize::from(reader.u16()?);
    if n > MAX_LOGS {
        return None;
    }
    let mut vector = VersionVector::default();
    for _ in 0..n {
        let log = LogId(reader.array()?);
        let head = Head { seq: number(reader)?, hash: Hash(reader.array()?) };
        let in_order = vector.0.last_key_value().is_none_or(|(last, _)| *last < log);
        let is_none = head.seq == 0;
        let fits = is_none == (head.hash == Hash::ZERO) && (zero == Zero::MeansNone || !is_none);
        if !in_order || !fits {
            return None;
        }
        vector.0.insert(log, head);
    }
    Some(vector)
}

/// What a head with number zero is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Zero {
    /// "Has no entry of this log".
    MeansNone,
    /// An error.
    IsRefused,
}

/// What both kinds of sending have: the control heads as the client knows them, and what it hands over.
pub(super) fn write_sending<T: AsRef<[u8]>>(control_heads: &[Hash], sent: &[T]) -> Vec<u8> {
    let mut body = Writer::new();
    body.heads(control_heads);
    body.frames(sent);
    body.0
}

/// What [`write_sending`] writes; nothing to hand over is an error.
pub(super) fn sending(bytes: &[u8], max_bytes: usize) -> Option<(Vec<Hash>, Vec<Vec<u8>>)> {
    let mut reader = begin(bytes)?;
    let control_heads = heads(&mut reader)?;
    let sent = frames(reader, max_bytes).filter(|sent| !sent.is_empty())?;
    Some((control_heads, sent))
}

/// Every frame to the end, each between 1 and `max_bytes` bytes.
pub(super) fn frames(mut reader: Reader<'_>, max_bytes: usize) -> Option<Vec<Vec<u8>>> {
    let mut frames = Vec::new();
    while !reader.is_empty() {
        let len = usize::try_from(reader.u32()?).ok()?;
        if len == 0 || len > max_bytes || frames.len() == MAX_FRAMES {
            return None;
        }
        frames.push(reader.bytes(len)?.to_vec());
    }
    Some(frames)
}
