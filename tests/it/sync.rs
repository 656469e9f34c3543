//! The same vault on several devices through a server.

use std::{cell::RefCell, rc::Rc};

use tempfile::TempDir;
use vault_engine::{
    Command, Event,
    command::{FilesCommand, KitInput, Mark, Scope, Sort},
    files::FetchPolicy,
    sync::{NetFailure, SyncState, SyncStatus},
};
use vault_model::SecretText;
use vault_protocol::{
    ObjectId, VaultId,
    api::{HttpReply, HttpRequest},
};
use vault_testkit::{Network, TestDevice};

use crate::{
    service::RealServer,
    story::{PASSWORD, create, credential, open_item, redraft, reveal, save},
};

pub(crate) const SERVER: &str = "https://sync.example";

/// Devices around one server.
pub(crate) struct World {
    pub(crate) server: Rc<RefCell<RealServer>>,
    pub(crate) devices: Vec<TestDevice>,
    pub(crate) vault: VaultId,
    /// What carries requests: `server`, or what a test has put in its place.
    pub(crate) network: Rc<RefCell<dyn Network>>,
    folders: Vec<TempDir>,
    first_seed: u64,
    n_crashes: u64,
}

/// What a test puts between devices and server: sender, request, time.
struct Line<F>(F);

impl<F: FnMut(u64, HttpRequest, u64) -> Result<HttpReply, NetFailure>> Network for Line<F> {
    fn carry(&mut self, from: u64, _: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure> {
        (self.0)(from, request, now_ms)
    }
}

impl World {
    /// One device with a vault that is synced.
    pub(crate) fn new() -> Self {
        Self::seeded(1)
    }

    /// As [`Self::new`], with devices that draw other bytes: another vault.
    pub(crate) fn seeded(first_seed: u64) -> Self {
        Self::around(RealServer::seeded(first_seed), first_seed)
    }

    /// As [`Self::seeded`], around a server of its own.
    pub(crate) fn around(server: RealServer, first_seed: u64) -> Self {
        let mut world = Self::unsynced(server, first_seed);
        world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
        world
    }

    /// As [`Self::around`], with sync still off.
    pub(crate) fn unsynced(server: RealServer, first_seed: u64) -> Self {
        let mut world = Self::empty(Rc::new(RefCell::new(server)), first_seed);
        world.add_device();
        world.vault = create(&mut world.devices[0], Some(PASSWORD));
        world
    }

    /// A server and nobody.
    pub(crate) fn empty(server: Rc<RefCell<RealServer>>, first_seed: u64) -> Self {
        let (devices, folders, network) = (Vec::new(), Vec::new(), server.clone());
        Self { server, devices, vault: VaultId([0; 16]), network, folders, first_seed, n_crashes: 0 }
    }

    /// The first device makes the vault and switches sync on.
    pub(crate) fn begin(&mut self) {
        self.vault = create(&mut self.devices[0], Some(PASSWORD));
        self.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    }

    /// From now on every request goes through `line`.
    pub(crate) fn put_line(
        &mut self,
        line: impl FnMut(u64, HttpRequest, u64) -> Result<HttpReply, NetFailure> + 'static,
    ) -> Rc<RefCell<dyn Network>> {
        let line: Rc<RefCell<dyn Network>> = Rc::new(RefCell::new(Line(line)));
        self.network = line.clone();
        self.reconnect();
        line
    }

    /// Everyone reaches the server again.
    pub(crate) fn reconnect(&mut self) {
        let network = self.network.clone();
        self.devices.iter_mut().for_each(|device| device.network = Some(network.clone()));
    }

    /// The data folder of a device.
    pub(crate) fn folder(&self, n: usize) -> &std::path::Path {
        self.folders[n].path()
    }

    pub(crate) fn add_device(&mut self) -> usize {
        let folder = quick_folder();
        let n = self.devices.len();
        let mut device = TestDevice::open(folder.path(), n as u64 + self.first_seed);
        device.network = Some(self.network.clone());
        device.number = n as u64 + 1;
        if let Some(first) = self.devices.first() {
            device.now_ms = first.now_ms;
        }
        self.folders.push(folder);
        self.devices.push(device);
        n
    }

    /// A further device, by the kit that the last one has made.
    pub(crate) fn join(&mut self) -> usize {
        let last = self.devices.len() - 1;
        let kit = save_kit(&mut self.devices[last]);
        self.devices[last].ok(Command::SyncNow);
        let n = self.add_device();
        let events = join(&mut self.devices[n], kit);
        assert!(crate::story::opened(&events).is_some(), "the vault is open on the new device");
        self.sync_all();
        n
    }

    /// Device `n` dies where it is and is started again over the same folder.
    pub(crate) fn crash(&mut self, n: usize) {
        let seed = self.fresh_seed(n);
        let fresh = TestDevice::open_with(self.folders[n].path(), seed, self.devices[n].keys.clone());
        let old = std::mem::replace(&mut self.devices[n], fresh);
        let device = &mut self.devices[n];
        (device.now_ms, device.network, device.number) = (old.now_ms, old.network.clone(), old.number);
    }

    /// A copy of the whole folder of a locked device.
    pub(crate) fn copy_folder(&self, n: usize) -> TempDir {
        let folder = quick_folder();
        copy_folder(self.folders[n].path(), folder.path());
        folder
    }

    /// Another machine goes on with a device's keys over a copy of its folder.
    pub(crate) fn start_copy(&mut self, of: usize, folder: TempDir) -> usize {
        let n = self.devices.len();
        let seed = self.fresh_seed(n);
        let original = &self.devices[of];
        let mut device = TestDevice::open_with(folder.path(), seed, original.keys.clone());
        (device.now_ms, device.network) = (original.now_ms, original.network.clone());
        device.number = n as u64 + 1;
        self.folders.push(folder);
        self.devices.push(device);
        n
    }

    /// A locked device finds an older copy of its folder.
    pub(crate) fn put_folder_back(&mut self, n: usize, folder: TempDir) {
        self.folders[n] = folder;
        self.crash(n);
    }

    /// No two sessions draw the same bytes.
    fn fresh_seed(&mut self, n: usize) -> u64 {
        self.n_crashes += 1;
        n as u64 + self.first_seed + 1_000_000_000 * self.n_crashes
    }

    /// Lets time pass on all devices.
    pub(crate) fn tick(&mut self, ms: u64) {
        self.devices.iter_mut().for_each(|device| device.now_ms += ms);
    }

    /// Everyone syncs until all have heard of all.
    pub(crate) fn sync_all(&mut self) {
        for _ in 0..3 {
            for n in 0..self.devices.len() {
                self.tick(10);
                sync(&mut self.devices[n], self.vault);
            }
        }
    }

    /// Locks and unlocks all devices: what was merged is signed as seen at the lock, which is what a purge waits for.
    pub(crate) fn sign_what_was_seen(&mut self) {
        let vault = self.vault;
        for device in &mut self.devices {
            device.ok(Command::Lock);
            device.ok(Command::Unlock { vault, password: PASSWORD.into() });
        }
    }

    /// All devices hold the same: six equal words.
    pub(crate) fn assert_equal(&mut self) {
        let words: Vec<Vec<String>> = self.devices.iter_mut().map(|device| status(device).fingerprint).collect();
        assert!(words.windows(2).all(|pair| pair[0] == pair[1]), "{words:?}");
    }
}

/// A temporary folder in memory where there is such a place: these stories end programs, not computers.
pub(crate) fn quick_folder() -> TempDir {
    let in_memory = std::path::Path::new("/dev/shm");
    let folder = if in_memory.is_dir() { tempfile::tempdir_in(in_memory) } else { tempfile::tempdir() };
    folder.expect("a temporary folder")
}

/// Syncs now; a device that has to learn of a new epoch first is unlocked again.
pub(crate) fn sync(device: &mut TestDevice, vault: VaultId) -> Vec<Event> {
    let (request, mut events) = device.send(Command::SyncNow);
    let is_locked = events.iter().any(|event| matches!(event, Event::Locked(_)))
        || events.iter().any(|event| matches!(event, Event::Failed(failed, vault_engine::Failure::Locked) if *failed == request));
    if is_locked {
        events.extend(device.ok(Command::Unlock { vault, password: PASSWORD.into() }));
        events.extend(device.ok(Command::SyncNow));
        return events;
    }
    let failed = events.iter().find_map(|event| match event {
        Event::Failed(failed, failure) if *failed == request => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failed, None, "sync ends well");
    events
}

pub(crate) fn status(device: &mut TestDevice) -> SyncStatus {
    let events = device.ok(Command::SyncStatus);
    let last = events.into_iter().rev().find_map(|event| match event {
        Event::SyncChanged(status) => Some(*status),
        _ => None,
    });
    last.expect("a status")
}

/// A kit file and its passphrase.
pub(crate) const KIT_PASSPHRASE: &str = "six words that open a kit";

pub(crate) fn save_kit(device: &mut TestDevice) -> Vec<u8> {
    let sink = device.host().make_sink();
    device.ok(Command::SaveKit { sink, passphrase: Some(KIT_PASSPHRASE.into()) });
    let kit = device.host().written(sink).expect("a kit was written");
    let source = device.host().put_source(kit.clone());
    device.ok(Command::CheckKit { kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) } });
    kit
}

pub(crate) fn join_command(device: &mut TestDevice, kit: Vec<u8>) -> Command {
    let source = device.host().put_source(kit);
    let kit = KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) };
    Command::JoinWithKit { server: SERVER.into(), did: None, name: "Personal".into(), kit, password: PASSWORD.into() }
}

pub(crate) fn join(device: &mut TestDevice, kit: Vec<u8>) -> Vec<Event> {
    let command = join_command(device, kit);
    device.ok(command)
}

pub(crate) fn titles(device: &mut TestDevice) -> Vec<String> {
    let events = device.ok(Command::Search { query: String::new(), scope: Scope::All, sort: Sort::Title });
    let found = events.into_iter().find_map(|event| match event {
        Event::Found(_, ids) => Some(ids),
        _ => None,
    });
    found.expect("a search answers").into_iter().map(|id| open_item(device, id).title.clone()).collect()
}

pub(crate) fn set_password(device: &mut TestDevice, item: ObjectId, password: &str) {
    let view = open_item(device, item);
    let mut draft = redraft(&view);
    for field in draft.fields.iter_mut().filter(|field| field.id.0 == "password") {
        field.value = vault_model::DraftValue::Set(SecretText::from(password));
    }
    device.ok(Command::SaveItem(Box::new(draft)));
}

#[test]
fn a_second_device_has_everything_and_both_hear_of_each_other() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
    assert_eq!(reveal(&mut world.devices[second], item, "password"), "one");
    set_password(&mut world.devices[second], item, "two");
    save(&mut world.devices[0], credential("Bank", "me", "x"));
    world.sync_all();
    assert_eq!(reveal(&mut world.devices[0], item, "password"), "two");
    assert_eq!(titles(&mut world.devices[second]), ["Bank", "Mail"]);
    world.assert_equal();
    let status = status(&mut world.devices[0]);
    assert_eq!((status.state, status.n_unpushed, status.devices.len()), (SyncState::UpToDate, 0, 2));
    assert_eq!(status.devices.iter().filter(|device| device.name.is_empty()).count(), 0);
}

#[test]
fn nothing_new_is_one_request_of_less_than_a_kilobyte() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.join();
    world.sync_all();
    let before = (world.server.borrow().n_requests, world.server.borrow().n_bytes);
    sync(&mut world.devices[0], world.vault);
    let after = (world.server.borrow().n_requests, world.server.borrow().n_bytes);
    assert_eq!(after.0 - before.0, 1);
    assert!(after.1 - before.1 < 1024, "{} bytes", after.1 - before.1);
}

#[test]
fn what_both_changed_apart_is_kept_twice_and_marked() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    set_password(&mut world.devices[0], item, "from the first");
    world.tick(1000);
    set_password(&mut world.devices[second], item, "from the second");
    sync(&mut world.devices[0], world.vault);
    let events = sync(&mut world.devices[second], world.vault);
    let conflicts = events.iter().find_map(|event| match event {
        Event::SyncMerged(summary) => Some(summary.conflicts.clone()),
        _ => None,
    });
    assert_eq!(conflicts, Some(vec![item]));
    world.sync_all();
    for n in [0, second] {
        let view = open_item(&mut world.devices[n], item);
        assert_eq!(view.conflicts.len(), 1);
        assert_eq!(reveal(&mut world.devices[n], item, "password"), "from the second");
    }
    set_password(&mut world.devices[0], item, "settled");
    world.sync_all();
    assert_eq!(open_item(&mut world.devices[second], item).conflicts.len(), 0);
    assert_eq!(reveal(&mut world.devices[second], item, "password"), "settled");
    world.assert_equal();
}

#[test]
fn trash_and_purge_reach_the_other_device_and_an_edit_saves_from_the_trash() {
    let mut world = World::new();
    let kept = save(&mut world.devices[0], credential("Kept", "me", "one"));
    let gone = save(&mut world.devices[0], credential("Gone", "me", "one"));
    let second = world.join();
    world.devices[0].ok(Command::MarkItems { items: vec![kept, gone], mark: Mark::Trashed(true) });
    set_password(&mut world.devices[second], kept, "edited meanwhile");
    world.sync_all();
    assert_eq!(titles(&mut world.devices[0]), ["Kept"]);
    world.devices[0].ok(Command::PurgeItems { items: vec![gone] });
    for _ in 0..3 {
        world.sync_all();
        world.sign_what_was_seen();
    }
    world.sync_all();
    world.assert_equal();
    for n in [0, second] {
        assert_eq!(world.devices[n].fails(Command::OpenItem { item: gone }), vault_engine::Failure::NotFound);
        assert_eq!(titles(&mut world.devices[n]), ["Kept"]);
    }
}

#[test]
fn a_device_without_network_says_so_and_loses_nothing() {
    let mut world = World::new();
    let second = world.join();
    world.server.borrow_mut().unreachable.insert(second as u64 + 1);
    save(&mut world.devices[second], credential("Written offline", "me", "x"));
    let failure = world.devices[second].fails(Command::SyncNow);
    assert!(matches!(failure, vault_engine::Failure::Offline(_)), "{failure:?}");
    let offline = status(&mut world.devices[second]);
    assert!(matches!(offline.state, SyncState::Offline { .. }) && offline.n_unpushed == 1, "{offline:?}");
    world.server.borrow_mut().unreachable.clear();
    world.sync_all();
    assert_eq!(titles(&mut world.devices[0]), ["Written offline"]);
    world.assert_equal();
}

#[test]
fn changes_go_out_by_themselves_two_seconds_after_the_last() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    assert_eq!(status(&mut world.devices[0]).n_unpushed, 1);
    world.devices[0].now_ms += 2_000;
    world.devices[0].run();
    assert_eq!(status(&mut world.devices[0]).n_unpushed, 0);
}

#[test]
fn a_session_that_ended_is_opened_again() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.server.borrow_mut().end_sessions(world.vault);
    world.devices[0].ok(Command::SyncNow);
    assert_eq!(status(&mut world.devices[0]).n_unpushed, 0);
}

#[test]
fn without_a_subscription_others_changes_still_come_in() {
    let mut world = World::around(RealServer::paid(1), 1);
    let second = world.join();
    save(&mut world.devices[0], credential("From the first", "me", "x"));
    sync(&mut world.devices[0], world.vault);
    world.server.borrow_mut().end_subscription(world.vault);
    save(&mut world.devices[second], credential("Waits", "me", "x"));
    assert_eq!(world.devices[second].fails(Command::SyncNow), vault_engine::Failure::PaymentRequired);
    assert_eq!(titles(&mut world.devices[second]), ["From the first", "Waits"]);
    assert_eq!(status(&mut world.devices[second]).state, SyncState::PaymentRequired);
}

#[test]
fn switched_off_on_one_device_the_other_goes_on() {
    let mut world = World::new();
    let second = world.join();
    world.devices[second].ok(Command::SyncDisable);
    assert_eq!(status(&mut world.devices[second]).state, SyncState::Off);
    assert_eq!(world.devices[second].fails(Command::SyncNow), vault_engine::Failure::SyncOff);
    save(&mut world.devices[0], credential("Mail", "me", "x"));
    sync(&mut world.devices[0], world.vault);
    assert_eq!(titles(&mut world.devices[second]), [""; 0]);
    world.devices[second].ok(Command::SyncEnable { server: SERVER.into() });
    assert_eq!(titles(&mut world.devices[second]), ["Mail"]);
}

/// A second machine with a copy of a device's folder and keys: restored or cloned.
pub(crate) fn clone_device(world: &mut World, of: usize) -> usize {
    let vault = world.vault;
    world.devices[of].ok(Command::Lock);
    let folder = world.copy_folder(of);
    let clone = world.start_copy(of, folder);
    world.devices[of].ok(Command::Unlock { vault, password: PASSWORD.into() });
    clone
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn notices(events: &[Event]) -> Vec<vault_engine::event::Notice> {
    events.iter().filter_map(|event| if let Event::Notice(notice) = event { Some(notice.clone()) } else { None }).collect()
}

#[test]
fn ms16_a_clone_that_wrote_apart_moves_its_work_to_a_new_log_and_nothing_is_lost() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.devices[0].ok(Command::SyncNow);
    let clone = clone_device(&mut world, 0);
    set_password(&mut world.devices[0], item, "two, by the original");
    save(&mut world.devices[0], credential("By the original", "me", "x"));
    world.devices[0].ok(Command::SyncNow);
    // The clone is offline while it writes: both wrote an entry of the same number.
    world.server.borrow_mut().unreachable.insert(clone as u64 + 1);
    world.devices[clone].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    world.tick(5000);
    set_password(&mut world.devices[clone], item, "two, by the clone");
    let by_clone = save(&mut world.devices[clone], credential("By the clone", "me", "y"));
    set_password(&mut world.devices[clone], by_clone, "z");
    world.server.borrow_mut().unreachable.clear();
    let events = world.devices[clone].ok(Command::SyncNow);
    assert_eq!(notices(&events), [vault_engine::event::Notice::MovedToNewLog(3)]);
    world.sync_all();
    for n in [0, clone] {
        assert_eq!(titles(&mut world.devices[n]), ["By the clone", "By the original", "Mail"]);
        assert_eq!(reveal(&mut world.devices[n], item, "password"), "two, by the clone");
        assert_eq!(reveal(&mut world.devices[n], by_clone, "password"), "z");
        let view = open_item(&mut world.devices[n], item);
        assert_eq!(view.conflicts.len(), 1, "both passwords were kept");
        let past = past_values(&mut world.devices[n], item, "password");
        assert!(["two, by the original", "two, by the clone", "one"].iter().all(|value| past.contains(&(*value).to_owned())), "{past:?}");
        assert_sound(&mut world.devices[n]);
    }
    world.assert_equal();
}

/// All values that a field has or had.
pub(crate) fn past_values(device: &mut TestDevice, item: ObjectId, field: &str) -> Vec<String> {
    let events = device.ok(Command::History { item, field: Some(vault_model::FieldId(field.into())) });
    let dots: Vec<_> = events
        .iter()
        .flat_map(|event| match event {
            Event::History(_, past) => past.iter().map(|past| past.dot).collect(),
            _ => Vec::new(),
        })
        .collect();
    dots.into_iter().map(|dot| crate::story::revealed(&device.ok(Command::RevealPast { item, dot }))).collect()
}

/// The check of the whole vault finds nothing.
pub(crate) fn assert_sound(device: &mut TestDevice) {
    assert_eq!(problems(device), []);
}

fn problems(device: &mut TestDevice) -> Vec<vault_engine::event::Problem> {
    let events = device.ok(Command::CheckVault { read_attachments: true });
    let problems = events.into_iter().find_map(|event| match event {
        Event::Checked(_, report) => Some(report.problems),
        _ => None,
    });
    problems.expect("a check reports")
}

#[test]
fn ms16_a_clone_that_wrote_nothing_goes_on_in_a_new_log() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    world.devices[0].ok(Command::SyncNow);
    let clone = clone_device(&mut world, 0);
    save(&mut world.devices[0], credential("Later", "me", "x"));
    world.devices[0].ok(Command::SyncNow);
    let events = world.devices[clone].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    assert_eq!(notices(&events), [vault_engine::event::Notice::MovedToNewLog(0)]);
    save(&mut world.devices[clone], credential("By the clone", "me", "y"));
    world.sync_all();
    assert_eq!(titles(&mut world.devices[0]), ["By the clone", "Later", "Mail"]);
    world.assert_equal();
    assert_sound(&mut world.devices[clone]);
}

#[test]
fn a_changed_password_locks_the_other_device_and_the_new_one_opens_it() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    let new = "another horse battery staple";
    save(&mut world.devices[second], credential("Unsent", "me", "x"));
    world.devices[0].ok(Command::ChangePassword { current: PASSWORD.into(), new: new.into() });
    world.devices[0].ok(Command::SyncNow);
    let (_, events) = world.devices[second].send(Command::SyncNow);
    assert!(events.iter().any(|event| matches!(event, Event::Locked(vault_engine::event::LockReason::NewEpoch))));
    let wrong = world.devices[second].fails(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    assert!(matches!(wrong, vault_engine::Failure::WrongPassword { .. }));
    world.devices[second].ok(Command::Unlock { vault: world.vault, password: new.into() });
    world.devices[second].ok(Command::SyncNow);
    world.devices[0].ok(Command::SyncNow);
    assert_eq!(titles(&mut world.devices[0]), ["Mail", "Unsent"]);
    world.assert_equal();
}

#[test]
fn deleting_the_cloud_replica_needs_the_kit_and_leaves_the_device_as_it_was() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let kit = save_kit(&mut world.devices[0]);
    world.devices[0].ok(Command::SyncNow);
    let source = world.devices[0].host().put_source(kit);
    world.devices[0].ok(Command::DeleteReplica { kit: KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) } });
    assert!(!world.server.borrow().has(world.vault));
    let after = status(&mut world.devices[0]);
    assert_eq!((after.state, after.enabled, after.registered), (SyncState::Off, false, false));
    assert_eq!(titles(&mut world.devices[0]), ["Mail"]);
    world.devices[0].ok(Command::SyncEnable { server: SERVER.into() });
    assert_eq!(status(&mut world.devices[0]).state, SyncState::UpToDate);
    assert!(!world.server.borrow().entries(world.vault).is_empty());
}

#[test]
fn a_vault_deleted_from_the_server_does_not_come_back_by_itself() {
    let mut world = World::new();
    let second = world.join();
    world.server.borrow_mut().forget(world.vault);
    assert_eq!(world.devices[second].fails(Command::SyncNow), vault_engine::Failure::NotRegistered);
    assert_eq!(status(&mut world.devices[second]).state, SyncState::NotRegistered);
    world.tick(3_600_000);
    world.devices[second].run();
    assert!(!world.server.borrow().has(world.vault));
}

#[test]
fn a_kit_that_was_used_or_a_wrong_password_brings_no_vault() {
    let mut world = World::new();
    let kit = save_kit(&mut world.devices[0]);
    world.devices[0].ok(Command::SyncNow);
    let n = world.add_device();
    let source = world.devices[n].host().put_source(kit.clone());
    let input = KitInput::File { source, passphrase: Some(KIT_PASSPHRASE.into()) };
    let wrong =
        Command::JoinWithKit { server: SERVER.into(), did: None, name: "P".into(), kit: input, password: "not the password".into() };
    assert!(matches!(world.devices[n].fails(wrong), vault_engine::Failure::WrongPassword { .. }));
    assert!(join(&mut world.devices[n], kit.clone()).iter().any(|event| matches!(event, Event::Opened { .. })));
    world.devices[n].ok(Command::SyncNow);
    let third = world.add_device();
    let command = join_command(&mut world.devices[third], kit);
    let failure = world.devices[third].fails(command);
    assert!(matches!(failure, vault_engine::Failure::NotAccepted | vault_engine::Failure::KitReplaced), "{failure:?}");
}

#[test]
fn an_attachment_is_named_on_the_other_device_before_its_bytes_are_there() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    // The server never gets them.
    for device in &mut world.devices {
        let paused = FilesCommand::Settings { policy: FetchPolicy::Never, cap_bytes: 0, paused: true };
        device.ok(Command::Files(paused));
    }
    let bytes = vec![7_u8; 100_000];
    let attach = |device: &mut TestDevice, name: &str, bytes: &[u8]| {
        let source = device.host().put_source(bytes.to_vec());
        device.ok(Command::Attach { item, source, name: name.into(), media_type: String::new() });
    };
    attach(&mut world.devices[0], "kept.bin", &bytes);
    // Came and went between two exchanges: only history names it.
    attach(&mut world.devices[0], "gone.bin", &[8; 5000]);
    let view = open_item(&mut world.devices[0], item);
    let gone = view.attachments.iter().find(|attachment| attachment.name == "gone.bin").map(|attachment| attachment.id);
    world.devices[0].ok(Command::Detach { item, attachment: gone.expect("it was attached") });
    world.sync_all();
    let view = open_item(&mut world.devices[second], item);
    assert_eq!(
        view.attachments.iter().map(|attachment| (attachment.name.as_str(), attachment.local)).collect::<Vec<_>>(),
        [("kept.bin", false)]
    );
    let sink = world.devices[second].host().make_sink();
    let kept = view.attachments[0].id;
    let missing = world.devices[second].fails(Command::Extract { item, attachment: kept, sink });
    assert_eq!(missing, vault_engine::Failure::AttachmentMissing);
    // The same file attached here has its bytes here, and what is missing stays missing.
    attach(&mut world.devices[second], "again.bin", &bytes);
    // A past attachment that was never here is brought back by name.
    let events = world.devices[second].ok(Command::History { item, field: None });
    let dot = events.iter().find_map(|event| match event {
        Event::History(_, past) => past
            .iter()
            .find(|past| past.key.class == vault_model::FieldClass::Attachment && !past.current && !past.absent)
            .map(|past| past.dot),
        _ => None,
    });
    world.devices[second].ok(Command::RestorePast { item, dot: dot.expect("a past attachment") });
    world.sync_all();
    for n in [0, second] {
        let names: std::collections::BTreeSet<String> =
            open_item(&mut world.devices[n], item).attachments.iter().map(|attachment| attachment.name.clone()).collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["again.bin", "gone.bin", "kept.bin"]);
    }
    world.assert_equal();
    // What a device does not have yet is said, and nothing else is wrong.
    for n in [0, second] {
        let problems = problems(&mut world.devices[n]);
        assert!(problems.iter().all(|problem| problem.kind == vault_engine::event::ProblemKind::AttachmentMissing), "{problems:?}");
    }
}
