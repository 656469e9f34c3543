//! Installs what the tests need on a Debian-like machine. Nothing is skipped for lack of a tool: it is installed, or the run fails.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Debian packages, each with a file that tells whether it is there.
const PACKAGES: [(&str, &str); 11] = [
    ("cc", "gcc"),
    ("clang", "clang"),
    ("dbus-run-session", "dbus"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("Xvfb", "xvfb"),
    ("openbox", "openbox"),
    ("xdotool", "xdotool"),
    ("import", "imagemagick"),
    ("xclip", "xclip"),
    ("xprop", "x11-utils"),
    ("pg_ctlcluster", "postgresql"),
];

/// What the tests in the browser need, beside the target.
const BROWSER: [(&str, &str); 3] = [("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")];

/// What the benchmark compares with: programs, and a library by its header.
const PEERS: [(&str, &str); 5] = [("keepassxc-cli", "keepassxc"), ("age", "age"), ("argon2", "argon2"), ("cc", "gcc"), ("Xvfb", "xvfb")];
const SODIUM_HEADER: &str = "/usr/include/sodium.h";

const WASM: &str = "wasm32-unknown-unknown";

/// The browser target and the formatter.
pub(crate) fn toolchain() -> Result<(), String> {
    let installed = output("rustup", &["target", "list", "--installed"])?;
    if !installed.lines().any(|line| line == WASM) {
        run("rustup", &["target", "add", WASM])?;
    }
    if !found("clang") {
        install(&["clang"])?;
    }
    Ok(())
}

/// All that the tests need.
pub(crate) fn everything() -> Result<(), String> {
    install_missing(&PACKAGES, &[])?;
    browser()
}

/// All that the tests in the browser need. Their own packages come with `npm ci`, which `xtask-web` runs.
pub(crate) fn browser() -> Result<(), String> {
    install_missing(&BROWSER, &[])?;
    toolchain()
}

/// All that the benchmark needs.
pub(crate) fn peers() -> Result<(), String> {
    let library: &[&str] = if Path::new(SODIUM_HEADER).exists() { &[] } else { &["libsodium-dev", "libc6-dev"] };
    install_missing(&PEERS, library)
}

fn install_missing(programs: &[(&'static str, &'static str)], others: &[&'static str]) -> Result<(), String> {
    let missing = programs.iter().filter(|(program, _)| !found(program)).map(|(_, package)| *package);
    let missing: Vec<&str> = missing.chain(others.iter().copied()).collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

fn install(packages: &[&str]) -> Result<(), String> {
    let list = packages.join(" ");
    eprintln!("installing: {list}");
    let as_root = if output("id", &["-u"])?.trim() == "0" { "" } else { "sudo " };
    let script = format!("{as_root}apt-get update -qq && {as_root}apt-get install -y -qq --no-install-recommends {list} >/dev/null");
    run("sh", &["-c", &script]).map_err(|error| format!("{error}; install these packages by hand: {list}"))
}

fn found(program: &str) -> bool {
    Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn run(program: &str, args: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(args).status().map_err(|error| format!("{program} can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} {} failed", args.first().unwrap_or(&""))) }
}

fn output(program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(args).output().map_err(|error| format!("{program} can't be started: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
