//! Numbers for a monitor (Prometheus text format). Routes and statuses; never ids or addresses.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use super::App;
use crate::store::Store;

/// Seconds: from a pull that finds nothing to a wait of 25 s.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 5.0, 15.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: &'static str,
}

/// Counters and the registry that shows them.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    seconds: Family<OfRoute, Histogram>,
    free: Gauge,
    waiting: Gauge,
    free_blob_places: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("nt2");
        let answers = Family::<Answer, Counter>::default();
        let seconds = Family::<OfRoute, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let (free, waiting, free_blob_places) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("answers", "Replies by route and status", answers.clone());
        registry.register("answer_seconds", "Time to a reply, waiting included", seconds.clone());
        registry.register("free_requests", "Requests that could be worked on beside those that are", free.clone());
        registry.register("waiting", "Requests that wait for a change", waiting.clone());
        registry.register("free_blob_places", "Blobs and parts that could come in beside those that do", free_blob_places.clone());
        Self { registry, answers, seconds, free, waiting, free_blob_places }
    }

    pub(super) fn answered(&self, route: &'static str, status: u16, time: Duration) {
        self.answers.get_or_create(&Answer { route, status }).inc();
        self.seconds.get_or_create(&OfRoute { route }).observe(time.as_secs_f64());
    }
}

/// All numbers.
pub(super) async fn show<S: Store>(State(app): State<Arc<App<S>>>) -> Response {
    let metrics = &app.metrics;
    metrics.free.set(app.requests.available_permits() as i64);
    metrics.free_blob_places.set(app.blob_places.n_free() as i64);
    metrics.waiting.set(app.settings.max_waiting.saturating_sub(app.waiting.available_permits()) as i64);
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
