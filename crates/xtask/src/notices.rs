//! `cargo xtask notices`: who made what the program contains, and under which licence, with the texts that the crates come with.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
};

use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};

use crate::deny;

/// The program that is shipped.
const SHIPPED: &str = "nt2";
/// Beginnings of the names of files that hold licences and notices, in lower case.
const NAMES: [&str; 6] = ["license", "licence", "copying", "notice", "copyright", "unlicense"];

/// Prints the notices.
pub(crate) fn print() -> Result<(), String> {
    let metadata = deny::metadata()?;
    let packages = linked(&metadata)?;
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    println!("Crates that {SHIPPED} contains on one system or another\n");
    for package in &packages {
        let name = format!("{} {}", package.name, package.version);
        let license = package.license.as_deref().unwrap_or("see its text");
        println!("{name}: {license}; {}", package.repository.as_deref().unwrap_or("https://crates.io"));
        for text in license_files(package)? {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    for (text, names) in texts {
        println!("\n{}\n{}\n\n{text}", "=".repeat(80), names.join(", "));
    }
    Ok(())
}

/// Other people's packages that are linked into the program on some target: no build scripts, no tests.
fn linked(metadata: &Metadata) -> Result<Vec<&Package>, String> {
    let resolve = metadata.resolve.as_ref().ok_or("cargo metadata resolves nothing")?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let root = metadata.packages.iter().find(|package| *package.name == SHIPPED).ok_or("the shipped package is not there")?;
    let mut seen = BTreeSet::from([&root.id]);
    let mut queue = VecDeque::from([&root.id]);
    while let Some(id) = queue.pop_front() {
        for dependency in nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default() {
            let linked = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if linked && seen.insert(&dependency.pkg) {
                queue.push_back(&dependency.pkg);
            }
        }
    }
    let mut packages: Vec<&Package> =
        metadata.packages.iter().filter(|package| package.source.is_some() && seen.contains(&package.id)).collect();
    packages.sort_by(|a, b| (a.name.as_str(), &a.version).cmp(&(b.name.as_str(), &b.version)));
    Ok(packages)
}

/// The texts in a package's folder, without space around them.
fn license_files(package: &Package) -> Result<BTreeSet<String>, String> {
    let folder = package.manifest_path.parent().ok_or("a manifest lies in no folder")?;
    let told = |error: std::io::Error| format!("{}: {error}", package.name);
    let mut texts = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let is_file = entry.file_type().map_err(told)?.is_file();
        if is_file && is_license_name(Path::new(&entry.file_name())) {
            let bytes = std::fs::read(entry.path()).map_err(told)?;
            texts.insert(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned());
        }
    }
    Ok(texts)
}

fn is_license_name(name: &Path) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    !name.ends_with(".rs") && NAMES.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_licences_are_recognised_by_name() {
        for name in ["LICENSE", "LICENSE-MIT", "License.md", "COPYING.LESSER", "NOTICE", "UNLICENSE", "licence.txt"] {
            assert!(is_license_name(Path::new(name)), "{name}");
        }
        for name in ["README.md", "license.rs", "src", "Cargo.toml"] {
            assert!(!is_license_name(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_is_linked_is_listed_and_what_only_builds_or_tests_is_not() {
        let metadata = deny::metadata().expect("cargo tells what the lock file names");
        let names: BTreeSet<&str> =
            linked(&metadata).expect("the program is in the workspace").iter().map(|package| package.name.as_str()).collect();
        for name in ["egui", "rusqlite", "libsqlite3-sys", "chacha20poly1305", "diceware_wordlists", "bip39"] {
            assert!(names.contains(name), "{name}");
        }
        for name in ["proptest", "cc", "cargo_metadata", "egui_kittest", "vault-engine"] {
            assert!(!names.contains(name), "{name}");
        }
    }
}
