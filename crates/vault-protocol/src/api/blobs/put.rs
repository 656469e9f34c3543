//! Blobs on their way up.

use serde::{Deserialize, Deserializer, Serialize};

use super::{PartSet, PartSizes};
use crate::{
    BlobId, VaultId,
    api::{
        ApiError, Call, Done, HttpReply, HttpRequest, OCTETS_TYPE, ReplyError, Route, SessionToken, Target,
        bounds::{MAX_BLOB_BYTES, MAX_DIRECT_PARTS, MAX_LINK_BYTES, MAX_NUMBER, MAX_PARTS},
        call::{bare, json_body, json_reply, parse_json_reply, target, with_json},
        json::{at_most, hex, hex_bytes, number},
    },
};

/// Claims an id for a blob of this length, or asks how far it came. Repeating it changes nothing. Session: `sync`. The same id with another
/// length is [`ApiError::BlobConflict`]; no room for it is [`ApiError::VaultFull`]; without an entitlement it is [`ApiError::PaymentRequired`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeginBlob {
    /// The vault.
    pub vault: VaultId,
    /// Drawn at random by the client.
    pub blob: BlobId,
    /// Of the sealed blob, 1 … [`MAX_BLOB_BYTES`].
    pub len_bytes: u64,
    /// Whether the client would bring parts to where the server keeps them by itself. The server may say no.
    pub takes_direct: bool,
}

/// How far a blob came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobBegun {
    /// Bytes of every part but the last; the same for as long as this claim lasts.
    pub part_bytes: u32,
    /// The parts that are there.
    pub present: PartSet,
    /// Whether it is whole: there is nothing left to do, [`FinishBlob`] included.
    pub complete: bool,
    /// Where to bring missing parts without passing them through the server, if it offers that and was asked. [`PutPart`] works all the same.
    pub direct: Option<DirectParts>,
}

/// Addresses of missing parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectParts {
    /// When they stop working, by the server's clock, in Unix milliseconds. Asked again the server gives new ones.
    #[serde(with = "number")]
    pub expires_ms: u64,
    /// The first missing parts, ascending; some, not all, if many are missing.
    #[serde(deserialize_with = "direct_parts")]
    pub parts: Vec<DirectPart>,
}

/// Where to bring one part: `PUT`, the bytes as body, no `Authorization`. Whoever has the address may do so, so it is kept like a token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectPart {
    /// The part.
    pub part: u32,
    /// At most [`MAX_LINK_BYTES`].
    pub url: String,
}

/// Brings one part of a blob that was begun. Repeating it changes nothing; a part of a whole blob is taken for one that came before. Session:
/// `sync`. [`ApiError::NotFound`] if the blob was not begun, or was given up since; [`ApiError::BadRequest`] if the part has not its length.
#[derive(Clone, PartialEq, Eq)]
pub struct PutPart {
    /// The vault.
    pub vault: VaultId,
    /// The blob.
    pub blob: BlobId,
    /// Counted from 0.
    pub part: u32,
    /// Exactly as many as [`PartSizes::part`] says.
    pub bytes: Vec<u8>,
}

/// Brings the whole of a small blob: claims, stores and completes it. Repeating it changes nothing. Session: `sync`. Refused like
/// [`BeginBlob`].
#[derive(Clone, PartialEq, Eq)]
pub struct PutBlob {
    /// The vault.
    pub vault: VaultId,
    /// Drawn at random by the client.
    pub blob: BlobId,
    /// 1 … [`MAX_PUT_BLOB_BYTES`](crate::api::bounds::MAX_PUT_BLOB_BYTES).
    pub bytes: Vec<u8>,
}

/// Makes a blob whole whose parts are all there. Repeating it changes nothing. Session: `sync`. [`ApiError::BlobIncomplete`] if parts are
/// missing, which [`BeginBlob`] then names; [`ApiError::NotFound`] if it was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinishBlob {
    /// The vault.
    pub vault: VaultId,
    /// The blob.
    pub blob: BlobId,
}

/// The blob is whole and stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobFinished {
    /// Its length.
    #[serde(with = "number")]
    pub len_bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct WireBegin {
    #[serde(with = "hex")]
    blob: BlobId,
    #[serde(with = "number")]
    len_bytes: u64,
    #[serde(default)]
    takes_direct: bool,
}

#[derive(Serialize, Deserialize)]
struct WireBegun {
    part_bytes: u32,
    n_parts: u32,
    #[serde(with = "hex_bytes")]
    present: Vec<u8>,
    complete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direct: Option<DirectParts>,
}

#[derive(Serialize, Deserialize)]
struct WireFinish {
    #[serde(with = "hex")]
    blob: BlobId,
}

fn direct_parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DirectPart>, D::Error> {
    at_most(deserializer, MAX_DIRECT_PARTS)
}

impl std::fmt::Debug for DirectPart {
    /// Without the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectPart").field("part", &self.part).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PutPart {
    /// Without the bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutPart").field("blob", &self.blob).field("part", &self.part).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PutBlob {
    /// Without the bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutBlob").field("blob", &self.blob).finish_non_exhaustive()
    }
}

impl DirectParts {
    /// Ascending, each at most once, and addresses of a kind that a client may call.
    fn is_sound(&self, present: &PartSet) -> bool {
        let ascends = self.parts.is_sorted_by(|a, b| a.part < b.part);
        ascends && self.parts.iter().all(|direct| direct.part < present.n_parts() && is_link(&direct.url))
    }
}

/// Whether this may be an address that a server names: of the web, and of an acceptable length.
pub(super) fn is_link(url: &str) -> bool {
    url.len() <= MAX_LINK_BYTES && (url.starts_with("https://") || url.starts_with("http://"))
}

fn octets(route: Route, vault: VaultId, query: &str, bytes: &[u8], token: Option<&SessionToken>) -> HttpRequest {
    HttpRequest { content_type: Some(OCTETS_TYPE), body: bytes.to_vec(), ..bare(route, vault.0, query, token) }
}

/// The blob in a request's query.
pub(super) fn blob(target: &Target<'_>) -> Result<BlobId, ApiError> {
    target.id("blob").map(BlobId)
}

impl Call for BeginBlob {
    type Reply = BlobBegun;
    const ROUTE: Route = Route::BeginBlob;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let Self { vault, blob, len_bytes, takes_direct } = *self;
        with_json(Self::ROUTE, vault.0, &WireBegin { blob, len_bytes, takes_direct }, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let WireBegin { blob, len_bytes, takes_direct } = json_body(request)?;
        let sound = (1..=MAX_BLOB_BYTES).contains(&len_bytes);
        if sound { Ok(Self { vault, blob, len_bytes, takes_direct }) } else { Err(ApiError::BadRequest) }
    }

    fn reply_to_http(reply: &BlobBegun) -> HttpReply {
        let BlobBegun { part_bytes, present, complete, direct } = reply.clone();
        json_reply(&WireBegun { part_bytes, n_parts: present.n_parts(), present: present.bits().to_vec(), complete, direct })
    }

    fn reply_from_http(reply: &HttpReply) -> Result<BlobBegun, ReplyError> {
        let WireBegun { part_bytes, n_parts, present, complete, direct } = parse_json_reply(reply)?;
        let present = PartSet::of_bits(n_parts, present).filter(|set| set.is_full() || !complete).ok_or(ReplyError::Malformed)?;
        // The sizes that follow are within their bounds whatever length they are of.
        let sound =
            PartSizes::new(part_bytes.into(), part_bytes).is_some() && direct.as_ref().is_none_or(|direct| direct.is_sound(&present));
        if sound { Ok(BlobBegun { part_bytes, present, complete, direct }) } else { Err(ReplyError::Malformed) }
    }
}

impl PutPart {
    /// Vault, blob and part of a request, without its bytes.
    ///
    /// # Errors
    ///
    /// As [`Call::from_http`].
    pub fn place(request: &HttpRequest) -> Result<(VaultId, BlobId, u32), ApiError> {
        let target = target(Self::ROUTE, request)?;
        let part = target.number("part", u64::from(MAX_PARTS) - 1)? as u32;
        Ok((VaultId(target.id), blob(&target)?, part))
    }
}

impl PutBlob {
    /// Vault and blob of a request, without its bytes.
    ///
    /// # Errors
    ///
    /// As [`Call::from_http`].
    pub fn place(request: &HttpRequest) -> Result<(VaultId, BlobId), ApiError> {
        let target = target(Self::ROUTE, request)?;
        Ok((VaultId(target.id), blob(&target)?))
    }
}

impl Call for PutPart {
    type Reply = Done;
    const ROUTE: Route = Route::PutPart;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        octets(Self::ROUTE, self.vault, &format!("blob={}&part={}", self.blob, self.part), &self.bytes, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let (vault, blob, part) = Self::place(request)?;
        if request.body.is_empty() {
            return Err(ApiError::BadRequest);
        }
        Ok(Self { vault, blob, part, bytes: request.body.clone() })
    }

    fn reply_to_http(reply: &Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Done, ReplyError> {
        parse_json_reply(reply)
    }
}

impl Call for PutBlob {
    type Reply = Done;
    const ROUTE: Route = Route::PutBlob;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        octets(Self::ROUTE, self.vault, &format!("blob={}", self.blob), &self.bytes, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let (vault, blob) = Self::place(request)?;
        if request.body.is_empty() {
            return Err(ApiError::BadRequest);
        }
        Ok(Self { vault, blob, bytes: request.body.clone() })
    }

    fn reply_to_http(reply: &Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Done, ReplyError> {
        parse_json_reply(reply)
    }
}

impl Call for FinishBlob {
    type Reply = BlobFinished;
    const ROUTE: Route = Route::FinishBlob;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &WireFinish { blob: self.blob }, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        Ok(Self { vault, blob: json_body::<WireFinish>(request)?.blob })
    }

    fn reply_to_http(reply: &BlobFinished) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<BlobFinished, ReplyError> {
        const { assert!(MAX_BLOB_BYTES <= MAX_NUMBER) }
        parse_json_reply(reply).and_then(|finished: BlobFinished| {
            let sound = (1..=MAX_BLOB_BYTES).contains(&finished.len_bytes);
            if sound { Ok(finished) } else { Err(ReplyError::Malformed) }
        })
    }
}
