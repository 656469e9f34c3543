//! The program that libFuzzer calls: the target is named by `NT2_FUZZ_TARGET`.

#![no_main]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stderr, reason = "a panic is how a finding is told")]

mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    static TARGET: OnceLock<targets::Target> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("NT2_FUZZ_TARGET").unwrap_or_default();
        targets::find(&name).unwrap_or_else(|| {
            eprintln!("NT2_FUZZ_TARGET is {name:?}; targets: {}", targets::ALL.map(|(name, _)| name).join(" "));
            std::process::exit(2)
        })
    });
    target(data);
});
