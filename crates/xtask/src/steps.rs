//! What CI runs, cheap parts first. Dependencies are compiled four times and no more: to metadata for the browser, to metadata here (shared by
//! lints and documentation), to code (shared by all tests), to code for the browser. And once more all that parses, with
//! the fuzzer's counters.

use crate::run::Step;

/// Without a test run.
pub(crate) fn check() -> Vec<Step> {
    vec![
        Step::new("format", "cargo fmt --all --check"),
        Step::new("licences, bans, sources", "cargo run --quiet --package xtask -- deny"),
        Step::new(
            "lints of the browser's half",
            "cargo clippy --locked --target wasm32-unknown-unknown --package nt2 --package vault-aside -- -D warnings",
        ),
        Step::new("lints", "cargo clippy --locked --workspace --all-targets -- -D warnings"),
        Step::new("documentation", "cargo doc --locked --workspace --no-deps --quiet").env("RUSTDOCFLAGS", "-D warnings"),
    ]
}

/// The tests.
pub(crate) fn test() -> Vec<Step> {
    vec![
        Step::new("build of the tests", "cargo test --locked --workspace --no-run"),
        Step::new("tests", "cargo test --locked --workspace"),
        Step::new("tests in the browser", "cargo run --quiet --locked --package xtask-web -- test"),
        Step::new("fuzzing", "cargo run --quiet --locked --package xtask -- fuzz --secs 5"),
    ]
}

/// Too long for CI.
pub(crate) fn long() -> Vec<Step> {
    // Optimised, but each of the many test programs linked without a pass over the whole of it.
    let tests = Step::new("long tests", "cargo test --locked --workspace --release");
    let browser = Step::new("long tests in the browser", "cargo run --quiet --locked --package xtask-web -- test");
    let fuzzing = Step::new("fuzzing under AddressSanitizer", "cargo run --quiet --locked --package xtask -- fuzz --secs 60 --sanitize");
    vec![tests.env("NT2_LONG", "1").env("CARGO_PROFILE_RELEASE_LTO", "off"), browser.env("NT2_LONG", "1"), fuzzing]
}
