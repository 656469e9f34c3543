//! LD09: suspend, screen lock and another user's turn lock the vault; a mock of logind tells them.
#![cfg(target_os = "linux")]

use std::{
    collections::HashMap,
    io::{PipeReader, Read as _},
    os::fd::OwnedFd as Descriptor,
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, Sender},
    time::Duration,
};

use zbus::{
    blocking::{Connection, connection::Builder},
    interface,
    zvariant::{OwnedFd, OwnedObjectPath, Value},
};

use crate::{
    support::Bench,
    window::{Process, Screen, Window, start, until, within},
};

const MANAGER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const SESSION_PATH: &str = "/org/freedesktop/login1/session/_32";

/// Gives out inhibitors and tells of each: the pipe ends when the inhibitor is given up.
struct Manager(Sender<PipeReader>);

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> OwnedFd {
        assert_eq!((what, mode), ("sleep", "delay"));
        let (held, given) = std::io::pipe().unwrap();
        self.0.send(held).unwrap();
        Descriptor::from(given).into()
    }

    fn get_session(&self, id: &str) -> OwnedObjectPath {
        assert_eq!(id, "2");
        SESSION_PATH.try_into().unwrap()
    }
}

struct Session;

#[interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn id(&self) -> &str {
        "2"
    }
}

/// A bus that is both system's and session's, with our logind on it.
struct Login {
    connection: Connection,
    inhibitors: Receiver<PipeReader>,
    address: String,
    _bus: Process,
}

impl Login {
    fn start(bench: &Bench) -> Self {
        let address = format!("unix:path={}", bench.path("bus").display());
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--address", &address]).stdout(Stdio::null()).stderr(Stdio::null());
        let bus = start(&mut bus);
        let (send, inhibitors) = mpsc::channel();
        let connection = until("the bus", || Builder::address(address.as_str()).unwrap().build().ok());
        connection.object_server().at(MANAGER_PATH, Manager(send)).unwrap();
        connection.object_server().at("/org/freedesktop/login1/session/auto", Session).unwrap();
        connection.request_name("org.freedesktop.login1").unwrap();
        Self { connection, inhibitors, address, _bus: bus }
    }

    fn tell<B: serde::Serialize + zbus::zvariant::DynamicType>(&self, path: &str, interface: &str, signal: &str, body: &B) {
        self.connection.emit_signal(None::<&str>, path, interface, signal, body).unwrap();
    }

    fn tell_property(&self, name: &str, value: bool) {
        let changed = HashMap::from([(name, Value::from(value))]);
        self.tell(SESSION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", &(SESSION, changed, Vec::<&str>::new()));
    }

    /// The inhibitor that the window has taken: with it, the window listens.
    fn inhibitor(&self) -> PipeReader {
        self.inhibitors.recv_timeout(Duration::from_secs(60)).expect("the window delays the sleep")
    }
}

fn open<'s>(screen: &'s Screen, bench: &Bench, login: &Login) -> Window<'s> {
    let buses = [("DBUS_SYSTEM_BUS_ADDRESS", login.address.as_str()), ("DBUS_SESSION_BUS_ADDRESS", &login.address)];
    let window = screen.open(bench, &buses);
    until("the vault to open by itself", || window.has_vault_open().then_some(()));
    window
}

#[test]
fn ld09_leaving_the_computer_locks_the_vault() {
    let bench = Bench::new();
    // Without a password, the window opens the vault at once and after a lock at one key.
    bench.json(&["create", "Personal", "--no-password"], &[]);
    let (screen, login) = (Screen::start(), Login::start(&bench));
    let window = open(&screen, &bench, &login);
    let _inhibitor = login.inhibitor();
    let leave: [(&str, &dyn Fn()); 4] = [
        ("the session's lock", &|| login.tell(SESSION_PATH, SESSION, "Lock", &())),
        ("another user's turn", &|| login.tell_property("Active", false)),
        ("the lock hint", &|| login.tell_property("LockedHint", true)),
        ("the screen saver", &|| login.tell("/x", "org.gnome.ScreenSaver", "ActiveChanged", &true)),
    ];
    for (what, tell) in leave {
        tell();
        until(what, || (!window.has_vault_open()).then_some(()));
        // Before the lock screen is drawn, the key goes nowhere.
        until("the vault to open again", || {
            window.press(&["Return"]);
            within(Duration::from_secs(5), || window.has_vault_open()).then_some(())
        });
    }
    // What is told on coming back locks nothing.
    login.tell_property("Active", true);
    login.tell("/x", "org.gnome.ScreenSaver", "ActiveChanged", &false);
    login.tell(MANAGER_PATH, MANAGER, "PrepareForSleep", &false);
    login.inhibitor();
    assert!(window.has_vault_open());
}

#[test]
fn ld09_the_computer_sleeps_only_after_the_lock() {
    let bench = Bench::new();
    bench.json(&["create", "Personal", "--no-password"], &[]);
    let (screen, login) = (Screen::start(), Login::start(&bench));
    let window = open(&screen, &bench, &login);
    let mut inhibitor = login.inhibitor();
    login.tell(MANAGER_PATH, MANAGER, "PrepareForSleep", &true);
    // Ends when the window gives the inhibitor up.
    inhibitor.read_to_end(&mut Vec::new()).unwrap();
    assert!(!window.has_vault_open(), "the sleep came before the lock");
    login.tell(MANAGER_PATH, MANAGER, "PrepareForSleep", &false);
    login.inhibitor();
}
