//! Where long ciphertexts are read from and written to: traits of ours, because the crate does no I/O.

use std::io;

/// Bytes of known length, read at will: a file, a blob of the browser, a slice in a test.
pub trait ReadAt {
    /// Length in bytes.
    fn len_bytes(&self) -> u64;

    /// Reads exactly `out.len()` bytes at `offset`.
    ///
    /// # Errors
    ///
    /// Whatever the platform says; fewer bytes than asked for are an error too.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()>;
}

/// A place that takes bytes in order.
pub trait Append {
    /// Takes all of `bytes`.
    ///
    /// # Errors
    ///
    /// Whatever the platform says.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl ReadAt for &[u8] {
    fn len_bytes(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).ok().and_then(|start| self.get(start..)?.get(..out.len()));
        out.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &mut R {
    fn len_bytes(&self) -> u64 {
        (**self).len_bytes()
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, out)
    }
}

impl Append for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}
