//! What the engine asks of its platform, and what comes back.
//!
//! Effects that need an answer carry an [`EffectId`]; the platform answers each with one [`Reply`]. SQLite and open blobs are not effects:
//! they are called directly.

use serde::{Deserialize, Serialize};
use vault_model::SecretText;
use vault_protocol::{
    VaultId,
    api::{HttpReply, HttpRequest},
};
use zeroize::Zeroizing;

use crate::{
    command::{SinkId, SourceId},
    sync::NetFailure,
};

/// Names an effect that waits for a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EffectId(pub u64);

/// An order to the platform.
pub enum Effect {
    /// Runs Argon2id on a helper thread or worker: it can't be interrupted. Reply: [`Reply::Derived`].
    Derive {
        /// NFKC is applied by the derivation.
        password: SecretText,
        /// Salt.
        salt: [u8; 32],
        /// Cost; already checked against floor and ceiling.
        cost: vault_protocol::control::KdfCost,
    },
    /// Reads a device key. Reply: [`Reply::Key`].
    KeyGet {
        /// Where.
        place: KeyPlace,
        /// Its name: vault and generation.
        name: KeyName,
    },
    /// Stores a device key and reads it back in a second connection. Reply: [`Reply::KeyStored`].
    KeyPut {
        /// Where.
        place: KeyPlace,
        /// Its name.
        name: KeyName,
        /// The private half.
        key: Zeroizing<[u8; 32]>,
    },
    /// Deletes a device key; no reply.
    KeyDelete {
        /// Where.
        place: KeyPlace,
        /// Its name.
        name: KeyName,
    },
    /// Puts text on the clipboard, marked as secret and excluded from history where the platform can. No reply.
    ClipboardPut {
        /// The text.
        text: SecretText,
    },
    /// Clears the clipboard if it still holds what was last put there. Reply: [`Reply::Clipboard`].
    ClipboardClear,
    /// Sends a request to a server and reads its answer. Reply: [`Reply::Http`].
    ///
    /// The platform puts `server` before the request's path and sends nothing of its own: no cookies, no referrer, no cache, and it follows no
    /// redirect (an answer with such a status is an answer). It reads at most [`MAX_REPLY_BYTES`](vault_protocol::api::bounds::MAX_REPLY_BYTES) of a body.
    Http {
        /// The server's origin, `https://host[:port]`.
        server: String,
        /// What is asked. Holds the session's token: not logged, and wiped when dropped.
        request: HttpRequest,
        /// How long the whole exchange may take, in milliseconds.
        timeout_ms: u32,
    },
    /// Step again at this time at the latest (Unix milliseconds). Replaces earlier ones. No reply.
    WakeAt(u64),
}

/// Where a device key lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyPlace {
    /// The operating system's key store.
    Os,
    /// A 0600 file beside the vault.
    Disk,
}

/// Names a device key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyName {
    /// Of which vault.
    pub vault: VaultId,
    /// First 16 hexadecimal digits of the key's public half.
    pub generation: String,
}

/// The platform's answer to an effect.
pub enum Reply {
    /// The derived key, or that memory was short.
    Derived(Result<vault_crypto::secret::PasswordKey, ()>),
    /// A device key; `Ok(None)` = the store works and has none; `Err` = the store is gone.
    Key(Result<Option<Zeroizing<[u8; 32]>>, ()>),
    /// Whether the key was stored and read back.
    KeyStored(Result<(), ()>),
    /// A server's answer whatever its status, or why there is none.
    Http(Result<HttpReply, NetFailure>),
    /// How clearing ended.
    Clipboard(crate::event::ClipboardEnd),
}

/// A registered file, read at will.
pub trait Source {
    /// Its length in bytes.
    fn len_bytes(&self) -> u64;
    /// Reads exactly `out.len()` bytes at `offset`.
    ///
    /// # Errors
    ///
    /// Whatever the platform says; a file that became shorter is an error too.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> std::io::Result<()>;
}

/// A registered place to write to. Nothing is visible there before [`Sink::finish`].
pub trait Sink {
    /// Appends.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()>;
    /// Makes it durable and visible; called again, in a later turn, as long as it is [`Finish::Pending`].
    ///
    /// # Errors
    ///
    /// Whatever the platform says; then nothing is visible.
    fn finish(&mut self) -> std::io::Result<Finish>;
}

/// How far the end of a [`Sink`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Durable and visible.
    Done,
    /// The platform is still writing (a browser answers between turns only).
    Pending,
}

/// What the engine calls directly: synchronous on every platform once the engine runs.
pub trait Host {
    /// The data folder for databases.
    fn data_dir(&self) -> &std::path::Path;
    /// Fills `out` with random bytes of the system's generator.
    ///
    /// # Errors
    ///
    /// If the generator fails; the write at hand then stops.
    fn entropy(&mut self, out: &mut [u8]) -> Result<(), vault_crypto::EntropyError>;
    /// How databases are opened here.
    fn profile(&self) -> vault_store::Profile;
    /// Makes the folder of a vault (`vault_store::folder` says where) if it is not there.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn make_folder(&mut self, folder: &str) -> std::io::Result<()>;
    /// Whether there is a folder of that name with anything in it.
    fn has_folder(&self, folder: &str) -> bool;
    /// Deletes the folder of a vault with all that is in it; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn delete_folder(&mut self, folder: &str) -> std::io::Result<()>;
    /// The names of all folders that hold a vault's database, in no order: what a lost device index is made anew from.
    fn folders(&self) -> Vec<String> {
        vault_store::folder::list(self.data_dir())
    }
    /// Puts a damaged device index aside, under a name that ends in `suffix`.
    ///
    /// # Errors
    ///
    /// Whatever the platform says; the index is then where it was.
    fn set_index_aside(&mut self, suffix: &str) -> std::io::Result<()> {
        vault_store::folder::set_index_aside(self.data_dir(), suffix)
    }
    /// The names of the device keys that lie in files here; none where that can't be told.
    fn key_files(&self) -> Vec<KeyName>;
    /// What the platform found wrong with its storage, and mended, before the engine began; told once.
    fn take_notices(&mut self) -> Vec<crate::event::Notice> {
        Vec::new()
    }
    /// The blobs in the folder of a vault.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn blobs(&mut self, folder: &str) -> std::io::Result<Box<dyn vault_store::blobs::BlobStore>>;
    /// Takes a registered source over.
    fn take_source(&mut self, source: SourceId) -> Option<Box<dyn Source>>;
    /// Takes a registered sink over.
    fn take_sink(&mut self, sink: SinkId) -> Option<Box<dyn Sink>>;
    /// Takes the single-writer lock of a vault's folder; it is given back when the guard is dropped.
    ///
    /// # Errors
    ///
    /// [`LockError`].
    fn lock_folder(&mut self, folder: &str) -> Result<Box<dyn std::any::Any>, LockError>;
    /// Whether the data folder can be written.
    fn is_writable(&self) -> bool;
    /// What a key in [`KeyPlace::Os`] counts as: a browser's profile is no more than the same disk.
    fn key_store_place(&self) -> crate::event::DeviceKeyPlace {
        crate::event::DeviceKeyPlace::OsAccount
    }
    /// Who seals and opens long files.
    fn hands(&self) -> &'static dyn vault_crypto::hands::Hands {
        &vault_crypto::hands::OneHand
    }
    /// This device's name as the person knows it: host name or browser.
    fn device_name(&self) -> String;
}

/// Why the single-writer lock was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockError {
    /// Another process has it.
    InUse,
    /// The lock file can't be made.
    Io,
}
