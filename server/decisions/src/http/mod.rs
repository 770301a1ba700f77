//! The decision port over HTTP: routes, what every request goes through, and the service's state.
#![expect(clippy::result_large_err, reason = "a problem is the answer of a request: one is made, at its end")]

mod batch;
mod body;
mod decisions;
mod describe;
mod envelope;
mod front;
mod health;
mod layers;
mod lines;
mod repeats;
mod respond;
mod rows;
mod traces;

pub use front::{Front, OnLanes};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use dictamen_platform::identity::Identity;
use dictamen_platform::{Clock, Metrics};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::port::Decisions;

/// The most that requests may take and bring.
#[derive(Clone, Copy, Debug)]
pub struct HttpSettings {
    /// Bytes of the body of one decision request.
    pub body_bytes_max: u64,
    /// Bytes of all headers of a request.
    pub header_bytes_max: usize,
    /// Requests that are answered at once; more are told to come back.
    pub requests_max: usize,
    /// How long a request may take, batches apart.
    pub request_time: Duration,
    /// How long a body may pause.
    pub body_idle: Duration,
    /// What a batch may bring.
    pub batch: BatchSettings,
    /// Answer `/health/ready` with 503 while any ruleset has errors, instead of serving the others.
    pub strict: bool,
}

/// The most that a batch may bring.
#[derive(Clone, Copy, Debug)]
pub struct BatchSettings {
    /// Bytes of one line.
    pub line_bytes_max: usize,
    /// Lines.
    pub lines_max: u64,
    /// Bytes of all lines.
    pub bytes_max: u64,
    /// Lines whose traces are made durable together.
    pub chunk_lines: usize,
    /// Bytes of lines whose traces are made durable together.
    pub chunk_bytes: usize,
}

impl Default for HttpSettings {
    fn default() -> HttpSettings {
        HttpSettings {
            body_bytes_max: 1024 * 1024,
            header_bytes_max: 32 * 1024,
            requests_max: 1_024,
            request_time: Duration::from_secs(10),
            body_idle: Duration::from_secs(10),
            batch: BatchSettings::default(),
            strict: false,
        }
    }
}

impl Default for BatchSettings {
    fn default() -> BatchSettings {
        BatchSettings {
            line_bytes_max: 1024 * 1024,
            lines_max: 10_000_000,
            bytes_max: 4 * 1024 * 1024 * 1024,
            chunk_lines: 256,
            chunk_bytes: 1024 * 1024,
        }
    }
}

/// The service behind the routes.
pub struct Service {
    decisions: Arc<Decisions>,
    identity: Arc<dyn Identity>,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    settings: HttpSettings,
    places: Arc<Semaphore>,
    started: u64,
    requests: AtomicU64,
    documents: describe::Documents,
}

impl Service {
    /// A service over a decision port.
    pub fn new(
        decisions: Arc<Decisions>,
        identity: Arc<dyn Identity>,
        metrics: Arc<Metrics>,
        settings: HttpSettings,
    ) -> Arc<Service> {
        let clock = decisions.ports().clock.clone();
        let started = u64::try_from(clock.now().unix_milliseconds()).unwrap_or_default();
        Arc::new(Service {
            places: Arc::new(Semaphore::new(settings.requests_max.min(Semaphore::MAX_PERMITS))),
            decisions,
            identity,
            metrics,
            clock,
            settings,
            started,
            requests: AtomicU64::new(0),
            documents: describe::Documents::default(),
        })
    }

    /// A name for a request that brings none.
    fn request_name(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{number:x}", self.started)
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Service").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Where decisions are asked for.
const DECISIONS: &str = "/v1/decisions/{ruleset}/{decision}";

/// All of the decision port.
pub fn front(service: Arc<Service>) -> Front {
    Front::new(service.clone(), router(service))
}

/// The same for threads that have connections to answer; what may take long is done by the runtime.
pub fn on_lanes(service: Arc<Service>, elsewhere: Handle) -> OnLanes {
    OnLanes::new(front(service), elsewhere)
}

fn router(service: Arc<Service>) -> Router {
    let answered_in_time = Router::new()
        .route("/", get(describe::home))
        .route("/docs", get(describe::home))
        .route("/docs/{ruleset}", get(describe::ruleset_page))
        .route("/functions", get(describe::functions_page))
        .route("/problems/{kind}", get(describe::problem_page))
        .route("/v1/openapi.json", get(describe::openapi))
        .route("/v1/decisions", get(describe::decisions))
        .route("/v1/functions", get(describe::functions))
        .route("/v1/rulesets", get(describe::rulesets))
        .route("/v1/traces/heads", get(traces::heads))
        .route("/v1/traces/{id}", get(traces::get))
        .route("/v1/traces/{id}/explanation", get(traces::explanation))
        .route("/v1/traces/{id}/letter", get(traces::letter))
        .route("/v1/traces/{id}/manifest", get(traces::manifest))
        .route("/v1/traces/{id}/replay", post(traces::replay))
        .layer(from_fn_with_state(service.clone(), layers::in_time));
    let served = Router::new()
        .route(DECISIONS, post(decisions::decide_at))
        .merge(answered_in_time)
        .fallback(layers::nowhere)
        .method_not_allowed_fallback(layers::not_that_method)
        .layer(from_fn_with_state(service.clone(), layers::served));
    let open = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(layers::not_that_method)
        .layer(from_fn_with_state(service.clone(), layers::open));
    open.merge(served).with_state(service)
}
