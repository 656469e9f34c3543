//! From the sources to a module and its glue.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use wasm_bindgen_cli_support::Bindgen;

use crate::root;

/// Compiles the program and gives the folder that holds `nt2.js`, `nt2_bg.wasm`, `aside.js` and `aside_bg.wasm`.
pub(crate) fn app(profile: &str) -> Result<PathBuf, String> {
    let how = ["--target", "wasm32-unknown-unknown", "--profile", profile];
    let messages = build(&[&["--package", "nt2", "--bin", "nt2", "--package", "vault-aside", "--lib"][..], &how].concat())?;
    let found = |target| executable(&messages, target, "wasm").ok_or_else(|| format!("cargo named no module of {target}"));
    let (wasm, aside) = (found("nt2")?, found("vault_aside")?);
    let bound = wasm.with_file_name("nt2-bound");
    if bound.exists() {
        std::fs::remove_dir_all(&bound).map_err(|error| format!("{} can't be emptied: {error}", bound.display()))?;
    }
    bind(&wasm, "nt2", &bound)?;
    bind(&aside, "aside", &bound)?;
    Ok(bound)
}

/// Compiles a native program as the other tests do, and gives its path.
pub(crate) fn native(package: &str, program: &str) -> Result<PathBuf, String> {
    let messages = build(&["--package", package, "--bin", program])?;
    executable(&messages, program, std::env::consts::EXE_EXTENSION).ok_or_else(|| "cargo named no compiled program".to_owned())
}

/// Compiles and gives what cargo says, in lines of JSON.
fn build(what: &[&str]) -> Result<String, String> {
    let mut command = Command::new("cargo");
    command.args(["build", "--locked", "--message-format", "json-render-diagnostics"]).args(what);
    let output =
        command.current_dir(root()).stderr(Stdio::inherit()).output().map_err(|error| format!("cargo can't be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("this does not compile: {}", what.join(" ")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The program among the files that cargo has made; `ends` = the extension of its file's name, which may be none.
fn executable(messages: &str, program: &str, ends: &str) -> Option<PathBuf> {
    let message = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let files =
        message.filter(|message| message["target"]["name"] == program).filter_map(|message| message["filenames"].as_array().cloned());
    files.flatten().filter_map(|file| file.as_str().map(PathBuf::from)).find(|file| file.extension().unwrap_or_default() == ends)
}

fn bind(wasm: &Path, name: &str, bound: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).typescript(false).remove_name_section(true).remove_producers_section(true);
    // Whoever starts it hands in the module, so the glue needs no way to its file, whose name is not known yet.
    bindgen.omit_default_module_path(true);
    let result = bindgen.web(true).and_then(|bindgen| bindgen.generate_output()).and_then(|mut output| output.emit(bound));
    result.map_err(|error| format!("wasm-bindgen: {error:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_what_cargo_says() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"egui"},"filenames":["/t/libegui.rlib"]}
not a line of JSON
{"reason":"compiler-artifact","target":{"name":"nt2"},"filenames":["/t/nt2.js","/t/nt2.wasm"]}
{"reason":"compiler-artifact","target":{"name":"nt2"},"filenames":["/t/nt2"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "nt2", "wasm"), Some(PathBuf::from("/t/nt2.wasm")));
        assert_eq!(executable(messages, "nt2", ""), Some(PathBuf::from("/t/nt2")));
        assert_eq!(executable("{}", "nt2", "wasm"), None);
    }
}
