//! Why a control entry was refused.

use super::CostError;
use crate::{HeaderError, SignatureError};

/// Why a control entry was refused. Nothing changed in the log that refused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// Not one whole entry in its only encoding, or over a ceiling.
    #[error("not a control entry")]
    Frame,
    /// Another format, or one under the vault's floor (MS19).
    #[error("the control entry has a format that is not accepted")]
    Format,
    /// A signature does not verify, or a key that must sign is unusable.
    #[error("a signature of the control entry does not verify")]
    Signature(#[source] SignatureError),
    /// It names another vault, or the vault's name is not that of the DID (MS03).
    #[error("the control entry belongs to another vault")]
    WrongVault,
    /// The first entry is not a genesis signed by its own DID key, or a later one is.
    #[error("there is exactly one genesis, signed by the vault's name")]
    Genesis,
    /// A parent is not here yet: the log waits for it.
    #[error("an entry that it builds on is missing")]
    MissingParent,
    /// A parent lies before another one, or the number does not follow from them.
    #[error("parents and number do not fit together")]
    Chain,
    /// The log is full or falls apart into too many chains.
    #[error("the control log is over a ceiling")]
    TooMany,
    /// The signer was not entitled to such an entry at its parents (MS17, MS21).
    #[error("the signer was not entitled to this entry")]
    NotEntitled,
    /// A settle is due, and this is none that ends the conflict.
    #[error("conflicting removals wait to be settled")]
    Conflict,
    /// There is no conflict to settle, or the settle names heads that do not end it.
    #[error("the settle does not fit a conflict")]
    BadSettle,
    /// Under the floor, over the ceiling (MS01, MS02).
    #[error("the derivation cost is refused")]
    Cost(#[source] CostError),
    /// Under the cost already in force (MS01).
    #[error("the derivation cost is lower than that in force")]
    CostFell,
    /// A slot's salt is not the vault's, or its vault id is another (MS03).
    #[error("the record changed: salt or vault of a slot differs")]
    RecordChanged,
    /// A key is null, of small order, not canonical, or one already in use for something else (MS18).
    #[error("a public key is refused")]
    Key,
    /// The floor would fall, or asks for what no program can know (MS19).
    #[error("the floor may only rise")]
    FloorFell,
    /// An id is zero or already used.
    #[error("an id is taken or empty")]
    Id,
    /// It names a device, log, epoch or slot that is not there, or lists one twice.
    #[error("it names what is not there, or names something twice")]
    Unknown,
    /// A removal does not say how far every log of the device counts (LD05).
    #[error("a removal needs one cut-off for each log of the device")]
    Cuts,
    /// The headers of a slot's message are malformed.
    #[error("a slot is malformed")]
    Slot(#[source] HeaderError),
    /// A slot is of a kind, cost, device, kit or epoch that does not belong into this entry.
    #[error("a slot does not belong into this entry")]
    SlotMisplaced,
    /// The keyring is not a sealed keyring of the entry's own epoch.
    #[error("the keyring is malformed")]
    Keyring,
    /// The vault has its full number of devices.
    #[error("the vault has its full number of devices")]
    TooManyDevices,
}

impl From<SignatureError> for ControlError {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

impl From<CostError> for ControlError {
    fn from(error: CostError) -> Self {
        Self::Cost(error)
    }
}
