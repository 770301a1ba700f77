//! Why a question got no outcome, and how that is told over HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use dictamen_core::{Explanation, FactError, Failure};
use dictamen_plan::Plan;
use dictamen_platform::store::{StoreError, TraceId};
use dictamen_platform::{FieldError, Problem};
use dictamen_value::Message;
use serde_json::json;

use crate::catalogue::{Ready, Unresolved};

/// Why there is no outcome.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// No version of the ruleset answers.
    Unresolved(Unresolved),
    /// The ruleset has no such decision.
    NoDecision(Message),
    /// The facts don't fit, each with its place.
    Facts(Vec<FactError>),
    /// The rules could not decide; a trace says so.
    Failed {
        /// Why.
        failure: Box<Failure>,
        /// Its trace.
        trace_id: TraceId,
        /// What failed to decide.
        ready: Arc<Ready>,
        /// How far it came, if that was asked for.
        explanation: Option<Box<Explanation>>,
    },
    /// The evaluation went past the server's deadline and was cancelled.
    OutOfTime {
        /// The deadline.
        limit: Duration,
    },
    /// As many evaluations as are allowed are running.
    Busy,
    /// The store failed.
    Store(StoreError),
    /// The clock gives no date.
    Clock(Message),
    /// Something of ours failed.
    Internal(String),
}

/// After how long a client should come back when all places are taken.
const RETRY_AFTER_S: u64 = 1;

impl Refusal {
    /// The problem document of this refusal. `input` is where the facts stand in the body, such as `#/input`.
    pub fn into_problem(self, input: &str) -> Problem {
        match self {
            Refusal::Unresolved(why) => unresolved(&why),
            Refusal::NoDecision(detail) => Problem::not_found(detail),
            Refusal::Facts(errors) => facts(&errors, input),
            Refusal::Failed { failure, trace_id, ready, .. } => failed(&failure, Some(trace_id), &ready),
            Refusal::OutOfTime { limit } => out_of_time(limit),
            Refusal::Busy => Problem::overloaded(RETRY_AFTER_S),
            Refusal::Store(error) => Problem::from(error),
            Refusal::Clock(message) => Problem::unavailable(message),
            Refusal::Internal(cause) => Problem::internal(&cause),
        }
    }

    /// Facts that do not fit, as whoever sent them may be told: of what is reserved only that something is wrong with it.
    pub(crate) fn facts(plan: &Plan, errors: Vec<FactError>, sees_reserved: bool) -> Refusal {
        if sees_reserved {
            return Refusal::Facts(errors);
        }
        let (about_reserved, mut told): (Vec<FactError>, Vec<FactError>) =
            errors.into_iter().partition(|error| is_about_reserved(plan, error));
        told.extend(about_reserved.first().map(|_| reserved_fact()));
        Refusal::Facts(told)
    }

    /// The trace that was left, if one was.
    pub fn trace_id(&self) -> Option<TraceId> {
        match self {
            Refusal::Failed { trace_id, .. } => Some(*trace_id),
            _ => None,
        }
    }

    /// What to tell the reader, in short.
    pub fn message(&self) -> Message {
        match self {
            Refusal::Facts(errors) => facts_detail(errors.len()),
            Refusal::Failed { failure, .. } => failure.message.clone(),
            other => other.clone().into_problem("#").detail,
        }
    }
}

fn is_about_reserved(plan: &Plan, error: &FactError) -> bool {
    let first = error.pointer.split('/').nth(1).unwrap_or_default();
    let mut reserved = plan.inputs.iter().filter(|input| input.about.reserved.is_some());
    let names_it = |text: &Message| dictamen_core::mentions_reserved(plan, text);
    reserved.any(|input| &*input.name == first) || names_it(&error.message) || error.expected.iter().any(names_it)
}

fn reserved_fact() -> FactError {
    FactError {
        pointer: String::new(),
        code: "hechos.reservado",
        message: Message::new("un dato reservado falta o no sirve", "a reserved fact is missing or wrong"),
        expected: None,
        received: None,
    }
}

impl From<Unresolved> for Refusal {
    fn from(why: Unresolved) -> Refusal {
        Refusal::Unresolved(why)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::Store(error)
    }
}

/// Errors of facts as errors of fields, below the place where the facts stand.
pub fn field_errors(errors: &[FactError], input: &str) -> Vec<FieldError> {
    let field = |error: &FactError| FieldError {
        pointer: format!("{input}{}", error.pointer),
        code: error.code.to_owned(),
        message: error.message.clone(),
        expected: error.expected.clone(),
        received: error.received.clone(),
    };
    errors.iter().map(field).collect()
}

fn facts(errors: &[FactError], input: &str) -> Problem {
    Problem::rejected(facts_detail(errors.len()), field_errors(errors, input))
}

fn facts_detail(count: usize) -> Message {
    match count {
        1 => Message::new("un dato de entrada no sirve; no se decidió nada", "one input is wrong; nothing was decided"),
        _ => Message::new(
            format!("{count} datos de entrada no sirven; no se decidió nada"),
            format!("{count} inputs are wrong; nothing was decided"),
        ),
    }
}

fn unresolved(why: &Unresolved) -> Problem {
    let detail = why.message();
    match why {
        Unresolved::NoRuleset { .. } | Unresolved::NoVersion { .. } => Problem::not_found(detail),
        Unresolved::NotInForce { .. } => {
            let title = Message::new("Ninguna versión vigente", "No version in force");
            Problem::new(StatusCode::NOT_FOUND, "no-version-in-force", title, detail)
        }
        Unresolved::Broken { .. } => Problem::unavailable(detail),
    }
}

/// The problem of a row that could not be decided and has no trace of its own.
pub(crate) fn failed_row(failure: &Failure, ready: &Ready) -> Problem {
    failed(failure, None, ready)
}

/// The rules could not decide: the request was understood and its facts are of the right form, so 422.
fn failed(failure: &Failure, trace_id: Option<TraceId>, ready: &Ready) -> Problem {
    let title = Message::new("No se pudo decidir", "No decision could be made");
    let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "decision-failed", title, failure.message.clone())
        .with("code", &*failure.code);
    if let Some(trace_id) = trace_id {
        problem = problem.with("trace_id", trace_id.to_string());
    }
    problem = problem.with("ruleset", json!({ "id": ready.id, "version": ready.version, "hash": ready.plan_digest }));
    if let Some(place) = &failure.place {
        problem = problem.with("place", &**place);
    }
    problem.with("path", json!(failure.path))
}

fn out_of_time(limit: Duration) -> Problem {
    let limit = limit.as_millis();
    let detail = Message::new(
        format!("la evaluación pasó del límite de {limit} ms y se canceló; no hay resultado ni traza"),
        format!("the evaluation went past the limit of {limit} ms and was cancelled; there is no outcome and no trace"),
    );
    let title = Message::new("Tiempo de evaluación agotado", "Evaluation timed out");
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "evaluation-timed-out", title, detail)
}
