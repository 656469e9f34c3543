//! The real service for all stories of sync, in one thread and without a socket: its handler is called where a request would be sent.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
};

use vault_engine::{Command, sync::NetFailure};
use vault_protocol::{
    Hash, VaultId, VersionVector,
    api::{Call, HttpReply, HttpRequest, Register, RelayChannel, RelaySend, RelaySide},
    control::{ControlEntry, ControlLog},
    entry::WireEntry,
};
use vault_server::{
    Entropy, EntropyError, Peer, Rates, Service, Settings, block_on,
    store::{Appended, ControlRow, EntryPage, Grant, NewEntry, PushOutcome, PushTerms, Room, SqliteStore, Store, VaultRow},
};
use vault_testkit::{Network, Rng};

use crate::{
    canary,
    story::{credential, save},
    sync::{SERVER, World, status, sync, titles},
};

/// More than any story has.
const ALL_BYTES: u64 = 1 << 40;

/// The service, and what a test may do to the way there.
pub(crate) struct RealServer {
    service: Service<SqliteStore>,
    seed: u64,
    /// Whether every vault that registers has paid, where that is asked for.
    all_paid: bool,
    /// Requests that are still carried; then it dies: what comes is carried out or not, and nobody hears of it.
    pub(crate) dies_after: Option<u64>,
    /// Devices that it can't be reached from.
    pub(crate) unreachable: BTreeSet<u64>,
    /// Its own clock, Unix milliseconds; `None` = that of whoever asks.
    pub(crate) clock_ms: Option<u64>,
    /// Requests so far.
    pub(crate) n_requests: u64,
    /// Bytes of bodies so far, both ways.
    pub(crate) n_bytes: u64,
}

/// Bytes that are distinct, the same in every run, and not secret.
struct Drawn(AtomicU64);

impl Entropy for Drawn {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        Rng::new(self.0.fetch_add(1, Ordering::Relaxed)).fill(out);
        Ok(())
    }
}

impl RealServer {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self::with(Self::settings(), seed)
    }

    /// A server without limits on how often anyone asks, where everyone may send.
    pub(crate) fn settings() -> Settings {
        let mut settings = Settings::for_origin(SERVER).expect("an origin");
        let many = 1_000_000_000;
        settings.rates = Rates {
            calls_per_address: many,
            calls_per_vault: many,
            logins_per_address: many,
            logins_per_vault: many,
            password_logins_per_vault: many,
            registrations_per_address: many,
            relays_per_address: many,
            relays_in_all: many,
            promos: many,
        };
        settings
    }

    /// A server of another operator; two with the same seed draw the same bytes.
    pub(crate) fn with(settings: Settings, seed: u64) -> Self {
        Self::over(SqliteStore::in_memory().expect("a store"), settings, seed)
    }

    /// A server whose tables are a file.
    pub(crate) fn on_disk(path: &std::path::Path, seed: u64) -> Self {
        Self::over(SqliteStore::open(path, 1).expect("a store"), Self::settings(), seed)
    }

    fn over(store: SqliteStore, settings: Settings, seed: u64) -> Self {
        Self {
            service: Service::with_entropy(store, settings, Box::new(Drawn(AtomicU64::new(seed << 32)))),
            seed,
            all_paid: false,
            dies_after: None,
            unreachable: BTreeSet::new(),
            clock_ms: None,
            n_requests: 0,
            n_bytes: 0,
        }
    }

    /// A server that takes changes only for who has paid. Every vault that registers has, until [`Self::end_subscription`].
    pub(crate) fn paid(seed: u64) -> Self {
        let mut settings = Self::settings();
        settings.premium.required = true;
        Self { all_paid: true, ..Self::with(settings, seed) }
    }

    /// The service itself.
    pub(crate) fn service(&self) -> &Service<SqliteStore> {
        &self.service
    }

    /// Its answer.
    pub(crate) fn answer(&mut self, request: &HttpRequest, now_ms: u64) -> HttpReply {
        self.n_requests += 1;
        self.n_bytes += request.body.len() as u64;
        let now_ms = self.clock_ms.unwrap_or(now_ms);
        if self.all_paid
            && let Ok(call) = Register::from_http(request)
            && let Ok(genesis) = ControlEntry::parse(&call.genesis)
        {
            self.grant(genesis.vault, None, 1);
        }
        let reply = block_on(self.service.handle(request, Peer::LOCAL, now_ms));
        self.n_bytes += reply.body.len() as u64;
        reply
    }

    fn grant(&self, vault: VaultId, until_ms: Option<u64>, updated_ms: u64) {
        let grant = Grant { source: "subscription:1".into(), until_ms, updated_ms };
        block_on(self.service.store().put_grant(vault, grant)).expect("a grant");
    }

    /// Nobody pays for the vault any more.
    pub(crate) fn end_subscription(&mut self, vault: VaultId) {
        self.grant(vault, Some(1), 2);
    }

    /// Every session of the vault is over.
    pub(crate) fn end_sessions(&mut self, vault: VaultId) {
        for (key, _) in block_on(self.service.store().seen(vault)).expect("keys") {
            block_on(self.service.store().end_sessions_of(vault, key)).expect("sessions end");
        }
    }

    /// Whether it has the vault.
    pub(crate) fn has(&self, vault: VaultId) -> bool {
        self.row(vault).is_some()
    }

    fn row(&self, vault: VaultId) -> Option<VaultRow> {
        block_on(self.service.store().vault(vault)).expect("the store answers")
    }

    /// Its operator deletes the vault.
    pub(crate) fn forget(&mut self, vault: VaultId) {
        block_on(self.service.purge(vault, 1)).expect("the vault is deleted");
    }

    /// Control entries of a vault in the order in which they came.
    pub(crate) fn control(&self, vault: VaultId) -> Vec<Vec<u8>> {
        block_on(self.service.store().control(vault, 0, ALL_BYTES)).expect("the store answers")
    }

    /// The same, verified.
    pub(crate) fn control_log(&self, vault: VaultId) -> ControlLog {
        let entries = self.control(vault).into_iter().map(|wire| ControlEntry::parse(&wire).expect("a control entry"));
        ControlLog::from_entries(vault, entries).expect("a log")
    }

    /// Entries of a vault in the order in which they came.
    pub(crate) fn entries(&self, vault: VaultId) -> Vec<Vec<u8>> {
        self.page(vault).entries
    }

    fn page(&self, vault: VaultId) -> EntryPage {
        block_on(self.service.store().pull(vault, VersionVector::default(), ALL_BYTES)).expect("the store answers")
    }

    /// What a guest that knows only the channel puts into a mailbox.
    pub(crate) fn put_in_mailbox(&mut self, channel: RelayChannel, number: u32, message: Vec<u8>, now_ms: u64) {
        let call = RelaySend { channel, side: RelaySide::Guest, number, message };
        assert_eq!(self.answer(&call.to_http(None), now_ms).status, 200);
    }

    /// A server that died and was put back from a copy with the first `n_entries` entries of the vault: no session lives on.
    pub(crate) fn put_back(&mut self, vault: VaultId, n_entries: usize) {
        self.service = self.copy(vault, n_entries).service;
    }

    /// Another server with this one's control log and first `n_entries` entries of the vault.
    pub(crate) fn copy(&self, vault: VaultId, n_entries: usize) -> Self {
        let fresh = Self::with(self.service.settings().clone(), self.seed.wrapping_add(self.n_requests << 8));
        let mut control = self.control(vault).into_iter();
        let row = self.row(vault).expect("the vault");
        let genesis = control.next().expect("a genesis");
        let len = genesis.len() as u64;
        let row = VaultRow { n_entries: 0, n_control: 1, stored_bytes: len, control_bytes: len, ..row };
        let (instance, n_control) = (row.instance, 1 + control.len() as u64);
        let store = fresh.service.store();
        block_on(store.register(row, genesis)).expect("a vault");
        let rows: Vec<ControlRow> =
            control.map(|wire| ControlRow { hash: ControlEntry::parse(&wire).expect("a control entry").hash(), wire }).collect();
        let room = Room { control_bytes: ALL_BYTES, bytes: ALL_BYTES };
        assert_eq!(block_on(store.append_control(vault, instance, 1, rows, room)).expect("a control log"), Appended::Done);
        let entries: Vec<NewEntry> = self.entries(vault).into_iter().take(n_entries).map(new_entry).collect();
        let terms = PushTerms { vault, instance, n_control, max_bytes: ALL_BYTES, now_ms: 1 };
        let outcome = block_on(store.push(terms, entries)).expect("entries");
        assert!(matches!(outcome, PushOutcome::Done { .. }), "{outcome:?}");
        for grant in block_on(self.service.store().grants(vault)).expect("grants") {
            block_on(store.put_grant(vault, grant)).expect("a grant");
        }
        fresh
    }
}

fn new_entry(wire: Vec<u8>) -> NewEntry {
    let entry = WireEntry::parse(wire).expect("an entry");
    let (log, seq, prev, hash): (_, _, Hash, Hash) = (entry.header().log, entry.header().seq, entry.prev(), entry.hash());
    NewEntry { log, seq, prev, hash, blobs: entry.blobs().to_vec(), wire: entry.into_wire() }
}

impl Network for RealServer {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        assert_eq!(canary::everyday().find(&canary::outbound(server, &request)), None, "in a request");
        if self.unreachable.contains(&from) {
            return Err(NetFailure::Unreachable);
        }
        match &mut self.dies_after {
            Some(0) => return Err(NetFailure::Unreachable),
            Some(1) => {
                self.dies_after = Some(0);
                self.answer(&request, now_ms);
                return Err(NetFailure::Broken);
            }
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(self.answer(&request, now_ms))
    }
}

/// A world and its server.
pub(crate) fn real(seed: u64) -> (World, Rc<RefCell<RealServer>>) {
    let world = World::seeded(seed);
    let server = world.server.clone();
    (world, server)
}

#[test]
fn three_devices_and_one_that_was_away_end_in_the_same_vault() {
    let (mut world, _) = real(1);
    save(&mut world.devices[0], credential("First", "me", "1"));
    let second = world.join();
    let third = world.join();
    world.devices[second].network = None;
    for n in 0..30 {
        save(&mut world.devices[0], credential(&format!("From the first {n}"), "me", "x"));
        save(&mut world.devices[second], credential(&format!("Written offline {n}"), "me", "y"));
        save(&mut world.devices[third], credential(&format!("From the third {n}"), "me", "z"));
        world.tick(1000);
    }
    assert!(status(&mut world.devices[second]).n_unpushed >= 30);
    world.reconnect();
    world.sync_all();
    world.assert_equal();
    assert_eq!(titles(&mut world.devices[second]).len(), 91);
}

#[test]
fn a_server_that_dies_at_any_request_of_a_push_costs_nothing() {
    for dies_after in 0..8 {
        let (mut world, server) = real(7);
        let second = world.join();
        for n in 0..20 {
            save(&mut world.devices[0], credential(&format!("Item {n}"), "me", "x"));
        }
        server.borrow_mut().dies_after = Some(dies_after);
        world.devices[0].send(Command::SyncNow);
        world.devices[second].send(Command::SyncNow);
        server.borrow_mut().dies_after = None;
        world.sync_all();
        world.assert_equal();
        assert_eq!(titles(&mut world.devices[second]).len(), 20);
    }
}

#[test]
fn a_device_that_dies_at_any_turn_of_an_exchange_loses_nothing() {
    for n_turns in (0..40).step_by(3) {
        let (mut world, _) = real(9);
        let second = world.join();
        for n in 0..5 {
            save(&mut world.devices[0], credential(&format!("Item {n}"), "me", "x"));
            save(&mut world.devices[second], credential(&format!("Other {n}"), "me", "x"));
        }
        sync(&mut world.devices[second], world.vault);
        world.devices[0].start(Command::SyncNow);
        world.devices[0].turns(n_turns);
        world.crash(0);
        world.sync_all();
        world.assert_equal();
        assert_eq!(titles(&mut world.devices[0]).len(), 10);
    }
}

#[test]
fn ms25_a_login_for_another_origin_is_refused() {
    let (mut world, _) = real(3);
    let failure = world.devices[0].fails(Command::SyncEnable { server: "https://elsewhere.example".into() });
    assert_eq!(failure, vault_engine::Failure::NotAccepted);
}

#[test]
fn another_server_is_filled_by_a_device_that_was_not_the_first() {
    let (mut world, _) = real(11);
    save(&mut world.devices[0], credential("First", "me", "1"));
    let second = world.join();
    let other: Rc<RefCell<dyn Network>> = Rc::new(RefCell::new(RealServer::seeded(12)));
    world.devices[second].network = Some(other.clone());
    world.devices[second].ok(Command::SyncEnable { server: SERVER.into() });
    world.devices[0].network = Some(other);
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    assert_eq!(titles(&mut world.devices[0]), ["First"]);
    sync(&mut world.devices[second], world.vault);
    world.assert_equal();
}
