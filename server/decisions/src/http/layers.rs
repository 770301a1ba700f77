//! What every request goes through: its name, the log, who sends it, limits of headers, places and time.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dictamen_platform::identity::Credentials;
use dictamen_platform::problem::speak;
use dictamen_platform::{Accepted, Principal, Problem};
use dictamen_value::{Language, Message};
use tokio::sync::OwnedSemaphorePermit;

use super::decisions::Spoken;
use super::{DECISIONS, Service};

/// The name of a request, which its log line, its traces and its response bear.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) Arc<str>);

/// What handlers are told of a request: who sends it, under which name, and the place that it takes.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Who sends it.
    pub(super) principal: Arc<Principal>,
    /// Its name.
    pub(super) id: RequestId,
    /// The language of texts for people.
    pub(super) language: Language,
    /// Its place.
    pub(super) place: Place,
}

/// What a handler tells the log of a decision; no facts.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The ruleset.
    pub(super) ruleset: Arc<str>,
    /// The decision.
    pub(super) decision: Arc<str>,
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

/// Around routes that anybody may ask: names the request, answers even if a handler panics, counts, measures and logs.
pub(super) async fn open(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let observed = Observed::begin(&service, &request, Route::of(&request));
    let response = match headers_too_large(&request, service.settings.header_bytes_max) {
        Some(problem) => problem.into_response(),
        None => unless_it_panics(pin!(next.run(request))).await,
    };
    observed.end(&service, response)
}

/// Around all other routes: the same, and finds out who sends the request, takes a place for it, and tells the handlers.
///
/// One layer for all of this: each further one would copy all that stands inside of it, for every request.
pub(super) async fn served(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let observed = Observed::begin(&service, &request, Route::of(&request));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| *address);
    let admitted = admitted(&service, peer, &request, &observed);
    let answered = pin!(async {
        match admitted.await {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
                next.run(request).await
            }
            Err(problem) => problem.into_response(),
        }
    });
    let response = unless_it_panics(answered).await;
    observed.end(&service, response)
}

/// A request that is being answered, as the log and the metrics know it.
pub(super) struct Observed {
    began: Duration,
    id: RequestId,
    language: Language,
    method: Method,
    route: Route,
}

/// Where a request goes.
pub(super) enum Route {
    /// To a decision, or to many of one kind.
    Decisions,
    /// To a path of the routes.
    Matched(MatchedPath),
    /// Nowhere.
    None,
}

impl Route {
    fn of(request: &Request) -> Route {
        request.extensions().get::<MatchedPath>().cloned().map_or(Route::None, Route::Matched)
    }

    fn as_str(&self) -> &str {
        match self {
            Route::Decisions => DECISIONS,
            Route::Matched(path) => path.as_str(),
            Route::None => "-",
        }
    }
}

impl Observed {
    /// Takes note of a request that has come.
    pub(super) fn begin(service: &Service, request: &Request, route: Route) -> Observed {
        let brought = brought_name(request.headers());
        Observed {
            began: service.clock.monotonic(),
            id: RequestId(brought.map_or_else(|| service.request_name().into(), Into::into)),
            language: Accepted::from_headers(request.headers()).0,
            method: request.method().clone(),
            route,
        }
    }

    /// Counts, measures and logs the response, and gives it as it leaves.
    pub(super) fn end(self, service: &Service, mut response: Response) -> Response {
        let took = service.clock.monotonic().saturating_sub(self.began);
        let route = self.route.as_str();
        service.metrics.latency(route, took);
        if let Some(kind) = problem_kind(&response) {
            service.metrics.error(kind);
        }
        log(&self.id.0, &self.method, route, &response, took);
        if let Ok(name) = HeaderValue::from_str(&self.id.0) {
            response.headers_mut().insert(REQUEST_ID, name);
        }
        harden(response.headers_mut());
        speak(self.language, response)
    }
}

/// The problem of requests whose headers are longer than allowed.
fn headers_too_large(request: &Request, limit: usize) -> Option<Problem> {
    let of_headers = request.headers().iter().map(|(name, value)| name.as_str().len().saturating_add(value.len()));
    let used = of_headers.fold(address_bytes(request.uri()), usize::saturating_add);
    if used <= limit {
        return None;
    }
    let title = Message::new("Cabeceras demasiado grandes", "Headers too large");
    let detail = Message::new(
        format!("la dirección y las cabeceras suman {used} bytes y el límite es {limit}; envíe menos"),
        format!("address and headers have {used} bytes and the limit is {limit}; send less"),
    );
    Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-large", title, detail))
}

/// How long an address is as it is written.
fn address_bytes(uri: &Uri) -> usize {
    match (uri.scheme(), uri.authority()) {
        (None, None) => uri.path_and_query().map_or(0, |path| path.as_str().len()),
        _ => uri.to_string().len(),
    }
}

/// Refuses a request whose headers are too long, finds out who sends it, and takes one of the places for requests.
pub(super) fn admitted<'a>(
    service: &'a Service,
    peer: Option<SocketAddr>,
    request: &Request,
    observed: &Observed,
) -> impl Future<Output = Result<Caller, Problem>> + use<'a> {
    let too_large = headers_too_large(request, service.settings.header_bytes_max);
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let authorization = authorization.map(str::to_owned);
    let credentials = Credentials { peer: peer.map(|peer| peer.ip()), authorization };
    let (id, language) = (observed.id.clone(), observed.language);
    async move {
        too_large.map_or(Ok(()), Err)?;
        let principal = service.identity.authenticate(credentials).await?;
        let permit = service.places.clone().try_acquire_owned().map_err(|_| Problem::overloaded(RETRY_AFTER_S))?;
        Ok(Caller { principal, id, language, place: Place { _permit: Arc::new(permit) } })
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
fn brought_name(headers: &HeaderMap) -> Option<&str> {
    let name = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits =
        !name.is_empty() && name.len() <= REQUEST_ID_BYTES_MAX && name.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then_some(name)
}

/// Runs a handler, which stays where it is; one that panics is an internal error, and the service goes on.
pub(super) async fn unless_it_panics(mut handler: Pin<&mut impl Future<Output = Response>>) -> Response {
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
    let (ruleset, decision) = asked.map_or(("", ""), |asked| (&*asked.ruleset, &*asked.decision));
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
