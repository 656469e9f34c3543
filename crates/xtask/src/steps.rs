//! What CI runs, cheap parts first.

use crate::run::Step;

/// Without a test run.
pub(crate) fn check() -> Vec<Step> {
    vec![
        Step::new("format", "cargo fmt --all --check"),
        Step::new("licences, bans, sources", "cargo run --quiet --package xtask -- deny"),
        Step::new(
            "browser target",
            "cargo check --locked --target wasm32-unknown-unknown -p vault-protocol -p vault-crypto -p vault-model -p vault-store -p vault-engine -p vault-preview -p vault-ui",
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
    ]
}

/// Too long for CI.
pub(crate) fn long() -> Vec<Step> {
    vec![Step::new("long tests", "cargo test --locked --workspace --release").env("NT2_LONG", "1")]
}
