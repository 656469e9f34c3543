//! What the platform and the store offer, in the form that `vault-crypto` reads and writes.

use std::io;

use vault_crypto::bytes::{Append, ReadAt};
use vault_store::blobs::{BlobHandle, BlobWriter};

use crate::effect::{Sink, Source};

/// A blob's file.
pub(crate) struct BlobBytes(pub(crate) Box<dyn BlobHandle>);

impl ReadAt for BlobBytes {
    fn len_bytes(&self) -> u64 {
        self.0.len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, out)
    }
}

/// A registered file.
pub(crate) struct SourceBytes(pub(crate) Box<dyn Source>);

impl ReadAt for SourceBytes {
    fn len_bytes(&self) -> u64 {
        self.0.len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read_at(offset, out)
    }
}

/// A blob that is being written.
pub(crate) struct BlobOut(pub(crate) Box<dyn BlobWriter>);

impl Append for BlobOut {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// A registered place.
pub(crate) struct SinkOut(pub(crate) Box<dyn Sink>);

impl Append for SinkOut {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write(bytes)
    }
}
