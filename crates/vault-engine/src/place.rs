//! What a vault's folder says of itself, should the device index be lost: which device and log it is here, since when it is the live one, and
//! what the person calls it.
//!
//! Written only into the folder that the index names, so that a folder with such a record has been the live one. Ids and time are no secret;
//! the name is sealed, because the database shows nothing but what the server may see.

use vault_protocol::{DeviceId, LogId, VaultId};
use vault_store::{Read, StoreError};

use crate::{
    context::Ctx,
    engine::Engine,
    event::Failure,
    session::{Session, local},
};

/// Key of the record in `meta`.
const PLACE: &str = "device.place";

/// `device (16) ‖ log (16) ‖ since when (8, Unix milliseconds, big endian)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) device: DeviceId,
    pub(crate) log: LogId,
    pub(crate) since_ms: u64,
}

impl Place {
    /// That of a folder, if it has one.
    pub(crate) fn read(store: Read<'_>) -> Result<Option<Self>, StoreError> {
        Ok(store.meta(PLACE)?.and_then(|bytes| Self::parse(&bytes)))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (device, rest) = bytes.split_first_chunk()?;
        let (log, since_ms) = rest.split_first_chunk()?;
        Some(Self { device: DeviceId(*device), log: LogId(*log), since_ms: u64::from_be_bytes(since_ms.try_into().ok()?) })
    }

    fn encode(self) -> Vec<u8> {
        [self.device.0.as_slice(), &self.log.0, &self.since_ms.to_be_bytes()].concat()
    }
}

/// What a vault is called whose name is lost, until it is opened: the beginning of its id tells it from others.
pub(crate) fn neutral_name(vault: VaultId) -> String {
    let id = vault.to_string();
    format!("Vault {}", id.get(..4).unwrap_or(&id))
}

impl Engine {
    /// Brings the open vault's folder and the device index in step: a name that the index has lost comes from the folder, else all comes from
    /// the index.
    pub(crate) fn note_place(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let session = self.session()?;
        let vault = session.vault;
        let kept = session.kept_name()?;
        if session.name == neutral_name(vault)
            && let Some(kept) = kept.clone()
        {
            session.name.clone_from(&kept);
            // Where the index can't be written, the name is shown as long as the vault is open.
            self.devices.rename(vault, &kept).ok();
            self.list_vaults(ctx)?;
        }
        let session = self.session()?;
        if session.read_only.is_none() {
            // What can't be noted (a full disk) is not needed as long as the index is whole.
            session.keep_place(kept.as_deref(), ctx).ok();
        }
        Ok(())
    }
}

impl Session {
    fn kept_name(&self) -> Result<Option<String>, Failure> {
        let sealed = self.store.read().local(local::NAME)?;
        let opened = sealed.and_then(|sealed| self.keys.open_local(local::NAME, &sealed).ok());
        Ok(opened.and_then(|name| String::from_utf8(name.to_vec()).ok()))
    }

    /// Writes what differs.
    fn keep_place(&mut self, kept_name: Option<&str>, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let place = Place { device: self.device, log: self.replica.state().own, since_ms: ctx.now_ms };
        let is_known = Place::read(self.store.read())?.is_some_and(|known| Place { since_ms: ctx.now_ms, ..known } == place);
        if is_known && kept_name == Some(self.name.as_str()) {
            return Ok(());
        }
        let name = self.keys.seal_local(local::NAME, self.name.as_bytes(), &mut ctx.entropy())?;
        Ok(self.store.write(|tx| {
            if !is_known {
                tx.put_meta(PLACE, &place.encode())?;
            }
            tx.put_local(local::NAME, &name)
        })?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_one_of_another_length_is_none() {
        let place = Place { device: DeviceId([1; 16]), log: LogId([2; 16]), since_ms: 1_770_000_000_000 };
        let bytes = place.encode();
        assert_eq!(Place::parse(&bytes), Some(place));
        assert_eq!(Place::parse(&bytes[1..]), None);
        assert_eq!(Place::parse(&[bytes.as_slice(), &[0]].concat()), None);
    }
}
