//! Attachments on every device: handed over after the log, fetched when wanted, resumed wherever they stopped, believed only when every byte
//! was opened.

use std::{cell::RefCell, rc::Rc};

use vault_engine::{
    Command, Event, Failure,
    command::{FilesCommand, Mark},
    files::{FetchPolicy, FilesStatus, TransferProblem, TransferState},
    sync::NetFailure,
};
use vault_model::{AttachmentId, AttachmentView};
use vault_protocol::{
    ObjectId,
    api::{Call, HttpReply, HttpRequest, ReadBlob, ReadBlobReply, ReadBlobs, Route},
};
use vault_testkit::TestDevice;

use crate::{
    attachments::{attach, extract},
    story::{credential, open_item, save},
    sync::{World, sync},
};

/// Bytes that do not repeat.
fn noise(len: usize, seed: u64) -> Vec<u8> {
    (0..len as u64).map(|i| ((i + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

/// A file that goes in parts.
const LARGE: usize = 9_000_000;

fn view(device: &mut TestDevice, item: ObjectId, attachment: AttachmentId) -> AttachmentView {
    open_item(device, item).attachments.into_iter().find(|found| found.id == attachment).expect("the attachment is listed")
}

fn files(device: &mut TestDevice) -> FilesStatus {
    let events = device.ok(Command::Files(FilesCommand::Status));
    let found = events.into_iter().rev().find_map(|event| if let Event::FilesChanged(status) = event { Some(*status) } else { None });
    found.expect("transfers are told")
}

fn policy(device: &mut TestDevice, policy: FetchPolicy) {
    device.ok(Command::Files(FilesCommand::Settings { policy, cap_bytes: 0, paused: false }));
}

fn problem(device: &mut TestDevice) -> Option<TransferProblem> {
    files(device).transfers.iter().find_map(|transfer| match transfer.state {
        TransferState::Failed(problem, _) => Some(problem),
        _ => None,
    })
}

/// Two devices with an item that both have.
fn scene(seed: u64) -> (World, ObjectId) {
    let mut world = World::seeded(seed);
    let item = save(&mut world.devices[0], credential("Passport", "me", "x"));
    let second = world.join();
    world.sync_all();
    policy(&mut world.devices[second], FetchPolicy::All);
    (world, item)
}

/// What passes the line, by route; `lie` may change replies.
type Lie = Rc<RefCell<Option<Box<dyn FnMut(&HttpRequest, HttpReply) -> Result<HttpReply, NetFailure>>>>>;

/// Routes that were asked for, with the bytes of files that went either way.
type Passed = Rc<RefCell<Vec<(Route, usize)>>>;

fn listen(world: &mut World) -> (Passed, Lie) {
    let (passed, lie): (Passed, Lie) = Default::default();
    let (server, seen, liar) = (world.network.clone(), passed.clone(), lie.clone());
    world.put_line(move |from, request, now_ms| {
        let route = Route::find(request.method, &request.path).expect("the engine asks for what there is").route;
        let kept = HttpRequest {
            method: request.method,
            path: request.path.clone(),
            token: None,
            content_type: request.content_type,
            body: Vec::new(),
        };
        let n_up = request.body.len();
        let reply = server.borrow_mut().carry(from, crate::sync::SERVER, request, now_ms)?;
        let n_down = if matches!(route, Route::ReadBlob | Route::ReadBlobs) { reply.body.len() } else { 0 };
        seen.borrow_mut().push((route, n_up + n_down));
        match &mut *liar.borrow_mut() {
            Some(lie) => lie(&kept, reply),
            None => Ok(reply),
        }
    });
    (passed, lie)
}

#[test]
fn files_follow_their_items_to_other_devices() {
    let (mut world, item) = scene(4001);
    let bytes = [noise(0, 1), noise(20_000, 2), noise(LARGE, 3)];
    let ids: Vec<_> = bytes.iter().enumerate().map(|(n, bytes)| attach(&mut world.devices[0], item, &format!("{n}.bin"), bytes)).collect();
    assert!(!view(&mut world.devices[0], item, ids[2]).remote);
    sync(&mut world.devices[0], world.vault);
    world.devices[0].run();
    assert!(view(&mut world.devices[0], item, ids[2]).remote, "the server has confirmed it");
    assert_eq!(files(&mut world.devices[0]).n_to_send, 0);
    sync(&mut world.devices[1], world.vault);
    world.devices[1].run();
    assert_eq!(files(&mut world.devices[1]).n_missing, 0);
    for (bytes, id) in bytes.iter().zip(&ids) {
        assert!(view(&mut world.devices[1], item, *id).local);
        assert!(extract(&mut world.devices[1], item, *id) == *bytes, "byte for byte");
    }
}

#[test]
fn a_file_comes_when_it_is_opened_and_not_before() {
    let (mut world, item) = scene(4002);
    policy(&mut world.devices[1], FetchPolicy::Never);
    let bytes = noise(LARGE, 5);
    let id = attach(&mut world.devices[0], item, "scan.pdf", &bytes);
    world.sync_all();
    world.devices.iter_mut().for_each(|device| drop(device.run()));
    assert!(!view(&mut world.devices[1], item, id).local);
    assert_eq!(files(&mut world.devices[1]).n_missing, 1);
    assert!(extract(&mut world.devices[1], item, id) == bytes);
    assert!(view(&mut world.devices[1], item, id).local, "and stays");
}

#[test]
fn an_item_that_is_kept_offline_has_its_files_whatever_else_comes() {
    let (mut world, item) = scene(4003);
    policy(&mut world.devices[1], FetchPolicy::Pinned);
    let other = save(&mut world.devices[0], credential("Other", "me", "x"));
    let kept = attach(&mut world.devices[0], item, "kept", &noise(1000, 1));
    let not = attach(&mut world.devices[0], other, "not", &noise(1000, 2));
    world.sync_all();
    world.devices[1].ok(Command::Files(FilesCommand::KeepOffline { item, keep: true }));
    world.devices[1].run();
    assert!(view(&mut world.devices[1], item, kept).local);
    assert!(!view(&mut world.devices[1], other, not).local);
    world.devices[1].ok(Command::Files(FilesCommand::FreeSpace));
    assert!(view(&mut world.devices[1], item, kept).local, "what is kept stays");
}

#[test]
fn room_is_made_only_of_what_the_server_has_and_comes_back() {
    let (mut world, item) = scene(4004);
    let sent = attach(&mut world.devices[0], item, "sent", &noise(300_000, 1));
    sync(&mut world.devices[0], world.vault);
    world.devices[0].run();
    world.devices[0].network = None;
    let unsent = attach(&mut world.devices[0], item, "unsent", &noise(300_000, 2));
    world.devices[0].ok(Command::Files(FilesCommand::FreeSpace));
    assert!(!view(&mut world.devices[0], item, sent).local);
    assert!(view(&mut world.devices[0], item, unsent).local, "the only copy stays");
    world.reconnect();
    assert!(extract(&mut world.devices[0], item, sent) == noise(300_000, 1));
}

#[test]
fn a_limit_lets_what_was_fetched_longest_ago_leave() {
    let (mut world, item) = scene(4005);
    world.devices[1].ok(Command::Files(FilesCommand::Settings { policy: FetchPolicy::All, cap_bytes: 1_000_000, paused: false }));
    let ids: Vec<_> = (0..4).map(|n| attach(&mut world.devices[0], item, &format!("{n}"), &noise(400_000, n))).collect();
    sync(&mut world.devices[0], world.vault);
    world.devices[0].run();
    sync(&mut world.devices[1], world.vault);
    for _ in 0..20 {
        world.devices[1].turns(200);
    }
    let n_here = ids.iter().filter(|id| view(&mut world.devices[1], item, **id).local).count();
    assert!(n_here <= 2, "{n_here} of four lie below the limit");
}

#[test]
fn a_device_that_dies_at_any_turn_of_a_transfer_goes_on_where_it_was() {
    let bytes = noise(LARGE, 9);
    for n_turns in [3, 9, 15, 21, 27, 33] {
        let (mut world, item) = scene(4100 + n_turns);
        let id = attach(&mut world.devices[0], item, "large", &bytes);
        let (passed, _) = listen(&mut world);
        world.devices[0].start(Command::SyncNow);
        world.devices[0].turns(n_turns as usize);
        world.crash(0);
        sync(&mut world.devices[0], world.vault);
        world.devices[0].run();
        let n_parts = passed.borrow().iter().filter(|(route, _)| *route == Route::PutPart).count();
        assert!(n_parts <= 4, "three parts, of which one was under way: {n_parts}");
        world.devices[1].start(Command::SyncNow);
        world.devices[1].turns(n_turns as usize);
        world.crash(1);
        sync(&mut world.devices[1], world.vault);
        world.devices[1].run();
        assert!(extract(&mut world.devices[1], item, id) == bytes);
        let n_down: usize = passed.borrow().iter().filter(|(route, _)| *route == Route::ReadBlob).map(|(_, n)| n).sum();
        assert!(n_down < LARGE + 5_000_000, "no finished part comes twice: {n_down}");
    }
}

#[test]
fn the_line_may_break_at_any_request_of_a_transfer() {
    let bytes = noise(LARGE, 11);
    for breaks_at in 0..8 {
        let (mut world, item) = scene(4200 + breaks_at);
        let id = attach(&mut world.devices[0], item, "large", &bytes);
        let (_, lie) = listen(&mut world);
        let mut n = 0;
        *lie.borrow_mut() = Some(Box::new(move |request, reply| {
            let route = Route::find(request.method, &request.path).expect("a route").route;
            let is_file = matches!(route, Route::BeginBlob | Route::PutPart | Route::FinishBlob | Route::ReadBlob);
            n += u64::from(is_file);
            // It was done, and nobody hears of it.
            if is_file && n == breaks_at + 1 { Err(NetFailure::TimedOut) } else { Ok(reply) }
        }));
        for _ in 0..2 {
            for n in 0..2 {
                sync(&mut world.devices[n], world.vault);
                world.devices[n].run();
                world.tick(120_000);
            }
        }
        world.devices[1].run();
        assert!(extract(&mut world.devices[1], item, id) == bytes);
    }
}

#[test]
fn ms26_what_the_server_sends_is_here_only_when_it_is_what_the_item_names() {
    type Forge = fn(&mut Vec<u8>);
    let forgeries: [(&str, Forge); 4] = [
        ("a flipped bit", |bytes| bytes[5000] ^= 1),
        ("cut short", |bytes| bytes.truncate(4000)),
        ("a byte more", |bytes| bytes.push(0)),
        ("chunks of another place", |bytes| bytes.rotate_left(65_552)),
    ];
    for (what, forge) in forgeries {
        for len in [100_000, LARGE] {
            let (mut world, item) = scene(4300);
            let bytes = noise(len, 13);
            let id = attach(&mut world.devices[0], item, "file", &bytes);
            sync(&mut world.devices[0], world.vault);
            world.devices[0].run();
            let (_, lie) = listen(&mut world);
            *lie.borrow_mut() = Some(Box::new(move |request, reply| {
                let route = Route::find(request.method, &request.path).expect("a route").route;
                Ok(match route {
                    Route::ReadBlobs if reply.status == 200 => {
                        let mut read = ReadBlobs::reply_from_http(&reply).expect("an honest reply");
                        read.blobs.iter_mut().for_each(|(_, bytes)| forge(bytes));
                        ReadBlobs::reply_to_http(&read)
                    }
                    Route::ReadBlob if reply.status == 200 => match ReadBlob::reply_from_http(&reply).expect("an honest reply") {
                        ReadBlobReply::Bytes { len_bytes, mut bytes } => {
                            forge(&mut bytes);
                            ReadBlob::reply_to_http(&ReadBlobReply::Bytes { len_bytes, bytes })
                        }
                        direct => ReadBlob::reply_to_http(&direct),
                    },
                    _ => reply,
                })
            }));
            sync(&mut world.devices[1], world.vault);
            world.devices[1].run();
            assert!(!view(&mut world.devices[1], item, id).local, "{what}, {len} bytes");
            assert_eq!(problem(&mut world.devices[1]), Some(TransferProblem::Damaged), "{what}, {len} bytes");
            *lie.borrow_mut() = None;
            world.devices[1].ok(Command::Files(FilesCommand::Retry));
            world.devices[1].run();
            assert!(extract(&mut world.devices[1], item, id) == bytes, "the truth is taken afterwards");
        }
    }
}

#[test]
fn ms27_a_file_that_the_server_does_not_have_is_elsewhere_and_never_gone() {
    let (mut world, item) = scene(4400);
    let bytes = noise(50_000, 15);
    let id = attach(&mut world.devices[0], item, "file", &bytes);
    world.devices[0].ok(Command::Files(FilesCommand::Settings { policy: FetchPolicy::All, cap_bytes: 0, paused: true }));
    world.sync_all();
    world.devices[1].run();
    let shown = view(&mut world.devices[1], item, id);
    assert!(!shown.local);
    assert_eq!(problem(&mut world.devices[1]), Some(TransferProblem::NotThere));
    let sink = world.devices[1].host().make_sink();
    assert_eq!(world.devices[1].fails(Command::Extract { item, attachment: id, sink }), Failure::AttachmentMissing);
    policy(&mut world.devices[0], FetchPolicy::All);
    world.devices[0].run();
    assert!(extract(&mut world.devices[1], item, id) == bytes, "it comes as soon as it is there");
}

#[test]
fn a_file_that_was_lost_here_comes_back_from_the_server() {
    let (mut world, item) = scene(4500);
    let bytes = noise(70_000, 17);
    let id = attach(&mut world.devices[0], item, "file", &bytes);
    world.sync_all();
    world.devices.iter_mut().for_each(|device| drop(device.run()));
    for path in crate::attachments::blobs(world.folder(0)) {
        std::fs::remove_file(path).expect("the file is there");
    }
    assert!(extract(&mut world.devices[0], item, id) == bytes);
}

#[test]
fn a_purged_item_takes_its_files_from_the_server_too() {
    let (mut world, item) = scene(4600);
    attach(&mut world.devices[0], item, "file", &noise(70_000, 19));
    world.sync_all();
    world.devices.iter_mut().for_each(|device| drop(device.run()));
    let (passed, _) = listen(&mut world);
    world.devices[0].ok(Command::MarkItems { items: vec![item], mark: Mark::Trashed(true) });
    world.devices[0].ok(Command::PurgeItems { items: vec![item] });
    for _ in 0..3 {
        world.sync_all();
        world.tick(90_000_000);
    }
    world.sync_all();
    world.devices.iter_mut().for_each(|device| drop(device.run()));
    assert!(passed.borrow().iter().any(|(route, _)| *route == Route::ReleaseBlobs), "the server is told");
    assert_eq!(files(&mut world.devices[0]).n_here, 0);
}
