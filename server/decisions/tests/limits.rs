//! Limits: of bodies, headers, lines, places and time; each is a problem that says the limit, and nothing is half done.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use std::time::Duration;

use dictamen_decisions::http::{BatchSettings, HttpSettings};
use dictamen_decisions::{Catalogue, LoadLimits, Settings};
use support::Bench;

const DECISION: &str = "/v1/decisions/taller.descuento/rebaja";
const PUNTOS: &str = r#"{"input":{"puntos":3},"as_of":"2025-12-31"}"#;

fn rulesets() -> Catalogue {
    Catalogue::load(&[support::rulesets()], &LoadLimits::default())
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let bench = Bench::new();
    let huge = format!(r#"{{"input":{{"puntos":3,"x":"{}"}}}}"#, "a".repeat(10 * 1024 * 1024));
    let length = huge.len().to_string();
    for headers in [vec![], vec![("content-length", length.as_str())]] {
        let answered = bench.post(DECISION, &headers, huge.clone()).await;
        assert_eq!(answered.status.as_u16(), 413);
        assert_eq!(answered.headers["content-type"], "application/problem+json");
        assert!(answered.text().contains("1048576"), "{}", answered.text());
    }
    assert!(bench.store.traces().last().is_none());
}

#[tokio::test]
async fn headers_that_are_too_long_are_refused() {
    let bench = Bench::new();
    let long = "x".repeat(40_000);
    let answered = bench.post(DECISION, &[("x-long", &long)], PUNTOS).await;
    assert_eq!((answered.status.as_u16(), &answered.json()["type"]), (431, &"/problems/headers-too-large".into()));
}

#[tokio::test]
async fn more_requests_than_places_are_told_to_come_back() {
    let bench = Bench::with(rulesets(), HttpSettings { requests_max: 0, ..HttpSettings::default() });
    let answered = bench.post(DECISION, &[], PUNTOS).await;
    assert_eq!((answered.status.as_u16(), answered.headers["retry-after"].to_str().unwrap()), (503, "1"));
    assert_eq!(bench.get("/health/live").await.status.as_u16(), 200, "health needs no place");
}

#[tokio::test]
async fn a_body_that_pauses_for_too_long_is_given_up() {
    let bench =
        Bench::with(rulesets(), HttpSettings { body_idle: Duration::from_millis(30), ..HttpSettings::default() });
    let answered = bench.post(DECISION, &[], support::pausing_body(&["{\"input\":"])).await;
    assert_eq!((answered.status.as_u16(), &answered.json()["type"]), (408, &"/problems/timed-out".into()));
}

#[tokio::test]
async fn an_evaluation_past_its_deadline_leaves_no_outcome_and_no_trace() {
    let slow = "reglas lenta\n\ndecision larga : numero =\n  sum(for a in 1..3000, b in 1..3000 return a * b)\n";
    let settings = Settings { evaluation_time: Duration::ZERO, ..Settings::default() };
    let catalogue = Catalogue::from_texts(&[("lenta.regla", slow)]);
    assert_eq!(catalogue.error_count(), 0, "{:?}", catalogue.diagnostics());
    let bench = Bench::within(catalogue, HttpSettings::default(), settings);
    let answered = bench.post("/v1/decisions/lenta/larga", &[], r#"{"input":{}}"#).await;
    assert_eq!((answered.status.as_u16(), &answered.json()["type"]), (504, &"/problems/evaluation-timed-out".into()));
    assert!(bench.store.traces().last().is_none());
}

#[tokio::test]
async fn an_evaluation_past_its_limits_fails_with_a_trace_that_replays() {
    let slow = "reglas lenta\n\ndecision larga : numero =\n  sum(for a in 1..100 return a)\n";
    let limits = dictamen_core::Limits { steps_max: 50, ..dictamen_core::Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let bench = Bench::within(Catalogue::from_texts(&[("lenta.regla", slow)]), HttpSettings::default(), settings);
    let answered = bench.post("/v1/decisions/lenta/larga", &[], r#"{"input":{}}"#).await;
    assert_eq!((answered.status.as_u16(), &answered.json()["code"]), (422, &"limite.pasos".into()));
    let replay = format!("/v1/traces/{}/replay", answered.json()["trace_id"].as_str().unwrap());
    assert_eq!(bench.post(&replay, &[], "").await.json()["same"], true);
}

#[tokio::test]
async fn lines_and_batches_have_limits() {
    let batch = BatchSettings { line_bytes_max: 100, lines_max: 3, bytes_max: 400, ..BatchSettings::default() };
    let bench = Bench::with(rulesets(), HttpSettings { batch, ..HttpSettings::default() });
    let path = format!("{DECISION}:batch");
    let long = format!("{PUNTOS}{}", " ".repeat(100));
    for (body, expected) in [
        (format!("{long}\n{PUNTOS}\n"), "413 ok"),
        (format!("{PUNTOS}\n").repeat(4), "ok ok ok 413"),
        (format!("{PUNTOS}\n{}", " ".repeat(400)), "(413)"),
    ] {
        let answered = bench.post(&path, &[("content-type", "application/x-ndjson")], body.clone()).await;
        let told = match answered.status.as_u16() {
            200 => answered.text().lines().map(kind).collect::<Vec<_>>().join(" "),
            status => format!("({status})"),
        };
        assert_eq!(told, expected, "{body}");
    }
}

fn kind(line: &str) -> String {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    line.get("problem").map_or("ok".to_owned(), |problem| problem["status"].to_string())
}
