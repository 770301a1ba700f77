//! Batches: lines are answered as they come, in order, and a key gives the same bytes again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests fail loudly"
)]

mod support;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use dictamen_decisions::http::{BatchSettings, HttpSettings};
use dictamen_decisions::{Catalogue, LoadLimits};
use support::{Answered, Bench};
use tower::ServiceExt;

const PATH: &str = "/v1/decisions/taller.descuento/rebaja:batch";

fn lines(range: std::ops::Range<u32>) -> String {
    range.map(|puntos| format!("{{\"input\":{{\"puntos\":{puntos}}},\"as_of\":\"2025-12-31\"}}\n")).collect()
}

fn bench(chunk_lines: usize) -> Bench {
    let catalogue = Catalogue::load(&[support::rulesets()], &LoadLimits::default());
    let batch = BatchSettings { chunk_lines, ..BatchSettings::default() };
    Bench::with(catalogue, HttpSettings { batch, ..HttpSettings::default() })
}

async fn send(bench: &Bench, key: Option<&str>, body: String) -> Answered {
    let mut headers = vec![("content-type", "application/x-ndjson")];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    bench.post(PATH, &headers, body).await
}

#[tokio::test]
async fn every_line_has_its_trace_in_order() {
    let bench = bench(16);
    let answered = send(&bench, None, lines(0..100)).await;
    let ids: Vec<String> = answered
        .text()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["trace_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 100);
    assert!(ids.chunks(16).all(|chunk| chunk.is_sorted()), "{ids:?}");
    assert_eq!(bench.store.traces().last().unwrap().seq, 100);
    let sums: Vec<u32> = ids.iter().map(|id| puntos(&bench, id)).collect();
    assert_eq!(sums, (0..100).collect::<Vec<u32>>(), "each line has the trace of its own facts");
    let payload = payload(&bench, &ids[41]);
    assert!(payload.contains("\"line\":42") && payload.contains("{\"puntos\":41}"), "{payload}");
}

fn payload(bench: &Bench, id: &str) -> String {
    match bench.store.traces().get(&id.parse().unwrap()).unwrap().unwrap().payload {
        dictamen_platform::store::Payload::Present(payload) => String::from_utf8(payload).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn puntos(bench: &Bench, id: &str) -> u32 {
    let trace: serde_json::Value = serde_json::from_str(&payload(bench, id)).unwrap();
    u32::try_from(trace["facts"]["puntos"].as_u64().unwrap()).unwrap()
}

#[tokio::test]
async fn a_batch_under_a_key_gives_the_same_bytes_and_no_new_traces() {
    let bench = bench(16);
    let first = send(&bench, Some("k"), lines(0..50)).await;
    let last = bench.store.traces().last();
    let again = send(&bench, Some("k"), lines(0..50)).await;
    assert_eq!(first.body, again.body);
    assert_eq!(first.text().lines().count(), 50);
    assert_eq!(bench.store.traces().last(), last);
}

#[tokio::test]
async fn another_batch_under_the_same_key_is_refused() {
    let bench = bench(16);
    send(&bench, Some("k"), lines(0..20)).await;
    assert_eq!(send(&bench, Some("k"), lines(1..21)).await.status.as_u16(), 422);
    let longer = send(&bench, Some("k"), lines(0..21)).await;
    let last = longer.text().lines().last().unwrap().to_owned();
    assert!(last.contains("idempotency-key-reused"), "{last}");
    let sixteen = send(&bench, Some("k"), lines(0..16)).await;
    assert_eq!(sixteen.status.as_u16(), 422, "a shorter batch is another batch");
}

#[tokio::test]
async fn lines_are_answered_before_the_body_ends() {
    let bench = bench(16);
    let body = support::pausing_body(&[&lines(0..1)]);
    let mut request = Request::post(PATH).header("content-type", "application/x-ndjson").body(body).unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 9))));
    let response = bench.front.clone().oneshot(request).await.unwrap();
    let mut body: Body = response.into_body();
    let frame =
        std::future::poll_fn(|context| axum::body::HttpBody::poll_frame(std::pin::Pin::new(&mut body), context)).await;
    let bytes = frame.unwrap().unwrap().into_data().unwrap();
    assert!(bytes.starts_with(b"{\"outcome\":5,"), "{bytes:?}");
}

#[tokio::test]
async fn an_empty_batch_has_no_answers() {
    let answered = send(&bench(16), None, "\n \n".to_owned()).await;
    assert_eq!((answered.status.as_u16(), answered.text()), (200, String::new()));
}
