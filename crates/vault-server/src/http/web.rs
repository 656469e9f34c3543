//! The web app's files, with the headers that `cargo xtask serve` sends too.

#[path = "../../../xtask-web/src/policy.rs"]
mod policy;

use std::path::PathBuf;

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::services::ServeDir;

/// Everything in `dir`; files beside it with `.br` or `.gz` go to those who understand them. With an address, `config.json` names it.
pub(super) fn router(dir: PathBuf, public_api_url: Option<&str>) -> Router {
    let files = ServeDir::new(&dir).precompressed_br().precompressed_gzip();
    let router = Router::new().fallback_service(files);
    let router = match public_api_url {
        Some(url) => {
            let config = config(&dir, url);
            router.route("/config.json", get(|| async { ([(header::CONTENT_TYPE, "application/json")], config).into_response() }))
        }
        None => router,
    };
    router.layer(middleware::from_fn(with_headers))
}

/// The app's own `config.json` with the address of this server. It is the one file that the app does not check by its hash.
fn config(dir: &std::path::Path, url: &str) -> String {
    let own = std::fs::read(dir.join("config.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut config = own.filter(serde_json::Value::is_object).unwrap_or_else(|| serde_json::json!({}));
    config["PUBLIC_API_URL"] = url.into();
    format!("{config:#}\n")
}

async fn with_headers(request: Request, next: Next) -> Response {
    let caching = policy::caching(request.uri().path());
    let mut response = next.run(request).await;
    let is_file = response.status().is_success() || response.status() == 304;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(if is_file { caching } else { "no-store" }));
    for (name, value) in policy::headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}
