//! Requests in, replies out.

use std::{
    future::poll_fn,
    net::IpAddr,
    pin::{Pin, pin},
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use tokio::{
    sync::SemaphorePermit,
    time::{Instant as TokioInstant, timeout, timeout_at},
};
use vault_protocol::api::{ApiError, HttpReply, HttpRequest, Method, Route, SessionToken};

use super::{App, RECEIVE_TIMEOUT, Remote, blobs};
use crate::{Patience, Peer, Service, openapi, store::Store};

/// How often those who wait look again where another server may have written.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// A body over this is read only for those who have a session, and only some of them at once: what waits in memory is bounded.
const LARGE_BODY_BYTES: usize = 256 * 1024;
/// How long a probe waits for the database.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);

/// Unix milliseconds by the system's clock.
pub fn now_ms() -> u64 {
    // A clock before 1970 has every session over, which is the safe side.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Any call of the contract.
pub(super) async fn call<S: Store>(State(app): State<Arc<App<S>>>, request: Request) -> Response {
    let start = Instant::now();
    let path = request.uri().path_and_query().map_or_else(|| request.uri().path().to_owned(), ToString::to_string);
    let method = Method::parse(request.method().as_str());
    let route = method.and_then(|method| Route::find(method, &path).ok()).map(|target| target.route);
    let reply = match route {
        Some(route @ (Route::PutPart | Route::PutBlob)) => {
            blobs::answer(&app, route, path, request).await.unwrap_or_else(|error| error.to_http())
        }
        Some(route) => answer(&app, route, path, request).await.unwrap_or_else(|error| error.to_http()),
        None => ApiError::NotFound.to_http(),
    };
    let name = route.map_or("unknown", Route::template);
    app.metrics.answered(name, reply.status, start.elapsed());
    // The template and not the path: ids stay out of the log, and so do addresses.
    tracing::info!(
        method = method.map_or("?", Method::name),
        route = name,
        status = reply.status,
        ms = start.elapsed().as_millis(),
        "answered"
    );
    response(reply)
}

async fn answer<S: Store>(app: &App<S>, route: Route, path: String, request: Request) -> Result<HttpReply, ApiError> {
    let (parts, mut body) = request.into_parts();
    let (peer, token) = (peer(app, &parts), bearer(&parts.headers));
    let max_bytes = route.max_body_bytes();
    let permits = match admit(app, route, &path, &parts, token.as_ref()).await {
        Ok(permits) => permits,
        Err(error) => {
            // Read to its end, or the refusal would be lost with the connection, and its reason with it.
            timeout(RECEIVE_TIMEOUT, drain(&mut body, max_bytes)).await.ok();
            return Err(error);
        }
    };
    let body = read(body, max_bytes).await?;
    let request = HttpRequest { method: route.method(), path, token, content_type: None, body: body.into() };
    let reply = app.service.handle(&request, peer, now_ms()).await;
    drop(permits);
    match Service::<S>::patience(&request, &reply) {
        Some(patience) => wait(app, &request, peer, reply, patience).await,
        None => Ok(reply),
    }
}

/// A place among the requests that are worked on; with a large body also one among those, and only for those who have a session.
async fn admit<'a, S: Store>(
    app: &'a App<S>,
    route: Route,
    path: &str,
    parts: &Parts,
    token: Option<&SessionToken>,
) -> Result<(SemaphorePermit<'a>, Option<SemaphorePermit<'a>>), ApiError> {
    let busy = |_all_taken| ApiError::Busy { retry_after_secs: 1 };
    let permit = app.requests.try_acquire().map_err(busy)?;
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    // Without a length it may be as large as its route takes.
    if length.unwrap_or(usize::MAX).min(route.max_body_bytes()) <= LARGE_BODY_BYTES {
        return Ok((permit, None));
    }
    if matches!(route, Route::Push | Route::AppendControl) {
        app.service.admit(route, path, token, now_ms()).await?;
    }
    let large_permit = app.large_bodies.try_acquire().map_err(busy)?;
    Ok((permit, Some(large_permit)))
}

/// Reads a body and keeps nothing of it.
pub(super) async fn drain(body: &mut Body, max_bytes: usize) {
    let mut n_bytes = 0;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
        if n_bytes > max_bytes {
            return;
        }
    }
}

/// Answers again when something changed, until the time is over.
async fn wait<S: Store>(
    app: &App<S>,
    request: &HttpRequest,
    peer: Peer,
    mut reply: HttpReply,
    patience: Patience,
) -> Result<HttpReply, ApiError> {
    let _permit = app.waiting.try_acquire().map_err(|_all_taken| ApiError::Busy { retry_after_secs: 5 })?;
    let end = TokioInstant::now() + Duration::from_secs(patience.timeout_secs.into());
    let notify = app.service.changes().watch(patience.subject);
    loop {
        let mut notified = pin!(notify.notified());
        // Enabled before looking, so that nothing happens unseen in between.
        notified.as_mut().enable();
        let now = app.service.handle(request, peer, now_ms()).await;
        if Service::<S>::patience(request, &now).is_none() || TokioInstant::now() >= end {
            return Ok(now);
        }
        reply.clone_from(&now);
        let look_again = if app.settings.shares_database { end.min(TokioInstant::now() + LOOK_AGAIN) } else { end };
        let timed_out = timeout_at(look_again, notified).await.is_err();
        if timed_out && TokioInstant::now() >= end {
            return Ok(reply);
        }
    }
}

/// A message of the shop.
pub(super) async fn webhook<S: Store>(State(app): State<Arc<App<S>>>, request: Request) -> Response {
    let start = Instant::now();
    let signature = request.headers().get("x-signature").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let reply = match read(request.into_body(), Route::Webhook.max_body_bytes()).await {
        Ok(body) => app.service.handle_webhook(&body, &signature, now_ms()).await,
        Err(error) => error.to_http(),
    };
    app.metrics.answered(Route::Webhook.template(), reply.status, start.elapsed());
    response(reply)
}

/// The description of the service.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi::text()).into_response()
}

/// Whether the server can do its work.
pub(super) async fn health<S: Store>(State(app): State<Arc<App<S>>>) -> Response {
    match timeout(HEALTH_TIMEOUT, app.service.store().ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n").into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

async fn read(body: Body, max_bytes: usize) -> Result<Bytes, ApiError> {
    let read = timeout(RECEIVE_TIMEOUT, axum::body::to_bytes(body, max_bytes)).await;
    read.map_err(|_too_slow| ApiError::BadRequest)?.map_err(|_too_long_or_cut| ApiError::TooLarge)
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<SessionToken> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").and_then(SessionToken::parse_hex)
}

/// Who asks: the other end of the connection, or what one's own proxies say of theirs. What a client itself writes into the header stands
/// further left and is never believed.
pub(super) fn peer<S>(app: &App<S>, parts: &Parts) -> Peer {
    let remote = parts.extensions.get::<Remote>().map(|remote| remote.0.ip());
    let forwarded = || {
        let values = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let addresses: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
        let at = addresses.len().checked_sub(usize::from(app.settings.n_proxies))?;
        addresses.get(at)?.parse::<IpAddr>().ok()
    };
    let address = if app.settings.n_proxies > 0 { forwarded().or(remote) } else { remote };
    address.map_or(Peer::LOCAL, Peer::new)
}

fn response(reply: HttpReply) -> Response {
    let retry_after = matches!(reply.status, 429 | 503).then(|| ApiError::from_http(&reply).retry_after_secs()).flatten();
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&reply.content_type)
        && !value.is_empty()
    {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}
