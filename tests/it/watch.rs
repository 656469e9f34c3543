//! Hearing of others' changes within seconds, without asking all the time.

use std::{cell::RefCell, rc::Rc};

use vault_engine::{Command, sync::NetFailure};
use vault_protocol::api::{HttpReply, HttpRequest, Route};
use vault_testkit::{Network, TestDevice};

use crate::{
    story::{credential, save},
    sync::{World, status, sync, titles},
};

const MINUTE_MS: u64 = 60_000;

/// Lets a device do what its clock asks for until `ms` have passed.
pub(crate) fn pass(device: &mut TestDevice, ms: u64) {
    let end_ms = device.now_ms + ms;
    while let Some(at_ms) = device.wake_at_ms.filter(|at_ms| *at_ms <= end_ms) {
        device.now_ms = at_ms.max(device.now_ms + 1);
        device.run();
    }
    device.now_ms = device.now_ms.max(end_ms);
    device.run();
}

/// Counts what a device asks for.
pub(crate) struct Counter {
    inner: Rc<RefCell<dyn Network>>,
    pub(crate) asked: Vec<Route>,
}

impl Network for Counter {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        self.asked.push(Route::find(request.method, &request.path).expect("the engine asks for what there is").route);
        self.inner.borrow_mut().carry(from, server, request, now_ms)
    }
}

pub(crate) fn counted(world: &mut World, n: usize) -> Rc<RefCell<Counter>> {
    let counter = Rc::new(RefCell::new(Counter { inner: world.network.clone(), asked: Vec::new() }));
    world.devices[n].network = Some(counter.clone());
    counter
}

#[test]
fn a_change_on_another_device_arrives_within_seconds() {
    let mut world = World::seeded(100);
    let second = world.join();
    sync(&mut world.devices[second], world.vault);
    save(&mut world.devices[0], credential("Just written", "me", "x"));
    world.devices[0].ok(Command::SyncNow);
    pass(&mut world.devices[second], 3_000);
    assert_eq!(titles(&mut world.devices[second]), ["Just written"]);
}

#[test]
fn ones_own_changes_are_no_news() {
    let mut world = World::seeded(101);
    let counter = counted(&mut world, 0);
    for n in 0..5 {
        save(&mut world.devices[0], credential(&format!("Item {n}"), "me", "x"));
        pass(&mut world.devices[0], 5_000);
    }
    let asked = &counter.borrow().asked;
    let n = |route| asked.iter().filter(|asked| **asked == route).count();
    assert!(n(Route::Pull) <= 6, "one exchange for each change: {asked:?}");
    assert!(n(Route::Wait) > 0 && status(&mut world.devices[0]).n_unpushed == 0);
}

#[test]
fn a_server_that_does_not_hold_the_request_is_asked_ever_less() {
    let mut world = World::seeded(102);
    let counter = counted(&mut world, 0);
    pass(&mut world.devices[0], 20 * MINUTE_MS - 1);
    let n_waits = counter.borrow().asked.iter().filter(|route| **route == Route::Wait).count();
    // The idle lock comes after five minutes: until then some ten while it learns, and one a minute.
    assert!((5..=20).contains(&n_waits), "{n_waits}");
}

#[test]
fn locked_or_switched_off_nothing_waits() {
    for command in [Command::Lock, Command::SyncDisable] {
        let mut world = World::seeded(103);
        sync(&mut world.devices[0], world.vault);
        world.devices[0].ok(command);
        let counter = counted(&mut world, 0);
        pass(&mut world.devices[0], 4 * MINUTE_MS);
        assert_eq!(counter.borrow().asked, []);
    }
}
