//! What is said of sync, on its page, in the status bar, on the overview and in toasts: what is so, then what to do.

use vault_engine::sync::{MergeSummary, NetFailure, PairingFailure, SyncAlarm, SyncDevice, SyncStage, SyncState, SyncStatus};

use crate::{fl, format, icons, outbox::Go, outbox::SettingsPage, theme::Tone};

/// Milliseconds in a minute.
const MINUTE_MS: u64 = 60_000;

/// Where sync stands, in words.
pub struct Standing {
    /// How serious it is; `None` is neutral.
    pub tone: Option<Tone>,
    /// Its icon.
    pub icon: &'static str,
    /// The fact.
    pub title: String,
    /// What follows from it, and what to do.
    pub note: String,
    /// The fact in two or three words, for the status bar.
    pub word: String,
}

impl Standing {
    /// Of a status. `now_ms`: Unix milliseconds.
    pub fn of(status: &SyncStatus, now_ms: u64) -> Self {
        let host = host(&status.server);
        let retry = |at_ms: u64| next_try(now_ms, at_ms);
        let n_waiting = status.n_unpushed;
        let (tone, icon, title, note, word) = match &status.state {
            SyncState::Off => (None, icons::CLOUD_SLASH, fl!("sync-off"), fl!("sync-off-note"), fl!("sync-off")),
            SyncState::UpToDate => {
                let ago = format::ago(now_ms, status.last_sync_ms);
                let word = fl!("sync-word-done", ago = ago.as_str());
                (Some(Tone::Ok), icons::CHECK_CIRCLE, fl!("sync-done"), fl!("sync-done-note", ago = ago), word)
            }
            SyncState::Waiting { .. } => {
                let title = fl!("sync-waiting", n = n_waiting);
                (None, icons::CLOUD, title.clone(), fl!("sync-waiting-note"), title)
            }
            SyncState::Running { stage, done, total } => {
                let title = running(*stage, *done, *total, &host);
                (None, icons::ARROWS_CLOCKWISE, title, fl!("sync-running-note"), fl!("sync-word-running"))
            }
            SyncState::Offline { retry_ms, why } => {
                let tone = (*why == NetFailure::NotTrusted).then_some(Tone::Warn);
                let note = format!("{} {} {}", fl!("sync-offline-note"), net_failure(*why), retry(*retry_ms));
                let word = if n_waiting == 0 { fl!("sync-word-offline") } else { fl!("sync-word-offline-waiting", n = n_waiting) };
                (tone, icons::CLOUD_SLASH, fl!("sync-offline", host = host), note, word)
            }
            SyncState::Busy { retry_ms } => {
                let note = format!("{} {}", fl!("sync-offline-note"), retry(*retry_ms));
                (None, icons::CLOCK, fl!("sync-busy", host = host), note, fl!("sync-word-busy"))
            }
            SyncState::PaymentRequired => {
                (Some(Tone::Warn), icons::WARNING, fl!("sync-payment", host = host), fl!("sync-payment-note"), fl!("sync-word-payment"))
            }
            SyncState::VaultFull => {
                (Some(Tone::Warn), icons::WARNING, fl!("sync-full", host = host), fl!("sync-full-note"), fl!("sync-word-payment"))
            }
            SyncState::NotAccepted => stopped(fl!("sync-not-accepted", host = host), fl!("sync-not-accepted-note")),
            SyncState::NotRegistered => stopped(fl!("sync-not-registered", host = host), fl!("sync-not-registered-note")),
            SyncState::Removed => stopped(fl!("sync-removed"), fl!("sync-removed-note")),
            SyncState::SettleNeeded => stopped(fl!("sync-settle"), fl!("sync-settle-note")),
            SyncState::PasswordNeeded => stopped(fl!("sync-password"), fl!("sync-password-note")),
            SyncState::PlaceLost => stopped(fl!("sync-place-lost"), fl!("sync-place-lost-note")),
            SyncState::NeedsUpdate => stopped(fl!("sync-update"), fl!("sync-update-note")),
            SyncState::CannotFill => stopped(fl!("sync-cannot-fill"), fl!("sync-cannot-fill-note")),
            SyncState::Alarm(what) => (Some(Tone::Danger), icons::WARNING_OCTAGON, fl!("sync-alarm"), alarm(what), fl!("sync-word-alarm")),
            SyncState::Failed(failure) => stopped(fl!("sync-failed"), super::failure(failure, now_ms)),
        };
        Self { tone, icon, title, note, word }
    }

    /// Whether the person has to do something, or it does not go on by itself.
    pub fn wants_care(&self) -> bool {
        self.tone.is_some_and(|tone| matches!(tone, Tone::Warn | Tone::Danger))
    }
}

/// What a stop that the person has to end looks like.
fn stopped(title: String, note: String) -> (Option<Tone>, &'static str, String, String, String) {
    (Some(Tone::Warn), icons::WARNING, title, note, fl!("sync-word-stopped"))
}

/// Milliseconds until the clock alone changes what is said; `None` if it does not.
pub fn changes_in_ms(status: &SyncStatus, now_ms: u64) -> Option<u64> {
    match &status.state {
        SyncState::UpToDate => format::ago_changes_in_ms(now_ms, status.last_sync_ms),
        SyncState::Offline { retry_ms, .. } | SyncState::Busy { retry_ms } => match retry_ms.saturating_sub(now_ms) {
            left if left > MINUTE_MS => format::remaining_steps_in_ms(left),
            _ => None,
        },
        SyncState::Off
        | SyncState::Waiting { .. }
        | SyncState::Running { .. }
        | SyncState::PaymentRequired
        | SyncState::VaultFull
        | SyncState::NotAccepted
        | SyncState::NotRegistered
        | SyncState::Removed
        | SyncState::SettleNeeded
        | SyncState::PasswordNeeded
        | SyncState::PlaceLost
        | SyncState::NeedsUpdate
        | SyncState::Alarm(_)
        | SyncState::CannotFill
        | SyncState::Failed(_) => None,
    }
}

/// Where the person ends what stopped sync.
pub fn leads_to(state: &SyncState) -> (String, Go) {
    match state {
        SyncState::PasswordNeeded => (fl!("epochs-open"), Go::JoinApart),
        SyncState::SettleNeeded => (fl!("settle-open"), Go::JoinApart),
        SyncState::PlaceLost => (fl!("place-open"), Go::JoinApart),
        _ => (fl!("sync-look"), Go::Settings(SettingsPage::Sync)),
    }
}

/// What an exchange is doing, and how far it is.
fn running(stage: SyncStage, done: u64, total: u64, host: &str) -> String {
    let amount = |words: String| match total {
        0 => words,
        _ => format!("{words} · {}", fl!("sync-amount", done = number(done), total = number(total))),
    };
    match stage {
        SyncStage::Connecting => fl!("sync-connecting", host = host),
        SyncStage::Pulling => amount(fl!("sync-pulling")),
        SyncStage::Pushing => amount(fl!("sync-pushing")),
    }
}

fn next_try(now_ms: u64, at_ms: u64) -> String {
    match at_ms.saturating_sub(now_ms) {
        // To the second it would have to be painted every second.
        left if left > MINUTE_MS => fl!("sync-next-try", left = format::remaining(left)),
        _ => fl!("sync-next-try-soon"),
    }
}

/// Why no answer came.
pub fn net_failure(why: NetFailure) -> String {
    match why {
        NetFailure::Unreachable => fl!("net-unreachable"),
        NetFailure::TimedOut => fl!("net-timed-out"),
        NetFailure::NotTrusted => fl!("net-not-trusted"),
        NetFailure::Broken => fl!("net-broken"),
        NetFailure::Refused => fl!("net-refused", here = crate::l10n::here()),
    }
}

/// Why a second device was not added.
pub fn pairing_failure(why: PairingFailure) -> String {
    match why {
        PairingFailure::NotACode => fl!("pair-not-a-code"),
        PairingFailure::TimedOut => fl!("pair-timed-out"),
        PairingFailure::NotAuthentic => fl!("pair-not-authentic"),
    }
}

/// What a server did that an honest one does not.
pub fn alarm(alarm: &SyncAlarm) -> String {
    match alarm {
        SyncAlarm::Rollback { device, had, has } => {
            fl!("alarm-rollback", device = named(device), had = number(*had), has = number(*has))
        }
        SyncAlarm::Fork { device, change } => fl!("alarm-fork", device = named(device), change = number(*change)),
        SyncAlarm::Altered => fl!("alarm-altered"),
        SyncAlarm::RecordAltered => fl!("alarm-record-altered"),
        SyncAlarm::RecordRollback => fl!("alarm-record-rollback"),
        SyncAlarm::OtherVault => fl!("alarm-other-vault"),
        SyncAlarm::StateDiffers { device } => fl!("alarm-state-differs", device = named(device)),
        SyncAlarm::Withheld { device, change } => fl!("alarm-withheld", device = named(device), change = number(*change)),
        SyncAlarm::DeviceRefused { device, change } => fl!("alarm-device-refused", device = named(device), change = number(*change)),
        SyncAlarm::Nonsense => fl!("alarm-nonsense"),
    }
}

/// Whether naming the same server again may end it: only what the server shows is old, not what is signed wrong.
pub fn can_begin_anew(alarm: &SyncAlarm) -> bool {
    matches!(alarm, SyncAlarm::Rollback { .. } | SyncAlarm::RecordRollback | SyncAlarm::Withheld { .. })
}

/// A device by its name.
pub fn device_name(device: &SyncDevice) -> String {
    named(&device.name)
}

fn named(name: &str) -> String {
    if name.is_empty() { fl!("sync-nameless") } else { name.to_owned() }
}

/// What an exchange brought in: from where if only one other device can have written it.
pub fn merged(summary: &MergeSummary, status: Option<&SyncStatus>) -> String {
    let others: Vec<&SyncDevice> = status.iter().flat_map(|status| &status.devices).filter(|device| !device.is_this).collect();
    let only = match others.as_slice() {
        [only] if !only.name.is_empty() => Some(only.name.as_str()),
        _ => None,
    };
    let n_conflicts = summary.conflicts.len();
    let mut text = match (summary.n_changed, summary.n_gone, only) {
        (0, 0, _) => String::new(),
        (0, gone, _) => fl!("merged-gone", n = gone),
        (changed, _, Some(device)) => fl!("merged-on", n = changed, device = device),
        (changed, _, None) => fl!("merged", n = changed),
    };
    if n_conflicts > 0 {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&fl!("merged-conflicts", n = n_conflicts));
    }
    text
}

/// The server without what every address begins with.
pub fn host(server: &str) -> String {
    server.split_once("://").map_or(server, |(_, host)| host).to_owned()
}

/// A number of changes, grouped.
pub fn number(n: u64) -> String {
    format::count(usize::try_from(n).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use vault_engine::{Failure, sync::Agreement};

    use super::*;

    fn status(state: SyncState) -> SyncStatus {
        SyncStatus {
            state,
            enabled: true,
            server: "https://vault.example.org".to_owned(),
            registered: true,
            last_sync_ms: 1_000,
            plan: vault_engine::sync::Plan::Open,
            password_login: vault_engine::sync::PasswordLogin::Off,
            n_unpushed: 3,
            n_remote: 1_204,
            n_items: 28,
            devices: Vec::new(),
            agreement: Agreement::default(),
            fork: Vec::new(),
            unopened: Vec::new(),
            fingerprint: Vec::new(),
        }
    }

    fn alarms() -> Vec<SyncAlarm> {
        let device = || "Phone".to_owned();
        vec![
            SyncAlarm::Rollback { device: device(), had: 12, has: 9 },
            SyncAlarm::Fork { device: device(), change: 12 },
            SyncAlarm::Altered,
            SyncAlarm::RecordAltered,
            SyncAlarm::RecordRollback,
            SyncAlarm::OtherVault,
            SyncAlarm::StateDiffers { device: String::new() },
            SyncAlarm::Withheld { device: device(), change: 12 },
            SyncAlarm::DeviceRefused { device: device(), change: 12 },
            SyncAlarm::Nonsense,
        ]
    }

    #[test]
    fn every_state_has_its_own_sentence_in_both_languages() {
        use crate::l10n::{Language, set_language};
        for language in Language::ALL {
            set_language(language);
            let retry_ms = 240_000;
            let nets = [NetFailure::Unreachable, NetFailure::TimedOut, NetFailure::NotTrusted, NetFailure::Broken, NetFailure::Refused];
            let mut states = vec![
                SyncState::Off,
                SyncState::UpToDate,
                SyncState::Waiting { at_ms: 9 },
                SyncState::Running { stage: SyncStage::Pulling, done: 1, total: 2 },
                SyncState::Busy { retry_ms },
                SyncState::PaymentRequired,
                SyncState::VaultFull,
                SyncState::NotAccepted,
                SyncState::NotRegistered,
                SyncState::Removed,
                SyncState::SettleNeeded,
                SyncState::PasswordNeeded,
                SyncState::PlaceLost,
                SyncState::NeedsUpdate,
                SyncState::CannotFill,
                SyncState::Failed(Failure::DiskFull),
            ];
            states.extend(nets.map(|why| SyncState::Offline { retry_ms, why }));
            states.extend(alarms().into_iter().map(SyncState::Alarm));
            let mut seen = std::collections::HashSet::new();
            for state in states {
                let words = Standing::of(&status(state.clone()), 120_000);
                assert!(seen.insert(format!("{} {}", words.title, words.note)), "{state:?} says what another says");
                for text in [&words.title, &words.note, &words.word] {
                    assert!(!text.is_empty() && !text.contains('{') && !text.contains("sync-"), "{state:?}: {text}");
                }
            }
        }
        set_language(Language::En);
    }

    #[test]
    fn being_offline_is_no_alarm() {
        let words = Standing::of(&status(SyncState::Offline { retry_ms: 0, why: NetFailure::Unreachable }), 0);
        assert!(!words.wants_care());
        assert_eq!(words.word, "Offline · 3 changes wait");
        assert!(words.note.starts_with("Your changes are safe here and will be sent later."), "{}", words.note);
    }

    #[test]
    fn a_merge_names_the_device_only_where_it_can_be_no_other() {
        let device = |name: &str, is_this| SyncDevice {
            device: vault_protocol::DeviceId([name.len() as u8; 16]),
            name: name.to_owned(),
            is_this,
            last_seen_ms: 1,
            is_silent: false,
            n_behind: 0,
        };
        let mut status = status(SyncState::UpToDate);
        let summary = MergeSummary { n_changed: 12, n_gone: 0, conflicts: vec![vault_protocol::ObjectId([1; 16])] };
        status.devices = vec![device("Laptop", true), device("Phone", false)];
        assert_eq!(merged(&summary, Some(&status)), "12 items changed on Phone. One needs your decision.");
        status.devices.push(device("Tablet", false));
        assert_eq!(merged(&summary, Some(&status)), "12 items changed on other devices. One needs your decision.");
    }
}
