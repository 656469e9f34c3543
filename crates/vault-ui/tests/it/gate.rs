//! First run, picker, unlock.

use egui::{Key, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use vault_engine::{
    Command, Event, Failure, RequestId,
    event::{LockReason, VaultEntry},
};
use vault_ui::{
    outbox::{Leaving, ShellEvent},
    theme::ThemeChoice,
};

use crate::support::{NOW_MS, World, entry, open, rows, settle, status, window, world};

const SIZE: [f32; 2] = [1200.0, 760.0];

#[test]
fn start_now_makes_a_vault_without_a_password() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    h.get_by_label("Start now").click();
    settle(&mut h);
    let sent = &world(&mut h).sent;
    let made = sent.iter().find_map(|(_, command)| match command {
        Command::CreateVault { name, password } => Some((name.clone(), password.is_none())),
        _ => None,
    });
    assert_eq!(made, Some(("Personal".to_owned(), true)));
}

#[test]
fn a_vault_with_a_password_is_made_only_when_both_fields_are_equal() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    h.get_by_label("Create with a master password").click();
    settle(&mut h);
    type_into(&mut h, "Master password", "correct horse battery");
    type_into(&mut h, "Master password again", "correct horse");
    assert!(h.get_by_role_and_label(Role::Button, "Create vault").accesskit_node().is_disabled());
    type_into(&mut h, "Master password again", " battery");
    h.get_by_role_and_label(Role::Button, "Create vault").click();
    settle(&mut h);
    let made = world(&mut h).sent.iter().any(|(_, command)| {
        matches!(command, Command::CreateVault { password: Some(password), .. } if password.expose() == "correct horse battery")
    });
    assert!(made);
}

#[test]
fn unlocking_sends_the_password_and_empties_the_field() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    type_into(&mut h, "Master password", "a long sentence of mine");
    h.key_press(Key::Enter);
    settle(&mut h);
    let password = world(&mut h).sent.iter().find_map(|(_, command)| match command {
        Command::Unlock { password, .. } => Some(password.expose().to_owned()),
        _ => None,
    });
    assert_eq!(password.as_deref(), Some("a long sentence of mine"));
    assert!(world(&mut h).app.forms.unlock.password.is_empty());
    assert!(h.query_by_role(Role::ProgressIndicator).is_some(), "a second of derivation is shown");
}

#[test]
fn a_wrong_password_is_said_and_the_wait_counts_down() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    type_into(&mut h, "Master password", "wrong");
    h.key_press(Key::Enter);
    settle(&mut h);
    let request = world(&mut h).request("unlock");
    world(&mut h).app.apply(Event::Failed(request, Failure::WrongPassword { wait_ms: 8_000 }));
    settle(&mut h);
    h.get_by_label("Wait 0:08 before the next try.");
    assert!(h.get_by_role_and_label(Role::Button, "Unlock").accesskit_node().is_disabled());
    world(&mut h).now_ms = NOW_MS + 8_000;
    settle(&mut h);
    h.get_by_label("That password does not open this vault.");
}

#[test]
fn cancel_stops_the_derivation() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    type_into(&mut h, "Master password", "anything");
    h.key_press(Key::Enter);
    settle(&mut h);
    let request = world(&mut h).request("unlock");
    h.get_by_role_and_label(Role::Button, "Cancel").click();
    settle(&mut h);
    assert!(world(&mut h).sent.iter().any(|(_, command)| matches!(command, Command::Cancel(id) if *id == request)));
}

#[test]
fn a_vault_without_password_opens_by_itself_but_not_after_it_was_locked() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", false)])));
    assert_eq!(world(&mut h).count("unlock"), 1);
    let app = &mut world(&mut h).app;
    open(app, status(false), rows());
    settle(&mut h);
    world(&mut h).app.apply(Event::Locked(LockReason::Asked));
    settle(&mut h);
    assert_eq!(world(&mut h).count("unlock"), 1);
    h.get_by_role_and_label(Role::Button, "Open vault").click();
    settle(&mut h);
    assert_eq!(world(&mut h).count("unlock"), 2);
}

#[test]
fn a_key_opens_also_after_an_opening_that_came_to_nothing() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", false)])));
    for n_sent in 2..4 {
        let (request, _) = world(&mut h).sent.iter().rev().find(|(_, command)| matches!(command, Command::Unlock { .. })).expect("sent");
        let request = *request;
        settle(&mut h);
        world(&mut h).app.apply(Event::Failed(request, Failure::Locked));
        settle(&mut h);
        h.key_press(Key::Enter);
        settle(&mut h);
        assert_eq!(world(&mut h).count("unlock"), n_sent);
    }
}

#[test]
fn a_first_password_is_asked_for_at_the_next_lock() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| {
        app.apply(Event::Vaults(vec![VaultEntry { vault: status(false).vault, ..entry("Personal", false) }]));
        app.apply(Event::Opened { status: status(false), draft: None });
    });
    let n_lists = world(&mut h).count("list vaults");
    world(&mut h).app.apply(Event::VaultChanged(status(true)));
    world(&mut h).app.apply(Event::Locked(LockReason::Asked));
    settle(&mut h);
    h.get_by_role_and_label(Role::PasswordInput, "Master password");
    assert!(h.query_by_label("Open vault").is_none());
    assert_eq!(world(&mut h).count("list vaults"), n_lists + 1, "what the list says may have changed meanwhile");
    assert_eq!(world(&mut h).count("unlock"), 0);
}

#[test]
fn the_picker_leads_to_another_vault() {
    let vaults = vec![entry("Personal", true), entry("Work", true)];
    let mut h = window(SIZE, ThemeChoice::Light, move |app| app.apply(Event::Vaults(vaults)));
    h.get_by_label("Other vault").click();
    settle(&mut h);
    h.get_by_label("Work").click();
    settle(&mut h);
    type_into(&mut h, "Master password", "p");
    h.key_press(Key::Enter);
    settle(&mut h);
    let wanted = entry("Work", true).vault;
    assert!(world(&mut h).sent.iter().any(|(_, command)| matches!(command, Command::Unlock { vault, .. } if *vault == wanted)));
}

#[test]
fn caps_lock_is_said() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    assert!(h.query_by_label("Caps Lock is on").is_none());
    world(&mut h).app.apply_shell(vault_ui::ShellEvent::CapsLock(Some(true)));
    settle(&mut h);
    h.get_by_label("Caps Lock is on");
}

/// Types into a password field by its name.
fn type_into(h: &mut egui_kittest::Harness<'static, Option<crate::support::World>>, name: &str, text: &str) {
    h.get_by_role_and_label(Role::PasswordInput, name).focus();
    settle(h);
    h.get_by_role_and_label(Role::PasswordInput, name).type_text(text);
    settle(h);
}

/// The lock screen after this has happened to an open vault.
fn locked_by(happen: impl FnOnce(&mut vault_ui::App)) -> Harness<'static, Option<World>> {
    let mut h = window(SIZE, ThemeChoice::Light, |app| {
        app.apply(Event::Vaults(vec![VaultEntry { vault: status(true).vault, ..entry("Personal", true) }]));
    });
    open(&mut world(&mut h).app, status(true), rows());
    settle(&mut h);
    happen(&mut world(&mut h).app);
    settle(&mut h);
    h.get_by_role_and_label(Role::PasswordInput, "Master password");
    h
}

#[test]
fn the_lock_screen_says_in_one_line_why_it_is_there() {
    for (leaving, words) in [
        (Leaving::Suspended, "Locked because the computer went to sleep."),
        (Leaving::ScreenLocked, "Locked because the screen was locked."),
        (Leaving::UserSwitched, "Locked because the computer was switched to another user."),
        (Leaving::OtherTab, "Locked because another tab took the vaults over."),
        (Leaving::Hidden, "Locked because the window was minimised."),
    ] {
        let h = locked_by(|app| {
            app.apply_shell(ShellEvent::Left(leaving));
            app.apply(Event::Locked(LockReason::Asked));
        });
        assert!(h.query_by_label(words).is_some(), "{words}");
    }
    for (reason, words) in [
        (LockReason::Idle, "Locked because nothing was done for a while."),
        (LockReason::Restarted, "Something went wrong inside, so the vault was locked. Everything saved is there."),
    ] {
        assert!(locked_by(|app| app.apply(Event::Locked(reason))).query_by_label(words).is_some(), "{words}");
    }
    // Who locks by hand knows why, also after having left once.
    let mut h = locked_by(|app| {
        app.apply_shell(ShellEvent::Left(Leaving::Suspended));
        app.apply(Event::Locked(LockReason::Asked));
    });
    open(&mut world(&mut h).app, status(true), rows());
    world(&mut h).app.apply(Event::Locked(LockReason::Asked));
    settle(&mut h);
    assert!(h.query_by_label_contains("Locked because").is_none());
}

#[test]
fn why_it_was_locked_is_still_said_when_the_vaults_are_back_from_another_tab() {
    let h = locked_by(|app| {
        app.apply_shell(ShellEvent::Left(Leaving::OtherTab));
        app.apply(Event::Locked(LockReason::Asked));
        app.apply_shell(ShellEvent::TakenOver);
        app.apply_shell(ShellEvent::HereAgain);
        app.apply(Event::Vaults(vec![VaultEntry { vault: status(true).vault, ..entry("Personal", true) }]));
    });
    assert!(h.query_by_label("Locked because another tab took the vaults over.").is_some());
}

#[test]
fn a_request_that_the_engine_took_with_it_is_told_where_the_person_is() {
    // Nothing is there to be locked: the first vault was just being made.
    let mut h = window(SIZE, ThemeChoice::Light, |app| app.apply(Event::Vaults(Vec::new())));
    h.get_by_label("Start now").click();
    settle(&mut h);
    let made = world(&mut h).sent.iter().find(|(_, command)| matches!(command, Command::CreateVault { .. })).map(|(request, _)| *request);
    let app = &mut world(&mut h).app;
    app.apply(Event::Locked(LockReason::Restarted));
    app.apply(Event::Failed(made.expect("sent"), Failure::Locked));
    settle(&mut h);
    assert!(h.query_by_label_contains("The vault was not made, because something went wrong inside.").is_some());
    h.get_by_label("Start now");
}

#[test]
fn work_that_the_engine_took_with_it_is_told_also_after_the_lock() {
    let mut h = locked_by(|app| {
        app.apply(Event::Locked(LockReason::Restarted));
    });
    let app = &mut world(&mut h).app;
    let (backup, search) = (RequestId(900), RequestId(901));
    app.state.sent(backup, &Command::Backup { sink: vault_engine::SinkId(1), passphrase: None });
    app.state.sent(search, &Command::Touch);
    app.apply(Event::Failed(backup, Failure::Locked));
    app.apply(Event::Failed(search, Failure::Locked));
    assert!(app.toasts.shows("The backup was not finished, because something went wrong inside."));
}

#[test]
fn a_list_that_was_made_anew_is_told_on_the_lock_screen() {
    let mut h = window(SIZE, ThemeChoice::Light, |app| {
        app.apply(Event::Vaults(vec![entry("Vault 3f2a", true)]));
        app.apply(Event::Notice(vault_engine::event::Notice::ListRebuilt(1)));
    });
    settle(&mut h);
    let words = "The list of vaults on this computer was damaged or missing. It was made anew, and your vault is in it.";
    assert!(h.query_by_label_contains(words).is_some());
}
