//! Runs the fuzz targets of `tests/fuzz` under libFuzzer, one after the other.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use clap::Args;

use crate::run::root;

/// How long, and what.
#[derive(Args)]
pub(crate) struct Fuzzing {
    /// Seconds for each target.
    #[arg(long, default_value_t = 10)]
    secs: u32,
    /// One target alone.
    #[arg(long)]
    target: Option<String>,
    /// Runs one input and ends.
    #[arg(long, requires = "target")]
    input: Option<PathBuf>,
    /// Looks for memory faults too: AddressSanitizer, three times slower.
    #[arg(long)]
    sanitize: bool,
}

/// What `cargo fuzz` sets for libFuzzer's counters of edges and comparisons; they are flags of LLVM that a stable compiler takes.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";
/// The place in which the targets' names stand.
const TARGETS: &str = "tests/fuzz/src/targets/mod.rs";
/// MF04, and none of our inputs is longer.
const LIMITS: [&str; 4] = ["-rss_limit_mb=512", "-timeout=10", "-max_len=65536", "-print_final_stats=0"];

/// Builds the program and gives every target its time. All targets run, also after one has failed.
pub(crate) fn run(fuzzing: &Fuzzing) -> Result<(), String> {
    let names = names()?;
    let chosen: Vec<&String> = names.iter().filter(|name| fuzzing.target.as_ref().is_none_or(|only| only == *name)).collect();
    if chosen.is_empty() {
        return Err(format!("there is no such target; there are {}", names.join(", ")));
    }
    let program = build(fuzzing.sanitize)?;
    let work = root().join("target/fuzz");
    let mut failed = Vec::new();
    for name in chosen {
        let mut command = Command::new(&program);
        command.env("NT2_FUZZ_TARGET", name).current_dir(root()).args(LIMITS);
        command.arg(format!("-artifact_prefix={}/", make_dir(&work.join("failed").join(name))?.display()));
        match &fuzzing.input {
            Some(input) => command.arg(input),
            None => {
                let found = make_dir(&work.join("corpus").join(name))?;
                let seeds = make_dir(&work.join("seeds").join(name))?;
                write_seeds(name, &seeds)?;
                command.arg(format!("-max_total_time={}", fuzzing.secs)).arg("-verbosity=0").arg(found).arg(seeds)
            }
        };
        let kept = root().join("tests/fuzz/corpus").join(name);
        if fuzzing.input.is_none() && kept.is_dir() {
            command.arg(kept);
        }
        let start = Instant::now();
        let output = command.output().map_err(|error| format!("the fuzzer can't be started: {error}"))?;
        let is_good = output.status.success();
        println!("{:>8.1}  {name}: {}", start.elapsed().as_secs_f64(), if is_good { "nothing found" } else { "FAILED" });
        if !is_good {
            // What it says of inputs that are well is long and tells nothing.
            let said = String::from_utf8_lossy(&output.stderr);
            said.lines().filter(|line| !line.contains("NEW_FUNC")).for_each(|line| println!("{line}"));
            failed.push(name.as_str());
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}; inputs are in target/fuzz/failed", failed.join(", "))) }
}

fn build(sanitize: bool) -> Result<PathBuf, String> {
    let triple = host()?;
    let dir = root().join("target/fuzz").join(if sanitize { "build-sanitized" } else { "build" });
    let mut flags = COVERAGE.to_owned();
    let mut command = Command::new("cargo");
    if sanitize {
        flags.push_str(" -Zsanitizer=address");
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    command
        .args(["build", "--quiet", "--locked", "--package", "vault-fuzz", "--features", "libfuzzer", "--target", &triple])
        .env("RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", &dir)
        .current_dir(root());
    let status = command.status().map_err(|error| format!("cargo can't be started: {error}"))?;
    if status.success() { Ok(dir.join(triple).join("debug/fuzz")) } else { Err("the fuzz targets do not compile".into()) }
}

/// The target triple of this machine: named, so that build scripts are compiled without the fuzzer's flags.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc can't be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).ok_or_else(|| "rustc does not name its host".into())
}

/// The names in the table of targets.
fn names() -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(root().join(TARGETS)).map_err(|error| format!("{TARGETS}: {error}"))?;
    Ok(text.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split_once('"')).map(|(name, _)| name.to_owned()).collect())
}

/// Every value of the golden vectors that is hexadecimal, as a file: the folders of `tests/vectors` that hold what this target reads.
fn write_seeds(target: &str, into: &Path) -> Result<(), String> {
    let folders: &[&str] = match target {
        "api-reply" | "api-request" => &["api"],
        "backup" | "blob" | "message" => &["backup", "message", "blob"],
        "control-entry" | "control-log" => &["control"],
        "entry" | "entry-body" => &["entry"],
        "field" => &["item"],
        "history" | "row" => &["row"],
        "kit" => &["kit"],
        _ => &[],
    };
    for folder in folders {
        let Ok(files) = std::fs::read_dir(root().join("tests/vectors").join(folder)) else { continue };
        for file in files.flatten() {
            let text = std::fs::read_to_string(file.path()).map_err(|error| format!("{}: {error}", file.path().display()))?;
            let values = text.split_whitespace().filter_map(unhex).filter(|value| value.len() > 4);
            let mut log = Vec::new();
            for (n, value) in values.enumerate() {
                log.extend((value.len() as u32).to_be_bytes());
                log.extend(&value);
                write(&into.join(format!("{folder}-{}-{n}", file.file_name().to_string_lossy())), &value)?;
            }
            if target == "control-log" {
                write(&into.join(format!("log-{}", file.file_name().to_string_lossy())), &log)?;
            }
        }
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn make_dir(path: &Path) -> Result<PathBuf, String> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.to_owned())
}
