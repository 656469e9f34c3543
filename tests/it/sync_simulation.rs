//! Several devices around one server, from one seed: edits, trash, locks, crashes at any step; requests lost before and after they are
//! carried out, repeated, pages shuffled. When all is quiet again, all hold the same, and every value that was ever entered is current or past.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use vault_engine::{Command, Event, Failure, command::Mark, sync::NetFailure};
use vault_protocol::{
    ObjectId,
    api::{Call, HttpReply, HttpRequest, Pull, Route},
};
use vault_testkit::{Network, TestDevice};

use crate::{
    story::{PASSWORD, credential, open_item, redraft},
    sync::{World, assert_sound, past_values},
};

const N_STEPS: usize = 60;

/// SplitMix64 (Steele et al., 2014).
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// A bad line to an honest server.
struct BadLine {
    inner: Rc<RefCell<dyn Network>>,
    rng: Rng,
}

impl Network for BadLine {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        let route = Route::find(request.method, &request.path).map(|target| target.route).expect("a route");
        let mut server_side = self.inner.borrow_mut();
        match self.rng.below(10) {
            0 => return Err(NetFailure::Unreachable),
            1 => {
                // It was done, and nobody hears of it.
                server_side.carry(from, server, request, now_ms)?;
                return Err(NetFailure::TimedOut);
            }
            2 => drop(server_side.carry(from, server, again(&request), now_ms)),
            _ => {}
        }
        let reply = server_side.carry(from, server, request, now_ms)?;
        if route == Route::Pull && reply.status == 200 && self.rng.below(3) == 0 {
            let mut pulled = Pull::reply_from_http(&reply).expect("an honest reply");
            for n in (1..pulled.entries.len()).rev() {
                let other = self.rng.below(n + 1);
                pulled.entries.swap(n, other);
            }
            return Ok(Pull::reply_to_http(&pulled));
        }
        Ok(reply)
    }
}

/// The same request once more: a client that did not hear the first answer.
fn again(request: &HttpRequest) -> HttpRequest {
    let HttpRequest { method, path, token, content_type, body } = request;
    let token = token.as_ref().map(vault_protocol::api::SessionToken::duplicate);
    HttpRequest { method: *method, path: path.clone(), token, content_type: *content_type, body: body.clone() }
}

struct Simulation {
    world: World,
    rng: Rng,
    items: Vec<ObjectId>,
    entered: BTreeSet<(ObjectId, String)>,
}

impl Simulation {
    fn new(mut world: World, seed: u64, n_devices: usize) -> Self {
        for _ in 1..n_devices {
            world.join();
        }
        Self { world, rng: Rng(seed), items: Vec::new(), entered: BTreeSet::new() }
    }

    fn device(&mut self, n: usize) -> &mut TestDevice {
        &mut self.world.devices[n]
    }

    /// Opens the vault where it was locked: by a new epoch, idle time or a crash.
    fn be_open(&mut self, n: usize) {
        let vault = self.world.vault;
        if self.device(n).fails_with(Command::SyncStatus) == Some(Failure::Locked) {
            self.device(n).ok(Command::Unlock { vault, password: PASSWORD.into() });
        }
    }

    fn step(&mut self, step: usize) {
        let n = self.rng.below(self.world.devices.len());
        let ms = self.rng.below(5000) as u64;
        self.world.tick(ms);
        self.be_open(n);
        match self.rng.below(10) {
            0..=1 => {
                let value = format!("{n} {step}");
                let draft = credential(&format!("Item {step}"), "me", &value);
                let (_, events) = self.device(n).send(Command::SaveItem(Box::new(draft)));
                let saved = events.iter().find_map(|event| if let Event::Saved(_, item) = event { Some(*item) } else { None });
                let saved = saved.expect("a new item is saved");
                self.items.push(saved);
                self.entered.insert((saved, value));
            }
            2..=4 if !self.items.is_empty() => {
                let item = self.items[self.rng.below(self.items.len())];
                let value = format!("{n} {step}");
                if self.device(n).fails_with(Command::OpenItem { item }).is_none() {
                    let mut draft = redraft(&open_item(self.device(n), item));
                    for field in draft.fields.iter_mut().filter(|field| field.id.0 == "password") {
                        field.value = vault_model::DraftValue::Set(value.as_str().into());
                    }
                    self.device(n).ok(Command::SaveItem(Box::new(draft)));
                    self.entered.insert((item, value));
                }
            }
            5 if !self.items.is_empty() => {
                let item = self.items[self.rng.below(self.items.len())];
                let trashed = self.rng.below(2) == 0;
                self.device(n).send(Command::MarkItems { items: vec![item], mark: Mark::Trashed(trashed) });
            }
            6 => drop(self.device(n).send(Command::Lock)),
            7 => {
                // A crash in the middle of an exchange.
                let n_turns = self.rng.below(30);
                self.device(n).start(Command::SyncNow);
                self.device(n).turns(n_turns);
                self.world.crash(n);
            }
            _ => drop(self.device(n).send(Command::SyncNow)),
        }
    }

    fn settle(&mut self) {
        self.world.reconnect();
        for _ in 0..4 {
            for n in 0..self.world.devices.len() {
                self.world.tick(10);
                self.be_open(n);
                self.device(n).send(Command::SyncNow);
                self.be_open(n);
            }
        }
        self.world.sync_all();
    }

    fn assert_nothing_lost(&mut self) {
        for n in 0..self.world.devices.len() {
            let items: BTreeSet<ObjectId> = self.entered.iter().map(|(item, _)| *item).collect();
            for item in items {
                let past = past_values(self.device(n), item, "password");
                for (_, value) in self.entered.iter().filter(|(entered, _)| *entered == item) {
                    assert!(past.contains(value), "device {n} has lost {value}: {past:?}");
                }
            }
            assert_sound(self.device(n));
        }
    }
}

impl World {
    fn bad_line(&mut self, seed: u64) {
        let line: Rc<RefCell<dyn Network>> = Rc::new(RefCell::new(BadLine { inner: self.network.clone(), rng: Rng(seed) }));
        self.devices.iter_mut().for_each(|device| device.network = Some(line.clone()));
    }
}

fn check(world: World, seed: u64, n_devices: usize) {
    let mut simulation = Simulation::new(world, seed, n_devices);
    simulation.world.bad_line(seed);
    for step in 0..N_STEPS {
        simulation.step(step);
    }
    simulation.settle();
    simulation.world.assert_equal();
    simulation.assert_nothing_lost();
}

#[test]
fn three_devices_on_a_bad_line_end_in_the_same_vault() {
    (1..=3).for_each(|seed| check(World::seeded(seed * 10 + 1), seed, 3));
}

#[test]
fn three_devices_on_a_bad_line_to_the_real_service_end_in_the_same_vault() {
    (4..=6).for_each(|seed| check(crate::service::real(seed * 10 + 1).0, seed, 3));
}

#[test]
fn five_devices_on_a_bad_line_end_in_the_same_vault() {
    check(crate::service::real(771).0, 77, 5);
}
