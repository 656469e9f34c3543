//! What the engine tells its client.

use serde::{Deserialize, Serialize};
use vault_model::{FieldId, FieldKey, ItemDraft, ItemRow, ItemView, SecretText, secret::secret_wire};
use vault_protocol::{Dot, ObjectId, VaultId};

use crate::{
    command::{RequestId, VaultSettings},
    files::FilesStatus,
    members::RemovalPlan,
    sync::{MergeSummary, NetFailure, PairingFailure, PairingStep, SyncAlarm, SyncStatus},
};

/// News from the engine.
#[derive(Serialize, Deserialize)]
pub enum Event {
    /// The request is finished; its other answers came before.
    Done(RequestId),
    /// The request failed and changed nothing, unless the failure says otherwise.
    Failed(RequestId, Failure),
    /// A long request goes on.
    Progress(RequestId, Progress),
    /// All vaults of this device.
    Vaults(Vec<VaultEntry>),
    /// A vault is open. `Rows` follow.
    Opened {
        /// What is true of it.
        status: VaultStatus,
        /// What was being typed when it was last locked.
        draft: Option<Box<ItemDraft>>,
    },
    /// Something of the open vault's status changed: password, kit, backup, settings.
    VaultChanged(VaultStatus),
    /// No vault is open; all that came from one must be dropped.
    Locked(LockReason),
    /// A part of the list; `last` ends it. The client empties its list at the first part after `Opened`.
    Rows {
        /// The rows, in no order.
        rows: Vec<ItemRow>,
        /// Whether this is the last part.
        last: bool,
    },
    /// Rows that are new or different, and objects that are gone.
    RowsChanged {
        /// New or different.
        changed: Vec<ItemRow>,
        /// Gone.
        gone: Vec<ObjectId>,
    },
    /// The ids found, best first.
    Found(RequestId, #[serde(with = "crate::ids_wire")] Vec<ObjectId>),
    /// An open item without its secrets. Sent again whenever it changes while open.
    Item(Box<ItemView>),
    /// An item was written.
    Saved(RequestId, ObjectId),
    /// A secret, on demand.
    Revealed {
        /// The request.
        request: RequestId,
        /// Which item.
        item: ObjectId,
        /// Which field.
        field: FieldId,
        /// Its text.
        #[serde(with = "secret_wire")]
        text: SecretText,
    },
    /// The live code of a TOTP field of the open item.
    Totp {
        /// Which item.
        item: ObjectId,
        /// Which field.
        field: FieldId,
        /// The current code.
        #[serde(with = "secret_wire")]
        code: SecretText,
        /// The one after it.
        #[serde(with = "secret_wire")]
        next: SecretText,
        /// When the current one ends, Unix milliseconds.
        until_ms: u64,
        /// Its whole life in seconds.
        period_secs: u32,
    },
    /// A value is on the clipboard.
    Copied {
        /// Which item, if any.
        item: Option<ObjectId>,
        /// Which field, if any.
        field: Option<FieldId>,
        /// When it will be cleared, Unix milliseconds; `None` = never.
        clears_ms: Option<u64>,
    },
    /// The clipboard no longer holds ours.
    ClipboardCleared(ClipboardEnd),
    /// Past values, newest first.
    History(RequestId, Vec<PastValue>),
    /// A password or passphrase.
    Generated {
        /// The request.
        request: RequestId,
        /// The text.
        #[serde(with = "secret_wire")]
        text: SecretText,
        /// Entropy of the recipe in bits.
        bits: f64,
    },
    /// Bytes of an attachment.
    Bytes {
        /// The request.
        request: RequestId,
        /// First byte.
        offset: u64,
        /// The bytes; wiped by the receiver.
        bytes: zeroize_bytes::SecretBytes,
        /// Length of the whole attachment.
        total: u64,
    },
    /// A backup was written.
    BackedUp(RequestId, BackupReport),
    /// What a backup says of itself.
    BackupFound(RequestId, BackupHeader),
    /// A backup was restored or merged.
    Restored(RequestId, RestoreReport),
    /// A restore drill ended.
    Tested(RequestId, DrillReport),
    /// A kit was compared with the vault's.
    KitChecked(RequestId, KitVerdict),
    /// A check ended.
    Checked(RequestId, CheckReport),
    /// Something the person should know, not tied to a request.
    Notice(Notice),
    /// Something about sync changed. Also sent once after every opening.
    SyncChanged(Box<SyncStatus>),
    /// What of attachments is here, and what is on its way.
    FilesChanged(Box<FilesStatus>),
    /// An exchange brought something in; `RowsChanged` and `Item` came before.
    SyncMerged(MergeSummary),
    /// The pairing of a second device goes on.
    Pairing(RequestId, PairingStep),
    /// What the removal of a device would mean.
    RemovalPlanned(RequestId, RemovalPlan),
    /// Where Premium is bought. Opened only at a person's word, who saw the shop's name (R07).
    Checkout {
        /// The request.
        request: RequestId,
        /// The shop's origin, `https://host`.
        shop: String,
        /// The whole address; it carries the vault's public name and nothing else of it.
        url: String,
    },
}

/// A vault of this device, as the picker shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultEntry {
    /// Its id.
    pub vault: VaultId,
    /// Display name.
    pub name: String,
    /// Last opened, Unix milliseconds; 0 = never.
    pub last_opened_ms: u64,
    /// Whether it has a master password.
    pub has_password: bool,
    /// Whether this device's key opens it (else a kit is needed).
    pub has_device_key: bool,
    /// No attempt before this time, Unix milliseconds (growing delay after wrong passwords).
    pub not_before_ms: u64,
    /// Wrong passwords since the last success.
    pub failed_attempts: u32,
}

/// What is true of the open vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultStatus {
    /// Its id.
    pub vault: VaultId,
    /// Display name.
    pub name: String,
    /// The vault's public name, `did:key:…`.
    pub did: String,
    /// Whether it has a master password.
    pub has_password: bool,
    /// Whether a kit has been saved and checked.
    pub kit_saved: bool,
    /// Where the device key lies.
    pub device_key: DeviceKeyPlace,
    /// Members.
    pub n_devices: u32,
    /// Last backup, Unix milliseconds; 0 = never.
    pub last_backup_ms: u64,
    /// Entries since that backup.
    pub n_changes_since_backup: u64,
    /// Opened read-only: newer format, read-only medium, or salvage.
    pub read_only: Option<ReadOnlyReason>,
    /// The sealed settings.
    pub settings: VaultSettings,
    /// Argon2id cost in force: KiB, passes, lanes.
    pub kdf: (u32, u32, u32),
}

/// How strong the device factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKeyPlace {
    /// The operating system account's key store.
    OsAccount,
    /// A file on the same disk: counts as password-only.
    SameDisk,
    /// Not here: opened with password and kit.
    None,
}

/// Why a vault can't be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadOnlyReason {
    /// The medium or folder is read-only.
    Medium,
    /// A newer program wrote it.
    NewerFormat,
    /// The database is damaged; what is readable is shown.
    Damaged,
}

/// Why a vault was locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockReason {
    /// By hand.
    Asked,
    /// No input for the set time.
    Idle,
    /// The program is closing.
    Closing,
    /// Another vault was opened.
    Switched,
    /// The engine failed and was restarted.
    Restarted,
    /// Another device changed the password or the members: the (new) password opens it again.
    NewEpoch,
}

/// How a clipboard entry of ours ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClipboardEnd {
    /// Cleared.
    Cleared,
    /// Something else was copied in the meantime.
    Replaced,
    /// The platform did not let us.
    Refused,
}

/// One write of a field's past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastValue {
    /// The write's name.
    pub dot: Dot,
    /// Which field.
    pub key: FieldKey,
    /// Wall clock of the writing device, Unix milliseconds.
    pub wall_ms: u64,
    /// Name of the writing device; empty if unknown.
    pub device: String,
    /// The text, unless it is secret.
    pub shown: Option<String>,
    /// Whether it is (one of) the current value(s).
    pub current: bool,
    /// Whether the write removed the field.
    pub absent: bool,
}

/// How far a long request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Done so far, in the stage's unit (bytes or items).
    pub done: u64,
    /// Of so many; 0 if unknown.
    pub total: u64,
}

/// A stage of a long request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Argon2id; its unit is milliseconds, the total an estimate.
    Deriving,
    /// Opening rows; items.
    Opening,
    /// Encrypting a file; bytes.
    Sealing,
    /// Decrypting a file; bytes.
    Reading,
    /// Verifying; items or bytes.
    Checking,
    /// Writing a backup; bytes.
    Writing,
    /// Exchanging changes with a server; changes.
    Syncing,
    /// Bringing a file here from a server; bytes.
    Fetching,
}

/// What a finished backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// Items.
    pub n_items: u64,
    /// Attachments.
    pub n_attachments: u64,
    /// Attachments whose files are missing here: the backup does not have them either.
    pub n_missing: u64,
    /// Bytes of the file.
    pub len_bytes: u64,
    /// BLAKE3 of the file, hexadecimal.
    pub checksum: String,
}

/// What a backup shows without keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHeader {
    /// Of which vault.
    pub vault: VaultId,
    /// Whether that vault is on this device.
    pub is_here: bool,
    /// Whether it has a passphrase of its own.
    pub has_passphrase: bool,
    /// Whether this device was a member and still holds its key.
    pub device_opens: bool,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// Into which vault.
    pub vault: VaultId,
    /// Items that are new here.
    pub n_added: u64,
    /// Items here that took something from the backup.
    pub n_changed: u64,
    /// Items that were equal.
    pub n_equal: u64,
    /// Titles of items purged here since, left out.
    pub purged: Vec<String>,
    /// Attachments restored.
    pub n_attachments: u64,
    /// Attachments whose bytes the backup does not have.
    pub n_missing: u64,
}

impl RestoreReport {
    /// Nothing done yet.
    pub fn new(vault: VaultId) -> Self {
        Self { vault, n_added: 0, n_changed: 0, n_equal: 0, purged: Vec::new(), n_attachments: 0, n_missing: 0 }
    }
}

/// What a restore drill found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillReport {
    /// Items opened.
    pub n_items: u64,
    /// Attachments whose every byte was read.
    pub n_attachments: u64,
    /// Bytes read.
    pub len_bytes: u64,
    /// Items of the live vault that are missing in, or newer than, the backup.
    pub n_behind: u64,
    /// What did not open, by title or id.
    pub damaged: Vec<String>,
}

/// What a kit turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KitVerdict {
    /// The one in force.
    Good,
    /// Of this vault, but replaced since.
    Replaced,
    /// Of another vault.
    OtherVault,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Items whose row opened and matched the log.
    pub n_items: u64,
    /// Log entries verified.
    pub n_entries: u64,
    /// Control entries verified.
    pub n_control: u64,
    /// Attachments found (and read, if asked).
    pub n_attachments: u64,
    /// Bytes of attachments read.
    pub len_bytes: u64,
    /// Each problem as a sentence key and its subject.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// Title of the item, file name or id concerned; empty if it is the vault as a whole.
    pub subject: String,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProblemKind {
    /// SQLite's own check failed.
    Database,
    /// A row did not open.
    RowDamaged,
    /// A row differs from what the log says.
    RowDiffers,
    /// A log entry is missing, altered or not signed as it must be.
    LogDamaged,
    /// The state's root differs.
    RootDiffers,
    /// An attachment's file is missing.
    AttachmentMissing,
    /// An attachment's file is altered or cut.
    AttachmentDamaged,
    /// A file that no item names.
    Orphan,
}

/// Why a request failed. The window turns it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// The password (or passphrase) does not open it. `wait_ms`: no attempt before so long.
    WrongPassword {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// Too early after wrong passwords.
    TooEarly {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// The device's key store is missing or does not answer.
    KeyStoreGone,
    /// The device's key is not here: use a kit.
    NoDeviceKey,
    /// The kit is of another vault.
    KitOfOtherVault,
    /// The kit has been replaced since.
    KitReplaced,
    /// The kit is not readable: not a kit, cut, altered, or wrong words.
    KitUnreadable,
    /// The kit needs its passphrase, or it is wrong.
    KitPassphrase,
    /// The file is not a backup, or is cut or altered. Nothing was changed.
    BackupDamaged,
    /// The backup is of another vault.
    BackupOfOtherVault,
    /// A delta without its base.
    BackupNeedsBase,
    /// A backup passphrase is required until a kit is saved.
    PassphraseRequired,
    /// Too short for what it must protect.
    PasswordTooWeak {
        /// The least number of characters.
        min_chars: u32,
    },
    /// A kit or backup passphrase must differ from the master password.
    PassphraseIsPassword,
    /// A new master password has to be set in the same step, other than the one in force (LD04).
    NewPasswordNeeded,
    /// A device can't remove itself: another one can.
    RemovesItself,
    /// Another device set another password at the same time: it is needed, too.
    OtherPasswordNeeded,
    /// That is not the password that the other device set.
    OtherPasswordWrong,
    /// Not the kit that was in force before the devices removed each other.
    KitNotOfFork,
    /// Another process has the vault open.
    InUse,
    /// No such vault, item, field or attachment.
    NotFound,
    /// No vault is open.
    Locked,
    /// The vault is read-only.
    ReadOnly,
    /// The disk is full. Nothing was lost.
    DiskFull,
    /// Reading or writing failed.
    Io,
    /// The database is damaged.
    Damaged,
    /// Something in the vault's record is not as signed: named for the report.
    NotAuthentic,
    /// Written by a newer version.
    TooNew,
    /// The attachment's file is missing.
    AttachmentMissing,
    /// The attachment's file is altered, cut or damaged; nothing of it is given out, and the item is whole.
    AttachmentDamaged,
    /// The file changed while it was read.
    SourceChanged,
    /// A value is not allowed: name empty, too long, too many.
    Invalid(InvalidWhat),
    /// Stopped by request.
    Cancelled,
    /// The system's random generator failed; nothing was written.
    NoEntropy,
    /// The item is in use by a purge or is not in the trash.
    NotInTrash,
    /// The server can't be reached.
    Offline(NetFailure),
    /// The server is busy or asks for patience. `wait_ms`: no attempt before so long.
    ServerBusy {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// The server takes nothing without a subscription.
    PaymentRequired,
    /// The server's room for this vault is used up.
    VaultFull,
    /// The code is unknown, used up or out of date.
    PromoRefused,
    /// The server does not offer that.
    NotOffered,
    /// The server does not accept this login: unknown vault, removed device, or replaced kit.
    NotAccepted,
    /// The server does not know this vault.
    NotRegistered,
    /// That is not the address of a server: `https://host[:port]`.
    BadServer,
    /// That is not the address of a vault: `https://host/#/join/did:key:…`.
    BadAddress,
    /// Sync is switched off.
    SyncOff,
    /// Sync stopped, and [`SyncState`](crate::sync::SyncState) says why.
    SyncStopped,
    /// The pairing of a second device went no further.
    Pairing(PairingFailure),
    /// The server contradicts what is signed, or itself. Nothing of it was applied.
    ServerAlarm(SyncAlarm),
}

/// What was not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvalidWhat {
    /// Empty vault name.
    VaultName,
    /// Item too large for one entry.
    ItemTooLarge,
    /// A recipe that cannot make anything.
    Recipe,
    /// Unknown kind or field.
    Kind,
    /// Empty name of a device, too long, or of several lines.
    DeviceName,
}

/// Something to tell, not tied to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// An item that was in the trash on one device and edited on another is back.
    Resurrected(ObjectId),
    /// The computer's clock is behind the vault's newest entry by so many milliseconds.
    ClockBehind(u64),
    /// A past version of the vault's folder was put back; work continues in a new log.
    OldCopy,
    /// Orphaned files were removed.
    OrphansSwept(u64),
    /// The list of this device's vaults was damaged or missing and has been made anew from so many vaults.
    ListRebuilt(u64),
    /// So many files of the browser's storage were damaged where they say what they are, and were mended.
    StorageMended(u64),
    /// So many of them could not be mended and were put aside: a vault whose file is among them says so when it is opened.
    StorageSetAside(u64),
    /// This device's log was found continued elsewhere (a restored or copied folder): its unsent work, so many changes, moved to a new log.
    MovedToNewLog(u64),
}

/// Bytes that are wiped when dropped and can cross to a browser worker.
pub mod zeroize_bytes {
    use serde::{Deserialize, Serialize};
    use zeroize::Zeroizing;

    /// See the module.
    #[derive(Default, Serialize, Deserialize)]
    pub struct SecretBytes(#[serde(with = "bytes_wire")] pub Zeroizing<Vec<u8>>);

    mod bytes_wire {
        use serde::{Deserialize, Deserializer, Serializer};
        use zeroize::Zeroizing;

        pub(super) fn serialize<S: Serializer>(bytes: &Zeroizing<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(bytes)
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<Vec<u8>>, D::Error> {
            Vec::<u8>::deserialize(deserializer).map(Zeroizing::new)
        }
    }
}
