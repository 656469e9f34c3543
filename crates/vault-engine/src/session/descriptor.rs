//! Attachments whose bytes are not here yet: their sealed descriptors, and the records of their blobs.

use vault_crypto::blob::sealed_len_bytes;
use vault_model::{Attachment, payload};
use vault_protocol::ObjectId;
use vault_store::{AttachmentRecord, AttachmentState, BlobRecord, BlobState, StoreError};

use super::{Keys, local};
use crate::{context::Ctx, event::Failure};

/// A sealed descriptor and the record of its blob.
pub(crate) struct Descriptor {
    object: ObjectId,
    id: [u8; 16],
    blob: BlobRecord,
    state: AttachmentState,
    sealed: Vec<u8>,
}

impl Descriptor {
    /// Seals a copy of an attachment's descriptor for this device.
    pub(crate) fn seal(
        keys: &Keys,
        object: ObjectId,
        attachment: Attachment,
        state: AttachmentState,
        ctx: &mut Ctx<'_>,
    ) -> Result<Self, Failure> {
        let value = payload::encode_attachment(&attachment);
        let sealed = keys.seal_local(&local::descriptor(object, attachment.id.0), &value, &mut ctx.entropy())?;
        let len_bytes = sealed_len_bytes(attachment.len_bytes).ok_or(Failure::BackupDamaged)?;
        // Present once its bytes have come.
        let blob = BlobRecord { blob: attachment.blob, len_bytes, n_chunks: attachment.n_chunks, state: BlobState::Missing, held: false };
        Ok(Self { object, id: attachment.id.0, blob, state, sealed })
    }

    /// Puts it into a running transaction, its blob as missing.
    pub(crate) fn store(&self, tx: &vault_store::Write<'_>) -> Result<(), StoreError> {
        tx.put_blob(self.blob)?;
        tx.put_attachment(self.record())
    }

    fn record(&self) -> AttachmentRecord<'_> {
        AttachmentRecord {
            object: self.object,
            attachment: self.id,
            blob: self.blob.blob,
            size_class: local::size_class(self.blob.n_chunks),
            state: self.state,
            sealed: &self.sealed,
        }
    }

    /// As [`Self::store`], where the blob may be known already: then its record stays as it is.
    pub(crate) fn store_new(&self, tx: &vault_store::Write<'_>) -> Result<(), StoreError> {
        if tx.blob(self.blob.blob)?.is_none() {
            tx.put_blob(self.blob)?;
        }
        tx.put_attachment(self.record())
    }
}
