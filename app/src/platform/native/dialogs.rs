//! The system's file dialogs, each on a thread of its own: they stay open as long as the person likes.

use std::{io, path::PathBuf, thread};

/// Asks for files to read; `then` is called with none if the dialog is cancelled.
pub(crate) fn pick_files(several: bool, then: impl FnOnce(Vec<PathBuf>) + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("dialog".to_owned()).spawn(move || {
        let dialog = rfd::FileDialog::new();
        let picked = if several { dialog.pick_files() } else { dialog.pick_file().map(|path| vec![path]) };
        then(picked.unwrap_or_default());
    })?;
    Ok(())
}

/// Asks for a place to write to.
pub(crate) fn save_as(name: &str, then: impl FnOnce(Option<PathBuf>) + Send + 'static) -> io::Result<()> {
    let name = plain_name(name);
    thread::Builder::new().name("dialog".to_owned()).spawn(move || then(rfd::FileDialog::new().set_file_name(name).save_file()))?;
    Ok(())
}

/// A name as a proposal: never a path, nothing invisible, nothing that a file system refuses (MF05).
pub(crate) fn plain_name(name: &str) -> String {
    let is_bidi = |c: char| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| if c.is_control() || is_bidi(c) || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let name: String = name.chars().map(plain).take(200).collect();
    let name = name.trim().trim_end_matches('.').trim_start_matches('.');
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mf05_a_proposed_name_is_never_a_path_and_hides_nothing() {
        let check = |name, expected| assert_eq!(plain_name(name), expected);
        check("passport.pdf", "passport.pdf");
        check("../../etc/passwd", "_.._etc_passwd");
        check("C:\\boot.ini", "C__boot.ini");
        check("gpj\u{202e}exe.", "gpj_exe");
        check(".bashrc", "bashrc");
        check(" .. ", "file");
    }
}
