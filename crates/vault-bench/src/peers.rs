//! The programs we are compared with, each in a process of its own.

use std::{
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::Result;

/// `peer.c`, compiled.
pub(crate) struct Peer(PathBuf);

/// What a process took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// From start to end.
    pub(crate) elapsed_secs: f64,
    /// User and system time of all threads.
    pub(crate) cpu_secs: f64,
    /// Highest resident memory.
    pub(crate) peak_kib: f64,
}

impl Peer {
    /// Compiles it into `dir`.
    pub(crate) fn build(dir: &Path) -> Result<Self> {
        let (source, program) = (dir.join("peer.c"), dir.join("peer"));
        std::fs::write(&source, include_str!("peer.c"))?;
        check(Command::new("cc").arg("-O2").arg("-o").arg(&program).arg(&source).arg("-lsodium"), "")?;
        Ok(Self(program))
    }

    /// Runs a program to its end with `input` on its standard input.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, words: &[S], input: &str) -> Result<Cost> {
        let numbers = numbers(&check(Command::new(&self.0).arg("run").args(words), input)?)?;
        let [elapsed_ns, cpu_ns, peak_kib] = numbers[..] else { return Err("peer run said something else".into()) };
        Ok(Cost { elapsed_secs: elapsed_ns / 1e9, cpu_secs: cpu_ns / 1e9, peak_kib })
    }

    /// libsodium: seconds of CPU to seal and to open a message.
    pub(crate) fn aead(&self, len: usize) -> Result<(f64, f64)> {
        let numbers = numbers(&check(Command::new(&self.0).args(["aead", &len.to_string(), "60"]), "")?)?;
        let [seal_ns, open_ns] = numbers[..] else { return Err("peer aead said something else".into()) };
        Ok((seal_ns / 1e9, open_ns / 1e9))
    }

    /// libsodium: seconds of CPU for one Argon2id.
    pub(crate) fn argon2(&self) -> Result<f64> {
        let numbers = numbers(&check(Command::new(&self.0).arg("argon2"), "")?)?;
        Ok(numbers.first().ok_or("peer argon2 said nothing")? / 1e9)
    }
}

/// Runs a command that must succeed; gives its standard output.
pub(crate) fn check(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let program = command.get_program().to_string_lossy().into_owned();
    Err(format!("{program} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim()).into())
}

/// The numbers of a line.
pub(crate) fn numbers(line: &str) -> Result<Vec<f64>> {
    Ok(line.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?)
}
