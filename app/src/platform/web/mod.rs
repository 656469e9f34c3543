//! The browser: the same program in a page and in workers beside it.
//!
//! `window` is the page's entry, `worker` the engine's; `argon` and `preview` are short-lived workers, `rating` is one that stays. Between page and engine: `engine` on
//! the page's side, `wire` for commands and events, `dialogs` and `sinks` for files. `mirror` is what a screen reader reads.

mod argon;
mod backoff;
mod blobs;
mod browser;
mod clipboard;
mod dialogs;
pub(crate) mod engine;
mod host;
mod idb;
mod js;
mod keys;
mod mirror;
mod network;
mod opfs;
mod pool;
mod preview;
mod rating;
mod settings;
mod sinks;
mod standing_backup;
mod storage;
pub(crate) mod surroundings;
mod tabs;
mod window;
mod wire;
mod worker;
mod workers;

use wasm_bindgen::JsCast as _;
use web_sys::DedicatedWorkerGlobalScope;

use workers::Role;

/// A page does not end with a code.
pub(crate) type Exit = ();

/// The page, or the worker that this instance is started in.
pub(crate) fn main() -> Exit {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return window::main() };
    match Role::of(&scope) {
        Some(Role::Engine) => worker::serve(scope),
        Some(Role::Argon2) => argon::serve(&scope),
        // Nobody else starts workers of this program.
        None => scope.close(),
    }
}

/// The wall clock, Unix milliseconds.
pub(crate) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
