//! The records of a backup, in the order in which they come: state, whether a kit is saved, pending purges, retired ids, then each object's row followed by its history pages, then
//! each blob followed by its bytes.

use vault_protocol::{BlobId, ObjectId};

use crate::event::Failure;

/// Bytes of a blob in one record.
pub(super) const BLOB_PIECE_BYTES: usize = 1 << 20;

/// What a record is. The numbers are part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum RecordKind {
    /// `ReplicaState`: positions of all logs, clock, root.
    State = 16,
    /// One byte: 1 if a kit had been saved and checked on the device that wrote the backup.
    KitSaved = 23,
    /// Purges that wait for other devices; absent if there are none.
    Purges = 22,
    /// Retired object ids, 16 bytes each.
    Retired = 17,
    /// `object (16) ‖ canonical row body`.
    Row = 18,
    /// `object (16) ‖ page (4) ‖ history page body`.
    Page = 19,
    /// `blob id (16) ‖ length in bytes (8)`: what follows are its bytes as stored.
    Blob = 20,
    /// At most 1 MiB of the blob named last.
    BlobPiece = 21,
}

impl RecordKind {
    /// The kind of this number. A newer program's kinds are refused: leaving one out would lose something silently.
    pub(super) fn from_number(number: u8) -> Result<Self, Failure> {
        [Self::State, Self::KitSaved, Self::Purges, Self::Retired, Self::Row, Self::Page, Self::Blob, Self::BlobPiece]
            .into_iter()
            .find(|kind| *kind as u8 == number)
            .ok_or(Failure::TooNew)
    }
}

/// `object ‖ rest`.
pub(super) fn split_object(body: &[u8]) -> Result<(ObjectId, &[u8]), Failure> {
    let (object, rest) = body.split_first_chunk::<16>().ok_or(Failure::BackupDamaged)?;
    Ok((ObjectId(*object), rest))
}

/// `object ‖ page ‖ rest`.
pub(super) fn split_page(body: &[u8]) -> Result<(ObjectId, u32, &[u8]), Failure> {
    let (object, rest) = split_object(body)?;
    let (page, rest) = rest.split_first_chunk::<4>().ok_or(Failure::BackupDamaged)?;
    Ok((object, u32::from_be_bytes(*page), rest))
}

/// `blob ‖ length`.
pub(super) fn split_blob(body: &[u8]) -> Result<(BlobId, u64), Failure> {
    let (blob, rest) = body.split_first_chunk::<16>().ok_or(Failure::BackupDamaged)?;
    let len: [u8; 8] = rest.try_into().map_err(|_| Failure::BackupDamaged)?;
    Ok((BlobId(*blob), u64::from_be_bytes(len)))
}
