//! Many devices around one server, from one seed: edits by old and new editors, trash and purge, locks, clocks that jump, folders copied and put
//! back, devices that die at any turn, a server that dies at any request, groups that reach nobody for a while; requests lost before and after
//! they are carried out, repeated, sent once more later; pages shuffled; two devices that join in the middle, a new password, a device set
//! aside. When all is quiet again, all hold the same, every value that was ever entered is current or past, what was purged stays gone, and
//! nothing that was acknowledged is missing. An honest server on a bad line never looks like a liar.
//!
//! A seed that fails says how to run it alone.

#![allow(clippy::print_stderr, reason = "which seed failed, and how, is the result")]

mod acts;
mod end;
mod line;
mod members;
mod model;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use vault_engine::{Command, Event, Failure, RequestId, sync::SyncState};
use vault_model::ItemDraft;
use vault_protocol::{ObjectId, VaultId};
use vault_testkit::{Network, Rng, TestDevice};

use crate::{
    story::PASSWORD,
    sync::{World, status},
};
use line::BadLine;
use members::MemberAct;
use model::Model;

/// Runs one seed alone, with as many operations as ever.
const SEED: &str = "NT2_SIM_SEED";
/// Seeds of a run of the tests, and of a long one.
const N_SEEDS: [u64; 2] = [100, 4000];
/// Operations of each seed.
const N_STEPS: usize = 500;

/// After this one, all is quiet for a while.
const QUIET_MOMENT: usize = N_STEPS * 2 / 3;

/// One device as the simulation sees it.
#[derive(Clone, Default)]
struct Replica {
    /// Which of the passwords opened it last.
    password: usize,
    /// Its clock minus the simulation's, in milliseconds.
    skew_ms: i64,
    /// Its folder was copied, and both live on.
    has_twin: bool,
    /// It is such a copy.
    copy_of: Option<usize>,
    /// Set aside by another device: nothing more is asked of it.
    is_out: bool,
}

/// See the module.
struct Simulation {
    world: World,
    line: Rc<std::cell::RefCell<BadLine>>,
    rng: Rng,
    replicas: Vec<Replica>,
    model: Model,
    /// What changes members and keys, by step.
    script: Vec<(usize, MemberAct)>,
    /// Oldest first.
    passwords: Vec<String>,
    copies: Vec<members::FolderCopy>,
    /// Holds the kit that is not saved yet.
    kit_maker: usize,
    /// Device, item, the value typed, and the draft.
    editors: Vec<(usize, ObjectId, String, ItemDraft)>,
    now_ms: u64,
    step: usize,
    /// Whether it says what it does.
    is_alone: bool,
}

impl Simulation {
    fn new(seed: u64, is_alone: bool) -> Self {
        let mut rng = Rng::new(seed);
        let mut world = World::seeded(seed.wrapping_mul(1000) + 1);
        let n_devices = 1 + rng.below(4);
        for _ in 1..n_devices {
            world.join();
        }
        let line = Rc::new(std::cell::RefCell::new(BadLine::new(world.server.clone(), world.vault, rng.draw())));
        let network: Rc<std::cell::RefCell<dyn Network>> = line.clone();
        world.network = network;
        world.reconnect();
        let now_ms = world.devices[0].now_ms;
        world.server.borrow_mut().clock_ms = Some(now_ms);
        let script = MemberAct::script(&mut rng, N_STEPS);
        Self {
            replicas: vec![Replica::default(); world.devices.len()],
            world,
            line,
            rng,
            model: Model::new(n_devices),
            script,
            passwords: vec![PASSWORD.to_owned()],
            copies: Vec::new(),
            kit_maker: n_devices - 1,
            editors: Vec::new(),
            now_ms,
            step: 0,
            is_alone,
        }
    }

    fn run(&mut self) {
        for step in 0..N_STEPS {
            self.step = step;
            let ms = self.rng.below(3000) as u64;
            self.pass(ms);
            while let Some(at) = self.script.iter().position(|(at, _)| *at <= step) {
                let (_, act) = self.script.remove(at);
                self.change_members(act);
            }
            self.act();
            if step == QUIET_MOMENT {
                self.quiet_moment();
            }
        }
        self.settle();
        self.assert_all_is_well();
    }

    /// A seed that runs alone is one that is being looked into.
    fn tell(&self, what: impl FnOnce() -> String) {
        if self.is_alone {
            eprintln!("step {}: {}", self.step, what());
        }
    }

    fn device(&mut self, n: usize) -> &mut TestDevice {
        &mut self.world.devices[n]
    }

    fn vault(&self) -> VaultId {
        self.world.vault
    }

    /// Time passes, on each device as far from the truth as it is.
    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.set_clocks();
    }

    fn set_clocks(&mut self) {
        self.world.server.borrow_mut().clock_ms = Some(self.now_ms);
        for (device, replica) in self.world.devices.iter_mut().zip(&self.replicas) {
            device.now_ms = self.now_ms.saturating_add_signed(replica.skew_ms);
        }
    }

    /// Devices that take part.
    fn living(&self) -> Vec<usize> {
        (0..self.replicas.len()).filter(|n| !self.replicas[*n].is_out).collect()
    }

    /// One of them.
    fn any_device(&mut self) -> usize {
        let living = self.living();
        living[self.rng.below(living.len())]
    }

    /// Sends a command; gives its events and why it failed, if it did. An honest server is never called a liar, and nothing is ever damaged.
    fn send(&mut self, n: usize, command: Command) -> (Vec<Event>, Option<Failure>) {
        let name = command.name();
        let (request, events) = self.device(n).send(command);
        let failure = failure_of(&events, request);
        self.tell(|| format!("  device {n}, {name}: {failure:?}"));
        self.watch(n, name, &events);
        (events, failure)
    }

    fn watch(&self, n: usize, name: &str, events: &[Event]) {
        for event in events {
            let told = match event {
                // It died between meeting its copy and moving to a log of its own: until the next exchange it writes nothing, and says so.
                Event::Failed(_, Failure::NotAuthentic) if self.model.has_copy(n) => continue,
                Event::Failed(
                    _,
                    failure @ (Failure::ServerAlarm(_) | Failure::Damaged | Failure::NotAuthentic | Failure::Io | Failure::NotRegistered),
                ) => format!("{failure:?}"),
                Event::SyncChanged(status) if is_bad(&status.state) => format!("{:?}", status.state),
                _ => continue,
            };
            panic!("step {}: device {n}, {name}: {told}", self.step);
        }
    }

    /// Opens the vault where it was locked: by a new epoch, idle time or a crash. The person knows all passwords that there ever were.
    fn be_open(&mut self, n: usize) {
        for _ in 0..8 {
            let (events, failure) = self.send(n, Command::SyncStatus);
            // What was due has run as well, and may have locked it.
            if failure.is_none() && !events.iter().any(|event| matches!(event, Event::Locked(_))) {
                return;
            }
            self.unlock(n);
        }
        panic!("step {}: device {n} does not stay open", self.step);
    }

    fn unlock(&mut self, n: usize) {
        let vault = self.vault();
        let last = self.replicas[n].password;
        let others = (0..self.passwords.len()).rev().filter(|number| *number != last);
        for number in std::iter::once(last).chain(others).collect::<Vec<_>>() {
            let password = self.passwords[number].as_str().into();
            match self.send(n, Command::Unlock { vault, password }).1 {
                // A new epoch may have come in with the first exchange: then it is locked again, and the next round opens it.
                None | Some(Failure::Locked) => {
                    self.replicas[n].password = number;
                    return;
                }
                Some(Failure::WrongPassword { wait_ms } | Failure::TooEarly { wait_ms }) => self.pass(wait_ms + 1),
                Some(failure) => panic!("step {}: device {n} does not open: {failure:?}", self.step),
            }
        }
        panic!("step {}: no password opens device {n}", self.step);
    }

    /// Exchanges until it ends well: over the bad line first, then over a good one.
    fn sync_well(&mut self, n: usize) {
        for attempt in 0..12 {
            if attempt == 8 {
                self.line.borrow_mut().be_good();
            }
            self.be_open(n);
            self.pass(2000);
            let failure = self.send(n, Command::SyncNow).1;
            if failure.is_none() && self.device(n).fails_with(Command::SyncStatus).is_none() && status(self.device(n)).n_unpushed == 0 {
                self.line.borrow_mut().be_bad();
                return;
            }
        }
        let state = self
            .device(n)
            .fails_with(Command::SyncStatus)
            .map_or_else(|| format!("{:?}", status(self.device(n)).state), |_| "locked".into());
        panic!("step {}: device {n} does not get through: {state}", self.step);
    }
}

/// What an honest server on a bad line must never lead to.
fn is_bad(state: &SyncState) -> bool {
    matches!(state, SyncState::Alarm(_) | SyncState::Failed(_) | SyncState::NotRegistered | SyncState::SettleNeeded)
}

fn failure_of(events: &[Event], request: RequestId) -> Option<Failure> {
    events.iter().find_map(|event| match event {
        Event::Failed(failed, failure) if *failed == request => Some(failure.clone()),
        _ => None,
    })
}

/// Runs the seeds on all cores; gives those that failed.
fn failures(seeds: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    let next = AtomicU64::new(*seeds.start());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > *seeds.end() {
                        break;
                    }
                    if catch_unwind(AssertUnwindSafe(|| Simulation::new(seed, seeds.start() == seeds.end()).run())).is_err() {
                        eprintln!("seed {seed} failed; alone: {SEED}={seed} cargo test --package vault-tests simulation");
                        failed.lock().expect("no test panics while it holds this").push(seed);
                    }
                }
            });
        }
    });
    failed.into_inner().expect("no test panics while it holds this")
}

#[test]
fn many_devices_on_a_bad_line_end_in_the_same_vault() {
    let seeds = match std::env::var(SEED) {
        Ok(seed) => {
            let seed = seed.parse().expect("a number");
            seed..=seed
        }
        Err(_) => 1..=N_SEEDS[usize::from(std::env::var_os("NT2_LONG").is_some())],
    };
    let failed = failures(seeds);
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
}
