//! What a vault is entitled to, bound to its name (Vault Key DID), and how it gets there.

use serde::{Deserialize, Serialize};

use super::{
    ApiError, Call, HttpReply, HttpRequest, ReplyError, Route, SessionToken,
    bounds::{MAX_LINK_BYTES, MAX_PROMO_CHARS},
    call::{bare, json_body, json_reply, parse_json_reply, target, with_json},
    json::maybe_number,
    vault::bare_json_call,
};
use crate::VaultId;

/// Asks what the vault is entitled to. Session: any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadEntitlement {
    /// The vault.
    pub vault: VaultId,
}

/// What the vault is entitled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entitlement {
    /// Whether it may send. Reading never asks.
    pub may_push: bool,
    /// Why.
    pub state: EntitlementState,
    /// When the state ends, by the server's clock, in Unix milliseconds: of `active` and `grace`, if it has an end; of `expired`, when it began.
    #[serde(default, with = "maybe_number")]
    pub until_ms: Option<u64>,
}

/// Whether somebody pays, or must.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntitlementState {
    /// The server asks nobody: "Free (dev: sync open to all)".
    Open,
    /// There never was one.
    None,
    /// Paid or given.
    Active,
    /// Over, but sending still works for a while.
    Grace,
    /// Over.
    Expired,
}

/// Asks for a link where an entitlement of this vault can be bought. Session: `sync`. [`ApiError::NotOffered`] if the server sells none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakeCheckout {
    /// The vault.
    pub vault: VaultId,
}

/// Where to buy. Opened only after the person saw the host and agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// Begins with `https://`.
    pub url: String,
}

/// Redeems a code. Session: `sync`. The answer is the entitlement afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedeemPromo {
    /// The vault.
    pub vault: VaultId,
    /// As typed; case, spaces and hyphens do not matter.
    pub code: String,
}

#[derive(Serialize, Deserialize)]
struct WirePromo {
    code: String,
}

bare_json_call!(ReadEntitlement, Entitlement, Route::ReadEntitlement);

impl Call for MakeCheckout {
    type Reply = Checkout;
    const ROUTE: Route = Route::MakeCheckout;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.vault.0, "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id) })
    }

    fn reply_to_http(reply: &Checkout) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Checkout, ReplyError> {
        let checkout: Checkout = parse_json_reply(reply)?;
        let plain = checkout.url.bytes().all(|byte| byte.is_ascii_graphic());
        let sound = plain && checkout.url.starts_with("https://") && checkout.url.len() <= MAX_LINK_BYTES;
        if sound { Ok(checkout) } else { Err(ReplyError::Malformed) }
    }
}

impl Call for RedeemPromo {
    type Reply = Entitlement;
    const ROUTE: Route = Route::RedeemPromo;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, self.vault.0, &WirePromo { code: self.code.clone() }, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        let vault = VaultId(target(Self::ROUTE, request)?.id);
        let WirePromo { code } = json_body(request)?;
        let sound = (1..=MAX_PROMO_CHARS).contains(&code.chars().count());
        if sound { Ok(Self { vault, code }) } else { Err(ApiError::BadRequest) }
    }

    fn reply_to_http(reply: &Entitlement) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Entitlement, ReplyError> {
        parse_json_reply(reply)
    }
}
