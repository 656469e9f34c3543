//! Where the window runs and how safe its storage is there, as the shell says. Views choose words, sizes and shortcuts by it.

/// Where the window runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// A program on a computer of one's own.
    #[default]
    Desktop,
    /// A page of a browser, in a tab or installed.
    Browser(Browser),
}

/// What matters of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// Whose rules hold for storage.
    pub engine: BrowserEngine,
    /// Whether the main pointer is a finger (`pointer: coarse`).
    pub touch: bool,
    /// Whether it runs as an installed app (`display-mode: standalone`).
    pub installed: bool,
    /// Whether it offers real files (File System Access API): only then is there a standing backup.
    pub file_pickers: bool,
}

/// The family of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserEngine {
    /// Chrome, Edge and their relatives.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, and every browser on an iPhone or iPad.
    Safari,
    /// Unknown: nothing is promised.
    Other,
}

impl Platform {
    /// The browser, if it is one.
    pub fn browser(self) -> Option<Browser> {
        match self {
            Self::Desktop => None,
            Self::Browser(browser) => Some(browser),
        }
    }

    /// Whether it is a browser.
    pub fn is_browser(self) -> bool {
        self.browser().is_some()
    }

    /// Whether fingers are the main pointer.
    pub fn is_touch(self) -> bool {
        self.browser().is_some_and(|browser| browser.touch)
    }
}

/// How safe what a browser keeps is. A desktop never sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Whether the browser promised to keep it.
    pub persistence: Persistence,
    /// Bytes in use, as the browser estimates.
    pub usage_bytes: Option<u64>,
    /// Bytes that it would give at most.
    pub quota_bytes: Option<u64>,
    /// A file that follows the vault.
    pub standing_backup: StandingBackup,
}

/// The browser's word on `navigator.storage.persist()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// It keeps it until the person deletes it.
    Persisted,
    /// It was asked and did not agree. It may be asked again.
    Refused,
    /// It has not been asked.
    NotAsked,
    /// It knows no such promise.
    Unsupported,
}

/// A backup in a real file that the shell writes anew after changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandingBackup {
    /// This browser can't write to real files.
    Unavailable,
    /// None was chosen.
    Off,
    /// It follows.
    On {
        /// Name of the file.
        name: String,
        /// When it was last written, Unix milliseconds; `None` if not yet.
        last_ms: Option<u64>,
    },
    /// The browser wants the person's word again, as it does after a restart.
    NeedsPermission {
        /// Name of the file.
        name: String,
    },
    /// Writing failed: the file was moved, or its disk is full or gone.
    Failed {
        /// Name of the file.
        name: String,
    },
}

/// Which tab holds the vaults of this browser. Only one may write; a desktop is always [`Place::Here`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// This one.
    #[default]
    Here,
    /// Another one had them first.
    Elsewhere,
    /// Another one took them over from this one.
    TakenOver,
}
