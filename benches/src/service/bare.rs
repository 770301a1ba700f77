//! The bare handler: axum and serde, the graph by hand, and the members that our answers have.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::serve::ListenerExt;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::requests;
use crate::graph::hand::{Facts, Outcome, by_floats};
use crate::graph::spelling::RULESET;

/// A name of a trace, as long as ours are.
pub(super) const TRACE_ID: &str = "9f3c01ab-000000000017";

#[derive(Deserialize)]
struct Request {
    input: Facts<f64>,
}

#[derive(Serialize)]
struct Answer {
    outcome: Outcome,
    trace_id: String,
    ruleset: Ruleset,
}

#[derive(Serialize)]
struct Ruleset {
    id: &'static str,
    version: &'static str,
    hash: &'static str,
}

/// How the bare handler reads and writes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Json {
    /// By axum's extractor, as most do; it keeps track of the path to each field for its errors.
    Extracted,
    /// By serde alone, over the bytes of the body.
    Bytes,
}

/// Answers for as long as the process lives.
pub(super) async fn answer(listener: TcpListener, json: Json) {
    let decide = match json {
        Json::Extracted => post(decide),
        Json::Bytes => post(decide_bytes),
    };
    let router = Router::new().route(&requests::path(), decide);
    let listener = listener.tap_io(|connection| connection.set_nodelay(true).expect("small packets go at once"));
    axum::serve(listener, router).await.expect("the bare handler answers");
}

async fn decide(axum::Json(request): axum::Json<Request>) -> axum::Json<Answer> {
    axum::Json(answer_to(&request))
}

async fn decide_bytes(body: Bytes) -> impl IntoResponse {
    let request: Request = serde_json::from_slice(&body).expect("facts");
    let body = serde_json::to_vec(&answer_to(&request)).expect("memory takes what is written");
    ([(CONTENT_TYPE, "application/json")], body)
}

fn answer_to(Request { input }: &Request) -> Answer {
    static ASKED: AtomicU64 = AtomicU64::new(1);
    let number = ASKED.fetch_add(1, Ordering::Relaxed);
    let ruleset =
        Ruleset { id: RULESET, version: "1", hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" };
    Answer { outcome: by_floats(input), trace_id: format!("9f3c01ab-{number:012}"), ruleset }
}
