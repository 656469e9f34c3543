//! NT² Vault: the window, or with a subcommand the command line. Both are clients of the engine.
//!
//! This crate is the shell: threads, files, key stores, clipboard, dialogs. It draws nothing itself and never sees a key.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]

mod cli;
mod platform;
mod shell;

use std::process::ExitCode;

use clap::Parser as _;

/// Wipes all memory that is given back, whatever held a copy of a secret.
#[global_allocator]
static ALLOCATOR: vault_hygiene::WipingAllocator = vault_hygiene::WipingAllocator;

fn main() -> ExitCode {
    platform::quiet_panics();
    // Where the system refuses, the program still runs: a vault must open.
    vault_hygiene::disable_core_dumps().ok();
    vault_hygiene::make_files_private();
    if std::env::args_os().nth(1).is_some_and(|argument| argument == platform::preview::ARGUMENT) {
        return platform::preview::serve();
    }
    let cli = cli::args::Cli::parse();
    match cli.command {
        Some(job) => cli::main(cli.global, job),
        None => shell::main(cli.global),
    }
}
