//! Blobs and parts of them as they come in. What is in memory is bounded by places, for which requests wait; no vault takes all of them.

use std::{
    collections::HashMap,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::header,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::{Instant, timeout, timeout_at},
};
use vault_protocol::api::{ApiError, HttpReply, HttpRequest, Route};

use super::{
    App,
    api::{bearer, drain, now_ms, peer},
};
use crate::store::Store;

/// How long a request waits for a place before it is told that the server is busy: less than a client's patience.
const PLACE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long nothing may come of a body.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a body may take in all: a part of 4 MiB at 14 KB/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(300);
/// Of so many places a vault may have one.
const SHARE: usize = 3;

/// Places for bodies of blobs.
pub(crate) struct Places {
    all: Semaphore,
    of_vault: usize,
    vaults: Mutex<HashMap<[u8; 16], Arc<Semaphore>>>,
}

/// One of them.
struct Place<'a> {
    _all: SemaphorePermit<'a>,
    of_vault: Option<OwnedSemaphorePermit>,
    places: &'a Places,
    vault: [u8; 16],
}

impl Places {
    pub(super) fn new(n_places: usize) -> Self {
        let n_places = n_places.clamp(1, Semaphore::MAX_PERMITS);
        Self { all: Semaphore::new(n_places), of_vault: n_places.div_ceil(SHARE), vaults: Mutex::default() }
    }

    /// Places that nobody has.
    pub(super) fn n_free(&self) -> usize {
        self.all.available_permits()
    }

    async fn take(&self, vault: [u8; 16]) -> Result<Place<'_>, ApiError> {
        let of_vault = {
            let mut vaults = self.vaults.lock().unwrap_or_else(PoisonError::into_inner);
            vaults.entry(vault).or_insert_with(|| Arc::new(Semaphore::new(self.of_vault))).clone()
        };
        let both = async { (of_vault.acquire_owned().await, self.all.acquire().await) };
        match timeout(PLACE_TIMEOUT, both).await {
            Ok((Ok(of_vault), Ok(all))) => Ok(Place { _all: all, of_vault: Some(of_vault), places: self, vault }),
            _ => {
                self.forget(vault);
                Err(ApiError::Busy { retry_after_secs: 5 })
            }
        }
    }

    /// Forgets a vault that has no place and waits for none.
    fn forget(&self, vault: [u8; 16]) {
        let mut vaults = self.vaults.lock().unwrap_or_else(PoisonError::into_inner);
        if vaults.get(&vault).is_some_and(|places| Arc::strong_count(places) == 1) {
            vaults.remove(&vault);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        drop(self.of_vault.take());
        self.places.forget(self.vault);
    }
}

/// Answers a request that brings a blob or a part of one.
pub(super) async fn answer<S: Store>(app: &App<S>, route: Route, path: String, request: Request) -> Result<HttpReply, ApiError> {
    let (parts, mut body) = request.into_parts();
    let (peer, token) = (peer(app, &parts), bearer(&parts.headers));
    let max_bytes = route.max_body_bytes();
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let admitted = async {
        if length.is_some_and(|length| length > max_bytes) {
            return Err(ApiError::TooLarge);
        }
        // Read only for those who have a session.
        app.service.admit(route, &path, token.as_ref(), now_ms()).await?;
        app.blob_places.take(Route::find(route.method(), &path)?.id).await
    };
    let place = match admitted.await {
        Ok(place) => place,
        Err(error) => {
            // Read to its end, or the refusal would be lost with the connection, and its reason with it.
            timeout(IDLE_TIMEOUT, drain(&mut body, max_bytes)).await.ok();
            return Err(error);
        }
    };
    let bytes = receive(body, length, max_bytes).await?;
    let permit = app.requests.try_acquire().map_err(|_all_taken| ApiError::Busy { retry_after_secs: 1 })?;
    let request = HttpRequest { method: route.method(), path, token, content_type: None, body: Vec::new() };
    let reply = app.service.handle_bytes(&request, bytes, peer, now_ms()).await;
    drop((permit, place));
    Ok(reply)
}

/// Reads a body into one piece of memory.
async fn receive(mut body: Body, length: Option<usize>, max_bytes: usize) -> Result<Bytes, ApiError> {
    let end = Instant::now() + BODY_TIMEOUT;
    let mut bytes = Vec::with_capacity(length.unwrap_or(0).min(max_bytes));
    loop {
        let next = timeout_at(end.min(Instant::now() + IDLE_TIMEOUT), poll_fn(|context| Pin::new(&mut body).poll_frame(context)));
        match next.await.map_err(|_too_slow| ApiError::BadRequest)? {
            None => return Ok(bytes.into()),
            Some(frame) => {
                let frame = frame.map_err(|_cut| ApiError::BadRequest)?;
                let data = frame.data_ref().map_or(&[][..], |data| data);
                if bytes.len() + data.len() > max_bytes {
                    return Err(ApiError::TooLarge);
                }
                bytes.extend_from_slice(data);
            }
        }
    }
}
