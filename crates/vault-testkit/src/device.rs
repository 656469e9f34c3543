//! A device for tests: driver, platform and client in one.

use std::{cell::RefCell, collections::BTreeMap, path::Path, rc::Rc};

use vault_engine::{
    Command, Driver, Event, Failure, Output, RequestId, Turn,
    effect::{Effect, EffectId, KeyName, KeyPlace, Reply},
    event::ClipboardEnd,
    sync::NetFailure,
};
use zeroize::Zeroizing;

use crate::{Network, TestHost, derived};

/// One device: its engine, its key stores, its clipboard, its clock.
pub struct TestDevice {
    driver: Driver<TestHost>,
    /// Unix milliseconds; a test moves it by hand.
    pub now_ms: u64,
    /// Device keys, by whether they lie in the operating system's key store.
    pub keys: BTreeMap<(bool, KeyName), [u8; 32]>,
    /// Whether the operating system's key store answers.
    pub os_store_works: bool,
    /// What is on the clipboard.
    pub clipboard: String,
    /// Argon2id runs asked for so far.
    pub n_derived: u32,
    /// What carries its requests; `None` = it is offline.
    pub network: Option<Rc<RefCell<dyn Network>>>,
    /// When it asked to be woken.
    pub wake_at_ms: Option<u64>,
    /// What the network calls it.
    pub number: u64,
    /// Whether passwords go through Argon2id.
    pub runs_argon2: bool,
    ours: String,
    last_request: u64,
}

impl TestDevice {
    /// A device over `data` without an operating system's key store.
    ///
    /// # Panics
    ///
    /// If the folder can't be used.
    pub fn open(data: &Path, seed: u64) -> Self {
        Self::open_with(data, seed, BTreeMap::new())
    }

    /// The same, with the device keys that an earlier run has left, in files or in the key store.
    ///
    /// # Panics
    ///
    /// If the folder can't be used.
    pub fn open_with(data: &Path, seed: u64, keys: BTreeMap<(bool, KeyName), [u8; 32]>) -> Self {
        let now_ms = 1_770_000_000_000;
        let mut host = TestHost::new(data, seed);
        host.key_files = keys.keys().filter(|(in_store, _)| !in_store).map(|(_, name)| name.clone()).collect();
        let driver = Driver::open(host, now_ms).unwrap_or_else(|failure| panic!("the data folder opens: {failure:?}"));
        Self {
            driver,
            now_ms,
            keys,
            os_store_works: true,
            clipboard: String::new(),
            n_derived: 0,
            network: None,
            wake_at_ms: None,
            number: seed,
            runs_argon2: false,
            ours: String::new(),
            last_request: 0,
        }
    }

    /// Its host.
    pub fn host(&mut self) -> &mut TestHost {
        self.driver.host()
    }

    /// Sends a command and runs until all is quiet; gives its request and every event.
    pub fn send(&mut self, command: Command) -> (RequestId, Vec<Event>) {
        let request = self.start(command);
        (request, self.run())
    }

    /// Sends a command without running it.
    pub fn start(&mut self, command: Command) -> RequestId {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        self.driver.send(request, command);
        request
    }

    /// Does `n` turns.
    pub fn turns(&mut self, n: usize) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..n {
            self.turn(&mut events);
        }
        events
    }

    /// Runs until all is quiet.
    pub fn run(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while self.turn(&mut events) {}
        events
    }

    /// Sends a command that must succeed; gives its events.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub fn ok(&mut self, command: Command) -> Vec<Event> {
        let name = command.name();
        let (request, events) = self.send(command);
        for event in &events {
            if let Event::Failed(failed, failure) = event
                && *failed == request
            {
                panic!("{name} failed: {failure:?}");
            }
        }
        assert!(events.iter().any(|event| matches!(event, Event::Done(done) if *done == request)), "{name} did not end");
        events
    }

    /// Sends a command; gives why it failed, if it did.
    pub fn fails_with(&mut self, command: Command) -> Option<Failure> {
        let (request, events) = self.send(command);
        events.into_iter().find_map(|event| match event {
            Event::Failed(failed, failure) if failed == request => Some(failure),
            _ => None,
        })
    }

    /// Sends a command that must fail; gives why.
    ///
    /// # Panics
    ///
    /// If it succeeds.
    pub fn fails(&mut self, command: Command) -> Failure {
        let name = command.name();
        let (request, events) = self.send(command);
        events
            .into_iter()
            .find_map(|event| match event {
                Event::Failed(failed, failure) if failed == request => Some(failure),
                _ => None,
            })
            .unwrap_or_else(|| panic!("{name} did not fail"))
    }

    fn turn(&mut self, events: &mut Vec<Event>) -> bool {
        let mut effects = Vec::new();
        let turn = self.driver.turn(self.now_ms, &mut |output| match output {
            Output::Event(event) => events.push(event),
            Output::Effect(id, effect) => effects.push((id, effect)),
        });
        if let Turn::Idle { wake_at_ms } = turn {
            self.wake_at_ms = wake_at_ms;
        }
        let busy = turn == Turn::More || !effects.is_empty();
        for (id, effect) in effects {
            self.carry_out(id, effect);
        }
        busy
    }

    fn carry_out(&mut self, id: EffectId, effect: Effect) {
        let reply = match effect {
            Effect::Derive { password, salt, cost } => {
                self.n_derived += 1;
                Reply::Derived(Ok(match self.runs_argon2 {
                    true => derived::password_key(password.expose(), salt, cost),
                    false => derived::cheap_password_key(password.expose(), &salt),
                }))
            }
            Effect::KeyGet { place: KeyPlace::Os, .. } if !self.os_store_works => Reply::Key(Err(())),
            Effect::KeyGet { place, name } => Reply::Key(Ok(self.keys.get(&(place == KeyPlace::Os, name)).map(|key| Zeroizing::new(*key)))),
            Effect::KeyPut { place: KeyPlace::Os, .. } if !self.os_store_works => Reply::KeyStored(Err(())),
            Effect::KeyPut { place, name, key } => {
                self.keys.insert((place == KeyPlace::Os, name), *key);
                Reply::KeyStored(Ok(()))
            }
            Effect::KeyDelete { place, name } => {
                self.keys.remove(&(place == KeyPlace::Os, name));
                return;
            }
            Effect::ClipboardPut { text } => {
                self.clipboard = text.expose().to_owned();
                self.ours = self.clipboard.clone();
                return;
            }
            Effect::ClipboardClear => {
                let same = self.clipboard == self.ours;
                if same {
                    self.clipboard.clear();
                }
                Reply::Clipboard(if same { ClipboardEnd::Cleared } else { ClipboardEnd::Replaced })
            }
            Effect::Http { server, request, .. } => Reply::Http(match &self.network {
                Some(network) => network.borrow_mut().carry(self.number, &server, request, self.now_ms),
                None => Err(NetFailure::Unreachable),
            }),
            Effect::WakeAt(_) => return,
        };
        self.driver.reply(id, reply);
    }
}
