//! Device keys: in the system's key store, or in files for the owner alone beside the vaults.
//!
//! A thread of its own, because a key store may ask the person for something and take its time.

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use vault_engine::effect::{KeyName, KeyPlace};
use zeroize::Zeroizing;

use super::{files, os};
use crate::platform::key_file::{self, Key};

/// Under this name the system's key store lists our keys.
const SERVICE: &str = "NT2 Vault";
/// The folder of key files, in the data folder.
const FOLDER: &str = "keys";
/// How long the key store may take: someone has to find and type its password.
const PATIENCE: Duration = Duration::from_secs(120);
/// Whether the system's key store is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum KeyStoreChoice {
    /// The operating system's.
    #[default]
    Os,
    /// Files in the data folder only.
    Disk,
}

/// Where keys are kept.
#[derive(Clone, Debug)]
pub(crate) struct KeyStore {
    folder: PathBuf,
    choice: KeyStoreChoice,
}

impl KeyStore {
    /// Key files lie in `data/keys`.
    pub(crate) fn new(data: &Path, choice: KeyStoreChoice) -> Self {
        Self { folder: data.join(FOLDER), choice }
    }

    /// Reads a key; `Ok(None)` if the store works and has none, `Err` if it is gone.
    pub(crate) fn get(&self, place: KeyPlace, name: &KeyName) -> Result<Option<Key>, ()> {
        match place {
            KeyPlace::Disk => read_file(&self.file(name)?).map_err(|_| ()),
            KeyPlace::Os => self.patiently(name, |name| os_get(&name)),
        }
    }

    /// Stores a key and reads it back through a second connection.
    pub(crate) fn put(&self, place: KeyPlace, name: &KeyName, key: &Key) -> Result<(), ()> {
        match place {
            KeyPlace::Disk => {
                let path = self.file(name)?;
                std::fs::create_dir_all(&self.folder).and_then(|()| write_file(&path, key)).map_err(|_| ())?;
                confirm(&read_file(&path).map_err(|_| ())?, key)
            }
            KeyPlace::Os => {
                let key = key.clone();
                self.patiently(name, move |name| {
                    entry(&name)?.set_secret(key.as_slice()).map_err(|_| ())?;
                    confirm(&os_get(&name)?, &key)
                })
            }
        }
    }

    /// Deletes a key; one that is not there is fine.
    pub(crate) fn delete(&self, place: KeyPlace, name: &KeyName) {
        // The engine asks for no reply: a key that stays opens nothing any more.
        match place {
            KeyPlace::Disk => {
                if let Ok(path) = self.file(name) {
                    std::fs::remove_file(path).ok();
                }
            }
            KeyPlace::Os => {
                self.patiently(name, |name| entry(&name)?.delete_credential().map_err(|_| ())).ok();
            }
        }
    }

    /// The key's file.
    fn file(&self, name: &KeyName) -> Result<PathBuf, ()> {
        Ok(self.folder.join(key_file::file_name(&key_file::plain_name(name)?)))
    }

    /// Asks the system's key store on a thread of its own and gives up after [`PATIENCE`].
    fn patiently<T: Send + 'static>(&self, name: &KeyName, ask: impl FnOnce(KeyName) -> Result<T, ()> + Send + 'static) -> Result<T, ()> {
        if self.choice == KeyStoreChoice::Disk {
            return Err(());
        }
        let (answer, answered) = mpsc::channel();
        let name = name.clone();
        let asking = thread::Builder::new().name("key store".to_owned()).spawn(move || {
            // Nobody waits any more: then the answer is not needed.
            answer.send(ask(name)).ok();
        });
        asking.map_err(|_| ())?;
        answered.recv_timeout(PATIENCE).map_err(|_| ())?
    }
}

/// The names of the keys that lie in files below `data`; none if the folder can't be read.
pub(crate) fn file_names(data: &Path) -> Vec<KeyName> {
    let names = std::fs::read_dir(data.join(FOLDER)).into_iter().flatten().flatten();
    names.filter_map(|entry| key_file::parse_file_name(entry.file_name().to_str()?)).collect()
}

/// One order to the thread of the key store, run there.
type Order = Box<dyn FnOnce(&KeyStore) + Send>;

/// The thread that asks the key store, in the order of asking.
pub(crate) struct KeyThread {
    orders: Option<Sender<Order>>,
    ended: mpsc::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl KeyThread {
    /// Starts it.
    pub(crate) fn start(store: KeyStore) -> io::Result<Self> {
        let (orders, ordered) = mpsc::channel::<Order>();
        let (end, ended) = mpsc::channel();
        let thread = thread::Builder::new().name("keys".to_owned()).spawn(move || {
            for order in ordered {
                order(&store);
            }
            drop(end);
        })?;
        Ok(Self { orders: Some(orders), ended, thread: Some(thread) })
    }

    /// Runs `order` after all earlier ones.
    pub(crate) fn order(&self, order: impl FnOnce(&KeyStore) + Send + 'static) {
        if let Some(orders) = &self.orders {
            // Fails only if the thread has panicked; then the engine's request never ends and is failed at restart.
            orders.send(Box::new(order)).ok();
        }
    }
}

impl Drop for KeyThread {
    /// Waits until what was ordered is done, but not for a key store that hangs.
    fn drop(&mut self) {
        self.orders = None;
        if self.ended.recv_timeout(Duration::from_secs(3)) == Err(RecvTimeoutError::Disconnected)
            && let Some(thread) = self.thread.take()
        {
            // A panic in there was reported by the panic hook.
            thread.join().ok();
        }
    }
}

fn entry(name: &KeyName) -> Result<keyring_core::Entry, ()> {
    let user = format!("{}/{}", name.vault, name.generation);
    os::open_key_store().and_then(|store| store.build(SERVICE, &user, None)).map_err(|_| ())
}

fn os_get(name: &KeyName) -> Result<Option<Key>, ()> {
    match entry(name)?.get_secret() {
        Ok(secret) => key_of(&Zeroizing::new(secret)).map(Some),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(_) => Err(()),
    }
}

fn confirm(found: &Option<Key>, expected: &Key) -> Result<(), ()> {
    found.as_ref().filter(|found| found.as_slice() == expected.as_slice()).map(|_| ()).ok_or(())
}

fn key_of(bytes: &[u8]) -> Result<Key, ()> {
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return Err(());
    }
    key.copy_from_slice(bytes);
    Ok(key)
}

fn read_file(path: &Path) -> io::Result<Option<Key>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    key_file::parse(&text).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn write_file(path: &Path, key: &Key) -> io::Result<()> {
    files::write_private(path, key_file::write(key).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(generation: &str) -> KeyName {
        KeyName { vault: vault_protocol::VaultId([7; 16]), generation: generation.to_owned() }
    }

    fn store(folder: &Path) -> KeyStore {
        KeyStore::new(folder, KeyStoreChoice::Disk)
    }

    #[test]
    fn a_key_on_disk_is_read_back_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let (keys, key) = (store(folder.path()), Zeroizing::new([0xa5; 32]));
        assert!(keys.get(KeyPlace::Disk, &name("00ff")).unwrap().is_none());
        keys.put(KeyPlace::Disk, &name("00ff"), &key).unwrap();
        assert_eq!(keys.get(KeyPlace::Disk, &name("00ff")).unwrap().unwrap().as_slice(), key.as_slice());
        assert_eq!(file_names(folder.path()), [name("00ff")]);
        assert!(keys.get(KeyPlace::Disk, &name("00fe")).unwrap().is_none());
        keys.delete(KeyPlace::Disk, &name("00ff"));
        assert!(keys.get(KeyPlace::Disk, &name("00ff")).unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).put(KeyPlace::Disk, &name("ab"), &Zeroizing::new([1; 32])).unwrap();
        let file = std::fs::read_dir(folder.path().join("keys")).unwrap().next().unwrap().unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_name_never_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for generation in ["", "../x", "a/b", "zz"] {
            assert!(store(folder.path()).put(KeyPlace::Disk, &name(generation), &Zeroizing::new([1; 32])).is_err(), "{generation}");
        }
    }

    #[test]
    fn a_damaged_key_file_is_a_store_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let keys = store(folder.path());
        keys.put(KeyPlace::Disk, &name("ab"), &Zeroizing::new([1; 32])).unwrap();
        let path = keys.file(&name("ab")).unwrap();
        std::fs::write(path, "nt2 device key 1\nabc\n").unwrap();
        assert!(keys.get(KeyPlace::Disk, &name("ab")).is_err());
    }

    #[test]
    fn without_a_key_store_the_answer_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(store(folder.path()).get(KeyPlace::Os, &name("ab")).is_err());
        assert!(store(folder.path()).put(KeyPlace::Os, &name("ab"), &Zeroizing::new([1; 32])).is_err());
    }
}
