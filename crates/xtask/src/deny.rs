//! Licences, bans and sources, from `cargo metadata` alone: the offline part of what `cargo deny check` does with the same `.deny.toml`.

use std::collections::BTreeSet;

use cargo_metadata::{MetadataCommand, Package};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::run::root;

#[derive(Deserialize)]
struct Config {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Every dependency of the lock file, on every target.
pub(crate) fn check() -> Result<(), String> {
    let path = root().join(".deny.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!(".deny.toml: {error}"))?;
    let config: Config = toml::from_str(&text).map_err(|error| format!(".deny.toml: {error}"))?;
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let problems: Vec<String> = metadata.packages.iter().filter_map(|package| problem(package, &config)).collect();
    if problems.is_empty() {
        println!("{} packages: licences, bans and sources are in order", metadata.packages.len());
        Ok(())
    } else {
        Err(format!("{} packages are not allowed:\n  {}", problems.len(), problems.join("\n  ")))
    }
}

fn problem(package: &Package, config: &Config) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    if let Some(ban) = config.bans.deny.iter().find(|ban| *ban.name == *package.name) {
        return Some(format!("{name}: banned: {}", ban.reason));
    }
    if package.source.as_ref().is_some_and(|source| source.repr != CRATES_IO) {
        return Some(format!("{name}: comes from an unknown source"));
    }
    let Some(license) = &package.license else {
        return Some(format!("{name}: states no licence"));
    };
    let Ok(expression) = Expression::parse_mode(license, ParseMode::LAX) else {
        return Some(format!("{name}: licence {license} can't be parsed"));
    };
    let allowed = expression.evaluate(|wanted| config.licenses.allow.contains(&wanted.to_string()));
    (!allowed).then(|| format!("{name}: licence {license} is not in .deny.toml"))
}
