//! What differs between the systems and the browser. The `cfg`s stand here and in `native/os/mod.rs`, nowhere else.

#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::*;
