//! The pool of databases before SQLite takes hold of it: a file whose beginning is damaged gets its name back, or goes aside, so that it does
//! not keep the other vaults out of reach. `plan` decides.

mod plan;

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{File, FileReaderSync, FileSystemDirectoryHandle, FileSystemFileHandle};

use super::{js, opfs};
use plan::{HEADER_LEN, KIND_LEN, PREFIX_LEN, Slot, Step};

/// Folder of the pool below the root, and in it the folder of its files (sqlite-wasm-vfs).
pub(super) const FOLDER: &str = "sqlite";
const FILES: &str = ".opaque";
/// How much of a file that has lost its name is searched for the vault it is of: the first entries of the control log lie near the beginning.
const SEARCHED_BYTES: u64 = 4 << 20;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mended {
    /// Files that have their name again.
    pub(super) n_mended: u64,
    /// Files that were put aside.
    pub(super) n_aside: u64,
}

/// Looks at the beginnings of all files and mends what is not as it must be. `vaults` = the names of the vaults' folders.
pub(super) async fn mend(root: &FileSystemDirectoryHandle, vaults: &[String]) -> Result<Mended, JsValue> {
    let folder = opfs::subfolder(&opfs::subfolder(root, FOLDER).await?, FILES).await?;
    let reader = FileReaderSync::new()?;
    let (mut files, mut slots) = (Vec::new(), Vec::new());
    for (_, entry) in opfs::entries(&folder).await? {
        let Ok(entry) = entry.dyn_into::<FileSystemFileHandle>() else { continue };
        let file: File = js::settled(Ok(entry.get_file())).await?.dyn_into()?;
        slots.push(read(&reader, &file, KIND_LEN as u64)?);
        files.push((entry, file));
    }
    let mut mended = Mended::default();
    if plan::is_sound(&slots, vaults) {
        return Ok(mended);
    }
    let more: Result<Vec<Slot>, JsValue> = files.iter().map(|(_, file)| read(&reader, file, SEARCHED_BYTES)).collect();
    for (step, (entry, _)) in plan::plan(&more?, vaults).into_iter().zip(files) {
        match step {
            Step::Keep => {}
            Step::Name(name) => {
                let access = opfs::open_for_access(&entry).await?;
                let written = access.write_with_u8_array(&plan::header(&name)).and_then(|_| access.flush());
                access.close();
                written?;
                mended.n_mended += 1;
            }
            Step::Remove => drop(js::settled(Ok(folder.remove_entry(&entry.name()))).await?),
            Step::Aside => {
                opfs::put_aside(root, &folder, &entry).await?;
                mended.n_aside += 1;
            }
        }
    }
    Ok(mended)
}

/// Its header, and of the contents as much as is there, at most `len`.
fn read(reader: &FileReaderSync, file: &File, len: u64) -> Result<Slot, JsValue> {
    let whole = file.size() as u64;
    let part = |from: u64, len: u64| -> Result<Vec<u8>, JsValue> {
        let mut bytes = vec![0; len.min(whole.saturating_sub(from)) as usize];
        opfs::read_at(reader, file, from, &mut bytes).map_err(|error| JsValue::from_str(&error.to_string()))?;
        Ok(bytes)
    };
    Ok(Slot { len: whole, header: part(0, HEADER_LEN as u64)?, contents: part(PREFIX_LEN as u64, len)? })
}
