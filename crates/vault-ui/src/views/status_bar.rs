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
    state::State,
    theme::{S4, STATUS_BAR, TOUCH, Tone, is_touch, tokens, touchable},
    views::durability::Durability,
    widgets::button::paint_icon,
};

/// Below this the lock timer warns.
const WARN_MS: u64 = 30_000;

/// The status bar.
pub fn status_bar_ui(ui: &mut Ui, state: &State, _forms: &mut Forms, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    ui.horizontal(|ui| {
        ui.set_height(touchable(ui, STATUS_BAR));
        ui.spacing_mut().item_spacing.x = S4;
        if let Some(sync) = vault.sync.as_deref().filter(|sync| sync.enabled || sync.state != SyncState::Off) {
            let words = Standing::of(sync, state.now_ms);
            let tone = words.tone.filter(|_| words.wants_care());
            if word_ui(ui, words.icon, &words.word, tone, true) {
                out.go(Go::Settings(SettingsPage::Sync));
            }
        }
        let status = &vault.status;
        let (icon, text, tone) = match (status.last_backup_ms, status.n_changes_since_backup) {
            (0, _) => (icons::WARNING, fl!("status-no-backup"), Some(Tone::Warn)),
            (at, 0) => (icons::CHECK_CIRCLE, fl!("status-backup", ago = format::ago(state.now_ms, at)), None),
            (at, n) => (icons::HARD_DRIVES, fl!("status-backup-changes", ago = format::ago(state.now_ms, at), n = n), None),
        };
        if word_ui(ui, icon, &text, tone, true) {
            out.go(Go::Settings(SettingsPage::Backup));
        }
        if let (true, Some(storage)) = (state.platform.is_browser(), &state.storage) {
            let (icon, text, tone) = Durability::of(storage).word();
            if word_ui(ui, icon, &text, tone, true) {
                out.go(Go::Settings(SettingsPage::Backup));
            }
        }
        for (_, request) in state.requests.iter().filter(|(_, request)| request.progress.is_some_and(|at| at.total > 0)).take(1) {
            if let Some(at) = request.progress {
                let percent = at.done.saturating_mul(100) / at.total.max(1);
                word_ui(ui, icons::ACTIVITY, &fl!("status-working", percent = percent), None, false);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = S4;
            match state.locks_in_ms() {
                Some(left) => {
                    let tone = (left <= WARN_MS).then_some(Tone::Warn);
                    let text = fl!("status-locks-in", left = format::remaining(left));
                    if word_ui(ui, icons::LOCK_SIMPLE, &text, tone, true) {
                        out.act(Action::Lock);
                    }
                }
                None => {
                    if word_ui(ui, icons::LOCK_KEY_OPEN, &fl!("status-no-lock"), Some(Tone::Warn), true) {
                        out.go(Go::Settings(SettingsPage::Security));
                    }
                }
            }
            let text = fl!("status-items", count = (vault.counts.all), n = format::count(vault.counts.all));
            // The least of the words goes first where all of them would run into each other.
            if Role::Small.line(ui, &text, tokens(ui).text3, 320.0).size().x + 20.0 + S4 <= ui.available_width() {
                word_ui(ui, icons::ROWS, &text, None, false);
            }
        });
    });
}

/// Icon and word; true when pressed.
fn word_ui(ui: &mut Ui, icon: &str, text: &str, tone: Option<Tone>, sense: bool) -> bool {
    let t = tokens(ui);
    let color = tone.map_or(t.text3, |tone| t.tone(tone).0);
    let galley = Role::Small.line(ui, text, color, 320.0);
    let kind = if sense { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 20.0, if is_touch(ui) { TOUCH } else { STATUS_BAR - 4.0 }), kind);
    let node = if sense { egui::Role::Button } else { egui::Role::Label };
    response.widget_info(|| WidgetInfo::labeled(node, true, text));
    if sense && response.hovered() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), 4.0, t.hover);
    }
    let icon_rect = egui::Rect::from_min_size(egui::pos2(rect.left(), rect.center().y - 8.0), vec2(16.0, 16.0));
    paint_icon(ui, icon_rect, icon, color);
    ui.painter().galley(egui::pos2(rect.left() + 20.0, rect.center().y - galley.size().y / 2.0), galley, color);
    crate::widgets::focus_ring_inside(ui, &response, rect.expand2(vec2(6.0, 0.0)), 4);
    response.clicked()
}
