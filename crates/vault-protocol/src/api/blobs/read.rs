//! Blobs on their way down.

use serde::{Deserialize, Serialize};

use super::{
    ids::{parse_ids, sound_ids, write_ids},
    put::{blob, is_link},
};
use crate::{
    BlobId, VaultId,
    api::{
        ApiError, Call, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
        bounds::{MAX_BLOB_BYTES, MAX_BLOB_IDS, MAX_PUT_BLOB_BYTES, MAX_READ_BLOB_BYTES, MIN_READ_BLOB_BYTES},
        call::{bare, binary_reply, frames_of_reply, json_reply, parse_json_reply, target, with_json},
        frames::{self, Writer},
        http::{ENTRIES_TYPE, JSON_TYPE},
        json::number,
    },
    reader::Reader,
};

/// Asks for a range of a whole blob. Session: `sync`. [`ApiError::NotFound`] if it is not here, or not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadBlob {
    /// The vault.
    pub vault: VaultId,
    /// The blob.
    pub blob: BlobId,
    /// The first byte wanted, counted from 0. At or beyond the end it is [`ApiError::BadRequest`].
    pub from: u64,
    /// Bytes wanted, [`MIN_READ_BLOB_BYTES`] to [`MAX_READ_BLOB_BYTES`].
    pub max_bytes: u32,
    /// Whether the client would fetch it from where the server keeps it by itself. The server may say no.
    pub takes_direct: bool,
}

/// A range of a blob, or where to get it.
#[derive(Clone, PartialEq, Eq)]
pub enum ReadBlobReply {
    /// The bytes from [`ReadBlob::from`] on: at least one, at most as many as were asked for. Who wants more asks again.
    Bytes {
        /// Bytes of the whole blob.
        len_bytes: u64,
        /// At least one.
        bytes: Vec<u8>,
    },
    /// Where to get any of it: `GET`, with a `Range` if wanted, no `Authorization`. Whoever has the address may do so, so it is kept like a
    /// token.
    Direct {
        /// Bytes of the whole blob.
        len_bytes: u64,
        /// At most [`MAX_LINK_BYTES`](crate::api::bounds::MAX_LINK_BYTES).
        url: String,
        /// When it stops working, by the server's clock, in Unix milliseconds.
        expires_ms: u64,
    },
}

/// Asks for several small blobs in the order of their ids here. Session: `sync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBlobs {
    /// The vault.
    pub vault: VaultId,
    /// 1 … [`MAX_BLOB_IDS`], each once.
    pub blobs: Vec<BlobId>,
}

/// Several small blobs. What was asked for and is nowhere in it did not fit: it is asked for again. The first that is here and small always
/// fits, so that whoever asks again comes to an end.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BlobsRead {
    /// Whole blobs, [`MAX_READ_BLOB_BYTES`] in all.
    pub blobs: Vec<(BlobId, Vec<u8>)>,
    /// Those that are not here, or not whole.
    pub missing: Vec<BlobId>,
    /// Those that are longer than [`MAX_PUT_BLOB_BYTES`]: for [`ReadBlob`].
    pub large: Vec<BlobId>,
}

#[derive(Serialize, Deserialize)]
struct WireDirect {
    #[serde(with = "number")]
    len_bytes: u64,
    url: String,
    #[serde(with = "number")]
    expires_ms: u64,
}

impl std::fmt::Debug for ReadBlobReply {
    /// Without bytes and address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Bytes { len_bytes, .. } | Self::Direct { len_bytes, .. }) = self;
        f.debug_struct("ReadBlobReply").field("len_bytes", len_bytes).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for BlobsRead {
    /// Without the bytes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let here: Vec<_> = self.blobs.iter().map(|(blob, bytes)| (blob, bytes.len())).collect();
        f.debug_struct("BlobsRead").field("blobs", &here).field("missing", &self.missing).field("large", &self.large).finish()
    }
}

impl ReadBlobReply {
    /// The beginning of the body of [`Self::Bytes`], with room for `len` bytes that are to be appended.
    pub fn body_of(len_bytes: u64, len: u32) -> Vec<u8> {
        let mut body = Writer::with_capacity(8 + len as usize);
        body.u64(len_bytes);
        body.0
    }

    /// The reply with such a body.
    pub fn http_of_body(body: Vec<u8>) -> HttpReply {
        binary_reply(ENTRIES_TYPE, body)
    }
}

impl Call for ReadBlob {
    type Reply = ReadBlobReply;
    const ROUTE: Route = Route::ReadBlob;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let max_bytes = self.max_bytes.clamp(MIN_READ_BLOB_BYTES, MAX_READ_BLOB_BYTES);
        let direct = u8::from(self.takes_direct);
        let query = format!("blob={}&from={}&max_bytes={max_bytes}&direct={direct}", self.blob, self.from);
        bare(Self::ROUTE, self.vault.0, &query, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let target = target(Self::ROUTE, request)?;
        let from = target.number("from", MAX_BLOB_BYTES - 1)?;
        let max_bytes = target.number("max_bytes", MAX_READ_BLOB_BYTES.into())? as u32;
        let takes_direct = target.number("direct", 1)? == 1;
        if max_bytes < MIN_READ_BLOB_BYTES {
            return Err(ApiError::BadRequest);
        }
        Ok(Self { vault: VaultId(target.id), blob: blob(&target)?, from, max_bytes, takes_direct })
    }

    fn reply_to_http(reply: &ReadBlobReply) -> HttpReply {
        match reply {
            ReadBlobReply::Bytes { len_bytes, bytes } => {
                let mut body = Self::Reply::body_of(*len_bytes, bytes.len() as u32);
                body.extend_from_slice(bytes);
                Self::Reply::http_of_body(body)
            }
            ReadBlobReply::Direct { len_bytes, url, expires_ms } => {
                json_reply(&WireDirect { len_bytes: *len_bytes, url: url.clone(), expires_ms: *expires_ms })
            }
        }
    }

    fn reply_from_http(reply: &HttpReply) -> Result<ReadBlobReply, ReplyError> {
        let is_len = |len_bytes: &u64| (1..=MAX_BLOB_BYTES).contains(len_bytes);
        if reply.status == 200 && reply.is_of(JSON_TYPE) {
            let WireDirect { len_bytes, url, expires_ms } = parse_json_reply(reply)?;
            let sound = is_len(&len_bytes) && is_link(&url);
            return if sound { Ok(ReadBlobReply::Direct { len_bytes, url, expires_ms }) } else { Err(ReplyError::Malformed) };
        }
        let read = |bytes| {
            let mut reader = frames::begin(bytes)?;
            let len_bytes = reader.u64().filter(is_len)?;
            let bytes = reader.rest();
            let fits = !bytes.is_empty() && bytes.len() as u64 <= len_bytes && bytes.len() <= MAX_READ_BLOB_BYTES as usize;
            fits.then(|| ReadBlobReply::Bytes { len_bytes, bytes: bytes.to_vec() })
        };
        frames_of_reply(reply).and_then(|bytes| read(bytes).ok_or(ReplyError::Malformed))
    }
}

impl Call for ReadBlobs {
    type Reply = BlobsRead;
    const ROUTE: Route = Route::ReadBlobs;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &write_ids(&self.blobs), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id), blobs: parse_ids(request)? })
    }

    fn reply_to_http(reply: &BlobsRead) -> HttpReply {
        let n_bytes: usize = reply.blobs.iter().map(|(_, bytes)| 20 + bytes.len()).sum();
        let mut body = Writer::with_capacity(4 + 16 * (reply.missing.len() + reply.large.len()) + n_bytes);
        for ids in [&reply.missing, &reply.large] {
            body.u16(ids.len().min(MAX_BLOB_IDS) as u16);
            ids.iter().take(MAX_BLOB_IDS).for_each(|id| body.bytes(&id.0));
        }
        for (blob, bytes) in &reply.blobs {
            body.bytes(&blob.0);
            body.u32(bytes.len() as u32);
            body.bytes(bytes);
        }
        binary_reply(ENTRIES_TYPE, body.0)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<BlobsRead, ReplyError> {
        let read = |bytes| {
            let mut reader = frames::begin(bytes)?;
            let (missing, large) = (ids(&mut reader)?, ids(&mut reader)?);
            let mut blobs = Vec::new();
            let mut n_bytes = 0;
            while !reader.is_empty() {
                let (blob, len) = (BlobId(reader.array()?), usize::try_from(reader.u32()?).ok()?);
                n_bytes += len;
                let fits = (1..=MAX_PUT_BLOB_BYTES).contains(&len) && n_bytes <= MAX_READ_BLOB_BYTES as usize && blobs.len() < MAX_BLOB_IDS;
                if !fits {
                    return None;
                }
                blobs.push((blob, reader.bytes(len)?.to_vec()));
            }
            let all: Vec<BlobId> =
                blobs.iter().map(|(blob, _)| *blob).chain(missing.iter().copied()).chain(large.iter().copied()).collect();
            // Something of all that was asked for, and nothing twice: else it would be asked for for ever.
            sound_ids(&all).then_some(BlobsRead { blobs, missing, large })
        };
        frames_of_reply(reply).and_then(|bytes| read(bytes).ok_or(ReplyError::Malformed))
    }
}

/// `n (2) ‖ id (16) × n`.
fn ids(reader: &mut Reader<'_>) -> Option<Vec<BlobId>> {
    let n = usize::from(reader.u16()?);
    (n <= MAX_BLOB_IDS).then(|| (0..n).map(|_| reader.array().map(BlobId)).collect::<Option<_>>()).flatten()
}
