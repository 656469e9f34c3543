//! `cargo xtask bench`: builds in release what is measured, runs `vault-bench`, and leaves the talking to it.

use std::process::Command;

use clap::Args;

use crate::{deny, run::root};

/// Sizes; the defaults are those of the budgets (DESIGN §11).
#[derive(Args)]
pub(crate) struct Sizes {
    /// Items of the large vault; the small one has a tenth.
    #[arg(long, default_value_t = 100_000)]
    items: usize,
    /// Length of the attachment in GiB.
    #[arg(long, default_value_t = 1.0)]
    gib: f64,
}

/// Prints the table.
pub(crate) fn run(sizes: &Sizes) -> Result<(), String> {
    let cargo =
        ["build", "--quiet", "--locked", "--release", "--package", "nt2", "--package", "vault-bench", "--bins", "--example", "bare_window"];
    done(Command::new("cargo").args(cargo), "the release build")?;
    let release = deny::metadata()?.target_directory.into_std_path_buf().join("release");
    let mut bench = Command::new(release.join("vault-bench"));
    bench.args(["--items", &sizes.items.to_string(), "--gib", &sizes.gib.to_string(), "--nt2"]).arg(release.join("nt2"));
    bench.arg("--bare").arg(release.join("examples/bare_window"));
    done(&mut bench, "the benchmark")
}

fn done(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command.current_dir(root()).status().map_err(|error| format!("{what} can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status})")) }
}
