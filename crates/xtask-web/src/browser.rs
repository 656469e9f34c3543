//! Runs the tests of `tests/web` with node; they drive Chromium.

use std::{path::Path, process::Command};

use crate::root;

/// `app` = the compiled program; without it only those tests run that need none.
pub(crate) fn test(app: Option<&Path>, only: Option<&str>) -> Result<(), String> {
    let dir = root().join("tests/web");
    if !dir.join("node_modules/playwright-core").is_dir() {
        let installed = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&dir).status();
        let installed = installed.map_err(|error| format!("npm can't be started ({error}); install it: apt-get install nodejs npm"))?;
        if !installed.success() {
            return Err("npm ci failed in tests/web".to_owned());
        }
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter", "spec"]).current_dir(&dir);
    if let Some(only) = only {
        node.args(["--test-name-pattern", only]);
    }
    node.arg("files/");
    if let Some(app) = app {
        node.arg("app/").env("NT2_WEB_APP", app);
    }
    let this = std::env::current_exe().map_err(|error| format!("this program does not know where it is: {error}"))?;
    let status = node.env("NT2_XTASK_WEB", this).status().map_err(|error| format!("node can't be started: {error}"))?;
    if status.success() { Ok(()) } else { Err("tests in the browser failed".to_owned()) }
}
