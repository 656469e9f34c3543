//! The browser build, which a program of its own makes: only who asks for it waits for wasm-bindgen to be compiled.

use std::process::Command;

use crate::run::root;

/// Runs `xtask-web` with `args`.
pub(crate) fn run(args: &[&str]) -> Result<(), String> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--locked", "--package", "xtask-web", "--"]).args(args).current_dir(root());
    let status = command.status().map_err(|error| format!("cargo can't be started: {error}"))?;
    // What went wrong has been said already.
    if status.success() { Ok(()) } else { Err(format!("{} of the browser build failed", args.first().unwrap_or(&""))) }
}
