//! What every request goes through: its name, the log, who sends it, limits of headers, places and time.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dictamen_platform::Problem;
use dictamen_platform::identity::Credentials;
use dictamen_value::Message;
use tokio::sync::OwnedSemaphorePermit;

use super::Service;
use super::decisions::Spoken;

/// The name of a request, which its log line, its traces and its response bear.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) Arc<str>);

/// What a handler tells the log of a decision; no facts.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The ruleset.
    pub(super) ruleset: String,
    /// The decision.
    pub(super) decision: String,
}

/// The place that a request takes until the last copy of this is dropped: a batch keeps one until its last line.
#[derive(Clone, Debug)]
pub(super) struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
}

/// The header that names a request.
const REQUEST_ID: &str = "x-request-id";

/// The longest name that a request may bring.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// After how long to come back when all places are taken.
const RETRY_AFTER_S: u64 = 1;

/// Names the request, answers even if a handler panics, counts, measures and logs.
pub(super) async fn observe(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let began = service.clock.monotonic();
    let id: Arc<str> = brought_name(request.headers()).unwrap_or_else(|| service.request_name()).into();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = unless_it_panics(next.run(request)).await;
    let took = service.clock.monotonic().saturating_sub(began);
    service.metrics.latency(&route, took);
    if let Some(kind) = problem_kind(&response) {
        service.metrics.error(kind);
    }
    log(&id, &method, &route, &response, took);
    if let Ok(name) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, name);
    }
    harden(response.headers_mut());
    response
}

/// Refuses requests whose headers are longer than allowed.
pub(super) async fn limit_headers(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let limit = service.settings.header_bytes_max;
    let of_headers = request.headers().iter().map(|(name, value)| name.as_str().len().saturating_add(value.len()));
    let used = of_headers.fold(request.uri().to_string().len(), usize::saturating_add);
    if used <= limit {
        return next.run(request).await;
    }
    let title = Message::new("Cabeceras demasiado grandes", "Headers too large");
    let detail = Message::new(
        format!("la dirección y las cabeceras suman {used} bytes y el límite es {limit}; envíe menos"),
        format!("address and headers have {used} bytes and the limit is {limit}; send less"),
    );
    Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", title, detail).into_response()
}

/// Finds out who sends the request and tells the handlers.
pub(super) async fn identify(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let authorization =
        request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match service.identity.authenticate(Credentials { peer, authorization }).await {
        Ok(principal) => {
            request.extensions_mut().insert(Arc::new(principal));
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Takes one of the places for requests, or tells the client to come back.
pub(super) async fn take_place(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    match service.places.clone().try_acquire_owned() {
        Ok(place) => {
            request.extensions_mut().insert(Place { _permit: Arc::new(place) });
            next.run(request).await
        }
        Err(_) => Problem::overloaded(RETRY_AFTER_S).into_response(),
    }
}

/// Answers a problem if the handler takes too long.
pub(super) async fn in_time(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let limit = service.settings.request_time;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => timed_out(limit).into_response(),
    }
}

/// The problem of a request that took longer than allowed.
pub(super) fn timed_out(limit: Duration) -> Problem {
    Problem::timed_out(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX))
}

/// Answers for paths that there are not.
pub(super) async fn nowhere(request: Request) -> Problem {
    let path = request.uri().path();
    Problem::not_found(Message::new(
        format!("no hay nada en {path}; /v1/openapi.json describe lo que hay"),
        format!("there is nothing at {path}; /v1/openapi.json describes what there is"),
    ))
}

/// Answers for methods that a path does not take.
pub(super) async fn not_that_method(method: Method) -> Problem {
    Problem::method_not_allowed(method.as_str())
}

/// The name that a request brings, if it can be one.
fn brought_name(headers: &HeaderMap) -> Option<String> {
    let name = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits =
        !name.is_empty() && name.len() <= REQUEST_ID_BYTES_MAX && name.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| name.to_owned())
}

/// Runs a handler; one that panics is an internal error, and the service goes on.
async fn unless_it_panics(handler: impl Future<Output = Response>) -> Response {
    let mut handler = std::pin::pin!(handler);
    let polled = std::future::poll_fn(|context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context))) {
            Ok(polled) => polled,
            Err(_) => std::task::Poll::Ready(Problem::internal(&"a handler panicked").into_response()),
        }
    });
    polled.await
}

fn log(id: &str, method: &Method, route: &str, response: &Response, took: Duration) {
    let status = response.status().as_u16();
    let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let asked = response.extensions().get::<Asked>();
    let (ruleset, decision) = asked.map_or(("", ""), |asked| (asked.ruleset.as_str(), asked.decision.as_str()));
    let problem = problem_kind(response).unwrap_or_default();
    tracing::info!(request_id = id, %method, route, status, microseconds, ruleset, decision, problem, "request");
}

fn problem_kind(response: &Response) -> Option<&str> {
    let problem = response.extensions().get::<Problem>().map(|problem| problem.kind.as_ref());
    problem.or_else(|| response.extensions().get::<Spoken>().map(|spoken| spoken.0.as_ref()))
}

/// What browsers must not do with our answers.
fn harden(headers: &mut HeaderMap) {
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
