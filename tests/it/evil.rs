//! A server that lies: each test is one line of THREATS.md §4, and asserts that nothing of the lie is applied and that the person hears of it.

use std::{cell::RefCell, rc::Rc};

use vault_engine::{
    Command, Event, Failure,
    sync::{NetFailure, SyncAlarm, SyncState},
};
use vault_protocol::{
    Hash, Head, LogId,
    api::{Call, ControlPage, HttpReply, HttpRequest, Pull, Pulled, ReadControl, Route},
    control::{ControlBody, ControlEntry},
    entry::WireEntry,
};
use vault_testkit::{Network, TestDevice};

use crate::{
    service::RealServer,
    story::{PASSWORD, credential, save},
    sync::{SERVER, World, assert_sound, clone_device, join_command, save_kit, set_password, status, sync, titles},
};

type PullLie = Box<dyn FnMut(u64, &Pull, Pulled) -> Pulled>;
type ControlLie = Box<dyn FnMut(u64, ControlPage) -> ControlPage>;

/// The honest server behind a liar.
struct Evil {
    inner: Rc<RefCell<RealServer>>,
    pull: Option<PullLie>,
    control: Option<ControlLie>,
    register: Option<HttpReply>,
    /// Routes asked for since the lie began.
    asked: Vec<Route>,
}

impl Network for Evil {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        let route = Route::find(request.method, &request.path).map(|target| target.route);
        let route = route.expect("the engine asks for what there is");
        self.asked.push(route);
        if let (Route::Register, Some(reply)) = (route, &self.register) {
            return Ok(reply.clone());
        }
        let call = (route == Route::Pull).then(|| Pull::from_http(&request).expect("a pull"));
        let reply = self.inner.borrow_mut().carry(from, server, request, now_ms)?;
        if reply.status != 200 {
            return Ok(reply);
        }
        match (route, &mut self.pull, &mut self.control) {
            (Route::Pull, Some(lie), _) => {
                let pulled = Pull::reply_from_http(&reply).expect("an honest reply");
                Ok(Pull::reply_to_http(&lie(from, &call.expect("a pull"), pulled)))
            }
            (Route::ReadControl, _, Some(lie)) => {
                let page = ReadControl::reply_from_http(&reply).expect("an honest reply");
                Ok(ReadControl::reply_to_http(&lie(from, page)))
            }
            _ => Ok(reply),
        }
    }
}

impl World {
    /// All devices talk to a liar from now on.
    fn corrupt(&mut self) -> Rc<RefCell<Evil>> {
        let evil = Evil { inner: self.server.clone(), pull: None, control: None, register: None, asked: Vec::new() };
        let evil = Rc::new(RefCell::new(evil));
        for device in &mut self.devices {
            let network: Rc<RefCell<dyn Network>> = evil.clone();
            device.network = Some(network);
        }
        evil
    }
}

/// The alarm with which a sync fails.
fn alarm(device: &mut TestDevice) -> SyncAlarm {
    match device.fails(Command::SyncNow) {
        Failure::ServerAlarm(alarm) => {
            assert_eq!(status(device).state, SyncState::Alarm(alarm.clone()));
            alarm
        }
        failure => panic!("no alarm but {failure:?}"),
    }
}

/// Two devices that hold "Mail", and a change of the first that the second has not pulled yet.
fn scene() -> (World, usize) {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    save(&mut world.devices[0], credential("New", "me", "two"));
    sync(&mut world.devices[0], world.vault);
    (world, second)
}

/// After the lie the truth is accepted, and all are equal.
fn assert_heals(world: &mut World, second: usize) {
    assert_eq!(titles(&mut world.devices[second]), ["Mail"], "nothing of the lie was applied");
    for device in &mut world.devices {
        let network: Rc<RefCell<dyn Network>> = world.server.clone();
        device.network = Some(network);
    }
    world.sync_all();
    assert_eq!(titles(&mut world.devices[second]), ["Mail", "New"]);
    world.assert_equal();
    assert_sound(&mut world.devices[second]);
}

#[test]
fn ms01_a_lowered_cost_is_refused_before_any_derivation_and_nothing_is_sent() {
    for is_alone in [false, true] {
        let mut world = World::new();
        let kit = save_kit(&mut world.devices[0]);
        sync(&mut world.devices[0], world.vault);
        world.add_device();
        let evil = world.corrupt();
        evil.borrow_mut().control = Some(Box::new(move |_, mut page| {
            // The genesis with a cost of one pass less. Its signature can't be made anew.
            let mut entry = ControlEntry::parse(&page.entries[0]).expect("the genesis");
            let ControlBody::Genesis(genesis) = &mut entry.body else { panic!("the first entry is the genesis") };
            genesis.cost.passes -= 1;
            page.entries[0] = entry.encode();
            if is_alone {
                // And nothing that builds on the true one.
                page.entries.truncate(1);
                (page.n_control, page.heads) = (1, vec![entry.hash()]);
            }
            page
        }));
        let device = &mut world.devices[1];
        let command = join_command(device, kit);
        assert_eq!(device.fails(command), Failure::ServerAlarm(SyncAlarm::RecordAltered));
        assert_eq!(device.n_derived, 1, "the kit's passphrase only");
        assert_eq!(evil.borrow().asked.last(), Some(&Route::ReadControl), "nothing was sent after it");
    }
}

#[test]
fn ms03_another_beginning_under_this_vaults_name_is_an_alarm_and_nothing_is_uploaded() {
    let mut world = World::new();
    let evil = world.corrupt();
    evil.borrow_mut().register = Some(vault_protocol::api::ApiError::OtherGenesis.to_http());
    let failure = world.devices[0].fails(Command::SyncEnable { server: "https://other.example".into() });
    assert_eq!(failure, Failure::ServerAlarm(SyncAlarm::OtherVault));
    assert_eq!(evil.borrow().asked, [Route::Register]);
    assert_eq!(status(&mut world.devices[0]).state, SyncState::Alarm(SyncAlarm::OtherVault));
}

#[test]
fn ms03_the_record_of_another_vault_opens_nothing_on_a_new_device() {
    let mut world = World::new();
    let kit = save_kit(&mut world.devices[0]);
    sync(&mut world.devices[0], world.vault);
    let other = World::seeded(100);
    let foreign = other.server.borrow().control(other.vault);
    world.add_device();
    let evil = world.corrupt();
    evil.borrow_mut().control = Some(Box::new(move |_, page| ControlPage { n_control: 1, entries: foreign[..1].to_vec(), ..page }));
    let device = &mut world.devices[1];
    let command = join_command(device, kit);
    assert_eq!(device.fails(command), Failure::ServerAlarm(SyncAlarm::OtherVault));
    assert_eq!(device.n_derived, 1);
}

#[test]
fn ms07_one_changed_bit_of_any_entry_is_refused() {
    let (mut world, second) = scene();
    let evil = world.corrupt();
    let mut n = 0_usize;
    evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
        n += 1;
        if let Some(frame) = pulled.entries.first_mut() {
            let at = n * 37 % frame.len();
            frame[at] ^= 1 << (n % 8);
        }
        pulled
    }));
    for _ in 0..40 {
        assert!(matches!(world.devices[second].fails(Command::SyncNow), Failure::ServerAlarm(_)));
        world.tick(1000);
    }
    assert_heals(&mut world, second);
}

#[test]
fn ms09_a_repeated_batch_changes_nothing() {
    let (mut world, second) = scene();
    world.sync_all();
    let before = status(&mut world.devices[second]).fingerprint;
    let all: Vec<Vec<u8>> = world.server.borrow().entries(world.vault);
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(move |_, _, pulled| {
        let mut twice = all.clone();
        twice.reverse();
        twice.extend(all.clone());
        Pulled { entries: twice, ..pulled }
    }));
    sync(&mut world.devices[second], world.vault);
    assert_eq!(status(&mut world.devices[second]).fingerprint, before);
    assert_sound(&mut world.devices[second]);
}

#[test]
fn ms10_what_follows_a_gap_waits_and_a_lasting_gap_is_told() {
    let (mut world, second) = scene();
    save(&mut world.devices[0], credential("After", "me", "three"));
    sync(&mut world.devices[0], world.vault);
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(|from, _, mut pulled| {
        if from == 2 && pulled.entries.len() > 1 {
            pulled.entries.remove(0);
        }
        pulled
    }));
    sync(&mut world.devices[second], world.vault);
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
    world.tick(11 * 60_000);
    // Both have done something meanwhile: idle time locks nothing here that the test is about.
    let (_, events) = world.devices[second].send(Command::SyncNow);
    if events.iter().any(|event| matches!(event, Event::Locked(_))) {
        world.devices[second].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
        sync(&mut world.devices[second], world.vault);
        for _ in 0..4 {
            world.tick(4 * 60_000);
            world.devices[second].ok(Command::Touch);
        }
    }
    assert!(matches!(alarm(&mut world.devices[second]), SyncAlarm::Withheld { .. }));
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
}

#[test]
fn ms11_an_entry_that_is_promised_and_not_delivered_is_told() {
    let (mut world, second) = scene();
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(|_, _, mut pulled| {
        pulled.entries.clear();
        pulled
    }));
    assert!(matches!(alarm(&mut world.devices[second]), SyncAlarm::Withheld { .. }));
    assert_heals(&mut world, second);
}

#[test]
fn ms12_a_server_that_shows_less_than_before_is_told_and_its_state_is_not_taken() {
    let (mut world, second) = scene();
    world.sync_all();
    let n_entries = world.server.borrow().entries(world.vault).len();
    world.server.borrow_mut().put_back(world.vault, n_entries - 1);
    let alarm = alarm(&mut world.devices[second]);
    assert!(matches!(&alarm, SyncAlarm::Rollback { had, has, .. } if has < had), "{alarm:?}");
    assert_eq!(titles(&mut world.devices[second]), ["Mail", "New"]);
    // After a restart it is known all the same.
    world.devices[second].ok(Command::Lock);
    let vault = world.vault;
    world.devices[second].ok(Command::Unlock { vault, password: PASSWORD.into() });
    assert!(matches!(world.devices[second].fails(Command::SyncNow), Failure::ServerAlarm(SyncAlarm::Rollback { .. })));
    // Taken on as a new beginning by the person's act, the server gets what it lost.
    world.devices[second].ok(Command::SyncEnable { server: SERVER.into() });
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    world.sync_all();
    world.assert_equal();
}

#[test]
fn ms12_an_older_record_of_members_is_told() {
    let (mut world, second) = scene();
    world.sync_all();
    let evil = world.corrupt();
    let genesis = world.server.borrow().control_log(world.vault).entries().next().map(|(hash, _)| hash).expect("a genesis");
    evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
        pulled.position.control_heads = vec![genesis];
        pulled.position.n_control = 1;
        pulled
    }));
    assert_eq!(alarm(&mut world.devices[second]), SyncAlarm::RecordRollback);
}

#[test]
fn ms14_another_history_of_a_device_is_told() {
    let (mut world, second) = scene();
    world.sync_all();
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(|_, call, mut pulled| {
        let (log, head) = call.known.0.iter().next().map(|(log, head)| (*log, *head)).expect("something is known");
        pulled.differing.0.insert(log, Head { seq: head.seq, hash: Hash([7; 32]) });
        pulled
    }));
    for n in [0, second] {
        assert!(matches!(alarm(&mut world.devices[n]), SyncAlarm::Fork { .. }));
    }
    assert_eq!(titles(&mut world.devices[second]), ["Mail", "New"]);
}

/// Log and number of what came to the server last.
fn last_entry(world: &World) -> (LogId, u64) {
    let wire = world.server.borrow().entries(world.vault).pop().expect("an entry");
    let entry = WireEntry::parse(wire).expect("an entry");
    (entry.header().log, entry.header().seq)
}

#[test]
fn ms14_what_builds_on_a_hidden_entry_is_not_taken_and_the_words_differ() {
    let (mut world, second) = scene();
    let hidden = last_entry(&world);
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(move |from, _, mut pulled| {
        if from == 2 {
            pulled.entries.retain(|frame| {
                let entry = WireEntry::parse(frame.clone()).expect("an entry");
                (entry.header().log, entry.header().seq) != hidden
            });
            let is_hidden = |head: &Head| head.seq == hidden.1;
            pulled.differing.0.retain(|log, head| *log != hidden.0 || !is_hidden(head));
        }
        pulled
    }));
    sync(&mut world.devices[second], world.vault);
    save(&mut world.devices[second], credential("By the second", "me", "x"));
    sync(&mut world.devices[second], world.vault);
    let words: Vec<_> = (0..2).map(|n| status(&mut world.devices[n]).fingerprint).collect();
    assert_ne!(words[0], words[1], "the first direct comparison shows it");
    save(&mut world.devices[0], credential("On the hidden one", "me", "x"));
    sync(&mut world.devices[0], world.vault);
    sync(&mut world.devices[second], world.vault);
    assert_eq!(titles(&mut world.devices[second]), ["By the second", "Mail"]);
}

#[test]
fn ms14_what_another_device_wrote_on_top_of_a_hidden_entry_is_not_taken_either() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    let third = world.join();
    save(&mut world.devices[0], credential("Hidden", "me", "x"));
    sync(&mut world.devices[0], world.vault);
    let (hidden, _) = last_entry(&world);
    sync(&mut world.devices[second], world.vault);
    save(&mut world.devices[second], credential("On top of it", "me", "y"));
    sync(&mut world.devices[second], world.vault);
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
        pulled.entries.retain(|frame| WireEntry::parse(frame.clone()).expect("an entry").header().log != hidden);
        pulled.differing.0.remove(&hidden);
        pulled
    }));
    sync(&mut world.devices[third], world.vault);
    assert_eq!(titles(&mut world.devices[third]), ["Mail"]);
    let network: Rc<RefCell<dyn Network>> = world.server.clone();
    world.devices[third].network = Some(network);
    sync(&mut world.devices[third], world.vault);
    assert_eq!(titles(&mut world.devices[third]), ["Hidden", "Mail", "On top of it"]);
}

#[test]
fn ms15_a_device_that_is_silent_beyond_its_promise_is_shown_with_its_date() {
    let (mut world, _second) = scene();
    world.sync_all();
    let before = status(&mut world.devices[0]);
    assert!(before.devices.iter().all(|device| !device.is_silent && device.last_seen_ms > 0));
    world.tick(31 * 86_400_000);
    let (_, events) = world.devices[0].send(Command::Touch);
    drop(events);
    world.devices[0].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    let after = status(&mut world.devices[0]);
    let silent: Vec<_> = after.devices.iter().filter(|device| device.is_silent).collect();
    assert_eq!(silent.len(), 1);
    assert_eq!(silent[0].last_seen_ms, before.devices.iter().find(|device| !device.is_this).map_or(0, |device| device.last_seen_ms));
}

#[test]
fn ms17_an_entry_of_no_member_is_neither_shown_nor_counted() {
    for is_relabelled in [false, true] {
        let (mut world, second) = scene();
        let mut other = World::seeded(100);
        save(&mut other.devices[0], credential("Injected", "me", "x"));
        sync(&mut other.devices[0], other.vault);
        let mut foreign = other.server.borrow().entries(other.vault).pop().expect("an entry");
        if is_relabelled {
            let at = foreign.windows(16).position(|bytes| bytes == other.vault.0).expect("it names its vault");
            foreign[at..at + 16].copy_from_slice(&world.vault.0);
        }
        let evil = world.corrupt();
        evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
            pulled.entries.push(foreign.clone());
            pulled
        }));
        assert_eq!(alarm(&mut world.devices[second]), SyncAlarm::Altered);
        assert_heals(&mut world, second);
    }
}

/// Control entries that a server could make: other keys, other bodies, its own signature.
fn forged(world: &World, change: impl Fn(&mut ControlEntry)) -> Vec<u8> {
    let entries = world.server.borrow().control(world.vault);
    let enrol =
        entries.iter().map(|wire| ControlEntry::parse(wire).expect("an entry")).find(|entry| matches!(entry.body, ControlBody::Enrol(..)));
    let mut entry = enrol.expect("the second device was enrolled");
    let control = world.server.borrow().control_log(world.vault);
    entry.parents = control.heads().to_vec();
    entry.number = control.next_number();
    change(&mut entry);
    entry.encode()
}

/// The second device is offered a control entry that nobody entitled has signed.
fn offer_control(world: &mut World, second: usize, wire: Vec<u8>) {
    let hash = ControlEntry::parse(&wire).map(|entry| entry.hash()).expect("it parses");
    let n_control = status(&mut world.devices[second]).devices.len();
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
        pulled.position.control_heads = vec![hash];
        pulled.position.n_control += 1;
        pulled
    }));
    evil.borrow_mut().control = Some(Box::new(move |_, mut page| {
        page.entries.push(wire.clone());
        page.n_control = page.entries.len() as u64;
        page.heads = vec![hash];
        page
    }));
    assert_eq!(alarm(&mut world.devices[second]), SyncAlarm::RecordAltered);
    assert_eq!(status(&mut world.devices[second]).devices.len(), n_control);
}

#[test]
fn ms18_null_and_server_made_keys_are_refused() {
    for null in [true, false] {
        let (mut world, second) = scene();
        let wire = forged(&world, |entry| {
            let ControlBody::Enrol(enrol, _) = &mut entry.body else { panic!("an enrolment") };
            enrol.device.0[0] ^= 1;
            enrol.log.0[0] ^= 1;
            enrol.log_key.0 = if null { [0; 32] } else { [9; 32] };
        });
        offer_control(&mut world, second, wire);
        assert_heals(&mut world, second);
    }
}

#[test]
fn ms21_no_server_message_enrols_a_device() {
    let (mut world, second) = scene();
    let wire = forged(&world, |entry| {
        let ControlBody::Enrol(enrol, _) = &mut entry.body else { panic!("an enrolment") };
        enrol.device.0[0] ^= 1;
        enrol.log.0[0] ^= 1;
    });
    offer_control(&mut world, second, wire);
    assert_heals(&mut world, second);
}

#[test]
fn ms24_a_new_password_is_written_for_the_members_of_the_verified_log_alone() {
    let (mut world, second) = scene();
    let wire = forged(&world, |entry| {
        let ControlBody::Enrol(enrol, _) = &mut entry.body else { panic!("an enrolment") };
        enrol.device.0 = [0xee; 16];
        enrol.log.0 = [0xee; 16];
    });
    offer_control(&mut world, second, wire);
    let network: Rc<RefCell<dyn Network>> = world.server.clone();
    world.devices[second].network = Some(network);
    world.devices[second].ok(Command::ChangePassword { current: PASSWORD.into(), new: "another horse battery staple".into() });
    world.devices[second].ok(Command::SyncNow);
    let last = world.server.borrow().control_log(world.vault).entries().last().map(|(_, entry)| entry.clone()).expect("an entry");
    let ControlBody::Epoch(epoch) = last.body else { panic!("a new epoch") };
    assert!(epoch.slots.iter().all(|slot| slot.device.0 != [0xee; 16]));
    assert_eq!(epoch.slots.len(), 5, "two for each of two devices, one for the kit");
}

#[test]
fn ms13_a_purged_item_offered_again_stays_gone() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Gone", "me", "one"));
    let second = world.join();
    let old: Vec<Vec<u8>> = world.server.borrow().entries(world.vault);
    world.devices[0].ok(Command::MarkItems { items: vec![item], mark: vault_engine::command::Mark::Trashed(true) });
    world.devices[0].ok(Command::PurgeItems { items: vec![item] });
    for _ in 0..3 {
        world.sync_all();
        world.sign_what_was_seen();
    }
    let evil = world.corrupt();
    evil.borrow_mut().pull = Some(Box::new(move |_, _, mut pulled| {
        pulled.entries.splice(0..0, old.clone());
        pulled
    }));
    sync(&mut world.devices[second], world.vault);
    assert_eq!(world.devices[second].fails(Command::OpenItem { item }), Failure::NotFound);
    assert_sound(&mut world.devices[second]);
}

/// Nobody knew of the copy, so the purge did not wait for it.
#[test]
fn ms13_an_edit_made_on_a_copy_of_a_device_does_not_bring_a_purged_item_back() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Gone", "me", "one"));
    let second = world.join();
    let copy = clone_device(&mut world, second);
    world.devices[copy].network = None;
    world.devices[copy].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    set_password(&mut world.devices[copy], item, "by the copy");
    world.devices[0].ok(Command::MarkItems { items: vec![item], mark: vault_engine::command::Mark::Trashed(true) });
    world.devices[0].ok(Command::PurgeItems { items: vec![item] });
    for _ in 0..4 {
        for n in [0, second] {
            world.tick(10);
            sync(&mut world.devices[n], world.vault);
            world.devices[n].ok(Command::Lock);
            world.devices[n].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
        }
    }
    world.reconnect();
    world.sync_all();
    world.assert_equal();
    for n in [0, second, copy] {
        assert_eq!(world.devices[n].fails(Command::OpenItem { item }), Failure::NotFound);
        assert_sound(&mut world.devices[n]);
    }
}
