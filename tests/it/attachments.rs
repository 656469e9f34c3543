use vault_engine::{Command, Event, Failure};
use vault_model::AttachmentId;
use vault_protocol::ObjectId;
use vault_testkit::TestDevice;

use crate::story::*;

fn noise(len: usize) -> Vec<u8> {
    (0..len as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

pub(crate) fn attach(device: &mut TestDevice, item: ObjectId, name: &str, bytes: &[u8]) -> AttachmentId {
    let source = device.host().put_source(bytes);
    device.ok(Command::Attach { item, source, name: name.into(), media_type: String::new() });
    let view = open_item(device, item);
    view.attachments.iter().find(|attachment| attachment.name == name).expect("the attachment is listed").id
}

pub(crate) fn extract(device: &mut TestDevice, item: ObjectId, attachment: AttachmentId) -> Vec<u8> {
    let sink = device.host().make_sink();
    device.ok(Command::Extract { item, attachment, sink });
    device.host().written(sink).expect("an extracted file is finished")
}

#[test]
fn attachments_of_every_size_come_back_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    let vault = create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "c"));
    for len in [0, 1, 65_535, 65_536, 65_537, 3_000_000] {
        let bytes = noise(len);
        let attachment = attach(&mut device, item, &format!("{len}.bin"), &bytes);
        assert!(extract(&mut device, item, attachment) == bytes, "{len} bytes");
    }
    device.ok(Command::Lock);
    unlock(&mut device, vault, PASSWORD);
    let view = open_item(&mut device, item);
    assert_eq!(view.attachments.len(), 6);
    let last = view.attachments.iter().find(|attachment| attachment.len_bytes == 3_000_000).unwrap();
    let events = device.ok(Command::ReadAttachment { item, attachment: last.id, offset: 2_000_000, limit: 100 });
    let bytes = events
        .iter()
        .find_map(|event| match event {
            Event::Bytes { bytes, total: 3_000_000, .. } => Some(bytes.0.to_vec()),
            _ => None,
        })
        .unwrap();
    assert!(bytes == noise(3_000_000)[2_000_000..2_000_100]);
}

#[test]
fn a_cancelled_attachment_leaves_no_file_and_lock_wins_over_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "c"));
    let source = device.host().put_source(noise(8_000_000));
    let request = device.start(Command::Attach { item, source, name: "big".into(), media_type: String::new() });
    device.turns(3);
    let (_, events) = device.send(Command::Cancel(request));
    assert!(events.iter().any(|event| matches!(event, Event::Failed(failed, Failure::Cancelled) if *failed == request)));
    assert_eq!(n_blobs(dir.path()), 0);

    let source = device.host().put_source(noise(8_000_000));
    let request = device.start(Command::Attach { item, source, name: "big".into(), media_type: String::new() });
    device.turns(3);
    let (_, events) = device.send(Command::Lock);
    assert!(events.iter().any(|event| matches!(event, Event::Failed(failed, Failure::Locked) if *failed == request)));
    assert_eq!(n_blobs(dir.path()), 0);
}

#[test]
fn ms27_a_missing_file_is_said_to_be_missing_and_the_item_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "c"));
    let attachment = attach(&mut device, item, "a.txt", b"hello");
    for path in blobs(dir.path()) {
        std::fs::remove_file(path).unwrap();
    }
    let sink = device.host().make_sink();
    assert_eq!(device.fails(Command::Extract { item, attachment, sink }), Failure::AttachmentMissing);
    assert_eq!(open_item(&mut device, item).attachments.len(), 1);
}

#[test]
fn ms26_an_altered_file_is_never_released_as_complete() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let item = save(&mut device, credential("A", "b", "c"));
    let attachment = attach(&mut device, item, "a.bin", &noise(200_000));
    let path = blobs(dir.path()).remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let sink = device.host().make_sink();
    assert_eq!(device.fails(Command::Extract { item, attachment, sink }), Failure::AttachmentDamaged);
    assert_eq!(device.host().written(sink), None);
}

#[test]
fn the_same_file_twice_is_stored_once_and_goes_with_its_last_item() {
    let dir = tempfile::tempdir().unwrap();
    let mut device = TestDevice::open(dir.path(), 1);
    create(&mut device, Some(PASSWORD));
    let first = save(&mut device, credential("A", "b", "c"));
    let second = save(&mut device, credential("B", "b", "c"));
    attach(&mut device, first, "a.bin", &noise(100_000));
    let attachment = attach(&mut device, second, "copy.bin", &noise(100_000));
    assert_eq!(n_blobs(dir.path()), 1);
    for item in [first, second] {
        assert_eq!(n_blobs(dir.path()), 1);
        if item == second {
            assert_eq!(extract(&mut device, second, attachment), noise(100_000));
        }
        device.ok(Command::MarkItems { items: vec![item], mark: vault_engine::command::Mark::Trashed(true) });
        device.ok(Command::PurgeItems { items: vec![item] });
    }
    assert_eq!(n_blobs(dir.path()), 0);
}

pub(crate) fn blobs(data: &std::path::Path) -> Vec<std::path::PathBuf> {
    let vaults = std::fs::read_dir(data.join("vaults")).unwrap();
    vaults
        .flat_map(|vault| std::fs::read_dir(vault.unwrap().path().join("attachments")).unwrap())
        .map(|file| file.unwrap().path())
        .collect()
}

fn n_blobs(data: &std::path::Path) -> usize {
    blobs(data).len()
}
