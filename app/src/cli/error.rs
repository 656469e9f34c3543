//! What went wrong, as a sentence that says what to do, and as an exit code.

use std::{io, process::ExitCode};

use vault_engine::{Failure, event::InvalidWhat};

use super::print;

/// Why a command ended.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The engine refused.
    Engine(Failure),
    /// The command line, or what was read, is not usable; the sentence says why.
    Usage(String),
    /// No such item, field, attachment or vault, or more than one; the sentence names it.
    NotFound(String),
    /// An attachment of that name is altered or damaged.
    AttachmentDamaged(String),
    /// A file could not be read or written.
    File {
        /// Which, and what was tried.
        what: String,
        /// Why.
        error: io::Error,
    },
    /// The report on standard output lists problems.
    Problems,
    /// Stopped with Ctrl-C.
    Interrupted,
    /// Nobody reads standard output any more.
    Output(io::Error),
}

impl From<Failure> for CliError {
    fn from(failure: Failure) -> Self {
        Self::Engine(failure)
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl CliError {
    /// The exit code, as CLI.md lists them.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Engine(failure) => code_of(failure),
            Self::AttachmentDamaged(_) => 6,
            Self::Usage(_) => 2,
            Self::NotFound(_) => 5,
            Self::File { error, .. } if error.kind() == io::ErrorKind::NotFound => 5,
            Self::File { .. } | Self::Output(_) => 7,
            Self::Problems => 1,
            Self::Interrupted => 130,
        }
    }

    /// The sentence for standard error; `None` if there is nothing more to say.
    pub(crate) fn sentence(&self) -> Option<String> {
        match self {
            Self::Engine(failure) => Some(sentence_of(failure)),
            Self::Usage(text) | Self::NotFound(text) => Some(text.clone()),
            Self::AttachmentDamaged(name) => Some(format!(
                "{} is altered or damaged, and nothing of it was written. The item itself is fine; restore the file from a backup.",
                print::escaped(name)
            )),
            Self::File { what, error } => Some(match error.kind() {
                io::ErrorKind::AlreadyExists => format!("{what}: it exists already. Choose another name, or add --force to replace it."),
                _ => format!("{what}: {error}."),
            }),
            Self::Interrupted => Some("Stopped. Nothing was half done.".to_owned()),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Output(error) => Some(format!("The output can't be written: {error}.")),
            Self::Problems => None,
        }
    }

    /// Says it on standard error.
    pub(crate) fn report(&self) -> ExitCode {
        if let Some(sentence) = self.sentence() {
            use std::io::Write as _;
            // Without standard error, the exit code remains.
            writeln!(io::stderr(), "nt2: {sentence}").ok();
        }
        ExitCode::from(self.code())
    }
}

fn code_of(failure: &Failure) -> u8 {
    match failure {
        Failure::InUse => 3,
        Failure::WrongPassword { .. } | Failure::TooEarly { .. } | Failure::KitPassphrase => 4,
        Failure::NotFound | Failure::AttachmentMissing => 5,
        Failure::BackupDamaged | Failure::KitUnreadable | Failure::Damaged | Failure::NotAuthentic | Failure::AttachmentDamaged => 6,
        Failure::DiskFull | Failure::Io | Failure::SourceChanged | Failure::ReadOnly | Failure::NoEntropy => 7,
        Failure::KeyStoreGone | Failure::NoDeviceKey => 8,
        Failure::Invalid(_) | Failure::PasswordTooWeak { .. } | Failure::PassphraseRequired | Failure::PassphraseIsPassword => 2,
        Failure::Cancelled => 130,
        _ => 1,
    }
}

fn sentence_of(failure: &Failure) -> String {
    let text = match failure {
        Failure::WrongPassword { wait_ms: 0 } => "The password is wrong. Try again.",
        Failure::WrongPassword { wait_ms } => {
            return format!("The password is wrong. Try again in {} s.", wait_ms.div_ceil(1000));
        }
        Failure::TooEarly { wait_ms } => {
            return format!("Too many wrong passwords. Try again in {} s.", wait_ms.div_ceil(1000));
        }
        Failure::KeyStoreGone => {
            "The system's key store does not answer, and it holds this device's key. Unlock it (log in to the desktop) and try again, or use \
             the recovery kit: nt2 kit use --with password."
        }
        Failure::NoDeviceKey => "This device has no key for the vault. Use the recovery kit: nt2 kit use --with password.",
        Failure::KitOfOtherVault => "The recovery kit belongs to another vault. Take the one with this vault's name.",
        Failure::KitReplaced => "The recovery kit has been replaced since. Take the newest one.",
        Failure::KitUnreadable => "That is not a recovery kit, or it is damaged. Check the file, or type the 24 words instead.",
        Failure::KitPassphrase => "The kit's passphrase is missing or wrong. Try again.",
        Failure::BackupDamaged => "That is not a backup, or it is cut or altered. Nothing was changed; take another copy of it.",
        Failure::BackupOfOtherVault => "The backup belongs to another vault. Restore it as a vault of its own, without --merge.",
        Failure::BackupNeedsBase => "The backup holds only changes, and the backup it builds on is missing. Restore that one first.",
        Failure::PassphraseRequired => {
            "A passphrase is missing. A new backup needs one until a recovery kit is saved: leave out --no-passphrase. A backup made without \
             one opens --with kit or --with device."
        }
        Failure::PasswordTooWeak { min_chars } => {
            return format!("The password is too short: it needs at least {min_chars} characters here, or use nt2 generate --words 7.");
        }
        Failure::PassphraseIsPassword => "The passphrase must differ from the master password. Choose another.",
        Failure::InUse => "Another program has the vault open. Close it there, or lock it, and try again.",
        Failure::NotFound => "There is no such vault, item, field or attachment. nt2 list shows what there is.",
        Failure::Locked => "The vault is locked: its engine had to be restarted. Try again.",
        Failure::ReadOnly => "The vault can only be read here. Copy the data folder to a disk that can be written.",
        Failure::Offline(_) => "The server can't be reached. Nothing is lost: your changes are safe here. Try again later.",
        Failure::BadServer => "That is no server's address: it begins with https:// and has no path (http:// only on this computer).",
        Failure::SyncOff => "Sync is off on this device. nt2 sync on SERVER turns it on.",
        Failure::NotAccepted => "The server does not take this device for a member: it was removed, or the kit or password is another's.",
        Failure::NotRegistered => "The server does not know this vault. nt2 sync on SERVER hands it over again.",
        Failure::PaymentRequired => "The server takes no changes without a subscription. Changes of other devices come in all the same.",
        Failure::VaultFull => "The server has no room left for this vault. Your changes are safe here.",
        Failure::ServerBusy { .. } => "The server is busy. Try again in a minute.",
        Failure::ServerAlarm(_) => {
            "The server contradicts what your devices have signed, or itself. Nothing of it was taken in. nt2 sync tells more; the window says \
             what can be done."
        }
        Failure::SyncStopped => "The exchange stopped before its end. nt2 sync says why.",
        Failure::DiskFull => "The disk is full. Nothing was lost; make room and try again.",
        Failure::Io => "Reading or writing failed. Check the disk and the folder's permissions, and try again.",
        Failure::Damaged => "The vault's database is damaged. Run nt2 check, and restore a backup if it can't be read.",
        Failure::NotAuthentic => "Something in the vault is not as its devices signed it. Run nt2 check, and restore a backup.",
        Failure::TooNew => "A newer version of the program wrote this. Update nt2.",
        Failure::AttachmentMissing => "The attachment's file is missing. Restore it from a backup.",
        Failure::AttachmentDamaged => {
            "The attachment's file is altered or damaged, and nothing of it was used. The item itself is fine; restore the file from a backup."
        }
        Failure::SourceChanged => "The file changed while it was read. Try again when nothing writes to it.",
        Failure::Invalid(InvalidWhat::VaultName) => "A vault needs a name. Give one.",
        Failure::Invalid(InvalidWhat::ItemTooLarge) => "The item is too large. Put long texts into an attachment.",
        Failure::Invalid(InvalidWhat::Recipe) => "Nothing can be generated like that. Choose 4 to 128 characters, or 3 to 20 words.",
        Failure::Invalid(InvalidWhat::Kind) => "That kind or field is not known. nt2 help add lists the kinds.",
        Failure::Invalid(InvalidWhat::DeviceName) => "A device needs a name of one line and at most 60 characters.",
        Failure::Cancelled => "Stopped. Nothing was half done.",
        Failure::NoEntropy => "The system's random generator failed. Nothing was written; restart the computer.",
        Failure::NotInTrash => "Only items in the trash can be removed for ever. Use nt2 trash first.",
        _ => "It failed for a reason that this version has no words for.",
    };
    text.to_owned()
}
