//! Which vaults are on this device: `device.sqlite` in the data folder.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use vault_protocol::{DeviceId, LogId, VaultId};

use crate::StoreError;
use crate::connection::{self, Access, Profile};
use crate::migration::DEVICE;

/// The list of vaults on this device, with what must be known of each before it is unlocked.
pub struct DeviceIndex {
    connection: Connection,
    access: Access,
}

/// One vault on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultEntry {
    /// The vault.
    pub vault: VaultId,
    /// Its folder's name below `vaults/`.
    pub folder: String,
    /// The folder that a restore has replaced and that can be deleted; see [`DeviceIndex::replace_folder`].
    pub replaced_folder: Option<String>,
    /// Display name: a local label.
    pub name: String,
    /// This device within the vault.
    pub device: DeviceId,
    /// The log this device writes to.
    pub log: LogId,
    /// When the vault came to this device, Unix milliseconds.
    pub created_ms: u64,
    /// When it was last opened, Unix milliseconds; 0 if never.
    pub last_opened_ms: u64,
    /// How wrong passwords are slowed down (LD08).
    pub delay: Delay,
    /// The continuity record: this device's own last head as the engine writes it; empty if none (LD07).
    pub continuity: Vec<u8>,
}

impl VaultEntry {
    /// A vault that has come to this device at `now_ms`, Unix milliseconds: opened then, and no wrong password yet.
    pub fn new(vault: VaultId, folder: String, name: String, device: DeviceId, log: LogId, now_ms: u64) -> Self {
        Self {
            vault,
            folder,
            replaced_folder: None,
            name,
            device,
            log,
            created_ms: now_ms,
            last_opened_ms: now_ms,
            delay: Delay::default(),
            continuity: Vec::new(),
        }
    }
}

/// Wrong passwords since the last right one; survives a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// How many.
    pub failed_attempts: u32,
    /// No attempt before this time, Unix milliseconds.
    pub not_before_ms: u64,
}

const COLUMNS: &str =
    "vault, folder, replaced_folder, name, device, log, created_ms, last_opened_ms, failed_attempts, not_before_ms, continuity";

impl DeviceIndex {
    /// Opens or makes the index at `path`.
    ///
    /// # Errors
    ///
    /// As [`VaultStore::open`](crate::VaultStore::open).
    pub fn open(path: &Path, profile: Profile) -> Result<Self, StoreError> {
        let (connection, access) = connection::open(path, profile, &DEVICE)?;
        Ok(Self { connection, access })
    }

    /// Opens an existing index for reading.
    ///
    /// # Errors
    ///
    /// As [`VaultStore::open_read_only`](crate::VaultStore::open_read_only).
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let (connection, access) = connection::open_read_only(path, &DEVICE)?;
        Ok(Self { connection, access })
    }

    /// Whether it takes writes, and if not, why.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Whether the whole file makes sense; it is small, so this takes no time worth naming.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`].
    pub fn check(&self) -> Result<(), StoreError> {
        connection::quick_check(&self.connection)
    }

    /// The entries of a damaged index that can still be read. They come from a file that is not to be trusted: a caller believes of them only
    /// what it finds to be so.
    pub fn salvage(path: &Path) -> Vec<VaultEntry> {
        let Ok(connection) = connection::connect_read_only(path) else { return Vec::new() };
        let mut found: BTreeMap<VaultId, VaultEntry> = BTreeMap::new();
        // Upwards to the damage, then downwards to it.
        for order in ["ASC", "DESC"] {
            let Ok(mut statement) = connection.prepare(&format!("SELECT {COLUMNS} FROM vaults NOT INDEXED ORDER BY vault {order}")) else {
                continue;
            };
            let Ok(mut rows) = statement.query([]) else { continue };
            while let Ok(Some(row)) = rows.next() {
                found.extend(entry_of(row).ok().map(|entry| (entry.vault, entry)));
            }
        }
        found.into_values().collect()
    }

    /// All vaults, the last opened first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`], [`StoreError::Disk`], [`StoreError::Locked`].
    pub fn vaults(&self) -> Result<Vec<VaultEntry>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM vaults ORDER BY last_opened_ms DESC, vault"))?;
        Ok(statement.query_map([], entry_of)?.collect::<Result<_, _>>()?)
    }

    /// One vault.
    ///
    /// # Errors
    ///
    /// As [`Self::vaults`].
    pub fn vault(&self, vault: VaultId) -> Result<Option<VaultEntry>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM vaults WHERE vault = ?1"))?;
        Ok(statement.query_row([vault.0], entry_of).optional()?)
    }

    /// Adds a vault.
    ///
    /// # Errors
    ///
    /// [`StoreError::Rule`] if the vault or its folder is listed already; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn add(&mut self, entry: &VaultEntry) -> Result<(), StoreError> {
        self.add_all(std::slice::from_ref(entry))
    }

    /// Adds vaults, all or none.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub fn add_all(&mut self, entries: &[VaultEntry]) -> Result<(), StoreError> {
        self.check_writable()?;
        let sql = format!("INSERT INTO vaults ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for entry in entries {
            tx.prepare_cached(&sql)?.execute((
                entry.vault.0,
                &entry.folder,
                &entry.replaced_folder,
                &entry.name,
                entry.device.0,
                entry.log.0,
                entry.created_ms,
                entry.last_opened_ms,
                entry.delay.failed_attempts,
                entry.delay.not_before_ms,
                &entry.continuity,
            ))?;
        }
        Ok(tx.commit()?)
    }

    /// Takes a vault from the list; its folder is the caller's to delete, afterwards.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn remove(&mut self, vault: VaultId) -> Result<(), StoreError> {
        self.change("DELETE FROM vaults WHERE vault = ?1", [vault.0])
    }

    /// Sets the display name.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn rename(&mut self, vault: VaultId, name: &str) -> Result<(), StoreError> {
        self.change("UPDATE vaults SET name = ?2 WHERE vault = ?1", (vault.0, name))
    }

    /// Notes a right password: sets the time, ends the delay.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn opened(&mut self, vault: VaultId, now_ms: u64) -> Result<(), StoreError> {
        let sql = "UPDATE vaults SET last_opened_ms = ?2, failed_attempts = 0, not_before_ms = 0 WHERE vault = ?1";
        self.change(sql, (vault.0, now_ms))
    }

    /// Notes the delay; durable before the next attempt is answered.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn set_delay(&mut self, vault: VaultId, delay: Delay) -> Result<(), StoreError> {
        let sql = "UPDATE vaults SET failed_attempts = ?2, not_before_ms = ?3 WHERE vault = ?1";
        self.change(sql, (vault.0, delay.failed_attempts, delay.not_before_ms))
    }

    /// Notes this device's own last head, outside the vault folder.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn set_continuity(&mut self, vault: VaultId, record: &[u8]) -> Result<(), StoreError> {
        self.change("UPDATE vaults SET continuity = ?2 WHERE vault = ?1", (vault.0, record))
    }

    /// Notes device and log: this device was enrolled anew, or started a new log. What was remembered of the old log is forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn set_place(&mut self, vault: VaultId, device: DeviceId, log: LogId) -> Result<(), StoreError> {
        self.change("UPDATE vaults SET device = ?2, log = ?3, continuity = x'' WHERE vault = ?1", (vault.0, device.0, log.0))
    }

    /// A restored vault takes the place of the old one in one step: folder, device, log, name; what was remembered of the old log is forgotten.
    /// The old folder is noted as replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn replace(&mut self, entry: &VaultEntry) -> Result<(), StoreError> {
        let sql = "UPDATE vaults SET replaced_folder = folder, folder = ?2, device = ?3, log = ?4, name = ?5, continuity = x'',
                   failed_attempts = 0, not_before_ms = 0 WHERE vault = ?1";
        self.change(sql, (entry.vault.0, &entry.folder, entry.device.0, entry.log.0, &entry.name))
    }

    /// The one switch by which a restored or rebuilt vault takes the place of the old one: from here on `folder` is opened.
    /// The old one is noted as replaced, until [`Self::forget_replaced`] is called after its deletion.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn replace_folder(&mut self, vault: VaultId, folder: &str) -> Result<(), StoreError> {
        let sql = "UPDATE vaults SET replaced_folder = IIF(folder = ?2, replaced_folder, folder), folder = ?2 WHERE vault = ?1";
        self.change(sql, (vault.0, folder))
    }

    /// Notes that the replaced folder is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownVault`]; else as [`VaultStore::write`](crate::VaultStore::write).
    pub fn forget_replaced(&mut self, vault: VaultId) -> Result<(), StoreError> {
        self.change("UPDATE vaults SET replaced_folder = NULL WHERE vault = ?1", [vault.0])
    }

    fn change(&mut self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.check_writable()?;
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let n_changed = tx.prepare_cached(sql)?.execute(params)?;
        tx.commit()?;
        // A delay that is noted nowhere would be no delay.
        if n_changed == 1 { Ok(()) } else { Err(StoreError::UnknownVault) }
    }

    fn check_writable(&self) -> Result<(), StoreError> {
        match self.access {
            Access::Write => Ok(()),
            Access::Read(why) => Err(StoreError::from_read_only(why)),
        }
    }
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<VaultEntry> {
    Ok(VaultEntry {
        vault: VaultId(row.get(0)?),
        folder: row.get(1)?,
        replaced_folder: row.get(2)?,
        name: row.get(3)?,
        device: DeviceId(row.get(4)?),
        log: LogId(row.get(5)?),
        created_ms: row.get(6)?,
        last_opened_ms: row.get(7)?,
        delay: Delay { failed_attempts: row.get(8)?, not_before_ms: row.get(9)? },
        continuity: row.get(10)?,
    })
}
