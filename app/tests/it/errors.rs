//! Every way of failing has its exit code and a sentence that says what to do.

use std::{io::Write as _, process::Stdio};

use crate::support::{Bench, PASSWORD, finish, program, stderr};

#[test]
fn a_wrong_password_ends_with_4() {
    let bench = Bench::with_vault();
    let sentence = bench.fails(&["list"], &["not the right password"], 4);
    assert!(sentence.starts_with("nt2: The password is wrong."), "{sentence}");
}

#[test]
fn ld08_repeated_wrong_passwords_make_the_next_attempt_wait() {
    let bench = Bench::with_vault();
    let sentences: Vec<String> = (0..6).map(|_| bench.fails(&["list"], &["not the right password"], 4)).collect();
    assert!(sentences.iter().any(|sentence| sentence.contains("Too many wrong passwords") || sentence.contains(" s.")), "{sentences:?}");
    let vaults = bench.json(&["vaults"], &[]);
    assert!(vaults[0]["failed_attempts"].as_u64().unwrap() >= 1, "the counter survives the process: {vaults}");
}

#[test]
fn bad_usage_ends_with_2() {
    let bench = Bench::with_vault();
    for arguments in [
        &["frobnicate"][..],
        &["add", "credential"],
        &["add", "spaceship", "x"],
        &["add", "credential", "x", "-f", "username"],
        &["purge"],
        &["list", "--trash", "--archive"],
        &["get", "x", "--value", "a", "--reveal", "b"],
    ] {
        bench.fails(arguments, &[PASSWORD], 2);
    }
}

#[test]
fn no_password_line_ends_with_2_and_says_so() {
    let bench = Bench::with_vault();
    let sentence = bench.fails(&["list"], &[], 2);
    assert!(sentence.contains("line"), "{sentence}");
}

#[test]
fn what_is_not_there_ends_with_5() {
    let bench = Bench::with_vault();
    bench.json(&["add", "note", "Twin"], &[PASSWORD]);
    bench.json(&["add", "note", "Twin"], &[PASSWORD]);
    let sentence = bench.fails(&["get", "Twin"], &[PASSWORD], 5);
    assert!(sentence.contains("id"), "{sentence}");
    bench.fails(&["get", "Nobody"], &[PASSWORD], 5);
    bench.fails(&["--vault", "Nowhere", "list"], &[PASSWORD], 5);
    bench.fails(&["attach", "Nobody", "/nonexistent/file"], &[PASSWORD], 5);
    bench.fails(&["restore", "/nonexistent/file"], &["x", "y"], 5);
    Bench::new().fails(&["list"], &[], 5);
}

#[test]
fn a_file_that_is_no_backup_ends_with_6() {
    let bench = Bench::with_vault();
    let file = bench.path("no.nt2backup");
    std::fs::write(&file, b"certainly no backup").unwrap();
    bench.fails(&["restore", file.to_str().unwrap()], &["some passphrase", PASSWORD], 6);
}

#[test]
fn a_place_that_can_not_be_written_ends_with_7() {
    let bench = Bench::with_vault();
    bench.fails(&["backup", "/nonexistent/folder/x.nt2backup"], &[PASSWORD, "a passphrase of its own"], 5);
    let folder = bench.path("taken");
    std::fs::write(&folder, b"").unwrap();
    let sentence = bench.fails(&["backup", folder.to_str().unwrap()], &[PASSWORD, "a passphrase of its own"], 7);
    assert!(sentence.contains("--force"), "{sentence}");
}

#[test]
fn a_second_process_on_the_same_vault_ends_with_3() {
    let bench = Bench::with_vault();
    // The first one waits for the rest of its input.
    let (mut first, mut stdin) = bench.hold(&["add", "credential", "x", "--input", "-"]);
    let sentence = bench.fails(&["list"], &[PASSWORD], 3);
    assert!(sentence.contains("open"), "{sentence}");
    writeln!(stdin, "{{}}").unwrap();
    drop(stdin);
    assert!(first.wait().unwrap().success());
    bench.json(&["list"], &[PASSWORD]);
}

#[test]
fn errors_leave_standard_output_empty() {
    let bench = Bench::with_vault();
    let output = bench.run(&["--json", "get", "Nobody"], &[PASSWORD]);
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}

#[cfg(unix)]
#[test]
fn passwords_come_from_a_descriptor_too() {
    let bench = Bench::with_vault();
    let file = bench.path("secret");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", r#"exec "$0" --data "$1" --key-store disk --json list --password-fd 3 3<"$2""#]);
    command.arg(env!("CARGO_BIN_EXE_nt2")).arg(bench.data()).arg(file);
    command.stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_a_long_command_and_leaves_no_file() {
    let bench = Bench::with_vault();
    bench.json(&["add", "document", "Big"], &[PASSWORD]);
    let (child, _stdin) = bench.hold(&["generate-vault", "--items", "1000000"]);
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    bench.json(&["check"], &[PASSWORD]);
}

#[test]
fn help_and_version_need_no_vault() {
    for argument in ["--help", "--version", "help"] {
        let output = finish(program().arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap(), &[]);
        assert!(output.status.success());
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn a_damaged_list_of_vaults_is_made_anew_and_said_once() {
    let bench = Bench::with_vault();
    bench.json(&["add", "note", "Milk"], &[PASSWORD]);
    std::fs::write(bench.data().join("device.sqlite"), [0xa5; 8192]).unwrap();
    for side in ["device.sqlite-wal", "device.sqlite-shm"] {
        std::fs::remove_file(bench.data().join(side)).ok();
    }
    let output = bench.run(&["list"], &[PASSWORD]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("Milk"), "{}", stderr(&output));
    assert!(stderr(&output).contains("The list of vaults was damaged or missing. It was made anew"), "{}", stderr(&output));
    let again = bench.run(&["vaults"], &[]);
    assert_eq!(stderr(&again), "");
    assert!(String::from_utf8_lossy(&again.stdout).contains("Personal"));
    let aside = std::fs::read_dir(bench.data()).unwrap().flatten();
    assert_eq!(aside.filter(|entry| entry.file_name().to_string_lossy().contains("damaged-")).count(), 1);
}
