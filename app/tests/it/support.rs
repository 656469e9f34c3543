//! Runs `nt2` in a data folder of its own.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a vault whose device key lies on the same disk.
pub(crate) const PASSWORD: &str = "correct horse battery staple 7";

/// A data folder, and the program on it.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With a vault made.
    pub(crate) fn with_vault() -> Self {
        let bench = Self::new();
        bench.json(&["create", "Personal"], &[PASSWORD]);
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program with its data folder, reading passwords from standard input.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.arg("--data").arg(self.data()).args(["--key-store", "disk", "--password-stdin"]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs to the end; `lines` go to standard input.
    pub(crate) fn run(&self, arguments: &[&str], lines: &[&str]) -> Output {
        finish(self.command(arguments).spawn().unwrap(), lines)
    }

    /// Runs, expects success, gives standard output.
    pub(crate) fn text(&self, arguments: &[&str], lines: &[&str]) -> String {
        let output = self.run(arguments, lines);
        assert!(output.status.success(), "nt2 {arguments:?}: {:?}\n{}", output.status, stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs with `--json`, expects success, gives the value.
    pub(crate) fn json(&self, arguments: &[&str], lines: &[&str]) -> Value {
        let text = self.text(&[&["--json"], arguments].concat(), lines);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("nt2 {arguments:?}: {error}\n{text}"))
    }

    /// Starts a command that goes on for as long as its standard input is open, and waits until it has the vault open.
    pub(crate) fn hold(&self, arguments: &[&str]) -> (Child, ChildStdin) {
        loop {
            let mut child = self.command(arguments).spawn().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            writeln!(stdin, "{PASSWORD}").unwrap();
            // Another process finds the vault taken, or gets in first; then the held one has failed and is started anew.
            while child.try_wait().unwrap().is_none() {
                let output = self.run(&["list"], &[PASSWORD]);
                match output.status.code() {
                    Some(3) => return (child, stdin),
                    Some(0) => {}
                    code => panic!("{code:?}: {}", stderr(&output)),
                }
            }
        }
    }

    /// Runs, expects this exit code, gives the sentence on standard error.
    pub(crate) fn fails(&self, arguments: &[&str], lines: &[&str], code: i32) -> String {
        let output = self.run(arguments, lines);
        assert_eq!(output.status.code(), Some(code), "nt2 {arguments:?}\n{}", stderr(&output));
        stderr(&output)
    }
}

/// The program without the settings of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nt2"));
    command.env_remove("NT2_KEY_STORE").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

/// Hands `lines` over and waits for the end.
pub(crate) fn finish(mut child: Child, lines: &[&str]) -> Output {
    let mut stdin = child.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    // A program that refuses before it reads closes its end.
    stdin.write_all(text.as_bytes()).ok();
    drop(stdin);
    child.wait_with_output().unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below `folder`, with its bytes.
pub(crate) fn all_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(all_files(&path));
        } else {
            let mut bytes = Vec::new();
            std::fs::File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
            out.push((path, bytes));
        }
    }
    out
}

/// Bytes that do not compress and differ everywhere: a linear congruential sequence (Knuth, MMIX).
pub(crate) fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u64;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(len)
    .collect()
}
