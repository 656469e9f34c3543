//! Entries on the wire. Frames are entries as `FORMAT.md` §3 has them; a reader parses and verifies each by itself.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, Call, HttpReply, HttpRequest, Position, ReplyError, Route, SessionToken,
    bounds::{MAX_NUMBER, MAX_PAGE_BYTES, MIN_PAGE_BYTES},
    call::{binary_reply, frames_of_reply, json_reply, parse_json_reply, target, with_frames},
    frames::{self, Writer, Zero},
    http::ENTRIES_TYPE,
    json::number,
};
use crate::{Hash, VaultId, VersionVector, limits::MAX_ENTRY_BYTES};

/// Sends entries, all or none. What the server has already is skipped, so a push may be repeated. Session: `sync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The vault.
    pub vault: VaultId,
    /// The server's control heads as the client knows them, ascending: else [`ApiError::StaleControl`]. So nothing that is sealed for a
    /// device just removed is sent in the moment of its removal (LD03).
    pub control_heads: Vec<Hash>,
    /// Wire forms of any logs of the vault, the entries of each log in order.
    pub entries: Vec<Vec<u8>>,
}

/// What came of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Entries stored by it; the others were there.
    #[serde(with = "number")]
    pub n_stored: u64,
    /// Entries of the vault, now.
    #[serde(with = "number")]
    pub n_entries: u64,
}

/// Asks for entries that a version vector does not cover. Session: `sync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// The vault.
    pub vault: VaultId,
    /// The last entry known of every log.
    pub known: VersionVector,
    /// Bytes of frames wanted, [`MIN_PAGE_BYTES`] to [`MAX_PAGE_BYTES`]. The first frame comes even if it alone is longer.
    pub max_bytes: u32,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// Where the server stands.
    pub position: Position,
    /// Heads of the server that differ from those asked with; number and hash zero where it has no entry of the log. Of a log that is
    /// neither here nor was asked with, the server has none; of one that was asked with and is not here, it has exactly that head.
    pub differing: VersionVector,
    /// Wire forms in the order in which the server took them: of each log without a gap behind what is known, and never an entry before
    /// those that its author had pulled from here.
    pub entries: Vec<Vec<u8>>,
    /// Whether there is more.
    pub more: bool,
}

impl Call for Push {
    type Reply = Pushed;
    const ROUTE: Route = Route::Push;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_frames(Self::ROUTE, self.vault.0, "", frames::write_sending(&self.control_heads, &self.entries), token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let (control_heads, entries) = frames::sending(&request.body, MAX_ENTRY_BYTES).ok_or(ApiError::BadRequest)?;
        Ok(Self { vault, control_heads, entries })
    }

    fn reply_to_http(reply: &Pushed) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Pushed, ReplyError> {
        parse_json_reply(reply)
    }
}

impl Call for Pull {
    type Reply = Pulled;
    const ROUTE: Route = Route::Pull;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let mut body = Writer::new();
        body.u32(self.max_bytes.clamp(MIN_PAGE_BYTES, MAX_PAGE_BYTES));
        body.vector(&self.known);
        with_frames(Self::ROUTE, self.vault.0, "", body.0, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let read = |bytes| {
            let mut reader = frames::begin(bytes)?;
            let max_bytes = reader.u32().filter(|bytes| (MIN_PAGE_BYTES..=MAX_PAGE_BYTES).contains(bytes))?;
            let known = frames::vector(&mut reader, Zero::IsRefused)?;
            reader.is_empty().then_some(Self { vault, known, max_bytes })
        };
        read(&request.body).ok_or(ApiError::BadRequest)
    }

    fn reply_to_http(reply: &Pulled) -> HttpReply {
        let mut body = Writer::new();
        body.u8(u8::from(reply.more));
        body.u64(reply.position.n_entries.min(MAX_NUMBER));
        body.u64(reply.position.n_control.min(MAX_NUMBER));
        body.heads(&reply.position.control_heads);
        body.vector(&reply.differing);
        body.frames(&reply.entries);
        binary_reply(ENTRIES_TYPE, body.0)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Pulled, ReplyError> {
        let read = |bytes| {
            let mut reader = frames::begin(bytes)?;
            let more = match reader.u8()? {
                0 => false,
                1 => true,
                _ => return None,
            };
            let (n_entries, n_control) = (frames::number(&mut reader)?, frames::number(&mut reader)?);
            let position = Position { n_entries, n_control, control_heads: frames::heads(&mut reader)? };
            let differing = frames::vector(&mut reader, Zero::MeansNone)?;
            Some(Pulled { position, differing, entries: frames::frames(reader, MAX_ENTRY_BYTES)?, more })
        };
        // A page that promises more and brings nothing would be asked for for ever.
        let sound = |pulled: &Pulled| !(pulled.more && pulled.entries.is_empty());
        frames_of_reply(reply).and_then(|bytes| read(bytes).filter(sound).ok_or(ReplyError::Malformed))
    }
}
