//! Device keys: in IndexedDB, wrapped by a key that the browser does not give out, and in a file of the origin-private file system as long as
//! no kit is saved. Both lie in the browser's profile, so both count as "same disk".
//!
//! Records of the store `device-keys`, by name: `{ iv: 12 bytes, wrapped: AES-256-GCM of the 32 bytes }` (NIST SP 800-38D), additional data =
//! the name. The wrapping key is the record `key` of the store `wrapping`: a non-extractable `CryptoKey`.

use std::rc::Rc;

use js_sys::Uint8Array;
use vault_engine::effect::{KeyName, KeyPlace};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File, FileSystemDirectoryHandle, IdbDatabase, SubtleCrypto};
use zeroize::Zeroizing;

use super::{idb, js, opfs};
use crate::platform::key_file::{self, Key};

const DATABASE: &str = "nt2-keys";
const KEYS: &str = "device-keys";
const WRAPPING: &str = "wrapping";
const WRAPPING_KEY: &str = "key";
/// The folder of key files, in the root.
const FOLDER: &str = "keys";

/// Where keys are kept.
#[derive(Clone)]
pub(super) struct KeyStore {
    scope: Rc<DedicatedWorkerGlobalScope>,
    root: FileSystemDirectoryHandle,
}

impl KeyStore {
    /// Key files lie in `keys` below `root`.
    pub(super) fn new(scope: &DedicatedWorkerGlobalScope, root: FileSystemDirectoryHandle) -> Self {
        Self { scope: Rc::new(scope.clone()), root }
    }

    /// Reads a key; `Ok(None)` if the store works and has none, `Err` if it is gone.
    pub(super) async fn get(&self, place: KeyPlace, name: &KeyName) -> Result<Option<Key>, ()> {
        let name = key_file::plain_name(name)?;
        let read = match place {
            KeyPlace::Os => self.unwrap(&name).await,
            KeyPlace::Disk => self.read_file(&name).await,
        };
        read.map_err(drop)
    }

    /// Stores a key and reads it back.
    pub(super) async fn put(&self, place: KeyPlace, name: &KeyName, key: &Key) -> Result<(), ()> {
        let plain = key_file::plain_name(name)?;
        let written = match place {
            KeyPlace::Os => self.wrap(&plain, key).await,
            KeyPlace::Disk => self.write_file(&plain, key).await,
        };
        written.map_err(drop)?;
        match self.get(place, name).await? {
            Some(back) if *back == **key => Ok(()),
            _ => Err(()),
        }
    }

    /// Deletes a key; one that is not there is fine, and one that stays opens nothing any more.
    pub(super) async fn delete(&self, place: KeyPlace, name: &KeyName) {
        let Ok(name) = key_file::plain_name(name) else { return };
        match place {
            KeyPlace::Os => drop(self.forget(&name).await),
            KeyPlace::Disk => {
                if let Ok(folder) = opfs::subfolder(&self.root, FOLDER).await {
                    js::settled(Ok(folder.remove_entry(&key_file::file_name(&name)))).await.ok();
                }
            }
        }
    }

    async fn read_file(&self, name: &str) -> Result<Option<Key>, JsValue> {
        let folder = opfs::subfolder(&self.root, FOLDER).await?;
        let Ok(entry) = js::settled(Ok(folder.get_file_handle(&key_file::file_name(name)))).await else { return Ok(None) };
        let file: File = js::call(&entry, "getFile", &[]).await?.dyn_into()?;
        let mut text = Zeroizing::new(vec![0; (file.size() as usize).min(256)]);
        opfs::read_at(&web_sys::FileReaderSync::new()?, &file, 0, &mut text).map_err(|_| JsValue::NULL)?;
        let key = std::str::from_utf8(&text).ok().and_then(key_file::parse);
        key.map(Some).ok_or_else(|| "the key's file is damaged".into())
    }

    async fn write_file(&self, name: &str, key: &Key) -> Result<(), JsValue> {
        let folder = opfs::subfolder(&self.root, FOLDER).await?;
        let access = opfs::open_for_access(&opfs::make_file(&folder, &key_file::file_name(name)).await?).await?;
        let text = key_file::write(key);
        let written = access.truncate_with_u32(0).and_then(|()| access.write_with_u8_array(text.as_bytes())).and_then(|_| access.flush());
        access.close();
        written
    }

    async fn wrap(&self, name: &str, key: &Key) -> Result<(), JsValue> {
        let database = self.open().await?;
        let wrapping = self.wrapping_key(&database).await?;
        let mut iv = [0; 12];
        getrandom::fill(&mut iv).map_err(|error| JsValue::from_str(&error.to_string()))?;
        let iv = Uint8Array::from(iv.as_slice());
        let plain = Uint8Array::from(key.as_slice());
        let wrapped =
            js::settled(self.subtle()?.encrypt_with_object_and_buffer_source(&parameters(&iv, name), wrapping.unchecked_ref(), &plain))
                .await;
        plain.fill(0, 0, plain.length());
        let record = js::object(&[("iv", &iv), ("wrapped", &Uint8Array::new(&wrapped?))]);
        idb::put(&database, KEYS, name, &record).await
    }

    async fn unwrap(&self, name: &str) -> Result<Option<Key>, JsValue> {
        let database = self.open().await?;
        let record = idb::get(&database, KEYS, name).await?;
        if record.is_undefined() {
            return Ok(None);
        }
        let wrapping = idb::get(&database, WRAPPING, WRAPPING_KEY).await?;
        let iv: Uint8Array = js::property(&record, "iv").dyn_into()?;
        let wrapped: Uint8Array = js::property(&record, "wrapped").dyn_into()?;
        let opened = self.subtle()?.decrypt_with_object_and_buffer_source(&parameters(&iv, name), &wrapping.dyn_into()?, &wrapped);
        let opened = js::take(&Uint8Array::new(&js::settled(opened).await?));
        let key: Option<&[u8; 32]> = opened.as_slice().try_into().ok();
        Ok(key.map(|key| Zeroizing::new(*key)))
    }

    async fn forget(&self, name: &str) -> Result<(), JsValue> {
        idb::delete(&self.open().await?, KEYS, name).await
    }

    /// The key that wraps; made when it is first needed.
    async fn wrapping_key(&self, database: &IdbDatabase) -> Result<JsValue, JsValue> {
        let present = idb::get(database, WRAPPING, WRAPPING_KEY).await?;
        if !present.is_undefined() {
            return Ok(present);
        }
        let algorithm = js::object(&[("name", &"AES-GCM".into()), ("length", &256.into())]);
        let usages = js_sys::Array::of2(&"encrypt".into(), &"decrypt".into());
        let key = js::settled(self.subtle()?.generate_key_with_object(&algorithm, false, &usages)).await?;
        idb::put(database, WRAPPING, WRAPPING_KEY, &key).await?;
        Ok(key)
    }

    fn subtle(&self) -> Result<SubtleCrypto, JsValue> {
        Ok(self.scope.crypto()?.subtle())
    }

    async fn open(&self) -> Result<IdbDatabase, JsValue> {
        idb::open(DATABASE, &[KEYS, WRAPPING]).await
    }
}

/// The names of the keys that lie in files below `root`.
pub(super) async fn file_names(root: &FileSystemDirectoryHandle) -> Result<Vec<KeyName>, JsValue> {
    let folder = opfs::subfolder(root, FOLDER).await?;
    Ok(opfs::entries(&folder).await?.iter().filter_map(|(name, _)| key_file::parse_file_name(name)).collect())
}

fn parameters(iv: &Uint8Array, name: &str) -> js_sys::Object {
    js::object(&[("name", &"AES-GCM".into()), ("iv", iv), ("additionalData", &Uint8Array::from(name.as_bytes()))])
}
