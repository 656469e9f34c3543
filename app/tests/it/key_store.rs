//! The Secret Service, with a real one: gnome-keyring on a session bus of its own.
#![cfg(target_os = "linux")]

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{Bench, PASSWORD, all_files, finish, stderr};

/// Unlocks a new keyring with a blank password, then runs what follows.
const WITH_KEYRING: &str = r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@""#;

/// Runs `nt2` on a session bus of its own, with a keyring whose files lie in the bench's folder.
fn with_keyring(bench: &Bench, arguments: &[&str]) -> Output {
    for tool in ["dbus-run-session", "gnome-keyring-daemon"] {
        let found = Command::new("sh").args(["-c", "command -v \"$0\"", tool]).stdout(Stdio::null()).status().unwrap();
        assert!(found.success(), "{tool} is missing: apt-get install -y gnome-keyring dbus");
    }
    let home = bench.path("home");
    std::fs::create_dir_all(home.join("run")).unwrap();
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", WITH_KEYRING, "sh", env!("CARGO_BIN_EXE_nt2"), "--data"]).arg(bench.data());
    command.args(["--key-store", "os", "--password-stdin", "--json"]).args(arguments);
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env(name, &home);
    }
    command.env("XDG_RUNTIME_DIR", home.join("run")).env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("DISPLAY");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command.spawn().unwrap(), &[PASSWORD])
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_device_key_lies_in_the_secret_service_and_opens_the_vault_in_a_later_session() {
    let bench = Bench::new();
    let made = json(&with_keyring(&bench, &["create", "Personal"]));
    assert_eq!(made["device_key"], "os-account", "{made}");
    // The keyring is a file: another daemon of another session reads the same key.
    assert_eq!(json(&with_keyring(&bench, &["list"])), serde_json::json!([]));
    assert!(all_files(&bench.path("home")).iter().any(|(path, _)| path.extension().is_some_and(|extension| extension == "keyring")));
}

#[test]
fn ld01_without_the_key_store_the_vault_does_not_open_and_the_sentence_says_why() {
    let bench = Bench::new();
    json(&with_keyring(&bench, &["create", "Personal"]));
    // Once the kit is saved and checked the key's copy on disk goes; until then the vault counts as "password only on this disk".
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_nt2"))
            .arg("--data")
            .arg(bench.data())
            .args(["--key-store", "os", "--password-stdin", "--json", "list"])
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
        &[PASSWORD],
    );
    assert!(output.status.success() || output.status.code() == Some(8), "{:?}: {}", output.status, stderr(&output));
}
