//! Giving a device its place: by a member, or by itself with the newest epoch's enrol key.

use vault_protocol::control::{ControlBody, ControlEntry, ControlLog, Enrol};
use vault_protocol::{DeviceId, KemPublicKey, LogId, Signature, Signer, SigningPublicKey};

use super::{ComposeError, check_member, newest_epoch, sign, slots::SlotWriter, slots::needed_password};
use crate::entropy::{Entropy, make_bytes};
use crate::secret::{DeviceSecret, LogSigningKey, PasswordKey};
use crate::vault::Opened;

/// The public halves of a device to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// Its id.
    pub device: DeviceId,
    /// Its log.
    pub log: LogId,
    /// Key of that log.
    pub log_key: SigningPublicKey,
    /// D.pub.
    pub device_key: KemPublicKey,
}

/// An enrolment that waits for the new device's own signature, which it gives over the pairing channel.
pub struct EnrolDraft {
    body: Enrol,
    /// What the new log's key signs.
    message: Vec<u8>,
}

/// Prepares the enrolment of a device: its slots {P,D} (or {D} while there is no password) and {D,R} in the newest epoch.
///
/// # Errors
///
/// [`ComposeError::PasswordNeeded`], [`ComposeError::ConcurrentEpochs`], and those of slots.
pub fn make_enrol_draft(
    log: &ControlLog,
    opened: &Opened,
    password: Option<&PasswordKey>,
    new: NewDevice,
    entropy: &mut dyn Entropy,
) -> Result<EnrolDraft, ComposeError> {
    let membership = log.state();
    let epoch = newest_epoch(membership)?;
    let writer = SlotWriter {
        vault: membership.vault(),
        epoch,
        salt: membership.salt(),
        cost: membership.cost(),
        root: opened.root(epoch).ok_or(ComposeError::ConcurrentEpochs)?,
        password: needed_password(log, password)?,
        kit: membership.kit(),
    };
    let NewDevice { device, log: new_log, log_key, device_key } = new;
    let slots = writer.of_device(device, device_key, entropy)?.into();
    let body = Enrol { device, log: new_log, log_key, device_key, slots };
    let listener = Listener { key: log_key, message: Default::default() };
    ControlEntry::enrol_body(log.vault(), log.heads(), body.clone(), &listener);
    Ok(EnrolDraft { body, message: listener.message.into_inner() })
}

impl EnrolDraft {
    /// What the new device signs with its log's key.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The whole entry, signed by a member or by the newest epoch's enrol key. The log must still have the heads of the draft.
    pub fn finish(self, log: &ControlLog, proof: Signature, signer: &dyn Signer) -> ControlEntry {
        sign(log, ControlBody::Enrol(self.body, proof), signer)
    }
}

/// Enrols a device whose log key is at hand, signed by a member.
///
/// # Errors
///
/// As [`make_enrol_draft`], and [`ComposeError::NotMember`].
pub fn make_enrol(
    log: &ControlLog,
    opened: &Opened,
    password: Option<&PasswordKey>,
    new: NewDevice,
    new_key: &LogSigningKey,
    member: &LogSigningKey,
    entropy: &mut dyn Entropy,
) -> Result<ControlEntry, ComposeError> {
    check_member(log.state(), member)?;
    let draft = make_enrol_draft(log, opened, password, new, entropy)?;
    let proof = new_key.sign(draft.message());
    Ok(draft.finish(log, proof, member))
}

/// A device that has enrolled itself.
pub struct SelfEnrolled {
    /// The entry.
    pub entry: ControlEntry,
    /// The device.
    pub device: DeviceId,
    /// Its log.
    pub log: LogId,
    /// The key of that log.
    pub log_key: LogSigningKey,
}

/// Enrols this device, which opened the vault with two factors, by the newest epoch's enrol key. `device_key` is its fresh D, already in
/// its key store.
///
/// # Errors
///
/// As [`make_enrol_draft`].
pub fn make_self_enrol(
    log: &ControlLog,
    opened: &Opened,
    password: Option<&PasswordKey>,
    device_key: &DeviceSecret,
    entropy: &mut dyn Entropy,
) -> Result<SelfEnrolled, ComposeError> {
    let epoch = newest_epoch(log.state())?;
    let enrol_key = opened.root(epoch).ok_or(ComposeError::ConcurrentEpochs)?.enrol_key(log.vault(), epoch);
    let (device, new_log, log_key) = (DeviceId(make_bytes(entropy)?), LogId(make_bytes(entropy)?), LogSigningKey::make(entropy)?);
    let new = NewDevice { device, log: new_log, log_key: log_key.public_key(), device_key: device_key.public() };
    let draft = make_enrol_draft(log, opened, password, new, entropy)?;
    let proof = log_key.sign(draft.message());
    let entry = draft.finish(log, proof, &enrol_key);
    Ok(SelfEnrolled { entry, device, log: new_log, log_key })
}

/// Learns what would be signed, so that another device can sign it.
struct Listener {
    key: SigningPublicKey,
    message: std::cell::RefCell<Vec<u8>>,
}

impl Signer for Listener {
    fn public_key(&self) -> SigningPublicKey {
        self.key
    }

    fn sign(&self, message: &[u8]) -> Signature {
        self.message.replace(message.to_vec());
        Signature([0; Signature::LEN])
    }
}
