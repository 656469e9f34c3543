//! Workers: this same program started again beside the page, told by its name what to be; and the module beside it (`vault-aside`).

use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::js;

/// What a worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Keys and database.
    Engine,
    /// One password.
    Argon2,
}

impl Role {
    const ALL: [Self; 2] = [Self::Engine, Self::Argon2];

    /// The worker's name.
    fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Argon2 => "argon2",
        }
    }

    /// The role of this worker.
    pub(super) fn of(scope: &DedicatedWorkerGlobalScope) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == scope.name())
    }
}

/// A worker that was started here; dropped, it is ended at once.
pub(super) struct Child {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Child {
    /// Starts one. `on_message` is given what it posts, or `None` if it has failed and will post nothing more.
    pub(super) fn start(role: Role, on_message: impl FnMut(Option<JsValue>) + 'static) -> Result<Self, JsValue> {
        let child = Self::at("worker", role.name(), on_message)?;
        // The compiled module goes along: a worker starts in milliseconds.
        child.worker.post_message(&js::object(&[("module", &js::property(&js::nt2(), "module"))]))?;
        Ok(child)
    }

    /// Starts the module without keys: aside-worker.js.
    pub(super) fn start_aside(on_message: impl FnMut(Option<JsValue>) + 'static) -> Result<Self, JsValue> {
        Self::at("aside", "aside", on_message)
    }

    fn at(script: &str, name: &str, on_message: impl FnMut(Option<JsValue>) + 'static) -> Result<Self, JsValue> {
        let address = js::property(&js::nt2(), script).as_string().ok_or("the page has not said where its worker is")?;
        let options = WorkerOptions::new();
        options.set_name(name);
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&address, &options)?;
        let on_message = std::rc::Rc::new(std::cell::RefCell::new(on_message));
        let of_error = on_message.clone();
        let on_message = Closure::new(move |event: MessageEvent| (on_message.borrow_mut())(Some(event.data())));
        let on_error = Closure::new(move |_: JsValue| (of_error.borrow_mut())(None));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Posts to it and hands buffers over.
    pub(super) fn post(&self, message: &JsValue, hand_over: &[JsValue]) -> Result<(), JsValue> {
        self.worker.post_message_with_transfer(message, &hand_over.iter().collect::<Array>())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// From a worker to who started it.
pub(super) fn post_from(scope: &DedicatedWorkerGlobalScope, message: &JsValue, hand_over: &[JsValue]) {
    // Fails only for what can't be cloned, and all that is posted here can.
    scope.post_message_with_transfer(message, &hand_over.iter().collect::<Array>()).ok();
}

/// Takes messages for good; worker.js keeps what comes before the program is there.
pub(super) fn on_message(scope: &DedicatedWorkerGlobalScope, take: Closure<dyn FnMut(MessageEvent)>) {
    scope.set_onmessage(Some(&js::for_ever(take)));
}
