//! Names of the records that belong to this device alone, sealed in the `local` table.

use vault_protocol::ObjectId;

/// State of the replica: positions of all logs, clock, root.
pub(crate) const REPLICA: &str = "replica";
/// Purges that wait for other devices.
pub(crate) const PURGES: &str = "purges";
/// The seed of this replica's log key.
pub(crate) const LOG_KEY: &str = "log key";
/// The seed of the log key before it, until a server knows the present one: only a known key can hand over its successor.
pub(crate) const PREVIOUS_LOG_KEY: &str = "previous log key";
/// The recovery secret, until a kit has been saved and checked.
pub(crate) const KIT_COPY: &str = "kit copy";
/// What "address + password" needs on the server, until that has it.
pub(crate) const LOGIN_RECORD: &str = "login record";
/// What was being typed when the vault was locked.
pub(crate) const DRAFT: &str = "draft";
/// The vault's display name, which the device index may lose.
pub(crate) const NAME: &str = "name";
/// Time and position of the last backup.
pub(crate) const LAST_BACKUP: &str = "last backup";

/// What a carrier may see of a length: the number of binary digits of the chunk count.
pub(crate) fn size_class(n_chunks: u64) -> u8 {
    (u64::BITS - n_chunks.leading_zeros()) as u8
}

/// A copy of an attachment's descriptor.
pub(crate) fn descriptor(object: ObjectId, attachment: [u8; 16]) -> String {
    format!("descriptor/{object}/{}", vault_protocol::ObjectId(attachment))
}
