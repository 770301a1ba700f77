//! `POST /v1/decisions/{ruleset}/{decision}`: one decision, or with `:batch` behind it many.

use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Extension, RawPathParams, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use dictamen_core::Form;
use dictamen_platform::{Principal, Problem};
use dictamen_value::{Language, Message};

use super::layers::{Asked, Caller, RequestId, timed_out};
use super::repeats::{self, Repeat};
use super::{Service, batch, body, envelope};
use crate::catalogue::{Ready, Selection};
use crate::explain::Report;
use crate::port::{Answer, Key, Question, Refusal, StoredResponse, Ticket};

/// What stands behind the name of a decision for many at once.
const BATCH: &str = ":batch";

/// What a request asks for, and who sends it.
pub(super) struct Target {
    /// The ruleset.
    pub(super) ruleset: Arc<str>,
    /// The decision.
    pub(super) decision: Arc<str>,
    /// Who asks.
    pub(super) principal: Arc<Principal>,
    /// The request's name.
    pub(super) id: RequestId,
    /// The language of texts for people.
    pub(super) language: Language,
    /// The idempotency key it brings.
    pub(super) key: Option<String>,
}

/// Decides what a path asks for that has to be decoded first.
pub(super) async fn decide_at(
    State(service): State<Arc<Service>>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let asked = path.ok().and_then(|path| {
        let mut values = path.iter().map(|(_, value)| Arc::from(value));
        values.next().zip(values.next())
    });
    match asked {
        Some(asked) => decide(service, asked, caller, request).await,
        None => unreadable_path().into_response(),
    }
}

/// Decides: `(ruleset, decision)` are as the path says them.
pub(super) async fn decide(
    service: Arc<Service>,
    (ruleset, decision): (Arc<str>, Arc<str>),
    caller: Caller,
    request: Request,
) -> Response {
    let key = match repeats::key_of(request.headers()) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let (decision, is_batch) = match decision.strip_suffix(BATCH) {
        Some(single) => (single.into(), true),
        None => (decision, false),
    };
    let Caller { principal, id, language, place } = caller;
    let target = Target { ruleset, decision, principal, id, language, key };
    let asked = Asked { ruleset: target.ruleset.clone(), decision: target.decision.clone() };
    let answered = match is_batch {
        true => Box::pin(batch::decide(service, target, place, request)).await,
        false => decide_one(service, target, request).await,
    };
    let mut response = with(answered, asked);
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn decide_one(service: Arc<Service>, target: Target, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    body::require_type(&parts.headers, &["application/json"])?;
    let settings = &service.settings;
    let body = body::whole(body, &parts.headers, settings.body_bytes_max, settings.body_idle);
    let body =
        tokio::time::timeout(settings.request_time, body).await.map_err(|_| timed_out(settings.request_time))??;
    let key = repeats::named(&target.principal, parts.uri.path(), target.key.as_deref(), 0);
    match repeats::claim(&service.decisions, &target.principal, key, &body)? {
        Repeat::NoKey => answer(&service, &target, &body, None).await.map(Answered::into_response),
        Repeat::Again(stored) => Ok(repeats::again(*stored)),
        Repeat::First(ticket) => Box::pin(answer_and_keep(service, target, body, (key, ticket))).await,
    }
}

/// Goes on if the client leaves: whoever repeats the request must find what became of it.
async fn answer_and_keep(
    service: Arc<Service>,
    target: Target,
    body: Bytes,
    (key, ticket): (Option<Key>, Ticket),
) -> Result<Response, Problem> {
    let answering = tokio::spawn(async move {
        let answered = answer(&service, &target, &body, key).await?;
        answered.keep(&service, ticket).await
    });
    answering.await.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// A response with what is to be kept of it.
struct Answered {
    status: u16,
    content_type: &'static str,
    language: Option<&'static str>,
    body: Vec<u8>,
    problem: Option<Problem>,
    tells_reserved: bool,
}

/// Decides, if the body can be read. What left a trace is an answer, also where it is a problem; the rest is refused.
async fn answer(service: &Service, target: &Target, body: &[u8], key: Option<Key>) -> Result<Answered, Problem> {
    let envelope = envelope::read_quickly(body)?;
    envelope::may_be_told(&target.principal, envelope.explain)?;
    let question = Question {
        principal: &target.principal,
        ruleset: &target.ruleset,
        decision: &target.decision,
        dates: envelope.dates,
        version: envelope.version.as_deref(),
        input: envelope.input,
        explain: envelope.explain,
        request_id: &target.id.0,
        line: None,
        idempotency_key: key.map(|key| key.digest()),
    };
    let decided = service.decisions.decide(&question).await;
    if !matches!(decided, Ok(_) | Err(Refusal::Failed { .. })) {
        // What is wrong with the body as a whole comes first.
        envelope::read(body)?;
    }
    count(service, target, &decided);
    let tells_reserved = key.is_some() && tells_reserved(service, target, envelope.explain);
    match decided {
        Ok(answer) => Ok(Answered {
            status: 200,
            content_type: "application/json",
            language: None,
            body: document(&answer, target.language),
            problem: None,
            tells_reserved,
        }),
        Err(refusal @ Refusal::Failed { .. }) => Ok(Answered { tells_reserved, ..failed(refusal, target.language) }),
        Err(refusal) => Err(refusal.into_problem("#/input")),
    }
}

/// Counts a decision by what came of it.
pub(super) fn count(service: &Service, target: &Target, decided: &Result<Answer, Refusal>) {
    let result = match decided {
        Ok(_) => "ok",
        Err(Refusal::Failed { .. }) => "error",
        Err(Refusal::Unresolved(_) | Refusal::NoDecision(_)) => return,
        Err(_) => "rejected",
    };
    let ready = match decided {
        Ok(answer) => Some(answer.ready.clone()),
        Err(Refusal::Failed { ready, .. }) => Some(ready.clone()),
        Err(_) => in_force(service, &target.ruleset),
    };
    let label = ready.as_ref().map_or(&*target.decision, |ready| ready.label(&target.decision));
    service.metrics.decision(&target.ruleset, label, result);
    let tables =
        decided.iter().flat_map(|answer| answer.matched.iter().map(|(table, rows)| (&answer.ready, *table, *rows)));
    for (ready, table, rows) in tables {
        service.metrics.matched_rows(ready.table_name(table), rows);
    }
}

/// Whether what is answered tells what is reserved.
pub(super) fn tells_reserved(service: &Service, target: &Target, explain: Option<Form>) -> bool {
    let is_reserved = |ready: Arc<Ready>| ready.label(&target.decision) != &*target.decision;
    explain == Some(Form::Reserved) || in_force(service, &target.ruleset).is_some_and(is_reserved)
}

/// The version of a ruleset that is in force today.
fn in_force(service: &Service, ruleset: &str) -> Option<Arc<Ready>> {
    let today = service.decisions.today().ok()?;
    service.decisions.catalogue().resolve(ruleset, &Selection::on(today.day)).ok()
}

fn failed(refusal: Refusal, language: Language) -> Answered {
    let report = match &refusal {
        Refusal::Failed { explanation: Some(explanation), .. } => Some(Report::new(explanation).json(language)),
        _ => None,
    };
    let problem = refusal.into_problem("#/input");
    let mut body = problem.document(language).to_string().into_bytes();
    if let Some(report) = report {
        body.pop();
        append_member(&mut body, "explanation", &report);
        body.push(b'}');
    }
    Answered {
        status: problem.status.as_u16(),
        content_type: "application/problem+json",
        language: Some(language.tag()),
        body,
        problem: Some(problem),
        tells_reserved: false,
    }
}

/// The body of an answer.
fn document(answer: &Answer, language: Language) -> Vec<u8> {
    let mut out = begun(answer);
    append_member(&mut out, "ruleset", answer.ready.named());
    append_explanation(&mut out, answer, language);
    out.push(b'}');
    out
}

/// The body of an answer to one line of a batch.
pub(super) fn line_document(answer: &Answer, language: Language) -> Vec<u8> {
    let mut out = begun(answer);
    append_explanation(&mut out, answer, language);
    out.push(b'}');
    out
}

/// Room for what an answer has besides its outcome and its explanation, in bytes; longer ones take more.
const AROUND_BYTES: usize = 256;

/// The body of an answer with its outcome and the name of its trace.
fn begun(answer: &Answer) -> Vec<u8> {
    let mut out = Vec::with_capacity(answer.outcome.len().saturating_add(AROUND_BYTES));
    out.extend_from_slice(br#"{"outcome":"#);
    out.extend_from_slice(&answer.outcome);
    out.extend_from_slice(br#","trace_id":""#);
    // Memory takes what is written.
    let _ = write!(out, "{}", answer.trace_id);
    out.push(b'"');
    out
}

fn append_explanation(out: &mut Vec<u8>, answer: &Answer, language: Language) {
    if let Some(explanation) = &answer.explanation {
        append_member(out, "explanation", &Report::new(explanation).json(language));
    }
}

/// Appends a member, whose value is JSON, to an object that is being written and has members already.
fn append_member(out: &mut Vec<u8>, name: &str, json: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(json.as_bytes());
}

impl Answered {
    /// Keeps the response durably under its key, then gives it.
    async fn keep(self, service: &Service, ticket: Ticket) -> Result<Response, Problem> {
        let stored = StoredResponse {
            tells_reserved: self.tells_reserved,
            request: ticket.request(),
            at: service.decisions.keys().now(),
            status: self.status,
            content_type: self.content_type.to_owned(),
            language: self.language.map(str::to_owned),
            body: String::from_utf8_lossy(&self.body).into_owned(),
        };
        repeats::keep(&service.decisions, ticket, &stored).await?;
        Ok(self.into_response())
    }

    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = axum::http::StatusCode::from_u16(self.status).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(language) = self.language {
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
        }
        if let Some(problem) = self.problem {
            response.extensions_mut().insert(Spoken(problem.kind));
        }
        response
    }
}

/// The kind of a problem whose document is written already, in its language.
#[derive(Clone, Debug)]
pub(super) struct Spoken(pub(super) std::borrow::Cow<'static, str>);

/// The response with what the log is told.
fn with(answered: Result<Response, Problem>, asked: Asked) -> Response {
    let mut response = answered.unwrap_or_else(Problem::into_response);
    response.extensions_mut().insert(asked);
    response
}

fn unreadable_path() -> Problem {
    Problem::malformed(Message::new(
        "la ruta no se puede leer: se esperaba texto UTF-8 codificado con %",
        "the path can't be read: expected UTF-8 text encoded with %",
    ))
}
