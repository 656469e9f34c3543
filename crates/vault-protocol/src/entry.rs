//! The wire form of an entry: `sealed_len (4) ‖ sealed message ‖ prev hash (32) ‖ n_blobs (2) ‖ blob ids (16 each) ‖ signature (64)`,
//! big endian. The hash of an entry is SHA-256 over all of it, the signature is Ed25519 by the log key over
//! `"nt2 entry v1" ‖ SHA-256(everything before the signature)`.

use sha2::{Digest, Sha256};

use crate::{
    BlobId, Hash, HeaderError, Kind, ObjectId, SealedHeader, Signature, SignatureError, Signer, SigningPublicKey,
    header::SEAL_LEN,
    limits::{MAX_ENTRY_BLOBS, MAX_ENTRY_BYTES},
    reader::Reader,
};

/// Bytes of a wire form beside the sealed message and the blob ids.
const FRAME_LEN: usize = 4 + Hash::LEN + 2 + Signature::LEN;

/// Why an entry was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Not one whole wire form.
    #[error("not an entry")]
    Frame,
    /// More than [`MAX_ENTRY_BYTES`].
    #[error("the entry is too long")]
    TooLong,
    /// More than [`MAX_ENTRY_BLOBS`], or the same one twice.
    #[error("the entry names too many blobs, or one twice")]
    Blobs,
    /// The header of the sealed message is not that of an entry.
    #[error("the header is not that of an entry")]
    Header(#[source] HeaderError),
    /// Entries are numbered from 1, and exactly the first has no predecessor.
    #[error("number and predecessor do not fit together")]
    Chain,
    /// Not signed by the log's key.
    #[error("the entry's signature does not verify")]
    Signature(#[source] SignatureError),
}

/// One entry as carriers see it. Whoever holds one knows that its framing is sound, not that it was signed: see [`Self::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireEntry {
    wire: Vec<u8>,
    header: SealedHeader,
    sealed_len: usize,
    prev: Hash,
    blobs: Vec<BlobId>,
    signature: Signature,
}

impl WireEntry {
    /// Frames and signs a sealed entry. `prev` is the hash of the log's entry before it, zero for the first; `blobs` are those that it
    /// names for the first time.
    ///
    /// # Errors
    ///
    /// Each variant of [`EntryError`] but `Signature`.
    pub fn assemble(sealed: &[u8], prev: Hash, blobs: &[BlobId], signer: &dyn Signer) -> Result<Self, EntryError> {
        let len = sealed.len().saturating_add(FRAME_LEN + BlobId::LEN * blobs.len());
        if len > MAX_ENTRY_BYTES {
            return Err(EntryError::TooLong);
        }
        let n_blobs = u16::try_from(blobs.len()).map_err(|_too_many| EntryError::Blobs)?;
        let mut wire = Vec::with_capacity(len);
        wire.extend_from_slice(&(sealed.len() as u32).to_be_bytes());
        wire.extend_from_slice(sealed);
        wire.extend_from_slice(&prev.0);
        wire.extend_from_slice(&n_blobs.to_be_bytes());
        blobs.iter().for_each(|blob| wire.extend_from_slice(&blob.0));
        let signature = signer.sign(&signed_message(&wire));
        wire.extend_from_slice(&signature.0);
        Self::parse(wire)
    }

    /// Reads a wire form.
    ///
    /// # Errors
    ///
    /// Each variant of [`EntryError`] but `Signature`.
    pub fn parse(wire: Vec<u8>) -> Result<Self, EntryError> {
        if wire.len() > MAX_ENTRY_BYTES {
            return Err(EntryError::TooLong);
        }
        let (sealed, prev, blobs, signature) = split(&wire).ok_or(EntryError::Frame)?;
        if blobs.len() > MAX_ENTRY_BLOBS {
            return Err(EntryError::Blobs);
        }
        let mut sorted = blobs.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(EntryError::Blobs);
        }
        let header = SealedHeader::parse(sealed).map_err(EntryError::Header)?;
        if header.kind != Kind::Entry {
            return Err(EntryError::Header(HeaderError::Kind(header.kind.number())));
        }
        if header.object != ObjectId::ZERO || !header.extra.is_empty() {
            return Err(EntryError::Header(HeaderError::Fixed));
        }
        if sealed.len() < header.encoded_len() + SEAL_LEN {
            return Err(EntryError::Header(HeaderError::Truncated));
        }
        if header.seq == 0 || (header.seq == 1) != (prev == Hash::ZERO) {
            return Err(EntryError::Chain);
        }
        let sealed_len = sealed.len();
        Ok(Self { header, sealed_len, prev, blobs, signature, wire })
    }

    /// The header of the sealed message: vault, epoch, log and number.
    pub fn header(&self) -> &SealedHeader {
        &self.header
    }

    /// The sealed message.
    pub fn sealed(&self) -> &[u8] {
        &self.wire[4..4 + self.sealed_len]
    }

    /// Hash of the entry before it in its log; zero for the first.
    pub fn prev(&self) -> Hash {
        self.prev
    }

    /// Blobs that it names for the first time.
    pub fn blobs(&self) -> &[BlobId] {
        &self.blobs
    }

    /// The log key's signature.
    pub fn signature(&self) -> Signature {
        self.signature
    }

    /// The wire form.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The wire form, given away.
    pub fn into_wire(self) -> Vec<u8> {
        self.wire
    }

    /// SHA-256 of the wire form.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.wire).into())
    }

    /// Checks the signature by the key of its log.
    ///
    /// # Errors
    ///
    /// [`EntryError::Signature`].
    pub fn verify(&self, log_key: SigningPublicKey) -> Result<(), EntryError> {
        let signed = &self.wire[..self.wire.len() - Signature::LEN];
        log_key.verify_strict(&signed_message(signed), &self.signature).map_err(EntryError::Signature)
    }
}

fn signed_message(before: &[u8]) -> Vec<u8> {
    let mut message = b"nt2 entry v1".to_vec();
    message.extend_from_slice(&Sha256::digest(before));
    message
}

fn split(wire: &[u8]) -> Option<(&[u8], Hash, Vec<BlobId>, Signature)> {
    let mut reader = Reader::new(wire);
    let sealed_len = usize::try_from(reader.u32()?).ok()?;
    let sealed = reader.bytes(sealed_len)?;
    let prev = Hash(reader.array()?);
    let n_blobs = reader.u16()?;
    let blobs = (0..n_blobs).map(|_| reader.array().map(BlobId)).collect::<Option<Vec<_>>>()?;
    let signature = Signature(reader.array()?);
    reader.is_empty().then_some((sealed, prev, blobs, signature))
}
