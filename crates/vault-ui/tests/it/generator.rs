//! The generator: recipes follow what is chosen, and nothing of what was made stays.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vault_engine::{Command, Event, RequestId};
use vault_model::{SecretText, generate::Recipe};
use vault_ui::outbox::Go;

use crate::{
    stage::{ITEM, Window, go, login, send, show, take, tree},
    support::{settle, world},
};

const MADE: &str = "vQ7#mZ2!kTp9&xWc4Lr?";

fn recipe(window: &mut Window) -> (RequestId, Recipe) {
    take(window, |command| match command {
        Command::Generate(recipe) => Some(recipe.clone()),
        _ => None,
    })
    .expect("a recipe")
}

fn open() -> (Window, RequestId) {
    let mut window = show([1200.0, 1000.0], login());
    go(&mut window, Go::Generator);
    let (request, _) = recipe(&mut window);
    (window, request)
}

#[test]
fn what_was_made_is_copied_and_never_in_the_tree() {
    let (mut window, request) = open();
    send(&mut window, Event::Generated { request, text: SecretText::from(MADE), bits: 128.0 });
    let tree = tree(&window);
    assert!(tree.contains("Excellent"), "{tree}");
    assert!(!tree.contains(MADE));
    window.get_by_role_and_label(Role::Button, "Copy").click();
    settle(&mut window);
    let copied = take(&mut window, |command| match command {
        Command::CopyText { text } => Some(text.expose().to_owned()),
        _ => None,
    });
    assert_eq!(copied.map(|(_, text)| text).as_deref(), Some(MADE));
}

#[test]
fn each_choice_makes_another_from_its_recipe() {
    let (mut window, _) = open();
    window.get_by_role_and_label(Role::Switch, "Symbols").click();
    settle(&mut window);
    assert!(matches!(recipe(&mut window).1, Recipe::Password(recipe) if recipe.symbols.is_empty()));
    window.get_by_role_and_label(Role::Switch, "Leave out look-alikes").click();
    settle(&mut window);
    assert!(matches!(recipe(&mut window).1, Recipe::Password(recipe) if recipe.without_lookalikes));
    window.get_by_role_and_label(Role::RadioButton, "Words").click();
    settle(&mut window);
    assert!(matches!(recipe(&mut window).1, Recipe::Passphrase(recipe) if recipe.n_words == 7));
    window.get_by_label("Make another").click();
    settle(&mut window);
    assert!(matches!(recipe(&mut window).1, Recipe::Passphrase(_)));
}

#[test]
fn a_recipe_that_can_make_nothing_is_not_asked_for() {
    let (mut window, _) = open();
    for class in ["Lower case", "Upper case", "Digits", "Symbols"] {
        window.get_by_role_and_label(Role::Switch, class).click();
        settle(&mut window);
    }
    let asked = take(&mut window, |command| match command {
        Command::Generate(Recipe::Password(recipe)) => Some(recipe.lower || recipe.upper || recipe.digits || !recipe.symbols.is_empty()),
        _ => None,
    });
    assert_eq!(asked.map(|(_, can)| can), Some(true), "only what can be made was asked for");
    window.get_by_label("Choose at least one sort of character");
}

#[test]
fn nothing_stays_when_the_generator_is_left() {
    let (mut window, request) = open();
    send(&mut window, Event::Generated { request, text: SecretText::from(MADE), bits: 128.0 });
    assert!(world(&mut window).app.state.vault.as_ref().expect("open").generated.is_some());
    go(&mut window, Go::Item(ITEM));
    assert!(world(&mut window).app.state.vault.as_ref().expect("open").generated.is_none());
}
