//! Device keys that an epoch has replaced, deleted once more at the next opening: a crash between the commit of the epoch and the deletion
//! leaves the old key behind. It opens nothing any more but an old copy of the vault, which is reason enough to let it go.

use vault_protocol::{
    DeviceId, KemPublicKey,
    control::{ControlBody, ControlLog},
};

use crate::{context::Ctx, engine::Engine, event::Failure, factors::WantedKey};

/// How many of the last ones are looked for: a session ends with the crash, and the next opening comes before the next epoch.
const N_LOOKED_FOR: usize = 2;

impl Engine {
    /// Deletes what the open vault's device has had before its present key, wherever it may lie; once for each start of the program.
    pub(crate) fn collect_old_keys(&mut self, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let session = self.session()?;
        let (vault, device) = (session.vault, session.device);
        if session.read_only.is_some() || !session.control.state().is_current(device) {
            return Ok(());
        }
        // What can't be read is no reason not to open the vault: it is looked for again at the next opening.
        session.drop_previous_device_keys().ok();
        let session = self.session()?;
        let replaced = replaced_keys(&session.control, device);
        if self.collected.insert(vault) {
            for public in replaced.into_iter().rev().take(N_LOOKED_FOR) {
                self.delete_key(WantedKey { vault, public }, ctx);
            }
        }
        Ok(())
    }
}

/// The keys that a device has had, in their order, without its present one.
fn replaced_keys(control: &ControlLog, device: DeviceId) -> Vec<KemPublicKey> {
    let members = control.state();
    let Some(present) = members.devices().get(&device).map(|state| state.key) else { return Vec::new() };
    let had = control.entries().filter_map(|(_, entry)| match &entry.body {
        ControlBody::Genesis(genesis) => Some((genesis.device, genesis.device_key)),
        ControlBody::Enrol(enrol, _) => Some((enrol.device, enrol.device_key)),
        ControlBody::Epoch(epoch) => {
            let writer = members.logs().values().find(|log| log.key == entry.signer)?;
            Some((writer.device, epoch.device_key?))
        }
        ControlBody::Incarnation(..)
        | ControlBody::Slots(_)
        | ControlBody::Floor(_)
        | ControlBody::Allow(_)
        | ControlBody::Retire(_)
        | ControlBody::Settle(_) => None,
    });
    had.filter(|(of, key)| *of == device && *key != present).map(|(_, key)| key).collect()
}
