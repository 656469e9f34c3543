//! The engine as the page sees it: a worker that is sent commands and sends events. The counterpart of the native engine's handle.
//!
//! It runs only while this tab holds the vaults ([`EngineHandle::run`]). If it fails, the vault is locked, every request without an end fails,
//! and a fresh worker takes the next one.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io,
    rc::{Rc, Weak},
};

use js_sys::Uint8Array;
use vault_engine::{Command, Event, Failure, RequestId, SinkId, SourceId, event::LockReason};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::File;

use super::{
    clipboard::PageClipboard,
    js,
    wire::{self, ToEngine, ToPage},
    workers::{Child, Role},
};

/// Kinds of messages between page and worker: a command or event; a file to read; a place to write to; the worker can't reach its
/// storage; it has panicked.
pub(super) const KIND_WIRE: &str = "wire";
pub(super) const KIND_SOURCE: &str = "source";
pub(super) const KIND_SINK: &str = "sink";
pub(super) const KIND_FAILED: &str = "failed";
pub(super) const KIND_BROKEN: &str = "broken";

/// What the engine needs of this page: nothing that is not there.
#[derive(Clone)]
pub(crate) struct Setup;

/// The engine of this tab.
#[derive(Clone)]
pub(crate) struct EngineHandle(Rc<RefCell<Inner>>);

struct Inner {
    worker: Worker,
    on_event: Box<dyn FnMut(Event)>,
    /// Requests without `Done` or `Failed`.
    unfinished: BTreeSet<RequestId>,
    /// Commands that came before the worker ran.
    held: Vec<(RequestId, Command)>,
    last_file: u64,
    clipboard: PageClipboard,
}

/// The worker behind this page.
enum Worker {
    /// Another tab holds the vaults, or it is not known yet who does.
    None,
    Running(Child),
    /// It can't be started, or does not reach its storage: a reload may help.
    Failed,
}

impl EngineHandle {
    /// For this page; the worker starts with [`Self::run`].
    #[allow(clippy::unnecessary_wraps, reason = "the same as on other platforms")]
    pub(crate) fn start(_: Setup, on_event: impl FnMut(Event) + 'static) -> io::Result<Self> {
        Ok(Self(Rc::new(RefCell::new(Inner {
            worker: Worker::None,
            on_event: Box::new(on_event),
            unfinished: BTreeSet::new(),
            held: Vec::new(),
            last_file: 0,
            clipboard: PageClipboard::default(),
        }))))
    }

    /// Starts the worker: this tab holds the vaults.
    pub(super) fn run(&self) {
        let back = Rc::downgrade(&self.0);
        let child = Child::start(Role::Engine, move |message| hear(&back, message));
        let held = {
            let mut inner = self.0.borrow_mut();
            inner.worker = child.map_or(Worker::Failed, Worker::Running);
            std::mem::take(&mut inner.held)
        };
        held.into_iter().for_each(|(request, command)| self.send(request, command));
    }

    /// Ends the worker: another tab takes the vaults over.
    pub(super) fn stop(&self) {
        let mut inner = self.0.borrow_mut();
        inner.worker = Worker::None;
        inner.unfinished.clear();
        inner.held.clear();
    }

    /// Orders a command. Its request id must not be in use.
    pub(crate) fn send(&self, request: RequestId, command: Command) {
        let mut inner = self.0.borrow_mut();
        match inner.worker {
            Worker::None => inner.held.push((request, command)),
            Worker::Failed => inner.tell(Event::Failed(request, Failure::Io)),
            Worker::Running(_) => {
                inner.unfinished.insert(request);
                inner.post(&ToEngine::Command(request, command));
            }
        }
    }

    /// The clipboard.
    pub(super) fn clipboard(&self) -> PageClipboard {
        self.0.borrow().clipboard.clone()
    }

    /// Registers a file for reading.
    pub(super) fn add_source(&self, file: &File) -> SourceId {
        SourceId(self.register(KIND_SOURCE, file, &[]))
    }

    /// Registers a file to be written.
    pub(super) fn add_file_sink(&self, place: &JsValue) -> SinkId {
        SinkId(self.register(KIND_SINK, place, &[]))
    }

    /// Registers a port at whose other end pieces are asked for.
    pub(super) fn add_port_sink(&self, port: &web_sys::MessagePort) -> SinkId {
        SinkId(self.register(KIND_SINK, port, &[port.into()]))
    }

    fn register(&self, kind: &str, body: &JsValue, hand_over: &[JsValue]) -> u64 {
        let mut inner = self.0.borrow_mut();
        inner.last_file += 1;
        let id = inner.last_file;
        let message = js::object(&[("kind", &kind.into()), ("id", &(id as f64).into()), ("body", body)]);
        if let Worker::Running(child) = &inner.worker {
            // A file that can't be handed over is not found by the command that names it.
            child.post(&message, hand_over).ok();
        }
        id
    }
}

impl Inner {
    fn post(&mut self, message: &ToEngine) {
        let bytes = js::give(wire::encode(message));
        let buffer = bytes.buffer().into();
        let message = js::object(&[("kind", &KIND_WIRE.into()), ("body", &bytes)]);
        if let Worker::Running(child) = &self.worker {
            // A worker that is gone has reported it.
            child.post(&message, &[buffer]).ok();
        }
    }

    fn tell(&mut self, event: Event) {
        if let Event::Done(request) | Event::Failed(request, _) = &event {
            self.unfinished.remove(request);
        }
        (self.on_event)(event);
    }

    /// The worker has failed: what waits fails visibly.
    fn fall(&mut self, failure: &Failure) {
        self.worker = Worker::Failed;
        self.tell(Event::Locked(LockReason::Restarted));
        for request in std::mem::take(&mut self.unfinished) {
            self.tell(Event::Failed(request, failure.clone()));
        }
    }
}

/// Takes a message of the worker; `None` = it has failed.
fn hear(engine: &Weak<RefCell<Inner>>, message: Option<JsValue>) {
    let Some(engine) = engine.upgrade() else { return };
    let kind = message.as_ref().and_then(|message| js::property(message, "kind").as_string());
    match kind.as_deref() {
        Some(KIND_WIRE) => hear_wire(&engine, message.as_ref().map(|message| js::property(message, "body"))),
        Some(KIND_FAILED) => {
            report(message.as_ref());
            // Its listener must not be dropped while it runs.
            js::later(move || engine.borrow_mut().fall(&Failure::Io));
        }
        // A panic, or an error that no hook has seen: both end this worker.
        Some(KIND_BROKEN) | None => {
            report(message.as_ref());
            js::later(move || {
                engine.borrow_mut().fall(&Failure::Locked);
                EngineHandle(engine).run();
            });
        }
        Some(_) => {}
    }
}

fn hear_wire(engine: &Rc<RefCell<Inner>>, body: Option<JsValue>) {
    let Some(array) = body.and_then(|body| body.dyn_into::<Uint8Array>().ok()) else { return };
    match wire::decode(&js::take(&array)) {
        Some(ToPage::Event(event)) => engine.borrow_mut().tell(event),
        Some(ToPage::ClipboardPut(text)) => engine.borrow().clipboard.put(text),
        Some(ToPage::ClipboardClear(effect)) => {
            let (clipboard, back) = (engine.borrow().clipboard.clone(), engine.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let end = clipboard.clear().await;
                back.borrow_mut().post(&ToEngine::ClipboardCleared(effect, end));
            });
        }
        // Page and worker are of one build.
        None => {}
    }
}

/// The place of a panic, or what the browser said of the storage: never contents.
fn report(message: Option<&JsValue>) {
    let body = message.map(|message| js::property(message, "body")).unwrap_or_default();
    web_sys::console::error_2(&"NT² Vault: the engine has failed:".into(), &body);
}
