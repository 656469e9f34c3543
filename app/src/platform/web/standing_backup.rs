//! A real file that follows the vault: a backup is written to it some seconds after a change. Where the File System Access API exists, and
//! only once a kit is saved: without one a backup needs a passphrase, and nobody is there to type it.
//!
//! The file's handle lies in IndexedDB, one for each vault. After a restart the browser wants the person's word again.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use vault_engine::{Command, Event, RequestId, event::VaultStatus};
use vault_protocol::VaultId;
use vault_ui::platform::StandingBackup;
use wasm_bindgen::JsValue;

use super::{dialogs, engine::EngineHandle, idb, js, now_ms};

const DATABASE: &str = "nt2-standing-backup";
const HANDLES: &str = "handles";
/// How long after a change the file is written: a burst of edits is one backup.
const QUIET_MS: u64 = 10_000;
/// Requests of this module; the window counts from 1.
const FIRST_REQUEST: u64 = 1 << 62;

/// See the module. Clones share it.
#[derive(Clone)]
pub(super) struct StandingBackupFile(Rc<Inner>);

struct Inner {
    engine: EngineHandle,
    /// Says that the state is another.
    on_change: Box<dyn Fn(StandingBackup)>,
    vault: Cell<Option<VaultId>>,
    handle: RefCell<Option<JsValue>>,
    state: RefCell<StandingBackup>,
    last_request: Cell<u64>,
    /// The backup that is being written.
    writing: Cell<Option<RequestId>>,
    is_waiting: Cell<bool>,
    kit_saved: Cell<bool>,
}

impl StandingBackupFile {
    pub(super) fn new(engine: EngineHandle, on_change: impl Fn(StandingBackup) + 'static) -> Self {
        let can = js::property(&js_sys::global(), "showSaveFilePicker").is_function();
        let state = if can { StandingBackup::Off } else { StandingBackup::Unavailable };
        Self(Rc::new(Inner {
            engine,
            on_change: Box::new(on_change),
            vault: Cell::default(),
            handle: RefCell::default(),
            state: RefCell::new(state),
            last_request: Cell::new(FIRST_REQUEST),
            writing: Cell::default(),
            is_waiting: Cell::default(),
            kit_saved: Cell::default(),
        }))
    }

    /// How it stands.
    pub(super) fn state(&self) -> StandingBackup {
        self.0.state.borrow().clone()
    }

    /// Takes note of an event; whether it was an answer to a request of this module.
    pub(super) fn note(&self, event: &Event) -> bool {
        match event {
            Event::Opened { status, .. } => {
                self.0.vault.set(Some(status.vault));
                self.load();
                self.note_status(status);
            }
            Event::VaultChanged(status) => self.note_status(status),
            Event::Saved(..) | Event::RowsChanged { .. } => self.write_later(),
            Event::Locked(_) => self.forget(),
            Event::BackedUp(request, _) if self.is_ours(*request) => {
                self.with_name(|name| StandingBackup::On { name, last_ms: Some(now_ms()) });
            }
            Event::Failed(request, _) if self.is_ours(*request) => {
                self.0.writing.set(None);
                self.with_name(|name| StandingBackup::Failed { name });
            }
            Event::Done(request) if self.is_ours(*request) => self.0.writing.set(None),
            Event::Progress(request, _) if self.is_ours(*request) => {}
            _ => return false,
        }
        matches!(event, Event::BackedUp(..) | Event::Failed(..) | Event::Done(_) | Event::Progress(..))
    }

    /// Lets the person choose a file. Must follow a click within seconds.
    pub(super) fn choose(&self) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some(vault) = own.0.vault.get() else { return };
            match choose().await {
                Ok(handle) => {
                    // Not kept, it is asked for again after a restart.
                    keep(vault, Some(&handle)).await.ok();
                    own.hold(handle);
                    own.with_name(|name| StandingBackup::On { name, last_ms: None });
                    own.write();
                }
                Err(error) if dialogs::is_abort(&error) => own.tell(),
                Err(_) => own.with_name(|name| StandingBackup::Failed { name }),
            }
        });
    }

    /// Asks for the permission again. Must follow a click within seconds.
    pub(super) fn resume(&self) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if own.permission("requestPermission").await {
                own.with_name(|name| StandingBackup::On { name, last_ms: None });
                own.write();
            } else {
                own.tell();
            }
        });
    }

    /// Lets the file be; it stays where it is.
    pub(super) fn stop(&self) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(vault) = own.0.vault.get() {
                keep(vault, None).await.ok();
            }
            own.0.handle.borrow_mut().take();
            own.set(StandingBackup::Off);
        });
    }

    /// The file chosen for this vault earlier.
    fn load(&self) {
        if self.state() == StandingBackup::Unavailable {
            return;
        }
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let Some(vault) = own.0.vault.get() else { return };
            let found = match idb::open(DATABASE, &[HANDLES]).await {
                Ok(database) => idb::get(&database, HANDLES, &vault.to_string()).await.unwrap_or_default(),
                Err(_) => return,
            };
            if found.is_undefined() {
                return own.set(StandingBackup::Off);
            }
            own.hold(found);
            if own.permission("queryPermission").await {
                own.with_name(|name| StandingBackup::On { name, last_ms: None });
            } else {
                own.with_name(|name| StandingBackup::NeedsPermission { name });
            }
        });
    }

    fn note_status(&self, status: &VaultStatus) {
        self.0.kit_saved.set(status.kit_saved);
        if status.n_changes_since_backup > 0 && status.read_only.is_none() {
            self.write_later();
        }
    }

    /// Writes when it has been quiet for a while.
    fn write_later(&self) {
        if self.0.is_waiting.replace(true) {
            return;
        }
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            js::sleep(QUIET_MS).await;
            own.0.is_waiting.set(false);
            own.write();
        });
    }

    fn write(&self) {
        let is_on = matches!(*self.0.state.borrow(), StandingBackup::On { .. });
        if !is_on || !self.0.kit_saved.get() || self.0.writing.get().is_some() {
            return;
        }
        let Some(handle) = self.0.handle.borrow().clone() else { return };
        self.0.last_request.set(self.0.last_request.get() + 1);
        let request = RequestId(self.0.last_request.get());
        self.0.writing.set(Some(request));
        let sink = self.0.engine.add_file_sink(&handle);
        self.0.engine.send(request, Command::Backup { sink, passphrase: None });
    }

    fn forget(&self) {
        self.0.vault.set(None);
        self.0.writing.set(None);
        self.0.handle.borrow_mut().take();
        if self.state() != StandingBackup::Unavailable {
            self.set(StandingBackup::Off);
        }
    }

    fn hold(&self, handle: JsValue) {
        *self.0.handle.borrow_mut() = Some(handle);
    }

    fn is_ours(&self, request: RequestId) -> bool {
        request.0 > FIRST_REQUEST && request.0 <= self.0.last_request.get()
    }

    fn with_name(&self, state: impl FnOnce(String) -> StandingBackup) {
        let name = self.0.handle.borrow().as_ref().and_then(|handle| js::property(handle, "name").as_string());
        self.set(state(name.unwrap_or_default()));
    }

    fn set(&self, state: StandingBackup) {
        *self.0.state.borrow_mut() = state;
        self.tell();
    }

    fn tell(&self) {
        (self.0.on_change)(self.state());
    }

    /// Whether the browser lets us write to the file.
    async fn permission(&self, method: &str) -> bool {
        let Some(handle) = self.0.handle.borrow().clone() else { return false };
        let mode = js::object(&[("mode", &"readwrite".into())]);
        js::call(&handle, method, &[mode.into()]).await.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"))
    }
}

async fn choose() -> Result<JsValue, JsValue> {
    let accept = js::object(&[("application/octet-stream", &js_sys::Array::of1(&".nt2backup".into()))]);
    let kind = js::object(&[("accept", &accept)]);
    let options = js::object(&[("suggestedName", &"vault.nt2backup".into()), ("types", &js_sys::Array::of1(&kind))]);
    js::call(&js_sys::global(), "showSaveFilePicker", &[options.into()]).await
}

async fn keep(vault: VaultId, handle: Option<&JsValue>) -> Result<(), JsValue> {
    let database = idb::open(DATABASE, &[HANDLES]).await?;
    match handle {
        Some(handle) => idb::put(&database, HANDLES, &vault.to_string(), handle).await,
        None => idb::delete(&database, HANDLES, &vault.to_string()).await,
    }
}
