//! Ids and keys in and out of columns.

use rusqlite::{
    Row,
    types::{FromSqlError, ToSqlOutput, Type, ValueRef},
};
use vault_protocol::{Hash, LogId, SigningPublicKey, VaultId};

/// A fixed number of bytes in a column.
pub(super) fn array<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    let conversion = |error: FromSqlError| rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error));
    let bytes = row.get_ref(column)?.as_blob().map_err(conversion)?;
    bytes.try_into().map_err(|_len| conversion(FromSqlError::InvalidBlobSize { expected_size: N, blob_size: bytes.len() }))
}

pub(super) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    array(row, column).map(Hash)
}

pub(super) fn log(row: &Row<'_>, column: usize) -> rusqlite::Result<LogId> {
    array(row, column).map(LogId)
}

pub(super) fn vault(row: &Row<'_>, column: usize) -> rusqlite::Result<VaultId> {
    array(row, column).map(VaultId)
}

pub(super) fn key(row: &Row<'_>, column: usize) -> rusqlite::Result<SigningPublicKey> {
    array(row, column).map(SigningPublicKey)
}

/// As a parameter.
pub(super) fn blob(bytes: &[u8]) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Blob(bytes))
}
