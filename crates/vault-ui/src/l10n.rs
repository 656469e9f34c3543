//! Words of the interface by key, in the language in force.
//!
//! `fl!("key", name = value)` is checked at compile time against English; a test holds German to the same keys.

use i18n_embed::{
    LanguageLoader,
    fluent::{FluentLanguageLoader, fluent_language_loader},
};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

use crate::platform::Platform;

#[derive(RustEmbed)]
#[folder = "../../assets/locales"]
struct Locales;

/// A language that the interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language for a system's tag such as `de-AT`; English if we have no better.
    pub fn for_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("de") { Self::De } else { Self::En }
    }
}

/// The text of a key: `fl!("unlock")`, `fl!("items-found", n = 3)`.
#[macro_export]
macro_rules! fl {
    ($key:literal) => { i18n_embed_fl::fl!($crate::l10n::loader(), $key) };
    ($key:literal, $($args:tt)*) => { i18n_embed_fl::fl!($crate::l10n::loader(), $key, $($args)*) };
}

/// What `fl!` reads from. English until [`set_language`] is called.
///
/// One per thread: the window lives on one, and tests of several languages run beside each other. It is made once and never freed.
pub fn loader() -> &'static FluentLanguageLoader {
    thread_local! {
        static LOADER: &'static FluentLanguageLoader = {
            let loader = fluent_language_loader!();
            load(&loader, Language::En);
            Box::leak(Box::new(loader))
        };
    }
    LOADER.with(|loader| *loader)
}

/// Switches all text of this thread from the next frame on.
pub fn set_language(language: Language) {
    load(loader(), language);
}

/// Says in which words the place of the vault is called from the next frame on: a page speaks of its browser.
pub fn set_here(platform: Platform) {
    HERE.set(if platform.is_browser() { "browser" } else { "computer" });
}

/// The `here` of texts that name the place: `fl!("first-text", here = l10n::here())`.
pub fn here() -> &'static str {
    HERE.get()
}

thread_local! {
    static HERE: std::cell::Cell<&'static str> = const { std::cell::Cell::new("computer") };
}

/// The language in force.
pub fn language() -> Language {
    Language::for_tag(&loader().current_language().to_string())
}

fn load(loader: &FluentLanguageLoader, language: Language) {
    let tags: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
    // The files are embedded and tested; should one not parse, English or the key itself shows.
    loader.load_languages(&Locales, &tags).ok();
    // Our fonts and screen readers need no marks around inserted names.
    loader.set_use_isolating(false);
}

/// The text of a key that is known only at run time, such as a template's; `None` if there is none.
pub fn text_of(key: &str) -> Option<String> {
    loader().has(key).then(|| loader().get(key))
}

/// The word for a kind of item (template slug); the slug itself if it is unknown.
pub fn kind_name(slug: &str) -> String {
    text_of(&format!("kind-{slug}")).unwrap_or_else(|| slug.to_owned())
}

/// The label of a template field; its id if it is unknown.
pub fn field_label(id: &str) -> String {
    text_of(&format!("field-{id}")).unwrap_or_else(|| id.to_owned())
}
