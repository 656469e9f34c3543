//! The browser's origin-private file system: the folders of vaults and their attachments.
//!
//! ```text
//! sqlite/…                               the pool that holds all databases
//! keys/<vault>-<generation>.key          device keys, see `keys`
//! vaults/<folder>/attachments/<blob>.bin
//! damaged/<day>-<name>                  what was damaged and nobody could mend
//! vaults/<folder>/attachments/<16 hexadecimal digits>.new   not named yet
//! ```
//!
//! Opening and naming a file takes a promise, and the engine must not wait for one in the midst of a slice. So what it will need is at hand
//! before: every attachment as a [`File`], which is read synchronously, and a few new files that are open for writing. What it has finished
//! gets its name between two slices ([`Opfs::settle`]); a blob carries its id in its own header, so a crash before that is mended when the
//! folder is read next.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    io,
    rc::Rc,
};

use js_sys::AsyncIterator;
use vault_crypto::blob::{BLOB_HEADER_LEN, claimed_id};
use vault_model::check::Day;
use vault_protocol::BlobId;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    DedicatedWorkerGlobalScope, File, FileReaderSync, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemRemoveOptions, FileSystemSyncAccessHandle,
};

use super::{backoff::Backoff, js, now_ms};

/// New files kept open for each vault that is written to.
const N_SPARES: usize = 2;
/// Ends the name of a file that has no blob's name yet.
const UNNAMED: &str = ".new";
/// Where damaged files are kept.
const DAMAGED: &str = "damaged";
/// Ends the name of a blob.
const NAMED: &str = ".bin";

/// All folders. Clones share them.
#[derive(Clone)]
pub(super) struct Opfs(Rc<RefCell<Inner>>);

struct Inner {
    root: FileSystemDirectoryHandle,
    /// The folder that holds all vault folders.
    vaults: FileSystemDirectoryHandle,
    folders: BTreeMap<String, Folder>,
    orders: VecDeque<Order>,
    /// While no new file can be made.
    backoff: Backoff,
}

/// The attachments of one vault.
#[derive(Default)]
struct Folder {
    /// Once the folder is there.
    handle: Option<FileSystemDirectoryHandle>,
    files: BTreeMap<BlobId, File>,
    spares: Vec<Spare>,
    /// Whether new files are kept ready.
    is_written: bool,
}

/// A new file, open for writing.
pub(super) struct Spare {
    file: FileSystemFileHandle,
    pub(super) access: FileSystemSyncAccessHandle,
}

/// What is to be done between two slices, in this order.
enum Order {
    Make(String),
    /// A finished file gets its blob's name.
    Name(String, FileSystemFileHandle, BlobId),
    /// A file that was given up, or a blob that is deleted.
    Remove(String, String),
    RemoveFolder(String),
    /// A damaged file is kept aside under this name.
    KeepAside(String, Vec<u8>),
}

impl Opfs {
    /// Reads all folders: names, not contents.
    pub(super) async fn open(scope: &DedicatedWorkerGlobalScope) -> Result<Self, JsValue> {
        let root: FileSystemDirectoryHandle = js::settled(Ok(scope.navigator().storage().get_directory())).await?.dyn_into()?;
        let mut folders = BTreeMap::new();
        let vaults = subfolder(&root, "vaults").await?;
        for (name, entry) in entries(&vaults).await? {
            let Ok(vault) = entry.dyn_into::<FileSystemDirectoryHandle>() else { continue };
            folders.insert(name, read_folder(subfolder(&vault, "attachments").await?).await?);
        }
        Ok(Self(Rc::new(RefCell::new(Inner { root, vaults, folders, orders: VecDeque::new(), backoff: Backoff::default() }))))
    }

    /// The root, for what else lies there.
    pub(super) fn root(&self) -> FileSystemDirectoryHandle {
        self.0.borrow().root.clone()
    }

    /// Makes a vault's folder.
    pub(super) fn make_folder(&self, name: &str) {
        let mut inner = self.0.borrow_mut();
        if !inner.folders.contains_key(name) {
            inner.folders.insert(name.to_owned(), Folder::default());
            inner.orders.push_back(Order::Make(name.to_owned()));
        }
    }

    /// The names of all vaults' folders.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.borrow().folders.keys().cloned().collect()
    }

    /// Keeps the bytes of a damaged file aside, under a name that begins with the day.
    pub(super) fn keep_aside(&self, name: &str, bytes: Vec<u8>) {
        self.0.borrow_mut().orders.push_back(Order::KeepAside(format!("{}-{name}", today()), bytes));
    }

    /// Whether there is a folder of that name.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.0.borrow().folders.contains_key(name)
    }

    /// Deletes a folder with all attachments in it.
    pub(super) fn delete_folder(&self, name: &str) {
        let mut inner = self.0.borrow_mut();
        if let Some(folder) = inner.folders.remove(name) {
            folder.spares.iter().for_each(|spare| spare.access.close());
            inner.orders.push_back(Order::RemoveFolder(name.to_owned()));
        }
    }

    /// From now on new files are kept ready there.
    pub(super) fn keep_ready(&self, name: &str) {
        let mut inner = self.0.borrow_mut();
        inner.folders.values_mut().for_each(|folder| folder.is_written = false);
        if let Some(folder) = inner.folders.get_mut(name) {
            folder.is_written = true;
        }
    }

    /// A new file, open for writing. Errors: `WouldBlock` if none is ready before the next [`Self::settle`].
    pub(super) fn take_spare(&self, name: &str) -> io::Result<Spare> {
        let mut inner = self.0.borrow_mut();
        let folder = inner.folders.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        let spare = folder.spares.pop();
        if spare.is_none() {
            // There may be room again: whoever needs one is not to wait for the end of a pause.
            inner.backoff.end();
        }
        spare.ok_or_else(|| io::ErrorKind::WouldBlock.into())
    }

    /// A finished file becomes a blob.
    pub(super) fn name(&self, folder: &str, spare: &Spare, blob: BlobId) {
        self.0.borrow_mut().orders.push_back(Order::Name(folder.to_owned(), spare.file.clone(), blob));
    }

    /// A file that will not be finished goes.
    pub(super) fn discard(&self, folder: &str, spare: &Spare) {
        spare.access.close();
        self.0.borrow_mut().orders.push_back(Order::Remove(folder.to_owned(), spare.file.name()));
    }

    /// A blob's file.
    pub(super) fn file(&self, folder: &str, blob: BlobId) -> Option<File> {
        self.0.borrow().folders.get(folder)?.files.get(&blob).cloned()
    }

    /// Deletes a blob; one that is not here is fine.
    pub(super) fn delete(&self, folder: &str, blob: BlobId) {
        let mut inner = self.0.borrow_mut();
        if inner.folders.get_mut(folder).and_then(|folder| folder.files.remove(&blob)).is_some() {
            inner.orders.push_back(Order::Remove(folder.to_owned(), blob_name(blob)));
        }
    }

    /// The blobs of a folder with their lengths in bytes, ascending.
    pub(super) fn list(&self, folder: &str) -> Vec<(BlobId, u64)> {
        let inner = self.0.borrow();
        let files = inner.folders.get(folder).map(|folder| folder.files.iter());
        files.into_iter().flatten().map(|(blob, file)| (*blob, file.size() as u64)).collect()
    }

    /// Whether [`Self::settle`] has something to do.
    pub(super) fn is_unsettled(&self) -> bool {
        let inner = self.0.borrow();
        !inner.orders.is_empty() || (inner.backoff.is_over(now_ms()) && inner.folders.values().any(Folder::wants_spares))
    }

    /// Does what was ordered and gets new files ready. What fails is tried again when the folders are read next: a blob is then missing or an
    /// orphan, and said to be so.
    pub(super) async fn settle(&self) {
        while let Some(order) = self.next_order() {
            // See above.
            self.carry_out(order).await.ok();
        }
        let wanting: Vec<(String, FileSystemDirectoryHandle)> = {
            let inner = self.0.borrow();
            if !inner.backoff.is_over(now_ms()) {
                return;
            }
            let wanting = inner.folders.iter().filter(|(_, folder)| folder.wants_spares());
            wanting.filter_map(|(name, folder)| Some((name.clone(), folder.handle.clone()?))).collect()
        };
        for (name, handle) in wanting {
            while self.0.borrow().folders.get(&name).is_some_and(Folder::wants_spares) {
                // A full disk shows when the file is needed.
                let Ok(spare) = make_spare(&handle).await else {
                    self.0.borrow_mut().backoff.failed(now_ms());
                    break;
                };
                self.0.borrow_mut().backoff.end();
                if let Some(folder) = self.0.borrow_mut().folders.get_mut(&name) {
                    folder.spares.push(spare);
                }
            }
        }
    }

    fn next_order(&self) -> Option<Order> {
        self.0.borrow_mut().orders.pop_front()
    }

    fn handle(&self, folder: &str) -> Option<FileSystemDirectoryHandle> {
        self.0.borrow().folders.get(folder)?.handle.clone()
    }

    async fn carry_out(&self, order: Order) -> Result<(), JsValue> {
        let vaults = self.0.borrow().vaults.clone();
        match order {
            Order::Make(name) => {
                let handle = subfolder(&subfolder(&vaults, &name).await?, "attachments").await?;
                if let Some(folder) = self.0.borrow_mut().folders.get_mut(&name) {
                    folder.handle = Some(handle);
                }
            }
            Order::Name(name, file, blob) => {
                let Some(handle) = self.handle(&name) else { return Ok(()) };
                let named = rename(&handle, &file, blob).await?;
                if let Some(folder) = self.0.borrow_mut().folders.get_mut(&name) {
                    folder.files.insert(blob, named);
                }
            }
            Order::Remove(name, file) => {
                if let Some(handle) = self.handle(&name) {
                    js::settled(Ok(handle.remove_entry(&file))).await?;
                }
            }
            Order::RemoveFolder(name) => {
                let options = FileSystemRemoveOptions::new();
                options.set_recursive(true);
                js::settled(Ok(vaults.remove_entry_with_options(&name, &options))).await?;
            }
            Order::KeepAside(name, bytes) => {
                let place = subfolder(&self.root(), DAMAGED).await?;
                let bytes = web_sys::Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice())))?;
                copy(&bytes, &make_file(&place, &name).await?).await?;
            }
        }
        Ok(())
    }
}

impl Folder {
    fn wants_spares(&self) -> bool {
        self.is_written && self.handle.is_some() && self.spares.len() < N_SPARES
    }
}

/// Reads exactly `out.len()` bytes of a file at `offset`.
///
/// # Errors
///
/// `UnexpectedEof` beyond the end or if the file has changed.
pub(super) fn read_at(reader: &FileReaderSync, file: &web_sys::Blob, offset: u64, out: &mut [u8]) -> io::Result<()> {
    let end = offset + out.len() as u64;
    let part = file.slice_with_f64_and_f64(offset as f64, end as f64).map_err(|error| js::io_error(&error))?;
    let bytes = reader.read_as_array_buffer(&part).map_err(|error| js::io_error(&error))?;
    let bytes = js_sys::Uint8Array::new(&bytes);
    if bytes.length() as usize != out.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.copy_to(out);
    Ok(())
}

/// The folder of that name in another, made if it is not there.
pub(super) async fn subfolder(of: &FileSystemDirectoryHandle, name: &str) -> Result<FileSystemDirectoryHandle, JsValue> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    js::settled(Ok(of.get_directory_handle_with_options(name, &options))).await?.dyn_into()
}

/// A new file of that name, or the one that is there.
pub(super) async fn make_file(folder: &FileSystemDirectoryHandle, name: &str) -> Result<FileSystemFileHandle, JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    js::settled(Ok(folder.get_file_handle_with_options(name, &options))).await?.dyn_into()
}

/// Opens a file for synchronous access.
pub(super) async fn open_for_access(file: &FileSystemFileHandle) -> Result<FileSystemSyncAccessHandle, JsValue> {
    js::settled(Ok(file.create_sync_access_handle())).await?.dyn_into()
}

/// Puts a damaged file aside, where nothing reads it.
pub(super) async fn put_aside(
    root: &FileSystemDirectoryHandle,
    from: &FileSystemDirectoryHandle,
    file: &FileSystemFileHandle,
) -> Result<(), JsValue> {
    let (place, name) = (subfolder(root, DAMAGED).await?, format!("{}-{}", today(), file.name()));
    if js::call(file, "move", &[place.clone().into(), JsValue::from_str(&name)]).await.is_err() {
        let bytes: File = js::settled(Ok(file.get_file())).await?.dyn_into()?;
        copy(&bytes, &make_file(&place, &name).await?).await?;
        js::settled(Ok(from.remove_entry(&file.name()))).await?;
    }
    Ok(())
}

/// UTC, `YYYY-MM-DD`.
fn today() -> String {
    Day::of_unix_ms(now_ms()).to_string()
}

async fn copy(from: &web_sys::Blob, to: &FileSystemFileHandle) -> Result<(), JsValue> {
    let to: web_sys::FileSystemWritableFileStream = js::settled(Ok(to.create_writable())).await?.dyn_into()?;
    js::settled(to.write_with_blob(from)).await?;
    js::call(&to, "close", &[]).await.map(drop)
}

/// What is in a folder: names and handles.
pub(super) async fn entries(of: &FileSystemDirectoryHandle) -> Result<Vec<(String, JsValue)>, JsValue> {
    let iterator: AsyncIterator = of.entries();
    let mut found = Vec::new();
    loop {
        let next = js::settled(iterator.next()).await?;
        if js::property(&next, "done").is_truthy() {
            return Ok(found);
        }
        let pair: js_sys::Array = js::property(&next, "value").dyn_into()?;
        found.push((pair.get(0).as_string().unwrap_or_default(), pair.get(1)));
    }
}

/// Reads a folder; files that were finished and not named get their names, others without one go.
async fn read_folder(handle: FileSystemDirectoryHandle) -> Result<Folder, JsValue> {
    let mut folder = Folder::default();
    for (name, entry) in entries(&handle).await? {
        let Ok(entry) = entry.dyn_into::<FileSystemFileHandle>() else { continue };
        if let Some(blob) = name.strip_suffix(NAMED).and_then(BlobId::parse_hex) {
            folder.files.insert(blob, js::settled(Ok(entry.get_file())).await?.dyn_into()?);
        } else if name.ends_with(UNNAMED) {
            match blob_of(&entry).await {
                Some(blob) => {
                    folder.files.insert(blob, rename(&handle, &entry, blob).await?);
                }
                None => {
                    // A worker that has just been ended may still hold it; then it goes the next time.
                    js::settled(Ok(handle.remove_entry(&name))).await.ok();
                }
            }
        }
    }
    folder.handle = Some(handle);
    Ok(folder)
}

/// The blob that a file without a name says it is. If it was cut, no record names it, and it goes as an orphan does.
async fn blob_of(entry: &FileSystemFileHandle) -> Option<BlobId> {
    let file: File = js::settled(Ok(entry.get_file())).await.ok()?.dyn_into().ok()?;
    let mut header = [0; BLOB_HEADER_LEN];
    read_at(&FileReaderSync::new().ok()?, &file, 0, &mut header).ok()?;
    claimed_id(&header)
}

/// Gives a file its blob's name: in place where the browser can, else by a copy, which a crash leaves to be done again.
async fn rename(folder: &FileSystemDirectoryHandle, file: &FileSystemFileHandle, blob: BlobId) -> Result<File, JsValue> {
    let name = blob_name(blob);
    if js::call(file, "move", &[JsValue::from_str(&name)]).await.is_err() {
        let from: File = js::settled(Ok(file.get_file())).await?.dyn_into()?;
        copy(&from, &make_file(folder, &name).await?).await?;
        js::settled(Ok(folder.remove_entry(&file.name()))).await?;
    }
    let named: FileSystemFileHandle = js::settled(Ok(folder.get_file_handle(&name))).await?.dyn_into()?;
    js::settled(Ok(named.get_file())).await?.dyn_into()
}

async fn make_spare(folder: &FileSystemDirectoryHandle) -> Result<Spare, JsValue> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| JsValue::from_str(&error.to_string()))?;
    let file = make_file(folder, &format!("{:016x}{UNNAMED}", u64::from_be_bytes(random))).await?;
    let access = open_for_access(&file).await?;
    Ok(Spare { file, access })
}

fn blob_name(blob: BlobId) -> String {
    format!("{blob}{NAMED}")
}
