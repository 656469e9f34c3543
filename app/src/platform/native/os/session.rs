//! Leaving the session, as logind and the screen savers tell it over D-Bus.
//!
//! Another process of the user could send the same signals; it would lock the vault, nothing else.

use std::{collections::HashMap, io, thread, time::Duration};

use vault_ui::outbox::Leaving;
use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, connection::Builder, fdo::DBusProxy},
    message::Type,
    zvariant::{OwnedFd, OwnedObjectPath, Value},
};

const LOGIN: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const SESSION: &str = "org.freedesktop.login1.Session";
/// The caller's session; for a program outside of one (started by systemd's user manager), the user's graphical one.
const OWN_SESSION_PATH: &str = "/org/freedesktop/login1/session/auto";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Who tells `ActiveChanged(true)` when the screen is locked: the standard's name, used by KDE and others, and the desktops' own.
const SCREEN_SAVERS: [&str; 4] =
    ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver"];

/// How long a service has to answer before we do without it.
const ANSWER_PATIENCE: Duration = Duration::from_secs(10);

/// How often logind is asked for our session, and how long between.
const N_TRIES: u32 = 4;
const RETRY: Duration = Duration::from_secs(1);

/// Calls `left` whenever the person leaves, each time until it returns; the machine sleeps only after that. Without a bus, or without
/// these services on it, it is never called.
pub(crate) fn watch_session(left: impl Fn(Leaving) + Clone + Send + 'static) -> io::Result<()> {
    let screen_left = left.clone();
    // Where a service is missing, or goes away, the idle lock remains.
    thread::Builder::new().name("login".to_owned()).spawn(move || watch_login(&left).ok())?;
    thread::Builder::new().name("screen-saver".to_owned()).spawn(move || watch_screen_savers(&screen_left).ok())?;
    Ok(())
}

/// Serves until the bus goes away.
fn watch_login(left: &impl Fn(Leaving)) -> zbus::Result<()> {
    let bus = Builder::system()?.method_timeout(ANSWER_PATIENCE).build()?;
    // Before the rules, so that nothing is missed between the two.
    let messages = MessageIterator::from(&bus);
    let rules = DBusProxy::new(&bus)?;
    let rule = || MatchRule::builder().msg_type(Type::Signal).sender(LOGIN);
    rules.add_match_rule(rule()?.interface(MANAGER)?.member("PrepareForSleep")?.build())?;
    if let Some(session) = own_session_soon(&bus) {
        rules.add_match_rule(rule()?.interface(SESSION)?.member("Lock")?.path(session.as_ref())?.build())?;
        rules.add_match_rule(rule()?.interface(PROPERTIES)?.member("PropertiesChanged")?.path(session.as_ref())?.build())?;
    }
    let mut delay = delay_sleep(&bus).ok();
    for message in messages {
        match told(&message?) {
            Some(Told::Sleeping) => {
                left(Leaving::Suspended);
                drop(delay.take());
            }
            Some(Told::Woken) => delay = delay_sleep(&bus).ok(),
            Some(Told::Left(leaving)) => left(leaving),
            None => {}
        }
    }
    Ok(())
}

/// Serves until the bus goes away.
fn watch_screen_savers(left: &impl Fn(Leaving)) -> zbus::Result<()> {
    let bus = Builder::session()?.method_timeout(ANSWER_PATIENCE).build()?;
    let messages = MessageIterator::from(&bus);
    let rules = DBusProxy::new(&bus)?;
    for interface in SCREEN_SAVERS {
        rules.add_match_rule(MatchRule::builder().msg_type(Type::Signal).interface(interface)?.member("ActiveChanged")?.build())?;
    }
    for message in messages {
        if let Some(Told::Left(leaving)) = told(&message?) {
            left(leaving);
        }
    }
    Ok(())
}

/// The same, asked again a few times: while the computer starts or is busy, an answer may be late, and without it no lock would be heard.
fn own_session_soon(bus: &Connection) -> Option<OwnedObjectPath> {
    for _ in 1..N_TRIES {
        match own_session(bus) {
            Ok(session) => return Some(session),
            Err(_) => thread::sleep(RETRY),
        }
    }
    own_session(bus).ok()
}

/// The path that this session's signals come from.
fn own_session(bus: &Connection) -> zbus::Result<OwnedObjectPath> {
    let id = bus.call_method(Some(LOGIN), OWN_SESSION_PATH, Some(PROPERTIES), "Get", &(SESSION, "Id"))?;
    let id = String::try_from(id.body().deserialize::<Value<'_>>()?)?;
    bus.call_method(Some(LOGIN), MANAGER_PATH, Some(MANAGER), "GetSession", &(id))?.body().deserialize()
}

/// While the descriptor is open, the machine waits a few seconds before it sleeps.
fn delay_sleep(bus: &Connection) -> zbus::Result<OwnedFd> {
    let words = ("sleep", "NT² Vault", "Locks the vault before the computer sleeps", "delay");
    bus.call_method(Some(LOGIN), MANAGER_PATH, Some(MANAGER), "Inhibit", &words)?.body().deserialize()
}

/// What a signal means to us.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Sleeping,
    Woken,
    Left(Leaving),
}

fn told(message: &Message) -> Option<Told> {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return None;
    }
    let body = message.body();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (MANAGER, "PrepareForSleep") => Some(if body.deserialize().ok()? { Told::Sleeping } else { Told::Woken }),
        (SESSION, "Lock") => Some(Told::Left(Leaving::ScreenLocked)),
        (PROPERTIES, "PropertiesChanged") => {
            let (interface, changed, _) = body.deserialize::<(&str, HashMap<&str, Value<'_>>, Vec<&str>)>().ok()?;
            let is = |name, value| matches!(changed.get(name), Some(Value::Bool(new)) if *new == value);
            match interface {
                SESSION if is("LockedHint", true) => Some(Told::Left(Leaving::ScreenLocked)),
                SESSION if is("Active", false) => Some(Told::Left(Leaving::UserSwitched)),
                _ => None,
            }
        }
        (interface, "ActiveChanged") if SCREEN_SAVERS.contains(&interface) => {
            body.deserialize::<bool>().ok()?.then_some(Told::Left(Leaving::ScreenLocked))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::DynamicType;

    use super::*;

    fn check(interface: &str, member: &str, body: &(impl serde::Serialize + DynamicType), expected: Option<Told>) {
        let message = Message::signal("/x", interface, member).unwrap().build(body).unwrap();
        assert_eq!(told(&message), expected, "{interface}.{member}");
    }

    fn check_property(name: &str, value: bool, expected: Option<Told>) {
        let changed = HashMap::from([(name, Value::Bool(value))]);
        check(PROPERTIES, "PropertiesChanged", &(SESSION, changed.clone(), Vec::<&str>::new()), expected);
        check(PROPERTIES, "PropertiesChanged", &("org.example.Other", changed, Vec::<&str>::new()), None);
    }

    #[test]
    fn leaving_is_told_apart_from_coming_back() {
        check(MANAGER, "PrepareForSleep", &true, Some(Told::Sleeping));
        check(MANAGER, "PrepareForSleep", &false, Some(Told::Woken));
        check(SESSION, "Lock", &(), Some(Told::Left(Leaving::ScreenLocked)));
        check(SESSION, "Unlock", &(), None);
        check_property("Active", false, Some(Told::Left(Leaving::UserSwitched)));
        check_property("Active", true, None);
        check_property("LockedHint", true, Some(Told::Left(Leaving::ScreenLocked)));
        check_property("LockedHint", false, None);
        for saver in SCREEN_SAVERS {
            check(saver, "ActiveChanged", &true, Some(Told::Left(Leaving::ScreenLocked)));
            check(saver, "ActiveChanged", &false, None);
        }
    }

    #[test]
    fn a_signal_of_another_form_is_ignored() {
        check(MANAGER, "PrepareForSleep", &"true", None);
        check(PROPERTIES, "PropertiesChanged", &SESSION, None);
        check("org.example.ScreenSaver", "ActiveChanged", &true, None);
    }
}
