//! The durability meter: whether a browser may delete this vault, how much room there is, and what makes it safe.
//!
//! Browsers clear what a site keeps when a disk runs full, after a time without a visit, or with the history. Only a promise, a file
//! outside of the browser, or both help; so this card says which of them there are.

use egui::{CornerRadius, Rect, Sense, Ui, vec2};

use crate::{
    fl, format, icons,
    outbox::{Ask, Go, Outbox},
    platform::{BrowserEngine, Persistence, Platform, StandingBackup, Storage},
    state::{OpenVault, State},
    theme::{Tone, tokens},
    widgets::{Look, PushButton, RowIcon, card, card_line, notice_row},
};

/// From this part of the quota on, room is short.
const SHORT: f64 = 0.8;
/// Milliseconds in a day.
const DAY_MS: u64 = 86_400_000;
/// Safari's limit; what other browsers keep lives no shorter.
const WEEK_MS: u64 = 7 * DAY_MS;

/// How safe the vault is in this browser, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A file outside follows it.
    StandingBackup,
    /// The browser promised to keep it.
    Promised,
    /// Neither.
    AtRisk,
}

impl Durability {
    /// Of this storage.
    pub fn of(storage: &Storage) -> Self {
        match (&storage.standing_backup, storage.persistence) {
            (StandingBackup::On { last_ms: Some(_), .. }, _) => Self::StandingBackup,
            (_, Persistence::Persisted) => Self::Promised,
            (_, Persistence::Refused | Persistence::NotAsked | Persistence::Unsupported) => Self::AtRisk,
        }
    }

    /// For the status bar.
    pub fn word(self) -> (&'static str, String, Option<Tone>) {
        match self {
            Self::StandingBackup => (icons::FILE_LOCK, fl!("durable-word-standing"), None),
            Self::Promised => (icons::SHIELD_CHECK, fl!("durable-word-kept"), None),
            Self::AtRisk => (icons::WARNING, fl!("durable-word-risk"), Some(Tone::Warn)),
        }
    }
}

/// Whether there is something to do about it: the browser may delete the vault, and either it was not asked yet or the last backup is a
/// week old.
pub fn wants_care(state: &State) -> bool {
    let (true, Some(storage), Some(vault)) = (state.platform.is_browser(), &state.storage, &state.vault) else { return false };
    let age_ms = state.now_ms.saturating_sub(vault.status.last_backup_ms);
    let can_ask = storage.persistence == Persistence::NotAsked;
    Durability::of(storage) == Durability::AtRisk && !vault.rows.is_empty() && (can_ask || age_ms >= WEEK_MS)
}

/// What was pressed that the caller carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurabilityAnswer {
    /// Nothing, or what was asked of the shell already.
    None,
    /// A backup now.
    BackUp,
}

/// The card. Draws nothing on a desktop, and nothing before the browser has said how it stands.
pub fn durability_ui(ui: &mut Ui, state: &State, out: &mut Outbox) -> DurabilityAnswer {
    let (Platform::Browser(browser), Some(storage), Some(vault)) = (state.platform, &state.storage, &state.vault) else {
        return DurabilityAnswer::None;
    };
    let mut answer = DurabilityAnswer::None;
    card(ui, |ui| {
        if verdict_ui(ui, state, storage, vault) {
            answer = DurabilityAnswer::BackUp;
        }
        card_line(ui);
        promise_ui(ui, storage, out);
        if browser.engine == BrowserEngine::Safari && !browser.installed {
            card_line(ui);
            notice_row(ui, row_icon(icons::CALENDAR_X, Some(Tone::Warn)), fl!("durable-safari"), fl!("durable-safari-note"), |_| {});
        }
        card_line(ui);
        standing_backup_ui(ui, state, &storage.standing_backup, out);
        if storage.usage_bytes.is_some() {
            card_line(ui);
            room_ui(ui, storage);
        }
    });
    answer
}

/// Every row of the card has one, so that all words begin at one edge.
fn row_icon(icon: &'static str, tone: Option<Tone>) -> Option<RowIcon<'static>> {
    Some(RowIcon { icon, tone })
}

/// How it stands, and since when there is a backup; true when one is wanted now.
fn verdict_ui(ui: &mut Ui, state: &State, storage: &Storage, vault: &OpenVault) -> bool {
    let status = &vault.status;
    let days = state.now_ms.saturating_sub(status.last_backup_ms) / DAY_MS;
    let note = match (status.last_backup_ms, days) {
        (0, _) => fl!("durable-backup-none"),
        (_, 0) => fl!("durable-backup-today"),
        (_, days) => fl!("durable-backup", days = days),
    };
    let (tone, icon, title) = match Durability::of(storage) {
        Durability::StandingBackup => (Tone::Ok, icons::SHIELD_CHECK, fl!("durable-standing")),
        Durability::Promised => (Tone::Ok, icons::SHIELD_CHECK, fl!("durable-promised")),
        Durability::AtRisk => (Tone::Warn, icons::SHIELD_WARNING, fl!("durable-risk")),
    };
    notice_row(ui, row_icon(icon, Some(tone)), title, note, |ui| {
        // Never the main button: each page that holds this card has one of its own.
        PushButton::new(Look::Secondary, fl!("durable-back-up")).show(ui).clicked()
    })
}

/// The browser's word, and how to get it.
fn promise_ui(ui: &mut Ui, storage: &Storage, out: &mut Outbox) {
    let (title, note, verb) = match storage.persistence {
        Persistence::Persisted => (fl!("promise-given"), fl!("promise-given-note"), None),
        Persistence::NotAsked => (fl!("promise-not-asked"), fl!("promise-not-asked-note"), Some(fl!("promise-ask"))),
        Persistence::Refused => (fl!("promise-refused"), fl!("promise-refused-note"), Some(fl!("promise-ask-again"))),
        Persistence::Unsupported => (fl!("promise-unsupported"), fl!("promise-unsupported-note"), None),
    };
    notice_row(ui, row_icon(icons::HAND_POINTING, None), title, note, |ui| {
        if verb.is_some_and(|verb| PushButton::new(Look::Secondary, verb).show(ui).clicked()) {
            out.ask(Ask::PersistStorage);
        }
    });
}

/// A file that follows the vault.
fn standing_backup_ui(ui: &mut Ui, state: &State, standing_backup: &StandingBackup, out: &mut Outbox) {
    let has_no_kit = state.vault.as_ref().is_some_and(|vault| !vault.status.kit_saved);
    let (state, title, note) = match standing_backup {
        StandingBackup::Unavailable => (row_icon(icons::FILE_LOCK, None), fl!("standing-unavailable"), fl!("standing-unavailable-note")),
        StandingBackup::Off => (row_icon(icons::FILE_LOCK, None), fl!("standing-off"), fl!("standing-off-note")),
        StandingBackup::On { name, last_ms } => {
            let note = match last_ms {
                Some(at) => fl!("standing-on-note", ago = format::ago(state.now_ms, *at)),
                None => fl!("standing-first-note"),
            };
            (row_icon(icons::FILE_LOCK, Some(Tone::Ok)), fl!("standing-on", name = name.clone()), note)
        }
        StandingBackup::NeedsPermission { name } => {
            (row_icon(icons::WARNING, Some(Tone::Warn)), fl!("standing-waits", name = name.clone()), fl!("standing-waits-note"))
        }
        StandingBackup::Failed { name } => {
            (row_icon(icons::WARNING_OCTAGON, Some(Tone::Danger)), fl!("standing-failed", name = name.clone()), fl!("standing-failed-note"))
        }
    };
    // Without a kit a backup needs a passphrase, and nobody is there to type it.
    let needs_kit = *standing_backup == StandingBackup::Off && has_no_kit;
    let note = if needs_kit { fl!("standing-kit-note") } else { note };
    let asks: Vec<(String, Ask)> = match standing_backup {
        StandingBackup::Unavailable => Vec::new(),
        StandingBackup::Off if needs_kit => Vec::new(),
        StandingBackup::Off => vec![(fl!("standing-choose"), Ask::ChooseStandingBackup)],
        StandingBackup::On { .. } => vec![(fl!("standing-stop"), Ask::StopStandingBackup)],
        StandingBackup::NeedsPermission { .. } => {
            vec![(fl!("standing-resume"), Ask::ResumeStandingBackup), (fl!("standing-stop"), Ask::StopStandingBackup)]
        }
        StandingBackup::Failed { .. } => {
            vec![(fl!("standing-choose"), Ask::ChooseStandingBackup), (fl!("standing-stop"), Ask::StopStandingBackup)]
        }
    };
    notice_row(ui, state, title, note, |ui| {
        if needs_kit && PushButton::new(Look::Secondary, fl!("card-kit-go")).show(ui).clicked() {
            out.go(Go::SaveKit);
        }
        for (verb, ask) in asks {
            if PushButton::new(Look::Secondary, verb).show(ui).clicked() {
                out.ask(ask);
            }
        }
    });
}

/// Bytes in use, of how many.
fn room_ui(ui: &mut Ui, storage: &Storage) {
    let Some(used) = storage.usage_bytes else { return };
    let words = format::bytes(used);
    let Some(quota) = storage.quota_bytes.filter(|quota| *quota > 0) else {
        notice_row(ui, row_icon(icons::DATABASE, None), fl!("room-used", used = words), "", |_| {});
        return;
    };
    let part = used as f64 / quota as f64;
    let short = part >= SHORT;
    let title = fl!("room-used-of", used = words, quota = format::bytes(quota));
    let note = if short { fl!("room-short-note") } else { String::new() };
    let state = if short { row_icon(icons::WARNING, Some(Tone::Warn)) } else { row_icon(icons::DATABASE, None) };
    notice_row(ui, state, title.clone(), note, |ui| {
        let t = tokens(ui);
        let width = 120.0_f32.min(ui.available_width());
        let (rect, response) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::labeled(egui::Role::Meter, true, &title);
            info.value = Some(part * 100.0);
            info
        });
        let track = Rect::from_center_size(rect.center(), vec2(width, 4.0));
        ui.painter().rect_filled(track, CornerRadius::same(2), t.line);
        let bar = Rect::from_min_size(track.min, vec2(width * (part as f32).clamp(0.02, 1.0), 4.0));
        ui.painter().rect_filled(bar, CornerRadius::same(2), if short { t.warn } else { t.accent });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(persistence: Persistence, standing_backup: StandingBackup) -> Storage {
        Storage { persistence, usage_bytes: None, quota_bytes: None, standing_backup }
    }

    #[test]
    fn only_a_promise_or_a_written_file_makes_it_durable() {
        let on = |last_ms| StandingBackup::On { name: "v.nt2backup".to_owned(), last_ms };
        for (persistence, standing_backup, expected) in [
            (Persistence::NotAsked, StandingBackup::Off, Durability::AtRisk),
            (Persistence::Refused, on(None), Durability::AtRisk),
            (Persistence::Refused, on(Some(1)), Durability::StandingBackup),
            (Persistence::Persisted, StandingBackup::Failed { name: String::new() }, Durability::Promised),
            (Persistence::Unsupported, StandingBackup::Unavailable, Durability::AtRisk),
        ] {
            assert_eq!(Durability::of(&storage(persistence, standing_backup)), expected, "{persistence:?}");
        }
    }
}
