//! The stories of sync against the real service, in one thread and without a socket: its handler is called where a request would be sent.

use std::{cell::RefCell, rc::Rc};

use vault_engine::{Command, sync::NetFailure};
use vault_protocol::api::{HttpReply, HttpRequest};
use vault_server::{Peer, Rates, Service, Settings, block_on, store::SqliteStore};
use vault_testkit::Network;

use crate::{
    story::{credential, save},
    sync::{SERVER, World, status, sync, titles},
};

/// The service, and what a test may do to the way there.
pub(crate) struct RealServer {
    service: Service<SqliteStore>,
    /// Requests that are still carried; then it dies: what comes is carried out or not, and nobody hears of it.
    pub(crate) dies_after: Option<u64>,
}

impl RealServer {
    pub(crate) fn new() -> Self {
        let mut settings = Settings::for_origin(SERVER).expect("an origin");
        let many = 1_000_000;
        settings.rates = Rates {
            calls_per_address: many,
            calls_per_vault: many,
            logins_per_address: many,
            logins_per_vault: many,
            registrations_per_address: many,
            relays_per_address: many,
            relays_in_all: many,
            promos: many,
        };
        let service = Service::new(SqliteStore::in_memory().expect("a store"), settings);
        Self { service, dies_after: None }
    }
}

impl Network for RealServer {
    fn carry(&mut self, _: u64, _: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        match &mut self.dies_after {
            Some(0) => return Err(NetFailure::Unreachable),
            Some(1) => {
                self.dies_after = Some(0);
                block_on(self.service.handle(&request, Peer::LOCAL, now_ms));
                return Err(NetFailure::Broken);
            }
            Some(left) => *left -= 1,
            None => {}
        }
        Ok(block_on(self.service.handle(&request, Peer::LOCAL, now_ms)))
    }
}

/// A world around a real service.
pub(crate) fn real(seed: u64) -> (World, Rc<RefCell<RealServer>>) {
    let server = Rc::new(RefCell::new(RealServer::new()));
    let network: Rc<RefCell<dyn Network>> = server.clone();
    (World::on(network, seed), server)
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
    let other: Rc<RefCell<dyn Network>> = Rc::new(RefCell::new(RealServer::new()));
    world.devices[second].network = Some(other.clone());
    world.devices[second].ok(Command::SyncEnable { server: SERVER.into() });
    world.devices[0].network = Some(other);
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    assert_eq!(titles(&mut world.devices[0]), ["First"]);
    sync(&mut world.devices[second], world.vault);
    world.assert_equal();
}
