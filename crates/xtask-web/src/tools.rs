//! What compiling for the browser needs beside cargo.

use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// Says what to install if something is missing.
pub(crate) fn check() -> Result<(), String> {
    // Without rustup the target may have come another way; cargo then says what it thinks.
    let targets = output("rustup", &["target", "list", "--installed"]);
    if targets.is_some_and(|targets| !targets.lines().any(|line| line == WASM)) {
        return Err(format!("the Rust target {WASM} is missing; install it: rustup target add {WASM}"));
    }
    let Some(targets) = output("clang", &["--print-targets"]) else {
        return Err("clang is missing, which compiles SQLite for the browser; install it: apt-get install clang".to_owned());
    };
    if !targets.contains("wasm32") {
        return Err("this clang can't compile for wasm32; install one that can: apt-get install clang".to_owned());
    }
    Ok(())
}

fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
