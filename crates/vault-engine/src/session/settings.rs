//! Objects that are not items: the vault's settings and the names of its devices.

use vault_model::{
    FieldClass, FieldKey,
    draft::Change,
    payload::{OBJECT_DEVICE, OBJECT_SETTINGS, encode_text, encode_u64},
};
use vault_protocol::{DeviceId, ObjectId};

use super::{Edit, Session};
use crate::{command::VaultSettings, log::object::ObjectState};

/// The one settings object; every replica knows its id, so no two are ever made.
pub(crate) const SETTINGS: ObjectId = ObjectId(*b"nt2/settings/v1\0");

const DEVICE_NAME: &str = "name";

impl VaultSettings {
    fn numbers(&mut self) -> [(&'static str, &mut u32); 5] {
        [
            ("lock_after_secs", &mut self.lock_after_secs),
            ("clipboard_secs", &mut self.clipboard_secs),
            ("reveal_secs", &mut self.reveal_secs),
            ("trash_days", &mut self.trash_days),
            ("backup_days", &mut self.backup_days),
        ]
    }

    fn read(state: &ObjectState) -> Self {
        let mut settings = Self::default();
        for (name, value) in settings.numbers() {
            let found = state.shown(&setting_key(name)).and_then(|bytes| minicbor::decode::<u32>(bytes).ok());
            *value = found.unwrap_or(*value);
        }
        settings
    }
}

/// The writes that take the settings from `old` to `new`.
pub(crate) fn settings_edit(old: &VaultSettings, new: &VaultSettings) -> Edit {
    let (mut old, mut new) = (old.clone(), new.clone());
    let changed = old.numbers().into_iter().zip(new.numbers()).filter(|((_, old), (_, new))| old != new);
    let changes: Vec<Change> =
        changed.map(|(_, (name, value))| Change { key: setting_key(name), value: Some(encode_u64(u64::from(*value))) }).collect();
    if changes.is_empty() { Edit::default() } else { Edit::of(SETTINGS, changes.into_iter().chain([object_change(OBJECT_SETTINGS)])) }
}

/// The writes that name a device. Its object has the device's id.
pub(crate) fn device_name_edit(device: DeviceId, name: &str) -> Edit {
    let name = Change { key: setting_key(DEVICE_NAME), value: Some(encode_text(name)) };
    Edit::of(ObjectId(device.0), [object_change(OBJECT_DEVICE), name])
}

impl Session {
    /// Takes a changed object that is no item into memory.
    pub(crate) fn index_other(&mut self, object: ObjectId, kind: Option<u64>, state: &ObjectState) {
        match kind {
            Some(OBJECT_SETTINGS) if object == SETTINGS => self.settings = VaultSettings::read(state),
            Some(OBJECT_DEVICE) => {
                if let Some(name) = state.shown(&setting_key(DEVICE_NAME)).and_then(|bytes| minicbor::decode::<String>(bytes).ok()) {
                    self.device_names.insert(object, name);
                }
            }
            _ => {}
        }
    }
}

fn object_change(kind: u64) -> Change {
    Change { key: FieldKey::single(FieldClass::Object), value: Some(encode_u64(kind)) }
}

fn setting_key(name: &str) -> FieldKey {
    FieldKey::element(FieldClass::Setting, name.as_bytes())
}
