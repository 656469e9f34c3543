//! Runs commands one after the other and tells how long each took.

use std::{
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

/// A named command.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
    pub(crate) args: Vec<&'static str>,
    pub(crate) env: Vec<(&'static str, &'static str)>,
}

impl Step {
    /// `words` are the program and its arguments, separated by white space.
    pub(crate) fn new(name: &'static str, words: &'static str) -> Self {
        let mut words = words.split_whitespace();
        Self { name, program: words.next().unwrap_or_default(), args: words.collect(), env: Vec::new() }
    }

    /// With an environment variable.
    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).unwrap_or(here)
}

/// Runs the steps in order, stops at the first that fails, and prints a table of times.
pub(crate) fn all(steps: &[Step]) -> Result<(), String> {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let result = steps.iter().try_for_each(|step| {
        println!("\n── {} ── {} {}", step.name, step.program, step.args.join(" "));
        let start = Instant::now();
        let result = one(step);
        times.push((step.name, start.elapsed()));
        result
    });
    println!("\n{:>8}  step", "seconds");
    for (name, time) in &times {
        println!("{:>8.1}  {name}", time.as_secs_f64());
    }
    println!("{:>8.1}  all", times.iter().map(|(_, time)| time.as_secs_f64()).sum::<f64>());
    result
}

fn one(step: &Step) -> Result<(), String> {
    let status = Command::new(step.program)
        .args(&step.args)
        .envs(step.env.iter().copied())
        .current_dir(root())
        .status()
        .map_err(|error| format!("{}: {} can't be started: {error}", step.name, step.program))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", step.name)) }
}
