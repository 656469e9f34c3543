//! What is to be done with the files of the pool of databases, decided from what they say of themselves and what they hold.
//!
//! Each file begins with 4096 bytes of the pool's own: the path of its database (512 bytes, padded with zeros) and flags (4 bytes, big endian);
//! what SQLite writes comes after them. SQLite's pool gives up altogether when one of these beginnings makes no sense, and takes a file
//! without a name as free: it empties it. So both are looked at first.

use std::collections::BTreeSet;

use vault_store::folder;

/// What the pool writes before the contents.
pub(super) const PREFIX_LEN: usize = 4096;
/// Of that, what says something: path and flags.
pub(super) const HEADER_LEN: usize = NAME_LEN + 4;
const NAME_LEN: usize = 512;
/// Of the contents, what tells their kind: SQLite's file header (sqlite.org/fileformat.html §1.3).
pub(super) const KIND_LEN: usize = 100;

/// Flags of SQLite (sqlite.org/c3ref/c_open_autoproxy.html).
const MAIN_DB: u32 = 0x0100;
const MAIN_JOURNAL: u32 = 0x0800;
const PERSISTENT: u32 = MAIN_DB | MAIN_JOURNAL | 0x4000 | 0x0008_0000;
const TEMPORARY: u32 = 0x0200 | 0x0400 | 0x1000 | 0x2000;
const DELETE_ON_CLOSE: u32 = 0x0008;

const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// Begins a rollback journal that has to be played back (fileformat.html §3).
const JOURNAL_MAGIC: &[u8] = &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// Where SQLite's header has the application's mark, and the marks of `vault-store`.
const MARK_AT: std::ops::Range<usize> = 68..72;
const INDEX_MARK: &[u8] = b"NT2D";
const VAULT_MARK: &[u8] = b"NT2V";

const INDEX: &str = "device.sqlite";
const JOURNAL: &str = "-journal";

/// A file of the pool.
#[derive(Clone, Debug, Default)]
pub(super) struct Slot {
    /// Of the whole file, in bytes.
    pub(super) len: u64,
    /// Its first [`HEADER_LEN`] bytes, or fewer if it is shorter.
    pub(super) header: Vec<u8>,
    /// The beginning of its contents: [`KIND_LEN`] bytes are enough for [`plan`] to say whose more it needs.
    pub(super) contents: Vec<u8>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: it is as it must be.
    Keep,
    /// It gets its name back.
    Name(String),
    /// It holds nothing.
    Remove,
    /// Nobody knows what it is, and the pool would not open with it.
    Aside,
}

enum Named {
    Free,
    Name(String),
    Senseless,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    Index,
    Vault,
    Journal,
    Other,
}

/// Whether all is plainly well, so that no more has to be read.
pub(super) fn is_sound(slots: &[Slot], folders: &[String]) -> bool {
    let mut names = BTreeSet::new();
    slots.iter().all(|slot| match slot.named() {
        Named::Free => matches!(slot.kind(), Kind::Empty | Kind::Other),
        Named::Name(name) => is_known(&name, folders) && names.insert(name),
        Named::Senseless => false,
    })
}

/// What is to be done with each, in their order. `folders` = the vaults' folders that are there.
pub(super) fn plan(slots: &[Slot], folders: &[String]) -> Vec<Step> {
    let mut names = BTreeSet::new();
    // Whoever has a name that fits keeps it; whoever has one that fits nothing is looked at again.
    let mut steps: Vec<Option<Step>> = slots.iter().map(|slot| keep(slot, folders, &mut names)).collect();
    for is_journals_turn in [false, true] {
        for (slot, step) in slots.iter().zip(&mut steps) {
            let kind = slot.kind();
            if step.is_none() && (kind == Kind::Journal) == is_journals_turn {
                *step = Some(mend(slot, kind, folders, &mut names));
            }
        }
    }
    steps.into_iter().map(|step| step.unwrap_or(Step::Keep)).collect()
}

fn keep(slot: &Slot, folders: &[String], names: &mut BTreeSet<String>) -> Option<Step> {
    match slot.named() {
        Named::Name(name) if is_known(&name, folders) && names.insert(name.clone()) => Some(Step::Keep),
        Named::Free if matches!(slot.kind(), Kind::Empty | Kind::Other) => Some(Step::Keep),
        _ => None,
    }
}

fn mend(slot: &Slot, kind: Kind, folders: &[String], names: &mut BTreeSet<String>) -> Step {
    let candidates: Vec<String> = match kind {
        Kind::Empty => return Step::Remove,
        Kind::Index => vec![INDEX.to_owned()],
        Kind::Vault => folders.iter().filter(|folder| slot.is_of(folder)).map(|folder| database(folder)).collect(),
        Kind::Journal => names.iter().filter(|name| name.ends_with(".sqlite")).map(|name| format!("{name}{JOURNAL}")).collect(),
        Kind::Other => Vec::new(),
    };
    let mut free = candidates.into_iter().filter(|name| !names.contains(name));
    let (first, second) = (free.next(), free.next());
    match (slot.named(), first, second) {
        (_, Some(name), None) => {
            names.insert(name.clone());
            Step::Name(name)
        }
        // What no vault misses is the rest of a deleted one, and goes.
        (Named::Free, None, _) => Step::Keep,
        // A database that was made just before a crash, and its folder not yet.
        (Named::Name(name), None, _) if is_ours(&name) && names.insert(name.clone()) => Step::Keep,
        _ => Step::Aside,
    }
}

impl Slot {
    fn named(&self) -> Named {
        if self.len < PREFIX_LEN as u64 {
            // The pool makes it whole again.
            return if self.header.iter().chain(&self.contents).all(|byte| *byte == 0) { Named::Free } else { Named::Senseless };
        }
        let Some((name, flags)) = self.header.split_first_chunk::<NAME_LEN>() else { return Named::Senseless };
        let Some(flags) = flags.first_chunk().map(|flags| u32::from_be_bytes(*flags)) else { return Named::Senseless };
        let end = name.iter().position(|byte| *byte == 0).unwrap_or(NAME_LEN);
        let (name, rest) = name.split_at(end);
        let is_padded = !rest.is_empty() && rest.iter().all(|byte| *byte == 0);
        match std::str::from_utf8(name) {
            Ok("") if is_padded && flags == 0 => Named::Free,
            Ok(name) if is_padded && !name.is_empty() && (flags & (PERSISTENT | TEMPORARY)).count_ones() == 1 => {
                match (flags & DELETE_ON_CLOSE != 0, flags & TEMPORARY != 0) {
                    (true, _) => Named::Free,
                    (false, true) => Named::Senseless,
                    (false, false) => Named::Name(name.to_owned()),
                }
            }
            _ => Named::Senseless,
        }
    }

    fn kind(&self) -> Kind {
        if self.len <= PREFIX_LEN as u64 {
            return Kind::Empty;
        }
        match (&self.contents, self.contents.get(MARK_AT)) {
            (contents, _) if contents.starts_with(JOURNAL_MAGIC) => Kind::Journal,
            (contents, Some(INDEX_MARK)) if contents.starts_with(SQLITE_MAGIC) => Kind::Index,
            (contents, Some(VAULT_MARK)) if contents.starts_with(SQLITE_MAGIC) => Kind::Vault,
            _ => Kind::Other,
        }
    }

    /// Whether the vault of this folder is named in the contents, as every sealed message and control entry in them does.
    fn is_of(&self, folder: &str) -> bool {
        let Some((vault, _)) = folder::vault_of(folder) else { return false };
        self.contents.windows(vault.0.len()).any(|bytes| bytes == vault.0)
    }
}

/// The header that gives a file its name.
pub(super) fn header(name: &str) -> Vec<u8> {
    let flags = if name.ends_with(JOURNAL) { MAIN_JOURNAL } else { MAIN_DB };
    let mut header = name.as_bytes().to_vec();
    header.resize(NAME_LEN, 0);
    header.extend(flags.to_be_bytes());
    header
}

fn database(folder: &str) -> String {
    format!("vaults/{folder}/vault.sqlite")
}

/// Whether this program would give such a name.
fn is_ours(name: &str) -> bool {
    name.starts_with(INDEX) || name.strip_prefix("vaults/").and_then(|rest| rest.split_once("/vault.sqlite")).is_some()
}

/// Whether it does, for the folders there are.
fn is_known(name: &str, folders: &[String]) -> bool {
    name.starts_with(INDEX) || folders.iter().any(|folder| name.starts_with(&database(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn folders() -> Vec<String> {
        vec![A.to_owned(), B.to_owned()]
    }

    fn slot(name: &str, contents: Vec<u8>) -> Slot {
        let header = if name.is_empty() { vec![0; HEADER_LEN] } else { header(name) };
        Slot { len: (PREFIX_LEN + contents.len()) as u64, header, contents }
    }

    fn sqlite(mark: &[u8], ids: &[u8]) -> Vec<u8> {
        let mut contents = SQLITE_MAGIC.to_vec();
        contents.resize(KIND_LEN, 0);
        contents[MARK_AT].copy_from_slice(mark);
        contents.extend(ids);
        contents
    }

    fn index() -> Slot {
        slot(INDEX, sqlite(INDEX_MARK, &[]))
    }

    fn vault(folder: &str) -> Slot {
        slot(&database(folder), sqlite(VAULT_MARK, &folder::vault_of(folder).unwrap().0.0))
    }

    fn journal(name: &str) -> Slot {
        slot(&format!("{name}{JOURNAL}"), JOURNAL_MAGIC.to_vec())
    }

    fn pool() -> Vec<Slot> {
        vec![index(), vault(A), vault(B), slot(&format!("{}{JOURNAL}", database(A)), Vec::new()), slot("", Vec::new())]
    }

    /// Each of the ways in which a beginning can be spoilt.
    fn spoilt(slot: &Slot) -> Vec<Slot> {
        let with = |header: Vec<u8>| Slot { header, ..slot.clone() };
        let mut other_name = slot.header.clone();
        other_name[8] ^= 1;
        let mut flags = slot.header.clone();
        flags[NAME_LEN..].fill(0xff);
        vec![
            with(vec![0; HEADER_LEN]),
            with(vec![0xa5; HEADER_LEN]),
            with(slot.header.iter().map(|byte| !byte).collect()),
            with(other_name),
            with(flags),
        ]
    }

    #[test]
    fn a_sound_pool_is_left_alone() {
        assert!(is_sound(&pool(), &folders()));
        assert_eq!(plan(&pool(), &folders()), vec![Step::Keep; 5]);
    }

    #[test]
    fn a_database_that_has_lost_its_name_gets_it_back() {
        for (at, name) in [(0, INDEX.to_owned()), (1, database(A)), (2, database(B))] {
            for spoilt in spoilt(&pool()[at]) {
                let mut slots = pool();
                slots[at] = spoilt;
                assert!(!is_sound(&slots, &folders()));
                let mut expected = vec![Step::Keep; 5];
                expected[at] = Step::Name(name.clone());
                assert_eq!(plan(&slots, &folders()), expected, "{name}");
            }
        }
    }

    #[test]
    fn what_is_damaged_within_too_is_put_aside_and_the_others_stay() {
        let mut slots = pool();
        slots[1].header.fill(0xa5);
        slots[1].contents.fill(0xa5);
        assert_eq!(plan(&slots, &folders()), [Step::Keep, Step::Aside, Step::Keep, Step::Keep, Step::Keep]);
    }

    #[test]
    fn a_journal_that_waits_goes_back_to_the_one_database_that_misses_it() {
        let mut slots = vec![index(), vault(A), journal(INDEX), journal(&database(A))];
        slots[3].header.fill(0xa5);
        assert_eq!(plan(&slots, &folders())[3], Step::Name(format!("{}{JOURNAL}", database(A))));
        slots.remove(2);
        assert_eq!(plan(&slots, &folders())[2], Step::Aside, "two could miss it");
    }

    #[test]
    fn a_file_that_holds_nothing_goes_and_the_rest_of_a_deleted_vault_does_not_come_back() {
        let mut empty = slot("", Vec::new());
        empty.header.fill(0xa5);
        assert_eq!(plan(&[index(), empty], &folders()), [Step::Keep, Step::Remove]);
        let mut deleted = vault(A);
        deleted.header.fill(0);
        assert_eq!(plan(&[index(), deleted], &[B.to_owned()]), [Step::Keep, Step::Keep]);
    }

    #[test]
    fn of_two_files_with_one_name_the_second_is_looked_at_again() {
        let twin = Slot { header: vault(A).header, ..vault(B) };
        assert_eq!(plan(&[index(), vault(A), twin], &folders())[2], Step::Name(database(B)));
        assert_eq!(plan(&[index(), vault(A), vault(A)], &folders())[2], Step::Aside);
    }

    #[test]
    fn a_database_whose_folder_is_not_made_yet_is_kept() {
        assert_eq!(plan(&[index(), vault(A)], &[B.to_owned()]), [Step::Keep, Step::Keep]);
    }

    #[test]
    fn a_file_that_was_cut_before_its_contents_is_put_aside_unless_it_is_all_zeros() {
        let cut = |byte| Slot { len: 600, header: vec![byte; HEADER_LEN], contents: Vec::new() };
        assert_eq!(plan(&[cut(0)], &[]), [Step::Keep]);
        assert_eq!(plan(&[cut(7)], &[]), [Step::Remove]);
    }
}
