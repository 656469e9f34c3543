//! Attachments and the server: where each is, what is on its way, and what this device keeps.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Command, Event,
    command::FilesCommand,
    files::{FetchPolicy, FileSettings, FilesStatus, Transfer, TransferProblem, TransferState, Way},
    sync::{NetFailure, SyncState},
};
use vault_model::AttachmentId;
use vault_ui::{l10n::Language, theme::ThemeChoice};

use crate::{
    stage::{ITEM, Window, login, send, show, take, tree},
    support::{NOW_MS, options, settle, status},
    sync::{page_with, press, sync, with},
};

const FILE: AttachmentId = AttachmentId([3; 16]);

fn transfer(name: &str, way: Way, done: u64, state: TransferState) -> Transfer {
    Transfer { item: ITEM, attachment: FILE, name: name.to_owned(), way, done, total: 9_437_184, state }
}

fn files(transfers: Vec<Transfer>) -> Event {
    Event::FilesChanged(Box::new(FilesStatus {
        transfers,
        n_here: 41,
        here_bytes: 812_646_400,
        n_missing: 0,
        missing_bytes: 0,
        n_to_send: 3,
        to_send_bytes: 31_457_280,
        remote_bytes: 781_189_120,
        held: None,
        settings: FileSettings::default(),
        kept: Vec::new(),
    }))
}

fn busy() -> Event {
    files(vec![
        transfer("passport-scan.pdf", Way::Up, 4_404_019, TransferState::Running),
        transfer("house-contract.pdf", Way::Down, 1_048_576, TransferState::Running),
        transfer("old-backup.zip", Way::Down, 0, TransferState::Failed(TransferProblem::NotThere, NOW_MS + 60_000)),
    ])
}

/// The open item of a vault that is synced.
fn shown(news: Event) -> Window {
    let mut window = show([1200.0, 1200.0], login());
    send(&mut window, Event::SyncChanged(sync(SyncState::UpToDate)));
    send(&mut window, news);
    window
}

fn page(theme: ThemeChoice, language: Language, size: [f32; 2], news: Event) -> Window {
    let mut window = page_with(size, with(theme, language), status(true), sync(SyncState::UpToDate));
    send(&mut window, news);
    window
}

fn sent(window: &mut Window) -> Option<FilesCommand> {
    take(window, |command| if let Command::Files(command) = command { Some(command.clone()) } else { None }).map(|(_, command)| command)
}

#[test]
fn an_attachment_says_where_it_is() {
    let states = [
        (TransferState::Running, Way::Up, "Uploading, 46 %"),
        (TransferState::Running, Way::Down, "Downloading, 46 %"),
        (TransferState::Waiting, Way::Down, "Waiting"),
        (TransferState::Failed(TransferProblem::Damaged, NOW_MS + 1000), Way::Down, "What the server sent is not this file."),
        (
            TransferState::Failed(TransferProblem::Network(NetFailure::Unreachable), NOW_MS + 1000),
            Way::Up,
            "There is no network, or nobody",
        ),
    ];
    for (state, way, words) in states {
        let window = shown(files(vec![transfer("recovery-codes.txt", way, 4_404_019, state)]));
        assert!(tree(&window).contains(words), "{state:?}");
    }
    assert!(tree(&shown(files(Vec::new()))).contains("not in the cloud yet"));
}

#[test]
fn without_sync_nothing_is_said_of_a_server() {
    let window = show([1200.0, 1200.0], login());
    assert!(!tree(&window).contains("cloud"));
    assert!(!tree(&window).contains("Keep these files"));
}

#[test]
fn an_items_files_are_kept_on_this_device_by_a_switch() {
    let mut window = shown(files(Vec::new()));
    window.get_by_role_and_label(Role::Switch, "Keep these files on this device").click();
    settle(&mut window);
    assert_eq!(sent(&mut window), Some(FilesCommand::KeepOffline { item: ITEM, keep: true }));
}

#[test]
fn transfers_are_paused_tried_again_and_make_room() {
    let mut window = page(ThemeChoice::Light, Language::En, [1040.0, 1900.0], busy());
    press(&mut window, "Try again");
    assert_eq!(sent(&mut window), Some(FilesCommand::Retry));
    press(&mut window, "Free up space");
    assert_eq!(sent(&mut window), Some(FilesCommand::FreeSpace));
    let news = files(vec![transfer("passport-scan.pdf", Way::Up, 4_404_019, TransferState::Running)]);
    send(&mut window, news);
    press(&mut window, "Pause");
    let paused = FilesCommand::Settings { policy: FetchPolicy::Small, cap_bytes: 0, paused: true };
    assert_eq!(sent(&mut window), Some(paused));
    settle(&mut window);
    assert!(!tree(&window).contains("house-contract.pdf"), "what has ended is no longer listed");
}

#[test]
fn picture_files() {
    let mut window = page(ThemeChoice::Light, Language::En, [1040.0, 1500.0], busy());
    window.snapshot_options("sync-files-light", &options());
}

#[test]
fn picture_phone_files_german() {
    let mut window = page(ThemeChoice::Dark, Language::De, [390.0, 2400.0], busy());
    window.snapshot_options("phone-sync-files-de-dark", &options());
}
