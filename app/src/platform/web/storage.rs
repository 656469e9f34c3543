//! How safe what the browser keeps is.

use std::{cell::Cell, rc::Rc};

use vault_engine::Event;
use vault_ui::{
    outbox::ShellEvent,
    platform::{Persistence, StandingBackup, Storage},
};
use wasm_bindgen::JsValue;
use web_sys::StorageManager;

use super::{engine::EngineHandle, js, settings, standing_backup::StandingBackupFile};
use crate::shell::Mailbox;

/// Whether this browser was ever asked to keep the vault.
const ASKED: &str = "nt2-persist-asked";

/// How long after a change the use of storage is looked at again.
const LOOK_AGAIN_MS: u64 = 5_000;

/// Looks at the storage and tells the window.
pub(super) struct StorageWatch {
    mailbox: Mailbox,
    standing_backup: StandingBackupFile,
    is_due: Rc<Cell<bool>>,
}

impl StorageWatch {
    /// Looks for the first time.
    pub(super) fn start(engine: &EngineHandle, mailbox: &Mailbox) -> Self {
        let to_window = mailbox.clone();
        let standing_backup = StandingBackupFile::new(engine.clone(), move |standing_backup| tell(to_window.clone(), standing_backup));
        let own = Self { mailbox: mailbox.clone(), standing_backup, is_due: Rc::default() };
        tell(own.mailbox.clone(), own.standing_backup.state());
        own
    }

    /// The file that follows the vault.
    pub(super) fn standing_backup(&self) -> &StandingBackupFile {
        &self.standing_backup
    }

    /// Takes note of an event; whether it is none of the window's.
    pub(super) fn note(&self, event: &Event) -> bool {
        let is_change = matches!(event, Event::Saved(..) | Event::BackedUp(..) | Event::Restored(..));
        if is_change && !self.is_due.replace(true) {
            let (mailbox, standing_backup, is_due) = (self.mailbox.clone(), self.standing_backup.clone(), self.is_due.clone());
            wasm_bindgen_futures::spawn_local(async move {
                js::sleep(LOOK_AGAIN_MS).await;
                is_due.set(false);
                tell(mailbox, standing_backup.state());
            });
        }
        self.standing_backup.note(event)
    }

    /// Asks the browser to keep what it holds.
    pub(super) fn persist(&self) {
        let (mailbox, standing_backup) = (self.mailbox.clone(), self.standing_backup.clone());
        wasm_bindgen_futures::spawn_local(async move {
            settings::write(ASKED, "1");
            if let Some(manager) = manager() {
                // Its answer shows in what is described next.
                js::call(&manager, "persist", &[]).await.ok();
            }
            tell(mailbox, standing_backup.state());
        });
    }
}

fn tell(mailbox: Mailbox, standing_backup: StandingBackup) {
    wasm_bindgen_futures::spawn_local(async move { mailbox.tell(ShellEvent::Storage(describe(standing_backup).await)) });
}

fn manager() -> Option<StorageManager> {
    let storage = js::property(&web_sys::window()?.navigator(), "storage");
    if storage.is_undefined() { None } else { Some(storage.into()) }
}

/// What it promises and gives.
async fn describe(standing_backup: StandingBackup) -> Storage {
    let Some(manager) = manager() else {
        return Storage { persistence: Persistence::Unsupported, usage_bytes: None, quota_bytes: None, standing_backup };
    };
    let persistence = match js::call(&manager, "persisted", &[]).await.map(|answer| answer.is_truthy()) {
        Err(_) => Persistence::Unsupported,
        Ok(true) => Persistence::Persisted,
        Ok(false) if settings::read(ASKED).is_some() => Persistence::Refused,
        Ok(false) => Persistence::NotAsked,
    };
    let estimate = js::call(&manager, "estimate", &[]).await.unwrap_or(JsValue::UNDEFINED);
    let bytes = |name: &str| js::property(&estimate, name).as_f64().map(|bytes| bytes as u64);
    Storage { persistence, usage_bytes: bytes("usage"), quota_bytes: bytes("quota"), standing_backup }
}
