//! One control entry:
//! `"nt2c" (4) ‖ format (1) ‖ vault (16) ‖ n (1) ‖ parents (32 each) ‖ number (8) ‖ type (1) ‖ body_len (4) ‖ body ‖ signer (32) ‖
//! signature (64)`, big endian. The hash is SHA-256 over all of it; the signature is over `"nt2 control v1"` and all before it.

use sha2::{Digest, Sha256};

use super::{ControlBody, ControlError, Enrol, Incarnation, body::cbor};
use crate::{
    Hash, Signature, Signer, SigningPublicKey, VaultId,
    header::FORMAT_1,
    limits::{MAX_CONTROL_BYTES, MAX_PARENTS},
    reader::Reader,
};

/// First bytes of every control entry.
pub const CONTROL_MAGIC: [u8; 4] = *b"nt2c";

/// One control entry. Whoever holds one knows that its framing is sound; its signature and its right to stand are checked by
/// [`Self::verify_signature`] and by [`super::ControlLog::append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlEntry {
    /// The vault.
    pub vault: VaultId,
    /// Hashes of the heads it was written on, ascending; none in the genesis, else 1–8.
    pub parents: Vec<Hash>,
    /// 0 in the genesis, else one more than the greatest of its parents.
    pub number: u64,
    /// What it says.
    pub body: ControlBody,
    /// The key that signs.
    pub signer: SigningPublicKey,
    /// The signature.
    pub signature: Signature,
}

impl ControlEntry {
    /// Writes and signs an entry. `parents` are put in order.
    pub fn sign(vault: VaultId, mut parents: Vec<Hash>, number: u64, body: ControlBody, signer: &dyn Signer) -> Self {
        parents.sort_unstable();
        parents.dedup();
        let mut entry = Self { vault, parents, number, body, signer: signer.public_key(), signature: Signature([0; Signature::LEN]) };
        entry.signature = signer.sign(&entry.signed_bytes());
        entry
    }

    /// The body of an enrolment, with the new log key's own signature.
    pub fn enrol_body(vault: VaultId, parents: &[Hash], body: Enrol, new_log: &dyn Signer) -> ControlBody {
        let proof = new_log.sign(&enrol_message(vault, parents, &cbor(&body)));
        ControlBody::Enrol(body, proof)
    }

    /// The body of an incarnation, with the new log key's own signature.
    pub fn incarnation_body(vault: VaultId, parents: &[Hash], body: Incarnation, new_log: &dyn Signer) -> ControlBody {
        let proof = new_log.sign(&enrol_message(vault, parents, &cbor(&body)));
        ControlBody::Incarnation(body, proof)
    }

    /// The wire form.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.unsigned();
        out.extend_from_slice(&self.signature.0);
        out
    }

    /// Reads a wire form.
    ///
    /// # Errors
    ///
    /// [`ControlError::Frame`] for anything but one whole entry in its only encoding, [`ControlError::Format`] for another format.
    pub fn parse(wire: &[u8]) -> Result<Self, ControlError> {
        if wire.len() > MAX_CONTROL_BYTES {
            return Err(ControlError::Frame);
        }
        let mut reader = Reader::new(wire);
        if reader.array().ok_or(ControlError::Frame)? != CONTROL_MAGIC {
            return Err(ControlError::Frame);
        }
        let format = reader.u8().ok_or(ControlError::Frame)?;
        if format != FORMAT_1 {
            return Err(ControlError::Format);
        }
        Self::parse_rest(&mut reader).ok_or(ControlError::Frame)
    }

    fn parse_rest(reader: &mut Reader<'_>) -> Option<Self> {
        let vault = VaultId(reader.array()?);
        let n_parents = usize::from(reader.u8()?);
        if n_parents > MAX_PARENTS {
            return None;
        }
        let parents = (0..n_parents).map(|_| reader.array().map(Hash)).collect::<Option<Vec<_>>>()?;
        let number = reader.u64()?;
        let kind = reader.u8()?;
        let body_len = usize::try_from(reader.u32()?).ok()?;
        let body = ControlBody::decode(kind, reader.bytes(body_len)?)?;
        let entry = Self { vault, parents, number, body, signer: SigningPublicKey(reader.array()?), signature: Signature(reader.array()?) };
        let ascending = entry.parents.is_sorted_by(|a, b| a < b);
        (reader.is_empty() && ascending).then_some(entry)
    }

    /// SHA-256 of the wire form.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.encode()).into())
    }

    /// Checks the signature by `signer` and, of an enrolment or incarnation, that by the new log's key. Says nothing about rights.
    ///
    /// # Errors
    ///
    /// [`ControlError::Signature`].
    pub fn verify_signature(&self) -> Result<(), ControlError> {
        self.signer.verify_strict(&self.signed_bytes(), &self.signature)?;
        let (new_log, proof, body) = match &self.body {
            ControlBody::Enrol(enrol, proof) => (enrol.log_key, proof, cbor(enrol)),
            ControlBody::Incarnation(incarnation, proof) => (incarnation.log_key, proof, cbor(incarnation)),
            ControlBody::Genesis(_)
            | ControlBody::Epoch(_)
            | ControlBody::Slots(_)
            | ControlBody::Floor(_)
            | ControlBody::Allow(_)
            | ControlBody::Retire(_)
            | ControlBody::Settle(_) => return Ok(()),
        };
        new_log.verify_strict(&enrol_message(self.vault, &self.parents, &body), proof)?;
        Ok(())
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut message = b"nt2 control v1".to_vec();
        message.extend_from_slice(&self.unsigned());
        message
    }

    fn unsigned(&self) -> Vec<u8> {
        let body = self.body.encode();
        let mut out = Vec::with_capacity(body.len() + 32 * self.parents.len() + 162);
        out.extend_from_slice(&CONTROL_MAGIC);
        out.push(FORMAT_1);
        out.extend_from_slice(&self.vault.0);
        encode_parents(&mut out, &self.parents);
        out.extend_from_slice(&self.number.to_be_bytes());
        out.push(self.body.number());
        out.extend_from_slice(&(body.len() as u32).to_be_bytes());
        out.extend_from_slice(&body);
        out.extend_from_slice(&self.signer.0);
        out
    }
}

/// What the key of a new log signs: `"nt2 enrol v1" ‖ vault ‖ n (1) ‖ parents ‖ CBOR of the body`.
fn enrol_message(vault: VaultId, parents: &[Hash], body: &[u8]) -> Vec<u8> {
    let mut sorted = parents.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut message = b"nt2 enrol v1".to_vec();
    message.extend_from_slice(&vault.0);
    encode_parents(&mut message, &sorted);
    message.extend_from_slice(body);
    message
}

fn encode_parents(out: &mut Vec<u8>, parents: &[Hash]) {
    // More than 255 parents cannot be framed; the count then wraps and the entry parses nowhere.
    out.push(parents.len() as u8);
    for parent in parents {
        out.extend_from_slice(&parent.0);
    }
}
