//! What a screen reader gets: every control has a name, and no secret is there.

use egui::accesskit::Role;
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use vault_engine::Event;
use vault_ui::{
    l10n::{self, Language},
    outbox::{Go, SettingsPage},
    theme::ThemeChoice,
};

use crate::support::{World, entry, open_window, rows, settings, settle, window, world};

/// Everything in the tree, as text.
pub fn text(h: &Harness<'static, Option<World>>) -> String {
    fn walk(node: &egui_kittest::Node<'_>, out: &mut String) {
        out.push_str(&format!("{:?} {:?} {:?}\n", node.accesskit_node().role(), node.accesskit_node().label(), node.value()));
        for child in node.children() {
            walk(&child, out);
        }
    }
    let mut out = String::new();
    walk(&h.root(), &mut out);
    out
}

#[test]
fn ld10_a_typed_password_is_not_in_the_accessibility_tree() {
    let mut h = window([1200.0, 760.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    h.get_by_role_and_label(Role::PasswordInput, "Master password").focus();
    settle(&mut h);
    h.get_by_role_and_label(Role::PasswordInput, "Master password").type_text("canary-passphrase-5521");
    settle(&mut h);
    assert_eq!(world(&mut h).app.forms.unlock.password.expose(), "canary-passphrase-5521");
    assert!(!text(&h).contains("canary"), "{}", text(&h));
}

#[test]
fn what_is_typed_into_a_secret_field_is_not_in_egui_s_undo_history() {
    let mut h = window([1200.0, 760.0], ThemeChoice::Light, |app| app.apply(Event::Vaults(vec![entry("Personal", true)])));
    h.get_by_role_and_label(Role::PasswordInput, "Master password").focus();
    settle(&mut h);
    for part in ["canary-", "passphrase-", "5521"] {
        h.get_by_role_and_label(Role::PasswordInput, "Master password").type_text(part);
        // Longer than egui waits before it takes an undo point.
        h.run_steps(12);
    }
    let id = h.ctx.memory(|memory| memory.focused()).unwrap();
    let state = egui::TextEdit::load_state(&h.ctx, id).unwrap();
    let now = (egui::text::CCursorRange::default(), String::new());
    assert!(!state.undoer().has_undo(&now));
}

#[test]
fn every_control_of_the_main_window_has_a_name() {
    let mut h = open_window([1200.0, 760.0], settings(), rows());
    settle(&mut h);
    fn walk(node: &egui_kittest::Node<'_>) {
        let named = matches!(
            node.accesskit_node().role(),
            Role::Button
                | Role::TextInput
                | Role::PasswordInput
                | Role::Switch
                | Role::Tab
                | Role::ListBoxOption
                | Role::ListBox
                | Role::Link
        );
        if named {
            assert!(
                node.accesskit_node().label().is_some_and(|label| !label.trim().is_empty()),
                "{:?} without a name",
                node.accesskit_node().role()
            );
        }
        for child in node.children() {
            walk(&child);
        }
    }
    walk(&h.root());
}

#[test]
fn both_languages_have_the_same_keys() {
    let keys = |language: Language| {
        let tag = language.tag().parse().unwrap();
        l10n::loader().with_message_iter(&tag, |messages| messages.map(|message| message.id.name.to_owned()).collect::<Vec<_>>())
    };
    // Read from the files, not from the loader: other tests share it.
    let of = |text: &str| {
        let mut keys: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect();
        keys.sort();
        keys
    };
    let en = of(include_str!("../../../../assets/locales/en/vault-ui.ftl"));
    let de = of(include_str!("../../../../assets/locales/de/vault-ui.ftl"));
    let missing: Vec<_> = en.iter().filter(|key| !de.contains(key)).collect();
    let spare: Vec<_> = de.iter().filter(|key| !en.contains(key)).collect();
    assert!(missing.is_empty() && spare.is_empty(), "German lacks {missing:?} and has {spare:?} too many");
    let mut once = en.clone();
    once.dedup();
    assert_eq!(once.len(), en.len(), "a key is there twice");
    assert!(keys(Language::En).len() + 1 > en.len() / 2, "English loads");
}

#[test]
fn every_icon_is_in_the_fonts() {
    let fonts = vault_ui::fonts::definitions();
    for icon in vault_ui::icons::ALL {
        let found = ["icons", "icons-fill"].iter().any(|name| {
            let bytes = &fonts.font_data[*name].font;
            has_glyph((**bytes).as_ref(), icon.chars().next().unwrap())
        });
        assert!(found, "{icon:?} is missing");
    }
}

/// Whether a TrueType file's character map (format 4 or 12) holds a character.
fn has_glyph(font: &[u8], wanted: char) -> bool {
    let u16_at = |at: usize| u16::from_be_bytes([font[at], font[at + 1]]) as usize;
    let u32_at = |at: usize| u32::from_be_bytes([font[at], font[at + 1], font[at + 2], font[at + 3]]) as usize;
    let cmap = (0..u16_at(4)).map(|at| 12 + 16 * at).find(|&at| &font[at..at + 4] == b"cmap").map(|at| u32_at(at + 8)).unwrap();
    (0..u16_at(cmap + 2)).map(|at| cmap + u32_at(cmap + 4 + 8 * at + 4)).any(|table| match u16_at(table) {
        4 => {
            let n = u16_at(table + 6) / 2;
            (0..n).any(|at| {
                let end = u16_at(table + 14 + 2 * at);
                let start = u16_at(table + 16 + 2 * n + 2 * at);
                (start..=end).contains(&(wanted as usize)) && end != 0xFFFF
            })
        }
        12 => (0..u32_at(table + 12)).any(|at| {
            let group = table + 16 + 12 * at;
            (u32_at(group)..=u32_at(group + 4)).contains(&(wanted as usize))
        }),
        _ => false,
    })
}

#[test]
fn pages_and_sections_are_headings_and_places_are_tabs_of_a_list() {
    let mut h = open_window([1200.0, 760.0], settings(), rows());
    settle(&mut h);
    h.get_by_role_and_label(Role::Heading, "Kinds");
    let places = h.get_by_role_and_label(Role::TabList, "Places in the vault");
    assert!(places.query_by_role_and_label(Role::Tab, "Overview").is_some());
    world(&mut h).app.go(Go::Settings(SettingsPage::Security));
    settle(&mut h);
    let title = h.get_by_role_and_label(Role::Heading, "Security");
    assert_eq!(title.accesskit_node().level(), Some(1));
    let pages = h.get_by_role_and_label(Role::TabList, "Page of the settings");
    assert!(pages.query_by_role_and_label(Role::Tab, "Security").is_some());
    let section = h.get_all_by_role(Role::Heading).find(|node| node.accesskit_node().level() == Some(2));
    assert!(section.is_some_and(|node| node.accesskit_node().label().is_some()));
}
