//! `cargo xtask`: everything that is done to this repository by a machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod bench;
mod deny;
mod notices;
mod run;
mod setup;
mod steps;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of this repository.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Formatting, lints, licences, the browser target: what needs no test run.
    Check,
    /// Everything that CI runs: installs what is missing, checks, tests. Prints the time of each step.
    Test,
    /// What is too long for CI.
    Long,
    /// Our budgets measured beside other programs, as one table. Wants a quiet machine, some minutes and 5 GiB of disk.
    Bench(bench::Sizes),
    /// Licences, bans and sources of all dependencies, offline.
    Deny,
    /// Prints every crate that the program contains, with its licence and its texts: the THIRD-PARTY.txt of a release.
    Notices,
}

fn main() -> ExitCode {
    let result = match Args::parse().task {
        Task::Check => setup::toolchain().and_then(|()| run::all(&steps::check())),
        Task::Test => setup::everything().and_then(|()| run::all(&[steps::check(), steps::test()].concat())),
        Task::Long => setup::everything().and_then(|()| run::all(&steps::long())),
        Task::Bench(sizes) => setup::peers().and_then(|()| bench::run(&sizes)),
        Task::Deny => deny::check(),
        Task::Notices => notices::print(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
