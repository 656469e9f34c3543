//! Challenges, sessions, and who may do what with one (MS25).

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use vault_protocol::{
    Hash, SigningPublicKey, VaultId,
    api::{
        ApiError, Challenge, Challenged, Done, EndSession, HttpRequest, LoginNonce, OpenSession, Purpose, SessionOpened, SessionToken,
        bounds::NONCE_LIFE_MS,
    },
    control::Membership,
};

use super::{
    Service, hidden,
    members::{self, Role},
};
use crate::{
    Peer,
    entropy::random,
    limiter::Bucket,
    store::{BootstrapRow, SessionRow, SessionTerms, Store, UsedNonce, VaultRow},
};

/// A session ends when it was not used for half an hour.
const IDLE_MS: u64 = 30 * 60_000;
/// A session ends after a day at the latest.
const LIFE_MS: u64 = 24 * 60 * 60_000;
/// Random bytes at the front of a nonce; the rest is a code over them, so that a challenge leaves nothing behind on the server.
const NONCE_RANDOM: usize = 16;

/// A request whose token is good.
pub(super) struct Session {
    pub(super) row: SessionRow,
    pub(super) vault: VaultRow,
    /// The fold of the vault's control log, at least as far as `vault` says.
    pub(super) state: Arc<Membership>,
    /// Number of control entries at which `state` holds.
    pub(super) n_control: u64,
    /// As what it has this session.
    pub(super) role: Role,
}

impl Session {
    /// Refuses purposes other than these.
    pub(super) fn only(self, purposes: &[Purpose]) -> Result<Self, ApiError> {
        if purposes.contains(&self.row.purpose) { Ok(self) } else { Err(ApiError::Forbidden) }
    }

    /// Refuses who has proven no more than a password, or only that it once had a place: that gets the control log, and gives itself a place.
    pub(super) fn beyond_password(self) -> Result<Self, ApiError> {
        match self.role {
            Role::Member | Role::Owner | Role::Name => Ok(self),
            Role::Login | Role::Former => Err(ApiError::Forbidden),
        }
    }
}

impl<S: Store> Service<S> {
    pub(super) async fn challenge(&self, call: Challenge, peer: Peer, now_ms: u64) -> Result<Challenged, ApiError> {
        self.limiter.take(&[Bucket::Logins(peer)], now_ms)?;
        let expires_ms = now_ms + NONCE_LIFE_MS;
        let random: [u8; NONCE_RANDOM] = random(&*self.entropy).map_err(|error| hidden(error.into()))?;
        let nonce = self.nonce(call.vault, call.key, expires_ms, random).await?;
        Ok(Challenged { nonce, expires_ms })
    }

    pub(super) async fn open_session(&self, call: OpenSession, peer: Peer, now_ms: u64) -> Result<SessionOpened, ApiError> {
        self.limiter.take(&[Bucket::Logins(peer), Bucket::VaultLogins(call.vault)], now_ms)?;
        // The same refusal for each of these, and the expensive check whether or not the vault exists.
        let in_time = now_ms < call.expires_ms && call.expires_ms <= now_ms + NONCE_LIFE_MS;
        let is_for_us = self.settings.origins.contains(&call.origin);
        let is_ours = self.is_own_nonce(&call).await?;
        if !call.is_signed() || !in_time || !is_for_us || !is_ours {
            return Err(ApiError::Unauthorized);
        }
        let row = self.living_vault(call.vault, now_ms).await?;
        let state = match &row {
            Some(row) => Some(self.members.hold(&self.store, row).await.and_then(|held| held.state()).map_err(hidden)?),
            None => None,
        };
        // Keys of 256 random bits are not guessed; all others are counted, whether or not the vault exists.
        let is_random =
            |state: &Arc<Membership>| state.owner_key() == call.key || state.did() == call.key || members::had_place(state, call.key);
        if call.purpose == Purpose::Join && !state.as_ref().is_some_and(is_random) {
            self.limiter.take(&[Bucket::PasswordLogins(call.vault)], now_ms)?;
        }
        let (row, state) = row.zip(state).ok_or(ApiError::Unauthorized)?;
        let login_key = self.login_key(call.vault, &state).await?;
        if members::role(&state, &row, login_key, call.key, call.purpose).is_none() {
            return Err(ApiError::Unauthorized);
        }
        let token = SessionToken::from_bytes(random(&*self.entropy).map_err(|error| hidden(error.into()))?);
        let session =
            SessionRow { token_hash: token_hash(&token), key: call.key, purpose: call.purpose, created_ms: now_ms, used_ms: now_ms };
        let nonce = UsedNonce { nonce: call.nonce.0, expires_ms: call.expires_ms };
        let is_fresh = self.store.open_session(call.vault, nonce, session, self.session_terms(now_ms)).await.map_err(hidden)?;
        if is_fresh { Ok(SessionOpened { token, expires_ms: now_ms + LIFE_MS }) } else { Err(ApiError::Unauthorized) }
    }

    pub(super) async fn end_session(&self, call: EndSession, request: &HttpRequest) -> Result<Done, ApiError> {
        if let Some(token) = &request.token {
            self.store.end_session(call.vault, token_hash(token)).await.map_err(hidden)?;
        }
        Ok(Done {})
    }

    /// The session of a request's token. A key that lost its place has none, whenever it logged in.
    pub(super) async fn session(&self, vault: VaultId, request: &HttpRequest, now_ms: u64) -> Result<Session, ApiError> {
        let token = request.token.as_ref().ok_or(ApiError::SessionExpired)?;
        let found = self.store.session(vault, token_hash(token)).await.map_err(hidden)?;
        let (session, row) = found.ok_or(ApiError::SessionExpired)?;
        let terms = self.session_terms(now_ms);
        let is_over = session.used_ms < terms.idle_before_ms || session.created_ms < terms.born_before_ms;
        if is_over || row.deletion_due_ms.is_some_and(|due_ms| due_ms <= now_ms) {
            return Err(ApiError::SessionExpired);
        }
        self.limiter.take(&[Bucket::VaultCalls(vault)], now_ms)?;
        let held = self.members.hold(&self.store, &row).await.map_err(hidden)?;
        let (state, n_control) = (held.state().map_err(hidden)?, held.log().map_or(0, |log| log.n_entries() as u64));
        drop(held);
        let login_key = if session.purpose == Purpose::Join { self.login_key(vault, &state).await? } else { None };
        let Some(role) = members::role(&state, &row, login_key, session.key, session.purpose) else {
            self.store.end_sessions_of(vault, session.key).await.map_err(hidden)?;
            return Err(ApiError::SessionExpired);
        };
        if now_ms.saturating_sub(session.used_ms) >= SessionRow::TOUCH_MS {
            self.store.touch_session(vault, session, now_ms).await.map_err(hidden)?;
        }
        Ok(Session { row: session, vault: row, state, n_control, role })
    }

    pub(super) fn session_terms(&self, now_ms: u64) -> SessionTerms {
        SessionTerms {
            idle_before_ms: now_ms.saturating_sub(IDLE_MS),
            born_before_ms: now_ms.saturating_sub(LIFE_MS),
            max_sessions: self.settings.max_sessions.max(1),
        }
    }

    /// The login key of "address + password", while it is on.
    async fn login_key(&self, vault: VaultId, state: &Membership) -> Result<Option<SigningPublicKey>, ApiError> {
        if state.bootstrap().is_none() {
            return Ok(None);
        }
        Ok(self.allowed_bootstrap(vault, state).await?.and_then(|row| login_key_of(&row)))
    }

    /// The record that the control log allows, if it is here.
    pub(super) async fn allowed_bootstrap(&self, vault: VaultId, state: &Membership) -> Result<Option<BootstrapRow>, ApiError> {
        let row = self.store.bootstrap(vault).await.map_err(hidden)?;
        Ok(row.filter(|row| state.bootstrap() == Some(row.hash)))
    }

    /// `random (16) ‖ code (16)`: whether a nonce is ours is seen from itself; that it is used once, when it is used.
    async fn nonce(
        &self,
        vault: VaultId,
        key: SigningPublicKey,
        expires_ms: u64,
        random: [u8; NONCE_RANDOM],
    ) -> Result<LoginNonce, ApiError> {
        let secret = self.nonce_secret().await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("HMAC takes keys of any length");
        for part in [&b"nt2 nonce v1"[..], &vault.0, &key.0, &expires_ms.to_be_bytes(), &random] {
            mac.update(part);
        }
        let mut nonce = [0; LoginNonce::LEN];
        nonce[..NONCE_RANDOM].copy_from_slice(&random);
        nonce[NONCE_RANDOM..].copy_from_slice(&mac.finalize().into_bytes()[..LoginNonce::LEN - NONCE_RANDOM]);
        Ok(LoginNonce(nonce))
    }

    async fn is_own_nonce(&self, call: &OpenSession) -> Result<bool, ApiError> {
        let mut random = [0; NONCE_RANDOM];
        random.copy_from_slice(&call.nonce.0[..NONCE_RANDOM]);
        let expected = self.nonce(call.vault, call.key, call.expires_ms, random).await?;
        // Without a branch on single bytes: who could learn the code byte by byte would need no challenge.
        let differing = expected.0.iter().zip(call.nonce.0).fold(0, |differing, (a, b)| differing | (a ^ b));
        Ok(std::hint::black_box(differing) == 0)
    }

    async fn nonce_secret(&self) -> Result<[u8; 32], ApiError> {
        let make = || async { self.store.secret("nonce", random(&*self.entropy)?).await };
        self.nonce_secret.get_or_try_init(make).await.copied().map_err(hidden)
    }
}

pub(super) fn token_hash(token: &SessionToken) -> Hash {
    Hash(Sha256::digest(token.expose()).into())
}

/// The login key in a record, CBOR `{0: login key, 1: slot}`. What is none has no key, and then nobody logs in with it.
fn login_key_of(row: &BootstrapRow) -> Option<SigningPublicKey> {
    let mut decoder = minicbor::Decoder::new(&row.record);
    let is_record = decoder.map().ok()? == Some(2) && decoder.u8().ok()? == 0;
    let key = SigningPublicKey::from_slice(decoder.bytes().ok()?)?;
    (is_record && key.check().is_ok()).then_some(key)
}
