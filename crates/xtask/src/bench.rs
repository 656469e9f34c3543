//! `cargo xtask bench`: builds in release what is measured, runs `vault-bench` or, with `--web`, the scripts of `tests/web/bench`, and leaves the
//! talking to them.

use std::{path::PathBuf, process::Command};

use clap::Args;

use crate::{deny, run::root, setup, web};

/// Sizes; the defaults are those of the budgets (DESIGN §11).
#[derive(Args)]
pub(crate) struct Sizes {
    /// Items of the large vault; the small one has a tenth.
    #[arg(long, default_value_t = 100_000)]
    items: usize,
    /// Length of the attachment in GiB.
    #[arg(long, default_value_t = 1.0)]
    gib: f64,
    /// The browser build in Chromium, beside the native program.
    #[arg(long, conflicts_with = "gib")]
    web: bool,
}

/// Prints the table.
pub(crate) fn run(sizes: &Sizes) -> Result<(), String> {
    if sizes.web { in_browser(sizes) } else { native(sizes) }
}

fn in_browser(sizes: &Sizes) -> Result<(), String> {
    setup::browser()?;
    done(
        Command::new("cargo").args(["build", "--quiet", "--locked", "--release", "--package", "nt2", "--bin", "nt2"]),
        "the release build",
    )?;
    let nt2 = release()?.join("nt2");
    let nt2 = nt2.to_str().ok_or("the target folder's name is not text")?;
    web::run(&["bench", "--nt2", nt2, "--items", &sizes.items.to_string()])
}

fn native(sizes: &Sizes) -> Result<(), String> {
    setup::peers()?;
    let cargo =
        ["build", "--quiet", "--locked", "--release", "--package", "nt2", "--package", "vault-bench", "--bins", "--example", "bare_window"];
    done(Command::new("cargo").args(cargo), "the release build")?;
    let release = release()?;
    let mut bench = Command::new(release.join("vault-bench"));
    bench.args(["--items", &sizes.items.to_string(), "--gib", &sizes.gib.to_string(), "--nt2"]).arg(release.join("nt2"));
    bench.arg("--bare").arg(release.join("examples/bare_window"));
    done(&mut bench, "the benchmark")
}

/// Where release builds lie.
fn release() -> Result<PathBuf, String> {
    Ok(deny::metadata()?.target_directory.into_std_path_buf().join("release"))
}

fn done(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command.current_dir(root()).status().map_err(|error| format!("{what} can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status})")) }
}
