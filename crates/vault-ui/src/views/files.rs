//! Where an attachment is, in words: here, with the server, on its way, or why not.

use egui::Ui;
use vault_engine::{
    Command,
    command::FilesCommand,
    files::{FilesStatus, Transfer, TransferProblem, TransferState, Way},
};
use vault_model::{AttachmentId, AttachmentView, ItemView};
use vault_protocol::ObjectId;

use crate::{
    fl, format, notices,
    outbox::Outbox,
    state::State,
    theme::S2,
    widgets::{setting_row, switch},
};

/// Size and place of an attachment.
pub(crate) fn standing(state: &State, item: ObjectId, attachment: &AttachmentView) -> String {
    let size = format::bytes(attachment.len_bytes);
    let place = files_of(state).and_then(|files| place(state, files, item, attachment));
    match place {
        Some(place) => format!("{size} · {place}"),
        None if attachment.local => size,
        None => fl!("attach-not-here", here = crate::l10n::here(), size = size),
    }
}

/// What is known of transfers, where sync is on.
fn files_of(state: &State) -> Option<&FilesStatus> {
    let vault = state.vault.as_ref()?;
    vault.files.as_deref().filter(|_| vault.sync.as_ref().is_some_and(|sync| sync.enabled))
}

fn place(state: &State, files: &FilesStatus, item: ObjectId, attachment: &AttachmentView) -> Option<String> {
    if let Some(transfer) = transfer_of(files, item, attachment.id) {
        return Some(words(transfer, state.now_ms));
    }
    match (attachment.local, attachment.remote) {
        (true, true) => None,
        (true, false) => Some(files.held.map_or_else(|| fl!("files-not-sent"), problem)),
        (false, _) => Some(fl!("files-in-cloud")),
    }
}

fn transfer_of(files: &FilesStatus, item: ObjectId, attachment: AttachmentId) -> Option<&Transfer> {
    files.transfers.iter().find(|transfer| transfer.item == item && transfer.attachment == attachment)
}

/// Where a transfer stands.
pub(crate) fn words(transfer: &Transfer, now_ms: u64) -> String {
    let percent = transfer.done.saturating_mul(100).checked_div(transfer.total).unwrap_or(0).min(99);
    match (transfer.state, transfer.way) {
        (TransferState::Waiting, _) => fl!("files-waiting"),
        (TransferState::Running, Way::Up) => fl!("files-uploading", n = percent),
        (TransferState::Running, Way::Down) => fl!("files-downloading", n = percent),
        (TransferState::Failed(what, retry_ms), _) if retry_ms > now_ms => problem(what),
        (TransferState::Failed(..), _) => fl!("files-waiting"),
    }
}

/// Why a file did not come or go.
pub(crate) fn problem(problem: TransferProblem) -> String {
    match problem {
        TransferProblem::Network(why) => notices::sync::net_failure(why),
        TransferProblem::NotThere => fl!("files-not-there"),
        TransferProblem::Damaged => fl!("files-damaged"),
        TransferProblem::Full => fl!("files-full"),
        TransferProblem::Payment => fl!("files-payment"),
        TransferProblem::NoRoomHere => fl!("files-no-room", here = crate::l10n::here()),
        TransferProblem::Here => fl!("files-failed-here", here = crate::l10n::here()),
    }
}

/// The switch that keeps an item's files on this device.
pub(crate) fn keep_ui(ui: &mut Ui, state: &State, item: &ItemView, out: &mut Outbox) {
    let Some(files) = files_of(state) else { return };
    let mut keep = files.kept.contains(&item.id);
    setting_row(ui, fl!("files-keep"), fl!("files-keep-note", here = crate::l10n::here()), |ui| {
        if switch(ui, &fl!("files-keep"), &mut keep).changed() {
            out.send(Command::Files(FilesCommand::KeepOffline { item: item.id, keep }));
        }
    });
    ui.add_space(S2);
}
