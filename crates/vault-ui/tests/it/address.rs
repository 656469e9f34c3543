//! "Address + password" as a person meets it: the switch and what it costs, the address, and a new device that has nothing else.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event, Failure,
    sync::{PasswordLogin, SyncState, SyncStatus},
};
use vault_ui::{Ask, ShellEvent, l10n::Language, theme::ThemeChoice};

use crate::{
    browser::browser,
    stage::{Window, send, take, take_asks, tree},
    support::{options, settings, settle, status, window, window_with, world},
    sync::{page, page_with, press, sync, type_into, with},
};
use vault_ui::platform::BrowserEngine;

const TALL: [f32; 2] = [1040.0, 1400.0];
const PHONE: [f32; 2] = [390.0, 844.0];
const TITLE: &str = "Open on a new device with address and password";
const ADDRESS: &str = "https://vault.example.org/#/join/did:key:z6Mk";
const PASSWORD: &str = "a long sentence of mine";

fn of(password_login: PasswordLogin) -> Box<SyncStatus> {
    Box::new(SyncStatus { password_login, ..*sync(SyncState::UpToDate) })
}

fn flip(h: &mut Window) {
    h.get_by_role_and_label(Role::Switch, TITLE).scroll_to_me();
    settle(h);
    h.get_by_role_and_label(Role::Switch, TITLE).click();
    settle(h);
}

fn is_on(h: &Window) -> bool {
    h.get_by_role_and_label(Role::Switch, TITLE).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

#[test]
fn it_is_off_and_is_switched_on_only_after_its_cost_was_said_and_the_password_typed() {
    let mut h = page(of(PasswordLogin::Off));
    assert!(!is_on(&h) && !tree(&h).contains("did:key"));
    flip(&mut h);
    assert!(!is_on(&h), "it moves once it is so");
    assert!(tree(&h).contains("Whoever runs vault.example.org, or steals what it keeps, can try one password after the other"));
    assert!(h.get_by_role_and_label(Role::Button, "Turn it on").accesskit_node().is_disabled());
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Turn it on");
    let request = world(&mut h).request("allow address and password");
    let sent = take(&mut h, |command| match command {
        Command::AllowPasswordLogin { password } => Some(password.expose().to_owned()),
        _ => None,
    });
    assert_eq!(sent.map(|(_, password)| password).as_deref(), Some(PASSWORD));
    send(&mut h, Event::SyncChanged(of(PasswordLogin::Sending)));
    send(&mut h, Event::Done(request));
    assert!(is_on(&h) && tree(&h).contains("On as soon as the server is reached."));
    send(&mut h, Event::SyncChanged(of(PasswordLogin::On)));
    h.get_by_label(ADDRESS);
    press(&mut h, "Copy address");
    assert!(take_asks(&mut h).contains(&Ask::CopyPublic(ADDRESS.to_owned())));
}

#[test]
fn a_short_password_is_refused_in_words_and_keeping_it_off_does_nothing() {
    let mut h = page(of(PasswordLogin::Off));
    flip(&mut h);
    type_into(&mut h, Role::PasswordInput, "Master password", "eleven char");
    press(&mut h, "Turn it on");
    let request = world(&mut h).request("allow address and password");
    send(&mut h, Event::Failed(request, Failure::PasswordTooWeak { min_chars: 15 }));
    assert!(tree(&h).contains("15"));
    press(&mut h, "Keep it off");
    assert!(!is_on(&h));
    assert_eq!(world(&mut h).count("allow address and password"), 1);
}

#[test]
fn it_is_switched_off_with_the_password() {
    let mut h = page(of(PasswordLogin::On));
    flip(&mut h);
    assert!(is_on(&h) && tree(&h).contains("vault.example.org deletes what it has for it"));
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Turn it off");
    let request = world(&mut h).request("forbid address and password");
    send(&mut h, Event::SyncChanged(of(PasswordLogin::Off)));
    send(&mut h, Event::Done(request));
    assert!(!is_on(&h) && h.query_by_label(ADDRESS).is_none());
}

fn join_page(size: [f32; 2]) -> Window {
    let mut h = window(size, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    press(&mut h, "I have this vault on another device");
    h.get_by_role_and_label(Role::RadioButton, "Address + password").click();
    settle(&mut h);
    h
}

fn joined(h: &mut Window) -> Option<(String, String, String)> {
    take(h, |command| match command {
        Command::JoinWithPassword { address, name, password } => Some((address.clone(), name.clone(), password.expose().to_owned())),
        _ => None,
    })
    .map(|(_, sent)| sent)
}

#[test]
fn a_new_device_needs_address_password_and_name() {
    let mut h = join_page([1040.0, 1000.0]);
    assert!(h.query_by_label("Server address").is_none(), "the address names it");
    assert!(h.get_by_role_and_label(Role::Button, "Bring vault here").accesskit_node().is_disabled());
    type_into(&mut h, Role::TextInput, "Address of the vault", ADDRESS);
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Bring vault here");
    let request = world(&mut h).request("join with password");
    let name = "Personal".to_owned();
    assert_eq!(joined(&mut h), Some((ADDRESS.to_owned(), name, PASSWORD.to_owned())));
    send(&mut h, Event::Failed(request, Failure::NotAccepted));
    h.get_by_label("That did not open anything: the address or the password is wrong, or it is not switched on for this vault.");
    // The password is typed again; the address stays.
    assert!(tree(&h).contains(ADDRESS));
    assert!(h.get_by_role_and_label(Role::Button, "Bring vault here").accesskit_node().is_disabled());
}

#[test]
fn mf10_an_address_opened_in_a_browser_fills_the_form_and_does_nothing_more() {
    let mut h = window([1040.0, 1000.0], ThemeChoice::Light, |app| {
        app.apply_shell(ShellEvent::ServerOffered("https://vault.example.org".to_owned()));
        app.apply_shell(ShellEvent::Route("#/join/did:key:z6Mk".to_owned()));
        app.apply(Event::Vaults(Vec::new()));
    });
    settle(&mut h);
    assert_eq!(world(&mut h).count("join with password"), 0);
    type_into(&mut h, Role::PasswordInput, "Master password", PASSWORD);
    press(&mut h, "Bring vault here");
    assert_eq!(joined(&mut h).map(|sent| sent.0).as_deref(), Some(ADDRESS));
}

#[test]
fn address_on_light() {
    let mut h = page_with(TALL, settings(), status(true), of(PasswordLogin::On));
    h.get_by_role_and_label(Role::Switch, TITLE).scroll_to_me();
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("address-on-light", &options());
}

#[test]
fn address_dialog_de_dark() {
    let mut h = page_with(TALL, with(ThemeChoice::Dark, Language::De), status(true), of(PasswordLogin::Off));
    let title = "Auf einem neuen Gerät mit Adresse und Passwort öffnen";
    h.get_by_role_and_label(Role::Switch, title).click();
    settle(&mut h);
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("address-dialog-de-dark", &options());
}

#[test]
fn phone_join_address_de_dark() {
    let mut h = window_with(PHONE, with(ThemeChoice::Dark, Language::De), |app| {
        app.apply_shell(ShellEvent::Platform(browser(BrowserEngine::Safari, true)));
        app.apply_shell(ShellEvent::ServerOffered("https://vault.example.org".to_owned()));
        app.apply_shell(ShellEvent::Route("#/join/did:key:z6Mk".to_owned()));
        app.apply(Event::Vaults(Vec::new()));
    });
    settle(&mut h);
    h.snapshot_options("phone-join-address-de-dark", &options());
}
