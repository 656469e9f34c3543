//! Sessions of every kind, each from one seed.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    sync::{Mutex, PoisonError},
};

use vault_engine::{
    Command, Event, Failure,
    command::KitInput,
    sync::{PairingStep, SyncState},
};
use vault_testkit::Network;

use super::alter::{Alterer, Kept};
use crate::{
    story::{PASSWORD, credential, save},
    sync::{KIT_PASSPHRASE, SERVER, World, assert_sound, save_kit, status, sync, titles},
};

/// Rounds of an exchange scene.
const N_ROUNDS: usize = 120;
/// New devices of a joining scene.
const N_JOINS: usize = 6;

/// What is done while replies are altered.
pub(super) enum Scene {
    /// Two devices that write: register, login, pulls, pushes, control pages.
    Exchange(u64),
    /// A new device with a kit.
    Join(u64),
    /// A new device with a code: the relay, and the host's enrolment.
    Pair(u64),
}

/// What another server said of another vault: the same for all scenes.
fn foreign() -> Rc<Vec<Kept>> {
    static FOREIGN: Mutex<Option<Vec<Kept>>> = Mutex::new(None);
    let mut kept = FOREIGN.lock().unwrap_or_else(PoisonError::into_inner);
    Rc::new(kept.get_or_insert_with(record_another).clone())
}

fn record_another() -> Vec<Kept> {
    let mut world = World::seeded(4_000_000_001);
    let alterer = Rc::new(RefCell::new(Alterer::new(world.server.clone(), 1, Rc::default())));
    world.network = alterer.clone();
    world.reconnect();
    save(&mut world.devices[0], credential("Injected", "me", "one"));
    world.join();
    save(&mut world.devices[0], credential("Injected too", "me", "one"));
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    world.sync_all();
    drop(world);
    Rc::into_inner(alterer).expect("nobody else asks").into_inner().into_kept()
}

impl Scene {
    pub(super) fn of(seed: u64) -> Self {
        match seed % 4 {
            0 | 1 => Self::Exchange(seed),
            2 => Self::Join(seed),
            _ => Self::Pair(seed),
        }
    }

    /// Gives how many replies were altered.
    pub(super) fn run(self) -> u64 {
        match self {
            Self::Exchange(seed) => exchange(seed),
            Self::Join(seed) => join(seed),
            Self::Pair(seed) => pair(seed),
        }
    }
}

/// A world with two items, and what alters the replies of devices that are given it.
fn scene(seed: u64) -> (World, Rc<RefCell<Alterer>>) {
    let mut world = World::seeded(seed.wrapping_mul(1000) + 1);
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    save(&mut world.devices[0], credential("New", "me", "two"));
    world.devices[0].ok(Command::SyncNow);
    let alterer = Rc::new(RefCell::new(Alterer::new(world.server.clone(), seed, foreign())));
    (world, alterer)
}

fn exchange(seed: u64) -> u64 {
    let (mut world, alterer) = scene(seed);
    let second = world.join();
    let mut entered: BTreeSet<String> = ["Mail".to_owned(), "New".to_owned()].into();
    let line: Rc<RefCell<dyn Network>> = alterer.clone();
    world.devices[second].network = Some(line);
    alterer.borrow_mut().one_in = 3;
    for round in 0..N_ROUNDS {
        world.tick(1000);
        if round % 5 == 0 {
            let n = [0, second][round / 5 % 2];
            be_open(&mut world, n);
            let title = format!("Written in round {round}");
            save(&mut world.devices[n], credential(&title, "me", "x"));
            entered.insert(title);
        }
        if round % 4 == 0 {
            be_open(&mut world, 0);
            sync(&mut world.devices[0], world.vault);
        }
        if round % 10 == 3 {
            world.server.borrow_mut().end_sessions(world.vault);
        }
        if round % 40 == 20 {
            // The control log grows, and all that was in force is in force.
            let (current, new) = (PASSWORD.into(), PASSWORD.into());
            be_open(&mut world, 0);
            world.devices[0].ok(Command::ChangePassword { current, new });
            sync(&mut world.devices[0], world.vault);
        }
        be_open(&mut world, second);
        world.devices[second].send(Command::SyncNow);
        be_open(&mut world, second);
        match status(&mut world.devices[second]).state {
            SyncState::Removed | SyncState::SettleNeeded => panic!("a forged record of members was taken"),
            // An altered refusal may say that the vault is gone: switching on again is the person's act. So is now and then another beginning.
            SyncState::NotRegistered | SyncState::Off => {
                world.devices[second].send(Command::SyncEnable { server: SERVER.into() });
            }
            _ if round % 25 == 24 => drop(world.devices[second].send(Command::SyncEnable { server: SERVER.into() })),
            _ => {}
        }
    }
    world.reconnect();
    be_open(&mut world, second);
    world.devices[second].ok(Command::SyncEnable { server: SERVER.into() });
    world.sync_all();
    for n in [0, second] {
        assert_eq!(titles(&mut world.devices[n]).into_iter().collect::<BTreeSet<_>>(), entered);
        assert_sound(&mut world.devices[n]);
    }
    world.assert_equal();
    assert_eq!(status(&mut world.devices[0]).devices.len(), 2);
    alterer.borrow().n_altered
}

fn be_open(world: &mut World, n: usize) {
    let vault = world.vault;
    for _ in 0..4 {
        if world.devices[n].fails_with(Command::SyncStatus) != Some(Failure::Locked) {
            return;
        }
        world.devices[n].send(Command::Unlock { vault, password: PASSWORD.into() });
    }
    panic!("device {n} does not open");
}

fn join(seed: u64) -> u64 {
    let (mut world, alterer) = scene(seed);
    let kit = save_kit(&mut world.devices[0]);
    world.devices[0].ok(Command::SyncNow);
    let n_entries = world.server.borrow().entries(world.vault).len();
    let before = world.server.borrow().copy(world.vault, n_entries);
    for n in 0..N_JOINS {
        // Each on a server of its own, which knows nothing of the others.
        let server = before.copy(world.vault, n_entries);
        alterer.borrow_mut().inner = Rc::new(RefCell::new(server));
        alterer.borrow_mut().one_in = [4, 8, 12][n % 3];
        let guest = add_guest(&mut world, &alterer);
        let device = &mut world.devices[guest];
        let source = device.host().put_source(kit.clone());
        let kit = KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) };
        let command = Command::JoinWithKit { server: SERVER.into(), did: None, name: "Personal".into(), kit, password: PASSWORD.into() };
        device.send(command);
        assert_whole_or_nothing(&mut world, guest);
    }
    alterer.borrow().n_altered
}

fn add_guest(world: &mut World, alterer: &Rc<RefCell<Alterer>>) -> usize {
    let guest = world.add_device();
    let line: Rc<RefCell<dyn Network>> = alterer.clone();
    world.devices[guest].network = Some(line);
    guest
}

/// A new device has all that the vault had, or no vault.
fn assert_whole_or_nothing(world: &mut World, guest: usize) {
    let vault = world.vault;
    let device = &mut world.devices[guest];
    device.run();
    let events = device.ok(Command::ListVaults);
    let is_listed = events.iter().any(|event| matches!(event, Event::Vaults(vaults) if vaults.iter().any(|entry| entry.vault == vault)));
    if !is_listed {
        let left = vault_engine::effect::Host::folders(device.host());
        assert_eq!(left, [""; 0], "nothing of it stays");
        return;
    }
    be_open(world, guest);
    assert_eq!(titles(&mut world.devices[guest]), ["Mail", "New"]);
    assert_sound(&mut world.devices[guest]);
}

fn pair(seed: u64) -> u64 {
    let (mut world, alterer) = scene(seed);
    for n in 0..N_JOINS {
        let line: Rc<RefCell<dyn Network>> = alterer.clone();
        world.devices[0].network = Some(line);
        alterer.borrow_mut().one_in = [6, 12, 24][n % 3];
        let guest = add_guest(&mut world, &alterer);
        be_open(&mut world, 0);
        meet(&mut world, guest);
        world.reconnect();
        alterer.borrow_mut().one_in = 0;
        assert_whole_or_nothing(&mut world, guest);
        be_open(&mut world, 0);
        // An altered refusal may have said that the vault is gone.
        world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
        assert_eq!(titles(&mut world.devices[0]), ["Mail", "New"]);
    }
    assert_sound(&mut world.devices[0]);
    alterer.borrow().n_altered
}

/// The two devices try to meet; each code that both show is compared by a person.
fn meet(world: &mut World, guest: usize) {
    let shown = world.devices[0].start(Command::PairHost);
    let mut of_host = world.devices[0].run();
    let code = of_host.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Code { code, .. }) => Some(code.expose().to_owned()),
        _ => None,
    });
    let Some(code) = code else { return };
    let join = Command::PairJoin { server: SERVER.into(), code: code.as_str().into(), name: "Personal".into() };
    let joining = world.devices[guest].start(join);
    let (mut of_guest, mut confirm) = (Vec::new(), None);
    for _ in 0..16 {
        world.tick(500);
        of_host.extend(world.devices[0].run());
        of_guest.extend(world.devices[guest].run());
        if let (None, Some(on_host), Some(on_guest)) = (confirm, compared(&of_host), compared(&of_guest)) {
            assert_eq!(on_host, on_guest, "who alters replies at random does not get in between");
            confirm = Some(world.devices[0].start(Command::PairConfirm { password: PASSWORD.into() }));
        }
        if of_guest.iter().any(|event| matches!(event, Event::Pairing(_, PairingStep::PasswordNeeded))) {
            world.devices[guest].send(Command::PairFinish { password: PASSWORD.into() });
            break;
        }
    }
    for request in [Some(shown), confirm].into_iter().flatten() {
        world.devices[0].send(Command::Cancel(request));
    }
    world.devices[guest].send(Command::Cancel(joining));
}

fn compared(events: &[Event]) -> Option<String> {
    events.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Compare { code, .. }) => Some(code.clone()),
        _ => None,
    })
}
