//! A second device by a code.

use std::{cell::RefCell, rc::Rc};

use vault_engine::{
    Command, Event, Failure, RequestId,
    event::LockReason,
    sync::{PairingFailure, PairingStep},
};
use vault_protocol::api::RelayChannel;
use vault_testkit::{Network, TestDevice};

use crate::{
    story::{PASSWORD, credential, save},
    sync::{SERVER, World, assert_sound, status, titles},
};

/// Both devices run, half a second at a time.
fn run_both(world: &mut World, host: usize, guest: usize) -> (Vec<Event>, Vec<Event>) {
    let (mut of_host, mut of_guest) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        world.tick(500);
        of_host.extend(world.devices[host].run());
        of_guest.extend(world.devices[guest].run());
    }
    (of_host, of_guest)
}

fn code_of(events: &[Event]) -> String {
    let code = events.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Code { code, .. }) => Some(code.expose().to_owned()),
        _ => None,
    });
    code.expect("a code is shown")
}

fn compared(events: &[Event]) -> Option<(String, String)> {
    events.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Compare { code, device }) => Some((code.clone(), device.clone())),
        _ => None,
    })
}

fn failed(events: &[Event], request: RequestId) -> Option<Failure> {
    events.iter().find_map(|event| match event {
        Event::Failed(failed, failure) if *failed == request => Some(failure.clone()),
        _ => None,
    })
}

/// Both devices have shown their comparison code. Gives the requests and what they saw.
fn meet(world: &mut World) -> (usize, RequestId, RequestId, (String, String), (String, String)) {
    let guest = world.add_device();
    let shown = world.devices[0].start(Command::PairHost);
    let events = world.devices[0].run();
    let code = code_of(&events).to_lowercase().replace('-', " ");
    let joining =
        world.devices[guest].start(Command::PairJoin { server: SERVER.into(), code: code.as_str().into(), name: "Personal".into() });
    let (of_host, of_guest) = run_both(world, 0, guest);
    (guest, shown, joining, compared(&of_host).expect("the host compares"), compared(&of_guest).expect("the guest compares"))
}

#[test]
fn a_code_brings_the_vault_to_a_new_device_once_the_password_is_typed_on_both() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.devices[0].ok(Command::SyncNow);
    let (guest, shown, joining, on_host, on_guest) = meet(&mut world);
    assert_eq!(on_host.0, on_guest.0);
    assert_eq!(on_host.1, "Device 2");

    let wrong = world.devices[0].fails(Command::PairConfirm { password: "not the password".into() });
    assert!(matches!(wrong, Failure::WrongPassword { .. }));
    world.tick(2000);
    let confirm = world.devices[0].start(Command::PairConfirm { password: PASSWORD.into() });
    let (of_host, of_guest) = run_both(&mut world, 0, guest);
    assert!(of_host.iter().any(|event| matches!(event, Event::Done(request) if *request == confirm)), "{:?}", failed(&of_host, confirm));
    assert!(of_host.iter().any(|event| matches!(event, Event::Done(request) if *request == shown)));
    assert!(of_host.iter().any(|event| matches!(event, Event::Pairing(_, PairingStep::Done { device }) if device == "Device 2")));
    assert!(
        of_guest.iter().any(|event| matches!(event, Event::Pairing(_, PairingStep::PasswordNeeded))),
        "{:?}",
        failed(&of_guest, joining)
    );

    let wrong = world.devices[guest].fails(Command::PairFinish { password: "not the password".into() });
    assert!(matches!(wrong, Failure::WrongPassword { .. }));
    let events = world.devices[guest].ok(Command::PairFinish { password: PASSWORD.into() });
    assert!(events.iter().any(|event| matches!(event, Event::Opened { .. })));
    assert_eq!(titles(&mut world.devices[guest]), ["Mail"]);
    world.sync_all();
    world.assert_equal();
    assert_eq!(status(&mut world.devices[0]).devices.len(), 2);
    assert_sound(&mut world.devices[guest]);
    // From now on it opens by itself.
    world.devices[guest].ok(Command::Lock);
    let vault = world.vault;
    world.devices[guest].ok(Command::Unlock { vault, password: PASSWORD.into() });
}

#[test]
fn ms22_a_code_is_void_after_five_minutes() {
    let mut world = World::new();
    let shown = world.devices[0].start(Command::PairHost);
    world.devices[0].run();
    let mut events = Vec::new();
    for _ in 0..7 {
        world.tick(50_000);
        events.extend(world.devices[0].send(Command::Touch).1);
        events.extend(world.devices[0].run());
    }
    let all = world.devices[0].run();
    let failure = failed(&events, shown).or_else(|| failed(&all, shown));
    assert_eq!(failure, Some(Failure::Pairing(PairingFailure::TimedOut)));
}

#[test]
fn ms22_three_messages_of_who_does_not_know_the_code_make_it_void() {
    let mut world = World::new();
    let shown = world.devices[0].start(Command::PairHost);
    let events = world.devices[0].run();
    let code = vault_pairing::PairCode::parse(&code_of(&events)).expect("a code");
    for number in 1..=3 {
        let (channel, now_ms) = (RelayChannel(code.channel()), world.devices[0].now_ms);
        world.server.borrow_mut().put_in_mailbox(channel, number, vec![number as u8; 80], now_ms);
    }
    world.tick(1000);
    let mut events = world.devices[0].run();
    world.tick(1000);
    events.extend(world.devices[0].run());
    assert_eq!(failed(&events, shown), Some(Failure::Pairing(PairingFailure::NotAuthentic)));
}

#[test]
fn ms23_nothing_is_enrolled_unless_a_person_confirms() {
    let mut world = World::new();
    let (guest, shown, joining, ..) = meet(&mut world);
    let n_control = world.server.borrow().control(world.vault).len();
    let (_, events) = world.devices[0].send(Command::Cancel(shown));
    assert_eq!(failed(&events, shown), Some(Failure::Cancelled));
    assert_eq!(world.devices[0].fails(Command::PairConfirm { password: PASSWORD.into() }), Failure::NotFound);
    let (_, events) = world.devices[guest].send(Command::Cancel(joining));
    assert_eq!(failed(&events, joining), Some(Failure::Cancelled));
    world.sync_all_but(guest);
    assert_eq!(world.server.borrow().control(world.vault).len(), n_control);
}

#[test]
fn a_lock_ends_the_pairing() {
    let mut world = World::new();
    let (_, shown, ..) = meet(&mut world);
    let (_, events) = world.devices[0].send(Command::Lock);
    assert_eq!(failed(&events, shown), Some(Failure::Locked));
    assert!(events.iter().any(|event| matches!(event, Event::Locked(LockReason::Asked))));
}

#[test]
fn what_is_no_code_is_refused_before_anything_is_asked() {
    let mut world = World::new();
    let guest = world.add_device();
    let before = world.server.borrow().n_requests;
    let typed = Command::PairJoin { server: SERVER.into(), code: "1234".into(), name: "Personal".into() };
    assert_eq!(world.devices[guest].fails(typed), Failure::Pairing(PairingFailure::NotACode));
    assert_eq!(world.server.borrow().n_requests, before);
}

impl World {
    fn sync_all_but(&mut self, but: usize) {
        for n in (0..self.devices.len()).filter(|n| *n != but) {
            let line: Rc<RefCell<dyn Network>> = self.server.clone();
            let device: &mut TestDevice = &mut self.devices[n];
            device.network = Some(line);
            device.ok(Command::SyncNow);
        }
    }
}

#[test]
fn a_line_that_breaks_while_the_new_device_is_enrolled_ends_both_requests() {
    let mut world = World::new();
    let (_, shown, ..) = meet(&mut world);
    world.devices[0].network = None;
    let (confirm, events) = world.devices[0].send(Command::PairConfirm { password: PASSWORD.into() });
    assert!(matches!(failed(&events, confirm), Some(Failure::Offline(_))));
    assert!(matches!(failed(&events, shown), Some(Failure::Offline(_))));
    assert_eq!(events.iter().filter(|event| matches!(event, Event::Failed(..))).count(), 2, "each is answered once");
}
