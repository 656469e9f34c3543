//! A web server for this machine only, with the headers that a public one should send.

use std::{io::Read as _, net::Ipv4Addr, path::PathBuf, thread};

use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header::CACHE_CONTROL},
    middleware::{self, Next},
    response::Response,
};
use tower_http::services::ServeDir;

use crate::policy;

/// When the server ends by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// Never.
    Stopped,
    /// When its standard input ends: a test that is killed leaves no server behind.
    InputEnds,
}

/// Serves `dir` and prints the address.
pub(crate) fn run(port: u16, dir: PathBuf, until: Until) -> Result<(), String> {
    if !dir.join("index.html").is_file() {
        return Err(format!("{} holds no packed program; make one: cargo xtask web", dir.display()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(serve(port, dir, until))
}

async fn serve(port: u16, dir: PathBuf, until: Until) -> Result<(), String> {
    let address = (Ipv4Addr::LOCALHOST, port);
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| format!("port {port} can't be used: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("the port is unknown: {error}"))?;
    println!("http://localhost:{}/", address.port());
    if until == Until::InputEnds {
        end_with_input();
    }
    axum::serve(listener, router(dir)).await.map_err(|error| format!("the server stopped: {error}"))
}

fn router(dir: PathBuf) -> Router {
    Router::new().fallback_service(ServeDir::new(dir)).layer(middleware::from_fn(with_headers))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let caching = policy::caching(request.uri().path());
    let mut response = next.run(request).await;
    let kept = if response.status().is_success() || response.status() == 304 { caching } else { "no-store" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    for (name, value) in policy::headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

fn end_with_input() {
    thread::spawn(|| {
        let mut bytes = [0; 64];
        while matches!(std::io::stdin().read(&mut bytes), Ok(1..)) {}
        std::process::exit(0);
    });
}
