//! Secrets stay out of arguments, output, files and environment unless asked for.

use crate::support::{Bench, PASSWORD, all_files, stderr};

/// Long and like nothing else.
const CANARY: &str = "canary-7f3d0c52-in-the-coal-mine";

fn bench_with_secret() -> Bench {
    let bench = Bench::with_vault();
    bench.json(&["add", "credential", "Portal", "-f", "username=mara", "--secret", "password"], &[PASSWORD, CANARY]);
    bench
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_secret_is_printed_only_where_asked_for() {
    let bench = bench_with_secret();
    for arguments in [
        &["list"][..],
        &["--json", "list"],
        &["search", "portal"],
        &["get", "Portal"],
        &["--json", "get", "Portal"],
        &["get", "Portal", "--reveal", "username"],
        &["history", "Portal"],
        &["--json", "history", "Portal"],
        &["check"],
    ] {
        let output = bench.run(arguments, &[PASSWORD]);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        assert!(!holds(&output.stdout, CANARY) && !holds(&output.stderr, CANARY), "{arguments:?}");
    }
    for arguments in [
        &["get", "Portal", "--reveal", "password"][..],
        &["--json", "get", "Portal", "--reveal-all"],
        &["get", "Portal", "--value", "password"],
    ] {
        assert!(bench.text(arguments, &[PASSWORD]).contains(CANARY), "{arguments:?}");
    }
}

#[test]
fn a_secret_field_is_refused_as_an_argument() {
    let bench = bench_with_secret();
    let sentence = bench.fails(&["edit", "Portal", "-f", "password=visible"], &[PASSWORD], 2);
    assert!(sentence.contains("--secret password") && !sentence.contains("visible"), "{sentence}");
}

#[test]
fn a_message_about_bad_input_does_not_quote_it() {
    let bench = bench_with_secret();
    let input = format!(r#"{{"fields":{{"password":"{CANARY}"}},"{CANARY}":1}}"#);
    let output = bench.run(&["edit", "Portal", "--input", "-"], &[PASSWORD, &input]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!holds(&output.stderr, CANARY), "{}", stderr(&output));
}

#[test]
fn ld10_no_file_of_the_data_folder_holds_a_secret_or_a_title() {
    let bench = bench_with_secret();
    bench.json(&["edit", "Portal", "--title", "Canary title 99317"], &[PASSWORD]);
    let files = all_files(&bench.data());
    assert!(files.len() >= 3, "{files:?}");
    for (path, bytes) in files {
        for text in [CANARY, PASSWORD, "Canary title 99317", "mara"] {
            assert!(!holds(&bytes, text), "{} holds {text}", path.display());
        }
    }
}

#[test]
fn ld11_nothing_is_written_outside_the_data_folder() {
    let bench = Bench::new();
    let home = bench.path("home");
    std::fs::create_dir(&home).unwrap();
    let mut command = bench.command(&["create", "Personal"]);
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR"] {
        command.env(name, &home);
    }
    let output = crate::support::finish(command.spawn().unwrap(), &[PASSWORD]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(all_files(&home).is_empty(), "{:?}", all_files(&home));
}

#[test]
fn ld11_a_portable_copy_keeps_everything_beside_itself() {
    let bench = Bench::new();
    let stick = bench.path("stick");
    std::fs::create_dir(&stick).unwrap();
    let program = stick.join(format!("nt2{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(env!("CARGO_BIN_EXE_nt2"), &program).unwrap();
    std::fs::write(stick.join("nt2-portable"), b"").unwrap();
    let home = bench.path("home");
    std::fs::create_dir(&home).unwrap();
    let mut command = std::process::Command::new(&program);
    command.args(["--password-stdin", "--json", "create", "Travel"]).env("HOME", &home).env("XDG_DATA_HOME", &home);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let output = crate::support::finish(command.spawn().unwrap(), &[PASSWORD]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stick.join("nt2-data").join("device.sqlite").exists());
    assert!(all_files(&home).is_empty());
    let made: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(made["device_key"], "same-disk", "no key store outside the folder is used");
}

#[cfg(unix)]
#[test]
fn every_file_of_a_vault_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = bench_with_secret();
    std::fs::write(bench.path("scan.pdf"), b"a scan").unwrap();
    bench.json(&["attach", "Portal", bench.path("scan.pdf").to_str().unwrap()], &[PASSWORD]);
    let files = all_files(&bench.data());
    assert!(files.iter().any(|(path, _)| path.extension().is_some_and(|extension| extension == "bin")));
    for (path, _) in files {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}
