//! The list: selection, keyboard, search, any number of rows.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Command, Event,
    command::{Mark, Scope},
};

use crate::support::{item, open_window, row, rows, settings, settle, world};

const SIZE: [f32; 2] = [1200.0, 760.0];

#[test]
fn a_click_anywhere_on_a_row_opens_the_item() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::ListBoxOption, "Car insurance").click();
    settle(&mut h);
    let wanted = rows()[8].id;
    assert!(world(&mut h).sent.iter().any(|(_, command)| matches!(command, Command::OpenItem { item } if *item == wanted)));
    assert_eq!(world(&mut h).app.forms.list.selected, Some(wanted));
}

#[test]
fn arrows_home_and_end_move_the_selection() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press(Key::F2);
    settle(&mut h);
    let found = world(&mut h).app.state.vault.as_ref().unwrap().found.clone().unwrap();
    for (key, wanted) in [
        (Key::ArrowDown, 0),
        (Key::ArrowDown, 1),
        (Key::ArrowDown, 2),
        (Key::ArrowUp, 1),
        (Key::End, found.len() - 1),
        (Key::ArrowDown, found.len() - 1),
        (Key::Home, 0),
    ] {
        h.key_press(key);
        settle(&mut h);
        assert_eq!(world(&mut h).app.forms.list.selected, Some(found[wanted]), "{key:?}");
    }
}

#[test]
fn the_list_keeps_the_keyboard_while_arrows_move_the_selection() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press(Key::F2);
    settle(&mut h);
    for _ in 0..20 {
        h.key_press(Key::ArrowDown);
        settle(&mut h);
    }
    assert_eq!(h.ctx.memory(|memory| memory.focused()), Some(vault_ui::views::list::list_id()));
}

#[test]
fn typing_in_the_list_searches() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press(Key::F2);
    settle(&mut h);
    h.event(egui::Event::Text("g".to_owned()));
    settle(&mut h);
    h.event(egui::Event::Text("i".to_owned()));
    settle(&mut h);
    let last = world(&mut h).sent.iter().rev().find_map(|(_, command)| match command {
        Command::Search { query, .. } => Some(query.clone()),
        _ => None,
    });
    assert_eq!(last.as_deref(), Some("gi"));
}

#[test]
fn the_sidebar_changes_where_the_search_looks() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::Tab, "Bank, 3").click();
    settle(&mut h);
    let last = world(&mut h).sent.iter().rev().find_map(|(_, command)| match command {
        Command::Search { scope, .. } => Some(scope.clone()),
        _ => None,
    });
    assert_eq!(last, Some(Scope::Folder("Bank".to_owned())));
    h.get_by_label("Search in Bank");
}

#[test]
fn an_overtaken_search_is_dropped() {
    let mut h = open_window(SIZE, settings(), rows());
    let old = world(&mut h).request("search");
    h.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut h);
    h.event(egui::Event::Text("visa".to_owned()));
    settle(&mut h);
    let new = world(&mut h).request("search");
    assert_ne!(old, new);
    let visa = rows()[3].id;
    world(&mut h).app.apply(Event::Found(new, vec![visa]));
    world(&mut h).app.apply(Event::Found(old, rows().iter().map(|row| row.id).collect()));
    settle(&mut h);
    assert_eq!(world(&mut h).app.state.vault.as_ref().unwrap().found.as_deref(), Some(&[visa][..]));
}

#[test]
fn delete_moves_to_the_trash_selects_the_next_row_and_can_be_undone() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::ListBoxOption, "Car insurance").click();
    settle(&mut h);
    let gone = rows()[8].id;
    h.key_press(Key::Delete);
    settle(&mut h);
    let trashed = |world: &crate::support::World, on: bool| {
        world
            .sent
            .iter()
            .any(|(_, command)| matches!(command, Command::MarkItems { items, mark: Mark::Trashed(to) } if *items == [gone] && *to == on))
    };
    assert!(trashed(world(&mut h), true));
    assert!(world(&mut h).app.forms.list.selected.is_some_and(|next| next != gone));
    h.get_by_role_and_label(Role::Button, "Undo").click();
    settle(&mut h);
    assert!(trashed(world(&mut h), false));
}

#[test]
fn copying_works_on_the_selected_item_from_the_search_box_too() {
    let mut h = open_window(SIZE, settings(), rows());
    h.get_by_role_and_label(Role::ListBoxOption, "GitHub").click();
    settle(&mut h);
    let github = rows().remove(0);
    world(&mut h).app.apply(Event::Item(item(&github)));
    settle(&mut h);
    h.key_press_modifiers(Modifiers::COMMAND, Key::F);
    settle(&mut h);
    h.key_press_modifiers(Modifiers::COMMAND, Key::B);
    settle(&mut h);
    let copied = world(&mut h)
        .sent
        .iter()
        .any(|(_, command)| matches!(command, Command::CopyField { item, field } if *item == github.id && field.0 == "username"));
    assert!(copied);
}

#[test]
fn a_hundred_thousand_rows_scroll_to_the_end_and_only_the_visible_ones_are_built() {
    let many: Vec<_> = (0..100_000).map(|n| row(n, "credential", &format!("Item {n:06}"), "user")).collect();
    let mut h = open_window(SIZE, settings(), many);
    h.key_press(Key::F2);
    settle(&mut h);
    h.key_press(Key::End);
    settle(&mut h);
    h.get_by_role_and_label(Role::ListBoxOption, "Item 099999");
    let built = h.query_all_by_role(Role::ListBoxOption).count();
    assert!(built < 60, "{built} rows were built");
}

#[test]
fn zoom_and_settings_are_kept_by_the_shell() {
    let mut h = open_window(SIZE, settings(), rows());
    h.key_press_modifiers(Modifiers::COMMAND, Key::Minus);
    settle(&mut h);
    let kept = world(&mut h).asked.iter().any(|ask| matches!(ask, vault_ui::Ask::KeepSettings(settings) if settings.zoom_percent == 90));
    assert!(kept);
}
