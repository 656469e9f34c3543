//! What this device remembers of its window. Not secret, not part of a vault: the shell keeps it as one JSON file.

use serde::{Deserialize, Serialize};

use crate::{
    actions::keymap::OwnKeys,
    l10n::Language,
    theme::{Contrast, Density, ThemeChoice},
};

/// Settings of this device. Unknown fields are ignored and missing ones take their default, so older and newer files both load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceSettings {
    /// Light, dark or as the system says.
    pub theme: ThemeChoice,
    /// Normal or high.
    pub contrast: Contrast,
    /// Percent, 75 to 250.
    pub zoom_percent: u16,
    /// Cosy or compact rows.
    pub density: Density,
    /// Whether nothing may move.
    pub reduced_motion: bool,
    /// Language of the interface; `None` = as the system says.
    pub language: Option<Language>,
    /// Width of the sidebar in points.
    pub sidebar_width: f32,
    /// Width of the list in points.
    pub list_width: f32,
    /// Hide revealed secrets and minimise-to-lock: lock when the window is minimised.
    pub lock_on_minimise: bool,
    /// Browser: lock when the tab has been hidden for so many minutes, 0 to 1440; 0 = never.
    pub lock_hidden_minutes: u32,
    /// Shortcuts that were changed; all others are the usual ones of the platform.
    pub shortcuts: OwnKeys,
    /// Size of the window in points, as last closed; `None` before the first time.
    pub window_size: Option<[f32; 2]>,
}

impl Default for DeviceSettings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            contrast: Contrast::Normal,
            zoom_percent: 100,
            density: Density::Cosy,
            reduced_motion: false,
            language: None,
            sidebar_width: 208.0,
            list_width: 320.0,
            lock_on_minimise: false,
            lock_hidden_minutes: 5,
            shortcuts: OwnKeys::new(),
            window_size: None,
        }
    }
}

impl DeviceSettings {
    /// Reads the JSON of [`Self::to_json`]. Anything unreadable gives the defaults: nothing here is worth an error.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str::<Self>(text).unwrap_or_default().bounded()
    }

    /// The JSON that the shell keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Zoom as a factor.
    pub fn zoom(&self) -> f32 {
        f32::from(self.zoom_percent) / 100.0
    }

    /// Every number within its range.
    pub fn bounded(mut self) -> Self {
        self.zoom_percent = self.zoom_percent.clamp(75, 250);
        self.sidebar_width = finite(self.sidebar_width, 208.0).clamp(176.0, 280.0);
        self.lock_hidden_minutes = self.lock_hidden_minutes.min(24 * 60);
        self.list_width = finite(self.list_width, 320.0).clamp(280.0, 420.0);
        self
    }
}

fn finite(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_version_loads() {
        let loaded = DeviceSettings::from_json(r#"{"zoom_percent":900,"unknown":1}"#);
        assert_eq!(loaded.zoom_percent, 250);
        assert_eq!(loaded.list_width, 320.0);
        assert_eq!(DeviceSettings::from_json("not json"), DeviceSettings::default());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let settings = DeviceSettings { zoom_percent: 150, language: Some(Language::De), ..DeviceSettings::default() };
        assert_eq!(DeviceSettings::from_json(&settings.to_json()), settings);
    }
}
