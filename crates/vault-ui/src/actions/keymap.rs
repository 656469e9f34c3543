//! Which keys do what: the table's, a browser's where the browser keeps those for itself, or the person's own.

use std::{collections::BTreeMap, sync::Arc};

use egui::{Context, Id, Key, KeyboardShortcut, Modifiers};

use super::{Action, TABLE, cmd, cmd_shift, plain};
use crate::{fl, platform::Platform};

/// The shortcuts that a person changed: by [`Action::id`], in the words of [`write_keys`]. An empty list: none.
pub type OwnKeys = BTreeMap<String, Vec<String>>;

/// The shortcuts in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    keys: Vec<(Action, Vec<KeyboardShortcut>)>,
    platform: Platform,
    is_mac: bool,
}

/// Why a shortcut can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This action has it.
    Taken(Action),
    /// Copying, pasting and undoing need it.
    Editing,
    /// The browser keeps it for itself.
    Browser,
    /// A key that types, moves or presses by itself.
    Plain,
}

impl Keymap {
    /// The table, as this platform can have it, with the person's changes. A change that can't be read is left out.
    pub fn new(platform: Platform, is_mac: bool, own: &OwnKeys) -> Self {
        let mut keymap = Self { keys: Vec::with_capacity(TABLE.len()), platform, is_mac };
        for row in TABLE {
            let keys = match own.get(row.action.id()) {
                Some(texts) if row.action != Action::Cancel => texts.iter().filter_map(|text| parse_keys(text)).collect(),
                _ => keymap.usual(row.action),
            };
            keymap.keys.push((row.action, keys));
        }
        keymap
    }

    /// Those in force in this window.
    pub fn in_force(ctx: &Context) -> Arc<Self> {
        ctx.data(|data| data.get_temp(id())).unwrap_or_else(|| Arc::new(Self::new(Platform::Desktop, ctx.os().is_mac(), &OwnKeys::new())))
    }

    /// Makes these the ones in force.
    pub(crate) fn install(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(id(), Arc::new(self)));
    }

    /// The keys of an action; the first one is shown.
    pub fn of(&self, action: Action) -> &[KeyboardShortcut] {
        self.keys.iter().find(|(of, _)| *of == action).map_or(&[], |(_, keys)| keys)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (KeyboardShortcut, Action)> {
        self.keys.iter().flat_map(|(action, keys)| keys.iter().map(|keys| (*keys, *action)))
    }

    /// The keys that an action has on this platform when nobody changed them.
    pub fn usual(&self, action: Action) -> Vec<KeyboardShortcut> {
        match self.platform {
            Platform::Desktop => action.row().keys.to_vec(),
            Platform::Browser(_) => browser_keys(action, self.is_mac).unwrap_or_else(|| action.row().keys.to_vec()),
        }
    }

    /// Whether `action` may have these keys.
    ///
    /// # Errors
    ///
    /// Why it may not: see [`Refusal`].
    pub fn check(&self, action: Action, keys: &KeyboardShortcut) -> Result<(), Refusal> {
        if self.usual(action).contains(keys) {
            // What the table gives is never too little; it may have been given to another since.
        } else if is_plain_key(keys) {
            return Err(Refusal::Plain);
        } else if EDITING.iter().any(|editing| cmd(*editing) == *keys) {
            return Err(Refusal::Editing);
        } else if self.platform.is_browser() && is_owned_by_browsers(keys) {
            return Err(Refusal::Browser);
        }
        match self.all().find(|(taken, by)| taken == keys && *by != action) {
            Some((_, by)) => Err(Refusal::Taken(by)),
            None => Ok(()),
        }
    }
}

impl Refusal {
    /// The sentence for the person; `keys` in words.
    pub fn sentence(self, keys: String) -> String {
        match self {
            Self::Taken(action) => fl!("keys-taken", keys = keys, action = action.label()),
            Self::Editing => fl!("keys-editing", keys = keys),
            Self::Browser => fl!("keys-browser", keys = keys),
            Self::Plain => fl!("keys-plain"),
        }
    }
}

/// With Ctrl, these belong to every text.
const EDITING: [Key; 6] = [Key::A, Key::C, Key::V, Key::X, Key::Y, Key::Z];

/// Letters that browsers keep, with Ctrl or Command: new window, tab and window closing, address, reload.
const BROWSER_LETTERS: [Key; 5] = [Key::N, Key::T, Key::W, Key::L, Key::R];

fn is_owned_by_browsers(keys: &KeyboardShortcut) -> bool {
    let modifiers = keys.modifiers;
    let key = keys.logical_key;
    let command = modifiers.command || modifiers.ctrl;
    let moves_in_history = modifiers.alt && !modifiers.shift && matches!(key, Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::D);
    let letters = BROWSER_LETTERS.contains(&key) && !(modifiers.shift && key == Key::L);
    let tabs = matches!(key, Key::Tab | Key::PageUp | Key::PageDown | Key::Num1 | Key::Num2 | Key::Num3 | Key::Num4 | Key::Num5)
        || matches!(key, Key::Num6 | Key::Num7 | Key::Num8 | Key::Num9 | Key::Num0 | Key::Plus | Key::Minus | Key::Equals | Key::F4);
    let functions = matches!(key, Key::F5 | Key::F6 | Key::F7 | Key::F11 | Key::F12);
    functions || moves_in_history || (command && (letters || tabs || matches!(key, Key::Q | Key::J | Key::P)))
}

/// A key that does something of its own in a list or a text: alone it can't be a shortcut.
fn is_plain_key(keys: &KeyboardShortcut) -> bool {
    let bare = !keys.modifiers.command && !keys.modifiers.ctrl && !keys.modifiers.alt;
    let key = keys.logical_key;
    let named = matches!(key, Key::Slash | Key::Questionmark | Key::Delete | Key::Insert | Key::Comma | Key::Period);
    let always = matches!(key, Key::Escape | Key::Tab | Key::Enter | Key::Space | Key::Backspace);
    always || (bare && !is_function(key) && !named)
}

/// F1 to F12.
pub(super) fn is_function(key: Key) -> bool {
    let name = key.name();
    name.len() > 1 && name.starts_with('F') && name[1..].chars().all(|c| c.is_ascii_digit())
}

/// What takes the place of keys that a browser keeps, or whose use there a person would miss (bookmark, history, zoom, the way from the
/// page to the browser with F6). `None`: the table's keys work.
fn browser_keys(action: Action, is_mac: bool) -> Option<Vec<KeyboardShortcut>> {
    // On a Mac, Option with a letter types a sign; Control is free there.
    let free = if is_mac { Modifiers::CTRL } else { Modifiers::ALT };
    let letter = |key| vec![KeyboardShortcut::new(free, key)];
    let shifted = |key| vec![KeyboardShortcut::new(free.plus(Modifiers::SHIFT), key)];
    Some(match action {
        Action::NewItem => letter(Key::N),
        Action::CopyTotp => letter(Key::T),
        Action::CopyUrl => letter(Key::U),
        Action::OpenUrl => shifted(Key::U),
        Action::Reveal => letter(Key::R),
        Action::History => letter(Key::H),
        Action::Generator => letter(Key::G),
        Action::Duplicate => shifted(Key::D),
        Action::Archive => shifted(Key::A),
        Action::Lock => [letter(Key::L), vec![cmd_shift(Key::L)]].concat(),
        Action::NextPane => vec![plain(Key::F8)],
        Action::ZoomIn | Action::ZoomOut | Action::ZoomReset | Action::Quit => Vec::new(),
        _ => return None,
    })
}

/// A shortcut as settings keep it: `Ctrl+Shift+N`, the same on every system; `Ctrl` is Command on a Mac, whose Control is `Control`.
pub fn write_keys(keys: &KeyboardShortcut) -> String {
    let modifiers = keys.modifiers;
    let mut text = String::new();
    for (on, name) in [
        (modifiers.command, "Ctrl+"),
        (modifiers.ctrl && !modifiers.command, "Control+"),
        (modifiers.alt, "Alt+"),
        (modifiers.shift, "Shift+"),
    ] {
        if on {
            text.push_str(name);
        }
    }
    text + keys.logical_key.name()
}

/// Reads what [`write_keys`] wrote.
pub fn parse_keys(text: &str) -> Option<KeyboardShortcut> {
    let mut modifiers = Modifiers::NONE;
    let mut rest = text;
    // A name of a key never ends in `+` with more behind it, so this also reads `Ctrl++` if a key is called so.
    while let Some((name, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
        modifiers = modifiers.plus(match name {
            "Ctrl" => Modifiers::COMMAND,
            "Control" => Modifiers::CTRL,
            "Alt" => Modifiers::ALT,
            "Shift" => Modifiers::SHIFT,
            _ => return None,
        });
        rest = after;
    }
    Some(KeyboardShortcut::new(modifiers, Key::from_name(rest)?))
}

/// The shortcut that was just pressed: the first key that is not a mere modifier. Taken out of the input.
pub(crate) fn record(ctx: &Context) -> Option<KeyboardShortcut> {
    let is_mac = ctx.os().is_mac();
    ctx.input_mut(|input| {
        let pressed = input.events.iter().find_map(|event| match event {
            egui::Event::Key { key, pressed: true, repeat: false, modifiers, .. } => Some((*key, *modifiers)),
            // Platforms turn these into events of their own.
            egui::Event::Copy => Some((Key::C, Modifiers::COMMAND)),
            egui::Event::Cut => Some((Key::X, Modifiers::COMMAND)),
            egui::Event::Paste(_) => Some((Key::V, Modifiers::COMMAND)),
            _ => None,
        })?;
        input.events.retain(|event| !matches!(event, egui::Event::Key { .. } | egui::Event::Text(_) | egui::Event::Paste(_)));
        let (key, held) = pressed;
        let mut modifiers = Modifiers::NONE;
        for (on, one) in [
            (held.command || (held.ctrl && !is_mac), Modifiers::COMMAND),
            (held.ctrl && is_mac, Modifiers::CTRL),
            (held.alt, Modifiers::ALT),
            (held.shift, Modifiers::SHIFT),
        ] {
            if on {
                modifiers = modifiers.plus(one);
            }
        }
        Some(KeyboardShortcut::new(modifiers, key))
    })
}

fn id() -> Id {
    Id::unique("nt2 keymap")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::platform::{Browser, BrowserEngine};

    fn browser() -> Platform {
        Platform::Browser(Browser { engine: BrowserEngine::Chromium, touch: false, installed: false, file_pickers: true })
    }

    #[test]
    fn no_two_actions_share_a_shortcut_anywhere() {
        for (platform, is_mac) in [(Platform::Desktop, false), (browser(), false), (browser(), true)] {
            let mut seen = HashSet::new();
            for (keys, action) in Keymap::new(platform, is_mac, &OwnKeys::new()).all() {
                assert!(seen.insert(write_keys(&keys)), "{action:?} shares {keys:?} on {platform:?}");
            }
        }
    }

    #[test]
    fn nothing_that_browsers_keep_is_used_there() {
        for is_mac in [false, true] {
            for (keys, action) in Keymap::new(browser(), is_mac, &OwnKeys::new()).all() {
                // Control is not Command on a Mac, and browsers leave it alone.
                let free_on_a_mac = is_mac && keys.modifiers.ctrl && !keys.modifiers.command;
                assert!(free_on_a_mac || !is_owned_by_browsers(&keys), "{action:?} has {}", write_keys(&keys));
            }
        }
    }

    #[test]
    fn every_shortcut_is_read_back_as_it_was_written() {
        for platform in [Platform::Desktop, browser()] {
            for (keys, _) in Keymap::new(platform, true, &OwnKeys::new()).all() {
                assert_eq!(parse_keys(&write_keys(&keys)), Some(keys), "{}", write_keys(&keys));
            }
        }
        for text in ["", "Ctrl+", "Hyper+N", "Ctrl+Nothing"] {
            assert_eq!(parse_keys(text), None, "{text}");
        }
    }

    #[test]
    fn own_keys_replace_the_usual_ones_and_nonsense_is_left_out() {
        let own = OwnKeys::from([
            ("new-item".to_owned(), vec!["Ctrl+J".to_owned(), "nonsense".to_owned()]),
            ("lock".to_owned(), Vec::new()),
            ("of-another-version".to_owned(), vec!["Ctrl+1".to_owned()]),
            ("cancel".to_owned(), Vec::new()),
        ]);
        let keymap = Keymap::new(Platform::Desktop, false, &own);
        assert_eq!(keymap.of(Action::NewItem), [cmd(Key::J)]);
        assert!(keymap.of(Action::Lock).is_empty());
        assert_eq!(keymap.of(Action::Cancel), [plain(Key::Escape)], "a way out of everything stays");
    }

    #[test]
    fn a_shortcut_that_is_taken_or_does_something_else_is_refused() {
        let check = |platform, keys| Keymap::new(platform, false, &OwnKeys::new()).check(Action::NewItem, &keys);
        assert_eq!(check(Platform::Desktop, cmd(Key::J)), Ok(()));
        assert_eq!(check(Platform::Desktop, cmd(Key::N)), Ok(()), "its own");
        assert_eq!(check(Platform::Desktop, cmd(Key::F)), Err(Refusal::Taken(Action::Search)));
        assert_eq!(check(Platform::Desktop, cmd(Key::V)), Err(Refusal::Editing));
        assert_eq!(check(Platform::Desktop, plain(Key::N)), Err(Refusal::Plain));
        assert_eq!(check(Platform::Desktop, plain(Key::Escape)), Err(Refusal::Plain));
        assert_eq!(check(Platform::Desktop, plain(Key::F9)), Ok(()));
        assert_eq!(check(browser(), cmd(Key::N)), Err(Refusal::Browser));
        assert_eq!(check(browser(), cmd_shift(Key::T)), Err(Refusal::Browser));
        assert_eq!(check(browser(), plain(Key::F5)), Err(Refusal::Browser));
    }
}
