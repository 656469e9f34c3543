//! Blobs by their ids: which are there, and which need not be kept.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    BlobId, VaultId,
    api::{
        ApiError, Call, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
        bounds::{MAX_BLOB_BYTES, MAX_BLOB_IDS},
        call::{json_body, json_reply, parse_json_reply, target, with_json},
        json::{at_most, hex, hex_list, number},
    },
};

/// Asks which blobs are whole and how long they are. Session: `sync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindBlobs {
    /// The vault.
    pub vault: VaultId,
    /// 1 … [`MAX_BLOB_IDS`], each once.
    pub blobs: Vec<BlobId>,
}

/// Those that are whole; the others are not here, or not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundBlobs {
    /// In the order in which they were asked for.
    #[serde(deserialize_with = "lens")]
    pub blobs: Vec<BlobLen>,
}

/// A blob and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobLen {
    /// The blob.
    #[serde(with = "hex")]
    pub blob: BlobId,
    /// In bytes.
    #[serde(with = "number")]
    pub len_bytes: u64,
}

/// Says that blobs need not be kept any longer, whether they are whole or not and whether an entry names them or not: the server deletes them.
/// What is not there is passed over. Session: `sync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseBlobs {
    /// The vault.
    pub vault: VaultId,
    /// 1 … [`MAX_BLOB_IDS`], each once.
    pub blobs: Vec<BlobId>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedBlobs {
    /// How many were there.
    #[serde(with = "number")]
    pub n_released: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireIds {
    #[serde(with = "hex_list")]
    blobs: Vec<BlobId>,
}

pub(super) fn write_ids(blobs: &[BlobId]) -> WireIds {
    WireIds { blobs: blobs.to_vec() }
}

pub(super) fn parse_ids(request: &HttpRequest) -> Result<Vec<BlobId>, ApiError> {
    let blobs = json_body::<WireIds>(request)?.blobs;
    if sound_ids(&blobs) { Ok(blobs) } else { Err(ApiError::BadRequest) }
}

/// Whether there are 1 … [`MAX_BLOB_IDS`], each once.
pub(super) fn sound_ids(blobs: &[BlobId]) -> bool {
    let mut sorted = blobs.to_vec();
    sorted.sort_unstable();
    (1..=MAX_BLOB_IDS).contains(&blobs.len()) && sorted.is_sorted_by(|a, b| a < b)
}

fn lens<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<BlobLen>, D::Error> {
    at_most(deserializer, MAX_BLOB_IDS)
}

impl Call for FindBlobs {
    type Reply = FoundBlobs;
    const ROUTE: Route = Route::FindBlobs;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &write_ids(&self.blobs), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id), blobs: parse_ids(request)? })
    }

    fn reply_to_http(reply: &FoundBlobs) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<FoundBlobs, ReplyError> {
        let found: FoundBlobs = parse_json_reply(reply)?;
        let sound = found.blobs.iter().all(|found| (1..=MAX_BLOB_BYTES).contains(&found.len_bytes));
        if sound { Ok(found) } else { Err(ReplyError::Malformed) }
    }
}

impl Call for ReleaseBlobs {
    type Reply = ReleasedBlobs;
    const ROUTE: Route = Route::ReleaseBlobs;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &write_ids(&self.blobs), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id), blobs: parse_ids(request)? })
    }

    fn reply_to_http(reply: &ReleasedBlobs) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<ReleasedBlobs, ReplyError> {
        parse_json_reply(reply)
    }
}
