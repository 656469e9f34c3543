//! Windows, macOS and the Unixes: threads, files, key stores, clipboard.

mod asks;
pub(crate) mod clipboard;
pub(crate) mod dialogs;
pub(crate) mod engine;
pub(crate) mod files;
pub(crate) mod host;
pub(crate) mod keys;
mod network;
pub(crate) mod os;
pub(crate) mod paths;
pub(crate) mod preview;
mod rating;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod surroundings;
pub(crate) mod window;

use std::{
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Parser as _;

use crate::cli;

/// What the process ends with.
pub(crate) type Exit = ExitCode;

/// A preview's child, a subcommand, or the window.
pub(crate) fn main() -> Exit {
    quiet_panics();
    // Where the system refuses, the program still runs: a vault must open.
    vault_hygiene::disable_core_dumps().ok();
    vault_hygiene::make_files_private();
    if std::env::args_os().nth(1).is_some_and(|argument| argument == preview::ARGUMENT) {
        return preview::serve();
    }
    let cli = cli::args::Cli::parse();
    match cli.command {
        Some(job) => cli::main(cli.global, job),
        None => window::main(cli.global),
    }
}

/// The wall clock, Unix milliseconds; 0 before 1970.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Makes a panic say where it happened and nothing of what it was about: the text of a panic may quote a secret.
fn quiet_panics() {
    if cfg!(debug_assertions) {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write as _;
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Nobody may be left to read it.
        writeln!(std::io::stderr(), "nt2: internal error at {place}").ok();
    }));
}
