//! What all calls have in common.

use serde::{Serialize, de::DeserializeOwned};

use super::{
    ApiError, ENTRIES_TYPE, HttpReply, HttpRequest, JSON_TYPE, OCTETS_TYPE, Route, SessionToken, Target, bounds::MAX_REPLY_BYTES, json,
};

/// One call: a request, the reply to it, and the wire form of both. A client uses [`Self::to_http`] and [`Self::reply_from_http`], a server
/// [`Self::from_http`] and [`Self::reply_to_http`].
pub trait Call: Sized {
    /// What success says.
    type Reply;

    /// The route.
    const ROUTE: Route;

    /// The request on the wire.
    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest;

    /// Reads a request whose route is [`Self::ROUTE`].
    ///
    /// # Errors
    ///
    /// [`ApiError::BadRequest`], [`ApiError::TooLarge`]; [`ApiError::NotFound`] if it is another route's.
    fn from_http(request: &HttpRequest) -> Result<Self, ApiError>;

    /// The reply on the wire.
    fn reply_to_http(reply: &Self::Reply) -> HttpReply;

    /// Reads a reply. A client that compares the vault or hashes inside with what it asked for does so afterwards.
    ///
    /// # Errors
    ///
    /// [`ReplyError`].
    fn reply_from_http(reply: &HttpReply) -> Result<Self::Reply, ReplyError>;
}

/// Why a reply brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplyError {
    /// The server refused.
    #[error("the server refused")]
    Refused(#[source] ApiError),
    /// Not a reply of this contract: another kind of server, a proxy's own page, or numbers outside their bounds.
    #[error("the reply is not one of a sync server")]
    Malformed,
}

/// A request without a body.
pub(super) fn bare(route: Route, id: [u8; 16], query: &str, token: Option<&SessionToken>) -> HttpRequest {
    let mut path = route.path(id);
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    HttpRequest { method: route.method(), path, token: token.map(SessionToken::duplicate), content_type: None, body: Vec::new() }
}

/// A request with JSON.
pub(super) fn with_json<T: Serialize>(route: Route, id: [u8; 16], body: &T, token: Option<&SessionToken>) -> HttpRequest {
    HttpRequest { content_type: Some(JSON_TYPE), body: json::write(body), ..bare(route, id, "", token) }
}

/// A request with frames.
pub(super) fn with_frames(route: Route, id: [u8; 16], query: &str, body: Vec<u8>, token: Option<&SessionToken>) -> HttpRequest {
    HttpRequest { content_type: Some(ENTRIES_TYPE), body, ..bare(route, id, query, token) }
}

/// The place a request asks for, if it is `route`'s and its body is no larger than that takes.
pub(super) fn target(route: Route, request: &HttpRequest) -> Result<Target<'_>, ApiError> {
    let target = Route::find(request.method, &request.path)?;
    if target.route != route {
        return Err(ApiError::NotFound);
    }
    if request.body.len() > route.max_body_bytes() { Err(ApiError::TooLarge) } else { Ok(target) }
}

/// A JSON body.
pub(super) fn json_body<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    json::parse(&request.body).ok_or(ApiError::BadRequest)
}

/// 200 with JSON.
pub(super) fn json_reply<T: Serialize>(reply: &T) -> HttpReply {
    HttpReply { status: 200, content_type: JSON_TYPE.to_owned(), body: json::write(reply) }
}

/// 200 with frames or a message.
pub(super) fn binary_reply(content_type: &str, body: Vec<u8>) -> HttpReply {
    HttpReply { status: 200, content_type: content_type.to_owned(), body }
}

/// The JSON of a reply.
pub(super) fn parse_json_reply<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, ReplyError> {
    json::parse(success_body(reply, JSON_TYPE)?).ok_or(ReplyError::Malformed)
}

/// The frames of a reply.
pub(super) fn frames_of_reply(reply: &HttpReply) -> Result<&[u8], ReplyError> {
    success_body(reply, ENTRIES_TYPE)
}

/// The message of a reply; `None` if there is none yet.
pub(super) fn message_of_reply(reply: &HttpReply) -> Result<Option<&[u8]>, ReplyError> {
    if reply.status == 204 { Ok(None) } else { success_body(reply, OCTETS_TYPE).map(Some) }
}

fn success_body<'a>(reply: &'a HttpReply, content_type: &str) -> Result<&'a [u8], ReplyError> {
    if reply.body.len() > MAX_REPLY_BYTES {
        return Err(ReplyError::Malformed);
    }
    match reply.status {
        200 if reply.is_of(content_type) => Ok(&reply.body),
        // A page of some other server, a redirect: not a word of ours.
        200..=399 => Err(ReplyError::Malformed),
        _ => Err(ReplyError::Refused(ApiError::from_http(reply))),
    }
}
