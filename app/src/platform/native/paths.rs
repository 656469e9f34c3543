//! Where the data lie.

use std::{io, path::PathBuf};

/// Beside the executable, this file makes the program keep everything in [`PORTABLE_FOLDER`] next to it.
const PORTABLE_MARK: &str = "nt2-portable";
/// The data folder of a portable copy.
const PORTABLE_FOLDER: &str = "nt2-data";

/// The data folder, and what follows from where it is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// Nothing is written outside the folder: no key store either (LD11).
    pub(crate) is_portable: bool,
}

/// Chooses and makes the data folder: `asked` (`--data`), else beside a portable executable, else the account's.
///
/// A folder that can't be made because the medium is read-only is fine if it is there.
pub(crate) fn data_place(asked: Option<PathBuf>) -> io::Result<Place> {
    let place = match (asked, portable_folder()) {
        (Some(folder), portable) => Place { is_portable: portable.as_ref() == Some(&folder), folder },
        (None, Some(folder)) => Place { folder, is_portable: true },
        (None, None) => Place { folder: account_folder()?, is_portable: false },
    };
    match std::fs::create_dir_all(&place.folder) {
        Err(error) if !place.folder.is_dir() => Err(error),
        _ => Ok(Place { folder: std::path::absolute(&place.folder)?, ..place }),
    }
}

fn portable_folder() -> Option<PathBuf> {
    let executable = std::env::current_exe().ok()?;
    let folder = executable.parent()?;
    folder.join(PORTABLE_MARK).exists().then(|| folder.join(PORTABLE_FOLDER))
}

fn account_folder() -> io::Result<PathBuf> {
    directories::ProjectDirs::from("", "", "nt2-vault")
        .map(|dirs| dirs.data_local_dir().to_owned())
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this account has no home folder"))
}
