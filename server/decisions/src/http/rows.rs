//! `…:batch?trace=batch`: a row of facts in, a line of JSON out, and at the end one trace of all of them.
//!
//! The last line, `{"batch": …}`, names the trace: without it nothing was decided, whatever came before.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use dictamen_platform::Problem;
use dictamen_value::Message;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::batch::Answers;
use super::decisions::Target;
use super::layers::Place;
use super::lines::{Chunk, Line, Lines};
use super::{Service, batch};
use crate::batches::{Hash, Tree};
use crate::port::{AskedDates, ManyRows, RowResult, RowsQuestion, failed_row, read_as_of, read_known_at};
use crate::trace::RowCounts;

/// How many lines are decided at once, on one thread.
pub(super) const CHUNK_LINES: usize = 4_096;

/// How many chunks are decided at once.
const CHUNKS_AT_ONCE: usize = 4;

/// How many answered chunks wait for a client that reads slowly before reading stops.
const CHUNKS_WAITING_MAX: usize = 16;

/// What the address of such a batch says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Asked {
    dates: AskedDates,
    version: Option<String>,
}

/// What came of some rows.
struct Part {
    lines: Vec<u8>,
    leaves: Vec<Hash>,
    counts: RowCounts,
    /// Whether nothing comes after them.
    is_last: bool,
}

/// A part that is being decided.
type Deciding = JoinHandle<Result<Part, Problem>>;

/// Whether one trace is wanted for all rows, and what is said of them; none where each line leaves its own.
pub(super) fn asked(uri: &Uri) -> Result<Option<Asked>, Problem> {
    let Ok(Query(given)) = Query::<HashMap<String, String>>::try_from_uri(uri) else { return Err(unreadable()) };
    match given.get("trace").map(String::as_str) {
        None | Some("line") => Ok(None),
        Some("batch") => read(&given).map(Some),
        Some(other) => Err(Problem::malformed(Message::new(
            format!("«trace» es line (una traza por línea) o batch (una por todas), y llegó «{other}»"),
            format!("“trace” is line (a trace for each line) or batch (one for all), and “{other}” came"),
        ))),
    }
}

/// Answers the rows of a body.
pub(super) async fn decide(
    service: Arc<Service>,
    target: Target,
    place: Place,
    lines: Lines,
    asked: &Asked,
) -> Result<Response, Problem> {
    if target.key.is_some() {
        return Err(no_key());
    }
    let question = RowsQuestion {
        principal: &target.principal,
        ruleset: &target.ruleset,
        decision: &target.decision,
        dates: asked.dates,
        version: asked.version.as_deref(),
        request_id: &target.id.0,
    };
    let rows = service.decisions.begin_rows(&question).map_err(|refusal| refusal.into_problem("#"))?;
    let answerer = Arc::new(Answerer { service, target, rows, _place: place });
    let (begun, deciding) = mpsc::channel(CHUNKS_AT_ONCE);
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
    tokio::spawn(answerer.clone().read(lines, begun));
    tokio::spawn(answerer.send_in_order(deciding, sender));
    let mut response = Response::new(Body::from_stream(Answers(receiver)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    Ok(response)
}

/// Decides the rows of a body.
struct Answerer {
    service: Arc<Service>,
    target: Target,
    rows: ManyRows,
    _place: Place,
}

impl Answerer {
    /// Begins to decide chunk after chunk until the body ends, something goes wrong, or nobody waits for answers.
    async fn read(self: Arc<Answerer>, mut lines: Lines, begun: mpsc::Sender<Deciding>) {
        loop {
            let chunk = lines.chunk().await;
            let is_last = chunk.as_ref().map_or(true, |chunk| chunk.is_last);
            let answerer = self.clone();
            let deciding = tokio::task::spawn_blocking(move || answerer.decide(&chunk?));
            if begun.send(deciding).await.is_err() || is_last {
                return;
            }
        }
    }

    /// Sends the answers of chunks in the order of the body, then the line that names the trace. What goes wrong is the last line.
    async fn send_in_order(self: Arc<Answerer>, mut deciding: mpsc::Receiver<Deciding>, sender: mpsc::Sender<Bytes>) {
        let (mut tree, mut counts, mut is_whole) = (Tree::default(), RowCounts::default(), false);
        while !is_whole {
            // Without its last part a batch has come to nothing, whatever ended it.
            let Some(part) = deciding.recv().await else { return };
            let part = part.await.unwrap_or_else(|error| Err(Problem::internal(&error)));
            let (lines, failed) = match part {
                Ok(part) => {
                    part.leaves.into_iter().for_each(|leaf| tree.push(leaf));
                    counts.add(part.counts);
                    is_whole = part.is_last;
                    (part.lines, false)
                }
                Err(problem) => (self.problem_line(problem, None), true),
            };
            if sender.send(lines.into()).await.is_err() || failed {
                return;
            }
        }
        let last = self.end(tree, counts).await;
        // Whoever no longer waits can ask the log.
        let _ = sender.send(last.into()).await;
    }

    async fn end(&self, tree: Tree, counts: RowCounts) -> Vec<u8> {
        let Answerer { service, target, rows, .. } = self;
        let ended = match service.decisions.end_rows(rows, counts, tree).await {
            Ok(ended) => ended,
            Err(refusal) => return self.problem_line(refusal.into_problem("#"), None),
        };
        let (trace_id, root) = ended;
        let Target { ruleset, decision, id, .. } = target;
        tracing::info!(request_id = &*id.0, %trace_id, ruleset = &**ruleset, decision = &**decision, "batch ended");
        let ready = rows.ready();
        let ruleset = json!({ "id": ready.id, "version": ready.version, "hash": ready.plan_digest });
        let RowCounts { decided, failed, refused } = counts;
        let batch = json!({
            "trace_id": trace_id, "rows": counts.all(), "decided": decided, "failed": failed, "refused": refused, "root": root, "ruleset": ruleset
        });
        batch::line_of(&json!({ "batch": batch }))
    }

    fn decide(&self, chunk: &Chunk) -> Result<Part, Problem> {
        let mut texts = Vec::with_capacity(chunk.lines.len());
        for (number, line) in &chunk.lines {
            match line {
                Line::Text(text) => texts.push((*number, text.as_slice())),
                // What was in it is gone, so that nobody could decide it again.
                Line::TooLong => {
                    let limit = self.service.settings.batch.line_bytes_max;
                    return Err(batch::too_long(limit).with("line", *number));
                }
            }
        }
        let mut out = Vec::new();
        let (leaves, counts) = self.rows.decide(&texts, |number, result| self.write(number, result, &mut out));
        Ok(Part { lines: out, leaves, counts, is_last: chunk.is_last })
    }

    fn write(&self, number: u64, result: RowResult<'_>, out: &mut Vec<u8>) {
        let problem = match result {
            RowResult::Outcome(outcome) => {
                self.count("ok");
                out.extend_from_slice(br#"{"outcome":"#);
                out.extend_from_slice(outcome);
                out.extend_from_slice(b"}\n");
                return;
            }
            RowResult::Failed(failure) => {
                self.count("error");
                failed_row(&failure, self.rows.ready())
            }
            RowResult::Refused(refusal) => {
                self.count("rejected");
                refusal.into_problem("#")
            }
        };
        out.extend_from_slice(&self.problem_line(problem, Some(number)));
    }

    fn count(&self, result: &'static str) {
        let Target { ruleset, decision, .. } = &self.target;
        self.service.metrics.decision(ruleset, self.rows.ready().label(decision), result);
    }

    fn problem_line(&self, problem: Problem, number: Option<u64>) -> Vec<u8> {
        batch::problem_line(&self.service, self.target.language, problem, number)
    }
}

fn read(given: &HashMap<String, String>) -> Result<Asked, Problem> {
    let known = ["trace", "as_of", "known_at", "version"];
    if let Some(unknown) = given.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Problem::malformed(Message::new(
            format!("no hay un parámetro «{unknown}»; hay trace, as_of, known_at y version"),
            format!("there is no parameter “{unknown}”; there are trace, as_of, known_at and version"),
        )));
    }
    let wrong = |name: &str, message: Message| {
        Problem::malformed(Message::new(format!("{name}: {}", message.es), format!("{name}: {}", message.en)))
    };
    let as_of = given.get("as_of").map(|text| read_as_of(text)).transpose();
    let known_at = given.get("known_at").map(|text| read_known_at(text)).transpose();
    let dates = AskedDates {
        as_of: as_of.map_err(|message| wrong("as_of", message))?,
        known_at: known_at.map_err(|message| wrong("known_at", message))?,
    };
    Ok(Asked { dates, version: given.get("version").cloned() })
}

fn unreadable() -> Problem {
    Problem::malformed(Message::new(
        "los parámetros de la dirección no se pueden leer",
        "the address' parameters can't be read",
    ))
}

fn no_key() -> Problem {
    Problem::malformed(Message::new(
        "una clave de idempotencia no sirve con trace=batch: el lote entero deja una traza, o ninguna; repítalo sin clave",
        "an idempotency key is of no use with trace=batch: the whole batch leaves one trace, or none; repeat it without a key",
    ))
}
