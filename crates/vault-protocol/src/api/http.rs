//! Requests and replies as plain data, so that neither side needs an HTTP library to make or read one.

use super::SessionToken;

/// Content type of JSON (RFC 8259).
pub const JSON_TYPE: &str = "application/json";
/// Content type of framed entries and control entries.
pub const ENTRIES_TYPE: &str = "application/vnd.nt2.entries";
/// Content type of relay messages, whose inside is the parties' own business.
pub const OCTETS_TYPE: &str = "application/octet-stream";

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes, or reads by a body too long for an address.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As in the first line of a request.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// The method of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Delete].into_iter().find(|method| method.name() == name)
    }
}

/// One request. Holds the session's token, so it is neither printed nor copied.
pub struct HttpRequest {
    /// What it does.
    pub method: Method,
    /// Path and query, from `/api/v1` on; the client puts the server's address before it.
    pub path: String,
    /// Sent as `Authorization: Bearer …`.
    pub token: Option<SessionToken>,
    /// Of the body; `None` if there is none.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

/// One reply.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// Status code (RFC 9110 §15).
    pub status: u16,
    /// Of the body, as the other side wrote it, parameters included.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, len_bytes) = (self.method.name(), self.body.len());
        f.debug_struct("HttpRequest").field("method", &method).field("len_bytes", &len_bytes).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for HttpReply {
    /// Without the body: that of a login holds a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpReply").field("status", &self.status).field("len_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl HttpReply {
    /// Whether the content type is `wanted`, whatever its parameters.
    pub(super) fn is_of(&self, wanted: &str) -> bool {
        let essence = self.content_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(wanted)
    }
}
