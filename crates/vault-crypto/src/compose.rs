//! Writing control entries: bodies with their slots and keyrings, signed and ready to be appended.
//!
//! Every function decides from the fold of the verified local log, never from what a server said (MS24), and changes nothing itself: the
//! caller appends the entry, which checks it once more, and stores the secrets first.

mod enrol;
mod epoch;
mod genesis;
mod slots;

use vault_protocol::control::{Allow, ControlBody, ControlEntry, ControlLog, Floor, Incarnation, Membership, Retire, Settle};
use vault_protocol::{DeviceId, EpochId, Hash, Kind, LogId, Signer};

use crate::entropy::EntropyError;
use crate::message::SealError;
use crate::secret::{LogSigningKey, OwnerKey};
use crate::slot::SlotError;

pub use enrol::{EnrolDraft, NewDevice, SelfEnrolled, make_enrol, make_enrol_draft, make_self_enrol};
pub use epoch::{EpochMade, NewEpoch, make_epoch};
pub use genesis::{GenesisMade, NewVault, make_genesis, make_salt};
pub use slots::make_slots;

/// Why no entry was composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// The generator failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A slot could not be written.
    #[error("a slot could not be written")]
    Slot(#[source] SlotError),
    /// The keyring does not fit into a message.
    #[error("the keyring is too long")]
    TooLong,
    /// The vault has a password, and none was given: a new epoch or slot without it would open with less.
    #[error("the master password is needed")]
    PasswordNeeded,
    /// The vault has no password yet: the first one is a new epoch, not new slots, because the old ones would still open the same key.
    #[error("the vault has no master password yet")]
    NoPassword,
    /// The signer's log is not an open log of a current device.
    #[error("this device is not a member")]
    NotMember,
    /// There is more than one newest epoch, or one of them is not open: a joining epoch comes first.
    #[error("concurrent epochs have to be joined first")]
    ConcurrentEpochs,
    /// A device or log that is not there.
    #[error("no such device or log")]
    Unknown,
    /// A removal that names the signer itself.
    #[error("a device cannot remove itself")]
    RemovesSelf,
    /// A lower cost than the one in force (MS01).
    #[error("the derivation cost may only rise")]
    CostFell,
}

impl From<SlotError> for ComposeError {
    fn from(error: SlotError) -> Self {
        match error {
            SlotError::Entropy(error) => Self::Entropy(error),
            SlotError::WrongFactors | SlotError::SmallOrder | SlotError::Cost => Self::Slot(error),
        }
    }
}

impl From<SealError> for ComposeError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Entropy(error) => Self::Entropy(error),
            SealError::TooLong => Self::TooLong,
        }
    }
}

/// Starts a new log of a device whose continuity is not proven (MS16). `signer` is the old log's key or the newest epoch's enrol key; the old
/// log stays open until it is retired.
///
/// # Errors
///
/// [`ComposeError::Unknown`] if the old log is not one of the device's.
pub fn make_incarnation(
    log: &ControlLog,
    body: Incarnation,
    new_key: &LogSigningKey,
    signer: &dyn Signer,
) -> Result<ControlEntry, ComposeError> {
    let known = log.state().logs().get(&body.old_log).is_some_and(|state| state.device == body.device);
    if !known {
        return Err(ComposeError::Unknown);
    }
    let body = ControlEntry::incarnation_body(log.vault(), log.heads(), body, new_key);
    Ok(sign(log, body, signer))
}

/// What a member sets aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// A silent device, with every log it has.
    Device(DeviceId),
    /// One log of a device.
    Log(LogId),
}

/// Sets a device or one log aside.
///
/// # Errors
///
/// [`ComposeError::NotMember`], [`ComposeError::Unknown`].
pub fn make_retire(log: &ControlLog, retired: Retired, member: &LogSigningKey) -> Result<ControlEntry, ComposeError> {
    let membership = log.state();
    check_member(membership, member)?;
    let (known, body) = match retired {
        Retired::Device(device) => (membership.is_current(device), Retire { device: Some(device), log: None }),
        Retired::Log(log) => (membership.is_open_log(log), Retire { device: None, log: Some(log) }),
    };
    if known { Ok(sign(log, ControlBody::Retire(body), member)) } else { Err(ComposeError::Unknown) }
}

/// Ends a mutual removal: `heads` stand. `owner` must be the owner key in force before the fork (LD06).
///
/// # Errors
///
/// [`ComposeError::Unknown`] if there is no conflict or the key is another.
pub fn make_settle(log: &ControlLog, mut heads: Vec<Hash>, owner: &OwnerKey) -> Result<ControlEntry, ComposeError> {
    let conflict = log.state().conflict().ok_or(ComposeError::Unknown)?;
    if conflict.owner_key != owner.public_key() {
        return Err(ComposeError::Unknown);
    }
    heads.sort_unstable();
    Ok(sign(log, ControlBody::Settle(Settle { heads }), owner))
}

/// Raises the least format and rules version that programs may accept.
///
/// # Errors
///
/// [`ComposeError::NotMember`].
pub fn make_floor(log: &ControlLog, floor: Floor, member: &LogSigningKey) -> Result<ControlEntry, ComposeError> {
    check_member(log.state(), member)?;
    Ok(sign(log, ControlBody::Floor(floor), member))
}

/// Switches "address + password" on (with the hash of the record that the server is about to hold) or off. Off is followed by a new epoch.
///
/// # Errors
///
/// [`ComposeError::NotMember`].
pub fn make_allow(log: &ControlLog, bootstrap: Option<Hash>, member: &LogSigningKey) -> Result<ControlEntry, ComposeError> {
    check_member(log.state(), member)?;
    Ok(sign(log, ControlBody::Allow(Allow { bootstrap }), member))
}

/// Signs `body` on top of all heads.
fn sign(log: &ControlLog, body: ControlBody, signer: &dyn Signer) -> ControlEntry {
    ControlEntry::sign(log.vault(), log.heads().to_vec(), log.next_number(), body, signer)
}

/// The device whose open log `member` signs.
fn check_member(membership: &Membership, member: &LogSigningKey) -> Result<DeviceId, ComposeError> {
    let log = membership.open_log_of_key(member.public_key()).ok_or(ComposeError::NotMember)?;
    membership.logs().get(&log).map(|state| state.device).ok_or(ComposeError::NotMember)
}

/// The single newest epoch.
fn newest_epoch(membership: &Membership) -> Result<EpochId, ComposeError> {
    membership.newest_epoch().ok_or(ComposeError::ConcurrentEpochs)
}

/// Whether some live slot takes the master password.
fn has_password(membership: &Membership) -> bool {
    membership.live_slots().iter().any(|live| matches!(live.kind, Kind::SlotPD | Kind::SlotPR))
}
