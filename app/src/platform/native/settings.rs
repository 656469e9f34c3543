//! The settings of this device: one JSON file in the data folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use vault_ui::settings::DeviceSettings;

use super::files;

/// Longer files are not ours: settings have a few hundred bytes.
const MAX_BYTES: u64 = 64 * 1024;

fn path(data: &Path) -> PathBuf {
    data.join("settings.json")
}

/// Reads them; whatever can't be read gives the defaults.
pub(crate) fn load(data: &Path) -> DeviceSettings {
    let path = path(data);
    let is_ours = path.metadata().is_ok_and(|metadata| metadata.len() <= MAX_BYTES);
    let text = if is_ours { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() };
    DeviceSettings::from_json(&text)
}

/// Writes them, whole or not at all.
pub(crate) fn keep(data: &Path, settings: &DeviceSettings) -> io::Result<()> {
    files::write_private(&path(data), settings.to_json().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_kept() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), DeviceSettings::default());
        let settings = DeviceSettings { zoom_percent: 125, ..DeviceSettings::default() };
        keep(folder.path(), &settings).unwrap();
        assert_eq!(load(folder.path()), settings);
    }

    #[test]
    fn a_file_that_is_not_ours_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(path(folder.path()), vec![b'x'; 100_000]).unwrap();
        assert_eq!(load(folder.path()), DeviceSettings::default());
    }
}
