//! Runs the tests and the measurements of `tests/web` with node; they drive Chromium.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{compile, root};

/// What playwright-core asks for.
const NODE_MAJOR: u32 = 18;

/// `app` = the compiled program; without it only those tests run that need none. Some try it against the native one or with
/// a sync server; these are compiled unless `NT2_NATIVE` and `NT2_SERVER` in the environment say where they are.
pub(crate) fn test(app: Option<&Path>, only: Option<&str>) -> Result<(), String> {
    check_node()?;
    let dir = root().join("tests/web");
    install(&dir)?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"]).current_dir(&dir);
    if let Some(only) = only {
        node.args(["--test-name-pattern", only]);
    }
    node.args(stories(&dir.join("files"))?);
    if let Some(app) = app {
        node.args(stories(&dir.join("app"))?).env("NT2_WEB_APP", app);
        for (name, package, program) in [("NT2_NATIVE", "nt2", "nt2"), ("NT2_SERVER", "vault-server", "nt2-server")] {
            if std::env::var_os(name).is_none() {
                node.env(name, compile::native(package, program)?);
            }
        }
    }
    if std::env::var_os("NT2_LONG").is_some() {
        node.args(stories(&dir.join("long"))?);
    }
    let status = node.env("NT2_XTASK_WEB", this_program()?).status().map_err(|error| format!("node can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err("tests in the browser failed".to_owned()) }
}

/// Measures the compiled program `app` beside the native one, `nt2`, with a vault of so many items.
pub(crate) fn bench(app: &Path, nt2: &Path, items: usize) -> Result<(), String> {
    check_node()?;
    let dir = root().join("tests/web");
    install(&dir)?;
    let absolute = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut node = Command::new("node");
    node.arg("bench/main.js").current_dir(&dir).env("NT2_XTASK_WEB", this_program()?);
    node.env("NT2_WEB_APP", absolute(app)?).env("NT2_NATIVE", absolute(nt2)?).env("NT2_BENCH_ITEMS", items.to_string());
    let status = node.status().map_err(|error| format!("node can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err("measuring in the browser failed".to_owned()) }
}

/// What packs and serves for the scripts.
fn this_program() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("this program does not know where it is: {error}"))
}

/// The files of tests in a folder, by name: not every version of node takes a folder.
fn stories(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("{} can't be listed: {error}", dir.display()))?;
    let mut files: Vec<PathBuf> =
        entries.iter().map(std::fs::DirEntry::path).filter(|path| path.to_string_lossy().ends_with(".test.js")).collect();
    files.sort();
    Ok(files)
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|error| format!("node can't be started ({error}); install node {NODE_MAJOR} or newer, with npm"))?;
    let version = String::from_utf8_lossy(&output.stdout);
    if major(&version).is_some_and(|major| major >= NODE_MAJOR) {
        Ok(())
    } else {
        Err(format!(
            "node is {}, and the tests in the browser need {NODE_MAJOR} or newer; install it, for example from nodejs.org",
            version.trim()
        ))
    }
}

/// `v20.1.2` is 20.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Brings `node_modules` to what package-lock.json says, if it is not there yet.
fn install(dir: &Path) -> Result<(), String> {
    let age = |name: &str| dir.join(name).metadata().and_then(|metadata| metadata.modified()).ok();
    // npm writes this file last.
    if age("node_modules/.package-lock.json").is_some_and(|installed| age("package-lock.json").is_some_and(|wanted| wanted <= installed)) {
        return Ok(());
    }
    let status = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(dir).status();
    let status = status.map_err(|error| format!("npm can't be started: {error}; install it"))?;
    if status.success() { Ok(()) } else { Err("npm ci failed in tests/web".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("command not found"), None);
    }
}
