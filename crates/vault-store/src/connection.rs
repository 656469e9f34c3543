//! How a database file is opened: pragmas, identity, migrations.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;
use crate::migration::{self, Schema};

/// Oldest SQLite this store runs on: the first with the fix of the WAL-reset bug (sqlite.org/wal.html, "WAL-reset bug").
const MIN_SQLITE: i32 = 3_051_003;
/// What is kept of the write-ahead log between transactions; a large import makes it grow.
const KEPT_LOG_BYTES: i64 = 4 << 20;
/// How long SQLite waits for another process (a backup program, a second window) before it says "in use".
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Page cache in KiB: the inner pages of a vault of 100,000 rows.
const CACHE_KIB: i64 = 8 * 1024;
/// Largest single value in bytes; snapshots are blobs, and entries are at most 1 MiB.
const MAX_VALUE_BYTES: i32 = 64 << 20;

/// The file system below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// A disk: write-ahead log, every commit flushed; survives power loss.
    Native,
    /// The browser's origin-private file system behind SQLite's pool VFS: no shared memory, hence no write-ahead log.
    Opfs,
}

/// Why a store can only be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnly {
    /// A newer program wrote it.
    NewerSchema {
        /// The schema's number in the file.
        found: u32,
        /// The newest number known here.
        known: u32,
    },
    /// The file, its folder or the medium can't be written, or the caller asked for no more.
    Medium,
    /// It holds what could be read of a damaged one.
    Salvage,
}

/// Whether a store takes writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It does.
    Write,
    /// It does not.
    Read(ReadOnly),
}

/// Opens or makes the database at `path` and brings it to the newest schema; where it exists and can't be written, opens it for reading.
pub(crate) fn open(path: &Path, profile: Profile, schema: &Schema) -> Result<(Connection, Access), StoreError> {
    match open_for_writing(path, profile, schema) {
        Err(error @ (StoreError::ReadOnly(_) | StoreError::Unavailable(_))) => open_read_only(path, schema).map_err(|_same_cause| error),
        outcome => outcome,
    }
}

fn open_for_writing(path: &Path, profile: Profile, schema: &Schema) -> Result<(Connection, Access), StoreError> {
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    configure(&connection)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(StoreError::ReadOnly(None));
    }
    match profile {
        Profile::Native => connection.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {KEPT_LOG_BYTES}"
        ))?,
        Profile::Opfs => {
            connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL")?;
        }
    }
    let access = migration::migrate(&mut connection, path, schema)?;
    if access != Access::Write {
        connection.execute_batch("PRAGMA query_only = ON")?;
    }
    Ok((connection, access))
}

/// Opens an existing database for reading; nothing is written, not even beside it.
pub(crate) fn open_read_only(path: &Path, schema: &Schema) -> Result<(Connection, Access), StoreError> {
    let connection = connect_read_only(path)?;
    let found = migration::identify(&connection, schema)?;
    let known = schema.version();
    match found {
        0 => Err(StoreError::NotOurs),
        found if found > known => Ok((connection, Access::Read(ReadOnly::NewerSchema { found, known }))),
        _ => Ok((connection, Access::Read(ReadOnly::Medium))),
    }
}

/// A connection for reading, also on a medium where SQLite can't put the shared memory of its write-ahead log.
pub(crate) fn connect_read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let plainly = || -> Result<Connection, StoreError> {
        let connection = Connection::open_with_flags(path, flags)?;
        configure(&connection)?;
        connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    match plainly() {
        Err(StoreError::Unavailable(_) | StoreError::ReadOnly(_)) => {}
        outcome => return outcome,
    }
    // SQLite takes the file as immutable; sound only where no write-ahead log waits beside it, and `immutable` ignores one.
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).metadata().is_ok_and(|meta| meta.len() > 0) {
        return Err(StoreError::ReadOnly(None));
    }
    let connection = Connection::open_with_flags(immutable_uri(path), flags | OpenFlags::SQLITE_OPEN_URI)?;
    configure(&connection)?;
    Ok(connection)
}

/// Whether pages, cells and lengths of the whole file make sense; reads all of it.
pub(crate) fn quick_check(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged(None)) }
}

/// What every connection is told before its first query.
pub(crate) fn configure(connection: &Connection) -> Result<(), StoreError> {
    if rusqlite::version_number() < MIN_SQLITE {
        return Err(StoreError::OldSqlite);
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A schema planted by whoever had the file must run nothing: no trigger, view or function of its own, no second database.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.execute_batch(&format!(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{CACHE_KIB}"
    ))?;
    Ok(())
}

/// `file:` address of `path` with `immutable=1` (sqlite.org/uri.html): every byte but unreserved ones percent-encoded.
fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => uri.push(char::from(*byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_signs_that_an_address_uses_is_the_same_path_in_one() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a b.sqlite", "100%25?x=1#y&immutable=0.sqlite", "ä\u{1F600}.sqlite"] {
            let path = folder.path().join(name);
            Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (7)").unwrap();
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(immutable_uri(&path), flags).unwrap();
            assert_eq!(connection.query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
        }
    }
}
