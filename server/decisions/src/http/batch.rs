//! `POST /v1/decisions/{ruleset}/{decision}:batch`: a line of JSON in, a line of JSON out, in order and as they come, each with
//! its own trace. With one trace for all: [`super::rows`].

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use dictamen_platform::Problem;
use dictamen_value::{Language, Message};
use futures_core::Stream;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::body::{self, Pieces};
use super::decisions::{self, Target, count, line_document};
use super::layers::Place;
use super::lines::{Chunk, Line, Lines};
use super::repeats::{self, Repeat};
use super::{BatchSettings, Service, envelope, rows};
use crate::port::{Key, Question, StoredResponse};

/// The media types of a batch.
const TYPES: [&str; 4] = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

/// How many answered chunks wait for a client that reads slowly before reading stops.
const CHUNKS_WAITING_MAX: usize = 64;

/// How many chunks are decided at once: while one becomes durable, the next are evaluated.
const CHUNKS_AT_ONCE: usize = 4;

/// One batch being read.
struct Batch {
    answerer: Arc<Answerer>,
    path: String,
    lines: Lines,
    chunks: u64,
}

/// Answers the lines of a batch.
struct Answerer {
    service: Arc<Service>,
    target: Target,
    _place: Place,
}

/// A chunk that is being answered.
type Answering = JoinHandle<Result<Vec<u8>, Problem>>;

/// A chunk with what its key meets.
type Next = (Chunk, Repeat, Option<Key>);

/// Answers a batch. What is wrong before the first answer is a problem document; later it is a line, and the last one.
pub(super) async fn decide(
    service: Arc<Service>,
    target: Target,
    place: Place,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    body::require_type(&parts.headers, &TYPES)?;
    let settings = service.settings;
    let pieces = Pieces::new(body, settings.batch.bytes_max, settings.body_idle);
    if let Some(asked) = rows::asked(&parts.uri)? {
        let settings = BatchSettings { chunk_lines: rows::CHUNK_LINES, ..settings.batch };
        return rows::decide(service, target, place, Lines::new(pieces, settings, false), &asked).await;
    }
    let lines = Lines::new(pieces, settings.batch, target.key.is_some());
    let answerer = Arc::new(Answerer { service, target, _place: place });
    let mut batch = Batch { answerer: answerer.clone(), path: parts.uri.path().to_owned(), lines, chunks: 0 };
    let first = batch.next().await?;
    let (begun, answering) = mpsc::channel(CHUNKS_AT_ONCE);
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
    tokio::spawn(batch.run(first, begun));
    tokio::spawn(answerer.send_in_order(answering, sender));
    let mut response = Response::new(Body::from_stream(Answers(receiver)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    Ok(response)
}

impl Batch {
    /// Begins to answer chunk after chunk until the body ends, something goes wrong, or nobody waits for answers.
    async fn run(mut self, first: Next, begun: mpsc::Sender<Answering>) {
        let mut next = Ok(first);
        loop {
            let is_last = next.as_ref().map_or(true, |(chunk, ..)| chunk.is_last);
            let answerer = self.answerer.clone();
            let answering = tokio::spawn(async move {
                let (chunk, repeat, key) = next?;
                answerer.answer(chunk, repeat, key).await
            });
            if begun.send(answering).await.is_err() || is_last {
                return;
            }
            next = self.next().await;
        }
    }

    /// The next chunk, with what its key meets.
    async fn next(&mut self) -> Result<Next, Problem> {
        let chunk = self.lines.chunk().await?;
        let Answerer { service, target, .. } = &*self.answerer;
        let key = repeats::named(&target.principal, &self.path, target.key.as_deref(), self.chunks);
        self.chunks = self.chunks.saturating_add(1);
        let fingerprint = if key.is_some() { chunk.fingerprint() } else { Vec::new() };
        let repeat = repeats::claim(&service.decisions, &target.principal, key, &fingerprint)?;
        Ok((chunk, repeat, key))
    }
}

impl Answerer {
    /// Sends the answers of chunks in the order of the body; the first problem is the last line.
    async fn send_in_order(self: Arc<Answerer>, mut answering: mpsc::Receiver<Answering>, sender: mpsc::Sender<Bytes>) {
        let mut bytes_sent = 0_u64;
        while let Some(answered) = answering.recv().await {
            let answered = answered.await.unwrap_or_else(|error| Err(Problem::internal(&error)));
            let failed = answered.is_err();
            let bytes = answered.unwrap_or_else(|problem| self.problem_line(problem, None));
            bytes_sent = bytes_sent.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if sender.send(bytes.into()).await.is_err() || failed {
                break;
            }
        }
        let Target { ruleset, decision, id, .. } = &self.target;
        tracing::info!(request_id = &*id.0, ruleset = &**ruleset, decision = &**decision, bytes_sent, "batch ended");
    }

    async fn answer(&self, chunk: Chunk, repeat: Repeat, key: Option<Key>) -> Result<Vec<u8>, Problem> {
        match repeat {
            Repeat::Again(stored) => Ok(stored.body.into_bytes()),
            Repeat::NoKey => Ok(self.decide(&chunk, key).await),
            Repeat::First(ticket) => {
                let answered = self.decide(&chunk, key).await;
                let keys = self.service.decisions.keys();
                let explain = chunk.lines.iter().filter_map(|(_, line)| self.read(line).ok()?.explain).max();
                let stored = StoredResponse {
                    tells_reserved: decisions::tells_reserved(&self.service, &self.target, explain),
                    request: ticket.request(),
                    at: keys.now(),
                    status: 200,
                    content_type: "application/x-ndjson".to_owned(),
                    language: None,
                    body: String::from_utf8_lossy(&answered).into_owned(),
                };
                repeats::keep(&self.service.decisions, ticket, &stored).await?;
                Ok(answered)
            }
        }
    }

    /// Decides the lines of a chunk; their traces are durable when this is done.
    async fn decide(&self, chunk: &Chunk, key: Option<Key>) -> Vec<u8> {
        let target = &self.target;
        let read: Vec<_> = chunk.lines.iter().map(|(_, line)| self.read(line)).collect();
        let questions: Vec<Question<'_>> = read
            .iter()
            .zip(&chunk.lines)
            .filter_map(|(read, (number, _))| read.as_ref().ok().map(|envelope| (envelope, *number)))
            .map(|(envelope, number)| Question {
                principal: &target.principal,
                ruleset: &target.ruleset,
                decision: &target.decision,
                dates: envelope.dates,
                version: envelope.version.as_deref(),
                input: envelope.input,
                explain: envelope.explain,
                request_id: &target.id.0,
                line: Some(number),
                idempotency_key: key.map(|key| key.digest()),
            })
            .collect();
        let mut decided = self.service.decisions.decide_all(&questions).await.into_iter();
        let mut out = Vec::new();
        for (read, (number, _)) in read.iter().zip(&chunk.lines) {
            let line = match read {
                Err(problem) => self.problem_line(problem.clone(), Some(*number)),
                Ok(_) => decided.next().map(|decided| self.line(decided, *number)).unwrap_or_default(),
            };
            out.extend_from_slice(&line);
        }
        out
    }

    fn read<'a>(&self, line: &'a Line) -> Result<envelope::Envelope<'a>, Problem> {
        match line {
            Line::Text(text) => envelope::read(text).and_then(|envelope| {
                envelope::may_be_told(&self.target.principal, envelope.explain)?;
                Ok(envelope)
            }),
            Line::TooLong => Err(too_long(self.service.settings.batch.line_bytes_max)),
        }
    }

    fn line(&self, decided: Result<crate::port::Answer, crate::port::Refusal>, number: u64) -> Vec<u8> {
        count(&self.service, &self.target, &decided);
        match decided {
            Err(refusal) => self.problem_line(refusal.into_problem("#/input"), Some(number)),
            Ok(answer) => {
                let mut line = line_document(&answer, self.target.language);
                line.push(b'\n');
                line
            }
        }
    }

    fn problem_line(&self, problem: Problem, number: Option<u64>) -> Vec<u8> {
        problem_line(&self.service, self.target.language, problem, number)
    }
}

/// A problem, counted, as a line of answers: that of a line by its number, or of the whole.
pub(super) fn problem_line(service: &Service, language: Language, problem: Problem, number: Option<u64>) -> Vec<u8> {
    service.metrics.error(&problem.kind);
    let problem = match number {
        Some(number) => problem.with("line", number),
        None => problem,
    };
    line_of(&json!({ "problem": problem.document(language) }))
}

/// A document as a line.
pub(super) fn line_of(document: &serde_json::Value) -> Vec<u8> {
    let mut line = document.to_string().into_bytes();
    line.push(b'\n');
    line
}

/// Answered chunks, as the body of the response.
pub(super) struct Answers(pub(super) mpsc::Receiver<Bytes>);

impl Stream for Answers {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(Ok))
    }
}

pub(super) fn too_long(limit: usize) -> Problem {
    let title = Message::new("Línea demasiado larga", "Line too long");
    let detail = Message::new(
        format!("la línea pasa del límite de {limit} bytes; no se decidió nada por ella"),
        format!("the line is over the limit of {limit} bytes; nothing was decided for it"),
    );
    Problem::new(axum::http::StatusCode::PAYLOAD_TOO_LARGE, "too-large", title, detail)
}
