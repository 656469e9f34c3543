//! The status bar: sync, backup, number of items, time until the lock. One line of small text.

use egui::{Align, Layout, Sense, Ui, WidgetInfo, vec2};
use vault_engine::sync::SyncState;

use crate::{
    actions::Action,
    app::Forms,
    fl, format, icons,
    notices::sync::Standing,
    outbox::{Go, Outbox, SettingsPage},
    role::Role,
    state::{OpenVault, Request, State},
    theme::{S4, STATUS_BAR, TOUCH, Tone, is_touch, tokens, touchable},
    views::durability::Durability,
    widgets::{button::paint_icon, tip},
};

/// Below this the lock timer warns.
const WARN_MS: u64 = 30_000;

/// The status bar.
pub fn status_bar_ui(ui: &mut Ui, state: &State, _forms: &mut Forms, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    ui.horizontal(|ui| {
        ui.set_height(touchable(ui, STATUS_BAR));
        ui.spacing_mut().item_spacing.x = S4;
        words_ui(ui, state, words(state, vault), out);
        // An exchange has its own word.
        let is_work = |request: &&Request| request.name != "sync now" && request.progress.is_some_and(|at| at.total > 0);
        for request in state.requests.values().filter(is_work).take(1) {
            if let Some(at) = request.progress {
                let percent = at.done.saturating_mul(100) / at.total.max(1);
                word_ui(ui, icons::ACTIVITY, &fl!("status-working", percent = percent), None, Sense::hover(), Length::Whole);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = S4;
            match state.locks_in_ms() {
                Some(left) => {
                    let tone = (left <= WARN_MS).then_some(Tone::Warn);
                    if word_ui(ui, icons::LOCK_SIMPLE, &locks_in(left), tone, Sense::click(), Length::Whole) {
                        out.act(Action::Lock);
                    }
                }
                None => {
                    if word_ui(ui, icons::LOCK_KEY_OPEN, &fl!("status-no-lock"), Some(Tone::Warn), Sense::click(), Length::Whole) {
                        out.go(Go::Settings(SettingsPage::Security));
                    }
                }
            }
            let text = fl!("status-items", count = (vault.counts.all), n = format::count(vault.counts.all));
            // The least of the words goes first where all of them would run into each other.
            if Role::Small.line(ui, &text, tokens(ui).text3, 320.0).size().x + 20.0 + S4 <= ui.available_width() {
                word_ui(ui, icons::ROWS, &text, None, Sense::hover(), Length::Whole);
            }
        });
    });
}

/// Something that is said at the left, and where it leads.
struct Word {
    icon: &'static str,
    text: String,
    tone: Option<Tone>,
    to: SettingsPage,
}

/// How much of a word there is room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    /// Icon and text.
    Whole,
    /// The icon; the text is its tooltip.
    Icon,
}

/// Sync, backup, and how safe the browser keeps things.
fn words(state: &State, vault: &OpenVault) -> Vec<Word> {
    let mut words = Vec::new();
    if let Some(sync) = vault.sync.as_deref().filter(|sync| sync.enabled || sync.state != SyncState::Off) {
        let standing = Standing::of(sync, state.now_ms);
        let tone = standing.tone.filter(|_| standing.wants_care());
        words.push(Word { icon: standing.icon, text: standing.word, tone, to: SettingsPage::Sync });
    }
    let status = &vault.status;
    let (icon, text, tone) = match (status.last_backup_ms, status.n_changes_since_backup) {
        (0, _) => (icons::WARNING, fl!("status-no-backup"), Some(Tone::Warn)),
        (at, 0) => (icons::CHECK_CIRCLE, fl!("status-backup", ago = format::ago(state.now_ms, at)), None),
        (at, n) => (icons::HARD_DRIVES, fl!("status-backup-changes", ago = format::ago(state.now_ms, at), n = n), None),
    };
    words.push(Word { icon, text, tone, to: SettingsPage::Backup });
    if let (true, Some(storage)) = (state.platform.is_browser(), &state.storage) {
        let (icon, text, tone) = Durability::of(storage).word();
        words.push(Word { icon, text, tone, to: SettingsPage::Backup });
    }
    words
}

/// The words at the left. Where they would run into the lock timer, those that are in order shrink to their icon, the last one first.
fn words_ui(ui: &mut Ui, state: &State, words: Vec<Word>, out: &mut Outbox) {
    let t = tokens(ui);
    let width = |text: &str| Role::Small.line(ui, text, t.text3, 320.0).size().x + 20.0 + S4;
    let timer = state.locks_in_ms().map_or_else(|| fl!("status-no-lock"), locks_in);
    let room = ui.available_width() - width(&timer);
    let widths: Vec<f32> = words.iter().map(|word| width(&word.text)).collect();
    let mut wanted: f32 = widths.iter().sum();
    let mut lengths = vec![Length::Whole; words.len()];
    for (at, word) in words.iter().enumerate().rev() {
        if wanted > room && word.tone.is_none() {
            lengths[at] = Length::Icon;
            wanted -= widths[at] - touchable(ui, 20.0) - S4;
        }
    }
    for (word, length) in words.iter().zip(lengths) {
        if word_ui(ui, word.icon, &word.text, word.tone, Sense::click(), length) {
            out.go(Go::Settings(word.to));
        }
    }
}

fn locks_in(left_ms: u64) -> String {
    fl!("status-locks-in", left = format::remaining(left_ms))
}

/// Icon and word; true when pressed.
fn word_ui(ui: &mut Ui, icon: &str, text: &str, tone: Option<Tone>, sense: Sense, length: Length) -> bool {
    let t = tokens(ui);
    let color = tone.map_or(t.text3, |tone| t.tone(tone).0);
    let is_button = sense.senses_click();
    let galley = (length == Length::Whole).then(|| Role::Small.line(ui, text, color, 320.0));
    let width = galley.as_ref().map_or(0.0, |galley| galley.size().x) + 20.0;
    let width = if is_button { width.max(touchable(ui, 0.0)) } else { width };
    let (rect, response) = ui.allocate_exact_size(vec2(width, if is_touch(ui) { TOUCH } else { STATUS_BAR - 4.0 }), sense);
    let node = if is_button { egui::Role::Button } else { egui::Role::Label };
    response.widget_info(|| WidgetInfo::labeled(node, true, text));
    if is_button && response.hovered() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), 4.0, t.hover);
    }
    let icon_rect = egui::Rect::from_min_size(egui::pos2(rect.left(), rect.center().y - 8.0), vec2(16.0, 16.0));
    paint_icon(ui, icon_rect, icon, color);
    crate::widgets::focus_ring_inside(ui, &response, rect.expand2(vec2(6.0, 0.0)), 4);
    match galley {
        Some(galley) => {
            ui.painter().galley(egui::pos2(rect.left() + 20.0, rect.center().y - galley.size().y / 2.0), galley, color);
            response.clicked()
        }
        None => tip(response, text.to_owned()).clicked(),
    }
}
