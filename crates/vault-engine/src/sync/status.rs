//! What the client is told of sync. Plain data; the words for it are the window's.

use serde::{Deserialize, Serialize};
use vault_model::{SecretText, secret::secret_wire};
use vault_protocol::{DeviceId, ObjectId};

use super::{PasswordLogin, Plan};
use crate::{event::Failure, members::ForkSide};

/// Everything a sync screen shows. Sent whole whenever any of it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// Where sync stands.
    pub state: SyncState,
    /// Whether sync is switched on here.
    pub enabled: bool,
    /// The server's origin, `https://host[:port]`; empty if none was ever named.
    pub server: String,
    /// Whether that server has taken this vault.
    pub registered: bool,
    /// The last time all was exchanged, Unix milliseconds; 0 = never.
    pub last_sync_ms: u64,
    /// What that server takes of this vault.
    pub plan: Plan,
    /// Whether address and master password alone bring the vault to a new device.
    pub password_login: PasswordLogin,
    /// Changes of this device that no server has confirmed.
    pub n_unpushed: u64,
    /// Changes that the server is known to hold, by all devices.
    pub n_remote: u64,
    /// Items here, trash and archive included.
    pub n_items: u64,
    /// All current devices, this one first, then by name.
    pub devices: Vec<SyncDevice>,
    /// How far all devices have signed that they hold the same.
    pub agreement: Agreement,
    /// The sides of a mutual removal that waits to be settled; empty where there is none.
    pub fork: Vec<ForkSide>,
    /// Devices, by name, that made an epoch apart which does not open here: their password is needed, too.
    pub unopened: Vec<String>,
    /// Six words over all that this device holds. Equal words on two devices: nothing was hidden from either (MS14).
    pub fingerprint: Vec<String>,
}

/// Where sync stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncState {
    /// Switched off on this device.
    Off,
    /// All is exchanged.
    UpToDate,
    /// Changes wait to be exchanged at this time (Unix milliseconds).
    Waiting {
        /// When.
        at_ms: u64,
    },
    /// Being exchanged.
    Running {
        /// What is being done.
        stage: SyncStage,
        /// Done so far, in changes.
        done: u64,
        /// Of so many; 0 if unknown.
        total: u64,
    },
    /// The server can't be reached. Nothing is lost; it is tried again at this time (Unix milliseconds).
    Offline {
        /// When.
        retry_ms: u64,
        /// Why.
        why: NetFailure,
    },
    /// The server is busy or asks for patience; tried again at this time (Unix milliseconds).
    Busy {
        /// When.
        retry_ms: u64,
    },
    /// The server takes no changes without a subscription. Changes of other devices still come in.
    PaymentRequired,
    /// The server's room for this vault is used up. Changes of other devices still come in.
    VaultFull,
    /// The server does not accept this device's login: it may have been removed by another device.
    NotAccepted,
    /// The server does not know this vault (any more): switch sync on again to register it.
    NotRegistered,
    /// Another device removed this one. What is here stays readable and is no longer exchanged.
    Removed,
    /// Members removed each other: sync waits until it is settled with the recovery kit (LD06).
    SettleNeeded,
    /// Two devices changed the password or the members at the same time: [`Command::JoinEpochs`](crate::Command) joins what they did before
    /// changes are sent.
    PasswordNeeded,
    /// This device was let in while another one changed the password or the members, so that its place does not count:
    /// [`Command::EnrolAgain`](crate::Command) takes a new one, with all that was written here.
    PlaceLost,
    /// Another device runs a newer version: nothing more is applied until this one is updated.
    NeedsUpdate,
    /// The server contradicts what is signed, or itself. Nothing of it was applied.
    Alarm(SyncAlarm),
    /// This device holds no more than its own part of the history (it was restored from a backup), and the server has none of the rest: it
    /// can't be the first to fill a server.
    CannotFill,
    /// Something failed on this device.
    Failed(Failure),
}

/// A stage of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncStage {
    /// Logging in.
    Connecting,
    /// Taking changes in.
    Pulling,
    /// Handing changes over.
    Pushing,
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetFailure {
    /// No network, no such host, or nobody answers there.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The connection can't be trusted (certificate, TLS).
    NotTrusted,
    /// It broke off, or the answer was too long or no HTTP.
    Broken,
    /// The platform refused to ask (a browser's policy, an address that is none).
    Refused,
}

/// What a server did that an honest one does not. Nothing of it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncAlarm {
    /// It shows an older state than it had shown before (MS12).
    Rollback {
        /// Whose changes are missing; empty if unknown.
        device: String,
        /// The last change that it had.
        had: u64,
        /// The last change that it has now.
        has: u64,
    },
    /// It shows another history of a device than the one known here: devices may have been shown different things (MS14).
    Fork {
        /// Whose.
        device: String,
        /// The change at which they part.
        change: u64,
    },
    /// Something that it sent is not as its author sealed and signed it (MS07).
    Altered,
    /// The record of members and keys was altered, forged or cut (MS01, MS03, MS17–MS19, MS21).
    RecordAltered,
    /// It shows an older record of members and keys than before.
    RecordRollback,
    /// It has another vault under this vault's name, with another salt (MS03).
    OtherVault,
    /// After its changes the state is not the one that their author signed: something was left out (MS11).
    StateDiffers {
        /// The author.
        device: String,
    },
    /// It has held a change back for a while that others build on (MS10).
    Withheld {
        /// Whose change is missing.
        device: String,
        /// Its number.
        change: u64,
    },
    /// A device's change was refused although its signature is good; nothing more of that device is applied.
    DeviceRefused {
        /// Which device.
        device: String,
        /// The change.
        change: u64,
    },
    /// It answers what is no answer.
    Nonsense,
}

/// A current device of the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncDevice {
    /// Which.
    pub device: DeviceId,
    /// Its name; empty if it has none yet.
    pub name: String,
    /// Whether it is this one.
    pub is_this: bool,
    /// Its own clock at the last change or sign of life that it signed, Unix milliseconds; 0 = none was seen yet.
    pub last_seen_ms: u64,
    /// It is silent beyond the promised 30 days: it may be lost, or its changes may be held back (MS15).
    pub is_silent: bool,
    /// Changes applied here that it has not signed as seen, counted over all devices; 0 for this one.
    pub n_behind: u64,
}

/// "All N devices agree up to change M."
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Current devices.
    pub n_devices: u32,
    /// Changes, counted over all devices, that every one of them has signed as seen.
    pub n_agreed: u64,
    /// Changes, counted over all devices, that are applied here.
    pub n_changes: u64,
}

/// What an exchange brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeSummary {
    /// Items that are new or different.
    pub n_changed: u64,
    /// Items that went for ever.
    pub n_gone: u64,
    /// Items that now have more than one value in a field: both were kept.
    pub conflicts: Vec<ObjectId>,
}

impl MergeSummary {
    /// Whether nothing came in.
    pub fn is_empty(&self) -> bool {
        self.n_changed == 0 && self.n_gone == 0 && self.conflicts.is_empty()
    }
}

/// How far the pairing of a second device is.
#[derive(Serialize, Deserialize)]
pub enum PairingStep {
    /// On the device with the vault: what is to be typed into the new one, with the server's address.
    Code {
        /// Four groups of four characters; also as a QR code.
        #[serde(with = "secret_wire")]
        code: SecretText,
        /// The server's origin.
        server: String,
        /// When it is void, Unix milliseconds.
        expires_ms: u64,
    },
    /// On both: the same four characters, or somebody stands in between. On the device with the vault, `PairConfirm` says that they are equal.
    Compare {
        /// Four characters.
        code: String,
        /// The new device's name; empty on itself.
        device: String,
    },
    /// On the new device: it is enrolled, and `PairFinish` opens the vault with the master password.
    PasswordNeeded,
    /// On the device with the vault: the new one is enrolled.
    Done {
        /// Its name.
        device: String,
    },
}

/// Why pairing failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PairingFailure {
    /// Not the sixteen characters of a code.
    NotACode,
    /// The other device did not answer in the code's five minutes.
    TimedOut,
    /// Whoever answered does not know the code, or is not who it began as. Nothing was sent.
    NotAuthentic,
}
