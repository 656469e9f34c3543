//! What a window or the command line asks of the engine.
//!
//! Each variant's doc names the events that answer it. Every command is also answered by [`Event::Done`] or [`Event::Failed`] with its
//! request id, exactly once.
//!
//! [`Event::Done`]: crate::Event::Done
//! [`Event::Failed`]: crate::Event::Failed

use serde::{Deserialize, Serialize};
use vault_model::{AttachmentId, FieldId, ItemDraft, SecretText, secret::secret_wire};
use vault_protocol::{DeviceId, Dot, Hash, ObjectId, VaultId};

use crate::files::FetchPolicy;

/// Names a request, so that its answers are recognised. Chosen by the client, unique while the request runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);

/// A file that the platform has registered for reading. Bytes of files never travel in a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u64);

/// A place that the platform has registered for writing: nothing is visible there before it is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SinkId(pub u64);

/// An order to the engine.
#[derive(Serialize, Deserialize)]
pub enum Command {
    // ---- vaults of this device, no vault needs to be open
    /// Answer: [`Event::Vaults`](crate::Event::Vaults).
    ListVaults,
    /// Makes a vault and opens it. Without a password it has the device factor only (a banner asks for one).
    /// Answer: `Vaults`, `Opened`, `Rows`.
    CreateVault {
        /// Display name, a local label.
        name: String,
        /// The master password, if already chosen.
        #[serde(with = "optional_secret")]
        password: Option<SecretText>,
    },
    /// Opens a vault with the device factor, and the password if the vault has one. Answer: `Opened`, `Rows`; or `Failed`.
    Unlock {
        /// Which.
        vault: VaultId,
        /// The master password; empty for a vault without one.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// Opens with a recovery kit: with the device factor and a new password (forgotten password), or with the master password where the
    /// device factor is lost. Kit use ends in one epoch that also replaces the kit. Answer: `Opened`, `Rows`.
    UnlockWithKit {
        /// Which.
        vault: VaultId,
        /// The kit.
        kit: KitInput,
        /// Which other factor joins it.
        with: KitPartner,
    },
    /// Wipes all keys and clears the clipboard if it still holds ours. Answer: `Locked`.
    Lock,
    /// Answer: `Vaults`.
    RenameVault {
        /// Which.
        vault: VaultId,
        /// Its new display name.
        name: String,
    },
    /// Removes the vault's folder from this device. Needs the master password (typed anew) if the vault has one. Answer: `Vaults`.
    DeleteVault {
        /// Which.
        vault: VaultId,
        /// The master password; empty for a vault without one.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// First password, or a change. Makes a new epoch with all slots rewritten. Answer: `VaultChanged`.
    ChangePassword {
        /// The present one; empty if there is none.
        #[serde(with = "secret_wire")]
        current: SecretText,
        /// The new one.
        #[serde(with = "secret_wire")]
        new: SecretText,
    },

    // ---- items
    /// Answer: `Found` with the same request id. An empty query finds all of the scope.
    Search {
        /// Words and operators: `tag:` `kind:` `is:` `has:` `field:` `folder:` `-not`.
        query: String,
        /// Where to look.
        scope: Scope,
        /// In what order, where the query has no words (words rank).
        sort: Sort,
    },
    /// Answer: `Item`. Live TOTP codes follow as `Totp` until another item is opened or [`Command::CloseItem`].
    OpenItem {
        /// Which.
        item: ObjectId,
    },
    /// Stops the live values of the open item.
    CloseItem,
    /// Makes or changes an item. Answer: `Saved`, then `RowsChanged`.
    SaveItem(Box<ItemDraft>),
    /// Makes a copy with fresh ids. Attachments are shared by descriptor. Answer: `Saved`, `RowsChanged`.
    DuplicateItem {
        /// Which.
        item: ObjectId,
    },
    /// Sets or clears a mark on items, as one entry. Answer: `RowsChanged`.
    MarkItems {
        /// Which.
        items: Vec<ObjectId>,
        /// What changes.
        mark: Mark,
    },
    /// Asks for final removal; done at once while this is the only device. Answer: `RowsChanged`.
    PurgeItems {
        /// Which; all must be in the trash.
        items: Vec<ObjectId>,
    },
    /// Purges all that is in the trash. Answer: `RowsChanged`.
    EmptyTrash,
    /// Answer: `Revealed` with the same request id.
    Reveal {
        /// Which item.
        item: ObjectId,
        /// Which field.
        field: FieldId,
    },
    /// Puts a field's text (for TOTP: the current code) on the clipboard by an effect. Answer: `Copied`, later `ClipboardCleared`.
    CopyField {
        /// Which item.
        item: ObjectId,
        /// Which field.
        field: FieldId,
    },
    /// Puts a secret that the window already holds (a generated password) on the clipboard, marked and cleared alike. Answer: `Copied`.
    CopyText {
        /// What.
        #[serde(with = "secret_wire")]
        text: SecretText,
    },
    /// Clears the clipboard now if it still holds ours. Answer: `ClipboardCleared`.
    ClearClipboard,
    /// Answer: `History`, newest first.
    History {
        /// Which item.
        item: ObjectId,
        /// One field, or all of them.
        field: Option<FieldId>,
    },
    /// Answer: `Revealed` with the value a past write had.
    RevealPast {
        /// Which item.
        item: ObjectId,
        /// The write.
        dot: Dot,
    },
    /// Writes a past value anew. Answer: `Saved`, `RowsChanged`, `Item`.
    RestorePast {
        /// Which item.
        item: ObjectId,
        /// The write.
        dot: Dot,
    },
    /// Random password or passphrase. Answer: `Generated` with the same request id.
    Generate(vault_model::generate::Recipe),
    /// Seals what is being typed, so that a lock loses nothing; `None` forgets it. Offered again by `Opened { draft }`.
    KeepDraft(Option<Box<ItemDraft>>),

    // ---- files
    /// Streams a file into the vault as an attachment. Answer: `Progress`, then `Saved`.
    Attach {
        /// To which item.
        item: ObjectId,
        /// The registered file.
        source: SourceId,
        /// Its name without path.
        name: String,
        /// Media type, empty if unknown.
        media_type: String,
    },
    /// Streams an attachment out. Answer: `Progress`, then `Done`.
    Extract {
        /// From which item.
        item: ObjectId,
        /// Which.
        attachment: AttachmentId,
        /// The registered place.
        sink: SinkId,
    },
    /// Removes an attachment from its item; history keeps it until purge. Answer: `RowsChanged`.
    Detach {
        /// From which item.
        item: ObjectId,
        /// Which.
        attachment: AttachmentId,
    },
    /// The first bytes of an attachment (or all, up to `limit`), decrypted into memory. Answer: `Bytes` with the same request id.
    ReadAttachment {
        /// From which item.
        item: ObjectId,
        /// Which.
        attachment: AttachmentId,
        /// First byte.
        offset: u64,
        /// At most so many bytes; at most 256 MiB.
        limit: u64,
    },
    /// Stops a running request; it answers `Failed(Cancelled)`.
    Cancel(RequestId),

    // ---- backup, kit, health
    /// Writes a full `.nt2backup`. A passphrase is required until a kit is saved. Answer: `Progress`, `BackedUp`.
    Backup {
        /// Where to.
        sink: SinkId,
        /// The backup's own passphrase.
        #[serde(with = "optional_secret")]
        passphrase: Option<SecretText>,
    },
    /// Reads what a backup says of itself without keys. Answer: `BackupFound`.
    InspectBackup {
        /// The file.
        source: SourceId,
    },
    /// Restores. Answer: `Progress`, `Restored`, and `Opened` unless merged.
    Restore {
        /// The file.
        source: SourceId,
        /// How it opens.
        key: BackupKeyInput,
        /// What becomes of it.
        into: RestoreInto,
    },
    /// Opens a backup beside the vault, reads every item and every attachment byte, compares with the live vault. Answer: `Progress`, `Tested`.
    TestBackup {
        /// The file.
        source: SourceId,
        /// How it opens.
        key: BackupKeyInput,
    },
    /// Writes the recovery kit. It counts as saved only when [`Command::CheckKit`] has read it back. Answer: `Done`.
    SaveKit {
        /// Where to.
        sink: SinkId,
        /// The kit's own passphrase; never the master password.
        #[serde(with = "optional_secret")]
        passphrase: Option<SecretText>,
    },
    /// Reads a kit back and compares it with this vault's. Answer: `KitChecked`, `VaultChanged`.
    CheckKit {
        /// The kit.
        kit: KitInput,
    },
    /// Verifies database, log, rows and, if asked, every attachment byte. Answer: `Progress`, `Checked`.
    CheckVault {
        /// Whether every attachment byte is read.
        read_attachments: bool,
    },

    // ---- sync, see `crate::sync`
    /// Switches sync of the open vault on: registers it with a server (`https://host[:port]`, no path), hands over everything, and from
    /// then on exchanges changes by itself. Naming another server moves sync there; naming the same one again accepts what it shows now
    /// as a new beginning (after [`SyncAlarm::Rollback`](crate::sync::SyncAlarm)); what is signed is checked as ever.
    /// Answer: `SyncChanged` with progress in its state, `SyncMerged`, then `Done`.
    SyncEnable {
        /// The server's origin.
        server: String,
    },
    /// Exchanges changes now. Answer: `SyncChanged`, `SyncMerged`, then `Done`, or `Failed` with why.
    SyncNow,
    /// Switches sync off on this device only; what the server has stays there. Answer: `SyncChanged`.
    SyncDisable,
    /// Answer: `SyncChanged`.
    SyncStatus,
    /// Attachments on their way between this device and the server.
    Files(FilesCommand),
    /// Deletes everything that the server has of this vault, at once, and switches sync off here. Needs the recovery kit, whose owner key
    /// the server asks for. Answer: `SyncChanged`.
    DeleteReplica {
        /// The kit in force.
        kit: KitInput,
    },
    /// Asks the server for the address where Premium is bought. Answer: [`Event::Checkout`](crate::Event::Checkout); what the vault is
    /// entitled to is then asked for often for a while, and told by `SyncChanged`.
    OpenCheckout,
    /// Redeems a code for Premium. Answer: `SyncChanged`; changes that wait are sent.
    RedeemPromo {
        /// As typed; case, spaces and hyphens do not matter.
        code: String,
    },
    /// Brings a vault to this device from a server, with its recovery kit and master password. Kit use ends in one epoch that also
    /// replaces the kit. Answer: `Progress`, `Vaults`, `Opened`, `Rows`, `SyncChanged`.
    JoinWithKit {
        /// The server's origin.
        server: String,
        /// The vault's public name, `did:key:…`: printed on the kit. Not needed with a kit file, which holds it.
        did: Option<String>,
        /// Display name on this device.
        name: String,
        /// The kit.
        kit: KitInput,
        /// The master password.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// Switches "address + password" on: from then on the vault's address ([`address`](crate::sync::address)) and its master password bring it
    /// to a new device. Whoever runs the server may then try passwords as often as they like, so it must be a long one. Answer: `SyncChanged`.
    AllowPasswordLogin {
        /// The master password, typed anew.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// Switches it off: the server deletes what it had for it, and a new epoch makes that worthless. Answer: `VaultChanged`, `SyncChanged`.
    ForbidPasswordLogin {
        /// The master password, typed anew.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// Brings a vault to this device from a server, with its address and master password, where that is on. A server that does not know the
    /// vault, one where it is off, and a wrong password look alike. Answer: `Progress`, `Vaults`, `Opened`, `Rows`, `SyncChanged`.
    JoinWithPassword {
        /// The vault's address, `https://host/#/join/did:key:…`.
        address: String,
        /// Display name on this device.
        name: String,
        /// The master password.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },

    /// On a device with the open vault and sync: makes a code for a new device, and waits for that. Answer: `Pairing` (`Code`, `Compare`, after
    /// [`Command::PairConfirm`] `Done`), then `Done`. [`Command::Cancel`] makes the code void.
    PairHost,
    /// The comparison codes are equal: enrols the new device. Answer: `Pairing`, `VaultChanged`, `Done`. A wrong password may be typed again.
    PairConfirm {
        /// The master password, typed anew.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },
    /// On the new device: the code of the other one. Answer: `Pairing` (`Compare`, `PasswordNeeded`); `Done` with [`Command::PairFinish`].
    PairJoin {
        /// The server's origin, as the other device shows it.
        server: String,
        /// The code as typed.
        #[serde(with = "secret_wire")]
        code: SecretText,
        /// Display name on this device.
        name: String,
    },
    /// Opens the vault that this device was enrolled in. Answer: `Progress`, `Vaults`, `Opened`, `Rows`, `SyncChanged`. A wrong password may be
    /// typed again.
    PairFinish {
        /// The master password.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },

    // ---- members, see `crate::members`
    /// Gives a current device, this or another one, a new name; all devices show it. Answer: `SyncChanged`.
    RenameDevice {
        /// Which.
        device: DeviceId,
        /// Its new name, one line.
        name: String,
    },
    /// What the removal of a device would mean. Answer: `RemovalPlanned` with the same request id.
    PlanRemoval {
        /// Which; not this one.
        device: DeviceId,
    },
    /// Takes a device's place in the vault away: one new epoch with slots for all others (LD03). Needs the master password, typed anew, and
    /// where the plan says so a new one in the same step (LD04). Others lock and open with the (new) password once they hear of it.
    /// Answer: `VaultChanged`, `SyncChanged`.
    RemoveDevice {
        /// Which; not this one.
        device: DeviceId,
        /// The master password in force.
        #[serde(with = "secret_wire")]
        password: SecretText,
        /// A new one, in force for all devices that stay.
        #[serde(with = "optional_secret")]
        new_password: Option<SecretText>,
    },
    /// Joins epochs that devices made apart ([`SyncState::PasswordNeeded`](crate::sync::SyncState)) in one that follows all of them.
    /// Answer: `VaultChanged`, `SyncChanged`.
    JoinEpochs {
        /// The master password that opens the vault on this device: in force everywhere from then on.
        #[serde(with = "secret_wire")]
        password: SecretText,
        /// The one that was set on the other device, where it is another.
        #[serde(with = "optional_secret")]
        other: Option<SecretText>,
    },
    /// Settles a mutual removal ([`SyncState::SettleNeeded`](crate::sync::SyncState)) with the recovery kit that was in force before it (LD06).
    /// The server has to be reached. Answer: `Done`, then `SyncChanged`.
    Settle {
        /// The side that stands: [`ForkSide::entry`](crate::members::ForkSide).
        stands: Hash,
        /// The kit.
        kit: KitInput,
    },
    /// Takes a new place where this device's own became void ([`SyncState::PlaceLost`](crate::sync::SyncState)). Kit use ends in one epoch that
    /// also replaces the kit. Answer: `VaultChanged`, `SyncChanged`.
    EnrolAgain {
        /// The kit in force.
        kit: KitInput,
        /// The master password in force.
        #[serde(with = "secret_wire")]
        password: SecretText,
    },

    // ---- settings
    /// Changes the sealed settings of the open vault. Answer: `VaultChanged`.
    SetVaultSettings(VaultSettings),
    /// The person did something: restarts the idle clock.
    Touch,
}

/// A recovery kit as given by a person.
#[derive(Serialize, Deserialize)]
pub enum KitInput {
    /// A `.nt2recovery` file and its passphrase, if it has one.
    File {
        /// The file.
        source: SourceId,
        /// Its passphrase.
        #[serde(with = "optional_secret")]
        passphrase: Option<SecretText>,
    },
    /// The 24 words.
    Words(#[serde(with = "secret_wire")] SecretText),
}

/// The factor that joins a kit.
#[derive(Serialize, Deserialize)]
pub enum KitPartner {
    /// This device's key; a new master password is set in the same step.
    Device {
        /// The new master password.
        #[serde(with = "secret_wire")]
        new_password: SecretText,
    },
    /// The master password.
    Password(#[serde(with = "secret_wire")] SecretText),
}

/// What opens a backup.
#[derive(Serialize, Deserialize)]
pub enum BackupKeyInput {
    /// The vault that is open now.
    OpenVault,
    /// The backup's own passphrase: a new vault with the same items.
    Passphrase(#[serde(with = "secret_wire")] SecretText),
    /// Master password and kit: the same vault, this device enrols itself.
    PasswordAndKit {
        /// The master password.
        #[serde(with = "secret_wire")]
        password: SecretText,
        /// The kit.
        kit: KitInput,
    },
    /// Master password and this device, which was a member when the backup was made.
    PasswordAndDevice(#[serde(with = "secret_wire")] SecretText),
}

/// What a restored backup becomes.
#[derive(Serialize, Deserialize)]
pub enum RestoreInto {
    /// A vault of its own on this device.
    Vault {
        /// Its display name.
        name: String,
        /// The master password of a new vault (passphrase-only restore); `None` where the backup's own password stays.
        #[serde(with = "optional_secret")]
        new_password: Option<SecretText>,
    },
    /// Merged into the open vault; nothing there is overwritten.
    OpenVault,
}

/// Where a search looks. Trash and archive are found only in their own scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// All that is neither archived nor in the trash.
    All,
    /// Favourites.
    Favourites,
    /// One kind.
    Kind(String),
    /// One tag.
    Tag(String),
    /// One folder and those below it.
    Folder(String),
    /// The archive.
    Archive,
    /// The trash.
    Trash,
    /// Items with concurrent values.
    Conflicts,
    /// Items that expire within 30 days, or have expired.
    Expiring,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// By title, folded.
    #[default]
    Title,
    /// Last changed first.
    Changed,
    /// Newest first.
    Created,
    /// By kind, then title.
    Kind,
}

/// A change that several items can take at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Into the trash, or out of it.
    Trashed(bool),
    /// Into the archive, or out of it.
    Archived(bool),
    /// Favourite or not.
    Favourite(bool),
    /// Adds a tag.
    AddTag(String),
    /// Removes a tag.
    RemoveTag(String),
    /// Moves to a folder; empty for none.
    Folder(String),
}

/// Settings that belong to the vault and travel with it, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultSettings {
    /// Lock after so many seconds without input; 0 = never.
    pub lock_after_secs: u32,
    /// Clear the clipboard after so many seconds; 0 = never.
    pub clipboard_secs: u32,
    /// Hide a revealed secret after so many seconds; 0 = never.
    pub reveal_secs: u32,
    /// Days in the trash before the window proposes to empty it; 0 = never.
    pub trash_days: u32,
    /// Remind of a backup older than so many days; 0 = never.
    pub backup_days: u32,
}

impl Default for VaultSettings {
    /// Idle lock of the guide (5 min), clipboard 30 s, reveal 30 s, trash 30 days, backup 7 days.
    fn default() -> Self {
        Self { lock_after_secs: 300, clipboard_secs: 30, reveal_secs: 30, trash_days: 30, backup_days: 7 }
    }
}

/// What is asked of transfers. Every answer but to [`Self::Fetch`] begins with `FilesChanged`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilesCommand {
    /// Answer: `FilesChanged`.
    Status,
    /// What this device keeps of attachments. Answer: `FilesChanged`.
    Settings {
        /// Which come by themselves.
        policy: FetchPolicy,
        /// Bytes of fetched files above which the oldest of them leave this device again; 0 = no limit.
        cap_bytes: u64,
        /// Nothing is transferred but what is opened.
        paused: bool,
    },
    /// The attachments of an item stay on this device, whatever the settings say. Answer: `FilesChanged`, `Item`.
    KeepOffline {
        /// The item.
        item: ObjectId,
        /// Whether they do.
        keep: bool,
    },
    /// Brings an attachment here now, before all others. Answer: `Progress`, `Done` when it is here.
    Fetch {
        /// The item.
        item: ObjectId,
        /// Which of its attachments.
        attachment: AttachmentId,
    },
    /// Takes off this device what the server has and nobody keeps offline. Answer: `FilesChanged`.
    FreeSpace,
    /// Tries again at once what did not work. Answer: `FilesChanged`.
    Retry,
}

impl FilesCommand {
    fn name(&self) -> &'static str {
        match self {
            Self::Status => "files: status",
            Self::Settings { .. } => "files: settings",
            Self::KeepOffline { .. } => "files: keep offline",
            Self::Fetch { .. } => "files: fetch",
            Self::FreeSpace => "files: free space",
            Self::Retry => "files: retry",
        }
    }
}

impl Command {
    /// Whether it may change the open vault.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::ChangePassword { .. }
            | Self::SaveItem(_)
            | Self::DuplicateItem { .. }
            | Self::MarkItems { .. }
            | Self::PurgeItems { .. }
            | Self::EmptyTrash
            | Self::RestorePast { .. }
            | Self::Attach { .. }
            | Self::Detach { .. }
            | Self::Restore { .. }
            | Self::PairConfirm { .. }
            | Self::AllowPasswordLogin { .. }
            | Self::ForbidPasswordLogin { .. }
            | Self::RenameDevice { .. }
            | Self::RemoveDevice { .. }
            | Self::JoinEpochs { .. }
            | Self::EnrolAgain { .. }
            | Self::SetVaultSettings(_) => true,
            Self::ListVaults
            | Self::CreateVault { .. }
            | Self::Unlock { .. }
            | Self::UnlockWithKit { .. }
            | Self::Lock
            | Self::RenameVault { .. }
            | Self::DeleteVault { .. }
            | Self::Search { .. }
            | Self::OpenItem { .. }
            | Self::CloseItem
            | Self::Reveal { .. }
            | Self::CopyField { .. }
            | Self::CopyText { .. }
            | Self::ClearClipboard
            | Self::History { .. }
            | Self::RevealPast { .. }
            | Self::Generate(_)
            | Self::KeepDraft(_)
            | Self::Extract { .. }
            | Self::ReadAttachment { .. }
            | Self::Cancel(_)
            | Self::Backup { .. }
            | Self::InspectBackup { .. }
            | Self::TestBackup { .. }
            | Self::SaveKit { .. }
            | Self::CheckKit { .. }
            | Self::CheckVault { .. }
            | Self::SyncEnable { .. }
            | Self::SyncNow
            | Self::SyncDisable
            | Self::SyncStatus
            | Self::Files(_)
            | Self::DeleteReplica { .. }
            | Self::OpenCheckout
            | Self::JoinWithPassword { .. }
            | Self::RedeemPromo { .. }
            | Self::JoinWithKit { .. }
            | Self::PairHost
            | Self::PairJoin { .. }
            | Self::PairFinish { .. }
            | Self::PlanRemoval { .. }
            | Self::Settle { .. }
            | Self::Touch => false,
        }
    }

    /// Its name, for logs. Never its content.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ListVaults => "list vaults",
            Self::CreateVault { .. } => "create vault",
            Self::Unlock { .. } => "unlock",
            Self::UnlockWithKit { .. } => "unlock with kit",
            Self::Lock => "lock",
            Self::RenameVault { .. } => "rename vault",
            Self::DeleteVault { .. } => "delete vault",
            Self::ChangePassword { .. } => "change password",
            Self::Search { .. } => "search",
            Self::OpenItem { .. } => "open item",
            Self::CloseItem => "close item",
            Self::SaveItem(_) => "save item",
            Self::DuplicateItem { .. } => "duplicate item",
            Self::MarkItems { .. } => "mark items",
            Self::PurgeItems { .. } => "purge items",
            Self::EmptyTrash => "empty trash",
            Self::Reveal { .. } => "reveal",
            Self::CopyField { .. } => "copy field",
            Self::CopyText { .. } => "copy text",
            Self::ClearClipboard => "clear clipboard",
            Self::History { .. } => "history",
            Self::RevealPast { .. } => "reveal past",
            Self::RestorePast { .. } => "restore past",
            Self::Generate(_) => "generate",
            Self::KeepDraft(_) => "keep draft",
            Self::Attach { .. } => "attach",
            Self::Extract { .. } => "extract",
            Self::Detach { .. } => "detach",
            Self::ReadAttachment { .. } => "read attachment",
            Self::Cancel(_) => "cancel",
            Self::Backup { .. } => "backup",
            Self::InspectBackup { .. } => "inspect backup",
            Self::Restore { .. } => "restore",
            Self::TestBackup { .. } => "test backup",
            Self::SaveKit { .. } => "save kit",
            Self::CheckKit { .. } => "check kit",
            Self::CheckVault { .. } => "check vault",
            Self::SyncEnable { .. } => "enable sync",
            Self::SyncNow => "sync now",
            Self::SyncDisable => "disable sync",
            Self::SyncStatus => "sync status",
            Self::Files(command) => command.name(),
            Self::DeleteReplica { .. } => "delete cloud replica",
            Self::AllowPasswordLogin { .. } => "allow address and password",
            Self::ForbidPasswordLogin { .. } => "forbid address and password",
            Self::JoinWithPassword { .. } => "join with password",
            Self::OpenCheckout => "open checkout",
            Self::RedeemPromo { .. } => "redeem code",
            Self::JoinWithKit { .. } => "join with kit",
            Self::PairHost => "pair: make a code",
            Self::PairConfirm { .. } => "pair: confirm",
            Self::PairJoin { .. } => "pair: join",
            Self::PairFinish { .. } => "pair: finish",
            Self::RenameDevice { .. } => "rename device",
            Self::PlanRemoval { .. } => "plan removal",
            Self::RemoveDevice { .. } => "remove device",
            Self::JoinEpochs { .. } => "join epochs",
            Self::Settle { .. } => "settle",
            Self::EnrolAgain { .. } => "enrol again",
            Self::SetVaultSettings(_) => "set vault settings",
            Self::Touch => "touch",
        }
    }
}

/// [`secret_wire`] for an optional secret.
mod optional_secret {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use vault_model::SecretText;

    pub(super) fn serialize<S: Serializer>(secret: &Option<SecretText>, serializer: S) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(SecretText::expose).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretText>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(SecretText::new))
    }
}
