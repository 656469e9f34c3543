//! Files, previews, history and the trash.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Command, Event, Failure, SinkId,
    command::{Mark, Scope},
    event::{PastValue, Progress, Stage, zeroize_bytes::SecretBytes},
};
use vault_model::{AttachmentId, FieldClass, FieldId, FieldKey, SecretText};
use vault_protocol::{Dot, LogId};
use vault_ui::{
    Ask,
    outbox::{FileUse, Go, Picture, ShellEvent},
};
use zeroize::Zeroizing;

use crate::{
    stage::{ITEM, SECRET, Window, go, login, send, shell, show, take, take_asks, tree},
    support::{NOW_MS, settle, world},
};

const SIZE: [f32; 2] = [1200.0, 1200.0];
const FILE: AttachmentId = AttachmentId([3; 16]);

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

#[test]
fn files_are_added_saved_and_removed_through_the_shell() {
    let mut window = show(SIZE, login());
    click(&mut window, "Add files…");
    click(&mut window, "Save recovery-codes.txt as…");
    let asks = take_asks(&mut window);
    assert_eq!(
        asks,
        [
            Ask::PickFiles { purpose: FileUse::Attach(ITEM), several: true },
            Ask::SaveAs { name: "recovery-codes.txt".to_owned(), purpose: FileUse::Extract(ITEM, FILE) },
        ]
    );
    shell(&mut window, ShellEvent::SinkChosen { purpose: FileUse::Extract(ITEM, FILE), sink: Some(SinkId(2)), place: String::new() });
    let extracted = take(&mut window, |command| match command {
        Command::Extract { attachment, sink, .. } => Some((*attachment, *sink)),
        _ => None,
    });
    assert_eq!(extracted.map(|(_, extracted)| extracted), Some((FILE, SinkId(2))));
    click(&mut window, "Remove recovery-codes.txt");
    click(&mut window, "Keep");
    click(&mut window, "Remove recovery-codes.txt");
    window.get_by_role_and_label(Role::Button, "Remove").click();
    settle(&mut window);
    let removed = take(&mut window, |command| match command {
        Command::Detach { attachment, .. } => Some(*attachment),
        _ => None,
    });
    assert_eq!(removed.map(|(_, removed)| removed), Some(FILE));
}

#[test]
fn a_transfer_shows_how_far_it_is_and_can_be_stopped() {
    let mut window = show(SIZE, login());
    let sink = ShellEvent::SinkChosen { purpose: FileUse::Extract(ITEM, FILE), sink: Some(SinkId(2)), place: String::new() };
    shell(&mut window, sink);
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Extract { .. }).then_some(())).expect("a transfer");
    world(&mut window).now_ms = NOW_MS + 1000;
    send(&mut window, Event::Progress(request, Progress { stage: Stage::Reading, done: 500_000, total: 1_000_000 }));
    window.get_by_role(Role::ProgressIndicator);
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    settle(&mut window);
    let stopped = take(&mut window, |command| match command {
        Command::Cancel(stopped) => Some(*stopped),
        _ => None,
    });
    assert_eq!(stopped.map(|(_, stopped)| stopped), Some(request));
}

fn preview(window: &mut Window) -> vault_engine::RequestId {
    click(window, "Preview recovery-codes.txt");
    take(window, |command| matches!(command, Command::ReadAttachment { attachment: FILE, .. }).then_some(())).expect("a read").0
}

#[test]
fn a_text_is_shown_never_in_the_tree_and_wiped_when_left() {
    let mut window = show(SIZE, login());
    let request = preview(&mut window);
    let bytes = SecretBytes(Zeroizing::new(format!("1 {SECRET}\n2 other\n").into_bytes()));
    send(&mut window, Event::Bytes { request, offset: 0, bytes, total: 1240 });
    let tree = tree(&window);
    assert!(tree.contains("Never written to disk"));
    assert!(!tree.contains(SECRET));
    assert!(world(&mut window).app.state.vault.as_ref().expect("open").bytes.contains_key(&request));
    click(&mut window, "Close the preview");
    assert!(world(&mut window).app.state.vault.as_ref().expect("open").bytes.is_empty());
}

#[test]
fn bytes_are_wiped_when_the_person_goes_elsewhere() {
    let mut window = show(SIZE, login());
    let request = preview(&mut window);
    let bytes = SecretBytes(Zeroizing::new(vec![0, 1, 2, 255]));
    send(&mut window, Event::Bytes { request, offset: 0, bytes, total: 4 });
    go(&mut window, Go::Generator);
    assert!(world(&mut window).app.state.vault.as_ref().expect("open").bytes.is_empty());
}

#[test]
fn a_picture_is_decoded_elsewhere() {
    let mut item = login();
    item.attachments[0].media_type = "image/png".to_owned();
    let mut window = show(SIZE, item);
    let request = preview(&mut window);
    assert_eq!(take_asks(&mut window), [Ask::DecodePicture(request)]);
    let picture = Picture { size: [2, 1], rgba: Zeroizing::new(vec![255, 0, 0, 255, 0, 0, 255, 128]) };
    shell(&mut window, ShellEvent::Picture { request, picture: Some(picture) });
    window.get_by_role_and_label(Role::Image, "Picture");
    click(&mut window, "Larger");
    click(&mut window, "Smaller");
}

#[test]
fn a_document_that_is_not_shown_is_offered_for_saving_and_not_even_read() {
    let mut item = login();
    item.attachments[0].media_type = "application/pdf".to_owned();
    let mut window = show(SIZE, item);
    click(&mut window, "Preview recovery-codes.txt");
    window.get_by_label("No preview for this kind of file");
    assert!(take(&mut window, |command| matches!(command, Command::ReadAttachment { .. }).then_some(())).is_none());
    click(&mut window, "Save as…");
    assert!(matches!(&take_asks(&mut window)[..], [Ask::SaveAs { purpose: FileUse::Extract(ITEM, FILE), .. }]));
}

#[test]
fn bytes_that_turn_out_to_be_no_text_are_not_shown_and_go_at_once() {
    for content in [vec![0, 1, 2, 255], b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>".to_vec()] {
        let mut window = show(SIZE, login());
        let request = preview(&mut window);
        send(&mut window, Event::Bytes { request, offset: 0, bytes: SecretBytes(Zeroizing::new(content)), total: 4 });
        window.get_by_label("No preview for this kind of file");
        assert!(world(&mut window).app.state.vault.as_ref().expect("open").bytes.is_empty());
    }
}

#[test]
fn a_saved_file_is_named_with_its_place() {
    let mut window = show(SIZE, login());
    let place = "/media/usb/recovery-codes.txt".to_owned();
    shell(&mut window, ShellEvent::SinkChosen { purpose: FileUse::Extract(ITEM, FILE), sink: Some(SinkId(2)), place });
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Extract { .. }).then_some(())).expect("a transfer");
    send(&mut window, Event::Done(request));
    assert!(world(&mut window).app.toasts.shows("recovery-codes.txt saved: /media/usb/recovery-codes.txt"));
}

#[test]
fn files_held_over_the_window_say_where_they_would_go() {
    let mut window = show(SIZE, login());
    let hold = |window: &mut Window, n: usize| {
        window.input_mut().hovered_files = vec![egui::HoveredFile::default(); n];
        settle(window);
    };
    hold(&mut window, 1);
    window.get_by_label("Let go to attach to GitHub");
    go(&mut window, Go::Overview);
    hold(&mut window, 1);
    window.get_by_label("Open the item first that the files belong to");
    go(&mut window, Go::New("credential".to_owned()));
    hold(&mut window, 1);
    window.get_by_label("Let go to attach to the new item");
    hold(&mut window, 0);
    assert!(window.query_by_label("Let go to attach to the new item").is_none());
}

#[test]
fn the_past_is_shown_filtered_revealed_and_put_back() {
    let mut window = show(SIZE, login());
    click(&mut window, "Show all changes");
    let (request, ()) =
        take(&mut window, |command| matches!(command, Command::History { field: None, .. }).then_some(())).expect("history");
    let dot = |seq| Dot { log: LogId([1; 16]), seq, op: 0 };
    let past = |seq, id: &str, shown: Option<&str>, current| PastValue {
        dot: dot(seq),
        key: FieldKey::element(FieldClass::Field, id.as_bytes()),
        wall_ms: NOW_MS - seq * 3_600_000,
        device: "Phone".to_owned(),
        shown: shown.map(str::to_owned),
        current,
        absent: false,
    };
    let values =
        vec![past(1, "username", Some("mara.lind"), true), past(2, "username", Some("mara"), false), past(3, "password", None, false)];
    send(&mut window, Event::History(request, values));
    window.get_by_label("mara");
    click(&mut window, "Show");
    let (request, revealed) = take(&mut window, |command| match command {
        Command::RevealPast { dot, .. } => Some(*dot),
        _ => None,
    })
    .expect("a reveal");
    assert_eq!(revealed, dot(3));
    let field = FieldId("password".to_owned());
    send(&mut window, Event::Revealed { request, item: ITEM, field, text: SecretText::from(SECRET) });
    assert!(!tree(&window).contains(SECRET));
    window.get_by_label("Hide");
    window.get_all_by_label("Put back").next().expect("a button").click();
    settle(&mut window);
    window.get_all_by_label("Put back").last().expect("the dialog's").click();
    settle(&mut window);
    let restored = take(&mut window, |command| match command {
        Command::RestorePast { dot, .. } => Some(*dot),
        _ => None,
    });
    assert_eq!(restored.map(|(_, restored)| restored), Some(dot(2)));
    go(&mut window, Go::Item(ITEM));
    assert!(!world(&mut window).app.state.vault.as_ref().expect("open").anything_revealed());
}

#[test]
fn the_trash_gives_back_and_empties_after_asking() {
    let mut item = login();
    item.trashed = true;
    let mut window = show(SIZE, item);
    go(&mut window, Go::List(Scope::Trash));
    go(&mut window, Go::Unselect);
    click(&mut window, "Tick GitHub");
    window.get_by_role_and_label(Role::Button, "Put back").click();
    settle(&mut window);
    let mark = take(&mut window, |command| match command {
        Command::MarkItems { items, mark: Mark::Trashed(false) } => Some(items.clone()),
        _ => None,
    });
    assert_eq!(mark.map(|(_, items)| items), Some(vec![ITEM]));
    window.get_all_by_label("Empty Trash (1)").last().expect("a button").click();
    settle(&mut window);
    click(&mut window, "Keep in Trash");
    assert!(take(&mut window, |command| matches!(command, Command::EmptyTrash).then_some(())).is_none());
    window.get_all_by_label("Empty Trash (1)").last().expect("a button").click();
    settle(&mut window);
    window.get_all_by_role_and_label(Role::Button, "Delete for good").last().expect("the dialog's").click();
    settle(&mut window);
    assert!(take(&mut window, |command| matches!(command, Command::EmptyTrash).then_some(())).is_some());
}

#[test]
fn an_altered_file_is_named_and_the_item_is_said_to_be_fine() {
    let words =
        "recovery-codes.txt was altered or damaged, and nothing of it was used. The item itself is fine; a backup brings the file back.";
    let mut window = show(SIZE, login());
    let sink = ShellEvent::SinkChosen { purpose: FileUse::Extract(ITEM, FILE), sink: Some(SinkId(2)), place: String::new() };
    shell(&mut window, sink);
    let (request, ()) = take(&mut window, |command| matches!(command, Command::Extract { .. }).then_some(())).expect("a transfer");
    send(&mut window, Event::Failed(request, Failure::AttachmentDamaged));
    assert!(world(&mut window).app.toasts.shows(words));

    let mut window = show(SIZE, login());
    let request = preview(&mut window);
    send(&mut window, Event::Failed(request, Failure::AttachmentDamaged));
    window.get_by_label(words);
}
