//! How safe what the browser keeps is.

use vault_ui::platform::{Mirror, Persistence, Storage};
use wasm_bindgen::JsValue;
use web_sys::StorageManager;

use super::{js, settings};

/// Whether this browser was ever asked to keep the vault.
const ASKED: &str = "nt2-persist-asked";

fn manager() -> Option<StorageManager> {
    let storage = js::property(&web_sys::window()?.navigator(), "storage");
    if storage.is_undefined() { None } else { Some(storage.into()) }
}

/// Asks the browser to keep what it holds.
pub(super) async fn persist() {
    settings::write(ASKED, "1");
    if let Some(manager) = manager() {
        // Its answer shows in what is described next.
        js::call(&manager, "persist", &[]).await.ok();
    }
}

/// What it promises and gives.
pub(super) async fn describe(mirror: Mirror) -> Storage {
    let Some(manager) = manager() else {
        return Storage { persistence: Persistence::Unsupported, usage_bytes: None, quota_bytes: None, mirror };
    };
    let persistence = match js::call(&manager, "persisted", &[]).await.map(|answer| answer.is_truthy()) {
        Err(_) => Persistence::Unsupported,
        Ok(true) => Persistence::Persisted,
        Ok(false) if settings::read(ASKED).is_some() => Persistence::Refused,
        Ok(false) => Persistence::NotAsked,
    };
    let estimate = js::call(&manager, "estimate", &[]).await.unwrap_or(JsValue::UNDEFINED);
    let bytes = |name: &str| js::property(&estimate, name).as_f64().map(|bytes| bytes as u64);
    Storage { persistence, usage_bytes: bytes("usage"), quota_bytes: bytes("quota"), mirror }
}
