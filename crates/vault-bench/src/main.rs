//! `cargo xtask bench` runs this: our budgets (DESIGN §11) measured beside the programs they are compared with, in one run, as one table.
//!
//! Linux only: it needs Debian's keepassxc, age, argon2 and libsodium-dev, and a C compiler. What is computed is timed by CPU time, which
//! another load on the machine changes least; what waits for the disk is timed by the clock on the wall. Both sides take turns.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its streams")]

mod attachment;
mod crypto;
mod editing;
mod measure;
mod opening;
mod peers;
mod search;
mod table;
mod vault;
mod window;

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{peers::Peer, table::Row, vault::MadeUp};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Measures this program beside others and prints one table.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    task: Option<Task>,
    /// Items of the large vault; the small one has a tenth.
    #[arg(long, default_value_t = 100_000)]
    items: usize,
    /// Length of the attachment.
    #[arg(long, default_value_t = 1.0)]
    gib: f64,
    /// The stripped release executable.
    #[arg(long)]
    nt2: Option<PathBuf>,
    /// A bare eframe window, the example `bare_window` of the same build.
    #[arg(long)]
    bare: Option<PathBuf>,
    /// Where temporary files go, on the disk that is to be measured; deleted at the end.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Task {
    /// One side of the attachment lines, in a process of its own.
    #[command(hide = true)]
    Attach { plain: PathBuf, folder: PathBuf, out: PathBuf },
    /// The lines of the window alone.
    Window,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match &args.task {
        Some(Task::Attach { plain, folder, out }) => attachment::child(plain, folder, out).map(|line| line + "\n"),
        Some(Task::Window) => {
            tempfile::tempdir().map_err(Into::into).and_then(|dir| window_rows(&args, dir.path())).map(|rows| table::render(&rows))
        }
        None => measure_all(&args).map(|rows| table::render(&rows)),
    };
    match result {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("vault-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(args: &Args) -> Result<Vec<Row>> {
    let dir = match &args.dir {
        Some(dir) => tempfile::tempdir_in(dir)?,
        None => tempfile::tempdir()?,
    };
    let dir = dir.path();
    let peer = Peer::build(dir)?;
    let mut rows = Vec::new();
    for n_items in [args.items / 10, args.items] {
        note(&format!("a vault of {n_items} items"));
        let mut made_up = MadeUp::build(&dir.join(format!("vault-{n_items}")), n_items)?;
        note("opening");
        rows.push(opening::row(&mut made_up, &peer, dir)?);
        if n_items == args.items {
            note("search");
            rows.push(search::row(&mut made_up)?);
            note("edits");
            rows.push(editing::row(&mut made_up, dir)?);
        }
    }
    note("attachment");
    rows.extend(attachment::rows(&peer, dir, args.gib)?);
    note("ciphers and passwords");
    rows.extend(crypto::rows(&peer)?);
    rows.push(executable(args.nt2.as_deref())?);
    rows.push(Row::unmeasured("frame of 100,000 rows, p99; of 100 rows", "≤ 8 ms, ≤ 1.2"));
    rows.extend(window_rows(args, dir)?);
    Ok(rows)
}

/// The lines of the window alone, with the smaller vault.
fn window_rows(args: &Args, dir: &Path) -> Result<Vec<Row>> {
    let (Some(nt2), Some(bare)) = (&args.nt2, &args.bare) else { return Ok(vec![Row::unmeasured("the window", "—")]) };
    note("the window");
    window::rows(&MadeUp::build(&dir.join("vault-of-the-window"), args.items / 10)?, nt2, bare, dir)
}

/// Size of the executable, one file.
fn executable(path: Option<&Path>) -> Result<Row> {
    const MOST_MB: f64 = 20.0;
    let what = "executable, stripped";
    let Some(path) = path else { return Ok(Row::unmeasured(what, "≤ 20 MB")) };
    let mb = std::fs::metadata(path)?.len() as f64 / 1e6;
    Ok(Row::alone(what, format!("{mb:.1} MB")).target(format!("≤ {MOST_MB} MB"), mb <= MOST_MB))
}

/// Says what is being done, to a person who waits.
fn note(what: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("{what} …");
    }
}
