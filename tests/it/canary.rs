//! What leaves a device, and what a server keeps: nothing that was typed, nothing that is derived from it alone, in no encoding (MS06, MS28,
//! MS29). Every request of every story is looked through for the passwords; here for everything.

mod needles;
mod tables;

use std::{cell::RefCell, collections::BTreeSet, path::Path, rc::Rc, sync::OnceLock};

use vault_engine::{
    Command, Event,
    command::{Scope, Sort},
    sync::PairingStep,
};
use vault_model::{DraftField, DraftValue, FieldId, FieldType, ItemDraft};
use vault_protocol::{
    VaultId,
    api::{Call, HttpRequest, Pull, Route},
    entry::WireEntry,
};
use vault_testkit::{Network, derived};

use crate::{
    attachments::attach,
    service::RealServer,
    story::{PASSWORD, credential, open_item, redraft, save},
    sync::{KIT_PASSPHRASE, SERVER, World, join_command, save_kit, sync},
};
pub(crate) use needles::Canaries;

const TITLE: &str = "Canary title of an account";
const USER: &str = "canary.user.name";
const SECRET: &str = "canary-secret-Xk2#w9";
const NOTES: &str = "canary notes,\nof two lines";
const TAG: &str = "canarytag";
const FOLDER: &str = "Canary folder/Canary below";
const URL: &str = "https://canary.example/login?next=1";
const FILE_NAME: &str = "canary statement.pdf";
const FILE: &[u8] = b"%PDF-1.7 canary contents of a file that is attached";
const DEVICE: &str = "Canary laptop of Ada";
const NEW_PASSWORD: &str = "canary battery staple horse";

/// What no request of any story may hold.
pub(crate) fn everyday() -> &'static Canaries {
    static EVERYDAY: OnceLock<Canaries> = OnceLock::new();
    EVERYDAY.get_or_init(|| Canaries::new([("master password", PASSWORD.as_bytes()), ("kit passphrase", KIT_PASSPHRASE.as_bytes())]))
}

/// Everything that goes out, as it goes out.
pub(crate) fn outbound(server: &str, request: &HttpRequest) -> Vec<u8> {
    let token = request.token.as_ref().map(|token| token.expose().to_vec()).unwrap_or_default();
    [server.as_bytes(), request.path.as_bytes(), request.content_type.unwrap_or_default().as_bytes(), &token, &request.body].join(&b'\n')
}

/// A request's route and all its bytes.
type Sent = (Route, Vec<u8>);

/// Keeps every outbound byte, by route.
#[derive(Clone, Default)]
struct Recorded(Rc<RefCell<Vec<Sent>>>);

impl Recorded {
    fn note(&self, request: &HttpRequest) {
        let route = Route::find(request.method, &request.path).map(|target| target.route).expect("a route");
        self.0.borrow_mut().push((route, outbound(SERVER, request)));
    }

    fn assert_clean(&self, canaries: &Canaries) {
        for (route, bytes) in self.0.borrow().iter() {
            assert_eq!(canaries.find(bytes), None, "in a request: {route:?}");
        }
    }

    fn routes(&self) -> BTreeSet<Route> {
        self.0.borrow().iter().map(|(route, _)| *route).collect()
    }
}

impl World {
    /// Everything that any device sends is kept from now on.
    fn record(&mut self) -> Recorded {
        let recorded = Recorded::default();
        let (copy, inner) = (recorded.clone(), self.network.clone());
        self.put_line(move |from, request, now_ms| {
            copy.note(&request);
            inner.borrow_mut().carry(from, SERVER, request, now_ms)
        });
        recorded
    }
}

/// All that is planted; `more` is what only a run knows.
fn planted<'a>(more: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Canaries {
    let texts = [
        ("title", TITLE),
        ("user name", USER),
        ("password", SECRET),
        ("notes", NOTES),
        ("tag", TAG),
        ("folder", FOLDER),
        ("folder above", "Canary folder"),
        ("address", URL),
        ("host", "canary.example"),
        ("file name", FILE_NAME),
        ("device name", DEVICE),
        ("new master password", NEW_PASSWORD),
        ("master password", PASSWORD),
        ("kit passphrase", KIT_PASSPHRASE),
        ("kind", "credential"),
        ("field", "username"),
        ("vault name", "Personal"),
    ];
    let texts = texts.into_iter().map(|(name, text)| (name, text.as_bytes()));
    Canaries::new(texts.chain([("file", FILE), ("beginning of the file", &FILE[..24])]).chain(more))
}

fn full_item() -> ItemDraft {
    let mut draft = credential(TITLE, USER, SECRET);
    draft.folder = FOLDER.into();
    draft.tags = [TAG.to_owned()].into();
    for (id, field_type, value) in [("url", FieldType::Url, URL), ("notes", FieldType::Multiline, NOTES)] {
        let position = draft.fields.len() as u32;
        let (id, value) = (FieldId(id.into()), DraftValue::Set(value.into()));
        draft.fields.push(DraftField { id, label: String::new(), field_type, section: None, position, value });
    }
    draft
}

/// A session with all that sync does: register, log in, push, pull, a device by kit, one by code, a new password, a deletion from the server.
/// Passwords go through Argon2id.
fn scripted(world: &mut World) {
    let kit = save_kit(&mut world.devices[0]);
    let item = save(&mut world.devices[0], full_item());
    attach(&mut world.devices[0], item, FILE_NAME, FILE);
    world.devices[0].ok(Command::Search { query: TITLE.into(), scope: Scope::All, sort: Sort::Title });
    world.devices[0].ok(Command::SyncNow);
    let second = add_device(world);
    let command = join_command(&mut world.devices[second], kit);
    world.devices[second].ok(command);
    world.sync_all();
    let view = open_item(&mut world.devices[second], item);
    let mut draft = redraft(&view);
    draft.title.push('!');
    world.devices[second].ok(Command::SaveItem(Box::new(draft)));
    let third = add_device(world);
    pair(world, second, third);
    world.sync_all();
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: NEW_PASSWORD.into() });
    world.devices[0].ok(Command::SyncNow);
    for n in [second, third] {
        world.devices[n].send(Command::SyncNow);
        world.devices[n].ok(Command::Unlock { vault: world.vault, password: NEW_PASSWORD.into() });
        world.devices[n].ok(Command::SyncNow);
    }
}

fn add_device(world: &mut World) -> usize {
    let n = world.add_device();
    world.devices[n].host().name = Some(DEVICE.into());
    world.devices[n].runs_argon2 = true;
    n
}

fn pair(world: &mut World, host: usize, guest: usize) {
    world.devices[host].start(Command::PairHost);
    let events = world.devices[host].run();
    let code = events.iter().find_map(|event| match event {
        Event::Pairing(_, PairingStep::Code { code, .. }) => Some(code.expose().to_owned()),
        _ => None,
    });
    let code = code.expect("a code is shown");
    world.devices[guest].start(Command::PairJoin { server: SERVER.into(), code: code.as_str().into(), name: "Personal".into() });
    let mut is_confirmed = false;
    for _ in 0..24 {
        world.tick(500);
        let of_host = world.devices[host].run();
        if !is_confirmed && of_host.iter().any(|event| matches!(event, Event::Pairing(_, PairingStep::Compare { .. }))) {
            world.devices[host].start(Command::PairConfirm { password: PASSWORD.into() });
            is_confirmed = true;
        }
        world.devices[guest].run();
    }
    world.devices[guest].ok(Command::PairFinish { password: PASSWORD.into() });
}

/// The scripted session on a server, and everything that went out; what was planted, with what Argon2id makes of both passwords.
fn recorded(server: Rc<RefCell<RealServer>>, seed: u64) -> (World, Recorded, Canaries) {
    let mut world = World::empty(server, seed);
    let recorded = world.record();
    add_device(&mut world);
    world.begin();
    scripted(&mut world);
    let control = world.server.borrow().control_log(world.vault);
    let (salt, cost) = (control.state().salt(), control.state().cost());
    let keys = [PASSWORD, NEW_PASSWORD].map(|password| derived::password_key(password, salt.0, cost));
    let canaries = planted(keys.iter().map(|key| ("what Argon2id makes of a password", key.expose().as_slice())));
    (world, recorded, canaries)
}

/// The server's file, once its threads have ended and its journal is in it.
fn closed_file(path: &Path) -> Vec<u8> {
    let journal = path.with_extension("sqlite-wal");
    while journal.exists() {
        std::thread::yield_now();
    }
    std::fs::read(path).expect("a file")
}

#[test]
fn ms29_nothing_that_was_typed_leaves_a_device_or_reaches_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sqlite");
    let server = Rc::new(RefCell::new(RealServer::on_disk(&path, 1)));
    let (world, recorded, canaries) = recorded(server, 1);
    recorded.assert_clean(&canaries);
    for route in [Route::Register, Route::Challenge, Route::OpenSession, Route::Push, Route::Pull, Route::AppendControl, Route::ReadControl]
    {
        assert!(recorded.routes().contains(&route), "{route:?} was asked");
    }
    assert!(recorded.routes().contains(&Route::RelaySend) && recorded.routes().contains(&Route::RelayReceive));
    drop((world, recorded));
    let bytes = closed_file(&path);
    assert_eq!(canaries.find(&bytes), None, "in the server's file");
    let tables = tables::read(&bytes);
    for (table, rows) in &tables {
        for value in rows.iter().flatten() {
            assert_eq!(canaries.find(value), None, "in the server's table {table}");
        }
    }
    for table in ["vaults", "control", "logs", "entries", "sessions", "nonces", "keys_seen", "relay", "server"] {
        assert!(!tables[table].is_empty(), "the table {table} has rows");
    }
}

#[test]
fn ms29_two_vaults_with_equal_content_share_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sqlite");
    let server = Rc::new(RefCell::new(RealServer::on_disk(&path, 1)));
    let vaults = [10, 20].map(|seed| {
        let (world, ..) = recorded(server.clone(), seed);
        world.vault
    });
    drop(server);
    let tables = tables::read(&closed_file(&path));
    let values_of = |vault: VaultId| -> BTreeSet<[u8; 16]> {
        let rows = tables.values().flatten().filter(|row| row.contains(&vault.0.to_vec()));
        let values = rows.flatten().filter(|value| **value != vault.0);
        // Any sixteen bytes that stand together, but for those that are the format's: of random ones hardly any hold fewer than eleven values.
        let pieces = values.flat_map(|value| value.windows(16)).filter(|piece| piece.iter().collect::<BTreeSet<_>>().len() > 10);
        pieces.map(|piece| piece.try_into().expect("sixteen bytes")).collect()
    };
    let (first, second) = (values_of(vaults[0]), values_of(vaults[1]));
    assert!(first.len() > 10_000 && second.len() > 10_000, "{} and {} pieces", first.len(), second.len());
    let shared: Vec<_> = first.intersection(&second).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    assert_eq!(shared, [""; 0]);
}

#[test]
fn ms06_swapped_and_edited_records_make_no_device_tell_what_is_in_them() {
    let mut world = World::new();
    let second = world.join();
    for n in 0..4 {
        let item = save(&mut world.devices[0], full_item());
        attach(&mut world.devices[0], item, &format!("{n} {FILE_NAME}"), FILE);
    }
    world.devices[0].ok(Command::SyncNow);
    let server = world.server.clone();
    let round = Rc::new(std::cell::Cell::new(0_usize));
    let turn = round.clone();
    world.put_line(move |from, request, now_ms| {
        let route = Route::find(request.method, &request.path).map(|target| target.route);
        let reply = server.borrow_mut().carry(from, SERVER, request, now_ms)?;
        if route != Ok(Route::Pull) || reply.status != 200 {
            return Ok(reply);
        }
        let mut pulled = Pull::reply_from_http(&reply).expect("an honest reply");
        spoil(&mut pulled.entries, turn.get());
        Ok(Pull::reply_to_http(&pulled))
    });
    let recorded = world.record();
    for n in 0..40 {
        round.set(n);
        world.tick(1000);
        let (_, events) = world.devices[second].send(Command::SyncNow);
        assert!(events.iter().any(|event| matches!(event, Event::Failed(..))), "round {n} is refused");
    }
    recorded.assert_clean(&planted([]));
    world.network = world.server.clone();
    world.reconnect();
    world.sync_all();
    world.assert_equal();
}

/// Exchanges or edits what two entries hold, in another way each round.
fn spoil(frames: &mut [Vec<u8>], round: usize) {
    let n_frames = frames.len();
    if n_frames < 2 {
        return;
    }
    let (a, b) = (round % n_frames, (round + 1 + round / n_frames % (n_frames - 1)) % n_frames);
    let len = frames[a].len().min(frames[b].len());
    // From the nonce on, from the middle, or the end alone: each keeps its place in its log.
    let from = [90, 100, 130, len / 2, len - 70][round % 5].min(len - 1);
    if round.is_multiple_of(2) {
        let (first, second) = (frames[a][from..len].to_vec(), frames[b][from..len].to_vec());
        frames[a][from..len].copy_from_slice(&second);
        frames[b][from..len].copy_from_slice(&first);
    } else {
        frames[a][from] ^= 1 << (round % 8);
    }
}

#[test]
fn ms28_the_length_of_what_is_stored_tells_no_single_byte() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", ""));
    let mut lengths = Vec::new();
    let mut text = String::new();
    for n in 0..200_u8 {
        text.push(char::from(b'a' + n % 26));
        crate::sync::set_password(&mut world.devices[0], item, &text);
        world.tick(10);
        sync(&mut world.devices[0], world.vault);
        let wire = world.server.borrow().entries(world.vault).pop().expect("an entry");
        lengths.push(WireEntry::parse(wire).expect("an entry").sealed().len());
    }
    let n_changed = lengths.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(n_changed * 20 <= lengths.len(), "{n_changed} of {} one-byte edits changed the stored length", lengths.len());
    let step = 256;
    let all = world.server.borrow().entries(world.vault);
    let rests: BTreeSet<usize> = all.into_iter().map(|wire| WireEntry::parse(wire).expect("an entry").sealed().len() % step).collect();
    assert_eq!(rests.len(), 1, "all lengths lie on steps of {step} bytes");
}
