//! `cargo xtask`: everything that is done to this repository by a machine.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod bench;
mod deny;
mod fuzz;
mod notices;
mod run;
mod setup;
mod steps;
mod web;

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
    /// Our budgets measured beside other programs, as one table; with --web, the browser's. Wants a quiet machine, some minutes and 5 GiB of disk.
    Bench(bench::Sizes),
    /// Gives every parser of outside bytes some seconds under libFuzzer.
    Fuzz(fuzz::Fuzzing),
    /// Installs the object stores that the server's tests speak to.
    ObjectStores,
    /// Licences, bans and sources of all dependencies, offline.
    Deny,
    /// Compiles the program for the browser and packs it into dist/web.
    Web {
        /// web = what ships; web-ci = for tests, soon built.
        #[arg(long, default_value = "web")]
        profile: String,
        /// PUBLIC_API_URL of config.json: the server that syncs.
        #[arg(long, default_value = "")]
        api_url: String,
    },
    /// Serves dist/web on this machine, with the headers that a public server should send.
    Serve {
        /// 0 = any that is free.
        #[arg(long, default_value = "8080")]
        port: String,
    },
    /// Runs the tests of the browser build in Chromium.
    WebTest {
        /// Only tests whose name matches.
        only: Option<String>,
    },
    /// Prints every crate that the program contains, with its licence and its texts: the THIRD-PARTY.txt of a release.
    Notices,
}

fn main() -> ExitCode {
    let result = match Args::parse().task {
        Task::Check => setup::toolchain().and_then(|()| run::all(&steps::check())),
        Task::Test => setup::everything().and_then(|()| run::all(&[steps::check(), steps::test()].concat())),
        Task::Long => setup::everything().and_then(|()| run::all(&steps::long())),
        Task::Bench(sizes) => bench::run(&sizes),
        Task::Fuzz(fuzzing) => setup::toolchain().and_then(|()| fuzz::run(&fuzzing)),
        Task::ObjectStores => setup::object_stores(),
        Task::Deny => deny::check(),
        Task::Web { profile, api_url } => web::run(&["build", "--profile", &profile, "--api-url", &api_url]),
        Task::Serve { port } => web::run(&["serve", "--port", &port]),
        Task::WebTest { only } => setup::browser().and_then(|()| web::run(&[&["test"][..], only.as_deref().as_slice()].concat())),
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
