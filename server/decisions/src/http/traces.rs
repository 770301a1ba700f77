//! `/v1/traces`: what a trace says, why it came out so, whether it still does, and how far the chains have come.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use dictamen_core::Form;
use dictamen_platform::store::{Payload, StoreError, Trace, TraceId};
use dictamen_platform::{Accepted, Principal, Problem};
use dictamen_value::{Language, Message};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::layers::Caller;
use super::{Service, envelope, respond};
use crate::explain::Report;
use crate::port::Decisions;
use crate::replay::{ReplayProblem, Replayed, Replayer, Told, Verdict};

/// What a trace says, with its place in the chain.
/// What is reserved in it is withheld from those without the role.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Extension(Caller { principal, .. }): Extension<Caller>,
) -> Result<Response, Problem> {
    let found = blocking(&service, move |decisions| {
        let id = read_id(&id)?;
        let trace = decisions.ports().traces.get(&id)?.ok_or_else(|| no_trace(&id))?;
        let told = told(decisions, &principal, &trace);
        Ok((trace, told))
    });
    let (trace, (payload, withheld)) = found.await?;
    Ok(respond::json(&TraceDocument {
        id: trace.id,
        digest: trace.digest,
        previous: trace.previous,
        link: trace.link,
        purged: is_purged(&trace),
        withheld,
        payload: payload
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| RawValue::from_string(text).ok()),
    }))
}

/// Why a recorded decision came out as it did, as text (`Accept: text/plain`) or JSON.
pub(super) async fn explanation(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Extension(Caller { principal, .. }): Extension<Caller>,
    Query(asked): Query<HashMap<String, String>>,
    Accepted(language): Accepted,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = form_of(&asked)?;
    envelope::may_be_told(&principal, Some(form))?;
    let found = blocking(&service, move |decisions| {
        let id = read_id(&id)?;
        let found = replayer(decisions).explain(&id, form)?;
        found.ok_or_else(|| no_trace(&id))?.map_err(unexplained)
    });
    let (trace, explanation) = found.await?;
    let report = Report::new(&explanation);
    // The head names the decision, and has a digest by which a short outcome could be guessed.
    let report = if explanation.is_concealed() { report } else { report.with_trace(&trace) };
    Ok(match wants_text(&headers) {
        true => respond::text(language, report.text(language)),
        false => respond::in_language(language, respond::body("application/json", report.json(language))),
    })
}

/// The letter to the person, as text (`Accept: text/plain`), a page (`text/html`) or JSON.
pub(super) async fn letter(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Accepted(language): Accepted,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = blocking(&service, move |decisions| {
        let id = read_id(&id)?;
        let found = replayer(decisions).letter(&id, language)?;
        found.ok_or_else(|| no_trace(&id))?.map_err(unexplained)
    });
    let letter = found.await?;
    Ok(match wanted(&headers) {
        Wanted::Text => respond::text(language, letter.text()),
        Wanted::Page => respond::page(language, letter.html()),
        Wanted::Json => respond::in_language(language, respond::body("application/json", letter.json())),
    })
}

/// Evaluates a recorded decision again and says whether it gives the same bytes.
pub(super) async fn replay(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Accepted(language): Accepted,
) -> Result<Response, Problem> {
    let replayed = blocking(&service, move |decisions| {
        let id = read_id(&id)?;
        let found = replayer(decisions).replay(&id)?;
        found.ok_or_else(|| no_trace(&id))
    });
    Ok(respond::in_language(language, respond::json(&replay_document(&replayed.await?, language))))
}

/// The manifest of a batch that left one trace: by it and the file of facts, `dictamen replay --batch` decides any row again. It has
/// the plan itself, and so is for those who see what is reserved.
pub(super) async fn manifest(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    Extension(Caller { principal, .. }): Extension<Caller>,
) -> Result<Response, Problem> {
    envelope::may_be_told(&principal, Some(Form::Reserved))?;
    let found = blocking(&service, move |decisions| {
        let id = read_id(&id)?;
        let found = replayer(decisions).manifest(&id)?;
        found.ok_or_else(|| no_trace(&id))?.map_err(unexplained)
    });
    let manifest = found.await?.to_bytes().map_err(|message| Problem::internal(&message.en))?;
    Ok(respond::body("application/json", manifest))
}

/// The signed heads of the chains and the keys that signed them.
pub(super) async fn heads(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let found = blocking(&service, |decisions| {
        let traces = &decisions.ports().traces;
        Ok((traces.heads()?, traces.public_keys()?, traces.last()))
    });
    let (heads, keys, last) = found.await?;
    Ok(respond::json(&json!({ "heads": heads, "public_keys": keys, "last": last })))
}

#[derive(serde::Serialize)]
struct TraceDocument {
    id: TraceId,
    digest: dictamen_platform::store::Digest,
    previous: dictamen_platform::store::Digest,
    link: dictamen_platform::store::Digest,
    purged: bool,
    /// Whether something reserved is left out of the payload.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withheld: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Box<RawValue>>,
}

/// The payload as far as somebody may see it, and whether something is left out.
fn told(decisions: &Decisions, principal: &Principal, trace: &Trace) -> (Option<Vec<u8>>, bool) {
    let Payload::Present(payload) = &trace.payload else { return (None, false) };
    if principal.sees_reserved() {
        return (Some(payload.clone()), false);
    }
    match replayer(decisions).told(payload) {
        Told::All => (Some(payload.clone()), false),
        Told::Without(open) => (Some(open), true),
        Told::Nothing => (None, true),
    }
}

/// Does what reads the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce(&Decisions) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let service = service.clone();
    let done = tokio::task::spawn_blocking(move || work(&service.decisions)).await;
    done.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

fn replayer(decisions: &Decisions) -> Replayer<'_> {
    Replayer::new(&*decisions.ports().traces, &*decisions.ports().objects)
}

/// The form that a request asks for: `?form=public`, which is that of none, or `?form=reserved`.
fn form_of(asked: &HashMap<String, String>) -> Result<Form, Problem> {
    match asked.get("form").map(String::as_str) {
        None | Some("public") => Ok(Form::Public),
        Some("reserved") => Ok(Form::Reserved),
        Some(other) => Err(Problem::malformed(Message::new(
            format!("«form» es public o reserved, y llegó «{other}»"),
            format!("“form” is public or reserved, and “{other}” came"),
        ))),
    }
}

fn read_id(text: &str) -> Result<TraceId, Problem> {
    text.parse().map_err(|error: StoreError| Problem::malformed(error.message()))
}

fn batch_message() -> Message {
    Message::new(
        "la traza es de un lote y está entera; sus filas se repiten con su manifiesto y el archivo de hechos",
        "the trace is of a batch and is whole; its rows are replayed with its manifest and the file of facts",
    )
}

fn is_purged(trace: &Trace) -> bool {
    matches!(trace.payload, Payload::Purged { .. })
}

fn replay_document(replayed: &Replayed, language: Language) -> Value {
    let mut document = json!({ "trace_id": replayed.id, "same": replayed.verdict == Verdict::Same });
    let more = match &replayed.verdict {
        Verdict::Same => return document,
        Verdict::Purged { length_bytes } => json!({ "purged": true, "length_bytes": length_bytes }),
        Verdict::Batch { rows } => json!({ "batch": true, "rows": rows, "message": batch_message().text(language) }),
        Verdict::Problem(problem) => json!({ "code": problem.code, "message": problem.message.text(language) }),
    };
    if let (Value::Object(document), Value::Object(more)) = (&mut document, more) {
        document.extend(more);
    }
    document
}

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wanted {
    Json,
    Text,
    Page,
}

/// The first of the media types that we have which the client accepts; JSON where it names none.
fn wanted(headers: &HeaderMap) -> Wanted {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let medias = accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    let known = |media| match media {
        "application/json" => Some(Wanted::Json),
        "text/plain" => Some(Wanted::Text),
        "text/html" => Some(Wanted::Page),
        _ => None,
    };
    medias.into_iter().find_map(known).unwrap_or(Wanted::Json)
}

/// Whether the client asks for text rather than JSON, of what has no page.
fn wants_text(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    first.take_while(|media| *media != "application/json").any(|media| media == "text/plain")
}

fn no_trace(id: &TraceId) -> Problem {
    Problem::not_found(Message::new(
        format!("no hay una traza {id}, o sus datos se purgaron"),
        format!("there is no trace {id}, or its data was purged"),
    ))
}

fn unexplained(problem: ReplayProblem) -> Problem {
    let title = Message::new("La traza no se puede explicar", "The trace can't be explained");
    Problem::new(axum::http::StatusCode::CONFLICT, "trace-not-replayable", title, problem.message)
        .with("code", problem.code)
}
