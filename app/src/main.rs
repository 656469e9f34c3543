//! NT² Vault: the window, native or in the browser, or with a subcommand the command line. All are clients of the engine.
//!
//! This crate is the shell: threads and workers, files, key stores, clipboard, dialogs. It draws nothing itself and never sees a key.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]

#[cfg(not(target_arch = "wasm32"))]
mod cli;
mod platform;
mod shell;

/// Wipes all memory that is given back, whatever held a copy of a secret.
#[global_allocator]
static ALLOCATOR: vault_hygiene::WipingAllocator = vault_hygiene::WipingAllocator;

/// In the browser it is called once in the page and once in each worker.
fn main() -> platform::Exit {
    platform::main()
}
