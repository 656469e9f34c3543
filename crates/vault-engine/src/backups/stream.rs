//! A blob opened while its stored bytes come in pieces: one piece and one chunk in memory, whatever its length.

use std::{cell::RefCell, io, rc::Rc};

use vault_crypto::{
    blob::{BLOB_HEADER_LEN, BlobOpener, BlobReader, CHUNK_BYTES},
    bytes::ReadAt,
};
use vault_model::Attachment;
use vault_protocol::VaultId;

use crate::{event::Failure, handlers::files::descriptor};

/// Bytes of a stored chunk: plaintext and tag.
const STORED_CHUNK_BYTES: u64 = CHUNK_BYTES as u64 + 16;

/// See the module.
pub(super) struct BlobStream {
    vault: VaultId,
    attachment: Attachment,
    window: SharedWindow,
    reader: Option<BlobReader<SharedWindow>>,
    n_chunks: u64,
}

impl BlobStream {
    /// Expects `len_bytes` stored bytes of the blob that `attachment` names.
    pub(super) fn new(vault: VaultId, attachment: Attachment, len_bytes: u64) -> Self {
        let window = SharedWindow(Rc::new(RefCell::new(Window { len_bytes, start: 0, bytes: Vec::new() })));
        Self { vault, attachment, window, reader: None, n_chunks: 0 }
    }

    /// Takes the next piece; gives the plaintext that it completes to `plain`.
    pub(super) fn push(&mut self, piece: &[u8], plain: &mut dyn FnMut(&[u8]) -> Result<(), Failure>) -> Result<(), Failure> {
        let received = self.window.0.borrow_mut().append(piece);
        if self.reader.is_none() && received >= BLOB_HEADER_LEN as u64 {
            let opener = BlobOpener::new(self.vault, &descriptor(&self.attachment)?, self.window.clone())?;
            self.reader = Some(opener.into_reader());
        }
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let len_bytes = self.window.len_bytes();
        loop {
            let end = (BLOB_HEADER_LEN as u64 + (self.n_chunks + 1) * STORED_CHUNK_BYTES).min(len_bytes);
            if received < end || self.n_chunks == self.attachment.n_chunks {
                return Ok(());
            }
            match reader.next_chunk()? {
                Some(chunk) => plain(chunk)?,
                None => return Ok(()),
            }
            self.n_chunks += 1;
        }
    }

    /// All pieces have come: gives the attachment back if every byte was right.
    pub(super) fn finish(self) -> Result<Attachment, Failure> {
        let mut reader = self.reader.ok_or(Failure::BackupDamaged)?;
        while reader.next_chunk()?.is_some() {}
        Ok(self.attachment)
    }
}

/// The stored bytes that are at hand.
struct Window {
    len_bytes: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// Appends; gives how many bytes have come in all.
    fn append(&mut self, piece: &[u8]) -> u64 {
        self.bytes.extend_from_slice(piece);
        self.start + self.bytes.len() as u64
    }
}

#[derive(Clone)]
struct SharedWindow(Rc<RefCell<Window>>);

impl ReadAt for SharedWindow {
    fn len_bytes(&self) -> u64 {
        self.0.borrow().len_bytes
    }

    /// Reads forward only: what lies before `offset` is let go.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut window = self.0.borrow_mut();
        let at = offset.checked_sub(window.start).and_then(|at| usize::try_from(at).ok()).ok_or(io::ErrorKind::InvalidInput)?;
        let bytes = window.bytes.get(at..).and_then(|rest| rest.get(..out.len())).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        window.bytes.drain(..at);
        window.start = offset;
        Ok(())
    }
}
