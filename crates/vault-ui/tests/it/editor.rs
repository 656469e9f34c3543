//! The editor: every kind opens, is typed into and saved as the draft that it should be.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{Command, Event, Failure, SourceId};
use vault_model::{DraftValue, FieldType, ItemDraft, SecretText, templates};
use vault_protocol::ObjectId;
use vault_ui::{
    app::Pane,
    l10n::field_label,
    outbox::{Go, PickedFile, ShellEvent},
};

use crate::{
    stage::{ITEM, SECRET, Window, go, login, revealed, send, shell, show, take, take_saved, tree},
    support::{settle, world},
};

const SIZE: [f32; 2] = [1200.0, 2600.0];

fn type_into(window: &mut Window, role: Role, label: &str, text: &str) {
    window.get_by_role_and_label(role, label).focus();
    settle(window);
    window.get_by_role_and_label(role, label).type_text(text);
    settle(window);
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn save(window: &mut Window) -> ItemDraft {
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(window);
    take_saved(window).1
}

fn role_of(field_type: FieldType) -> Role {
    match field_type {
        field_type if field_type.is_secret() => Role::PasswordInput,
        FieldType::Multiline => Role::MultilineTextInput,
        _ => Role::TextInput,
    }
}

fn text_of<'a>(draft: &'a ItemDraft, id: &str) -> Option<&'a str> {
    let field = draft.fields.iter().find(|field| field.id.0 == id)?;
    match &field.value {
        DraftValue::Keep => None,
        DraftValue::Set(text) => Some(text.expose()),
    }
}

/// What a person types, and what is stored of it.
fn sample(field_type: FieldType) -> (&'static str, &'static str) {
    match field_type {
        FieldType::Date => ("30.04.2031", "2031-04-30"),
        FieldType::MonthYear => ("04/31", "2031-04"),
        FieldType::Iban => ("de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        FieldType::Bic => ("cobadeffxxx", "COBADEFFXXX"),
        FieldType::RoutingNumber => ("021 000 021", "021000021"),
        FieldType::CardNumber => ("4111 1111 1111 1111", "4111111111111111"),
        FieldType::Url => ("https://example.org", "https://example.org"),
        FieldType::Email => ("mara@example.org", "mara@example.org"),
        FieldType::Phone => ("+49 73 7371212", "+49 73 7371212"),
        FieldType::Totp => ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        FieldType::Text
        | FieldType::Secret
        | FieldType::Multiline
        | FieldType::SecretMultiline
        | FieldType::Mnemonic
        | FieldType::ChainAddress
        | FieldType::RecoveryCodes => ("some text", "some text"),
    }
}

#[test]
fn every_kind_opens_takes_every_field_and_saves_what_was_typed() {
    for template in templates() {
        let mut window = show([1200.0, 3200.0], login());
        go(&mut window, Go::New(template.slug.clone()));
        type_into(&mut window, Role::TextInput, "Title", "Something new");
        for field in &template.fields {
            type_into(&mut window, role_of(field.field_type), &field_label(&field.id.0), sample(field.field_type).0);
        }
        window.get_by_role_and_label(Role::TextInput, "Title").focus();
        settle(&mut window);
        let draft = save(&mut window);
        assert_eq!((draft.id, draft.kind.as_str(), draft.title.as_str()), (None, template.slug.as_str(), "Something new"));
        for field in &template.fields {
            let stored = text_of(&draft, &field.id.0);
            assert_eq!(stored, Some(sample(field.field_type).1), "{} of {}", field.id.0, template.slug);
            let drafted = draft.fields.iter().find(|drafted| drafted.id == field.id).expect("found above");
            assert_eq!((drafted.position, &drafted.section), (field.position, &field.section));
        }
    }
}

#[test]
fn what_was_not_touched_is_kept_and_what_was_seen_goes_back() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    type_into(&mut window, Role::TextInput, "User name", "-new");
    let draft = save(&mut window);
    assert_eq!(draft.id, Some(ITEM));
    assert_eq!(draft.seen, login().seen);
    assert_eq!(text_of(&draft, "username"), Some("mara.lind-new"));
    for kept in ["password", "totp", "url", "notes", "x-1", "x-2"] {
        let field = draft.fields.iter().find(|field| field.id.0 == kept).expect(kept);
        assert!(matches!(field.value, DraftValue::Keep), "{kept}");
    }
    let before: Vec<_> = login().fields.into_iter().map(|field| (field.id, field.position)).collect();
    let after: Vec<_> = draft.fields.iter().map(|field| (field.id.clone(), field.position)).collect();
    assert_eq!(before, after, "an edit moves nothing");
}

#[test]
fn a_typed_or_shown_secret_is_never_in_the_tree() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    click(&mut window, "Show Password");
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Reveal { .. }).then_some(())).expect("a reveal");
    send(&mut window, revealed(request, "password", SECRET));
    window.get_by_label("Hide Password");
    type_into(&mut window, Role::PasswordInput, "Password", "-Tail9");
    let tree = tree(&window);
    assert!(tree.contains("mara.lind"));
    for secret in [SECRET, "battery", "Tail9"] {
        assert!(!tree.contains(secret), "{secret} is in {tree}");
    }
    assert!(!world(&mut window).app.state.vault.as_ref().expect("open").anything_revealed(), "the state keeps no second copy");
    let draft = save(&mut window);
    assert_eq!(text_of(&draft, "password"), Some(format!("{SECRET}-Tail9").as_str()));
}

#[test]
fn a_shown_secret_that_was_not_changed_is_still_kept() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    click(&mut window, "Show Password");
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Reveal { .. }).then_some(())).expect("a reveal");
    send(&mut window, revealed(request, "password", SECRET));
    let draft = save(&mut window);
    assert_eq!(text_of(&draft, "password"), None);
}

#[test]
fn a_check_speaks_when_the_field_is_left_and_not_before() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("bank".to_owned()));
    type_into(&mut window, Role::TextInput, "IBAN", "DE89370400440532013001");
    let words = "The check digits do not match: look for a typing error";
    assert!(window.query_by_label(words).is_none());
    window.get_by_role_and_label(Role::TextInput, "Title").focus();
    settle(&mut window);
    window.get_by_label(words);
}

#[test]
fn own_fields_and_sections_are_added_named_moved_and_removed_by_keyboard() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("note".to_owned()));
    type_into(&mut window, Role::TextInput, "Title", "Garage");
    for label in ["First", "Second"] {
        click(&mut window, "Add field");
        window.get_by_role_and_label(Role::Button, "Secret").click();
        settle(&mut window);
        // The label of a new field has the focus.
        let inputs: Vec<_> = window.get_all_by_role_and_label(Role::TextInput, "Label of the field").collect();
        let focused = inputs.iter().find(|input| input.is_focused()).expect("the new one");
        focused.type_text(label);
        drop(inputs);
        settle(&mut window);
        type_into(&mut window, Role::PasswordInput, label, &format!("{label}-value"));
    }
    let handle = "Move Second: drag, or arrow keys";
    window.get_by_label(handle).focus();
    settle(&mut window);
    window.key_press(Key::ArrowUp);
    settle(&mut window);
    click(&mut window, "Section");
    type_into(&mut window, Role::TextInput, "Title of the section", " A");
    click(&mut window, "Add field to New section A");
    window.get_by_role_and_label(Role::Button, "Date").click();
    settle(&mut window);
    let draft = save(&mut window);
    let mut own: Vec<_> = draft.fields.iter().filter(|field| field.id.0.starts_with("x-")).collect();
    own.sort_by_key(|field| field.position);
    let labels: Vec<_> = own.iter().map(|field| field.label.as_str()).collect();
    assert_eq!(labels, ["Second", "First", ""]);
    assert!(own.iter().all(|field| field.id.0.len() == 34 && field.id.0[2..].bytes().all(|b| b.is_ascii_hexdigit())));
    assert_eq!(draft.sections.len(), 1);
    assert_eq!((draft.sections[0].title.as_str(), own[2].section.as_ref()), ("New section A", Some(&draft.sections[0].id)));
    assert_eq!(text_of(&draft, &own[0].id.0), Some("Second-value"));
}

#[test]
fn a_field_moves_with_its_value_and_can_be_removed() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    click(&mut window, "Remove Host");
    let draft = save(&mut window);
    assert!(draft.fields.iter().all(|field| field.id.0 != "x-1"));
    assert!(draft.fields.iter().any(|field| field.id.0 == "x-2"));
}

#[test]
fn tags_folder_favourite_expiry_and_links_are_saved() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("note".to_owned()));
    type_into(&mut window, Role::TextInput, "Title", "Garage");
    type_into(&mut window, Role::TextInput, "Folder", "Home/Garage/");
    type_into(&mut window, Role::TextInput, "Add a tag", "house,");
    type_into(&mut window, Role::TextInput, "Add a tag", "car");
    type_into(&mut window, Role::TextInput, "Expires", "1.2.2030");
    type_into(&mut window, Role::TextInput, "Find an item to link", "git");
    window.get_by_role_and_label(Role::Button, "GitHub").click();
    settle(&mut window);
    window.get_by_role_and_label(Role::Switch, "Favourite").click();
    settle(&mut window);
    let draft = save(&mut window);
    assert_eq!(draft.folder, "Home/Garage");
    assert_eq!(draft.tags, ["car".to_owned(), "house".to_owned()].into());
    assert_eq!(draft.expires, "2030-02-01");
    assert_eq!(draft.links, [ITEM]);
    assert!(draft.favourite);
}

#[test]
fn an_item_needs_a_title() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("note".to_owned()));
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut window);
    assert!(take(&mut window, |command| matches!(command, Command::SaveItem(_)).then_some(())).is_none());
    window.get_by_label("Give it a title: that is how you find it again");
}

#[test]
fn cancel_asks_only_when_something_was_typed() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    window.key_press(Key::Escape);
    settle(&mut window);
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Item));

    go(&mut window, Go::Edit(ITEM));
    type_into(&mut window, Role::TextInput, "User name", "x");
    window.key_press(Key::Escape);
    settle(&mut window);
    window.get_by_label("Discard what you typed?");
    click(&mut window, "Keep editing");
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Editor(_)));
    click(&mut window, "Cancel");
    click(&mut window, "Discard");
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Item));
    assert!(take(&mut window, |command| matches!(command, Command::KeepDraft(None)).then_some(())).is_some());
}

#[test]
fn what_is_typed_stays_until_the_engine_has_it() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    type_into(&mut window, Role::PasswordInput, "Password", "fresh-Secret1");
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut window);
    let (request, draft) = take_saved(&mut window);
    assert_eq!(text_of(&draft, "password"), Some("fresh-Secret1"));
    send(&mut window, Event::Failed(request, Failure::DiskFull));
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Editor(_)), "a failed save leaves the editor open");
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut window);
    let (request, draft) = take_saved(&mut window);
    assert_eq!(text_of(&draft, "password"), Some("fresh-Secret1"));
    send(&mut window, Event::Saved(request, ITEM));
    send(&mut window, Event::Done(request));
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Item));
}

#[test]
fn a_draft_is_sealed_once_typing_has_been_quiet() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    type_into(&mut window, Role::TextInput, "User name", "-draft");
    let kept = |window: &mut Window| {
        take(window, |command| match command {
            Command::KeepDraft(Some(draft)) => Some(text_of(draft, "username").map(str::to_owned)),
            _ => None,
        })
    };
    assert!(kept(&mut window).is_none(), "not while typing");
    // Each step is a quarter of a second.
    window.run_steps(12);
    assert_eq!(kept(&mut window).map(|(_, name)| name), Some(Some("mara.lind-draft".to_owned())));
    window.run_steps(20);
    assert!(kept(&mut window).is_none(), "once is enough");
}

#[test]
fn a_draft_that_outlived_a_lock_is_offered_as_it_was() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    type_into(&mut window, Role::TextInput, "User name", "-draft");
    type_into(&mut window, Role::PasswordInput, "Password", "half-ty");
    window.run_steps(12);
    let (_, draft) = {
        let sent = std::mem::take(&mut world(&mut window).sent);
        sent.into_iter()
            .find_map(|(request, command)| match command {
                Command::KeepDraft(Some(draft)) => Some((request, draft)),
                _ => None,
            })
            .expect("a draft")
    };
    let status = world(&mut window).app.state.vault.as_ref().expect("open").status.clone();
    send(&mut window, Event::Locked(vault_engine::event::LockReason::Idle));
    send(&mut window, Event::Opened { status, draft: Some(draft) });
    send(&mut window, Event::Item(Box::new(login())));
    let draft = save(&mut window);
    assert_eq!((text_of(&draft, "username"), text_of(&draft, "password")), (Some("mara.lind-draft"), Some("half-ty")));
    let totp = draft.fields.iter().find(|field| field.id.0 == "totp").expect("listed");
    assert!(matches!(totp.value, DraftValue::Keep));
}

#[test]
fn files_dropped_on_a_new_item_are_attached_when_it_is_saved() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("note".to_owned()));
    type_into(&mut window, Role::TextInput, "Title", "Scan");
    let file = PickedFile { source: SourceId(5), name: "scan.pdf".to_owned(), len_bytes: 10, media_type: "application/pdf".to_owned() };
    shell(&mut window, ShellEvent::FilesDropped(vec![file]));
    window.get_by_label("Remove scan.pdf");
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut window);
    let (request, _) = take_saved(&mut window);
    let made = ObjectId([9; 16]);
    send(&mut window, Event::Saved(request, made));
    let attached = take(&mut window, |command| match command {
        Command::Attach { item, source, .. } => Some((*item, *source)),
        _ => None,
    });
    assert_eq!(attached.map(|(_, attached)| attached), Some((made, SourceId(5))));
    send(&mut window, Event::Done(request));
    assert!(matches!(world(&mut window).app.forms.pane, Pane::Item));
    assert_eq!(world(&mut window).app.forms.list.selected, Some(made));
}

#[test]
fn a_generated_password_goes_into_its_field() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("credential".to_owned()));
    type_into(&mut window, Role::TextInput, "Title", "Shop");
    click(&mut window, "Generate Password");
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Generate(_)).then_some(())).expect("a recipe");
    send(&mut window, Event::Generated { request, text: SecretText::from("vQ7#mZ2!kTp9"), bits: 77.0 });
    assert!(!tree(&window).contains("vQ7#mZ2!kTp9"));
    click(&mut window, "Use");
    assert!(!tree(&window).contains("vQ7#mZ2!kTp9"));
    let draft = save(&mut window);
    assert_eq!(text_of(&draft, "password"), Some("vQ7#mZ2!kTp9"));
}

#[test]
fn a_password_is_rated_in_words() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("credential".to_owned()));
    type_into(&mut window, Role::PasswordInput, "Password", "password");
    let tree = tree(&window);
    assert!(tree.contains("Poor") && tree.contains("most used passwords"), "{tree}");
}

#[test]
fn one_pane_has_the_whole_editor() {
    let mut window = show([420.0, 3200.0], login());
    go(&mut window, Go::Edit(ITEM));
    for label in ["Save", "Cancel", "Add field", "Generate Password", "Remove Host"] {
        window.get_by_label(label);
    }
}

/// Names of what has the focus as Tab is pressed again and again.
fn tab_walk(window: &mut Window, n: usize) -> Vec<String> {
    (0..n)
        .map(|_| {
            window.key_press(Key::Tab);
            settle(window);
            let focused = window.query_all_by(|node| node.is_focused()).last();
            focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
        })
        .collect()
}

#[test]
fn tab_reaches_the_eye_and_the_generator_of_a_secret_and_then_the_next_field() {
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("credential".to_owned()));
    type_into(&mut window, Role::PasswordInput, "Password", "half a secret");
    assert_eq!(tab_walk(&mut window, 3), ["Show Password", "Generate Password", "One-time code"]);
    // The same where there is a secret already, which is not here until it is asked for.
    let mut window = show(SIZE, login());
    go(&mut window, Go::Edit(ITEM));
    window.get_by_role_and_label(Role::PasswordInput, "Password").focus();
    settle(&mut window);
    assert_eq!(tab_walk(&mut window, 2), ["Show Password", "Generate Password"]);
    // By the keyboard alone it is also shown and hidden.
    let mut window = show(SIZE, login());
    go(&mut window, Go::New("credential".to_owned()));
    type_into(&mut window, Role::PasswordInput, "Password", "half a secret");
    window.key_press(Key::Tab);
    settle(&mut window);
    window.key_press(Key::Space);
    settle(&mut window);
    assert!(window.query_by_label("Hide Password").is_some());
}
