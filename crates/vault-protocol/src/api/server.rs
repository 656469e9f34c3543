//! What a server says of itself to anyone.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, Call, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
    bounds::MAX_TEXT_BYTES,
    call::{bare, json_reply, parse_json_reply, target},
    json::number,
};

/// Asks what the server is: the first request to an address that a person typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadServer;

/// What the server is and offers. Nothing in it is a reason to trust it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFacts {
    /// `nt2-server`: tells a sync server from any other.
    pub service: String,
    /// Version of the program.
    pub version: String,
    /// Version of this contract: 1.
    pub api: u32,
    /// By the server's clock, in Unix milliseconds.
    #[serde(with = "number")]
    pub now_ms: u64,
    /// Whether sending needs an entitlement.
    pub premium_required: bool,
    /// Whether a link where one can be bought is offered.
    pub checkout: bool,
    /// Bytes that one vault may keep here.
    #[serde(with = "number")]
    pub max_vault_bytes: u64,
}

impl ServerFacts {
    /// The name of this service.
    pub const SERVICE: &'static str = "nt2-server";
    /// The version of this contract.
    pub const API: u32 = 1;
}

impl Call for ReadServer {
    type Reply = ServerFacts;
    const ROUTE: Route = Route::Server;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, [0; 16], "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        target(Self::ROUTE, request).map(|_target| Self)
    }

    fn reply_to_http(reply: &ServerFacts) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<ServerFacts, ReplyError> {
        let facts: ServerFacts = parse_json_reply(reply)?;
        let is_ours = facts.service == ServerFacts::SERVICE && facts.api == ServerFacts::API;
        if is_ours && facts.version.len() <= MAX_TEXT_BYTES { Ok(facts) } else { Err(ReplyError::Malformed) }
    }
}
