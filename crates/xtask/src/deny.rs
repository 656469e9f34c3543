//! Licences, bans and sources, from `cargo metadata` alone: the offline part of what `cargo deny check` does with the same `.deny.toml`.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, MetadataCommand, Package};
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

/// What a package says of itself.
struct Claim<'a> {
    name: &'a str,
    license: Option<&'a str>,
    /// `None` = a member of this workspace.
    source: Option<&'a str>,
}

impl<'a> Claim<'a> {
    fn of(package: &'a Package) -> Self {
        let source = package.source.as_ref().map(|source| source.repr.as_str());
        Self { name: &package.name, license: package.license.as_deref(), source }
    }
}

/// Every dependency of the lock file, on every target.
pub(crate) fn check() -> Result<(), String> {
    let config = config()?;
    let packages = metadata()?.packages;
    let problems: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            problem(&Claim::of(package), &config).map(|problem| format!("{} {}: {problem}", package.name, package.version))
        })
        .collect();
    if problems.is_empty() {
        println!("{} packages: licences, bans and sources are in order", packages.len());
        Ok(())
    } else {
        Err(format!("{} packages are not allowed:\n  {}", problems.len(), problems.join("\n  ")))
    }
}

/// All packages that the lock file names.
pub(crate) fn metadata() -> Result<Metadata, String> {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).other_options(vec!["--locked".to_owned()]);
    command.exec().map_err(|error| format!("cargo metadata: {error}"))
}

fn config() -> Result<Config, String> {
    let text = std::fs::read_to_string(root().join(".deny.toml")).map_err(|error| format!(".deny.toml: {error}"))?;
    toml::from_str(&text).map_err(|error| format!(".deny.toml: {error}"))
}

/// Why a package is not taken; `None` if it is.
fn problem(claim: &Claim<'_>, config: &Config) -> Option<String> {
    if let Some(ban) = config.bans.deny.iter().find(|ban| ban.name == claim.name) {
        return Some(format!("banned: {}", ban.reason));
    }
    if claim.source.is_some_and(|source| source != CRATES_IO) {
        return Some("comes from an unknown source".to_owned());
    }
    let Some(license) = claim.license else {
        return Some("states no licence".to_owned());
    };
    let Ok(expression) = Expression::parse_mode(license, ParseMode::LAX) else {
        return Some(format!("licence {license} can't be parsed"));
    };
    let allowed = expression.evaluate(|wanted| config.licenses.allow.contains(&wanted.to_string()));
    (!allowed).then(|| format!("licence {license} is not in .deny.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(license: Option<&str>) -> Option<String> {
        let config = config().expect("the file in the repository is well-formed");
        problem(&Claim { name: "something", license, source: Some(CRATES_IO) }, &config)
    }

    #[test]
    fn a_package_with_an_unlisted_licence_is_refused() {
        for license in ["GPL-3.0-only", "GPL-3.0-or-later", "SSPL-1.0", "MIT AND GPL-2.0-only", "LGPL-2.1-or-later", "CC-BY-NC-4.0"] {
            assert_eq!(verdict(Some(license)), Some(format!("licence {license} is not in .deny.toml")));
        }
        assert_eq!(verdict(Some("Whatever you like")), Some("licence Whatever you like can't be parsed".to_owned()));
        assert_eq!(verdict(None), Some("states no licence".to_owned()));
    }

    #[test]
    fn one_listed_licence_of_a_choice_is_enough() {
        let licenses =
            ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
        for license in licenses {
            assert_eq!(verdict(Some(license)), None, "{license}");
        }
    }

    #[test]
    fn a_banned_package_and_one_from_elsewhere_are_refused() {
        let config = config().expect("the file in the repository is well-formed");
        let banned = problem(&Claim { name: "openssl", license: Some("MIT"), source: Some(CRATES_IO) }, &config);
        assert_eq!(banned.as_deref(), Some("banned: rustls"));
        let elsewhere = problem(&Claim { name: "something", license: Some("MIT"), source: Some("git+https://example.org/x") }, &config);
        assert_eq!(elsewhere.as_deref(), Some("comes from an unknown source"));
    }
}
