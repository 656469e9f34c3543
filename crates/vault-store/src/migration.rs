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
pub(crate) const VAULT: Schema = Schema {
    application_id: i32::from_be_bytes(*b"NT2V"),
    steps: &[include_str!("../migrations/0001_vault.sql"), include_str!("../migrations/0002_transfers.sql")],
};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    /// Every object of a schema as SQLite has it.
    fn objects(connection: &Connection) -> Vec<(String, String)> {
        let mut statement = connection.prepare("SELECT name, COALESCE(sql, '') FROM sqlite_schema ORDER BY name").unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn check_sum(schema: &Schema, sum: &str) {
        let by_steps = connection::open(":memory:".as_ref(), Profile::Native, schema).unwrap().0;
        let at_once = Connection::open_in_memory().unwrap();
        at_once.execute_batch(sum).unwrap();
        assert_eq!(objects(&by_steps), objects(&at_once));
    }

    #[test]
    fn the_steps_sum_to_the_schema() {
        check_sum(&VAULT, include_str!("../schema.sql"));
        check_sum(&DEVICE, include_str!("../device.sql"));
    }

    const OLD: Schema = Schema { application_id: 7, steps: &["CREATE TABLE a (x)"] };
    const NEW: Schema = Schema { application_id: 7, steps: &["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x"] };
    const BROKEN: Schema =
        Schema { application_id: 7, steps: &["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; INSERT INTO nowhere VALUES (1)"] };

    fn old_file(folder: &Path) -> PathBuf {
        let path = folder.join("test.sqlite");
        let (connection, _) = connection::open(&path, Profile::Native, &OLD).unwrap();
        connection.execute_batch("INSERT INTO a VALUES (1)").unwrap();
        path
    }

    #[test]
    fn an_old_database_is_copied_and_then_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = old_file(folder.path());
        let (connection, access) = connection::open(&path, Profile::Native, &NEW).unwrap();
        assert_eq!(access, Access::Write);
        assert_eq!(connection.query_row("SELECT x + y FROM a", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
        let (copy, access) = connection::open(&copy_path(&path, 1), Profile::Native, &OLD).unwrap();
        assert_eq!(access, Access::Write);
        assert_eq!(copy.query_row("SELECT x FROM a", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn a_migration_that_fails_leaves_the_old_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = old_file(folder.path());
        assert!(connection::open(&path, Profile::Native, &BROKEN).is_err());
        let (connection, _) = connection::open(&path, Profile::Native, &OLD).unwrap();
        assert_eq!(objects(&connection).len(), 1);
        assert_eq!(connection.prepare("SELECT * FROM a").unwrap().column_count(), 1);
    }

    #[test]
    fn a_newer_database_opens_for_reading_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = old_file(folder.path());
        drop(connection::open(&path, Profile::Native, &NEW).unwrap());
        let why = ReadOnly::NewerSchema { found: 2, known: 1 };
        let (connection, access) = connection::open(&path, Profile::Native, &OLD).unwrap();
        assert_eq!(access, Access::Read(why));
        assert!(connection.execute("INSERT INTO a VALUES (2, 2)", []).is_err());
        assert!(matches!(StoreError::from_read_only(why), StoreError::TooNew { found: 2, known: 1 }));
        assert_eq!(connection::open_read_only(&path, &OLD).unwrap().1, Access::Read(why));
    }
}
