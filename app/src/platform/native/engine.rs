//! The engine's thread: a queue of orders, the driver, and the helpers that carry out its effects.
//!
//! If the engine panics, the vault is locked, every request without an end fails, and the next order finds a fresh engine.

use std::{
    collections::BTreeSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use vault_engine::{
    Command, Driver, Event, Failure, Output, RequestId, Turn,
    effect::{Effect, EffectId, Reply},
    event::LockReason,
};
use vault_protocol::Salt;
use vault_ui::outbox::Leaving;

use super::{
    clipboard::ClipboardThread,
    files::Files,
    host::NativeHost,
    keys::{KeyStore, KeyStoreChoice, KeyThread},
    network::Network,
    now_ms,
    session::{self, Openness},
};

/// The longest sleep while something is due: the time asleep counts for the idle lock, but timers of the system leave it out.
const LONGEST_SLEEP: Duration = Duration::from_secs(2);
/// How long the exit waits for the engine to lock; it takes milliseconds.
const EXIT_PATIENCE: Duration = Duration::from_secs(5);
/// The lock at exit; clients count their requests from 1.
const EXIT_REQUEST: RequestId = RequestId(u64::MAX);
/// The lock when the person leaves and the window does not answer.
const LEFT_REQUEST: RequestId = RequestId(u64::MAX - 1);

/// What the engine needs of this process.
#[derive(Clone)]
pub(crate) struct Setup {
    /// The data folder, which exists.
    pub(crate) data: PathBuf,
    /// Where device keys go.
    pub(crate) key_store: KeyStoreChoice,
}

/// What the thread is told.
enum Order {
    Command(RequestId, Command),
    /// The answer to an effect of the `n`th engine of this process; answers to earlier ones are dropped.
    Reply(u64, EffectId, Reply),
    /// The person has left; told when it is done.
    Lock(Sender<()>),
    Stop,
}

/// A running engine. Dropped, it locks and ends.
pub(crate) struct EngineHandle {
    orders: Sender<Order>,
    ended: Receiver<()>,
    clipboard: Arc<ClipboardThread>,
    files: Files,
    openness: Openness,
}

impl EngineHandle {
    /// Starts the threads. `on_event` is called on the engine's.
    pub(crate) fn start(setup: Setup, on_event: impl FnMut(Event) + Send + 'static) -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let clipboard = Arc::new(ClipboardThread::start()?);
        let (files, openness) = (Files::default(), Openness::default());
        let helpers = Helpers {
            keys: KeyThread::start(KeyStore::new(&setup.data, setup.key_store))?,
            clipboard: clipboard.clone(),
            network: Network::new(),
            orders: orders.clone(),
        };
        let mut server = Server {
            setup,
            files: files.clone(),
            helpers,
            inbox,
            on_event,
            openness: openness.clone(),
            unfinished: BTreeSet::new(),
            locks: Vec::new(),
            generation: 0,
        };
        thread::Builder::new().name("engine".to_owned()).spawn(move || {
            server.serve();
            drop(server);
            drop(end);
        })?;
        Ok(Self { orders, ended, clipboard, files, openness })
    }

    /// Orders a command. Its request id must not be in use.
    pub(crate) fn send(&self, request: RequestId, command: Command) {
        // The thread outlives this handle.
        self.orders.send(Order::Command(request, command)).ok();
    }

    /// Calls `on_leave` when the person leaves the computer, and gives a client with a vault open a second to lock. Then the engine locks in
    /// any case: the client may not have answered, or a vault may just be on its way to be opened.
    pub(crate) fn watch_session(&self, on_leave: impl Fn(Leaving) + Clone + Send + 'static) -> io::Result<()> {
        let orders = self.orders.clone();
        session::watch(self.openness.clone(), on_leave, move |patience| {
            let (done, is_done) = mpsc::channel();
            // At exit the engine locks anyway, and one that hangs does not keep the computer awake.
            if orders.send(Order::Lock(done)).is_ok() {
                is_done.recv_timeout(patience).ok();
            }
        })
    }

    /// Where files are registered.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// The clipboard, for what is not secret.
    pub(crate) fn clipboard(&self) -> &ClipboardThread {
        &self.clipboard
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        self.orders.send(Order::Stop).ok();
        // Ends by disconnection; an engine that hangs in the file system does not hold the exit up for ever.
        self.ended.recv_timeout(EXIT_PATIENCE).ok();
    }
}

/// Whether the thread goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    On,
    Stopping,
}

struct Server<F> {
    setup: Setup,
    files: Files,
    helpers: Helpers,
    inbox: Receiver<Order>,
    on_event: F,
    openness: Openness,
    /// Requests without `Done` or `Failed`.
    unfinished: BTreeSet<RequestId>,
    /// Who waits for [`Order::Lock`].
    locks: Vec<Sender<()>>,
    generation: u64,
}

impl<F: FnMut(Event)> Server<F> {
    fn serve(&mut self) {
        while catch_unwind(AssertUnwindSafe(|| self.serve_one_engine())).is_err() {
            self.generation += 1;
            self.tell(Event::Locked(LockReason::Restarted));
            for request in std::mem::take(&mut self.unfinished) {
                (self.on_event)(Event::Failed(request, Failure::Locked));
            }
        }
    }

    /// Serves until told to stop, or until the engine panics.
    fn serve_one_engine(&mut self) {
        let Some(mut driver) = self.open_driver() else { return };
        let mut going = Going::On;
        loop {
            while let Ok(order) = self.inbox.try_recv() {
                if self.accept(order, &mut driver) == Going::Stopping {
                    going = Going::Stopping;
                }
            }
            let turn = driver.turn(now_ms(), &mut |output| self.give_out(output));
            match turn {
                Turn::More => {}
                Turn::Idle { .. } if going == Going::Stopping => return,
                Turn::Idle { wake_at_ms } => match self.wait(wake_at_ms) {
                    Ok(order) => {
                        going = self.accept(order, &mut driver);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                },
            }
        }
    }

    /// Opens the data folder at the first command; while that fails, each command is told why. `None` = told to stop.
    fn open_driver(&mut self) -> Option<Driver<NativeHost>> {
        loop {
            match self.inbox.recv() {
                Ok(Order::Command(request, command)) => match Driver::open(NativeHost::new(&self.setup.data, self.files.clone()), now_ms())
                {
                    Ok(mut driver) => {
                        self.accept(Order::Command(request, command), &mut driver);
                        return Some(driver);
                    }
                    Err(failure) => (self.on_event)(Event::Failed(request, failure)),
                },
                Ok(Order::Reply(..) | Order::Lock(_)) => {}
                Ok(Order::Stop) | Err(_) => return None,
            }
        }
    }

    fn wait(&self, wake_at_ms: Option<u64>) -> Result<Order, RecvTimeoutError> {
        match wake_at_ms {
            Some(at) => self.inbox.recv_timeout(Duration::from_millis(at.saturating_sub(now_ms())).min(LONGEST_SLEEP)),
            None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn accept(&mut self, order: Order, driver: &mut Driver<NativeHost>) -> Going {
        match order {
            Order::Command(request, command) => {
                self.unfinished.insert(request);
                driver.send(request, command);
            }
            Order::Reply(generation, effect, reply) if generation == self.generation => driver.reply(effect, reply),
            Order::Reply(..) => {}
            Order::Lock(done) => {
                self.locks.push(done);
                driver.send(LEFT_REQUEST, Command::Lock);
            }
            Order::Stop => {
                driver.send(EXIT_REQUEST, Command::Lock);
                return Going::Stopping;
            }
        }
        Going::On
    }

    fn tell(&mut self, event: Event) {
        self.openness.note(&event);
        (self.on_event)(event);
    }

    fn give_out(&mut self, output: Output) {
        match output {
            Output::Event(event) => {
                if let Event::Done(request) | Event::Failed(request, _) = &event {
                    self.unfinished.remove(request);
                    match *request {
                        EXIT_REQUEST => return,
                        LEFT_REQUEST => {
                            // Whoever has lost the patience does not listen any more.
                            self.locks.drain(..).for_each(|done| _ = done.send(()));
                            return;
                        }
                        _ => {}
                    }
                }
                self.tell(event);
            }
            Output::Effect(id, effect) => self.helpers.carry_out(self.generation, id, effect),
        }
    }
}

/// The threads that carry out effects.
struct Helpers {
    keys: KeyThread,
    clipboard: Arc<ClipboardThread>,
    network: Network,
    orders: Sender<Order>,
}

impl Helpers {
    fn carry_out(&self, generation: u64, id: EffectId, effect: Effect) {
        let orders = self.orders.clone();
        // Nobody is there to take the reply only at exit.
        let answer = move |reply| drop(orders.send(Order::Reply(generation, id, reply)));
        match effect {
            Effect::Derive { password, salt, cost } => {
                let failed = answer.clone();
                let thread = thread::Builder::new().name("argon2".to_owned()).spawn(move || {
                    let derived =
                        catch_unwind(|| vault_crypto::kdf::derive_password_key(password.expose(), Salt(salt), cost).map_err(|_| ()));
                    answer(Reply::Derived(derived.unwrap_or(Err(()))));
                });
                if thread.is_err() {
                    failed(Reply::Derived(Err(())));
                }
            }
            Effect::KeyGet { place, name } => self.keys.order(move |keys| answer(Reply::Key(keys.get(place, &name)))),
            Effect::KeyPut { place, name, key } => self.keys.order(move |keys| answer(Reply::KeyStored(keys.put(place, &name, &key)))),
            Effect::KeyDelete { place, name } => self.keys.order(move |keys| keys.delete(place, &name)),
            Effect::ClipboardPut { text } => self.clipboard.put(text),
            Effect::ClipboardClear => self.clipboard.clear(move |end| answer(Reply::Clipboard(end))),
            Effect::Http { server, request, timeout_ms } => {
                self.network.send(server, request, timeout_ms, move |result| answer(Reply::Http(result)));
            }
            // The driver keeps the time itself.
            Effect::WakeAt(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use vault_model::{ItemDraft, SecretText, Seen};

    use super::*;

    struct Bench {
        engine: EngineHandle,
        events: Receiver<Event>,
        last_request: u64,
        _folder: tempfile::TempDir,
    }

    impl Bench {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (send, events) = mpsc::channel();
            let setup = Setup { data: folder.path().to_owned(), key_store: KeyStoreChoice::Disk };
            let engine = EngineHandle::start(setup, move |event| drop(send.send(event))).unwrap();
            Self { engine, events, last_request: 0, _folder: folder }
        }

        fn send(&mut self, command: Command) -> RequestId {
            self.last_request += 1;
            self.engine.send(RequestId(self.last_request), command);
            RequestId(self.last_request)
        }

        /// Waits until `wanted` says what it wanted of an event.
        fn wait<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
            loop {
                let event = self.events.recv_timeout(Duration::from_secs(60)).expect("the engine answers");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        }

        fn finish(&self, request: RequestId) {
            self.wait(|event| match event {
                Event::Done(done) if done == request => Some(()),
                Event::Failed(failed, failure) if failed == request => panic!("{failure:?}"),
                _ => None,
            });
        }
    }

    fn draft(title: &str) -> Box<ItemDraft> {
        Box::new(ItemDraft {
            id: None,
            kind: "note".to_owned(),
            title: title.to_owned(),
            folder: String::new(),
            tags: BTreeSet::new(),
            favourite: false,
            archived: false,
            expires: String::new(),
            sections: Vec::new(),
            fields: Vec::new(),
            links: Vec::new(),
            seen: Seen::default(),
        })
    }

    #[test]
    fn a_draft_sent_just_before_the_lock_is_offered_again() {
        let mut bench = Bench::new();
        let made = bench.send(Command::CreateVault { name: "Personal".to_owned(), password: None });
        let vault = bench.wait(|event| match event {
            Event::Opened { status, .. } => Some(status.vault),
            _ => None,
        });
        bench.finish(made);
        // Nothing is awaited between the two: that is how the window closes.
        bench.send(Command::KeepDraft(Some(draft("half typed"))));
        let locked = bench.send(Command::Lock);
        bench.finish(locked);
        bench.send(Command::Unlock { vault, password: SecretText::default() });
        let kept = bench.wait(|event| match event {
            Event::Opened { draft, .. } => Some(draft.map(|draft| draft.title)),
            _ => None,
        });
        assert_eq!(kept.as_deref(), Some("half typed"));
    }

    #[test]
    fn an_engine_that_panics_locks_fails_what_waits_and_serves_the_next_request() {
        let (send, events) = mpsc::channel();
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { data: folder.path().to_owned(), key_store: KeyStoreChoice::Disk };
        let mut has_failed = false;
        // The first list of vaults meets a client that panics inside the engine's thread.
        let engine = EngineHandle::start(setup, move |event| {
            if matches!(event, Event::Vaults(_)) && !std::mem::replace(&mut has_failed, true) {
                panic!("as if the engine had failed");
            }
            drop(send.send(event));
        })
        .unwrap();
        engine.send(RequestId(1), Command::ListVaults);
        let next = || events.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(matches!(next(), Event::Locked(LockReason::Restarted)));
        assert!(matches!(next(), Event::Failed(RequestId(1), Failure::Locked)));
        engine.send(RequestId(2), Command::ListVaults);
        assert!(matches!(next(), Event::Vaults(vaults) if vaults.is_empty()));
        assert!(matches!(next(), Event::Done(RequestId(2))));
    }
}
