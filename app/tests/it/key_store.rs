//! The Secret Service, with a real one: gnome-keyring on a session bus of its own.
#![cfg(target_os = "linux")]

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{Bench, PASSWORD, all_files, finish, stderr};

/// Unlocks a new keyring with a blank password, then runs what follows.
const WITH_KEYRING: &str = r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@""#;

const KIT_PASSPHRASE: &str = "kit passphrase of its own";

/// Runs `nt2` on a session bus of its own, with a keyring whose files lie in the bench's folder.
fn with_keyring(bench: &Bench, arguments: &[&str], lines: &[&str]) -> Output {
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
    finish(command.spawn().unwrap(), lines)
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A vault whose kit is saved and checked: only then does the device key leave the disk for the key store alone.
fn vault_with_kit(bench: &Bench) {
    json(&with_keyring(bench, &["create", "Personal"], &[PASSWORD]));
    let kit = bench.path("kit.nt2recovery");
    let kit = kit.to_str().unwrap();
    json(&with_keyring(bench, &["kit", "save", kit], &[PASSWORD, KIT_PASSPHRASE]));
    json(&with_keyring(bench, &["kit", "check", kit], &[PASSWORD, KIT_PASSPHRASE]));
}

fn key_files(bench: &Bench) -> usize {
    all_files(&bench.data()).iter().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "key")).count()
}

#[test]
fn the_device_key_lies_in_the_secret_service_and_opens_the_vault_in_a_later_session() {
    let bench = Bench::new();
    let made = json(&with_keyring(&bench, &["create", "Personal"], &[PASSWORD]));
    assert_eq!(
        (&made["device_key"], key_files(&bench)),
        (&Value::from("same-disk"), 1),
        "losing a key store must not lose a vault without a kit"
    );
    let bench = Bench::new();
    vault_with_kit(&bench);
    assert_eq!(key_files(&bench), 0);
    // The keyring is a file: another daemon on another bus reads the same key.
    assert_eq!(json(&with_keyring(&bench, &["list"], &[PASSWORD])), serde_json::json!([]));
}

#[test]
fn ld01_without_the_key_store_the_password_opens_nothing_and_the_sentence_says_why() {
    let bench = Bench::new();
    vault_with_kit(&bench);
    let mut command = Command::new(env!("CARGO_BIN_EXE_nt2"));
    command.arg("--data").arg(bench.data()).args(["--key-store", "os", "--password-stdin", "list"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = finish(command.spawn().unwrap(), &[PASSWORD]);
    assert_eq!(output.status.code(), Some(8), "{}", stderr(&output));
    assert!(stderr(&output).contains("key store"), "{}", stderr(&output));
}
