//! The control log on the wire. Frames are control entries as `FORMAT.md` §4 has them; whether they may stand is for the reader's verifier.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, Call, HttpReply, HttpRequest, Position, ReplyError, Route, SessionToken,
    bounds::{MAX_HEADS, MAX_NUMBER},
    call::{bare, binary_reply, frames_of_reply, json_reply, parse_json_reply, target, with_frames},
    frames::{self, Writer},
    http::ENTRIES_TYPE,
    json::{hex, hex_list, number},
};
use crate::{Hash, VaultId, limits::MAX_CONTROL_BYTES};

/// Registers a vault by its genesis, or asks whether it is registered. Repeating it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The genesis entry's wire form.
    pub genesis: Vec<u8>,
    /// Whether to register a vault that the server does not hold. If not, such a vault is [`ApiError::NotRegistered`]: so a device whose
    /// login is refused tells "removed from the vault" from "deleted from the server", and does not bring back what was deleted.
    pub create: bool,
}

/// The vault is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The vault, which follows from the genesis.
    #[serde(with = "hex")]
    pub vault: VaultId,
    /// Whether it was this request that registered it.
    pub created: bool,
}

/// Asks for a page of the control log in the order in which this server took it. Session: any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadControl {
    /// The vault.
    pub vault: VaultId,
    /// Entries to leave out from the beginning; a reader that finds parents missing begins again at 0.
    pub after: u64,
}

/// A page of the control log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlPage {
    /// How many entries the server has. There is a next page if `after` and the entries here are fewer.
    pub n_control: u64,
    /// The server's control heads, ascending.
    pub heads: Vec<Hash>,
    /// Wire forms, each entry after its parents.
    pub entries: Vec<Vec<u8>>,
}

/// Appends entries, all or none. Session: `sync`; a `join` session may append enrolments, incarnations and settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendControl {
    /// The vault.
    pub vault: VaultId,
    /// The server's control heads as the client knows them, ascending: else [`ApiError::StaleControl`], unless all entries are there already.
    pub heads: Vec<Hash>,
    /// Wire forms, at least one, each entry after its parents. They need not be written on all of `heads`: what was written offline is forked.
    pub entries: Vec<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct WirePosition {
    #[serde(with = "number")]
    n_entries: u64,
    #[serde(with = "number")]
    n_control: u64,
    #[serde(with = "hex_list")]
    control_heads: Vec<Hash>,
}

impl Call for Register {
    type Reply = Registered;
    const ROUTE: Route = Route::Register;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let mut body = Writer::new();
        body.frames(&[&self.genesis]);
        let query = if self.create { "create=1" } else { "create=0" };
        with_frames(Self::ROUTE, [0; 16], query, body.0, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let create = target(Self::ROUTE, request)?.number("create", 1)? == 1;
        let frames = frames::begin(&request.body).and_then(|reader| frames::frames(reader, MAX_CONTROL_BYTES));
        let [genesis] = frames.and_then(|frames| frames.try_into().ok()).ok_or(ApiError::BadRequest)?;
        Ok(Self { genesis, create })
    }

    fn reply_to_http(reply: &Registered) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Registered, ReplyError> {
        parse_json_reply(reply)
    }
}

impl Call for ReadControl {
    type Reply = ControlPage;
    const ROUTE: Route = Route::ReadControl;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.vault.0, &format!("after={}", self.after), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let target = target(Self::ROUTE, request)?;
        Ok(Self { vault: VaultId(target.id), after: target.number("after", MAX_NUMBER)? })
    }

    fn reply_to_http(reply: &ControlPage) -> HttpReply {
        let mut body = Writer::new();
        body.u64(reply.n_control);
        body.heads(&reply.heads);
        body.frames(&reply.entries);
        binary_reply(ENTRIES_TYPE, body.0)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<ControlPage, ReplyError> {
        let read = |bytes| {
            let mut reader = frames::begin(bytes)?;
            let (n_control, heads) = (frames::number(&mut reader)?, frames::heads(&mut reader)?);
            Some(ControlPage { n_control, heads, entries: frames::frames(reader, MAX_CONTROL_BYTES)? })
        };
        frames_of_reply(reply).and_then(|bytes| read(bytes).ok_or(ReplyError::Malformed))
    }
}

impl Call for AppendControl {
    type Reply = Position;
    const ROUTE: Route = Route::AppendControl;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_frames(Self::ROUTE, self.vault.0, "", frames::write_sending(&self.heads, &self.entries), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let (heads, entries) = frames::sending(&request.body, MAX_CONTROL_BYTES).ok_or(ApiError::BadRequest)?;
        Ok(Self { vault, heads, entries })
    }

    fn reply_to_http(reply: &Position) -> HttpReply {
        let Position { n_entries, n_control, control_heads } = reply.clone();
        json_reply(&WirePosition { n_entries, n_control, control_heads })
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Position, ReplyError> {
        let WirePosition { n_entries, n_control, control_heads } = parse_json_reply(reply)?;
        let sound = control_heads.len() <= MAX_HEADS && control_heads.is_sorted_by(|a, b| a < b);
        if sound { Ok(Position { n_entries, n_control, control_heads }) } else { Err(ReplyError::Malformed) }
    }
}
