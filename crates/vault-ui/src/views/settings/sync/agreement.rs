//! Whether all devices hold the same: how far they have signed it, who has not, and six words to compare.

use egui::{Sense, Ui, WidgetInfo, pos2, vec2};
use vault_engine::sync::{SyncDevice, SyncStatus};

use super::devices::shown_name;
use crate::{
    fl, format, icons,
    notices::sync::number,
    outbox::{Ask, Outbox},
    role::Role,
    state::State,
    theme::{S2, Tone, tokens},
    widgets::{RowIcon, card, card_line, icon_button, notice_row, section_head, toast::Toast},
};

/// The least width of a word with its number.
const WORD: f32 = 132.0;
/// Height of a line of words.
const WORD_LINE: f32 = 28.0;

pub(super) fn agreement_ui(ui: &mut Ui, state: &State, status: &SyncStatus, out: &mut Outbox) {
    section_head(ui, fl!("agree-head"));
    card(ui, |ui| {
        let agreed = &status.agreement;
        let (icon, title, note) = match (agreed.n_devices, agreed.n_agreed == agreed.n_changes) {
            (0 | 1, _) => (RowIcon { icon: icons::DEVICES, tone: None }, fl!("agree-alone"), fl!("agree-alone-note")),
            (n, true) => {
                let title = fl!("agree-all", n = n, change = number(agreed.n_agreed));
                (RowIcon { icon: icons::SEAL_CHECK, tone: Some(Tone::Ok) }, title, fl!("agree-all-note"))
            }
            (_, false) if agreed.n_agreed == 0 => (RowIcon { icon: icons::CLOCK, tone: None }, fl!("agree-none"), fl!("agree-some-note")),
            (n, false) => {
                let title = fl!("agree-some", n = n, change = number(agreed.n_agreed), all = number(agreed.n_changes));
                (RowIcon { icon: icons::CLOCK, tone: None }, title, fl!("agree-some-note"))
            }
        };
        notice_row(ui, Some(icon), title, note, |_| {});
        behind_ui(ui, state, status);
        if status.fingerprint.is_empty() {
            return;
        }
        card_line(ui);
        let icon = RowIcon { icon: icons::FINGERPRINT, tone: None };
        notice_row(ui, Some(icon), fl!("fingerprint-head"), fl!("fingerprint-note"), |ui| {
            if icon_button(ui, icons::COPY, fl!("fingerprint-copy")).clicked() {
                out.ask(Ask::CopyPublic(status.fingerprint.join(" ")));
                out.toast(Toast::done(fl!("fingerprint-copied")));
            }
        });
        egui::Frame::new().inner_margin(egui::Margin { left: 40, right: 16, top: 0, bottom: 16 }).show(ui, |ui| {
            words_ui(ui, &status.fingerprint);
        });
    });
}

/// Which devices have not signed all of it, those that miss the most first.
fn behind_ui(ui: &mut Ui, state: &State, status: &SyncStatus) {
    let mut behind: Vec<&SyncDevice> = status.devices.iter().filter(|device| device.n_behind > 0).collect();
    behind.sort_by_key(|device| std::cmp::Reverse(device.n_behind));
    for device in behind {
        let note = match device.last_seen_ms {
            0 => fl!("agree-behind-unseen"),
            seen => fl!("agree-behind-seen", ago = format::ago(state.now_ms, seen)),
        };
        let title = fl!("agree-behind", device = shown_name(status, device), n = device.n_behind);
        card_line(ui);
        let tone = device.is_silent.then_some(Tone::Warn);
        notice_row(ui, Some(RowIcon { icon: icons::CLOCK_COUNTDOWN, tone }), title, note, |_| {});
    }
}

/// The six words, numbered, three or two beside each other. One node in the tree: they are read one after the other.
fn words_ui(ui: &mut Ui, words: &[String]) {
    let t = tokens(ui);
    let width = ui.available_width();
    let n_columns = ((width / WORD).floor() as usize).clamp(1, 3);
    let n_lines = words.len().div_ceil(n_columns);
    let (rect, response) = ui.allocate_exact_size(vec2(width, n_lines as f32 * WORD_LINE + 2.0 * S2), Sense::hover());
    let text = fl!("fingerprint-name", words = words.join(" "));
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &text));
    ui.painter().rect_filled(rect, crate::theme::R2, t.sunken);
    let column = width / n_columns as f32;
    for (idx, word) in words.iter().enumerate() {
        let at = pos2(
            rect.left() + 12.0 + (idx % n_columns) as f32 * column,
            rect.top() + S2 + (idx / n_columns) as f32 * WORD_LINE + WORD_LINE / 2.0,
        );
        let number = Role::Small.line(ui, &(idx + 1).to_string(), t.text3, 16.0);
        ui.painter().galley(pos2(at.x, at.y - number.size().y / 2.0), number, t.text3);
        let word = Role::Mono.line(ui, word, t.text, column - 32.0);
        ui.painter().galley(pos2(at.x + 16.0, at.y - word.size().y / 2.0), word, t.text);
    }
}
