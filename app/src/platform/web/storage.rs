//! How safe what the browser keeps is.

use std::{cell::Cell, rc::Rc};

use vault_engine::Event;
use vault_ui::{
    outbox::ShellEvent,
    platform::{Mirror, Persistence, Storage},
};
use wasm_bindgen::JsValue;
use web_sys::StorageManager;

use super::{engine::EngineHandle, js, mirror_file::MirrorFile, settings};
use crate::shell::Mailbox;

/// Whether this browser was ever asked to keep the vault.
const ASKED: &str = "nt2-persist-asked";

/// How long after a change the use of storage is looked at again.
const LOOK_AGAIN_MS: u64 = 5_000;

/// Looks at the storage and tells the window.
pub(super) struct StorageWatch {
    mailbox: Mailbox,
    mirror: MirrorFile,
    is_due: Rc<Cell<bool>>,
}

impl StorageWatch {
    /// Looks for the first time.
    pub(super) fn start(engine: &EngineHandle, mailbox: &Mailbox) -> Self {
        let to_window = mailbox.clone();
        let mirror = MirrorFile::new(engine.clone(), move |mirror| tell(to_window.clone(), mirror));
        let own = Self { mailbox: mailbox.clone(), mirror, is_due: Rc::default() };
        tell(own.mailbox.clone(), own.mirror.state());
        own
    }

    /// The file that follows the vault.
    pub(super) fn mirror(&self) -> &MirrorFile {
        &self.mirror
    }

    /// Takes note of an event; whether it is none of the window's.
    pub(super) fn note(&self, event: &Event) -> bool {
        let is_change = matches!(event, Event::Saved(..) | Event::BackedUp(..) | Event::Restored(..));
        if is_change && !self.is_due.replace(true) {
            let (mailbox, mirror, is_due) = (self.mailbox.clone(), self.mirror.clone(), self.is_due.clone());
            wasm_bindgen_futures::spawn_local(async move {
                js::sleep(LOOK_AGAIN_MS).await;
                is_due.set(false);
                tell(mailbox, mirror.state());
            });
        }
        self.mirror.note(event)
    }

    /// Asks the browser to keep what it holds.
    pub(super) fn persist(&self) {
        let (mailbox, mirror) = (self.mailbox.clone(), self.mirror.clone());
        wasm_bindgen_futures::spawn_local(async move {
            settings::write(ASKED, "1");
            if let Some(manager) = manager() {
                // Its answer shows in what is described next.
                js::call(&manager, "persist", &[]).await.ok();
            }
            tell(mailbox, mirror.state());
        });
    }
}

fn tell(mailbox: Mailbox, mirror: Mirror) {
    wasm_bindgen_futures::spawn_local(async move { mailbox.tell(ShellEvent::Storage(describe(mirror).await)) });
}

fn manager() -> Option<StorageManager> {
    let storage = js::property(&web_sys::window()?.navigator(), "storage");
    if storage.is_undefined() { None } else { Some(storage.into()) }
}

/// What it promises and gives.
async fn describe(mirror: Mirror) -> Storage {
    let Some(manager) = manager() else {
        return Storage { persistence: Persistence::Unsupported, usage_bytes: None, quota_bytes: None, mirror };
    };
    let persistence = match js::call(&manager, "persisted", &[]).await.map(|answer| answer.is_truthy()) {
        Err(_) => Persistence::Unsupported,
        Ok(true) => Persistence::Persisted,
        Ok(false) if settings::read(ASKED).is_some() => Persistence::Refused,
        Ok(false) => Persistence::NotAsked,
    };
    let estimate = js::call(&manager, "estimate", &[]).await.unwrap_or(JsValue::UNDEFINED);
    let bytes = |name: &str| js::property(&estimate, name).as_f64().map(|bytes| bytes as u64);
    Storage { persistence, usage_bytes: bytes("usage"), quota_bytes: bytes("quota"), mirror }
}
