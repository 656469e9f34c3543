//! Device keys that an epoch of this device has replaced, kept for as long as another device may not know of that epoch.
//!
//! Two devices that change the password at the same time each write the other's slot for the key that the other has had so far. If that key
//! were gone, nobody could open both epochs, and only the recovery kit could join them. So it is kept, sealed under the new epoch: whoever
//! gets at it has the vault's newest key already, and to a former password with a copy of the disk it is as good as deleted. It goes when
//! every other current device has signed an entry that names the epoch: from then on nobody writes one beside it.

use vault_crypto::secret::DeviceSecret;
use vault_protocol::EpochId;

use crate::{event::Failure, session::Session};

/// Beginning of the names of the records.
const PREVIOUS_KEY: &str = "previous device key/";

/// The record with the key that `epoch` has replaced.
pub(crate) fn previous_key_name(epoch: EpochId) -> String {
    format!("{PREVIOUS_KEY}{epoch}")
}

impl Session {
    /// The keys that are kept, the newest last where that is known.
    pub(crate) fn previous_device_keys(&self) -> Result<Vec<DeviceSecret>, Failure> {
        let names = self.store.read().local_keys(PREVIOUS_KEY)?;
        let read = |name: String| -> Result<Option<DeviceSecret>, Failure> {
            let Some(sealed) = self.store.read().local(&name)? else { return Ok(None) };
            let key = self.keys.open_local(&name, &sealed).map_err(|_| Failure::NotAuthentic)?;
            Ok(DeviceSecret::from_slice(&key))
        };
        names.into_iter().filter_map(|name| read(name).transpose()).collect()
    }

    /// Deletes those that no other device can need any more.
    pub(crate) fn drop_previous_device_keys(&mut self) -> Result<(), Failure> {
        let names = self.store.read().local_keys(PREVIOUS_KEY)?;
        let done: Vec<String> = names.into_iter().filter(|name| self.is_known_to_all(name)).collect();
        if done.is_empty() {
            return Ok(());
        }
        self.store.write(|tx| done.iter().try_for_each(|name| tx.delete_local(name)))?;
        Ok(())
    }

    /// Whether every other device has signed that it knows the epoch of a record.
    fn is_known_to_all(&self, name: &str) -> bool {
        let members = self.control.state();
        let epoch = name.strip_prefix(PREVIOUS_KEY).and_then(EpochId::parse_hex);
        let Some(made) = epoch.and_then(|epoch| members.epochs().get(&epoch)) else { return false };
        let is_other = |log: &vault_protocol::LogId| members.logs().get(log).is_some_and(|state| state.device != self.device);
        let knows = |log| {
            let named = self.replica.state().log(log).control;
            self.control.is_covered(&[made.entry], named.hashes())
        };
        members.newest_epoch().is_some() && members.open_logs().filter(is_other).all(knows)
    }
}
