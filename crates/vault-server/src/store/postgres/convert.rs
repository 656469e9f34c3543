//! Columns to our types and back. BIGINT is signed; our numbers end at 2^53 − 1.

use tokio_postgres::Row;
use vault_protocol::{Hash, LogId, SigningPublicKey, VaultId};

use crate::store::{StoreError, StoreResult};

/// As a parameter.
pub(super) fn big(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn number(row: &Row, column: usize) -> StoreResult<u64> {
    u64::try_from(row.try_get::<_, i64>(column)?).map_err(|_negative| StoreError::Corrupt)
}

pub(super) fn maybe_number(row: &Row, column: usize) -> StoreResult<Option<u64>> {
    row.try_get::<_, Option<i64>>(column)?.map(|number| u64::try_from(number).map_err(|_negative| StoreError::Corrupt)).transpose()
}

pub(super) fn bytes(row: &Row, column: usize) -> StoreResult<&[u8]> {
    Ok(row.try_get(column)?)
}

pub(super) fn array<const N: usize>(row: &Row, column: usize) -> StoreResult<[u8; N]> {
    bytes(row, column)?.try_into().map_err(|_len| StoreError::Corrupt)
}

pub(super) fn hash(row: &Row, column: usize) -> StoreResult<Hash> {
    array(row, column).map(Hash)
}

pub(super) fn log(row: &Row, column: usize) -> StoreResult<LogId> {
    array(row, column).map(LogId)
}

pub(super) fn vault(row: &Row, column: usize) -> StoreResult<VaultId> {
    array(row, column).map(VaultId)
}

pub(super) fn key(row: &Row, column: usize) -> StoreResult<SigningPublicKey> {
    array(row, column).map(SigningPublicKey)
}
