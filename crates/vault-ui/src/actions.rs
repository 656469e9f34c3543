//! Every action of a person, one row each: words, icon, shortcut. Menus, palette, cheat sheet and keyboard all read this table.

pub mod keymap;

use egui::{Context, Key, KeyboardShortcut, ModifierNames, Modifiers};

use crate::{fl, icons, theme::is_touch};
use keymap::Keymap;

/// An action without further choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Keyboard to the search box.
    Search,
    /// Opens or closes the command palette.
    Palette,
    /// Opens the kind picker.
    NewItem,
    /// Opens the selected item's editor.
    Edit,
    /// Saves the editor.
    Save,
    /// Leaves what is open: popup, editor, search, selection.
    Cancel,
    /// Copies the user name of the selected item.
    CopyUserName,
    /// Copies the main secret of the selected item.
    CopySecret,
    /// Copies the current code.
    CopyTotp,
    /// Copies the web address.
    CopyUrl,
    /// Opens the web address.
    OpenUrl,
    /// Reveals or hides the secrets of the open item.
    Reveal,
    /// A copy of the selected item.
    Duplicate,
    /// Into the trash.
    Trash,
    /// Into or out of the favourites.
    Favourite,
    /// Into or out of the archive.
    Archive,
    /// The past of the selected item.
    History,
    /// The generator.
    Generator,
    /// Locks the vault.
    Lock,
    /// The overview.
    Overview,
    /// The settings.
    Settings,
    /// A backup now.
    Backup,
    /// Exchanges changes with the server now.
    SyncNow,
    /// The cheat sheet.
    Shortcuts,
    /// Keyboard to the sidebar.
    FocusSidebar,
    /// Keyboard to the list.
    FocusList,
    /// Keyboard to the detail pane.
    FocusDetail,
    /// Keyboard to the next pane.
    NextPane,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As designed.
    ZoomReset,
    /// Starts the version that waits.
    Update,
    /// Ends the program.
    Quit,
}

/// Where an action makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// An open vault.
    Vault,
    /// A selected item.
    Item,
    /// An open editor.
    Editor,
    /// A newer version that waits.
    Update,
    /// Sync that is on.
    Sync,
    /// A program of one's own: a tab is closed by its browser.
    Desktop,
}

/// A row of the table.
pub struct Row {
    /// Which action.
    pub action: Action,
    /// Icon.
    pub icon: &'static str,
    /// Where it makes sense.
    pub needs: Needs,
    /// Keys on a desktop; what is in force says [`Keymap`].
    pub keys: &'static [KeyboardShortcut],
    /// Group of the cheat sheet.
    pub group: Group,
}

/// Groups of the cheat sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Find and move.
    Move,
    /// The selected item.
    Item,
    /// The vault and the window.
    Vault,
}

const fn cmd(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn cmd_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn row(action: Action, icon: &'static str, needs: Needs, group: Group, keys: &'static [KeyboardShortcut]) -> Row {
    Row { action, icon, needs, keys, group }
}

/// The table, in the order in which the palette offers it.
pub const TABLE: &[Row] = &[
    row(Action::NewItem, icons::PLUS, Needs::Vault, Group::Item, &[cmd(Key::N), KeyboardShortcut::new(Modifiers::ALT, Key::N)]),
    row(Action::Search, icons::MAGNIFYING_GLASS, Needs::Vault, Group::Move, &[cmd(Key::F), plain(Key::Slash)]),
    row(Action::Palette, icons::COMMAND, Needs::Vault, Group::Move, &[cmd(Key::K)]),
    row(Action::CopySecret, icons::KEY, Needs::Item, Group::Item, &[cmd(Key::C)]),
    row(Action::CopyUserName, icons::USER, Needs::Item, Group::Item, &[cmd(Key::B)]),
    row(Action::CopyTotp, icons::CLOCK, Needs::Item, Group::Item, &[cmd(Key::T)]),
    row(Action::CopyUrl, icons::LINK, Needs::Item, Group::Item, &[cmd(Key::U)]),
    row(Action::OpenUrl, icons::ARROW_SQUARE_OUT, Needs::Item, Group::Item, &[cmd_shift(Key::U)]),
    row(Action::Reveal, icons::EYE, Needs::Item, Group::Item, &[cmd(Key::R)]),
    row(Action::Edit, icons::PENCIL_SIMPLE, Needs::Item, Group::Item, &[cmd(Key::E)]),
    row(Action::Save, icons::FLOPPY_DISK, Needs::Editor, Group::Item, &[cmd(Key::S)]),
    row(Action::Cancel, icons::X, Needs::Vault, Group::Move, &[plain(Key::Escape)]),
    row(Action::Duplicate, icons::COPY, Needs::Item, Group::Item, &[cmd(Key::D)]),
    row(Action::Favourite, icons::STAR, Needs::Item, Group::Item, &[cmd_shift(Key::F)]),
    row(Action::Archive, icons::ARCHIVE, Needs::Item, Group::Item, &[cmd_shift(Key::A)]),
    row(Action::History, icons::CLOCK_COUNTER_CLOCKWISE, Needs::Item, Group::Item, &[cmd(Key::H)]),
    row(Action::Trash, icons::TRASH, Needs::Item, Group::Item, &[plain(Key::Delete)]),
    row(Action::Generator, icons::DICE_FIVE, Needs::Vault, Group::Vault, &[cmd(Key::G)]),
    row(Action::Overview, icons::HOUSE, Needs::Vault, Group::Move, &[cmd(Key::Home)]),
    row(Action::Backup, icons::HARD_DRIVES, Needs::Vault, Group::Vault, &[]),
    row(Action::SyncNow, icons::ARROWS_CLOCKWISE, Needs::Sync, Group::Vault, &[]),
    row(Action::Settings, icons::GEAR_SIX, Needs::Vault, Group::Vault, &[cmd(Key::Comma)]),
    row(Action::Lock, icons::LOCK_SIMPLE, Needs::Vault, Group::Vault, &[cmd(Key::L), cmd_shift(Key::L)]),
    row(Action::Shortcuts, icons::KEYBOARD, Needs::Nothing, Group::Vault, &[cmd(Key::Slash), plain(Key::Questionmark)]),
    row(Action::FocusSidebar, icons::SIDEBAR_SIMPLE, Needs::Vault, Group::Move, &[plain(Key::F1)]),
    row(Action::FocusList, icons::ROWS, Needs::Vault, Group::Move, &[plain(Key::F2)]),
    row(Action::FocusDetail, icons::TEXTBOX, Needs::Vault, Group::Move, &[plain(Key::F3)]),
    row(Action::NextPane, icons::ARROW_RIGHT, Needs::Vault, Group::Move, &[plain(Key::F6)]),
    row(Action::ZoomIn, icons::MAGNIFYING_GLASS_PLUS, Needs::Nothing, Group::Vault, &[cmd(Key::Plus), cmd(Key::Equals)]),
    row(Action::ZoomOut, icons::MAGNIFYING_GLASS_MINUS, Needs::Nothing, Group::Vault, &[cmd(Key::Minus)]),
    row(Action::ZoomReset, icons::TEXT_AA, Needs::Nothing, Group::Vault, &[cmd(Key::Num0)]),
    row(Action::Update, icons::ARROWS_CLOCKWISE, Needs::Update, Group::Vault, &[]),
    row(Action::Quit, icons::SIGN_OUT, Needs::Desktop, Group::Vault, &[cmd(Key::Q)]),
];

impl Action {
    /// Its row.
    pub fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.action == self).expect("a test holds the table to every action")
    }

    /// Its words, for menus and the palette.
    pub fn label(self) -> String {
        match self {
            Self::Search => fl!("action-search"),
            Self::Palette => fl!("action-palette"),
            Self::NewItem => fl!("action-new-item"),
            Self::Edit => fl!("action-edit"),
            Self::Save => fl!("action-save"),
            Self::Cancel => fl!("action-cancel"),
            Self::CopyUserName => fl!("action-copy-user-name"),
            Self::CopySecret => fl!("action-copy-secret"),
            Self::CopyTotp => fl!("action-copy-totp"),
            Self::CopyUrl => fl!("action-copy-url"),
            Self::OpenUrl => fl!("action-open-url"),
            Self::Reveal => fl!("action-reveal"),
            Self::Duplicate => fl!("action-duplicate"),
            Self::Trash => fl!("action-trash"),
            Self::Favourite => fl!("action-favourite"),
            Self::Archive => fl!("action-archive"),
            Self::History => fl!("action-history"),
            Self::Generator => fl!("action-generator"),
            Self::Lock => fl!("action-lock"),
            Self::Overview => fl!("action-overview"),
            Self::Settings => fl!("action-settings"),
            Self::Backup => fl!("action-backup"),
            Self::SyncNow => fl!("action-sync-now"),
            Self::Shortcuts => fl!("action-shortcuts"),
            Self::FocusSidebar => fl!("action-focus-sidebar"),
            Self::FocusList => fl!("action-focus-list"),
            Self::FocusDetail => fl!("action-focus-detail"),
            Self::NextPane => fl!("action-next-pane"),
            Self::ZoomIn => fl!("action-zoom-in"),
            Self::ZoomOut => fl!("action-zoom-out"),
            Self::ZoomReset => fl!("action-zoom-reset"),
            Self::Update => fl!("action-update"),
            Self::Quit => fl!("action-quit"),
        }
    }

    /// Its name in the settings file; never changed once written.
    pub fn id(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Palette => "palette",
            Self::NewItem => "new-item",
            Self::Edit => "edit",
            Self::Save => "save",
            Self::Cancel => "cancel",
            Self::CopyUserName => "copy-user-name",
            Self::CopySecret => "copy-secret",
            Self::CopyTotp => "copy-totp",
            Self::CopyUrl => "copy-url",
            Self::OpenUrl => "open-url",
            Self::Reveal => "reveal",
            Self::Duplicate => "duplicate",
            Self::Trash => "trash",
            Self::Favourite => "favourite",
            Self::Archive => "archive",
            Self::History => "history",
            Self::Generator => "generator",
            Self::Lock => "lock",
            Self::Overview => "overview",
            Self::Settings => "settings",
            Self::Backup => "backup",
            Self::SyncNow => "sync-now",
            Self::Shortcuts => "shortcuts",
            Self::FocusSidebar => "focus-sidebar",
            Self::FocusList => "focus-list",
            Self::FocusDetail => "focus-detail",
            Self::NextPane => "next-pane",
            Self::ZoomIn => "zoom-in",
            Self::ZoomOut => "zoom-out",
            Self::ZoomReset => "zoom-reset",
            Self::Update => "update",
            Self::Quit => "quit",
        }
    }

    /// The first shortcut in force in words; empty if it has none, and where fingers are the pointer and a keyboard is unlikely.
    pub fn keys(self, ctx: &Context) -> String {
        if is_touch(ctx) {
            return String::new();
        }
        Keymap::in_force(ctx).of(self).first().map(|keys| keys_text(ctx, keys)).unwrap_or_default()
    }
}

/// A shortcut in words: `Ctrl+N`, or symbols on a Mac.
pub fn keys_text(ctx: &Context, keys: &KeyboardShortcut) -> String {
    let is_mac = ctx.os().is_mac();
    let (names, key) = if is_mac {
        (&ModifierNames::SYMBOLS, keys.logical_key.symbol_or_name())
    } else {
        (&ModifierNames::NAMES, key_name(keys.logical_key))
    };
    let modifiers = names.format(&keys.modifiers, is_mac);
    match modifiers.is_empty() {
        true => key.to_owned(),
        false => format!("{modifiers}{}{key}", names.concat),
    }
}

/// What is printed on the key.
fn key_name(key: Key) -> &'static str {
    match key {
        Key::Escape => "Esc",
        Key::Delete => "Del",
        Key::Slash => "/",
        Key::Questionmark => "?",
        Key::Comma => ",",
        Key::Plus => "+",
        Key::Equals => "=",
        Key::Minus => "\u{2212}",
        _ => key.name(),
    }
}

/// Takes the shortcuts pressed in this frame out of the input. Plain keys wait while a text is being edited, and
/// under a dialog or menu only what concerns the window as a whole is taken.
pub fn pressed(ctx: &Context, covered: bool) -> Vec<Action> {
    let typing = ctx.text_edit_focused();
    let keymap = Keymap::in_force(ctx);
    let mut found = Vec::new();
    ctx.input_mut(|input| {
        // Longer combinations first: Ctrl+Shift+F must not count as Ctrl+F.
        let mut all: Vec<(KeyboardShortcut, Action)> = keymap.all().collect();
        all.sort_by_key(|(keys, _)| !keys.modifiers.shift);
        for (keys, action) in all {
            if typing && text_owns(&keys, action) {
                continue;
            }
            if covered
                && !matches!(action, Action::Lock | Action::Palette | Action::ZoomIn | Action::ZoomOut | Action::ZoomReset | Action::Quit)
            {
                continue;
            }
            if input.consume_shortcut(&keys) {
                found.push(action);
            }
        }
        // Where the platform turns Ctrl+C into a copy event, it never arrives as a key.
        if !typing
            && !covered
            && keymap.of(Action::CopySecret).contains(&cmd(Key::C))
            && input.events.iter().any(|event| matches!(event, egui::Event::Copy))
            && !found.contains(&Action::CopySecret)
        {
            found.push(Action::CopySecret);
        }
    });
    found
}

/// Whether keys belong to the text that is being edited: those that type, and Ctrl+C, Delete and Ctrl+Home.
fn text_owns(keys: &KeyboardShortcut, action: Action) -> bool {
    let bare = keys.modifiers == Modifiers::NONE || keys.modifiers == Modifiers::SHIFT;
    // A Mac moves and deletes in a text with Control.
    let control = keys.modifiers.ctrl && !keys.modifiers.command;
    let types = bare && !keymap::is_function(keys.logical_key) && keys.logical_key != Key::Escape;
    types || control || *keys == cmd(Key::C) || matches!(action, Action::Trash | Action::Overview)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_one_row_and_its_own_words() {
        let mut words = HashSet::new();
        for row in TABLE {
            assert_eq!(TABLE.iter().filter(|other| other.action == row.action).count(), 1, "{:?}", row.action);
            assert!(words.insert(row.action.label()), "{:?} has the words of another", row.action);
            assert!(words.insert(row.action.id().to_owned()), "{:?} has the name of another", row.action);
        }
    }
}
