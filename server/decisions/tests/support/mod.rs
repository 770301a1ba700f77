//! A service over the test rulesets in a directory of its own, and scripts of requests with the responses they must get.
#![allow(unreachable_pub, missing_docs, dead_code, reason = "helpers of tests: each binary uses a part")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use dictamen_decisions::http::{Front, HttpSettings, Service, front};
use dictamen_decisions::{Catalogue, Decisions, LoadLimits, Ports, Settings};
use dictamen_platform::identity::DevelopmentSignIn;
use dictamen_platform::store::embedded::{Embedded, Options};
use dictamen_platform::{Metrics, SettableClock};
use serde_json::Value;
use tower::ServiceExt;

pub struct Bench {
    pub directory: tempfile::TempDir,
    pub clock: Arc<SettableClock>,
    pub store: Embedded,
    pub decisions: Arc<Decisions>,
    pub front: Front,
}

pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub fn rulesets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulesets")
}

impl Bench {
    pub fn new() -> Bench {
        Bench::with(Catalogue::load(&[rulesets()], &LoadLimits::default()), HttpSettings::default())
    }

    pub fn with(catalogue: Catalogue, http: HttpSettings) -> Bench {
        Bench::within(catalogue, http, Settings { zone: "-05:00".parse().unwrap(), ..Settings::default() })
    }

    /// A service whose callers have these roles.
    pub fn with_roles(catalogue: Catalogue, http: HttpSettings, roles: &[&str]) -> Bench {
        let settings = Settings { zone: "-05:00".parse().unwrap(), ..Settings::default() };
        Bench::of(catalogue, http, settings, DevelopmentSignIn::with_roles(roles.iter().copied()))
    }

    pub fn within(catalogue: Catalogue, http: HttpSettings, settings: Settings) -> Bench {
        Bench::of(catalogue, http, settings, DevelopmentSignIn::default())
    }

    /// The same store behind a service whose callers have other roles.
    pub fn again_with_roles(&self, roles: &[&str]) -> Front {
        let sign_in = Arc::new(DevelopmentSignIn::with_roles(roles.iter().copied()));
        let metrics = Arc::new(Metrics::new().unwrap());
        front(Service::new(self.decisions.clone(), sign_in, metrics, HttpSettings::default()))
    }

    fn of(catalogue: Catalogue, http: HttpSettings, settings: Settings, sign_in: DevelopmentSignIn) -> Bench {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::at("2026-03-01T15:00:00.000Z".parse().unwrap()));
        let store = Embedded::open(directory.path(), &Options::default(), clock.clone()).unwrap();
        let ports =
            Ports { traces: store.traces(), objects: store.objects(), records: store.records(), clock: clock.clone() };
        let decisions = Arc::new(Decisions::new(Arc::new(catalogue), ports, settings).unwrap());
        let metrics = Arc::new(Metrics::new().unwrap());
        let service = Service::new(decisions.clone(), Arc::new(sign_in), metrics, http);
        Bench { directory, clock, store, decisions, front: front(service) }
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        send_to(&self.front, request).await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answered {
        let mut request = Request::post(path);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

/// What a service answers to a question without a body.
pub async fn get_from(front: &Front, path: &str) -> Answered {
    send_to(front, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn send_to(front: &Front, mut request: Request<Body>) -> Answered {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
    let response = front.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answered { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A body that brings some pieces and then neither more nor its end.
pub fn pausing_body(pieces: &[&str]) -> Body {
    Body::from_stream(Pausing(pieces.iter().map(|piece| Bytes::from((*piece).to_owned())).collect()))
}

struct Pausing(std::collections::VecDeque<Bytes>);

impl futures_core::Stream for Pausing {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        match self.0.pop_front() {
            Some(piece) => std::task::Poll::Ready(Some(Ok(piece))),
            None => std::task::Poll::Pending,
        }
    }
}

/// What traces are called in scripts, in the order in which they appear.
#[derive(Default)]
struct TraceNames(BTreeMap<String, String>);

impl TraceNames {
    fn name(&mut self, id: &str) -> String {
        let next = format!("{{trace {}}}", self.0.len() + 1);
        self.0.entry(id.to_owned()).or_insert(next).clone()
    }

    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (id, name)| text.replace(name, id))
    }

    /// Puts names in the place of what differs from run to run.
    fn mask(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    match (name.as_str(), value.as_str()) {
                        ("trace_id" | "id", Some(id)) if id.len() == 21 && id.as_bytes()[8] == b'-' => {
                            *value = self.name(id).into()
                        }
                        (
                            "hash" | "plan" | "parameters" | "digest" | "link" | "previous" | "idempotency_key",
                            Some(text),
                        ) if text.len() == 64 => {
                            *value = "{hash}".into();
                        }
                        ("incident" | "request_id", Some(_)) => *value = format!("{{{name}}}").into(),
                        _ => self.mask(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask(item)),
            _ => {}
        }
    }

    fn masked(&mut self, body: &str) -> String {
        let lines: Option<Vec<Value>> = body.lines().map(|line| serde_json::from_str(line).ok()).collect();
        let documents = match serde_json::from_str::<Value>(body) {
            Ok(document) if !document.is_number() => vec![document],
            _ => match lines {
                Some(lines) => lines,
                None => return body.trim_end().to_owned(),
            },
        };
        let shown = documents.into_iter().map(|mut document| {
            self.mask(&mut document);
            serde_json::to_string_pretty(&document).unwrap()
        });
        shown.collect::<Vec<_>>().join("\n")
    }
}

/// Runs a script: steps that begin with `>>> METHOD PATH`, headers, an empty line and a body, and the response after `<<<`:
/// its status, headers of interest, an empty line and the body, JSON laid out. `@clock MOMENT` sets the clock.
/// With `UPDATE_GOLDEN=1` the responses are written anew.
pub async fn run_script(bench: &Bench, path: &Path) {
    let script = std::fs::read_to_string(path).unwrap();
    let mut names = TraceNames::default();
    let mut written = String::new();
    let mut steps = script.split("\n>>> ");
    written.push_str(steps.next().unwrap());
    set_clock(bench, &script);
    for step in steps {
        let (asked, _) = step.split_once("\n<<<").unwrap_or((step, ""));
        let answered = bench.send(request(&names.fill(asked))).await;
        let body = names.masked(&answered.text());
        write!(written, "\n>>> {}\n<<< {}\n", asked.trim_end(), answered.status.as_u16()).unwrap();
        for name in ["content-type", "content-language", "allow", "retry-after", "idempotent-replayed"] {
            if let Some(value) = answered.headers.get(name) {
                writeln!(written, "{name}: {}", value.to_str().unwrap()).unwrap();
            }
        }
        writeln!(written, "\n{body}").unwrap();
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &written).unwrap();
    } else {
        assert!(written == script, "{} differs; UPDATE_GOLDEN=1 writes it anew. Now:\n{written}", path.display());
    }
}

fn set_clock(bench: &Bench, script: &str) {
    if let Some(moment) = script.lines().find_map(|line| line.strip_prefix("@clock ")) {
        bench.clock.set(moment.trim().parse().unwrap());
    }
}

fn request(asked: &str) -> Request<Body> {
    let (head, body) = asked.split_once("\n\n").unwrap_or((asked, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path.trim());
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request = request.header(name.trim(), value.trim());
    }
    request.body(Body::from(body.trim_end().to_owned())).unwrap()
}
