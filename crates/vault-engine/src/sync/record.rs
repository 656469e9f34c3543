//! What this device remembers of a carrier, sealed with its other local records: FORMAT.md §11.

use vault_protocol::{Hash, VersionVector, limits::MAX_CONTROL_ENTRIES};
use zeroize::Zeroizing;

use crate::log::cbor::{self, BodyError};

/// Longest origin, in bytes: a host name has at most 253 (RFC 1035 §2.3.4), and scheme and port are short.
const MAX_SERVER_BYTES: usize = 300;

/// Name of the record.
pub(crate) const SYNC: &str = "sync";

/// One server, as this device knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its origin.
    pub(crate) server: String,
    /// Whether it is in use.
    pub(crate) enabled: bool,
    /// Whether it has taken the vault.
    pub(crate) registered: bool,
    /// The last time all was exchanged, Unix milliseconds; 0 = never.
    pub(crate) last_sync_ms: u64,
    /// The head of every log that it is known to have had: it may never show less, or another (MS12).
    pub(crate) pins: VersionVector,
    /// The control heads that it is known to have had, ascending.
    pub(crate) control: Vec<Hash>,
    /// Another device removed this one.
    pub(crate) removed: bool,
}

impl Record {
    /// A server that nothing is known of.
    pub(crate) fn new(server: String) -> Self {
        Self { server, enabled: true, ..Self::default() }
    }

    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        cbor::encode(|writer| {
            writer.map(7)?.u8(0)?.str(&self.server)?.u8(1)?.bool(self.enabled)?.u8(2)?.bool(self.registered)?;
            writer.u8(3)?.u64(self.last_sync_ms)?.u8(4)?;
            cbor::write_vector(writer, &self.pins)?;
            writer.u8(5)?;
            cbor::write_hashes(writer, &self.control)?;
            writer.u8(6)?.bool(self.removed)?.ok()
        })
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        cbor::decode(bytes, Self::read, Self::encode)
    }

    fn read(reader: &mut vault_model::cbor::Reader<'_>) -> Result<Self, BodyError> {
        if cbor::map_len(reader)? != 7 {
            return Err(BodyError::Malformed);
        }
        cbor::map_key(reader, 0)?;
        let server = reader.str()?.to_owned();
        if server.len() > MAX_SERVER_BYTES {
            return Err(BodyError::TooLarge);
        }
        cbor::map_key(reader, 1)?;
        let enabled = reader.bool()?;
        cbor::map_key(reader, 2)?;
        let registered = reader.bool()?;
        cbor::map_key(reader, 3)?;
        let last_sync_ms = reader.u64()?;
        cbor::map_key(reader, 4)?;
        let pins = cbor::read_vector(reader)?;
        cbor::map_key(reader, 5)?;
        let n_heads = cbor::array_len(reader, MAX_CONTROL_ENTRIES)?;
        let control = (0..n_heads).map(|_| Ok(Hash(cbor::fixed(reader)?))).collect::<Result<_, BodyError>>()?;
        cbor::map_key(reader, 6)?;
        Ok(Self { server, enabled, registered, last_sync_ms, pins, control, removed: reader.bool()? })
    }
}

#[cfg(test)]
mod tests {
    use vault_protocol::{Head, LogId};

    use super::*;

    #[test]
    fn a_record_survives_the_round_trip() {
        let head = Head { seq: 9, hash: Hash([1; 32]) };
        let record = Record {
            server: "https://sync.example:8443".into(),
            enabled: true,
            registered: true,
            last_sync_ms: 1_800_000_000_000,
            pins: VersionVector([(LogId([2; 16]), head)].into()),
            control: vec![Hash([3; 32])],
            removed: false,
        };
        assert_eq!(Record::decode(&record.encode()), Ok(record));
        assert_eq!(Record::decode(&Record::default().encode()), Ok(Record::default()));
    }
}
