//! The vault as the server's guest: what is stored, who was here, deletion, the record of "address + password".

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    ApiError, Call, Entitlement, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
    bounds::{MAX_BOOTSTRAP_BYTES, MAX_LOGS},
    call::{bare, json_body, json_reply, parse_json_reply, target, with_json},
    json::{at_most, hex, hex_bytes, maybe_number, number},
};
use crate::{DeviceId, Hash, LogId, VaultId};

/// Asks what the server has of the vault. Session: any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The vault.
    pub vault: VaultId,
}

/// What the server has of the vault. Times are by the server's clock, in Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultStatus {
    /// When the vault was registered.
    #[serde(with = "number")]
    pub registered_ms: u64,
    /// Entries.
    #[serde(with = "number")]
    pub n_entries: u64,
    /// Control entries.
    #[serde(with = "number")]
    pub n_control: u64,
    /// Bytes of both.
    #[serde(with = "number")]
    pub stored_bytes: u64,
    /// Bytes that it may have.
    #[serde(with = "number")]
    pub max_bytes: u64,
    /// What it has in blobs; absent if this server keeps none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blobs: Option<BlobUsage>,
    /// When entries last came in, if any did.
    #[serde(default, with = "maybe_number")]
    pub last_push_ms: Option<u64>,
    /// When everything will be deleted, if a member asked for it and nobody called it off.
    #[serde(default, with = "maybe_number")]
    pub deletion_due_ms: Option<u64>,
    /// What it may do.
    pub entitlement: Entitlement,
    /// Every log of the vault by device.
    #[serde(deserialize_with = "logs")]
    pub devices: Vec<DeviceSeen>,
}

/// What a vault has in blobs: those that are whole, and those that were begun with their whole length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobUsage {
    /// Blobs.
    #[serde(with = "number")]
    pub n_blobs: u64,
    /// Bytes of them.
    #[serde(with = "number")]
    pub stored_bytes: u64,
    /// Bytes that they may have.
    #[serde(with = "number")]
    pub max_bytes: u64,
}

/// What the server saw of one log. It proves nothing: the log's own entries do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSeen {
    /// The device.
    #[serde(with = "hex")]
    pub device: DeviceId,
    /// Its log.
    #[serde(with = "hex")]
    pub log: LogId,
    /// The log's last entry here; 0 if none.
    #[serde(with = "number")]
    pub seq: u64,
    /// When an entry of it last came in, whoever sent it.
    #[serde(default, with = "maybe_number")]
    pub last_entry_ms: Option<u64>,
    /// When its key last had a session in use, to within a few minutes.
    #[serde(default, with = "maybe_number")]
    pub last_seen_ms: Option<u64>,
}

/// Deletes everything that the server has of the vault. Session: `delete`. The owner key deletes at once; a member's key gives seven days'
/// notice, which any member may call off ([`Keep`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delete {
    /// The vault.
    pub vault: VaultId,
}

/// What came of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Deletion {
    /// Everything is gone.
    Deleted(Receipt),
    /// Notice is given.
    Noticed {
        /// When it will be deleted.
        #[serde(with = "number")]
        due_ms: u64,
    },
}

/// What was deleted. The server keeps a copy of this, and nothing else of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The vault.
    #[serde(with = "hex")]
    pub vault: VaultId,
    /// Number of the receipt, drawn at random.
    #[serde(with = "hex")]
    pub receipt: Hash,
    /// When.
    #[serde(with = "number")]
    pub deleted_ms: u64,
    /// Entries that were deleted.
    #[serde(with = "number")]
    pub n_entries: u64,
    /// Control entries that were deleted.
    #[serde(with = "number")]
    pub n_control: u64,
    /// Bytes of both that were deleted.
    #[serde(with = "number")]
    pub stored_bytes: u64,
    /// Blobs that were deleted.
    #[serde(default, with = "number", skip_serializing_if = "is_zero")]
    pub n_blobs: u64,
    /// Bytes of them.
    #[serde(default, with = "number", skip_serializing_if = "is_zero")]
    pub blob_bytes: u64,
}

/// Calls a noticed deletion off. Session: `sync` or `delete`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The vault.
    pub vault: VaultId,
}

/// The vault stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Whether there was a notice to call off.
    pub was_noticed: bool,
}

/// Reads the record of "address + password": CBOR `{0: login key, 1: {P} slot}`. Session: `join` or `sync`. [`ApiError::NotFound`] while it is
/// off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadBootstrap {
    /// The vault.
    pub vault: VaultId,
}

/// Stores that record in the place of any other. Session: `sync`. Its SHA-256 must be the one that the control log allows; when that changes,
/// the server deletes what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutBootstrap {
    /// The vault.
    pub vault: VaultId,
    /// The wire form, at most [`MAX_BOOTSTRAP_BYTES`].
    pub record: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct WireRecord {
    #[serde(with = "hex_bytes")]
    record: Vec<u8>,
}

impl WireRecord {
    fn sound(self) -> Option<Vec<u8>> {
        (1..=MAX_BOOTSTRAP_BYTES).contains(&self.record.len()).then_some(self.record)
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn logs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DeviceSeen>, D::Error> {
    at_most(deserializer, MAX_LOGS)
}

/// A call without a body, about one vault, that is answered in JSON.
macro_rules! bare_json_call {
    ($call:ident, $reply:ty, $route:expr) => {
        impl Call for $call {
            type Reply = $reply;
            const ROUTE: Route = $route;

            fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
                bare(Self::ROUTE, self.vault.0, "", token)
            }

            fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
                Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id) })
            }

            fn reply_to_http(reply: &$reply) -> HttpReply {
                json_reply(reply)
            }

            fn reply_from_http(reply: &HttpReply) -> Result<$reply, ReplyError> {
                parse_json_reply(reply)
            }
        }
    };
}

pub(super) use bare_json_call;

bare_json_call!(Status, VaultStatus, Route::Status);
bare_json_call!(Delete, Deletion, Route::Delete);
bare_json_call!(Keep, Kept, Route::Keep);

impl Call for ReadBootstrap {
    type Reply = Vec<u8>;
    const ROUTE: Route = Route::ReadBootstrap;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.vault.0, "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id) })
    }

    fn reply_to_http(reply: &Vec<u8>) -> HttpReply {
        json_reply(&WireRecord { record: reply.clone() })
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Vec<u8>, ReplyError> {
        parse_json_reply::<WireRecord>(reply)?.sound().ok_or(ReplyError::Malformed)
    }
}

impl Call for PutBootstrap {
    type Reply = super::Done;
    const ROUTE: Route = Route::PutBootstrap;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &WireRecord { record: self.record.clone() }, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let record = json_body::<WireRecord>(request)?.sound().ok_or(ApiError::BadRequest)?;
        Ok(Self { vault, record })
    }

    fn reply_to_http(reply: &super::Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<super::Done, ReplyError> {
        parse_json_reply(reply)
    }
}
