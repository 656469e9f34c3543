//! What this device keeps of attachments, sealed with its other local records: FORMAT.md §12.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vault_protocol::ObjectId;
use zeroize::Zeroizing;

use crate::{
    context::Ctx,
    event::Failure,
    log::cbor::{self, BodyError},
    session::{Keys, Session},
};

/// Name of the record.
const FILES: &str = "files";
/// Most items that a record names: more than a vault has.
const MAX_PINNED: usize = 10_000_000;

/// Which attachments come to this device by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetchPolicy {
    /// All.
    All,
    /// Pictures, and other files of up to 10 MiB.
    #[default]
    Small,
    /// Those of items that are kept offline.
    Pinned,
    /// None: each when it is opened.
    Never,
}

/// What this device keeps of attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSettings {
    /// Which come by themselves.
    pub policy: FetchPolicy,
    /// Bytes of fetched files above which the oldest of them leave this device again; 0 = no limit.
    pub cap_bytes: u64,
    /// Nothing is transferred but what is opened.
    pub paused: bool,
}

/// All that is kept: the settings, and the items that stay offline whatever they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileRecord {
    pub(crate) settings: FileSettings,
    pub(crate) pinned: BTreeSet<ObjectId>,
}

impl FileRecord {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let FileSettings { policy, cap_bytes, paused } = self.settings;
        let policy = match policy {
            FetchPolicy::All => 0,
            FetchPolicy::Small => 1,
            FetchPolicy::Pinned => 2,
            FetchPolicy::Never => 3,
        };
        cbor::encode(|writer| {
            writer.map(4)?.u8(0)?.u8(policy)?.u8(1)?.u64(cap_bytes)?.u8(2)?.bool(paused)?.u8(3)?;
            writer.array(self.pinned.len() as u64)?;
            self.pinned.iter().try_for_each(|item| writer.bytes(&item.0)?.ok())
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        cbor::decode(bytes, Self::read, Self::encode)
    }

    fn read(reader: &mut vault_model::cbor::Reader<'_>) -> Result<Self, BodyError> {
        if cbor::map_len(reader)? != 4 {
            return Err(BodyError::Malformed);
        }
        cbor::map_key(reader, 0)?;
        let policy = match reader.u8()? {
            0 => FetchPolicy::All,
            1 => FetchPolicy::Small,
            2 => FetchPolicy::Pinned,
            3 => FetchPolicy::Never,
            _ => return Err(BodyError::Malformed),
        };
        cbor::map_key(reader, 1)?;
        let cap_bytes = reader.u64()?;
        cbor::map_key(reader, 2)?;
        let paused = reader.bool()?;
        cbor::map_key(reader, 3)?;
        let n_pinned = cbor::array_len(reader, MAX_PINNED)?;
        let pinned = (0..n_pinned).map(|_| Ok(ObjectId(cbor::fixed(reader)?))).collect::<Result<_, BodyError>>()?;
        Ok(Self { settings: FileSettings { policy, cap_bytes, paused }, pinned })
    }

    /// As stored; the default where nothing is.
    pub(crate) fn load(store: &vault_store::VaultStore, keys: &Keys) -> Result<Self, Failure> {
        let Some(sealed) = store.read().local(FILES)? else { return Ok(Self::default()) };
        let body = keys.open_local(FILES, &sealed).map_err(|_| Failure::NotAuthentic)?;
        Self::decode(&body).map_err(|_| Failure::Damaged)
    }
}

impl Session {
    /// Keeps other settings.
    pub(super) fn put_file_record(&mut self, record: FileRecord, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        self.check_writable()?;
        let sealed = self.keys.seal_local(FILES, &record.encode(), &mut ctx.entropy())?;
        self.store.write(|tx| tx.put_local(FILES, &sealed))?;
        self.files.record = record;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_round_trip() {
        for policy in [FetchPolicy::All, FetchPolicy::Small, FetchPolicy::Pinned, FetchPolicy::Never] {
            let settings = FileSettings { policy, cap_bytes: 1 << 30, paused: true };
            let record = FileRecord { settings, pinned: [ObjectId([1; 16]), ObjectId([2; 16])].into() };
            assert_eq!(FileRecord::decode(&record.encode()), Ok(record));
        }
    }
}
