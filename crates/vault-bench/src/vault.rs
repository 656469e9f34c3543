//! Made-up vaults on the disk.

use std::path::{Path, PathBuf};

use vault_engine::{Command, Event};
use vault_model::realistic::Realistic;
use vault_model::{DraftValue, ItemDraft};
use vault_protocol::{ObjectId, VaultId};
use vault_testkit::TestDevice;

use crate::Result;

/// Every run makes the same items.
const SEED: u64 = 20_261_121;

/// A closed vault and what opens it. It has no master password: its key comes from the device alone, so no Argon2id runs.
pub(crate) struct MadeUp {
    folder: PathBuf,
    vault: VaultId,
    keys: std::collections::BTreeMap<(bool, vault_engine::effect::KeyName), [u8; 32]>,
    n_opened: u64,
    /// The items in the order in which they were made.
    pub(crate) items: Vec<ObjectId>,
}

/// The items as the vault was given them.
pub(crate) fn drafts(n_items: usize) -> impl Iterator<Item = ItemDraft> {
    Realistic::new(SEED).take(n_items)
}

impl MadeUp {
    /// Makes a vault of `n_items`, one durable entry each, through the engine. Where the system has a file system in memory, it is built
    /// there and moved to `folder` when it is closed: flushing a hundred thousand times tells nothing and takes minutes.
    pub(crate) fn build(folder: &Path, n_items: usize) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let nursery = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
        let mut device = TestDevice::open(nursery.path(), SEED);
        let vault = create(&mut device)?;
        let items = drafts(n_items).map(|draft| save(&mut device, draft)).collect::<Result<_>>()?;
        device.ok(Command::Lock);
        let keys = device.keys.clone();
        drop(device);
        copy(nursery.path(), folder)?;
        Ok(Self { folder: folder.to_owned(), vault, keys, n_opened: 0, items })
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the device key where the program looks for it, in its form (`app/src/platform/native/keys.rs`).
    pub(crate) fn write_keys(&self) -> Result<()> {
        let keys = self.folder.join("keys");
        std::fs::create_dir_all(&keys)?;
        for ((_, name), key) in &self.keys {
            let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            std::fs::write(keys.join(format!("{}-{}.key", name.vault, name.generation)), format!("nt2 device key 1\n{digits}\n"))?;
        }
        Ok(())
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        vault_store::folder::database(&self.folder, &vault_store::folder::name(self.vault, 0))
    }

    /// A device that knows the vault and has not opened it.
    pub(crate) fn device(&mut self) -> TestDevice {
        self.n_opened += 1;
        // No two sessions may draw the same nonces.
        let mut device = TestDevice::open(&self.folder, SEED + self.n_opened);
        device.keys = self.keys.clone();
        device
    }

    /// Opens the vault; the number of list rows that came.
    pub(crate) fn unlock(&self, device: &mut TestDevice) -> usize {
        let events = device.ok(Command::Unlock { vault: self.vault, password: "".into() });
        events.iter().map(|event| if let Event::Rows { rows, .. } = event { rows.len() } else { 0 }).sum()
    }
}

/// A new vault, open.
pub(crate) fn create(device: &mut TestDevice) -> Result<VaultId> {
    let events = device.ok(Command::CreateVault { name: "Benchmark".into(), password: None });
    let opened = events.iter().find_map(|event| if let Event::Opened { status, .. } = event { Some(status.vault) } else { None });
    opened.ok_or_else(|| "a new vault did not open".into())
}

/// A saved item.
pub(crate) fn save(device: &mut TestDevice, draft: ItemDraft) -> Result<ObjectId> {
    let events = device.ok(Command::SaveItem(Box::new(draft)));
    let saved = events.iter().find_map(|event| if let Event::Saved(_, item) = event { Some(*item) } else { None });
    saved.ok_or_else(|| "an item was not saved".into())
}

/// The text of a draft's field.
pub(crate) fn text(value: &DraftValue) -> &str {
    match value {
        DraftValue::Set(text) => text.expose(),
        DraftValue::Keep => "",
    }
}

/// Copies a folder with all that is in it, durably.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
            std::fs::File::open(&target)?.sync_all()?;
        }
    }
    Ok(())
}
