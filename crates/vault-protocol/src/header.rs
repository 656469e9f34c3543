//! The header of a sealed message, readable by anyone:
//! `"nt2m" (4) ‖ format (1) ‖ suite (1) ‖ kind (1) ‖ vault (16) ‖ epoch (16) ‖ object (16) ‖ log (16) ‖ seq (8) ‖ extra_len (2) ‖ extra`,
//! big endian. What is sealed behind it concerns `vault-crypto` only.

mod kind;

pub use kind::{Factors, Kind};

use crate::{EpochId, LogId, ObjectId, VaultId, control::CostError, reader::Reader};

/// First bytes of every sealed message.
pub const MESSAGE_MAGIC: [u8; 4] = *b"nt2m";
/// The format of messages, blobs and control entries that this program writes.
pub const FORMAT_1: u8 = 1;
/// HKDF-SHA-256, XChaCha20-Poly1305, X25519, Ed25519. Suite 2 is reserved for X-Wing.
pub const SUITE_1: u8 = 1;
/// Bytes of a header before `extra`.
pub const HEADER_LEN: usize = 4 + 3 + 4 * 16 + 8 + 2;
/// Bytes that a sealed message has at least beyond its header and body: nonce (24), commitment (32), the body's length (4), the tag (16).
pub const SEAL_LEN: usize = 24 + 32 + 4 + 16;

/// Why a header was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// The bytes end too early.
    #[error("the message is incomplete")]
    Truncated,
    /// These are not bytes of a sealed message.
    #[error("not a sealed message")]
    Magic,
    /// Another format than [`FORMAT_1`] or another suite than [`SUITE_1`] (MS19).
    #[error("format {format} with suite {suite} is not one this program reads")]
    Format {
        /// As written.
        format: u8,
        /// As written.
        suite: u8,
    },
    /// A number that is no [`Kind`], or not the kind that belongs here.
    #[error("kind {0} does not belong here")]
    Kind(u8),
    /// A part that is fixed for this kind has another length or value.
    #[error("a fixed part of the header differs")]
    Fixed,
    /// A slot's cost is under the floor or over the ceiling (MS01, MS02).
    #[error("the derivation cost is refused")]
    Cost(#[source] CostError),
}

/// The header of one sealed message. What a kind has no use for is zero, never left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedHeader {
    /// What it holds.
    pub kind: Kind,
    /// The vault.
    pub vault: VaultId,
    /// The epoch whose root key seals it.
    pub epoch: EpochId,
    /// The object, or zero.
    pub object: ObjectId,
    /// The log, or zero.
    pub log: LogId,
    /// A number in the log or in a series, or zero.
    pub seq: u64,
    /// What the kind adds, at most 65,535 bytes: of a slot its [`crate::control::SlotHeader`], of an entry or keyring nothing.
    pub extra: Vec<u8>,
}

impl SealedHeader {
    /// A header without object, log, number and extra.
    pub fn new(kind: Kind, vault: VaultId, epoch: EpochId) -> Self {
        Self { kind, vault, epoch, object: ObjectId::ZERO, log: LogId::ZERO, seq: 0, extra: Vec::new() }
    }

    /// The header of entry `seq`, counted from 1, of `log`.
    pub fn entry(vault: VaultId, epoch: EpochId, log: LogId, seq: u64) -> Self {
        Self { log, seq, ..Self::new(Kind::Entry, vault, epoch) }
    }

    /// Length of the encoded header in bytes.
    pub fn encoded_len(&self) -> usize {
        HEADER_LEN + self.extra.len()
    }

    /// Appends the encoded header to `out`.
    ///
    /// # Panics
    ///
    /// If `extra` is longer than 65,535 bytes.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        let extra_len = u16::try_from(self.extra.len()).expect("the caller keeps extra within its length field");
        out.reserve(self.encoded_len());
        out.extend_from_slice(&MESSAGE_MAGIC);
        out.extend_from_slice(&[FORMAT_1, SUITE_1, self.kind.number()]);
        for id in [self.vault.0, self.epoch.0, self.object.0, self.log.0] {
            out.extend_from_slice(&id);
        }
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&extra_len.to_be_bytes());
        out.extend_from_slice(&self.extra);
    }

    /// The encoded header.
    ///
    /// # Panics
    ///
    /// As [`Self::encode_into`].
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    /// Reads the header at the start of `message`, where it takes [`Self::encoded_len`] bytes; what follows is ignored. Nothing in it is
    /// authentic before the message opens.
    ///
    /// # Errors
    ///
    /// Each variant of [`HeaderError`] but `Fixed` and `Cost`.
    pub fn parse(message: &[u8]) -> Result<Self, HeaderError> {
        let mut reader = Reader::new(message);
        if reader.array().ok_or(HeaderError::Truncated)? != MESSAGE_MAGIC {
            return Err(HeaderError::Magic);
        }
        let [format, suite, kind] = reader.array().ok_or(HeaderError::Truncated)?;
        if (format, suite) != (FORMAT_1, SUITE_1) {
            return Err(HeaderError::Format { format, suite });
        }
        let kind = Kind::from_number(kind).ok_or(HeaderError::Kind(kind))?;
        Self::parse_rest(kind, &mut reader).ok_or(HeaderError::Truncated)
    }

    fn parse_rest(kind: Kind, reader: &mut Reader<'_>) -> Option<Self> {
        let (vault, epoch) = (VaultId(reader.array()?), EpochId(reader.array()?));
        let (object, log) = (ObjectId(reader.array()?), LogId(reader.array()?));
        let seq = reader.u64()?;
        let extra_len = usize::from(reader.u16()?);
        Some(Self { kind, vault, epoch, object, log, seq, extra: reader.bytes(extra_len)?.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_as_it_was_written_and_never_when_cut() {
        for kind in Kind::ALL {
            let header = SealedHeader {
                object: ObjectId([3; 16]),
                log: LogId([4; 16]),
                seq: 0x0102_0304_0506_0708,
                extra: vec![9; 5],
                ..SealedHeader::new(kind, VaultId([1; 16]), EpochId([2; 16]))
            };
            let mut bytes = header.encode();
            assert_eq!(bytes.len(), header.encoded_len());
            bytes.extend_from_slice(b"rest");
            assert_eq!(SealedHeader::parse(&bytes), Ok(header));
            for len in 0..HEADER_LEN + 5 {
                assert_eq!(SealedHeader::parse(&bytes[..len]), Err(HeaderError::Truncated));
            }
        }
    }

    #[test]
    fn ms19_another_magic_format_suite_or_kind_is_refused() {
        let bytes = SealedHeader::new(Kind::Row, VaultId::ZERO, EpochId::ZERO).encode();
        let with = |at: usize, byte: u8| SealedHeader::parse(&[&bytes[..at], &[byte], &bytes[at + 1..]].concat());
        assert_eq!(with(0, b'N'), Err(HeaderError::Magic));
        assert_eq!(with(4, 0), Err(HeaderError::Format { format: 0, suite: 1 }));
        assert_eq!(with(5, 2), Err(HeaderError::Format { format: 1, suite: 2 }));
        for number in [0, 5, 12, 15, 23, 255] {
            assert_eq!(with(6, number), Err(HeaderError::Kind(number)));
        }
    }
}
