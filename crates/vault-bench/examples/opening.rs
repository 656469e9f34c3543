//! Opens a made-up vault again and again, then types: for a profiler, which sees little else here.
//!
//! `cargo run --release -p vault-bench --example opening -- 10000 20`: items and openings.
#![allow(dead_code, reason = "the bench's own modules, of which a part is used")]
#![allow(clippy::print_stdout, reason = "a command-line tool speaks on its streams")]

#[path = "../src/measure.rs"]
mod measure;
#[path = "../src/search.rs"]
mod search;
#[path = "../src/table.rs"]
mod table;
#[path = "../src/vault.rs"]
mod vault;

use measure::{cpu_secs, median};
use vault::MadeUp;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let numbers = std::env::args().skip(1).map(|word| word.parse()).collect::<std::result::Result<Vec<usize>, _>>()?;
    let (n_items, n_rounds) = (numbers.first().copied().unwrap_or(10_000), numbers.get(1).copied().unwrap_or(20));
    let dir = tempfile::tempdir()?;
    let mut made_up = MadeUp::build(&dir.path().join("vault"), n_items)?;
    let secs: Vec<f64> = (0..n_rounds)
        .map(|_| {
            let mut device = made_up.device();
            cpu_secs(|| made_up.unlock(&mut device)).0
        })
        .collect();
    println!("opening: {:.2} µs an item", median(&secs) / n_items as f64 * 1e6);
    print!("{}", table::render(&[search::row(&mut made_up)?]));
    Ok(())
}
