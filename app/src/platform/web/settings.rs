//! The settings of this device: one JSON text in the browser's local storage.

use vault_ui::settings::DeviceSettings;
use web_sys::Storage;

const NAME: &str = "nt2-settings";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Reads a text that this page keeps.
pub(super) fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps a text. A browser that keeps nothing loses no more than a width or an answer.
pub(super) fn write(name: &str, text: &str) {
    if let Some(storage) = storage() {
        storage.set_item(name, text).ok();
    }
}

/// Reads them; whatever can't be read gives the defaults.
pub(super) fn load() -> DeviceSettings {
    DeviceSettings::from_json(&read(NAME).unwrap_or_default())
}

/// Writes them.
pub(super) fn keep(settings: &DeviceSettings) {
    write(NAME, &settings.to_json());
}
