//! Whether the service lives, whether it is ready, and what it counts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use dictamen_platform::Accepted;
use dictamen_syntax::{Diagnostic, Severity};
use dictamen_value::Language;
use serde_json::{Value, json};

use super::{Service, respond};
use crate::catalogue::Catalogue;

/// How many errors of rulesets are listed.
const ERRORS_MAX: usize = 50;

/// Answers as long as the process does.
pub(super) async fn live() -> Response {
    respond::json(&json!({ "status": "live" }))
}

/// Answers 200 while decisions are made and their traces written; lists rulesets with errors, which don't serve (and where the
/// service is strict, keep it from being ready).
pub(super) async fn ready(State(service): State<Arc<Service>>, Accepted(language): Accepted) -> Response {
    let catalogue = service.decisions.catalogue();
    let errors = catalogue.error_count();
    let writes = service.decisions.writes();
    let is_ready = writes && (errors == 0 || !service.settings.strict);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if is_ready { "ready" } else { "not-ready" };
    let shown = catalogue.diagnostics().iter().filter(|found| found.severity == Severity::Error).take(ERRORS_MAX);
    let shown: Vec<Value> = shown.map(|found| diagnostic(catalogue, found, language)).collect();
    let document =
        json!({ "status": word, "rulesets": catalogue.ids().count(), "errors_count": errors, "errors": shown });
    respond::in_language(language, respond::json_with(status, &document))
}

/// The metrics, in Prometheus' text format.
pub(super) async fn metrics(State(service): State<Arc<Service>>) -> Response {
    respond::body("text/plain; version=0.0.4; charset=utf-8", service.metrics.render())
}

fn diagnostic(catalogue: &Catalogue, found: &Diagnostic, language: Language) -> Value {
    json!({
        "code": found.code,
        "place": catalogue.place(found.span).map(|place| place.to_string()),
        "message": found.message.text(language),
        "help": found.help.as_ref().map(|help| help.text(language)),
    })
}
