//! From a compiled program and the sources in `app/web` to the files that are served.
//!
//! Every file that can be is named by its content. The page, the manifest, the settings and the service worker keep their names; the service
//! worker carries the hash of each of the others.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use crate::{
    policy::{self, NAME_HASH_LEN},
    root,
};

/// Written by hand, named by their content, those that others name first.
const HASHED: [&str; 6] = ["style.css", "words.js", "download.js", "worker.js", "aside-worker.js", "boot.js"];
const ICONS: [&str; 5] = ["mark.svg", "icon-32.png", "icon-192.png", "icon-512.png", "icon-maskable-512.png"];
/// Found under their own names.
const FIXED: [&str; 2] = ["manifest.webmanifest", "index.html"];
const CONFIG: &str = "config.json";
const SERVICE_WORKER: &str = "sw.js";
const GLUE: &str = "nt2.js";
const MODULE: &str = "nt2_bg.wasm";
/// What runs beside the vault and is not needed to start.
const ASIDE: [&str; 2] = ["aside_bg.wasm", "aside.js"];

/// Packs the program in the folder `app`.
pub(crate) fn pack(app: &Path, api_url: &str, out: &Path) -> Result<(), String> {
    check_url(api_url)?;
    let mut pack = Pack::new(app, api_url)?;
    for name in ICONS {
        pack.add_hashed(name, read(&root().join("assets/brand").join(name))?);
    }
    let module = read(&app.join(MODULE))?;
    let module_len = module.len();
    pack.add_hashed(MODULE, module);
    pack.add_glue(app)?;
    for name in ASIDE {
        pack.add_hashed(name, read(&app.join(name))?);
    }
    for name in HASHED {
        let text = pack.filled(name)?;
        pack.add_hashed(name, text.into_bytes());
    }
    for name in FIXED {
        let text = pack.filled(name)?;
        pack.files.insert(name.to_owned(), text.into_bytes());
    }
    pack.files.insert(CONFIG.to_owned(), config(api_url)?);
    pack.words.insert("files".to_owned(), pack.list());
    let text = pack.filled(SERVICE_WORKER)?;
    pack.files.insert(SERVICE_WORKER.to_owned(), text.into_bytes());
    write_all(out, &pack.files)?;
    println!("{}: build {}, {} files, module {} bytes", out.display(), pack.words["build"], pack.files.len(), module_len);
    Ok(())
}

struct Pack {
    /// What stands for what between double braces.
    words: BTreeMap<String, String>,
    /// By the name under which it is served.
    files: BTreeMap<String, Vec<u8>>,
}

impl Pack {
    fn new(app: &Path, api_url: &str) -> Result<Self, String> {
        let words = [("build", build_hash(app, api_url)?), ("policy", policy::in_page())];
        Ok(Self { words: words.into_iter().map(|(name, word)| (name.to_owned(), word)).collect(), files: BTreeMap::new() })
    }

    fn add_hashed(&mut self, name: &str, bytes: Vec<u8>) {
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}-{}.{end}", &hex(&Sha256::digest(&bytes))[..NAME_HASH_LEN]);
        self.files.insert(hashed.clone(), bytes);
        self.words.insert(name.to_owned(), hashed);
    }

    /// The glue, with the snippets that crates bring along beside it.
    fn add_glue(&mut self, app: &Path) -> Result<(), String> {
        let mut glue = text(&app.join(GLUE))?;
        for path in files_below(&app.join("snippets"))? {
            let snippet = text(&path)?;
            if snippet.contains("from './")
                || snippet.contains("from '../")
                || snippet.contains("from \"./")
                || snippet.contains("from \"../")
            {
                return Err(format!("{} imports another file, which is not provided for", path.display()));
            }
            let imported =
                path.strip_prefix(app).map_err(|error| format!("{}: {error}", path.display()))?.to_string_lossy().replace('\\', "/");
            self.add_hashed(&imported.replace('/', "_"), snippet.into_bytes());
            glue = glue.replace(&format!("./{imported}"), &format!("./{}", self.words[&imported.replace('/', "_")]));
        }
        if glue.contains("./snippets/") {
            return Err(format!("{GLUE} imports a snippet that is not there"));
        }
        self.add_hashed(GLUE, glue.into_bytes());
        Ok(())
    }

    /// A source of `app/web` with everything between double braces replaced.
    fn filled(&self, name: &str) -> Result<String, String> {
        fill(&text(&sources().join(name))?, &self.words).map_err(|word| format!("{name} names {word}, which does not exist"))
    }

    /// For the service worker: names with what `fetch` checks. The operator may edit the settings, so they have no hash.
    fn list(&self) -> String {
        let entry = |(name, bytes): (&String, &Vec<u8>)| {
            let integrity = if name == CONFIG { serde_json::Value::Null } else { integrity(bytes).into() };
            (if name == "index.html" { String::new() } else { name.clone() }, integrity)
        };
        let list: serde_json::Map<String, serde_json::Value> = self.files.iter().map(entry).collect();
        serde_json::to_string_pretty(&list).unwrap_or_default()
    }
}

/// Replaces `{{word}}`; fails with the first word that is not known.
fn fill(source: &str, words: &BTreeMap<String, String>) -> Result<String, String> {
    let mut filled = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{{") {
        let (word, after) = after.split_once("}}").ok_or_else(|| after.to_owned())?;
        filled.push_str(before);
        filled.push_str(words.get(word).ok_or_else(|| word.to_owned())?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Over everything that goes in, so that it can be written into what comes out.
fn build_hash(app: &Path, api_url: &str) -> Result<String, String> {
    let brand = root().join("assets/brand");
    let mut paths: Vec<PathBuf> = ICONS.iter().map(|name| brand.join(name)).collect();
    paths.extend(HASHED.iter().chain(&FIXED).chain([&SERVICE_WORKER]).map(|name| sources().join(name)));
    paths.extend([GLUE, MODULE].iter().chain(&ASIDE).map(|name| app.join(name)));
    paths.extend(files_below(&app.join("snippets"))?);
    let mut hash = Sha256::new();
    for part in paths.iter().map(|path| read(path)).chain([Ok(config(api_url)?), Ok(policy::in_page().into_bytes())]) {
        hash.update(Sha256::digest(part?));
    }
    Ok(hex(&hash.finalize())[..NAME_HASH_LEN].to_owned())
}

fn config(api_url: &str) -> Result<Vec<u8>, String> {
    let mut config: serde_json::Value =
        serde_json::from_str(&text(&sources().join(CONFIG))?).map_err(|error| format!("{CONFIG} can't be read: {error}"))?;
    config["PUBLIC_API_URL"] = api_url.into();
    Ok(format!("{config:#}\n").into_bytes())
}

/// The page may only reach servers over TLS.
fn check_url(api_url: &str) -> Result<(), String> {
    if api_url.is_empty() || api_url.starts_with("https://") {
        Ok(())
    } else {
        Err(format!("the page's own rules allow https only, so {api_url} could never be reached"))
    }
}

/// Replaces the folder `out` as a whole, so that a failure leaves the old one.
fn write_all(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{} can't be written: {error}", out.display());
    let new = out.with_extension("new");
    fs::remove_dir_all(&new).or_else(missing_is_fine).map_err(failed)?;
    fs::create_dir_all(&new).map_err(failed)?;
    for (name, bytes) in files {
        fs::write(new.join(name), bytes).map_err(failed)?;
    }
    fs::remove_dir_all(out).or_else(missing_is_fine).map_err(failed)?;
    fs::rename(&new, out).map_err(failed)
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Sorted; empty if there is no such folder.
fn files_below(dir: &Path) -> Result<Vec<PathBuf>, String> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut files = Vec::new();
    for path in entries.into_iter().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn sources() -> PathBuf {
    root().join("app/web")
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} can't be read: {error}", path.display()))
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} can't be read: {error}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").ok(); // writing to a String does not fail
        hex
    })
}

/// Subresource Integrity §3.5: the algorithm and the hash in base64.
fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", base64(&Sha256::digest(bytes)))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let letters = (0..4).map(|idx| if idx <= three.len() { char::from(LETTERS[(bits >> (18 - 6 * idx)) as usize & 63]) } else { '=' });
        text.extend(letters);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648 §10.
        for (bytes, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }

    #[test]
    fn a_word_that_stands_for_nothing_is_an_error() {
        let words = BTreeMap::from([("a.js".to_owned(), "a-1.js".to_owned())]);
        assert_eq!(fill("x {{a.js}} { { }} y", &words), Ok("x a-1.js { { }} y".to_owned()));
        assert_eq!(fill("x {{b.js}}", &words), Err("b.js".to_owned()));
        assert!(fill("x {{b.js", &words).is_err());
    }

    /// A program that needs no compiler.
    fn stand_in(dir: &Path) -> PathBuf {
        let app = dir.join("app");
        fs::create_dir_all(app.join("snippets/some-crate")).unwrap();
        fs::write(app.join(MODULE), b"\0asm\x01\0\0\0").unwrap();
        fs::write(app.join(GLUE), "import { f } from './snippets/some-crate/inline0.js';\nexport default async function init() {}\n")
            .unwrap();
        fs::write(app.join("snippets/some-crate/inline0.js"), "export function f() {}\n").unwrap();
        for name in ASIDE {
            fs::write(app.join(name), name).unwrap();
        }
        app
    }

    fn packed(out: &Path) -> BTreeMap<String, String> {
        let files = files_below(out).unwrap();
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        files.iter().map(|path| (name(path), String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())).collect()
    }

    #[test]
    fn every_file_but_the_service_worker_is_in_its_list_and_no_word_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        pack(&stand_in(dir.path()), "", &out).unwrap();
        let files = packed(&out);
        let worker = &files[SERVICE_WORKER];
        for (name, text) in &files {
            assert!(!text.contains("{{") && !text.contains("}}"), "{name}");
            let listed = if name == "index.html" { "\"\": \"sha256-".to_owned() } else { format!("\"{name}\": ") };
            assert!(name == SERVICE_WORKER || worker.contains(&listed), "{name}");
        }
        let snippet = files.keys().find(|name| name.starts_with("snippets_some-crate_inline0-")).unwrap();
        let glue = files.iter().find(|(name, _)| name.starts_with("nt2-")).unwrap().1;
        assert!(glue.contains(&format!("from './{snippet}'")), "{glue}");
    }

    #[test]
    fn the_same_input_gives_the_same_files_and_another_server_another_build() {
        let dir = tempfile::tempdir().unwrap();
        let app = stand_in(dir.path());
        let out = ["a", "b", "c"].map(|name| dir.path().join(name));
        pack(&app, "", &out[0]).unwrap();
        pack(&app, "", &out[1]).unwrap();
        pack(&app, "https://vault.example.org", &out[2]).unwrap();
        assert_eq!(packed(&out[0]), packed(&out[1]));
        assert_ne!(packed(&out[0])[SERVICE_WORKER], packed(&out[2])[SERVICE_WORKER]);
    }

    #[test]
    fn a_server_without_tls_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let refused = pack(&stand_in(dir.path()), "http://vault.example.org", &dir.path().join("out"));
        assert!(refused.is_err_and(|sentence| sentence.contains("https only")));
    }
}
