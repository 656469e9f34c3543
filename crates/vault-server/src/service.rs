//! One request in, one reply out.

mod blobs;
mod control;
mod entries;
mod login;
mod members;
mod premium;
mod relay;
mod vault;
mod webhook;

use axum::body::Bytes;
use tokio::sync::OnceCell;
use vault_protocol::{
    VaultId,
    api::{
        ApiError, AppendControl, BeginBlob, Call, Challenge, Delete, EndSession, FindBlobs, FinishBlob, HttpReply, HttpRequest, Keep,
        MakeCheckout, OpenSession, Pull, Push, PutBootstrap, ReadBlob, ReadBlobs, ReadBootstrap, ReadControl, ReadEntitlement, ReadHeads,
        ReadServer, RedeemPromo, Register, RelayClose, RelayReceive, RelaySend, ReleaseBlobs, Route, ServerFacts, SessionToken, Status,
        Wait,
    },
};

use crate::{
    Changes, Entropy, EntropyError, Peer, Settings, Subject, SystemEntropy,
    blobs::{Blobs, MemoryBlobs},
    limiter::{Bucket, Limiter},
    store::{Store, StoreError},
};
use members::Members;

/// Milliseconds in a day.
const DAY_MS: u64 = 86_400_000;

/// The service over one store, and one store of blobs.
pub struct Service<S> {
    store: S,
    blobs: Box<dyn Blobs>,
    settings: Settings,
    entropy: Box<dyn Entropy>,
    members: Members,
    limiter: Limiter,
    changes: Changes,
    nonce_secret: OnceCell<[u8; 32]>,
}

/// That a request is willing to wait for another answer than the one it got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// What must change.
    pub subject: Subject,
    /// How long, in seconds.
    pub timeout_secs: u32,
}

impl<S: Store> Service<S> {
    /// A service with the system's random generator. It keeps blobs in memory until it is told better: [`Self::with_blobs`].
    pub fn new(store: S, settings: Settings) -> Self {
        Self::with_entropy(store, settings, Box::new(SystemEntropy))
    }

    /// A service with another source of random bytes: a simulation that repeats itself.
    pub fn with_entropy(store: S, settings: Settings, entropy: Box<dyn Entropy>) -> Self {
        let limiter = Limiter::new(settings.rates);
        let (members, changes, nonce_secret) = (Members::default(), Changes::default(), OnceCell::new());
        let blobs = Box::new(MemoryBlobs::new());
        Self { store, blobs, settings, entropy, members, limiter, changes, nonce_secret }
    }

    /// The same service with its blobs elsewhere than in memory.
    pub fn with_blobs(self, blobs: Box<dyn Blobs>) -> Self {
        Self { blobs, ..self }
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the operator decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who waits for what.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Answers a request at once, whatever time it gives us: see [`Self::patience`].
    pub async fn handle(&self, request: &HttpRequest, peer: Peer, now_ms: u64) -> HttpReply {
        match self.route(request, peer, now_ms).await {
            Ok(reply) => reply,
            Err(error) => error.to_http(),
        }
    }

    /// Answers a request whose body was kept apart because it is long: a blob or a part of one. All others have theirs in the request.
    pub async fn handle_bytes(&self, request: &HttpRequest, bytes: Bytes, peer: Peer, now_ms: u64) -> HttpReply {
        let result = async {
            let target = Route::find(request.method, &request.path)?;
            self.limiter.take(&[Bucket::Calls(peer)], now_ms)?;
            match target.route {
                Route::PutPart => self.put_part(request, bytes, now_ms).await,
                Route::PutBlob => self.put_blob(request, bytes, now_ms).await,
                _ => Err(ApiError::BadRequest),
            }
        };
        result.await.unwrap_or_else(|error| error.to_http())
    }

    /// Whether a request that got this reply would rather wait, and for what. Then answer it again when the subject changes or the time is over.
    pub fn patience(request: &HttpRequest, reply: &HttpReply) -> Option<Patience> {
        let target = Route::find(request.method, &request.path).ok()?;
        let timeout_secs = match target.route {
            Route::Wait => {
                let unchanged = Wait::reply_from_http(reply).is_ok_and(|reply| !reply.changed);
                Wait::from_http(request).ok().filter(|_| unchanged)?.timeout_secs
            }
            Route::RelayReceive => RelayReceive::from_http(request).ok().filter(|_| reply.status == 204)?.timeout_secs,
            _ => 0,
        };
        (timeout_secs > 0).then_some(Patience { subject: Subject(target.id), timeout_secs })
    }

    /// Whether a request with a large body is worth reading: its token must be that of a session of the vault in its path.
    ///
    /// # Errors
    ///
    /// What the request itself would be refused with.
    pub async fn admit(&self, route: Route, path: &str, token: Option<&SessionToken>, now_ms: u64) -> Result<(), ApiError> {
        let target = Route::find(route.method(), path)?;
        let (method, path) = (route.method(), String::new());
        let request = HttpRequest { method, path, token: token.map(SessionToken::duplicate), content_type: None, body: Vec::new() };
        self.session(VaultId(target.id), &request, now_ms).await.map(|_session| ())
    }

    /// Ends what is over: noticed deletions, sessions, nonces, channels, blobs that nobody named. To be called about once a minute.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was not done is done next time.
    pub async fn sweep(&self, now_ms: u64) -> Result<(), StoreError> {
        for vault in self.store.due(now_ms).await? {
            self.purge(vault, now_ms).await.map_err(|_logged_by_caller| StoreError::Busy)?;
        }
        self.store.sweep(now_ms, self.session_terms(now_ms)).await?;
        self.sweep_blobs(now_ms).await
    }

    async fn route(&self, request: &HttpRequest, peer: Peer, now_ms: u64) -> Result<HttpReply, ApiError> {
        let target = Route::find(request.method, &request.path)?;
        self.limiter.take(&[Bucket::Calls(peer)], now_ms)?;
        match target.route {
            Route::Server => answer(request, |_call: ReadServer| async { Ok(self.facts(now_ms)) }).await,
            Route::Challenge => answer(request, |call: Challenge| self.challenge(call, peer, now_ms)).await,
            Route::OpenSession => answer(request, |call: OpenSession| self.open_session(call, peer, now_ms)).await,
            Route::Register => answer(request, |call: Register| self.register(call, peer, now_ms)).await,
            Route::EndSession => answer(request, |call: EndSession| self.end_session(call, request)).await,
            Route::ReadControl => answer(request, |call: ReadControl| self.read_control(call, request, now_ms)).await,
            Route::AppendControl => answer(request, |call: AppendControl| self.append_control(call, request, now_ms)).await,
            Route::Push => answer(request, |call: Push| self.push(call, request, now_ms)).await,
            Route::Pull => answer(request, |call: Pull| self.pull(call, request, now_ms)).await,
            Route::Heads => answer(request, |call: ReadHeads| self.heads(call, request, now_ms)).await,
            Route::Wait => answer(request, |call: Wait| self.wait(call, request, now_ms)).await,
            Route::BeginBlob => answer(request, |call: BeginBlob| self.begin_blob(call, request, now_ms)).await,
            Route::PutPart => self.put_part(request, Bytes::copy_from_slice(&request.body), now_ms).await,
            Route::PutBlob => self.put_blob(request, Bytes::copy_from_slice(&request.body), now_ms).await,
            Route::FinishBlob => answer(request, |call: FinishBlob| self.finish_blob(call, request, now_ms)).await,
            Route::ReadBlob => self.read_blob(ReadBlob::from_http(request)?, request, now_ms).await,
            Route::ReadBlobs => answer(request, |call: ReadBlobs| self.read_blobs(call, request, now_ms)).await,
            Route::FindBlobs => answer(request, |call: FindBlobs| self.find_blobs(call, request, now_ms)).await,
            Route::ReleaseBlobs => answer(request, |call: ReleaseBlobs| self.release_blobs(call, request, now_ms)).await,
            Route::Status => answer(request, |call: Status| self.status(call, request, now_ms)).await,
            Route::Delete => answer(request, |call: Delete| self.delete(call, request, now_ms)).await,
            Route::Keep => answer(request, |call: Keep| self.keep(call, request, now_ms)).await,
            Route::ReadBootstrap => answer(request, |call: ReadBootstrap| self.read_bootstrap(call, request, now_ms)).await,
            Route::PutBootstrap => answer(request, |call: PutBootstrap| self.put_bootstrap(call, request, now_ms)).await,
            Route::ReadEntitlement => answer(request, |call: ReadEntitlement| self.read_entitlement(call, request, now_ms)).await,
            Route::MakeCheckout => answer(request, |call: MakeCheckout| self.make_checkout(call, request, now_ms)).await,
            Route::RedeemPromo => answer(request, |call: RedeemPromo| self.redeem_promo(call, request, peer, now_ms)).await,
            Route::RelaySend => answer(request, |call: RelaySend| self.relay_send(call, peer, now_ms)).await,
            Route::RelayReceive => answer(request, |call: RelayReceive| self.relay_receive(call, now_ms)).await,
            Route::RelayClose => answer(request, |call: RelayClose| self.relay_close(call)).await,
            // Needs a header that no other call has: `Service::handle_webhook`.
            Route::Webhook => Err(ApiError::NotFound),
        }
    }

    fn facts(&self, now_ms: u64) -> ServerFacts {
        ServerFacts {
            service: ServerFacts::SERVICE.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            api: ServerFacts::API,
            now_ms,
            premium_required: self.settings.premium.required,
            checkout: self.settings.premium.checkout_url.is_some(),
            max_vault_bytes: self.settings.max_vault_bytes,
        }
    }

    fn changed(&self, vault: VaultId) {
        self.changes.tell(Subject(vault.0));
    }
}

/// Decodes, does, encodes.
async fn answer<C: Call, F: Future<Output = Result<C::Reply, ApiError>>>(
    request: &HttpRequest,
    handler: impl FnOnce(C) -> F,
) -> Result<HttpReply, ApiError> {
    let call = C::from_http(request)?;
    handler(call).await.map(|reply| C::reply_to_http(&reply))
}

/// What a failure inside looks like from outside. The cause is for the operator, and is reported where the store is opened to it.
pub(crate) fn hidden(error: StoreError) -> ApiError {
    match error {
        StoreError::Busy => ApiError::Busy { retry_after_secs: 2 },
        StoreError::Database(_) | StoreError::Corrupt | StoreError::Newer => {
            tracing::error!(error = %chain(&error), "the store failed");
            ApiError::Internal
        }
    }
}

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl From<EntropyError> for StoreError {
    fn from(error: EntropyError) -> Self {
        Self::Database(Box::new(error))
    }
}
