//! The recovery kit: R under a passphrase in a `.nt2recovery` file, as 24 words, or as the text of a QR code, with a pin of the vault.
//!
//! File: `"nt2r" (4) ‖ format (1) ‖ suite (1) ‖ pin_len (2) ‖ pin ‖ slot (345) ‖ mac (32)`. The pin is deterministic CBOR
//! `{0: DID public key, 1: [control head, ascending], 2: salt, 3: cost}`, readable so that a kit says which vault it is for; the slot is one of
//! kind kit passphrase, epoch zero, with its own salt and cost; mac = HMAC-SHA-256(HKDF(R, no salt, "kit file", 32), all before).

mod file;
mod pin;
mod qr;
mod words;

use vault_protocol::{Kind, SealedHeader, Signer};

use crate::entropy::Entropy;
use crate::message::{self, OpenError, SealError};
use crate::secret::RecoverySecret;
use crate::vault::Opened;

pub use file::KitFile;
pub use pin::KitPin;
pub use qr::{parse_qr_text, qr_text};
pub use words::N_WORDS;

/// Why a kit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KitError {
    /// Not a kit, or cut short.
    #[error("not a recovery kit")]
    NotAKit,
    /// A kit of another format or suite.
    #[error("format {format} with suite {suite} is not one this program reads")]
    Format {
        /// As written.
        format: u8,
        /// As written.
        suite: u8,
    },
    /// Wrong passphrase or altered bytes.
    #[error("the kit did not authenticate")]
    NotAuthentic,
    /// Not 24 words.
    #[error("a kit has 24 words, not {n_words}")]
    WordCount {
        /// As typed, counted up to 255.
        n_words: usize,
    },
    /// A word that is not on the list.
    #[error("a word is not on the list")]
    UnknownWord {
        /// Its place, counted from 0.
        word_idx: usize,
    },
    /// All words are on the list, but they are not a kit's: some are wrong or in another order.
    #[error("the words do not fit together")]
    Checksum,
    /// The control log is that of another vault.
    #[error("the kit is for another vault")]
    OtherVault,
    /// The control log has another salt than the pin (MS03).
    #[error("the record changed: the salt differs from the kit's")]
    SaltChanged,
    /// The control log has a lower cost than the pin (MS01).
    #[error("the derivation cost is lower than the kit's")]
    CostFell,
    /// The control log does not descend from the pinned head: it is older than the kit, or forged.
    #[error("the control log does not contain the kit's head")]
    HeadMissing,
    /// The kit was used or replaced; a newer one is in force (LD12).
    #[error("the kit has been replaced")]
    Replaced,
}

/// Seals R under the vault's root key: the copy on the device that made it, until the kit is saved and checked.
///
/// # Errors
///
/// [`SealError::Entropy`].
pub fn seal_copy(opened: &Opened, kit: &RecoverySecret, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
    let epoch = opened.epoch();
    let key = opened.kind_key(Kind::KitCopy, epoch).expect("the newest opened epoch is open");
    message::seal(&key, &SealedHeader::new(Kind::KitCopy, opened.vault(), epoch), kit.expose(), entropy)
}

/// Opens what [`seal_copy`] sealed, in any epoch that is open.
///
/// # Errors
///
/// [`OpenError::NotAuthentic`].
pub fn open_copy(opened: &Opened, message: &[u8]) -> Result<RecoverySecret, OpenError> {
    let epoch = SealedHeader::parse(message).map_err(|_| OpenError::NotAuthentic)?.epoch;
    let key = opened.kind_key(Kind::KitCopy, epoch).ok_or(OpenError::NotAuthentic)?;
    let body = message::open(&key, &SealedHeader::new(Kind::KitCopy, opened.vault(), epoch), message)?;
    RecoverySecret::from_slice(&body).ok_or(OpenError::NotAuthentic)
}

/// Whether R is the kit in force, by both its public halves.
///
/// # Errors
///
/// [`KitError::Replaced`].
pub fn check_in_force(kit: &RecoverySecret, membership: &vault_protocol::control::Membership) -> Result<(), KitError> {
    let in_force = membership.kit() == kit.public() && membership.owner_key() == kit.owner_key().public_key();
    if in_force { Ok(()) } else { Err(KitError::Replaced) }
}
