//! The system's file dialogs, each on a thread of its own: they stay open as long as the person likes.

use std::{io, path::PathBuf, thread};

use crate::platform::names::plain_name;

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
