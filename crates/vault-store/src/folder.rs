//! Where things lie in a data folder:
//!
//! ```text
//! device.sqlite
//! device.sqlite.damaged-<day>           an index that was damaged and has been made anew
//! vaults/<folder>/vault.sqlite
//! vaults/<folder>/attachments/<blob id>.bin
//! ```
//!
//! A folder is named after its vault, with a suffix if a restore has replaced it (see
//! [`DeviceIndex::replace_folder`](crate::DeviceIndex::replace_folder)). The single-writer lock of a vault folder is the platform's.

use std::io;
use std::path::{Path, PathBuf};

use vault_protocol::VaultId;

use crate::Profile;
use crate::blobs::fs;

/// The device index.
pub fn device_index(data: &Path) -> PathBuf {
    data.join("device.sqlite")
}

/// The folder that holds all vault folders.
pub fn vaults(data: &Path) -> PathBuf {
    data.join("vaults")
}

/// A vault's folder.
pub fn vault(data: &Path, folder: &str) -> PathBuf {
    vaults(data).join(folder)
}

/// A vault's database.
pub fn database(data: &Path, folder: &str) -> PathBuf {
    vault(data, folder).join("vault.sqlite")
}

/// A vault's attachments.
pub fn attachments(data: &Path, folder: &str) -> PathBuf {
    vault(data, folder).join("attachments")
}

/// The name of a vault's folder: the first, or the `generation`th that replaces it.
pub fn name(vault: VaultId, generation: u32) -> String {
    match generation {
        0 => vault.to_string(),
        _ => format!("{vault}.{generation}"),
    }
}

/// The generation of a folder's name, as [`name`] writes it; `None` for any other name.
pub fn generation(vault: VaultId, folder: &str) -> Option<u32> {
    let rest = folder.strip_prefix(&vault.to_string())?;
    let generation = if rest.is_empty() { 0 } else { rest.strip_prefix('.')?.parse().ok()? };
    (name(vault, generation) == folder).then_some(generation)
}

/// The vault and generation that a folder's name tells, if it is one of [`name`]'s.
pub fn vault_of(folder: &str) -> Option<(VaultId, u32)> {
    let vault = VaultId::parse_hex(folder.get(..2 * VaultId::LEN)?)?;
    Some((vault, generation(vault, folder)?))
}

/// The names of all folders that hold a database, on a disk: ours and any other. A folder that can't be read has none.
pub fn list(data: &Path) -> Vec<String> {
    let names = std::fs::read_dir(vaults(data)).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| database(data, name).is_file()).collect()
}

/// Puts the device index aside on a disk, with its write-ahead log: `device.sqlite.<suffix>`, or with a number behind where that is taken.
///
/// # Errors
///
/// Whatever the platform says; the index is then where it was.
pub fn set_index_aside(data: &Path, suffix: &str) -> io::Result<()> {
    let index = device_index(data);
    let with = |ending: &str| {
        let mut name = index.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    let numbered = |n: u32| if n == 1 { format!(".{suffix}") } else { format!(".{suffix}.{n}") };
    let ending = (1..).map(numbered).find(|ending| !with(ending).exists()).ok_or(io::ErrorKind::AlreadyExists)?;
    // The database first: what lies beside it is nothing without it.
    std::fs::rename(&index, with(&ending))?;
    for side in ["-wal", "-shm"] {
        match std::fs::rename(with(side), with(&format!("{ending}{side}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::sync_folder(data)
}

/// Makes a vault's folder, and its name durable. Nothing to do where the browser's pool holds the database.
///
/// # Errors
///
/// Whatever the platform says.
pub fn make(data: &Path, folder: &str, profile: Profile) -> io::Result<()> {
    match profile {
        Profile::Native => fs::make_folder(&vault(data, folder)),
        Profile::Opfs => Ok(()),
    }
}

/// Deletes a vault's folder with all that is in it; one that is not there is no error.
///
/// # Errors
///
/// Whatever the platform says; `Unsupported` in the browser, where the platform deletes.
pub fn remove(data: &Path, folder: &str, profile: Profile) -> io::Result<()> {
    match profile {
        Profile::Native => fs::remove_folder(&vault(data, folder)),
        Profile::Opfs => Err(io::ErrorKind::Unsupported.into()),
    }
}
