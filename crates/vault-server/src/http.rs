//! The service on a network: a thin layer that turns HTTP into [`HttpRequest`](vault_protocol::api::HttpRequest) and back.
//!
//! Here are the limits that a pure function cannot keep: how long a request may take to come, how many there may be at once, how many may
//! wait. TLS ends before it, at a proxy; so this speaks HTTP/1.1 only.

mod api;
mod blobs;
mod connections;
mod metrics;
mod web;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    routing::{any, get, post},
};
use tokio::sync::Semaphore;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{Service, store::Store};
pub use api::now_ms;
pub use connections::serve;
use metrics::Metrics;

/// What an operator decides about the network.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The folder of the packed web app, if it is served here.
    pub web_dir: Option<PathBuf>,
    /// What the web app is told as `PUBLIC_API_URL`; `None` = what its `config.json` says.
    pub public_api_url: Option<String>,
    /// Pages of these origins may call; `None` = of all. A page without a session gets no further than any other client.
    pub cors_origins: Option<Vec<HeaderValue>>,
    /// How many proxies of one's own stand before it, each of which adds one address to `X-Forwarded-For`.
    pub n_proxies: u8,
    /// Requests worked on at once; more are told that the server is busy.
    pub max_requests: usize,
    /// Requests that wait at once (long polls).
    pub max_waiting: usize,
    /// Bodies of blobs in memory at once, 4 to 8 MiB each; more wait for a place.
    pub max_blob_bodies: usize,
    /// Connections at once.
    pub max_connections: usize,
    /// Whether other servers write to the same database: then those who wait look again every few seconds.
    pub shares_database: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            web_dir: None,
            public_api_url: None,
            cors_origins: None,
            n_proxies: 0,
            max_requests: 512,
            max_waiting: 8_192,
            max_blob_bodies: 8,
            max_connections: 10_000,
            shares_database: false,
        }
    }
}

/// A request's header must be here within this time, and its body within this time.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(30);
/// Bodies over 256 KiB that are in memory at once; each has at most some 9 MiB.
const MAX_LARGE_BODIES: usize = 48;
/// How long a browser may remember what pages of other origins may do.
const CORS_MAX_AGE: Duration = Duration::from_secs(86_400);

/// What all handlers share.
pub(crate) struct App<S> {
    pub(crate) service: Arc<Service<S>>,
    pub(crate) settings: HttpSettings,
    pub(crate) requests: Semaphore,
    pub(crate) waiting: Semaphore,
    pub(crate) large_bodies: Semaphore,
    pub(crate) blob_places: blobs::Places,
    pub(crate) metrics: Metrics,
}

/// The address of the other end of a connection, set by [`serve`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remote(pub(crate) SocketAddr);

/// What is served, and what is told of it to a monitor.
pub struct Site {
    /// For everyone.
    pub public: Router,
    /// `/metrics` and `/health`: for an address that only a monitor reaches.
    pub monitor: Router,
}

/// Puts a service on the network.
pub fn site<S: Store>(service: Arc<Service<S>>, settings: HttpSettings) -> Site {
    let (requests, waiting) = (Semaphore::new(settings.max_requests), Semaphore::new(settings.max_waiting));
    let web = settings.web_dir.clone().map(|dir| web::router(dir, settings.public_api_url.as_deref()));
    let cors = cors(settings.cors_origins.clone());
    let (large_bodies, blob_places) = (Semaphore::new(MAX_LARGE_BODIES), blobs::Places::new(settings.max_blob_bodies));
    let app = Arc::new(App { service, settings, requests, waiting, large_bodies, blob_places, metrics: Metrics::new() });
    let public = Router::new()
        .route("/api/v1/webhooks/lemonsqueezy", post(api::webhook::<S>))
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/api/{*path}", any(api::call::<S>))
        .layer(cors)
        .route("/health", get(api::health::<S>))
        .with_state(app.clone());
    let public = match web {
        Some(web) => public.fallback_service(web),
        None => public,
    };
    let monitor = Router::new().route("/metrics", get(metrics::show::<S>)).route("/health", get(api::health::<S>)).with_state(app);
    Site { public, monitor }
}

fn cors(origins: Option<Vec<HeaderValue>>) -> CorsLayer {
    // No cookie is ever sent: a page can do with a token what any program can, and nothing without one.
    let origins = origins.map_or_else(AllowOrigin::any, AllowOrigin::list);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static("content-length")])
        .max_age(CORS_MAX_AGE)
}
