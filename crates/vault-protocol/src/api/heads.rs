//! Where the server stands, asked for by itself.

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    ApiError, Call, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
    bounds::{MAX_HEADS, MAX_LOGS, MAX_NUMBER, MAX_WAIT_SECS},
    call::{bare, json_reply, parse_json_reply, target},
    json::{at_most, hex, hex_list, number},
};
use crate::{Hash, Head, LogId, VaultId, VersionVector};

/// How much the server has. Both numbers only rise, except where a server lost or deleted what it had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Entries of all logs.
    pub n_entries: u64,
    /// Control entries.
    pub n_control: u64,
    /// The control heads, ascending.
    pub control_heads: Vec<Hash>,
}

/// Asks for every head. Session: `sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadHeads {
    /// The vault.
    pub vault: VaultId,
}

/// Every head of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Where it stands.
    pub position: Position,
    /// The last entry of every log that has one.
    pub logs: VersionVector,
}

/// Waits until the server has another number of entries or control entries than named. Session: `sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The vault.
    pub vault: VaultId,
    /// As the client knows it.
    pub n_entries: u64,
    /// As the client knows it.
    pub n_control: u64,
    /// At most [`MAX_WAIT_SECS`]; 0 = answer at once.
    pub timeout_secs: u32,
}

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Whether either number differs. If not, the time is over.
    pub changed: bool,
}

#[derive(Serialize, Deserialize)]
struct WireHeads {
    #[serde(with = "number")]
    n_entries: u64,
    #[serde(with = "number")]
    n_control: u64,
    #[serde(with = "hex_list")]
    control_heads: Vec<Hash>,
    #[serde(deserialize_with = "logs")]
    logs: Vec<WireHead>,
}

#[derive(Serialize, Deserialize)]
struct WireHead {
    #[serde(with = "hex")]
    log: LogId,
    #[serde(with = "number")]
    seq: u64,
    #[serde(with = "hex")]
    hash: Hash,
}

fn logs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<WireHead>, D::Error> {
    at_most(deserializer, MAX_LOGS)
}

impl Call for ReadHeads {
    type Reply = Heads;
    const ROUTE: Route = Route::Heads;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.vault.0, "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id) })
    }

    fn reply_to_http(reply: &Heads) -> HttpReply {
        let Position { n_entries, n_control, control_heads } = reply.position.clone();
        let logs = reply.logs.0.iter().map(|(log, head)| WireHead { log: *log, seq: head.seq, hash: head.hash }).collect();
        json_reply(&WireHeads { n_entries, n_control, control_heads, logs })
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Heads, ReplyError> {
        let WireHeads { n_entries, n_control, control_heads, logs } = parse_json_reply(reply)?;
        let mut sound = control_heads.len() <= MAX_HEADS && control_heads.is_sorted_by(|a, b| a < b);
        sound &= logs.is_sorted_by(|a, b| a.log < b.log) && logs.iter().all(|head| head.seq >= 1);
        if !sound {
            return Err(ReplyError::Malformed);
        }
        let logs = VersionVector(logs.into_iter().map(|head| (head.log, Head { seq: head.seq, hash: head.hash })).collect());
        Ok(Heads { position: Position { n_entries, n_control, control_heads }, logs })
    }
}

impl Call for Wait {
    type Reply = Changed;
    const ROUTE: Route = Route::Wait;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let (n_entries, n_control, timeout_secs) = (self.n_entries, self.n_control, self.timeout_secs.min(MAX_WAIT_SECS));
        bare(Self::ROUTE, self.vault.0, &format!("n_entries={n_entries}&n_control={n_control}&timeout_secs={timeout_secs}"), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let target = target(Self::ROUTE, request)?;
        let (n_entries, n_control) = (target.number("n_entries", MAX_NUMBER)?, target.number("n_control", MAX_NUMBER)?);
        let timeout_secs = target.number("timeout_secs", MAX_WAIT_SECS.into())? as u32;
        Ok(Self { vault: VaultId(target.id), n_entries, n_control, timeout_secs })
    }

    fn reply_to_http(reply: &Changed) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Changed, ReplyError> {
        parse_json_reply(reply)
    }
}
