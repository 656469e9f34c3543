//! Accepts connections and ends them in good order.

use std::{convert::Infallible, future::Future, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpListener, sync::Semaphore, time::sleep};
use tower::ServiceExt as _;

use super::{RECEIVE_TIMEOUT, Remote};

/// How long running requests may take to end after the signal: longer than the longest wait.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause after the system refused a connection, for example because all its file numbers are taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `shutdown` ends; then takes no more connections and lets what runs come to its end.
pub async fn serve(listener: TcpListener, router: Router, max_connections: usize, shutdown: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let running = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            // A place first: beyond the limit connections wait in the system's queue.
            accepted = async { (places.clone().acquire_owned().await, listener.accept().await) } => accepted,
            () = &mut shutdown => break,
        };
        let (Ok(place), Ok((stream, remote))) = accepted else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Small replies leave at once. Without it they leave a little later.
        stream.set_nodelay(true).ok();
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let router = router.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Remote(remote));
                let response = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
                Ok::<_, Infallible>(response)
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(RECEIVE_TIMEOUT);
        let connection = running.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A connection that breaks concerns the client alone.
            connection.await.ok();
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = running.shutdown() => {}
        () = sleep(SHUTDOWN_TIMEOUT) => tracing::warn!("some requests did not end in time"),
    }
}
