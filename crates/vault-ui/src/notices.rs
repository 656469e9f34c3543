//! What went wrong or is worth knowing, in words: what happened, then what to do.

pub mod sync;

use vault_engine::{
    Failure,
    event::{ClipboardEnd, LockReason, Notice},
};

use crate::{
    fl, format,
    outbox::{Leaving, ShellFailure},
    theme::Tone,
    widgets::toast::{Toast, ToastKind},
};

/// The sentence for a failure.
pub fn failure(failure: &Failure, _now_ms: u64) -> String {
    use vault_engine::event::InvalidWhat;
    match failure {
        Failure::WrongPassword { .. } => fl!("failure-wrong-password"),
        Failure::TooEarly { wait_ms } => fl!("failure-too-early", wait = format::countdown(*wait_ms)),
        Failure::KeyStoreGone => fl!("failure-key-store"),
        Failure::NoDeviceKey => fl!("failure-no-device-key", here = crate::l10n::here()),
        Failure::KitOfOtherVault => fl!("failure-kit-other"),
        Failure::KitReplaced => fl!("failure-kit-replaced"),
        Failure::KitUnreadable => fl!("failure-kit-unreadable"),
        Failure::KitPassphrase => fl!("failure-kit-passphrase"),
        Failure::BackupDamaged => fl!("failure-backup-damaged"),
        Failure::BackupOfOtherVault => fl!("failure-backup-other"),
        Failure::BackupNeedsBase => fl!("failure-backup-base"),
        Failure::PassphraseRequired => fl!("failure-passphrase-required"),
        Failure::PasswordTooWeak { min_chars } => fl!("failure-too-weak", n = (*min_chars)),
        Failure::PassphraseIsPassword => fl!("failure-passphrase-is-password"),
        Failure::InUse => fl!("failure-in-use", here = crate::l10n::here()),
        Failure::NotFound => fl!("failure-not-found"),
        Failure::Locked => fl!("failure-locked"),
        Failure::ReadOnly => fl!("failure-read-only"),
        Failure::DiskFull => fl!("failure-disk-full", here = crate::l10n::here()),
        Failure::Io => fl!("failure-io"),
        Failure::Damaged => fl!("failure-damaged"),
        Failure::NotAuthentic => fl!("failure-not-authentic"),
        Failure::TooNew => fl!("failure-too-new"),
        Failure::AttachmentMissing => fl!("failure-attachment-missing", here = crate::l10n::here()),
        Failure::AttachmentDamaged => fl!("failure-attachment-damaged"),
        Failure::SourceChanged => fl!("failure-source-changed"),
        Failure::Invalid(InvalidWhat::VaultName) => fl!("failure-vault-name"),
        Failure::Invalid(InvalidWhat::ItemTooLarge) => fl!("failure-item-too-large"),
        Failure::Invalid(InvalidWhat::Recipe) => fl!("failure-recipe"),
        Failure::Invalid(InvalidWhat::Kind) => fl!("failure-kind"),
        Failure::Invalid(InvalidWhat::DeviceName) => fl!("failure-device-name"),
        Failure::NewPasswordNeeded => fl!("failure-new-password-needed"),
        Failure::RemovesItself => fl!("failure-removes-itself"),
        Failure::OtherPasswordNeeded => fl!("failure-other-password-needed"),
        Failure::OtherPasswordWrong => fl!("failure-other-password-wrong"),
        Failure::KitNotOfFork => fl!("failure-kit-not-of-fork"),
        Failure::Cancelled => fl!("failure-cancelled"),
        Failure::NoEntropy => fl!("failure-no-entropy"),
        Failure::NotInTrash => fl!("failure-not-in-trash"),
        Failure::Offline(why) => fl!("failure-offline", why = sync::net_failure(*why)),
        Failure::ServerBusy { wait_ms } => fl!("failure-server-busy", wait = format::remaining((*wait_ms).max(1_000))),
        Failure::PaymentRequired => fl!("failure-payment"),
        Failure::VaultFull => fl!("failure-vault-full"),
        Failure::PromoRefused => fl!("failure-promo"),
        Failure::NotOffered => fl!("failure-not-offered"),
        Failure::NotAccepted => fl!("failure-not-accepted"),
        Failure::NotRegistered => fl!("failure-not-registered"),
        Failure::BadServer => fl!("failure-bad-server"),
        Failure::BadAddress => fl!("failure-bad-address"),
        Failure::SyncOff => fl!("failure-sync-off"),
        Failure::SyncStopped => fl!("failure-sync-stopped"),
        Failure::Pairing(why) => sync::pairing_failure(*why),
        Failure::ServerAlarm(alarm) => sync::alarm(alarm),
        // The enum may grow in the engine before the window knows it.
        _ => fl!("failure-unknown"),
    }
}

/// The toast for something worth knowing; `title` is the item's, if it concerns one.
pub fn notice(notice: &Notice, title: &str) -> Toast {
    let text = match notice {
        Notice::Resurrected(_) => fl!("notice-resurrected", title = title),
        Notice::ClockBehind(ms) => fl!("notice-clock-behind", here = crate::l10n::here(), minutes = (ms / 60_000)),
        Notice::OldCopy => fl!("notice-old-copy"),
        Notice::OrphansSwept(n) => fl!("notice-orphans", n = (*n)),
        Notice::MovedToNewLog(n) => fl!("notice-moved-to-new-log", n = (*n)),
        Notice::ListRebuilt(n) => fl!("notice-list-rebuilt", n = (*n), here = crate::l10n::here()),
        Notice::StorageMended(_) => fl!("notice-storage-mended"),
        Notice::StorageSetAside(_) => fl!("notice-storage-set-aside"),
        #[allow(unreachable_patterns, reason = "the enum may grow in the engine before the window knows it")]
        _ => fl!("failure-unknown"),
    };
    // What was wrong with the storage comes up before anybody looks, and is worth a whole minute.
    let life_ms = match notice {
        Notice::ListRebuilt(_) | Notice::StorageMended(_) | Notice::StorageSetAside(_) => 60_000,
        _ => 10_000,
    };
    Toast { kind: ToastKind::Done, tone: Tone::Info, text, action: None, life_ms, pausable: true }
}

/// What the unlock screen says of the last lock; nothing if the person did it.
pub fn lock_reason(reason: LockReason) -> Option<String> {
    match reason {
        LockReason::Asked | LockReason::Closing => None,
        LockReason::Idle => Some(fl!("locked-idle")),
        LockReason::Switched => None,
        LockReason::Restarted => Some(fl!("locked-restarted")),
        LockReason::NewEpoch => Some(fl!("locked-new-epoch")),
    }
}

/// The same, where the person's leaving was the cause.
pub fn left(leaving: Leaving) -> String {
    match leaving {
        Leaving::Suspended => fl!("locked-suspended"),
        Leaving::ScreenLocked => fl!("locked-screen"),
        Leaving::UserSwitched => fl!("locked-user"),
        Leaving::OtherTab => fl!("locked-other-tab"),
        Leaving::Hidden => fl!("locked-hidden", here = crate::l10n::here()),
    }
}

/// What was asked for and came to no end, because the engine failed; nothing where nobody waits for an end.
pub fn interrupted(command: &str) -> Option<String> {
    let what = match command {
        "create vault" => "create",
        "unlock" | "unlock with kit" => "unlock",
        "restore" | "inspect backup" => "restore",
        "backup" | "test backup" => "backup",
        "save kit" | "check kit" => "kit",
        "attach" => "attach",
        "extract" | "read attachment" => "extract",
        "save item" | "duplicate item" | "mark items" | "purge items" | "empty trash" | "detach" | "restore past" => "item",
        "change password" => "password",
        "check vault" => "check",
        "delete vault" | "rename vault" | "set vault settings" | "rename device" | "remove device" | "join epochs" | "settle"
        | "enrol again" => "other",
        _ => return None,
    };
    Some(fl!("interrupted", what = what))
}

/// The sentence for an attachment that is altered or damaged, with its name.
pub fn attachment_damaged(name: &str) -> String {
    fl!("attachment-damaged", name = name)
}

/// Only what the person must do something about.
pub fn clipboard_end(end: ClipboardEnd) -> Option<String> {
    match end {
        ClipboardEnd::Cleared | ClipboardEnd::Replaced => None,
        ClipboardEnd::Refused => Some(fl!("clipboard-refused", here = crate::l10n::here())),
    }
}

/// What the shell could not do.
pub fn shell_failure(failure: ShellFailure) -> String {
    match failure {
        ShellFailure::ReadFile => fl!("shell-read-file"),
        ShellFailure::WriteFile => fl!("shell-write-file"),
        ShellFailure::OpenUrl => fl!("shell-open-url"),
        ShellFailure::Clipboard => fl!("shell-clipboard"),
    }
}
