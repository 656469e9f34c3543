//! Login: a nonce, a signature over it, a session (MS25).

use serde::{Deserialize, Serialize};

use super::{
    ApiError, Call, Done, HttpReply, HttpRequest, Origin, ReplyError, Route, SessionToken,
    bounds::{MAX_JSON_BODY_BYTES, NONCE_LIFE_MS},
    call::{bare, json_body, json_reply, parse_json_reply, target, with_json},
    json::{hex, number},
};
use crate::{Signature, Signer, SigningPublicKey, VaultId, id::id};

id!(
    /// Random bytes that are signed once.
    LoginNonce, 32
);

/// What a session is for. A signature for one purpose opens no session for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Everything but deletion. By the key of an open log of a current device.
    Sync,
    /// To read the control log and the bootstrap record, and to append enrolments, incarnations and settles. By the owner key, or by the login
    /// key of "address + password" while that is on. And by the vault's own key (its DID) while the server has nothing but the genesis: to append
    /// all the rest of the control log, because a genesis may name no device that is still a member.
    Join,
    /// To delete what the server has, or to call that off. By the owner key, or by the key of an open log of a current device.
    Delete,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Sync, Self::Join, Self::Delete];

    /// The purpose of this word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// The word that is signed and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Join => "join",
            Self::Delete => "delete",
        }
    }
}

/// Asks for a nonce. The answer has the same shape whether or not the server holds the vault and knows the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The vault.
    #[serde(with = "hex")]
    pub vault: VaultId,
    /// The key that will sign.
    #[serde(with = "hex")]
    pub key: SigningPublicKey,
}

/// A nonce for one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenged {
    /// Taken once, for this vault and key.
    #[serde(with = "hex")]
    pub nonce: LoginNonce,
    /// By the server's clock, in Unix milliseconds; a minute after the challenge.
    #[serde(with = "number")]
    pub expires_ms: u64,
}

/// Shows the signature and asks for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The vault.
    pub vault: VaultId,
    /// The key that signed.
    pub key: SigningPublicKey,
    /// What for.
    pub purpose: Purpose,
    /// The server that the client believes to talk to.
    pub origin: Origin,
    /// From the challenge.
    pub nonce: LoginNonce,
    /// From the challenge.
    pub expires_ms: u64,
    /// Over [`Self::signed_message`].
    pub signature: Signature,
}

/// An open session.
pub struct SessionOpened {
    /// Shown with every further request.
    pub token: SessionToken,
    /// The session's end at the latest, by the server's clock, in Unix milliseconds. It ends earlier when it idles.
    pub expires_ms: u64,
}

impl std::fmt::Debug for SessionOpened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionOpened").field("expires_ms", &self.expires_ms).finish_non_exhaustive()
    }
}

/// Ends the session of the request's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndSession {
    /// The vault.
    pub vault: VaultId,
}

impl OpenSession {
    /// Answers a challenge.
    pub fn sign(vault: VaultId, purpose: Purpose, origin: Origin, challenged: &Challenged, signer: &dyn Signer) -> Self {
        let (nonce, expires_ms) = (challenged.nonce, challenged.expires_ms);
        let mut session =
            Self { vault, key: signer.public_key(), purpose, origin, nonce, expires_ms, signature: Signature([0; Signature::LEN]) };
        session.signature = signer.sign(&session.signed_message());
        session
    }

    /// What the key signs: `"nt2 session v1" ‖ len (1) ‖ purpose ‖ len (1) ‖ origin ‖ vault (16) ‖ key (32) ‖ nonce (32) ‖ expires_ms (8)`,
    /// big endian. Every part has its length or a fixed one, so no two logins have the same bytes.
    pub fn signed_message(&self) -> Vec<u8> {
        let mut message = b"nt2 session v1".to_vec();
        for text in [self.purpose.name(), self.origin.as_str()] {
            // Names are short and an origin has at most 255 bytes.
            message.push(text.len() as u8);
            message.extend_from_slice(text.as_bytes());
        }
        message.extend_from_slice(&self.vault.0);
        message.extend_from_slice(&self.key.0);
        message.extend_from_slice(&self.nonce.0);
        message.extend_from_slice(&self.expires_ms.to_be_bytes());
        message
    }

    /// Whether the key signed exactly this.
    pub fn is_signed(&self) -> bool {
        self.key.verify_strict(&self.signed_message(), &self.signature).is_ok()
    }
}

#[derive(Serialize, Deserialize)]
struct WireOpen {
    #[serde(with = "hex")]
    vault: VaultId,
    #[serde(with = "hex")]
    key: SigningPublicKey,
    purpose: Purpose,
    origin: String,
    #[serde(with = "hex")]
    nonce: LoginNonce,
    #[serde(with = "number")]
    expires_ms: u64,
    #[serde(with = "hex")]
    signature: Signature,
}

#[derive(Serialize, Deserialize)]
struct WireOpened<'a> {
    token: &'a str,
    #[serde(with = "number")]
    expires_ms: u64,
}

impl Call for Challenge {
    type Reply = Challenged;
    const ROUTE: Route = Route::Challenge;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        with_json(Self::ROUTE, [0; 16], self, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        target(Self::ROUTE, request)?;
        json_body(request)
    }

    fn reply_to_http(reply: &Challenged) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Challenged, ReplyError> {
        parse_json_reply::<Challenged>(reply).and_then(|challenged| {
            // What no server of this contract draws.
            let sound = challenged.expires_ms >= NONCE_LIFE_MS && challenged.nonce != LoginNonce::ZERO;
            if sound { Ok(challenged) } else { Err(ReplyError::Malformed) }
        })
    }
}

impl Call for OpenSession {
    type Reply = SessionOpened;
    const ROUTE: Route = Route::OpenSession;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        let wire = WireOpen {
            vault: self.vault,
            key: self.key,
            purpose: self.purpose,
            origin: self.origin.as_str().to_owned(),
            nonce: self.nonce,
            expires_ms: self.expires_ms,
            signature: self.signature,
        };
        with_json(Self::ROUTE, [0; 16], &wire, token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        target(Self::ROUTE, request)?;
        let wire: WireOpen = json_body(request)?;
        let origin = Origin::parse(&wire.origin).ok_or(ApiError::BadRequest)?;
        let WireOpen { vault, key, purpose, nonce, expires_ms, signature, .. } = wire;
        Ok(Self { vault, key, purpose, origin, nonce, expires_ms, signature })
    }

    fn reply_to_http(reply: &SessionOpened) -> HttpReply {
        json_reply(&WireOpened { token: &reply.token.expose_hex(), expires_ms: reply.expires_ms })
    }

    fn reply_from_http(reply: &HttpReply) -> Result<SessionOpened, ReplyError> {
        // Small, so that a token is borrowed from the body and never copied into a string of its own.
        if reply.status == 200 && reply.body.len() > MAX_JSON_BODY_BYTES {
            return Err(ReplyError::Malformed);
        }
        let () = parse_json_reply::<serde::de::IgnoredAny>(reply).map(|_any| ())?;
        let wire: WireOpened<'_> = serde_json::from_slice(&reply.body).map_err(|_any| ReplyError::Malformed)?;
        let token = SessionToken::parse_hex(wire.token).ok_or(ReplyError::Malformed)?;
        Ok(SessionOpened { token, expires_ms: wire.expires_ms })
    }
}

impl Call for EndSession {
    type Reply = Done;
    const ROUTE: Route = Route::EndSession;

    fn to_http(&self, token: Option<&SessionToken>) -> HttpRequest {
        bare(Self::ROUTE, self.vault.0, "", token)
    }

    fn from_http(request: &HttpRequest) -> Result<Self, ApiError> {
        Ok(Self { vault: VaultId(target(Self::ROUTE, request)?.id) })
    }

    fn reply_to_http(reply: &Done) -> HttpReply {
        json_reply(reply)
    }

    fn reply_from_http(reply: &HttpReply) -> Result<Done, ReplyError> {
        parse_json_reply(reply)
    }
}
