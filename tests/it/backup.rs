use vault_engine::{
    Command, Event, Failure,
    command::{BackupKeyInput, Mark, RestoreInto},
    event::{CheckReport, Problem, ProblemKind},
};
use vault_store::{Profile, RowRecord, StoreError, VaultStore};
use vault_testkit::TestDevice;

use crate::{attachments::attach, attachments::extract, story::*};

const PASSPHRASE: &str = "seven words of a backup passphrase here";

fn backup(device: &mut TestDevice) -> Vec<u8> {
    let sink = device.host().make_sink();
    device.ok(Command::Backup { sink, passphrase: Some(PASSPHRASE.into()) });
    device.host().written(sink).expect("a backup is written")
}

fn restore(device: &mut TestDevice, bytes: &[u8], key: BackupKeyInput, into: RestoreInto) -> Vec<Event> {
    let source = device.host().put_source(bytes);
    device.ok(Command::Restore { source, key, into })
}

#[test]
fn a_passphrase_alone_makes_a_new_vault_with_the_same_items_on_an_empty_device() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("GitHub", "mara", "Xk7#pQ"));
    attach(&mut device, item, "codes.txt", b"recovery codes");
    let bytes = backup(&mut device);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(elsewhere.path(), 2);
    let into = RestoreInto::Vault { name: "Restored".into(), new_password: Some("a new long password here".into()) };
    let events = restore(&mut device, &bytes, BackupKeyInput::Passphrase(PASSPHRASE.into()), into);
    let status = opened(&events).expect("a restored vault is open");
    assert_ne!(status.vault, vault, "a passphrase alone makes another vault");
    let row = rows(&events)[0].clone();
    assert_eq!(row.title, "GitHub");
    assert_eq!(reveal(&mut device, row.id, "password"), "Xk7#pQ");
    let attachment = open_item(&mut device, row.id).attachments[0].id;
    assert_eq!(extract(&mut device, row.id, attachment), b"recovery codes");
}

#[test]
fn password_and_device_bring_the_same_vault_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("GitHub", "mara", "Xk7#pQ"));
    let bytes = backup(&mut device);
    let keys = device.keys.clone();
    drop(device);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(elsewhere.path(), 2);
    device.keys = keys;
    let into = RestoreInto::Vault { name: "Back".into(), new_password: None };
    let events = restore(&mut device, &bytes, BackupKeyInput::PasswordAndDevice(PASSWORD.into()), into);
    assert_eq!(opened(&events).unwrap().vault, vault);
    assert_eq!(reveal(&mut device, item, "password"), "Xk7#pQ");
    assert!(!opened(&events).unwrap().kit_saved, "nobody had a kit, so a new one is there to be saved");
    assert_eq!(opened(&events).unwrap().n_devices, 1, "this device as it was is set aside");
    let sink = device.host().make_sink();
    device.ok(Command::SaveKit { sink, passphrase: Some("a passphrase of the kit's own".into()) });
    device.ok(Command::Lock);
    unlock(&mut device, vault, PASSWORD);
    save(&mut device, credential("Written after", "b", "c"));
    device.ok(Command::MarkItems { items: vec![item], mark: vault_engine::command::Mark::Trashed(true) });
    let events = device.ok(Command::EmptyTrash);
    assert!(events.iter().any(|event| matches!(event, Event::RowsChanged { gone, .. } if *gone == [item])), "purges wait for nobody");
}

#[test]
fn a_backup_made_while_a_file_is_attached_holds_one_state() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    for n in 0..600 {
        save(&mut device, credential(&format!("Item {n}"), "b", "c"));
    }
    let item = save(&mut device, credential("Holder", "b", "c"));
    let source = device.host().put_source(vec![7; 3_000_000]);
    device.start(Command::Attach { item, source, name: "a.bin".into(), media_type: String::new() });
    device.turns(3);
    let bytes = backup(&mut device);
    assert_eq!(open_item(&mut device, item).attachments.len(), 1, "the attachment was only kept waiting");
    let source = device.host().put_source(bytes);
    device.ok(Command::TestBackup { source, key: BackupKeyInput::OpenVault });
}

#[test]
fn ms27_a_lost_attachment_keeps_nothing_else_from_being_backed_up_and_restored() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("Holder", "b", "c"));
    attach(&mut device, item, "lost.txt", b"lost");
    attach(&mut device, item, "kept.txt", b"kept");
    let folder = std::fs::read_dir(dir.path().join("vaults")).unwrap().next().unwrap().unwrap().path().join("attachments");
    let attachment = open_item(&mut device, item).attachments.iter().find(|found| found.name == "lost.txt").unwrap().id;
    let lost = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).find(|path| {
        let hidden = path.with_extension("hidden");
        std::fs::rename(path, &hidden).unwrap();
        let sink = device.host().make_sink();
        let missing = device.send(Command::Extract { item, attachment, sink }).1.iter().any(|event| matches!(event, Event::Failed(..)));
        std::fs::rename(&hidden, path).unwrap();
        missing
    });
    std::fs::remove_file(lost.unwrap()).unwrap();
    let bytes = backup(&mut device);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(elsewhere.path(), 2);
    let into = RestoreInto::Vault { name: "Restored".into(), new_password: None };
    let events = restore(&mut device, &bytes, BackupKeyInput::Passphrase(PASSPHRASE.into()), into);
    let report = events.iter().find_map(|event| match event {
        Event::Restored(_, report) => Some(report),
        _ => None,
    });
    assert_eq!(report.map(|report| (report.n_added, report.n_attachments, report.n_missing)), Some((1, 1, 1)));
}

#[test]
fn merging_into_the_open_vault_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let kept = save(&mut device, credential("Kept", "b", "old"));
    let purged = save(&mut device, credential("Purged", "b", "c"));
    let bytes = backup(&mut device);
    let mut draft = redraft(&open_item(&mut device, kept));
    draft.fields[1].value = vault_model::DraftValue::Set("new".into());
    save(&mut device, draft);
    device.ok(Command::MarkItems { items: vec![purged], mark: vault_engine::command::Mark::Trashed(true) });
    device.ok(Command::EmptyTrash);
    let events = restore(&mut device, &bytes, BackupKeyInput::OpenVault, RestoreInto::OpenVault);
    let report = events
        .iter()
        .find_map(|event| match event {
            Event::Restored(_, report) => Some(report),
            _ => None,
        })
        .unwrap();
    assert_eq!(report.purged, ["Purged"]);
    assert_eq!(reveal(&mut device, kept, "password"), "new");
}

#[test]
fn mf01_mf02_a_cut_or_altered_backup_is_refused_and_the_vault_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    save(&mut device, credential("A", "b", "c"));
    let bytes = backup(&mut device);
    let tries = 24;
    for n in 0..tries {
        let at = bytes.len() * n / tries;
        let mut altered = bytes.clone();
        altered[at] ^= 0x40;
        for bad in [&bytes[..at], &altered] {
            let source = device.host().put_source(bad);
            let failure = device.fails(Command::Restore {
                source,
                key: BackupKeyInput::Passphrase(PASSPHRASE.into()),
                into: RestoreInto::Vault { name: "X".into(), new_password: Some("a new long password here".into()) },
            });
            assert!(!matches!(failure, Failure::Io), "{failure:?} at {at}");
        }
    }
    let folders = std::fs::read_dir(dir.path().join("vaults")).unwrap().count();
    assert_eq!(folders, 1, "a refused restore leaves nothing behind");
    assert_eq!(rows(&device.ok(Command::SaveItem(Box::new(credential("B", "b", "c"))))).len(), 1);
}

#[test]
fn a_wrong_passphrase_is_called_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let bytes = backup(&mut device);
    let source = device.host().put_source(bytes);
    let failure = device.fails(Command::Restore {
        source,
        key: BackupKeyInput::Passphrase("not the passphrase".into()),
        into: RestoreInto::Vault { name: "X".into(), new_password: Some("a new long password here".into()) },
    });
    assert!(matches!(failure, Failure::WrongPassword { .. }));
}

#[test]
fn a_drill_reads_everything_and_says_what_is_newer_here() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "c"));
    attach(&mut device, item, "a.txt", b"hello");
    let bytes = backup(&mut device);
    save(&mut device, credential("Newer", "b", "c"));
    let source = device.host().put_source(bytes);
    let events = device.ok(Command::TestBackup { source, key: BackupKeyInput::Passphrase(PASSPHRASE.into()) });
    let report = events
        .iter()
        .find_map(|event| match event {
            Event::Tested(_, report) => Some(report),
            _ => None,
        })
        .unwrap();
    assert_eq!((report.n_items, report.n_attachments, report.len_bytes, report.n_behind), (1, 1, 5, 1));
    assert_eq!(report.damaged, Vec::<String>::new());
}

fn check(device: &mut TestDevice) -> CheckReport {
    let events = device.ok(Command::CheckVault { read_attachments: true });
    events
        .into_iter()
        .find_map(|event| match event {
            Event::Checked(_, report) => Some(report),
            _ => None,
        })
        .unwrap()
}

/// Reads or replaces an item's row behind the engine's back.
fn with_store<T>(data: &std::path::Path, with: impl FnOnce(&mut VaultStore) -> T) -> T {
    let folder = std::fs::read_dir(data.join("vaults")).unwrap().next().unwrap().unwrap().path();
    with(&mut VaultStore::open(&folder.join("vault.sqlite"), Profile::Native).unwrap().0)
}

#[test]
fn ms09_a_row_put_back_from_an_earlier_time_is_named_by_a_check() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, None);
    let item = save(&mut device, credential("Bank", "mara", "old"));
    device.ok(Command::Lock);
    let mut old = Vec::new();
    let keep = |record: RowRecord<'_>| {
        if record.object == item {
            old = record.sealed.to_vec();
        }
        Ok::<(), StoreError>(())
    };
    with_store(dir.path(), |store| store.read().each_row(keep)).unwrap();
    unlock(&mut device, vault, "");
    device.ok(Command::MarkItems { items: vec![item], mark: Mark::Favourite(true) });
    device.ok(Command::Lock);
    with_store(dir.path(), |store| {
        let mut term = None;
        let find = |record: RowRecord<'_>| {
            term = term.or((record.object == item).then_some(record.term));
            Ok::<(), StoreError>(())
        };
        store.read().each_row(find).unwrap();
        store.write(|tx| tx.put_row(RowRecord { object: item, term: term.unwrap(), sealed: &old })).unwrap();
    });
    unlock(&mut device, vault, "");
    let problems = check(&mut device).problems;
    assert!(problems.contains(&Problem { kind: ProblemKind::RowDiffers, subject: "Bank".to_owned() }), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.kind == ProblemKind::RootDiffers), "{problems:?}");
}

#[test]
fn a_check_finds_an_altered_attachment_and_names_its_item() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("Holder", "b", "c"));
    attach(&mut device, item, "a.txt", b"hello");
    let report = check(&mut device);
    assert_eq!(report.problems, []);
    assert_eq!((report.n_items, report.n_attachments), (1, 1));
    let folder = std::fs::read_dir(dir.path().join("vaults")).unwrap().next().unwrap().unwrap().path().join("attachments");
    let path = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[500] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let report = check(&mut device);
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].subject, "Holder");
}
