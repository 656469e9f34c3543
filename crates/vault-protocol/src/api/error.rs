//! What a server refuses, and why.

use serde::{Deserialize, Serialize};

use super::{
    HttpReply, JSON_TYPE,
    bounds::{MAX_BLOB_BYTES, MAX_HEADS, MAX_NUMBER, MAX_RETRY_SECS},
    json::{self, hex, hex_list},
};
use crate::{Hash, LogId};

/// Why a call was refused. Nothing was changed by a refused call.
///
/// On the wire it is `{"code": …, "message": …}` with the details of its code. `Display` is the message; a reader makes the sentence from the
/// code and never shows what the server wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// 400: not a request of this contract, or a number outside its bounds.
    #[error("the request is malformed")]
    BadRequest,
    /// 401, at login: unknown vault, a key without a place in it, a wrong signature, a nonce that is used or too old. They look alike (R10).
    #[error("the login was refused")]
    Unauthorized,
    /// 401: the session ended, by time or because the key lost its place. Log in again.
    #[error("the session has ended")]
    SessionExpired,
    /// 403: the session's purpose or key does not cover this call.
    #[error("this session may not do that")]
    Forbidden,
    /// 404: no such route or thing.
    #[error("there is nothing here")]
    NotFound,
    /// 404: the server does not hold this vault (any more).
    #[error("the vault is not registered here")]
    NotRegistered,
    /// 409: the vault is registered with another genesis. There is never a second salt (MS03).
    #[error("the vault is registered with another beginning")]
    OtherGenesis,
    /// 409: the call named other control heads than the server's.
    #[error("the control log has moved on")]
    StaleControl {
        /// The server's heads, ascending.
        heads: Vec<Hash>,
        /// How many control entries the server has.
        n_control: u64,
    },
    /// 422: a control entry that no verifier takes, or that this session may not append.
    #[error("a control entry was refused")]
    ControlRefused,
    /// 409: the server has another entry in this place.
    #[error("the server has another entry in this place")]
    EntryConflict {
        /// The log.
        log: LogId,
        /// The place.
        seq: u64,
        /// Hash of the entry that the server has.
        hash: Hash,
    },
    /// 409: entries before this one are missing.
    #[error("entries are missing before this one")]
    Gap {
        /// The log.
        log: LogId,
        /// The number that must come next.
        expected_seq: u64,
    },
    /// 422: not an entry of this vault, of no known log, or wrongly signed or chained.
    #[error("an entry was refused")]
    EntryRefused {
        /// The log that it names.
        log: LogId,
        /// The number that it names.
        seq: u64,
    },
    /// 402: the vault has no entitlement. Reading goes on.
    #[error("sending to this server needs NT² Premium; reading still works")]
    PaymentRequired,
    /// 413: the request is larger than its route takes.
    #[error("the request is too large")]
    TooLarge,
    /// 507: the vault has used all the room that the server gives it.
    #[error("the server's room for this vault is used up")]
    VaultFull,
    /// 409: the blob's id is claimed with another length.
    #[error("the blob is here with another length")]
    BlobConflict {
        /// The length that it is claimed with, in bytes.
        len_bytes: u64,
    },
    /// 409: parts of the blob are missing.
    #[error("parts of the blob are missing")]
    BlobIncomplete,
    /// 409: the relay has another message in this place, or the channel is full.
    #[error("the relay has another message in this place or is full")]
    RelayConflict,
    /// 422: the code is unknown, used up or out of date. They look alike.
    #[error("the code was not accepted")]
    PromoRefused,
    /// 404: this server does not offer that.
    #[error("this server does not offer that")]
    NotOffered,
    /// 429: too many requests.
    #[error("too many requests")]
    RateLimited {
        /// At least this long, at most a day.
        retry_after_secs: u32,
    },
    /// 503: the server can't answer now.
    #[error("the server is busy")]
    Busy {
        /// At least this long, at most a day.
        retry_after_secs: u32,
    },
    /// 500: a fault of the server.
    #[error("the server failed")]
    Internal,
    /// A refusal in words that this program does not know. Never sent.
    #[error("the server refused with status {0}")]
    Unknown(u16),
}

/// The JSON form.
#[derive(Serialize, Deserialize)]
struct Wire {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_secs: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heads: Option<WireHeads>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n_control: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<WireId<LogId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<WireId<Hash>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    len_bytes: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct WireHeads(#[serde(with = "hex_list")] Vec<Hash>);

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct WireId<T: json::Hex>(#[serde(with = "hex")] T);

impl ApiError {
    /// The word on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::SessionExpired => "session_expired",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::NotRegistered => "not_registered",
            Self::OtherGenesis => "other_genesis",
            Self::StaleControl { .. } => "stale_control",
            Self::ControlRefused => "control_refused",
            Self::EntryConflict { .. } => "entry_conflict",
            Self::Gap { .. } => "gap",
            Self::EntryRefused { .. } => "entry_refused",
            Self::PaymentRequired => "payment_required",
            Self::TooLarge => "too_large",
            Self::VaultFull => "vault_full",
            Self::BlobConflict { .. } => "blob_conflict",
            Self::BlobIncomplete => "blob_incomplete",
            Self::RelayConflict => "relay_conflict",
            Self::PromoRefused => "promo_refused",
            Self::NotOffered => "not_offered",
            Self::RateLimited { .. } => "rate_limited",
            Self::Busy { .. } => "busy",
            Self::Internal | Self::Unknown(_) => "internal",
        }
    }

    /// The status code that carries it.
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized | Self::SessionExpired => 401,
            Self::PaymentRequired => 402,
            Self::Forbidden => 403,
            Self::NotFound | Self::NotRegistered | Self::NotOffered => 404,
            Self::OtherGenesis
            | Self::StaleControl { .. }
            | Self::EntryConflict { .. }
            | Self::Gap { .. }
            | Self::BlobConflict { .. }
            | Self::BlobIncomplete
            | Self::RelayConflict => 409,
            Self::TooLarge => 413,
            Self::ControlRefused | Self::EntryRefused { .. } | Self::PromoRefused => 422,
            Self::RateLimited { .. } => 429,
            Self::Internal => 500,
            Self::Busy { .. } => 503,
            Self::VaultFull => 507,
            Self::Unknown(status) => *status,
        }
    }

    /// How long to wait before trying again, in seconds, if the server said so.
    pub fn retry_after_secs(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after_secs } | Self::Busy { retry_after_secs } => Some(*retry_after_secs),
            _ => None,
        }
    }

    /// The reply that says so.
    pub fn to_http(&self) -> HttpReply {
        let mut wire = Wire {
            code: self.code().to_owned(),
            message: self.to_string(),
            retry_after_secs: self.retry_after_secs(),
            heads: None,
            n_control: None,
            log: None,
            seq: None,
            hash: None,
            len_bytes: None,
        };
        match self {
            Self::StaleControl { heads, n_control } => {
                wire.heads = Some(WireHeads(heads.clone()));
                wire.n_control = Some(*n_control);
            }
            Self::EntryConflict { log, seq, hash } => {
                wire.log = Some(WireId(*log));
                wire.seq = Some(*seq);
                wire.hash = Some(WireId(*hash));
            }
            Self::Gap { log, expected_seq: seq } | Self::EntryRefused { log, seq } => {
                wire.log = Some(WireId(*log));
                wire.seq = Some(*seq);
            }
            Self::BlobConflict { len_bytes } => wire.len_bytes = Some(*len_bytes),
            _ => {}
        }
        HttpReply { status: self.status(), content_type: JSON_TYPE.to_owned(), body: json::write(&wire) }
    }

    /// Reads a refusal. What is none of ours, or carries details outside their bounds, is [`Self::Unknown`].
    pub fn from_http(reply: &HttpReply) -> Self {
        json::parse(&reply.body)
            .and_then(Self::from_wire)
            .filter(|error| error.status() == reply.status)
            .unwrap_or(Self::Unknown(reply.status))
    }

    fn from_wire(wire: Wire) -> Option<Self> {
        let retry_after_secs = wire.retry_after_secs.unwrap_or(1).clamp(1, MAX_RETRY_SECS);
        let seq = wire.seq.filter(|seq| (1..=MAX_NUMBER).contains(seq));
        Some(match wire.code.as_str() {
            "bad_request" => Self::BadRequest,
            "unauthorized" => Self::Unauthorized,
            "session_expired" => Self::SessionExpired,
            "forbidden" => Self::Forbidden,
            "not_found" => Self::NotFound,
            "not_registered" => Self::NotRegistered,
            "other_genesis" => Self::OtherGenesis,
            "stale_control" => {
                let heads = wire.heads?.0;
                let sound = !heads.is_empty() && heads.len() <= MAX_HEADS && heads.is_sorted_by(|a, b| a < b);
                let n_control = wire.n_control.filter(|n| (1..=MAX_NUMBER).contains(n) && sound)?;
                Self::StaleControl { heads, n_control }
            }
            "control_refused" => Self::ControlRefused,
            "entry_conflict" => Self::EntryConflict { log: wire.log?.0, seq: seq?, hash: wire.hash?.0 },
            "gap" => Self::Gap { log: wire.log?.0, expected_seq: seq? },
            "entry_refused" => Self::EntryRefused { log: wire.log?.0, seq: seq? },
            "payment_required" => Self::PaymentRequired,
            "too_large" => Self::TooLarge,
            "vault_full" => Self::VaultFull,
            "blob_conflict" => {
                Self::BlobConflict { len_bytes: wire.len_bytes.filter(|len_bytes| (1..=MAX_BLOB_BYTES).contains(len_bytes))? }
            }
            "blob_incomplete" => Self::BlobIncomplete,
            "relay_conflict" => Self::RelayConflict,
            "promo_refused" => Self::PromoRefused,
            "not_offered" => Self::NotOffered,
            "rate_limited" => Self::RateLimited { retry_after_secs },
            "busy" => Self::Busy { retry_after_secs },
            "internal" => Self::Internal,
            _ => return None,
        })
    }
}
