//! Read mode: what is shown, what is copied, what is withheld, and for how long.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Command, Event,
    command::Mark,
    event::{LockReason, PastValue},
};
use vault_model::{FieldClass, FieldId, FieldKey, FieldType, SecretText, ShownValue};
use vault_protocol::{Dot, LogId};
use vault_ui::{
    Ask,
    outbox::{Go, ShellEvent},
};

use crate::{
    stage::{ITEM, SECRET, Window, go, hidden, item, login, revealed, send, shell, show, show_with, shown, take, take_asks, themed, tree},
    support::{NOW_MS, settle, world},
};

const SIZE: [f32; 2] = [1200.0, 1100.0];

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn reveal_password(window: &mut Window) {
    click(window, "Show Password");
    let (request, field) = take(window, |command| match command {
        Command::Reveal { item, field } if *item == ITEM => Some(field.clone()),
        _ => None,
    })
    .expect("a reveal");
    assert_eq!(field, FieldId("password".to_owned()));
    send(window, revealed(request, "password", SECRET));
}

fn is_shown(window: &mut Window) -> bool {
    let vault = world(window).app.state.vault.as_ref().expect("open");
    vault.anything_revealed()
}

#[test]
fn the_whole_row_copies_and_so_does_its_button() {
    let mut window = show(SIZE, login());
    let copied = |window: &mut Window| {
        take(window, |command| match command {
            Command::CopyField { item, field } if *item == ITEM => Some(field.0.clone()),
            _ => None,
        })
        .map(|(_, field)| field)
    };
    for (label, id) in [("User name", "username"), ("Password", "password"), ("One-time code", "totp"), ("IBAN", "x-2")] {
        window.get_by_role_and_label(Role::Button, label).click();
        settle(&mut window);
        assert_eq!(copied(&mut window).as_deref(), Some(id), "the row");
        click(&mut window, &format!("Copy {label}"));
        assert_eq!(copied(&mut window).as_deref(), Some(id), "the button");
    }
}

#[test]
fn a_revealed_secret_is_never_in_the_tree() {
    let mut window = show(SIZE, login());
    send(&mut window, totp(17));
    reveal_password(&mut window);
    click(&mut window, "Password in large type");
    assert!(is_shown(&mut window));
    let tree = tree(&window);
    assert!(tree.contains("mara.lind"), "values that are not secret are there: {tree}");
    for secret in [SECRET, "battery", "123456", "123 456", "654321"] {
        assert!(!tree.contains(secret), "{secret} is in {tree}");
    }
}

#[test]
fn a_secret_hides_when_its_time_is_up() {
    let mut window = show(SIZE, login());
    reveal_password(&mut window);
    world(&mut window).now_ms = NOW_MS + 29_000;
    settle(&mut window);
    assert!(is_shown(&mut window));
    world(&mut window).now_ms = NOW_MS + 30_000;
    settle(&mut window);
    assert!(!is_shown(&mut window));
    assert!(window.query_by_label("Hide Password").is_none());
}

#[test]
fn a_secret_hides_on_blur_by_hand_and_with_its_item() {
    let mut window = show(SIZE, login());
    reveal_password(&mut window);
    shell(&mut window, ShellEvent::FocusLost);
    assert!(!is_shown(&mut window));

    reveal_password(&mut window);
    click(&mut window, "Hide Password");
    assert!(!is_shown(&mut window));

    reveal_password(&mut window);
    go(&mut window, Go::Overview);
    assert!(!is_shown(&mut window));
}

#[test]
fn a_lock_leaves_nothing_of_the_item() {
    let mut window = show(SIZE, login());
    reveal_password(&mut window);
    send(&mut window, Event::Locked(LockReason::Idle));
    assert!(world(&mut window).app.state.vault.is_none());
    assert!(!tree(&window).contains("mara.lind"));
}

#[test]
fn a_web_address_opens_only_by_its_own_button() {
    let mut window = show(SIZE, login());
    window.get_by_role_and_label(Role::Button, "Web address").click();
    settle(&mut window);
    assert!(take_asks(&mut window).is_empty());
    click(&mut window, "Open Web address");
    assert_eq!(take_asks(&mut window), [Ask::OpenUrl("https://github.com/login".to_owned())]);
}

#[test]
fn what_is_odd_about_a_value_stands_under_it_in_words() {
    let window = show(SIZE, login());
    window.get_by_label("The check digits do not match: look for a typing error");
    window.get_by_label("Expires in 14 days");
}

#[test]
fn a_code_asks_for_one_frame_a_second_and_no_more() {
    let mut window = show_with(SIZE, themed(vault_ui::theme::ThemeChoice::Light), login(), |status| status.settings.lock_after_secs = 0);
    send(&mut window, totp(17));
    window.run_steps(8);
    let delay = window.output().viewport_output.values().map(|output| output.repaint_delay).min().expect("a viewport");
    assert!(delay > std::time::Duration::from_millis(100), "{delay:?}");
}

#[test]
fn a_conflict_shows_every_value_and_takes_the_chosen_one() {
    let mut item = login();
    let key = FieldKey::element(FieldClass::Field, "username".as_bytes());
    item.conflicts = vec![key.clone()];
    let mut window = show(SIZE, item);
    go(&mut window, Go::Item(ITEM));
    let dot = |seq| Dot { log: LogId([1; 16]), seq, op: 0 };
    let value = |seq, device: &str, shown: &str, current| PastValue {
        dot: dot(seq),
        key: key.clone(),
        wall_ms: NOW_MS - 60_000 * seq,
        device: device.to_owned(),
        shown: Some(shown.to_owned()),
        current,
        absent: false,
    };
    let history = world(&mut window).app.state.requests.iter().find(|(_, request)| request.name == "history").map(|(id, _)| *id);
    let request = history.expect("the values were asked for");
    let values = vec![value(1, "Phone", "mara", true), value(2, "Laptop", "mara.lind", true), value(3, "Laptop", "old", false)];
    send(&mut window, Event::History(request, values));
    window.get_by_label("User name was changed on Laptop and Phone. All values are kept.");
    click(&mut window, "Choose");
    window.get_by_label("mara");
    assert!(window.query_by_label("old").is_none(), "only live values can be chosen");
    window.get_all_by_label("Use this value").next().expect("a button").click();
    settle(&mut window);
    let restored = take(&mut window, |command| match command {
        Command::RestorePast { dot, .. } => Some(*dot),
        _ => None,
    });
    assert_eq!(restored.map(|(_, dot)| dot), Some(dot(1)));
}

#[test]
fn an_item_in_the_trash_is_put_back() {
    let mut item = login();
    item.trashed = true;
    let mut window = show(SIZE, item);
    assert!(window.query_by_label("Edit").is_none());
    click(&mut window, "Put back");
    let mark = take(&mut window, |command| match command {
        Command::MarkItems { mark, .. } => Some(mark.clone()),
        _ => None,
    });
    assert_eq!(mark.map(|(_, mark)| mark), Some(Mark::Trashed(false)));
}

#[test]
fn every_kind_is_shown() {
    for template in vault_model::templates() {
        let view = item(&template.slug, "Something", |_, field_type| match field_type {
            FieldType::Date => shown("2030-01-31"),
            FieldType::MonthYear => shown("2030-01"),
            field_type if field_type.is_secret() => hidden(),
            _ => Some(ShownValue::Shown("A value".to_owned())),
        });
        let window = show([1200.0, 2400.0], view);
        for field in template.fields.iter().filter(|field| field.id.0 != "notes") {
            let label = vault_ui::l10n::field_label(&field.id.0);
            assert!(window.query_by_label(&format!("Copy {label}")).is_some(), "{label} of {}", template.slug);
        }
    }
}

#[test]
fn one_pane_shows_the_same_fields() {
    let window = show([420.0, 1400.0], login());
    window.get_by_label("Copy User name");
    window.get_by_label("Copy IBAN");
    window.get_by_label("Edit");
}

fn totp(secs: u64) -> Event {
    Event::Totp {
        item: ITEM,
        field: FieldId("totp".to_owned()),
        code: SecretText::from("123456"),
        next: SecretText::from("654321"),
        until_ms: NOW_MS + secs * 1000,
        period_secs: 30,
    }
}
