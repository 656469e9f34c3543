//! Packs the browser build, serves it, and runs its tests. Apart from `xtask`, so that other chores do not wait for what this one is made of.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod browser;
mod compile;
mod pack;
mod policy;
mod serve;
mod tools;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};

use crate::serve::Until;

/// The browser build.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Compiles the program for the browser and packs it into dist/web.
    Build {
        /// How it is compiled.
        #[arg(long, value_enum, default_value_t = Profile::Web)]
        profile: Profile,
        #[command(flatten)]
        settings: Settings,
        /// Where to, instead of dist/web.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Packs a program that is already compiled: a folder with what `build` binds.
    Pack {
        /// That folder.
        #[arg(long)]
        app: PathBuf,
        #[command(flatten)]
        settings: Settings,
        /// Where to.
        #[arg(long)]
        out: PathBuf,
    },
    /// Serves a packed program on this machine and prints the address.
    Serve {
        /// 0 = any that is free.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// What to serve, instead of dist/web.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Ends when its standard input does.
        #[arg(long)]
        until_input_ends: bool,
    },
    /// Compiles for tests and runs them in Chromium.
    Test {
        /// Only tests whose name matches.
        only: Option<String>,
        /// Only what needs no compiled program.
        #[arg(long)]
        without_program: bool,
    },
    /// Compiles what ships and measures it in Chromium, beside the native program; prints one table.
    Bench {
        /// The native program, built in release.
        #[arg(long)]
        nt2: PathBuf,
        /// Items of the large vault.
        #[arg(long, default_value_t = 100_000)]
        items: usize,
        /// A program that is already compiled: a folder with what `build` binds.
        #[arg(long)]
        app: Option<PathBuf>,
    },
}

/// A profile of Cargo.toml.
#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    /// What ships.
    Web,
    /// For tests: soon built.
    WebCi,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::WebCi => "web-ci",
        }
    }
}

/// What the operator decides when packing.
#[derive(clap::Args)]
struct Settings {
    /// PUBLIC_API_URL of config.json: the server that syncs. Empty = none is offered.
    #[arg(long, default_value = "")]
    api_url: String,
}

fn main() -> ExitCode {
    match run(Args::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask-web: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), String> {
    match task {
        Task::Build { profile, settings, out } => {
            tools::check()?;
            let app = compile::app(profile.name())?;
            pack::pack(&app, &settings.api_url, &out.unwrap_or_else(dist))
        }
        Task::Pack { app, settings, out } => pack::pack(&app, &settings.api_url, &out),
        Task::Serve { port, dir, until_input_ends } => {
            let until = if until_input_ends { Until::InputEnds } else { Until::Stopped };
            serve::run(port, dir.unwrap_or_else(dist), until)
        }
        Task::Test { only, without_program } => {
            let app = if without_program {
                None
            } else {
                tools::check()?;
                Some(compile::app(Profile::WebCi.name())?)
            };
            browser::test(app.as_deref(), only.as_deref())
        }
        Task::Bench { nt2, items, app } => {
            let app = match app {
                Some(app) => app,
                None => {
                    tools::check()?;
                    compile::app(Profile::Web.name())?
                }
            };
            browser::bench(&app, &nt2, items)
        }
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

fn dist() -> PathBuf {
    root().join("dist/web")
}
