//! "Address + password": off by default, what it opens while it is on, what it leaves behind when it is off, and a server that lies about it.

use std::{cell::RefCell, rc::Rc};

use vault_crypto::bootstrap::BootstrapRecord;
use vault_engine::{
    Command, Event, Failure,
    sync::{PasswordLogin, SyncAlarm, SyncState, address},
};
use vault_protocol::{
    Kind, SigningPublicKey,
    api::{Call, ControlPage, HttpReply, HttpRequest, Purpose, PutBootstrap, ReadBootstrap, ReadControl, Route},
    control::{ControlBody, ControlEntry},
};
use vault_server::{block_on, store::Store as _};
use vault_testkit::Network;

use crate::{
    story::{PASSWORD, credential, opened, save, unlock},
    sync::{SERVER, World, status, titles},
};

const OTHER_PASSWORD: &str = "another horse battery staple";

type Lie = Box<dyn FnMut(Route, HttpReply) -> HttpReply>;

/// What every request said, and what an evil server makes of the answers.
struct Tap {
    inner: Rc<RefCell<dyn Network>>,
    asked: Vec<(Route, Vec<u8>)>,
    lie: Option<Lie>,
}

impl Network for Tap {
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, vault_engine::sync::NetFailure> {
        let route = Route::find(request.method, &request.path).expect("the engine asks for what there is").route;
        self.asked.push((route, [request.path.as_bytes(), &request.body].concat()));
        let reply = self.inner.borrow_mut().carry(from, server, request, now_ms)?;
        Ok(match &mut self.lie {
            Some(lie) if reply.status == 200 => lie(route, reply),
            _ => reply,
        })
    }
}

impl Tap {
    /// Between device `n` and its server from now on.
    fn on(world: &mut World, n: usize) -> Rc<RefCell<Self>> {
        let tap = Rc::new(RefCell::new(Self { inner: world.network.clone(), asked: Vec::new(), lie: None }));
        world.devices[n].network = Some(tap.clone());
        tap
    }

    fn routes(&self) -> Vec<Route> {
        self.asked.iter().map(|(route, _)| *route).collect()
    }

    fn said(&self, part: &[u8]) -> bool {
        self.asked.iter().any(|(_, bytes)| bytes.windows(part.len()).any(|window| window == part))
    }

    /// The record that was handed over, if one was.
    fn record(&self) -> Option<Vec<u8>> {
        let put = |(route, bytes): &(Route, Vec<u8>)| {
            let body = bytes.iter().position(|byte| *byte == b'{').filter(|_| *route == Route::PutBootstrap)?;
            let text = String::from_utf8(bytes[body..].to_vec()).expect("JSON");
            let hex: String = text.split('"').nth(3)?.to_owned();
            Some((0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal")).collect())
        };
        self.asked.iter().rev().find_map(put)
    }
}

fn allow(password: &str) -> Command {
    Command::AllowPasswordLogin { password: password.into() }
}

fn forbid(password: &str) -> Command {
    Command::ForbidPasswordLogin { password: password.into() }
}

fn did(world: &World) -> SigningPublicKey {
    world.server.borrow().control_log(world.vault).state().did()
}

fn join_by(address: &str, password: &str) -> Command {
    Command::JoinWithPassword { address: address.into(), name: "Here too".into(), password: password.into() }
}

fn join(world: &World, password: &str) -> Command {
    join_by(&address(SERVER, &did(world).did_text()), password)
}

/// Whether the server has a record of the vault.
fn server_has_record(world: &World) -> bool {
    block_on(world.server.borrow().service().store().bootstrap(world.vault)).expect("the store answers").is_some()
}

fn login(world: &mut World, n: usize) -> PasswordLogin {
    status(&mut world.devices[n]).password_login
}

/// One device whose vault address and password open.
fn switched_on(seed: u64) -> World {
    let mut world = World::seeded(seed);
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.devices[0].ok(allow(PASSWORD));
    assert_eq!(login(&mut world, 0), PasswordLogin::On);
    world
}

#[test]
fn address_and_password_bring_the_vault_to_a_new_device() {
    let mut world = switched_on(70);
    let second = world.add_device();
    let command = join(&world, PASSWORD);
    let events = world.devices[second].ok(command);
    assert_eq!(opened(&events).expect("it is open").n_devices, 2);
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
    world.sync_all();
    world.assert_equal();
    save(&mut world.devices[second], credential("From the new one", "me", "x"));
    world.sync_all();
    assert_eq!(titles(&mut world.devices[0]), ["From the new one", "Mail"]);
    // From now on it opens like any device: by password and its own key, without a network.
    world.devices[second].network = None;
    world.devices[second].ok(Command::Lock);
    let vault = world.vault;
    unlock(&mut world.devices[second], vault, PASSWORD);
    assert_eq!(titles(&mut world.devices[second]).len(), 2);
    // And the kit that was there before is still the one in force.
    assert_eq!(login(&mut world, second), PasswordLogin::On);
}

#[test]
fn ms22_off_an_unknown_vault_and_a_wrong_password_look_alike() {
    let mut off = World::seeded(71);
    let mut on = switched_on(72);
    let attempt = |world: &mut World, command: Command| {
        let n = world.add_device();
        let tap = Tap::on(world, n);
        let failure = world.devices[n].fails(command);
        let sizes: Vec<(Route, usize)> = tap.borrow().asked.iter().map(|(route, bytes)| (*route, bytes.len())).collect();
        (failure, sizes)
    };
    let command = join(&off, PASSWORD);
    let switched_off = attempt(&mut off, command);
    let command = join(&on, OTHER_PASSWORD);
    let wrong = attempt(&mut on, command);
    let unknown = attempt(&mut on, join_by(&address(SERVER, &did(&off).did_text()), PASSWORD));
    assert_eq!(switched_off.0, Failure::NotAccepted);
    assert_eq!(switched_off.1.iter().map(|(route, _)| *route).collect::<Vec<_>>(), [Route::Challenge, Route::OpenSession]);
    assert_eq!(switched_off, wrong);
    assert_eq!(switched_off, unknown);
}

#[test]
fn r01_nothing_derived_from_the_password_leaves_before_it_is_switched_on() {
    let mut world = World::seeded(73);
    let tap = Tap::on(&mut world, 0);
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    world.tick(120_000);
    world.devices[0].run();
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: OTHER_PASSWORD.into() });
    world.devices[0].ok(Command::SyncNow);
    assert!(!tap.borrow().routes().iter().any(|route| matches!(route, Route::PutBootstrap | Route::ReadBootstrap)));
    let n_before = tap.borrow().asked.len();
    // Not by a wrong password either, nor by one that is too short to stand alone.
    assert!(matches!(world.devices[0].fails(allow(PASSWORD)), Failure::WrongPassword { .. }));
    assert_eq!(world.devices[0].fails(allow("short one")), Failure::PasswordTooWeak { min_chars: 15 });
    assert_eq!(tap.borrow().asked.len(), n_before);
    assert_eq!(login(&mut world, 0), PasswordLogin::Off);
    world.devices[0].ok(allow(OTHER_PASSWORD));
    let record = tap.borrow().record().expect("it was handed over");
    let login_key = BootstrapRecord::parse(&record).expect("a record").login();
    tap.borrow_mut().asked.truncate(n_before);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(!tap.borrow().said(&login_key.0) && !tap.borrow().said(hex(&login_key.0).as_bytes()));
    // A slot that a password alone opens stands in no control entry, before or after.
    let control = world.server.borrow().control(world.vault);
    for entry in control.iter().map(|wire| ControlEntry::parse(wire).expect("an entry")) {
        let kinds = entry.body.slots().iter().map(|slot| slot.headers().expect("a slot").0.kind);
        assert!(kinds.into_iter().all(|kind| kind != Kind::SlotP));
    }
    let slot = &record[record.len() - 100..];
    assert!(!control.iter().any(|wire| wire.windows(slot.len()).any(|window| window == slot)));
}

#[test]
fn a_joining_device_says_no_more_of_its_password_than_a_signature() {
    let mut world = switched_on(74);
    let second = world.add_device();
    let tap = Tap::on(&mut world, second);
    let command = join(&world, PASSWORD);
    world.devices[second].ok(command);
    assert!(!tap.borrow().said(PASSWORD.as_bytes()));
    let routes = tap.borrow().routes();
    let begins = [Route::Challenge, Route::OpenSession, Route::ReadControl, Route::ReadBootstrap, Route::AppendControl];
    assert_eq!(routes[..begins.len()], begins);
    let open = &tap.borrow().asked[1].1;
    let text = String::from_utf8_lossy(open).into_owned();
    assert!(text.contains(&format!("\"purpose\":\"{}\"", Purpose::Join.name())), "{text}");
}

#[test]
fn off_deletes_the_record_and_leaves_an_old_copy_worthless() {
    let mut world = World::seeded(75);
    let tap = Tap::on(&mut world, 0);
    world.devices[0].ok(allow(PASSWORD));
    let record = tap.borrow().record().expect("it was handed over");
    let second = world.add_device();
    let command = join(&world, PASSWORD);
    world.devices[second].ok(command);
    world.sync_all();
    assert!(matches!(world.devices[0].fails(forbid(OTHER_PASSWORD)), Failure::WrongPassword { .. }));
    assert!(server_has_record(&world));
    world.devices[0].ok(forbid(PASSWORD));
    assert_eq!((login(&mut world, 0), server_has_record(&world)), (PasswordLogin::Off, false));
    save(&mut world.devices[0], credential("Written since", "me", "x"));
    world.sync_all();
    assert_eq!(titles(&mut world.devices[second]), ["Written since"]);
    assert_eq!(login(&mut world, second), PasswordLogin::Off);
    // Whoever kept the record opens an epoch under which nothing is written any more.
    let old_epoch = vault_protocol::SealedHeader::parse(&record[record.len() - slot_len()..]).expect("a slot").epoch;
    let members = world.server.borrow().control_log(world.vault);
    assert_ne!(members.state().newest_epoch(), Some(old_epoch));
    let third = world.add_device();
    let command = join(&world, PASSWORD);
    assert_eq!(world.devices[third].fails(command), Failure::NotAccepted);
}

fn slot_len() -> usize {
    vault_protocol::control::SlotRecord::MESSAGE_LEN
}

#[test]
fn a_new_password_takes_the_place_of_the_old_one() {
    let mut world = switched_on(76);
    let short = Command::ChangePassword { current: PASSWORD.into(), new: "eleven char".into() };
    assert_eq!(world.devices[0].fails(short), Failure::PasswordTooWeak { min_chars: 15 });
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: OTHER_PASSWORD.into() });
    world.devices[0].ok(Command::SyncNow);
    assert_eq!((login(&mut world, 0), server_has_record(&world)), (PasswordLogin::On, true));
    let second = world.add_device();
    let command = join(&world, PASSWORD);
    assert_eq!(world.devices[second].fails(command), Failure::NotAccepted);
    let command = join(&world, OTHER_PASSWORD);
    world.devices[second].ok(command);
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
}

#[test]
fn a_kit_that_is_used_ends_it() {
    let mut world = switched_on(77);
    let second = world.join();
    assert_eq!((login(&mut world, second), login(&mut world, 0)), (PasswordLogin::Off, PasswordLogin::Off));
    assert!(!server_has_record(&world));
}

#[test]
fn switched_on_without_a_network_it_waits_and_survives_a_lock() {
    let mut world = World::seeded(78);
    world.devices[0].network = None;
    world.devices[0].ok(allow(PASSWORD));
    assert_eq!(login(&mut world, 0), PasswordLogin::Sending);
    let vault = world.vault;
    world.crash(0);
    world.devices[0].network = None;
    unlock(&mut world.devices[0], vault, PASSWORD);
    assert_eq!(login(&mut world, 0), PasswordLogin::Sending);
    world.reconnect();
    world.devices[0].ok(Command::SyncNow);
    assert_eq!((login(&mut world, 0), server_has_record(&world)), (PasswordLogin::On, true));
    // Off again before it was ever sent: nothing is sent.
    let mut world = World::seeded(79);
    let tap = Tap::on(&mut world, 0);
    world.devices[0].network = None;
    world.devices[0].ok(allow(PASSWORD));
    world.devices[0].ok(forbid(PASSWORD));
    world.devices[0].network = Some(tap.clone());
    world.devices[0].ok(Command::SyncNow);
    assert_eq!((login(&mut world, 0), tap.borrow().record()), (PasswordLogin::Off, None));
}

#[test]
fn switched_on_while_another_device_changed_the_password_it_ends() {
    let mut world = World::seeded(80);
    let second = world.join();
    let vault = world.vault;
    world.devices[second].network = None;
    world.devices[second].ok(allow(PASSWORD));
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: OTHER_PASSWORD.into() });
    world.devices[0].ok(Command::SyncNow);
    world.reconnect();
    world.devices[second].send(Command::SyncNow);
    unlock(&mut world.devices[second], vault, OTHER_PASSWORD);
    for _ in 0..3 {
        world.devices[second].ok(Command::SyncNow);
        world.devices[0].ok(Command::SyncNow);
    }
    assert_eq!((login(&mut world, 0), login(&mut world, second)), (PasswordLogin::Off, PasswordLogin::Off));
    assert!(!server_has_record(&world));
    let third = world.add_device();
    for password in [PASSWORD, OTHER_PASSWORD] {
        let command = join(&world, password);
        assert_eq!(world.devices[third].fails(command), Failure::NotAccepted);
    }
}

#[test]
fn a_string_that_is_no_address_is_called_that() {
    let mut world = World::seeded(81);
    let did = did(&world).did_text();
    for (text, failure) in [
        ("https://sync.example".to_owned(), Failure::BadAddress),
        (format!("{SERVER}/#/join/{}", &did[..20]), Failure::BadAddress),
        (format!("http://sync.example/#/join/{did}"), Failure::BadServer),
    ] {
        assert_eq!(world.devices[0].fails(join_by(&text, PASSWORD)), failure, "{text}");
    }
    assert!(world.devices[0].fails_with(Command::SyncNow).is_none(), "the open vault stays open");
}

#[test]
fn with_sync_off_there_is_no_address() {
    let mut world = World::seeded(82);
    world.devices[0].ok(Command::SyncDisable);
    assert_eq!(world.devices[0].fails(allow(PASSWORD)), Failure::SyncOff);
}

// ---- a server that lies

/// What a new device meets whose server answers with `lie`, with all that it asked before it stopped.
fn deceived(world: &mut World, lie: Lie) -> (Failure, Vec<Route>, u32) {
    let n = world.add_device();
    let tap = Tap::on(world, n);
    tap.borrow_mut().lie = Some(lie);
    let command = join(world, PASSWORD);
    let failure = world.devices[n].fails(command);
    let routes = tap.borrow().routes();
    let (_, events) = world.devices[n].send(Command::ListVaults);
    let is_listed = events.iter().any(|event| matches!(event, Event::Vaults(vaults) if !vaults.is_empty()));
    assert!(!is_listed, "nothing of it stays");
    assert!(!routes.contains(&Route::AppendControl), "it does not enrol itself: {routes:?}");
    (failure, routes, world.devices[n].n_derived)
}

fn answering_record(record: Vec<u8>) -> Lie {
    Box::new(move |route, reply| match route {
        Route::ReadBootstrap => ReadBootstrap::reply_to_http(&record),
        _ => reply,
    })
}

/// The record of a world that is like another one.
fn record_of(world: &mut World) -> Vec<u8> {
    block_on(world.server.borrow().service().store().bootstrap(world.vault)).expect("the store answers").expect("it is on").record
}

#[test]
fn ms22_another_vaults_record_is_not_taken() {
    let mut world = switched_on(83);
    let foreign = record_of(&mut switched_on(84));
    let (failure, _, n_derived) = deceived(&mut world, answering_record(foreign));
    assert_eq!(failure, Failure::ServerAlarm(SyncAlarm::RecordAltered));
    assert_eq!(n_derived, 1, "nothing is derived for a record that is not the allowed one");
}

#[test]
fn ms22_a_record_of_an_older_epoch_is_not_taken() {
    let mut world = switched_on(85);
    let old = record_of(&mut world);
    // The same password once more: only the epoch is another.
    world.devices[0].ok(forbid(PASSWORD));
    world.devices[0].ok(allow(PASSWORD));
    let (failure, _, n_derived) = deceived(&mut world, answering_record(old));
    assert_eq!((failure, n_derived), (Failure::ServerAlarm(SyncAlarm::RecordAltered), 1));
}

#[test]
fn ms22_a_record_with_any_bit_changed_is_not_taken() {
    let mut world = switched_on(86);
    let record = record_of(&mut world);
    for at in [0, 3, 40, record.len() / 2, record.len() - 1] {
        let mut altered = record.clone();
        altered[at] ^= 1;
        let (failure, ..) = deceived(&mut world, answering_record(altered));
        assert_eq!(failure, Failure::ServerAlarm(SyncAlarm::RecordAltered), "byte {at}");
    }
}

/// Another log in the place of the vault's, from entries that `change` alters.
fn answering_control(change: impl Fn(Vec<ControlEntry>) -> Vec<Vec<u8>> + 'static) -> Lie {
    Box::new(move |route, reply| match route {
        Route::ReadControl => {
            let page = ReadControl::reply_from_http(&reply).expect("an honest reply");
            let entries = change(page.entries.iter().map(|wire| ControlEntry::parse(wire).expect("an entry")).collect());
            // A liar that is consistent: its heads are those of what it shows.
            let heads = entries.last().map(|wire: &Vec<u8>| ControlEntry::parse(wire).expect("an entry").hash()).into_iter().collect();
            ReadControl::reply_to_http(&ControlPage { n_control: entries.len() as u64, heads, entries })
        }
        _ => reply,
    })
}

#[test]
fn ms03_another_salt_or_cost_is_refused_before_anything_is_derived_with_it() {
    let alter = |change: fn(&mut vault_protocol::control::Genesis)| {
        answering_control(move |mut entries| {
            if let ControlBody::Genesis(genesis) = &mut entries[0].body {
                change(genesis);
            }
            entries.iter().map(ControlEntry::encode).collect()
        })
    };
    let lies: [fn(&mut vault_protocol::control::Genesis); 2] = [|genesis| genesis.salt.0[0] ^= 1, |genesis| genesis.cost.passes += 1];
    for (n, lie) in lies.into_iter().enumerate() {
        let mut world = switched_on(87 + n as u64);
        let (failure, routes, n_derived) = deceived(&mut world, alter(lie));
        assert_eq!(failure, Failure::ServerAlarm(SyncAlarm::RecordAltered));
        assert_eq!((n_derived, routes.contains(&Route::ReadBootstrap)), (1, false));
    }
}

#[test]
fn ms22_another_hash_in_the_control_log_is_refused() {
    let mut world = switched_on(89);
    let lie = answering_control(|mut entries| {
        for entry in &mut entries {
            if let ControlBody::Allow(allow) = &mut entry.body {
                allow.bootstrap.as_mut().expect("it is on").0[0] ^= 1;
            }
        }
        entries.iter().map(ControlEntry::encode).collect()
    });
    assert_eq!(deceived(&mut world, lie).0, Failure::ServerAlarm(SyncAlarm::RecordAltered));
    // Or the entry that allows it left out.
    let mut world = switched_on(90);
    let lie = answering_control(|entries| {
        entries.iter().filter(|entry| !matches!(entry.body, ControlBody::Allow(_))).map(ControlEntry::encode).collect()
    });
    assert_eq!(deceived(&mut world, lie).0, Failure::ServerAlarm(SyncAlarm::RecordAltered));
}

#[test]
fn a_record_that_the_control_log_does_not_allow_is_not_kept_by_the_server() {
    let mut world = switched_on(92);
    let foreign = record_of(&mut switched_on(93));
    let tap = Tap::on(&mut world, 0);
    world.devices[0].ok(Command::SyncNow);
    assert!(tap.borrow().record().is_none(), "once it has the record it is not sent again");
    let put = PutBootstrap { vault: world.vault, record: foreign };
    let reply = world.server.borrow_mut().answer(&put.to_http(None), world.devices[0].now_ms);
    assert_eq!(reply.status, 401);
    assert_eq!(status(&mut world.devices[0]).state, SyncState::UpToDate);
}
