//! The command line: a client of the engine like the window. Its commands, output and exit codes are described in `app/CLI.md`.

pub(crate) mod args;
mod client;
mod draft;
mod error;
mod files;
mod items;
mod made_up;
mod print;
mod run;
mod secrets;
mod sync;
mod vaults;

use std::process::ExitCode;

/// Runs one command and says how it ended.
pub(crate) fn main(global: args::Global, job: args::Job) -> ExitCode {
    match run::run(global, job) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}
