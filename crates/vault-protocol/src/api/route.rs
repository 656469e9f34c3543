//! Which calls there are, and where.

use super::{
    ApiError, Method,
    bounds::{
        MAX_BLOB_IDS_BODY_BYTES, MAX_FRAMES_BODY_BYTES, MAX_JSON_BODY_BYTES, MAX_PART_BYTES, MAX_PUT_BLOB_BYTES, MAX_REGISTER_BODY_BYTES,
        MAX_RELAY_BYTES, MAX_WEBHOOK_BYTES,
    },
};

/// What every path begins with.
pub const PREFIX: &str = "/api/v1";

/// One call of the contract. The server matches on it, the description of the service lists it, and nothing else is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// What this server is and offers. No session.
    Server,
    /// A nonce to sign. No session.
    Challenge,
    /// A signature for a session. No session.
    OpenSession,
    /// Ends the session.
    EndSession,
    /// Registers a vault by its genesis, or asks whether it is. No session: the genesis is signed.
    Register,
    /// A page of the control log.
    ReadControl,
    /// Appends to the control log.
    AppendControl,
    /// Sends entries.
    Push,
    /// Takes entries.
    Pull,
    /// Every head.
    Heads,
    /// Waits until something changes.
    Wait,
    /// Claims a blob, and tells how far it came.
    BeginBlob,
    /// Brings a part of a blob.
    PutPart,
    /// Brings the whole of a small blob.
    PutBlob,
    /// Makes a blob whole.
    FinishBlob,
    /// Takes a range of a blob.
    ReadBlob,
    /// Takes several small blobs.
    ReadBlobs,
    /// Which blobs are there.
    FindBlobs,
    /// Blobs that need not be kept.
    ReleaseBlobs,
    /// Counts, sizes, devices.
    Status,
    /// Deletes everything that the server has of the vault, at once or after a notice.
    Delete,
    /// Calls a noticed deletion off.
    Keep,
    /// The record of "address + password".
    ReadBootstrap,
    /// Replaces it.
    PutBootstrap,
    /// What the vault is entitled to.
    ReadEntitlement,
    /// A link where an entitlement can be bought.
    MakeCheckout,
    /// A code for an entitlement.
    RedeemPromo,
    /// Puts a message on a relay channel. No session: the devices that meet there have nothing in common yet.
    RelaySend,
    /// Takes a message from a relay channel. No session.
    RelayReceive,
    /// Forgets a relay channel. No session.
    RelayClose,
    /// A message of the payment provider. No session: it is authenticated by its own signature.
    Webhook,
}

/// A route with what its path and query name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The call.
    pub route: Route,
    /// The vault or channel in the path; zero where the route has none.
    pub id: [u8; 16],
    query: &'a str,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 31] = [
        Self::Server,
        Self::Challenge,
        Self::OpenSession,
        Self::EndSession,
        Self::Register,
        Self::ReadControl,
        Self::AppendControl,
        Self::Push,
        Self::Pull,
        Self::Heads,
        Self::Wait,
        Self::BeginBlob,
        Self::PutPart,
        Self::PutBlob,
        Self::FinishBlob,
        Self::ReadBlob,
        Self::ReadBlobs,
        Self::FindBlobs,
        Self::ReleaseBlobs,
        Self::Status,
        Self::Delete,
        Self::Keep,
        Self::ReadBootstrap,
        Self::PutBootstrap,
        Self::ReadEntitlement,
        Self::MakeCheckout,
        Self::RedeemPromo,
        Self::RelaySend,
        Self::RelayReceive,
        Self::RelayClose,
        Self::Webhook,
    ];

    /// Its method.
    pub fn method(self) -> Method {
        match self {
            Self::Server
            | Self::ReadControl
            | Self::Heads
            | Self::Wait
            | Self::ReadBlob
            | Self::Status
            | Self::ReadBootstrap
            | Self::ReadEntitlement
            | Self::RelayReceive => Method::Get,
            Self::Challenge
            | Self::OpenSession
            | Self::EndSession
            | Self::Register
            | Self::AppendControl
            | Self::Push
            | Self::Pull
            | Self::BeginBlob
            | Self::FinishBlob
            | Self::ReadBlobs
            | Self::FindBlobs
            | Self::ReleaseBlobs
            | Self::Keep
            | Self::MakeCheckout
            | Self::RedeemPromo
            | Self::RelaySend
            | Self::Webhook => Method::Post,
            Self::PutPart | Self::PutBlob | Self::PutBootstrap => Method::Put,
            Self::Delete | Self::RelayClose => Method::Delete,
        }
    }

    /// Its path behind [`PREFIX`], with `{}` where the vault or channel stands.
    pub fn template(self) -> &'static str {
        match self {
            Self::Server => "/server",
            Self::Challenge => "/auth/challenge",
            Self::OpenSession => "/auth/session",
            Self::Register => "/vaults",
            Self::EndSession => "/vaults/{}/session/end",
            Self::ReadControl | Self::AppendControl => "/vaults/{}/control",
            Self::Push => "/vaults/{}/entries/push",
            Self::Pull => "/vaults/{}/entries/pull",
            Self::Heads => "/vaults/{}/heads",
            Self::Wait => "/vaults/{}/wait",
            Self::BeginBlob => "/vaults/{}/blobs/begin",
            Self::PutPart => "/vaults/{}/blobs/part",
            Self::PutBlob => "/vaults/{}/blobs/whole",
            Self::FinishBlob => "/vaults/{}/blobs/finish",
            Self::ReadBlob => "/vaults/{}/blobs/range",
            Self::ReadBlobs => "/vaults/{}/blobs/read",
            Self::FindBlobs => "/vaults/{}/blobs/find",
            Self::ReleaseBlobs => "/vaults/{}/blobs/release",
            Self::Status => "/vaults/{}/status",
            Self::Delete => "/vaults/{}",
            Self::Keep => "/vaults/{}/keep",
            Self::ReadBootstrap | Self::PutBootstrap => "/vaults/{}/bootstrap",
            Self::ReadEntitlement => "/vaults/{}/entitlement",
            Self::MakeCheckout => "/vaults/{}/checkout",
            Self::RedeemPromo => "/vaults/{}/promo",
            Self::RelaySend | Self::RelayReceive | Self::RelayClose => "/relay/{}",
            Self::Webhook => "/webhooks/lemonsqueezy",
        }
    }

    /// Bytes that its request's body may have.
    pub fn max_body_bytes(self) -> usize {
        match self {
            Self::Push | Self::AppendControl => MAX_FRAMES_BODY_BYTES,
            // A version vector of many logs, see `bounds::MAX_LOGS`.
            Self::Pull => 256 * 1024,
            Self::Register => MAX_REGISTER_BODY_BYTES,
            Self::RelaySend => MAX_RELAY_BYTES,
            Self::Webhook => MAX_WEBHOOK_BYTES,
            Self::PutPart => MAX_PART_BYTES as usize,
            Self::PutBlob => MAX_PUT_BLOB_BYTES,
            Self::ReadBlobs | Self::FindBlobs | Self::ReleaseBlobs => MAX_BLOB_IDS_BODY_BYTES,
            Self::BeginBlob | Self::FinishBlob | Self::Challenge | Self::OpenSession | Self::PutBootstrap | Self::RedeemPromo => {
                MAX_JSON_BODY_BYTES
            }
            Self::Server
            | Self::EndSession
            | Self::ReadControl
            | Self::Heads
            | Self::Wait
            | Self::ReadBlob
            | Self::Status
            | Self::Delete
            | Self::Keep
            | Self::ReadBootstrap
            | Self::ReadEntitlement
            | Self::MakeCheckout
            | Self::RelayReceive
            | Self::RelayClose => 0,
        }
    }

    /// The path for a vault or channel, without a query.
    pub fn path(self, id: [u8; 16]) -> String {
        match self.template().split_once("{}") {
            Some((before, after)) => format!("{PREFIX}{before}{}{after}", crate::VaultId(id)),
            None => format!("{PREFIX}{}", self.template()),
        }
    }

    /// Finds the route of a request.
    ///
    /// # Errors
    ///
    /// [`ApiError::NotFound`] for everything else.
    pub fn find(method: Method, path: &str) -> Result<Target<'_>, ApiError> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let rest = path.strip_prefix(PREFIX).ok_or(ApiError::NotFound)?;
        let found = Self::ALL.into_iter().filter(|route| route.method() == method).find_map(|route| Some((route, route.id_in(rest)?)));
        let (route, id) = found.ok_or(ApiError::NotFound)?;
        Ok(Target { route, id, query })
    }

    fn id_in(self, rest: &str) -> Option<[u8; 16]> {
        let Some((before, after)) = self.template().split_once("{}") else {
            return (rest == self.template()).then_some([0; 16]);
        };
        let digits = rest.strip_prefix(before)?.strip_suffix(after)?;
        let mut id = [0; 16];
        super::json::unhex_into(digits, &mut id).then_some(id)
    }
}

impl Target<'_> {
    /// The value of a query parameter.
    ///
    /// # Errors
    ///
    /// [`ApiError::BadRequest`] if it stands there twice.
    pub fn param(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut values =
            self.query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() { Err(ApiError::BadRequest) } else { Ok(value) }
    }

    /// An id as hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`ApiError::BadRequest`] if it is missing or anything else.
    pub fn id(&self, name: &str) -> Result<[u8; 16], ApiError> {
        let mut id = [0; 16];
        let digits = self.param(name)?.ok_or(ApiError::BadRequest)?;
        if super::json::unhex_into(digits, &mut id) { Ok(id) } else { Err(ApiError::BadRequest) }
    }

    /// A decimal parameter between 0 and `max`.
    ///
    /// # Errors
    ///
    /// [`ApiError::BadRequest`] if it is missing or anything else.
    pub fn number(&self, name: &str, max: u64) -> Result<u64, ApiError> {
        let text = self.param(name)?.ok_or(ApiError::BadRequest)?;
        let plain = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| plain && *number <= max).ok_or(ApiError::BadRequest)
    }
}
