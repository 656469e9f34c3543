//! Installs what the tests need on a Debian-like machine. Nothing is skipped for lack of a tool: it is installed, or the run fails.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::deny;

/// Debian packages, each with a file that tells whether it is there.
const PACKAGES: [(&str, &str); 14] = [
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
    ("python3", "python3"),
    ("node", "nodejs"),
    ("npm", "npm"),
];

/// What the tests in the browser need, beside the target.
const BROWSER: [(&str, &str); 3] = [("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")];

/// What the benchmark compares with: programs, and a library by its header.
const PEERS: [(&str, &str); 5] = [("keepassxc-cli", "keepassxc"), ("age", "age"), ("argon2", "argon2"), ("cc", "gcc"), ("Xvfb", "xvfb")];
const SODIUM_HEADER: &str = "/usr/include/sodium.h";

/// Object stores that the server's tests speak to, none of them written here. The last one overwrites whatever it is asked.
const MOTO: &str = "moto[server]==5.2.5";
const S3S_FS: &str = "s3s-fs@0.14.1";
const S3RVER: &str = "s3rver@3.7.1";

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
    object_stores()?;
    browser()
}

/// The object stores, in `s3` beside the build. They are programs of their own: nothing of them is in our lock file.
pub(crate) fn object_stores() -> Result<(), String> {
    let folder = deny::metadata()?.target_directory.into_std_path_buf().join("s3");
    std::fs::create_dir_all(folder.join("s3rver")).map_err(|error| format!("{}: {error}", folder.display()))?;
    let at = |name: &str| folder.join(name).to_str().map(str::to_owned).ok_or("the target folder's name is not text".to_owned());
    if !folder.join("moto/bin/moto_server").exists() {
        let venv = || run("python3", &["-m", "venv", &at("moto")?]);
        // Debian has the part that makes such folders in a package of its own, and no program that tells whether it is there.
        venv().or_else(|_missing| install(&["python3-venv"]).and_then(|()| venv()))?;
        run(&at("moto/bin/python")?, &["-m", "pip", "install", "--quiet", MOTO])?;
    }
    if !folder.join("bin/s3s-fs").exists() {
        let build = at("build")?;
        run("cargo", &["install", "--quiet", "--locked", "--root", &at("")?, "--target-dir", &build, "--features", "binary", S3S_FS])?;
        // The program is all that is needed of it.
        std::fs::remove_dir_all(build).ok();
    }
    if !folder.join("s3rver/node_modules/.bin/s3rver").exists() {
        // Without a file of its own npm looks for one further up.
        std::fs::write(folder.join("s3rver/package.json"), "{}").map_err(|error| format!("package.json: {error}"))?;
        run("npm", &["install", "--silent", "--no-audit", "--no-fund", "--prefix", &at("s3rver")?, S3RVER])?;
    }
    Ok(())
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
