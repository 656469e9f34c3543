//! A mailbox where two devices meet before they have anything in common. It lives for ten minutes; its messages are nothing to the server.

use super::{
    ApiError, Call, Done, HttpReply, HttpRequest, OCTETS_TYPE, ReplyError, Route, SessionToken,
    bounds::{MAX_RELAY_BYTES, MAX_RELAY_MESSAGES, MAX_WAIT_SECS},
    call::{bare, binary_reply, json_reply, message_of_reply, parse_json_reply, target},
};
use crate::id::id;

id!(
    /// Names a channel. Both devices get it from the same typed or scanned code; nothing secret may follow from it.
    RelayChannel, 16
);

/// Who speaks. Each side numbers its own messages from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelaySide {
    /// The device that made the code.
    Host,
    /// The device that was told the code.
    Guest,
}

/// Puts a message on the channel. Repeating it changes nothing; another message in its place, or one too many, is
/// [`ApiError::RelayConflict`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelaySend {
    /// The channel.
    pub channel: RelayChannel,
    /// Who sends.
    pub side: RelaySide,
    /// 1 … [`MAX_RELAY_MESSAGES`], one more than the last of this side.
    pub number: u32,
    /// 1 … [`MAX_RELAY_BYTES`] bytes.
    pub message: Vec<u8>,
}

/// Takes a message from the channel, which keeps it. The answer is `None` if it did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayReceive {
    /// The channel.
    pub channel: RelayChannel,
    /// Who sent it.
    pub side: RelaySide,
    /// 1 … [`MAX_RELAY_MESSAGES`].
    pub number: u32,
    /// How long to wait for it, at most [`MAX_WAIT_SECS`].
    pub timeout_secs: u32,
}

/// Forgets the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayClose {
    /// The channel.
    pub channel: RelayChannel,
}

impl RelaySide {
    /// The word in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
        }
    }

    fn parse(name: Option<&str>) -> Option<Self> {
        [Self::Host, Self::Guest].into_iter().find(|side| Some(side.name()) == name)
    }
}

/// Channel, side and number of a request.
fn place(target: &super::Target<'_>) -> Result<(RelayChannel, RelaySide, u32), ApiError> {
    let side = RelaySide::parse(target.param("side")?).ok_or(ApiError::BadRequest)?;
    let number = target.number("number", MAX_RELAY_MESSAGES as u64)? as u32;
    if number == 0 { Err(ApiError::BadRequest) } else { Ok((RelayChannel(target.id), side, number)) }
}

impl Call for RelaySend {
    type Reply = Done;
    const ROUTE: Route = Route::RelaySend;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let query = format!("side={}&number={}", self.side.name(), self.number);
        HttpRequest { content_type: Some(OCTETS_TYPE), body: self.message.clone(), ..bare(Self::ROUTE, self.channel.0, &query, token) }
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let (channel, side, number) = place(&target(Self::ROUTE, request)?)?;
        if request.body.is_empty() {
            return Err(ApiError::BadRequest);
        }
        Ok(Self { channel, side, number, message: request.body.clone() })
    }

    fn reply_to_http(reply: &Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Done, ReplyError> {
        parse_json_reply(reply)
    }
}

impl Call for RelayReceive {
    type Reply = Option<Vec<u8>>;
    const ROUTE: Route = Route::RelayReceive;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let timeout_secs = self.timeout_secs.min(MAX_WAIT_SECS);
        let query = format!("side={}&number={}&timeout_secs={timeout_secs}", self.side.name(), self.number);
        bare(Self::ROUTE, self.channel.0, &query, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let target = target(Self::ROUTE, request)?;
        let (channel, side, number) = place(&target)?;
        Ok(Self { channel, side, number, timeout_secs: target.number("timeout_secs", MAX_WAIT_SECS.into())? as u32 })
    }

    fn reply_to_http(reply: &Option<Vec<u8>>) -> HttpReply {
        match reply {
            Some(message) => binary_reply(OCTETS_TYPE, message.clone()),
            None => HttpReply { status: 204, content_type: String::new(), body: Vec::new() },
        }
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Option<Vec<u8>>, ReplyError> {
        match message_of_reply(reply)? {
            Some(message) if message.is_empty() || message.len() > MAX_RELAY_BYTES => Err(ReplyError::Malformed),
            message => Ok(message.map(<[u8]>::to_vec)),
        }
    }
}

impl Call for RelayClose {
    type Reply = Done;
    const ROUTE: Route = Route::RelayClose;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.channel.0, "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { channel: RelayChannel(target(Self::ROUTE, request)?.id) })
    }

    fn reply_to_http(reply: &Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Done, ReplyError> {
        parse_json_reply(reply)
    }
}
