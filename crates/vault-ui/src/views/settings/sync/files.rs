//! Attachments and the server: which come to this device, what is on its way, and how to get room here.

use egui::Ui;
use vault_engine::{
    Command,
    command::FilesCommand,
    files::{FetchPolicy, FileSettings, FilesStatus, Transfer, TransferState, Way},
};

use crate::{
    fl, format, icons,
    notices::sync::number,
    outbox::{Go, Outbox},
    theme::Tone,
    views::{
        files::{problem, words},
        settings::choice,
    },
    widgets::{Look, PushButton, RowIcon, card, card_line, ghost, notice_row, progress::progress, section_head, setting_row},
};

/// Limits that are offered, in GiB; 0 = none.
const CAPS_GIB: [u64; 6] = [1, 2, 5, 10, 50, 0];
/// Transfers that are listed; the totals count all.
const MAX_LISTED: usize = 8;

pub(super) fn files_ui(ui: &mut Ui, now_ms: u64, files: &FilesStatus, out: &mut Outbox) {
    section_head(ui, fl!("files-head"));
    card(ui, |ui| {
        standing_ui(ui, files, out);
        for transfer in files.transfers.iter().take(MAX_LISTED) {
            card_line(ui);
            transfer_ui(ui, transfer, now_ms, out);
        }
        card_line(ui);
        settings_ui(ui, &files.settings, out);
        card_line(ui);
        room_ui(ui, files, out);
    });
}

fn settings(settings: FileSettings) -> Command {
    let FileSettings { policy, cap_bytes, paused } = settings;
    Command::Files(FilesCommand::Settings { policy, cap_bytes, paused })
}

fn standing_ui(ui: &mut Ui, files: &FilesStatus, out: &mut Outbox) {
    let n_running = files.transfers.iter().filter(|transfer| transfer.state == TransferState::Running).count();
    let has_failed = files.transfers.iter().any(|transfer| matches!(transfer.state, TransferState::Failed(..)));
    let here = fl!("files-here", n = files.n_here, count = number(files.n_here), size = format::bytes(files.here_bytes));
    let (tone, note) = match files {
        FilesStatus { held: Some(what), .. } => (Some(Tone::Warn), problem(*what)),
        _ if files.settings.paused => (None, fl!("files-paused")),
        FilesStatus { n_to_send: 0, n_missing: 0, .. } => (Some(Tone::Ok), fl!("files-all-sent")),
        FilesStatus { n_to_send: 0, n_missing: n, missing_bytes, .. } => {
            (None, fl!("files-missing", n = n, count = number(*n), size = format::bytes(*missing_bytes)))
        }
        FilesStatus { n_to_send: n, to_send_bytes, .. } => {
            (None, fl!("files-to-send", n = n, count = number(*n), size = format::bytes(*to_send_bytes)))
        }
    };
    notice_row(ui, Some(RowIcon { icon: icons::PAPERCLIP, tone }), here, note, |ui| {
        if has_failed || files.held.is_some() {
            if PushButton::new(Look::Secondary, fl!("files-retry")).icon(icons::ARROWS_CLOCKWISE).show(ui).clicked() {
                out.send(Command::Files(FilesCommand::Retry));
            }
        } else if n_running > 0 || files.settings.paused {
            let name = if files.settings.paused { fl!("files-resume") } else { fl!("files-pause") };
            if PushButton::new(Look::Secondary, name).show(ui).clicked() {
                out.send(settings(FileSettings { paused: !files.settings.paused, ..files.settings }));
            }
        }
    });
}

fn transfer_ui(ui: &mut Ui, transfer: &Transfer, now_ms: u64, out: &mut Outbox) {
    let icon = match transfer.way {
        Way::Up => icons::ARROW_UP,
        Way::Down => icons::ARROW_DOWN,
    };
    let tone = matches!(transfer.state, TransferState::Failed(..)).then_some(Tone::Warn);
    notice_row(ui, Some(RowIcon { icon, tone }), transfer.name.clone(), words(transfer, now_ms), |ui| {
        if ghost(ui, fl!("files-show-item")).clicked() {
            out.go(Go::Item(transfer.item));
        }
    });
    if transfer.state == TransferState::Running && transfer.total > 0 {
        egui::Frame::new().inner_margin(egui::Margin { left: 40, right: 16, top: 0, bottom: 12 }).show(ui, |ui| {
            let amount = fl!("progress-bytes", done = format::bytes(transfer.done), total = format::bytes(transfer.total));
            progress(ui, Some(transfer.done as f32 / transfer.total as f32), &amount);
        });
    }
}

fn settings_ui(ui: &mut Ui, now: &FileSettings, out: &mut Outbox) {
    setting_row(ui, fl!("files-policy"), fl!("files-policy-note", here = crate::l10n::here()), |ui| {
        let choices = [
            (FetchPolicy::All, fl!("files-policy-all")),
            (FetchPolicy::Small, fl!("files-policy-small")),
            (FetchPolicy::Pinned, fl!("files-policy-pinned")),
            (FetchPolicy::Never, fl!("files-policy-never")),
        ];
        if let Some(policy) = choice(ui, &fl!("files-policy"), &now.policy, &choices) {
            out.send(settings(FileSettings { policy, ..*now }));
        }
    });
    card_line(ui);
    setting_row(ui, fl!("files-cap"), fl!("files-cap-note"), |ui| {
        let words = |gib: u64| if gib == 0 { fl!("files-cap-none") } else { format!("{gib} GiB") };
        let choices = CAPS_GIB.map(|gib| (gib << 30, words(gib)));
        if let Some(cap_bytes) = choice(ui, &fl!("files-cap"), &now.cap_bytes, &choices) {
            out.send(settings(FileSettings { cap_bytes, ..*now }));
        }
    });
}

fn room_ui(ui: &mut Ui, files: &FilesStatus, out: &mut Outbox) {
    let note = fl!("files-room-note", size = format::bytes(files.remote_bytes));
    setting_row(ui, fl!("files-room", here = crate::l10n::here()), note, |ui| {
        if PushButton::new(Look::Secondary, fl!("files-room-go")).enabled(files.remote_bytes > 0).show(ui).clicked() {
            out.send(Command::Files(FilesCommand::FreeSpace));
        }
    });
}
