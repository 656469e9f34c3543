//! The overview: how the vault stands, what there is to do, what expires.

use egui::{Align, CornerRadius, Layout, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use vault_engine::{
    command::Scope,
    event::DeviceKeyPlace,
    sync::{SyncState, SyncStatus},
};
use vault_model::ItemRow;

use super::{
    durability::{self, DurabilityAnswer, durability_ui},
    list::ListForm,
};
use crate::{
    actions::Action,
    fl, format, icons,
    notices::sync::{Standing, device_name, leads_to, number},
    outbox::{Go, Outbox, SettingsPage},
    role::{self, Role},
    state::{FEW_RECENT, OpenVault, State},
    theme::{R3, S3, S4, S5, Tone, is_touch, tokens, touchable},
    widgets::{
        self, Look, PushButton,
        button::{button_row, paint_icon},
        card, card_line, heading, kind_icon, link, page, section_head, setting_row,
    },
};

/// How many days ahead something counts as expiring.
const EXPIRY_DAYS: i64 = 30;
/// Rows of what expires.
const FEW: usize = 5;
/// Milliseconds in a day.
const DAY_MS: u64 = 86_400_000;

/// Something to do: icon, sentence, verb, where it leads.
struct Todo {
    tone: Tone,
    icon: &'static str,
    text: String,
    verb: String,
    to: To,
}

enum To {
    Go(Go),
    Scope(Scope),
}

/// The overview. Answers what the caller carries out.
pub fn dashboard_ui(ui: &mut Ui, state: &State, list: &mut ListForm, out: &mut Outbox) -> DurabilityAnswer {
    let mut answer = DurabilityAnswer::None;
    let Some(vault) = &state.vault else { return answer };
    page(ui, "overview", |ui| {
        if vault.complete && vault.rows.is_empty() {
            begin_ui(ui, out);
        }
        let todos = todos(state, vault);
        let serious = todos.iter().filter(|todo| todo.tone != Tone::Info).count();
        let at_risk = durability::wants_care(state);
        let (n_todos, serious) = if at_risk { (todos.len() + 1, serious + 1) } else { (todos.len(), serious) };
        let head = match (n_todos, serious) {
            (0, _) => fl!("overview-good"),
            (n, 0) => fl!("overview-good-todo", n = n),
            (n, _) => fl!("overview-todo", n = n),
        };
        heading(ui.label(role::title(ui, head)), 1);
        if vault.counts.all > 0 {
            ui.label(role::small(ui, fl!("overview-sub", n = (vault.counts.all), kinds = (vault.counts.kinds.len()))));
        }
        if !todos.is_empty() {
            ui.add_space(S4);
            card(ui, |ui| {
                for (at, todo) in todos.iter().enumerate() {
                    if at > 0 {
                        card_line(ui);
                    }
                    if todo_ui(ui, todo) {
                        match &todo.to {
                            To::Go(to) => out.go(to.clone()),
                            To::Scope(scope) => list.look_in(scope.clone()),
                        }
                    }
                }
            });
        }
        ui.add_space(S4);
        // What has to be looked at stands first, what is in order below the rest.
        if at_risk {
            answer = durability_ui(ui, state, out);
            ui.add_space(S4);
        }
        cards_ui(ui, state, vault, out);
        if !at_risk && state.platform.is_browser() && state.storage.is_some() {
            section_head(ui, fl!("durable-head"));
            answer = durability_ui(ui, state, out);
        }
        expiring_ui(ui, state, vault, out);
        recent_ui(ui, state, vault, out);
    });
    answer
}

/// An empty vault: three ways to begin.
fn begin_ui(ui: &mut Ui, out: &mut Outbox) {
    heading(ui.label(role::title(ui, fl!("begin-title"))), 1);
    widgets::empty::prose(ui, fl!("begin-text", here = crate::l10n::here()));
    ui.add_space(S3);
    let mut first = PushButton::new(Look::Primary, fl!("begin-first")).icon(icons::PLUS);
    if !is_touch(ui) {
        first = first.shortcut(Action::NewItem.keys(ui.ctx()));
    }
    let restore = PushButton::new(Look::Secondary, fl!("begin-restore")).icon(icons::ARROW_COUNTER_CLOCKWISE);
    let generator = PushButton::new(Look::Secondary, fl!("begin-generator")).icon(icons::DICE_FIVE);
    let [first, restore, generator] = button_row(ui, [first, restore, generator]);
    if first.clicked() {
        out.act(Action::NewItem);
    }
    if restore.clicked() {
        out.go(Go::Settings(SettingsPage::Backup));
    }
    if generator.clicked() {
        out.go(Go::Generator);
    }
    ui.add_space(S5);
}

/// Backup, protection, kit and sync: cards beside each other, or rows of one card where there is no room.
fn cards_ui(ui: &mut Ui, state: &State, vault: &OpenVault, out: &mut Outbox) {
    let room = ui.available_width();
    let status = &vault.status;
    let backup = match status.last_backup_ms {
        0 => fl!("card-backup-none"),
        at => format::ago(state.now_ms, at),
    };
    let backup_note = match (status.last_backup_ms, status.n_changes_since_backup) {
        (0, _) => fl!("card-backup-none-note", here = crate::l10n::here()),
        (_, 0) => fl!("card-backup-all"),
        (_, n) => fl!("card-backup-changes", n = n),
    };
    let verb = if status.last_backup_ms == 0 { fl!("card-backup-go") } else { fl!("card-backup-test") };
    let (protection, protection_note) = match (status.has_password, status.device_key) {
        (true, DeviceKeyPlace::OsAccount) => (fl!("card-protect-two"), fl!("card-protect-two-note")),
        (true, DeviceKeyPlace::SameDisk | DeviceKeyPlace::None) => {
            (fl!("card-protect-password"), fl!("card-protect-password-note", here = crate::l10n::here()))
        }
        (false, _) => (fl!("card-protect-device", here = crate::l10n::here()), fl!("card-protect-device-note", here = crate::l10n::here())),
    };
    let protect_verb = if status.has_password { fl!("card-protect-go") } else { fl!("banner-password-go") };
    let kit = if status.kit_saved { fl!("card-kit-saved") } else { fl!("card-kit-none") };
    let kit_note = if status.kit_saved { fl!("card-kit-saved-note") } else { fl!("card-kit-none-note") };
    let kit_verb = if status.kit_saved { fl!("card-kit-check") } else { fl!("card-kit-go") };
    let to_backup = if status.last_backup_ms == 0 { Go::BackUp } else { Go::Settings(SettingsPage::Backup) };
    let to_protection = if status.has_password { Go::Settings(SettingsPage::Security) } else { Go::SetPassword };
    let to_kit = if status.kit_saved { Go::Settings(SettingsPage::Backup) } else { Go::SaveKit };
    let mut cards = vec![
        (icons::HARD_DRIVES, fl!("card-backup"), backup, backup_note, verb, to_backup),
        (icons::SHIELD_CHECK, fl!("card-protect"), protection, protection_note, protect_verb, to_protection),
        (icons::LIFEBUOY, fl!("card-kit"), kit, kit_note, kit_verb, to_kit),
    ];
    cards.extend(vault.sync.as_deref().map(|sync| {
        let (fact, note, verb) = sync_facts(sync, state.now_ms);
        (icons::DEVICES, fl!("card-sync"), fact, note, verb, Go::Settings(SettingsPage::Sync))
    }));
    // Four stand two by two, so that none is alone.
    let columns = match (room >= 540.0, cards.len()) {
        (false, _) => 1,
        (true, 4) => 2,
        (true, _) => 3,
    };
    let width = ((room - S4 * (columns as f32 - 1.0)) / columns as f32).floor();
    if columns == 1 {
        card(ui, |ui| {
            for (at, (_, head, fact, note, verb, to)) in cards.iter().enumerate() {
                if at > 0 {
                    card_line(ui);
                }
                if setting_row(ui, format!("{head}: {fact}"), note, |ui| link(ui, verb).clicked()) {
                    out.go(to.clone());
                }
            }
        });
        return;
    }
    for (at, line) in cards.chunks(columns).enumerate() {
        if at > 0 {
            ui.add_space(S4 - ui.spacing().item_spacing.y);
        }
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = S4;
            for (icon, head, fact, note, verb, to) in line {
                if fact_ui(ui, width, icon, head, fact, note, verb) {
                    out.go(to.clone());
                }
            }
        });
    }
}

/// Fact, note and verb of the card of sync.
fn sync_facts(sync: &SyncStatus, now_ms: u64) -> (String, String, String) {
    let words = Standing::of(sync, now_ms);
    // The head of the card says of what.
    let stopped = || if words.tone == Some(Tone::Danger) { fl!("card-sync-alarm") } else { fl!("card-sync-stopped") };
    if !sync.enabled {
        return match sync.state {
            SyncState::Off => {
                let note = if sync.devices.len() > 1 { fl!("sync-off-note") } else { fl!("card-sync-off-note") };
                (fl!("card-sync-off"), note, fl!("card-sync-off-go"))
            }
            _ => (stopped(), words.title, fl!("card-sync-go")),
        };
    }
    if words.wants_care() {
        return (stopped(), words.title, fl!("card-sync-go"));
    }
    let agreed = &sync.agreement;
    if agreed.n_devices < 2 {
        return (fl!("card-sync-alone"), fl!("card-sync-alone-note", word = words.word), fl!("card-sync-go"));
    }
    let fact = fl!("card-sync-agree", n = (agreed.n_devices), change = number(agreed.n_agreed));
    let last = sync.devices.iter().filter(|device| !device.is_this && device.last_seen_ms > 0).max_by_key(|device| device.last_seen_ms);
    let last = last.map(|device| fl!("card-sync-last", device = device_name(device), ago = format::ago(now_ms, device.last_seen_ms)));
    let note = if matches!(sync.state, SyncState::UpToDate) { last.unwrap_or(words.word) } else { words.word };
    (fact, note, fl!("card-sync-go"))
}

/// A card of a fact: head, fact, note, and where to change it.
fn fact_ui(ui: &mut Ui, width: f32, icon: &str, head: &str, fact: &str, note: &str, verb: &str) -> bool {
    let t = tokens(ui);
    let more = touchable(ui, 20.0) - 20.0;
    let (rect, _) = ui.allocate_exact_size(vec2(width, FACT_HEIGHT + more), Sense::hover());
    ui.painter().rect(rect, CornerRadius::same(R3), t.surface, Stroke::new(1.0, t.line), egui::StrokeKind::Inside);
    let inside = rect.shrink(S4);
    let icon_rect = egui::Rect::from_min_size(inside.min, vec2(16.0, 20.0));
    paint_icon(ui, icon_rect, icon, t.text3);
    let line = |role: Role, text: &str, color| role.line(ui, text, color, inside.width());
    let head = Role::Section.line(ui, head, t.text2, inside.width() - 24.0);
    let fact = line(Role::DialogTitle, fact, t.text);
    let note = Role::Small.wrapped(ui, note, t.text3, inside.width());
    ui.painter().galley(pos2(inside.left() + 24.0, inside.top()), head, t.text2);
    ui.painter().galley(pos2(inside.left(), inside.top() + 28.0), fact, t.text);
    ui.painter().galley(pos2(inside.left(), inside.top() + 54.0), note, t.text3);
    let foot = egui::Rect::from_min_max(pos2(inside.left(), inside.bottom() - 20.0 - more), inside.max);
    let mut foot = ui.new_child(UiBuilder::new().max_rect(foot).layout(Layout::left_to_right(Align::Center)));
    link(&mut foot, verb).clicked()
}

/// Room for head, fact, a note of two lines and a link.
const FACT_HEIGHT: f32 = 152.0;

/// What there is to do, the most serious first.
fn todos(state: &State, vault: &OpenVault) -> Vec<Todo> {
    let status = &vault.status;
    let mut todos = Vec::new();
    if let Some(sync) = vault.sync.as_deref() {
        let words = Standing::of(sync, state.now_ms);
        if words.wants_care() {
            let (verb, to) = leads_to(&sync.state);
            todos.push(Todo { tone: words.tone.unwrap_or(Tone::Warn), icon: words.icon, text: words.title, verb, to: To::Go(to) });
        }
        let silent: Vec<_> = sync.devices.iter().filter(|device| device.is_silent).collect();
        if let Some(first) = silent.first() {
            let text = fl!("todo-silent", n = silent.len(), device = device_name(first));
            let to = To::Go(Go::Settings(SettingsPage::Sync));
            todos.push(Todo { tone: Tone::Warn, icon: icons::DEVICES, text, verb: fl!("sync-look"), to });
        }
    }
    let has_items = !vault.rows.is_empty();
    if !status.has_password {
        todos.push(Todo {
            tone: Tone::Warn,
            icon: icons::KEY,
            text: fl!("todo-password", here = crate::l10n::here()),
            verb: fl!("banner-password-go"),
            to: To::Go(Go::SetPassword),
        });
    }
    if !status.kit_saved && (status.has_password || has_items) {
        todos.push(Todo {
            tone: Tone::Warn,
            icon: icons::LIFEBUOY,
            text: fl!("todo-kit"),
            verb: fl!("card-kit-go"),
            to: To::Go(Go::SaveKit),
        });
    }
    let days = u64::from(status.settings.backup_days);
    let age_days = state.now_ms.saturating_sub(status.last_backup_ms) / DAY_MS;
    if has_items && days > 0 && status.n_changes_since_backup > 0 && (status.last_backup_ms == 0 || age_days >= days) {
        let text = match status.last_backup_ms {
            0 => fl!("todo-backup-first", here = crate::l10n::here()),
            _ => fl!("todo-backup", days = age_days),
        };
        todos.push(Todo { tone: Tone::Warn, icon: icons::HARD_DRIVES, text, verb: fl!("card-backup-go"), to: To::Go(Go::BackUp) });
    }
    if vault.counts.conflicts > 0 {
        todos.push(Todo {
            tone: Tone::Warn,
            icon: icons::GIT_DIFF,
            text: fl!("todo-conflicts", n = (vault.counts.conflicts)),
            verb: fl!("todo-conflicts-go"),
            to: To::Scope(Scope::Conflicts),
        });
    }
    todos
}

/// The least width of a sentence beside its button.
const LEAST_WORDS: f32 = 140.0;

/// A row of 44: icon, sentence, one button.
fn todo_ui(ui: &mut Ui, todo: &Todo) -> bool {
    let t = tokens(ui);
    let (fore, _) = t.tone(todo.tone);
    let button = Role::Button.line(ui, &todo.verb, t.text, 240.0).size().x + 24.0;
    let beside = ui.available_width() - 40.0 - button.max(72.0) - 24.0;
    // Where the button would press the sentence together, it stands below.
    let below = beside < LEAST_WORDS;
    let words = Role::Body.wrapped(ui, &todo.text, t.text, if below { ui.available_width() - 56.0 } else { beside });
    let button_height = touchable(ui, 28.0);
    let height = if below { words.size().y + button_height + 28.0 } else { (words.size().y + 24.0).max(button_height + 16.0) };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &todo.text));
    let middle = if below { rect.top() + 10.0 + words.size().y / 2.0 } else { rect.center().y };
    paint_icon(ui, egui::Rect::from_center_size(pos2(rect.left() + 24.0, middle), vec2(16.0, 16.0)), todo.icon, fore);
    ui.painter().galley(pos2(rect.left() + 40.0, middle - words.size().y / 2.0), words, t.text);
    if below {
        let foot = egui::Rect::from_min_max(
            pos2(rect.left() + 40.0, rect.bottom() - button_height - 10.0),
            pos2(rect.right() - 8.0, rect.bottom() - 10.0),
        );
        let mut inner = ui.new_child(UiBuilder::new().max_rect(foot).layout(Layout::left_to_right(Align::Center)));
        return PushButton::new(Look::Secondary, &todo.verb).height(28.0).show(&mut inner).clicked();
    }
    let right = egui::Rect::from_min_max(pos2(rect.left() + 40.0, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
    let mut inner = ui.new_child(UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center)));
    PushButton::new(Look::Secondary, &todo.verb).height(28.0).show(&mut inner).clicked()
}

/// What expires soon: date, title, days left.
fn expiring_ui(ui: &mut Ui, state: &State, vault: &OpenVault, out: &mut Outbox) {
    let rows = vault.picks.expiring().filter_map(|item| vault.rows.get(&item));
    let days = rows.filter_map(|row| format::days_until(state.now_ms, &row.expires).map(|days| (days, row)));
    let soon: Vec<(i64, &ItemRow)> = days.take_while(|(days, _)| *days <= EXPIRY_DAYS).take(FEW).collect();
    if soon.is_empty() {
        return;
    }
    section_head(ui, fl!("overview-expiring"));
    card(ui, |ui| {
        for (at, (days, row)) in soon.iter().enumerate() {
            if at > 0 {
                card_line(ui);
            }
            let left = match days {
                ..0 => fl!("expired-days", n = days.abs()),
                0 => fl!("expires-today"),
                _ => fl!("expires-days", n = (*days)),
            };
            let tone = if *days < 0 { Tone::Danger } else { Tone::Warn };
            item_ui(ui, row, &row.expires, &left, Some(tone), out);
        }
    });
}

/// What changed last: the quickest way back to work.
fn recent_ui(ui: &mut Ui, state: &State, vault: &OpenVault, out: &mut Outbox) {
    let recent: Vec<&ItemRow> = vault.picks.recent().take(FEW_RECENT).filter_map(|item| vault.rows.get(&item)).collect();
    if recent.is_empty() {
        return;
    }
    section_head(ui, fl!("overview-recent"));
    card(ui, |ui| {
        for (at, row) in recent.into_iter().enumerate() {
            if at > 0 {
                card_line(ui);
            }
            item_ui(ui, row, "", &format::ago(state.now_ms, row.changed_ms), None, out);
        }
    });
}

fn item_ui(ui: &mut Ui, row: &ItemRow, first: &str, last: &str, tone: Option<Tone>, out: &mut Outbox) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Link, true, format!("{} {first} {last}", row.title)));
    if response.hovered() {
        ui.painter().rect_filled(rect.shrink(1.0), 7.0, t.hover_row);
    }
    let mut x = rect.left() + 16.0;
    paint_icon(ui, egui::Rect::from_min_size(pos2(x, rect.center().y - 8.0), vec2(16.0, 16.0)), kind_icon(&row.kind), t.text2);
    x += 24.0;
    if !first.is_empty() {
        let date = Role::Body.line(ui, first, t.text2, 96.0);
        ui.painter().galley(pos2(x, rect.center().y - date.size().y / 2.0), date, t.text2);
        x += 96.0;
    }
    let color = tone.map_or(t.text3, |tone| t.tone(tone).0);
    let right = Role::Small.line(ui, last, color, 200.0);
    let title = Role::Body.line(ui, &row.title, t.text, rect.right() - 16.0 - right.size().x - 16.0 - x);
    ui.painter().galley(pos2(x, rect.center().y - title.size().y / 2.0), title, t.text);
    ui.painter().galley(pos2(rect.right() - 16.0 - right.size().x, rect.center().y - right.size().y / 2.0), right, color);
    widgets::focus_ring_inside(ui, &response, rect, R3);
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        out.go(Go::Item(row.id));
    }
}
