//! Which browser this is, as the person knows it.

use vault_ui::platform::{Browser, BrowserEngine};
use wasm_bindgen::JsValue;

use super::js;

fn navigator() -> JsValue {
    js::property(&js_sys::global(), "navigator")
}

fn user_agent() -> String {
    js::property(&navigator(), "userAgent").as_string().unwrap_or_default()
}

/// The name of this device in the vault: browser and system.
pub(super) fn device_name() -> String {
    name_of(&user_agent())
}

fn name_of(agent: &str) -> String {
    let browser = match () {
        () if agent.contains("Firefox/") => "Firefox",
        () if agent.contains("Edg/") => "Edge",
        () if agent.contains("OPR/") => "Opera",
        () if agent.contains("Chrome/") || agent.contains("CriOS/") => "Chrome",
        () if agent.contains("Safari/") => "Safari",
        () => "Browser",
    };
    let system = match () {
        () if agent.contains("Android") => "Android",
        () if agent.contains("iPhone") || agent.contains("iPad") => "iOS",
        () if agent.contains("Windows") => "Windows",
        () if agent.contains("Mac OS") => "macOS",
        () if agent.contains("CrOS") => "ChromeOS",
        () if agent.contains("Linux") => "Linux",
        () => return browser.to_owned(),
    };
    format!("{browser} on {system}")
}

/// What the window should know of it.
pub(super) fn describe() -> Browser {
    let agent = user_agent();
    let engine = match () {
        () if agent.contains("Firefox/") => BrowserEngine::Firefox,
        () if agent.contains("Chrome/") => BrowserEngine::Chromium,
        () if agent.contains("Safari/") => BrowserEngine::Safari,
        () => BrowserEngine::Other,
    };
    let matches =
        |query: &str| web_sys::window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches());
    Browser {
        engine,
        touch: matches("(pointer: coarse)"),
        installed: matches("(display-mode: standalone)"),
        file_pickers: js::property(&js_sys::global(), "showSaveFilePicker").is_function(),
    }
}

/// The language the person reads, as a BCP 47 tag.
pub(super) fn language() -> Option<String> {
    js::property(&navigator(), "language").as_string()
}
