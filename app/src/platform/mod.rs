//! What differs between the systems and the browser: `native` and `web` offer the same functions. The `cfg`s stand here and in
//! `native/os/mod.rs`, nowhere else.

mod key_file;
pub(crate) mod names;
#[cfg(not(target_arch = "wasm32"))]
mod native;
pub(crate) mod pictures;
#[cfg(target_arch = "wasm32")]
mod web;
/// Likewise.
#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "web/backoff.rs"]
mod web_backoff;
/// Likewise.
#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "web/mirror/tree/mod.rs"]
mod web_mirror_tree;
/// Likewise.
#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "web/pool/plan.rs"]
mod web_pool_plan;
/// Pure, so the tests of every platform run it.
#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "web/wire.rs"]
mod web_wire;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::*;
#[cfg(target_arch = "wasm32")]
pub(crate) use web::*;
