//! One call to a server: the typed request out as an effect, the typed reply in.

use vault_protocol::api::{ApiError, Call, HttpReply, Origin, ReplyError, SessionToken};

use super::{NetFailure, SyncAlarm};
use crate::{
    context::{Ctx, Step},
    effect::{Effect, Reply},
    engine::Engine,
    event::Failure,
};

/// How long an answer may take, in milliseconds: below the usual 30 s of proxies.
pub(crate) const TIMEOUT_MS: u32 = 25_000;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// No answer.
    Net(NetFailure),
    /// The server refused.
    Refused(ApiError),
    /// An answer that is none.
    Malformed,
}

impl CallError {
    /// As a request of the client fails.
    pub(crate) fn failure(&self) -> Failure {
        match self {
            Self::Net(why) => Failure::Offline(*why),
            Self::Malformed => Failure::ServerAlarm(SyncAlarm::Nonsense),
            Self::Refused(error) => match error {
                ApiError::Unauthorized | ApiError::SessionExpired | ApiError::Forbidden => Failure::NotAccepted,
                ApiError::NotRegistered => Failure::NotRegistered,
                ApiError::OtherGenesis => Failure::ServerAlarm(SyncAlarm::OtherVault),
                ApiError::PaymentRequired => Failure::PaymentRequired,
                ApiError::VaultFull => Failure::VaultFull,
                ApiError::PromoRefused => Failure::PromoRefused,
                ApiError::NotOffered => Failure::NotOffered,
                error => Failure::ServerBusy { wait_ms: u64::from(error.retry_after_secs().unwrap_or(1)) * 1000 },
            },
        }
    }
}

/// The origin that a person named.
///
/// # Errors
///
/// [`Failure::BadServer`] unless it is `https://host[:port]`; plain `http` only on this computer, where nobody is between.
pub(crate) fn parse_server(text: &str) -> Result<Origin, Failure> {
    let text = text.trim().trim_end_matches('/');
    let origin = Origin::of_address(text).ok_or(Failure::BadServer)?;
    let path = text.split_once("://").map_or("", |(_, rest)| rest);
    if path.contains(['/', '?', '#']) {
        return Err(Failure::BadServer);
    }
    if origin.is_confidential() { Ok(origin) } else { Err(Failure::BadServer) }
}

/// Asks `server` and goes on with what came of it.
pub(crate) fn ask<C: Call + 'static>(
    server: &Origin,
    call: &C,
    token: Option<&SessionToken>,
    then: impl FnOnce(&mut Engine, Result<C::Reply, CallError>, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    ask_within(TIMEOUT_MS, server, call, token, then)
}

/// As [`ask`], with another patience.
pub(crate) fn ask_within<C: Call + 'static>(
    timeout_ms: u32,
    server: &Origin,
    call: &C,
    token: Option<&SessionToken>,
    then: impl FnOnce(&mut Engine, Result<C::Reply, CallError>, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    let effect = Effect::Http { server: server.as_str().to_owned(), request: call.to_http(token), timeout_ms };
    Step::ask(effect, move |engine, reply, ctx| {
        let result = match reply {
            Reply::Http(Ok(reply)) => read::<C>(&reply),
            Reply::Http(Err(why)) => Err(CallError::Net(why)),
            _ => Err(CallError::Net(NetFailure::Broken)),
        };
        then(engine, result, ctx)
    })
}

fn read<C: Call>(reply: &HttpReply) -> Result<C::Reply, CallError> {
    C::reply_from_http(reply).map_err(|error| match error {
        ReplyError::Refused(error) => CallError::Refused(error),
        _ => CallError::Malformed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_origin_over_tls_or_on_this_computer() {
        for good in ["https://sync.example", " https://Sync.example:8443/ ", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:9"]
        {
            assert!(parse_server(good).is_ok(), "{good}");
        }
        for bad in
            ["", "sync.example", "http://sync.example", "http://localhost.evil", "https://sync.example/path", "https://a@b", "ftp://a"]
        {
            assert_eq!(parse_server(bad), Err(Failure::BadServer), "{bad}");
        }
    }
}
