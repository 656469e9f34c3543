//! Many ids as one run of bytes: between page and worker they are copied in one piece, not byte by byte.

use serde::{
    Deserializer, Serializer,
    de::{Error, Visitor},
};
use vault_protocol::ObjectId;

/// Bytes of an id.
const LEN: usize = size_of::<ObjectId>();

/// For `serde(with = …)`.
pub(crate) fn serialize<S: Serializer>(ids: &[ObjectId], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(ids.len() * LEN);
    ids.iter().for_each(|id| bytes.extend_from_slice(&id.0));
    serializer.serialize_bytes(&bytes)
}

/// For `serde(with = …)`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ObjectId>, D::Error> {
    deserializer.deserialize_bytes(Ids)
}

struct Ids;

impl Visitor<'_> for Ids {
    type Value = Vec<ObjectId>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ids, one behind the other")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        let (ids, []) = bytes.as_chunks::<LEN>() else { return Err(E::invalid_length(bytes.len(), &self)) };
        Ok(ids.iter().map(|id| ObjectId(*id)).collect())
    }
}
