//! The engine's worker: a queue of orders, the driver, and what carries out its effects. The counterpart of the native engine's thread.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use js_sys::Uint8Array;
use vault_engine::{
    Command, Driver, Event, Output, RequestId, SinkId, SourceId, Turn,
    effect::{Effect, EffectId, Reply},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{
    argon::{Derivation, Deriver},
    engine::{KIND_BROKEN, KIND_FAILED, KIND_SINK, KIND_SOURCE, KIND_WIRE},
    host::WebHost,
    js,
    keys::KeyStore,
    network, now_ms,
    opfs::Opfs,
    sinks::Registered,
    wire::{self, ToEngine, ToPage},
    workers,
};

/// How long turns follow each other before messages are let in: a lock must not wait.
const BREATH_MS: u64 = 12;
/// How long a full pipe is waited for before it is looked at again.
const CONGESTED_MS: u64 = 4;
/// The longest sleep while something is due: time asleep counts for the idle lock, but timers leave it out.
const LONGEST_SLEEP_MS: u64 = 2_000;
/// How often folders and databases are asked for while an earlier worker, just ended, still holds some of them.
const N_TRIES: u32 = 40;
const RETRY_MS: u64 = 100;

/// What the loop is told.
enum Order {
    Command(RequestId, Command),
    Reply(EffectId, Reply),
}

/// Starts the engine and serves for good.
pub(super) fn serve(scope: DedicatedWorkerGlobalScope) {
    report_panics();
    let (orders, inbox) = unbounded();
    let registered = Registered::default();
    listen(&scope, orders.clone(), registered.clone());
    wasm_bindgen_futures::spawn_local(async move {
        match open(&scope, &registered).await {
            Ok((host, keys)) => {
                let helpers = Helpers { scope, keys, orders, derivations: Rc::default(), deriver: RefCell::default() };
                Server { host, registered, helpers, inbox, n_inputs: 0 }.serve().await;
            }
            Err(error) => post(&scope, KIND_FAILED, &error),
        }
    });
}

/// Takes hold of folders and databases.
async fn open(scope: &DedicatedWorkerGlobalScope, registered: &Registered) -> Result<(WebHost, KeyStore), JsValue> {
    let mut n_tries = 0;
    loop {
        match try_open(scope, registered).await {
            Ok(opened) => return Ok(opened),
            Err(_) if n_tries < N_TRIES => {
                n_tries += 1;
                js::sleep(RETRY_MS).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn try_open(scope: &DedicatedWorkerGlobalScope, registered: &Registered) -> Result<(WebHost, KeyStore), JsValue> {
    let opfs = Opfs::open(scope).await?;
    let keys = KeyStore::new(scope, opfs.root());
    let host = WebHost::open(opfs, registered.clone()).await?;
    Ok((host, keys))
}

/// Takes orders and registered files from the page.
fn listen(scope: &DedicatedWorkerGlobalScope, orders: UnboundedSender<Order>, registered: Registered) {
    let take = move |event: MessageEvent| {
        let message = event.data();
        let id = || js::property(&message, "id").as_f64().unwrap_or_default() as u64;
        let body = js::property(&message, "body");
        match js::property(&message, "kind").as_string().as_deref() {
            Some(KIND_WIRE) => {
                let Ok(array) = body.dyn_into::<Uint8Array>() else { return };
                let order = match wire::decode(&js::take(&array)) {
                    Some(ToEngine::Command(request, command)) => Order::Command(request, command),
                    Some(ToEngine::ClipboardCleared(effect, end)) => Order::Reply(effect, Reply::Clipboard(end)),
                    // Page and worker are of one build.
                    None => return,
                };
                // The loop lives as long as the worker.
                orders.unbounded_send(order).ok();
            }
            Some(KIND_SOURCE) => {
                if let Ok(file) = body.dyn_into() {
                    registered.put_source(SourceId(id()), file);
                }
            }
            Some(KIND_SINK) => registered.put_sink(SinkId(id()), body),
            _ => {}
        }
    };
    workers::on_message(scope, Closure::new(take));
}

/// A panic says where it happened and nothing of what it was about, and the page ends this worker.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        post(&scope, KIND_BROKEN, &JsValue::from_str(&place));
    }));
}

fn post(scope: &DedicatedWorkerGlobalScope, kind: &str, body: &JsValue) {
    workers::post_from(scope, &js::object(&[("kind", &kind.into()), ("body", body)]), &[]);
}

struct Server {
    host: WebHost,
    registered: Registered,
    helpers: Helpers,
    inbox: UnboundedReceiver<Order>,
    /// Inputs that the driver has not handled yet; each takes one turn.
    n_inputs: usize,
}

impl Server {
    async fn serve(mut self) {
        let Some(mut driver) = self.open_driver().await else { return };
        let mut breath_ms = now_ms();
        loop {
            while let Ok(order) = self.inbox.try_recv() {
                self.accept(order, &mut driver);
            }
            if self.host.is_unsettled() {
                self.host.settle().await;
            }
            if self.n_inputs == 0 && self.registered.is_congested() {
                // Long work waits for whoever takes the bytes away; a command does not.
                self.wait(Some(CONGESTED_MS), &mut driver).await;
                continue;
            }
            let turn = driver.turn(now_ms(), &mut |output| self.helpers.give_out(output));
            self.n_inputs = self.n_inputs.saturating_sub(1);
            self.helpers.end_unawaited(&driver);
            match turn {
                Turn::More if now_ms() < breath_ms + BREATH_MS => {}
                Turn::More => {
                    js::let_messages_in().await;
                    breath_ms = now_ms();
                }
                Turn::Idle { wake_at_ms } => {
                    let until = wake_at_ms.map(|at| at.saturating_sub(now_ms()).min(LONGEST_SLEEP_MS));
                    self.wait(until, &mut driver).await;
                    breath_ms = now_ms();
                }
            }
        }
    }

    /// Opens the device index at the first command; while that fails, each command is told why.
    async fn open_driver(&mut self) -> Option<Driver<WebHost>> {
        loop {
            if let Order::Command(request, command) = self.inbox.next().await? {
                match Driver::open(self.host.clone(), now_ms()) {
                    Ok(mut driver) => {
                        self.accept(Order::Command(request, command), &mut driver);
                        return Some(driver);
                    }
                    Err(failure) => self.helpers.tell(&ToPage::Event(Event::Failed(request, failure))),
                }
            }
        }
    }

    /// Waits for an order, at most so long.
    async fn wait(&mut self, at_most_ms: Option<u64>, driver: &mut Driver<WebHost>) {
        let order = match at_most_ms {
            None => self.inbox.next().await,
            Some(ms) => match select(self.inbox.next(), Box::pin(js::sleep(ms))).await {
                Either::Left((order, _)) => order,
                Either::Right(_) => None,
            },
        };
        if let Some(order) = order {
            self.accept(order, driver);
        }
    }

    fn accept(&mut self, order: Order, driver: &mut Driver<WebHost>) {
        match order {
            Order::Command(request, command) => driver.send(request, command),
            Order::Reply(effect, reply) => driver.reply(effect, reply),
        }
        self.n_inputs += 1;
    }
}

/// What carries out effects.
struct Helpers {
    scope: DedicatedWorkerGlobalScope,
    keys: KeyStore,
    orders: UnboundedSender<Order>,
    derivations: Rc<RefCell<HashMap<EffectId, Derivation>>>,
    /// Waits for the password that is being typed.
    deriver: RefCell<Option<Deriver>>,
}

impl Helpers {
    /// Posts to the page and hands the buffer over.
    fn tell(&self, message: &ToPage) {
        let bytes = js::give(wire::encode(message));
        let message = js::object(&[("kind", &KIND_WIRE.into()), ("body", &bytes)]);
        workers::post_from(&self.scope, &message, &[bytes.buffer().into()]);
    }

    fn give_out(&self, output: Output) {
        match output {
            Output::Event(event) => {
                self.prepare(&event);
                self.tell(&ToPage::Event(event));
            }
            Output::Effect(id, effect) => self.carry_out(id, effect),
        }
    }

    /// The lock screen of a vault with a password shows: the next thing is a derivation, and starting its worker takes longer than a frame.
    fn prepare(&self, event: &Event) {
        match event {
            Event::Vaults(vaults) if vaults.iter().any(|vault| vault.has_password) => {
                let mut deriver = self.deriver.borrow_mut();
                if deriver.as_ref().is_none_or(Deriver::has_failed) {
                    // Without it the derivation starts its own.
                    *deriver = Deriver::start().ok();
                }
            }
            Event::Opened { .. } => drop(self.deriver.take()),
            _ => {}
        }
    }

    fn carry_out(&self, id: EffectId, effect: Effect) {
        let orders = self.orders.clone();
        // The loop lives as long as the worker.
        let answer = move |reply| drop(orders.unbounded_send(Order::Reply(id, reply)));
        let keys = self.keys.clone();
        match effect {
            Effect::Derive { password, salt, cost } => {
                let failed = answer.clone();
                let waiting = self.deriver.take().filter(|deriver| !deriver.has_failed());
                let started = waiting.map_or_else(Deriver::start, Ok);
                match started.and_then(|deriver| deriver.derive(&password, salt, cost, move |key| answer(Reply::Derived(key)))) {
                    Ok(derivation) => drop(self.derivations.borrow_mut().insert(id, derivation)),
                    Err(_) => failed(Reply::Derived(Err(()))),
                }
            }
            Effect::KeyGet { place, name } => {
                wasm_bindgen_futures::spawn_local(async move { answer(Reply::Key(keys.get(place, &name).await)) });
            }
            Effect::KeyPut { place, name, key } => {
                wasm_bindgen_futures::spawn_local(async move { answer(Reply::KeyStored(keys.put(place, &name, &key).await)) });
            }
            Effect::KeyDelete { place, name } => wasm_bindgen_futures::spawn_local(async move { keys.delete(place, &name).await }),
            Effect::ClipboardPut { text } => self.tell(&ToPage::ClipboardPut(text)),
            Effect::ClipboardClear => self.tell(&ToPage::ClipboardClear(id)),
            Effect::Http { server, request, timeout_ms } => {
                let scope = self.scope.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    answer(Reply::Http(network::exchange(scope, server, request, timeout_ms).await))
                });
            }
            // The driver keeps the time itself.
            Effect::WakeAt(_) => {}
        }
    }

    /// Ends derivations that were cancelled, and lets go of those that have answered.
    fn end_unawaited(&self, driver: &Driver<WebHost>) {
        self.derivations.borrow_mut().retain(|effect, _| driver.awaits(*effect));
    }
}
