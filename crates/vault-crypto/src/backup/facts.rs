//! What a backup says of itself, sealed: its base in the head, its counts, state and signature in the trailer.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder, decode, encode};
use vault_protocol::{Hash, Head, LogId, Signature, VersionVector};

/// Most logs in a version vector: as many as control entries could have begun.
const MAX_LOGS: u64 = vault_protocol::limits::MAX_CONTROL_ENTRIES as u64;

/// The state that a backup holds; its control head is that of the control log in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFacts {
    /// The vector up to which the state is complete.
    pub vector: VersionVector,
    /// The state root there.
    pub root: [u8; 32],
    /// The rules version by which it was computed.
    pub rules: u32,
}

type Written = Result<(), encode::Error<std::convert::Infallible>>;

/// The head: CBOR `{0: base vector or null}`.
pub(super) fn encode_head(base: Option<&VersionVector>) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    let mut write = || -> Written {
        encoder.map(1)?.u8(0)?;
        match base {
            Some(base) => encode_vector(&mut encoder, base),
            None => encoder.null().map(drop),
        }
    };
    write().expect("writing to a vector cannot fail");
    encoder.into_writer()
}

pub(super) fn parse_head(bytes: &[u8]) -> Option<Option<VersionVector>> {
    let mut decoder = Decoder::new(bytes);
    (decoder.map().ok()? == Some(1) && decoder.u8().ok()? == 0).then_some(())?;
    let base = match decoder.datatype().ok()? {
        minicbor::data::Type::Null => None,
        _ => Some(parse_vector(&mut decoder)?),
    };
    (encode_head(base.as_ref()) == bytes).then_some(base)
}

/// The trailer: CBOR `{0: {record kind: count}, 1: root, 2: rules version, 3: vector}` and behind it the signature.
pub(super) struct Trailer {
    pub(super) counts: BTreeMap<u8, u64>,
    pub(super) facts: BackupFacts,
}

impl Trailer {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        let mut write = || -> Written {
            encoder.map(4)?.u8(0)?.map(self.counts.len() as u64)?;
            for (kind, count) in &self.counts {
                encoder.u8(*kind)?.u64(*count)?;
            }
            encoder.u8(1)?.bytes(&self.facts.root)?.u8(2)?.u32(self.facts.rules)?.u8(3)?;
            encode_vector(&mut encoder, &self.facts.vector)
        };
        write().expect("writing to a vector cannot fail");
        encoder.into_writer()
    }

    /// The trailer and the signature behind it; `None` for anything but its only encoding.
    pub(super) fn parse(bytes: &[u8]) -> Option<(Self, Signature)> {
        let (body, signature) = bytes.split_last_chunk()?;
        let mut decoder = Decoder::new(body);
        let trailer = Self::parse_body(&mut decoder).ok()??;
        (trailer.encode() == body).then_some((trailer, Signature(*signature)))
    }

    fn parse_body(decoder: &mut Decoder<'_>) -> Result<Option<Self>, decode::Error> {
        let mut counts = BTreeMap::new();
        decoder.map()?;
        decoder.u8()?;
        for _ in 0..decoder.map()?.unwrap_or(0).min(u64::from(u8::MAX)) {
            counts.insert(decoder.u8()?, decoder.u64()?);
        }
        decoder.u8()?;
        let root = decoder.bytes()?.try_into().ok();
        decoder.u8()?;
        let rules = decoder.u32()?;
        decoder.u8()?;
        let vector = parse_vector(decoder);
        // Keys and lengths are compared by encoding it again.
        Ok(root.zip(vector).map(|(root, vector)| Self { counts, facts: BackupFacts { vector, root, rules } }))
    }
}

/// A vector: `[[log, seq, hash] …]`, ascending by log.
fn encode_vector(encoder: &mut Encoder<Vec<u8>>, vector: &VersionVector) -> Written {
    encoder.array(vector.0.len() as u64)?;
    for (log, head) in &vector.0 {
        encoder.array(3)?.bytes(&log.0)?.u64(head.seq)?.bytes(&head.hash.0)?;
    }
    Ok(())
}

fn parse_vector(decoder: &mut Decoder<'_>) -> Option<VersionVector> {
    let n_logs = decoder.array().ok()?.filter(|n_logs| *n_logs <= MAX_LOGS)?;
    let mut vector = VersionVector::default();
    for _ in 0..n_logs {
        (decoder.array().ok()? == Some(3)).then_some(())?;
        let log = LogId::from_slice(decoder.bytes().ok()?)?;
        let seq = decoder.u64().ok()?;
        vector.0.insert(log, Head { seq, hash: Hash::from_slice(decoder.bytes().ok()?)? });
    }
    Some(vector)
}
