//! MS30: replies altered in every way that comes to mind, in sessions of every kind. No panic, nothing forged is taken, nothing acknowledged is
//! lost, and nothing is told to who alters them.
//!
//! A run of the tests takes as many as fit into [`SECS`]; `cargo xtask long` takes [`ALL`]. A seed that fails says how to run it alone.

mod alter;
mod scenes;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use scenes::Scene;

/// Runs one seed alone.
const SEED: &str = "NT2_MUTATOR_SEED";
/// Time that a run of the tests gives to it.
const SECS: u64 = 40;
/// Altered replies of a long run.
const ALL: u64 = 100_000;

#[allow(clippy::print_stdout, reason = "how many there were is the result")]
#[test]
fn ms30_altered_replies_give_no_panic_no_forgery_and_lose_nothing() {
    if let Ok(seed) = std::env::var(SEED) {
        let n_altered = Scene::of(seed.parse().expect("a number")).run();
        return assert!(n_altered > 0);
    }
    let is_long = std::env::var_os("NT2_LONG").is_some();
    let end = Instant::now() + Duration::from_secs(SECS);
    let (next, n_altered, failed) = (AtomicU64::new(1), AtomicU64::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while if is_long { n_altered.load(Ordering::Relaxed) < ALL } else { Instant::now() < end } {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    match catch_unwind(AssertUnwindSafe(|| Scene::of(seed).run())) {
                        Ok(n) => drop(n_altered.fetch_add(n, Ordering::Relaxed)),
                        Err(_) => failed.lock().expect("no test panics while it holds this").push(seed),
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no test panics while it holds this");
    println!("{} altered replies in {} scenes", n_altered.load(Ordering::Relaxed), next.load(Ordering::Relaxed) - 1);
    assert!(failed.is_empty(), "{failed:?}: scenes that failed; alone: {SEED}=… cargo test --package vault-tests ms30");
    assert!(n_altered.into_inner() > 500, "too few to tell anything");
}
