//! Numbered steps from an empty file to the newest schema.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;
use crate::connection::{self, Access, ReadOnly};

/// A kind of database: its mark in the file header and its steps; step n leads to schema n + 1.
pub(crate) struct Schema {
    /// `application_id` in the file's header, so that one kind is never opened as another.
    pub(crate) application_id: i32,
    /// SQL of each step; one transaction each, never edited later.
    pub(crate) steps: &'static [&'static str],
}

/// A vault's database.
pub(crate) const VAULT: Schema =
    Schema { application_id: i32::from_be_bytes(*b"NT2V"), steps: &[include_str!("../migrations/0001_vault.sql")] };

/// The device index.
pub(crate) const DEVICE: Schema =
    Schema { application_id: i32::from_be_bytes(*b"NT2D"), steps: &[include_str!("../migrations/device/0001_index.sql")] };

impl Schema {
    /// The newest schema's number: that of the last step.
    pub(crate) fn version(&self) -> u32 {
        self.steps.len() as u32
    }
}

/// The schema's number in the file; 0 if it is empty.
///
/// # Errors
///
/// [`StoreError::NotOurs`] for a database of another kind; else what reading the header gives.
pub(crate) fn identify(connection: &Connection, schema: &Schema) -> Result<u32, StoreError> {
    let application_id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let n_objects: i64 = connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application_id, u32::try_from(version)) {
        (0, Ok(0)) if n_objects == 0 => Ok(0),
        (id, Ok(version)) if id == schema.application_id && version > 0 => Ok(version),
        _ => Err(StoreError::NotOurs),
    }
}

/// Applies the steps that the file lacks. A file that holds anything is copied first, to [`copy_path`].
pub(crate) fn migrate(connection: &mut Connection, path: &Path, schema: &Schema) -> Result<Access, StoreError> {
    let found = identify(connection, schema)?;
    let known = schema.version();
    if found > known {
        return Ok(Access::Read(ReadOnly::NewerSchema { found, known }));
    }
    if found > 0 && found < known {
        copy(connection, &copy_path(path, found))?;
    }
    for version in found..known {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been faster; the lock taken above settles it.
        if identify(&tx, schema)? != version {
            continue;
        }
        tx.execute_batch(schema.steps[version as usize])?;
        tx.pragma_update(None, "application_id", schema.application_id)?;
        tx.pragma_update(None, "user_version", version + 1)?;
        tx.commit()?;
    }
    Ok(Access::Write)
}

/// Where the copy made before a migration lies: beside the file, named after the schema it has.
pub(crate) fn copy_path(path: &Path, version: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".schema{version}"));
    PathBuf::from(name)
}

/// Copies the whole database with SQLite's own backup, which works on every file system below it.
fn copy(from: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut target = Connection::open(to)?;
    connection::configure(&target)?;
    let step = Backup::new(from, &mut target)?.step(-1)?;
    if step != StepResult::Done {
        return Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None).into());
    }
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}
